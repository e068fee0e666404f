/* parse_statement.c: statements and blocks. */
#include "isa/internal.h"

static struct statement *parse_if(struct parser *parser, struct statement *statement)
{
    statement->kind = STATEMENT_IF;
    statement->value = isa_parse_expression(parser);
    statement->body = isa_parse_block(parser);
    if (isa_parser_accept(parser, "else")) {
        const struct token *start = parser->token;
        if (isa_parser_accept(parser, "if")) {
            struct statement *chained = isa_arena_allocate(parser->arena, sizeof *chained);
            chained->place = start->place;
            if (isa_parser_enter(parser)) {
                statement->otherwise = parse_if(parser, chained);
                parser->depth--;
            }
        } else {
            statement->otherwise = isa_parse_block(parser);
        }
    }
    return statement;
}

/* `name = value`, `name[index] = value` or `name(arguments)` */
static void parse_assignment_or_call(struct parser *parser, struct statement *statement)
{
    const struct token *start = parser->token;
    statement->name = isa_parser_name(parser, "a statement");
    if (isa_parser_at(parser, "(")) {
        parser->token = start;
        statement->kind = STATEMENT_CALL;
        statement->value = isa_parse_expression(parser);
        if (!parser->failed && statement->value->kind != EXPRESSION_CALL)
            isa_parser_error(parser, start, "name it with `let`, assign it, or leave it out", "this value is not used");
        return;
    }
    statement->kind = STATEMENT_ASSIGN;
    if (isa_parser_accept(parser, "[")) {
        bool outer = parser->in_index;
        parser->in_index = true;
        statement->index = isa_parse_expression(parser);
        parser->in_index = outer;
        isa_parser_expect(parser, "]", NULL);
    }
    isa_parser_expect(parser, "=", "statements are let, if, trap, require, return, ignore, assignments and calls");
    statement->value = isa_parse_expression(parser);
}

static struct statement *parse_statement(struct parser *parser)
{
    const struct token *start = parser->token;
    struct statement *statement = isa_arena_allocate(parser->arena, sizeof *statement);
    statement->place = start->place;
    if (isa_parser_accept(parser, "let")) {
        statement->kind = STATEMENT_LET;
        statement->name = isa_parser_name(parser, "a name");
        isa_parser_expect(parser, "=", "write `let NAME = VALUE`");
        statement->value = isa_parse_expression(parser);
    } else if (isa_parser_accept(parser, "if")) {
        parse_if(parser, statement);
    } else if (isa_parser_accept(parser, "trap")) {
        statement->kind = STATEMENT_TRAP;
        statement->place = parser->token->place;
        statement->name = isa_parser_name(parser, "a cause");
        if (isa_parser_accept(parser, "("))
            statement->arguments = isa_parse_arguments(parser, &statement->argument_count);
    } else if (isa_parser_accept(parser, "require")) {
        statement->kind = STATEMENT_REQUIRE;
        isa_parser_expect(parser, "supervisor", "write `require supervisor`");
    } else if (isa_parser_accept(parser, "return")) {
        statement->kind = STATEMENT_RETURN;
        statement->value = isa_parse_expression(parser);
    } else if (isa_parser_accept(parser, "ignore")) {
        statement->kind = STATEMENT_IGNORE;
    } else {
        parse_assignment_or_call(parser, statement);
    }
    return statement;
}

struct statement *isa_parse_block(struct parser *parser)
{
    struct statement *first = NULL, **last = &first;
    if (!isa_parser_expect(parser, "{", NULL) || !isa_parser_enter(parser))
        return NULL;
    while (!parser->failed && !isa_parser_at(parser, "}")) {
        if (parser->token->kind == TOKEN_END) {
            isa_parser_error(parser, parser->token, "a block ends with `}`", "the file ends inside a block");
            break;
        }
        *last = parse_statement(parser);
        last = &(*last)->next;
    }
    isa_parser_accept(parser, "}");
    parser->depth--;
    return first;
}
