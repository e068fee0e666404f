/* hosted_state.c: what a hosted monitor sees of a virtual processor: the hardware's state, the guest's memory in
 * addresses of its own, the ports of its unit. */
#include <string.h>

#include "lab/lua/hosted.h"

/* ---- What a monitor looks at and changes ------------------------------------------------------------------------- */

static const struct isa *isa_of(lua_State *L, void *owner, bool write)
{
    const struct lab_lua_cpu *cpu = owner;
    (void)write;
    return machine_isa(lab_lua_host_machine(L, cpu->host));
}

static void set_slot(const struct lab_lua_cpu *cpu, uint32_t *slots, unsigned slot, uint32_t value)
{
    const struct isa *isa = machine_isa(cpu->host->object->machine);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        if (slot - state->slot < state->count)
            value &= UINT32_MAX >> (32 - state->width);
    }
    slots[slot] = value;
}

static uint32_t get_real(const void *owner, unsigned slot)
{
    return ((const struct lab_lua_cpu *)owner)->real[slot];
}

static void set_real(void *owner, unsigned slot, uint32_t value)
{
    set_slot(owner, ((struct lab_lua_cpu *)owner)->real, slot, value);
}

/* General registers and pc are the same in both. */
static uint32_t *virtual_slot(const struct lab_lua_cpu *cpu, unsigned slot)
{
    const struct isa *isa = machine_isa(cpu->host->object->machine);
    const struct isa_state *general = isa_general_registers(isa);
    bool shared = slot == isa_program_counter(isa)->slot ||
                  (general != NULL && slot - general->slot < general->count);
    return shared ? cpu->real : cpu->virtual;
}

static uint32_t get_virtual_slot(const void *owner, unsigned slot)
{
    return virtual_slot(owner, slot)[slot];
}

static void set_virtual_slot(void *owner, unsigned slot, uint32_t value)
{
    set_slot(owner, virtual_slot(owner, slot), slot, value);
}

static const struct lab_lua_slots real_slots = {isa_of, get_real, set_real};
static const struct lab_lua_slots virtual_slots = {isa_of, get_virtual_slot, set_virtual_slot};

static int get_x(lua_State *L)
{
    const struct isa_state *general = isa_general_registers(isa_of(L, lab_lua_check_cpu(L), false));
    if (general == NULL)
        return luaL_error(L, "there is no array of general registers: use .state");
    lab_lua_push_state(L, 1, &real_slots, general);
    return 1;
}

static int get_state(lua_State *L)
{
    isa_of(L, lab_lua_check_cpu(L), false);
    lab_lua_push_state(L, 1, &real_slots, NULL);
    return 1;
}

static int get_virtual(lua_State *L)
{
    isa_of(L, lab_lua_check_cpu(L), false);
    lab_lua_push_state(L, 1, &virtual_slots, NULL);
    return 1;
}

static int get_pc(lua_State *L)
{
    const struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    lua_pushinteger(L, cpu->real[isa_program_counter(isa_of(L, lab_lua_check_cpu(L), false))->slot]);
    return 1;
}

static int set_pc(lua_State *L)
{
    struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    cpu->real[isa_program_counter(isa_of(L, cpu, true))->slot] = lab_lua_word(L, 2);
    return 0;
}

static int get_start(lua_State *L)
{
    lua_pushinteger(L, lab_lua_check_cpu(L)->start);
    return 1;
}

static int get_size(lua_State *L)
{
    lua_pushinteger(L, lab_lua_check_cpu(L)->size);
    return 1;
}

static int get_guest(lua_State *L)
{
    lua_pushinteger(L, lab_lua_check_cpu(L)->guest + 1);
    return 1;
}

static int get_halted(lua_State *L)
{
    lua_pushboolean(L, lab_lua_check_cpu(L)->halted);
    return 1;
}

/* Is [address, address + length) in the guest's memory? */
static bool inside(const struct lab_lua_cpu *cpu, uint32_t address, uint64_t length)
{
    return length <= cpu->size && address <= cpu->size - length;
}

static int read_bytes(lua_State *L)
{
    const struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    const struct machine *machine = lab_lua_host_machine(L, cpu->host);
    uint32_t address = lab_lua_word(L, 2), length = (uint32_t)lab_lua_integer(L, 3, 0, UINT32_MAX);
    luaL_Buffer buffer;
    if (!inside(cpu, address, length))
        return lab_lua_nothing(L);
    char *bytes = luaL_buffinitsize(L, &buffer, length);
    machine_read(machine, cpu->start + address, bytes, length);
    luaL_pushresultsize(&buffer, length);
    return 1;
}

static int write_bytes(lua_State *L)
{
    const struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    struct machine *machine = lab_lua_host_machine(L, cpu->host);
    uint32_t address = lab_lua_word(L, 2);
    size_t length;
    const uint8_t *bytes = (const uint8_t *)luaL_checklstring(L, 3, &length);
    bool there = inside(cpu, address, length);
    for (size_t i = 0; there && i < length; i++)
        machine_host_store(machine, cpu->start + address + (uint32_t)i, 1, bytes[i]);
    lua_pushboolean(L, there);
    return 1;
}

/* cpu:word(address [, value]): nil, or false, where the guest has no memory. */
static int access_number(lua_State *L, unsigned bytes)
{
    const struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    struct machine *machine = lab_lua_host_machine(L, cpu->host);
    uint32_t address = lab_lua_word(L, 2);
    uint8_t little[4] = {0};
    bool there = inside(cpu, address, bytes);
    if (!lua_isnoneornil(L, 3)) {
        lua_pushboolean(L, there && machine_host_store(machine, cpu->start + address, bytes, lab_lua_word(L, 3)));
        return 1;
    }
    if (!there || !machine_read(machine, cpu->start + address, little, bytes))
        return lab_lua_nothing(L);
    lua_pushinteger(L, lab_lua_little_endian(little));
    return 1;
}

static int word(lua_State *L) { return access_number(L, 4); }
static int half(lua_State *L) { return access_number(L, 2); }
static int byte(lua_State *L) { return access_number(L, 1); }

/* A port of the guest's own unit, by number or name. */
static uint32_t check_port(lua_State *L, const struct lab_lua_cpu *cpu)
{
    const struct isa *isa = isa_of(L, (void *)(uintptr_t)cpu, false);
    uint32_t first = cpu->guest * MACHINE_PORTS_OF_A_UNIT;
    if (lua_type(L, 2) != LUA_TSTRING)
        return (uint32_t)lab_lua_integer(L, 2, 0, MACHINE_PORTS_OF_A_UNIT - 1) + first;
    const struct isa_port *port = isa_port_named(isa, lua_tostring(L, 2));
    if (port == NULL)
        luaL_error(L, "%s has no port '%s'", isa_name(isa), lua_tostring(L, 2));
    return port->number + first;
}

static int port_in(lua_State *L)
{
    const struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    lua_pushinteger(L, machine_host_in(lab_lua_host_machine(L, cpu->host), check_port(L, cpu)));
    return 1;
}

static int port_out(lua_State *L)
{
    const struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    uint32_t value = lab_lua_word(L, 3);
    machine_host_out(lab_lua_host_machine(L, cpu->host), check_port(L, cpu), value);
    return 0;
}

/* The guest has ended, with a code: tells the machine, as a monitor does. */
void lab_lua_halt_cpu(lua_State *L, struct lab_lua_cpu *cpu, uint32_t code)
{
    struct machine *machine = lab_lua_host_machine(L, cpu->host);
    const struct isa_port *report = isa_port_named(machine_isa(machine), "report_code");
    if (report != NULL)
        machine_host_out(machine, report->number + cpu->guest * MACHINE_PORTS_OF_A_UNIT, code);
    cpu->halted = true;
}

static int halt(lua_State *L)
{
    struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    lab_lua_halt_cpu(L, cpu, lua_isnoneornil(L, 2) ? 0 : lab_lua_word(L, 2));
    return 0;
}

void lab_lua_register_cpu(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"run", lab_lua_cpu_run}, {"wait", lab_lua_cpu_wait}, {"emulate", lab_lua_cpu_emulate},
        {"interrupt", lab_lua_cpu_interrupt}, {"request", lab_lua_cpu_request}, {"read", read_bytes},
        {"write", write_bytes}, {"word", word}, {"half", half}, {"byte", byte}, {"port_in", port_in},
        {"port_out", port_out}, {"halt", halt}, {NULL, NULL}};
    static const luaL_Reg fields[] = {
        {"pc", get_pc}, {"x", get_x}, {"registers", get_x}, {"state", get_state}, {"virtual", get_virtual},
        {"start", get_start}, {"size", get_size}, {"guest", get_guest}, {"halted", get_halted}, {NULL, NULL}};
    static const luaL_Reg setters[] = {{"pc", set_pc}, {NULL, NULL}};
    lab_lua_class(L, LAB_LUA_CPU, methods, fields, setters, NULL);
}
