/* sandbox_program.c: a hosted monitor from outside: what it finds in its Lua, and how it is loaded. */
#include <string.h>

#include "lab/grade/sandbox.h"
#include "lab/lua/internal.h"

/* pg74.isa(name): there is only the lab's machine. Upvalue: it. */
static int sandbox_isa(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    return 1;
}

static int sandbox_require(lua_State *L)
{
    if (strcmp(luaL_checkstring(L, 1), "pg74") != 0)
        return luaL_error(L, "require: there is no module '%s' here, only 'pg74'", lua_tostring(L, 1));
    lua_pushvalue(L, lua_upvalueindex(1));
    return 1;
}

/* Pushes the machine's instruction set, which Lua frees when nothing refers to it. */
static void push_isa(lua_State *L, const char *name, const char *text)
{
    lua_newtable(L);
    lua_pushstring(L, name);
    if (text != NULL) {
        lua_setfield(L, -2, "name");
        lua_pushstring(L, text);
        lua_setfield(L, -2, "text");
        lab_lua_to_isa(L, -1);
    } else {
        lab_lua_to_isa(L, -1);
        lua_remove(L, -2);
    }
    lua_remove(L, -2);
}

/* What a processor can do for a monitor, and this lab wants done by hand. */
static void take_away(lua_State *L, const json_t *names)
{
    size_t i;
    json_t *name;
    luaL_getmetatable(L, LAB_LUA_CPU);
    lua_getfield(L, -1, "methods");
    json_array_foreach((json_t *)(uintptr_t)names, i, name) {
        lua_pushnil(L);
        lua_setfield(L, -2, json_string_value(name));
    }
    lua_pop(L, 2);
}

void lab_grade_sandbox_furnish(lua_State *L, const char *isa, const char *isa_text, const json_t *without)
{
    static const struct { const char *name; lua_Integer price; } classes[] = {
        {LAB_LUA_CPU, 200}, {LAB_LUA_HOST, 200}, {LAB_LUA_MACHINE, 500}, {LAB_LUA_SNAPSHOT, 500}, {LAB_LUA_ISA, 50},
        {LAB_LUA_IMAGE, 50}};
    lua_pushcfunction(L, luaopen_pg74);
    lua_call(L, 0, 0);
    take_away(L, without);
    for (unsigned i = 0; i < sizeof classes / sizeof *classes; i++)
        lab_grade_sandbox_price_methods(L, classes[i].name, classes[i].price);
    push_isa(L, isa, isa_text);
    lab_grade_sandbox_push_library(L);
    lua_newtable(L);
    lua_pushvalue(L, -3);
    lua_pushcclosure(L, sandbox_isa, 1);
    lua_setfield(L, -2, "isa");
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, sandbox_require, 1);
    lua_setfield(L, -3, "require");
    lua_setfield(L, -2, "pg74");
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

void lab_grade_sandbox_load(lua_State *L, const char *file, const char *source, size_t length)
{
    lua_pushfstring(L, "@%s", file);
    if (luaL_loadbufferx(L, source, length, lua_tostring(L, -1), "t") != LUA_OK)
        lua_error(L);
    lua_call(L, 0, 1);
    if (lua_istable(L, -1) && lua_getfield(L, -1, "monitor") != LUA_TFUNCTION)
        lua_pop(L, 1);
    if (!lua_isfunction(L, -1))
        luaL_error(L, "%s must return a function, the monitor; it returns %s", file, luaL_typename(L, -1));
}
