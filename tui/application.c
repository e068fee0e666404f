/* application.c: paint, wait for a key, do what it says. */
#include "lab/language.h"
#include "tui/internal.h"

#include <errno.h>
#include <ncurses.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { ESCAPE = 27, BACKSPACE = 8, DELETE = 127 };

/* In the order of their commands. */
static const struct tui_screen *const screens[] = {
    &tui_machine_screen,   &tui_timeline_screen,    &tui_map_screen,        &tui_side_screen,
    &tui_dashboard_screen, &tui_translation_screen, &tui_classifier_screen, &tui_lesson_screen};

void tui_say(struct tui *tui, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(tui->message, sizeof tui->message, _(format), arguments);
    va_end(arguments);
}

void tui_say_diagnostics(struct tui *tui, const struct isa_diagnostics *diagnostics)
{
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    if (stream == NULL)
        abort();
    isa_diagnostics_print(diagnostics, stream);
    fclose(stream);
    tui_say(tui, "%.*s", (int)strcspn(text, "\n"), length > 0 ? text : "It cannot be done.");
    free(text);
}

/* ---- The last line ----------------------------------------------------------------------------------------------- */

static const struct tui_command_entry *entry_of(enum tui_command command, enum tui_place place)
{
    unsigned count;
    const struct tui_command_entry *table = tui_command_table(&count);
    for (unsigned i = 0; i < count; i++)
        if (table[i].command == command && (table[i].places & (unsigned)place) != 0)
            return &table[i];
    return NULL;
}

/* As many of the screen's commands as there is room for; help and leaving always. */
static void put_key_bar(struct tui *tui, struct tui_text *text)
{
    const enum tui_command *shown = tui->screen->keys;
    const char *help = _("help"), *quit = _("quit");
    int last = (int)(lab_lesson_width(help, strlen(help)) + lab_lesson_width(quit, strlen(quit))) + 8;
    int column = 0, end = tui_columns() - last; /* for the two last */
    tui->bar_count = 0;
    for (unsigned i = 0; tui->bar_count < TUI_MOST_BAR; i++) {
        bool is_last = shown[i] == TUI_NOTHING;
        const struct tui_command_entry *entry = entry_of(is_last ? TUI_HELP : shown[i], tui->screen->place);
        char key[16];
        tui_print_key(entry->keys[0], key, sizeof key);
        int width = (int)(strlen(key) + lab_lesson_width(_(entry->name), strlen(_(entry->name)))) + 1;
        if (!is_last && column + width > end)
            continue;
        tui->bar[tui->bar_count].from = column;
        tui->bar[tui->bar_count].to = column + width;
        tui->bar[tui->bar_count++].command = entry->command;
        tui_put(text, TUI_KEY, "%s", key);
        tui_put(text, TUI_DIM, " %s  ", _(entry->name));
        column += width + 2;
        if (is_last)
            break;
    }
    tui->bar[tui->bar_count].from = column;
    tui->bar[tui->bar_count].to = column + 6;
    tui->bar[tui->bar_count++].command = TUI_QUIT;
    tui_put(text, TUI_KEY, "q");
    tui_put(text, TUI_DIM, " %s", quit);
}

void tui_show_all(struct tui *tui, const char *bottom)
{
    struct tui_text text;
    int last = tui_lines() - 1;
    if (tui_columns() < TUI_LEAST_COLUMNS || tui_lines() < TUI_LEAST_LINES) {
        erase();
        mvprintw(0, 0, "%dx%d is too small: please make it %dx%d.", tui_columns(), tui_lines(), TUI_LEAST_COLUMNS,
                 TUI_LEAST_LINES);
        tui_refresh(0, 0);
        return;
    }
    tui->screen->paint(tui, tui->state);
    tui_text_open(&text);
    tui->bar_count = 0;
    if (bottom != NULL)
        tui_put(&text, TUI_STRONG, "%s", bottom);
    else if (tui->message[0] != '\0')
        tui_put(&text, TUI_STRONG, "%s", tui->message);
    else
        put_key_bar(tui, &text);
    tui_draw(tui->terminal, last, 0, 1, tui_columns(), &text);
    tui_text_free(&text);
    int column = bottom != NULL ? (int)lab_lesson_width(bottom, strlen(bottom)) : tui->cursor_column;
    tui_refresh(bottom != NULL ? last : tui->cursor_line, column < tui_columns() ? column : tui_columns() - 1);
}

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

/* Behind the last of the given keys the screen is left. */
int tui_next_key(struct tui *tui, int milliseconds)
{
    tui->asked++;
    if (tui->keys == NULL)
        return tui_read_key(milliseconds);
    if (*tui->keys == '\0') {
        tui->is_over = true;
        return ERR;
    }
    return (unsigned char)*tui->keys++;
}

/* A character is several bytes, where it is no ASCII; the last one goes away whole. */
static size_t without_last(char *text, size_t length)
{
    while (length > 0 && ((unsigned char)text[--length] & 0xc0) == 0x80)
        continue;
    text[length] = '\0';
    return length;
}

bool tui_ask(struct tui *tui, const char *question, char *answer, size_t size)
{
    enum { MOST_BYTE = 255 /* other keys are above */ };
    size_t length = 0;
    char line[512];
    bool is_strange = false; /* the last key meant nothing */
    answer[0] = '\0';
    while (!tui->is_over) {
        snprintf(line, sizeof line, "%s %s", is_strange ? _("Type a text, then Enter; Esc leaves:") : _(question), answer);
        tui_show_all(tui, line);
        int key = tui_next_key(tui, -1);
        is_strange = false;
        if (key == '\r' || key == '\n' || key == KEY_ENTER)
            return length > 0;
        if (key == ESCAPE || tui_was_interrupted())
            return false;
        if (key == KEY_BACKSPACE || key == BACKSPACE || key == DELETE) {
            length = without_last(answer, length);
        } else if (key >= ' ' && key <= MOST_BYTE && length + 1 < size) {
            answer[length++] = (char)key;
            answer[length] = '\0';
        } else {
            is_strange = key != KEY_RESIZE && key != KEY_MOUSE && key != ERR;
        }
    }
    return false;
}

/* ---- Keys that change nothing ------------------------------------------------------------------------------------ */

/* What stands above the last line, and where the cursor is, as one number. */
static uint64_t picture(const struct tui *tui)
{
    const uint64_t prime = 1099511628211; /* of the FNV-1a hash */
    uint64_t sum = (uint64_t)tui->cursor_line << 16 ^ (uint64_t)tui->cursor_column;
    for (int line = 0; line + 1 < tui_lines(); line++)
        for (int column = 0; column < tui_columns(); column++) {
            cchar_t cell;
            if (mvin_wch(line, column, &cell) == OK)
                sum = (sum ^ (uint64_t)cell.chars[0] ^ (uint64_t)cell.attr << 32) * prime;
        }
    move(tui->cursor_line, tui->cursor_column); /* where it was */
    return sum;
}

/* Commands that speak for themselves, or whose answer may well be the same again. */
static bool may_look_the_same(enum tui_command command)
{
    static const enum tui_command those[] = {TUI_HELP, TUI_QUIT, TUI_EXPORT, TUI_SUSPEND, TUI_REDRAW, TUI_MOUSE, TUI_CHECK, TUI_GO_ON,
                                             TUI_ANSWER, TUI_RETURN};
    for (unsigned i = 0; i < sizeof those / sizeof those[0]; i++)
        if (those[i] == command)
            return true;
    return false;
}

/* ---- The loop ---------------------------------------------------------------------------------------------------- */

static void ask_and_export(struct tui *tui)
{
    char path[200];
    if (!tui_ask(tui, "Write this screen to (.txt or .html):", path, sizeof path))
        return;
    tui_show_all(tui, NULL);
    if (tui_export(path))
        tui_say(tui, "Written to %s.", path);
    else
        tui_say(tui, "%s cannot be written: %s", path, strerror(errno));
}

void tui_go_to_screen(struct tui *tui, const struct tui_screen *screen)
{
    void *state = screen->state(tui);
    if (state == NULL)
        return;
    tui->screen = screen;
    tui->state = state;
}

static void obey(struct tui *tui, enum tui_command command, const char *key)
{
    switch (command) {
    case TUI_HELP: tui_show_help(tui); break;
    case TUI_QUIT: tui->is_over = true; break;
    case TUI_EXPORT: ask_and_export(tui); break;
    case TUI_SUSPEND: tui_suspend(); break;
    case TUI_SHOW_MACHINE: case TUI_SHOW_TIMELINE: case TUI_SHOW_MAP: case TUI_SHOW_SIDE: case TUI_SHOW_DASHBOARD:
    case TUI_SHOW_TRANSLATION: case TUI_SHOW_CLASSIFIER: case TUI_SHOW_LESSON:
        tui_go_to_screen(tui, screens[command - TUI_SHOW_MACHINE]);
        break;
    case TUI_REDRAW: clearok(stdscr, TRUE); break;
    default:
        if (command == TUI_NOTHING || !tui->screen->command(tui, tui->state, command))
            tui_say(tui, "%s does nothing here; ? lists the keys.", key);
    }
}

/* The wheel moves the cursor; a click is for the key bar or for the screen. */
static void obey_mouse(struct tui *tui)
{
    enum { LINES_A_NOTCH = 3 };
    int line, column, wheel;
    if (!tui_mouse(&line, &column, &wheel))
        return;
    for (int i = 0; wheel != 0 && i < LINES_A_NOTCH; i++)
        tui->screen->command(tui, tui->state, wheel < 0 ? TUI_UP : TUI_DOWN);
    if (wheel != 0)
        return;
    if (line < tui_lines() - 1 && tui->screen->click != NULL)
        tui->screen->click(tui, tui->state, line, column);
    for (unsigned i = 0; line == tui_lines() - 1 && i < tui->bar_count; i++)
        if (column >= tui->bar[i].from && column < tui->bar[i].to)
            obey(tui, tui->bar[i].command, "This");
}

/* Returns whether something must look different now, or the key has changed nothing. */
static bool obey_key(struct tui *tui, int key)
{
    char name[16];
    enum tui_command command = tui_command_of_key(key, tui->screen->place);
    tui->message[0] = '\0';
    tui->key = key;
    tui_print_key(key, name, sizeof name);
    if (command == TUI_MOUSE) {
        obey_mouse(tui);
        return false;
    }
    unsigned asked = tui->asked;
    obey(tui, command, name);
    return !may_look_the_same(command) && tui->message[0] == '\0' && tui->asked == asked;
}

static void say_unchanged(struct tui *tui)
{
    char name[16];
    tui_print_key(tui->key, name, sizeof name);
    tui_say(tui, "%s changes nothing here; ? lists the keys.", name);
    tui_show_all(tui, NULL);
}

static bool is_busy(const struct tui *tui) { return tui->screen->is_busy != NULL && tui->screen->is_busy(tui->state); }

int tui_run_screen(struct tui *tui)
{
    bool must_change = false;
    uint64_t before = 0;
    while (!tui->is_over) {
        int pace = tui->screen->pace(tui->state);
        tui_show_all(tui, NULL);
        if (must_change && picture(tui) == before)
            say_unchanged(tui);
        must_change = false;
        if (tui->keys != NULL && is_busy(tui)) {
            tui_pause(pace);
            tui->screen->tick(tui, tui->state);
            continue;
        }
        if (tui->keys != NULL && *tui->keys == '\0' && pace < 0)
            break;
        int key = tui_next_key(tui, pace);
        if (key != ERR) {
            before = picture(tui);
            must_change = obey_key(tui, key);
        } else if (tui_was_interrupted()) {
            tui_say(tui, "Nothing runs. q leaves.");
        } else if (pace >= 0) {
            tui->screen->tick(tui, tui->state);
        }
    }
    if (tui->options->export == NULL || tui_export(tui->options->export))
        return 0;
    int error = errno;
    tui_terminal_close(tui->terminal);
    tui->terminal = NULL;
    fprintf(stderr, "pg74: %s cannot be written: %s\n", tui->options->export, strerror(error));
    return ISA_EXIT_NO_INPUT;
}

bool tui_add_machine(struct tui *tui, struct tui_machine *machine)
{
    if (tui->machine_count == TUI_MOST_MACHINES) {
        tui_say(tui, "There are %d machines already; d on the dashboard closes one.", TUI_MOST_MACHINES);
        tui_machine_free(machine);
        return false;
    }
    tui->machines[tui->machine_count++] = machine;
    tui->changes++;
    return true;
}

static void open_all(struct tui *tui)
{
    tui->side = tui_side_new();
    tui->dashboard = tui_dashboard_new();
    for (unsigned i = 0; i < tui->options->machine_count; i++)
        tui_add_machine(tui, tui_machine_new(&tui->options->machines[i]));
    if (tui->options->lesson != NULL) {
        tui->lesson = tui_lesson_new(tui, tui->options->lesson);
        tui_go_to_screen(tui, &tui_lesson_screen);
        if (tui->options->is_list_first)
            tui_lesson_screen.command(tui, tui->lesson, TUI_LESSONS);
        return;
    }
    tui_go_to_screen(tui, tui->machine_count == 0  ? &tui_classifier_screen
                          : tui->machine_count > 1 ? &tui_side_screen
                                                   : &tui_machine_screen);
}

static void close_all(struct tui *tui)
{
    tui_side_free(tui->side); /* which has to do with the machines */
    tui_classifier_free(tui->classifier);
    while (tui->machine_count > 0)
        tui_close_machine(tui, tui->machine_count - 1);
    tui_dashboard_free(tui->dashboard);
    tui_lesson_free(tui->lesson); /* whose machines these were */
}

int tui_show(const struct tui_options *options)
{
    struct tui tui = {.options = options, .keys = options->keys};
    int code = ISA_EXIT_USAGE;
    tui.terminal = tui_terminal_open(options);
    if (tui.terminal != NULL) {
        open_all(&tui);
        code = tui_run_screen(&tui);
    }
    tui_terminal_close(tui.terminal);
    close_all(&tui);
    return code;
}
