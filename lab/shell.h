/* shell.h: `pg74 shell`: Lua with PG-74 in it. Private to lab/.
 *
 *     shell.c           a Lua state, scripts, what a text means
 *     shell_terminal.c  lines from a person: readline, history, Ctrl-C
 *     shell_command.c   lines that begin with a colon
 *     shell_complete.c  completion
 *     shell_print.c     values, printed so that they can be read
 */
#ifndef PG74_LAB_SHELL_H
#define PG74_LAB_SHELL_H

#include <lauxlib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "lab/lua/lua_binding.h"

struct lab_shell {
    lua_State *L;
    struct lab_lua_control control; /* stops machines */
    atomic_int interrupts;          /* how often Ctrl-C was pressed since the text began to be executed */
    int wake[2];                    /* a pipe: a byte is written at each Ctrl-C */
    char *last;                     /* the last text that was executed, for :edit */
    bool cancelled;                 /* the line that is being typed, by Ctrl-C */
    bool quit;
    int status;                     /* to leave with */
};

/* Runs the script with its arguments (argv[0] is the file), or, without one (argc 0), the lines of a terminal, or
 * standard input as a script. Returns the exit code. */
int lab_shell_run(int argc, char **argv);

/* Lines from a terminal until its end. */
void lab_shell_terminal(struct lab_shell *shell);

/* Executes a text as a line of the shell: an expression's values are printed. LAB_SHELL_MORE: it is not complete. */
enum lab_shell_result { LAB_SHELL_DONE, LAB_SHELL_MORE, LAB_SHELL_FAILED };
enum lab_shell_result lab_shell_execute(struct lab_shell *shell, const char *text);

/* Executes a line that begins with a colon. */
void lab_shell_command(struct lab_shell *shell, const char *line);
const char *lab_shell_command_name(unsigned number); /* with its colon; NULL past the last */

/* Executes a file; errors are printed. */
bool lab_shell_load(struct lab_shell *shell, const char *path);

/* Calls the function under `arguments` values of the stack, with a traceback; prints an error, and gives false. */
bool lab_shell_call(struct lab_shell *shell, int arguments, int results);

/* Prints the value at an index as a person reads it, and a line's end. */
void lab_shell_print(lua_State *L, int index, FILE *stream);

/* What `text`, which ends where the cursor is, can be completed to: a list that ends with NULL; it and its strings are
 * the caller's to free. `line` is all before the cursor. NULL: nothing. `*file`: the name of a file would do. */
char **lab_shell_complete(lua_State *L, const char *line, const char *text, bool *file);

#endif
