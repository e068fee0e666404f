/* machine.c: a machine as an object: its life, its fields, its memory, its devices. */
#include <errno.h>
#include <string.h>

#include "lab/internal.h"
#include "lab/lua/internal.h"

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

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static int read_bytes(lua_State *L)
{
    const struct machine *machine = look(L);
    uint32_t address = lab_lua_word(L, 2);
    uint32_t length = (uint32_t)lab_lua_integer(L, 3, 0, UINT32_MAX);
    luaL_Buffer buffer;
    if (length > machine_memory_size(machine) || address > machine_memory_size(machine) - length)
        return luaL_error(L, "there is no memory at %p to %p", (void *)(uintptr_t)address,
                          (void *)((uintptr_t)address + length));
    char *bytes = luaL_buffinitsize(L, &buffer, length);
    machine_read(machine, address, bytes, length);
    luaL_pushresultsize(&buffer, length);
    return 1;
}

static int write_bytes(lua_State *L)
{
    struct machine *machine = lab_lua_check_machine(L, 1, true)->machine;
    uint32_t address = lab_lua_word(L, 2);
    size_t length;
    const char *bytes = luaL_checklstring(L, 3, &length);
    if (length > UINT32_MAX || !machine_write(machine, address, bytes, (uint32_t)length))
        return luaL_error(L, "there is no memory at %p for %d bytes", (void *)(uintptr_t)address, (int)length);
    return 0;
}

/* m:word(address [, value]), and the same of halfwords and bytes. */
static int access_number(lua_State *L, unsigned bytes)
{
    uint32_t address = lab_lua_word(L, 2);
    uint8_t little[4] = {0};
    bool write = !lua_isnoneornil(L, 3), there;
    if (write) {
        uint32_t value = lab_lua_word(L, 3);
        for (unsigned i = 0; i < bytes; i++)
            little[i] = (uint8_t)(value >> (8 * i));
        there = machine_write(lab_lua_check_machine(L, 1, true)->machine, address, little, bytes);
    } else {
        there = machine_read(look(L), address, little, bytes);
    }
    if (!there)
        return luaL_error(L, "there is no memory at %p", (void *)(uintptr_t)address);
    if (write)
        return 0;
    lua_pushinteger(L, lab_lua_little_endian(little));
    return 1;
}

static int word(lua_State *L) { return access_number(L, 4); }
static int half(lua_State *L) { return access_number(L, 2); }
static int byte(lua_State *L) { return access_number(L, 1); }

static int translate(lua_State *L)
{
    static const char *const accesses[] = {"fetch", "load", "store", NULL};
    const struct machine *machine = look(L);
    uint32_t address = lab_lua_word(L, 2), physical;
    unsigned access = (unsigned)luaL_checkoption(L, 3, "load", accesses) + 1;
    unsigned size = lua_isnoneornil(L, 4) ? 1 : (unsigned)lab_lua_integer(L, 4, 1, 1 << 20);
    if (!machine_translate(machine, address, size, access, &physical))
        return lab_lua_nothing(L);
    lua_pushinteger(L, physical);
    return 1;
}

/* ---- Programs ---------------------------------------------------------------------------------------------------- */

/* The image in which an address that the processor uses now lies, and which address it has there. A machine from a file knows
 * none. */
static const struct machine_image *image_at(const struct lab_lua_machine *object, uint32_t address, uint32_t *own)
{
    return object->programs != NULL ? lab_programs_image(object->programs, object->machine, address, own) : NULL;
}

static int symbol(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    uint32_t own, offset, at = lua_isnoneornil(L, 2) ? machine_pc(object->machine) : lab_lua_word(L, 2);
    const struct machine_image *image = image_at(object, at, &own);
    const char *name = image ? machine_image_symbol(image, own, &offset) : NULL;
    if (name == NULL)
        return lab_lua_nothing(L);
    lua_pushstring(L, name);
    lua_pushinteger(L, offset);
    lua_pushstring(L, machine_image_name(image));
    return 3;
}

static int line(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    uint32_t own, at = lua_isnoneornil(L, 2) ? machine_pc(object->machine) : lab_lua_word(L, 2);
    const struct machine_image *image = image_at(object, at, &own);
    const char *file;
    unsigned number;
    if (image == NULL || !machine_image_line(image, own, &file, &number))
        return lab_lua_nothing(L);
    lua_pushstring(L, file);
    lua_pushinteger(L, number);
    return 2;
}

static int address(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    const char *name = luaL_checkstring(L, 2);
    uint32_t found;
    if ((object->monitor != NULL && machine_image_address(object->monitor, name, &found)) ||
        (object->guests[0] != NULL && machine_image_address(object->guests[0], name, &found))) {
        lua_pushinteger(L, found);
        return 1;
    }
    return lab_lua_nothing(L);
}

static void add_symbols(lua_State *L, const struct machine_image *image)
{
    const char *name;
    uint32_t at;
    for (size_t i = 0; image != NULL && (name = machine_image_symbol_at(image, i, &at)) != NULL; i++) {
        lua_pushinteger(L, at);
        lua_setfield(L, -2, name);
    }
}

/* As `address` finds them: where guest and monitor share a name, it is the monitor's. */
static int get_symbols(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    lua_newtable(L);
    add_symbols(L, object->guests[0]);
    add_symbols(L, object->monitor);
    return 1;
}

struct naming { const struct lab_lua_machine *object; };

static const char *name_address(void *context, uint32_t at, uint32_t *offset)
{
    const struct naming *naming = context;
    uint32_t own;
    const struct machine_image *image = image_at(naming->object, at, &own);
    return image ? machine_image_symbol(image, own, offset) : NULL;
}

/* m:disassembly([count [, address]]): lines of text, from pc. */
static int disassembly(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    const struct isa *isa = machine_isa(object->machine);
    unsigned bytes = isa_instruction_bits(isa) / 8;
    lua_Integer count = lua_isnoneornil(L, 2) ? 1 : lab_lua_integer(L, 2, 1, 10000);
    uint32_t at = lua_isnoneornil(L, 3) ? machine_pc(object->machine) : lab_lua_word(L, 3);
    struct naming naming = {object};
    lua_newtable(L);
    for (lua_Integer i = 1; i <= count; i++, at += bytes) {
        uint8_t little[4] = {0};
        uint32_t physical;
        char text[128];
        if (!machine_translate(object->machine, at, bytes, 1, &physical) ||
            !machine_read(object->machine, physical, little, bytes))
            break;
        isa_disassemble(isa, lab_lua_little_endian(little), at, name_address, &naming, text, sizeof text);
        lua_pushstring(L, text);
        lua_rawseti(L, -2, i);
    }
    return 1;
}

/* ---- Guests and devices ------------------------------------------------------------------------------------------ */

/* A guest's number, from 1. */
static unsigned guest(lua_State *L, int argument, const struct machine *machine)
{
    if (lua_isnoneornil(L, argument))
        return 0;
    return (unsigned)lab_lua_integer(L, argument, 1, machine_guest_count(machine)) - 1;
}

static int console(lua_State *L)
{
    size_t length;
    const struct machine *machine = look(L);
    const uint8_t *bytes = machine_console(machine, guest(L, 2, machine), &length);
    lua_pushlstring(L, length ? (const char *)bytes : "", length);
    return 1;
}

static int disk(lua_State *L)
{
    size_t length;
    const struct machine *machine = look(L);
    const uint8_t *bytes = machine_disk(machine, guest(L, 2, machine), &length);
    lua_pushlstring(L, length ? (const char *)bytes : "", length);
    return 1;
}

static int guest_halt_code(lua_State *L)
{
    const struct machine *machine = look(L);
    uint32_t code;
    if (!machine_guest_halt_code(machine, guest(L, 2, machine), &code))
        return lab_lua_nothing(L);
    lua_pushinteger(L, code);
    return 1;
}

static int partition(lua_State *L)
{
    const struct machine *machine = look(L);
    uint32_t start, size;
    machine_partition(machine, guest(L, 2, machine), &start, &size);
    lua_pushinteger(L, start);
    lua_pushinteger(L, size);
    return 2;
}

static int deliver(lua_State *L)
{
    struct machine *machine = lab_lua_check_machine(L, 1, true)->machine;
    size_t length;
    unsigned unit = guest(L, 2, machine);
    const char *bytes = luaL_checklstring(L, 3, &length);
    if (length < MACHINE_LEAST_FRAME || length > MACHINE_LONGEST_FRAME)
        return luaL_argerror(L, 3, "a frame has 14 to 1514 bytes");
    lua_pushboolean(L, machine_network_deliver(machine, unit, (const uint8_t *)bytes, (uint32_t)length));
    return 1;
}

static int request(lua_State *L)
{
    struct machine *machine = lab_lua_check_machine(L, 1, true)->machine;
    const struct isa_cause *cause =
        lua_type(L, 2) == LUA_TSTRING ? isa_cause_named(machine_isa(machine), lua_tostring(L, 2))
                                      : isa_cause_numbered(machine_isa(machine), (unsigned)luaL_checkinteger(L, 2));
    if (cause == NULL || cause->number < 16)
        return luaL_argerror(L, 2, "not the cause of an interrupt");
    machine_request(machine, cause->number);
    return 0;
}

static int complete_disk(lua_State *L)
{
    struct machine *machine = lab_lua_check_machine(L, 1, true)->machine;
    lua_pushboolean(L, machine_disk_complete(machine, guest(L, 2, machine)));
    return 1;
}

static int time_now(lua_State *L)
{
    struct machine_time time = machine_time(look(L));
    lua_createtable(L, 0, 4);
    lua_pushinteger(L, (lua_Integer)time.instructions);
    lua_setfield(L, -2, "instructions");
    lua_pushinteger(L, (lua_Integer)time.traps);
    lua_setfield(L, -2, "traps");
    lua_pushinteger(L, (lua_Integer)time.idle);
    lua_setfield(L, -2, "idle");
    lua_pushinteger(L, (lua_Integer)time.cycles);
    lua_setfield(L, -2, "cycles");
    return 1;
}

static int trace(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    const char *path = luaL_checkstring(L, 2);
    if (object->borrowed)
        return luaL_error(L, "this machine is the checker's: its run cannot be written to a file");
    if (object->trace != NULL)
        return luaL_error(L, "this machine's run is being written to a file already");
    object->trace = fopen(path, "w");
    if (object->trace == NULL)
        return luaL_error(L, "%s: cannot be written: %s", path, strerror(errno));
    setvbuf(object->trace, NULL, _IOLBF, BUFSIZ);
    lab_trace(object->machine, object->trace);
    return 0;
}

static int digest(lua_State *L)
{
    char text[24];
    snprintf(text, sizeof text, "%016llx", (unsigned long long)machine_digest(look(L)));
    lua_pushstring(L, text);
    return 1;
}

void lab_lua_register_machine(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"run", lab_lua_machine_run}, {"step", lab_lua_machine_step}, {"back", lab_lua_machine_back},
        {"back_to", lab_lua_machine_back_to}, {"on", lab_lua_machine_on}, {"off", lab_lua_machine_off},
        {"snapshot", lab_lua_machine_snapshot}, {"restore", lab_lua_machine_restore}, {"save", lab_lua_machine_save},
        {"read", read_bytes}, {"write", write_bytes}, {"word", word}, {"half", half}, {"byte", byte},
        {"translate", translate}, {"symbol", symbol}, {"line", line}, {"address", address},
        {"disassembly", disassembly}, {"console", console}, {"disk", disk}, {"guest_halt_code", guest_halt_code},
        {"partition", partition}, {"deliver", deliver}, {"request", request}, {"complete_disk", complete_disk},
        {"time", time_now}, {"digest", digest}, {"trace", trace}, {"close", close}, {NULL, NULL}};
    static const luaL_Reg fields[] = {
        {"pc", get_pc}, {"mode", get_mode}, {"guest_mode", get_guest_mode}, {"x", get_x}, {"registers", get_x},
        {"state", get_state}, {"psw", get_psw}, {"memory_size", get_memory_size}, {"halt_code", get_halt_code},
        {"guest_count", get_guest_count}, {"isa", get_isa}, {"closed", get_closed}, {"running", get_running},
        {"symbols", get_symbols}, {NULL, NULL}};
    static const luaL_Reg setters[] = {{"pc", set_pc}, {NULL, NULL}};
    static const luaL_Reg metamethods[] = {
        {"__gc", collect}, {"__close", close}, {"__tostring", to_string}, {NULL, NULL}};
    lab_lua_class(L, LAB_LUA_MACHINE, methods, fields, setters, metamethods);
}
