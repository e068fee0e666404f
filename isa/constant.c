/* constant.c: values known from the text alone: constants, ports, sizes, bits of a slice. */
#include "isa/internal.h"

#include <string.h>

static bool apply_binary(const char *operator, uint64_t a, uint64_t b, uint64_t *value)
{
    static const struct { const char *spelling; enum isa_operator operator; } known[] = {
        {"+", ISA_ADD}, {"-", ISA_SUB}, {"*", ISA_MUL}, {"/u", ISA_DIVIDE_UNSIGNED}, {"%u", ISA_REMAINDER_UNSIGNED},
        {"&", ISA_AND}, {"|", ISA_OR}, {"^", ISA_XOR}, {"<<", ISA_SHIFT_LEFT}, {">>u", ISA_SHIFT_RIGHT_UNSIGNED}};
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(operator, known[i].spelling) == 0) {
            *value = isa_apply(known[i].operator, 64, a, b);
            return true;
        }
    }
    return false;
}

bool isa_evaluate_named_constant(struct context *context, const char *name, uint64_t *value)
{
    struct declaration *declaration = isa_declaration_find(context->declarations, DECLARE_CONST, name);
    if (!declaration)
        declaration = isa_declaration_find(context->declarations, DECLARE_PORT, name);
    if (!declaration)
        return false;
    *value = 0;
    if (declaration->busy) {
        isa_context_error(context, &declaration->place, NULL, "the constant `%s` is defined by itself", name);
        return true;
    }
    declaration->busy = true;
    if (!isa_evaluate_constant(context, declaration->value, value))
        isa_context_error(context, &declaration->value->place, "use numbers and other constants",
                          "the value of `%s` is not constant", name);
    declaration->busy = false;
    return true;
}

bool isa_evaluate_constant(struct context *context, const struct expression *expression, uint64_t *value)
{
    uint64_t a, b;
    switch (expression->kind) {
    case EXPRESSION_NUMBER:
        *value = expression->number;
        return true;
    case EXPRESSION_NAME:
        return isa_evaluate_named_constant(context, expression->name, value);
    case EXPRESSION_UNARY:
        if (strcmp(expression->name, "not") == 0 || !isa_evaluate_constant(context, expression->a, &a))
            return false;
        *value = expression->name[0] == '-' ? 0 - a : ~a;
        return true;
    case EXPRESSION_BINARY:
        return isa_evaluate_constant(context, expression->a, &a) && isa_evaluate_constant(context, expression->b, &b) &&
               apply_binary(expression->name, a, b, value);
    default:
        return false;
    }
}
