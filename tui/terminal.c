/* terminal.c: the terminal, by way of ncurses. */
#include "tui/internal.h"

#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "tui/style.h"

struct tui_terminal {
    SCREEN *screen;
    FILE *nothing; /* in the place of a terminal that is not there */
    bool is_utf8, has_colours;
    int attributes[TUI_STYLES];
};

/* The one thing that a signal handler can reach. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

/* Of the signals that end a program, ncurses leaves the terminal as it was for this one only. */
static void on_end(int signal)
{
    (void)signal;
    raise(SIGTERM);
}

bool tui_was_interrupted(void)
{
    bool was = interrupted;
    interrupted = 0;
    return was;
}

bool tui_attention(void *unused)
{
    (void)unused;
    return tui_was_interrupted();
}

bool tui_can_show(const char **why)
{
    const char *name = getenv("TERM");
    *why = NULL;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        *why = "standard input and output are no terminal";
    else if (name == NULL || strcmp(name, "dumb") == 0 || strcmp(name, "unknown") == 0)
        *why = "this terminal (TERM) cannot place text on a screen";
    else if (strncmp(name, "vt1", 3) == 0)
        *why = "this terminal (TERM) is too simple for a screen";
    return *why == NULL;
}

/* ---- Colours ----------------------------------------------------------------------------------------------------- */

struct look {
    short few, many; /* colour with 8 or 16 colours, and with 256; -1: the terminal's own */
    attr_t more;
};

/* Middle tones, to be read on light ground and on dark. Without colours, the attributes alone must do. */
static const struct look looks[TUI_STYLES] = {
    [TUI_PLAIN] = {-1, -1, A_NORMAL},
    [TUI_DIM] = {-1, 244, A_NORMAL},
    [TUI_STRONG] = {-1, -1, A_BOLD},
    [TUI_TITLE] = {-1, -1, A_REVERSE},
    [TUI_KEY] = {-1, -1, A_BOLD},
    [TUI_CHANGED] = {COLOR_RED, 166, A_BOLD},
    [TUI_CURRENT] = {-1, -1, A_REVERSE},
    [TUI_GUEST] = {COLOR_GREEN, 29, A_NORMAL},
    [TUI_MONITOR] = {COLOR_BLUE, 32, A_NORMAL},
    [TUI_TRAP] = {COLOR_MAGENTA, 133, A_NORMAL},
    [TUI_WARNING] = {COLOR_RED, 160, A_BOLD},
    [TUI_GOOD] = {COLOR_GREEN, 29, A_BOLD},
    [TUI_FIRST] = {COLOR_MAGENTA, 133, A_NORMAL},
    [TUI_SECOND] = {COLOR_YELLOW, 136, A_NORMAL},
    [TUI_THIRD] = {COLOR_CYAN, 37, A_NORMAL},
};

static void choose_colours(struct tui_terminal *terminal)
{
    const char *without = getenv("NO_COLOR");
    bool colours = has_colors() && (without == NULL || *without == '\0') && start_color() == OK;
    terminal->has_colours = colours;
    if (colours)
        use_default_colors();
    for (int i = 0; i < TUI_STYLES; i++) {
        short colour = COLORS >= 256 ? looks[i].many : looks[i].few;
        terminal->attributes[i] = (int)looks[i].more;
        if (colours && colour >= 0 && init_pair((short)(i + 1), colour, -1) == OK)
            terminal->attributes[i] |= (int)COLOR_PAIR(i + 1);
        else if (!colours && i < TUI_GOOD && looks[i].few >= 0 && looks[i].more == A_NORMAL)
            terminal->attributes[i] = (int)A_UNDERLINE;
    }
}

/* ---- Beginning and end ------------------------------------------------------------------------------------------- */

static void set_size(const struct tui_options *options)
{
    char number[16];
    snprintf(number, sizeof number, "%u", options->columns ? options->columns : TUI_LEAST_COLUMNS);
    setenv("COLUMNS", number, 1);
    snprintf(number, sizeof number, "%u", options->lines ? options->lines : TUI_LEAST_LINES);
    setenv("LINES", number, 1);
}

struct tui_terminal *tui_terminal_open(const struct tui_options *options)
{
    struct tui_terminal *terminal = calloc(1, sizeof *terminal);
    if (terminal == NULL)
        abort();
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    terminal->is_utf8 = !options->ascii && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    set_escdelay(25);
    if (options->keys != NULL) {
        set_size(options);
        terminal->nothing = fopen("/dev/null", "r+");
    }
    terminal->screen = terminal->nothing != NULL ? newterm("xterm-256color", terminal->nothing, terminal->nothing)
                                                 : newterm(NULL, stdout, stdin);
    if (terminal->screen == NULL) {
        fputs("pg74: this terminal (TERM) is not known here\n", stderr);
        tui_terminal_close(terminal);
        return NULL;
    }
    choose_colours(terminal);
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    mouseinterval(0); /* a press is a click: no wait for what may follow it */
    if (!options->no_mouse)
        mousemask(BUTTON1_CLICKED | BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
    signal(SIGINT, on_interrupt);
    signal(SIGHUP, on_end);
    signal(SIGQUIT, on_end);
    return terminal;
}

void tui_terminal_close(struct tui_terminal *terminal)
{
    if (terminal == NULL)
        return;
    signal(SIGINT, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    if (terminal->screen != NULL) {
        move(LINES - 1, 0); /* a terminal without a second screen keeps this one: make room for the prompt */
        clrtoeol();
        refresh();
        endwin();
        delscreen(terminal->screen);
    }
    if (terminal->nothing != NULL)
        fclose(terminal->nothing);
    free(terminal);
}

int tui_columns(void) { return COLS; }
int tui_lines(void) { return LINES; }

const char *tui_glyph(const struct tui_terminal *terminal, enum tui_glyph glyph)
{
    static const char *const utf8[TUI_GLYPHS] = {"─", "│", "▶", "●", "█", "▓", "▒", "░", "·", "├", "┤", "▚", "▌"};
    static const char *const ascii[TUI_GLYPHS] = {"-", "|", ">", "*", "#", "%", "=", ":", ".", "[", "]", "+", "i"};
    if (glyph == TUI_SHADE && terminal->is_utf8 && !terminal->has_colours)
        return "/"; /* between two other shades, by its colour alone it would be told from them */
    return terminal->is_utf8 ? utf8[glyph] : ascii[glyph];
}

const char *tui_glyph_column(const struct tui_terminal *terminal, unsigned eighths)
{
    static const char *const utf8[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const ascii[] = {" ", ".", ".", "-", "-", "=", "=", "#", "#"};
    return (terminal->is_utf8 ? utf8 : ascii)[eighths < 8 ? eighths : 8];
}

/* ---- Drawing ----------------------------------------------------------------------------------------------------- */

/* Draws one line, up to its end or the last column. Returns what is behind the line. A character that does not fit is
 * left out whole: half of a wide one would shift all the rest. */
static const char *draw_line(const struct tui_terminal *terminal, int line, int left, int columns, const char *bytes,
                             const char *end, attr_t *attribute)
{
    mbstate_t state = {0};
    int used = 0;
    move(line, left);
    while (bytes < end && *bytes != '\n') {
        if (*bytes == TUI_STYLE_MARK && end - bytes >= 2) {
            *attribute = (attr_t)terminal->attributes[bytes[1] - TUI_FIRST_STYLE];
            bytes += 2;
            continue;
        }
        wchar_t character;
        size_t length = mbrtowc(&character, bytes, (size_t)(end - bytes), &state);
        if (length == (size_t)-1 || length == (size_t)-2 || length == 0) {
            memset(&state, 0, sizeof state);
            character = L'.';
            length = 1;
        }
        int width = character == L'\t' ? 8 - used % 8 : wcwidth(character);
        if (width > 0 && used + width <= columns) {
            attr_set(*attribute, (short)PAIR_NUMBER(*attribute), NULL);
            if (character == L'\t')
                for (int i = 0; i < width; i++)
                    addch(' ');
            else
                addnwstr(&character, 1);
            used += width;
        } else if (width > 0) {
            columns = used;
        }
        bytes += length;
    }
    attr_set(used < columns ? A_NORMAL : *attribute, used < columns ? 0 : (short)PAIR_NUMBER(*attribute), NULL);
    if (used < columns && left + used < COLS)
        hline(' ', columns - used);
    return bytes < end ? bytes + 1 : bytes;
}

void tui_draw(const struct tui_terminal *terminal, int top, int left, int lines, int columns,
              const struct tui_text *text)
{
    const char *bytes = text->bytes, *end = text->bytes + text->length;
    attr_t attribute = A_NORMAL;
    for (int i = 0; i < lines; i++)
        bytes = draw_line(terminal, top + i, left, columns, bytes, end, &attribute);
    attr_set(A_NORMAL, 0, NULL);
}

void tui_draw_rule(const struct tui_terminal *terminal, int top, int left, int columns, const char *heading)
{
    struct tui_text text;
    tui_text_open(&text);
    int used = *heading != '\0' ? (int)strlen(heading) + 3 : 0;
    if (used > 0)
        tui_put(&text, TUI_DIM, "%s %s ", tui_glyph(terminal, TUI_HORIZONTAL), heading);
    for (int i = used; i < columns; i++)
        tui_put(&text, TUI_DIM, "%s", tui_glyph(terminal, TUI_HORIZONTAL));
    tui_draw(terminal, top, left, 1, columns, &text);
    tui_text_free(&text);
}

void tui_refresh(int line, int column)
{
    move(line, column);
    refresh();
}

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

int tui_read_key(int milliseconds)
{
    timeout(milliseconds);
    return getch();
}

void tui_pause(int milliseconds) { napms(milliseconds < 0 ? 0 : milliseconds); }

bool tui_mouse(int *line, int *column, int *wheel)
{
    const mmask_t up = BUTTON4_PRESSED, down = BUTTON5_PRESSED, click = BUTTON1_PRESSED | BUTTON1_CLICKED;
    MEVENT event;
    if (getmouse(&event) != OK || (event.bstate & (up | down | click)) == 0)
        return false;
    *line = event.y;
    *column = event.x;
    *wheel = event.bstate & up ? -1 : event.bstate & down ? 1 : 0;
    return true;
}

void tui_suspend(void)
{
    endwin();
    raise(SIGTSTP);
    refresh();
    clearok(stdscr, TRUE);
}
