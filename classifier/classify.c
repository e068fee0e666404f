/* classify.c: an instruction set, instruction by instruction. What has been judged before, in this run, is taken over;
 * the rest is shared out to threads. The report is the same however many there are, and whatever was known. */
#include "classifier/internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_THREADS = 8 };

/* The number of the one instruction that is asked for, or -1; false with a diagnostic when it is not there. */
static bool choose(struct classifier *c, const struct isa *isa, int *only, struct isa_diagnostics *diagnostics)
{
    *only = -1;
    if (c->options.instruction == NULL)
        return true;
    const struct isa_instruction *instruction = isa_instruction_named(isa, c->options.instruction);
    if (instruction == NULL) {
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_DATA, "'pg74 isa show VARIANT' lists its instructions",
                              "%s has no instruction '%s'", isa_name(isa), c->options.instruction);
        return false;
    }
    *only = (int)isa_instruction_number(isa, instruction);
    return true;
}

/* Does instruction `number` mean the same in both? All else being alike. */
static bool unchanged(const struct isa *isa, const struct classifier_report *base, unsigned number)
{
    const struct isa_instruction *a = isa_instruction_at(isa, number), *b = isa_instruction_at(base->isa, number);
    return a->mask == b->mask && a->match == b->match && isa_program_equal(&a->program, &b->program);
}

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

/* What is to be judged, and by how many threads; each takes the next instruction until there is none. */
struct work {
    const struct classifier_options *options;
    const struct isa *isa;
    bool theorems;
    unsigned *numbers, count; /* of the instructions */
    struct judgement *judgements;
    struct facts *facts;
    atomic_uint next;
};

static void *work_on(void *context)
{
    struct work *work = context;
    struct classifier c;
    struct pool *pool = classifier_pool_new();
    classifier_open(&c, work->options);
    struct refuter *refuter = classifier_refuter_new(pool, work->isa, work->options->seed);
    for (unsigned i; (i = atomic_fetch_add(&work->next, 1)) < work->count;)
        classifier_judge(&c, work->isa, work->numbers[i], work->theorems, refuter, work->facts, &work->judgements[i]);
    classifier_close(&c);
    classifier_pool_free(pool);
    return NULL;
}

static unsigned thread_count(const struct work *work)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned count = work->options->threads;
    if (count == 0)
        count = processors < 1 ? 1 : processors > MOST_THREADS ? MOST_THREADS : (unsigned)processors;
    count = count > MOST_THREADS ? MOST_THREADS : count;
    return count < work->count ? count : work->count;
}

/* The long ones first, so that no thread works alone in the end. */
static int by_length(const void *a, const void *b, void *context)
{
    const struct work *work = context;
    unsigned i = *(const unsigned *)a, j = *(const unsigned *)b;
    unsigned m = isa_instruction_at(work->isa, i)->program.count, n = isa_instruction_at(work->isa, j)->program.count;
    return m != n ? (m < n) - (m > n) : (i > j) - (i < j);
}

/* Where no thread can be had, this one does all. The solver of what was proved of the machine takes up memory. */
static void work_together(struct work *work)
{
    pthread_t threads[MOST_THREADS];
    unsigned started = 0, wanted = thread_count(work);
    if (work->count == 0)
        return;
    qsort_r(work->numbers, work->count, sizeof *work->numbers, by_length, work);
    while (started + 1 < wanted && pthread_create(&threads[started], NULL, work_on, work) == 0)
        started++;
    work_on(work);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (work->facts->solver.z3 != NULL)
        classifier_close(&work->facts->solver);
    work->facts->solver = (struct classifier){.z3 = NULL};
}

/* ---- Instruction sets -------------------------------------------------------------------------------------------- */

static bool wanted(const struct classifier_report *report, const struct classifier_report *base, unsigned number)
{
    return (report->only < 0 || (unsigned)report->only == number) &&
           (base == NULL || !unchanged(report->isa, base, number));
}

/* Judges what is wanted and not known. False, with the diagnostics of the first, if an instruction cannot be. */
static bool learn(struct classifier *c, const struct classifier_report *report, const struct classifier_report *base,
                  unsigned machine, struct isa_diagnostics *diagnostics)
{
    struct pool *pool = classifier_pool_new();
    unsigned count = isa_instruction_count(report->isa);
    struct work work = {.options = &c->options, .isa = report->isa, .theorems = report->only < 0,
                        .facts = classifier_facts(c->known, machine)};
    work.numbers = classifier_allocate(pool, (count + 1) * sizeof *work.numbers);
    work.judgements = classifier_allocate(pool, (count + 1) * sizeof *work.judgements);
    for (unsigned i = 0; i < count; i++)
        if (wanted(report, base, i) &&
            classifier_known(c->known, machine, report->isa, isa_instruction_at(report->isa, i), work.theorems) == NULL)
            work.numbers[work.count++] = i;
    work_together(&work);
    bool good = true;
    for (unsigned i = 0; i < work.count; i++) {
        struct judgement *judgement = &work.judgements[i];
        if (good && !judgement->good)
            isa_diagnostics_move(judgement->diagnostics, diagnostics);
        good = good && judgement->good;
        classifier_learn(c->known, machine, report->isa, isa_instruction_at(report->isa, work.numbers[i]), work.theorems,
                         judgement);
    }
    classifier_pool_free(pool);
    return good;
}

static void take_over(struct classifier_report *report, unsigned number, const struct judgement *judgement)
{
    report->findings[number] = classifier_keep(report->pool, report->isa, number, &judgement->findings);
    for (unsigned i = 0; i < judgement->unknown.count; i++)
        *APPEND(report->pool, &report->unknown) =
            classifier_format(report->pool, "%s", judgement->unknown.items[i]);
    report->trials += report->options.trials;
    report->replayed += judgement->replayed;
}

static struct classifier_report *classify(struct classifier *c, const struct isa *isa, int only,
                                          const struct classifier_report *base, struct isa_diagnostics *diagnostics)
{
    struct classifier_report *report = calloc(1, sizeof *report);
    if (report == NULL)
        return NULL;
    *report =
        (struct classifier_report){.isa = isa, .options = c->options, .only = only, .pool = classifier_pool_new()};
    report->options.instruction = NULL; /* the caller's, and `only` says it */
    report->findings = classifier_allocate(report->pool, (isa_instruction_count(isa) + 1) * sizeof *report->findings);
    unsigned machine = classifier_machine(c->known, isa);
    if (!learn(c, report, base, machine, diagnostics)) {
        classifier_report_free(report);
        return NULL;
    }
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        if (wanted(report, base, i))
            take_over(report, i, classifier_known(c->known, machine, isa, isa_instruction_at(isa, i), only < 0));
        else if (base != NULL)
            report->findings[i] = base->findings[i];
    return report;
}

/* The same of guest mode, where there is one. */
static bool find_guest_mode(struct classifier *c, struct classifier_report *report,
                            struct isa_diagnostics *diagnostics)
{
    struct isa *view = isa_guest_view(report->isa);
    if (view == NULL)
        return true;
    report->guest_mode = classify(c, view, report->only, NULL, diagnostics);
    if (report->guest_mode == NULL) {
        isa_free(view);
        return false;
    }
    report->guest_mode->view = view;
    report->trials += report->guest_mode->trials;
    report->replayed += report->guest_mode->replayed;
    return true;
}

struct classifier_report *classifier_classify(struct classifier *c, const struct isa *isa,
                                              struct isa_diagnostics *diagnostics)
{
    int only;
    if (isa_mode(isa) == NULL) {
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_DATA,
                              "declare a state with 'role mode': 0 supervisor, 1 user",
                              "%s has no mode, so that nothing can be privileged in it", isa_name(isa));
        return NULL;
    }
    if (!choose(c, isa, &only, diagnostics))
        return NULL;
    struct classifier_report *report = classify(c, isa, only, NULL, diagnostics);
    if (report == NULL || find_guest_mode(c, report, diagnostics))
        return report;
    classifier_report_free(report);
    return NULL;
}

struct classifier_report *classifier_classify_changed(struct classifier *c, const struct isa *isa,
                                                      const struct classifier_report *base,
                                                      struct isa_diagnostics *diagnostics)
{
    return classify(c, isa, -1, base, diagnostics);
}
