/* compare.c: all runs of a comparison, and their figures. */
#include "checker/bare.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A monitor that needs more than this, for what takes the bare machines so much, is taken not to come to an end. Of a
 * monitor under a monitor, each step can take so much again. */
enum { FUEL_PER_STEP = 5000, FUEL_AT_LEAST = 10000000 };

/* More than a bare run has taken, before a guest that goes another way is said to have no end. */
enum { ALONE_AT_LEAST = 100000 };

/* How late interrupts are to be, in instructions, to see whether the order of a guest's lines depends on it; and how
 * many the guest may execute for that. */
enum { LATE_AT_LEAST = 1024, LATE_AT_MOST = 16384, LATE_STEPS = 20000000 };

/* Copies what a guest has left behind: the machine goes, the report stays. */
static void keep_guest(struct checker_guest *kept, const char *name, const struct machine *machine, unsigned unit)
{
    size_t length;
    const uint8_t *console = machine_console(machine, unit, &length);
    uint8_t *copy = malloc(length + 1);
    if (length > 0)
        memcpy(copy, console, length);
    copy[length] = 0;
    kept->name = name;
    kept->console = copy;
    kept->console_length = length;
    kept->halted = machine_guest_halt_code(machine, unit, &kept->halt_code);
}

/* ---- The bare machine -------------------------------------------------------------------------------------------- */

/* Each guest by itself; the figures are sums. False when a machine cannot be made, or one does not come to its end. */
static bool run_bare(struct checker_comparison *comparison, const struct checker_options *options,
                     struct checker_bare *bare, struct isa_diagnostics *diagnostics)
{
    struct checker_run *run = &comparison->runs[0];
    struct checker_guest *guests = calloc(options->machine.guest_count + 1, sizeof *guests);
    run->guests = guests;
    run->stop = MACHINE_HALTED;
    if (!checker_bare_run(bare, comparison->isa, options, diagnostics))
        return false;
    run->guest_count = bare->count;
    for (unsigned i = 0; i < bare->count; i++) {
        const struct machine *machine = bare->guests[i].machine;
        struct machine_time time = machine_time(machine);
        keep_guest(&guests[i], machine_image_name(options->machine.guests[i]), machine, 0);
        guests[i].instructions = guests[i].direct = time.instructions;
        bare->instructions += time.instructions;
        bare->traps += time.traps;
        bare->cycles += time.cycles;
        comparison->cost = machine_cost(machine)->name;
        if (run->stop == MACHINE_HALTED)
            run->stop = bare->guests[i].stop;
    }
    run->vmm = "none";
    run->guest_instructions = run->direct = bare->instructions;
    run->traps = bare->traps;
    run->cycles = bare->cycles;
    run->overhead = 1;
    run->equivalent = CHECKER_PASSED;
    run->method = CHECKER_NONE;
    return true;
}

/* ---- A monitor, observed ----------------------------------------------------------------------------------------- */

/* The guest that has not halted, as far as its follower has come with it. */
static struct checker_failure *stuck(const struct checker_watch *watch)
{
    unsigned guest = 0;
    uint32_t code;
    while (guest + 1 < watch->guest_count && machine_guest_halt_code(watch->machine, guest, &code))
        guest++;
    struct checker_follower *follower = watch->followers[guest];
    if (follower == NULL || !follower->started)
        return checker_failure_new(guest, "the end");
    struct checker_failure *failure = checker_follower_fail(follower, "the end");
    follower->failure = NULL;
    return failure;
}

/* Have the guests, as their followers know them, taken ways that have no end on the bare machine either? One that waits
 * for a frame of another guest has none alone; but if that one has, its monitor keeps both from their ends. */
static bool strays(const struct checker_watch *watch, uint64_t steps)
{
    bool astray = false;
    uint32_t code;
    for (unsigned i = 0; watch->following && i < watch->guest_count; i++) {
        if (machine_guest_halt_code(watch->machine, i, &code) || !watch->followers[i]->started)
            continue;
        if (checker_ends_alone(watch->followers[i], steps))
            return false;
        astray = true;
    }
    return astray;
}

static void unfinished(struct checker_run *run, const struct checker_watch *watch, bool limited, uint64_t fuel,
                       uint64_t steps_alone)
{
    struct checker_failure *failure = stuck(watch);
    bool followed = watch->followers[failure->guest] != NULL;
    const char *never = !followed || watch->followers[failure->guest]->started ? ""
                                                                              : "; nothing of the guest was executed";
    bool astray = !limited && strays(watch, steps_alone);
    checker_failure_expected(failure, "every guest comes to its end");
    if (limited)
        checker_failure_got(failure, "the run was stopped at its limit");
    else if (astray)
        checker_failure_got(failure, "no end, nor on the bare machine after the same interrupts: what the guest does "
                                     "depends on when they come");
    else
        checker_failure_got(failure, "no end within %" PRIu64 " instructions of the monitored machine%s", fuel, never);
    run->equivalent = limited || astray ? CHECKER_UNKNOWN : CHECKER_FAILED;
    run->failure = failure;
}

/* A guest against the machine that followed it, in which, where there are monitors under the monitor, the first of them
 * ran; and, where no other comparison remains, against the guest's own bare run. There its memory
 * counts if nothing has disturbed it, nor a monitor has told it of itself. */
static void compare_end(struct checker_run *run, struct checker_watch *watch, const struct checker_bare *bare,
                        unsigned guest, bool nested)
{
    struct checker_follower *follower = watch->following ? watch->followers[guest] : NULL;
    bool answered = watch->followers[guest] != NULL && watch->followers[guest]->answered;
    if (follower != NULL)
        run->failure = checker_final(watch->machine, guest, run->stop, follower->bare, follower, watch->start[guest],
                                     watch->size[guest]);
    if (run->failure != NULL && checker_watch_give_up(watch)) {
        checker_failure_free((struct checker_failure *)(uintptr_t)run->failure);
        run->failure = NULL;
        run->method = CHECKER_FINAL;
        follower = NULL;
    }
    bool comparable = checker_bare_is_undisturbed(&bare->guests[guest]) && !answered; /* its memory */
    if (run->failure == NULL && (follower == NULL || nested))
        run->failure = checker_final(watch->machine, guest, run->stop, bare->guests[guest].machine, NULL,
                                     watch->inner_start[guest], comparable ? watch->inner_size[guest] : 0);
}

/* A kernel that calls its monitor does other things than alone, and takes more time, or less, for them: so it turns to
 * another process at another moment, and their lines come in another order. Those of all guests are the same? That one
 * who runs for so long is let run once more, instruction by instruction, would take too long. */
static bool only_order_differs(const struct checker_watch *watch, const struct checker_run *run,
                               const struct checker_bare *bare)
{
    bool same = strncmp(run->failure->what, "console", 7) == 0 && bare->instructions <= LATE_STEPS;
    for (unsigned i = 0; i < watch->guest_count && same; i++)
        same = checker_final_but_order(watch->machine, i, run->stop, bare->guests[i].machine);
    return same;
}

/* Where nobody follows, nobody knows what a guest meets under a monitor that takes more time. Is the difference one
 * that time can make? Where a guest ends while a transfer is under way, that transfer's end may come first, and
 * change anything. */
static const char *excuse_of_time(const struct checker_watch *watch, const struct checker_run *run,
                                  const struct checker_comparison *comparison, const struct checker_options *options,
                                  const struct checker_bare *bare)
{
    for (unsigned i = 0; i < bare->count; i++)
        if (checker_bare_is_transferring(&bare->guests[i]))
            return "alone, the guest ends while a transfer is under way: elsewhere that may end first";
    if (checker_depends_on_transfers(bare, comparison->isa, options))
        return "alone, too, the guest comes to another end when transfers take more time, or none";
    if (checker_depends_on_lateness(bare, comparison->isa, options, 1, options->late))
        return "alone, too, the guest comes to another end when interrupts come a little later";
    if (only_order_differs(watch, run, bare) &&
        checker_depends_on_lateness(bare, comparison->isa, options, LATE_AT_LEAST, LATE_AT_MOST))
        return "it has said the same, in another order; alone, too, the order is another one when interrupts come "
               "later";
    return NULL;
}

/* Where one follows, it is told of each transfer's end only later; until then it knows as little as the guest. */
static const char *excuse_of_haste(const struct checker_watch *watch)
{
    for (unsigned i = 0; i < watch->guest_count; i++)
        if (watch->followers[i] != NULL && watch->followers[i]->hurried)
            return "the guest does not wait for a transfer's end, but uses its buffer, or commands another one: what "
                   "comes of that is a matter of time";
    return NULL;
}

static void excuse(struct checker_run *run, const struct checker_watch *watch,
                   const struct checker_comparison *comparison, const struct checker_options *options,
                   const struct checker_bare *bare)
{
    struct checker_failure *failure = (struct checker_failure *)(uintptr_t)run->failure;
    /* The guest has come to no end, nor on the bare machine: is it one that can, when its interrupts come late? */
    bool astray = run->equivalent == CHECKER_UNKNOWN && options->limit == 0;
    if (run->equivalent != CHECKER_FAILED && !astray)
        return;
    failure->excuse =
        run->method == CHECKER_FINAL ? excuse_of_time(watch, run, comparison, options, bare) : excuse_of_haste(watch);
    if (astray && failure->excuse == NULL && run->method != CHECKER_FINAL)
        failure->excuse = excuse_of_time(watch, run, comparison, options, bare);
    if (failure->excuse != NULL)
        run->equivalent = CHECKER_UNKNOWN;
}

static void judge(struct checker_run *run, struct checker_watch *watch, const struct checker_bare *bare, bool nested,
                  bool limited, uint64_t fuel, uint64_t steps_alone)
{
    run->method = watch->gave_up || watch->followers[0] == NULL ? CHECKER_FINAL : CHECKER_LOCKSTEP;
    for (unsigned i = 0; watch->failed && i < watch->guest_count; i++) {
        run->failure = watch->followers[i]->failure;
        watch->followers[i]->failure = NULL;
        if (run->failure != NULL)
            break;
    }
    bool ended = run->stop != MACHINE_LIMIT && run->stop != MACHINE_STOPPED && bare->all_ended;
    for (unsigned i = 0; ended && i < watch->guest_count && run->failure == NULL; i++)
        compare_end(run, watch, bare, i, nested);
    if (run->failure == NULL && !ended)
        unfinished(run, watch, limited, fuel, steps_alone);
    else
        run->equivalent = run->failure == NULL ? CHECKER_PASSED : CHECKER_FAILED;
}

static int dearer(const void *a, const void *b)
{
    const struct checker_cause *first = a, *second = b;
    if (first->cycles != second->cycles)
        return first->cycles < second->cycles ? 1 : -1;
    return first->cause != second->cause ? (first->cause > second->cause) - (first->cause < second->cause)
                                         : (first->count < second->count) - (first->count > second->count);
}

static void take_account(struct checker_run *run, const struct checker_account *account)
{
    struct checker_cause *causes = calloc(account->cause_count + 1, sizeof *causes);
    memcpy(causes, account->causes, account->cause_count * sizeof *causes);
    qsort(causes, account->cause_count, sizeof *causes, dearer);
    run->causes = causes;
    run->cause_count = account->cause_count;
    run->translated = account->translated;
    run->hypercalls = account->hypercalls;
    run->monitor_instructions = account->monitor_instructions;
    run->direct_cycles = account->direct_cycles;
    run->translated_cycles = account->translated_cycles;
    run->inner_cycles = account->inner_cycles;
}

/* A guest that has called its monitor may do something else than it does without one; then its monitor is asked, or the
 * innermost of two. False: it has not, or the monitor does not count. */
static bool is_told(const struct checker_watch *watch, const struct checker_account *account,
                    const struct checker_monitor *monitor, unsigned guest, struct pg74_guest_statistics *told)
{
    if (account->hypercalls == 0 || monitor->inner_count > 1)
        return false;
    return monitor->inner_count == 0
               ? checker_account_told(watch->machine, monitor->image, 0, guest, told)
               : checker_account_told(watch->machine, monitor->inner[0], watch->start[guest], 0, told);
}

/* The instructions that a guest has retired: as many as on the bare machine, for it does the same there; or what its
 * monitor has told (else NULL), and whatever that says, what the hardware has executed of the guest belongs to it. */
static uint64_t retired(const struct checker_run *run, const struct checker_watch *watch,
                        const struct checker_bare *bare, unsigned guest, uint64_t direct,
                        const struct pg74_guest_statistics *told)
{
    bool nested = watch->inner_size[guest] < watch->size[guest];
    if (run->method == CHECKER_LOCKSTEP && !nested)
        return machine_time(watch->followers[guest]->bare).instructions;
    if (told == NULL)
        return machine_time(bare->guests[guest].machine).instructions;
    return told->instructions > direct ? told->instructions : direct;
}

static void take_figures(struct checker_run *run, const struct checker_watch *watch, const struct checker_bare *bare,
                         const struct checker_account *account, const struct checker_monitor *monitor,
                         const struct checker_options *options)
{
    struct machine_time time = machine_time(watch->machine);
    struct checker_guest *guests = calloc(watch->guest_count + 1, sizeof *guests);
    bool all_told = true;
    for (unsigned i = 0; i < watch->guest_count; i++) {
        struct pg74_guest_statistics told;
        bool tells = is_told(watch, account, monitor, i, &told);
        run->answered |= watch->followers[i] != NULL && watch->followers[i]->answered;
        keep_guest(&guests[i], machine_image_name(options->machine.guests[i]), watch->machine, i);
        guests[i].instructions = retired(run, watch, bare, i, account->direct[i], tells ? &told : NULL);
        guests[i].direct = account->direct[i];
        run->guest_instructions += guests[i].instructions;
        run->direct += guests[i].direct;
        run->emulated += tells ? told.emulated : 0;
        all_told &= tells;
    }
    run->guests = guests;
    run->guest_count = watch->guest_count;
    run->traps = time.traps;
    run->steps = checker_steps(watch->machine);
    run->cycles = time.cycles;
    run->overhead = bare->cycles > 0 ? (double)time.cycles / (double)bare->cycles : 0;
    run->control = watch->control;
    run->network = watch->network;
    take_account(run, account);
    /* Translated code is the guest's; but where guests call, it may be a program of the monitor's own. */
    uint64_t others = run->direct + run->translated;
    if (!all_told)
        run->emulated = run->guest_instructions > others ? run->guest_instructions - others : 0;
}

/* Where a monitor runs under the monitor, that is the guest to follow: a bare machine runs it, and all inside it. */
static bool make_followers(struct checker_watch *watch, const struct checker_facts *facts,
                           struct checker_supply *supply, const struct checker_options *options,
                           const struct checker_monitor *monitor, struct isa_diagnostics *diagnostics)
{
    struct checker_options inside = *options;
    inside.machine.monitor = monitor->inner_count > 0 ? monitor->inner[0] : NULL;
    inside.machine.inner = monitor->inner_count > 1 ? monitor->inner + 1 : NULL;
    inside.machine.inner_count = monitor->inner_count > 1 ? monitor->inner_count - 1 : 0;
    for (unsigned i = 0; i < options->machine.guest_count; i++) {
        watch->followers[i] = checker_follower_new(facts, supply, watch->machine, i, &inside, diagnostics);
        if (watch->followers[i] == NULL)
            return false;
    }
    return true;
}

static uint64_t fuel_for(const struct checker_options *options, const struct checker_bare *bare, unsigned levels)
{
    uint64_t fuel = bare->instructions + bare->traps;
    uint64_t least = options->patience ? options->patience : FUEL_AT_LEAST;
    uint64_t each = options->patience_per_step ? options->patience_per_step : FUEL_PER_STEP;
    for (unsigned i = 0; i < levels; i++)
        fuel = fuel < UINT64_MAX / 2 / each ? least + each * fuel : fuel;
    return options->limit ? options->limit : fuel;
}

static bool run_monitor(struct checker_comparison *comparison, struct checker_run *run,
                        const struct checker_monitor *monitor, const struct checker_facts *facts,
                        const struct checker_options *options, const struct checker_bare *bare,
                        struct isa_diagnostics *diagnostics)
{
    struct machine_options monitored = options->machine;
    struct checker_account account;
    struct checker_watch watch = {.automatic = options->method == CHECKER_AUTOMATIC};
    unsigned place = CHECKER_PLACE_MONITORED - 1 + monitored.guest_count;
    uint64_t fuel = fuel_for(options, bare, monitor->inner_count + 1);
    uint64_t usual = ALONE_AT_LEAST + bare->instructions + bare->traps;
    uint64_t steps_alone = options->bare_limit ? options->bare_limit : usual;
    bool judged = options->method != CHECKER_NONE;
    bool follow = judged && !options->unobserved && options->method != CHECKER_FINAL;
    run->vmm = monitor->name;
    watch.hosted = monitor->run != NULL ? monitor : NULL;
    watch.image = options->explain && !watch.hosted ? monitor->image : NULL;
    watch.explain_from = options->explain_from;
    watch.slice_limit = monitored.slice_limit ? monitored.slice_limit : CHECKER_SLICE_LIMIT;
    checker_monitor_use(monitor, &monitored);
    monitored.manual_events = false;
    watch.machine = checker_supply_take(bare->supply, comparison->isa, place, &monitored, diagnostics);
    bool made = watch.machine != NULL &&
                (!follow || make_followers(&watch, facts, bare->supply, options, monitor, diagnostics));
    if (made) {
        run->observed = judged && !options->unobserved;
        checker_watch_partitions(&watch);
        checker_account_begin(&account, watch.machine);
        run->stop = run->observed ? checker_watch_run(&watch, fuel)
                                  : checker_monitor_run(monitor, watch.machine, fuel);
        checker_account_end(&account);
        if (judged) {
            judge(run, &watch, bare, monitor->inner_count > 0, options->limit != 0, fuel, steps_alone);
            excuse(run, &watch, comparison, options, bare);
            checker_watch_last_place(&watch);
            if (run->failure != NULL)
                checker_failure_path((struct checker_failure *)(uintptr_t)run->failure, monitor->image, watch.path,
                                     watch.path_count);
        } else {
            run->method = CHECKER_NONE;
            run->equivalent = CHECKER_UNKNOWN;
        }
        take_figures(run, &watch, bare, &account, monitor, options);
    }
    for (unsigned i = 0; i < options->machine.guest_count; i++)
        checker_follower_free(watch.followers[i]);
    checker_supply_return(bare->supply, place, watch.machine);
    return made;
}

/* ---- The comparison ---------------------------------------------------------------------------------------------- */

struct checker_comparison *checker_compare(const struct isa *isa, const struct checker_options *options,
                                           const struct checker_monitor *monitors, unsigned monitor_count,
                                           struct isa_diagnostics *diagnostics)
{
    return checker_compare_with(NULL, isa, options, monitors, monitor_count, diagnostics);
}

struct checker_comparison *checker_compare_with(struct checker_supply *supply, const struct isa *isa,
                                                const struct checker_options *options,
                                                const struct checker_monitor *monitors, unsigned monitor_count,
                                                struct isa_diagnostics *diagnostics)
{
    struct checker_comparison *comparison = calloc(1, sizeof *comparison);
    struct checker_facts *facts = supply ? supply->facts : checker_facts_new(isa);
    struct checker_bare bare = {.supply = supply, .facts = facts};
    comparison->isa = isa;
    comparison->runs = calloc(monitor_count + 1, sizeof *comparison->runs);
    comparison->run_count = 1;
    bool made = run_bare(comparison, options, &bare, diagnostics);
    for (unsigned i = 0; made && i < monitor_count; i++) {
        comparison->run_count = i + 2;
        made = run_monitor(comparison, &comparison->runs[i + 1], &monitors[i], facts, options, &bare, diagnostics);
    }
    checker_bare_return(&bare);
    if (supply == NULL)
        checker_facts_free(facts);
    if (made)
        return comparison;
    checker_comparison_free(comparison);
    return NULL;
}

void checker_comparison_free(struct checker_comparison *comparison)
{
    if (comparison == NULL)
        return;
    for (unsigned i = 0; i < comparison->run_count; i++) {
        struct checker_run *run = &comparison->runs[i];
        for (unsigned j = 0; run->guests != NULL && j < run->guest_count; j++)
            free((void *)(uintptr_t)run->guests[j].console);
        free((void *)(uintptr_t)run->guests);
        free((void *)(uintptr_t)run->causes);
        checker_failure_free((void *)(uintptr_t)run->failure);
    }
    free(comparison->runs);
    free(comparison);
}

unsigned checker_run_count(const struct checker_comparison *comparison)
{
    return comparison->run_count;
}

const struct checker_run *checker_run_at(const struct checker_comparison *comparison, unsigned index)
{
    return &comparison->runs[index];
}

bool checker_all_equivalent(const struct checker_comparison *comparison)
{
    for (unsigned i = 0; i < comparison->run_count; i++)
        if (comparison->runs[i].equivalent == CHECKER_FAILED)
            return false;
    return true;
}
