/* prepare.c: turns a program of the IR into steps that run quickly, once for the many times that it is run.
 *
 * What is the same each time is done here: constants get their values, operands become the places of their values,
 * jumps the steps that they lead to, states their slots. A step whose operator has a quick case in evaluate.c keeps the
 * operator's number; every other one, and all that is wider than 32 bits, is VMM_GENERAL. The meaning of a step stays
 * that of its node.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

enum { MOST_STEPS = PG74_LONGEST_PROGRAM + 1, MOST_VALUES = PG74_LONGEST_PROGRAM + PG74_MOST_LOCALS };

/* A program on its way: for each node the place of its value, and the step at which it begins. */
struct work {
    struct vmm_isa *isa;
    const struct pg74_node *nodes;
    struct vmm_value *values[PG74_LONGEST_PROGRAM], *locals;
    struct vmm_step *steps[MOST_STEPS];
};

static struct vmm_value *value_of(const struct work *work, unsigned number)
{
    static struct vmm_value zero; /* nobody writes to it: an operand only */
    return number == PG74_NONE ? &zero : work->values[number];
}

static unsigned width_of(const struct work *work, unsigned number)
{
    return number == PG74_NONE ? 0 : work->nodes[number].width;
}

static uint32_t mask_of(unsigned width)
{
    return width == 0 || width > 32 ? ~UINT32_C(0) : ~UINT32_C(0) >> (32 - width);
}

/* The operators on values that are quick, while nothing in them is wide. */
static bool is_quick(const struct work *work, const struct pg74_node *node)
{
    switch (node->operator) {
    case PG74_IR_ADD: case PG74_IR_SUB: case PG74_IR_AND: case PG74_IR_OR: case PG74_IR_XOR:
    case PG74_IR_CONCATENATE: case PG74_IR_SIGN_EXTEND:
        return node->width <= 32;
    case PG74_IR_EQUAL: case PG74_IR_LESS_UNSIGNED: case PG74_IR_EXTRACT:
        return width_of(work, node->a) <= 32;
    default:
        return false;
    }
}

/* A step on values. */
static void prepare_computation(const struct work *work, const struct pg74_node *node, struct vmm_step *step)
{
    if (!is_quick(work, node)) {
        step->operator = VMM_GENERAL;
        step->node = node;
    } else if (node->operator == PG74_IR_SIGN_EXTEND) {
        step->number = 32 - width_of(work, node->a);
    } else if (node->operator == PG74_IR_CONCATENATE) {
        step->number = width_of(work, node->b);
    }
}

/* The step of one node, where it needs one; and where its value is. Targets of jumps are still numbers of nodes. */
static void prepare_node(struct work *work, unsigned number)
{
    const struct pg74_node *node = &work->nodes[number];
    struct vmm_value *result = work->isa->next_value++;
    struct vmm_step *step = work->isa->next_step;

    work->steps[number] = step;
    work->values[number] = result;
    if (node->operator == PG74_IR_CONSTANT) {
        *result = (struct vmm_value){ node->constant, node->constant_high };
        return;
    }
    if (node->operator == PG74_IR_ZERO_EXTEND && node->width <= 32) {
        work->values[number] = work->values[node->a]; /* it has no bits above its own */
        return;
    }
    work->isa->next_step++;
    *step = (struct vmm_step){ .operator = node->operator, .mask = mask_of(node->width), .result = result,
                               .number = node->constant };
    switch (node->operator) {
    case PG74_IR_PARAMETER: case PG74_IR_FIELD:
        step->number = node->a;
        break;
    case PG74_IR_READ:
        step->number = work->isa->states[node->a].slot;
        step->b = value_of(work, node->b);
        break;
    case PG74_IR_WRITE:
        step->state = &work->isa->states[node->a];
        step->b = value_of(work, node->b);
        step->c = value_of(work, node->c);
        break;
    case PG74_IR_LOCAL_SET:
        step->result = &work->locals[node->a];
        step->a = value_of(work, node->b);
        break;
    case PG74_IR_LOCAL_GET:
        step->operator = PG74_IR_LOCAL_SET; /* both pass a value on */
        step->a = &work->locals[node->a];
        break;
    case PG74_IR_INSTRUCTION: case PG74_IR_MEMORY_SIZE: case PG74_IR_JUMP: case PG74_IR_IGNORE:
        break;
    default:
        step->a = value_of(work, node->a);
        step->b = value_of(work, node->b);
        step->c = value_of(work, node->c);
        if (node->operator >= PG74_IR_ADD && node->operator <= PG74_IR_SIGN_EXTEND)
            prepare_computation(work, node, step);
    }
}

static void prepare(struct vmm_isa *isa, const struct pg74_program *program, struct vmm_program *prepared)
{
    struct work work;
    struct vmm_step *first = isa->next_step;

    *prepared = (struct vmm_program){ *program, isa->nodes + program->first, first };
    work.isa = isa;
    work.nodes = prepared->nodes;
    work.locals = isa->next_value;
    isa->next_value += PG74_MOST_LOCALS;
    for (unsigned i = 0; i < program->count; i++)
        prepare_node(&work, i);
    work.steps[program->count] = isa->next_step;
    *isa->next_step++ = (struct vmm_step){ .operator = VMM_END };
    for (struct vmm_step *step = first; step < isa->next_step; step++)
        if (step->operator == PG74_IR_BRANCH || step->operator == PG74_IR_JUMP)
            step->target = work.steps[step->number];
}

static bool has_room(const struct vmm_isa *isa)
{
    return isa->prepared_count < VMM_PREPARED && isa->next_step + MOST_STEPS <= isa->steps + VMM_POOL &&
           isa->next_value + MOST_VALUES <= isa->values + VMM_POOL;
}

const char *vmm_prepare_paragraphs(struct vmm_isa *isa)
{
    isa->next_step = isa->steps;
    isa->next_value = isa->values;
    for (isa->prepared_count = 0; isa->prepared_count < PG74_PARAGRAPHS; isa->prepared_count++) {
        if (!has_room(isa))
            return "the paragraphs are longer than this monitor has room for";
        prepare(isa, &isa->module->paragraphs[isa->prepared_count], &isa->prepared[isa->prepared_count]);
    }
    isa->first_step = isa->next_step;
    isa->first_value = isa->next_value;
    return has_room(isa) ? NULL : "the paragraphs are longer than this monitor has room for";
}

static void forget(struct vmm_isa *isa)
{
    isa->prepared_count = PG74_PARAGRAPHS;
    isa->next_step = isa->first_step;
    isa->next_value = isa->first_value;
    for (unsigned i = 0; i < VMM_DECODED; i++)
        isa->decoded[i].word = 0; /* what refers to it; see vmm_decode */
}

const struct vmm_program *vmm_prepare(struct vmm_isa *isa, const struct pg74_program *program)
{
    for (unsigned i = PG74_PARAGRAPHS; i < isa->prepared_count; i++) {
        const struct pg74_program *source = &isa->prepared[i].source;
        if (source->first == program->first && source->count == program->count) /* one may be empty */
            return &isa->prepared[i];
    }
    if (!has_room(isa))
        forget(isa);
    prepare(isa, program, &isa->prepared[isa->prepared_count]);
    return &isa->prepared[isa->prepared_count++];
}
