/* run.c: the run: what happens between steps, and why a run stops. However it is cut into pieces it is the same run:
 * nothing here depends on the fuel but where it stops. */
#include "machine/internal.h"

/* How many steps an engine gets before somebody looks whether the user has interrupted. */
enum { LONGEST_SLICE = 1 << 22 };

static bool is_set(const struct machine *machine, uint32_t slot)
{
    return slot != MACHINE_NO_SLOT && machine->state[slot] != 0;
}

/* Is the next instruction none for an engine? One that is watched alone an engine leaves alone, too; but where one
 * was, the next one most often is. */
static bool must_step(const struct machine *machine)
{
    const unsigned by_steps = MACHINE_EVENT_FETCH | MACHINE_EVENT_RETIRE | MACHINE_EVENT_STORE;
    bool watched = (machine->watched & by_steps) != 0;
    return machine->always_step || machine->stepped_within || (watched && machine->within_length == 0) ||
           (machine->watched & MACHINE_EVENT_LOAD) != 0;
}

/* Executes at least one step and at most `fuel` of them. The machine is neither halted nor waiting. */
static void execute(struct machine *machine, uint64_t fuel)
{
    if (must_step(machine)) {
        machine_step(machine);
        return;
    }
    if (machine_take_interrupt(machine))
        return;
    uint64_t limit = fuel < LONGEST_SLICE ? fuel : LONGEST_SLICE;
    uint64_t due = machine_until_due(machine);
    uint64_t before = machine_steps(machine);
    machine->operations->run(machine->engine, due < limit ? due : limit);
    if (machine_steps(machine) == before)
        machine_step(machine);
}

enum machine_stop machine_run_on(struct machine *machine, uint64_t fuel)
{
    uint64_t end = fuel > UINT64_MAX - machine_steps(machine) ? UINT64_MAX : machine_steps(machine) + fuel;
    machine->stop_asked = false;
    for (;;) {
        if (is_set(machine, machine->halted_slot))
            return MACHINE_HALTED;
        if (machine->stop_asked || atomic_exchange(&machine->interrupted, false))
            return MACHINE_STOPPED;
        if (machine_steps(machine) >= end)
            return MACHINE_LIMIT;
        if (is_set(machine, machine->waiting_slot) && !machine_wait(machine))
            return MACHINE_DEADLOCK;
        execute(machine, end - machine_steps(machine));
    }
}

void machine_interrupt_run(struct machine *machine)
{
    atomic_store(&machine->interrupted, true);
}

enum machine_stop machine_run(struct machine *machine, uint64_t fuel)
{
    enum machine_stop stop = machine->history ? machine_history_run(machine, fuel) : machine_run_on(machine, fuel);
    if (machine->watched & MACHINE_EVENT_STOP)
        machine_emit(machine, &(struct machine_event){.kind = MACHINE_EVENT_STOP, .pc = machine_pc(machine),
                                                      .user = machine_user_mode(machine), .value = (uint32_t)stop});
    return stop;
}
