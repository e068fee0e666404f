/* ring.c: console, disk and network by rings of requests. One call says what took a port for each word; several requests
 * can be made by one call; and what became of them the guest reads in its own memory.
 *
 * The monitor owns the drivers: behind the rings are the virtual devices of vmm/common/devices.c, which keep every transfer
 * inside the guest's memory. A ring can say anything at any time. So the monitor counts for itself what it has answered,
 * reads each word of a request once, and looks before every answer whether it may still be stored.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "internal.h"

enum { SECTOR = 512, CONSOLE_HAS_INPUT = 1, NETWORK_SEND = 1, NETWORK_RECEIVE = 2 };
enum { DISK_BUSY = 1, DISK_DONE = 2 };

/* NULL: the ring cannot be one any more. */
static volatile struct paravirtual_ring *ring_of(struct paravirtual_guest *guest, uint32_t device)
{
    struct paravirtual_attached *attached = &guest->rings[device];

    if (attached->address == 0 || !paravirtual_may_write(guest, attached->address, sizeof(struct paravirtual_ring))) {
        attached->address = 0;
        return NULL;
    }
    return (volatile struct paravirtual_ring *)(void *)paravirtual_words(guest, attached->address);
}

static void answer(struct paravirtual_guest *guest, uint32_t device, uint32_t value)
{
    volatile struct paravirtual_ring *ring = ring_of(guest, device);
    struct paravirtual_attached *attached = &guest->rings[device];

    if (!ring)
        return;
    ring->requests[attached->answered % PARAVIRTUAL_RING_SIZE].answer = value;
    ring->answered = ++attached->answered;
}

/* ---- The devices ------------------------------------------------------------------------------------------------- */

/* Whether bytes, which may begin anywhere, are the guest's; and, for those that come in, no table of pages. */
static bool good_bytes(const struct paravirtual_guest *guest, const struct paravirtual_request *request)
{
    uint32_t first = request->address & ~UINT32_C(3), length = request->length + request->address % 4;

    if (request->length > PARAVIRTUAL_MOST_BYTES)
        return false;
    return request->operation == PARAVIRTUAL_READ ? paravirtual_may_write(guest, first, length)
                                                  : paravirtual_may_read(guest, first, length);
}

static uint32_t use_console(struct paravirtual_guest *guest, const struct paravirtual_request *request)
{
    struct vmm_vcpu *vcpu = guest->vcpu;
    uint8_t *bytes = vcpu->memory + request->address, last = 0;
    uint32_t done = 0;

    if (!good_bytes(guest, request))
        return PARAVIRTUAL_BAD_ADDRESS;
    guest->work += request->length;
    if (request->operation == PARAVIRTUAL_WRITE_OUT)
        for (; done < request->length; done++)
            vmm_port_out(vcpu, PG74_PORT_CONSOLE_OUTPUT, bytes[done]);
    else
        while (done < request->length && last != '\n' &&
               (vmm_port_in(vcpu, PG74_PORT_CONSOLE_STATUS) & CONSOLE_HAS_INPUT))
            bytes[done++] = last = (uint8_t)vmm_port_in(vcpu, PG74_PORT_CONSOLE_INPUT);
    if (request->operation == PARAVIRTUAL_READ && done > 0)
        vmm_space_stored(vcpu, request->address, done);
    return done;
}

/* A frame is sent, or the next that has come is received, at once; 0: none has come. */
static uint32_t use_network(struct paravirtual_guest *guest, const struct paravirtual_request *request)
{
    struct vmm_vcpu *vcpu = guest->vcpu;
    bool receives = request->operation == PARAVIRTUAL_READ;
    uint32_t length = receives ? vmm_port_in(vcpu, PG74_PORT_NETWORK_LENGTH) : request->length;

    if (!good_bytes(guest, request))
        return PARAVIRTUAL_BAD_ADDRESS;
    if (length == 0)
        return 0;
    guest->work += length;
    vmm_port_out(vcpu, PG74_PORT_NETWORK_ADDRESS, request->address);
    vmm_port_out(vcpu, PG74_PORT_NETWORK_LENGTH, request->length);
    vmm_port_out(vcpu, PG74_PORT_NETWORK_COMMAND, receives ? NETWORK_RECEIVE : NETWORK_SEND);
    return vmm_port_in(vcpu, PG74_PORT_NETWORK_COMMAND) == 0 ? length : PARAVIRTUAL_FAILED;
}

/* What does not lie in the guest's memory, or not on its disk, the virtual disk lets fail, in due time. A table of pages to
 * which it will write is none any more from now on. */
static uint32_t start_disk(struct paravirtual_guest *guest, const struct paravirtual_request *request)
{
    struct vmm_vcpu *vcpu = guest->vcpu;

    if (request->length % SECTOR != 0 || request->length == 0)
        return PARAVIRTUAL_BAD_COUNT;
    if (vcpu->disk.status == DISK_BUSY)
        return PARAVIRTUAL_FAILED; /* by its ports */
    vmm_port_out(vcpu, PG74_PORT_DISK_SECTOR, request->sector);
    vmm_port_out(vcpu, PG74_PORT_DISK_ADDRESS, request->address);
    vmm_port_out(vcpu, PG74_PORT_DISK_COUNT, request->length / SECTOR);
    vmm_port_out(vcpu, PG74_PORT_DISK_COMMAND, request->operation);
    paravirtual_table_transfer(guest);
    guest->rings[PARAVIRTUAL_DISK].under_way = true;
    return 0;
}

/* True: it is answered, or the ring is no more. */
static bool serve_one(struct paravirtual_guest *guest, uint32_t device, const struct paravirtual_request *request)
{
    uint32_t value = PARAVIRTUAL_BAD_FUNCTION;

    if (request->operation == PARAVIRTUAL_READ || request->operation == PARAVIRTUAL_WRITE_OUT)
        value = device == PARAVIRTUAL_CONSOLE ? use_console(guest, request) :
                device == PARAVIRTUAL_NETWORK ? use_network(guest, request) : start_disk(guest, request);
    if (guest->rings[device].under_way)
        return false;
    answer(guest, device, value);
    if (device == PARAVIRTUAL_DISK) { /* whoever waits for the disk waits for its event */
        guest->pending |= UINT32_C(1) << (PG74_CAUSE_DISK - PG74_CAUSE_TIMER);
        guest->shared->pending = guest->pending;
    }
    return true;
}

/* ---- The rings --------------------------------------------------------------------------------------------------- */

uint32_t paravirtual_ring_attach(struct paravirtual_guest *guest, uint32_t device, uint32_t address)
{
    if (device >= PARAVIRTUAL_DEVICES || guest->rings[device].under_way)
        return PARAVIRTUAL_BAD_FUNCTION;
    guest->rings[device] = (struct paravirtual_attached){ 0 };
    if (address == 0)
        return 0;
    if (!paravirtual_may_write(guest, address, sizeof(struct paravirtual_ring)))
        return PARAVIRTUAL_BAD_ADDRESS;
    guest->rings[device].address = address;
    ring_of(guest, device)->answered = 0;
    return 0;
}

/* As many as a ring holds at a time: a guest cannot keep the monitor here. */
uint32_t paravirtual_ring_serve(struct paravirtual_guest *guest, uint32_t device)
{
    if (device >= PARAVIRTUAL_DEVICES || guest->rings[device].address == 0)
        return PARAVIRTUAL_BAD_FUNCTION;
    for (unsigned i = 0; i < PARAVIRTUAL_RING_SIZE; i++) {
        const struct paravirtual_attached *attached = &guest->rings[device];
        volatile struct paravirtual_ring *ring = ring_of(guest, device);
        uint32_t waiting = ring ? ring->produced - attached->answered : UINT32_MAX;
        if (waiting > PARAVIRTUAL_RING_SIZE) {
            guest->rings[device].address = 0;
            return PARAVIRTUAL_BAD_RING;
        }
        if (waiting == 0 || attached->under_way)
            return 0;
        struct paravirtual_request request = ring->requests[attached->answered % PARAVIRTUAL_RING_SIZE];
        if (!serve_one(guest, device, &request))
            return 0;
    }
    return 0;
}

void paravirtual_ring_disk_ended(struct paravirtual_guest *guest)
{
    struct paravirtual_attached *attached = &guest->rings[PARAVIRTUAL_DISK];

    if (!attached->under_way)
        return;
    attached->under_way = false;
    uint32_t length = guest->vcpu->disk.count * SECTOR;
    answer(guest, PARAVIRTUAL_DISK,
           vmm_port_in(guest->vcpu, PG74_PORT_DISK_STATUS) == DISK_DONE ? length : PARAVIRTUAL_FAILED);
    if (attached->address != 0)
        paravirtual_ring_serve(guest, PARAVIRTUAL_DISK);
}
