/* operators.c: the operators of the IR as terms of Z3, a case per operator. Forks, traps and memory accesses, which
 * may lie outside physical memory, are symbolic.c's.
 *
 * Nothing here calls isa_apply: what a term means is Z3's, and replay holds the two against each other. */
#include "classifier/explore.h"

struct value classifier_value(Z3_ast bits)
{
    return (struct value){.term = bits, .origin = NO_ORIGIN};
}

static struct value truth_value(Z3_ast truth)
{
    return (struct value){.term = truth, .is_truth = true, .origin = NO_ORIGIN};
}

Z3_ast classifier_bits(struct classifier *c, struct value value)
{
    if (!value.is_truth)
        return value.term;
    return Z3_mk_ite(c->z3, value.term, classifier_number(c, 1, 1), classifier_number(c, 1, 0));
}

Z3_ast classifier_truth(struct classifier *c, struct value value)
{
    if (value.is_truth)
        return value.term;
    return Z3_mk_eq(c->z3, value.term, classifier_number(c, 1, 1));
}

/* ---- Arithmetic -------------------------------------------------------------------------------------------------- */

/* RISC-V's division. Z3's own gives the same for x / 0 unsigned and both remainders, but not for x / 0 signed. */
static Z3_ast divide_signed(struct classifier *c, Z3_ast a, Z3_ast b, unsigned width)
{
    Z3_ast zero = classifier_number(c, width, 0);
    return Z3_mk_ite(c->z3, Z3_mk_eq(c->z3, b, zero), Z3_mk_bvnot(c->z3, zero), Z3_mk_bvsdiv(c->z3, a, b));
}

/* Amounts of the width or more give 0 or all sign, in Z3 as here; an amount of another width is brought to it first. */
static Z3_ast shift(struct classifier *c, enum isa_operator operator, Z3_ast a, Z3_ast b)
{
    unsigned width = classifier_width(c, a), amount = classifier_width(c, b);
    unsigned both = width > amount ? width : amount;
    Z3_ast wide = operator== ISA_SHIFT_RIGHT_SIGNED ? Z3_mk_sign_ext(c->z3, both - width, a)
                                                    : classifier_resize(c, a, both);
    Z3_ast by = classifier_resize(c, b, both);
    Z3_ast result = operator == ISA_SHIFT_LEFT             ? Z3_mk_bvshl(c->z3, wide, by)
                    : operator == ISA_SHIFT_RIGHT_UNSIGNED ? Z3_mk_bvlshr(c->z3, wide, by)
                                                           : Z3_mk_bvashr(c->z3, wide, by);
    return classifier_resize(c, result, width);
}

static Z3_ast arithmetic(struct classifier *c, enum isa_operator operator, Z3_ast a, Z3_ast b)
{
    Z3_context z3 = c->z3;
    switch (operator) {
    case ISA_ADD: return Z3_mk_bvadd(z3, a, b);
    case ISA_SUB: return Z3_mk_bvsub(z3, a, b);
    case ISA_MUL: return Z3_mk_bvmul(z3, a, b);
    case ISA_DIVIDE_UNSIGNED: return Z3_mk_bvudiv(z3, a, b);
    case ISA_DIVIDE_SIGNED: return divide_signed(c, a, b, classifier_width(c, a));
    case ISA_REMAINDER_UNSIGNED: return Z3_mk_bvurem(z3, a, b);
    case ISA_REMAINDER_SIGNED: return Z3_mk_bvsrem(z3, a, b);
    case ISA_AND: return Z3_mk_bvand(z3, a, b);
    case ISA_OR: return Z3_mk_bvor(z3, a, b);
    case ISA_XOR: return Z3_mk_bvxor(z3, a, b);
    default: return shift(c, operator, a, b);
    }
}

/* Logic of one bit stays logic of truths, which Z3 simplifies well. */
static struct value one_bit(struct classifier *c, enum isa_operator operator, struct value a, struct value b)
{
    Z3_ast x = classifier_truth(c, a), y = classifier_truth(c, b);
    switch (operator) {
    case ISA_AND: return truth_value(Z3_mk_and(c->z3, 2, (Z3_ast[]){x, y}));
    case ISA_OR: return truth_value(Z3_mk_or(c->z3, 2, (Z3_ast[]){x, y}));
    default: return truth_value(Z3_mk_xor(c->z3, x, y));
    }
}

static struct value compare(struct classifier *c, enum isa_operator operator, struct value a, struct value b)
{
    if (operator == ISA_EQUAL && (a.is_truth || b.is_truth))
        return truth_value(Z3_mk_iff(c->z3, classifier_truth(c, a), classifier_truth(c, b)));
    Z3_ast x = classifier_bits(c, a), y = classifier_bits(c, b);
    if (operator == ISA_EQUAL)
        return truth_value(Z3_mk_eq(c->z3, x, y));
    return truth_value(operator == ISA_LESS_UNSIGNED ? Z3_mk_bvult(c->z3, x, y) : Z3_mk_bvslt(c->z3, x, y));
}

/* A physical address plus a constant remembers where it came from. */
static struct value add(struct classifier *c, struct value a, struct value b)
{
    struct value sum = classifier_value(Z3_mk_bvadd(c->z3, classifier_bits(c, a), classifier_bits(c, b)));
    uint64_t number;
    if (a.origin == NO_ORIGIN && b.origin != NO_ORIGIN) {
        struct value swap = a;
        a = b;
        b = swap;
    }
    if (a.origin != NO_ORIGIN && classifier_constant(c, classifier_simplify(c, classifier_bits(c, b)), &number) &&
        number < 4096) {
        sum.origin = a.origin;
        sum.offset = a.offset + (uint32_t)number;
    }
    return sum;
}

static struct value binary(struct classifier *c, enum isa_operator operator, struct value a, struct value b)
{
    bool narrow = a.is_truth || b.is_truth;
    if (narrow && (operator == ISA_AND || operator == ISA_OR || operator == ISA_XOR))
        return one_bit(c, operator, a, b);
    if (operator == ISA_ADD)
        return add(c, a, b);
    return classifier_value(arithmetic(c, operator, classifier_bits(c, a), classifier_bits(c, b)));
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

/* A field of the word: its pieces from the highest down, zeros between them. */
static Z3_ast field(struct classifier *c, Z3_ast word, const struct isa_field *f)
{
    Z3_ast result = NULL;
    unsigned next = f->width;
    while (next > 0) {
        const struct isa_piece *piece = NULL;
        unsigned below = 0; /* the highest bit under `next` that a piece ends at */
        for (unsigned i = 0; i < f->piece_count; i++) {
            unsigned end = (unsigned)f->pieces[i].field_low + f->pieces[i].width;
            if (end == next)
                piece = &f->pieces[i];
            else if (end < next && end > below)
                below = end;
        }
        Z3_ast part = piece != NULL
                          ? Z3_mk_extract(c->z3, (unsigned)piece->word_low + piece->width - 1, piece->word_low, word)
                          : classifier_number(c, next - below, 0);
        next = piece != NULL ? piece->field_low : below;
        result = result == NULL ? part : Z3_mk_concat(c->z3, result, part);
    }
    return result;
}

/* ---- State and devices ------------------------------------------------------------------------------------------- */

static Z3_ast choose_slot(struct classifier *c, const struct isa_state *s, const uint32_t *slots, Z3_ast index)
{
    Z3_ast result = classifier_number(c, s->width, 0);
    for (unsigned i = 0; i < s->count; i++)
        result = Z3_mk_ite(c->z3, Z3_mk_eq(c->z3, index, classifier_number(c, INDEX_BITS, i)),
                           classifier_number(c, s->width, slots[s->slot + i]), result);
    return result;
}

Z3_ast classifier_element(struct subject *subject, const struct symbolic_state *state, unsigned number, Z3_ast index)
{
    struct classifier *c = subject->c;
    const struct isa_state *s = isa_state_at(subject->isa, number);
    if (state->concrete != NULL)
        return choose_slot(c, s, state->concrete->slots, index);
    Z3_ast element = Z3_mk_app(c->z3, state->arrays[number], 1, &index);
    if (state->others[number] != NULL) {
        Z3_ast other = Z3_mk_app(c->z3, state->others[number], 1, &index);
        Z3_ast differs = state->selector == NULL
                             ? Z3_mk_true(c->z3)
                             : Z3_mk_eq(c->z3, state->selector, classifier_number(c, INDEX_BITS, number));
        element = classifier_simplify(c, Z3_mk_ite(c->z3, differs, other, element));
    }
    return element;
}

static struct value read_state(struct explorer *explorer, const struct isa_node *node, Z3_ast index)
{
    struct classifier *c = explorer->subject->c;
    const struct isa_state *s = isa_state_at(explorer->subject->isa, node->a);
    if (!s->is_array)
        return classifier_value(explorer->state->scalars[node->a]);
    if (index == NULL)
        index = classifier_number(c, INDEX_BITS, 0);
    index = classifier_simplify(c, classifier_resize(c, index, INDEX_BITS));
    Z3_ast element = classifier_element(explorer->subject, explorer->state, node->a, index);
    *APPEND(explorer->subject->pool, &explorer->path.reads) =
        (struct read){.kind = READ_ELEMENT, .state = node->a, .where = index, .what = element};
    if (s->zero >= 0) {
        Z3_ast is_zero = Z3_mk_eq(c->z3, index, classifier_number(c, INDEX_BITS, (uint64_t)s->zero));
        element = Z3_mk_ite(c->z3, is_zero, classifier_number(c, s->width, 0), element);
    }
    return classifier_value(element);
}

/* What the devices answer and become is a function of the port, what is written, and their state: any function. */
static Z3_ast device_function(struct classifier *c, const char *name, Z3_ast port, Z3_ast before, Z3_ast given)
{
    unsigned widths[3] = {32, DEVICE_BITS, 32};
    Z3_func_decl function = classifier_function(c, name, 3, widths, 32);
    return Z3_mk_app(c->z3, function, 3, (Z3_ast[]){port, before, given});
}

static struct value port(struct explorer *explorer, const struct isa_node *node, Z3_ast number, Z3_ast given)
{
    struct classifier *c = explorer->subject->c;
    bool is_write = given != NULL;
    struct device_step step = {
        .is_write = is_write,
        .port = classifier_simplify(c, classifier_resize(c, number, 32)),
        .before = explorer->path.device,
        .given = is_write ? classifier_simplify(c, classifier_resize(c, given, 32)) : classifier_number(c, 32, 0),
    };
    step.value = device_function(c, ".port_in", step.port, step.before, step.given);
    step.after = device_function(c, is_write ? ".after_out" : ".after_in", step.port, step.before, step.given);
    explorer->path.device = step.after;
    *APPEND(explorer->subject->pool, &explorer->path.steps) = step;
    return is_write ? (struct value){.origin = NO_ORIGIN}
                    : classifier_value(classifier_resize(c, step.value, node->width));
}

static void write_state(struct explorer *explorer, const struct isa_node *node, struct value *values)
{
    struct classifier *c = explorer->subject->c;
    const struct isa_state *s = isa_state_at(explorer->subject->isa, node->a);
    struct write write = {.state = node->a};
    if (s->is_array) {
        Z3_ast index = node->b == ISA_NONE ? classifier_number(c, INDEX_BITS, 0) : classifier_bits(c, values[node->b]);
        write.index = classifier_simplify(c, classifier_resize(c, index, INDEX_BITS));
    }
    write.value = classifier_simplify(c, classifier_resize(c, classifier_bits(c, values[node->c]), s->width));
    *APPEND(explorer->subject->pool, &explorer->path.writes) = write;
}

struct value classifier_operate(struct explorer *explorer, struct frame *frame, const struct isa_node *node)
{
    struct subject *subject = explorer->subject;
    struct classifier *c = subject->c;
    struct value *v = frame->values, nothing = {.origin = NO_ORIGIN};
    switch ((enum isa_operator)node->operator) {
    case ISA_CONSTANT: return classifier_value(classifier_number(c, node->width, node->constant));
    case ISA_PARAMETER: return frame->parameters[node->a];
    case ISA_FIELD:
        return classifier_value(
            classifier_resize(c, field(c, subject->word, &explorer->instruction->fields[node->a]), node->width));
    case ISA_INSTRUCTION: return classifier_value(classifier_resize(c, subject->word, node->width));
    case ISA_MEMORY_SIZE: return classifier_value(classifier_resize(c, explorer->state->memory_size, node->width));
    case ISA_EQUAL:
    case ISA_LESS_UNSIGNED:
    case ISA_LESS_SIGNED: return compare(c, node->operator, v[node->a], v[node->b]);
    case ISA_SELECT:
        if (node->width == 1)
            return truth_value(Z3_mk_ite(c->z3, classifier_truth(c, v[node->a]), classifier_truth(c, v[node->b]),
                                         classifier_truth(c, v[node->c])));
        return classifier_value(Z3_mk_ite(c->z3, classifier_truth(c, v[node->a]), classifier_bits(c, v[node->b]),
                                          classifier_bits(c, v[node->c])));
    case ISA_EXTRACT:
        return classifier_value(Z3_mk_extract(c->z3, (unsigned)node->constant + node->width - 1,
                                              (unsigned)node->constant, classifier_bits(c, v[node->a])));
    case ISA_CONCATENATE:
        return classifier_value(Z3_mk_concat(c->z3, classifier_bits(c, v[node->a]), classifier_bits(c, v[node->b])));
    case ISA_ZERO_EXTEND: return classifier_value(classifier_resize(c, classifier_bits(c, v[node->a]), node->width));
    case ISA_SIGN_EXTEND: {
        Z3_ast bits = classifier_bits(c, v[node->a]);
        return classifier_value(Z3_mk_sign_ext(c->z3, node->width - classifier_width(c, bits), bits));
    }
    case ISA_READ: return read_state(explorer, node, node->b == ISA_NONE ? NULL : classifier_bits(c, v[node->b]));
    case ISA_PORT_IN: return port(explorer, node, classifier_bits(c, v[node->a]), NULL);
    case ISA_PORT_OUT: return port(explorer, node, classifier_bits(c, v[node->a]), classifier_bits(c, v[node->b]));
    case ISA_DIAGNOSE: return classifier_value(classifier_number(c, node->width, 0));
    case ISA_WRITE: write_state(explorer, node, v); return nothing;
    case ISA_LOCAL_SET: frame->locals[node->a] = v[node->b]; return nothing;
    case ISA_LOCAL_GET: return frame->locals[node->a];
    default: return binary(c, node->operator, v[node->a], v[node->b]);
    }
}
