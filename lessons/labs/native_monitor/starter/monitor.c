/* monitor.c: a trap-and-emulate monitor: your work. The loop at the end runs a guest until it traps, and comes back; what
 * to do then is missing, wherever it says TODO. docs/machine-manual.md and docs/boot-protocol.md tell what the machine does.
 * SPDX-License-Identifier: MIT-0 */
#include <stdbool.h>
#include "pg74.h"

enum { USER = 1, ENABLED = 2, WAY_BACK = 34 };
enum { FETCH = 1, LOAD = 2, STORE = 3 };

struct guest {
    uint32_t x[32], pc;
    uint32_t flags, base, bound;     /* the virtual PSW */
    uint32_t timer, pending;         /* bit i of pending: cause 16 + i */
    bool waiting, halted, told;
    uint32_t code;
    uint8_t *memory;
    uint32_t start, size;            /* of the partition */
    uint32_t ports;                  /* of its unit */
    uint32_t sector, address, count, status;
    bool wants_input, heard;
    uint64_t instructions;
};

extern uint32_t frame[32];
extern const char trap_entry[], wait_here[];
_Noreturn void enter_guest(uint32_t timer);
_Noreturn void monitor_main(void);
_Noreturn void monitor_trap(void);

static struct guest guests[PG74_MOST_GUESTS];
static struct guest *running;        /* NULL: all wait */
static uint32_t guest_count, slice, slice_left, timer_set;

/* ---- Guest memory ------------------------------------------------------------------------------------------------ */

static uint32_t *physical(struct guest *guest, uint32_t address)
{
    return (uint32_t *)(uintptr_t)(guest->memory + address);
}

/* The physical address of a virtual one, if all of the access lies inside bound and memory. */
static bool translate(const struct guest *guest, uint32_t address, uint32_t length, uint32_t *result)
{
    (void)guest, (void)address, (void)length; /* TODO: base and bound */
    *result = 0;
    return false;
}

/* ---- The virtual trap -------------------------------------------------------------------------------------------- */

static void load_psw(struct guest *guest, const uint32_t *psw)
{
    (void)guest, (void)psw; /* TODO */
}

static void trap(struct guest *guest, uint32_t cause, uint32_t value, uint32_t access)
{
    (void)guest, (void)cause, (void)value, (void)access; /* TODO: what the hardware does at a trap, in the guest's memory */
}

static void deliver_interrupts(struct guest *guest)
{
    (void)guest; /* TODO */
}

static void request(struct guest *guest, uint32_t cause)
{
    guest->pending |= 1u << (cause - 16);
    guest->waiting = false;
}

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

static void look_for_input(struct guest *guest)
{
    (void)guest; /* TODO */
}

static void look_at_disk(struct guest *guest)
{
    (void)guest; /* TODO */
}

static uint32_t port_in(struct guest *guest, uint32_t port)
{
    (void)guest, (void)port; /* TODO */
    return 0;
}

static void port_out(struct guest *guest, uint32_t port, uint32_t value)
{
    if (port == PG74_PORT_CONSOLE_OUTPUT) /* TODO: the other ports; and is this the console of this guest? */
        pg74_out(port, value);
    (void)guest;
}

/* ---- Emulation --------------------------------------------------------------------------------------------------- */

static void set(struct guest *guest, uint32_t number, uint32_t value)
{
    if (number != 0)
        guest->x[number] = value;
}

static void emulate(struct guest *guest, uint32_t word)
{
    uint32_t rd = word >> 7 & 31, first = guest->x[word >> 15 & 31], second = guest->x[word >> 20 & 31];
    (void)rd;
    if ((word >> 12 & 7) == 7 && word >> 25 == 0) {
        port_out(guest, first, second);
    } else { /* TODO: this takes everything else for halt */
        guest->halted = true;
        guest->code = 0;
    }
    guest->pc += 4;
}

/* ---- Time and turns ---------------------------------------------------------------------------------------------- */

static void pass_time(uint32_t instructions)
{
    (void)instructions; /* TODO: the timers of the guest that ran, and of those that wait */
}

static void stop_if_all_have_halted(void)
{
    uint32_t halted = 0, code = 0;
    for (uint32_t i = 0; i < guest_count; i++) {
        halted += guests[i].halted;
        if (code == 0)
            code = guests[i].code;
        if (guests[i].halted && !guests[i].told) {
            guests[i].told = true;
            pg74_out(guests[i].ports + PG74_PORT_REPORT_CODE, guests[i].code);
        }
    }
    if (halted == guest_count)
        pg74_halt(code);
}

static void choose(void)
{
    uint32_t last = running ? (uint32_t)(running - guests) : 0;
    if (running && slice_left > 0 && !running->waiting && !running->halted)
        return;
    running = 0;
    for (uint32_t i = 1; i <= guest_count && !running; i++) {
        struct guest *guest = &guests[(last + i) % guest_count];
        if (!guest->waiting && !guest->halted)
            running = guest;
    }
    slice_left = slice;
}

static uint32_t shortest_timer(void)
{
    uint32_t shortest = 0;
    for (uint32_t i = 0; i < guest_count; i++)
        if (!guests[i].halted && guests[i].timer && (shortest == 0 || guests[i].timer < shortest))
            shortest = guests[i].timer;
    return shortest;
}

/* The real PSW for the guest: its base moved into the partition, its bound cut off at the partition's end. */
static void compose(const struct guest *guest, volatile struct pg74_psw *psw)
{
    psw->flags = USER | ENABLED;
    psw->pc = guest->pc;
    psw->base = guest->start; /* TODO: the guest may have set its R */
    psw->bound = guest->size;
}

_Noreturn static void go_on(void)
{
    volatile struct pg74_psw *psw = (volatile struct pg74_psw *)&pg74_trap_area.save[8];
    stop_if_all_have_halted();
    choose();
    if (!running) {
        psw->flags = ENABLED;
        psw->pc = (uint32_t)(uintptr_t)wait_here;
        psw->base = 0;
        psw->bound = pg74_boot_block.memory_size;
        timer_set = shortest_timer();
    } else {
        deliver_interrupts(running);
        compose(running, psw);
        for (int i = 1; i < 32; i++)
            frame[i] = running->x[i];
        timer_set = running->timer && running->timer < slice_left ? running->timer : slice_left;
    }
    enter_guest(timer_set ? timer_set + WAY_BACK : 0);
}

/* ---- Traps ------------------------------------------------------------------------------------------------------- */

/* The word at the guest's pc: it has just been fetched there. */
static uint32_t trapped_word(void)
{
    const volatile struct pg74_psw *old = &pg74_trap_area.old_psw;
    return *(const uint32_t *)(uintptr_t)(old->base + old->pc);
}

static void guest_trap(struct guest *guest, uint32_t cause)
{
    if (cause == PG74_CAUSE_PRIVILEGED && !(guest->flags & USER)) {
        emulate(guest, trapped_word());
        return;
    }
    trap(guest, cause, pg74_trap_area.value, pg74_trap_area.access);
}

_Noreturn void monitor_trap(void)
{
    uint32_t cause = pg74_trap_area.cause, left = pg74_trap_area.save[2];
    if (running) {
        running->pc = pg74_trap_area.old_psw.pc;
        for (int i = 1; i < 32; i++)
            running->x[i] = frame[i];
    }
    if (timer_set)
        pass_time(cause == PG74_CAUSE_TIMER ? timer_set : left + 2 < timer_set ? timer_set - left - 2 : 0);
    if (cause >= PG74_CAUSE_TIMER) {
        for (uint32_t i = 0; i < guest_count; i++) {
            look_at_disk(&guests[i]);
            look_for_input(&guests[i]);
        }
    } else if (running) {
        guest_trap(running, cause);
    } else {
        pg74_halt(70);
    }
    go_on();
}

_Noreturn void monitor_main(void)
{
    guest_count = pg74_boot_block.guest_count;
    slice = pg74_boot_block.slice_limit / 2;
    for (uint32_t i = 0; i < guest_count; i++) {
        struct guest *guest = &guests[i];
        guest->start = pg74_boot_block.guests[i].start;
        guest->size = pg74_boot_block.guests[i].size;
        guest->memory = (uint8_t *)(uintptr_t)guest->start;
        guest->pc = pg74_boot_block.guests[i].entry;
        guest->bound = guest->size;
        guest->ports = i * PG74_PORT_UNIT;
    }
    pg74_trap_area.new_psw.flags = 0;
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)trap_entry;
    pg74_trap_area.new_psw.base = 0;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
    go_on();
}
