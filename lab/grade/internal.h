/* internal.h: what the files of lab/grade/ share. Private to it.
 *
 *     parent.c      the process that writes results, and does nothing else: it starts a judge, listens, and writes
 *     hear.c        what the judge says, and what a report becomes by it
 *     judge.c       the process that runs a lab's checks, which are the instructor's
 *     lab_file.c    lab.lua: read, and what is wrong with it
 *     work.c        what checks are made of, in C;  checks.lua, and the files that it names, in Lua, on top of that
 *     record.c      the record of a lesson, which is judged again
 *     contain.h     children in which a submission is compiled or run;  child.c  what runs in one of them
 *     sandbox.h     the Lua in it
 *     batch.c       many submissions;  table.c  their tables;  author.h  what authors of labs need: bundle.c, check.c
 *     report.c      a report: tasks, verdicts, points;  text.c  what comes from outside as a text that can be shown
 *     format_*.c    a report as others want to read it
 *
 * A report is a JSON object from the beginning, and docs/instructor.md says what is in it. */
#ifndef PG74_LAB_GRADE_INTERNAL_H
#define PG74_LAB_GRADE_INTERNAL_H

#include <lauxlib.h>

#include "isa/isa.h"
#include "lab/grade/contain.h"
#include "lab/grade/grade.h"
#include "lab/lab.h"

enum { LAB_GRADE_API = 1, LAB_GRADE_LARGEST_FILE = 1 << 20 };

#define LAB_GRADE_PASSED "passed"
#define LAB_GRADE_FAILED "failed"
#define LAB_GRADE_SKIPPED "skipped"
#define LAB_GRADE_ERROR "grader error"
#define LAB_GRADE_NOT_REACHED "the grader did not come so far" /* the message of a task until it is judged */

/* What a judge and the checks in its Lua need to know. */
struct lab_grade_judge {
    const struct lab_grade_options *options;
    struct lab_grade_containment containment;
    int lab, submission;   /* their folders */
    const char *only_file; /* the submission is this file, in the folder; or NULL */
    char *scratch;         /* of the last compilation, or NULL */
};

/* ---- lab_file.c -------------------------------------------------------------------------------------------------- */

/* Runs lab.lua in `L`, where checks.lua has been run, and leaves its table on the stack. False with diagnostics when it
 * is no lab. */
bool lab_grade_lab_open(lua_State *L, int folder, const char *path, struct isa_diagnostics *diagnostics);

/* What the table on top of the stack says, but for its functions: {"title", "machine", "hours", "compiler", "submit",
 * "tasks": [...]}. */
json_t *lab_grade_lab_describe(lua_State *L);

/* A digest of all files of a folder, by their names and bytes: 16 hexadecimal digits. */
void lab_grade_lab_hash(int folder, char hash[17]);

/* ---- judge.c, hear.c, work.c ------------------------------------------------------------------------------------- */

/* Judges the tasks from number `first` on, of which `report` (may have no tasks yet) has the verdicts so far. Writes
 * lines of JSON to `output`:
 *     {"lab": {...}}   {"bad_lab": TEXT, "code": N}   {"broken": TEXT}   {"begin": I}
 *     {"end": I, "verdict": ..., ...}                 {"done": true}
 * Does not return. */
_Noreturn void lab_grade_judge(const struct lab_grade_options *options, const json_t *report, size_t first, int output);

/* What a parent has heard of a judge. */
struct lab_grade_hearing {
    json_t *report;
    char *line;          /* the one that has not come to its end yet; the owner frees it */
    size_t length, room;
    size_t next;         /* the first task that has no verdict yet */
    bool begun, done;    /* a task; everything */
    bool given_up;       /* nothing more can be graded */
    int code;            /* to exit with */
};
/* Takes in what a judge has said; true when the report may have changed by it. */
bool lab_grade_hear(struct lab_grade_hearing *hearing, const char *bytes, size_t length);

/* Pushes the table of functions that checks.lua gets. `judge` outlives the state. */
void lab_grade_push_work(lua_State *L, struct lab_grade_judge *judge);
/* generator(text): a function of a limit that gives numbers from 1 to it, by chance, the same each time for the same
 * text. */
int lab_grade_generator(lua_State *L);
/* Runs checks.lua and the files that it names: the table `lab` becomes a global. False with the error on the stack. */
bool lab_grade_open_checks(lua_State *L, struct lab_grade_judge *judge);
/* Pushes that table, whatever a lab.lua has made of the global; nil where no checks were opened. */
void lab_grade_push_lab(lua_State *L);
/* From now on numbers are drawn for tasks that are hidden, or for others: by another seed. False with the error on the
 * stack. */
bool lab_grade_begin_drawing(lua_State *L, bool hidden);
/* The texts of files in Lua. */
extern const char lab_grade_checks[], lab_grade_course[], lab_grade_programs[], lab_grade_monitors[],
    lab_grade_instruction_sets[], lab_grade_records[], lab_grade_kernels[], lab_grade_questions[];

/* Pushes the lines that a child has written, each parsed, and as field `ended` how it came to its end. */
void lab_grade_push_answer(lua_State *L, const struct lab_grade_outcome *outcome);

/* "riscv64-unknown-elf-gcc (...) 12.2.0", or "none". The caller frees it. */
char *lab_grade_compiler(void);

/* ---- record.c, bundle.c ------------------------------------------------------------------------------------------ */

/* grade.record{lesson = NAME, lessons = a folder of the lab's or nil, text = the record}: what a child answers. */
int lab_grade_record(lua_State *L);
/* What such a child does with its job, in a folder that has been filled. Returns the exit code. */
int lab_grade_record_child(const json_t *job);
/* Puts this program, its monitors and guests into a folder, as `make install` would. `suffix`: only those of monitors
 * and guests whose names end so; or NULL. False after a message. */
bool lab_grade_copy_program(int folder, const char *suffix);
/* All that is in a folder, but for names that begin with a point. */
bool lab_grade_copy_folder(int from, int to);

/* ---- text.c ------------------------------------------------------------------------------------------------------ */

/* Bytes from outside as a string that a terminal, a page and a parser can be given: what does harm becomes a '?', what is too
 * long is cut. Without `several_lines` it is one line. NULL when there is no memory. */
json_t *lab_grade_text(const char *bytes, size_t length, bool several_lines);

/* ---- report.c ---------------------------------------------------------------------------------------------------- */

json_t *lab_grade_report_new(const struct lab_grade_options *options);
/* Adds the lab, whose tasks have no verdict yet: a grader error, for they were not reached. */
void lab_grade_report_lab(json_t *report, json_t *lab);
/* What came of a task; `result` has "verdict", and goes. Its points are counted. */
void lab_grade_report_task(json_t *report, size_t number, json_t *result);
/* The whole was not finished. */
void lab_grade_report_error(json_t *report, const char *text);
/* The first task that this one comes after and that has not passed, or NULL. */
const char *lab_grade_report_missing(const json_t *report, const json_t *task);

const char *lab_grade_string(const json_t *object, const char *name); /* "" when there is none */
bool lab_grade_is(const json_t *task, const char *verdict);
bool lab_grade_hidden(const json_t *task);
/* Prints why a task failed, with expected, got, guest, hint and how to see it again; each line after `indent`. */
void lab_grade_print_failure(const json_t *report, const json_t *task, const char *indent, FILE *stream);
/* The same as a string for the caller to free. */
char *lab_grade_failure_text(const json_t *report, const json_t *task);
/* What the hidden tasks concern, and how many have passed. Empty when there are none; for the caller to free. */
char *lab_grade_hidden_text(const json_t *report);
/* A number of points as people write it: "7", "2.5". */
const char *lab_grade_points(double points, char text[32]);

/* ---- table.c ----------------------------------------------------------------------------------------------------- */

/* A batch's reports, a list, as its tables. */
void lab_grade_table_csv(const json_t *reports, FILE *stream);
void lab_grade_table_html(const json_t *reports, FILE *stream);
/* The scores, as texts, by the names of the submissions, of a table in CSV. */
json_t *lab_grade_table_scores(const char *text);

/* ---- format_*.c -------------------------------------------------------------------------------------------------- */

void lab_grade_print_text(const json_t *report, bool full, FILE *stream);
void lab_grade_print_junit(const json_t *report, bool full, FILE *stream);
void lab_grade_print_tap(const json_t *report, bool full, FILE *stream);
void lab_grade_print_gradescope(const json_t *report, bool full, FILE *stream);
void lab_grade_print_autolab(const json_t *report, bool full, FILE *stream);
void lab_grade_print_prairielearn(const json_t *report, bool full, FILE *stream);
void lab_grade_print_github(const json_t *report, bool full, FILE *stream);

#endif
