/* mentioned.c: which states an instruction has to do with. All others it neither shows nor changes, so that they take no
 * part in its judgement: they have no symbols, and are zero in its witnesses. So an instruction that a variant has from
 * its parent is judged alike on both, whatever states the variant adds (known.c). */
#include "classifier/internal.h"

static void mention(const struct isa *isa, const struct isa_program *program, bool *mentioned)
{
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        if ((node->operator == ISA_READ || node->operator == ISA_WRITE) && node->a < isa_state_count(isa))
            mentioned[node->a] = true;
    }
}

const bool *classifier_mentioned(struct pool *pool, const struct isa *isa, const struct isa_instruction *instruction)
{
    unsigned count = isa_state_count(isa);
    bool *mentioned = classifier_allocate(pool, (count + 1) * sizeof *mentioned);
    for (unsigned i = 0; i < count; i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        mentioned[i] = s == isa_mode(isa) || s == isa_own_mode(isa) || s == isa_program_counter(isa);
    }
    mention(isa, isa_paragraph(isa, ISA_ON_TRANSLATE), mentioned);
    if (instruction == NULL)
        return mentioned;
    mention(isa, &instruction->program, mentioned);
    for (unsigned i = 0; i < instruction->field_count; i++)
        if (instruction->fields[i].kind == ISA_REGISTER)
            mentioned[instruction->fields[i].state] = true;
    return mentioned;
}
