/* fast_plan.c: looks at an instruction set before it runs: which instructions have a compiled handler, which are
 * evaluated inside of blocks, which must be left to machine_step; and which states decide what an address means. */
#include "machine/fast.h"

#include <stdlib.h>

/* ---- Compiled meanings ------------------------------------------------------------------------------------------- */

static bool same_layout(const struct isa *isa, const struct fast_layout *layout)
{
    if (layout->state >= isa_state_count(isa))
        return false;
    const struct isa_state *state = isa_state_at(isa, layout->state);
    return state->count == layout->count && state->zero == layout->zero && state->width == layout->width &&
           state->is_array == (layout->is_array != 0) && (unsigned)state->duty == layout->duty &&
           (state == isa_program_counter(isa)) == (layout->is_program_counter != 0);
}

static bool has_meaning(const struct isa *isa, const struct isa_instruction *instruction,
                        const struct fast_meaning *meaning)
{
    const struct isa_program program = {meaning->nodes, meaning->node_count, meaning->locals, 0};
    if (!isa_program_equal(&instruction->program, &program))
        return false;
    for (unsigned i = 0; i < meaning->layout_count; i++)
        if (!same_layout(isa, &meaning->layouts[i]))
            return false;
    return true;
}

static int find_meaning(const struct isa *isa, const struct isa_instruction *instruction)
{
    for (unsigned i = 0; i < machine_fast_meaning_count; i++)
        if (has_meaning(isa, instruction, &machine_fast_meanings[i]))
            return (int)i;
    return -1;
}

/* ---- Contexts ---------------------------------------------------------------------------------------------------- */

static bool add_context_slots(struct fast_plan *plan, const struct isa_state *state)
{
    for (unsigned i = 0; i < plan->context_count; i++)
        if (plan->context_slots[i] == state->slot)
            return true;
    if (plan->context_count + state->count > FAST_MOST_CONTEXT_SLOTS)
        return false;
    for (unsigned i = 0; i < state->count; i++)
        plan->context_slots[plan->context_count++] = state->slot + i;
    return true;
}

/* Adds the states that a paragraph reads. False when it depends on what blocks change as they run, or has effects: then
 * no block can be made. */
static bool find_context(struct fast_plan *plan, const struct isa *isa, enum isa_paragraph paragraph)
{
    const struct isa_program *program = isa_paragraph(isa, paragraph);
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        switch ((enum isa_operator)node->operator) {
        case ISA_PORT_IN: case ISA_PORT_OUT: case ISA_DIAGNOSE: case ISA_WRITE: case ISA_STORE: return false;
        case ISA_READ: {
            const struct isa_state *state = isa_state_at(isa, node->a);
            if (state == isa_program_counter(isa))
                break;
            if (state->role == ISA_ROLE_GENERAL || state->role == ISA_ROLE_TIME || state->duty != ISA_DUTY_NOTHING ||
                !add_context_slots(plan, state))
                return false;
            break;
        }
        default: break;
        }
    }
    return true;
}

/* ---- Instructions ------------------------------------------------------------------------------------------------ */

static bool writes(const struct isa_instruction *instruction, const struct isa *isa, const struct isa_state *state)
{
    for (unsigned i = 0; i < instruction->program.count; i++) {
        const struct isa_node *node = &instruction->program.nodes[i];
        if (node->operator == ISA_WRITE && isa_state_at(isa, node->a) == state)
            return true;
    }
    return false;
}

static bool writes_context(const struct fast_plan *plan, const struct isa *isa,
                           const struct isa_instruction *instruction)
{
    for (unsigned s = 0; s < isa_state_count(isa); s++) {
        const struct isa_state *state = isa_state_at(isa, s);
        for (unsigned i = 0; i < plan->context_count; i++)
            if (plan->context_slots[i] == state->slot && writes(instruction, isa, state))
                return true;
    }
    return false;
}

static void choose_way(struct fast_plan *plan, const struct machine *machine, unsigned number)
{
    const struct isa *isa = machine->isa;
    const struct isa_instruction *instruction = isa_instruction_at(isa, number);
    int meaning = find_meaning(isa, instruction);
    plan->writes_program_counter[number] = writes(instruction, isa, isa_program_counter(isa));
    plan->meanings[number] = (uint16_t)meaning;
    if (machine->marks[number] || writes_context(plan, isa, instruction))
        plan->ways[number] = FAST_WAY_STEP;
    else
        plan->ways[number] = meaning < 0 ? FAST_WAY_EVALUATE : FAST_WAY_COMPILED;
}

bool machine_fast_plan(struct fast_plan *plan, const struct machine *machine)
{
    const struct isa *isa = machine->isa;
    unsigned count = isa_instruction_count(isa);
    plan->ways = calloc(count + 1, sizeof *plan->ways);
    plan->meanings = calloc(count + 1, sizeof *plan->meanings);
    plan->writes_program_counter = calloc(count + 1, sizeof *plan->writes_program_counter);
    plan->first_shapes = calloc(machine_fast_meaning_count + 1, sizeof *plan->first_shapes);
    if (!plan->ways || !plan->meanings || !plan->writes_program_counter || !plan->first_shapes)
        return false;
    plan->usable = !machine->always_step && machine->memory_size >= 1u << (FAST_SIZES - 1) &&
                   (offsetof(struct fast_hot, state) + isa_slots(isa) * sizeof(uint32_t)) < UINT16_MAX &&
                   find_context(plan, isa, ISA_ON_FETCH) && find_context(plan, isa, ISA_ON_TRANSLATE);
    for (unsigned i = 0; i < count; i++)
        choose_way(plan, machine, i);
    for (unsigned i = machine_fast_shape_count; i-- > 0;)
        plan->first_shapes[machine_fast_shapes[i].parts[0].meaning] = (uint16_t)i;
    return true;
}

void machine_fast_plan_free(struct fast_plan *plan)
{
    free(plan->ways);
    free(plan->meanings);
    free(plan->writes_program_counter);
    free(plan->first_shapes);
}
