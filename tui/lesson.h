/* lesson.h: the parts of the lesson screen.
 *
 *   lesson_screen.c   where text and machine stand, and the commands
 *   lesson_page.c     the page that is open, and its live machine
 *   lesson_asked.c    what the page asks
 *   lesson_go.c       through the pages, and elsewhere
 *   lesson_text.c     a page as lines
 *   lesson_list.c     lists to choose from: sections, lessons
 *   lesson_work.c     the reader's files: the editor, and seeing that they were saved */
#ifndef PG74_TUI_LESSON_H
#define PG74_TUI_LESSON_H

#include "lab/language.h"
#include "tui/machine.h"

struct tui_lesson {
    struct tui *tui;
    struct lab_lesson *lesson;
    struct lab_lesson_player *player;
    struct lab_lesson_progress *progress;
    struct tui_machine *machine, *tried; /* among those of `tui`, as long as they are there; or NULL */
    char **texts;       /* of each item of the page, values filled in */
    char *question[LAB_LESSON_MOST_CHOICES + LAB_LESSON_MOST_HINTS + 1]; /* choices, hints, explanation of what is asked */
    unsigned text_count;
    int widest;         /* columns of the widest line that cannot be broken */
    char *problem;      /* what is wrong with the lesson, or NULL */
    bool is_answered;   /* what the page asks */
    int given;          /* the choice that was made, or -1 */
    char *verdict;      /* what there is to say of what was done, or NULL */
    unsigned hints;     /* that were given */
    bool is_text_alone;
    int first_line, line_count, shown_lines; /* of the text, as last painted */
    int watched;        /* what tells of changed files; -1: nothing does */
};

/* ---- lesson_page.c ----------------------------------------------------------------------------------------------- */

/* Begins a lesson (which is taken over) where its reader was; and ends it. */
void tui_lesson_begin(struct tui_lesson *lesson, struct lab_lesson *text);
void tui_lesson_end(struct tui_lesson *lesson);
void tui_lesson_open_page(struct tui_lesson *lesson, unsigned page);
/* The live machine, as long as it is open; or NULL. */
struct tui_machine *tui_lesson_machine(struct tui_lesson *lesson);
bool tui_lesson_is_open(const struct tui *tui, const struct tui_machine *machine);
/* Closes all machines but this one. */
void tui_lesson_close_others(struct tui_lesson *lesson, const struct tui_machine *but);
/* Keeps the first of the diagnostics for the page, and frees them. */
void tui_lesson_say_problem(struct tui_lesson *lesson, struct isa_diagnostics *diagnostics);
void tui_lesson_set_verdict(struct tui_lesson *lesson, const char *text);
bool tui_lesson_is_question(const struct lab_lesson_item *item); /* which may be NULL */

/* ---- lesson_asked.c ---------------------------------------------------------------------------------------------- */

/* Looks whether what is asked is done. `is_asked`: says so when it is not, too. */
void tui_lesson_look(struct tui_lesson *lesson, bool is_asked);
void tui_lesson_ask_number(struct tui_lesson *lesson, const struct lab_lesson_item *item);
/* The commands about what is asked; false: it is none of them. */
bool tui_lesson_do(struct tui_lesson *lesson, enum tui_command command);

/* ---- lesson_go.c ------------------------------------------------------------------------------------------------- */

/* The commands that go elsewhere, and those that scroll the text; false: it is none of them. */
bool tui_lesson_go(struct tui_lesson *lesson, enum tui_command command);
bool tui_lesson_scroll(struct tui_lesson *lesson, enum tui_command command);

/* ---- lesson_text.c ----------------------------------------------------------------------------------------------- */

/* Computes what the page says; and frees it. */
void tui_lesson_fill(struct tui_lesson *lesson);
void tui_lesson_forget(struct tui_lesson *lesson);
/* The page in so many columns, what was answered included. Code, figures and output may take as many as there is room for. */
void tui_lesson_put(struct tui_lesson *lesson, struct tui_text *text, int columns, int room);

/* ---- lesson_list.c ----------------------------------------------------------------------------------------------- */

/* Shows lines to choose from; the number of the chosen one, or -1. */
int tui_choose(struct tui *tui, const char *title, char **lines, unsigned count, unsigned current);

/* ---- lesson_work.c ----------------------------------------------------------------------------------------------- */

/* Opens the editor for the files of the task. */
void tui_lesson_edit(struct tui_lesson *lesson);
/* Begins to watch the work folder on the page of a task, and ends it on others. */
void tui_lesson_watch(struct tui_lesson *lesson);
/* Have files changed since last asked? */
bool tui_lesson_has_changed(struct tui_lesson *lesson);

#endif
