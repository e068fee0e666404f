/* devices.c: the guest's devices are those of its unit, with addresses moved into its partition.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "monitor.h"

enum { READ = 1, RECEIVE = 2, NOWHERE = 0xfffffe00u };

static void look_for_input(struct processor *processor)
{
    if (processor->wants_input && !processor->heard && (pg74_in(processor->ports + PG74_PORT_CONSOLE_STATUS) & 1)) {
        processor->heard = true;
        request(processor, PG74_CAUSE_CONSOLE);
    }
}

static void look_at_disk(struct processor *processor)
{
    if (processor->status != DISK_BUSY)
        return;
    uint32_t status = pg74_in(processor->ports + PG74_PORT_DISK_STATUS);
    if (status == DISK_BUSY)
        return;
    processor->status = status;
    if (processor->buffer_size > 0)
        shadow_stored(&processor->guest, processor->buffer, processor->buffer_size);
    request(processor, PG74_CAUSE_DISK);
}

static void start_disk(struct processor *processor, uint32_t command)
{
    if (processor->status == DISK_BUSY)
        return;
    uint32_t length = processor->count * SECTOR, size = processor->guest.size;
    bool good = processor->count <= size / SECTOR && processor->address <= size - length;
    pg74_out(processor->ports + PG74_PORT_DISK_SECTOR, processor->sector);
    pg74_out(processor->ports + PG74_PORT_DISK_ADDRESS, good ? processor->guest.start + processor->address : NOWHERE);
    pg74_out(processor->ports + PG74_PORT_DISK_COUNT, processor->count);
    pg74_out(processor->ports + PG74_PORT_DISK_COMMAND, command);
    processor->status = DISK_BUSY;
    processor->buffer = processor->address;
    processor->buffer_size = good && command == READ ? length : 0;
}

static void look_for_frames(struct processor *processor)
{
    uint32_t arrived = pg74_in(processor->ports + PG74_PORT_NETWORK_FRAMES) & 0xffff;
    if (processor->listens && arrived != processor->frames_told)
        request(processor, PG74_CAUSE_NETWORK);
    processor->frames_told = arrived;
}

void look_at_devices(struct processor *processor)
{
    look_at_disk(processor);
    look_for_input(processor);
    look_for_frames(processor);
}

static void start_network(struct processor *processor, uint32_t command)
{
    uint32_t length = processor->frame_length, size = processor->guest.size;
    bool good = length <= size && processor->frame_address <= size - length;
    uint32_t address = good ? processor->guest.start + processor->frame_address : NOWHERE;
    pg74_out(processor->ports + PG74_PORT_NETWORK_ADDRESS, address);
    pg74_out(processor->ports + PG74_PORT_NETWORK_LENGTH, length);
    pg74_out(processor->ports + PG74_PORT_NETWORK_COMMAND, command);
    if (good && length > 0 && command == RECEIVE)
        shadow_stored(&processor->guest, processor->frame_address, length);
}

uint32_t port_in(struct processor *processor, uint32_t port)
{
    uint32_t value;
    switch (port) {
    case PG74_PORT_CONSOLE_INPUT:
        value = pg74_in(processor->ports + port);
        processor->heard = false;
        look_for_input(processor);
        return value;
    case PG74_PORT_CONSOLE_STATUS:
    case PG74_PORT_DISK_SIZE:
    case PG74_PORT_NETWORK_LENGTH:
    case PG74_PORT_NETWORK_COMMAND:
    case PG74_PORT_NETWORK_STATION:
    case PG74_PORT_NETWORK_FRAMES:
        return pg74_in(processor->ports + port);
    case PG74_PORT_DISK_STATUS:
        value = processor->status;
        if (value != DISK_BUSY)
            processor->status = DISK_IDLE;
        return value;
    case PG74_PORT_CYCLES_LOW:
    case PG74_PORT_INSTRUCTIONS_LOW:
        return (uint32_t)processor->instructions;
    case PG74_PORT_CYCLES_HIGH:
    case PG74_PORT_INSTRUCTIONS_HIGH:
        return (uint32_t)(processor->instructions >> 32);
    default:
        return 0;
    }
}

void port_out(struct processor *processor, uint32_t port, uint32_t value)
{
    switch (port) {
    case PG74_PORT_CONSOLE_OUTPUT: pg74_out(processor->ports + port, value); break;
    case PG74_PORT_CONSOLE_CONTROL:
        processor->wants_input = value & 1;
        processor->heard = false;
        pg74_out(processor->ports + port, value);
        look_for_input(processor);
        break;
    case PG74_PORT_DISK_SECTOR: processor->sector = value; break;
    case PG74_PORT_DISK_ADDRESS: processor->address = value; break;
    case PG74_PORT_DISK_COUNT: processor->count = value; break;
    case PG74_PORT_DISK_COMMAND: start_disk(processor, value); break;
    case PG74_PORT_NETWORK_ADDRESS: processor->frame_address = value; break;
    case PG74_PORT_NETWORK_LENGTH: processor->frame_length = value; break;
    case PG74_PORT_NETWORK_COMMAND: start_network(processor, value); break;
    case PG74_PORT_NETWORK_CONTROL:
        look_for_frames(processor);
        processor->listens = value & 1;
        pg74_out(processor->ports + port, value);
        break;
    default: break;
    }
}
