/* timing.c: does what a guest leaves behind depend on how long a transfer takes? A guest may count, or print, as long as
 * the disk is busy: under a monitor that takes more time for each of its instructions it does so less often, and does
 * nothing wrong. Where a bare machine follows, it is told when a transfer ended; where only the end is compared, nobody knows.
 * So the guests run alone once more, on machines whose disks are quicker, or slower. Judged as a monitor's run is, the bare
 * machine must pass; where it does not, the difference says nothing of a monitor. */
#include "checker/internal.h"

enum {
    SLOWER = 8,           /* times as long */
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
    uint64_t takes = guest->all->disks == CHECKER_DISKS_SLOW ? SLOWER * disk.disk_left : 0;
    machine_disk_set_left(guest->machine, 0, takes);
    guest->transfer_due = now + takes;
    return true;
}

void checker_timing_set(struct checker_bare_guest *guest)
{
    if (guest->all->disks != CHECKER_DISKS_USUAL)
        machine_add_observer(guest->machine, MACHINE_EVENT_PORT, see_command, guest);
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
        differs = failure != NULL;
        checker_failure_free(failure);
    }
    return differs;
}

bool checker_depends_on_timing(const struct checker_bare *usual, const struct isa *isa,
                               const struct checker_options *options)
{
    static const enum checker_disks others[] = {CHECKER_DISKS_QUICK, CHECKER_DISKS_SLOW};
    struct checker_options limited = *options;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    bool depends = false;
    limited.bare_limit = STEPS_AT_LEAST + STEPS_EACH * (usual->instructions + usual->traps);
    for (unsigned i = 0; i < sizeof others / sizeof others[0] && !depends; i++) {
        struct checker_bare other = {.supply = usual->supply, .disks = others[i]};
        checker_bare_run(&other, isa, &limited, diagnostics);
        depends = other.count == usual->count && ends_otherwise(usual, &other);
        checker_bare_return(&other);
    }
    isa_diagnostics_free(diagnostics);
    return depends;
}
