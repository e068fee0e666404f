/* driver.c: the calls of the driver domain. It may do anything to the devices; to the memory of another guest, only
 * what that has granted: the buffer of a request that is taken and not yet answered, in the direction that the
 * request says. Devices get their addresses from here, too, so they move nothing from or to anywhere else.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "domain.h"

enum { SECTOR = 512, NETWORK_SEND = 1, NETWORK_RECEIVE = 2, NO_INPUT = 0xffffffff };

/* A request that is taken, or NULL. */
static struct paravirtual_attached *taken(uint32_t unit, uint32_t device)
{
    if (unit >= domain_client_count() || device >= PARAVIRTUAL_DEVICES)
        return NULL;
    struct paravirtual_attached *attached = &domain_client(unit)->rings[device];
    return attached->under_way ? attached : NULL;
}

/* Whether so many bytes, from an offset on, lie in the buffer that a request grants. */
static bool is_granted(const struct paravirtual_request *request, uint32_t offset, uint32_t length)
{
    return length <= request->length && offset <= request->length - length;
}

/* ---- Requests ---------------------------------------------------------------------------------------------------- */

/* Does one wait that can be next, now or when another is answered? A disk answers in its own time. */
static bool more_wait(void)
{
    uint32_t error;

    for (uint32_t unit = 0; unit < domain_client_count(); unit++)
        for (uint32_t device = 0; device < PARAVIRTUAL_DEVICES; device++) {
            const struct paravirtual_attached *attached = &domain_client(unit)->rings[device];
            if (!(device == PARAVIRTUAL_DISK && attached->under_way) && attached->address != 0 &&
                paravirtual_ring_waiting(domain_client(unit), device, &error) > attached->under_way)
                return true;
        }
    return false;
}

/* Each ring in turn, from behind the one that was taken from last: a guest cannot keep the others from being served. */
static uint32_t take(struct paravirtual_guest *guest, uint32_t argument)
{
    static uint32_t last;
    uint32_t count = domain_client_count() * PARAVIRTUAL_DEVICES, error;

    if (!paravirtual_may_write(guest, argument, sizeof(struct paravirtual_taken)))
        return PARAVIRTUAL_BAD_ADDRESS;
    for (uint32_t i = 1; i <= count; i++) {
        uint32_t number = (last + i) % count;
        uint32_t unit = number / PARAVIRTUAL_DEVICES, device = number % PARAVIRTUAL_DEVICES;
        struct paravirtual_guest *client = domain_client(unit);
        if (client->rings[device].address == 0 || !paravirtual_ring_next(client, device, &error))
            continue;
        const struct paravirtual_request *request = &client->rings[device].request;
        struct paravirtual_taken *told = (struct paravirtual_taken *)(void *)paravirtual_words(guest, argument);
        *told = (struct paravirtual_taken){ unit, device, request->operation, request->length, request->sector };
        last = number;
        return more_wait() ? 2 : 1;
    }
    return 0;
}

/* Not while the real disk still moves bytes: the buffer would be the guest's again too early. */
static uint32_t answer(struct paravirtual_guest *guest, uint32_t argument)
{
    if (!paravirtual_may_read(guest, argument, sizeof(struct paravirtual_answer)))
        return PARAVIRTUAL_BAD_ADDRESS;
    const uint32_t *words = paravirtual_words(guest, argument);
    const struct paravirtual_attached *attached = taken(words[0], words[1]);
    if (!attached)
        return PARAVIRTUAL_BAD_FUNCTION;
    if (attached->transfers)
        return PARAVIRTUAL_FAILED;
    paravirtual_ring_answer(domain_client(words[0]), words[1], words[2]);
    domain_answered(domain_client(words[0]), words[1]);
    return 0;
}

/* ---- Bytes ------------------------------------------------------------------------------------------------------- */

static void copy_bytes(uint8_t *target, const uint8_t *source, uint32_t length)
{
    if ((((uintptr_t)target | (uintptr_t)source) & 3) == 0)
        for (; length >= 4; length -= 4, target += 4, source += 4)
            *(uint32_t *)(void *)target = *(const uint32_t *)(const void *)source;
    for (; length > 0; length--)
        *target++ = *source++;
}

/* The guest may have made a page table of its buffer since it was taken. */
static uint32_t copy(struct paravirtual_guest *guest, uint32_t argument)
{
    if (!paravirtual_may_read(guest, argument, sizeof(struct paravirtual_copy)))
        return PARAVIRTUAL_BAD_ADDRESS;
    const void *words = paravirtual_words(guest, argument);
    const struct paravirtual_copy *what = words;
    const struct paravirtual_attached *attached = taken(what->unit, what->device);
    if (!attached)
        return PARAVIRTUAL_BAD_FUNCTION;
    struct paravirtual_guest *client = domain_client(what->unit);
    bool into_client = attached->request.operation == PARAVIRTUAL_READ;
    uint32_t there = attached->request.address + what->offset, length = what->length;
    if (!is_granted(&attached->request, what->offset, length) ||
        !paravirtual_good_bytes(client, there, length, into_client) ||
        !paravirtual_good_bytes(guest, what->address, length, !into_client))
        return PARAVIRTUAL_BAD_ADDRESS;
    uint8_t *own = guest->vcpu->memory + what->address, *granted = client->vcpu->memory + there;
    guest->work += length;
    copy_bytes(into_client ? granted : own, into_client ? own : granted, length);
    if (into_client && length > 0)
        vmm_space_stored(client->vcpu, there, length);
    return 0;
}

/* ---- Ports ------------------------------------------------------------------------------------------------------- */

static uint32_t device_of(uint32_t port)
{
    return port >= PG74_PORT_NETWORK_ADDRESS && port <= PG74_PORT_NETWORK_FRAMES ? PARAVIRTUAL_NETWORK :
           port >= PG74_PORT_DISK_SECTOR && port <= PG74_PORT_DISK_SIZE          ? PARAVIRTUAL_DISK :
           port <= PG74_PORT_CONSOLE_STATUS                                      ? PARAVIRTUAL_CONSOLE :
                                                                                   PARAVIRTUAL_DEVICES;
}

/* Whose port it is: a guest that has given the device away, by a ring. NULL: nobody's. What the guest itself asks to
 * be told by (console_control, network_control) stays its own. */
static struct paravirtual_guest *owner_of(uint32_t port)
{
    uint32_t unit = port / PG74_PORT_UNIT, number = port % PG74_PORT_UNIT, device = device_of(number);

    if (unit >= domain_client_count() || device >= PARAVIRTUAL_DEVICES || number == PG74_PORT_NETWORK_CONTROL)
        return NULL;
    struct paravirtual_guest *client = domain_client(unit);
    return client->rings[device].address != 0 ? client : NULL;
}

static uint32_t command_disk(struct paravirtual_guest *client, uint32_t command)
{
    struct paravirtual_attached *attached = &client->rings[PARAVIRTUAL_DISK];
    const struct paravirtual_request *request = &attached->request;
    struct vmm_disk *disk = &client->vcpu->disk;

    if (!taken(client->vcpu->unit, PARAVIRTUAL_DISK) || command != request->operation ||
        disk->count > request->length / SECTOR ||
        !is_granted(request, disk->address - request->address, disk->count * SECTOR))
        return PARAVIRTUAL_BAD_ADDRESS;
    if (attached->transfers || disk->status == DOMAIN_BUSY)
        return PARAVIRTUAL_FAILED; /* by the guest's own use of its ports */
    vmm_port_out(client->vcpu, PG74_PORT_DISK_COMMAND, command);
    paravirtual_table_transfer(client);
    attached->transfers = true;
    return 0;
}

static uint32_t command_network(struct paravirtual_guest *client, uint32_t command)
{
    const struct paravirtual_request *request = &client->rings[PARAVIRTUAL_NETWORK].request;
    const struct vmm_network *network = &client->vcpu->network;
    uint32_t wanted = request->operation == PARAVIRTUAL_READ ? NETWORK_RECEIVE : NETWORK_SEND;

    if (!taken(client->vcpu->unit, PARAVIRTUAL_NETWORK) || command != wanted ||
        !is_granted(request, network->address - request->address, network->length))
        return PARAVIRTUAL_BAD_ADDRESS;
    vmm_port_out(client->vcpu, PG74_PORT_NETWORK_COMMAND, command);
    return 0;
}

static uint32_t write_port(uint32_t port, uint32_t value)
{
    struct paravirtual_guest *client = owner_of(port);
    uint32_t number = port % PG74_PORT_UNIT;

    if (!client)
        return PARAVIRTUAL_BAD_FUNCTION;
    if (number == PG74_PORT_DISK_COMMAND)
        return command_disk(client, value);
    if (number == PG74_PORT_NETWORK_COMMAND)
        return command_network(client, value);
    if (number == PG74_PORT_DISK_ADDRESS)
        value += client->rings[PARAVIRTUAL_DISK].request.address;
    if (number == PG74_PORT_NETWORK_ADDRESS)
        value += client->rings[PARAVIRTUAL_NETWORK].request.address;
    vmm_port_out(client->vcpu, number, value);
    return 0;
}

/* Who has a disk begin a transfer waits for its end, often by the same trap. If it does not begin, there is none. */
static uint32_t port_out(uint32_t port, uint32_t value)
{
    uint32_t error = write_port(port, value);

    if (error != 0 && port % PG74_PORT_UNIT == PG74_PORT_DISK_COMMAND)
        domain_tell();
    return error;
}

static uint32_t port_in(uint32_t port)
{
    struct paravirtual_guest *client = owner_of(port);

    return client ? vmm_port_in(client->vcpu, port % PG74_PORT_UNIT) : PARAVIRTUAL_BAD_FUNCTION;
}

static uint32_t move_bytes(struct paravirtual_guest *guest, uint32_t argument, bool input)
{
    uint32_t done = 0;

    if (!paravirtual_may_read(guest, argument, sizeof(struct paravirtual_port_bytes)))
        return PARAVIRTUAL_BAD_ADDRESS;
    const uint32_t *words = paravirtual_words(guest, argument);
    uint32_t port = words[0], address = words[1], length = words[2];
    struct paravirtual_guest *client = owner_of(port);
    if (!client || device_of(port % PG74_PORT_UNIT) != PARAVIRTUAL_CONSOLE)
        return PARAVIRTUAL_BAD_FUNCTION;
    if (length > PARAVIRTUAL_MOST_BYTES)
        return PARAVIRTUAL_BAD_COUNT;
    if (!paravirtual_good_bytes(guest, address, length, input))
        return PARAVIRTUAL_BAD_ADDRESS;
    uint8_t *bytes = guest->vcpu->memory + address;
    guest->work += length;
    for (uint32_t value = 0; input && done < length && value != '\n'; done++) {
        value = vmm_port_in(client->vcpu, port % PG74_PORT_UNIT);
        if (value == NO_INPUT)
            return done;
        bytes[done] = (uint8_t)value;
    }
    for (; !input && done < length; done++)
        pg74_out(port, bytes[done]);
    return done;
}

uint32_t paravirtual_drive(struct paravirtual_guest *guest, uint32_t function, uint32_t argument)
{
    switch (function) {
    case PARAVIRTUAL_TAKE:       return take(guest, argument);
    case PARAVIRTUAL_COPY:       return copy(guest, argument);
    case PARAVIRTUAL_ANSWER:     return answer(guest, argument);
    case PARAVIRTUAL_PORT_IN:    return port_in(argument);
    case PARAVIRTUAL_PORT_READ:  return move_bytes(guest, argument, true);
    case PARAVIRTUAL_PORT_WRITE: return move_bytes(guest, argument, false);
    default: /* PARAVIRTUAL_PORT_OUT */
        if (!paravirtual_may_read(guest, argument, sizeof(struct paravirtual_port)))
            return PARAVIRTUAL_BAD_ADDRESS;
        return port_out(paravirtual_words(guest, argument)[0], paravirtual_words(guest, argument)[1]);
    }
}
