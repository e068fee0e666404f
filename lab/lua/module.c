/* module.c: the module's table, and how it gets into a Lua state. */
#include <lualib.h>

#include "lab/lua/internal.h"

__attribute__((visibility("default"))) int luaopen_pg74(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"isa", lab_lua_isa}, {"isas", lab_lua_isas}, {"assemble", lab_lua_assemble}, {"load", lab_lua_load},
        {"machine", lab_lua_machine}, {"restore", lab_lua_restore}, {"hosted", lab_lua_hosted},
        {"compare", lab_lua_compare}, {"classify", lab_lua_classify}, {"difference", lab_lua_difference},
        {"gdb", lab_lua_gdb}, {"tui", lab_lua_tui}, {"check", lab_lua_check}, {"host", lab_lua_host},
        {"grade", lab_lua_grade}, {NULL, NULL}};
    luaL_checkversion(L);
    lab_lua_register_isa(L);
    lab_lua_register_image(L);
    lab_lua_register_machine(L);
    lab_lua_register_snapshot(L);
    lab_lua_register_state(L);
    lab_lua_register_hosted(L);
    luaL_newlib(L, functions);
    lab_lua_push_lab(L);
    lua_setfield(L, -2, "lab");
    lab_lua_push_lessons(L);
    lua_setfield(L, -2, "lesson");
    return 1;
}

void lab_lua_open(lua_State *L, struct lab_lua_control *control)
{
    lua_pushlightuserdata(L, control);
    lua_setfield(L, LUA_REGISTRYINDEX, "pg74.control");
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, luaopen_pg74);
    lua_setfield(L, -2, "pg74");
    lua_pop(L, 1);
}
