/* tally.c: counting events. A tally is a table from what was counted to how often; it lists the most frequent first. */
#include <stdlib.h>
#include <string.h>

#include "lab/lua/internal.h"

#define TALLY "pg74.tally"

/* What an event is counted as: the instruction, the cause, the port, or else its kind. */
static void push_key(lua_State *L)
{
    static const char *const names[] = {"instruction", "cause", "name", "kind"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (lua_getfield(L, 1, names[i]) == LUA_TSTRING)
            return;
        lua_pop(L, 1);
    }
    lua_pushliteral(L, "unknown");
}

/* Upvalues: the tally, and the function that says what an event is counted as, or nil. */
static int count_event(lua_State *L)
{
    lua_settop(L, 1);
    if (lua_isnil(L, lua_upvalueindex(2))) {
        push_key(L);
    } else {
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_pushvalue(L, 1);
        lua_call(L, 1, 1);
        if (lua_isnil(L, -1))
            return 0; /* it does not count */
        luaL_tolstring(L, -1, NULL);
    }
    lua_pushvalue(L, -1);
    lua_rawget(L, lua_upvalueindex(1));
    lua_pushinteger(L, lua_tointeger(L, -1) + 1);
    lua_replace(L, -2);
    lua_rawset(L, lua_upvalueindex(1));
    return 0;
}

struct counted { const char *name; lua_Integer times; };

static int by_times(const void *a, const void *b)
{
    const struct counted *first = a, *second = b;
    if (first->times != second->times)
        return first->times > second->times ? -1 : 1;
    return strcmp(first->name, second->name);
}

/* Pushes the names that the tally at 1 has, in order. */
static void push_order(lua_State *L)
{
    size_t count = 0, i = 0;
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1))
        count++;
    struct counted *list = lua_newuserdatauv(L, (count + 1) * sizeof *list, 0);
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING && i < count)
            list[i++] = (struct counted){lua_tostring(L, -2), lua_tointeger(L, -1)};
    qsort(list, i, sizeof *list, by_times);
    lua_createtable(L, (int)i, 0);
    for (size_t k = 0; k < i; k++) {
        lua_pushstring(L, list[k].name);
        lua_rawseti(L, -2, (lua_Integer)k + 1);
    }
    lua_remove(L, -2);
}

/* Upvalues: the tally, its names in order, how many have been given. */
static int next(lua_State *L)
{
    lua_Integer number = lua_tointeger(L, lua_upvalueindex(3)) + 1;
    lua_pushinteger(L, number);
    lua_replace(L, lua_upvalueindex(3));
    if (lua_rawgeti(L, lua_upvalueindex(2), number) == LUA_TNIL)
        return 1;
    lua_pushvalue(L, -1);
    lua_rawget(L, lua_upvalueindex(1));
    return 2;
}

static int pairs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    push_order(L);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next, 3);
    return 1;
}

/* m:tally(kinds [, what]). */
int lab_lua_machine_tally(lua_State *L)
{
    static const luaL_Reg metamethods[] = {{"__pairs", pairs}, {NULL, NULL}};
    lua_settop(L, 3);
    if (!lua_isnil(L, 3))
        luaL_checktype(L, 3, LUA_TFUNCTION);
    lua_newtable(L);
    if (luaL_newmetatable(L, TALLY))
        luaL_setfuncs(L, metamethods, 0);
    lua_setmetatable(L, -2);
    lua_getfield(L, 1, "on");
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 4);
    lua_pushvalue(L, 3);
    lua_pushcclosure(L, count_event, 2);
    lua_call(L, 3, 1);
    return 2;
}
