/* devices.c: the guests' devices. Each has the unit of its number; what stands for its memory is checked and moved. */
#include "internal.h"

void request(struct vcpu *vcpu, uint32_t cause)
{
    vcpu->pending |= 1u << (cause - 16);
    vcpu->waiting = false;
}

static void look_for_input(struct vcpu *vcpu)
{
    if (vcpu->wants_input && !vcpu->heard && (pg74_in(vcpu->ports + PG74_PORT_CONSOLE_STATUS) & 1)) {
        vcpu->heard = true;
        request(vcpu, PG74_CAUSE_CONSOLE);
    }
}

static void look_at_disk(struct vcpu *vcpu)
{
    if (vcpu->status != DISK_BUSY)
        return;
    uint32_t status = pg74_in(vcpu->ports + PG74_PORT_DISK_STATUS);
    if (status == DISK_BUSY)
        return;
    vcpu->status = status;
    memory_changed(vcpu, vcpu->arriving, vcpu->arriving_size);
    request(vcpu, PG74_CAUSE_DISK);
}

static void start_disk(struct vcpu *vcpu, uint32_t command)
{
    if (vcpu->status == DISK_BUSY)
        return;
    uint32_t length = vcpu->count * SECTOR;
    bool good = vcpu->count <= vcpu->size / SECTOR && vcpu->address <= vcpu->size - length;
    pg74_out(vcpu->ports + PG74_PORT_DISK_SECTOR, vcpu->sector);
    pg74_out(vcpu->ports + PG74_PORT_DISK_ADDRESS, good ? vcpu->start + vcpu->address : 0xfffffe00u);
    pg74_out(vcpu->ports + PG74_PORT_DISK_COUNT, vcpu->count);
    pg74_out(vcpu->ports + PG74_PORT_DISK_COMMAND, command);
    vcpu->arriving = vcpu->address;
    vcpu->arriving_size = good && command == DISK_READ ? length : 0;
    vcpu->status = DISK_BUSY;
}

static void look_for_frames(struct vcpu *vcpu)
{
    uint32_t arrived = pg74_in(vcpu->ports + PG74_PORT_NETWORK_FRAMES) & 0xffff;
    if (vcpu->listens && arrived != vcpu->frames_told)
        request(vcpu, PG74_CAUSE_NETWORK);
    vcpu->frames_told = arrived;
}

static void start_network(struct vcpu *vcpu, uint32_t command)
{
    bool good = vcpu->frame_length <= vcpu->size && vcpu->frame_address <= vcpu->size - vcpu->frame_length;
    pg74_out(vcpu->ports + PG74_PORT_NETWORK_ADDRESS, good ? vcpu->start + vcpu->frame_address : 0xfffffe00u);
    pg74_out(vcpu->ports + PG74_PORT_NETWORK_LENGTH, vcpu->frame_length);
    pg74_out(vcpu->ports + PG74_PORT_NETWORK_COMMAND, command);
    if (good && command == RECEIVE)
        memory_changed(vcpu, vcpu->frame_address, vcpu->frame_length);
}

void look_at_devices(struct vcpu *vcpu)
{
    look_at_disk(vcpu);
    look_for_input(vcpu);
    look_for_frames(vcpu);
}

uint32_t port_in(struct vcpu *vcpu, uint32_t port)
{
    uint32_t value;
    switch (port) {
    case PG74_PORT_CONSOLE_INPUT:
        value = pg74_in(vcpu->ports + port);
        vcpu->heard = false;
        look_for_input(vcpu);
        return value;
    case PG74_PORT_CONSOLE_STATUS:
    case PG74_PORT_DISK_SIZE:
    case PG74_PORT_NETWORK_LENGTH:
    case PG74_PORT_NETWORK_COMMAND:
    case PG74_PORT_NETWORK_STATION:
    case PG74_PORT_NETWORK_FRAMES:
        return pg74_in(vcpu->ports + port);
    case PG74_PORT_DISK_STATUS:
        value = vcpu->status;
        if (value != DISK_BUSY)
            vcpu->status = DISK_IDLE;
        return value;
    case PG74_PORT_CYCLES_LOW:
    case PG74_PORT_INSTRUCTIONS_LOW:
        return (uint32_t)vcpu->instructions;
    case PG74_PORT_CYCLES_HIGH:
    case PG74_PORT_INSTRUCTIONS_HIGH:
        return (uint32_t)(vcpu->instructions >> 32);
    default:
        return 0;
    }
}

void port_out(struct vcpu *vcpu, uint32_t port, uint32_t value)
{
    switch (port) {
    case PG74_PORT_CONSOLE_OUTPUT: pg74_out(vcpu->ports + port, value); break;
    case PG74_PORT_CONSOLE_CONTROL:
        vcpu->wants_input = value & 1;
        vcpu->heard = false;
        pg74_out(vcpu->ports + port, value);
        look_for_input(vcpu);
        break;
    case PG74_PORT_DISK_SECTOR: vcpu->sector = value; break;
    case PG74_PORT_DISK_ADDRESS: vcpu->address = value; break;
    case PG74_PORT_DISK_COUNT: vcpu->count = value; break;
    case PG74_PORT_DISK_COMMAND: start_disk(vcpu, value); break;
    case PG74_PORT_NETWORK_ADDRESS: vcpu->frame_address = value; break;
    case PG74_PORT_NETWORK_LENGTH: vcpu->frame_length = value; break;
    case PG74_PORT_NETWORK_COMMAND: start_network(vcpu, value); break;
    case PG74_PORT_NETWORK_CONTROL:
        look_for_frames(vcpu);
        vcpu->listens = value & 1;
        pg74_out(vcpu->ports + port, value);
        break;
    default: break;
    }
}
