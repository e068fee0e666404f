/* time.c: when something happens. All engines come here, so none can have a time of its own.
 *
 * The moment is the number of retired instructions plus the time spent waiting, counted as if instructions had
 * retired. At each moment, in this order: the countdown goes down, and requests its interrupt at 0; device events
 * that are due happen; what devices asked for while the instruction executed is requested. */
#include "machine/internal.h"

static uint32_t requests(const struct machine *machine)
{
    return machine->requests_slot == MACHINE_NO_SLOT ? 0 : machine->state[machine->requests_slot];
}

void machine_raise(struct machine *machine, uint32_t bits)
{
    if (machine->requests_slot != MACHINE_NO_SLOT)
        machine->state[machine->requests_slot] |= bits & machine->requests_mask;
}

uint64_t machine_until_due(const struct machine *machine)
{
    uint64_t due = UINT64_MAX;
    if (machine->countdown_slot != MACHINE_NO_SLOT && machine->state[machine->countdown_slot] &&
        !machine->manual_events)
        due = machine->state[machine->countdown_slot];
    if (machine->next_event != UINT64_MAX && machine->next_event - machine_now(machine) < due)
        due = machine->next_event - machine_now(machine);
    return due;
}

static void count_down(struct machine *machine, uint64_t moments)
{
    if (machine->countdown_slot == MACHINE_NO_SLOT)
        return;
    uint32_t *countdown = &machine->state[machine->countdown_slot];
    if (*countdown == 0)
        return; /* it is stopped */
    *countdown -= moments < *countdown ? (uint32_t)moments : *countdown;
    if (*countdown == 0 && !machine->manual_events)
        machine_raise(machine, machine->countdown_request);
}

/* The moment has come forward: what is due? */
static void happen(struct machine *machine)
{
    if (machine_now(machine) >= machine->next_event)
        machine_devices_due(machine);
    if (machine->raised) {
        machine_raise(machine, machine->raised);
        machine->raised = 0;
    }
}

void machine_retire(struct machine *machine, uint64_t instructions, uint64_t cycles, bool keep_countdown)
{
    machine->time.instructions += instructions;
    machine->time.cycles += cycles;
    if (!keep_countdown)
        count_down(machine, instructions);
    happen(machine);
}

bool machine_wait(struct machine *machine)
{
    while (requests(machine) == 0) {
        uint64_t moments = machine_until_due(machine);
        if (moments == UINT64_MAX)
            return false;
        machine->time.idle += moments;
        count_down(machine, moments);
        happen(machine);
    }
    machine->state[machine->waiting_slot] = 0;
    return true;
}

static bool is_set(const struct machine *machine, uint32_t slot)
{
    return slot != MACHINE_NO_SLOT && machine->state[slot] != 0;
}

bool machine_undisturbed(const struct machine *machine)
{
    return !is_set(machine, machine->halted_slot) && !is_set(machine, machine->waiting_slot) &&
           requests(machine) == 0 && !machine->stop_asked;
}
