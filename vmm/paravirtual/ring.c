/* ring.c: rings of requests for console, disk and network. One call says what took a port for each word; several
 * requests can be made by one call; and what became of them the guest reads in its own memory.
 *
 * Here is what a ring means, whoever serves it: which request is next, what it grants, where its answer goes. A ring
 * can say anything at any time. So the monitor counts for itself what has been answered, reads each word of a request
 * once, and looks before every answer whether it may still be stored.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "internal.h"

enum { SECTOR = 512 };

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

void paravirtual_raise(struct paravirtual_guest *guest, uint32_t bits)
{
    guest->pending |= bits;
    guest->vcpu->state[guest->vcpu->isa->waiting] = 0;
    if (guest->started)
        guest->shared->pending = guest->pending;
}

bool paravirtual_good_bytes(const struct paravirtual_guest *guest, uint32_t address, uint32_t length, bool store)
{
    uint32_t first = address & ~UINT32_C(3), bytes = length + address % 4;

    if (bytes < length)
        return false;
    return store ? paravirtual_may_write(guest, first, bytes) : paravirtual_may_read(guest, first, bytes);
}

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

/* Why nobody can serve a request, or 0. A transfer of the disk may go over a table of pages, which then is none any
 * more. */
static uint32_t refuse(const struct paravirtual_guest *guest, uint32_t device,
                       const struct paravirtual_request *request)
{
    bool into_memory = request->operation == PARAVIRTUAL_READ;

    if (!into_memory && request->operation != PARAVIRTUAL_WRITE_OUT)
        return PARAVIRTUAL_BAD_FUNCTION;
    if (device == PARAVIRTUAL_DISK) {
        if (request->length % SECTOR != 0 || request->length == 0)
            return PARAVIRTUAL_BAD_COUNT;
        return paravirtual_good_bytes(guest, request->address, request->length, false) ? 0 : PARAVIRTUAL_FAILED;
    }
    if (request->length > PARAVIRTUAL_MOST_BYTES ||
        !paravirtual_good_bytes(guest, request->address, request->length, into_memory))
        return PARAVIRTUAL_BAD_ADDRESS;
    return 0;
}

uint32_t paravirtual_ring_waiting(struct paravirtual_guest *guest, uint32_t device, uint32_t *error)
{
    struct paravirtual_attached *attached = &guest->rings[device];
    bool was_attached = attached->address != 0;
    const volatile struct paravirtual_ring *ring = ring_of(guest, device);
    uint32_t waiting = ring ? ring->produced - attached->answered : UINT32_MAX;

    if (waiting <= PARAVIRTUAL_RING_SIZE)
        return waiting;
    attached->address = 0;
    if (was_attached)
        *error = PARAVIRTUAL_BAD_RING;
    return 0;
}

/* At most as many as a ring holds at a time: a guest cannot keep the monitor here. */
bool paravirtual_ring_next(struct paravirtual_guest *guest, uint32_t device, uint32_t *error)
{
    struct paravirtual_attached *attached = &guest->rings[device];

    for (unsigned i = 0; i < PARAVIRTUAL_RING_SIZE && !attached->under_way; i++) {
        if (paravirtual_ring_waiting(guest, device, error) == 0)
            return false;
        attached->request = ring_of(guest, device)->requests[attached->answered % PARAVIRTUAL_RING_SIZE];
        attached->under_way = true;
        uint32_t refusal = refuse(guest, device, &attached->request);
        if (refusal == 0)
            return true;
        paravirtual_ring_answer(guest, device, refusal);
    }
    return false;
}

void paravirtual_ring_answer(struct paravirtual_guest *guest, uint32_t device, uint32_t value)
{
    struct paravirtual_attached *attached = &guest->rings[device];
    volatile struct paravirtual_ring *ring = ring_of(guest, device);

    attached->under_way = false;
    if (ring) {
        ring->requests[attached->answered % PARAVIRTUAL_RING_SIZE].answer = value;
        ring->answered = ++attached->answered;
    }
    if (device == PARAVIRTUAL_DISK) /* whoever waits for the disk waits for its event */
        paravirtual_raise(guest, UINT32_C(1) << (PG74_CAUSE_DISK - PG74_CAUSE_TIMER));
}
