/* internal.h: what the files of tui/ share. Private to tui/.
 *
 *   text.c       text with styles
 *   terminal.c   the terminal: beginning, end, sizes, colours, drawing text
 *   command.c    the one table of commands, from which keys, key bar and help are made
 *   application.c  the loop: paint, wait for a key, do what it says; prompt, help, messages
 *   export.c     what is on the terminal, to a file
 *   machine_*.c  the machine screen; timeline.c and map.c show the same machine */
#ifndef PG74_TUI_INTERNAL_H
#define PG74_TUI_INTERNAL_H

#include <stdio.h>

#include "lab/debug/debug.h"
#include "tui/tui.h"

/* ---- text.c ------------------------------------------------------------------------------------------------------ */

enum tui_style {
    TUI_PLAIN, TUI_DIM, TUI_STRONG, TUI_TITLE, TUI_KEY, TUI_CHANGED, TUI_CURRENT, TUI_GUEST, TUI_MONITOR, TUI_TRAP,
    TUI_WARNING, TUI_STYLES
};

/* Lines of text, pieces of which have styles. */
struct tui_text {
    FILE *stream;
    char *bytes;
    size_t length;
};

void tui_text_open(struct tui_text *text);
void tui_text_free(struct tui_text *text);
void tui_put(struct tui_text *text, enum tui_style style, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Bytes from anywhere: what is no printable character becomes a dot. */
void tui_put_bytes(struct tui_text *text, enum tui_style style, const char *bytes, size_t length);

/* ---- terminal.c -------------------------------------------------------------------------------------------------- */

enum { TUI_LEAST_COLUMNS = 80, TUI_LEAST_LINES = 24 };

/* Characters that a terminal without UTF-8 shows in ASCII. */
enum tui_glyph { TUI_HORIZONTAL, TUI_VERTICAL, TUI_ARROW, TUI_BULLET, TUI_FULL, TUI_SHADE, TUI_EMPTY, TUI_GLYPHS };

struct tui_terminal;
/* Begins; with `columns`, a terminal that is not there. NULL after a message on standard error. */
struct tui_terminal *tui_terminal_open(const struct tui_options *options);
void tui_terminal_close(struct tui_terminal *terminal);
int tui_columns(void);
int tui_lines(void);
const char *tui_glyph(const struct tui_terminal *terminal, enum tui_glyph glyph);
/* Draws lines of text from (top, left) on, cut to so many lines and columns; what is left of these is blank. */
void tui_draw(const struct tui_terminal *terminal, int top, int left, int lines, int columns, const struct tui_text *text);
/* A line across, with a heading in it. */
void tui_draw_rule(const struct tui_terminal *terminal, int top, int left, int columns, const char *heading);
/* Makes what was drawn visible, with the cursor at (line, column). */
void tui_refresh(int line, int column);
/* The next key, waiting for at most so many milliseconds (-1: as long as it takes); ERR when there was none. */
int tui_read_key(int milliseconds);
/* Has Ctrl-C been pressed since last asked? */
bool tui_was_interrupted(void);
/* Stops the program until it is continued (Ctrl-Z). */
void tui_suspend(void);

/* ---- command.c --------------------------------------------------------------------------------------------------- */

enum tui_command {
    TUI_NOTHING, TUI_HELP, TUI_QUIT, TUI_EXPORT, TUI_SUSPEND, TUI_REDRAW,
    TUI_STEP, TUI_STEP_OVER, TUI_STEP_OUT, TUI_RUN, TUI_PACE, TUI_FASTER, TUI_SLOWER,
    TUI_STEP_BACK, TUI_RUN_BACK, TUI_LAST_STORE, TUI_START,
    TUI_BREAKPOINT, TUI_BREAK_AT, TUI_WATCH, TUI_STOP_AT_TRAPS, TUI_STOP_AT_MODES, TUI_CLEAR,
    TUI_UP, TUI_DOWN, TUI_PAGE_UP, TUI_PAGE_DOWN, TUI_HERE, TUI_GO_TO, TUI_VIEW, TUI_PANE, TUI_CHOOSE,
    TUI_SHOW_MACHINE, TUI_SHOW_TIMELINE, TUI_SHOW_MAP,
    TUI_COMMANDS
};

struct tui_command_entry {
    enum tui_command command;
    int keys[4];       /* ends with 0 */
    const char *name;  /* one or two words, for the key bar */
    const char *help;  /* a line */
};

const struct tui_command_entry *tui_command_table(unsigned *count);
enum tui_command tui_command_of_key(int key);
/* "s", "Space", "Page Up" */
void tui_print_key(int key, char *buffer, size_t size);

/* ---- application.c ----------------------------------------------------------------------------------------------- */

struct tui;

/* A screen. All callbacks get `state`. */
struct tui_screen {
    const char *name;
    const char *what; /* a line for the help: what is to be seen */
    void (*paint)(struct tui *tui, void *state);
    bool (*command)(struct tui *tui, void *state, enum tui_command command); /* false: it means nothing here */
    int (*pace)(void *state);  /* milliseconds to the next `tick`; -1: none */
    void (*tick)(struct tui *tui, void *state);
};

struct tui {
    struct tui_terminal *terminal;
    const struct tui_options *options;
    const struct tui_screen *screen;
    void *state;
    char message[256]; /* in the place of the key bar until the next key */
    const char *keys;  /* what is left of options->keys, or NULL */
    bool is_over;
    int cursor_line, cursor_column;
};

void tui_say(struct tui *tui, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Asks for a line; false when the user thinks better of it. */
bool tui_ask(struct tui *tui, const char *question, char *answer, size_t size);
/* Shows the key bar, the message or a question at the bottom, and everything on the terminal. */
void tui_show_all(struct tui *tui, const char *bottom);
int tui_run_screen(struct tui *tui);

/* ---- export.c ---------------------------------------------------------------------------------------------------- */

/* Writes what is on the terminal; false, with errno, when it cannot. */
bool tui_export(const char *path);

/* ---- machine_*.c ------------------------------------------------------------------------------------------------- */

struct tui_machine;
/* The screens, in the order of their keys. All have the same state. */
extern const struct tui_screen tui_machine_screen, tui_timeline_screen, tui_map_screen;
struct tui_machine *tui_machine_new(const struct tui_options *options);
void tui_machine_free(struct tui_machine *machine);

#endif
