/* hosted.h: a host and its virtual processors, for the files that make them. Private to lab/lua/.
 *
 *     hosted.c          a host; entering a guest, and why it came back; running under the checker
 *     hosted_state.c    what a monitor sees of a processor and of its guest's memory and ports
 *     hosted_virtual.c  the virtual machine by the meaning of its instructions: for who does not emulate by hand
 */
#ifndef PG74_LAB_LUA_HOSTED_H
#define PG74_LAB_LUA_HOSTED_H

#include "lab/lua/internal.h"

struct lab_lua_cpu;

/* User values: 1 the machine's object, 2 the list of processors, 3 the function on_trap. */
struct lab_lua_host {
    struct lab_lua_machine *object;
    int handle;
    bool trapped, checked; /* in this run; by the checker, which may end it */
    bool has_room;         /* for page tables */
    bool ended, exhausted; /* by the checker; because the fuel was used up */
    uint64_t left;         /* instructions and traps */
    uint32_t slice;
    unsigned slots, cpu_count;
    uint32_t *before;      /* the state before the trap */
    struct machine_event event;
    struct lab_lua_cpu *cpus[MACHINE_MOST_UNITS]; /* kept alive by user value 2 */
};

/* User value 1: the host. */
struct lab_lua_cpu {
    struct lab_lua_host *host;
    unsigned guest;
    uint32_t start, size;
    bool halted;
    uint32_t *real;      /* the hardware's state while it does not run */
    uint32_t *virtual;   /* what the guest believes; general registers and pc are those of `real` */
    uint32_t slots[];    /* for both */
};

struct lab_lua_cpu *lab_lua_check_cpu(lua_State *L);
/* The machine of a host that can be used. */
struct machine *lab_lua_host_machine(lua_State *L, const struct lab_lua_host *host);

/* hosted_state.c */
void lab_lua_register_cpu(lua_State *L);
void lab_lua_halt_cpu(lua_State *L, struct lab_lua_cpu *cpu, uint32_t code);

/* hosted_virtual.c. Makes the virtual machine what it is after a reset. */
void lab_lua_reset_virtual(struct lab_lua_cpu *cpu, uint32_t entry);
/* Time passes for a guest: its virtual timer counts down. */
void lab_lua_pass_time(struct lab_lua_cpu *cpu, uint64_t instructions);
/* How many instructions the virtual timer has left; 0: it is stopped. And does the guest wait for an interrupt? */
uint32_t lab_lua_virtual_timer(const struct lab_lua_cpu *cpu);
bool lab_lua_virtual_waits(const struct lab_lua_cpu *cpu);
int lab_lua_cpu_emulate(lua_State *L);
int lab_lua_cpu_interrupt(lua_State *L);
int lab_lua_cpu_request(lua_State *L);

/* For hosted_state.c. */
int lab_lua_cpu_run(lua_State *L);
int lab_lua_cpu_wait(lua_State *L);

#endif
