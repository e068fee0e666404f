/* run.c: running a machine, going back, and waiting for an event. */

#include "lab/lua/internal.h"

/* ---- Running ----------------------------------------------------------------------------------------------------- */

struct lab_lua_control *lab_lua_control(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, "pg74.control");
    struct lab_lua_control *control = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return control;
}

bool lab_lua_interrupted(lua_State *L)
{
    struct lab_lua_control *control = lab_lua_control(L);
    if (control == NULL)
        return false;
    bool stops = control->stops != NULL && control->stops(control->context);
    pthread_mutex_lock(&control->lock);
    bool asked = control->asked = control->asked || stops;
    pthread_mutex_unlock(&control->lock);
    return asked;
}

bool lab_lua_enter(lua_State *L, int index, struct lab_lua_machine *object, struct lab_lua_control *control)
{
    bool asked = false;
    object->L = L;
    object->index = index;
    object->failed = false;
    if (control == NULL)
        return true;
    pthread_mutex_lock(&control->lock);
    asked = control->asked;
    control->running = asked ? NULL : object->machine;
    pthread_mutex_unlock(&control->lock);
    return !asked;
}

static uint64_t burnt(const struct machine *machine)
{
    struct machine_time time = machine_time(machine);
    return time.instructions + time.traps;
}

/* Runs for no more than is left of the fuel of all; in pieces, if somebody is to be asked in between. */
static enum machine_stop burn(lua_State *L, struct machine *machine, uint64_t fuel, struct lab_lua_control *control)
{
    enum { PIECE = 1 << 20 };
    bool limited = control != NULL && control->limited, asks = control != NULL && control->stops != NULL;
    uint64_t left = limited && control->fuel < fuel ? control->fuel : fuel, before = burnt(machine), piece, used = 0;
    enum machine_stop stop;
    do {
        piece = asks && left - used > PIECE ? PIECE : left - used;
        stop = machine_run(machine, piece);
        used = burnt(machine) - before;
    } while (asks && stop == MACHINE_LIMIT && used < left && !lab_lua_interrupted(L));
    if (limited)
        control->fuel -= used;
    return stop;
}

void lab_lua_leave(lua_State *L, struct lab_lua_machine *object, struct lab_lua_control *control)
{
    bool asked = false;
    object->L = NULL;
    if (control != NULL) {
        pthread_mutex_lock(&control->lock);
        control->running = NULL;
        asked = control->asked;
        pthread_mutex_unlock(&control->lock);
    }
    if (object->failed) {
        object->failed = false;
        lua_getiuservalue(L, object->index, 2);
        lua_rawgetp(L, -1, object);
        lua_pushnil(L);
        lua_rawsetp(L, -3, object);
        lua_error(L);
    }
    if (asked)
        luaL_error(L, "interrupted");
    if (control != NULL && control->limited && control->fuel == 0)
        luaL_error(L, "the fuel is used up");
}

void lab_lua_interrupt(struct lab_lua_control *control)
{
    pthread_mutex_lock(&control->lock);
    control->asked = true;
    if (control->running != NULL)
        machine_interrupt_run(control->running);
    pthread_mutex_unlock(&control->lock);
}

void lab_lua_go_on(struct lab_lua_control *control)
{
    pthread_mutex_lock(&control->lock);
    control->asked = false;
    pthread_mutex_unlock(&control->lock);
}

enum machine_stop lab_lua_run_machine(lua_State *L, int index, uint64_t fuel)
{
    index = lua_absindex(L, index);
    struct lab_lua_machine *object = lab_lua_check_machine(L, index, true);
    struct lab_lua_control *control = lab_lua_control(L);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    enum machine_stop stop = lab_lua_enter(L, index, object, control) ? burn(L, object->machine, fuel, control) : MACHINE_STOPPED;
    lab_lua_leave(L, object, control);
    return stop;
}

/* Waits for one event, of which the kinds are named and a function may say more. */
struct waiting {
    lua_State *L;
    struct lab_lua_machine *object;
    int condition; /* the function on the stack, or 0 */
    struct machine_event event;
    bool happened;
};

static int call_condition(lua_State *L)
{
    const struct waiting *waiting = lua_touserdata(L, 1);
    lab_lua_push_event(L, machine_isa(waiting->object->machine), &waiting->event);
    lua_call(L, 1, 1);
    return 1;
}

/* Whether it is the event: by a function that says so with true. */
static bool is_wanted(struct waiting *waiting)
{
    lua_State *L = waiting->L;
    if (waiting->condition == 0)
        return true;
    if (waiting->object->failed || !lua_checkstack(L, 8))
        return false;
    lua_pushcfunction(L, call_condition);
    lua_pushlightuserdata(L, waiting);
    lua_pushvalue(L, waiting->condition);
    bool failed = lua_pcall(L, 2, 1, 0) != LUA_OK, wanted = !failed && lua_toboolean(L, -1);
    if (failed) {
        waiting->object->failed = true;
        lua_getiuservalue(L, waiting->object->index, 2);
        lua_pushvalue(L, -2);
        lua_rawsetp(L, -2, waiting->object);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return wanted;
}

/* Stops at the event, and when the function has failed. */
static bool wait_for(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct waiting *waiting = context;
    if (waiting->happened || waiting->object->failed)
        return false;
    waiting->event = lab_lua_whole_event(machine, event);
    waiting->happened = is_wanted(waiting);
    return !waiting->happened && !waiting->object->failed;
}

/* An observer of the machine while this runs; errors take it off before they go on. */
static int run_until(lua_State *L, struct lab_lua_machine *object, unsigned wanted, int condition, uint64_t fuel)
{
    struct waiting waiting = {.L = L, .object = object, .condition = condition};
    struct lab_lua_control *control = lab_lua_control(L);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    int handle = machine_add_observer(object->machine, wanted, wait_for, &waiting);
    if (handle == 0)
        return luaL_error(L, "too many observers: take one off with m:off(handle)");
    enum machine_stop stop = lab_lua_enter(L, 1, object, control) ? burn(L, object->machine, fuel, control) : MACHINE_STOPPED;
    machine_remove_observer(object->machine, handle);
    lab_lua_leave(L, object, control);
    lua_pushstring(L, waiting.happened ? "event" : lab_lua_stop_name(stop));
    if (!waiting.happened)
        return 1;
    lab_lua_push_event(L, machine_isa(object->machine), &waiting.event);
    return 2;
}

/* m:run([limit]) or m:run{limit =, until_event =, when =}. */
static int run(lua_State *L)
{
    static const char *const names[] = {"limit", "until_event", "when", NULL};
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    uint64_t fuel = UINT64_MAX;
    lua_settop(L, 2);
    if (lua_istable(L, 2)) {
        lab_lua_check_options(L, 2, "run", names);
        lua_Integer limit = lab_lua_integer_field(L, 2, "limit", 0, 1, INT64_MAX);
        fuel = limit > 0 ? (uint64_t)limit : fuel;
        lua_getfield(L, 2, "until_event");
        lua_getfield(L, 2, "when");
        if (!lua_isnil(L, 4))
            luaL_argexpected(L, lua_isfunction(L, 4), 2, "a function in field 'when'");
        if (!lua_isnil(L, 3))
            return run_until(L, object, lab_lua_check_kinds(L, 3), lua_isnil(L, 4) ? 0 : 4, fuel);
    } else if (!lua_isnil(L, 2)) {
        fuel = (uint64_t)lab_lua_integer(L, 2, 0, INT64_MAX);
    }
    lua_pushstring(L, lab_lua_stop_name(lab_lua_run_machine(L, 1, fuel)));
    return 1;
}

static int step(lua_State *L)
{
    uint64_t steps = lua_isnoneornil(L, 2) ? 1 : (uint64_t)lab_lua_integer(L, 2, 0, INT64_MAX);
    lab_lua_check_machine(L, 1, true);
    lua_pushstring(L, lab_lua_stop_name(lab_lua_run_machine(L, 1, steps)));
    return 1;
}

/* ---- Going back -------------------------------------------------------------------------------------------------- */

static int back(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    uint64_t steps = lua_isnoneornil(L, 2) ? 1 : (uint64_t)lab_lua_integer(L, 2, 0, INT64_MAX);
    lua_pushboolean(L, machine_history_back(object->machine, steps));
    return 1;
}

/* While it looks for the event, the machine runs: the function may not change it. `observe` says false at the event. */
static bool look_for(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct waiting *waiting = context;
    waiting->event = lab_lua_whole_event(machine, event);
    return !is_wanted(waiting);
}

static int back_to(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    unsigned wanted = lab_lua_check_kinds(L, 2);
    lua_settop(L, 3);
    if (!lua_isnil(L, 3))
        luaL_checktype(L, 3, LUA_TFUNCTION);
    struct waiting waiting = {.L = L, .object = object, .condition = lua_isnil(L, 3) ? 0 : 3};
    struct lab_lua_control *control = lab_lua_control(L);
    bool found = lab_lua_enter(L, 1, object, control) &&
                 machine_history_back_to(object->machine, wanted, look_for, &waiting);
    lab_lua_leave(L, object, control);
    lua_pushboolean(L, found);
    return 1;
}

const luaL_Reg lab_lua_run_methods[] = {{"run", run}, {"step", step}, {"back", back}, {"back_to", back_to}, {NULL, NULL}};
