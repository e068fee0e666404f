/* assembler_instruction.c: one machine instruction. The specification's own operands ("rd, imm(rs1)") are the pattern
 * that the user's operands must follow; what stands at a field's name is read by the kind of the field. */
#include "isa/assembler.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* What reading the operands of one instruction needs. */
struct reader {
    struct isa_assembler *assembler;
    const struct isa_instruction *instruction;
    struct isa_cursor *cursor;
    bool early; /* evaluate early; */
    bool fits;  /* and note whether all that is known fits */
    uint32_t word;
};

static bool wrong(struct reader *reader, const struct isa_token *token, const char *what)
{
    char advice[160];
    const struct isa_instruction *instruction = reader->instruction;
    snprintf(advice, sizeof advice, "write: %s%s%s", instruction->name, *instruction->syntax ? " " : "",
             instruction->syntax);
    if (token->kind == ISA_TOKEN_BAD) {
        isa_assembler_error(reader->assembler, reader->cursor, token, token->advice, "%s", token->problem);
    } else {
        isa_assembler_error(reader->assembler, reader->cursor, token, advice, "%s", what);
    }
    return false;
}

static int bound_register(const struct reader *reader, const struct isa_token *token, const struct isa_state *state)
{
    const struct isa_assembler *assembler = reader->assembler;
    for (unsigned i = 0; reader->cursor->template && i < assembler->binding_count; i++) {
        const struct isa_binding *binding = &assembler->bindings[i];
        if (!binding->is_register || binding->length != token->length)
            continue;
        if (memcmp(binding->name, token->start, token->length) != 0)
            continue;
        struct isa_token name = isa_token_peek(&binding->at);
        return isa_register_named(state, name.start, name.length);
    }
    return isa_register_named(state, token->start, token->length);
}

static bool read_register(struct reader *reader, const struct isa_field *field, uint32_t *value)
{
    const struct isa_state *state = isa_state_at(reader->assembler->isa, field->state);
    struct isa_token token = isa_token_peek(reader->cursor);
    int number = token.kind == ISA_TOKEN_NAME ? bound_register(reader, &token, state) : -1;
    if (number < 0 || (uint64_t)number >> field->width) {
        char what[80], first[16], last[16];
        isa_register_name(state, 0, first, sizeof first);
        isa_register_name(state, state->count - 1, last, sizeof last);
        snprintf(what, sizeof what, "a register (%s to %s) is expected here", first, last);
        return wrong(reader, &token, what);
    }
    isa_token_next(reader->cursor);
    *value = (uint32_t)number;
    return true;
}

/* A set is written by its letters, each at most once, in any order; the empty one as 0. */
static bool read_set(struct reader *reader, const struct isa_field *field, uint32_t *value)
{
    struct isa_token token = isa_token_peek(reader->cursor);
    size_t size = strlen(field->letters);
    *value = 0;
    bool good =
        token.kind == ISA_TOKEN_NAME || (token.kind == ISA_TOKEN_NUMBER && token.length == 1 && token.number == 0);
    for (unsigned i = 0; good && token.kind == ISA_TOKEN_NAME && i < token.length; i++) {
        const char *letter = memchr(field->letters, token.start[i], size);
        uint32_t bit = letter ? UINT32_C(1) << (size - 1 - (size_t)(letter - field->letters)) : 0;
        good = bit && !(*value & bit);
        *value |= bit;
    }
    if (!good) {
        char what[80];
        snprintf(what, sizeof what, "a set of the letters '%.16s', or 0, is expected here", field->letters);
        return wrong(reader, &token, what);
    }
    isa_token_next(reader->cursor);
    return true;
}

static bool out_of_range(struct reader *reader, const struct isa_token *token, const char *advice, int64_t number,
                         int64_t least, int64_t most, const char *what)
{
    reader->fits = false;
    if (reader->early || reader->assembler->form_only)
        return true;
    isa_assembler_error(reader->assembler, reader->cursor, token, advice,
                        "%s %" PRId64 " is out of range: %" PRId64 " to %" PRId64, what, number, least, most);
    return true;
}

/* Checks a number against a field and makes the field's bits of it. */
static bool place_number(struct reader *reader, const struct isa_field *field, const struct isa_token *token,
                         int64_t number, uint32_t *value)
{
    const struct isa_assembler *assembler = reader->assembler;
    unsigned word_bits = isa_word_bits(assembler->isa);
    uint32_t held = isa_field_mask(field);
    int64_t step = held ? (int64_t)(held & (0 - held)) : 1;
    int64_t least = field->kind == ISA_UNSIGNED ? 0 : -(INT64_C(1) << (field->width - 1));
    int64_t most = (INT64_C(1) << (field->kind == ISA_UNSIGNED ? field->width : field->width - 1)) - step;
    if (field->kind == ISA_RELATIVE) {
        /* Distances are taken around the end of the address space, as the machine takes them. */
        const struct isa_section *section = &assembler->sections[assembler->section];
        uint64_t distance = (uint64_t)number - (section->base + section->size);
        number = isa_signed(distance & ((UINT64_C(1) << word_bits) - 1), word_bits);
        if (number < least || number > most) {
            return out_of_range(reader, token, "move the target nearer, or jump to it by a register", number, least,
                                most, "the target's distance");
        }
    } else if (field->kind == ISA_SIGNED && number >= (INT64_C(1) << word_bits) + least &&
               number < INT64_C(1) << word_bits) {
        number -= INT64_C(1) << word_bits; /* 0xfffffff0 for -16 */
    }
    if (number < least || number > most + step - 1) {
        return out_of_range(reader, token, NULL, number, least, most, "the number");
    }
    if (((uint64_t)number & ((uint64_t)step - 1)) != 0) {
        reader->fits = false;
        if (reader->early || assembler->form_only)
            return true;
        isa_assembler_error(reader->assembler, reader->cursor, token,
                            field->kind == ISA_RELATIVE ? "put .align before the label" : NULL,
                            "%s is not a multiple of %" PRId64,
                            field->kind == ISA_RELATIVE ? "the distance to the target" : "the number", step);
        return true;
    }
    *value = (uint32_t)((uint64_t)number & ((UINT64_C(1) << field->width) - 1));
    return true;
}

static bool read_number(struct reader *reader, const struct isa_field *field, bool before_parenthesis, uint32_t *value)
{
    struct isa_assembler *assembler = reader->assembler;
    struct isa_token first = isa_token_peek(reader->cursor);
    if (before_parenthesis && isa_token_is(&first, "(")) {
        /* "(a0)" for "0(a0)": a parenthesis with a register in it is not an expression */
        struct isa_cursor copy = *reader->cursor;
        isa_token_next(&copy);
        struct isa_token inside = isa_token_next(&copy);
        if (inside.kind == ISA_TOKEN_NAME && isa_is_register(assembler->isa, inside.start, inside.length)) {
            *value = 0;
            return true;
        }
    }
    struct isa_value found;
    int64_t number;
    *value = 0;
    if (!isa_expression(assembler, reader->cursor, reader->early, &found))
        return false;
    bool settled = reader->early ? found.known && found.section == ISA_ABSOLUTE : true;
    if (reader->early && field->kind == ISA_RELATIVE)
        settled = false;
    if (!settled || !isa_value_number(assembler, &found, &number)) {
        reader->fits = false;
        return true;
    }
    return place_number(reader, field, &first, number, value);
}

/* Follows the pattern. False where the user's operands leave it. */
static bool read_operands(struct reader *reader)
{
    const char *pattern = reader->instruction->syntax;
    for (;;) {
        while (*pattern == ' ')
            pattern++;
        if (!*pattern)
            return isa_assembler_at_end(reader->assembler, reader->cursor);
        if (isalnum((unsigned char)*pattern) || *pattern == '_') {
            size_t length = 0;
            while (isalnum((unsigned char)pattern[length]) || pattern[length] == '_')
                length++;
            const struct isa_field *field = isa_field_named(reader->instruction, pattern, length);
            uint32_t value = 0;
            pattern += length;
            if (!field)
                return false; /* the loader does not let this happen */
            bool ok = field->kind == ISA_REGISTER ? read_register(reader, field, &value)
                      : field->kind == ISA_SET    ? read_set(reader, field, &value)
                                                  : read_number(reader, field, *pattern == '(', &value);
            if (!ok)
                return false;
            reader->word = isa_field_put(field, reader->word, value);
        } else {
            struct isa_token token = isa_token_peek(reader->cursor);
            char sign[2] = {*pattern, '\0'};
            if (!isa_token_is(&token, sign)) {
                char what[64];
                snprintf(what, sizeof what, "'%s' and an operand are expected here", sign);
                if (*sign == ')')
                    snprintf(what, sizeof what, "')' is missing here");
                return wrong(reader, &token, what);
            }
            isa_token_next(reader->cursor);
            pattern++;
        }
    }
}

bool isa_assembler_instruction(struct isa_assembler *assembler, const struct isa_instruction *instruction,
                               struct isa_cursor *cursor, const char **reached)
{
    /* In the first passes values are not all known; only that the form is right matters then. */
    struct reader reader = {
        .assembler = assembler, .instruction = instruction, .cursor = cursor, .word = instruction->match};
    bool ok = read_operands(&reader);
    if (reached)
        *reached = isa_token_peek(cursor).start;
    if (assembler->quiet)
        return ok;
    unsigned bytes = isa_instruction_bytes(assembler->isa);
    struct isa_section *section = &assembler->sections[assembler->section];
    bool odd = isa_assembler_here(assembler) % bytes != 0 && (bytes & (bytes - 1)) == 0, first = odd && !section->odd;
    section->odd = odd;
    if (first) {
        isa_assembler_error(assembler, cursor, &assembler->statement, "put .align before it",
                            "an instruction at an address that is not a multiple of %u", bytes);
    }
    uint8_t word[4] = {(uint8_t)reader.word, (uint8_t)(reader.word >> 8), (uint8_t)(reader.word >> 16),
                       (uint8_t)(reader.word >> 24)};
    isa_assembler_note_line(assembler);
    return isa_assembler_emit(assembler, &assembler->statement, word, bytes) && ok;
}

bool isa_assembler_fits(struct isa_assembler *assembler, const struct isa_instruction *instruction,
                        struct isa_cursor cursor)
{
    struct reader reader = {
        .assembler = assembler, .instruction = instruction, .cursor = &cursor, .early = true, .fits = true};
    bool quiet = assembler->quiet;
    assembler->quiet = true;
    bool ok = read_operands(&reader);
    assembler->quiet = quiet;
    return ok && reader.fits;
}
