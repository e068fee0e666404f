/* unit.c: what the devices of a unit are doing, for people who look. */
#include "machine/internal.h"

enum { DISK_FAILED = 3 };

void machine_look_at_unit(const struct machine *machine, unsigned number, struct machine_unit_state *state)
{
    const struct machine_unit *unit = &machine->units[number < MACHINE_MOST_UNITS ? number : 0];
    const struct machine_disk *disk = &unit->disk;
    bool is_busy = machine_disk_busy(disk);
    uint64_t now = machine_now(machine);
    *state = (struct machine_unit_state){
        .output = unit->console.output.length,
        .input_left = unit->console.input_length - unit->console.input_position,
        .console_requests = unit->console.requests,
        .disk_length = disk->length,
        .disk_busy = is_busy,
        .disk_writes = disk->command == 2,
        .disk_failed = disk->status == DISK_FAILED,
        .disk_sector = disk->from_sector,
        .disk_sectors = disk->sectors,
        .disk_address = disk->to_address,
        .disk_left = is_busy && disk->due > now ? disk->due - now : 0,
        .frames_sent = unit->network.sent,
        .frames_arrived = unit->network.arrived,
        .frames_waiting = unit->network.waiting,
        .frames_dropped = unit->network.dropped,
    };
}
