/* deliver.c: time, as the monitored run has it, played into the follower.
 *
 * When a monitor gives its guest an interrupt, it does what the hardware would have done: it stores the old PSW and
 * the cause in the guest's trap area. So a delivery is seen by the monitor's stores to the words that `on interrupt`
 * stores to. The follower then takes the same interrupt at the same instruction. A disk's transfer ends for the
 * follower when its interrupt is delivered, or when the guest under the monitor is told so by disk_status, whatever
 * comes first.
 *
 * Which interrupt comes when is no part of equivalence. That each was asked for, comes once, comes enabled and comes
 * at all, is. */
#include "checker/internal.h"

#include <inttypes.h>
#include <string.h>

/* ---- Seeing deliveries ------------------------------------------------------------------------------------------- */

static uint64_t bytes_of_word(const struct checker_facts *facts, unsigned number)
{
    return ((UINT64_C(1) << facts->area[number].bytes) - 1) << (4 * number);
}

/* A monitor may keep the trap area elsewhere, and write all of it back after every visit: so has anything changed? */
static bool changed(struct checker_follower *follower)
{
    bool differs = memcmp(follower->before, follower->shadow, sizeof follower->before) != 0;
    memcpy(follower->before, follower->shadow, sizeof follower->before);
    return differs;
}

/* A delivery is complete when the cause and the saved pc have been stored. Other groups of stores, as of a guest's
 * `spsw` that happens to name the trap area, and those of traps, are none. */
void checker_deliver_close(struct checker_follower *follower)
{
    const struct checker_facts *facts = follower->facts;
    uint64_t group = follower->group;
    follower->group = 0;
    if (group == 0 || !facts->area_known)
        return;
    bool again = !changed(follower);
    uint64_t needed = bytes_of_word(facts, facts->area_cause) | bytes_of_word(facts, facts->area_pc);
    uint32_t cause = follower->shadow[facts->area_cause];
    if ((group & needed) != needed || cause < CHECKER_FIRST_INTERRUPT ||
        cause >= CHECKER_FIRST_INTERRUPT + CHECKER_REQUESTS)
        return;
    if (again && follower->delivery_count > 0)
        return; /* the same as the last: no hardware interrupts twice at one place without a step between */
    if (follower->delivery_count < CHECKER_MOST_DELIVERIES) /* if not, the next common point will not agree */
        follower->deliveries[follower->delivery_count++] =
            (struct checker_delivery){cause, follower->shadow[facts->area_pc], again};
}

/* What stood in the trap area at the last common point; the bare machine has not gone on since. */
static void know_before(struct checker_follower *follower)
{
    for (unsigned i = 0; i < follower->facts->area_count && !follower->before_known; i++) {
        uint8_t bytes[4] = {0};
        machine_read(follower->bare, follower->facts->area[i].address, bytes, follower->facts->area[i].bytes);
        follower->before[i] = follower->shadow[i] =
            bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
    }
    follower->before_known = true;
}

/* A byte stored again begins the next group: each delivery stores each byte once. */
static void store_byte(struct checker_follower *follower, unsigned word, unsigned byte, uint32_t value)
{
    uint64_t bit = UINT64_C(1) << (4 * word + byte);
    if (follower->group & bit)
        checker_deliver_close(follower);
    follower->group |= bit;
    follower->shadow[word] = (follower->shadow[word] & ~(UINT32_C(0xff) << (8 * byte))) | value << (8 * byte);
}

void checker_deliver_store(struct checker_follower *follower, uint32_t address, unsigned bytes, uint32_t value)
{
    const struct checker_facts *facts = follower->facts;
    for (unsigned i = 0; i < facts->area_count; i++)
        for (unsigned byte = 0; byte < bytes; byte++)
            if (address + byte - facts->area[i].address < facts->area[i].bytes) {
                know_before(follower);
                store_byte(follower, i, address + byte - facts->area[i].address, value >> (8 * byte) & 0xff);
            }
}

/* ---- Sources: what has been asked for ---------------------------------------------------------------------------- */

static bool is_cause(const struct checker_follower *follower, uint32_t cause, const char *name)
{
    return strcmp(checker_cause_name(follower->facts->isa, cause), name) == 0;
}

static bool input_waits(const struct checker_sources *sources)
{
    return sources->console_control && sources->input_left > 0;
}

/* Requests are held back: the follower takes an interrupt only when checker_deliver says so. */
static void hold_requests(struct checker_follower *follower)
{
    if (follower->facts->requests >= 0)
        machine_set_slot(follower->bare, (unsigned)follower->facts->requests, 0);
}

static void complete_transfer(struct checker_follower *follower)
{
    struct checker_sources *sources = &follower->sources;
    bool completed = machine_disk_complete(follower->bare, 0);
    machine_remove_observer(follower->bare, sources->buffer_watch);
    hold_requests(follower);
    sources->disk_busy = false;
    if (completed)
        sources->disk_requested = true;
}

/* A guest that looks into the buffer of a transfer under way, or changes it, has no right to expect anything; and no
 * more if the hardware does so for it, on its way into a trap or through a page table. */
static bool see_use(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct checker_follower *follower = context;
    uint32_t last = event->kind == MACHINE_EVENT_FETCH ? isa_word_bits(machine_isa(machine)) / 8 - 1 : event->bytes - 1;
    follower->hurried |= !event->by_device && (checker_deliver_in_flight(follower, event->physical) ||
                                                      checker_deliver_in_flight(follower, event->physical + last));
    return true;
}

/* What is being written to the disk may be looked at. */
static void begin_transfer(struct checker_follower *follower, uint32_t command)
{
    struct checker_sources *sources = &follower->sources;
    unsigned uses = MACHINE_EVENT_STORE | (command == CHECKER_DISK_READ ? MACHINE_EVENT_LOAD | MACHINE_EVENT_FETCH : 0);
    sources->buffer_watch = machine_add_observer(follower->bare, uses, see_use, follower);
    sources->buffer_address = sources->disk_address;
    uint64_t length = (uint64_t)sources->disk_sectors * CHECKER_SECTOR;
    sources->buffer_length = length > UINT32_MAX ? UINT32_MAX : (uint32_t)length;
    sources->disk_busy = true;
    sources->disk_told = false;
}

static void port_used(struct checker_follower *follower)
{
    const struct checker_probe *probe = &follower->probe;
    struct checker_sources *sources = &follower->sources;
    enum checker_port meaning = checker_port_meaning(follower->facts->isa, probe->port);
    if (probe->port_read && meaning == CHECKER_PORT_CONSOLE_INPUT && sources->input_left > 0) {
        sources->input_left--;
        /* as the device: again after each byte, while more remains */
        sources->console_requested |= input_waits(sources);
    }
    if (!probe->port_written)
        return;
    if (meaning == CHECKER_PORT_DISK_ADDRESS)
        sources->disk_address = probe->port_value;
    if (meaning == CHECKER_PORT_NETWORK_ADDRESS)
        sources->network_address = probe->port_value;
    if (meaning == CHECKER_PORT_DISK_COUNT)
        sources->disk_sectors = probe->port_value;
    if (meaning == CHECKER_PORT_DISK_COMMAND && sources->disk_busy)
        follower->hurried = true; /* the command is lost, unless the transfer has ended by now */
    else if (meaning == CHECKER_PORT_DISK_COMMAND)
        begin_transfer(follower, probe->port_value);
    if (meaning == CHECKER_PORT_CONSOLE_CONTROL) {
        sources->console_control = probe->port_value & 1;
        sources->console_requested |= input_waits(sources);
    }
}

void checker_deliver_after(struct checker_follower *follower, const struct checker_instruction *facts)
{
    struct checker_sources *sources = &follower->sources;
    if (facts->sets_countdown) {
        uint32_t count = machine_slot(follower->bare, (unsigned)follower->facts->countdown);
        sources->timer_armed = count != 0;
        sources->timer_due = checker_follower_instructions(follower) + count;
        sources->overdue[0] = 0;
    }
    if (follower->probe.port_read || follower->probe.port_written)
        port_used(follower);
}

/* ---- Playing them in --------------------------------------------------------------------------------------------- */

/* Whether an interrupt of this cause would be taken now is the instruction set's to say. */
static bool would_take(struct checker_follower *follower, uint32_t cause)
{
    checker_probe_interrupt(&follower->probe, follower->bare, cause);
    return !follower->probe.ignored;
}

static bool fail_interrupt(struct checker_follower *follower, uint32_t cause, const char *expected, const char *got)
{
    char what[64];
    snprintf(what, sizeof what, "interrupt %s (%" PRIu32 ")", checker_cause_name(follower->facts->isa, cause), cause);
    struct checker_failure *failure = checker_follower_fail(follower, what);
    checker_failure_expected(failure, "%s", expected);
    checker_failure_got(failure, "%s", got);
    return false;
}

static bool is_requested(const struct checker_follower *follower, uint32_t cause)
{
    const struct checker_sources *sources = &follower->sources;
    if (is_cause(follower, cause, "timer"))
        return sources->timer_armed;
    if (is_cause(follower, cause, "disk"))
        return sources->disk_requested || sources->disk_busy;
    if (is_cause(follower, cause, "console")) /* that input still waits may be told more than once */
        return sources->console_requested || input_waits(sources);
    if (is_cause(follower, cause, "network"))
        return checker_network_may_interrupt(follower);
    return true; /* a source of which the checker knows nothing */
}

bool checker_deliver_possible(struct checker_follower *follower, const struct checker_delivery *delivery)
{
    return machine_pc(follower->bare) == delivery->pc && is_requested(follower, delivery->cause) &&
           would_take(follower, delivery->cause);
}

/* Uses up the request for an interrupt; false when there is none. */
static bool use_request(struct checker_follower *follower, uint32_t cause)
{
    struct checker_sources *sources = &follower->sources;
    bool requested = is_requested(follower, cause);
    if (is_cause(follower, cause, "timer"))
        sources->timer_armed = false;
    if (is_cause(follower, cause, "disk")) {
        if (sources->disk_busy && !sources->disk_requested)
            complete_transfer(follower);
        sources->disk_requested = false;
        sources->disk_optional = sources->disk_busy; /* one interrupt may tell of two transfers */
    }
    if (is_cause(follower, cause, "console"))
        sources->console_requested = false;
    if (is_cause(follower, cause, "network"))
        checker_network_interrupted(follower);
    return requested;
}

bool checker_deliver(struct checker_follower *follower, uint32_t cause)
{
    if (!would_take(follower, cause))
        return fail_interrupt(follower, cause, "not delivered: interrupts are disabled here",
                              "delivered while disabled");
    for (unsigned i = 0; i < follower->probe.store_count; i++)
        checker_follower_touch(follower, follower->probe.stores[i].address, follower->probe.stores[i].bytes);
    if (!use_request(follower, cause))
        return fail_interrupt(follower, cause, "not delivered: nothing has requested it since it was last delivered",
                              "delivered without a request, or twice");
    checker_follower_note(follower, CHECKER_NOTE_DELIVERED, machine_pc(follower->bare), 0, cause, true);
    uint64_t traps = machine_time(follower->bare).traps;
    machine_request(follower->bare, cause);
    machine_run(follower->bare, 1);
    hold_requests(follower);
    follower->sources.overdue[cause - CHECKER_FIRST_INTERRUPT] = 0;
    if (machine_time(follower->bare).traps == traps)
        return fail_interrupt(follower, cause, "not delivered", "delivered, where the bare machine does not take it");
    return true;
}

/* Has the monitored run stored what the probed interrupt stores? */
static bool was_stored(const struct checker_follower *follower)
{
    const struct checker_probe *probe = &follower->probe;
    for (unsigned i = 0; i < probe->store_count; i++) {
        const struct checker_store *store = &probe->stores[i];
        for (unsigned byte = 0; byte < store->bytes; byte++) {
            uint8_t got;
            if (machine_read(follower->monitored, follower->start + store->address + byte, &got, 1) &&
                got != (store->value >> (8 * byte) & 0xff))
                return false;
        }
    }
    return true;
}

bool checker_deliver_exit(struct checker_follower *follower)
{
    const struct isa *isa = follower->facts->isa;
    for (unsigned i = 0; machine_guest_mode(follower->bare) && i < isa_cause_count(isa); i++) {
        uint32_t cause = isa_cause_at(isa, i)->number;
        if (cause < CHECKER_FIRST_INTERRUPT || cause >= CHECKER_FIRST_INTERRUPT + CHECKER_REQUESTS)
            continue;
        if (is_requested(follower, cause) && would_take(follower, cause) && was_stored(follower))
            return checker_deliver(follower, cause);
    }
    return false;
}

void checker_deliver_completion(struct checker_follower *follower)
{
    const struct checker_probe *probe = &follower->probe;
    if (!follower->sources.disk_busy || !probe->port_read || probe->instruction == NULL ||
        checker_port_meaning(follower->facts->isa, probe->port) != CHECKER_PORT_DISK_STATUS)
        return;
    /* The probe has tried the answer "busy". If that leads to what the guest under the monitor has got, it was that. */
    const struct checker_instruction *facts = checker_facts_of(follower->facts, probe->instruction);
    bool busy = true;
    for (unsigned i = 0; i < facts->result_count; i++) {
        unsigned slot = checker_operand_slot(&facts->results[i], probe->instruction, probe->word);
        if (follower->facts->is_general[slot] && probe->state[slot] != machine_slot(follower->monitored, slot))
            busy = false;
    }
    if (!busy)
        complete_transfer(follower);
}

/* ---- Waiting ----------------------------------------------------------------------------------------------------- */

/* True when an interrupt of every known cause would be taken: then idle cannot end without one. */
static bool takes_all(struct checker_follower *follower)
{
    const struct isa *isa = follower->facts->isa;
    for (unsigned i = 0; i < isa_cause_count(isa); i++) {
        uint32_t cause = isa_cause_at(isa, i)->number;
        if (cause >= CHECKER_FIRST_INTERRUPT && !would_take(follower, cause))
            return false;
    }
    return true;
}

bool checker_deliver_wake(struct checker_follower *follower)
{
    const struct checker_sources *sources = &follower->sources;
    bool reason = sources->timer_armed || sources->disk_busy || sources->disk_requested || sources->console_requested ||
                  checker_network_is_due(follower);
    struct checker_failure *failure;
    if (reason && !takes_all(follower)) {
        if (sources->disk_busy && sources->disk_told) /* that may be what has ended it, and memory is as it is then */
            complete_transfer(follower);
        machine_set_slot(follower->bare, (unsigned)follower->facts->waiting, 0);
        return true;
    }
    failure = checker_follower_fail(follower, "the end of waiting");
    checker_failure_expected(failure, "%s", reason ? "an interrupt" : "it waits: nothing can wake it");
    checker_failure_got(failure, "the guest goes on without an interrupt");
    return false;
}

/* ---- Late, or never ---------------------------------------------------------------------------------------------- */

static bool is_due(const struct checker_follower *follower, uint32_t cause, bool waiting)
{
    const struct checker_sources *sources = &follower->sources;
    if (is_cause(follower, cause, "timer"))
        return sources->timer_armed && (waiting || checker_follower_instructions(follower) >= sources->timer_due);
    if (is_cause(follower, cause, "disk"))
        return (sources->disk_requested && !sources->disk_optional) ||
               (sources->disk_busy && (waiting || sources->disk_told));
    if (is_cause(follower, cause, "console"))
        return sources->console_requested;
    if (is_cause(follower, cause, "network"))
        return checker_network_is_due(follower);
    return false;
}

bool checker_deliver_next(struct checker_follower *follower)
{
    const struct isa *isa = follower->facts->isa;
    int slot = follower->facts->waiting;
    bool waiting = slot >= 0 && machine_slot(follower->bare, (unsigned)slot) != 0;
    if (follower->sources.disk_busy)
        complete_transfer(follower);
    for (unsigned i = 0; i < isa_cause_count(isa); i++) {
        uint32_t cause = isa_cause_at(isa, i)->number;
        if (cause >= CHECKER_FIRST_INTERRUPT && cause < CHECKER_FIRST_INTERRUPT + CHECKER_REQUESTS &&
            is_due(follower, cause, waiting) && would_take(follower, cause))
            return checker_deliver(follower, cause);
    }
    return false;
}

bool checker_deliver_overdue(struct checker_follower *follower)
{
    const struct isa *isa = follower->facts->isa;
    uint64_t now = checker_follower_instructions(follower) + 1;
    for (unsigned i = 0; i < isa_cause_count(isa); i++) {
        uint32_t cause = isa_cause_at(isa, i)->number;
        if (cause < CHECKER_FIRST_INTERRUPT || cause >= CHECKER_FIRST_INTERRUPT + CHECKER_REQUESTS)
            continue;
        uint64_t *since = &follower->sources.overdue[cause - CHECKER_FIRST_INTERRUPT];
        if (!is_due(follower, cause, false) || (*since == 0 && !would_take(follower, cause)))
            continue;
        if (*since == 0)
            *since = now;
        if (now - *since <= follower->bound)
            continue;
        char got[96];
        snprintf(got, sizeof got, "not delivered %" PRIu64 " instructions after it was due", now - *since);
        return fail_interrupt(follower, cause, "delivered", got), true;
    }
    return false;
}

bool checker_deliver_lost(struct checker_follower *follower)
{
    const struct isa *isa = follower->facts->isa;
    for (unsigned i = 0; i < isa_cause_count(isa); i++) {
        uint32_t cause = isa_cause_at(isa, i)->number;
        if (cause < CHECKER_FIRST_INTERRUPT || !is_due(follower, cause, true))
            continue;
        return fail_interrupt(follower, cause, "delivered, or at least the end of the guest's waiting",
                              "lost: the guest waits for ever"), true;
    }
    return false;
}

bool checker_deliver_in_flight(const struct checker_follower *follower, uint32_t address)
{
    const struct checker_sources *sources = &follower->sources;
    return sources->disk_busy && address - sources->buffer_address < sources->buffer_length;
}
