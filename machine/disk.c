/* disk.c: a disk. A command begins a transfer, which takes time; the data move when it ends, between the disk and
 * physical memory, past R. What was written to the ports counts as it was at the command. */
#include "machine/internal.h"

#include <string.h>

enum { STATUS_IDLE, STATUS_BUSY, STATUS_DONE, STATUS_FAILED };
enum { COMMAND_READ = 1, COMMAND_WRITE = 2 };

/* How long a transfer takes, in instructions. */
enum { SEEK_TIME = 500, SECTOR_TIME = 100 };

bool machine_disk_busy(const struct machine_disk *disk)
{
    return disk->status == STATUS_BUSY;
}

/* All of it must lie on the disk and in memory. */
static bool is_possible(const struct machine *machine, const struct machine_disk *disk)
{
    uint64_t length = (uint64_t)disk->sectors * MACHINE_SECTOR;
    return (disk->command == COMMAND_READ || disk->command == COMMAND_WRITE) &&
           (uint64_t)disk->from_sector * MACHINE_SECTOR + length <= disk->length &&
           disk->to_address + length <= machine->memory_size;
}

/* A command while the disk is busy is lost. One that cannot succeed fails after the seek, however much it asked for. */
void machine_disk_command(struct machine *machine, struct machine_disk *disk, uint32_t command)
{
    if (machine_disk_busy(disk))
        return;
    disk->status = STATUS_BUSY;
    disk->command = command;
    disk->from_sector = disk->sector;
    disk->to_address = disk->address;
    disk->sectors = disk->count;
    uint64_t moved = is_possible(machine, disk) ? disk->sectors : 0;
    disk->due = machine_now(machine) + SEEK_TIME + SECTOR_TIME * moved;
    if (!machine->manual_events && disk->due < machine->next_event)
        machine->next_event = disk->due;
}

void machine_disk_finish(struct machine *machine, struct machine_disk *disk)
{
    disk->status = STATUS_FAILED;
    if (!is_possible(machine, disk))
        return;
    disk->status = STATUS_DONE;
    size_t length = (size_t)disk->sectors * MACHINE_SECTOR;
    uint8_t *on_disk = disk->bytes + (size_t)disk->from_sector * MACHINE_SECTOR;
    uint8_t *in_memory = machine->memory + disk->to_address;
    if (length == 0)
        return;
    if (disk->command == COMMAND_WRITE) {
        memcpy(on_disk, in_memory, length);
        return;
    }
    memcpy(in_memory, on_disk, length);
    machine_memory_changed(machine, disk->to_address, (uint32_t)length);
    if (machine->watched & MACHINE_EVENT_STORE)
        machine_emit(machine, &(struct machine_event){
            .kind = MACHINE_EVENT_STORE, .pc = machine_pc(machine), .user = machine_user_mode(machine),
            .physical = disk->to_address, .virtual_address = disk->to_address, .bytes = (unsigned)length,
            .by_device = true});
}

uint32_t machine_disk_status(struct machine_disk *disk)
{
    uint32_t status = disk->status;
    if (status != STATUS_BUSY)
        disk->status = STATUS_IDLE;
    return status;
}
