/* timer.c: preemption: two user programs that never give up the processor take turns by the interval timer.
 * How far each gets in a turn is not printed: it may differ by an instruction or two from machine to machine. */
#include "common/guest.h"

enum { TURNS = 20, SLICE = 1000, STACK = 256 };

struct program {
    struct pg74_psw psw;
    uint32_t registers[32];
    volatile uint32_t counter; /* the program counts here for ever */
    uint32_t turns, last;
    bool stood_still;
};
static struct program programs[2];
static unsigned running, turns;

static void count_for_ever(volatile uint32_t *counter)
{
    for (;;)
        ++*counter;
}

/* The timer has interrupted: put the running program's registers aside, and lay out the other's. */
void guest_trap(void)
{
    struct program *program = &programs[running];
    if (pg74_trap_area.cause != PG74_CAUSE_TIMER) {
        print("unexpected trap %u at %08x\n", pg74_trap_area.cause, pg74_trap_area.old_psw.pc);
        guest_leave(1);
    }
    program->psw.pc = pg74_trap_area.old_psw.pc;
    for (unsigned i = 1; i < 32; i++)
        program->registers[i] = pg74_trap_area.save[i];
    program->turns++;
    program->stood_still |= program->counter == program->last;
    program->last = program->counter;
    if (++turns == TURNS)
        guest_leave(0);

    running = !running;
    program = &programs[running];
    pg74_trap_area.old_psw.pc = program->psw.pc;
    for (unsigned i = 1; i < 32; i++)
        pg74_trap_area.save[i] = program->registers[i];
    pg74_settimer(SLICE);
}

uint32_t main(uint32_t argument)
{
    static uint32_t stacks[2][STACK];
    (void)argument;
    guest_traps_on();
    for (unsigned i = 0; i < 2; i++) {
        programs[i].psw = (struct pg74_psw){PG74_FLAG_USER | PG74_FLAG_ENABLE, (uint32_t)(uintptr_t)count_for_ever, 0,
                                            pg74_boot_block.memory_size};
        programs[i].registers[2] = (uint32_t)(uintptr_t)(stacks[i] + STACK);
        programs[i].registers[10] = (uint32_t)(uintptr_t)&programs[i].counter; /* the argument: a0 */
    }
    pg74_settimer(SLICE);
    uint32_t failed = guest_enter(&programs[0].psw, programs[0].registers[2], programs[0].registers[10]);
    for (unsigned i = 0; i < 2; i++) {
        const char *how = programs[i].stood_still ? "STOOD STILL" : "went on in each";
        print("program %u had %u turns, and %s\n", i, programs[i].turns, how);
        failed |= programs[i].stood_still;
    }
    return failed;
}
