/* sandbox_order.c: pairs. The order in which Lua itself goes through a table depends on addresses and on a seed; here
 * it is numbers by size, then texts by their bytes, then false and true. Other keys have no order. */
#include <stdlib.h>
#include <string.h>

#include "lab/grade/sandbox.h"

struct key {
    int type;
    lua_Number number;
    lua_Integer integer; /* of whole numbers: `number` may be too rough */
    const char *text;
    size_t length;
    int index;           /* in the list of keys */
};

static int rank(const struct key *key)
{
    return key->type == LUA_TNUMBER ? 0 : key->type == LUA_TSTRING ? 1 : 2;
}

static int compare(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    if (rank(a) != rank(b))
        return rank(a) - rank(b);
    if (a->type == LUA_TSTRING) {
        size_t shorter = a->length < b->length ? a->length : b->length;
        int difference = memcmp(a->text, b->text, shorter);
        return difference != 0 ? difference : a->length < b->length ? -1 : a->length > b->length;
    }
    if (a->number < b->number || a->number > b->number)
        return a->number < b->number ? -1 : 1;
    return a->integer < b->integer ? -1 : a->integer > b->integer;
}

/* The key at the top of the stack, which stays referred to by the list of keys. */
static struct key describe(lua_State *L, int index)
{
    struct key key = {.type = lua_type(L, -1), .index = index};
    if (key.type == LUA_TNUMBER) {
        key.number = lua_tonumber(L, -1);
        key.integer = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
    } else if (key.type == LUA_TSTRING) {
        key.text = lua_tolstring(L, -1, &key.length);
    } else if (key.type == LUA_TBOOLEAN) {
        key.number = lua_toboolean(L, -1);
    } else {
        luaL_error(L, "pairs: a %s as a key has no order", luaL_typename(L, -1));
    }
    return key;
}

/* Upvalues: the sorted keys, how far we are. Keys that have gone meanwhile are left out. */
static int next(lua_State *L)
{
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(2));
    luaL_checktype(L, 1, LUA_TTABLE);
    for (;;) {
        at++;
        if (lua_rawgeti(L, lua_upvalueindex(1), at) == LUA_TNIL)
            return 1;
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL)
            break;
        lua_pop(L, 2);
    }
    lua_pushinteger(L, at);
    lua_replace(L, lua_upvalueindex(2));
    return 2;
}

int lab_grade_sandbox_pairs(lua_State *L)
{
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    int count = 0;
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1))
        count++;
    lab_grade_sandbox_charge(L, 16 * (int64_t)count);
    struct key *keys = lua_newuserdatauv(L, ((size_t)count + 1) * sizeof *keys, 0);
    lua_createtable(L, count, 0);
    count = 0;
    for (lua_pushnil(L); lua_next(L, 1) != 0;) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, 3, ++count);
        keys[count - 1] = describe(L, count);
    }
    qsort(keys, (size_t)count, sizeof *keys, compare);
    lua_createtable(L, count, 0);
    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, 3, keys[i].index);
        lua_rawseti(L, -2, i + 1);
    }
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next, 2);
    lua_pushvalue(L, 1);
    return 2;
}
