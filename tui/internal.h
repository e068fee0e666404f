/* internal.h: what the files of tui/ share. Private to tui/.
 *
 *   text.c       text with styles
 *   terminal.c   the terminal: beginning, end, sizes, colours, drawing text
 *   command.c    the one table of commands, from which keys, key bar and help are made
 *   application.c  the loop: paint, wait for a key, do what it says; prompt, messages
 *   help.c       what the keys do
 *   export.c     what is on the terminal, to a file
 *   machine_*.c  the machine screen; timeline.c, map.c and translation.c show the same machine
 *   side_*.c, dashboard.c  all machines that are open; bars.c: where their cycles went
 *   lesson_*.c  a lesson beside its machine
 *   classify_*.c an instruction set, and what the theorems say of it */
#ifndef PG74_TUI_INTERNAL_H
#define PG74_TUI_INTERNAL_H

#include <stdio.h>

#include "checker/checker.h"
#include "lab/debug/debug.h"
#include "tui/tui.h"

/* ---- text.c ------------------------------------------------------------------------------------------------------ */

enum tui_style {
    TUI_PLAIN, TUI_DIM, TUI_STRONG, TUI_TITLE, TUI_KEY, TUI_CHANGED, TUI_CURRENT, TUI_GUEST, TUI_MONITOR, TUI_TRAP,
    TUI_WARNING, TUI_GOOD, TUI_FIRST, TUI_SECOND, TUI_THIRD, TUI_STYLES
};

/* Lines of text, pieces of which have styles. */
struct tui_text {
    FILE *stream;
    char *bytes;
    size_t length;
};

void tui_text_open(struct tui_text *text);
void tui_text_free(struct tui_text *text);
void tui_put(struct tui_text *text, enum tui_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The part of a text that begins so many lines down; it borrows the text's bytes, and is not freed. How many lines there are. */
struct tui_text tui_text_below(const struct tui_text *text, int lines);
int tui_text_lines(const struct tui_text *text);

/* The text without its styles, as much as there is room for. */
void tui_text_plain(const struct tui_text *text, char *plain, size_t size);
/* A number with a comma after every three digits, in at least so many columns. */
void tui_put_number(struct tui_text *text, enum tui_style style, int columns, uint64_t number);
/* Words in so many columns, on the left of them (columns > 0) or the right (< 0); cut where they are longer. */
void tui_put_cell(struct tui_text *text, enum tui_style style, int columns, const char *words);
/* Bytes from anywhere: what is no printable character becomes a dot. */
void tui_put_bytes(struct tui_text *text, enum tui_style style, const char *bytes, size_t length);

/* ---- terminal.c -------------------------------------------------------------------------------------------------- */

enum { TUI_LEAST_COLUMNS = 80, TUI_LEAST_LINES = 24 };

struct tui_terminal;
/* Characters that a terminal without UTF-8 shows in ASCII. */
enum tui_glyph {
    TUI_HORIZONTAL, TUI_VERTICAL, TUI_ARROW, TUI_BULLET, TUI_FULL, TUI_DARK, TUI_SHADE, TUI_LIGHT, TUI_EMPTY, TUI_FROM,
    TUI_TO, TUI_TRANSLATED, TUI_INNER, TUI_GLYPHS
};
/* Of eight columns, one higher than the other, or none. */
const char *tui_glyph_column(const struct tui_terminal *terminal, unsigned eighths);

/* Begins; with `columns`, a terminal that is not there. NULL after a message on standard error. */
struct tui_terminal *tui_terminal_open(const struct tui_options *options);
void tui_terminal_close(struct tui_terminal *terminal);
int tui_columns(void);
int tui_lines(void);
const char *tui_glyph(const struct tui_terminal *terminal, enum tui_glyph glyph);
/* Draws lines of text from (top, left) on, cut to so many lines and columns; what is left of these is blank. */
void tui_draw(const struct tui_terminal *terminal, int top, int left, int lines, int columns,
              const struct tui_text *text);
/* A line across, with a heading in it, or none (""). */
void tui_draw_rule(const struct tui_terminal *terminal, int top, int left, int columns, const char *heading);
/* Makes what was drawn visible, with the cursor at (line, column). */
void tui_refresh(int line, int column);
/* The next key, waiting for at most so many milliseconds (-1: as long as it takes); ERR when there was none. */
int tui_read_key(int milliseconds);
/* Waits. */
void tui_pause(int milliseconds);
/* Where the mouse was when KEY_MOUSE came: false if nothing was pressed there. `wheel` is -1 for up, 1 for down, 0 for
 * a click. */
bool tui_mouse(int *line, int *column, int *wheel);
/* Has Ctrl-C been pressed since last asked? */
bool tui_was_interrupted(void);
bool tui_attention(void *unused); /* the same, for who asks in the middle of something */
/* Stops the program until it is continued (Ctrl-Z). */
void tui_suspend(void);

/* ---- command.c --------------------------------------------------------------------------------------------------- */

enum tui_command {
    TUI_NOTHING,
    TUI_HELP,
    TUI_QUIT,
    TUI_EXPORT,
    TUI_SUSPEND,
    TUI_REDRAW,
    TUI_MOUSE,
    TUI_STEP,
    TUI_STEP_OVER,
    TUI_STEP_OUT,
    TUI_RUN,
    TUI_PACE,
    TUI_FASTER,
    TUI_SLOWER,
    TUI_STEP_BACK,
    TUI_RUN_BACK,
    TUI_LAST_STORE,
    TUI_START,
    TUI_BREAKPOINT,
    TUI_BREAK_AT,
    TUI_WATCH,
    TUI_WATCH_REGISTER,
    TUI_STOP_AT_TRAPS,
    TUI_STOP_AT_MODES,
    TUI_CLEAR,
    TUI_UP,
    TUI_DOWN,
    TUI_PAGE_UP,
    TUI_PAGE_DOWN,
    TUI_HERE,
    TUI_GO_TO,
    TUI_VIEW,
    TUI_PANE,
    TUI_CHOOSE,
    TUI_SEARCH,
    TUI_STEP_MANY,
    TUI_RACE,
    TUI_PAUSE,
    TUI_SNAPSHOT,
    TUI_RETURN,
    TUI_CLONE,
    TUI_SAVE,
    TUI_OPEN,
    TUI_CLOSE,
    TUI_FLIP,
    TUI_WITNESS,
    TUI_PLAY,
    TUI_ANOTHER,
    TUI_SHOW_MACHINE,
    TUI_SHOW_TIMELINE,
    TUI_SHOW_MAP,
    TUI_SHOW_SIDE,
    TUI_SHOW_DASHBOARD,
    TUI_SHOW_TRANSLATION,
    TUI_SHOW_CLASSIFIER,
    TUI_SHOW_LESSON,
    TUI_GO_ON,
    TUI_ANSWER,
    TUI_PAGE_BEFORE,
    TUI_SKIP,
    TUI_HINT,
    TUI_SOLVE,
    TUI_AGAIN,
    TUI_SECTIONS,
    TUI_LESSONS,
    TUI_LAYOUT,
    TUI_EDIT,
    TUI_CHECK,
    TUI_FAILED,
    TUI_RESTORE,
    TUI_COMMANDS
};

/* Screens, as bits: where a command means something. */
enum tui_place {
    TUI_ON_MACHINE = 1,
    TUI_ON_TIMELINE = 2,
    TUI_ON_MAP = 4,
    TUI_ON_SIDE = 8,
    TUI_ON_DASHBOARD = 16,
    TUI_ON_TRANSLATION = 32,
    TUI_ON_CLASSIFIER = 64,
    TUI_ON_LESSON = 128,
    TUI_EVERYWHERE = 0xffff
};

struct tui_command_entry {
    enum tui_command command;
    unsigned places;   /* enum tui_place; the same key may mean something else elsewhere */
    int keys[4];       /* ends with 0 */
    const char *name;  /* one or two words, for the key bar */
    const char *help;  /* a line */
};

const struct tui_command_entry *tui_command_table(unsigned *count);
enum tui_command tui_command_of_key(int key, enum tui_place place);
/* "s", "Space", "Page Up" */
void tui_print_key(int key, char *buffer, size_t size);

/* ---- application.c ----------------------------------------------------------------------------------------------- */

struct tui;
struct tui_machine;
struct tui_side;
struct tui_dashboard;
struct tui_classifier;
struct tui_lesson;

/* A screen. All callbacks but the first get what `state` gives. */
struct tui_screen {
    const char *name;
    const char *what; /* a line for the help: what is to be seen */
    enum tui_place place;
    const enum tui_command *keys; /* for the key bar; ends with TUI_NOTHING */
    void *(*state)(struct tui *tui); /* before it is shown; NULL, after saying why, when there is nothing to show */
    void (*paint)(struct tui *tui, void *state);
    bool (*command)(struct tui *tui, void *state, enum tui_command command); /* false: it means nothing here */
    int (*pace)(void *state);  /* milliseconds to the next `tick`; -1: none */
    void (*tick)(struct tui *tui, void *state);
    void (*click)(struct tui *tui, void *state, int line, int column); /* or NULL */
    bool (*is_busy)(void *state); /* or NULL: given keys wait while this is true, and ticks go on */
};

enum { TUI_MOST_MACHINES = 16, TUI_MOST_BAR = 16 };

struct tui {
    struct tui_terminal *terminal;
    const struct tui_options *options;
    const struct tui_screen *screen;
    void *state;
    struct tui_machine *machines[TUI_MOST_MACHINES]; /* those that are open, and the one that is looked at */
    unsigned machine_count, current;
    unsigned changes;     /* how often one was opened or closed */
    struct tui_side *side;
    struct tui_dashboard *dashboard;
    struct tui_lesson *lesson; /* or NULL: none is open */
    struct tui_classifier *classifier; /* or NULL: not asked for yet */
    char message[256]; /* in the place of the key bar until the next key */
    const char *keys;  /* what is left of options->keys, or NULL */
    int key;           /* the last one */
    unsigned asked;    /* how often one was waited for */
    bool is_over;
    int cursor_line, cursor_column;
    struct { int from, to; enum tui_command command; } bar[TUI_MOST_BAR]; /* where the key bar's entries are */
    unsigned bar_count;
};

void tui_say(struct tui *tui, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The first line of the first of them. */
void tui_say_diagnostics(struct tui *tui, const struct isa_diagnostics *diagnostics);
/* Asks for a line; false when the user thinks better of it. */
bool tui_ask(struct tui *tui, const char *question, char *answer, size_t size);
/* Shows the key bar, the message or a question at the bottom, and everything on the terminal. */
void tui_show_all(struct tui *tui, const char *bottom);
/* Goes to another screen, if there is something to show. */
void tui_go_to_screen(struct tui *tui, const struct tui_screen *screen);
int tui_run_screen(struct tui *tui);
/* The next key: from the terminal, or of those that were given. */
int tui_next_key(struct tui *tui, int milliseconds);
/* Adds a machine to those that are open; false, after saying so, when there are too many. Takes it over. */
bool tui_add_machine(struct tui *tui, struct tui_machine *machine);

/* Closes one of them. */
void tui_close_machine(struct tui *tui, unsigned at);

/* ---- help.c ------------------------------------------------------------------------------------------------------ */

/* In the place of the screen, until a key is pressed. */
void tui_show_help(struct tui *tui);

/* ---- export.c ---------------------------------------------------------------------------------------------------- */

/* Writes what is on the terminal; false, with errno, when it cannot. */
bool tui_export(const char *path);

/* ---- The screens, in the order of their keys --------------------------------------------------------------------- */

extern const struct tui_screen tui_machine_screen, tui_timeline_screen, tui_map_screen, tui_side_screen,
    tui_dashboard_screen, tui_translation_screen, tui_classifier_screen, tui_lesson_screen;

struct tui_machine *tui_machine_new(const struct tui_open *open);
void tui_machine_free(struct tui_machine *machine);
struct tui_side *tui_side_new(void);
void tui_side_free(struct tui_side *side);
struct tui_dashboard *tui_dashboard_new(void);
void tui_dashboard_free(struct tui_dashboard *dashboard);
/* Opens a lesson (which it takes over) where its reader was. */
struct tui_lesson *tui_lesson_new(struct tui *tui, struct lab_lesson *lesson);
void tui_lesson_free(struct tui_lesson *lesson);
struct tui_classifier *tui_classifier_new(const char *isa);
void tui_classifier_free(struct tui_classifier *classifier);

#endif
