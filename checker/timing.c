/* timing.c: does what a guest leaves behind depend on how long a transfer takes, or on when an interrupt comes? A
 * guest may count, or print, as long as the disk is busy: under a monitor that takes more time for each of its
 * instructions it does so less often, and does nothing wrong. Nor does a monitor that looks for interrupts now and
 * then. Where a bare machine follows, it is told when a transfer ended, and where an interrupt came; where only the
 * end is compared, nobody knows. So the guests run alone once more, on machines whose disks are quicker, or slower,
 * or whose interrupts come later. Judged as a monitor's run is, the bare machine must pass; where it does not, the
 * difference says nothing of a monitor. */
#include "checker/bare.h"

#include <stdlib.h>
#include <string.h>

enum {
    SLOWER = 8,           /* times as long */
    LATER = 4,            /* times as late as before */
    MOST_DELAYS = 100,     /* of interrupts: a guest that has none, and traps often, need not be let run so long */
    STEPS_AT_LEAST = 100000, STEPS_EACH = 2 * SLOWER /* for one alone: what waits for a slow disk takes longer, too */
};

static bool is_disk_command(const struct machine *machine, const struct machine_event *event)
{
    return event->is_write &&
           checker_port_meaning(machine_isa(machine), event->port) == CHECKER_PORT_DISK_COMMAND;
}

static bool see_command(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct checker_bare_guest *guest = context;
    struct machine_unit_state disk;
    machine_look_at_unit(machine, 0, &disk);
    uint64_t now = checker_bare_now(guest);
    if (!is_disk_command(machine, event) || !disk.disk_busy || now + disk.disk_left == guest->transfer_due)
        return true; /* the last: lost, while another transfer is under way */
    uint64_t takes = guest->all->timing.disks == CHECKER_DISKS_SLOW ? SLOWER * disk.disk_left : 0;
    machine_disk_set_left(guest->machine, 0, takes);
    guest->transfer_due = now + takes;
    return true;
}

/* ---- Late interrupts --------------------------------------------------------------------------------------------- */

static uint32_t timer_request(const struct isa *isa)
{
    for (unsigned i = 0; i < CHECKER_REQUESTS; i++)
        if (strcmp(checker_cause_name(isa, CHECKER_FIRST_INTERRUPT + i), "timer") == 0)
            return UINT32_C(1) << i;
    return 0;
}

/* Who sets the timer takes back its request, that is held, too. */
static bool see_instruction(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct checker_bare_guest *guest = context;
    if (guest->held != 0 && checker_facts_of(guest->all->facts, event->instruction)->sets_countdown)
        guest->held &= ~timer_request(machine_isa(machine));
    return true;
}

/* Could the first of the interrupts that are held be taken now? */
static bool could_be_taken(const struct checker_bare_guest *guest)
{
    const struct isa *isa = machine_isa(guest->machine);
    struct checker_probe probe = {.isa = isa, .state = calloc(isa_slots(isa) + 1, sizeof *probe.state)};
    checker_probe_interrupt(&probe, guest->machine, CHECKER_FIRST_INTERRUPT + (uint32_t)__builtin_ctz(guest->held));
    free(probe.state);
    return !probe.ignored;
}

/* Takes requests away, until it is late enough. One that waits is woken at once: there is no instruction to come
 * after. */
static void hold_requests(struct checker_bare_guest *guest)
{
    unsigned slot = (unsigned)guest->all->facts->requests;
    guest->held |= machine_slot(guest->machine, slot);
    bool waits = checker_is_set(guest->machine, guest->all->facts->waiting);
    bool ripe = guest->held != 0 &&
                (waits || (could_be_taken(guest) && guest->held_for++ >= guest->all->timing.late));
    machine_set_slot(guest->machine, slot, ripe ? guest->held : 0);
    if (ripe)
        guest->held = 0, guest->held_for = 0;
}

enum machine_stop checker_timing_run(struct checker_bare_guest *guest, uint64_t steps)
{
    enum machine_stop stop = MACHINE_LIMIT;
    if (guest->all->timing.late == 0)
        return machine_run(guest->machine, steps);
    while (steps-- > 0 && stop == MACHINE_LIMIT) {
        stop = machine_run(guest->machine, 1);
        hold_requests(guest);
    }
    return stop;
}

/* ---- Their ends -------------------------------------------------------------------------------------------------- */

void checker_timing_set(struct checker_bare_guest *guest)
{
    if (guest->all->timing.disks != CHECKER_DISKS_USUAL)
        machine_add_observer(guest->machine, MACHINE_EVENT_PORT, see_command, guest);
    if (guest->all->timing.late > 0)
        machine_add_observer(guest->machine, MACHINE_EVENT_RETIRE, see_instruction, guest);
}

static bool ends_otherwise(const struct checker_bare *usual, const struct checker_bare *other)
{
    bool differs = false;
    for (unsigned i = 0; i < usual->count && !differs; i++) {
        const struct checker_bare_guest *guest = &usual->guests[i], *again = &other->guests[i];
        uint32_t start = 0, size = 0;
        if (checker_bare_is_undisturbed(guest))
            machine_partition(guest->machine, 0, &start, &size);
        struct checker_failure *failure =
            checker_final(again->machine, 0, again->stop, guest->machine, NULL, start, size);
        differs = failure != NULL || (again->stop == MACHINE_LIMIT) != (guest->stop == MACHINE_LIMIT);
        checker_failure_free(failure);
    }
    return differs;
}

/* Do they, in another time? */
static bool depends_on(struct checker_timing timing, const struct checker_bare *usual, const struct isa *isa,
                       const struct checker_options *options)
{
    struct checker_options limited = *options;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct checker_bare other = {.supply = usual->supply, .facts = usual->facts, .timing = timing};
    uint64_t delays = usual->traps < MOST_DELAYS ? usual->traps : MOST_DELAYS; /* interrupts are among the traps */
    limited.bare_limit =
        STEPS_AT_LEAST + STEPS_EACH * (usual->instructions + usual->traps) + delays * timing.late;
    checker_bare_run(&other, isa, &limited, diagnostics);
    bool depends = other.count == usual->count && ends_otherwise(usual, &other);
    checker_bare_return(&other);
    isa_diagnostics_free(diagnostics);
    return depends;
}

bool checker_depends_on_transfers(const struct checker_bare *usual, const struct isa *isa,
                                  const struct checker_options *options)
{
    return depends_on((struct checker_timing){.disks = CHECKER_DISKS_QUICK}, usual, isa, options) ||
           depends_on((struct checker_timing){.disks = CHECKER_DISKS_SLOW}, usual, isa, options);
}

bool checker_depends_on_lateness(const struct checker_bare *usual, const struct isa *isa,
                                 const struct checker_options *options, uint64_t least, uint64_t most)
{
    bool depends = false;
    for (uint64_t late = least; usual->facts->requests >= 0 && late <= most && !depends; late *= LATER)
        depends = depends_on((struct checker_timing){.late = late}, usual, isa, options);
    return depends;
}
