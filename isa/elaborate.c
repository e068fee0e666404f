/* elaborate.c: declarations -> struct isa. States and instructions first, then the programs, then what must hold of the whole. */
#include "isa/internal.h"

#include <stdlib.h>
#include <string.h>

struct work {
    struct isa *isa;
    struct declaration *declarations;
    struct isa_diagnostics *diagnostics;
    struct context *context; /* for constants, and anew for each program */
    struct declaration **instruction_declarations;
};

static unsigned count_of(const struct declaration *list, enum declaration_kind kind)
{
    unsigned count = 0;
    for (; list; list = list->next)
        count += list->kind == kind;
    return count;
}

static void *room(struct work *work, enum declaration_kind kind, size_t size)
{
    return isa_arena_allocate(work->isa->arena, (count_of(work->declarations, kind) + 1) * size);
}

static void error(struct work *work, const struct isa_place *place, const char *advice, const char *message, const char *name)
{
    isa_diagnostics_error(work->diagnostics, place, ISA_EXIT_DATA, advice, message, name);
}

static unsigned constant(struct work *work, const struct declaration *declaration, uint64_t most)
{
    uint64_t value = 0;
    if (!isa_evaluate_constant(work->context, declaration->value, &value))
        error(work, &declaration->value->place, "use numbers and constants", "the number of `%s` is not constant",
              declaration->name);
    else if (value > most)
        error(work, &declaration->value->place, NULL, "the number of `%s` is too large", declaration->name);
    return (unsigned)value;
}

/* ---- States ------------------------------------------------------------------------------------------------------------ */

/* Splits the elements' names at blanks; there must be one for each. */
static void split_names(struct work *work, const struct declaration *declaration, struct isa_state *state)
{
    const char **names = isa_arena_allocate(work->isa->arena, state->count * sizeof *names);
    const char *rest = declaration->names;
    unsigned count = 0;
    for (;;) {
        rest += strspn(rest, " ");
        size_t length = strcspn(rest, " ");
        if (length == 0)
            break;
        if (count < state->count)
            names[count] = isa_arena_text(work->isa->arena, rest, length);
        count++;
        rest += length;
    }
    if (count != state->count)
        error(work, &declaration->place, "give one name for each, with blanks between",
              "the number of names and of elements of `%s` differ", declaration->name);
    else
        state->names = names;
}

static void make_states(struct work *work)
{
    struct isa *isa = work->isa;
    isa->states = room(work, DECLARE_STATE, sizeof *isa->states);
    for (struct declaration *d = work->declarations; d; d = d->next) {
        if (d->kind != DECLARE_STATE)
            continue;
        struct isa_state *state = &isa->states[isa->state_count++];
        *state = (struct isa_state){.name = d->name, .doc = d->doc ? d->doc : "", .count = d->count, .is_array = d->is_array,
                                    .width = d->width ? d->width : isa->word_bits, .slot = isa->slots, .zero = d->zero,
                                    .role = d->role, .duty = d->duty, .variant = d->variant};
        isa->slots += d->count;
        if (d->names)
            split_names(work, d, state);
    }
}

/* The one state with a role, which must be a scalar; -1 where there is none. */
static int sole_state(struct work *work, enum isa_role role, const char *role_name, unsigned width)
{
    int found = -1;
    for (unsigned i = 0; i < work->isa->state_count; i++) {
        const struct isa_state *state = &work->isa->states[i];
        if (state->role != role)
            continue;
        const struct declaration *d = isa_declaration_find(work->declarations, DECLARE_STATE, state->name);
        if (found >= 0)
            error(work, &d->place, NULL, "there are two states of role %s", role_name);
        if (state->is_array || state->width != width)
            error(work, &d->place, "it is a scalar: the program counter one word wide, a mode one bit",
                  "the state of role %s has the wrong shape", role_name);
        found = (int)i;
    }
    return found;
}

static unsigned needed_state(struct work *work, enum isa_role role, const char *role_name, unsigned width)
{
    int found = sole_state(work, role, role_name, width);
    if (found < 0)
        error(work, &work->isa->place, "declare it: state NAME : TYPE role ROLE", "there is no state of role %s", role_name);
    return found < 0 ? 0 : (unsigned)found;
}

static void find_special_states(struct work *work)
{
    struct isa *isa = work->isa;
    isa->program_counter = needed_state(work, ISA_ROLE_PROGRAM_COUNTER, "program_counter", isa->word_bits);
    isa->mode = needed_state(work, ISA_ROLE_MODE, "mode", 1);
    isa->guest_mode = sole_state(work, ISA_ROLE_GUEST_MODE, "guest_mode", 1);
    for (unsigned duty = 0; duty < ISA_DUTIES; duty++)
        isa->duties[duty] = -1;
    for (unsigned i = 0; i < isa->state_count; i++) {
        const struct isa_state *state = &isa->states[i];
        if (state->duty == ISA_DUTY_NOTHING)
            continue;
        const struct declaration *d = isa_declaration_find(work->declarations, DECLARE_STATE, state->name);
        if (isa->duties[state->duty] >= 0)
            error(work, &d->place, NULL, "another state has the duty of `%s` already", d->name);
        if (state->is_array)
            error(work, &d->place, "a duty is for a scalar", "the array `%s` cannot have a duty", d->name);
        isa->duties[state->duty] = (int)i;
    }
}

/* ---- Causes, ports, constants, costs ----------------------------------------------------------------------------------- */

static void make_causes(struct work *work)
{
    struct isa *isa = work->isa;
    isa->causes = room(work, DECLARE_CAUSE, sizeof *isa->causes);
    uint64_t most = UINT64_MAX >> (64 - isa->word_bits);
    for (struct declaration *d = work->declarations; d; d = d->next) {
        if (d->kind != DECLARE_CAUSE)
            continue;
        struct isa_cause cause = {.name = d->name, .doc = d->doc, .storage = d->storage, .exit = d->exits,
                                   .number = constant(work, d, most)};
        if (isa_cause_numbered(isa, cause.number))
            error(work, &d->place, "give it another", "another cause has the number of `%s`", d->name);
        isa->causes[isa->cause_count++] = cause;
    }
}

static void make_numbers(struct work *work)
{
    struct isa *isa = work->isa;
    isa->ports = room(work, DECLARE_PORT, sizeof *isa->ports);
    isa->constants = room(work, DECLARE_CONST, sizeof *isa->constants);
    for (struct declaration *d = work->declarations; d; d = d->next) {
        if (d->kind == DECLARE_PORT)
            isa->ports[isa->port_count++] = (struct isa_port){.name = d->name, .doc = d->doc, .variant = d->variant,
                                                              .number = constant(work, d, 255)};
        uint64_t value;
        if (d->kind == DECLARE_CONST && isa_evaluate_named_constant(work->context, d->name, &value))
            isa->constants[isa->constant_count++] = (struct isa_constant){.name = d->name, .value = value};
    }
}

/* Sets one of a preset's own figures; false when the name is not one of theirs. */
static bool set_figure(struct isa_cost *cost, const struct cost_pair *pair)
{
    struct { const char *name; unsigned *figure; } figures[] = {
        {"instruction", &cost->instruction}, {"trap", &cost->trap}, {"interrupt", &cost->interrupt}, {"psw", &cost->psw},
        {"port", &cost->port}};
    for (unsigned i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (strcmp(pair->name, figures[i].name) == 0) {
            *figures[i].figure = pair->cycles;
            return true;
        }
    }
    return false;
}

static void make_costs(struct work *work)
{
    struct isa *isa = work->isa;
    isa->costs = room(work, DECLARE_COST, sizeof *isa->costs);
    for (struct declaration *d = work->declarations; d; d = d->next) {
        if (d->kind != DECLARE_COST)
            continue;
        struct isa_cost *cost = &isa->costs[isa->cost_count++];
        struct isa_override *overrides = isa_arena_allocate(isa->arena, (d->pair_count + 1) * sizeof *overrides);
        *cost = (struct isa_cost){.name = d->name, .instruction = 1, .trap = 1, .interrupt = 1, .overrides = overrides};
        for (unsigned i = 0; i < d->pair_count; i++) {
            if (set_figure(cost, &d->pairs[i]))
                continue;
            /* a variant may have removed an instruction that its parent's preset names; a name never heard of is an error */
            if (!isa_declaration_find(work->declarations, DECLARE_INSTRUCTION, d->pairs[i].name) && !isa->parent)
                error(work, &d->pairs[i].place, "the figures are instruction, trap, interrupt, psw, port and mnemonics",
                      "no instruction is called `%s`", d->pairs[i].name);
            overrides[cost->override_count++] = (struct isa_override){d->pairs[i].name, d->pairs[i].cycles};
        }
    }
    if (isa->cost_count == 0)
        isa->costs[isa->cost_count++] = (struct isa_cost){.name = "uniform", .instruction = 1, .trap = 1, .interrupt = 1};
}

/* ---- Instructions ------------------------------------------------------------------------------------------------------ */

static void give_kind(struct work *work, struct isa_field *field, const struct token *at)
{
    const struct declaration *operand = isa_declaration_find(work->declarations, DECLARE_OPERAND, field->name);
    if (!operand) {
        error(work, &at->place, "declare it: operand NAME register STATE | signed | unsigned | relative",
              "the operand `%s` is not declared", field->name);
        return;
    }
    field->in_syntax = true;
    field->kind = operand->operand_kind;
    if (field->kind == ISA_SET) {
        field->letters = operand->operand_text;
        if (strlen(field->letters) != field->width)
            error(work, &at->place, "give a letter for each bit", "the letters of `%s` do not fit its width", field->name);
    }
    if (field->kind != ISA_REGISTER)
        return;
    int state = isa_find_state(work->isa, operand->operand_text);
    if (state < 0 || !work->isa->states[state].is_array)
        error(work, &operand->place, "it names an array of registers", "the operand `%s` is of no register array", field->name);
    else if (field->width > 16 || 1u << field->width > work->isa->states[state].count)
        error(work, &at->place, NULL, "the field `%s` can number more registers than there are", field->name);
    else
        field->state = (unsigned)state;
}

static void make_syntax(struct work *work, const struct declaration *d, struct isa_instruction *instruction)
{
    for (unsigned i = 0; i < d->syntax_token_count; i++) {
        const struct token *token = &d->syntax_tokens[i];
        if (token->kind == TOKEN_SYMBOL && strchr(",()", token->text[0]))
            continue;
        struct isa_field *field = NULL;
        for (unsigned f = 0; token->kind == TOKEN_NAME && f < instruction->field_count; f++)
            if (strcmp(instruction->fields[f].name, token->text) == 0)
                field = &instruction->fields[f];
        if (field)
            give_kind(work, field, token);
        else
            error(work, &token->place, "operands are fields of the layout, with , and ( ) between",
                  "`%s` is not a field of the layout", token->text);
    }
}

static void make_instructions(struct work *work)
{
    struct isa *isa = work->isa;
    isa->instructions = room(work, DECLARE_INSTRUCTION, sizeof *isa->instructions);
    work->instruction_declarations = room(work, DECLARE_INSTRUCTION, sizeof(struct declaration *));
    for (struct declaration *d = work->declarations; d; d = d->next) {
        if (d->kind != DECLARE_INSTRUCTION)
            continue;
        if (isa->instruction_count == 512) {
            error(work, &d->place, NULL, "`%s` is one instruction too many: 512 is the most", d->name);
            return;
        }
        struct isa_instruction *instruction = &isa->instructions[isa->instruction_count];
        *instruction = (struct isa_instruction){.name = d->name, .syntax = d->syntax, .doc = d->doc,
                                                .source = d->source ? d->source : "", .layout = d->layout_text,
                                                .execute = d->execute_text, .place = d->place, .variant = d->variant,
                                                .bits = isa->instruction_bits};
        instruction->place.text = NULL;
        if (isa_make_layout(d, instruction, work->diagnostics)) {
            make_syntax(work, d, instruction);
            work->instruction_declarations[isa->instruction_count++] = d;
        }
    }
}

/* ---- Programs ---------------------------------------------------------------------------------------------------------- */

/* A fresh context over a fresh program. */
static void begin_program(struct work *work)
{
    struct context *context = work->context;
    struct builder *builder = context->builder;
    *builder = (struct builder){.nodes = builder->nodes, .visible = builder->visible};
    *context = (struct context){.isa = work->isa, .declarations = work->declarations, .diagnostics = work->diagnostics,
                                .builder = builder, .result_node = ISA_NONE, .result_local = -1};
}

/* The states that a path can be in with regard to effects that happen at once. */
static void check_order(struct work *work, const struct declaration *d, const struct isa_program *program)
{
    bool touched[ISA_LONGEST_PROGRAM + 1] = {false}; /* a port, on some way to this node */
    unsigned writes[ISA_LONGEST_PROGRAM + 1] = {0};  /* the most, on any way to this node */
    bool reached[ISA_LONGEST_PROGRAM + 1] = {[0] = true};
    bool late = false, many = false;
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        enum isa_operator operator = node->operator;
        if (!reached[i])
            continue;
        late = late || (touched[i] && (operator == ISA_TRAP || operator == ISA_TRANSLATE));
        bool touches = touched[i] || operator == ISA_PORT_IN || operator == ISA_PORT_OUT || operator == ISA_DIAGNOSE;
        unsigned count = writes[i] + (operator == ISA_WRITE || operator == ISA_STORE);
        many = many || count > ISA_MOST_WRITES;
        bool ends = operator == ISA_TRAP || operator == ISA_IGNORE || operator == ISA_RETURN;
        unsigned next[2] = {i + 1, operator == ISA_BRANCH || operator == ISA_JUMP ? (unsigned)node->constant : i + 1};
        for (unsigned way = operator == ISA_JUMP; way < 2 && !ends; way++) {
            reached[next[way]] = true;
            touched[next[way]] = touched[next[way]] || touches;
            writes[next[way]] = count > writes[next[way]] ? count : writes[next[way]];
        }
    }
    if (late)
        error(work, &d->place, "do the port access last: it cannot be undone", "`%s` may trap after a port access", d->name);
    if (many)
        error(work, &d->place, NULL, "`%s` writes more than 64 times", d->name);
}

static struct isa_program end_program(struct work *work, const struct declaration *d, unsigned parameters)
{
    if (work->context->builder->overflow) {
        error(work, &d->place, "split it into several instructions", "`%s` is too long", d->name);
        return (struct isa_program){0};
    }
    struct isa_program program = isa_build_end(work->context->builder, work->isa->arena, parameters);
    check_order(work, d, &program);
    return program;
}

static void note_properties(const struct isa *isa, struct isa_instruction *instruction)
{
    for (unsigned i = 0; i < instruction->program.count; i++) {
        const struct isa_node *node = &instruction->program.nodes[i];
        instruction->reads_port |= node->operator == ISA_PORT_IN;
        instruction->writes_port |= node->operator == ISA_PORT_OUT;
        instruction->may_trap |= node->operator == ISA_TRAP || node->operator == ISA_TRANSLATE;
        if (node->operator == ISA_WRITE) {
            enum isa_role role = isa->states[node->a].role;
            instruction->loads_psw |= role == ISA_ROLE_MODE || role == ISA_ROLE_RELOCATION || role == ISA_ROLE_GUEST_MODE;
        }
    }
}

static void make_programs(struct work *work)
{
    for (unsigned i = 0; i < work->isa->instruction_count; i++) {
        const struct declaration *d = work->instruction_declarations[i];
        begin_program(work);
        work->context->instruction = &work->isa->instructions[i];
        work->context->has_word = true;
        isa_elaborate_statements(work->context, d->body);
        work->isa->instructions[i].program = end_program(work, d, 0);
        note_properties(work->isa, &work->isa->instructions[i]);
    }
}

static const struct paragraph_shape {
    const char *name;
    enum declaration_kind kind;
    unsigned parameters;
    bool returns, has_word, must_end, translates;
} shapes[ISA_PARAGRAPHS] = {
    [ISA_ON_RESET] = {"reset", DECLARE_ON, 1, false, false, false, false},
    [ISA_ON_TRAP] = {"trap", DECLARE_ON, 3, false, false, false, false},
    [ISA_ON_INTERRUPT] = {"interrupt", DECLARE_ON, 1, false, false, false, false},
    [ISA_ON_FETCH] = {"fetch", DECLARE_ON, 0, true, false, true, false},
    [ISA_ON_ILLEGAL] = {"illegal", DECLARE_ON, 0, false, true, true, false},
    [ISA_ON_TRANSLATE] = {"translate", DECLARE_FUNCTION, 3, true, false, true, true},
};

static void make_paragraph(struct work *work, enum isa_paragraph which)
{
    const struct paragraph_shape *shape = &shapes[which];
    const struct declaration *d = isa_declaration_find(work->declarations, shape->kind, shape->name);
    const char *kind = shape->kind == DECLARE_ON ? "on" : "function";
    if (!d) {
        /* a machine without interrupts needs no words about them */
        if (which != ISA_ON_INTERRUPT || work->isa->duties[ISA_DUTY_REQUESTS] >= 0)
            isa_diagnostics_error(work->diagnostics, &work->isa->place, ISA_EXIT_DATA, "every machine says what happens then",
                                  "there is no `%s %s`", kind, shape->name);
        return;
    }
    if (d->parameter_count != shape->parameters) {
        isa_diagnostics_error(work->diagnostics, &d->place, ISA_EXIT_DATA, NULL, "`%s %s` has %u parameter%s", kind, d->name,
                              shape->parameters, shape->parameters == 1 ? "" : "s");
        return;
    }
    begin_program(work);
    struct context *context = work->context;
    context->has_word = shape->has_word;
    context->may_ignore = which == ISA_ON_INTERRUPT;
    context->may_return = context->is_paragraph = shape->returns;
    context->return_width = which == ISA_ON_FETCH ? work->isa->instruction_bits : work->isa->word_bits;
    context->in_translate = shape->translates;
    for (unsigned i = 0; i < d->parameter_count; i++) {
        struct isa_node parameter = {ISA_PARAMETER, (uint8_t)work->isa->word_bits, (uint16_t)i, ISA_NONE, ISA_NONE, 0};
        isa_context_bind(context, &d->place, d->parameters[i].name, isa_build(context->builder, parameter));
    }
    if (isa_elaborate_statements(context, d->body) && shape->must_end)
        error(work, &d->place, shape->returns ? "end it with `return` or `trap`" : "end it with `trap`",
              "`%s` can end without a result", d->name);
    work->isa->paragraphs[which] = end_program(work, d, shape->parameters);
}

static void check_paragraph_name(struct work *work, const struct declaration *d)
{
    for (unsigned i = 0; i < ISA_PARAGRAPHS; i++)
        if (shapes[i].kind == DECLARE_ON && strcmp(shapes[i].name, d->name) == 0)
            return;
    error(work, &d->place, "there are reset, trap, interrupt, fetch, illegal", "nothing happens `on %s`", d->name);
}

/* What nothing calls must be right as well. */
static void check_the_rest(struct work *work)
{
    for (struct declaration *d = work->declarations; d; d = d->next) {
        if (d->kind == DECLARE_ON)
            check_paragraph_name(work, d);
        if (d->kind == DECLARE_FUNCTION && !d->called && strcmp(d->name, shapes[ISA_ON_TRANSLATE].name) != 0) {
            begin_program(work);
            isa_check_function(work->context, d);
        }
    }
}

/* ---- All of it --------------------------------------------------------------------------------------------------------- */

void isa_elaborate(struct isa *isa, struct declaration *declarations, struct isa_diagnostics *diagnostics)
{
    struct context *context = isa_arena_allocate(isa->arena, sizeof *context);
    struct builder *builder = isa_arena_allocate(isa->arena, sizeof *builder);
    builder->nodes = isa_arena_allocate(isa->arena, ISA_LONGEST_PROGRAM * sizeof *builder->nodes);
    builder->visible = isa_arena_allocate(isa->arena, ISA_LONGEST_PROGRAM * sizeof *builder->visible);
    context->builder = builder;
    struct work work = {.isa = isa, .declarations = declarations, .diagnostics = diagnostics, .context = context};
    begin_program(&work);
    make_states(&work);
    find_special_states(&work);
    make_causes(&work);
    make_numbers(&work);
    make_costs(&work);
    make_instructions(&work);
    isa_check_disjoint(isa, work.instruction_declarations, diagnostics);
    make_programs(&work);
    for (unsigned i = 0; i < ISA_PARAGRAPHS; i++)
        make_paragraph(&work, (enum isa_paragraph)i);
    check_the_rest(&work);
}
