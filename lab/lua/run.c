/* run.c: running a machine, going back, and calling Lua functions on the way. A function that raises an error stops the
 * run, and the error comes out of it. */
#include <stdlib.h>
#include <string.h>

#include "lab/lua/internal.h"

/* ---- Kinds of events --------------------------------------------------------------------------------------------- */

static const struct { const char *name; enum machine_event_kind kind; } kinds[] = {
    {"trap", MACHINE_EVENT_TRAP}, {"interrupt", MACHINE_EVENT_INTERRUPT}, {"psw", MACHINE_EVENT_PSW},
    {"port", MACHINE_EVENT_PORT}, {"retire", MACHINE_EVENT_RETIRE}, {"store", MACHINE_EVENT_STORE},
    {"fetch", MACHINE_EVENT_FETCH}, {"stop", MACHINE_EVENT_STOP}, {"frame", MACHINE_EVENT_FRAME}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static unsigned kind_named(lua_State *L, const char *name, size_t length)
{
    const char *found = NULL;
    unsigned best = ISA_FAR;
    for (unsigned i = 0; i < KINDS; i++)
        if (strlen(kinds[i].name) == length && strncmp(kinds[i].name, name, length) == 0)
            return kinds[i].kind;
    for (unsigned i = 0; i < KINDS; i++)
        found = isa_suggest(kinds[i].name, name, length, &best, found);
    lua_pushlstring(L, name, length);
    return (unsigned)luaL_error(L, "there is no event '%s'%s%s%s", lua_tostring(L, -1), found ? "; did you mean '" : "",
                                found ? found : "", found ? "'?" : "");
}

/* "trap", or several: "trap interrupt". */
static unsigned check_kinds(lua_State *L, int argument)
{
    const char *text = luaL_checkstring(L, argument);
    unsigned sum = 0;
    while (*(text += strspn(text, " ,")) != '\0') {
        size_t length = strcspn(text, " ,");
        sum |= kind_named(L, text, length);
        text += length;
    }
    if (sum == 0)
        luaL_argerror(L, argument, "no event is named");
    return sum;
}

static const char *kind_name(enum machine_event_kind kind)
{
    for (unsigned i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].name;
    return "none";
}

const char *lab_lua_stop_name(enum machine_stop stop)
{
    static const char *const names[] = {"halted", "limit", "deadlock", "stopped"};
    return names[stop];
}

/* ---- An event as a table ----------------------------------------------------------------------------------------- */

static void set_number(lua_State *L, const char *name, uint32_t value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
}

static void set_boolean(lua_State *L, const char *name, bool value)
{
    lua_pushboolean(L, value);
    lua_setfield(L, -2, name);
}

static void set_string(lua_State *L, const char *name, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

static lua_Integer field_value(const struct isa_field *field, uint32_t word)
{
    uint32_t value = isa_field_get(field, word);
    bool is_signed = field->kind == ISA_SIGNED || field->kind == ISA_RELATIVE;
    return is_signed ? (lua_Integer)isa_signed(value, field->width) : (lua_Integer)value;
}

void lab_lua_set_instruction(lua_State *L, const struct isa *isa, uint32_t word)
{
    char text[128];
    const struct isa_instruction *instruction = isa_decode(isa, word);
    isa_disassemble(isa, word, 0, NULL, NULL, text, sizeof text);
    set_number(L, "word", word);
    set_string(L, "text", text);
    set_string(L, "instruction", instruction ? instruction->name : NULL);
    if (instruction == NULL)
        return;
    lua_createtable(L, 0, (int)instruction->field_count);
    for (unsigned i = 0; i < instruction->field_count; i++) {
        lua_pushinteger(L, field_value(&instruction->fields[i], word));
        lua_setfield(L, -2, instruction->fields[i].name);
    }
    lua_setfield(L, -2, "operands");
}

static void set_cause(lua_State *L, const struct isa *isa, const struct machine_event *event)
{
    static const char *const accesses[] = {"none", "fetch", "load", "store"};
    const struct isa_cause *cause = isa_cause_numbered(isa, event->cause);
    set_string(L, "cause", cause ? cause->name : "unknown");
    set_number(L, "number", event->cause);
    if (event->kind == MACHINE_EVENT_INTERRUPT)
        return;
    set_number(L, "value", event->value);
    set_string(L, "access", accesses[event->access < 4 ? event->access : 0]);
    if (cause != NULL && !cause->storage)
        lab_lua_set_instruction(L, isa, event->word);
}

struct machine_event lab_lua_whole_event(const struct machine *machine, const struct machine_event *event)
{
    struct machine_event whole = *event;
    uint32_t physical;
    if (event->kind == MACHINE_EVENT_TRAP && !machine_next_word(machine, &whole.word, &physical))
        whole.word = 0;
    return whole;
}

static void set_port(lua_State *L, const struct isa *isa, const struct machine_event *event)
{
    const struct isa_port *port = isa_port_numbered(isa, event->port % MACHINE_PORTS_OF_A_UNIT);
    set_number(L, "port", event->port);
    set_string(L, "name", port != NULL ? port->name : NULL);
    set_number(L, "unit", event->port / MACHINE_PORTS_OF_A_UNIT + 1);
    set_number(L, "value", event->value);
    set_boolean(L, "write", event->is_write);
}

void lab_lua_push_event(lua_State *L, const struct isa *isa, const struct machine_event *event)
{
    lua_createtable(L, 0, 12);
    set_string(L, "kind", kind_name(event->kind));
    set_number(L, "pc", event->pc);
    set_boolean(L, "user", event->user);
    set_boolean(L, "guest", event->guest);
    switch (event->kind) {
    case MACHINE_EVENT_TRAP: case MACHINE_EVENT_INTERRUPT: set_cause(L, isa, event); break;
    case MACHINE_EVENT_PORT: set_port(L, isa, event); break;
    case MACHINE_EVENT_RETIRE: case MACHINE_EVENT_FETCH:
        set_number(L, "physical", event->physical);
        lab_lua_set_instruction(L, isa, event->word);
        break;
    case MACHINE_EVENT_STORE:
        set_number(L, "physical", event->physical);
        set_number(L, "address", event->virtual_address);
        set_number(L, "bytes", event->bytes);
        set_number(L, "value", event->value);
        set_boolean(L, "by_device", event->by_device);
        break;
    case MACHINE_EVENT_FRAME:
        set_number(L, "unit", event->value + 1);
        set_number(L, "physical", event->physical);
        set_number(L, "bytes", event->bytes);
        set_boolean(L, "sent", event->is_write);
        break;
    case MACHINE_EVENT_STOP: set_string(L, "reason", lab_lua_stop_name((enum machine_stop)event->value)); break;
    case MACHINE_EVENT_PSW: break;
    }
}

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

int lab_lua_machine_on(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    unsigned wanted = check_kinds(L, 2);
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

int lab_lua_machine_off(lua_State *L)
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

/* ---- Running ----------------------------------------------------------------------------------------------------- */

static struct lab_lua_control *control_of(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, "pg74.control");
    struct lab_lua_control *control = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return control;
}

bool lab_lua_interrupted(lua_State *L)
{
    struct lab_lua_control *control = control_of(L);
    if (control == NULL)
        return false;
    pthread_mutex_lock(&control->lock);
    bool asked = control->asked;
    pthread_mutex_unlock(&control->lock);
    return asked;
}

/* From here to `leave` the machine belongs to its run; Ctrl-C stops it. False: it was pressed already. */
static bool enter(lua_State *L, int index, struct lab_lua_machine *object, struct lab_lua_control *control)
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

/* Runs for no more than is left of the fuel of all. */
static enum machine_stop burn(struct machine *machine, uint64_t fuel, struct lab_lua_control *control)
{
    struct machine_time before = machine_time(machine);
    bool limited = control != NULL && control->limited;
    enum machine_stop stop = machine_run(machine, limited && control->fuel < fuel ? control->fuel : fuel);
    struct machine_time after = machine_time(machine);
    if (limited)
        control->fuel -= after.instructions + after.traps - before.instructions - before.traps;
    return stop;
}

static void leave(lua_State *L, struct lab_lua_machine *object, struct lab_lua_control *control)
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
    struct lab_lua_control *control = control_of(L);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    enum machine_stop stop = enter(L, index, object, control) ? burn(object->machine, fuel, control) : MACHINE_STOPPED;
    leave(L, object, control);
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
    struct lab_lua_control *control = control_of(L);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    int handle = machine_add_observer(object->machine, wanted, wait_for, &waiting);
    if (handle == 0)
        return luaL_error(L, "too many observers: take one off with m:off(handle)");
    enum machine_stop stop = enter(L, 1, object, control) ? burn(object->machine, fuel, control) : MACHINE_STOPPED;
    machine_remove_observer(object->machine, handle);
    leave(L, object, control);
    lua_pushstring(L, waiting.happened ? "event" : lab_lua_stop_name(stop));
    if (!waiting.happened)
        return 1;
    lab_lua_push_event(L, machine_isa(object->machine), &waiting.event);
    return 2;
}

/* m:run([limit]) or m:run{limit =, until_event =, when =}. */
int lab_lua_machine_run(lua_State *L)
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
            return run_until(L, object, check_kinds(L, 3), lua_isnil(L, 4) ? 0 : 4, fuel);
    } else if (!lua_isnil(L, 2)) {
        fuel = (uint64_t)lab_lua_integer(L, 2, 0, INT64_MAX);
    }
    lua_pushstring(L, lab_lua_stop_name(lab_lua_run_machine(L, 1, fuel)));
    return 1;
}

int lab_lua_machine_step(lua_State *L)
{
    uint64_t steps = lua_isnoneornil(L, 2) ? 1 : (uint64_t)lab_lua_integer(L, 2, 0, INT64_MAX);
    lab_lua_check_machine(L, 1, true);
    lua_pushstring(L, lab_lua_stop_name(lab_lua_run_machine(L, 1, steps)));
    return 1;
}

/* ---- Going back -------------------------------------------------------------------------------------------------- */

int lab_lua_machine_back(lua_State *L)
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

int lab_lua_machine_back_to(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    unsigned wanted = check_kinds(L, 2);
    lua_settop(L, 3);
    if (!lua_isnil(L, 3))
        luaL_checktype(L, 3, LUA_TFUNCTION);
    struct waiting waiting = {.L = L, .object = object, .condition = lua_isnil(L, 3) ? 0 : 3};
    struct lab_lua_control *control = control_of(L);
    bool found = enter(L, 1, object, control) &&
                 machine_history_back_to(object->machine, wanted, look_for, &waiting);
    leave(L, object, control);
    lua_pushboolean(L, found);
    return 1;
}
