/* assembler_expression.c: expressions: C's operators on 64-bit numbers, and addresses as distances from a section's
 * start.
 *
 * An address of a section whose place is not settled can still be added to, and two of one section subtracted; that is
 * what makes "end - start" known before the sections are laid out. */
#include "isa/assembler.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What every level of the descent needs. */
struct reader {
    struct isa_assembler *assembler;
    struct isa_cursor *cursor;
    bool early;
};

static bool read_binary(struct reader *reader, unsigned least, struct isa_value *value);

static const struct isa_value unknown = {false, ISA_ABSOLUTE, 0};

static struct isa_value plain(uint64_t number)
{
    return (struct isa_value){true, ISA_ABSOLUTE, number};
}

bool isa_value_number(const struct isa_assembler *assembler, const struct isa_value *value, int64_t *number)
{
    if (!value->known)
        return false;
    if (value->section == ISA_ABSOLUTE) {
        *number = (int64_t)value->number;
        return true;
    }
    *number = (int64_t)(value->number + assembler->sections[value->section].base);
    return assembler->laid_out;
}

static struct isa_value symbol_value(struct reader *reader, const struct isa_token *token, const char *key,
                                     size_t length)
{
    struct isa_assembler *assembler = reader->assembler;
    const struct isa_symbol *symbol = isa_symbols_find(&assembler->symbols, key, length, false);
    /* Early, only what this pass has already seen counts: so every pass decides alike. */
    if (reader->early) {
        return symbol && symbol->pass == assembler->pass && symbol->early ? symbol->value : unknown;
    }
    if (symbol && symbol->pass && symbol->value.known)
        return symbol->value;
    if (assembler->quiet || assembler->pass < ISA_LAST_PASS)
        return unknown;
    int shown = token->length > 200 ? 200 : (int)token->length;
    if (symbol && symbol->pass) {
        isa_assembler_error(assembler, reader->cursor, token, "define it before it is used here",
                            "the value of '%.*s' is not known", shown, token->start);
    } else if (token->kind == ISA_TOKEN_LOCAL) {
        isa_assembler_error(assembler, reader->cursor, token,
                            "1b is the last label '1:' before here, 1f the next one after it",
                            "there is no label '%" PRIu64 ":' %s here", token->number,
                            token->start[token->length - 1] == 'b' ? "before" : "after");
    } else {
        unsigned best = ISA_FAR;
        const char *near = NULL;
        for (size_t i = 0; i < assembler->symbols.count && i < 10000; i++) {
            const struct isa_symbol *known = assembler->symbols.list[i];
            bool numeric = *known->name >= '0' && *known->name <= '9'; /* a numeric label */
            if (known->pass && !numeric)
                near = isa_suggest(known->name, token->start, token->length, &best, near);
        }
        char advice[96];
        snprintf(advice, sizeof advice, "did you mean '%.60s'?", near ? near : "");
        isa_assembler_error(assembler, reader->cursor, token,
                            near ? advice : "write it as a label, 'NAME:', or with .equ", "'%.*s' is not defined",
                            shown, token->start);
    }
    return unknown;
}

/* 1b, 1f: numeric labels are symbols whose names hold the label's number and which of its definitions it is. */
static struct isa_value local_value(struct reader *reader, const struct isa_token *token)
{
    char key[64];
    int length = snprintf(key, sizeof key, "%" PRIu64, token->number);
    const struct isa_symbol *counter = isa_symbols_find(&reader->assembler->symbols, key, (size_t)length, false);
    uint64_t seen = counter && counter->pass == reader->assembler->pass ? counter->value.number : 0;
    bool backward = token->start[token->length - 1] == 'b';
    length = snprintf(key, sizeof key, "%" PRIu64 "\001%" PRIu64, token->number, backward ? seen : seen + 1);
    return symbol_value(reader, token, key, (size_t)length);
}

static struct isa_value here(const struct reader *reader)
{
    const struct isa_assembler *assembler = reader->assembler;
    uint64_t offset =
        reader->cursor->template ? assembler->sections[assembler->section].size : assembler->statement_offset;
    return (struct isa_value){true, assembler->section, offset};
}

/* The second pass, in which all labels are known, notes the target of each %pcrel_hi. */
static void note_high(struct isa_assembler *assembler, uint64_t address, uint64_t target)
{
    if (assembler->pass != ISA_LAST_PASS - 1 || assembler->quiet)
        return;
    if (assembler->high_count == assembler->high_capacity) {
        size_t capacity = assembler->high_capacity ? assembler->high_capacity * 2 : 64;
        struct isa_relative_high *highs = realloc(assembler->highs, capacity * sizeof *highs);
        if (!highs)
            return;
        assembler->highs = highs;
        assembler->high_capacity = capacity;
    }
    assembler->highs[assembler->high_count++] = (struct isa_relative_high){address, target};
}

/* The last pass looks it up; the notes are sorted by then. */
static const struct isa_relative_high *find_high(struct isa_assembler *assembler, uint64_t address)
{
    size_t low = 0, high = assembler->high_count;
    if (assembler->pass < ISA_LAST_PASS)
        return NULL;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (assembler->highs[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < assembler->high_count && assembler->highs[low].address == address ? &assembler->highs[low] : NULL;
}

/* %hi(x) and %lo(x) cut a 32-bit x so that (%hi << 12) + %lo is x, %lo signed; %pcrel_ does so with the distance. */
static bool relocate(struct reader *reader, const struct isa_token *name, const struct isa_token *first,
                     struct isa_value *value)
{
    struct isa_assembler *assembler = reader->assembler;
    int64_t number;
    bool distance = isa_token_is(name, "pcrel_hi") || isa_token_is(name, "pcrel_lo");
    if ((reader->early && (distance || value->section != ISA_ABSOLUTE)) ||
        !isa_value_number(assembler, value, &number)) {
        *value = unknown;
        return true;
    }
    bool high = isa_token_is(name, "hi") || isa_token_is(name, "pcrel_hi");
    if (number < -(INT64_C(1) << 31) || number >= INT64_C(1) << 32) {
        isa_assembler_error(assembler, reader->cursor, first, NULL, "%" PRId64 " does not fit in 32 bits", number);
        *value = unknown;
        return true;
    }
    uint64_t part = (uint64_t)number;
    struct isa_value site = {true, assembler->section, assembler->sections[assembler->section].size};
    if (isa_token_is(name, "pcrel_hi")) {
        int64_t address = 0;
        isa_value_number(assembler, &site, &address);
        note_high(assembler, (uint64_t)address, part);
        part -= (uint64_t)address;
    } else if (isa_token_is(name, "pcrel_lo")) {
        const struct isa_relative_high *known = find_high(assembler, part);
        if (!known) {
            isa_assembler_error(assembler, reader->cursor, first,
                                "%pcrel_lo(LABEL) names the label of the auipc that has the %pcrel_hi",
                                "there is no %%pcrel_hi at 0x%" PRIx64, part);
            *value = unknown;
            return true;
        }
        part = known->target - known->address;
    }
    part &= 0xffffffff;
    if (high)
        *value = plain(((part + 0x800) >> 12) & 0xfffff);
    else
        *value = plain((uint64_t)isa_signed(part & 0xfff, 12));
    return true;
}

static bool read_relocation(struct reader *reader, struct isa_value *value)
{
    static const char *const names[] = {"hi", "lo", "pcrel_hi", "pcrel_lo"};
    struct isa_token name = isa_token_next(reader->cursor);
    bool found = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        found = found || isa_token_is(&name, names[i]);
    struct isa_token open = isa_token_peek(reader->cursor);
    if (!found || !isa_token_is(&open, "(")) {
        isa_assembler_error(reader->assembler, reader->cursor, &name,
                            "there are %hi(x), %lo(x), %pcrel_hi(x), %pcrel_lo(label)",
                            "'%%' is not followed by one of its functions");
        return false;
    }
    isa_token_next(reader->cursor);
    struct isa_token first = isa_token_peek(reader->cursor);
    if (!read_binary(reader, 1, value))
        return false;
    struct isa_token close = isa_token_next(reader->cursor);
    if (!isa_token_is(&close, ")")) {
        isa_assembler_error(reader->assembler, reader->cursor, &close, NULL, "')' is missing here");
        return false;
    }
    return relocate(reader, &name, &first, value);
}

/* In the expansion of a pseudo-instruction, a name may stand for the user's operand. */
static const struct isa_binding *find_binding(const struct reader *reader, const struct isa_token *token)
{
    const struct isa_assembler *assembler = reader->assembler;
    if (!reader->cursor->template)
        return NULL;
    for (unsigned i = 0; i < assembler->binding_count; i++) {
        const struct isa_binding *binding = &assembler->bindings[i];
        if (binding->length == token->length && memcmp(binding->name, token->start, token->length) == 0)
            return binding;
    }
    return NULL;
}

static bool read_name(struct reader *reader, const struct isa_token *token, struct isa_value *value)
{
    struct isa_assembler *assembler = reader->assembler;
    const struct isa_binding *binding = find_binding(reader, token);
    if (binding && !binding->is_register) {
        struct isa_cursor at = binding->at;
        struct reader inner = {assembler, &at, reader->early};
        return read_binary(&inner, 1, value);
    }
    if (binding || isa_is_register(assembler->isa, token->start, token->length)) {
        isa_assembler_error(assembler, reader->cursor, token, NULL, "'%.*s' is a register, and a number is expected",
                            (int)token->length, token->start);
        return false;
    }
    *value = isa_token_is(token, ".") ? here(reader) : symbol_value(reader, token, token->start, token->length);
    return true;
}

static bool read_primary(struct reader *reader, struct isa_value *value)
{
    struct isa_token token = isa_token_peek(reader->cursor);
    *value = unknown;
    if (token.kind != ISA_TOKEN_LINE && token.kind != ISA_TOKEN_END)
        isa_token_next(reader->cursor);
    switch (token.kind) {
    case ISA_TOKEN_NUMBER: *value = plain(token.number); return true;
    case ISA_TOKEN_LOCAL: *value = local_value(reader, &token); return true;
    case ISA_TOKEN_NAME: return read_name(reader, &token, value);
    case ISA_TOKEN_BAD:
        isa_assembler_error(reader->assembler, reader->cursor, &token, token.advice, "%s", token.problem);
        return false;
    default: break;
    }
    if (isa_token_is(&token, "%"))
        return read_relocation(reader, value);
    if (isa_token_is(&token, "(")) {
        if (!read_binary(reader, 1, value))
            return false;
        struct isa_token close = isa_token_peek(reader->cursor);
        if (isa_token_is(&close, ")")) {
            isa_token_next(reader->cursor);
            return true;
        }
        isa_assembler_error(reader->assembler, reader->cursor, &close, NULL, "')' is missing here");
        return false;
    }
    isa_assembler_error(reader->assembler, reader->cursor, &token, NULL, "a number or symbol is expected here");
    return false;
}

static bool read_unary(struct reader *reader, struct isa_value *value)
{
    struct isa_token token = isa_token_peek(reader->cursor);
    char sign = token.kind == ISA_TOKEN_SIGN && token.length == 1 ? *token.start : '\0';
    if (!sign || !strchr("+-~!", sign))
        return read_primary(reader, value);
    isa_token_next(reader->cursor);
    struct isa_assembler *assembler = reader->assembler;
    if (assembler->depth >= ISA_DEEPEST_EXPRESSION) {
        isa_assembler_error(assembler, reader->cursor, &token, "split it with .equ",
                            "the expression is nested too deeply");
        return false;
    }
    assembler->depth++;
    bool ok = read_unary(reader, value);
    assembler->depth--;
    if (!ok || sign == '+')
        return ok;
    int64_t number;
    if (reader->early ? !value->known || value->section != ISA_ABSOLUTE
                      : !isa_value_number(assembler, value, &number)) {
        *value = unknown;
        return true;
    }
    if (reader->early)
        number = (int64_t)value->number;
    uint64_t bits = (uint64_t)number;
    *value = plain(sign == '-' ? 0 - bits : sign == '~' ? ~bits : (uint64_t)(bits == 0));
    return true;
}

/* One binary operator of two plain numbers. False for a division by zero. */
static bool apply(const char *sign, size_t length, int64_t a, int64_t b, uint64_t *result)
{
    uint64_t x = (uint64_t)a, y = (uint64_t)b;
    bool out = y > 63;
    switch (length == 2 ? sign[0] << 8 | sign[1] : sign[0]) {
    case '*': *result = x * y; return true;
    case '/':
        if (b == 0)
            return false;
        *result = b == -1 ? 0 - x : (uint64_t)(a / b);
        return true;
    case '%':
        if (b == 0)
            return false;
        *result = b == -1 ? 0 : (uint64_t)(a % b);
        return true;
    case '+': *result = x + y; return true;
    case '-': *result = x - y; return true;
    case '<' << 8 | '<': *result = out ? 0 : x << y; return true;
    case '>' << 8 | '>': *result = (uint64_t)(out ? -(a < 0) : a >> y); return true;
    case '<': *result = a < b; return true;
    case '>': *result = a > b; return true;
    case '<' << 8 | '=': *result = a <= b; return true;
    case '>' << 8 | '=': *result = a >= b; return true;
    case '=' << 8 | '=': *result = a == b; return true;
    case '!' << 8 | '=': *result = a != b; return true;
    case '&': *result = x & y; return true;
    case '^': *result = x ^ y; return true;
    case '|': *result = x | y; return true;
    case '&' << 8 | '&': *result = x && y; return true;
    default: *result = x || y; return true;
    }
}

static bool combine(struct reader *reader, const struct isa_token *sign, struct isa_value *left,
                    const struct isa_value *right)
{
    struct isa_assembler *assembler = reader->assembler;
    bool add = isa_token_is(sign, "+"), subtract = isa_token_is(sign, "-");
    if (left->known && right->known) {
        /* Addresses that stay addresses, and distances within one section. */
        if (subtract && left->section == right->section) {
            *left = plain(left->number - right->number);
            return true;
        }
        if ((add || subtract) && right->section == ISA_ABSOLUTE) {
            left->number = add ? left->number + right->number : left->number - right->number;
            return true;
        }
        if (add && left->section == ISA_ABSOLUTE) {
            *left = (struct isa_value){true, right->section, left->number + right->number};
            return true;
        }
    }
    int64_t a, b;
    bool settled = !reader->early || (left->section == ISA_ABSOLUTE && right->section == ISA_ABSOLUTE);
    if (!settled || !isa_value_number(assembler, left, &a) || !isa_value_number(assembler, right, &b)) {
        *left = unknown;
        return true;
    }
    uint64_t result;
    if (!apply(sign->start, sign->length, a, b, &result)) {
        isa_assembler_error(assembler, reader->cursor, sign, NULL, "division by zero");
        *left = unknown;
        return true;
    }
    *left = plain(result);
    return true;
}

/* How tightly an operator binds, as in C: 1 (||) to 10 (*); 0 for what is none. */
static unsigned tightness(const struct isa_token *token)
{
    static const struct {
        char spelling[3];
        unsigned char level;
    } operators[] = {{"||", 1}, {"&&", 2}, {"|", 3},  {"^", 4},  {"&", 5}, {"==", 6}, {"!=", 6}, {"<", 7},  {">", 7},
                     {"<=", 7}, {">=", 7}, {"<<", 8}, {">>", 8}, {"+", 9}, {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10}};
    for (size_t i = 0; token->kind == ISA_TOKEN_SIGN && i < sizeof operators / sizeof *operators; i++)
        if (isa_token_is(token, operators[i].spelling))
            return operators[i].level;
    return 0;
}

/* An operand, and behind it all operators that bind at least as tightly as `least`. */
static bool read_binary(struct reader *reader, unsigned least, struct isa_value *value)
{
    struct isa_assembler *assembler = reader->assembler;
    if (assembler->depth >= ISA_DEEPEST_EXPRESSION) {
        struct isa_token token = isa_token_peek(reader->cursor);
        isa_assembler_error(assembler, reader->cursor, &token, "split it with .equ",
                            "the expression is nested too deeply");
        return false;
    }
    assembler->depth++;
    bool ok = read_unary(reader, value);
    while (ok) {
        struct isa_token sign = isa_token_peek(reader->cursor);
        unsigned level = tightness(&sign);
        if (level == 0 || level < least)
            break;
        isa_token_next(reader->cursor);
        struct isa_value right;
        ok = read_binary(reader, level + 1, &right) && combine(reader, &sign, value, &right);
    }
    assembler->depth--;
    return ok;
}

bool isa_expression(struct isa_assembler *assembler, struct isa_cursor *cursor, bool early, struct isa_value *value)
{
    struct reader reader = {assembler, cursor, early};
    return read_binary(&reader, 1, value);
}

bool isa_expression_early(struct isa_assembler *assembler, struct isa_cursor *cursor, int64_t least, int64_t most,
                          const char *what, int64_t *number)
{
    struct isa_token first = isa_token_peek(cursor);
    struct isa_value value;
    if (!isa_expression(assembler, cursor, true, &value))
        return false;
    if (!value.known || value.section != ISA_ABSOLUTE) {
        isa_assembler_error(assembler, cursor, &first, "use numbers, and symbols defined above this line",
                            "%s must be a number that is known here", what);
        return false;
    }
    *number = (int64_t)value.number;
    if (*number >= least && *number <= most)
        return true;
    isa_assembler_error(assembler, cursor, &first, NULL, "%s %" PRId64 " is out of range: %" PRId64 " to %" PRId64,
                        what, *number, least, most);
    return false;
}
