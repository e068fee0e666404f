/* application.c: paint, wait for a key, do what it says. */
#include "tui/internal.h"

#include <errno.h>
#include <ncurses.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { ESCAPE = 27, BACKSPACE = 8, DELETE = 127 };

static const struct tui_screen *const screens[] = {&tui_machine_screen, &tui_timeline_screen, &tui_map_screen};

void tui_say(struct tui *tui, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(tui->message, sizeof tui->message, format, arguments);
    va_end(arguments);
}

/* ---- The last line ----------------------------------------------------------------------------------------------- */

static void put_key_bar(struct tui_text *text)
{
    static const enum tui_command shown[] = {TUI_STEP, TUI_STEP_BACK, TUI_STEP_OVER, TUI_STEP_OUT, TUI_RUN, TUI_RUN_BACK,
                                             TUI_BREAKPOINT, TUI_STOP_AT_TRAPS, TUI_HELP, TUI_QUIT};
    unsigned count;
    const struct tui_command_entry *table = tui_command_table(&count);
    for (unsigned i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        for (unsigned k = 0; k < count; k++) {
            char key[16];
            if (table[k].command != shown[i])
                continue;
            tui_print_key(table[k].keys[0], key, sizeof key);
            tui_put(text, TUI_KEY, "%s", key);
            tui_put(text, TUI_DIM, " %s  ", table[k].name);
        }
    }
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
    if (bottom != NULL)
        tui_put(&text, TUI_STRONG, "%s", bottom);
    else if (tui->message[0] != '\0')
        tui_put(&text, TUI_STRONG, "%s", tui->message);
    else
        put_key_bar(&text);
    tui_draw(tui->terminal, last, 0, 1, tui_columns(), &text);
    tui_text_free(&text);
    int column = bottom != NULL ? (int)strlen(bottom) : tui->cursor_column;
    tui_refresh(bottom != NULL ? last : tui->cursor_line, column < tui_columns() ? column : tui_columns() - 1);
}

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

/* From the terminal, or the next of those that were given; 'q' behind the last of these. */
static int next_key(struct tui *tui, int milliseconds)
{
    if (tui->keys == NULL)
        return tui_read_key(milliseconds);
    if (*tui->keys == '\0') {
        tui->is_over = true;
        return ERR;
    }
    return (unsigned char)*tui->keys++;
}

bool tui_ask(struct tui *tui, const char *question, char *answer, size_t size)
{
    size_t length = 0;
    char line[512];
    answer[0] = '\0';
    while (!tui->is_over) {
        snprintf(line, sizeof line, "%s %s", question, answer);
        tui_show_all(tui, line);
        int key = next_key(tui, -1);
        if (key == '\r' || key == '\n' || key == KEY_ENTER)
            return length > 0;
        if (key == ESCAPE || tui_was_interrupted())
            return false;
        if ((key == KEY_BACKSPACE || key == BACKSPACE || key == DELETE) && length > 0)
            answer[--length] = '\0';
        else if (key >= ' ' && key < DELETE && length + 1 < size) {
            answer[length++] = (char)key;
            answer[length] = '\0';
        }
    }
    return false;
}

/* ---- Help -------------------------------------------------------------------------------------------------------- */

static void put_help(struct tui *tui, struct tui_text *text)
{
    unsigned count;
    const struct tui_command_entry *table = tui_command_table(&count);
    tui_put(text, TUI_STRONG, "%s\n\n", tui->screen->what);
    for (unsigned i = 0; i < count; i++) {
        char keys[48] = "", key[16];
        for (unsigned k = 0; k < 4 && table[i].keys[k] != 0; k++) {
            tui_print_key(table[i].keys[k], key, sizeof key);
            if (key[0] == '\0')
                continue;
            size_t used = strlen(keys);
            snprintf(keys + used, sizeof keys - used, "%s%s", used ? ", " : "", key);
        }
        tui_put(text, TUI_KEY, "%-16s", keys);
        tui_put(text, TUI_PLAIN, " %s\n", table[i].help);
    }
}

/* The part of a text that begins so many lines down. */
static struct tui_text below(const struct tui_text *text, int lines)
{
    const char *bytes = text->bytes;
    while (lines-- > 0 && strchr(bytes, '\n') != NULL)
        bytes = strchr(bytes, '\n') + 1;
    return (struct tui_text){.bytes = (char *)(uintptr_t)bytes, .length = text->length - (size_t)(bytes - text->bytes)};
}

static int count_lines(const struct tui_text *text)
{
    int lines = 0;
    for (size_t i = 0; i < text->length; i++)
        lines += text->bytes[i] == '\n';
    return lines;
}

/* In the place of the screen, to be scrolled where it does not fit. */
static void show_help(struct tui *tui)
{
    struct tui_text text;
    int first = 0, key;
    tui_text_open(&text);
    put_help(tui, &text);
    do {
        int lines = tui_lines() - 1, most = count_lines(&text) - lines;
        struct tui_text shown = below(&text, first), bottom;
        tui_draw(tui->terminal, 0, 0, lines, tui_columns(), &shown);
        tui_text_open(&bottom);
        tui_put(&bottom, TUI_STRONG, most > 0 ? "Up and Down show the rest, any other key goes back." : "Any key goes back.");
        tui_draw(tui->terminal, lines, 0, 1, tui_columns(), &bottom);
        tui_text_free(&bottom);
        tui_refresh(0, 0);
        key = next_key(tui, -1);
        if ((key == KEY_DOWN || key == 'j') && first < most)
            first++;
        else if ((key == KEY_UP || key == 'k') && first > 0)
            first--;
    } while (!tui->is_over && (key == KEY_DOWN || key == KEY_UP || key == 'j' || key == 'k' || key == KEY_RESIZE));
    tui_text_free(&text);
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

static void obey(struct tui *tui, int key)
{
    enum tui_command command = tui_command_of_key(key);
    char name[16];
    tui->message[0] = '\0';
    switch (command) {
    case TUI_HELP: show_help(tui); break;
    case TUI_QUIT: tui->is_over = true; break;
    case TUI_EXPORT: ask_and_export(tui); break;
    case TUI_SUSPEND: tui_suspend(); break;
    case TUI_SHOW_MACHINE: case TUI_SHOW_TIMELINE: case TUI_SHOW_MAP:
        tui->screen = screens[command - TUI_SHOW_MACHINE];
        break;
    case TUI_REDRAW: clearok(stdscr, TRUE); break;
    default:
        if (command != TUI_NOTHING && tui->screen->command(tui, tui->state, command))
            break;
        tui_print_key(key, name, sizeof name);
        tui_say(tui, "%s does nothing here; ? lists the keys.", name);
    }
}

int tui_run_screen(struct tui *tui)
{
    while (!tui->is_over) {
        int pace = tui->screen->pace(tui->state);
        tui_show_all(tui, NULL);
        if (tui->keys != NULL && *tui->keys == '\0' && pace < 0)
            break;
        int key = next_key(tui, pace);
        if (key != ERR)
            obey(tui, key);
        else if (tui_was_interrupted())
            tui_say(tui, "Nothing runs. q leaves.");
        else if (pace >= 0)
            tui->screen->tick(tui, tui->state);
    }
    if (tui->options->export == NULL || tui_export(tui->options->export))
        return 0;
    int error = errno;
    tui_terminal_close(tui->terminal);
    tui->terminal = NULL;
    fprintf(stderr, "pg74: %s cannot be written: %s\n", tui->options->export, strerror(error));
    return ISA_EXIT_NO_INPUT;
}

int tui_show(const struct tui_options *options)
{
    struct tui tui = {.options = options, .screen = screens[0], .keys = options->keys};
    struct tui_machine *machine = tui_machine_new(options);
    int code = ISA_EXIT_USAGE;
    tui.terminal = tui_terminal_open(options);
    tui.state = machine;
    if (tui.terminal != NULL)
        code = tui_run_screen(&tui);
    tui_terminal_close(tui.terminal);
    tui_machine_free(machine);
    return code;
}
