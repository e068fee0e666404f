/* classify.c: an instruction set, instruction by instruction. What has been judged before, in this run, is taken over;
 * the rest is judged in one batch. The report is the same whatever was known. */
#include "classifier/internal.h"

#include <stdlib.h>
#include <string.h>

/* The number of the one instruction that is asked for, or -1; false with a diagnostic when it is not there. */
static bool choose(struct classifier *c, const struct isa *isa, int *only, struct isa_diagnostics *diagnostics)
{
    *only = -1;
    if (c->options.instruction == NULL)
        return true;
    const struct isa_instruction *instruction = isa_instruction_named(isa, c->options.instruction);
    if (instruction == NULL) {
        unsigned best = ISA_FAR;
        const char *nearest = NULL;
        char advice[96] = "'pg74 isa show VARIANT' lists its instructions";
        for (unsigned i = 0; i < isa_instruction_count(isa); i++)
            nearest = isa_suggest(isa_instruction_at(isa, i)->name, c->options.instruction, strlen(c->options.instruction),
                                  &best, nearest);
        if (nearest != NULL)
            snprintf(advice, sizeof advice, "did you mean '%.60s'?", nearest);
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_DATA, advice,
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

/* ---- Instruction sets -------------------------------------------------------------------------------------------- */

static bool wanted(const struct isa *isa, int only, const struct classifier_report *base, unsigned number)
{
    return (only < 0 || (unsigned)only == number) && (base == NULL || !unchanged(isa, base, number));
}

static enum judging judging(int only, const struct classifier_report *base)
{
    return base != NULL ? JUDGE_ANSWERS : only < 0 ? JUDGE_THEOREMS : JUDGE_PROPERTIES;
}

static void plan(struct batch *batch, struct classifier *c, const struct isa *isa, int only,
                 const struct classifier_report *base)
{
    unsigned machine = classifier_machine(c->known, isa);
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        if (wanted(isa, only, base, i))
            classifier_batch_add(batch, isa, machine, i, judging(only, base));
}

void classifier_plan_changed(struct batch *batch, struct classifier *c, const struct isa *isa,
                             const struct classifier_report *base)
{
    plan(batch, c, isa, -1, base);
}

void classifier_judge_all(struct classifier *c, const struct isa *const *isas, unsigned count)
{
    struct pool *pool = classifier_pool_new();
    struct isa **views = classifier_allocate(pool, (count + 1) * sizeof *views),
               **trap_views = classifier_allocate(pool, (count + 1) * sizeof *views);
    struct batch *batch = classifier_batch_new(c);
    for (unsigned i = 0; i < count && c->options.instruction == NULL; i++) {
        if (isas[i] == NULL || isa_mode(isas[i]) == NULL)
            continue;
        plan(batch, c, isas[i], -1, NULL);
        views[i] = isa_guest_view(isas[i]);
        trap_views[i] = views[i] != NULL ? isa_trap_view(views[i]) : NULL;
        if (views[i] != NULL)
            plan(batch, c, views[i], -1, NULL);
        if (trap_views[i] != NULL)
            plan(batch, c, trap_views[i], -1, NULL);
    }
    classifier_batch_run(batch);
    for (unsigned i = 0; i < count; i++) {
        isa_free(trap_views[i]);
        isa_free(views[i]);
    }
    classifier_pool_free(pool);
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
    struct batch *batch = classifier_batch_new(c);
    plan(batch, c, isa, only, base);
    classifier_batch_run(batch);
    unsigned machine = classifier_machine(c->known, isa);
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        if (!wanted(isa, only, base, i)) {
            if (base != NULL)
                report->findings[i] = base->findings[i];
            continue;
        }
        const struct judgement *judgement =
            classifier_known(c->known, machine, isa, isa_instruction_at(isa, i), judging(only, base));
        if (!judgement->good) {
            isa_diagnostics_move(judgement->diagnostics, diagnostics);
            classifier_report_free(report);
            return NULL;
        }
        take_over(report, i, judgement);
    }
    return report;
}

/* The same of a view, which then belongs to the new report, or is freed. */
static struct classifier_report *classify_view(struct classifier *c, struct isa *view, struct classifier_report *of,
                                               struct isa_diagnostics *diagnostics)
{
    struct classifier_report *report = classify(c, view, of->only, NULL, diagnostics);
    if (report == NULL) {
        isa_free(view);
        return NULL;
    }
    report->view = view;
    of->trials += report->trials;
    of->replayed += report->replayed;
    return report;
}

/* The same of guest mode, where there is one, and of the entry into its traps. */
static bool find_guest_mode(struct classifier *c, struct classifier_report *report,
                            struct isa_diagnostics *diagnostics)
{
    struct isa *view = isa_guest_view(report->isa);
    if (view == NULL)
        return true;
    report->guest_mode = classify_view(c, view, report, diagnostics);
    struct isa *trap_view = report->guest_mode != NULL && report->only < 0 ? isa_trap_view(view) : NULL;
    if (trap_view == NULL)
        return report->guest_mode != NULL;
    report->guest_mode->trap_entry = classify_view(c, trap_view, report, diagnostics);
    return report->guest_mode->trap_entry != NULL;
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
    classifier_judge_all(c, &isa, 1); /* guest mode together with the rest */
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
