/* judge.c: everything about one instruction. */
#include "classifier/internal.h"

#include <string.h>

typedef enum classifier_answer sensitivity(struct subject *, struct scope, Z3_ast, struct classifier_witness **);

/* ---- Keeping ----------------------------------------------------------------------------------------------------- */

/* What is copied from the pool of the work into that of the result, so that Z3's scratch work is not kept. */
static void *keep_items(struct pool *pool, const void *items, size_t size)
{
    void *copy = classifier_allocate(pool, size + 1);
    return size == 0 ? copy : memcpy(copy, items, size);
}

/* A list that is not appended to any more. */
#define KEEP(pool, list)                                                                       \
    ((list)->items = keep_items((pool), (list)->items, (list)->count * sizeof *(list)->items), \
     (list)->capacity = (list)->count)

/* Slots that the one or the other instruction set alone has are zero: the instruction does not mention them. */
static uint32_t *keep_slots(struct pool *pool, const uint32_t *slots, unsigned old, unsigned new)
{
    uint32_t *copy = classifier_allocate(pool, (new + 1) * sizeof *copy);
    return slots == NULL ? copy : memcpy(copy, slots, (old < new ? old : new) * sizeof *copy);
}

static struct classifier_witness *keep_witness(struct pool *pool, const struct isa *isa, unsigned instruction,
                                               const struct classifier_witness *witness)
{
    if (witness == NULL)
        return NULL;
    struct classifier_witness *kept = keep_items(pool, witness, sizeof *witness);
    kept->instruction = isa_instruction_at(isa, instruction);
    kept->slots = isa_slots(isa);
    for (unsigned i = 0; i < kept->state_count; i++) {
        kept->states[i].slots = keep_slots(pool, kept->states[i].slots, witness->slots, kept->slots);
        kept->effects[i].slots = keep_slots(pool, kept->effects[i].slots, witness->slots, kept->slots);
        KEEP(pool, &kept->states[i].bytes);
        KEEP(pool, &kept->effects[i].stores);
    }
    KEEP(pool, &kept->devices.rules);
    return kept;
}

static char *keep_text(struct pool *pool, const char *text)
{
    return text == NULL ? NULL : classifier_format(pool, "%s", text);
}

struct findings classifier_keep(struct pool *pool, const struct isa *isa, unsigned instruction,
                                const struct findings *findings)
{
    struct findings kept = *findings;
    for (unsigned i = 0; i < CLASSIFIER_PROPERTIES; i++)
        kept.witness[i] = keep_witness(pool, isa, instruction, kept.witness[i]);
    for (unsigned i = 0; i < CLASSIFIER_THEOREMS; i++)
        kept.violation[i] = keep_witness(pool, isa, instruction, kept.violation[i]);
    kept.condition = keep_text(pool, kept.condition);
    kept.where = keep_text(pool, kept.where);
    kept.always = keep_text(pool, kept.always);
    kept.exception = keep_text(pool, kept.exception);
    return kept;
}

/* ---- Judging ----------------------------------------------------------------------------------------------------- */

/* In one of the ways that make a word user sensitive in guest mode; perhaps. */
static bool is_sensitive(const struct findings *findings)
{
    for (unsigned i = CLASSIFIER_CONTROL_SENSITIVE; i <= CLASSIFIER_RESOURCE_SENSITIVE; i++)
        if (findings->has[i] != CLASSIFIER_NO)
            return true;
    return false;
}

/* In guest mode nothing is user sensitive that is not sensitive. Of trap entry it is not asked whether it shows where the
 * guest's memory is, or that it is a guest's: it reads that memory by physical addresses, of which a pair of states has nothing
 * in common, so that there would be no end of refining. */
static bool is_asked(const struct subject *subject, const struct findings *findings, unsigned property)
{
    if (isa_is_trap_view(subject->isa) && (property == CLASSIFIER_MODE_SENSITIVE || property == CLASSIFIER_LOCATION_SENSITIVE ||
                                           property == CLASSIFIER_USER_SENSITIVE))
        return false;
    return property != CLASSIFIER_USER_SENSITIVE || !isa_is_guest_view(subject->isa) || is_sensitive(findings);
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
    for (unsigned i = CLASSIFIER_CONTROL_SENSITIVE;
         i <= CLASSIFIER_USER_SENSITIVE && !subject->contradiction && !subject->needs_model; i++)
        if (is_asked(subject, findings, i))
            findings->has[i] =
                sensitivities[i](subject, classifier_scope(subject->isa, false), NULL, &findings->witness[i]);
    if (isa_is_trap_view(subject->isa))
        findings->has[CLASSIFIER_MODE_SENSITIVE] = findings->has[CLASSIFIER_LOCATION_SENSITIVE] =
            findings->has[CLASSIFIER_USER_SENSITIVE] = CLASSIFIER_UNKNOWN;
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
    bool of_guest = isa_is_guest_view(subject->isa);
    if (of_guest && !is_sensitive(findings) && findings->has[CLASSIFIER_TIME_SENSITIVE] == CLASSIFIER_NO)
        return;
    if ((findings->has[CLASSIFIER_PRIVILEGED] == CLASSIFIER_YES && !of_guest) ||
        findings->has[CLASSIFIER_INNOCUOUS] == CLASSIFIER_YES)
        return;
    Z3_ast not_privileged = classifier_harmful(subject);
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        for (unsigned paper = 0; paper < 2 && !subject->contradiction; paper++) {
            struct classifier_witness *witness = NULL;
            if (of_guest && paper)
                continue; /* the paper has no guest mode */
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
            classifier_condition(subject, theorem, classifier_harmful(subject), findings->violation[theorem]->word, findings,
                                 pool);
            findings->where = classifier_where(subject, theorem, pool);
            findings->always =
                classifier_always(subject, theorem, findings->violation[theorem], pool, &findings->always_exact);
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
static void keep_unknown(struct judgement *judgement, const struct subject *subject)
{
    for (unsigned i = 0; i < subject->unknown->count; i++) {
        const char *text = Z3_benchmark_to_smtlib_string(subject->c->z3, subject->instruction->name, "QF_UFBV",
                                                         "unknown", "", 0, NULL, subject->unknown->items[i]);
        *APPEND(judgement->pool, &judgement->unknown) = classifier_format(judgement->pool, "%s", text);
    }
}

static bool refute(struct subject *subject, const struct findings *findings)
{
    const struct classifier_options *options = &subject->c->options;
    const struct refuter *frames = classifier_facts_refuter(subject->facts, subject->isa, options->seed);
    struct refuter *refuter = classifier_refuter_like(subject->pool, subject->isa, options->seed, frames);
    return classifier_refute(refuter, subject, findings, options->trials);
}

/* All about the instruction, with this solver, but for the tests. */
static void find(struct subject *subject, enum judging judging, struct findings *findings)
{
    struct classifier *c = subject->c;
    unsigned bits = subject->instruction->bits;
    subject->word = classifier_symbol(c, ".word", bits);
    subject->is_word =
        Z3_mk_eq(c->z3, Z3_mk_bvand(c->z3, subject->word, classifier_number(c, bits, subject->instruction->mask)),
                 classifier_number(c, bits, subject->instruction->match));
    find_properties(subject, findings);
    if (judging != JUDGE_PROPERTIES)
        find_violations(subject, findings);
    if (!subject->contradiction && !subject->needs_model && !subject->answer_only && !c->options.plain)
        find_condition(subject, findings, subject->pool);
}

/* An instruction without a witness, as most are, is judged with the solver of the thread, as are those of which nobody will
 * see one: it takes time to make a solver. */
bool classifier_judge(struct classifier *c, bool is_own, const struct isa *isa, unsigned instruction, enum judging judging,
                      struct facts *facts, struct judgement *judgement)
{
    *judgement = (struct judgement){.pool = classifier_pool_new(), .diagnostics = isa_diagnostics_new()};
    term_list unknown = {.items = NULL};
    struct findings findings = {.condition = NULL};
    struct subject subject = {.c = c,
                              .isa = isa,
                              .instruction = isa_instruction_at(isa, instruction),
                              .pool = classifier_pool_new(),
                              .unknown = &unknown,
                              .diagnostics = judgement->diagnostics,
                              .replayed = &judgement->replayed,
                              .facts = facts,
                              .answer_only = judging == JUDGE_ANSWERS,
                              .screening = !is_own && judging != JUDGE_ANSWERS};
    subject.mentioned = classifier_mentioned(subject.pool, isa, subject.instruction);
    find(&subject, judging, &findings);
    bool settled = is_own || !(subject.needs_model || unknown.count > 0);
    judgement->good = settled && !subject.contradiction;
    if (subject.too_many_paths && settled)
        judgement->good = too_many_paths(&subject);
    else if (judgement->good)
        judgement->good = refute(&subject, &findings);
    if (settled) {
        judgement->findings = classifier_keep(judgement->pool, isa, instruction, &findings);
        keep_unknown(judgement, &subject);
    } else {
        classifier_pool_free(judgement->pool);
        isa_diagnostics_free(judgement->diagnostics);
        *judgement = (struct judgement){.pool = NULL};
    }
    classifier_pool_free(subject.pool);
    return settled;
}
