/* classify.c: everything about an instruction set, instruction by instruction. */
#include "classifier/internal.h"

#include <stdlib.h>
#include <string.h>

typedef enum classifier_answer sensitivity(struct subject *, struct scope, Z3_ast, struct classifier_witness **);

/* What is copied from an instruction's pool into the report's, so that Z3's scratch work is not kept. */
static uint32_t *keep_slots(struct classifier_report *report, const uint32_t *slots)
{
    size_t size = isa_slots(report->isa) * sizeof *slots;
    return slots == NULL ? NULL : memcpy(classifier_allocate(report->pool, size), slots, size);
}

static void *keep_items(struct classifier_report *report, const void *items, size_t size)
{
    void *copy = classifier_allocate(report->pool, size + 1);
    return size == 0 ? copy : memcpy(copy, items, size);
}

/* A list that is not appended to any more. */
#define KEEP(report, list)                                                                           \
    ((list)->items = keep_items((report), (list)->items, (list)->count * sizeof *(list)->items), \
     (list)->capacity = (list)->count)

static struct classifier_witness *keep(struct classifier_report *report, const struct classifier_witness *witness)
{
    if (witness == NULL)
        return NULL;
    struct classifier_witness *kept = classifier_allocate(report->pool, sizeof *kept);
    *kept = *witness;
    for (unsigned i = 0; i < kept->state_count; i++) {
        kept->states[i].slots = keep_slots(report, kept->states[i].slots);
        kept->effects[i].slots = keep_slots(report, kept->effects[i].slots);
        KEEP(report, &kept->states[i].bytes);
        KEEP(report, &kept->effects[i].stores);
    }
    KEEP(report, &kept->devices.rules);
    return kept;
}

static void find_properties(struct subject *subject, struct findings *findings)
{
    static sensitivity *const sensitivities[] = {
        [CLASSIFIER_CONTROL_SENSITIVE] = classifier_control_sensitive,
        [CLASSIFIER_MODE_SENSITIVE] = classifier_mode_sensitive,
        [CLASSIFIER_LOCATION_SENSITIVE] = classifier_location_sensitive,
        [CLASSIFIER_RESOURCE_SENSITIVE] = classifier_resource_sensitive,
        [CLASSIFIER_TIME_SENSITIVE] = classifier_time_sensitive,
        [CLASSIFIER_USER_SENSITIVE] = classifier_user_sensitive,
    };
    findings->has[CLASSIFIER_PRIVILEGED] = classifier_privileged(subject, &findings->witness[CLASSIFIER_PRIVILEGED]);
    for (unsigned i = CLASSIFIER_CONTROL_SENSITIVE; i <= CLASSIFIER_USER_SENSITIVE && !subject->contradiction; i++)
        findings->has[i] = sensitivities[i](subject, (struct scope){false, false}, NULL, &findings->witness[i]);
    findings->has[CLASSIFIER_INNOCUOUS] = CLASSIFIER_YES;
    for (unsigned i = 0; i < CLASSIFIER_INNOCUOUS; i++)
        if (findings->has[i] == CLASSIFIER_YES)
            findings->has[CLASSIFIER_INNOCUOUS] = CLASSIFIER_NO;
    for (unsigned i = 0; i < CLASSIFIER_INNOCUOUS; i++)
        if (findings->has[i] == CLASSIFIER_UNKNOWN && findings->has[CLASSIFIER_INNOCUOUS] == CLASSIFIER_YES)
            findings->has[CLASSIFIER_INNOCUOUS] = CLASSIFIER_UNKNOWN;
}

/* An instruction that is privileged, or innocuous, violates nothing: its theorems need no query. */
static void find_violations(struct subject *subject, struct findings *findings)
{
    if (findings->has[CLASSIFIER_PRIVILEGED] == CLASSIFIER_YES || findings->has[CLASSIFIER_INNOCUOUS] == CLASSIFIER_YES)
        return;
    Z3_ast not_privileged = classifier_not_privileged(subject);
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        for (unsigned paper = 0; paper < 2 && !subject->contradiction; paper++) {
            struct classifier_witness *witness = NULL;
            findings->violates[theorem][paper] =
                classifier_violates_theorem(subject, theorem, paper, not_privileged, &witness);
            if (!paper)
                findings->violation[theorem] = witness;
        }
}

/* Of the first theorem that the instruction violates. */
static void find_condition(struct subject *subject, struct findings *findings, struct pool *pool)
{
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        if (findings->violation[theorem] != NULL) {
            classifier_condition(subject, theorem, classifier_not_privileged(subject), findings->violation[theorem]->word,
                                 findings, pool);
            findings->where = classifier_where(subject, theorem, pool);
            return;
        }
}

static bool too_many_paths(struct subject *subject)
{
    isa_diagnostics_error(subject->diagnostics, &subject->instruction->place, ISA_EXIT_DATA,
                          "split it into several instructions, or use fewer conditions",
                          "'%s' has more than %d paths, too many to classify", subject->instruction->name, MOST_PATHS);
    return false;
}

/* The queries that were not decided, as texts for any solver: they outlive this one. */
static void keep_unknown(struct classifier_report *report, struct subject *subject)
{
    for (unsigned i = 0; i < subject->unknown->count; i++) {
        const char *text = Z3_benchmark_to_smtlib_string(subject->c->z3, subject->instruction->name, "QF_UFBV",
                                                         "unknown", "", 0, NULL, subject->unknown->items[i]);
        *APPEND(report->pool, &report->unknown) = classifier_format(report->pool, "%s", text);
    }
}

static bool classify_one(struct classifier *c, struct classifier_report *report, struct refuter *refuter,
                         unsigned number, struct isa_diagnostics *diagnostics)
{
    struct findings *findings = &report->findings[number];
    struct pool *pool = classifier_pool_new();
    term_list unknown = {.items = NULL};
    struct subject subject = {.c = c,
                              .isa = report->isa,
                              .instruction = isa_instruction_at(report->isa, number),
                              .pool = pool,
                              .unknown = &unknown,
                              .diagnostics = diagnostics,
                              .replayed = &report->replayed};
    unsigned bits = subject.instruction->bits;
    subject.word = classifier_symbol(c, ".word", bits);
    subject.is_word =
        Z3_mk_eq(c->z3, Z3_mk_bvand(c->z3, subject.word, classifier_number(c, bits, subject.instruction->mask)),
                 classifier_number(c, bits, subject.instruction->match));
    find_properties(&subject, findings);
    if (report->only < 0)
        find_violations(&subject, findings);
    if (!subject.contradiction)
        find_condition(&subject, findings, report->pool);
    bool good = !subject.contradiction;
    if (subject.too_many_paths)
        good = too_many_paths(&subject);
    else if (good)
        good = classifier_refute(refuter, &subject, findings, c->options.trials);
    for (unsigned i = 0; i < CLASSIFIER_PROPERTIES; i++)
        findings->witness[i] = keep(report, findings->witness[i]);
    for (unsigned i = 0; i < CLASSIFIER_THEOREMS; i++)
        findings->violation[i] = keep(report, findings->violation[i]);
    keep_unknown(report, &subject);
    report->trials += c->options.trials;
    classifier_pool_free(pool);
    return good;
}

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
    struct pool *pool = classifier_pool_new();
    struct refuter *refuter = classifier_refuter_new(pool, isa, c->options.seed);
    bool good = true;
    for (unsigned i = 0; i < isa_instruction_count(isa) && good; i++)
        if (base != NULL && unchanged(isa, base, i))
            report->findings[i] = base->findings[i];
        else if (only < 0 || (unsigned)only == i)
            good = classify_one(c, report, refuter, i, diagnostics);
    classifier_pool_free(pool);
    if (good)
        return report;
    classifier_report_free(report);
    return NULL;
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
    return classify(c, isa, only, NULL, diagnostics);
}

struct classifier_report *classifier_classify_changed(struct classifier *c, const struct isa *isa,
                                                      const struct classifier_report *base,
                                                      struct isa_diagnostics *diagnostics)
{
    return classify(c, isa, -1, base, diagnostics);
}
