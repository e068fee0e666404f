/* where.c: in which states an instruction violates a theorem. Of every branch of its program, and each way to go there,
 * it is asked whether a violation remains when that way leads to a memory trap, and so is set aside. If none remains,
 * every violation goes that way, and the branch's condition must hold. */
#include "classifier/internal.h"

#include <string.h>

enum { MOST_BRANCHES = 8, LONGEST_FORMULA = 80, LONGEST_WHERE = 240, ADDED = 4 };

static const struct isa_cause *storage_cause(const struct isa *isa)
{
    for (unsigned i = 0; i < isa_cause_count(isa); i++)
        if (isa_cause_at(isa, i)->storage)
            return isa_cause_at(isa, i);
    return NULL;
}

/* The instruction with one way of the branch closed: behind its end, which a jump leaves as it was, stands the trap. */
static const struct isa_instruction *close_way(struct subject *subject, unsigned branch, bool taken)
{
    const struct isa_instruction *old = subject->instruction;
    unsigned end = old->program.count;
    struct isa_instruction *closed = classifier_allocate(subject->pool, sizeof *closed);
    struct isa_node *nodes = classifier_allocate(subject->pool, (end + ADDED) * sizeof *nodes);
    memcpy(nodes, old->program.nodes, end * sizeof *nodes);
    uint16_t number = (uint16_t)(end + 2);
    nodes[end] = (struct isa_node){ISA_JUMP, 0, ISA_NONE, ISA_NONE, ISA_NONE, end + ADDED};
    nodes[end + 1] = (struct isa_node){ISA_BRANCH, 0, nodes[branch].a, ISA_NONE, ISA_NONE, nodes[branch].constant};
    nodes[end + 2] =
        (struct isa_node){ISA_CONSTANT, (uint8_t)isa_word_bits(subject->isa), ISA_NONE, ISA_NONE, ISA_NONE, 0};
    nodes[end + 3] = (struct isa_node){ISA_TRAP, 0, number, number, ISA_NONE, storage_cause(subject->isa)->number};
    if (taken) /* the condition is true, and the branch falls through */
        nodes[branch] = (struct isa_node){ISA_JUMP, 0, ISA_NONE, ISA_NONE, ISA_NONE, end + 1};
    else
        nodes[branch].constant = end + 2;
    *closed = *old;
    closed->program.nodes = nodes;
    closed->program.count = end + ADDED;
    return closed;
}

/* Does a violation remain? Whatever is not certain counts as yes. */
static bool remains(struct subject *subject, enum classifier_theorem theorem, unsigned branch, bool taken)
{
    struct classifier_witness *witness = NULL;
    struct subject other = *subject;
    term_list unknown = {.items = NULL};
    other.instruction = close_way(subject, branch, taken);
    other.unknown = &unknown;
    other.diagnostics = isa_diagnostics_new(); /* a question of ours, not one of the verdict */
    other.contradiction = false;
    other.answer_only = true;
    classifier_forget(&other);
    enum classifier_answer answer =
        classifier_violates_theorem(&other, theorem, false, classifier_harmful(&other), &witness);
    isa_diagnostics_free(other.diagnostics);
    return answer != CLASSIFIER_NO || other.contradiction || other.too_many_paths;
}

/* Does the way lead straight into a memory trap? That it is not gone goes without saying. */
static bool leads_to_storage_trap(const struct subject *subject, unsigned branch, bool taken)
{
    const struct isa_program *program = &subject->instruction->program;
    unsigned i = taken ? branch + 1 : (unsigned)program->nodes[branch].constant;
    while (i < program->count && program->nodes[i].operator!= ISA_BRANCH && program->nodes[i].operator!= ISA_TRAP)
        i = program->nodes[i].operator== ISA_JUMP ? (unsigned)program->nodes[i].constant : i + 1;
    if (i >= program->count || program->nodes[i].operator!= ISA_TRAP)
        return false;
    const struct isa_cause *cause = isa_cause_numbered(subject->isa, (uint32_t)program->nodes[i].constant);
    return cause != NULL && cause->storage;
}

/* What one branch adds to the condition: of its two ways the one that all violations go, if there is one. Pairs of
 * states that must go both ways tell nothing. */
static void ask_about(struct subject *subject, enum classifier_theorem theorem, unsigned branch, char *where)
{
    char formula[LONGEST_FORMULA];
    unsigned condition = subject->instruction->program.nodes[branch].a;
    size_t length = strlen(where);
    if (!classifier_formula(subject->isa, subject->instruction, condition, true, formula, sizeof formula) ||
        leads_to_storage_trap(subject, branch, true) || leads_to_storage_trap(subject, branch, false))
        return;
    bool without_true = remains(subject, theorem, branch, true),
         without_false = remains(subject, theorem, branch, false);
    if (without_true == without_false ||
        !classifier_formula(subject->isa, subject->instruction, condition, !without_true, formula, sizeof formula))
        return;
    snprintf(where + length, LONGEST_WHERE - length, "%s%s", length > 0 ? " and " : "", formula);
}

char *classifier_where(struct subject *subject, enum classifier_theorem theorem, struct pool *pool)
{
    const struct isa_program *program = &subject->instruction->program;
    char where[LONGEST_WHERE] = "";
    unsigned branches = 0;
    for (unsigned i = 0; i < program->count; i++)
        branches += program->nodes[i].operator== ISA_BRANCH;
    if (branches > MOST_BRANCHES || storage_cause(subject->isa) == NULL)
        return NULL;
    for (unsigned i = 0; i < program->count && !subject->contradiction; i++)
        if (program->nodes[i].operator== ISA_BRANCH)
            ask_about(subject, theorem, i, where);
    return where[0] != '\0' ? classifier_format(pool, "%s", where) : NULL;
}
