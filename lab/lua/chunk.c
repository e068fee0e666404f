/* chunk.c: files of Lua, whose errors tell the line, and calls whose errors somebody describes. */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "lab/lua/lua_binding.h"

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Lua shortens what is longer than 60 characters when it puts a chunk's name into a message: a path may be. */
int lab_lua_load_chunk(lua_State *L, const char *path, const char *text, size_t length)
{
    lua_pushfstring(L, "@%s", last_part(path));
    int status = luaL_loadbufferx(L, text, length, lua_tostring(L, -1), "t");
    lua_remove(L, -2);
    return status;
}

unsigned lab_lua_error_line(const char *path, const char **message)
{
    const char *name = last_part(path);
    size_t length = strlen(name);
    if (strncmp(*message, name, length) != 0 || (*message)[length] != ':')
        return 0;
    char *end;
    unsigned line = (unsigned)strtoul(*message + length + 1, &end, 10);
    if (*end != ':' || line == 0)
        return 0;
    *message = end + 1 + (end[1] == ' ');
    return line;
}

int lab_lua_call(lua_State *L, int arguments, int results, lua_CFunction describe)
{
    int at = lua_gettop(L) - arguments;
    lua_pushcfunction(L, describe);
    lua_insert(L, at);
    int status = lua_pcall(L, arguments, results, at);
    lua_remove(L, at);
    return status;
}
