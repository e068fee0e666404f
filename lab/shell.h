/* shell.h: `pg74 shell`: Lua with PG-74 in it. Private to lab/.
 *
 *     shell.c           a Lua state, scripts, what a line means
 *     shell_print.c     values, printed so that they can be read
 */
#ifndef PG74_LAB_SHELL_H
#define PG74_LAB_SHELL_H

#include <lauxlib.h>
#include <stdbool.h>
#include <stdio.h>

#include "lab/lua/lua_binding.h"

struct lab_shell {
    lua_State *L;
    struct lab_lua_control control;
    int status;              /* to leave with */
};

/* Runs the script with its arguments (argv[0] is the file), or, without one (argc 0), the lines of standard input.
 * Returns the exit code. */
int lab_shell_run(int argc, char **argv);

/* Executes a text as a line of the shell: an expression's values are printed. LAB_SHELL_MORE: it is not complete. */
enum lab_shell_result { LAB_SHELL_DONE, LAB_SHELL_MORE, LAB_SHELL_FAILED };
enum lab_shell_result lab_shell_execute(struct lab_shell *shell, const char *text, const char *name);

/* Executes a file; errors are printed. */
bool lab_shell_load(struct lab_shell *shell, const char *path);

/* Calls the function under `arguments` values of the stack, with a traceback; prints an error, and gives false. */
bool lab_shell_call(struct lab_shell *shell, int arguments, int results);

/* Prints the value at an index as a person reads it, and a line's end. For the function `print` of lua, too. */
void lab_shell_print(lua_State *L, int index, FILE *stream);

#endif
