/* statement.c: statements -> IR. */
#include "isa/internal.h"

#include <string.h>

static unsigned effect(struct context *context, enum isa_operator operator, unsigned a, unsigned b, unsigned c,
                       uint64_t constant)
{
    return isa_build(context->builder, (struct isa_node){(uint8_t)operator, 0, (uint16_t)a, (uint16_t)b, (uint16_t)c,
                                                         constant});
}

static void assign(struct context *context, const struct statement *statement)
{
    int number = isa_find_state(context->isa, statement->name);
    if (number < 0) {
        isa_context_error(context, &statement->place, "only states can be assigned; `let` gives a value a name",
                          "no state is called `%s`", statement->name);
        return;
    }
    if (context->in_translate)
        isa_context_error(context, &statement->place, NULL, "`translate` cannot change the machine");
    const struct isa_state *state = &context->isa->states[number];
    if (state->is_array != (statement->index != NULL)) {
        isa_context_error(context, &statement->place, state->is_array ? "choose one with [ ]" : "write name = value",
                          state->is_array ? "`%s` is an array" : "`%s` is not an array", state->name);
        return;
    }
    unsigned index = ISA_NONE;
    if (statement->index) {
        struct expression array = {.kind = EXPRESSION_NAME, .place = statement->place, .name = statement->name};
        struct expression element = {.kind = EXPRESSION_INDEX, .place = statement->place, .a = &array, .b = statement->index};
        index = context->builder->nodes[isa_elaborate_expression(context, &element, state->width)].b;
    }
    unsigned value = isa_elaborate_expression(context, statement->value, state->width);
    effect(context, ISA_WRITE, (unsigned)number, index, value, 0);
}

/* Emits one arm of an `if`; what it computes is not seen outside. */
static bool arm(struct context *context, const struct statement *statements)
{
    unsigned visible = context->builder->visible_count, bindings = context->binding_count;
    bool goes_on = isa_elaborate_statements(context, statements);
    context->builder->visible_count = visible;
    context->binding_count = bindings;
    return goes_on;
}

static bool choose(struct context *context, const struct statement *statement)
{
    struct builder *builder = context->builder;
    unsigned condition = isa_elaborate_expression(context, statement->value, 1);
    uint64_t known;
    if (isa_built_constant(builder, condition, &known))
        return arm(context, known ? statement->body : statement->otherwise);
    unsigned branch = effect(context, ISA_BRANCH, condition, ISA_NONE, ISA_NONE, 0);
    bool first = arm(context, statement->body);
    unsigned jump = ISA_NONE;
    if (first && statement->otherwise)
        jump = effect(context, ISA_JUMP, ISA_NONE, ISA_NONE, ISA_NONE, 0);
    builder->nodes[branch].constant = builder->count;
    bool second = arm(context, statement->otherwise);
    if (jump != ISA_NONE)
        builder->nodes[jump].constant = builder->count;
    return first || second;
}

static void trap(struct context *context, const struct isa_place *place, const char *name, unsigned value, unsigned access)
{
    isa_context_effect(context, place);
    for (unsigned i = 0; i < context->isa->cause_count; i++) {
        if (strcmp(context->isa->causes[i].name, name) == 0) {
            effect(context, ISA_TRAP, value, access, ISA_NONE, context->isa->causes[i].number);
            return;
        }
    }
    isa_context_error(context, place, "declare it: cause NAME = NUMBER \"what it means\"", "no cause is called `%s`", name);
}

static void trap_statement(struct context *context, const struct statement *statement)
{
    unsigned operands[2];
    if (statement->argument_count > 2)
        isa_context_error(context, &statement->place, "write trap CAUSE(value, access)", "a trap has at most two arguments");
    for (unsigned i = 0; i < 2; i++)
        operands[i] = i < statement->argument_count
                          ? isa_elaborate_expression(context, statement->arguments[i], context->isa->word_bits)
                          : isa_build_constant(context->builder, context->isa->word_bits, 0);
    trap(context, &statement->place, statement->name, operands[0], operands[1]);
}

/* if mode == user { trap privileged(instruction, 0) } */
static void require_supervisor(struct context *context, const struct statement *statement)
{
    struct builder *builder = context->builder;
    const struct isa *isa = context->isa;
    if (!context->has_word) {
        isa_context_error(context, &statement->place, NULL, "`require supervisor` belongs in instructions");
        return;
    }
    unsigned mode = isa_build(builder, (struct isa_node){ISA_READ, (uint8_t)isa->states[isa->mode].width,
                                                         (uint16_t)isa->mode, ISA_NONE, ISA_NONE, 0});
    unsigned branch = effect(context, ISA_BRANCH, mode, ISA_NONE, ISA_NONE, 0);
    unsigned visible = builder->visible_count;
    unsigned word = isa_build(builder, (struct isa_node){ISA_INSTRUCTION, (uint8_t)isa->instruction_bits, ISA_NONE, ISA_NONE,
                                                         ISA_NONE, 0});
    word = isa->instruction_bits > isa->word_bits ? isa_build_extract(builder, word, 0, isa->word_bits)
                                                  : isa_build_extend(builder, word, isa->word_bits, false);
    trap(context, &statement->place, "privileged", word, isa_build_constant(builder, isa->word_bits, 0));
    builder->visible_count = visible;
    builder->nodes[branch].constant = builder->count;
}

static void give_back(struct context *context, const struct statement *statement)
{
    if (!context->may_return) {
        isa_context_error(context, &statement->place, NULL, "nothing can be returned here");
        return;
    }
    unsigned value = isa_elaborate_expression(context, statement->value, context->return_width);
    context->return_width = context->builder->nodes[value].width;
    if (context->is_paragraph) {
        effect(context, ISA_RETURN, value, ISA_NONE, ISA_NONE, 0);
    } else if (context->result_local < 0) {
        context->result_node = value;
    } else {
        effect(context, ISA_LOCAL_SET, (unsigned)context->result_local, value, ISA_NONE, 0);
        if (context->jump_count == sizeof context->jumps / sizeof *context->jumps)
            isa_context_error(context, &statement->place, NULL, "too many returns in one function");
        else
            context->jumps[context->jump_count++] = effect(context, ISA_JUMP, ISA_NONE, ISA_NONE, ISA_NONE, 0);
    }
}

static void ignore(struct context *context, const struct statement *statement)
{
    if (!context->may_ignore)
        isa_context_error(context, &statement->place, NULL, "`ignore` belongs in `on interrupt`");
    effect(context, ISA_IGNORE, ISA_NONE, ISA_NONE, ISA_NONE, 0);
}

static void let(struct context *context, const struct statement *statement)
{
    isa_context_bind(context, &statement->place, statement->name, isa_elaborate_expression(context, statement->value, 0));
}

/* True when control can go past the statement. */
static bool one_statement(struct context *context, const struct statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_LET: let(context, statement); return true;
    case STATEMENT_ASSIGN: assign(context, statement); return true;
    case STATEMENT_IF: return choose(context, statement);
    case STATEMENT_TRAP: trap_statement(context, statement); return false;
    case STATEMENT_REQUIRE: require_supervisor(context, statement); return true;
    case STATEMENT_RETURN: give_back(context, statement); return false;
    case STATEMENT_IGNORE: ignore(context, statement); return false;
    case STATEMENT_CALL: break;
    }
    isa_elaborate_call(context, statement->value, 0);
    return true;
}

bool isa_elaborate_statements(struct context *context, const struct statement *statements)
{
    for (; statements; statements = statements->next) {
        if (one_statement(context, statements))
            continue;
        if (statements->next)
            isa_context_error(context, &statements->next->place, "take it away, or put what precedes it inside an `if`",
                              "this can never be reached");
        return false;
    }
    return true;
}
