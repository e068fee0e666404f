/* fast_proof.c: for which virtual addresses `translate` is simply a move. It is evaluated over intervals: the virtual
 * address is anything from `first` to `last`, everything else is known. Where every test on the way comes out the same
 * for all of these addresses, no trap is reached, and the result is the address plus a constant, inside of memory, an
 * access in that interval needs no `translate` at all. What it loads from memory must have a known address, and is
 * noted: the proof holds until that is changed. It is a proof, made at run time, for whatever `translate` was loaded;
 * where it fails, every access is translated by itself, and that is right too. */
#include "machine/fast.h"

/* All values from `low` to `high`; when `moved`, exactly the virtual address + `distance`. */
struct interval {
    uint64_t low, high;
    bool moved;
    int64_t distance;
};

/* The values of the nodes evaluated so far, and of the local variables. */
struct values {
    struct interval *nodes, locals[ISA_MOST_LOCALS];
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

/* The low `width` bits: a move, where all values have the same bits above. */
static struct interval low_bits(struct interval a, unsigned width)
{
    uint64_t above = a.low & ~ones(width);
    if ((a.high & ~ones(width)) != above)
        return anything(width);
    return (struct interval){a.low - above, a.high - above, a.moved, a.moved ? a.distance - (int64_t)above : 0};
}

/* Where they have no bit in common, or is plus. (What is moved stays below 2^62, so that distances cannot overflow.) */
static struct interval join(uint64_t above, struct interval a)
{
    bool moved = a.moved && a.high + above < UINT64_C(1) << 62;
    return (struct interval){a.low + above, a.high + above, moved, moved ? a.distance + (int64_t)above : 0};
}

/* All ones up to the highest bit that a value can have. */
static uint64_t bits_of(struct interval a)
{
    return a.high ? ones(64 - (unsigned)__builtin_clzll(a.high)) : 0;
}

static bool are_low_bits(uint64_t mask)
{
    return (mask & (mask + 1)) == 0;
}

/* A mask of low bits keeps what is moved; one of all bits but low ones rounds down, and that keeps the order. */
static struct interval and(unsigned width, struct interval a, struct interval b)
{
    if (is_known(b) && !is_known(a))
        return and(width, b, a);
    if (is_known(a) && a.low && are_low_bits(a.low))
        return low_bits(b, 64 - (unsigned)__builtin_clzll(a.low));
    if (is_known(a) && are_low_bits(ones(width) & ~a.low))
        return (struct interval){b.low & a.low, b.high & a.low, false, 0};
    return a.high == 0 || b.high == 0 ? exactly(0) : anything(width);
}

static struct interval or(unsigned width, struct interval a, struct interval b)
{
    if (is_known(b) && !is_known(a))
        return or(width, b, a);
    if (is_known(a) && a.low == ones(width))
        return a;
    return is_known(a) && (a.low & bits_of(b)) == 0 ? join(a.low, b) : anything(width);
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
    case ISA_AND: return and(node->width, a, b);
    case ISA_OR: return or(node->width, a, b);
    case ISA_SHIFT_RIGHT_UNSIGNED:
        if (is_known(b) && b.low < node->width)
            return (struct interval){a.low >> b.low, a.high >> b.low, false, 0};
        return anything(node->width);
    default: return anything(node->width);
    }
}

static struct interval convert(const struct isa_node *node, unsigned from, struct interval a)
{
    if (node->operator == ISA_ZERO_EXTEND || (node->operator == ISA_SIGN_EXTEND && a.high <= ones(from) >> 1))
        return a;
    if (node->operator == ISA_SIGN_EXTEND)
        return is_known(a) ? exactly((uint64_t)isa_signed(a.low, from) & ones(node->width)) : anything(node->width);
    if (node->constant)
        a = (struct interval){a.low >> node->constant, a.high >> node->constant, false, 0};
    return low_bits(a, node->width);
}

static struct interval concatenate(const struct isa_node *node, unsigned low_width, struct interval a, struct interval b)
{
    return is_known(a) ? join(a.low << low_width, b) : anything(node->width);
}

/* What is beyond memory reads as zero. */
static bool load(struct fast_proof *proof, const struct isa_node *node, struct interval address, struct interval *value)
{
    unsigned bytes = (unsigned)node->constant;
    if (!proof->memory || !is_known(address))
        return false;
    if (bytes > proof->memory_size || address.low > proof->memory_size - bytes) {
        *value = exactly(0);
        return true;
    }
    if (proof->load_count == FAST_MOST_LOADS)
        return false;
    const uint8_t *at = proof->memory + address.low;
    uint32_t loaded = bytes == 1 ? fast_load1(at) : bytes == 2 ? fast_load2(at) : fast_load4(at);
    *value = exactly(loaded & ones(node->width));
    proof->loads[proof->load_count++] = (struct fast_range){(uint32_t)address.low, (uint32_t)address.low + bytes};
    return true;
}

static bool value_of(struct fast_proof *proof, struct values *known, const struct isa_program *program, unsigned number)
{
    const struct isa_node *node = &program->nodes[number];
    struct interval *values = known->nodes, *value = &values[number];
    switch ((enum isa_operator)node->operator) {
    case ISA_CONSTANT: *value = exactly(node->constant); return true;
    case ISA_PARAMETER:
        *value = node->a == 0 ? (struct interval){proof->first, proof->last, true, 0}
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
    case ISA_LOAD: return load(proof, node, values[node->a], value);
    case ISA_EXTRACT: case ISA_ZERO_EXTEND: case ISA_SIGN_EXTEND:
        *value = convert(node, program->nodes[node->a].width, values[node->a]);
        return true;
    case ISA_CONCATENATE:
        *value = concatenate(node, program->nodes[node->b].width, values[node->a], values[node->b]);
        return true;
    case ISA_SELECT:
        *value = is_known(values[node->a]) ? values[values[node->a].low ? node->b : node->c] : anything(node->width);
        return true;
    case ISA_LOCAL_SET: known->locals[node->a] = values[node->b]; return true;
    case ISA_LOCAL_GET: *value = known->locals[node->a]; return true;
    default:
        if (node->operator < ISA_ADD || node->operator > ISA_LESS_SIGNED)
            return false; /* it has effects, or is no value */
        *value = binary(node, program->nodes[node->a].width, values[node->a], values[node->b]);
        return true;
    }
}

/* A result that is one address only is moved by some distance, whatever became of it on the way. */
static bool conclude(struct fast_proof *proof, struct interval result)
{
    if (proof->first == proof->last && is_known(result)) {
        result.moved = true;
        result.distance = (int64_t)result.low - (int64_t)proof->first;
    }
    proof->distance = result.distance;
    return result.moved && result.high <= proof->memory_size - proof->size;
}

bool machine_fast_prove(struct fast_proof *proof)
{
    const struct isa_program *program = isa_paragraph(proof->isa, ISA_ON_TRANSLATE);
    struct interval nodes[program->count + 1];
    struct values values = {.nodes = nodes};
    proof->load_count = 0;
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        if (node->operator == ISA_JUMP) {
            i = (unsigned)node->constant - 1;
        } else if (node->operator == ISA_BRANCH) {
            if (!is_known(nodes[node->a]))
                return false;
            if (nodes[node->a].low == 0)
                i = (unsigned)node->constant - 1;
        } else if (node->operator == ISA_RETURN) {
            return conclude(proof, nodes[node->a]);
        } else if (!value_of(proof, &values, program, i)) {
            return false; /* also: a trap */
        }
    }
    return false;
}
