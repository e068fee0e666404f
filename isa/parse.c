/* parse.c: a text's header and declarations. Expressions and statements have files of their own.
 *
 * After an error the parser goes on at the next declaration that begins a line, so that one run shows many errors. */
#include "isa/internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 100, MOST_ELEMENTS = 1024 };

static const char *const declaration_words[] = {"state", "const", "cause", "port", "operand", "function", "on", "instruction",
                                                "cost", "replace", "remove", "title", "source", "year", "verdict", "hidden", "word",
                                                "include", "instruction_bits"};

void isa_parser_error(struct parser *parser, const struct token *at, const char *advice, const char *format, ...)
{
    if (parser->failed)
        return; /* only the first error of a paragraph is sure to be one */
    parser->failed = true;
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    isa_diagnostics_error(parser->diagnostics, &at->place, ISA_EXIT_DATA, advice, "%s", message);
}

/* What was expected is missing: at the end of a line after what stands there, and not at the next line's beginning. */
static struct token place_of_missing(const struct parser *parser)
{
    struct token at = *parser->token;
    if (at.first_on_line && parser->token > parser->first) {
        at.place = parser->token[-1].place;
        at.place.column += at.place.length;
        at.place.length = 1;
    }
    return at;
}

bool isa_parser_enter(struct parser *parser)
{
    if (++parser->depth <= DEEPEST)
        return true;
    isa_parser_error(parser, parser->token, "name a part of it with `let`, or make it a function", "this is nested too deep");
    return false;
}

bool isa_parser_at(const struct parser *parser, const char *spelling)
{
    const struct token *token = parser->token;
    return !parser->failed && (token->kind == TOKEN_NAME || token->kind == TOKEN_SYMBOL) && strcmp(token->text, spelling) == 0;
}

bool isa_parser_accept(struct parser *parser, const char *spelling)
{
    if (!isa_parser_at(parser, spelling))
        return false;
    parser->token++;
    return true;
}

bool isa_parser_expect(struct parser *parser, const char *spelling, const char *advice)
{
    if (isa_parser_accept(parser, spelling))
        return true;
    struct token at = place_of_missing(parser);
    const char *quote = at.kind == TOKEN_END ? "" : "`";
    isa_parser_error(parser, &at, advice, "expected `%s` before %s%s%s", spelling, quote, at.text, quote);
    return false;
}

const char *isa_parser_name(struct parser *parser, const char *what)
{
    if (!parser->failed && parser->token->kind == TOKEN_NAME)
        return parser->token++->text;
    struct token at = place_of_missing(parser);
    isa_parser_error(parser, &at, NULL, "expected %s", what);
    return "";
}

const char *isa_parser_string(struct parser *parser, const char *what)
{
    if (!parser->failed && parser->token->kind == TOKEN_STRING)
        return parser->token++->text;
    struct token at = place_of_missing(parser);
    isa_parser_error(parser, &at, "write it in double quotes", "expected %s", what);
    return "";
}

uint64_t isa_parser_number(struct parser *parser, const char *what, uint64_t least, uint64_t most)
{
    if (parser->failed || parser->token->kind != TOKEN_NUMBER) {
        struct token at = place_of_missing(parser);
        isa_parser_error(parser, &at, NULL, "expected %s", what);
        return least;
    }
    const struct token *token = parser->token++;
    if (token->number < least || token->number > most) {
        isa_parser_error(parser, token, NULL, "%s must be between %llu and %llu", what, (unsigned long long)least,
                         (unsigned long long)most);
        return least;
    }
    return token->number;
}

/* ---- States ------------------------------------------------------------------------------------------------------------ */

struct word_value { const char *word; int value; };

static int choose(struct parser *parser, const struct word_value *choices, unsigned count, const char *what)
{
    const struct token *at = parser->token;
    const char *word = isa_parser_name(parser, what);
    char list[256] = "one of";
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(word, choices[i].word) == 0)
            return choices[i].value;
        strncat(list, i ? ", " : " ", sizeof list - strlen(list) - 1);
        strncat(list, choices[i].word, sizeof list - strlen(list) - 1);
    }
    isa_parser_error(parser, at, list, "`%s` is not %s", word, what);
    return 0;
}

static const struct word_value roles[] = {
    {"general", ISA_ROLE_GENERAL}, {"program_counter", ISA_ROLE_PROGRAM_COUNTER}, {"mode", ISA_ROLE_MODE},
    {"relocation", ISA_ROLE_RELOCATION}, {"resource", ISA_ROLE_RESOURCE}, {"time", ISA_ROLE_TIME},
    {"guest_mode", ISA_ROLE_GUEST_MODE}};
static const struct word_value duties[] = {
    {"countdown", ISA_DUTY_COUNTDOWN}, {"requests", ISA_DUTY_REQUESTS}, {"waiting", ISA_DUTY_WAITING},
    {"halted", ISA_DUTY_HALTED}, {"halt_code", ISA_DUTY_HALT_CODE}, {"identification", ISA_DUTY_IDENTIFICATION}};

static unsigned parse_type(struct parser *parser)
{
    if (isa_parser_accept(parser, "word"))
        return 0;
    if (isa_parser_accept(parser, "bit"))
        return 1;
    return (unsigned)isa_parser_number(parser, "a type: `word`, `bit` or a number of bits", 1, 32);
}

static void parse_state(struct parser *parser, struct declaration *state)
{
    state->name = isa_parser_name(parser, "the state's name");
    state->count = 1;
    state->zero = -1;
    if (isa_parser_accept(parser, "[")) {
        state->is_array = true;
        state->count = (unsigned)isa_parser_number(parser, "the number of elements", 1, MOST_ELEMENTS);
        isa_parser_expect(parser, "]", NULL);
    }
    isa_parser_expect(parser, ":", "write `state NAME : TYPE role ROLE`");
    state->width = parse_type(parser);
    while (!parser->failed) {
        if (isa_parser_accept(parser, "role")) {
            state->role = (enum isa_role)choose(parser, roles, sizeof roles / sizeof *roles, "a role");
            state->has_role = true;
        } else if (isa_parser_accept(parser, "acts")) {
            state->duty = (enum isa_duty)choose(parser, duties, sizeof duties / sizeof *duties, "a duty");
        } else if (isa_parser_accept(parser, "zero")) {
            state->zero = (int)isa_parser_number(parser, "the number of the element that reads as zero", 0, state->count - 1);
        } else if (isa_parser_accept(parser, "names")) {
            state->names = isa_parser_string(parser, "the elements' names");
        } else if (isa_parser_accept(parser, "doc")) {
            state->doc = isa_parser_string(parser, "a sentence");
        } else {
            break;
        }
    }
    struct token at = place_of_missing(parser);
    if (!parser->failed && !state->has_role)
        isa_parser_error(parser, &at, "add `role general`, `role resource`, ...: the classifier goes by it",
                         "the state `%s` has no role", state->name);
}

/* ---- The smaller declarations ------------------------------------------------------------------------------------------ */

static void parse_value(struct parser *parser, struct declaration *declaration)
{
    declaration->name = isa_parser_name(parser, "a name");
    isa_parser_expect(parser, "=", "write `NAME = VALUE`");
    declaration->value = isa_parse_expression(parser);
    if (declaration->kind == DECLARE_CAUSE) {
        declaration->storage = isa_parser_accept(parser, "storage");
        declaration->exits = isa_parser_accept(parser, "exit");
    }
    if (declaration->kind != DECLARE_CONST)
        declaration->doc = isa_parser_string(parser, "a sentence saying what it means");
}

static void parse_operand(struct parser *parser, struct declaration *operand)
{
    static const struct word_value kinds[] = {{"register", ISA_REGISTER}, {"signed", ISA_SIGNED}, {"unsigned", ISA_UNSIGNED},
                                              {"relative", ISA_RELATIVE}, {"set", ISA_SET}};
    operand->name = isa_parser_name(parser, "the operand's name");
    operand->operand_kind = (enum isa_operand_kind)choose(parser, kinds, sizeof kinds / sizeof *kinds, "a kind of operand");
    if (parser->failed)
        return;
    if (operand->operand_kind == ISA_REGISTER)
        operand->operand_text = isa_parser_name(parser, "the name of the register array");
    else if (operand->operand_kind == ISA_SET)
        operand->operand_text = isa_parser_string(parser, "the letters, bit 0 last");
}

static void parse_parameters(struct parser *parser, struct declaration *declaration)
{
    if (isa_parser_accept(parser, ")"))
        return;
    do {
        if (declaration->parameter_count == sizeof declaration->parameters / sizeof *declaration->parameters) {
            isa_parser_error(parser, parser->token, NULL, "a function has at most 8 parameters");
            return;
        }
        struct parameter *parameter = &declaration->parameters[declaration->parameter_count++];
        parameter->name = isa_parser_name(parser, "the parameter's name");
        if (isa_parser_accept(parser, ":"))
            parameter->width = parse_type(parser);
    } while (isa_parser_accept(parser, ","));
    isa_parser_expect(parser, ")", NULL);
}

static void parse_function(struct parser *parser, struct declaration *function)
{
    function->name = isa_parser_name(parser, "the name");
    if (isa_parser_accept(parser, "("))
        parse_parameters(parser, function);
    else if (function->kind == DECLARE_FUNCTION)
        isa_parser_expect(parser, "(", "a function has parameters, if only ()");
    function->body = isa_parse_block(parser);
}

static void parse_cost(struct parser *parser, struct declaration *cost)
{
    unsigned capacity = 0;
    cost->name = isa_parser_string(parser, "the preset's name");
    /* a name and a number: anything else is the next declaration */
    while (!parser->failed && parser->token->kind == TOKEN_NAME && parser->token[1].kind == TOKEN_NUMBER) {
        isa_arena_grow(parser->arena, (void **)&cost->pairs, cost->pair_count, &capacity, sizeof *cost->pairs);
        struct cost_pair *pair = &cost->pairs[cost->pair_count++];
        pair->place = parser->token->place;
        pair->name = parser->token++->text;
        pair->cycles = (unsigned)isa_parser_number(parser, "a number of cycles", 0, 1000000);
    }
}

/* ---- Instructions ------------------------------------------------------------------------------------------------------ */

static const char *text_between(struct parser *parser, size_t start, size_t end)
{
    while (start < end && strchr(" \t\r\n", parser->text[start]))
        start++;
    while (end > start && strchr(" \t\r\n", parser->text[end - 1]))
        end--;
    return isa_arena_text(parser->arena, parser->text + start, end - start);
}

/* The operands: the rest of the line after the name. */
static void parse_syntax(struct parser *parser, struct declaration *instruction)
{
    const struct token *first = parser->token;
    while (!parser->token->first_on_line)
        parser->token++;
    instruction->syntax_tokens = (struct token *)(uintptr_t)first;
    instruction->syntax_token_count = (unsigned)(parser->token - first);
    instruction->syntax = first == parser->token ? "" : text_between(parser, first->offset, parser->token[-1].end);
}

static void parse_instruction(struct parser *parser, struct declaration *instruction)
{
    const struct token *start = parser->token;
    instruction->name = isa_parser_name(parser, "the instruction's name");
    parse_syntax(parser, instruction);
    bool executes = false;
    while (!parser->failed) {
        const struct token *keyword = parser->token;
        if (isa_parser_accept(parser, "doc")) {
            instruction->doc = isa_parser_string(parser, "a sentence");
        } else if (isa_parser_accept(parser, "source")) {
            instruction->source = isa_parser_string(parser, "where it comes from");
        } else if (isa_parser_accept(parser, "layout")) {
            isa_parse_layout(parser, instruction);
            if (!parser->failed && parser->token > keyword + 1)
                instruction->layout_text = text_between(parser, keyword[1].offset, parser->token[-1].end);
        } else if (isa_parser_accept(parser, "execute")) {
            executes = true;
            const struct token *open = parser->token;
            instruction->body = isa_parse_block(parser);
            if (!parser->failed)
                instruction->execute_text = text_between(parser, open->end, parser->token[-1].offset);
        } else {
            break;
        }
    }
    if (!parser->failed && !instruction->layout)
        isa_parser_error(parser, start, "add its bits: `layout 0000000 rs2:5 ...`", "`%s` has no layout", instruction->name);
    if (!parser->failed && !executes)
        isa_parser_error(parser, start, "add its meaning: `execute { ... }`", "`%s` has no meaning", instruction->name);
    if (!parser->failed && !instruction->doc)
        isa_parser_error(parser, start, "add a sentence: `doc \"...\"`", "`%s` has no description", instruction->name);
}

/* ---- The file ---------------------------------------------------------------------------------------------------------- */

static bool declaration_kind(struct parser *parser, enum declaration_kind *kind)
{
    static const struct word_value kinds[] = {
        {"state", DECLARE_STATE}, {"const", DECLARE_CONST}, {"cause", DECLARE_CAUSE}, {"port", DECLARE_PORT},
        {"operand", DECLARE_OPERAND}, {"function", DECLARE_FUNCTION}, {"on", DECLARE_ON},
        {"instruction", DECLARE_INSTRUCTION}, {"cost", DECLARE_COST}};
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (isa_parser_accept(parser, kinds[i].word)) {
            *kind = (enum declaration_kind)kinds[i].value;
            return true;
        }
    }
    return false;
}

static void parse_body(struct parser *parser, struct declaration *declaration)
{
    switch (declaration->kind) {
    case DECLARE_STATE: parse_state(parser, declaration); break;
    case DECLARE_CONST: case DECLARE_CAUSE: case DECLARE_PORT: parse_value(parser, declaration); break;
    case DECLARE_OPERAND: parse_operand(parser, declaration); break;
    case DECLARE_FUNCTION: case DECLARE_ON: parse_function(parser, declaration); break;
    case DECLARE_INSTRUCTION: parse_instruction(parser, declaration); break;
    case DECLARE_COST: parse_cost(parser, declaration); break;
    }
}

static struct declaration *parse_declaration(struct parser *parser, const struct unit *unit)
{
    struct declaration *declaration = isa_arena_allocate(parser->arena, sizeof *declaration);
    declaration->place = parser->token->place;
    const struct token *action = parser->token;
    if (isa_parser_accept(parser, "replace"))
        declaration->action = ACTION_REPLACE;
    else if (isa_parser_accept(parser, "remove"))
        declaration->action = ACTION_REMOVE;
    if (declaration->action != ACTION_ADD && unit->kind != UNIT_VARIANT)
        isa_parser_error(parser, action, "begin the file with `variant \"NAME\" of \"PARENT\"`",
                         "only a variant can replace or remove");
    const struct token *word = parser->token;
    if (!declaration_kind(parser, &declaration->kind)) {
        isa_parser_error(parser, word, "declarations are state, const, cause, port, operand, function, on, instruction, cost",
                         "`%s` does not begin a declaration", word->text);
        return NULL;
    }
    declaration->place = parser->token->place;
    if (declaration->action != ACTION_REMOVE)
        parse_body(parser, declaration);
    else if (declaration->kind == DECLARE_COST)
        declaration->name = isa_parser_string(parser, "the preset's name");
    else
        declaration->name = isa_parser_name(parser, "the name of what is removed");
    return parser->failed ? NULL : declaration;
}

static void parse_includes(struct parser *parser, struct unit *unit)
{
    do {
        struct include *wider = isa_arena_allocate(parser->arena, (unit->include_count + 1) * sizeof *wider);
        if (unit->include_count)
            memcpy(wider, unit->includes, unit->include_count * sizeof *wider);
        unit->includes = wider;
        wider[unit->include_count].place = parser->token->place;
        wider[unit->include_count].file = isa_parser_string(parser, "the name of a file");
        unit->include_count += !parser->failed;
    } while (isa_parser_accept(parser, ","));
}

static bool parse_property(struct parser *parser, struct unit *unit)
{
    if (isa_parser_accept(parser, "title"))
        unit->title = isa_parser_string(parser, "the title");
    else if (isa_parser_accept(parser, "source"))
        unit->source = isa_parser_string(parser, "the source");
    else if (isa_parser_accept(parser, "year"))
        unit->year = (unsigned)isa_parser_number(parser, "the year of the source", 1900, 2999);
    else if (isa_parser_accept(parser, "verdict"))
        isa_parse_verdict(parser, unit);
    else if (isa_parser_accept(parser, "hidden"))
        isa_parse_hidden(parser, unit);
    else if (isa_parser_accept(parser, "word"))
        unit->word = (unsigned)isa_parser_number(parser, "the width of a word in bits", 1, 32);
    else if (isa_parser_accept(parser, "instruction_bits"))
        unit->instruction_bits = (unsigned)isa_parser_number(parser, "the length of an instruction in bits", 8, 32);
    else if (isa_parser_accept(parser, "include"))
        parse_includes(parser, unit);
    else
        return false;
    return true;
}

static void parse_header(struct parser *parser, struct unit *unit)
{
    const struct token *first = parser->token;
    if (isa_parser_accept(parser, "isa"))
        unit->kind = UNIT_ISA;
    else if (isa_parser_accept(parser, "part"))
        unit->kind = UNIT_PART;
    else if (isa_parser_accept(parser, "variant"))
        unit->kind = UNIT_VARIANT;
    else
        isa_parser_error(parser, first, "begin with `isa \"NAME\"` or `variant \"NAME\" of \"PARENT\"`",
                         "this is not a specification");
    unit->place = parser->token->place;
    unit->name = isa_parser_string(parser, "the name");
    if (unit->kind == UNIT_VARIANT && isa_parser_expect(parser, "of", "write `variant \"NAME\" of \"PARENT\"`")) {
        unit->parent_place = parser->token->place;
        unit->parent = isa_parser_string(parser, "the parent's name");
    }
}

static void recover(struct parser *parser)
{
    parser->failed = false;
    parser->depth = 0;
    parser->in_index = false;
    for (; parser->token->kind != TOKEN_END; parser->token++) {
        if (!parser->token->first_on_line || parser->token->kind != TOKEN_NAME)
            continue;
        for (unsigned i = 0; i < sizeof declaration_words / sizeof *declaration_words; i++)
            if (strcmp(parser->token->text, declaration_words[i]) == 0)
                return;
    }
}

struct unit *isa_parse(struct arena *arena, const char *file, const char *text, struct isa_diagnostics *diagnostics)
{
    struct parser parser = {.arena = arena, .diagnostics = diagnostics, .text = text};
    parser.first = parser.token = isa_tokenize(arena, file, text, diagnostics);
    struct unit *unit = isa_arena_allocate(arena, sizeof *unit);
    parse_header(&parser, unit);
    struct declaration **last = &unit->declarations;
    while (parser.failed || parser.token->kind != TOKEN_END) {
        if (parser.failed) {
            recover(&parser);
            continue;
        }
        if (parse_property(&parser, unit))
            continue;
        const struct token *before = parser.token;
        struct declaration *declaration = parse_declaration(&parser, unit);
        if (declaration) {
            *last = declaration;
            last = &declaration->next;
        } else if (parser.token == before) {
            parser.token++; /* always forward */
        }
    }
    return unit;
}
