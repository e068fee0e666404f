/* hosted.c: hosted monitors, type 2: the monitor is a program in Lua. A guest runs directly, in user mode, in a
 * partition of its own; each of its traps, and each interrupt, comes to Lua as what run returned, in the manner of
 * KVM's run loop. What the guest believes of its mode, its R and its devices is the monitor's to keep.
 *
 * The machine has for a monitor an image of one instruction, which traps; its trap area leads nowhere. An observer
 * stops the machine at each trap and keeps the state from before its entry: so here nothing of how traps are entered
 * counts. */
#include <stdlib.h>
#include <string.h>

#include "lab/lua/hosted.h"
#include "machine/boot.h"

enum {
    ROOM = 0x2000, ROOM_SIZE = 0x10000, /* on machines with pages: memory of the monitor's own, where tables can stand */
    STEPS_OF_A_RETURN = 500, /* so many of a monitor's in the machine stand for each return to Lua, under the checker */
    LEAST_LUA_INSTRUCTIONS = 1000000
};

const struct machine_image *lab_lua_push_host_image(lua_State *L, const struct isa *isa)
{
    static const char plain[] = "        .globl  _start\n_start: ecall\n";
    static const char with_room[] = "        .globl  _start\n_start: ecall\n        .org    0x2000\n        .space  65536\n";
    return lab_lua_push_assembled(L, isa, "host", isa_state_named(isa, "translation") != NULL ? with_room : plain);
}

/* ---- A host ------------------------------------------------------------------------------------------------------ */

static bool catch_trap(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct lab_lua_host *host = context;
    for (unsigned i = 0; i < host->slots; i++)
        host->before[i] = machine_slot(machine, i);
    host->event = lab_lua_whole_event(machine, event);
    host->trapped = true;
    return false;
}

struct machine *lab_lua_host_machine(lua_State *L, const struct lab_lua_host *host)
{
    if (host->object == NULL || host->object->machine == NULL)
        luaL_error(L, "this machine has been closed");
    if (host->object->L != NULL)
        luaL_error(L, "this machine is running: a callback may look at it and not change it");
    return host->object->machine;
}

static void set_named(uint32_t *state, const struct isa *isa, const char *name, uint32_t value)
{
    const struct isa_state *named = isa_state_named(isa, name);
    if (named != NULL && !named->is_array)
        state[named->slot] = value;
}

/* A processor as its guest finds it at the start; the real R is that of its partition, where the machine has such an
 * R. */
static struct lab_lua_cpu *push_cpu(lua_State *L, int at, struct lab_lua_host *host, unsigned guest, uint32_t entry)
{
    const struct machine *machine = host->object->machine;
    const struct isa *isa = machine_isa(machine);
    size_t size = sizeof(struct lab_lua_cpu) + 2 * host->slots * sizeof(uint32_t);
    struct lab_lua_cpu *cpu = lua_newuserdatauv(L, size, 1);
    memset(cpu, 0, size);
    luaL_setmetatable(L, LAB_LUA_CPU);
    lua_pushvalue(L, at);
    lua_setiuservalue(L, -2, 1);
    cpu->host = host;
    cpu->guest = guest;
    cpu->real = cpu->slots;
    cpu->virtual = cpu->slots + host->slots;
    machine_partition(machine, guest, &cpu->start, &cpu->size);
    for (unsigned i = 0; i < host->slots; i++)
        cpu->real[i] = cpu->virtual[i] = machine_slot(machine, i);
    cpu->real[isa_program_counter(isa)->slot] = entry;
    set_named(cpu->real, isa, "base", cpu->start);
    set_named(cpu->real, isa, "bound", cpu->size);
    lab_lua_reset_virtual(cpu, entry);
    return cpu;
}

/* Pushes a host for the machine whose object is on top of the stack. */
static struct lab_lua_host *push_host(lua_State *L)
{
    int object = lua_gettop(L);
    struct lab_lua_host *host = lua_newuserdatauv(L, sizeof *host, 3);
    int at = lua_gettop(L);
    memset(host, 0, sizeof *host);
    host->left = UINT64_MAX;
    luaL_setmetatable(L, LAB_LUA_HOST);
    lua_pushvalue(L, object);
    lua_setiuservalue(L, at, 1);
    host->object = luaL_checkudata(L, object, LAB_LUA_MACHINE);
    struct machine *machine = host->object->machine;
    struct pg74_boot_block block;
    host->slots = isa_slots(machine_isa(machine));
    host->before = calloc(host->slots, sizeof *host->before);
    if (host->before == NULL || !machine_read(machine, PG74_BOOT_BLOCK, &block, sizeof block))
        luaL_error(L, "this machine cannot have a hosted monitor");
    host->slice = block.slice_limit;
    host->has_room = isa_state_named(machine_isa(machine), "translation") != NULL && block.guests[0].start >= ROOM + ROOM_SIZE;
    lua_newtable(L);
    for (unsigned i = 0; i < machine_guest_count(machine); i++) {
        host->cpus[host->cpu_count++] = push_cpu(L, at, host, i, block.guests[i].entry);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setiuservalue(L, at, 2);
    host->handle =
        machine_add_observer(machine, MACHINE_EVENT_TRAP | MACHINE_EVENT_INTERRUPT, catch_trap, host);
    machine_run(machine, 1); /* the one instruction of its monitor */
    return host;
}

int lab_lua_hosted(lua_State *L)
{
    static const char *const more[] = {"on_trap", NULL};
    struct lab_lua_options options;
    lua_settop(L, 1);
    lab_lua_read_options(L, 1, "pg74.hosted", more, &options);
    if (options.monitor_count > 0)
        return luaL_error(L, "pg74.hosted: the monitor is the program in Lua; for one in ELF use pg74.machine");
    lua_getfield(L, 1, "on_trap");
    if (!lua_isnil(L, 3) && !lua_isfunction(L, 3))
        return luaL_error(L, "option 'on_trap' must be a function, not %s", luaL_typename(L, 3));
    options.machine.monitor = lab_lua_push_host_image(L, options.isa);
    lua_setfield(L, 2, "host");
    struct lab_lua_machine *object = lab_lua_push_machine(L, NULL, 2, &options);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    object->machine = machine_new(options.isa, &options.machine, diagnostics);
    lab_lua_settle(L, diagnostics);
    object->programs = lab_programs_new(object->machine, &options.machine);
    push_host(L);
    lua_pushvalue(L, 3);
    lua_setiuservalue(L, -2, 3);
    return 1;
}

static int collect_host(lua_State *L)
{
    struct lab_lua_host *host = luaL_checkudata(L, 1, LAB_LUA_HOST);
    if (host->object != NULL && host->object->machine != NULL)
        machine_remove_observer(host->object->machine, host->handle);
    host->object = NULL;
    free(host->before);
    host->before = NULL;
    return 0;
}

static int host_machine(lua_State *L)
{
    luaL_checkudata(L, 1, LAB_LUA_HOST);
    lua_getiuservalue(L, 1, 1);
    return 1;
}

static int host_cpus(lua_State *L)
{
    luaL_checkudata(L, 1, LAB_LUA_HOST);
    lua_getiuservalue(L, 1, 2);
    return 1;
}

static int host_room(lua_State *L)
{
    const struct lab_lua_host *host = luaL_checkudata(L, 1, LAB_LUA_HOST);
    if (!host->has_room)
        return lab_lua_nothing(L);
    lua_pushinteger(L, ROOM);
    return 1;
}

/* ---- Entering and leaving ---------------------------------------------------------------------------------------- */

struct lab_lua_cpu *lab_lua_check_cpu(lua_State *L)
{
    return luaL_checkudata(L, 1, LAB_LUA_CPU);
}

static void set_duty(struct lab_lua_cpu *cpu, const struct isa *isa, enum isa_duty duty, uint32_t value)
{
    const struct isa_state *state = isa_state_with_duty(isa, duty);
    if (state != NULL)
        cpu->real[state->slot] = value;
}

static uint64_t steps_of(struct machine_time time)
{
    return time.instructions + time.traps;
}

/* What the checker has ended goes no further, whatever the monitor would do. */
static int end(lua_State *L, struct lab_lua_host *host)
{
    host->ended = true;
    return luaL_error(L, "the checker has ended this run");
}

/* Puts the guest on the hardware: in user mode, interrupts enabled, the real timer at `fuel` (0: stopped), until
 * something brings the host back. Leaves the machine's object on the stack. */
static enum machine_stop execute(lua_State *L, struct lab_lua_cpu *cpu, uint32_t fuel, uint64_t steps, bool waits)
{
    struct lab_lua_host *host = cpu->host;
    struct machine *machine = lab_lua_host_machine(L, host);
    const struct isa *isa = machine_isa(machine);
    if (host->ended)
        end(L, host);
    cpu->real[isa_mode(isa)->slot] = 1;
    set_named(cpu->real, isa, "enable", 1);
    set_duty(cpu, isa, ISA_DUTY_COUNTDOWN, fuel);
    set_duty(cpu, isa, ISA_DUTY_WAITING, waits);
    set_duty(cpu, isa, ISA_DUTY_HALTED, 0);
    machine_host_enter(machine, cpu->real);
    host->trapped = false;
    uint64_t before = steps_of(machine_time(machine));
    lua_getiuservalue(L, 1, 1);
    lua_getiuservalue(L, -1, 1);
    enum machine_stop stop = lab_lua_run_machine(L, -1, steps < host->left ? steps : host->left);
    uint64_t used = steps_of(machine_time(machine)) - before;
    if (host->checked)
        used += STEPS_OF_A_RETURN;
    if (host->left != UINT64_MAX)
        host->left -= used < host->left ? used : host->left;
    for (unsigned i = 0; i < host->slots; i++)
        cpu->real[i] = host->trapped ? host->before[i] : machine_slot(machine, i);
    set_duty(cpu, isa, ISA_DUTY_REQUESTS, 0);
    host->exhausted = host->left == 0;
    if (host->checked && ((!host->trapped && stop == MACHINE_STOPPED) || host->exhausted))
        end(L, host);
    return stop;
}

/* Pushes why the host is back. */
static int push_exit(lua_State *L, struct lab_lua_cpu *cpu, enum machine_stop stop, struct machine_time before)
{
    struct lab_lua_host *host = cpu->host;
    const struct machine *machine = host->object->machine;
    const struct isa *isa = machine_isa(machine);
    struct machine_time time = machine_time(machine);
    const struct isa_state *countdown = isa_state_with_duty(isa, ISA_DUTY_COUNTDOWN);
    const struct isa_cause *timer = isa_cause_named(isa, "timer");
    bool fuel = host->trapped && countdown != NULL && host->event.kind == MACHINE_EVENT_INTERRUPT && timer != NULL &&
                host->event.cause == timer->number;
    if (host->trapped && !fuel)
        lab_lua_push_event(L, isa, &host->event);
    else
        lua_newtable(L);
    if (fuel || (!host->trapped && stop == MACHINE_LIMIT))
        lua_pushliteral(L, "fuel");
    else if (host->trapped)
        lua_getfield(L, -1, "cause");
    else
        lua_pushstring(L, lab_lua_stop_name(stop));
    lua_setfield(L, -2, "reason");
    lua_pushinteger(L, (lua_Integer)(time.instructions - before.instructions));
    lua_setfield(L, -2, "instructions");
    lua_pushinteger(L, (lua_Integer)(time.idle - before.idle));
    lua_setfield(L, -2, "idle");
    return 1;
}

/* While one guest runs, time passes for those that wait, too. */
static void pass_time(struct lab_lua_cpu *ran, uint64_t instructions, uint64_t idle)
{
    for (unsigned i = 0; i < ran->host->cpu_count; i++) {
        struct lab_lua_cpu *cpu = ran->host->cpus[i];
        if (cpu == ran || (!cpu->halted && lab_lua_virtual_waits(cpu)))
            lab_lua_pass_time(cpu, instructions + idle);
    }
}

int lab_lua_cpu_run(lua_State *L)
{
    struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    struct machine_time before = machine_time(lab_lua_host_machine(L, cpu->host));
    uint32_t fuel = lua_isnoneornil(L, 2) ? cpu->host->slice : (uint32_t)lab_lua_integer(L, 2, 1, UINT32_MAX);
    uint32_t timer = lab_lua_virtual_timer(cpu);
    if (cpu->halted)
        return luaL_error(L, "guest %d has halted", (int)cpu->guest + 1);
    fuel = timer > 0 && timer < fuel ? timer : fuel;
    lua_settop(L, 1);
    enum machine_stop stop = execute(L, cpu, fuel, (uint64_t)fuel + 1, false);
    pass_time(cpu, machine_time(cpu->host->object->machine).instructions - before.instructions, 0);
    return push_exit(L, cpu, stop, before);
}

/* Until the first of the virtual timers of those who wait. */
static uint32_t soonest(const struct lab_lua_host *host, uint32_t fuel)
{
    for (unsigned i = 0; i < host->cpu_count; i++) {
        uint32_t timer = host->cpus[i]->halted ? 0 : lab_lua_virtual_timer(host->cpus[i]);
        fuel = timer > 0 && (fuel == 0 || timer < fuel) ? timer : fuel;
    }
    return fuel;
}

int lab_lua_cpu_wait(lua_State *L)
{
    struct lab_lua_cpu *cpu = lab_lua_check_cpu(L);
    struct machine_time before = machine_time(lab_lua_host_machine(L, cpu->host));
    uint32_t fuel = lua_isnoneornil(L, 2) ? 0 : (uint32_t)lab_lua_integer(L, 2, 1, UINT32_MAX);
    lua_settop(L, 1);
    enum machine_stop stop = execute(L, cpu, soonest(cpu->host, fuel), 1, true);
    pass_time(cpu, 0, machine_time(cpu->host->object->machine).idle - before.idle);
    return push_exit(L, cpu, stop, before);
}

/* host:run(): each guest in turn, and every return to on_trap, until all have halted or it says stop. */
static int host_run(lua_State *L)
{
    struct lab_lua_host *host = luaL_checkudata(L, 1, LAB_LUA_HOST);
    bool alive = true;
    lua_settop(L, 1);
    lua_getiuservalue(L, 1, 3);
    lua_getiuservalue(L, 1, 2);
    if (lua_isnil(L, 2))
        return luaL_error(L, "host:run needs on_trap, a function given to pg74.hosted");
    while (alive) {
        alive = false;
        for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, 3); i++) {
            lua_rawgeti(L, 3, i);
            if (((const struct lab_lua_cpu *)lua_touserdata(L, -1))->halted) {
                lua_pop(L, 1);
                continue;
            }
            alive = true;
            lua_pushvalue(L, 2);
            lua_pushvalue(L, -2);
            lua_pushcfunction(L, lab_lua_cpu_run);
            lua_pushvalue(L, -2);
            lua_call(L, 1, 1);
            lua_call(L, 2, 1);
            if ((lua_isboolean(L, -1) && !lua_toboolean(L, -1)) || host->object == NULL) {
                lua_pushliteral(L, "stopped");
                return 1;
            }
            lua_pop(L, 2);
        }
    }
    lua_pushliteral(L, "halted");
    return 1;
}

/* ---- For the checker --------------------------------------------------------------------------------------------- */

struct call {
    struct machine *machine;
    uint64_t fuel;
    struct lab_lua_machine *object; /* for the machine, and its host, while they exist */
    struct lab_lua_host *host;
    bool deadlock;
};

static void stop_endless(lua_State *L, lua_Debug *record)
{
    (void)record;
    if (lua_isyieldable(L))
        lua_yield(L, 0);
    else
        luaL_error(L, "the monitor does not come to an end");
}

/* Runs the function in a coroutine of its own, which can be left where it is. Stack: the call, the function, what the
 * machine needs. */
static int run_function(lua_State *L)
{
    struct call *call = lua_touserdata(L, 1);
    call->object = lab_lua_push_machine(L, NULL, 3, NULL);
    call->object->borrowed = true;
    call->object->machine = call->machine;
    call->host = push_host(L);
    call->host->checked = true;
    call->host->left = call->fuel;
    lua_State *thread = lua_newthread(L);
    uint64_t most = call->fuel < LEAST_LUA_INSTRUCTIONS ? LEAST_LUA_INSTRUCTIONS : call->fuel;
    int count;
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -3);
    lua_xmove(L, thread, 2);
    if (lua_gethook(L) == NULL) /* else somebody counts already */
        lua_sethook(thread, stop_endless, LUA_MASKCOUNT, most < INT32_MAX ? (int)most : INT32_MAX);
    int status = lua_resume(thread, L, 1, &count);
    if (call->host->ended)
        return 0;
    if (status == LUA_YIELD)
        return luaL_error(L, "the monitor does not come to an end");
    if (status != LUA_OK) {
        lua_xmove(thread, L, 1);
        return lua_error(L);
    }
    call->deadlock =
        count > 0 && lua_type(thread, -1) == LUA_TSTRING && strcmp(lua_tostring(thread, -1), "deadlock") == 0;
    return 0;
}

/* The machine goes back to the checker: nobody here may use it any more. Both objects still exist, because nothing
 * has been made since that the collector could have run for. */
static enum machine_stop give_back(struct call *call)
{
    enum machine_stop stop = call->deadlock ? MACHINE_DEADLOCK : MACHINE_HALTED;
    if (call->host != NULL) {
        if (call->host->ended)
            stop = call->host->exhausted ? MACHINE_LIMIT : MACHINE_STOPPED;
        machine_remove_observer(call->machine, call->host->handle);
        call->host->object = NULL;
    }
    if (call->object != NULL) {
        lab_lua_forget_observers(call->object);
        call->object->machine = NULL;
    }
    return stop;
}

enum machine_stop lab_lua_run_hosted(lua_State *L, int function, int kept, struct machine *machine, uint64_t fuel,
                                     char *error, size_t size)
{
    struct call call = {.machine = machine, .fuel = fuel};
    int top = lua_gettop(L);
    function = lua_absindex(L, function);
    kept = lua_absindex(L, kept);
    error[0] = '\0';
    if (!lua_checkstack(L, 8))
        return MACHINE_STOPPED;
    lua_pushcfunction(L, run_function);
    lua_pushlightuserdata(L, &call);
    lua_pushvalue(L, function);
    lua_pushvalue(L, kept);
    int status = lua_pcall(L, 3, 0, 0);
    enum machine_stop stop = give_back(&call);
    if (status != LUA_OK)
        snprintf(error, size, "%s", lua_tostring(L, -1) != NULL ? lua_tostring(L, -1) : "an error without a text");
    lua_settop(L, top);
    return stop;
}

void lab_lua_register_hosted(lua_State *L)
{
    static const luaL_Reg methods[] = {{"run", host_run}, {NULL, NULL}};
    static const luaL_Reg fields[] = {{"machine", host_machine}, {"cpus", host_cpus}, {"room", host_room}, {NULL, NULL}};
    static const luaL_Reg metamethods[] = {{"__gc", collect_host}, {NULL, NULL}};
    lab_lua_class(L, LAB_LUA_HOST, methods, fields, NULL, metamethods);
    lab_lua_register_cpu(L);
}
