/* hosted_virtual.c: the virtual machine of a guest, by the meaning of its instructions: the state that the guest
 * believes in, one instruction of it, its interrupts, its timer. So a monitor has no case per instruction, and
 * virtualizes variants that it has never seen. */
#include <string.h>

#include "lab/lua/hosted.h"

enum { FIRST_INTERRUPT = 16 };

/* ---- Duties ------------------------------------------------------------------------------------------------------ */

static const struct isa *isa_of(const struct lab_lua_cpu *cpu)
{
    return machine_isa(cpu->host->object->machine);
}

/* The slot of the virtual state with a duty, or NULL. */
static uint32_t *duty(const struct lab_lua_cpu *cpu, enum isa_duty wanted)
{
    const struct isa_state *state = isa_state_with_duty(isa_of(cpu), wanted);
    return state != NULL ? &cpu->virtual[state->slot] : NULL;
}

static void request(struct lab_lua_cpu *cpu, unsigned cause)
{
    uint32_t *requests = duty(cpu, ISA_DUTY_REQUESTS), *waiting = duty(cpu, ISA_DUTY_WAITING);
    if (requests != NULL)
        *requests |= UINT32_C(1) << (cause - FIRST_INTERRUPT);
    if (waiting != NULL)
        *waiting = 0;
}

uint32_t lab_lua_virtual_timer(const struct lab_lua_cpu *cpu)
{
    const uint32_t *timer = duty(cpu, ISA_DUTY_COUNTDOWN);
    return timer != NULL ? *timer : 0;
}

bool lab_lua_virtual_waits(const struct lab_lua_cpu *cpu)
{
    const uint32_t *waiting = duty(cpu, ISA_DUTY_WAITING);
    return waiting != NULL && *waiting != 0;
}

void lab_lua_pass_time(struct lab_lua_cpu *cpu, uint64_t instructions)
{
    uint32_t *timer = duty(cpu, ISA_DUTY_COUNTDOWN);
    const struct isa_cause *cause = isa_cause_named(isa_of(cpu), "timer");
    if (timer == NULL || *timer == 0 || instructions == 0)
        return;
    *timer -= instructions < *timer ? (uint32_t)instructions : *timer;
    if (*timer == 0 && cause != NULL)
        request(cpu, cause->number);
}

/* ---- The virtual machine as programs see it ---------------------------------------------------------------------- */

/* While an instruction is emulated. `devices` is the table of functions on the stack, or 0. */
struct emulation {
    lua_State *L;
    struct lab_lua_cpu *cpu;
    int devices;
    bool failed; /* a function has raised an error, which is then on top of the stack */
};

static uint32_t load(void *context, uint32_t address, unsigned bytes)
{
    const struct emulation *emulation = context;
    uint8_t little[4] = {0};
    machine_read(emulation->cpu->host->object->machine, emulation->cpu->start + address, little, bytes);
    return lab_lua_little_endian(little);
}

static void store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    const struct emulation *emulation = context;
    machine_host_store(emulation->cpu->host->object->machine, emulation->cpu->start + address, bytes, value);
}

/* Calls the monitor's function of a name, with one or two numbers; 0 where there is none, and after an error. Errors
 * wait until the instruction is over. */
static uint32_t call(struct emulation *emulation, const char *name, uint32_t first, uint32_t second)
{
    lua_State *L = emulation->L;
    if (emulation->devices == 0 || emulation->failed || !lua_checkstack(L, 8))
        return 0;
    if (lua_getfield(L, emulation->devices, name) == LUA_TNIL) {
        lua_pop(L, 1);
        return 0;
    }
    lua_pushinteger(L, first);
    lua_pushinteger(L, second);
    if (lua_pcall(L, 2, 1, 0) != LUA_OK) {
        emulation->failed = true;
        return 0;
    }
    uint32_t result = lua_isinteger(L, -1) ? (uint32_t)lua_tointeger(L, -1) : 0;
    lua_pop(L, 1);
    return result;
}

static uint32_t port_in(void *context, uint32_t port)
{
    return call(context, "port_in", port, 0);
}

static void port_out(void *context, uint32_t port, uint32_t value)
{
    call(context, "port_out", port, value);
}

static uint32_t diagnose(void *context, uint32_t function, uint32_t argument)
{
    return call(context, "diagnose", function, argument);
}

static struct isa_environment environment(struct emulation *emulation)
{
    return (struct isa_environment){
        .context = emulation, .state = emulation->cpu->virtual, .memory_size = emulation->cpu->size, .load = load,
        .store = store, .port_in = port_in, .port_out = port_out, .diagnose = diagnose};
}

/* General registers and pc are on the hardware, and come over for as long as it takes. */
static void copy_shared(const struct lab_lua_cpu *cpu, uint32_t *to, const uint32_t *from)
{
    const struct isa_state *general = isa_general_registers(isa_of(cpu));
    unsigned pc = isa_program_counter(isa_of(cpu))->slot;
    to[pc] = from[pc];
    if (general != NULL)
        memcpy(to + general->slot, from + general->slot, general->count * sizeof *to);
}

void lab_lua_reset_virtual(struct lab_lua_cpu *cpu, uint32_t entry)
{
    const uint32_t parameters[ISA_MOST_PARAMETERS] = {entry};
    const struct isa_state *identification = isa_state_with_duty(isa_of(cpu), ISA_DUTY_IDENTIFICATION);
    struct emulation emulation = {.cpu = cpu};
    struct isa_environment machine = environment(&emulation);
    memset(cpu->virtual, 0, cpu->host->slots * sizeof *cpu->virtual);
    isa_run(isa_of(cpu), ISA_ON_RESET, parameters, 0, &machine);
    if (identification != NULL)
        cpu->virtual[identification->slot] = cpu->real[identification->slot];
}

/* ---- One instruction --------------------------------------------------------------------------------------------- */

/* Fetches and executes; what traps enters the guest's own handler. True where the instruction retired. */
static bool step(const struct isa *isa, const struct isa_environment *machine, bool *set_countdown)
{
    static const uint32_t none[ISA_MOST_PARAMETERS];
    struct isa_outcome outcome = isa_run(isa, ISA_ON_FETCH, none, 0, machine);
    if (outcome.end != ISA_TRAPPED) {
        uint32_t word = (uint32_t)outcome.result;
        const struct isa_instruction *instruction = isa_decode(isa, word);
        outcome = instruction != NULL ? isa_execute(isa, instruction, word, machine)
                                      : isa_run(isa, ISA_ON_ILLEGAL, none, word, machine);
    }
    *set_countdown = outcome.set_countdown;
    if (outcome.end != ISA_TRAPPED)
        return true;
    const uint32_t parameters[ISA_MOST_PARAMETERS] = {outcome.cause, outcome.value, outcome.access};
    isa_run(isa, ISA_ON_TRAP, parameters, 0, machine);
    return false;
}

/* cpu:emulate([devices]): the guest's next instruction. True: it retired; false: it trapped, to the guest. */
int lab_lua_cpu_emulate(lua_State *L)
{
    struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    lab_lua_host_machine(L, cpu->host);
    lua_settop(L, 2);
    if (!lua_isnil(L, 2))
        luaL_checktype(L, 2, LUA_TTABLE);
    struct emulation emulation = {.L = L, .cpu = cpu, .devices = lua_isnil(L, 2) ? 0 : 2};
    struct isa_environment machine = environment(&emulation);
    bool set_countdown = false;
    copy_shared(cpu, cpu->virtual, cpu->real);
    bool retired = step(isa_of(cpu), &machine, &set_countdown);
    copy_shared(cpu, cpu->real, cpu->virtual);
    if (emulation.failed)
        return lua_error(L);
    if (retired && !set_countdown)
        lab_lua_pass_time(cpu, 1);
    const uint32_t *halted = duty(cpu, ISA_DUTY_HALTED), *code = duty(cpu, ISA_DUTY_HALT_CODE);
    if (halted != NULL && *halted != 0 && !cpu->halted)
        lab_lua_halt_cpu(L, cpu, code != NULL ? *code : 0);
    const uint32_t *requests = duty(cpu, ISA_DUTY_REQUESTS);
    uint32_t *waiting = duty(cpu, ISA_DUTY_WAITING);
    if (waiting != NULL && requests != NULL && *requests != 0)
        *waiting = 0;
    lua_pushboolean(L, retired);
    return 1;
}

/* cpu:interrupt(): gives the guest the first of the interrupts requested that it takes now; or false. */
int lab_lua_cpu_interrupt(lua_State *L)
{
    struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    lab_lua_host_machine(L, cpu->host);
    struct emulation emulation = {.L = L, .cpu = cpu};
    struct isa_environment machine = environment(&emulation);
    const uint32_t *requests = duty(cpu, ISA_DUTY_REQUESTS);
    bool taken = false;
    for (uint32_t rest = requests ? *requests : 0; rest != 0 && !taken; rest &= rest - 1) {
        const uint32_t parameters[ISA_MOST_PARAMETERS] = {FIRST_INTERRUPT + (uint32_t)__builtin_ctz(rest)};
        copy_shared(cpu, cpu->virtual, cpu->real);
        taken = isa_run(isa_of(cpu), ISA_ON_INTERRUPT, parameters, 0, &machine).end != ISA_IGNORED;
        copy_shared(cpu, cpu->real, cpu->virtual);
    }
    lua_pushboolean(L, taken);
    return 1;
}

/* cpu:request(cause): by name or number. */
int lab_lua_cpu_request(lua_State *L)
{
    struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    const struct isa *isa = machine_isa(lab_lua_host_machine(L, cpu->host));
    const struct isa_cause *cause = lua_type(L, 2) == LUA_TSTRING
                                        ? isa_cause_named(isa, lua_tostring(L, 2))
                                        : isa_cause_numbered(isa, (unsigned)luaL_checkinteger(L, 2));
    if (cause == NULL || cause->number < FIRST_INTERRUPT || cause->number >= FIRST_INTERRUPT + 32)
        return luaL_argerror(L, 2, "not the cause of an interrupt");
    request(cpu, cause->number);
    return 0;
}
