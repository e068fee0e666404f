/* builder.c: makes programs of the IR: folds constants, shares equal values, and drops what no effect needs. */
#include "isa/internal.h"

#include <string.h>

static uint64_t mask_of(unsigned width)
{
    return UINT64_MAX >> (64 - width);
}

/* May an equal node stand for this one? Reads see the state from before the program, so they may. */
static bool shareable(enum isa_operator operator)
{
    return operator <= ISA_TRANSLATE;
}

static unsigned append(struct builder *builder, struct isa_node node)
{
    if (builder->count == ISA_LONGEST_PROGRAM - 1) {
        builder->overflow = true;
        return 0;
    }
    builder->nodes[builder->count] = node;
    return builder->count++;
}

unsigned isa_build(struct builder *builder, struct isa_node node)
{
    if (!shareable(node.operator))
        return append(builder, node);
    for (unsigned i = builder->visible_count; i-- > 0;)
        if (memcmp(&builder->nodes[builder->visible[i]], &node, sizeof node) == 0)
            return builder->visible[i];
    unsigned number = append(builder, node);
    if (!builder->overflow)
        builder->visible[builder->visible_count++] = (uint16_t)number;
    return number;
}

bool isa_built_constant(const struct builder *builder, unsigned node, uint64_t *value)
{
    if (builder->nodes[node].operator != ISA_CONSTANT)
        return false;
    *value = builder->nodes[node].constant;
    return true;
}

unsigned isa_build_constant(struct builder *builder, unsigned width, uint64_t value)
{
    return isa_build(builder, (struct isa_node){ISA_CONSTANT, (uint8_t)width, ISA_NONE, ISA_NONE, ISA_NONE,
                                                value & mask_of(width)});
}

/* `width` is that of the operands; comparisons give one bit. */
unsigned isa_build_operation(struct builder *builder, enum isa_operator operator, unsigned width, unsigned a, unsigned b)
{
    bool compares = operator == ISA_EQUAL || operator == ISA_LESS_UNSIGNED || operator == ISA_LESS_SIGNED;
    uint64_t left, right;
    bool known_left = isa_built_constant(builder, a, &left), known_right = isa_built_constant(builder, b, &right);
    if (known_left && known_right)
        return isa_build_constant(builder, compares ? 1 : width, isa_apply(operator, width, left, right));
    /* x + 0, x - 0, x | 0, x ^ 0, x << 0 */
    bool zero_right_is_left = operator == ISA_ADD || operator == ISA_SUB || operator == ISA_OR || operator == ISA_XOR ||
                              operator == ISA_SHIFT_LEFT || operator == ISA_SHIFT_RIGHT_SIGNED ||
                              operator == ISA_SHIFT_RIGHT_UNSIGNED;
    if (known_right && right == 0 && zero_right_is_left)
        return a;
    return isa_build(builder, (struct isa_node){(uint8_t)operator, compares ? 1 : (uint8_t)width, (uint16_t)a, (uint16_t)b,
                                                ISA_NONE, 0});
}

unsigned isa_build_not(struct builder *builder, unsigned a)
{
    unsigned width = builder->nodes[a].width;
    return isa_build_operation(builder, ISA_XOR, width, a, isa_build_constant(builder, width, UINT64_MAX));
}

unsigned isa_build_extract(struct builder *builder, unsigned a, unsigned low, unsigned width)
{
    uint64_t value;
    if (builder->nodes[a].width == width)
        return a;
    if (isa_built_constant(builder, a, &value))
        return isa_build_constant(builder, width, value >> low);
    return isa_build(builder, (struct isa_node){ISA_EXTRACT, (uint8_t)width, (uint16_t)a, ISA_NONE, ISA_NONE, low});
}

unsigned isa_build_extend(struct builder *builder, unsigned a, unsigned width, bool sign)
{
    uint64_t value;
    unsigned from = builder->nodes[a].width;
    if (from == width)
        return a;
    if (isa_built_constant(builder, a, &value))
        return isa_build_constant(builder, width, sign ? (uint64_t)isa_signed(value, from) : value);
    return isa_build(builder, (struct isa_node){sign ? ISA_SIGN_EXTEND : ISA_ZERO_EXTEND, (uint8_t)width, (uint16_t)a,
                                                ISA_NONE, ISA_NONE, 0});
}

/* ---- The end ----------------------------------------------------------------------------------------------------------- */

unsigned isa_node_operands(const struct isa_node *node)
{
    switch (node->operator) {
    case ISA_CONSTANT: case ISA_PARAMETER: case ISA_FIELD: case ISA_INSTRUCTION: case ISA_MEMORY_SIZE: case ISA_LOCAL_GET:
    case ISA_JUMP: case ISA_IGNORE: return 0;
    case ISA_READ: return node->b == ISA_NONE ? 0 : 2;
    case ISA_WRITE: return node->b == ISA_NONE ? 4 : 6;
    case ISA_LOCAL_SET: return 2;
    case ISA_EXTRACT: case ISA_ZERO_EXTEND: case ISA_SIGN_EXTEND: case ISA_LOAD: case ISA_PORT_IN: case ISA_BRANCH:
    case ISA_RETURN: return 1;
    case ISA_SELECT: case ISA_TRANSLATE: return 7;

    default: return 3;
    }
}

/* Effects, control, and values whose computing is an effect. */
static bool needed_by_itself(enum isa_operator operator)
{
    return operator == ISA_TRANSLATE || operator == ISA_PORT_IN || operator == ISA_DIAGNOSE || operator == ISA_WRITE ||
           operator == ISA_STORE || operator == ISA_PORT_OUT || operator == ISA_LOCAL_SET || operator >= ISA_BRANCH;
}

static void mark_needed(const struct builder *builder, bool *needed)
{
    for (unsigned i = builder->count; i-- > 0;) {
        const struct isa_node *node = &builder->nodes[i];
        needed[i] = needed[i] || needed_by_itself(node->operator);
        unsigned operands = needed[i] ? isa_node_operands(node) : 0;
        if (operands & 1)
            needed[node->a] = true;
        if (operands & 2)
            needed[node->b] = true;
        if (operands & 4)
            needed[node->c] = true;
    }
}

struct isa_program isa_build_end(struct builder *builder, struct arena *arena, unsigned parameters)
{
    bool needed[ISA_LONGEST_PROGRAM] = {false};
    uint16_t moved[ISA_LONGEST_PROGRAM]; /* new numbers; for a dropped node that of the next one kept */
    mark_needed(builder, needed);
    unsigned count = 0;
    for (unsigned i = 0; i <= builder->count; i++) {
        moved[i] = (uint16_t)count;
        count += i < builder->count && needed[i];
    }
    struct isa_node *nodes = isa_arena_allocate(arena, (count + 1) * sizeof *nodes);
    for (unsigned i = 0; i < builder->count; i++) {
        if (!needed[i])
            continue;
        struct isa_node node = builder->nodes[i];
        unsigned operands = isa_node_operands(&node);
        if (operands & 1)
            node.a = moved[node.a];
        if (operands & 2)
            node.b = moved[node.b];
        if (operands & 4)
            node.c = moved[node.c];
        if (node.operator == ISA_BRANCH || node.operator == ISA_JUMP)
            node.constant = moved[node.constant];
        nodes[moved[i]] = node;
    }
    return (struct isa_program){.nodes = nodes, .count = count, .locals = builder->locals, .parameters = parameters};
}
