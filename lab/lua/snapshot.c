/* snapshot.c: the whole machine at one moment, kept here or in a file. */
#include "lab/lua/internal.h"

/* User value 1: the machine that it was taken of. */
struct kept { struct machine_snapshot *snapshot; };

int lab_lua_machine_snapshot(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    struct kept *kept = lua_newuserdatauv(L, sizeof *kept, 1);
    kept->snapshot = NULL;
    luaL_setmetatable(L, LAB_LUA_SNAPSHOT);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, 1);
    kept->snapshot = machine_snapshot_take(object->machine);
    return 1;
}

int lab_lua_machine_restore(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    const struct kept *kept = luaL_checkudata(L, 2, LAB_LUA_SNAPSHOT);
    lua_getiuservalue(L, 2, 1);
    if (kept->snapshot == NULL || !lua_rawequal(L, 1, -1))
        return luaL_argerror(L, 2, "a snapshot of another machine");
    machine_snapshot_restore(object->machine, kept->snapshot);
    return 0;
}

static int collect(lua_State *L)
{
    struct kept *kept = luaL_checkudata(L, 1, LAB_LUA_SNAPSHOT);
    if (kept->snapshot != NULL)
        machine_snapshot_free(kept->snapshot);
    kept->snapshot = NULL;
    return 0;
}

int lab_lua_machine_save(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    const char *path = luaL_checkstring(L, 2);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    machine_save(object->machine, path, diagnostics);
    lab_lua_settle(L, diagnostics);
    return 0;
}

int lab_lua_restore(lua_State *L)
{
    static const char *const names[] = {"isa", "engine", NULL};
    static const char *const engines[] = {"fast", "reference", NULL};
    const char *path = luaL_checkstring(L, 1);
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_newtable(L);
        lua_replace(L, 2);
    }
    lab_lua_check_options(L, 2, "pg74.restore", names);
    lua_getfield(L, 2, "engine");
    enum machine_engine engine = luaL_checkoption(L, 3, "fast", engines) == 0 ? MACHINE_FAST : MACHINE_REFERENCE;
    lua_newtable(L);
    lua_getfield(L, 2, "isa");
    const struct isa *isa = lab_lua_to_isa(L, -1);
    lua_setfield(L, 4, "isa");
    struct lab_lua_machine *object = lab_lua_push_machine(L, NULL, 4, NULL);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    object->machine = machine_restore(isa, path, engine, diagnostics);
    lab_lua_settle(L, diagnostics);
    return 1;
}

void lab_lua_register_snapshot(lua_State *L)
{
    static const luaL_Reg methods[] = {{NULL, NULL}};
    static const luaL_Reg metamethods[] = {{"__gc", collect}, {NULL, NULL}};
    lab_lua_class(L, LAB_LUA_SNAPSHOT, methods, NULL, NULL, metamethods);
}
