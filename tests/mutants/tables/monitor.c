/* monitor.c: whose turn it is, the guests' time, and their interrupts.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "computer.h"

enum { WAY_BACK = 34, POLL_EVERY = 64 };

extern uint32_t frame[32];
extern const char trap_entry[], wait_here[];
_Noreturn void enter_guest(uint32_t timer);
_Noreturn void monitor_main(void);
_Noreturn void monitor_trap(void);

static struct computer computers[PG74_MOST_GUESTS], *now;
static uint32_t count, left, set, slice;
static bool at_rest;                     /* nobody runs: the real machine waits */

/* ---- Time -------------------------------------------------------------------------------------------------------- */

static void pass(struct computer *c, uint32_t instructions)
{
    if (c->timer == 0)
        return;
    c->timer -= instructions < c->timer ? instructions : c->timer;
    if (c->timer == 0)
        request(c, TIMER_BIT);
}

/* For the one that ran, and for those that wait meanwhile. */
static void pass_for_all(uint32_t instructions)
{
    for (uint32_t i = 0; i < count; i++)
        if (computers[i].waits || (!at_rest && &computers[i] == now))
            pass(&computers[i], instructions);
    if (!at_rest)
        now->count += instructions;
    left -= instructions < left ? instructions : left;
}

/* ---- Running ----------------------------------------------------------------------------------------------------- */

static void interrupt(struct computer *c)
{
    while (c->requests != 0 && (c->psw[FLAGS] & ENABLED)) {
        uint32_t number = (uint32_t)__builtin_ctz(c->requests);
        c->requests &= c->requests - 1;
        trap(c, PG74_CAUSE_TIMER + number, 0, 0);
        if (c->psw[FLAGS] & ENABLED)
            return; /* and again before the next instruction: but others are to have their turn */
    }
}

/* One instruction of the supervisor, or its trap. */
static void step(struct computer *c)
{
    uint32_t place;
    interrupt(c);
    left -= left > 0;
    if ((c->psw[FLAGS] & USER) || !reach(c, c->psw[PC], 4, FETCH, &place))
        return;
    uint32_t word = *word_at(c, place);
    if (execute(c, word)) {
        left++; /* pass_for_all counts it */
        pass_for_all(1);
        if (c->waits && c->requests != 0)
            c->waits = false;
    }
}

static bool can_run(const struct computer *c) { return !c->waits && !c->halted; }

/* The next in the ring that can run; false: there is none. */
static bool choose(void)
{
    bool goes_on = can_run(now) && left > 0;
    for (uint32_t i = 0; i < count && !goes_on; i++) {
        now = now->next;
        left = slice;
        goes_on = can_run(now);
    }
    return goes_on;
}

static void stop_when_all_have_halted(void)
{
    uint32_t halted = 0, code = 0;
    for (uint32_t i = 0; i < count; i++) {
        halted += computers[i].halted;
        code = code ? code : computers[i].code;
    }
    if (halted == count)
        pg74_halt(code);
}

static void poll_all(void)
{
    for (uint32_t i = 0; i < count; i++)
        poll(&computers[i]);
}

_Noreturn static void rest(void)
{
    volatile struct pg74_psw *psw = (volatile struct pg74_psw *)&pg74_trap_area.save[8];
    at_rest = true;
    set = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!computers[i].halted && computers[i].timer && (set == 0 || computers[i].timer < set))
            set = computers[i].timer;
    psw->flags = ENABLED;
    psw->pc = (uint32_t)(uintptr_t)wait_here;
    psw->base = 0;
    psw->bound = pg74_boot_block.memory_size;
    enter_guest(set ? set + WAY_BACK : 0);
}

_Noreturn static void run_user(struct computer *c)
{
    volatile struct pg74_psw *psw = (volatile struct pg74_psw *)&pg74_trap_area.save[8];
    uint32_t room = c->psw[BASE] < c->size ? c->size - c->psw[BASE] : 0;
    psw->flags = USER | ENABLED;
    psw->pc = c->psw[PC];
    psw->base = room ? (uint32_t)(uintptr_t)c->memory + c->psw[BASE] : 0;
    psw->bound = c->psw[BOUND] < room ? c->psw[BOUND] : room;
    for (int i = 1; i < 32; i++)
        frame[i] = c->x[i];
    set = c->timer && c->timer < left ? c->timer : left;
    enter_guest(set + WAY_BACK);
}

_Noreturn static void go_on(void)
{
    at_rest = false;
    for (uint32_t n = 1;; n++) {
        stop_when_all_have_halted();
        if (n % POLL_EVERY == 0)
            poll_all();
        if (!choose())
            rest();
        interrupt(now);
        if (now->psw[FLAGS] & USER)
            run_user(now);
        step(now);
    }
}

_Noreturn void monitor_trap(void)
{
    uint32_t cause = pg74_trap_area.cause, unused = pg74_trap_area.save[2];
    if (!at_rest) {
        now->psw[PC] = pg74_trap_area.old_psw.pc;
        for (int i = 1; i < 32; i++)
            now->x[i] = frame[i];
    }
    if (set)
        pass_for_all(cause == PG74_CAUSE_TIMER ? set : unused + 2 < set ? set - unused - 2 : 0);
    if (cause < PG74_CAUSE_TIMER && at_rest)
        pg74_halt(70);
    if (cause < PG74_CAUSE_TIMER) {
        trap(now, cause, pg74_trap_area.value, pg74_trap_area.access);
        left -= left > 0;
    }
    poll_all();
    go_on();
}

_Noreturn void monitor_main(void)
{
    count = pg74_boot_block.guest_count;
    slice = pg74_boot_block.slice_limit / 2;
    left = slice;
    for (uint32_t i = 0; i < count; i++) {
        struct computer *c = &computers[i];
        c->next = &computers[(i + 1) % count];
        c->memory = (uint8_t *)(uintptr_t)pg74_boot_block.guests[i].start;
        c->size = pg74_boot_block.guests[i].size;
        c->psw[PC] = pg74_boot_block.guests[i].entry;
        c->psw[BOUND] = c->size;
        c->ports = i * PG74_PORT_UNIT;
    }
    now = computers;
    pg74_trap_area.new_psw.flags = 0;
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)trap_entry;
    pg74_trap_area.new_psw.base = 0;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
    go_on();
}
