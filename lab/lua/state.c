/* state.c: the state of a processor by name: m.state.base, m.x.a0, m.x[10]. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lab/lua/internal.h"

/* User value 1: the owner. */
struct named {
    const struct lab_lua_slots *slots;
    void *owner;
    const struct isa_state *array; /* NULL: all states, by name */
};

void lab_lua_push_state(lua_State *L, int index, const struct lab_lua_slots *slots, const struct isa_state *array)
{
    index = lua_absindex(L, index);
    struct named *named = lua_newuserdatauv(L, sizeof *named, 1);
    *named = (struct named){slots, lua_touserdata(L, index), array};
    lua_pushvalue(L, index);
    lua_setiuservalue(L, -2, 1);
    luaL_setmetatable(L, LAB_LUA_STATE);
}

/* The element that the key at 2 names. */
static unsigned element(lua_State *L, const struct isa_state *array)
{
    if (lua_isinteger(L, 2)) {
        lua_Integer number = lua_tointeger(L, 2);
        if (number < 0 || number >= (lua_Integer)array->count)
            luaL_error(L, "%s has elements 0 to %d, not %I", array->name, (int)array->count - 1, (LUAI_UACINT)number);
        return (unsigned)number;
    }
    const char *name = luaL_tolstring(L, 2, NULL);
    for (unsigned i = 0; array->names != NULL && i < array->count; i++)
        if (strcmp(array->names[i], name) == 0)
            return i;
    if (array->names != NULL && array->count > 8 && strcmp(name, "fp") == 0)
        return 8;
    return (unsigned)luaL_error(L, "%s has no element '%s'", array->name, name);
}

static const struct isa_state *state_named(lua_State *L, const struct isa *isa)
{
    const char *name = luaL_tolstring(L, 2, NULL), *found = NULL;
    const struct isa_state *state = isa_state_named(isa, name);
    unsigned best = ISA_FAR;
    for (unsigned i = 0; state == NULL && i < isa_state_count(isa); i++)
        found = isa_suggest(isa_state_at(isa, i)->name, name, strlen(name), &best, found);
    if (state == NULL)
        luaL_error(L, "%s has no state '%s'%s%s%s", isa_name(isa), name, found ? "; did you mean '" : "",
                   found ? found : "", found ? "'?" : "");
    return state;
}

static int get(lua_State *L)
{
    struct named *named = luaL_checkudata(L, 1, LAB_LUA_STATE);
    const struct isa *isa = named->slots->isa(L, named->owner, false);
    if (named->array != NULL) {
        lua_pushinteger(L, named->slots->get(named->owner, named->array->slot + element(L, named->array)));
        return 1;
    }
    const struct isa_state *state = state_named(L, isa);
    if (state->is_array) {
        lua_getiuservalue(L, 1, 1);
        lab_lua_push_state(L, -1, named->slots, state);
    } else {
        lua_pushinteger(L, named->slots->get(named->owner, state->slot));
    }
    return 1;
}

static int set(lua_State *L)
{
    struct named *named = luaL_checkudata(L, 1, LAB_LUA_STATE);
    const struct isa *isa = named->slots->isa(L, named->owner, true);
    uint32_t value = lua_isboolean(L, 3) ? (uint32_t)lua_toboolean(L, 3) : lab_lua_word(L, 3);
    const struct isa_state *state = named->array;
    if (state == NULL) {
        state = state_named(L, isa);
        if (state->is_array)
            return luaL_error(L, "%s has %d elements: set one of them", state->name, (int)state->count);
        named->slots->set(named->owner, state->slot, value);
        return 0;
    }
    unsigned number = element(L, state);
    if ((int)number != state->zero)
        named->slots->set(named->owner, state->slot + number, value);
    return 0;
}

static int length(lua_State *L)
{
    const struct named *named = luaL_checkudata(L, 1, LAB_LUA_STATE);
    lua_pushinteger(L, named->array ? named->array->count : 0);
    return 1;
}

/* Of `for name, value in pairs(m.state)`: number by number, as far as there are names. */
static int next(lua_State *L)
{
    struct named *named = luaL_checkudata(L, lua_upvalueindex(1), LAB_LUA_STATE);
    const struct isa *isa = named->slots->isa(L, named->owner, false);
    unsigned number = (unsigned)lua_tointeger(L, lua_upvalueindex(2));
    const struct isa_state *state = named->array;
    if (number >= (state ? state->count : isa_state_count(isa)))
        return 0;
    lua_pushinteger(L, number + 1);
    lua_replace(L, lua_upvalueindex(2));
    if (state == NULL)
        lua_pushstring(L, isa_state_at(isa, number)->name);
    else if (state->names != NULL)
        lua_pushstring(L, state->names[number]);
    else
        lua_pushinteger(L, number);
    lua_pushvalue(L, -1);
    lua_gettable(L, lua_upvalueindex(1));
    return 2;
}

static int pairs(lua_State *L)
{
    luaL_checkudata(L, 1, LAB_LUA_STATE);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next, 2);
    return 1;
}

/* The name of an element, or of a state that is no array; NULL for one that is. */
static const char *name_at(const struct isa *isa, const struct isa_state *array, unsigned number, char digits[16])
{
    if (array == NULL)
        return isa_state_at(isa, number)->is_array ? NULL : isa_state_at(isa, number)->name;
    snprintf(digits, 16, "%u", number);
    return array->names != NULL ? array->names[number] : digits;
}

/* For print: all of it, in columns. */
static int to_string(lua_State *L)
{
    enum { COLUMNS = 80, MOST_NAME = 40, VALUE = 11 /* with blanks */ };
    struct named *named = luaL_checkudata(L, 1, LAB_LUA_STATE);
    const struct isa *isa = named->slots->isa(L, named->owner, false);
    unsigned count = named->array != NULL ? named->array->count : isa_state_count(isa), width = 1, shown = 0;
    char digits[16], cell[MOST_NAME + VALUE + 8];
    for (unsigned i = 0; i < count; i++) {
        const char *name = name_at(isa, named->array, i, digits);
        if (name != NULL && strlen(name) > width)
            width = strlen(name) < MOST_NAME ? (unsigned)strlen(name) : MOST_NAME;
    }
    luaL_Buffer text;
    luaL_buffinit(L, &text);
    for (unsigned i = 0; i < count; i++) {
        const char *name = name_at(isa, named->array, i, digits);
        if (name == NULL)
            continue;
        unsigned slot = named->array != NULL ? named->array->slot + i : isa_state_at(isa, i)->slot;
        const char *before = shown == 0 ? "" : shown % (COLUMNS / (width + VALUE)) == 0 ? "\n" : "  ";
        snprintf(cell, sizeof cell, "%s%-*.*s %08" PRIx32, before, (int)width, MOST_NAME, name,
                 named->slots->get(named->owner, slot));
        luaL_addstring(&text, cell);
        shown++;
    }
    luaL_pushresult(&text);
    return 1;
}

void lab_lua_register_state(lua_State *L)
{
    static const luaL_Reg metamethods[] = {{"__index", get}, {"__newindex", set}, {"__len", length},
                                           {"__pairs", pairs}, {"__tostring", to_string}, {NULL, NULL}};
    luaL_newmetatable(L, LAB_LUA_STATE);
    luaL_setfuncs(L, metamethods, 0);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}
