/* support.c: what reading arguments and giving results have in common. */
#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"
#include "lab/lua/internal.h"

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

int lab_lua_raise(lua_State *L, struct isa_diagnostics *diagnostics)
{
    struct lab_lua_text text;
    lab_lua_text_open(&text);
    isa_diagnostics_print(diagnostics, text.stream);
    isa_diagnostics_free(diagnostics);
    luaL_where(L, 1);
    lab_lua_text_push(L, &text);
    lua_concat(L, 2);
    return lua_error(L);
}

void lab_lua_settle(lua_State *L, struct isa_diagnostics *diagnostics)
{
    if (isa_diagnostics_total(diagnostics) > 0)
        lab_lua_raise(L, diagnostics);
    isa_diagnostics_free(diagnostics);
}

void lab_lua_text_open(struct lab_lua_text *text)
{
    *text = (struct lab_lua_text){0};
    text->stream = open_memstream(&text->bytes, &text->length);
    if (text->stream == NULL)
        abort();
}

static int push_bytes(lua_State *L)
{
    const struct lab_lua_text *text = lua_touserdata(L, 1);
    lua_pushlstring(L, text->bytes, text->length);
    return 1;
}

/* The text without the line's end at its end. It is freed even when Lua is out of memory. */
void lab_lua_text_push(lua_State *L, struct lab_lua_text *text)
{
    fclose(text->stream);
    while (text->length > 0 && text->bytes[text->length - 1] == '\n')
        text->length--;
    lua_pushcfunction(L, push_bytes);
    lua_pushlightuserdata(L, text);
    int status = lua_pcall(L, 1, 1, 0);
    free(text->bytes);
    if (status != LUA_OK)
        lua_error(L);
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

void lab_lua_check_options(lua_State *L, int table, const char *what, const char *const *names)
{
    luaL_checktype(L, table, LUA_TTABLE);
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        lua_pop(L, 1);
        const char *key = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
        bool known = false;
        for (unsigned i = 0; key != NULL && names[i] != NULL; i++)
            known |= strcmp(names[i], key) == 0;
        if (known)
            continue;
        const char *near = key != NULL ? lab_nearest(key, names) : NULL;
        key = luaL_tolstring(L, -1, NULL);
        luaL_error(L, "%s has no option '%s'%s%s%s", what, key, near ? "; did you mean '" : "", near ? near : "",
                   near ? "'?" : "");
    }
}

void lab_lua_use_no_options(lua_State *L, int index)
{
    if (!lua_isnoneornil(L, index))
        return;
    lua_settop(L, index - 1);
    lua_newtable(L);
}

static void wrong_field(lua_State *L, const char *name, const char *wanted)
{
    luaL_error(L, "option '%s' must be %s, not %s", name, wanted, luaL_typename(L, -1));
}

/* The strings that these give belong to the table. */
const char *lab_lua_string_field(lua_State *L, int table, const char *name, const char *otherwise)
{
    int type = lua_getfield(L, table, name);
    if (type != LUA_TNIL && type != LUA_TSTRING)
        wrong_field(L, name, "a string");
    const char *value = type == LUA_TNIL ? otherwise : lua_tostring(L, -1);
    lua_pop(L, 1);
    return value;
}

lua_Integer lab_lua_integer_field(lua_State *L, int table, const char *name, lua_Integer otherwise, lua_Integer least,
                                  lua_Integer most)
{
    int exact;
    if (lua_getfield(L, table, name) == LUA_TNIL) {
        lua_pop(L, 1);
        return otherwise;
    }
    lua_Integer value = lua_tointegerx(L, -1, &exact);
    if (!exact)
        wrong_field(L, name, "a whole number");
    if (value < least || value > most)
        luaL_error(L, "option '%s' must be from %I to %I, not %I", name, (LUAI_UACINT)least, (LUAI_UACINT)most,
                   (LUAI_UACINT)value);
    lua_pop(L, 1);
    return value;
}

bool lab_lua_boolean_field(lua_State *L, int table, const char *name, bool otherwise)
{
    int type = lua_getfield(L, table, name);
    if (type != LUA_TNIL && type != LUA_TBOOLEAN)
        wrong_field(L, name, "true or false");
    bool value = type == LUA_TNIL ? otherwise : lua_toboolean(L, -1);
    lua_pop(L, 1);
    return value;
}

int lab_lua_nothing(lua_State *L)
{
    lua_pushnil(L);
    return 1;
}

lua_Integer lab_lua_integer(lua_State *L, int argument, lua_Integer least, lua_Integer most)
{
    lua_Integer value = luaL_checkinteger(L, argument);
    if (value < least || value > most)
        luaL_argerror(L, argument, lua_pushfstring(L, "must be from %I to %I, not %I", (LUAI_UACINT)least,
                                                   (LUAI_UACINT)most, (LUAI_UACINT)value));
    return value;
}

uint32_t lab_lua_word(lua_State *L, int argument)
{
    return (uint32_t)lab_lua_integer(L, argument, INT32_MIN, UINT32_MAX);
}

uint32_t lab_lua_little_endian(const uint8_t bytes[4])
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

void lab_lua_push_json(lua_State *L, json_t *value)
{
    const char *key;
    json_t *member;
    size_t index;
    luaL_checkstack(L, 4, "results are nested too deeply");
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        lua_newtable(L);
        json_object_foreach(value, key, member) {
            lab_lua_push_json(L, member);
            lua_setfield(L, -2, key);
        }
        break;
    case JSON_ARRAY:
        lua_newtable(L);
        json_array_foreach(value, index, member) {
            lab_lua_push_json(L, member);
            lua_rawseti(L, -2, (lua_Integer)index + 1);
        }
        break;
    case JSON_STRING: lua_pushlstring(L, json_string_value(value), json_string_length(value)); break;
    case JSON_INTEGER: lua_pushinteger(L, json_integer_value(value)); break;
    case JSON_REAL: lua_pushnumber(L, json_real_value(value)); break;
    case JSON_TRUE: case JSON_FALSE: lua_pushboolean(L, json_is_true(value)); break;
    case JSON_NULL: lua_pushnil(L); break;
    }
}
