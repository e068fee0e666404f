/* bare.h: the guests alone, each on a bare machine of its own: how they end there, and whether that depends on time. */
#ifndef PG74_CHECKER_BARE_H
#define PG74_CHECKER_BARE_H

#include "checker/internal.h"

/* How long transfers take: as long as they do, no time, or several times as long. */
enum checker_disks { CHECKER_DISKS_USUAL, CHECKER_DISKS_QUICK, CHECKER_DISKS_SLOW };

/* A time other than the machine's own. */
struct checker_timing {
    enum checker_disks disks; /* and frames take no longer on their way than transfers do */
    uint64_t late;            /* each interrupt comes so many instructions after it could have been taken */
};

struct checker_bare_guest {
    struct checker_bare *all;
    struct machine *machine;
    enum machine_stop stop;
    uint64_t interrupts;   /* that it has taken */
    uint64_t transfer_due; /* by its clock: when a transfer ends whose time was changed */
    uint32_t held;         /* requests of interrupts that are to come late, */
    uint64_t held_for;     /* and for how many instructions they could have been taken */
};

struct checker_bare {
    struct checker_supply *supply;
    const struct checker_facts *facts;
    struct checker_timing timing;
    unsigned count;
    struct checker_bare_guest guests[MACHINE_MOST_UNITS];
    struct checker_bare_frame *frames; /* on their way */
    bool all_ended;
    uint64_t instructions, traps, cycles; /* in all */
};

/* Options of a machine for one of the guests of `all` alone; under the same monitors, if there are any. */
void checker_bare_options(struct machine_options *bare, const struct machine_options *all, unsigned guest);

/* Runs every guest on a machine of its own. False when one cannot be made, or does not come to its end within the
 * bare limit. Then, in any case: gives the machines back. */
bool checker_bare_run(struct checker_bare *bare, const struct isa *isa, const struct checker_options *options,
                      struct isa_diagnostics *diagnostics);
void checker_bare_return(struct checker_bare *bare);

uint64_t checker_bare_now(const struct checker_bare_guest *guest); /* its clock: instructions, and waiting */
/* Alone, nothing has interrupted the guest, nor would anything have a little later: so its memory in the end does not
 * depend on when interrupts came. */
bool checker_bare_is_undisturbed(const struct checker_bare_guest *guest);
bool checker_bare_is_transferring(const struct checker_bare_guest *guest); /* a transfer is under way */

/* ---- Another time: timing.c -------------------------------------------------------------------------------------- */

/* Has a machine's disk take the time that these machines' disks take. Runs it, its interrupts as late as
 * theirs. */
void checker_timing_set(struct checker_bare_guest *guest);
enum machine_stop checker_timing_run(struct checker_bare_guest *guest, uint64_t steps);
/* Do the guests come to another end when their transfers take more time, or less; when interrupts come later, by so
 * many instructions at least and at most? `usual` is how they ended. */
bool checker_depends_on_transfers(const struct checker_bare *usual, const struct isa *isa,
                                  const struct checker_options *options);
bool checker_depends_on_lateness(const struct checker_bare *usual, const struct isa *isa,
                                 const struct checker_options *options, uint64_t least, uint64_t most);

#endif
