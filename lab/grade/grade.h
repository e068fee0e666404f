/* grade.h: labs and their grader. The only public header of lab/grade/. docs/lab-author.md and docs/instructor.md are
 * the manuals. */
#ifndef PG74_LAB_GRADE_H
#define PG74_LAB_GRADE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct lab_grade_options {
    const char *lab, *submission; /* folders; a submission may be a file where a lab wants one */
    const char *format;           /* a name of lab_grade_format_names; NULL: text */
    const char *output;           /* a file, written again after every task; NULL: standard output, at the end */
    const char *task;             /* this task alone, or NULL */
    uint64_t seed;
    const char *secret;           /* of a course's variant, in the place of the lab's file `secret`; or NULL */
    const char *image;            /* a monitor that stands for what the compiler makes (for lab check), or NULL */
    bool no_link;                 /* the submission itself must not be a link: a student may have made it */
    bool until_failure;           /* judge nothing behind the first task that has not passed */
    bool alone;                   /* judge every task, whatever it comes after */
    bool uncontained;             /* grade even where a submission cannot be closed in */
    bool any_compiler;            /* grade with another compiler than the lab declares */
    bool keep_failures;           /* show all failures in full, not only the first three */
    unsigned seconds;             /* of the processor for a task, and ten times that by the clock; 0: 12 */
};

/* Grades one submission. Returns 0 when it has been graded, whatever the score; ISA_EXIT_... with a message when there
 * is no such lab or submission, or the lab is wrong. A result is written in any case once the options are good. */
int lab_grade_run(const struct lab_grade_options *options);

/* The same, without writing anything: the report, which the caller frees. NULL with a message, and `*code` set, where
 * nothing could be graded. */
json_t *lab_grade_report(const struct lab_grade_options *options, int *code);

/* Grades every submission in a folder, `jobs` at a time: options->output is the folder of the results, a JSON file for
 * each, results.csv and results.html. What is there already, of the same lab and seed, stays. With `old`, an earlier
 * results.csv (or NULL), it prints which scores have changed. Returns the exit code. */
int lab_grade_batch(const struct lab_grade_options *options, const char *folder, unsigned jobs, const char *old);

/* "text", "json", "junit", ...; ends with NULL. */
extern const char *const lab_grade_format_names[];

/* Prints a report. `full`: all failures in full. */
void lab_grade_print(const json_t *report, const char *format, bool full, FILE *stream);

/* What runs in a closed child: `pg74 grade --child`. */
int lab_grade_child(void);

#endif
