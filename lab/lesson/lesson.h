/* lesson.h: lessons: their text, their machines, and going through them. The only public header of lab/lesson/.
 *
 * A lesson is a folder with a text (en.md) and a Lua file (lesson.lua) that makes its machines and judges what a reader does.
 * docs/lesson-author.md is its format. Reading gives items (a paragraph, a question, ...) in sections and pages; a player goes
 * through them with a live machine; the dialogue and the lesson screen are two ways to show a player. */
#ifndef PG74_LAB_LESSON_H
#define PG74_LAB_LESSON_H

#include <stdio.h>

#include "lab/debug/debug.h"

/* ---- What a lesson is made of ------------------------------------------------------------------------------------ */

enum lab_lesson_kind {
    LAB_LESSON_PARAGRAPH, LAB_LESSON_HEADING, LAB_LESSON_CODE,                       /* text */
    LAB_LESSON_MACHINE, LAB_LESSON_SHOW, LAB_LESSON_FIGURE, LAB_LESSON_COMMAND,      /* made by machines */
    LAB_LESSON_PREDICT, LAB_LESSON_QUESTION, LAB_LESSON_DO, LAB_LESSON_TASK          /* for the reader to do */
};

/* In texts, a byte of these begins a stretch in that style. */
enum lab_lesson_style {
    LAB_LESSON_PLAIN = 1, LAB_LESSON_EMPHASIS, LAB_LESSON_STRONG, LAB_LESSON_SPAN /* of code */, LAB_LESSON_LINK,
    LAB_LESSON_STYLES
};

enum { LAB_LESSON_MOST_CHOICES = 9, LAB_LESSON_MOST_HINTS = 9 };

/* Texts have styles in them, and {values} still by name: see lab_lesson_fill. Of what is not used all is zero. */
struct lab_lesson_item {
    enum lab_lesson_kind kind;
    unsigned line;      /* of the file */
    unsigned indent;    /* columns */
    bool is_tight;      /* no empty line before it */
    char *marker;       /* of an item of a list: "-", "1."; or NULL */
    char *name;         /* of a directive */
    char *text;         /* of code, as it stands */
    unsigned choice_count, hint_count;
    char *choices[LAB_LESSON_MOST_CHOICES], *hints[LAB_LESSON_MOST_HINTS];
    int right;          /* the number of the right choice; -1: a number is typed */
    char *number;       /* that number: "12", "{value}" */
    char *explanation;  /* shown after the answer */
    unsigned first_line, last_line; /* of a program's output, from 1; 0: all */
    char *pattern;      /* a regular expression for lines of it, or NULL */
};

struct lab_lesson_section {
    char *title;
    unsigned line, first_page, page_count;
};

/* A page ends with what the reader is asked for, so that nothing is told too early, and has one moment of the machine. */
struct lab_lesson_page {
    unsigned section, first, count; /* items */
};

struct lab_lesson_head {
    const char *name, *folder, *file, *language; /* the file is the text's */
    const char *title, *terms, *after;           /* comma-separated; never NULL */
    unsigned order, minutes;
};

struct lab_lesson;
/* Reads the text in a language ("en"), or in English when there is no such text, and lesson.lua, which may be missing. Errors
 * in the text go to the diagnostics; NULL when there is nothing to show. */
struct lab_lesson *lab_lesson_read(const char *folder, const char *language, struct isa_diagnostics *diagnostics);
void lab_lesson_free(struct lab_lesson *lesson);
/* Whom to ask now and then, while lesson.lua or what it runs goes on, whether it is to end. */
void lab_lesson_stop_when(struct lab_lesson *lesson, bool (*stops)(void *context), void *context);
const struct lab_lesson_head *lab_lesson_head(const struct lab_lesson *lesson);
unsigned lab_lesson_section_count(const struct lab_lesson *lesson);
unsigned lab_lesson_page_count(const struct lab_lesson *lesson);
unsigned lab_lesson_item_count(const struct lab_lesson *lesson);
const struct lab_lesson_section *lab_lesson_section(const struct lab_lesson *lesson, unsigned number);
const struct lab_lesson_page *lab_lesson_page(const struct lab_lesson *lesson, unsigned number);
const struct lab_lesson_item *lab_lesson_item(const struct lab_lesson *lesson, unsigned number);
bool lab_lesson_is_asked(enum lab_lesson_kind kind); /* is it for the reader to do? */

/* A digest of all files of the lesson: 16 hexadecimal digits and a NUL. */
void lab_lesson_version(const struct lab_lesson *lesson, char version[17]);

/* ---- What machines say ------------------------------------------------------------------------------------------- */

/* A text with the values in place of their names (malloc). With diagnostics where the lesson is wrong; never NULL. */
char *lab_lesson_fill(struct lab_lesson *lesson, const char *text, struct isa_diagnostics *diagnostics);
/* What is to be shown of a figure or a command, as lines (malloc); NULL with diagnostics. */
char *lab_lesson_output(struct lab_lesson *lesson, const struct lab_lesson_item *item, struct isa_diagnostics *diagnostics);

/* The first page from `first` on, then from the start, that has a text in it, in whatever case. False: none has. */
bool lab_lesson_search(const struct lab_lesson *lesson, const char *text, unsigned first, unsigned *page);

/* Cuts a text, with its styles, into lines of so many columns. Calls `line` for each; a stretch's style goes on over lines. */
typedef void lab_lesson_put_line(void *context, const char *line, size_t length);
void lab_lesson_wrap(const char *text, unsigned columns, lab_lesson_put_line *line, void *context);
/* How wide a text is on a terminal, styles left out; and the text without them, in place. */
unsigned lab_lesson_width(const char *text, size_t length);
char *lab_lesson_unstyled(char *text);

/* ---- Finding lessons --------------------------------------------------------------------------------------------- */

/* The folders of all lessons, in their order: in `folder`, or where $PG74_LESSONS says, or where they came with the program.
 * A list that ends with NULL; it and its strings are the caller's to free. */
char **lab_lesson_find_all(const char *folder);
/* The folder of a lesson by name, by its number in the list, or as a path (malloc); NULL with diagnostics. */
char *lab_lesson_find(const char *folder, const char *name, struct isa_diagnostics *diagnostics);
void lab_lesson_free_list(char **list);
/* A line for a list of lessons (malloc): number, name, minutes, what was done, title. */
char *lab_lesson_describe(const char *folder, const char *language, unsigned number);

/* ---- What was done ----------------------------------------------------------------------------------------------- */

/* The last answer to a question, or the right one; of what was done on a machine, where it stood then. */
struct lab_lesson_answer {
    char *name, *text; /* the text is empty for what was done */
    bool is_right, is_shown; /* shown: the reader asked for the solution first */
    uint64_t steps;
};

struct lab_lesson_progress;
/* What is kept of a lesson: never NULL, though it may be that nothing can be kept. `message` (malloc, or NULL) is for the reader. */
struct lab_lesson_progress *lab_lesson_progress_open(const char *name, char **message);
/* The same, to be looked at: nothing is written. */
struct lab_lesson_progress *lab_lesson_progress_look(const char *name);
void lab_lesson_progress_free(struct lab_lesson_progress *progress);
/* Forgets all of it; false, with errno, when it cannot. */
bool lab_lesson_progress_forget(const char *name);

void lab_lesson_progress_at(struct lab_lesson_progress *progress, unsigned section, unsigned page);
void lab_lesson_progress_answer(struct lab_lesson_progress *progress, const char *name, const char *text, bool is_right);
void lab_lesson_progress_done(struct lab_lesson_progress *progress, const char *name, uint64_t steps);
void lab_lesson_progress_shown(struct lab_lesson_progress *progress, const char *name);
void lab_lesson_progress_end(struct lab_lesson_progress *progress);
const struct lab_lesson_answer *lab_lesson_progress_find(const struct lab_lesson_progress *progress, const char *name); /* or NULL */
/* Where the reader was: a section, and a page of it. False: the lesson was not begun. */
bool lab_lesson_progress_place(const struct lab_lesson_progress *progress, unsigned *section, unsigned *page);
bool lab_lesson_progress_is_finished(const struct lab_lesson_progress *progress);

/* ---- Going through a lesson -------------------------------------------------------------------------------------- */

struct lab_lesson_player;
struct lab_lesson_player *lab_lesson_player_new(struct lab_lesson *lesson);
void lab_lesson_player_free(struct lab_lesson_player *player);

/* Keeps what is done from now on in `progress` (NULL: nowhere), which outlives the player. */
void lab_lesson_player_keep(struct lab_lesson_player *player, struct lab_lesson_progress *progress);
/* The page where the reader was when what is kept was written; 0 when the lesson was not begun. */
unsigned lab_lesson_player_place(const struct lab_lesson_player *player);
/* What is kept of the thing that the page asks for, or NULL. */
const struct lab_lesson_answer *lab_lesson_player_known(const struct lab_lesson_player *player);

/* Told when the live machine is about to go (NULL), and when there is a new one, which has not run yet. Its history may be
 * started again then. */
typedef void lab_lesson_renewed(void *context, struct machine *machine, const struct lab_programs *programs);
void lab_lesson_player_watch(struct lab_lesson_player *player, lab_lesson_renewed *renewed, void *context);

/* Opens a page: the live machine becomes what the lesson says it is there. False with diagnostics: it stays without. */
bool lab_lesson_player_open(struct lab_lesson_player *player, unsigned page, struct isa_diagnostics *diagnostics);
/* Lets the live machine go: the next page that is opened, be it the same, makes a new one. */
void lab_lesson_player_drop_machine(struct lab_lesson_player *player);
unsigned lab_lesson_player_page(const struct lab_lesson_player *player);
/* The live machine, or NULL; its name in lesson.lua. */
struct lab_debug *lab_lesson_player_machine(const struct lab_lesson_player *player);
const char *lab_lesson_player_machine_name(const struct lab_lesson_player *player);
/* The item of the page that the reader is asked for, or NULL. */
const struct lab_lesson_item *lab_lesson_player_asked(const struct lab_lesson_player *player);

/* Judges an answer as it was typed: the number or the letter of a choice, or a number. */
enum lab_lesson_judgement { LAB_LESSON_RIGHT, LAB_LESSON_WRONG, LAB_LESSON_NO_ANSWER /* it cannot be one */ };
enum lab_lesson_judgement lab_lesson_judge(struct lab_lesson *lesson, const struct lab_lesson_item *item, const char *answer,
                                           struct isa_diagnostics *diagnostics);
/* The right answer as it would be typed (malloc). */
char *lab_lesson_right_answer(struct lab_lesson *lesson, const struct lab_lesson_item *item,
                              struct isa_diagnostics *diagnostics);

/* Judges an answer to what the page asks, and keeps it. */
enum lab_lesson_judgement lab_lesson_player_answer(struct lab_lesson_player *player, const char *answer,
                                                   struct isa_diagnostics *diagnostics);
/* Is what the page asks to be done done? Then it is kept. When not, `reason` (malloc; may be NULL) says why. */
bool lab_lesson_player_is_done(struct lab_lesson_player *player, char **reason, struct isa_diagnostics *diagnostics);
/* Does it in the reader's place, by lesson.lua; the reader's files of a task are kept as NAME.yours. */
bool lab_lesson_player_solve(struct lab_lesson_player *player, struct isa_diagnostics *diagnostics);

/* The reader's files of a task: copies, made when first asked for, that stand in the reader's own work folder. The path of
 * the number-th (malloc), or NULL when there is none; `file` is its name in the lesson. */
char *lab_lesson_player_file(struct lab_lesson_player *player, const struct lab_lesson_item *item, unsigned number,
                             const char **file, struct isa_diagnostics *diagnostics);
/* The machine that a task was last tried on, and its programs; NULL: there is none. Both live until the task is tried again. */
struct machine *lab_lesson_player_tried(const struct lab_lesson_player *player, const struct lab_programs **programs);
/* The folder that the reader's files are in, or NULL. */
const char *lab_lesson_player_work(const struct lab_lesson_player *player);
/* Another work folder than the reader's. */
void lab_lesson_player_work_in(struct lab_lesson_player *player, const char *folder);
/* Gives back the files as they were at first. */
bool lab_lesson_player_restore(struct lab_lesson_player *player, const struct lab_lesson_item *item,
                               struct isa_diagnostics *diagnostics);

/* ---- Checking a lesson ------------------------------------------------------------------------------------------- */

/* Is all right with a lesson, in every language that it has? What is not goes to the diagnostics. */
void lab_lesson_check(const char *folder, struct isa_diagnostics *diagnostics);

/* ---- Records ----------------------------------------------------------------------------------------------------- */

/* Writes what was done in a lesson, as lines of JSON, for somebody who looks at it with lab_lesson_verify. False: nothing was. */
bool lab_lesson_export(struct lab_lesson *lesson, FILE *stream);
/* What became of something that a record says. */
struct lab_lesson_finding {
    const char *lesson, *name; /* "-": the lesson's version, of kind LAB_LESSON_HEADING */
    enum lab_lesson_kind kind;
    bool is_confirmed;         /* what the record says of it is so */
    bool is_right, is_shown;   /* it is done, or answered right; by what the record says, the reader saw the solution first */
    const char *why;           /* why not; or NULL */
};
typedef void lab_lesson_found(void *context, const struct lab_lesson_finding *finding);

struct lab_lesson_verify_options {
    const char *lessons; /* the folder of all lessons, or NULL */
    const char *only;    /* this lesson alone: what the record has of others is left out; or NULL */
};

/* Judges again all that stands in the text of a record (`file` is its name), and tells what is found. Returns the exit code: 1
 * when something is not as the record says; with diagnostics where it is no record. */
int lab_lesson_verify(const struct lab_lesson_verify_options *options, const char *file, const char *text, lab_lesson_found *found,
                      void *context, struct isa_diagnostics *diagnostics);

/* ---- The dialogue ------------------------------------------------------------------------------------------------ */

struct lab_lesson_plain_options {
    const char *lessons;  /* the folder of all lessons, or NULL */
    const char *language;
    unsigned columns;     /* 0: as many as the terminal has, 80 if it is none */
};

/* Goes through a lesson line by line, on standard input and output. Returns the exit code. */
int lab_lesson_plain(struct lab_lesson *lesson, const struct lab_lesson_plain_options *options);

#endif
