/* class.c: userdata with methods and fields. A name that is neither is an error that suggests one. */
#include <string.h>

#include "lab/lua/internal.h"

/* The name among the keys of the table at `index` that is nearest to `word`; or `so_far`. */
static const char *nearest(lua_State *L, int index, const char *word, const char *so_far, unsigned *best)
{
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING)
            so_far = isa_suggest(lua_tostring(L, -1), word, strlen(word), best, so_far);
    }
    return so_far;
}

/* Upvalues of the two: the class's name, methods, fields, setters. */
static int unknown(lua_State *L, bool write)
{
    const char *key = luaL_tolstring(L, 2, NULL), *found = NULL;
    unsigned best = ISA_FAR;
    if (!write)
        found = nearest(L, lua_upvalueindex(2), key, found, &best);
    found = nearest(L, lua_upvalueindex(write ? 4 : 3), key, found, &best);
    return luaL_error(L, "%s has no %s '%s'%s%s%s", lua_tostring(L, lua_upvalueindex(1)),
                      write ? "field to set called" : "field or method", key, found ? "; did you mean '" : "",
                      found ? found : "", found ? "'?" : "");
}

static int get(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL)
        return 1;
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(3)) == LUA_TNIL)
        return unknown(L, false);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

static int set(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(4)) == LUA_TNIL)
        return unknown(L, true);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 3);
    lua_call(L, 2, 0);
    return 0;
}

static void push_functions(lua_State *L, const luaL_Reg *functions)
{
    lua_newtable(L);
    if (functions != NULL)
        luaL_setfuncs(L, functions, 0);
}

void lab_lua_class(lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *fields,
                   const luaL_Reg *setters, const luaL_Reg *metamethods)
{
    luaL_newmetatable(L, name);
    int metatable = lua_gettop(L);
    lua_pushstring(L, name);
    push_functions(L, methods);
    push_functions(L, fields);
    push_functions(L, setters);
    lua_pushvalue(L, -3);
    lua_setfield(L, metatable, "methods"); /* for whoever lists what there is: the shell, the tests */
    lua_pushvalue(L, -2);
    lua_setfield(L, metatable, "fields");
    for (int i = 0; i < 4; i++)
        lua_pushvalue(L, metatable + 1 + i);
    lua_pushcclosure(L, get, 4);
    lua_setfield(L, metatable, "__index");
    lua_pushcclosure(L, set, 4);
    lua_setfield(L, metatable, "__newindex");
    if (metamethods != NULL)
        luaL_setfuncs(L, metamethods, 0);
    lua_pushboolean(L, false);
    lua_setfield(L, metatable, "__metatable");
    lua_pop(L, 1);
}
