/* parse_expression.c: expressions, by precedence climbing; arguments; and the layouts of instructions. */
#include "isa/internal.h"

#include <string.h>

/* Binary operators by precedence: higher binds closer. docs/specification-language.md has the same table. */
static const struct { const char *spelling; int precedence; } binary_operators[] = {
    {"or", 1},  {"and", 2},  {"==", 4},  {"!=", 4},  {"<u", 4}, {"<s", 4}, {"<=u", 4}, {"<=s", 4}, {">u", 4}, {">s", 4},
    {">=u", 4}, {">=s", 4},  {"|", 5},   {"^", 6},   {"&", 7},  {"<<", 8}, {">>u", 8}, {">>s", 8}, {"++", 9}, {"+", 10},
    {"-", 10},  {"*", 11},   {"/u", 11}, {"/s", 11}, {"%u", 11}, {"%s", 11}};

enum { PRECEDENCE_NOT = 3, PRECEDENCE_COMPARE = 4 };

static struct expression *parse_binary(struct parser *parser, int least);

static struct expression *new_expression(struct parser *parser, enum expression_kind kind, const struct token *at)
{
    struct expression *expression = isa_arena_allocate(parser->arena, sizeof *expression);
    expression->kind = kind;
    expression->place = at->place;
    return expression;
}

/* Makes an expression's place reach up to the token just read, where that is on the same line. */
static void stretch(struct parser *parser, struct expression *expression)
{
    const struct isa_place *last = &parser->token[-1].place;
    if (last->line == expression->place.line && last->column + last->length > expression->place.column)
        expression->place.length = last->column + last->length - expression->place.column;
}

struct expression **isa_parse_arguments(struct parser *parser, unsigned *count)
{
    struct expression **arguments = NULL;
    unsigned capacity = 0;
    *count = 0;
    bool outer = parser->in_index;
    parser->in_index = false;
    if (!isa_parser_at(parser, ")")) {
        do {
            isa_arena_grow(parser->arena, (void **)&arguments, *count, &capacity, sizeof(struct expression *));
            arguments[(*count)++] = isa_parse_expression(parser);
        } while (isa_parser_accept(parser, ","));
    }
    isa_parser_expect(parser, ")", NULL);
    parser->in_index = outer;
    return arguments;
}

static struct expression *parse_number(struct parser *parser)
{
    const struct token *token = parser->token++;
    struct expression *number = new_expression(parser, EXPRESSION_NUMBER, token);
    number->number = token->number;
    if (!parser->in_index && isa_parser_accept(parser, ":")) {
        number->width = (unsigned)isa_parser_number(parser, "the number's width in bits", 1, 64);
        stretch(parser, number);
    }
    return number;
}

static struct expression *parse_if(struct parser *parser, const struct token *start)
{
    struct expression *choice = new_expression(parser, EXPRESSION_IF, start);
    choice->a = isa_parse_expression(parser);
    isa_parser_expect(parser, "then", "an `if` inside an expression reads `if c then a else b`");
    choice->b = isa_parse_expression(parser);
    isa_parser_expect(parser, "else", "an `if` inside an expression reads `if c then a else b`");
    choice->c = isa_parse_expression(parser);
    return choice;
}

static struct expression *parse_primary(struct parser *parser)
{
    const struct token *start = parser->token;
    if (start->kind == TOKEN_NUMBER)
        return parse_number(parser);
    if (isa_parser_accept(parser, "(")) {
        bool outer = parser->in_index;
        parser->in_index = false;
        struct expression *inner = isa_parse_expression(parser);
        parser->in_index = outer;
        isa_parser_expect(parser, ")", NULL);
        return inner;
    }
    if (isa_parser_accept(parser, "if"))
        return parse_if(parser, start);
    struct expression *expression = new_expression(parser, EXPRESSION_NAME, start);
    expression->name = isa_parser_name(parser, "a value");
    if (isa_parser_accept(parser, "(")) {
        expression->kind = EXPRESSION_CALL;
        expression->arguments = isa_parse_arguments(parser, &expression->argument_count);
        stretch(parser, expression);
    }
    return expression;
}

static struct expression *parse_postfix(struct parser *parser)
{
    const struct token *start = parser->token;
    struct expression *expression = parse_primary(parser);
    while (isa_parser_accept(parser, "[")) {
        struct expression *index = new_expression(parser, EXPRESSION_INDEX, start);
        bool outer = parser->in_index;
        parser->in_index = true;
        index->a = expression;
        index->b = isa_parse_expression(parser);
        if (isa_parser_accept(parser, ":"))
            index->c = isa_parse_expression(parser);
        parser->in_index = outer;
        isa_parser_expect(parser, "]", NULL);
        stretch(parser, index);
        expression = index;
    }
    return expression;
}

static struct expression *parse_unary(struct parser *parser)
{
    const struct token *start = parser->token;
    if (!isa_parser_at(parser, "-") && !isa_parser_at(parser, "~") && !isa_parser_at(parser, "not"))
        return parse_postfix(parser);
    struct expression *unary = new_expression(parser, EXPRESSION_UNARY, start);
    unary->name = parser->token++->text;
    if (isa_parser_enter(parser)) {
        unary->a = strcmp(unary->name, "not") == 0 ? parse_binary(parser, PRECEDENCE_NOT + 1) : parse_unary(parser);
        parser->depth--;
    }
    stretch(parser, unary);
    return unary;
}

static int precedence(const struct parser *parser)
{
    for (unsigned i = 0; i < sizeof binary_operators / sizeof *binary_operators; i++)
        if (isa_parser_at(parser, binary_operators[i].spelling))
            return binary_operators[i].precedence;
    return 0;
}

static struct expression *parse_binary(struct parser *parser, int least)
{
    const struct token *start = parser->token;
    struct expression *left = parse_unary(parser);
    for (int binds; (binds = precedence(parser)) >= least && binds > 0;) {
        struct expression *both = new_expression(parser, EXPRESSION_BINARY, start);
        both->name = parser->token++->text;
        both->a = left;
        if (!isa_parser_enter(parser))
            return left;
        both->b = parse_binary(parser, binds + 1);
        parser->depth--;
        stretch(parser, both);
        left = both;
        if (binds == PRECEDENCE_COMPARE && precedence(parser) == PRECEDENCE_COMPARE)
            isa_parser_error(parser, parser->token, "compare twice, with `and` between", "comparisons do not chain");
    }
    return left;
}

struct expression *isa_parse_expression(struct parser *parser)
{
    if (!isa_parser_enter(parser))
        return new_expression(parser, EXPRESSION_NUMBER, parser->token);
    struct expression *expression = parse_binary(parser, 1);
    parser->depth--;
    return expression;
}

/* ---- Layouts ------------------------------------------------------------------------------------------------------------ */

static void parse_field_piece(struct parser *parser, struct layout_item *item)
{
    if (isa_parser_accept(parser, ":")) {
        item->whole = true;
        item->high = (unsigned)isa_parser_number(parser, "the field's width in bits", 1, 32) - 1;
    } else if (isa_parser_accept(parser, "[")) {
        item->high = item->low = (unsigned)isa_parser_number(parser, "a bit of the field", 0, 31);
        if (isa_parser_accept(parser, ":"))
            item->low = (unsigned)isa_parser_number(parser, "the lowest bit of the piece", 0, item->high);
        isa_parser_expect(parser, "]", NULL);
    } else {
        isa_parser_error(parser, parser->token - 1, "write `field:5`, or a piece of it: `field[11:5]`",
                         "the field `%s` does not say which bits stand here", item->field);
    }
}

void isa_parse_layout(struct parser *parser, struct declaration *declaration)
{
    struct layout_item **last = &declaration->layout;
    if (*last)
        isa_parser_error(parser, parser->token - 1, NULL, "`%s` already has a layout", declaration->name);
    while (!parser->failed && !parser->token->first_on_line) {
        const struct token *start = parser->token;
        struct layout_item *item = isa_arena_allocate(parser->arena, sizeof *item);
        item->place = start->place;
        if (start->kind == TOKEN_NUMBER && strspn(start->text, "01") == strlen(start->text)) {
            item->bits = start->text;
            parser->token++;
        } else if (start->kind == TOKEN_NAME) {
            item->field = isa_parser_name(parser, "a field");
            parse_field_piece(parser, item);
        } else {
            isa_parser_error(parser, start, "a layout is made of 0, 1, `field:width` and `field[high:low]`",
                             "`%s` does not belong in a layout", start->text);
        }
        *last = item;
        last = &item->next;
    }
}
