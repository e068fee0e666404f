/* history.c: going back in time: to the last snapshot before, and from there forward again. The run is
 * deterministic, so what lies between is what was.
 *
 * Snapshots are made every `interval` steps. When there are many, or they take much memory, every second one goes and
 * the interval doubles, so that a run of any length keeps a bounded number of them. Unless the interval was asked for,
 * it is made such that to run it again takes a moment and no more: machines differ a hundredfold in speed. What a run
 * does never depends on where snapshots are. Where somebody changed the machine from outside, a replay would miss it:
 * the moment after is kept for good. */
#include "machine/snapshot.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_MOMENTS = 512, FIRST_MOMENTS = 64, MOST_BYTES = 128 << 20 };
enum { FIRST_INTERVAL = 1 << 16, LEAST_INTERVAL = 1 << 13, MOST_INTERVAL = 1 << 20 };
enum { QUICK = 4000000, SLOW = 16000000 /* nanoseconds for an interval */ };

struct moment {
    uint64_t steps;
    bool is_pinned; /* the machine was changed from outside just before */
    struct machine_snapshot *snapshot;
};

struct machine_history {
    uint64_t interval, next; /* the step at which the next snapshot is due */
    bool is_adaptive;        /* nobody asked for this interval */
    size_t bytes;            /* of pages that are kept */
    bool is_touched, is_replaying;
    struct moment *moments; /* by steps */
    size_t count, capacity;
};

/* ---- Recording --------------------------------------------------------------------------------------------------- */

static size_t pages_of_its_own(const struct machine_pages *pages, const struct machine_pages *before)
{
    size_t count = 0;
    for (size_t i = 0; i < pages->count; i++)
        count += pages->pages[i] != NULL && (i >= before->count || pages->pages[i] != before->pages[i]);
    return count;
}

/* What a moment keeps that the one before it does not. */
static size_t bytes_of(const struct machine_history *history, size_t moment)
{
    static const struct machine_pages none;
    const struct machine_snapshot *snapshot = history->moments[moment].snapshot;
    const struct machine_snapshot *before = moment > 0 ? history->moments[moment - 1].snapshot : NULL;
    size_t count = pages_of_its_own(&snapshot->memory, before ? &before->memory : &none);
    for (unsigned i = 0; i < snapshot->unit_count; i++) {
        count += pages_of_its_own(&snapshot->units[i].output, before ? &before->units[i].output : &none);
        count += pages_of_its_own(&snapshot->units[i].disk, before ? &before->units[i].disk : &none);
    }
    return count * MACHINE_PAGE;
}

static void sum_up(struct machine_history *history)
{
    history->bytes = 0;
    for (size_t i = 0; i < history->count; i++)
        history->bytes += bytes_of(history, i);
}

static void drop_from(struct machine_history *history, size_t first)
{
    if (history->count <= first)
        return;
    while (history->count > first)
        machine_snapshot_free(history->moments[--history->count].snapshot);
    sum_up(history);
}

static void thin(struct machine_history *history)
{
    size_t kept = 0;
    for (size_t i = 0; i < history->count; i++) {
        if (i % 2 == 0 || history->moments[i].is_pinned)
            history->moments[kept++] = history->moments[i];
        else
            machine_snapshot_free(history->moments[i].snapshot);
    }
    history->count = kept;
    history->interval *= 2;
    sum_up(history);
}

static void record(struct machine *machine, bool is_pinned)
{
    struct machine_history *history = machine->history;
    if ((history->count >= MOST_MOMENTS || (history->bytes > MOST_BYTES && history->count > 2)) &&
        history->interval <= UINT64_MAX / 2)
        thin(history);
    if (history->count == history->capacity) {
        history->capacity = history->capacity ? history->capacity * 2 : FIRST_MOMENTS;
        history->moments = machine_resize(history->moments, history->capacity * sizeof *history->moments);
    }
    history->moments[history->count++] =
        (struct moment){machine_steps(machine), is_pinned, machine_snapshot_take(machine)};
    history->bytes += bytes_of(history, history->count - 1);
    history->next = machine_steps(machine) + history->interval;
    history->is_touched = false;
}

void machine_history_start(struct machine *machine, uint64_t interval)
{
    machine_history_free(machine);
    machine->history = machine_allocate(1, sizeof *machine->history);
    machine->history->interval = interval ? interval : FIRST_INTERVAL;
    machine->history->is_adaptive = interval == 0;
    record(machine, true);
}

void machine_history_free(struct machine *machine)
{
    struct machine_history *history = machine->history;
    if (!history)
        return;
    drop_from(history, 0);
    free(history->moments);
    free(history);
    machine->history = NULL;
}

void machine_history_touched(struct machine *machine)
{
    if (machine->history && !machine->history->is_replaying)
        machine->history->is_touched = true;
}

void machine_history_begin_anew(struct machine *machine)
{
    if (machine->history && !machine->history->is_replaying)
        machine_history_start(machine, machine->history->is_adaptive ? 0 : machine->history->interval);
}

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* After `steps` that took so long: what an interval would have taken decides. */
static void adapt(struct machine_history *history, uint64_t steps, uint64_t took)
{
    if (steps < LEAST_INTERVAL)
        return;
    double of_interval = (double)took * (double)history->interval / (double)steps;
    if (of_interval > SLOW && history->interval / 2 >= LEAST_INTERVAL)
        history->interval /= 2;
    else if (of_interval < QUICK && history->interval * 2 <= MOST_INTERVAL)
        history->interval *= 2;
}

enum machine_stop machine_history_run(struct machine *machine, uint64_t fuel)
{
    struct machine_history *history = machine->history;
    if (history->is_touched)
        record(machine, true);
    for (;;) {
        uint64_t before = machine_steps(machine), until = history->next - before, piece = fuel < until ? fuel : until;
        bool is_timed = history->is_adaptive && piece >= LEAST_INTERVAL;
        uint64_t began = is_timed ? nanoseconds() : 0;
        enum machine_stop stop = machine_run_on(machine, piece);
        uint64_t done = machine_steps(machine) - before;
        if (is_timed)
            adapt(history, done, nanoseconds() - began);
        fuel -= fuel == UINT64_MAX ? 0 : done;
        if (machine_steps(machine) >= history->next)
            record(machine, false);
        if (stop != MACHINE_LIMIT || fuel == 0)
            return stop;
    }
}

/* ---- Going back -------------------------------------------------------------------------------------------------- */

/* Runs on to a step that the run has passed before. */
static void replay(struct machine *machine, uint64_t target)
{
    while (machine_steps(machine) < target) {
        enum machine_stop stop = machine_run_on(machine, target - machine_steps(machine));
        if (stop == MACHINE_HALTED || stop == MACHINE_DEADLOCK)
            return; /* it cannot be: it was passed before */
    }
}

static size_t moment_before(const struct machine_history *history, uint64_t steps)
{
    size_t found = history->count;
    while (found > 0 && history->moments[found - 1].steps > steps)
        found--;
    return found - 1; /* the first moment is the start, and never later */
}

/* Nobody watches a replay but `observer` (may be NULL). */
static void replay_quietly(struct machine *machine, size_t from, uint64_t target,
                           const struct machine_observer *observer)
{
    struct machine_observer observers[MACHINE_MOST_OBSERVERS];
    unsigned watched = machine->watched;
    memcpy(observers, machine->observers, sizeof observers);
    memset(machine->observers, 0, sizeof machine->observers);
    machine->watched = 0;
    if (observer) {
        machine->observers[0] = *observer;
        machine->watched = observer->kinds;
    }
    machine->history->is_replaying = true;
    machine_snapshot_restore(machine, machine->history->moments[from].snapshot);
    replay(machine, target);
    machine->history->is_replaying = false;
    memcpy(machine->observers, observers, sizeof observers);
    machine->watched = watched;
    machine->stop_asked = false;
}

/* Goes to a step, and forgets what was to come: from here on the run may be another one. */
static void go_to(struct machine *machine, uint64_t steps)
{
    struct machine_history *history = machine->history;
    size_t from = moment_before(history, steps);
    replay_quietly(machine, from, steps, NULL);
    drop_from(history, from + 1);
    history->is_touched = false;
    history->next = history->moments[from].steps + history->interval;
    if (history->next <= steps)
        history->next = steps + 1;
}

bool machine_history_begins(const struct machine *machine, uint64_t *steps)
{
    if (machine->history)
        *steps = machine->history->moments[0].steps;
    return machine->history != NULL;
}

bool machine_history_back(struct machine *machine, uint64_t steps)
{
    struct machine_history *history = machine->history;
    if (!history || steps > machine_steps(machine) || machine_steps(machine) - steps < history->moments[0].steps)
        return false;
    if (steps > 0)
        go_to(machine, machine_steps(machine) - steps);
    return true;
}

/* The search for the last event: where the step began in which it happened. */
struct search {
    machine_observe *observe;
    void *context;
    bool is_found;
    uint64_t step;
};

static bool look(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct search *search = context;
    if (!search->observe || !search->observe(search->context, machine, event)) {
        search->is_found = true;
        search->step = machine->step_began;
    }
    return true;
}

bool machine_history_back_to(struct machine *machine, unsigned kinds, machine_observe *observe, void *context)
{
    struct machine_history *history = machine->history;
    if (!history)
        return false;
    if (history->is_touched)
        record(machine, true);
    struct search search = {.observe = observe, .context = context};
    const struct machine_observer observer = {1, kinds & ~(unsigned)MACHINE_EVENT_STOP, look, &search};
    uint64_t now = machine_steps(machine), end = now;
    size_t last = moment_before(history, now);
    for (size_t i = last + 1; i-- > 0 && !search.is_found;) {
        replay_quietly(machine, i, end, &observer);
        end = history->moments[i].steps;
    }
    if (search.is_found)
        go_to(machine, search.step);
    else
        replay_quietly(machine, last, now, NULL);
    return search.is_found;
}

void machine_history_tell(struct machine *machine, unsigned kinds, machine_observe *observe, void *context)
{
    struct machine_history *history = machine->history;
    if (!history)
        return;
    if (history->is_touched)
        record(machine, true);
    const struct machine_observer observer = {1, kinds & ~(unsigned)MACHINE_EVENT_STOP, observe, context};
    uint64_t now = machine_steps(machine);
    size_t last = moment_before(history, now);
    for (size_t i = 0; i <= last; i++)
        replay_quietly(machine, i, i < last ? history->moments[i + 1].steps : now, &observer);
}
