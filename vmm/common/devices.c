/* devices.c: the devices of a guest. Guest i has the real unit i to itself; in between stands the monitor, because
 *
 *   - a guest knows its own devices as unit 0,
 *   - disk and network move data to and from physical addresses, and a guest's physical addresses are not real ones,
 *   - an interrupt of the real machine names no unit,
 *   - time is virtual: the counters show the guest's own.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

enum {
    SECTOR = 512,
    CONSOLE_HAS_INPUT = 1,
    DISK_TO_MEMORY = 1,
    NETWORK_RECEIVE = 2, LONGEST_FRAME = 1514,
    DISK_IDLE = 0, DISK_BUSY = 1, DISK_DONE = 2, DISK_FAILED = 3,
};

static uint32_t real_port(const struct vmm_vcpu *vcpu, uint32_t port)
{
    return vcpu->unit * PG74_PORT_UNIT + port;
}

static void request_interrupt(struct vmm_vcpu *vcpu, unsigned cause)
{
    vmm_request(vcpu, UINT32_C(1) << (cause - PG74_CAUSE_TIMER));
}

/* ---- The disk ---------------------------------------------------------------------------------------------------- */

static bool is_inside(const struct vmm_vcpu *vcpu)
{
    const struct vmm_disk *disk = &vcpu->disk;

    return disk->count <= vcpu->memory_size / SECTOR && disk->address <= vcpu->memory_size - disk->count * SECTOR;
}

/* The one check that keeps DMA inside the partition: where all of the transfer lies in the guest's memory, its real
 * address. Elsewhere an address at which the real machine has no memory either, so that the real disk refuses it, in
 * the same way and at the same time as the guest's own would. */
static uint32_t real_address(const struct vmm_vcpu *vcpu)
{
    return is_inside(vcpu) ? vcpu->memory_start + vcpu->disk.address : ~UINT32_C(0) - SECTOR + 1;
}

/* A command while the disk is busy is lost, also while only the guest still takes it for busy. */
static void start_transfer(struct vmm_vcpu *vcpu, uint32_t command)
{
    struct vmm_disk *disk = &vcpu->disk;

    if (disk->status == DISK_BUSY)
        return;
    pg74_out(real_port(vcpu, PG74_PORT_DISK_SECTOR), disk->sector);
    pg74_out(real_port(vcpu, PG74_PORT_DISK_ADDRESS), real_address(vcpu));
    pg74_out(real_port(vcpu, PG74_PORT_DISK_COUNT), disk->count);
    pg74_out(real_port(vcpu, PG74_PORT_DISK_COMMAND), command);
    disk->buffer = disk->address;
    disk->length = command == DISK_TO_MEMORY && is_inside(vcpu) ? disk->count * SECTOR : 0;
    disk->status = DISK_BUSY;
}

/* A transfer is over for the guest when its monitor has heard the interrupt: status and request change together. The
 * interrupt comes before the guest's next instruction, so nothing has been read yet of what the transfer has
 * changed. */
static void poll_disk(struct vmm_vcpu *vcpu)
{
    if (vcpu->disk.status != DISK_BUSY)
        return;
    uint32_t status = pg74_in(real_port(vcpu, PG74_PORT_DISK_STATUS));
    if (status == DISK_BUSY)
        return;
    vcpu->disk.status = status;
    vmm_fetch_forget(vcpu->isa); /* for what was transferred may be a program */
    if (vcpu->disk.length > 0)
        vmm_space_stored(vcpu, vcpu->disk.buffer, vcpu->disk.length);
    request_interrupt(vcpu, PG74_CAUSE_DISK);
}

static uint32_t read_disk_status(struct vmm_disk *disk)
{
    uint32_t status = disk->status;

    if (status != DISK_BUSY)
        disk->status = DISK_IDLE;
    return status;
}

/* ---- The network ------------------------------------------------------------------------------------------------- */

/* The same check for frames, in either direction: a frame, or the room for one, lies in the guest's memory, or the real
 * machine has no memory there either. Sending and receiving take no time, so the real station's answer is the
 * guest's. */
static void command_network(struct vmm_vcpu *vcpu, uint32_t command)
{
    const struct vmm_network *network = &vcpu->network;
    bool inside = network->length <= vcpu->memory_size && network->address <= vcpu->memory_size - network->length;

    pg74_out(real_port(vcpu, PG74_PORT_NETWORK_ADDRESS),
             inside ? vcpu->memory_start + network->address : ~UINT32_C(0));
    pg74_out(real_port(vcpu, PG74_PORT_NETWORK_LENGTH), network->length);
    pg74_out(real_port(vcpu, PG74_PORT_NETWORK_COMMAND), command);
    if (command != NETWORK_RECEIVE || !inside)
        return;
    vmm_fetch_forget(vcpu->isa); /* for the frame may be a program, */
    vmm_space_stored(vcpu, network->address, network->length < LONGEST_FRAME ? network->length : LONGEST_FRAME);
}

/* A guest hears of frames that have arrived since it last heard; of several together, as the device does. */
static void poll_network(struct vmm_vcpu *vcpu)
{
    if (!vcpu->network.listens)
        return;
    uint32_t arrived = 0xffff & pg74_in(real_port(vcpu, PG74_PORT_NETWORK_FRAMES));
    if (arrived != vcpu->network.told)
        request_interrupt(vcpu, PG74_CAUSE_NETWORK);
    vcpu->network.told = arrived;
}

static void control_network(struct vmm_vcpu *vcpu, uint32_t value)
{
    poll_network(vcpu); /* what came before it stops is still told */
    vcpu->network.listens = value & 1;
    pg74_out(real_port(vcpu, PG74_PORT_NETWORK_CONTROL), value);
}

/* ---- The console ------------------------------------------------------------------------------------------------- */

/* A guest hears of its input once after each time it has used its console: a real interrupt may be about another's. */
static void poll_console(struct vmm_vcpu *vcpu)
{
    if (!vcpu->console_requests || vcpu->console_told)
        return;
    if (pg74_in(real_port(vcpu, PG74_PORT_CONSOLE_STATUS)) & CONSOLE_HAS_INPUT) {
        vcpu->console_told = true;
        request_interrupt(vcpu, PG74_CAUSE_CONSOLE);
    }
}

/* Input that is there already is told at once, as the device does. */
static uint32_t read_console(struct vmm_vcpu *vcpu)
{
    uint32_t byte = pg74_in(real_port(vcpu, PG74_PORT_CONSOLE_INPUT));

    vcpu->console_told = false;
    poll_console(vcpu);
    return byte;
}

static void control_console(struct vmm_vcpu *vcpu, uint32_t value)
{
    vcpu->console_told = false;
    vcpu->console_requests = value & 1;
    pg74_out(real_port(vcpu, PG74_PORT_CONSOLE_CONTROL), value);
    poll_console(vcpu);
}

void vmm_poll_devices(struct vmm_vcpu *guests, unsigned guest_count)
{
    for (unsigned i = 0; i < guest_count; i++) {
        poll_disk(&guests[i]);
        poll_console(&guests[i]);
        poll_network(&guests[i]);
    }
}

/* ---- The ports --------------------------------------------------------------------------------------------------- */

uint32_t vmm_port_in(struct vmm_vcpu *vcpu, uint32_t port)
{
    uint64_t cycles = vcpu->statistics.instructions + vcpu->statistics.waited;

    switch (port) {
    case PG74_PORT_CONSOLE_INPUT:     return read_console(vcpu);
    case PG74_PORT_DISK_STATUS:       return read_disk_status(&vcpu->disk);
    case PG74_PORT_CYCLES_LOW:        return (uint32_t)cycles;
    case PG74_PORT_CYCLES_HIGH:       return (uint32_t)(cycles >> 32);
    case PG74_PORT_INSTRUCTIONS_LOW:  return (uint32_t)vcpu->statistics.instructions;
    case PG74_PORT_INSTRUCTIONS_HIGH: return (uint32_t)(vcpu->statistics.instructions >> 32);
    default:                          return port < PG74_PORT_UNIT ? pg74_in(real_port(vcpu, port)) : 0;
    }
}

void vmm_port_out(struct vmm_vcpu *vcpu, uint32_t port, uint32_t value)
{
    if (port == PG74_PORT_CONSOLE_OUTPUT) { /* by far the commonest */
        pg74_out(real_port(vcpu, port), value);
        return;
    }
    switch (port) {
    case PG74_PORT_CONSOLE_CONTROL: control_console(vcpu, value); break;
    case PG74_PORT_DISK_SECTOR:  vcpu->disk.sector = value; break;
    case PG74_PORT_DISK_ADDRESS: vcpu->disk.address = value; break;
    case PG74_PORT_DISK_COUNT:   vcpu->disk.count = value; break;
    case PG74_PORT_DISK_COMMAND: start_transfer(vcpu, value); break;
    case PG74_PORT_NETWORK_ADDRESS: vcpu->network.address = value; break;
    case PG74_PORT_NETWORK_LENGTH:  vcpu->network.length = value; break;
    case PG74_PORT_NETWORK_COMMAND: command_network(vcpu, value); break;
    case PG74_PORT_NETWORK_CONTROL: control_network(vcpu, value); break;
    case PG74_PORT_REPORT_CODE:  break; /* a guest's code is what it halts with */
    default:
        if (port < PG74_PORT_UNIT)
            pg74_out(real_port(vcpu, port), value);
    }
}

/* ---- The hypercall ----------------------------------------------------------------------------------------------- */

__attribute__((weak)) uint32_t vmm_diagnose(struct vmm_vcpu *vcpu, uint32_t function, uint32_t argument)
{
    (void)vcpu, (void)function, (void)argument;
    return 0;
}
