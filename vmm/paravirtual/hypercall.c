/* hypercall.c: the calls of a guest's kernel. Nothing that it hands over is believed: each address must be a multiple
 * of 4, and all that it names must be the guest's memory; each count has a limit; and what the monitor stores to must
 * be no page table. What was read is kept, and not read again: the guest's disk may have written there meanwhile.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "internal.h"

/* ---- Addresses --------------------------------------------------------------------------------------------------- */

/* Written so that no sum can wrap around. */
bool paravirtual_may_read(const struct paravirtual_guest *guest, uint32_t address, uint32_t bytes)
{
    uint32_t size = guest->vcpu->memory_size;

    return address % 4 == 0 && bytes <= size && address <= size - bytes;
}

bool paravirtual_may_write(const struct paravirtual_guest *guest, uint32_t address, uint32_t bytes)
{
    return paravirtual_may_read(guest, address, bytes) && !paravirtual_table_among(guest, address, bytes);
}

uint32_t *paravirtual_words(const struct paravirtual_guest *guest, uint32_t address)
{
    return (uint32_t *)(void *)(guest->vcpu->memory + address);
}

/* ---- The calls --------------------------------------------------------------------------------------------------- */

/* What guests are offered. It stands in the image, for whoever loads the monitor to change before it starts: so how a
 * guest fares with an older monitor, a poorer one, or one whose calls have other numbers can be tried without building
 * it. */
volatile struct paravirtual_offer paravirtual_offer = {
    PARAVIRTUAL_VERSION, PARAVIRTUAL_HAS_RINGS | PARAVIRTUAL_HAS_TABLES | PARAVIRTUAL_DRIVES,
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
      16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31 }
};

/* The function that a guest means by a number. The driver domain is this monitor's own. */
static uint32_t function_of(const struct paravirtual_guest *guest, uint32_t number)
{
    return number < PARAVIRTUAL_NUMBERS && !guest->drives ? paravirtual_offer.functions[number] : number;
}

/* Version 1 asked without an argument. A guest of a later version than ours is told the highest that we speak, and
 * may say that it speaks that one, too. */
static uint32_t identify(struct paravirtual_guest *guest, uint32_t argument)
{
    uint32_t asked = argument ? argument : PARAVIRTUAL_OLDEST;
    uint32_t newest = paravirtual_offer.version;
    bool known = asked >= PARAVIRTUAL_OLDEST && asked <= newest;

    if (!guest->started)
        guest->version = known ? asked : 0;
    return known ? asked : newest;
}

static uint32_t features(struct paravirtual_guest *guest, uint32_t argument)
{
    uint32_t has = PARAVIRTUAL_HAS_RINGS | (guest->tables.frames ? PARAVIRTUAL_HAS_TABLES : 0) |
                   (guest->drives ? PARAVIRTUAL_DRIVES : 0);

    (void)argument;
    return has & paravirtual_offer.features;
}

static uint32_t start(struct paravirtual_guest *guest, uint32_t argument)
{
    uint32_t bytes = guest->version > PARAVIRTUAL_OLDEST ? sizeof *guest->shared : PARAVIRTUAL_SHARED_BYTES_1;

    if (guest->started)
        return PARAVIRTUAL_BAD_FUNCTION;
    if (guest->version == 0)
        return PARAVIRTUAL_BAD_VERSION;
    if (!paravirtual_may_write(guest, argument, bytes))
        return PARAVIRTUAL_BAD_ADDRESS;
    guest->shared = (struct paravirtual_shared *)(void *)paravirtual_words(guest, argument);
    guest->shared->machine_start = guest->vcpu->memory_start;
    guest->shared->pending = 0;
    guest->entry = guest->shared->entry;
    guest->started = true;
    return 0;
}

/* The call itself still counts. */
static uint32_t timer(struct paravirtual_guest *guest, uint32_t argument)
{
    paravirtual_set_timer(guest, argument == 0 || argument == UINT32_MAX ? argument : argument + 1);
    return 0;
}

static uint32_t write(struct paravirtual_guest *guest, uint32_t argument)
{
    if (!paravirtual_may_read(guest, argument, sizeof(struct paravirtual_bytes)))
        return PARAVIRTUAL_BAD_ADDRESS;
    uint32_t address = paravirtual_words(guest, argument)[0], length = paravirtual_words(guest, argument)[1];
    uint32_t port = guest->vcpu->unit * PG74_PORT_UNIT + PG74_PORT_CONSOLE_OUTPUT;

    if (length > PARAVIRTUAL_MOST_BYTES)
        return PARAVIRTUAL_BAD_COUNT;
    if (!paravirtual_good_bytes(guest, address, length, false))
        return PARAVIRTUAL_BAD_ADDRESS;
    guest->work += length;
    for (const uint8_t *byte = guest->vcpu->memory + address, *end = byte + length; byte < end; byte++)
        pg74_out(port, *byte);
    return 0;
}

static bool offers(uint32_t feature)
{
    return (paravirtual_offer.features & feature) != 0;
}

static uint32_t table_pin(struct paravirtual_guest *guest, uint32_t argument)
{
    if (!offers(PARAVIRTUAL_HAS_TABLES))
        return PARAVIRTUAL_BAD_FUNCTION;
    if (!paravirtual_may_read(guest, argument, sizeof(struct paravirtual_table)))
        return PARAVIRTUAL_BAD_ADDRESS;
    const uint32_t *words = paravirtual_words(guest, argument);
    return paravirtual_table_pin(guest, words[0], words[1]);
}

/* Up to the first that is refused. */
static uint32_t table_update(struct paravirtual_guest *guest, uint32_t argument)
{
    uint32_t done = 0;

    if (!paravirtual_may_read(guest, argument, sizeof(struct paravirtual_updates)))
        return PARAVIRTUAL_BAD_ADDRESS;
    uint32_t address = paravirtual_words(guest, argument)[0], count = paravirtual_words(guest, argument)[1];
    if (count > PARAVIRTUAL_MOST_UPDATES)
        return PARAVIRTUAL_BAD_COUNT;
    if (!paravirtual_may_read(guest, address, count * sizeof(struct paravirtual_update)))
        return PARAVIRTUAL_BAD_ADDRESS;
    const volatile uint32_t *words = paravirtual_words(guest, address);
    guest->work += count;
    for (; done < count; done++)
        if (paravirtual_table_update(guest, words[2 * done], words[2 * done + 1]) != 0)
            break;
    return done;
}

/* Where the guest goes on can only be changed when the call itself is over: paravirtual_do_next does these. */
static bool leaves(uint32_t function)
{
    return function == PARAVIRTUAL_RUN || function == PARAVIRTUAL_WAIT || function == PARAVIRTUAL_EVENTS;
}

static uint32_t do_call(struct paravirtual_guest *guest, uint32_t function, uint32_t argument);

/* Several calls for the price of one trap. One that leaves ends them: in version 1, undone. This one cannot be among
 * them. */
static uint32_t calls(struct paravirtual_guest *guest, uint32_t argument)
{
    uint32_t done = 0;

    if (!paravirtual_may_read(guest, argument, sizeof(struct paravirtual_calls)))
        return PARAVIRTUAL_BAD_ADDRESS;
    uint32_t address = paravirtual_words(guest, argument)[0], count = paravirtual_words(guest, argument)[1];
    if (count > PARAVIRTUAL_MOST_CALLS)
        return PARAVIRTUAL_BAD_COUNT;
    for (; done < count && !guest->next; done++) {
        uint32_t at = address + done * (uint32_t)sizeof(struct paravirtual_call);
        if (!paravirtual_may_write(guest, at, sizeof(struct paravirtual_call)))
            return PARAVIRTUAL_BAD_ADDRESS; /* asked each time: an earlier call may have made a table of it */
        uint32_t *words = paravirtual_words(guest, at), function = function_of(guest, words[0]);
        if (function == PARAVIRTUAL_CALLS || (leaves(function) && guest->version == PARAVIRTUAL_OLDEST))
            return done;
        uint32_t answer = do_call(guest, function, words[1]);
        if (paravirtual_may_write(guest, at, sizeof(struct paravirtual_call)))
            words[2] = answer;
    }
    return done;
}

static uint32_t ring(struct paravirtual_guest *guest, uint32_t argument)
{
    if (!offers(PARAVIRTUAL_HAS_RINGS))
        return PARAVIRTUAL_BAD_FUNCTION;
    if (!paravirtual_may_read(guest, argument, sizeof(struct paravirtual_attachment)))
        return PARAVIRTUAL_BAD_ADDRESS;
    const uint32_t *words = paravirtual_words(guest, argument);
    return paravirtual_ring_attach(guest, words[0], words[1]);
}

static uint32_t notify(struct paravirtual_guest *guest, uint32_t argument)
{
    if (argument >= PARAVIRTUAL_DEVICES || guest->rings[argument].address == 0)
        return PARAVIRTUAL_BAD_FUNCTION;
    return paravirtual_serve(guest, argument);
}

static uint32_t (*const functions[PARAVIRTUAL_TAKE])(struct paravirtual_guest *guest, uint32_t argument) = {
    [PARAVIRTUAL_IDENTIFY] = identify,       [PARAVIRTUAL_FEATURES] = features,
    [PARAVIRTUAL_START] = start,
    [PARAVIRTUAL_TIMER] = timer,             [PARAVIRTUAL_WRITE] = write,
    [PARAVIRTUAL_TABLE_PIN] = table_pin,     [PARAVIRTUAL_TABLE_UNPIN] = paravirtual_table_unpin,
    [PARAVIRTUAL_TABLE_UPDATE] = table_update, [PARAVIRTUAL_CALLS] = calls,
    [PARAVIRTUAL_RING] = ring,               [PARAVIRTUAL_NOTIFY] = notify,
};

static uint32_t do_call(struct paravirtual_guest *guest, uint32_t function, uint32_t argument)
{
    if (!guest->started && function > PARAVIRTUAL_START)
        return 0; /* to a guest that does not know, a bare machine */
    if (function >= PARAVIRTUAL_FUNCTIONS)
        return PARAVIRTUAL_BAD_FUNCTION;
    guest->calls++;
    if (function >= PARAVIRTUAL_TAKE)
        return guest->drives ? paravirtual_drive(guest, function, argument) : PARAVIRTUAL_BAD_FUNCTION;
    if (leaves(function)) {
        guest->next = function;
        return 0;
    }
    return functions[function](guest, argument);
}

uint32_t paravirtual_call(struct paravirtual_guest *guest, uint32_t number, uint32_t argument)
{
    return do_call(guest, function_of(guest, number), argument);
}
