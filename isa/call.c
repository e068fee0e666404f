/* call.c: calls -> IR: what is built in, and declared functions, which are written out where they are called. */
#include "isa/internal.h"

#include <string.h>

static unsigned build(struct context *context, enum isa_operator operator, unsigned width, unsigned a, unsigned b, unsigned c,
                      uint64_t constant)
{
    return isa_build(context->builder, (struct isa_node){(uint8_t)operator, (uint8_t)width, (uint16_t)a, (uint16_t)b,
                                                         (uint16_t)c, constant});
}

static bool arguments(struct context *context, const struct expression *call, unsigned count, const char *form)
{
    if (call->argument_count == count)
        return true;
    isa_context_error(context, &call->place, form, "`%s` takes %u argument%s, this has %u", call->name, count,
                      count == 1 ? "" : "s", call->argument_count);
    return false;
}

static unsigned word(struct context *context, const struct expression *expression)
{
    return isa_elaborate_expression(context, expression, context->isa->word_bits);
}

/* The size of an access: 1, 2 or 4 bytes, known here. */
static unsigned access_size(struct context *context, const struct expression *expression)
{
    uint64_t size;
    unsigned node = word(context, expression);
    if (isa_built_constant(context->builder, node, &size) && (size == 1 || size == 2 || size == 4))
        return (unsigned)size;
    if (context->parameters_unknown)
        return 1;
    isa_context_error(context, &expression->place, NULL, "the size of an access is 1, 2 or 4 bytes");
    return 1;
}

static unsigned translated(struct context *context, const struct expression *call, const struct expression *va, unsigned size,
                           unsigned access)
{
    isa_context_effect(context, &call->place);
    if (context->in_translate)
        isa_context_error(context, &call->place, "use physical_load", "`translate` cannot use what it defines");
    return build(context, ISA_TRANSLATE, context->isa->word_bits, word(context, va), size, access, 0);
}

enum { ACCESS_LOAD = 2, ACCESS_STORE = 3 };

static unsigned load(struct context *context, const struct expression *call, unsigned width)
{
    (void)width;
    bool named = strcmp(call->name, "load_from") == 0;
    if (!arguments(context, call, named ? 3 : 2, named ? "load_from(va, size, access)" : "load(va, size)"))
        return isa_build_constant(context->builder, 8, 0);
    unsigned size = access_size(context, call->arguments[1]);
    unsigned access = named ? word(context, call->arguments[2])
                            : isa_build_constant(context->builder, context->isa->word_bits, ACCESS_LOAD);
    unsigned size_node = isa_build_constant(context->builder, context->isa->word_bits, size);
    unsigned address = translated(context, call, call->arguments[0], size_node, access);
    return build(context, ISA_LOAD, size * 8, address, ISA_NONE, ISA_NONE, size);
}

static unsigned translate(struct context *context, const struct expression *call, unsigned width)
{
    (void)width;
    if (!arguments(context, call, 3, "translate(va, size, access)"))
        return isa_build_constant(context->builder, context->isa->word_bits, 0);
    unsigned size = word(context, call->arguments[1]), access = word(context, call->arguments[2]);
    return translated(context, call, call->arguments[0], size, access);
}

static unsigned physical_load(struct context *context, const struct expression *call, unsigned width)
{
    (void)width;
    if (!arguments(context, call, 2, "physical_load(address, size)"))
        return isa_build_constant(context->builder, 8, 0);
    unsigned size = access_size(context, call->arguments[1]);
    return build(context, ISA_LOAD, size * 8, word(context, call->arguments[0]), ISA_NONE, ISA_NONE, size);
}

static unsigned port_in(struct context *context, const struct expression *call, unsigned width)
{
    (void)width;
    isa_context_effect(context, &call->place);
    if (!arguments(context, call, 1, "port_in(port)"))
        return isa_build_constant(context->builder, context->isa->word_bits, 0);
    return build(context, ISA_PORT_IN, context->isa->word_bits, word(context, call->arguments[0]), ISA_NONE, ISA_NONE, 0);
}

static unsigned diagnose(struct context *context, const struct expression *call, unsigned width)
{
    (void)width;
    isa_context_effect(context, &call->place);
    if (!arguments(context, call, 2, "diagnose(function, argument)"))
        return isa_build_constant(context->builder, context->isa->word_bits, 0);
    unsigned function = word(context, call->arguments[0]), argument = word(context, call->arguments[1]);
    return build(context, ISA_DIAGNOSE, context->isa->word_bits, function, argument, ISA_NONE, 0);
}

static unsigned extend(struct context *context, const struct expression *call, unsigned asked)
{
    uint64_t width = 0;
    bool sign = call->name[0] == 's';
    if (!arguments(context, call, 2, sign ? "sext(e, bits)" : "zext(e, bits)"))
        return isa_build_constant(context->builder, asked ? asked : 1, 0);
    if (!isa_evaluate_constant(context, call->arguments[1], &width) || width < 1 || width > 64) {
        isa_context_error(context, &call->arguments[1]->place, NULL, "the new width is a number from 1 to 64");
        return isa_build_constant(context->builder, asked ? asked : 1, 0);
    }
    bool flexible = isa_expression_flexible(context, call->arguments[0]);
    unsigned value = isa_elaborate_expression(context, call->arguments[0], flexible ? (unsigned)width : 0);
    if (context->builder->nodes[value].width > width) {
        isa_context_error(context, &call->place, "narrow it with e[high:low]", "`%s` widens, but this has %u bits already",
                          call->name, context->builder->nodes[value].width);
        return isa_build_constant(context->builder, (unsigned)width, 0);
    }
    return isa_build_extend(context->builder, value, (unsigned)width, sign);
}

/* ---- Effects ----------------------------------------------------------------------------------------------------------- */

static unsigned store(struct context *context, const struct expression *call, unsigned width)
{
    (void)width;
    isa_context_effect(context, &call->place);
    bool physical = call->name[0] == 'p';
    if (!arguments(context, call, 3, physical ? "physical_store(address, size, value)" : "store(va, size, value)"))
        return ISA_NONE;
    unsigned bits = context->isa->word_bits;
    unsigned size = access_size(context, call->arguments[1]);
    unsigned value = isa_elaborate_expression(context, call->arguments[2], size * 8);
    unsigned address = physical ? word(context, call->arguments[0])
                                : translated(context, call, call->arguments[0], isa_build_constant(context->builder, bits, size),
                                             isa_build_constant(context->builder, bits, ACCESS_STORE));
    build(context, ISA_STORE, 0, address, value, ISA_NONE, size);
    return ISA_NONE;
}

static unsigned port_out(struct context *context, const struct expression *call, unsigned width)
{
    (void)width;
    isa_context_effect(context, &call->place);
    if (!arguments(context, call, 2, "port_out(port, value)"))
        return ISA_NONE;
    unsigned port = word(context, call->arguments[0]), value = word(context, call->arguments[1]);
    build(context, ISA_PORT_OUT, 0, port, value, ISA_NONE, 0);
    return ISA_NONE;
}

/* ---- Declared functions ------------------------------------------------------------------------------------------------ */

static bool returns_early(const struct statement *statements, bool nested)
{
    for (; statements; statements = statements->next) {
        if (statements->kind == STATEMENT_RETURN && nested)
            return true;
        if (statements->kind == STATEMENT_IF &&
            (returns_early(statements->body, true) || returns_early(statements->otherwise, true)))
            return true;
    }
    return false;
}

static bool enter(struct context *context, const struct expression *call)
{
    for (unsigned i = 0; i < context->call_count; i++) {
        if (strcmp(context->calls[i], call->name) == 0) {
            isa_context_error(context, &call->place, "every path must be finite", "`%s` calls itself", call->name);
            return false;
        }
    }
    if (context->call_count == DEEPEST_CALL) {
        isa_context_error(context, &call->place, NULL, "functions call each other too deep");
        return false;
    }
    context->calls[context->call_count++] = call->name;
    return true;
}

/* The arguments belong to the caller: they see its names, and may call the same function. */
static void elaborate_arguments(struct context *context, const struct expression *call, const struct declaration *function,
                                unsigned *nodes)
{
    for (unsigned i = 0; i < function->parameter_count; i++) {
        unsigned width = function->parameters[i].width ? function->parameters[i].width : context->isa->word_bits;
        nodes[i] = isa_elaborate_expression(context, call->arguments[i], width);
    }
}

static void bind_arguments(struct context *context, const struct declaration *function, const unsigned *nodes)
{
    context->scope_start = context->binding_count;
    context->instruction = NULL;
    for (unsigned i = 0; i < function->parameter_count; i++)
        isa_context_bind(context, &function->place, function->parameters[i].name, nodes[i]);
}

/* Elaborates the body; its value's node or ISA_NONE. */
static unsigned inline_body(struct context *context, const struct declaration *function)
{
    struct builder *builder = context->builder;
    bool early = returns_early(function->body, false);
    unsigned visible = builder->visible_count;
    context->may_return = true;
    context->is_paragraph = false;
    context->return_width = 0;
    context->result_node = ISA_NONE;
    context->result_local = early ? (int)builder->locals++ : -1;
    context->jump_count = 0;
    if (builder->locals > ISA_MOST_LOCALS) {
        isa_context_error(context, &function->place, NULL, "too many function results in one instruction");
        builder->locals = 1;
    }
    bool goes_on = isa_elaborate_statements(context, function->body);
    if (!early)
        return context->result_node;
    if (goes_on)
        isa_context_error(context, &function->place, "end it with `return`", "`%s` can end without a value", function->name);
    for (unsigned i = 0; i < context->jump_count; i++)
        builder->nodes[context->jumps[i]].constant = builder->count;
    builder->visible_count = visible; /* what was computed on one way to here was not on the other */
    unsigned width = context->return_width ? context->return_width : context->isa->word_bits;
    return build(context, ISA_LOCAL_GET, width, (unsigned)context->result_local, ISA_NONE, ISA_NONE, 0);
}

static unsigned call_function(struct context *context, const struct expression *call, struct declaration *function)
{
    function->called = true;
    unsigned nodes[8];
    if (context->builder->overflow || !arguments(context, call, function->parameter_count, NULL))
        return isa_build_constant(context->builder, context->isa->word_bits, 0);
    elaborate_arguments(context, call, function, nodes);
    if (!enter(context, call))
        return isa_build_constant(context->builder, context->isa->word_bits, 0);
    struct context saved = *context;
    bind_arguments(context, function, nodes);
    unsigned result = inline_body(context, function);
    *context = saved;
    context->call_count--;
    return result;
}

void isa_check_function(struct context *context, const struct declaration *function)
{
    context->parameters_unknown = true;
    context->has_word = true;
    for (unsigned i = 0; i < function->parameter_count; i++) {
        unsigned width = function->parameters[i].width ? function->parameters[i].width : context->isa->word_bits;
        unsigned node = build(context, ISA_PARAMETER, width, i, ISA_NONE, ISA_NONE, 0);
        isa_context_bind(context, &function->place, function->parameters[i].name, node);
    }
    context->calls[context->call_count++] = function->name;
    inline_body(context, function);
}

unsigned isa_elaborate_call(struct context *context, const struct expression *call, unsigned width)
{
    static const struct {
        const char *name;
        unsigned (*make)(struct context *context, const struct expression *call, unsigned width);
    } built_in[] = {{"load", load}, {"load_from", load}, {"translate", translate}, {"physical_load", physical_load},
                    {"port_in", port_in}, {"diagnose", diagnose}, {"zext", extend}, {"sext", extend}, {"store", store},
                    {"physical_store", store}, {"port_out", port_out}};
    for (unsigned i = 0; i < sizeof built_in / sizeof *built_in; i++)
        if (strcmp(call->name, built_in[i].name) == 0)
            return built_in[i].make(context, call, width);
    struct declaration *function = isa_declaration_find(context->declarations, DECLARE_FUNCTION, call->name);
    if (function)
        return call_function(context, call, function);
    isa_context_error(context, &call->place, NULL, "no function is called `%s`", call->name);
    return isa_build_constant(context->builder, width ? width : context->isa->word_bits, 0);
}
