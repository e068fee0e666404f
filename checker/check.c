/* check.c: all cases against one monitor, and what that says of the three properties. The cases are numbered: directed
 * ones first, then generated ones. Any number of processors takes them in order; what counts is the lowest number that
 * fails, so the result is the same however many there are. */
#include "checker/check_result.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MOST_JOBS = 64,
    ATTEMPTS = 16,          /* to generate a case that comes to an end by itself */
    INTERFERENCE_EVERY = 25 /* generated cases for one pair of runs */
};

/* ---- The cases --------------------------------------------------------------------------------------------------- */

struct work {
    const struct isa *isa;
    const struct checker_monitor *monitor;
    const struct checker_check_options *options;
    unsigned directed, count, pairs; /* cases; and then so many pairs of runs */
    unsigned wanted;                 /* of all of these */
    unsigned always;                 /* so many are tried even when one has failed: for the other properties */
    bool network;                    /* the monitor gives its guests one */
    uint64_t patience, per_step;     /* of the supply of each processor */
    atomic_uint next, done;
    atomic_uint first[2], first_pair; /* the lowest number that fails each property, and the lowest pair */
    pthread_mutex_t lock;             /* of progress */
    bool *suited;                     /* by number: what came of it says something */
};

/* Makes the case of a number and tries it. A generated one that is not suited makes way for another. */
static struct checker_trial try_number(const struct work *work, struct checker_supply *supply, unsigned number,
                                       struct checker_case *made)
{
    struct checker_trial trial;
    if (number < work->directed) {
        if (!work->network && checker_directed_needs_network(work->isa, number)) {
            *made = (struct checker_case){.program_count = 0};
            return (struct checker_trial){0};
        }
        checker_directed_make(made, work->isa, number);
        return checker_try(supply, work->monitor, made);
    }
    for (uint64_t attempt = 0;; attempt++) {
        checker_generate(made, work->isa, work->options->seed, (number - work->directed) | attempt << 32,
                         work->network);
        trial = checker_try(supply, work->monitor, made);
        if (trial.suited || attempt == ATTEMPTS)
            return trial;
        checker_case_clear(made);
    }
}

static void lower(atomic_uint *first, unsigned number)
{
    unsigned now = atomic_load(first);
    while (number < now && !atomic_compare_exchange_weak(first, &now, number))
        continue;
}

static unsigned last_needed(struct work *work)
{
    unsigned first = atomic_load(&work->first[CHECKER_EQUIVALENCE]);
    return first < work->always ? work->always : first;
}

static void take_number(struct work *work, struct checker_supply *supply, unsigned number)
{
    if (number < work->count) {
        struct checker_case made;
        struct checker_trial trial = try_number(work, supply, number, &made);
        for (unsigned i = 0; i < 2; i++)
            if (checker_trial_fails(&trial, (enum checker_property)i))
                lower(&work->first[i], number);
        work->suited[number] = trial.suited;
        checker_trial_clear(&trial);
        checker_case_clear(&made);
    } else {
        struct checker_case shown;
        char what[96];
        if (!checker_interference(supply, work->monitor, work->options->seed, number - work->count, &shown, what,
                                  sizeof what)) {
            lower(&work->first_pair, number - work->count);
            checker_case_clear(&shown);
        }
    }
}

/* Is it one of the part that was asked for? Pairs of runs are counted apart. */
static bool in_part(const struct work *work, unsigned number)
{
    const struct checker_check_options *options = work->options;
    unsigned place = number < work->count ? number : number - work->count;
    return options->parts == 0 || place % options->parts == options->part;
}

static void *take_numbers(void *context)
{
    struct work *work = context;
    const struct checker_check_options *options = work->options;
    struct checker_supply *supply = checker_supply_new(work->isa);
    supply->patience = work->patience;
    supply->patience_per_step = work->per_step;
    supply->asks = options;
    unsigned number;
    while (!checker_must_stop(supply) && (number = atomic_fetch_add(&work->next, 1)) < work->count + work->pairs) {
        if (number > last_needed(work) || !in_part(work, number))
            continue;
        take_number(work, supply, number);
        unsigned done = atomic_fetch_add(&work->done, 1) + 1;
        if (options->progress != NULL) {
            pthread_mutex_lock(&work->lock);
            options->progress(options->context, done, work->wanted);
            pthread_mutex_unlock(&work->lock);
        }
    }
    checker_supply_free(supply);
    return NULL;
}

static void run_all(struct work *work)
{
    pthread_t threads[MOST_JOBS];
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned jobs = work->options->jobs > 0 ? work->options->jobs : processors > 0 ? (unsigned)processors : 1;
    unsigned started = 0;
    jobs = work->monitor->run != NULL ? 1 : jobs < MOST_JOBS ? jobs : MOST_JOBS;
    pthread_mutex_init(&work->lock, NULL);
    while (started + 1 < jobs && pthread_create(&threads[started], NULL, take_numbers, work) == 0)
        started++;
    take_numbers(work);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&work->lock);
}

/* ---- What they say ----------------------------------------------------------------------------------------------- */

static void sum(struct checker_check *check, const struct work *work, unsigned last)
{
    for (unsigned i = 0; i < work->count && i <= last; i++) {
        check->directed += i < work->directed && work->suited[i];
        check->generated += i >= work->directed && work->suited[i];
    }
}

static struct checker_counterexample *counterexample(const struct work *work, struct checker_supply *supply,
                                                     unsigned number, enum checker_property property)
{
    struct checker_counterexample *found = calloc(1, sizeof *found);
    struct checker_trial trial = try_number(work, supply, number, &found->shown);
    snprintf(found->name, sizeof found->name, "%s", found->shown.name);
    checker_shrink(&found->shown, &trial, property, supply, work->monitor);
    checker_trial_clear(&trial);
    found->trial = checker_try_and_explain(supply, work->monitor, &found->shown);
    return found;
}

/* A monitor under which nothing is executed fails every case in the same way: one is enough. */
static void measure_efficiency(struct checker_check *check, struct work *work, struct checker_supply *supply)
{
    struct checker_trial trial = checker_efficiency_try(supply, work->monitor);
    if (trial.guest_instructions > 0)
        check->direct_share = (double)trial.direct / (double)trial.guest_instructions;
    if (trial.bare_cycles > 0)
        check->overhead = (double)trial.cycles / (double)trial.bare_cycles;
    check->efficient = check->direct_share >= CHECKER_DIRECT_SHARE;
    check->idle = check->claims_efficiency && !trial.equivalent && trial.direct == 0;
    if (check->idle)
        work->always = 0;
    work->patience = supply->patience;
    work->per_step = supply->patience_per_step;
    checker_trial_clear(&trial);
}

/* Does the monitor give its guests a network at all? One that does not is no worse at what it does. */
static void look_for_network(struct checker_check *check, struct work *work, struct checker_supply *supply)
{
    struct checker_case made;
    if (!checker_has_network(work->isa) || check->idle)
        return;
    checker_network_first(&made, work->isa);
    struct checker_trial trial = checker_try(supply, work->monitor, &made);
    check->network = work->network = trial.network;
    checker_trial_clear(&trial);
    checker_case_clear(&made);
}

static void find_interference(struct checker_check *check, struct work *work, struct checker_supply *supply)
{
    unsigned pair = atomic_load(&work->first_pair);
    if (pair == UINT32_MAX)
        return;
    check->interference = calloc(1, sizeof *check->interference);
    checker_interference(supply, work->monitor, work->options->seed, pair, &check->interference->shown,
                         check->interfered, sizeof check->interfered);
    snprintf(check->interference->name, sizeof check->interference->name, "%s", check->interference->shown.name);
}

static void conclude(struct checker_check *check, struct work *work, struct checker_supply *supply)
{
    unsigned differs = atomic_load(&work->first[CHECKER_EQUIVALENCE]);
    unsigned escapes = atomic_load(&work->first[CHECKER_CONTROL]);
    sum(check, work, last_needed(work));
    if (differs != UINT32_MAX)
        check->differs = counterexample(work, supply, differs, CHECKER_EQUIVALENCE);
    /* A case beyond the last needed one may or may not have been tried: it does not count. */
    if (escapes != UINT32_MAX && escapes <= last_needed(work))
        check->escapes = counterexample(work, supply, escapes, CHECKER_CONTROL);
    if (last_needed(work) >= work->count)
        find_interference(check, work, supply);
}

/* Can such a monitor be put on such a machine, and cases be assembled for it? */
static bool can_be_tried(const struct isa *isa, const struct checker_monitor *monitor,
                         struct isa_diagnostics *diagnostics)
{
    struct checker_case made;
    struct checker_loaded loaded;
    if (isa_word_bits(isa) != 32 || isa_instruction_named(isa, "setflags") == NULL) {
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, "check it on pg74, pg74p or a variant of them",
                              "there are no guests to check a monitor with on %s", isa_name(isa));
        return false;
    }
    checker_efficiency_make(&made, isa);
    bool good = checker_case_load(&loaded, isa, &made, diagnostics);
    if (good) {
        checker_monitor_use(monitor, &loaded.options);
        struct machine *machine = machine_new(isa, &loaded.options, diagnostics);
        good = machine != NULL;
        machine_free(machine);
        checker_loaded_free(&loaded);
    }
    checker_case_clear(&made);
    return good;
}

struct checker_check *checker_check_new(const struct isa *isa, const struct checker_monitor *monitor,
                                        const struct checker_check_options *options,
                                        struct isa_diagnostics *diagnostics)
{
    if (!can_be_tried(isa, monitor, diagnostics))
        return NULL;
    struct checker_check *check = calloc(1, sizeof *check);
    unsigned directed = checker_directed_count(isa);
    struct work work = {.isa = isa, .monitor = monitor, .options = options, .directed = directed,
                        .count = directed + options->guests, .pairs = options->guests / INTERFERENCE_EVERY,
                        .always = directed - checker_directed_instructions(isa)};
    check->isa = isa;
    check->seed = options->seed;
    check->claims_efficiency = checker_executes_directly(monitor);
    work.suited = calloc(work.count, sizeof *work.suited);
    for (unsigned i = 0; i < work.count + work.pairs; i++)
        work.wanted += in_part(&work, i);
    atomic_store(&work.first[0], UINT32_MAX);
    atomic_store(&work.first[1], UINT32_MAX);
    atomic_store(&work.first_pair, UINT32_MAX);
    struct checker_supply *supply = checker_supply_new(isa);
    supply->asks = options;
    measure_efficiency(check, &work, supply);
    look_for_network(check, &work, supply);
    run_all(&work);
    check->done = atomic_load(&work.done);
    check->wanted = work.wanted;
    check->stopped = checker_must_stop(supply);
    conclude(check, &work, supply);
    checker_supply_free(supply);
    free(work.suited);
    return check;
}

struct checker_check *checker_check_case(const struct isa *isa, const struct checker_monitor *monitor,
                                         const char *file, const char *text, struct isa_diagnostics *diagnostics)
{
    struct checker_counterexample *found = calloc(1, sizeof *found);
    struct checker_check *check = calloc(1, sizeof *check);
    struct checker_loaded loaded;
    check->isa = isa;
    check->claims_efficiency = checker_executes_directly(monitor);
    check->only_case = true;
    if (!checker_case_read(&found->shown, file, text, diagnostics) ||
        !checker_case_load(&loaded, isa, &found->shown, diagnostics)) {
        checker_case_clear(&found->shown);
        free(found);
        free(check);
        return NULL;
    }
    checker_loaded_free(&loaded);
    snprintf(found->name, sizeof found->name, "%s", file);
    struct checker_supply *supply = checker_supply_new(isa);
    struct checker_trial first = checker_efficiency_try(supply, monitor); /* for the patience */
    checker_trial_clear(&first);
    found->trial = checker_try_and_explain(supply, monitor, &found->shown);
    checker_supply_free(supply);
    check->unsuited = !found->trial.suited;
    check->directed = found->trial.suited;
    if (checker_trial_fails(&found->trial, CHECKER_EQUIVALENCE))
        check->differs = found;
    else if (checker_trial_fails(&found->trial, CHECKER_CONTROL))
        check->escapes = found;
    else
        check->fitted = found;
    if (found->trial.guest_instructions > 0)
        check->direct_share = (double)found->trial.direct / (double)found->trial.guest_instructions;
    return check;
}

static void free_counterexample(struct checker_counterexample *found)
{
    if (found == NULL)
        return;
    checker_trial_clear(&found->trial);
    checker_case_clear(&found->shown);
    free(found);
}

void checker_check_free(struct checker_check *check)
{
    if (check == NULL)
        return;
    free_counterexample(check->differs);
    free_counterexample(check->escapes);
    free_counterexample(check->interference);
    free_counterexample(check->fitted);
    free(check);
}

bool checker_check_stopped(const struct checker_check *check, unsigned *done, unsigned *all)
{
    *done = check->done;
    *all = check->wanted;
    return check->stopped;
}

bool checker_check_passed(const struct checker_check *check)
{
    return check->differs == NULL && check->escapes == NULL && check->interference == NULL && !check->unsuited &&
           (check->efficient || !check->claims_efficiency || check->only_case);
}
