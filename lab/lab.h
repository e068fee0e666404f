/* lab.h: the command line's own parts. The commands are thin: each reads its options, calls the library, prints.
 *
 * To add a command NAME: write lab/command/NAME.c with lab_command_NAME, declare it here, and give it a line in the one
 * table of lab/pg74.c, from which the help is made too.
 */
#ifndef PG74_LAB_H
#define PG74_LAB_H

#include <stddef.h>

#define LAB_VERSION "0.1"

/* Each gets its own name as argv[0] and its arguments after it, and returns the exit code of the program. */
int lab_command_isa(int argc, char **argv);
int lab_command_asm(int argc, char **argv);
int lab_command_dis(int argc, char **argv);
int lab_command_run(int argc, char **argv);
int lab_command_compare(int argc, char **argv);
int lab_command_check(int argc, char **argv);
int lab_command_tui(int argc, char **argv);
int lab_command_gdb(int argc, char **argv);
int lab_command_classify(int argc, char **argv);
int lab_command_lesson(int argc, char **argv);
int lab_command_shell(int argc, char **argv);
int lab_command_grade(int argc, char **argv);
int lab_command_lab(int argc, char **argv);

/* Prints "pg74 COMMAND: MESSAGE" and where to find help, to standard error, and returns ISA_EXIT_USAGE. */
int lab_usage_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The name among `names` (ends with NULL) that `word` was most probably meant to be, or NULL when none is near. */
const char *lab_nearest(const char *word, const char *const *names);

#endif
