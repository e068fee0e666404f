/* bare.c: each guest of a comparison on a bare machine of its own, with nothing between them but the network: what one
 * sends arrives at the others some time later, as it would if they were units of one machine. They take turns, and the
 * next turn is that of the one that is behind in time. */
#include "checker/bare.h"

#include <stdlib.h>

enum { TURN = 1000 /* steps */, LATENCY = 1000 /* instructions that a frame is on its way, as inside of a machine */ };

struct checker_bare_frame {
    struct checker_bare_frame *next;
    const struct checker_bare_guest *to;
    uint64_t due; /* by its clock */
    uint32_t length;
    uint8_t bytes[MACHINE_LONGEST_FRAME];
};

/* A guest's clock: instructions, and waiting. */
uint64_t checker_bare_now(const struct checker_bare_guest *guest)
{
    struct machine_time time = machine_time(guest->machine);
    return time.instructions + time.idle;
}

void checker_bare_options(struct machine_options *bare, const struct machine_options *all, unsigned guest)
{
    *bare = *all;
    bare->manual_events = false;
    bare->guests = &all->guests[guest];
    bare->guest_count = 1;
    bare->first_station = all->first_station + guest;
    bare->inputs = guest < all->input_count ? &all->inputs[guest] : NULL;
    bare->input_count = guest < all->input_count;
    bare->disks = guest < all->disk_count ? &all->disks[guest] : NULL;
    bare->disk_count = guest < all->disk_count;
}

static bool count_interrupt(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct checker_bare_guest *guest = context;
    (void)machine, (void)event;
    guest->interrupts++;
    return true;
}

/* Puts a frame at the end of those that are on their way. */
static void post(struct checker_bare *bare, const struct checker_bare_frame *frame)
{
    struct checker_bare_frame **end = &bare->frames, *posted = malloc(sizeof *posted);
    if (posted == NULL)
        abort();
    *posted = *frame;
    while (*end != NULL)
        end = &(*end)->next;
    *end = posted;
}

static bool see_frame(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct checker_bare_guest *sender = context;
    struct checker_bare *bare = sender->all;
    struct checker_bare_frame frame = {.due = checker_bare_now(sender) + LATENCY, .length = event->bytes};
    if (!event->is_write || !machine_read(machine, event->physical, frame.bytes, frame.length))
        return true;
    for (unsigned i = 0; i < bare->count; i++) {
        frame.to = &bare->guests[i];
        if (frame.to != sender && machine_network_is_for(frame.bytes, i, (uint32_t)(sender - bare->guests)))
            post(bare, &frame);
    }
    return true;
}

/* What is due for a guest, or what it waits for, arrives. */
static void deliver(struct checker_bare *bare, const struct checker_bare_guest *to)
{
    for (struct checker_bare_frame **place = &bare->frames; *place != NULL;) {
        struct checker_bare_frame *frame = *place;
        if (frame->to != to || (frame->due > checker_bare_now(to) && to->stop != MACHINE_DEADLOCK)) {
            place = &frame->next;
            continue;
        }
        machine_network_deliver(to->machine, 0, frame->bytes, frame->length);
        *place = frame->next;
        free(frame);
    }
}

static bool make(struct checker_bare *bare, const struct isa *isa, const struct checker_options *options,
                 struct isa_diagnostics *diagnostics)
{
    unsigned count = options->machine.guest_count;
    for (unsigned i = 0; i < count; i++) {
        struct checker_bare_guest *guest = &bare->guests[i];
        struct machine_options one;
        checker_bare_options(&one, &options->machine, i);
        one.monitor = NULL;
        one.inner_count = 0;
        guest->all = bare;
        guest->stop = MACHINE_LIMIT;
        guest->machine = checker_supply_take(bare->supply, isa, CHECKER_PLACE_BARE + i, &one, diagnostics);
        if (guest->machine == NULL)
            return false;
        bare->count = i + 1;
        machine_add_observer(guest->machine, MACHINE_EVENT_INTERRUPT, count_interrupt, guest);
        checker_timing_set(guest);
        if (count > 1)
            machine_add_observer(guest->machine, MACHINE_EVENT_FRAME, see_frame, guest);
    }
    return true;
}

static uint64_t steps_left(const struct machine *machine, uint64_t limit)
{
    uint64_t steps = checker_steps(machine);
    return steps < limit ? limit - steps : 0;
}

/* Has it anything to do? One that waits has when a frame is on its way to it. */
static bool can_run(const struct checker_bare *bare, const struct checker_bare_guest *guest, uint64_t limit)
{
    bool awaited = false;
    for (const struct checker_bare_frame *frame = bare->frames; frame != NULL; frame = frame->next)
        awaited |= frame->to == guest;
    return steps_left(guest->machine, limit) > 0 && (guest->stop == MACHINE_LIMIT ||
                                                     (guest->stop == MACHINE_DEADLOCK && awaited));
}

/* The one whose turn it is, or NULL. */
static struct checker_bare_guest *next(struct checker_bare *bare, uint64_t limit)
{
    struct checker_bare_guest *chosen = NULL;
    for (unsigned i = 0; i < bare->count; i++) {
        struct checker_bare_guest *guest = &bare->guests[i];
        if (guest->stop == MACHINE_STOPPED)
            return NULL;
        if (can_run(bare, guest, limit) && (chosen == NULL || checker_bare_now(guest) < checker_bare_now(chosen)))
            chosen = guest;
    }
    return chosen;
}

bool checker_bare_run(struct checker_bare *bare, const struct isa *isa, const struct checker_options *options,
                      struct isa_diagnostics *diagnostics)
{
    uint64_t limit = options->bare_limit ? options->bare_limit : options->limit ? options->limit : UINT64_MAX;
    struct checker_bare_guest *guest;
    if (!make(bare, isa, options, diagnostics))
        return false;
    while ((guest = next(bare, limit)) != NULL) {
        uint64_t left = steps_left(guest->machine, limit);
        deliver(bare, guest);
        guest->stop = checker_timing_run(guest, bare->count > 1 && left > TURN ? TURN : left);
    }
    bare->all_ended = true;
    for (unsigned i = 0; i < bare->count; i++)
        bare->all_ended &= bare->guests[i].stop == MACHINE_HALTED || bare->guests[i].stop == MACHINE_DEADLOCK;
    return bare->all_ended || !options->bare_limit;
}

static bool is_zero(const struct machine *machine, enum isa_duty duty)
{
    const struct isa_state *state = isa_state_with_duty(machine_isa(machine), duty);
    return state == NULL || machine_slot(machine, state->slot) == 0;
}

bool checker_bare_is_undisturbed(const struct checker_bare_guest *guest)
{
    return guest->interrupts == 0 && is_zero(guest->machine, ISA_DUTY_REQUESTS) &&
           is_zero(guest->machine, ISA_DUTY_COUNTDOWN);
}

bool checker_bare_is_transferring(const struct checker_bare_guest *guest)
{
    struct machine_unit_state unit;
    machine_look_at_unit(guest->machine, 0, &unit);
    return unit.disk_busy;
}

void checker_bare_return(struct checker_bare *bare)
{
    for (unsigned i = 0; i < bare->count; i++)
        checker_supply_return(bare->supply, CHECKER_PLACE_BARE + i, bare->guests[i].machine);
    while (bare->frames != NULL) {
        struct checker_bare_frame *frame = bare->frames;
        bare->frames = frame->next;
        free(frame);
    }
}
