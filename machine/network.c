/* network.c: the network. Every unit is a station of one switch inside of the machine, which takes a frame from one
 * station's memory at once and offers it to another some time later, in the order of sending. A station that listens
 * keeps a few frames until its guest fetches them; what comes when there is no room is dropped, and counted.
 *
 * A frame is that of Ethernet: six bytes of destination, six of source, two of type, then the data. Station number n has
 * the address 02:00:00:00:00:n; ff:ff:ff:ff:ff:ff is everybody but the sender. A frame may be sent to oneself. */
#include "machine/internal.h"

#include <stdlib.h>
#include <string.h>

enum { COMMAND_SEND = 1, COMMAND_RECEIVE = 2 };
enum { STATUS_DONE, STATUS_FAILED };
enum { LISTEN = 1 };
enum { ADDRESS = 6 }; /* bytes of a station's address */

/* How long a frame is on its way, in instructions. */
enum { LATENCY = 1000 };

/* ---- Frames ------------------------------------------------------------------------------------------------------ */

struct machine_frame *machine_frame_new(const uint8_t *bytes, uint32_t length)
{
    struct machine_frame *frame = machine_allocate(1, sizeof *frame + length);
    frame->holders = 1;
    frame->length = length;
    memcpy(frame->bytes, bytes, length);
    return frame;
}

void machine_frame_release(struct machine_frame *frame)
{
    if (--frame->holders == 0)
        free(frame);
}

void machine_network_hold(const struct machine_network *network)
{
    for (unsigned i = 0; i < network->count; i++)
        network->arrivals[i].frame->holders++;
}

void machine_network_release(struct machine_network *network)
{
    for (unsigned i = 0; i < network->count; i++)
        machine_frame_release(network->arrivals[i].frame);
    network->count = network->waiting = 0;
}

/* ---- Arriving ---------------------------------------------------------------------------------------------------- */

/* Puts a frame on its way to a station, if that listens. */
static void offer(struct machine *machine, struct machine_network *to, struct machine_frame *frame, uint64_t due)
{
    if (!to->listens)
        return;
    if (to->count == MACHINE_MOST_FRAMES) {
        to->dropped++;
        return;
    }
    frame->holders++;
    to->arrivals[to->count++] = (struct machine_arrival){due, frame};
    if (due < machine->next_event)
        machine->next_event = due;
}

/* What is due has arrived. */
void machine_network_due(struct machine *machine, struct machine_network *network)
{
    while (network->waiting < network->count && network->arrivals[network->waiting].due <= machine_now(machine)) {
        network->waiting++;
        network->arrived++;
        machine->raised |= machine->network_request;
    }
    if (network->waiting < network->count && network->arrivals[network->waiting].due < machine->next_event)
        machine->next_event = network->arrivals[network->waiting].due;
}

/* ---- Sending ----------------------------------------------------------------------------------------------------- */

static bool is_in_memory(const struct machine *machine, const struct machine_network *network)
{
    return (uint64_t)network->address + network->length <= machine->memory_size;
}

bool machine_network_is_for(const uint8_t *frame, uint32_t station, uint32_t from)
{
    static const uint8_t everybody[ADDRESS] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const uint8_t own[ADDRESS] = {0x02, 0, 0, 0, 0, (uint8_t)station};
    return memcmp(frame, own, ADDRESS) == 0 || (memcmp(frame, everybody, ADDRESS) == 0 && station != from);
}

/* With manual events nothing is delivered: the caller does that. */
static bool send(struct machine *machine, struct machine_network *network, unsigned number)
{
    if (network->length < MACHINE_LEAST_FRAME || network->length > MACHINE_LONGEST_FRAME ||
        !is_in_memory(machine, network))
        return false;
    struct machine_frame *frame = machine_frame_new(machine->memory + network->address, network->length);
    for (unsigned i = 0; i < machine->unit_count && !machine->manual_events; i++)
        if (machine_network_is_for(frame->bytes, machine->first_station + i, machine->first_station + number))
            offer(machine, &machine->units[i].network, frame, machine_now(machine) + LATENCY);
    network->sent++;
    network->sent_digest = machine_mix_bytes(network->sent_digest, frame->bytes, frame->length);
    if (machine->watched & MACHINE_EVENT_FRAME)
        machine_emit(machine, &(struct machine_event){
            .kind = MACHINE_EVENT_FRAME, .pc = machine_pc(machine), .user = machine_user_mode(machine), .value = number,
            .physical = network->address, .virtual_address = network->address, .bytes = network->length,
            .is_write = true, .by_device = true});
    machine_frame_release(frame);
    return true;
}

/* ---- Receiving --------------------------------------------------------------------------------------------------- */

static void tell_received(struct machine *machine, const struct machine_network *network, unsigned number,
                          uint32_t length)
{
    struct machine_event event = {.kind = MACHINE_EVENT_STORE, .pc = machine_pc(machine),
                                  .user = machine_user_mode(machine), .physical = network->address,
                                  .virtual_address = network->address, .bytes = length, .by_device = true};
    if (machine->watched & MACHINE_EVENT_STORE)
        machine_emit(machine, &event);
    event.kind = MACHINE_EVENT_FRAME;
    event.value = number;
    if (machine->watched & MACHINE_EVENT_FRAME)
        machine_emit(machine, &event);
}

/* The frame that has waited longest goes to memory, if all of the room for it is there and it is large enough. */
static bool receive(struct machine *machine, struct machine_network *network, unsigned number)
{
    if (network->waiting == 0 || network->arrivals[0].frame->length > network->length ||
        !is_in_memory(machine, network))
        return false;
    struct machine_frame *frame = network->arrivals[0].frame;
    uint32_t length = frame->length;
    memcpy(machine->memory + network->address, frame->bytes, length);
    machine_memory_changed(machine, network->address, length);
    network->waiting--;
    network->count--;
    memmove(network->arrivals, network->arrivals + 1, network->count * sizeof network->arrivals[0]);
    machine_frame_release(frame);
    tell_received(machine, network, number, length);
    return true;
}

/* ---- The ports --------------------------------------------------------------------------------------------------- */

void machine_network_command(struct machine *machine, struct machine_network *network, unsigned number,
                             uint32_t command)
{
    bool done = command == COMMAND_SEND      ? send(machine, network, number)
                : command == COMMAND_RECEIVE ? receive(machine, network, number)
                                             : false;
    network->status = done ? STATUS_DONE : STATUS_FAILED;
}

uint32_t machine_network_length(const struct machine_network *network)
{
    return network->waiting ? network->arrivals[0].frame->length : 0;
}

/* Who stops listening loses what has not been fetched. */
void machine_network_control(struct machine_network *network, uint32_t value)
{
    network->listens = value & LISTEN;
    if (!network->listens)
        machine_network_release(network);
}

/* ---- From outside ------------------------------------------------------------------------------------------------ */

bool machine_network_deliver(struct machine *machine, unsigned unit, const uint8_t *bytes, uint32_t length)
{
    if (unit >= machine->unit_count || length < MACHINE_LEAST_FRAME || length > MACHINE_LONGEST_FRAME)
        return false;
    struct machine_network *network = &machine->units[unit].network;
    if (!network->listens || network->count == MACHINE_MOST_FRAMES) {
        network->dropped += network->listens;
        return false;
    }
    /* Before those that are still on their way: it is there already. */
    memmove(network->arrivals + network->waiting + 1, network->arrivals + network->waiting,
            (network->count - network->waiting) * sizeof network->arrivals[0]);
    network->arrivals[network->waiting] =
        (struct machine_arrival){machine_now(machine), machine_frame_new(bytes, length)};
    network->waiting++;
    network->count++;
    network->arrived++;
    if (!machine->manual_events)
        machine_raise(machine, machine->network_request);
    machine_history_touched(machine);
    return true;
}

uint32_t machine_network_sent(const struct machine *machine, unsigned unit, uint64_t *digest)
{
    const struct machine_network *network = &machine->units[unit < MACHINE_MOST_UNITS ? unit : 0].network;
    *digest = network->sent_digest;
    return network->sent;
}

uint32_t machine_network_arrived(const struct machine *machine, unsigned unit)
{
    return machine->units[unit < MACHINE_MOST_UNITS ? unit : 0].network.arrived;
}
