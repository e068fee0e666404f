/* shell.c: a Lua state with PG-74 in it; scripts, and what a line means. */
#include "lab/shell.h"

#include <lualib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa/isa.h"

/* ---- Calling ----------------------------------------------------------------------------------------------------- */

/* An error with the way to it. One that is no text stays as it is, unless it can be made one. */
static int with_traceback(lua_State *L)
{
    const char *message = lua_tostring(L, 1);
    if (message == NULL && luaL_callmeta(L, 1, "__tostring") && lua_type(L, -1) == LUA_TSTRING)
        return 1;
    if (message == NULL)
        message = lua_pushfstring(L, "(an error that is %s)", luaL_typename(L, 1));
    luaL_traceback(L, L, message, 1);
    return 1;
}

bool lab_shell_call(struct lab_shell *shell, int arguments, int results)
{
    lua_State *L = shell->L;
    if (lab_lua_call(L, arguments, results, with_traceback) == LUA_OK)
        return true;
    fflush(stdout);
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
    lua_pop(L, 1);
    return false;
}

/* ---- Texts ------------------------------------------------------------------------------------------------------- */

bool lab_shell_load(struct lab_shell *shell, const char *path)
{
    if (luaL_loadfile(shell->L, path) == LUA_OK)
        return lab_shell_call(shell, 0, 0);
    fprintf(stderr, "%s\n", lua_tostring(shell->L, -1));
    lua_pop(shell->L, 1);
    return false;
}

/* Does the message on top say that only the end of the text was wrong? */
static bool is_incomplete(lua_State *L)
{
    static const char mark[] = "<eof>";
    size_t length;
    const char *message = lua_tolstring(L, -1, &length);
    return length >= sizeof mark - 1 && strcmp(message + length - (sizeof mark - 1), mark) == 0;
}

/* As an expression if it is one. */
static int compile(lua_State *L, const char *text)
{
    const char *expression = lua_pushfstring(L, "return %s", text);
    int status = luaL_loadbuffer(L, expression, strlen(expression), "=input");
    lua_remove(L, -2);
    if (status == LUA_OK)
        return status;
    lua_pop(L, 1);
    return luaL_loadbuffer(L, text, strlen(text), "=input");
}

static int print_values(lua_State *L)
{
    for (int i = 1; i <= lua_gettop(L); i++)
        lab_shell_print(L, i, stdout);
    return 0;
}

enum lab_shell_result lab_shell_execute(struct lab_shell *shell, const char *text)
{
    lua_State *L = shell->L;
    int top = lua_gettop(L);
    if (compile(L, text) != LUA_OK) {
        bool incomplete = is_incomplete(L);
        if (!incomplete)
            fprintf(stderr, "%s\n", lua_tostring(L, -1));
        lua_settop(L, top);
        return incomplete ? LAB_SHELL_MORE : LAB_SHELL_FAILED;
    }
    bool good = lab_shell_call(shell, 0, LUA_MULTRET);
    int values = lua_gettop(L) - top;
    if (good && values > 0) {
        lua_pushcfunction(L, print_values);
        lua_insert(L, top + 1);
        good = lab_shell_call(shell, values, 0);
    }
    lua_settop(L, top);
    return good ? LAB_SHELL_DONE : LAB_SHELL_FAILED;
}

/* ---- A whole run ------------------------------------------------------------------------------------------------- */

/* What is standard in Lua, the module as `pg74`, and the script's arguments. */
static void prepare(lua_State *L, int argc, char **argv)
{
    luaL_openlibs(L);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "pg74");
    lua_call(L, 1, 1);
    lua_setglobal(L, "pg74");
    lua_newtable(L);
    for (int i = 0; i < argc; i++) {
        lua_pushstring(L, argv[i]);
        lua_rawseti(L, -2, i);
    }
    lua_setglobal(L, "arg");
}

static bool run_script(struct lab_shell *shell, int argc, char **argv)
{
    lua_State *L = shell->L;
    if (luaL_loadfile(L, strcmp(argv[0], "-") == 0 ? NULL : argv[0]) != LUA_OK) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        return false;
    }
    for (int i = 1; i < argc; i++)
        lua_pushstring(L, argv[i]);
    return lab_shell_call(shell, argc - 1, 0);
}

int lab_shell_run(int argc, char **argv)
{
    static char standard_input[] = "-";
    char *piped[] = {standard_input, NULL};
    struct lab_shell shell = {.L = luaL_newstate(), .wake = {-1, -1}};
    if (shell.L == NULL)
        return ISA_EXIT_INTERNAL;
    pthread_mutex_init(&shell.control.lock, NULL);
    lab_lua_open(shell.L, &shell.control);
    prepare(shell.L, argc, argv);
    if (argc > 0 && access(argv[0], R_OK) != 0 && strcmp(argv[0], "-") != 0) {
        fprintf(stderr, "pg74 shell: there is no file '%s' to read\n", argv[0]);
        shell.status = ISA_EXIT_NO_INPUT;
    } else if (argc == 0 && isatty(STDIN_FILENO)) {
        lab_shell_terminal(&shell);
    } else {
        bool good = argc > 0 ? run_script(&shell, argc, argv) : run_script(&shell, 1, piped);
        shell.status = good ? 0 : ISA_EXIT_DATA;
    }
    lua_close(shell.L);
    free(shell.last);
    pthread_mutex_destroy(&shell.control.lock);
    return shell.status;
}
