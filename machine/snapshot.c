/* snapshot.c: taking and restoring the whole machine at one moment. */
#include "machine/snapshot.h"

#include <stdlib.h>
#include <string.h>

/* What of a unit a snapshot keeps as it is; the bytes that it points to are kept apart. */
static void take_unit(struct machine *machine, unsigned number, struct machine_snapshot_unit *taken)
{
    const struct machine_unit *unit = &machine->units[number];
    struct machine_recent *recent = machine->recent;
    taken->unit = *unit;
    machine_network_hold(&taken->unit.network);
    machine_pages_keep(&taken->output, unit->console.output.bytes, unit->console.output.length,
                       &recent->outputs[number]);
    machine_pages_keep(&taken->disk, unit->disk.bytes, unit->disk.length, &recent->disks[number]);
    machine_pages_share(&recent->outputs[number], &taken->output);
    machine_pages_share(&recent->disks[number], &taken->disk);
}

struct machine_snapshot *machine_snapshot_take(struct machine *machine)
{
    struct machine_snapshot *snapshot =
        machine_allocate(1, sizeof *snapshot + machine->unit_count * sizeof snapshot->units[0]);
    if (!machine->recent)
        machine->recent = machine_allocate(1, sizeof *machine->recent);
    snapshot->unit_count = machine->unit_count;
    snapshot->state = machine_allocate(machine->slots, sizeof *snapshot->state);
    memcpy(snapshot->state, machine->state, machine->slots * sizeof *snapshot->state);
    snapshot->time = machine->time;
    snapshot->next_event = machine->next_event;
    machine_pages_keep(&snapshot->memory, machine->memory, machine->memory_size, &machine->recent->memory);
    machine_pages_share(&machine->recent->memory, &snapshot->memory);
    for (unsigned i = 0; i < machine->unit_count; i++)
        take_unit(machine, i, &snapshot->units[i]);
    return snapshot;
}

static void restore_unit(struct machine_unit *unit, const struct machine_snapshot_unit *taken)
{
    struct machine_unit restored = taken->unit;
    restored.console.input = unit->console.input;
    restored.console.output = unit->console.output;
    restored.disk.bytes = unit->disk.bytes;
    machine_network_hold(&restored.network);
    machine_network_release(&unit->network);
    if (restored.console.output.capacity < taken->output.length) {
        restored.console.output.capacity = taken->output.length;
        restored.console.output.bytes = machine_resize(restored.console.output.bytes, taken->output.length);
    }
    restored.console.output.length = taken->output.length;
    machine_pages_put_back(&taken->output, restored.console.output.bytes, NULL, NULL);
    machine_pages_put_back(&taken->disk, restored.disk.bytes, NULL, NULL);
    *unit = restored;
}

void machine_snapshot_restore(struct machine *machine, const struct machine_snapshot *snapshot)
{
    memcpy(machine->state, snapshot->state, machine->slots * sizeof *machine->state);
    machine->time = snapshot->time;
    machine->next_event = snapshot->next_event;
    machine_pages_put_back(&snapshot->memory, machine->memory, machine_memory_changed, machine);
    for (unsigned i = 0; i < snapshot->unit_count; i++)
        restore_unit(&machine->units[i], &snapshot->units[i]);
    machine_history_begin_anew(machine);
}

void machine_snapshot_free(struct machine_snapshot *snapshot)
{
    if (!snapshot)
        return;
    for (unsigned i = 0; i < snapshot->unit_count; i++) {
        machine_pages_free(&snapshot->units[i].output);
        machine_pages_free(&snapshot->units[i].disk);
        machine_network_release(&snapshot->units[i].unit.network);
    }
    machine_pages_free(&snapshot->memory);
    free(snapshot->state);
    free(snapshot);
}

void machine_recent_free(struct machine *machine)
{
    if (!machine->recent)
        return;
    machine_pages_free(&machine->recent->memory);
    for (unsigned i = 0; i < MACHINE_MOST_UNITS; i++) {
        machine_pages_free(&machine->recent->outputs[i]);
        machine_pages_free(&machine->recent->disks[i]);
    }
    free(machine->recent);
}
