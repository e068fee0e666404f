/* fast_window.c: how far virtual addresses are simply moved. The function `translate` is evaluated over intervals: the
 * virtual address is anything from 0 to `last`, everything else is known. Where every test on the way comes out the
 * same for all of these addresses, no trap is reached, and the result is the address plus a constant, inside of memory,
 * an access in that window needs no `translate` at all. It is a proof, made at run time, for whatever `translate` was
 * loaded; where it fails, there is no window, and that is right too. */
#include "machine/fast.h"

/* All values from `low` to `high`; when `moved`, exactly the virtual address + `distance`. */
struct interval {
    uint64_t low, high;
    bool moved;
    int64_t distance;
};

struct proof {
    const struct isa *isa;
    const uint32_t *state;
    uint32_t memory_size, last;
    unsigned size, access;
    struct interval values[ISA_LONGEST_PROGRAM], locals[ISA_MOST_LOCALS];
};

static uint64_t ones(unsigned width)
{
    return UINT64_MAX >> (64 - width);
}

static struct interval exactly(uint64_t value)
{
    return (struct interval){value, value, false, 0};
}

static struct interval anything(unsigned width)
{
    return (struct interval){0, ones(width), false, 0};
}

static bool is_known(struct interval a)
{
    return a.low == a.high;
}

/* a + b or a - b of at most 62 bits, so that nothing overflows; wrapped around where all values wrap around alike. */
static struct interval sum(struct interval a, struct interval b, bool subtract, unsigned width)
{
    if (width > 62)
        return anything(width);
    int64_t modulus = INT64_C(1) << width;
    int64_t low = (int64_t)a.low + (subtract ? -(int64_t)b.high : (int64_t)b.low);
    int64_t high = (int64_t)a.high + (subtract ? -(int64_t)b.low : (int64_t)b.high);
    int64_t turn = low < 0 ? modulus : low >= modulus ? -modulus : 0;
    low += turn;
    high += turn;
    if (low < 0 || high >= modulus)
        return anything(width);
    struct interval result = {(uint64_t)low, (uint64_t)high, false, 0};
    if (a.moved && is_known(b)) {
        result.moved = true;
        result.distance = a.distance + (subtract ? -(int64_t)b.low : (int64_t)b.low) + turn;
    } else if (b.moved && is_known(a) && !subtract) {
        result.moved = true;
        result.distance = b.distance + (int64_t)a.low + turn;
    }
    return result;
}

static struct interval less(struct interval a, struct interval b)
{
    if (a.moved && b.moved)
        return exactly(a.distance < b.distance);
    if (a.high < b.low)
        return exactly(1);
    return a.low >= b.high ? exactly(0) : anything(1);
}

static struct interval compare(enum isa_operator operator, unsigned width, struct interval a, struct interval b)
{
    if (operator == ISA_LESS_UNSIGNED)
        return less(a, b);
    if (operator == ISA_LESS_SIGNED)
        return a.high <= ones(width) >> 1 && b.high <= ones(width) >> 1 ? less(a, b) : anything(1);
    return a.high < b.low || b.high < a.low ? exactly(0) : anything(1);
}

static struct interval binary(const struct isa_node *node, unsigned operand_width, struct interval a, struct interval b)
{
    bool adds = node->operator == ISA_ADD || node->operator == ISA_SUB;
    if (is_known(a) && is_known(b) && !(adds && (a.moved || b.moved)))
        return exactly(isa_apply(node->operator, operand_width, a.low, b.low));
    switch ((enum isa_operator)node->operator) {
    case ISA_ADD: return sum(a, b, false, node->width);
    case ISA_SUB: return sum(a, b, true, node->width);
    case ISA_EQUAL: case ISA_LESS_UNSIGNED: case ISA_LESS_SIGNED: return compare(node->operator, operand_width, a, b);
    case ISA_AND: return (a.high == 0 || b.high == 0) ? exactly(0) : anything(node->width);
    case ISA_OR:
        return (is_known(a) && a.low == ones(node->width)) || (is_known(b) && b.low == ones(node->width))
                   ? exactly(ones(node->width)) : anything(node->width);
    default: return anything(node->width);
    }
}

static struct interval convert(const struct isa_node *node, unsigned from, struct interval a)
{
    if (node->operator == ISA_ZERO_EXTEND || (node->operator == ISA_SIGN_EXTEND && a.high <= ones(from) >> 1))
        return a;
    if (node->operator == ISA_SIGN_EXTEND)
        return is_known(a) ? exactly((uint64_t)isa_signed(a.low, from) & ones(node->width)) : anything(node->width);
    if (node->constant == 0 && a.high <= ones(node->width))
        return a;
    uint64_t low = a.low >> node->constant, high = a.high >> node->constant;
    if (is_known(a))
        return exactly(low & ones(node->width));
    return high <= ones(node->width) ? (struct interval){low, high, false, 0} : anything(node->width);
}

static bool value_of(struct proof *proof, const struct isa_program *program, unsigned number)
{
    const struct isa_node *node = &program->nodes[number];
    struct interval *values = proof->values, *value = &values[number];
    switch ((enum isa_operator)node->operator) {
    case ISA_CONSTANT: *value = exactly(node->constant); return true;
    case ISA_PARAMETER:
        *value = node->a == 0 ? (struct interval){0, proof->last, true, 0}
                              : exactly(node->a == 1 ? proof->size : proof->access);
        return true;
    case ISA_MEMORY_SIZE: *value = exactly(proof->memory_size & ones(node->width)); return true;
    case ISA_READ: {
        const struct isa_state *state = isa_state_at(proof->isa, node->a);
        struct interval index = node->b == ISA_NONE ? exactly(0) : values[node->b];
        if (!is_known(index) || state == isa_program_counter(proof->isa))
            return false;
        *value =
            exactly(state->zero >= 0 && index.low == (uint64_t)state->zero ? 0 : proof->state[state->slot + index.low]);
        return true;
    }
    case ISA_EXTRACT: case ISA_ZERO_EXTEND: case ISA_SIGN_EXTEND:
        *value = convert(node, program->nodes[node->a].width, values[node->a]);
        return true;
    case ISA_CONCATENATE:
        *value = is_known(values[node->a]) && is_known(values[node->b])
                     ? exactly(values[node->a].low << program->nodes[node->b].width | values[node->b].low)
                     : anything(node->width);
        return true;
    case ISA_SELECT:
        *value = is_known(values[node->a]) ? values[values[node->a].low ? node->b : node->c] : anything(node->width);
        return true;
    case ISA_LOCAL_SET: proof->locals[node->a] = values[node->b]; return true;
    case ISA_LOCAL_GET: *value = proof->locals[node->a]; return true;
    default:
        if (node->operator < ISA_ADD || node->operator > ISA_LESS_SIGNED)
            return false; /* it depends on memory, or is no value */
        *value = binary(node, program->nodes[node->a].width, values[node->a], values[node->b]);
        return true;
    }
}

/* Does every address from 0 to proof->last come out moved by the same distance, inside of memory? */
static bool holds(struct proof *proof, int64_t *distance)
{
    const struct isa_program *program = isa_paragraph(proof->isa, ISA_ON_TRANSLATE);
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        if (node->operator == ISA_JUMP) {
            i = (unsigned)node->constant - 1;
        } else if (node->operator == ISA_BRANCH) {
            if (!is_known(proof->values[node->a]))
                return false;
            if (proof->values[node->a].low == 0)
                i = (unsigned)node->constant - 1;
        } else if (node->operator == ISA_RETURN) {
            struct interval result = proof->values[node->a];
            *distance = result.distance;
            return result.moved && result.distance >= 0 && result.high <= proof->memory_size - proof->size;
        } else if (!value_of(proof, program, i)) {
            return false; /* also: a trap */
        }
    }
    return false;
}

static bool holds_up_to(struct proof *proof, uint32_t last, uint32_t *offset)
{
    int64_t distance;
    proof->last = last;
    if (!holds(proof, &distance))
        return false;
    *offset = (uint32_t)distance;
    return true;
}

uint32_t machine_fast_window(const struct isa *isa, const uint32_t *state, uint32_t memory_size, unsigned size,
                             unsigned access, uint32_t *offset)
{
    struct proof proof;
    proof.isa = isa;
    proof.state = state;
    proof.memory_size = memory_size;
    proof.size = size;
    proof.access = access;
    uint64_t greatest = ones(isa_word_bits(isa));
    uint32_t low = 0, high = memory_size - size, other;
    if (high > greatest)
        high = (uint32_t)greatest;
    if (!holds_up_to(&proof, 0, offset))
        return 0;
    /* Each answer is a proof of its own, so the search need not assume that the longest window is found this way. */
    while (low < high) {
        uint32_t middle = low + (high - low + 1) / 2;
        if (holds_up_to(&proof, middle, &other) && other == *offset)
            low = middle;
        else
            high = middle - 1;
    }
    return low + 1;
}
