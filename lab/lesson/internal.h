/* internal.h: what the files of lab/lesson/ share. Private to it.
 *
 *     read.c      the text, in sections, pages and items       directive.c  what stands in a directive
 *     inline.c    Markdown within a paragraph; wrapping        find.c       where lessons are
 *     script.c    lesson.lua: values, figures, checks          open.c       its machines
 *     output.c    what programs print                          player.c     going through a lesson
 *     compile.c   its programs in C
 *     task.c      files that the reader edits                  state.c      where what was done is kept
 *     progress.c  what was done                                record.c     the same, for somebody else to look at
 *     check.c     is a lesson all right?                       verify.c     who judges it again
 *     plain.c     the dialogue
 */
#ifndef PG74_LAB_LESSON_INTERNAL_H
#define PG74_LAB_LESSON_INTERNAL_H

#include <lauxlib.h>

#include "lab/lesson/lesson.h"
#include "lab/lua/lua_binding.h"

/* A link in the text. */
struct lab_lesson_link {
    char *target;
    unsigned line;
};

struct lab_lesson {
    struct lab_lesson_head head;
    char *folder, *file, *language, *text; /* the text: of the whole file */
    char *title, *terms, *after;
    struct lab_lesson_item *items;
    struct lab_lesson_section *sections;
    struct lab_lesson_page *pages;
    struct lab_lesson_link *links;
    unsigned item_count, section_count, page_count, link_count;
    struct lab_lesson_script *script; /* NULL: there is none, or it cannot be used */
};

/* ---- Memory and texts -------------------------------------------------------------------------------------------- */

void *lab_lesson_must(void *memory); /* stops when there is none left */
__attribute__((format(printf, 1, 2))) char *lab_lesson_format(const char *format, ...);
/* A copy in which control characters, which would be taken for styles, are blanks. */
char *lab_lesson_without_controls(const char *text);
/* Space for one element more behind `count` of them. */
void *lab_lesson_grow(void *array, unsigned count, size_t size);
/* The place of a word in a line of the text; its length is the word's. NULL or a word that is not there: the whole line. */
struct isa_place lab_lesson_place(const struct lab_lesson *lesson, unsigned line, const char *word);

/* ---- inline.c ---------------------------------------------------------------------------------------------------- */

struct cmark_node;
/* The text of a block's inlines, with styles (malloc). Links are added to the lesson. */
char *lab_lesson_inlines(struct lab_lesson *lesson, struct cmark_node *block, unsigned line);
/* The same of a piece of Markdown. */
char *lab_lesson_markdown(struct lab_lesson *lesson, const char *text, size_t length, unsigned line);

/* ---- directive.c ------------------------------------------------------------------------------------------------- */

/* Is a code block's info string that of a directive? Then reads it and its body, which begins in the line after `line`. */
bool lab_lesson_directive(struct lab_lesson *lesson, struct lab_lesson_item *item, const char *info, const char *body,
                          struct isa_diagnostics *diagnostics);

/* ---- script.c, open.c -------------------------------------------------------------------------------------------- */

struct lab_lesson_script {
    lua_State *L;
    char *folder, *file, *text;
    int lesson, values;  /* references: the table that lesson.lua returned; values that were computed */
    int words;           /* reference: what is said in the reader's language, by the English */
    const char *work;    /* while a task is judged: the folder with the reader's files, which go before the lesson's */
    int work_files;      /* and the list of them */
    int opened;          /* reference: the machine that was opened last while a task was judged */
    const char *about;   /* the name of what is being called; or NULL */
    bool is_readers;     /* the error is in a file of the reader's */
    struct lab_lua_control control; /* what a call may use, and who may stop it */
    unsigned pieces;     /* of Lua's instructions, that the call has executed */
    const char *stopped; /* why the last call was stopped; or NULL */
};

struct lab_lesson_script *lab_lesson_script_open(const char *folder, const char *language, struct isa_diagnostics *diagnostics);
/* Runs the script's text, with the lesson's folder as its argument, and leaves the table that it returns on the stack. False, and
 * nothing is left, with a diagnostic, when there is none. */
bool lab_lesson_script_run(struct lab_lesson_script *script, size_t length, struct isa_diagnostics *diagnostics);
void lab_lesson_script_close(struct lab_lesson_script *script);

/* Pushes lesson.GROUP.NAME; false, and nothing is pushed, when there is none. */
bool lab_lesson_script_push(struct lab_lesson_script *script, const char *group, const char *name);
/* Calls a function with arguments; an error becomes a diagnostic at its place in lesson.lua. It may execute 200 million
 * instructions of Lua, and machines 500 million steps in it; then, or when somebody wants an end, it is stopped. */
bool lab_lesson_script_call(struct lab_lesson_script *script, int arguments, int results, struct isa_diagnostics *diagnostics);
/* An error about lesson.lua, at the line where the field `group.name` begins when it can be found. */
struct isa_place lab_lesson_script_place(const struct lab_lesson_script *script, const char *name);

/* What values.NAME computes, as text (malloc), by the script's memory when `again` is false; NULL with diagnostics. */
char *lab_lesson_script_value(struct lab_lesson_script *script, const char *name, bool again,
                              struct isa_diagnostics *diagnostics);
char *lab_lesson_script_figure(struct lab_lesson_script *script, const char *name, struct isa_diagnostics *diagnostics);

/* Pushes the function `open` that lesson.lua gets. */
void lab_lesson_push_open(struct lab_lesson_script *script);
/* A fresh machine of lesson.machines: a reference to it (to be freed with luaL_unref), or LUA_NOREF with diagnostics. */
int lab_lesson_open_machine(struct lab_lesson_script *script, const char *name, struct isa_diagnostics *diagnostics);

/* ---- words.c ----------------------------------------------------------------------------------------------------- */

/* Reads LANGUAGE.lua, which may be missing, and gives lesson.lua the function `translated`. */
void lab_lesson_words_open(struct lab_lesson_script *script, const char *language, struct isa_diagnostics *diagnostics);
/* Are there words for all that lesson.lua says, and for nothing else? */
void lab_lesson_words_check(struct lab_lesson_script *script, const char *language, struct isa_diagnostics *diagnostics);

/* ---- output.c ---------------------------------------------------------------------------------------------------- */

/* Runs this program with arguments, in a folder; its output and errors (malloc). NULL with diagnostics, at `place`. */
char *lab_lesson_run_command(const char *arguments, const char *folder, const struct isa_place *place,
                             struct isa_diagnostics *diagnostics);

/* All that can be read from a descriptor (malloc). */
char *lab_lesson_read_all(int from);

/* ---- compile.c --------------------------------------------------------------------------------------------------- */

/* Compiles sources in C and assembly to an ELF file in $TMPDIR or /tmp, whose path (malloc) is the caller's, and the file, too. NULL when it cannot;
 * `said` (malloc, or NULL) is what the compiler said. `folder`: of the lesson, which may have a link.ld. */
char *lab_lesson_compile(const char *folder, const char *const *sources, unsigned count, char **said);

/* ---- player.c, task.c -------------------------------------------------------------------------------------------- */

struct lab_lesson_player {
    struct lab_lesson *lesson;
    unsigned page;
    int machine; /* a reference in the script's Lua; LUA_NOREF: there is none */
    struct lab_debug *debug;
    const char *machine_name;
    unsigned played;       /* the items before this one have been played on it */
    uint64_t played_steps; /* where it stood then */
    char *work;            /* the folder of the files that the reader edits; NULL: there is no place for them */
    struct lab_lesson_progress *progress; /* or NULL */
    bool is_silent;        /* the reader's programs print nothing */
    lab_lesson_renewed *renewed;
    void *context;
};

/* Takes true or false, and a reason (malloc; or NULL), from the stack. */
bool lab_lesson_take_verdict(lua_State *L, char **reason);

/* Is a task solved, as its files and the live machine are? As lab_lesson_player_is_done. */
bool lab_lesson_task_is_solved(struct lab_lesson_player *player, const struct lab_lesson_item *item, char **reason,
                               struct isa_diagnostics *diagnostics);
/* Keeps the files of a solved task as they are now, in the work folder's solved/TASK/. */
void lab_lesson_task_keep(struct lab_lesson_player *player, const struct lab_lesson_item *item);
/* The name of the number-th file of a task, or NULL; it lives as long as the script. */
const char *lab_lesson_task_file(struct lab_lesson_script *script, const char *task, unsigned number);
/* Puts the solution in the place of the reader's files. */
bool lab_lesson_task_solve(struct lab_lesson_player *player, const struct lab_lesson_item *item,
                           struct isa_diagnostics *diagnostics);

/* ---- state.c ----------------------------------------------------------------------------------------------------- */

/* $XDG_STATE_HOME/pg74/FOLDER/NAME, or in ~/.local/state; the folders above it are made. NULL: there is no place for it. */
char *lab_lesson_state_path(const char *folder, const char *name);
/* Writes a whole file, so that it is the old or the new one whatever happens. */
bool lab_lesson_write_file(const char *path, const void *bytes, size_t length);
bool lab_lesson_copy_file(const char *from, const char *to);
void lab_lesson_remove_folder(const char *folder);
/* A new folder, or with a suffix (".elf") a new file, in $TMPDIR or /tmp: its path (malloc), or NULL. */
char *lab_lesson_temporary(const char *suffix);

/* ---- record.c, verify.c ------------------------------------------------------------------------------------------ */

enum { LAB_LESSON_RECORD_FORMAT = 1 };

#endif
