/* assembler_lexer.c: tokens of assembly text. */
#include "isa/assembler.h"

#include <ctype.h>
#include <string.h>

static bool begins_name(char c)
{
    return isalpha((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

static bool in_name(char c)
{
    return begins_name(c) || isdigit((unsigned char)c);
}

/* Skips blanks and comments, which may span lines. False where a comment has no end. */
static bool skip_blanks(struct isa_cursor *cursor)
{
    for (;;) {
        const char *at = cursor->at;
        if (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\f' || *at == '\v') {
            cursor->at++;
        } else if (*at == '#' || (*at == '/' && at[1] == '/')) {
            while (*cursor->at && *cursor->at != '\n')
                cursor->at++;
        } else if (*at == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/");
            if (!end)
                return false;
            for (const char *c = at; c < end; c++) {
                if (*c != '\n')
                    continue;
                cursor->line++;
                cursor->line_start = c + 1;
            }
            cursor->at = end + 2;
        } else {
            return true;
        }
    }
}

static struct isa_token bad(struct isa_token token, const char *problem, const char *advice)
{
    token.kind = ISA_TOKEN_BAD;
    token.problem = problem;
    token.advice = advice;
    return token;
}

static int digit_value(char c)
{
    if (isdigit((unsigned char)c))
        return c - '0';
    return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : 99;
}

/* Decimal, 0x hexadecimal, 0b binary, 0 octal; or digits with b or f behind them: a reference to a numeric label. */
static struct isa_token read_number(struct isa_token token)
{
    const char *at = token.start;
    unsigned base = 10;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
        base = 16;
        at += 2;
    } else if (at[0] == '0' && (at[1] == 'b' || at[1] == 'B') && (at[2] == '0' || at[2] == '1')) {
        base = 2;
        at += 2;
    } else if (at[0] == '0' && isdigit((unsigned char)at[1])) {
        base = 8;
    }
    const char *digits = at;
    bool overflow = false;
    uint64_t number = 0;
    for (; digit_value(*at) < (int)base; at++) {
        uint64_t digit = (uint64_t)digit_value(*at);
        if (number > (UINT64_MAX - digit) / base)
            overflow = true;
        number = number * base + digit;
    }
    token.kind = ISA_TOKEN_NUMBER;
    token.number = number;
    if (base != 16 && base != 2 && (*at == 'b' || *at == 'f') && !in_name(at[1])) {
        token.kind = ISA_TOKEN_LOCAL;
        at++;
    }
    bool malformed = at == digits || in_name(*at);
    while (in_name(*at))
        at++;
    token.length = (unsigned)(at - token.start);
    if (malformed)
        return bad(token, "malformed number", "numbers are 10, 0x1f, 0b101, 017, or 'a'");
    if (overflow)
        return bad(token, "the number has more than 64 bits", NULL);
    return token;
}

int isa_token_character(const char **at, const char *end)
{
    static const char letters[] = "nrtbfve\\\"'", meanings[] = "\n\r\t\b\f\v\033\\\"'";
    if (*at >= end)
        return -1;
    unsigned char c = (unsigned char)*(*at)++;
    if (c != '\\')
        return c;
    if (*at >= end)
        return -1;
    char escape = *(*at)++;
    const char *known = strchr(letters, escape);
    if (escape && known)
        return (unsigned char)meanings[known - letters];
    int value = 0, digits = 0;
    if (escape == 'x') {
        for (; *at < end && digits < 2 && digit_value(**at) < 16; digits++)
            value = value * 16 + digit_value(*(*at)++);
        return digits ? value : -1;
    }
    (*at)--;
    for (; *at < end && digits < 3 && digit_value(**at) < 8; digits++)
        value = value * 8 + digit_value(*(*at)++);
    return digits && value < 256 ? value : -1;
}

/* A string or a character: the token spans its quotes. It ends at its line's end at the latest. */
static struct isa_token read_quoted(struct isa_token token)
{
    char quote = *token.start;
    const char *at = token.start + 1;
    while (*at && *at != '\n' && *at != quote)
        at += *at == '\\' && at[1] && at[1] != '\n' ? 2 : 1;
    bool closed = *at == quote;
    token.length = (unsigned)(at + closed - token.start);
    token.kind = ISA_TOKEN_STRING;
    if (quote == '"') {
        return closed ? token
                      : bad(token, "the string has no end", "close it with \" on the same line; a line break is \\n");
    }
    const char *inside = token.start + 1;
    int value = isa_token_character(&inside, at);
    if (!closed || value < 0 || inside != at) {
        return bad(token, "malformed character",
                   "a character is one letter or escape between ' and ', as 'a' or '\\n'");
    }
    token.kind = ISA_TOKEN_NUMBER;
    token.number = (uint64_t)value;
    return token;
}

struct isa_token isa_token_next(struct isa_cursor *cursor)
{
    static const char *const pairs[] = {"<<", ">>", "==", "!=", "<=", ">=", "&&", "||"};
    bool comments_end = skip_blanks(cursor);
    struct isa_token token = {.kind = ISA_TOKEN_SIGN,
                              .start = cursor->at,
                              .length = 1,
                              .line = cursor->line,
                              .column = (unsigned)(cursor->at - cursor->line_start) + 1};
    char c = *cursor->at;
    if (!comments_end) {
        token = bad(token, "the comment has no end", "close it with */");
        token.length = 2;
        cursor->at += strlen(cursor->at);
        return token;
    }
    if (c == '\0') {
        token.kind = ISA_TOKEN_END;
        token.length = 0;
    } else if (c == '\n' || c == ';') {
        token.kind = ISA_TOKEN_LINE;
    } else if (begins_name(c)) {
        token.kind = ISA_TOKEN_NAME;
        while (in_name(token.start[token.length]))
            token.length++;
    } else if (isdigit((unsigned char)c)) {
        token = read_number(token);
    } else if (c == '"' || c == '\'') {
        token = read_quoted(token);
    } else {
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
            if (token.start[0] == pairs[i][0] && token.start[1] == pairs[i][1])
                token.length = 2;
    }
    cursor->at += token.length;
    if (c == '\n') {
        cursor->line++;
        cursor->line_start = cursor->at;
    }
    return token;
}

struct isa_token isa_token_peek(const struct isa_cursor *cursor)
{
    struct isa_cursor copy = *cursor;
    return isa_token_next(&copy);
}

bool isa_token_is(const struct isa_token *token, const char *text)
{
    return (token->kind == ISA_TOKEN_NAME || token->kind == ISA_TOKEN_SIGN) && strlen(text) == token->length &&
           memcmp(text, token->start, token->length) == 0;
}
