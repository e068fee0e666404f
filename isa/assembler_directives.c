/* assembler_directives.c: what begins with a dot. */
#include "isa/assembler.h"

#include <inttypes.h>
#include <string.h>

/* A directive: what it is called, what does it, and a number for that to tell relatives apart. */
struct directive {
    const char *name;
    void (*perform)(struct isa_assembler *assembler, unsigned detail);
    unsigned detail;
};

static bool next_is_comma(struct isa_assembler *assembler)
{
    struct isa_token token = isa_token_peek(&assembler->cursor);
    if (!isa_token_is(&token, ","))
        return false;
    isa_token_next(&assembler->cursor);
    return true;
}

static bool expect_comma(struct isa_assembler *assembler, const char *advice)
{
    struct isa_token token = isa_token_peek(&assembler->cursor);
    if (next_is_comma(assembler))
        return true;
    isa_assembler_error(assembler, &assembler->cursor, &token, advice, "',' is expected here");
    return false;
}

/* .word and its relatives; detail: bytes, 0 for a word of the machine. Longer ones than a word are extended by their
 * sign. */
static void numbers(struct isa_assembler *assembler, unsigned detail)
{
    unsigned bytes = detail ? detail : isa_word_bytes(assembler->isa);
    unsigned bits = detail ? detail * 8 : isa_word_bits(assembler->isa);
    do {
        struct isa_token first = isa_token_peek(&assembler->cursor);
        struct isa_value value;
        int64_t number = 0;
        assembler->statement_offset = assembler->sections[assembler->section].size; /* '.' is each number's own place */
        if (!isa_expression(assembler, &assembler->cursor, false, &value))
            return;
        bool known = isa_value_number(assembler, &value, &number);
        if (known && bits < 64 && (number < -(INT64_C(1) << (bits - 1)) || number >= INT64_C(1) << bits)) {
            isa_assembler_error(assembler, &assembler->cursor, &first, NULL,
                                "%" PRId64 " does not fit in %u bits: %" PRId64 " to %" PRId64, number, bits,
                                -(INT64_C(1) << (bits - 1)), (INT64_C(1) << bits) - 1);
        }
        if (bits < 64)
            number &= (INT64_C(1) << bits) - 1;
        uint8_t data[8];
        for (unsigned i = 0; i < 8; i++)
            data[i] = (uint8_t)((uint64_t)number >> (8 * i));
        isa_assembler_emit(assembler, &first, data, bytes);
    } while (next_is_comma(assembler));
    isa_assembler_at_end(assembler, &assembler->cursor);
}

/* .ascii (detail 0), .asciz (1). */
static void strings(struct isa_assembler *assembler, unsigned detail)
{
    do {
        struct isa_token token = isa_token_peek(&assembler->cursor);
        if (token.kind != ISA_TOKEN_STRING) {
            isa_assembler_error(
                assembler, &assembler->cursor, &token, token.kind == ISA_TOKEN_BAD ? token.advice : NULL, "%s",
                token.kind == ISA_TOKEN_BAD ? token.problem : "a string in \"quotes\" is expected here");
            return;
        }
        isa_token_next(&assembler->cursor);
        const char *at = token.start + 1, *end = token.start + token.length - 1;
        while (at < end) {
            struct isa_token place = token;
            place.column += (unsigned)(at - token.start);
            place.start = at;
            int value = isa_token_character(&at, end);
            place.length = (unsigned)(at - place.start);
            uint8_t byte = (uint8_t)value;
            if (value < 0) {
                isa_assembler_error(assembler, &assembler->cursor, &place,
                                    "there are \\n \\t \\r \\b \\f \\v \\e \\\\ \\\" \\' \\0 (octal) \\x41",
                                    "unknown escape");
            }
            isa_assembler_emit(assembler, &token, &byte, 1);
        }
        if (detail)
            isa_assembler_emit(assembler, &token, "", 1);
    } while (next_is_comma(assembler));
    isa_assembler_at_end(assembler, &assembler->cursor);
}

/* .space LENGTH [, BYTE] */
static void space(struct isa_assembler *assembler, unsigned detail)
{
    (void)detail;
    int64_t length, byte = 0;
    if (!isa_expression_early(assembler, &assembler->cursor, 0, ISA_LARGEST_IMAGE, "the length", &length))
        return;
    if (next_is_comma(assembler) && !isa_expression_early(assembler, &assembler->cursor, -128, 255, "the byte", &byte))
        return;
    if (!isa_assembler_at_end(assembler, &assembler->cursor))
        return;
    isa_assembler_fill(assembler, &assembler->statement, (uint64_t)length, (uint8_t)byte);
}

/* .align N, .p2align N: to 2 to the N (detail 0); .balign N: to N (detail 1). [, BYTE [, MOST]] */
static void align(struct isa_assembler *assembler, unsigned detail)
{
    int64_t number, byte = 0, most = ISA_LARGEST_ALIGNMENT;
    struct isa_token first = isa_token_peek(&assembler->cursor);
    bool ok =
        detail ? isa_expression_early(assembler, &assembler->cursor, 0, ISA_LARGEST_ALIGNMENT, "the alignment", &number)
               : isa_expression_early(assembler, &assembler->cursor, 0, 20, "the alignment's power of two", &number);
    if (!ok)
        return;
    uint64_t alignment = detail ? (uint64_t)number : UINT64_C(1) << number;
    bool filler = false;
    if (next_is_comma(assembler)) {
        struct isa_token token = isa_token_peek(&assembler->cursor);
        if (!isa_token_is(&token, ",")) {
            filler = true;
            if (!isa_expression_early(assembler, &assembler->cursor, -128, 255, "the byte", &byte))
                return;
        }
        if (next_is_comma(assembler) &&
            !isa_expression_early(assembler, &assembler->cursor, 0, ISA_LARGEST_ALIGNMENT, "the most bytes", &most))
            return;
    }
    if (!isa_assembler_at_end(assembler, &assembler->cursor) || alignment == 0)
        return;
    if ((alignment & (alignment - 1)) != 0) {
        isa_assembler_error(assembler, &assembler->cursor, &first, NULL, "the alignment is not a power of two");
        return;
    }
    struct isa_section *section = &assembler->sections[assembler->section];
    uint64_t gap = (0 - isa_assembler_here(assembler)) & (alignment - 1);
    if (alignment > section->alignment)
        section->alignment = (uint32_t)alignment;
    if (gap > (uint64_t)most)
        return;
    if (assembler->section == ISA_TEXT && !filler)
        isa_assembler_fill_code(assembler, &assembler->statement, gap);
    else
        isa_assembler_fill(assembler, &assembler->statement, gap, (uint8_t)byte);
}

/* .org ADDRESS: places a section that is still empty, and goes forward in one that is not. */
static void origin(struct isa_assembler *assembler, unsigned detail)
{
    (void)detail;
    struct isa_section *section = &assembler->sections[assembler->section];
    struct isa_token first = isa_token_peek(&assembler->cursor);
    struct isa_value value;
    if (!isa_expression(assembler, &assembler->cursor, true, &value))
        return;
    if (!isa_assembler_at_end(assembler, &assembler->cursor))
        return;
    uint64_t last = (UINT64_C(1) << isa_word_bits(assembler->isa)) - 1, target = value.number;
    if (!value.known || (value.section != ISA_ABSOLUTE && value.section != assembler->section)) {
        isa_assembler_error(assembler, &assembler->cursor, &first,
                            "use numbers, and symbols of this section defined above this line",
                            "the address must be known here");
    } else if (value.section == ISA_ABSOLUTE && target > last) {
        isa_assembler_error(assembler, &assembler->cursor, &first, NULL,
                            "the last address of this machine is 0x%" PRIx64, last);
    } else if (value.section == ISA_ABSOLUTE && section->size == 0) {
        section->start = target;
        section->placed = true;
    } else if (value.section == ISA_ABSOLUTE && !section->placed) {
        isa_assembler_error(assembler, &assembler->cursor, &first, "put an .org before the first thing in the section",
                            "the section has no place of its own yet");
    } else {
        if (value.section == ISA_ABSOLUTE)
            target -= section->start;
        if (target < section->size || target > UINT64_MAX / 2) {
            isa_assembler_error(assembler, &assembler->cursor, &first, NULL,
                                "'.org' cannot go back: this is 0x%" PRIx64, isa_assembler_here(assembler));
            return;
        }
        isa_assembler_fill(assembler, &assembler->statement, target - section->size, 0);
    }
}

/* .text, .data, ...: detail is the section. */
static void go_to_section(struct isa_assembler *assembler, unsigned detail)
{
    if (isa_assembler_at_end(assembler, &assembler->cursor))
        assembler->section = (enum isa_section_number)detail;
}

/* .section .NAME[.more] [, anything]: ".rodata.str1.4" is a part of ".rodata". */
static void named_section(struct isa_assembler *assembler, unsigned detail)
{
    static const struct {
        const char *name;
        enum isa_section_number section;
    } known[] = {{".text", ISA_TEXT},  {".rodata", ISA_RODATA}, {".data", ISA_DATA},      {".bss", ISA_BSS},
                 {".sdata", ISA_DATA}, {".sbss", ISA_BSS},      {".srodata", ISA_RODATA}, {".init", ISA_TEXT}};
    (void)detail;
    struct isa_token name = isa_token_peek(&assembler->cursor);
    for (size_t i = 0; name.kind == ISA_TOKEN_NAME && i < sizeof known / sizeof *known; i++) {
        size_t length = strlen(known[i].name);
        if (name.length < length || memcmp(name.start, known[i].name, length) != 0)
            continue;
        if (name.length > length && name.start[length] != '.')
            continue;
        assembler->section = known[i].section;
        return;
    }
    isa_assembler_error(assembler, &assembler->cursor, &name, NULL,
                        "there are the sections .text, .rodata, .data and .bss");
}

static void set_symbol(struct isa_assembler *assembler, const struct isa_token *name)
{
    struct isa_value value, early = {false, ISA_ABSOLUTE, 0};
    struct isa_cursor cursor = assembler->cursor;
    bool quiet = assembler->quiet;
    assembler->quiet = true;
    isa_expression(assembler, &cursor, true, &early);
    assembler->quiet = quiet;
    if (!isa_expression(assembler, &assembler->cursor, false, &value))
        return;
    if (!isa_assembler_at_end(assembler, &assembler->cursor))
        return;
    if (early.known)
        value = early;
    isa_assembler_define(assembler, name, name->start, name->length, value, early.known, false);
}

/* .equ NAME, VALUE; and NAME = VALUE. */
static void equate(struct isa_assembler *assembler, unsigned detail)
{
    (void)detail;
    struct isa_token name = isa_token_peek(&assembler->cursor);
    if (name.kind != ISA_TOKEN_NAME || isa_token_is(&name, ".")) {
        isa_assembler_error(assembler, &assembler->cursor, &name, "write: .equ NAME, VALUE", "a name is expected here");
        return;
    }
    isa_token_next(&assembler->cursor);
    if (expect_comma(assembler, "write: .equ NAME, VALUE"))
        set_symbol(assembler, &name);
}

/* .global NAME, ... */
static void global(struct isa_assembler *assembler, unsigned detail)
{
    (void)detail;
    do {
        struct isa_token name = isa_token_peek(&assembler->cursor);
        if (name.kind != ISA_TOKEN_NAME) {
            isa_assembler_error(assembler, &assembler->cursor, &name, "write: .global NAME", "a name is expected here");
            return;
        }
        isa_token_next(&assembler->cursor);
        struct isa_symbol *symbol = isa_symbols_find(&assembler->symbols, name.start, name.length, true);
        if (symbol)
            symbol->global = true;
    } while (next_is_comma(assembler));
    isa_assembler_at_end(assembler, &assembler->cursor);
}

/* .type NAME, @function: all else that may stand there is for GNU's tools. */
static void type(struct isa_assembler *assembler, unsigned detail)
{
    (void)detail;
    struct isa_token name = isa_token_next(&assembler->cursor);
    if (name.kind != ISA_TOKEN_NAME || !next_is_comma(assembler))
        return;
    struct isa_token sign = isa_token_next(&assembler->cursor), what = isa_token_next(&assembler->cursor);
    if (!(isa_token_is(&sign, "@") || isa_token_is(&sign, "%")) || !isa_token_is(&what, "function"))
        return;
    struct isa_symbol *symbol = isa_symbols_find(&assembler->symbols, name.start, name.length, true);
    if (symbol)
        symbol->function = true;
}

/* .comm NAME, LENGTH [, ALIGNMENT]: zeroed memory of its own. */
static void common(struct isa_assembler *assembler, unsigned detail)
{
    (void)detail;
    int64_t length, alignment = 1;
    struct isa_token name = isa_token_next(&assembler->cursor);
    if (name.kind != ISA_TOKEN_NAME) {
        isa_assembler_error(assembler, &assembler->cursor, &name, "write: .comm NAME, LENGTH",
                            "a name is expected here");
        return;
    }
    if (!expect_comma(assembler, "write: .comm NAME, LENGTH"))
        return;
    if (!isa_expression_early(assembler, &assembler->cursor, 0, ISA_LARGEST_IMAGE, "the length", &length))
        return;
    if (next_is_comma(assembler) &&
        !isa_expression_early(assembler, &assembler->cursor, 1, ISA_LARGEST_ALIGNMENT, "the alignment", &alignment))
        return;
    if (!isa_assembler_at_end(assembler, &assembler->cursor))
        return;
    enum isa_section_number before = assembler->section;
    assembler->section = ISA_BSS;
    struct isa_section *section = &assembler->sections[ISA_BSS];
    while (section->alignment < (uint64_t)alignment)
        section->alignment *= 2;
    uint64_t start = (isa_assembler_here(assembler) + section->alignment - 1) / section->alignment * section->alignment;
    if (isa_assembler_fill(assembler, &name, start - isa_assembler_here(assembler), 0)) {
        struct isa_value here = {true, ISA_BSS, section->size};
        isa_assembler_define(assembler, &name, name.start, name.length, here, true, true);
        isa_assembler_fill(assembler, &name, (uint64_t)length, 0);
    }
    assembler->section = before;
}

/* What compilers write for GNU's tools alone. */
static void ignore(struct isa_assembler *assembler, unsigned detail)
{
    (void)assembler;
    (void)detail;
}

static const struct directive directives[] = {
    {".word", numbers, 0}, {".long", numbers, 4}, {".int", numbers, 4}, {".4byte", numbers, 4},
    {".3byte", numbers, 3}, {".half", numbers, 2}, {".short", numbers, 2}, {".hword", numbers, 2},
    {".2byte", numbers, 2}, {".byte", numbers, 1}, {".dword", numbers, 8}, {".quad", numbers, 8},
    {".8byte", numbers, 8}, {".ascii", strings, 0}, {".asciz", strings, 1}, {".string", strings, 1},
    {".space", space, 0}, {".zero", space, 0}, {".skip", space, 0}, {".align", align, 0}, {".p2align", align, 0},
    {".balign", align, 1}, {".org", origin, 0}, {".text", go_to_section, ISA_TEXT},
    {".data", go_to_section, ISA_DATA}, {".bss", go_to_section, ISA_BSS}, {".rodata", go_to_section, ISA_RODATA},
    {".section", named_section, 0}, {".equ", equate, 0}, {".set", equate, 0}, {".global", global, 0},
    {".globl", global, 0}, {".type", type, 0}, {".comm", common, 0}, {".file", ignore, 0}, {".option", ignore, 0},
    {".attribute", ignore, 0}, {".ident", ignore, 0}, {".size", ignore, 0}, {".local", ignore, 0},
    {".weak", ignore, 0},
};

void isa_assembler_directive(struct isa_assembler *assembler)
{
    struct isa_token name = assembler->statement;
    struct isa_token sign = isa_token_peek(&assembler->cursor);
    if (isa_token_is(&sign, "=") && !isa_token_is(&name, ".")) {
        isa_token_next(&assembler->cursor);
        set_symbol(assembler, &name);
        return;
    }
    unsigned best = ISA_FAR;
    const char *near = NULL;
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        if (isa_token_is(&name, directives[i].name)) {
            directives[i].perform(assembler, directives[i].detail);
            return;
        }
        if (assembler->pass == ISA_LAST_PASS)
            near = isa_suggest(directives[i].name, name.start, name.length, &best, near);
    }
    char advice[64];
    snprintf(advice, sizeof advice, "did you mean '%s'?", near ? near : "");
    isa_assembler_error(assembler, &assembler->cursor, &name, near ? advice : "docs/assembler.md lists the directives",
                        "there is no directive '%.*s'", name.length > 60 ? 60 : (int)name.length, name.start);
}
