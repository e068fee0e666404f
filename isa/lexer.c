/* lexer.c: the specification language's text -> tokens. */
#include "isa/internal.h"

#include <ctype.h>
#include <string.h>

struct lexer {
    struct arena *arena;
    struct isa_diagnostics *diagnostics;
    const char *file, *text;
    size_t at;
    unsigned line;
    size_t line_start;
    bool fresh_line;
    struct token *tokens;
    unsigned count, capacity;
};

/* Longest first. An operator that ends in a letter must not be followed by more letters. */
static const char *const symbols[] = {">>u", ">>s", "<=u", "<=s", ">=u", ">=s", "<u", "<s", ">u", ">s", "/u", "/s", "%u", "%s",
                                      "<<",  "==",  "!=",  "++",  "{",   "}",   "(",  ")",  "[",  "]",  ",",  ":",  "=",  "+",
                                      "-",   "*",   "&",   "|",   "^",   "~",   "."};

static bool name_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

static struct isa_place place_at(const struct lexer *lexer, size_t offset, size_t length)
{
    return (struct isa_place){.file = lexer->file, .text = lexer->text, .line = lexer->line,
                              .column = (unsigned)(offset - lexer->line_start) + 1, .length = (unsigned)length};
}

static void add(struct lexer *lexer, enum token_kind kind, size_t start, size_t end, const char *text, uint64_t number)
{
    isa_arena_grow(lexer->arena, (void **)&lexer->tokens, lexer->count, &lexer->capacity, sizeof *lexer->tokens);
    lexer->tokens[lexer->count++] = (struct token){.kind = kind, .text = text, .number = number,
                                                   .place = place_at(lexer, start, end - start), .offset = start,
                                                   .end = end, .first_on_line = lexer->fresh_line};
    lexer->fresh_line = false;
    lexer->at = end;
}

/* Complains, and goes on with a token of the kind that was meant, so that the parser need not complain as well. */
static void error(struct lexer *lexer, size_t start, size_t end, const char *advice, const char *message,
                  enum token_kind kind, const char *text)
{
    struct isa_place place = place_at(lexer, start, end - start);
    isa_diagnostics_error(lexer->diagnostics, &place, ISA_EXIT_DATA, advice, "%s", message);
    add(lexer, kind, start, end, text, 0);
}

static void read_name(struct lexer *lexer)
{
    size_t start = lexer->at, end = start;
    /* a dot belongs to a name where letters follow, as in fence.i */
    while (name_byte(lexer->text[end]) || (lexer->text[end] == '.' && name_byte(lexer->text[end + 1])))
        end++;
    add(lexer, TOKEN_NAME, start, end, isa_arena_text(lexer->arena, lexer->text + start, end - start), 0);
}

static void read_number(struct lexer *lexer)
{
    const char *text = lexer->text;
    size_t start = lexer->at, end = start;
    while (name_byte(text[end]))
        end++;
    unsigned base = 10;
    size_t digits = start;
    if (text[start] == '0' && (text[start + 1] == 'x' || text[start + 1] == 'b')) {
        base = text[start + 1] == 'x' ? 16 : 2;
        digits = start + 2;
    }
    uint64_t value = 0;
    bool good = digits < end, fits = true;
    for (size_t i = digits; i < end && good; i++) {
        unsigned char byte = (unsigned char)text[i];
        unsigned digit = isdigit(byte) ? (unsigned)(byte - '0') : isxdigit(byte) ? (unsigned)(tolower(byte) - 'a') + 10 : 99;
        if (byte == '_')
            continue;
        good = digit < base;
        fits = fits && value <= (UINT64_MAX - digit) / base;
        value = value * base + digit;
    }
    if (!good)
        error(lexer, start, end, "numbers are 12, 0x1f or 0b101", "this is not a number", TOKEN_NUMBER, "0");
    else /* too long a run of binary digits is still good in a layout, which looks at the text alone */
        add(lexer, TOKEN_NUMBER, start, end, isa_arena_text(lexer->arena, text + start, end - start),
            fits ? value : UINT64_MAX);
}

static void read_string(struct lexer *lexer)
{
    size_t start = lexer->at, end = start + 1;
    while (lexer->text[end] && lexer->text[end] != '"' && lexer->text[end] != '\n')
        end++;
    if (lexer->text[end] != '"')
        error(lexer, start, end, "a string ends with \" on the same line", "this string does not end", TOKEN_STRING, "");
    else
        add(lexer, TOKEN_STRING, start, end + 1, isa_arena_text(lexer->arena, lexer->text + start + 1, end - start - 1), 0);
}

static void read_symbol(struct lexer *lexer)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t length = strlen(symbols[i]);
        if (strncmp(lexer->text + lexer->at, symbols[i], length) != 0)
            continue;
        if (isalpha((unsigned char)symbols[i][length - 1]) && name_byte(lexer->text[lexer->at + length]))
            continue;
        add(lexer, TOKEN_SYMBOL, lexer->at, lexer->at + length, symbols[i], 0);
        return;
    }
    size_t start = lexer->at, end = start + 1;
    if (strchr("<>/%", lexer->text[start])) {
        error(lexer, start, end, "write u (unsigned) or s (signed) behind it, as in <u, >=s, >>u, /s",
              "this operator must say whether it is signed", TOKEN_SYMBOL, "<u");
        return;
    }
    while ((lexer->text[end] & 0xc0) == 0x80) /* the rest of a UTF-8 character */
        end++;
    struct isa_place place = place_at(lexer, start, end - start);
    isa_diagnostics_error(lexer->diagnostics, &place, ISA_EXIT_DATA, NULL, "this character has no meaning here");
    lexer->at = end;
}

struct token *isa_tokenize(struct arena *arena, const char *file, const char *text, struct isa_diagnostics *diagnostics)
{
    struct lexer lexer = {.arena = arena, .diagnostics = diagnostics, .file = file, .text = text, .line = 1,
                          .fresh_line = true};
    while (text[lexer.at]) {
        char byte = text[lexer.at];
        if (byte == '\n') {
            lexer.line++;
            lexer.line_start = ++lexer.at;
            lexer.fresh_line = true;
        } else if (byte == ' ' || byte == '\t' || byte == '\r') {
            lexer.at++;
        } else if (byte == '-' && text[lexer.at + 1] == '-') {
            lexer.at += strcspn(text + lexer.at, "\n");
        } else if (isdigit((unsigned char)byte)) {
            read_number(&lexer);
        } else if (name_byte(byte)) {
            read_name(&lexer);
        } else if (byte == '"') {
            read_string(&lexer);
        } else {
            read_symbol(&lexer);
        }
    }
    lexer.fresh_line = true;
    add(&lexer, TOKEN_END, lexer.at, lexer.at, "the end of the file", 0);
    return lexer.tokens;
}
