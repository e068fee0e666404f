/* machine.c: a machine as an object: its life and its fields. */
#include <string.h>

#include "lab/lua/internal.h"

enum { MOST_METHODS = 64 };

/* ---- Life -------------------------------------------------------------------------------------------------------- */

struct lab_lua_machine *lab_lua_check_machine(lua_State *L, int argument, bool still)
{
    struct lab_lua_machine *object = luaL_checkudata(L, argument, LAB_LUA_MACHINE);
    if (object->machine == NULL)
        luaL_error(L, "this machine has been closed");
    if (still && object->L != NULL)
        luaL_error(L, "this machine is running: a callback may look at it and not change it");
    return object;
}

struct lab_lua_machine *lab_lua_push_machine(lua_State *L, struct machine *machine, int kept,
                                             const struct lab_lua_options *options)
{
    kept = lua_absindex(L, kept);
    struct lab_lua_machine *object = lua_newuserdatauv(L, sizeof *object, 2);
    *object = (struct lab_lua_machine){.machine = machine};
    if (options != NULL) {
        object->monitor = options->machine.monitor;
        memcpy(object->guests, options->guests, sizeof object->guests);
    }
    luaL_setmetatable(L, LAB_LUA_MACHINE);
    lua_pushvalue(L, kept);
    lua_setiuservalue(L, -2, 1);
    lua_newtable(L);
    lua_setiuservalue(L, -2, 2);
    return object;
}

struct machine *lab_lua_machine_at(lua_State *L, int index, const struct lab_programs **programs)
{
    const struct lab_lua_machine *object = luaL_testudata(L, index, LAB_LUA_MACHINE);
    if (object == NULL || object->machine == NULL || object->L != NULL || object->programs == NULL)
        return NULL;
    *programs = object->programs;
    return object->machine;
}

void lab_lua_close_machine(lua_State *L, struct lab_lua_machine *object)
{
    (void)L;
    lab_lua_forget_observers(object);
    if (!object->borrowed)
        machine_free(object->machine);
    object->machine = NULL;
    lab_programs_free(object->programs);
    object->programs = NULL;
    if (object->trace != NULL)
        fclose(object->trace);
    object->trace = NULL;
}

/* One monitor at most, and what is under it. */
static void use_monitor(lua_State *L, struct lab_lua_options *options)
{
    if (options->monitor_count > 1)
        luaL_error(L, "a machine has one monitor; for one under the other: vmm = \"outer/inner\"");
    if (options->monitor_count == 1) {
        options->machine.monitor = options->monitors[0][0];
        options->machine.inner = options->monitors[0] + 1;
        options->machine.inner_count = options->levels[0] - 1;
    } else if (options->machine.guest_count > 1) {
        luaL_error(L, "a bare machine runs one guest; for several, name a monitor: vmm = NAME");
    }
}

int lab_lua_machine(lua_State *L)
{
    static const char *const more[] = {"manual_events", "history", NULL};
    struct lab_lua_options options;
    lua_settop(L, 1);
    lab_lua_read_options(L, 1, "pg74.machine", more, &options);
    use_monitor(L, &options);
    if (lua_getfield(L, 1, "history") == LUA_TBOOLEAN)
        options.history = lua_toboolean(L, -1) ? 1 << 20 : 0;
    else
        options.history = (uint64_t)lab_lua_integer_field(L, 1, "history", 0, 1, INT64_MAX);
    struct lab_lua_machine *object = lab_lua_push_machine(L, NULL, 2, &options);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    object->machine = machine_new(options.isa, &options.machine, diagnostics);
    lab_lua_settle(L, diagnostics);
    object->programs = lab_programs_new(object->machine, &options.machine);
    if (options.history > 0)
        machine_history_start(object->machine, options.history);
    return 1;
}

static int close(lua_State *L)
{
    struct lab_lua_machine *object = luaL_checkudata(L, 1, LAB_LUA_MACHINE);
    if (object->L != NULL)
        return luaL_error(L, "this machine is running: a callback cannot close it");
    lab_lua_close_machine(L, object);
    return 0;
}

static int collect(lua_State *L)
{
    lab_lua_close_machine(L, luaL_checkudata(L, 1, LAB_LUA_MACHINE));
    return 0;
}

static int to_string(lua_State *L)
{
    const struct lab_lua_machine *object = luaL_checkudata(L, 1, LAB_LUA_MACHINE);
    if (object->machine == NULL)
        lua_pushliteral(L, "machine (closed)");
    else
        lua_pushfstring(L, "machine %s%s%s", isa_name(machine_isa(object->machine)),
                        object->monitor ? " under " : "", object->monitor ? machine_image_name(object->monitor) : "");
    return 1;
}

/* ---- Fields ------------------------------------------------------------------------------------------------------ */

static const struct machine *look(lua_State *L)
{
    return lab_lua_check_machine(L, 1, false)->machine;
}

static int get_pc(lua_State *L)
{
    lua_pushinteger(L, machine_pc(look(L)));
    return 1;
}

static int set_pc(lua_State *L)
{
    struct machine *machine = lab_lua_check_machine(L, 1, true)->machine;
    machine_set_slot(machine, isa_program_counter(machine_isa(machine))->slot, lab_lua_word(L, 2));
    return 0;
}

static int get_mode(lua_State *L)
{
    lua_pushstring(L, machine_user_mode(look(L)) ? "user" : "supervisor");
    return 1;
}

static int get_guest_mode(lua_State *L)
{
    lua_pushboolean(L, machine_guest_mode(look(L)));
    return 1;
}

static int get_memory_size(lua_State *L)
{
    lua_pushinteger(L, machine_memory_size(look(L)));
    return 1;
}

static int get_halt_code(lua_State *L)
{
    lua_pushinteger(L, machine_halt_code(look(L)));
    return 1;
}

static int get_guest_count(lua_State *L)
{
    lua_pushinteger(L, machine_guest_count(look(L)));
    return 1;
}

static int get_closed(lua_State *L)
{
    const struct lab_lua_machine *object = luaL_checkudata(L, 1, LAB_LUA_MACHINE);
    lua_pushboolean(L, object->machine == NULL);
    return 1;
}

static int get_running(lua_State *L)
{
    lua_pushboolean(L, lab_lua_check_machine(L, 1, false)->L != NULL);
    return 1;
}

static int get_isa(lua_State *L)
{
    look(L);
    lua_getiuservalue(L, 1, 1);
    lua_getfield(L, -1, "isa");
    return 1;
}

static const struct isa *isa_of(lua_State *L, void *owner, bool write)
{
    struct lab_lua_machine *object = owner;
    if (object->machine == NULL)
        luaL_error(L, "this machine has been closed");
    if (write && object->L != NULL)
        luaL_error(L, "this machine is running: a callback may look at it and not change it");
    return machine_isa(object->machine);
}

static uint32_t get_slot(const void *owner, unsigned slot)
{
    return machine_slot(((const struct lab_lua_machine *)owner)->machine, slot);
}

static void set_slot(void *owner, unsigned slot, uint32_t value)
{
    machine_set_slot(((struct lab_lua_machine *)owner)->machine, slot, value);
}

static const struct lab_lua_slots slots = {isa_of, get_slot, set_slot};

static int get_x(lua_State *L)
{
    const struct isa_state *general = isa_general_registers(machine_isa(look(L)));
    if (general == NULL)
        return luaL_error(L, "%s has no array of general registers: use .state", isa_name(machine_isa(look(L))));
    lab_lua_push_state(L, 1, &slots, general);
    return 1;
}

static int get_state(lua_State *L)
{
    look(L);
    lab_lua_push_state(L, 1, &slots, NULL);
    return 1;
}

/* Mode, R, pc and interrupt enable: what traps save and lpsw loads. */
static int get_psw(lua_State *L)
{
    const struct machine *machine = look(L);
    const struct isa *isa = machine_isa(machine);
    lua_newtable(L);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        bool part = state->role == ISA_ROLE_MODE || state->role == ISA_ROLE_RELOCATION ||
                    state->role == ISA_ROLE_PROGRAM_COUNTER || strcmp(state->name, "enable") == 0;
        if (!part || state->is_array)
            continue;
        lua_pushinteger(L, machine_slot(machine, state->slot));
        lua_setfield(L, -2, state->name);
    }
    return 1;
}

void lab_lua_register_machine(lua_State *L)
{
    static const luaL_Reg own_methods[] = {
        {"snapshot", lab_lua_machine_snapshot}, {"restore", lab_lua_machine_restore}, {"save", lab_lua_machine_save},
        {"close", close}, {NULL, NULL}};
    static const luaL_Reg *const all_methods[] = {own_methods, lab_lua_run_methods, lab_lua_observe_methods,
                                                  lab_lua_look_methods};
    static const luaL_Reg fields[] = {
        {"pc", get_pc}, {"mode", get_mode}, {"guest_mode", get_guest_mode}, {"x", get_x}, {"registers", get_x},
        {"state", get_state}, {"psw", get_psw}, {"memory_size", get_memory_size}, {"halt_code", get_halt_code},
        {"guest_count", get_guest_count}, {"isa", get_isa}, {"closed", get_closed}, {"running", get_running},
        {"symbols", lab_lua_machine_symbols}, {NULL, NULL}};
    static const luaL_Reg setters[] = {{"pc", set_pc}, {NULL, NULL}};
    static const luaL_Reg metamethods[] = {
        {"__gc", collect}, {"__close", close}, {"__tostring", to_string}, {NULL, NULL}};
    luaL_Reg methods[MOST_METHODS + 1] = {{NULL, NULL}};
    unsigned count = 0;
    for (unsigned i = 0; i < sizeof all_methods / sizeof all_methods[0]; i++)
        for (const luaL_Reg *method = all_methods[i]; method->name != NULL && count < MOST_METHODS; method++)
            methods[count++] = *method;
    lab_lua_class(L, LAB_LUA_MACHINE, methods, fields, setters, metamethods);
}
