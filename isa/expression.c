/* expression.c: expressions -> IR. Every value's width is checked here. */
#include "isa/internal.h"

#include <stdarg.h>
#include <string.h>

void isa_context_error(struct context *context, const struct isa_place *place, const char *advice, const char *format, ...)
{
    char message[512];
    if (context->builder->overflow)
        return; /* the nodes are no longer those that were asked for: only the length is to blame */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    isa_diagnostics_error(context->diagnostics, place, ISA_EXIT_DATA, advice, "%s", message);
}

void isa_context_effect(struct context *context, const struct isa_place *place)
{
    if (context->conditional)
        isa_context_error(context, place, "both sides are evaluated: use an `if` statement",
                          "this may trap or has an effect, and stands inside `and`, `or` or `if then else`");
}

static unsigned width_of(const struct context *context, unsigned node)
{
    return context->builder->nodes[node].width;
}

/* Something of the right width to go on with after an error. */
static unsigned some_value(struct context *context, unsigned width)
{
    return isa_build_constant(context->builder, width ? width : context->isa->word_bits, 0);
}

static unsigned plain(struct context *context, enum isa_operator operator, unsigned width, unsigned a, unsigned b)
{
    return isa_build(context->builder,
                     (struct isa_node){(uint8_t)operator, (uint8_t)width, (uint16_t)a, (uint16_t)b, ISA_NONE, 0});
}

int isa_find_state(const struct isa *isa, const char *name)
{
    for (unsigned i = 0; i < isa->state_count; i++)
        if (strcmp(isa->states[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* ---- Names ------------------------------------------------------------------------------------------------------------- */

static const struct binding *find_binding(const struct context *context, const char *name)
{
    for (unsigned i = context->binding_count; i-- > context->scope_start;)
        if (strcmp(context->bindings[i].name, name) == 0)
            return &context->bindings[i];
    return NULL;
}

static int find_field(const struct context *context, const char *name)
{
    if (context->instruction)
        for (unsigned i = 0; i < context->instruction->field_count; i++)
            if (strcmp(context->instruction->fields[i].name, name) == 0)
                return (int)i;
    return -1;
}

bool isa_context_bind(struct context *context, const struct isa_place *place, const char *name, unsigned node)
{
    if (find_binding(context, name) || find_field(context, name) >= 0 || isa_find_state(context->isa, name) >= 0) {
        isa_context_error(context, place, "choose another name", "`%s` already names something here", name);
        return false;
    }
    if (context->binding_count == MOST_BINDINGS) {
        isa_context_error(context, place, NULL, "too many names are alive here");
        return false;
    }
    context->bindings[context->binding_count++] = (struct binding){name, node};
    return true;
}

bool isa_expression_flexible(const struct context *context, const struct expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_NUMBER: return expression->width == 0;
    case EXPRESSION_NAME:
        return !find_binding(context, expression->name) && find_field(context, expression->name) < 0 &&
               isa_find_state(context->isa, expression->name) < 0 &&
               (isa_declaration_find(context->declarations, DECLARE_CONST, expression->name) ||
                isa_declaration_find(context->declarations, DECLARE_PORT, expression->name));
    case EXPRESSION_UNARY: return strcmp(expression->name, "not") != 0 && isa_expression_flexible(context, expression->a);
    case EXPRESSION_BINARY:
        if (strcmp(expression->name, "<<") == 0 || strncmp(expression->name, ">>", 2) == 0)
            return isa_expression_flexible(context, expression->a);
        return strchr("+-*&|^/%", expression->name[0]) && strcmp(expression->name, "++") != 0 &&
               isa_expression_flexible(context, expression->a) && isa_expression_flexible(context, expression->b);
    default: return false;
    }
}

/* A number where `width` bits are asked for (0: a word). */
static unsigned number(struct context *context, const struct expression *at, uint64_t value, unsigned width)
{
    if (width == 0)
        width = at->width ? at->width : context->isa->word_bits;
    if (width < 64 && value >> width)
        isa_context_error(context, &at->place, NULL, "%llu does not fit in %u bit%s", (unsigned long long)value, width,
                          width == 1 ? "" : "s");
    return isa_build_constant(context->builder, width, value);
}

static unsigned undefined_name(struct context *context, const struct expression *at, unsigned width)
{
    const char *name = at->name;
    if (isa_declaration_find(context->declarations, DECLARE_FUNCTION, name))
        isa_context_error(context, &at->place, "call it: write its arguments in ( )", "`%s` is a function", name);
    else if (isa_declaration_find(context->declarations, DECLARE_CAUSE, name))
        isa_context_error(context, &at->place, "causes stand after `trap`", "`%s` is a cause", name);
    else
        isa_context_error(context, &at->place, "names are operands of the layout, states, constants, ports and `let`s above",
                          "nothing here is called `%s`", name);
    return some_value(context, width);
}

static unsigned name(struct context *context, const struct expression *at, unsigned width)
{
    const struct binding *binding = find_binding(context, at->name);
    if (binding)
        return binding->node;
    int field = find_field(context, at->name);
    if (field >= 0)
        return plain(context, ISA_FIELD, context->instruction->fields[field].width, (unsigned)field, ISA_NONE);
    int state = isa_find_state(context->isa, at->name);
    if (state >= 0 && context->isa->states[state].is_array) {
        isa_context_error(context, &at->place, "choose one with [ ]", "`%s` is an array", at->name);
        return some_value(context, width);
    }
    if (state >= 0)
        return plain(context, ISA_READ, context->isa->states[state].width, (unsigned)state, ISA_NONE);
    uint64_t value;
    if (isa_evaluate_named_constant(context, at->name, &value))
        return number(context, at, value, width);
    if (strcmp(at->name, "memory_size") == 0)
        return plain(context, ISA_MEMORY_SIZE, context->isa->word_bits, ISA_NONE, ISA_NONE);
    if (strcmp(at->name, "instruction") == 0 && context->has_word)
        return plain(context, ISA_INSTRUCTION, context->isa->instruction_bits, ISA_NONE, ISA_NONE);
    return undefined_name(context, at, width);
}

/* ---- Elements and slices ----------------------------------------------------------------------------------------------- */

static unsigned element(struct context *context, const struct expression *at, unsigned state_number)
{
    const struct isa_state *state = &context->isa->states[state_number];
    unsigned index = isa_elaborate_expression(context, at->b, 0);
    unsigned width = width_of(context, index);
    uint64_t value;
    bool constant = isa_built_constant(context->builder, index, &value);
    if (constant ? value >= state->count : width >= 32 || 1u << width > state->count)
        isa_context_error(context, &at->b->place, "narrow the index with [high:low]",
                          "this index can be beyond the %u elements of `%s`", state->count, state->name);
    return plain(context, ISA_READ, state->width, state_number, index);
}

static unsigned slice(struct context *context, const struct expression *at, unsigned width)
{
    if (isa_expression_flexible(context, at->a)) {
        isa_context_error(context, &at->a->place, "write it as number:width", "bits of a number whose width is not known");
        return some_value(context, width);
    }
    unsigned value = isa_elaborate_expression(context, at->a, 0);
    uint64_t high, low;
    if (!isa_evaluate_constant(context, at->b, &high) || (at->c && !isa_evaluate_constant(context, at->c, &low))) {
        isa_context_error(context, &at->b->place, "shift first, then take the bits", "the bits of a slice must be numbers");
        return some_value(context, width);
    }
    if (!at->c)
        low = high;
    if (high >= width_of(context, value) || low > high) {
        isa_context_error(context, &at->place, "write [high:low], counting from 0", "the value has %u bits only",
                          width_of(context, value));
        return some_value(context, width);
    }
    return isa_build_extract(context->builder, value, (unsigned)low, (unsigned)(high - low + 1));
}

static unsigned indexed(struct context *context, const struct expression *at, unsigned width)
{
    if (at->a->kind == EXPRESSION_NAME && !find_binding(context, at->a->name) && find_field(context, at->a->name) < 0) {
        int state = isa_find_state(context->isa, at->a->name);
        if (state >= 0 && context->isa->states[state].is_array) {
            if (at->c)
                isa_context_error(context, &at->c->place, "take the bits after the element: X[i][high:low]",
                                  "an element is chosen by one number");
            return element(context, at, (unsigned)state);
        }
    }
    return slice(context, at, width);
}

/* ---- Operators --------------------------------------------------------------------------------------------------------- */

static unsigned unary(struct context *context, const struct expression *at, unsigned width)
{
    struct builder *builder = context->builder;
    if (strcmp(at->name, "not") == 0)
        return isa_build_not(builder, isa_elaborate_expression(context, at->a, 1));
    bool negates = at->name[0] == '-';
    unsigned value = isa_elaborate_expression(context, at->a, isa_expression_flexible(context, at->a) ? width : 0);
    if (!negates)
        return isa_build_not(builder, value);
    unsigned wide = width_of(context, value);
    return isa_build_operation(builder, ISA_SUB, wide, isa_build_constant(builder, wide, 0), value);
}

static bool compares(const char *operator)
{
    return strcmp(operator, "==") == 0 || strcmp(operator, "!=") == 0 ||
           ((operator[0] == '<' || operator[0] == '>') && operator[0] != operator[1]);
}

/* Elaborates both sides, each deciding the other's width where that has none of its own. */
static bool both_sides(struct context *context, const struct expression *at, unsigned width, unsigned *a, unsigned *b)
{
    bool left_flexible = isa_expression_flexible(context, at->a), right_flexible = isa_expression_flexible(context, at->b);
    if (left_flexible && !right_flexible) {
        *b = isa_elaborate_expression(context, at->b, 0);
        *a = isa_elaborate_expression(context, at->a, width_of(context, *b));
    } else {
        *a = isa_elaborate_expression(context, at->a, left_flexible ? width : 0);
        *b = isa_elaborate_expression(context, at->b, right_flexible ? width_of(context, *a) : 0);
    }
    if (width_of(context, *a) == width_of(context, *b))
        return true;
    isa_context_error(context, &at->place, "widen one with zext(e, n) or sext(e, n), or narrow one with e[high:low]",
                      "`%s` between %u and %u bits", at->name, width_of(context, *a), width_of(context, *b));
    return false;
}

static unsigned comparison(struct context *context, const struct expression *at)
{
    unsigned a, b;
    if (!both_sides(context, at, 0, &a, &b))
        return some_value(context, 1);
    unsigned width = width_of(context, a);
    struct builder *builder = context->builder;
    if (at->name[0] == '=' || at->name[0] == '!') {
        unsigned equal = isa_build_operation(builder, ISA_EQUAL, width, a, b);
        return at->name[0] == '=' ? equal : isa_build_not(builder, equal);
    }
    enum isa_operator less = strchr(at->name, 's') ? ISA_LESS_SIGNED : ISA_LESS_UNSIGNED;
    bool greater = at->name[0] == '>', or_equal = at->name[1] == '=';
    /* a > b is b < a;  a <= b is not b < a;  a >= b is not a < b */
    unsigned result = greater != or_equal ? isa_build_operation(builder, less, width, b, a)
                                          : isa_build_operation(builder, less, width, a, b);
    return or_equal ? isa_build_not(builder, result) : result;
}

static unsigned logical(struct context *context, const struct expression *at)
{
    unsigned a = isa_elaborate_expression(context, at->a, 1);
    context->conditional++;
    unsigned b = isa_elaborate_expression(context, at->b, 1);
    context->conditional--;
    return isa_build_operation(context->builder, at->name[0] == 'a' ? ISA_AND : ISA_OR, 1, a, b);
}

static unsigned shifted(struct context *context, const struct expression *at, unsigned width)
{
    unsigned value = isa_elaborate_expression(context, at->a, isa_expression_flexible(context, at->a) ? width : 0);
    unsigned wide = width_of(context, value);
    unsigned amount = isa_elaborate_expression(context, at->b, isa_expression_flexible(context, at->b) ? wide : 0);
    if (width_of(context, amount) > wide) {
        isa_context_error(context, &at->b->place, "narrow it with [high:low]",
                          "the shift amount is wider than what is shifted");
        return some_value(context, width);
    }
    enum isa_operator operator = at->name[0] == '<' ? ISA_SHIFT_LEFT
                               : at->name[2] == 's' ? ISA_SHIFT_RIGHT_SIGNED : ISA_SHIFT_RIGHT_UNSIGNED;
    return isa_build_operation(context->builder, operator, wide, value,
                               isa_build_extend(context->builder, amount, wide, false));
}

static unsigned concatenation(struct context *context, const struct expression *at, unsigned width)
{
    if (isa_expression_flexible(context, at->a) || isa_expression_flexible(context, at->b)) {
        const struct expression *loose = isa_expression_flexible(context, at->a) ? at->a : at->b;
        isa_context_error(context, &loose->place, "write it as number:width, for example 0:12",
                          "`++` needs to know how wide this number is");
        return some_value(context, width);
    }
    unsigned high = isa_elaborate_expression(context, at->a, 0), low = isa_elaborate_expression(context, at->b, 0);
    unsigned total = width_of(context, high) + width_of(context, low);
    if (total > 64) {
        isa_context_error(context, &at->place, NULL, "a value has at most 64 bits, this has %u", total);
        return some_value(context, width);
    }
    uint64_t above, below;
    if (isa_built_constant(context->builder, high, &above) && isa_built_constant(context->builder, low, &below))
        return isa_build_constant(context->builder, total, above << width_of(context, low) | below);
    return plain(context, ISA_CONCATENATE, total, high, low);
}

static unsigned binary(struct context *context, const struct expression *at, unsigned width)
{
    static const struct { const char *spelling; enum isa_operator operator; } arithmetic[] = {
        {"+", ISA_ADD}, {"-", ISA_SUB}, {"*", ISA_MUL}, {"&", ISA_AND}, {"|", ISA_OR}, {"^", ISA_XOR},
        {"/u", ISA_DIVIDE_UNSIGNED}, {"/s", ISA_DIVIDE_SIGNED}, {"%u", ISA_REMAINDER_UNSIGNED},
        {"%s", ISA_REMAINDER_SIGNED}};
    if (compares(at->name))
        return comparison(context, at);
    if (strcmp(at->name, "and") == 0 || strcmp(at->name, "or") == 0)
        return logical(context, at);
    if (strcmp(at->name, "++") == 0)
        return concatenation(context, at, width);
    if (at->name[0] == '<' || at->name[0] == '>')
        return shifted(context, at, width);
    unsigned a, b;
    if (!both_sides(context, at, width, &a, &b))
        return some_value(context, width);
    for (unsigned i = 0; i < sizeof arithmetic / sizeof *arithmetic; i++)
        if (strcmp(at->name, arithmetic[i].spelling) == 0)
            return isa_build_operation(context->builder, arithmetic[i].operator, width_of(context, a), a, b);
    return some_value(context, width);
}

static unsigned choice(struct context *context, const struct expression *at, unsigned width)
{
    unsigned condition = isa_elaborate_expression(context, at->a, 1);
    context->conditional++;
    bool first_flexible = isa_expression_flexible(context, at->b);
    unsigned second = first_flexible ? isa_elaborate_expression(context, at->c, width) : 0;
    unsigned first = isa_elaborate_expression(context, at->b, first_flexible ? width_of(context, second) : width);
    if (!first_flexible)
        second = isa_elaborate_expression(context, at->c, width_of(context, first));
    context->conditional--;
    uint64_t known;
    if (isa_built_constant(context->builder, condition, &known))
        return known ? first : second;
    return isa_build(context->builder, (struct isa_node){ISA_SELECT, (uint8_t)width_of(context, first), (uint16_t)condition,
                                                         (uint16_t)first, (uint16_t)second, 0});
}

static unsigned any_expression(struct context *context, const struct expression *at, unsigned width)
{
    switch (at->kind) {
    case EXPRESSION_NUMBER: return number(context, at, at->number, at->width ? at->width : width);
    case EXPRESSION_NAME: return name(context, at, width);
    case EXPRESSION_INDEX: return indexed(context, at, width);
    case EXPRESSION_UNARY: return unary(context, at, width);
    case EXPRESSION_BINARY: return binary(context, at, width);
    case EXPRESSION_IF: return choice(context, at, width);
    case EXPRESSION_CALL: break;
    }
    unsigned result = isa_elaborate_call(context, at, width);
    if (result != ISA_NONE)
        return result;
    isa_context_error(context, &at->place, "it has no `return`: write it as a statement of its own",
                      "`%s` gives no value", at->name);
    return some_value(context, width);
}

unsigned isa_elaborate_expression(struct context *context, const struct expression *expression, unsigned width)
{
    unsigned node = any_expression(context, expression, width);
    if (width == 0 || width_of(context, node) == width)
        return node;
    isa_context_error(context, &expression->place,
                      width == 1 ? "compare it with something" : "use zext(e, n), sext(e, n) or e[high:low]",
                      "this has %u bit%s where %u %s asked for", width_of(context, node),
                      width_of(context, node) == 1 ? "" : "s", width, width == 1 ? "is" : "are");
    return some_value(context, width);
}
