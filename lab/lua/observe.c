/* observe.c: functions that a machine calls at its events. One that raises an error stops the run, and the error comes out of
 * it. */
#include <stdlib.h>
#include <string.h>

#include "lab/lua/internal.h"

/* ---- Observers --------------------------------------------------------------------------------------------------- */

/* Its function stands in the machine's user value 2, under its own address. */
struct lab_lua_observer {
    struct lab_lua_machine *object;
    struct lab_lua_observer *next;
    int handle;
    const struct machine_event *event; /* that it is being told */
};

/* Calls the function of an observer; the stack holds the observer and the table of functions. */
static int call_function(lua_State *L)
{
    const struct lab_lua_observer *observer = lua_touserdata(L, 1);
    if (lua_rawgetp(L, 2, observer) == LUA_TNIL)
        return 0; /* it has been taken off meanwhile */
    const struct machine *machine = observer->object->machine;
    struct machine_event whole = lab_lua_whole_event(machine, observer->event);
    lab_lua_push_event(L, machine_isa(machine), &whole);
    lua_call(L, 1, 1);
    return 1;
}

static bool says_stop(lua_State *L)
{
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
    return (lua_isboolean(L, -1) && !lua_toboolean(L, -1)) || strcmp(text, "stop") == 0;
}

/* No error may pass through the machine: it is kept, and raised when the run has stopped. */
static bool observe(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct lab_lua_observer *observer = context;
    struct lab_lua_machine *object = observer->object;
    lua_State *L = object->L;
    (void)machine;
    if (object->failed)
        return false;
    if (L == NULL) /* it moves without Lua: while it is being changed from outside */
        return true;
    if (!lua_checkstack(L, 8))
        return false;
    observer->event = event;
    lua_getiuservalue(L, object->index, 2);
    int table = lua_gettop(L);
    lua_pushcfunction(L, call_function);
    lua_pushlightuserdata(L, observer);
    lua_pushvalue(L, table);
    bool failed = lua_pcall(L, 2, 1, 0) != LUA_OK;
    bool stop = failed || says_stop(L);
    if (failed) {
        object->failed = true;
        lua_rawsetp(L, table, object);
    }
    lua_settop(L, table - 1);
    return !stop;
}

static int on(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    unsigned wanted = lab_lua_check_kinds(L, 2);
    luaL_checktype(L, 3, LUA_TFUNCTION);
    struct lab_lua_observer *observer = calloc(1, sizeof *observer);
    if (observer == NULL)
        return luaL_error(L, "out of memory");
    observer->object = object;
    observer->handle = machine_add_observer(object->machine, wanted, observe, observer);
    if (observer->handle == 0) {
        free(observer);
        return luaL_error(L, "too many observers: take one off with m:off(handle)");
    }
    observer->next = object->observers;
    object->observers = observer;
    lua_getiuservalue(L, 1, 2);
    lua_pushvalue(L, 3);
    lua_rawsetp(L, -2, observer);
    lua_pushinteger(L, observer->handle);
    return 1;
}

static int off(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    lua_Integer handle = luaL_checkinteger(L, 2);
    for (struct lab_lua_observer **at = &object->observers; *at != NULL; at = &(*at)->next) {
        struct lab_lua_observer *observer = *at;
        if (observer->handle != handle)
            continue;
        machine_remove_observer(object->machine, observer->handle);
        *at = observer->next;
        lua_getiuservalue(L, 1, 2);
        lua_pushnil(L);
        lua_rawsetp(L, -2, observer);
        free(observer);
        return 0;
    }
    return luaL_argerror(L, 2, "no observer has this handle");
}

void lab_lua_forget_observers(struct lab_lua_machine *object)
{
    while (object->observers != NULL) {
        struct lab_lua_observer *observer = object->observers;
        object->observers = observer->next;
        if (object->machine != NULL)
            machine_remove_observer(object->machine, observer->handle);
        free(observer);
    }
}

const luaL_Reg lab_lua_observe_methods[] = {{"on", on}, {"off", off}, {"tally", lab_lua_machine_tally},
                                          {NULL, NULL}};
