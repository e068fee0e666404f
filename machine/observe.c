/* observe.c: observers: who watches, and telling them. */
#include "machine/internal.h"

static void sum_up(struct machine *machine)
{
    machine->watched = 0;
    for (unsigned i = 0; i < MACHINE_MOST_OBSERVERS; i++)
        if (machine->observers[i].handle)
            machine->watched |= machine->observers[i].kinds;
}

int machine_add_observer(struct machine *machine, unsigned kinds, machine_observe *observe, void *context)
{
    for (unsigned i = 0; i < MACHINE_MOST_OBSERVERS; i++) {
        if (machine->observers[i].handle)
            continue;
        machine->observers[i] = (struct machine_observer){++machine->last_handle, kinds, observe, context};
        sum_up(machine);
        return machine->last_handle;
    }
    return 0;
}

void machine_remove_observer(struct machine *machine, int handle)
{
    for (unsigned i = 0; i < MACHINE_MOST_OBSERVERS; i++)
        if (machine->observers[i].handle == handle)
            machine->observers[i] = (struct machine_observer){0};
    sum_up(machine);
}

unsigned machine_watched(const struct machine *machine) { return machine->watched; }

void machine_watch_within(struct machine *machine, uint32_t start, uint32_t length)
{
    machine->within_start = start;
    machine->within_length = length;
    machine->stepped_within = false;
}

void machine_emit(struct machine *machine, const struct machine_event *event)
{
    for (unsigned i = 0; i < MACHINE_MOST_OBSERVERS; i++) {
        const struct machine_observer *observer = &machine->observers[i];
        if (observer->handle && (observer->kinds & event->kind) &&
            !observer->observe(observer->context, machine, event))
            machine->stop_asked = true;
    }
}
