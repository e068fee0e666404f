/* progress.c: how far a guest has come while its machine runs, and where the cycles went. A monitor counts its guests'
 * instructions only when it has the processor; in between, what the processor has executed of the guest is added. */
#include "checker/internal.h"

#include <stdlib.h>
#include <string.h>

/* Where a monitor tells of a guest, and what was known when it last did. */
struct guest_count {
    bool is_told;            /* by a monitor; else all is direct */
    uint32_t start, place;   /* of the monitor's memory; where it keeps the address of the guest's figures */
    uint64_t told, executed; /* its count, and what had been executed then */
};

struct checker_progress {
    struct machine *machine;
    int handle;
    unsigned guest_count;
    struct checker_account account;
    struct guest_count guests[MACHINE_MOST_UNITS];
    bool stops; /* at the next entry of a guest, and at the next store of a monitor's count */
    struct checker_progress_moment *origin; /* where the machine's history begins */
};

struct checker_progress_moment {
    struct checker_account account;
    struct guest_count guests[MACHINE_MOST_UNITS];
};

/* ---- What monitors tell ------------------------------------------------------------------------------------------ */

static bool read_word(const struct checker_progress *progress, uint32_t address, uint32_t *word)
{
    return machine_read(progress->machine, address, word, sizeof *word);
}

/* Where the figures of a guest stand now; false where there are none yet. */
static bool find_figures(const struct checker_progress *progress, unsigned guest, uint32_t *address)
{
    const struct guest_count *count = &progress->guests[guest];
    if (!count->is_told || !read_word(progress, count->place, address) || *address == 0)
        return false;
    *address += count->start;
    return true;
}

static uint64_t told(const struct checker_progress *progress, unsigned guest)
{
    uint32_t address;
    uint64_t number = 0;
    if (find_figures(progress, guest, &address))
        machine_read(progress->machine, address, &number, sizeof number);
    return number;
}

/* ---- Counting ---------------------------------------------------------------------------------------------------- */

/* Of a guest: what the processor has executed up to now. Translated code is not told apart by guests; who translates
 * has supervisor code only, and where there are several guests their monitor tells. */
static uint64_t executed(const struct checker_progress *progress, unsigned guest)
{
    const struct checker_account *account = &progress->account;
    uint64_t now = machine_time(progress->machine).instructions, since = account->since.instructions;
    uint64_t stretch =
        now > since ? now - since : 0; /* the load of the PSW that begins it is told before it is counted */
    uint64_t sum = account->direct[guest] + account->translated;
    return account->where == (int)guest || account->where == CHECKER_IN_TRANSLATED ? sum + stretch : sum;
}

/* To be called before the guest is executed again: what the monitor has counted has all been executed. */
static void take_told(struct checker_progress *progress, unsigned guest)
{
    struct guest_count *count = &progress->guests[guest];
    uint64_t now = told(progress, guest);
    if (now != count->told) {
        count->told = now;
        count->executed = executed(progress, guest);
    }
}

uint64_t checker_progress_count(const struct checker_progress *progress, unsigned guest)
{
    const struct guest_count *count = &progress->guests[guest];
    uint64_t now = told(progress, guest);
    if (!count->is_told)
        return executed(progress, guest);
    return now != count->told ? now : count->told + executed(progress, guest) - count->executed;
}

bool checker_progress_in_guest(const struct checker_progress *progress)
{
    return progress->account.where >= 0 || progress->account.where == CHECKER_IN_TRANSLATED;
}

static bool see(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct checker_progress *progress = context;
    if (event->kind == MACHINE_EVENT_STORE)
        return !progress->stops;
    bool was_in_guest = checker_progress_in_guest(progress);
    checker_account_see(&progress->account, machine, event);
    for (unsigned guest = 0; guest < progress->guest_count; guest++)
        if (progress->guests[guest].is_told)
            take_told(progress, guest);
    return !progress->stops || was_in_guest || !checker_progress_in_guest(progress);
}

struct checker_progress *checker_progress_new(struct machine *machine)
{
    struct checker_progress *progress = calloc(1, sizeof *progress);
    if (progress == NULL)
        abort();
    progress->machine = machine;
    progress->guest_count = machine_guest_count(machine);
    checker_account_clear(&progress->account, machine);
    progress->account.where = 0; /* without a monitor all is the guest's own */
    progress->origin = checker_progress_keep(progress);
    return progress;
}

void checker_progress_free(struct checker_progress *progress)
{
    if (progress == NULL)
        return;
    if (progress->handle != 0)
        machine_remove_observer(progress->machine, progress->handle);
    free(progress->origin);
    free(progress);
}

void checker_progress_told_by(struct checker_progress *progress, unsigned guest, const struct machine_image *monitor,
                              uint32_t start, unsigned number)
{
    struct guest_count *count = &progress->guests[guest];
    count->start = start;
    count->is_told = machine_image_address(monitor, "vmm_guest_statistics", &count->place);
    count->place += start + 4 * number;
    if (progress->handle == 0) {
        checker_account_clear(&progress->account, progress->machine);
        progress->handle = machine_add_observer(progress->machine, CHECKER_ACCOUNT_KINDS, see, progress);
    }
    free(progress->origin);
    progress->origin = checker_progress_keep(progress);
}

/* ---- Running to an instruction ----------------------------------------------------------------------------------- */

enum { NEAR = 64 };

/* A step is at most one instruction of a guest, so as many steps as are left cannot be too many. When few are left and
 * a monitor runs, it stops where it enters a guest and where it stores its count (or, at its start, says where it
 * will). */
static enum machine_stop run_piece(struct checker_progress *progress, unsigned guest, uint64_t left, uint64_t fuel)
{
    struct machine *machine = progress->machine;
    uint32_t address;
    if (left > NEAR || checker_progress_in_guest(progress) || !progress->guests[guest].is_told)
        return machine_run(machine, left < fuel ? left : fuel);
    bool has_begun = find_figures(progress, guest, &address);
    machine_watch_within(machine, has_begun ? address : progress->guests[guest].place, sizeof(uint64_t));
    int handle = machine_add_observer(machine, MACHINE_EVENT_STORE, see, progress);
    progress->stops = true;
    enum machine_stop stop = machine_run(machine, fuel);
    progress->stops = false;
    machine_remove_observer(machine, handle);
    machine_watch_within(machine, 0, 0);
    return stop == MACHINE_STOPPED ? MACHINE_LIMIT : stop;
}

enum machine_stop checker_progress_to(struct checker_progress *progress, unsigned guest, uint64_t count, uint64_t fuel)
{
    uint64_t start = checker_steps(progress->machine);
    uint64_t end = fuel > UINT64_MAX - start ? UINT64_MAX : start + fuel;
    for (;;) {
        uint64_t now = checker_progress_count(progress, guest);
        if (now >= count)
            return MACHINE_STOPPED;
        if (checker_steps(progress->machine) >= end)
            return MACHINE_LIMIT;
        enum machine_stop stop = run_piece(progress, guest, count - now, end - checker_steps(progress->machine));
        if (stop != MACHINE_LIMIT)
            return stop;
    }
}

/* ---- Looking ----------------------------------------------------------------------------------------------------- */

bool checker_progress_slot(const struct checker_progress *progress, unsigned guest, unsigned slot, uint32_t *value)
{
    const struct guest_count *count = &progress->guests[guest];
    uint32_t address, state;
    if (progress->account.where == (int)guest || progress->account.where == CHECKER_IN_TRANSLATED || !count->is_told) {
        *value = machine_slot(progress->machine, slot);
        return count->is_told || checker_progress_in_guest(progress);
    }
    return find_figures(progress, guest, &address) &&
           read_word(progress, address + offsetof(struct pg74_guest_statistics, state), &state) && state != 0 &&
           read_word(progress, count->start + state + 4 * slot, value);
}

static int dearer(const void *a, const void *b)
{
    const struct checker_cause *first = a, *second = b;
    if (first->cycles != second->cycles)
        return first->cycles < second->cycles ? 1 : -1;
    return (first->cause > second->cause) - (first->cause < second->cause);
}

void checker_progress_figures(const struct checker_progress *progress, struct checker_figures *figures)
{
    struct checker_account account = progress->account;
    account.current = &account.causes[progress->account.current - progress->account.causes];
    checker_account_close(&account, machine_time(progress->machine));
    *figures = (struct checker_figures){
        .cycles = machine_time(progress->machine).cycles, .direct_cycles = account.direct_cycles,
        .translated = account.translated, .translated_cycles = account.translated_cycles,
        .inner = account.inner_instructions, .inner_cycles = account.inner_cycles,
        .monitor = account.monitor_instructions, .hypercalls = account.hypercalls, .cause_count = account.cause_count};
    for (unsigned guest = 0; guest < progress->guest_count; guest++)
        figures->direct += account.direct[guest];
    memcpy(figures->causes, account.causes, account.cause_count * sizeof account.causes[0]);
    for (unsigned i = 0; i < account.cause_count; i++)
        figures->monitor_cycles += account.causes[i].cycles;
    qsort(figures->causes, figures->cause_count, sizeof figures->causes[0], dearer);
}

/* ---- Going back -------------------------------------------------------------------------------------------------- */

struct checker_progress_moment *checker_progress_keep(const struct checker_progress *progress)
{
    struct checker_progress_moment *moment = malloc(sizeof *moment);
    if (moment == NULL)
        abort();
    moment->account = progress->account;
    memcpy(moment->guests, progress->guests, sizeof moment->guests);
    return moment;
}

/* A moment's account still points into the one that it was copied from. */
void checker_progress_restore(struct checker_progress *progress, const struct checker_progress_moment *moment)
{
    ptrdiff_t current = moment->account.current - progress->account.causes;
    progress->account = moment->account;
    progress->account.current = &progress->account.causes[current];
    memcpy(progress->guests, moment->guests, sizeof progress->guests);
}

void checker_progress_begin_at(struct checker_progress *progress, const struct checker_progress_moment *moment)
{
    checker_progress_restore(progress, moment);
    *progress->origin = *moment;
}

void checker_progress_copy(struct checker_progress *progress, const struct checker_progress *other)
{
    ptrdiff_t current = other->account.current - other->account.causes;
    const struct machine *machine = progress->account.machine;
    int handle = progress->account.handle;
    progress->account = other->account;
    progress->account.machine = machine;
    progress->account.handle = handle;
    progress->account.current = &progress->account.causes[current];
    memcpy(progress->guests, other->guests, sizeof progress->guests);
    free(progress->origin);
    progress->origin = checker_progress_keep(progress);
}

void checker_progress_recount(struct checker_progress *progress)
{
    checker_progress_restore(progress, progress->origin);
    if (progress->handle != 0)
        machine_history_tell(progress->machine, CHECKER_ACCOUNT_KINDS, see, progress);
}
