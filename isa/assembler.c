/* assembler.c: the assembler's passes over a text, and what statements do to sections and symbols. */
#include "isa/assembler.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What the user wrote for a token of an expansion: the operand that it names, or else the statement. */
static const struct isa_token *users_token(const struct isa_assembler *assembler, const struct isa_token *token,
                                           struct isa_token *users)
{
    for (unsigned i = 0; i < assembler->binding_count; i++) {
        const struct isa_binding *binding = &assembler->bindings[i];
        if (binding->length != token->length || memcmp(binding->name, token->start, token->length) != 0)
            continue;
        *users = isa_token_peek(&binding->at);
        return users;
    }
    return &assembler->statement;
}

void isa_assembler_error(struct isa_assembler *assembler, const struct isa_cursor *cursor,
                         const struct isa_token *token, const char *advice, const char *format, ...)
{
    if (assembler->quiet || assembler->pass < ISA_LAST_PASS || assembler->full)
        return;
    struct isa_token users;
    if (cursor->template)
        token = users_token(assembler, token, &users);
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    struct isa_place place = {assembler->file, assembler->text, token->line, token->column, token->length};
    isa_diagnostics_error(assembler->diagnostics, &place, ISA_EXIT_DATA, advice, "%s", message);
    if (isa_diagnostics_count(assembler->diagnostics) >= ISA_MOST_ERRORS) {
        isa_diagnostics_error(assembler->diagnostics, &place, ISA_EXIT_DATA, NULL,
                              "too many errors: the rest is not shown");
        assembler->full = true;
    }
}

/* What ends the assembly whatever the pass, because going on would need too much of something. */
static void give_up(struct isa_assembler *assembler, const struct isa_token *token, const char *advice,
                    const char *message)
{
    struct isa_place place = {assembler->file, assembler->text, token->line, token->column, token->length};
    if (!assembler->full)
        isa_diagnostics_error(assembler->diagnostics, &place, ISA_EXIT_DATA, advice, "%s", message);
    assembler->full = true;
}

uint64_t isa_assembler_here(const struct isa_assembler *assembler)
{
    const struct isa_section *section = &assembler->sections[assembler->section];
    return section->start + section->size;
}

bool isa_assembler_at_end(struct isa_assembler *assembler, struct isa_cursor *cursor)
{
    struct isa_token token = isa_token_peek(cursor);
    if (token.kind == ISA_TOKEN_LINE || token.kind == ISA_TOKEN_END)
        return true;
    if (token.kind == ISA_TOKEN_BAD) {
        isa_assembler_error(assembler, cursor, &token, token.advice, "%s", token.problem);
    } else {
        isa_assembler_error(assembler, cursor, &token, "statements end with the line, or with ';'",
                            "the statement is complete before this");
    }
    return false;
}

/* Makes room in the current section; the limit on the whole keeps hostile texts small. */
static uint8_t *reserve(struct isa_assembler *assembler, const struct isa_token *token, uint64_t length)
{
    static uint8_t nothing;
    struct isa_section *section = &assembler->sections[assembler->section];
    uint64_t whole = length; /* never near 2^64: lengths are checked where they are read */
    for (unsigned i = 0; i < ISA_SECTIONS; i++)
        whole += assembler->sections[i].size;
    if (whole > ISA_LARGEST_IMAGE) {
        give_up(assembler, token, "use less .space, or a smaller alignment", "the image would be larger than 16 MiB");
        return NULL;
    }
    uint32_t before = section->size;
    section->size += (uint32_t)length;
    if (assembler->pass < ISA_LAST_PASS || assembler->section == ISA_BSS || length == 0)
        return &nothing;
    if (section->size > section->capacity) {
        isa_diagnostics_error(assembler->diagnostics, NULL, ISA_EXIT_INTERNAL, NULL,
                              "internal error: %s has grown since the pass before", section->name);
        assembler->full = true;
        return NULL;
    }
    return section->bytes + before;
}

bool isa_assembler_emit(struct isa_assembler *assembler, const struct isa_token *token, const void *bytes,
                        size_t length)
{
    uint8_t *room = reserve(assembler, token, length);
    if (!room)
        return false;
    if (assembler->section == ISA_BSS) {
        const uint8_t *byte = bytes;
        for (size_t i = 0; i < length; i++) {
            if (byte[i] == 0)
                continue;
            isa_assembler_error(assembler, &assembler->cursor, token, "put it in .data", ".bss holds only zeros");
            return false;
        }
    } else if (assembler->pass == ISA_LAST_PASS) {
        memcpy(room, bytes, length);
    }
    return true;
}

bool isa_assembler_fill(struct isa_assembler *assembler, const struct isa_token *token, uint64_t length, uint8_t byte)
{
    uint8_t *room = reserve(assembler, token, length);
    if (!room)
        return false;
    if (assembler->section == ISA_BSS && byte != 0 && length > 0) {
        isa_assembler_error(assembler, &assembler->cursor, token, "put it in .data", ".bss holds only zeros");
        return false;
    }
    if (assembler->pass == ISA_LAST_PASS && assembler->section != ISA_BSS)
        memset(room, byte, length);
    return true;
}

bool isa_assembler_define(struct isa_assembler *assembler, const struct isa_token *name, const char *key, size_t length,
                          struct isa_value value, bool early, bool label)
{
    if (name->kind == ISA_TOKEN_NAME && isa_is_register(assembler->isa, name->start, name->length)) {
        isa_assembler_error(assembler, &assembler->cursor, name, "give it another name", "'%.*s' is a register",
                            (int)name->length, name->start);
        return false;
    }
    struct isa_symbol *symbol = isa_symbols_find(&assembler->symbols, key, length, true);
    if (!symbol) {
        give_up(assembler, name, NULL, "out of memory");
        return false;
    }
    if (symbol->pass == assembler->pass && (label || symbol->label)) {
        isa_assembler_error(assembler, &assembler->cursor, name, "give one of the two another name",
                            "'%.*s' is already defined on line %u", name->length > 100 ? 100 : (int)name->length,
                            name->start, symbol->line);
        return false;
    }
    symbol->value = value;
    symbol->pass = assembler->pass;
    symbol->early = early;
    symbol->label = label;
    symbol->line = name->line;
    return true;
}

/* "NAME:", and "1:", of which any number may be defined. */
static void define_label(struct isa_assembler *assembler, const struct isa_token *name)
{
    struct isa_value here = {true, assembler->section, assembler->sections[assembler->section].size};
    if (name->kind == ISA_TOKEN_NAME) {
        if (isa_token_is(name, ".")) {
            isa_assembler_error(assembler, &assembler->cursor, name, NULL,
                                "'.' is the address here, and cannot be a label");
            return;
        }
        isa_assembler_define(assembler, name, name->start, name->length, here, true, true);
        return;
    }
    char key[64];
    int length = snprintf(key, sizeof key, "%" PRIu64, name->number);
    struct isa_symbol *counter = isa_symbols_find(&assembler->symbols, key, (size_t)length, true);
    if (!counter)
        return;
    if (counter->pass != assembler->pass)
        counter->value.number = 0;
    counter->pass = assembler->pass;
    uint64_t which = ++counter->value.number;
    length = snprintf(key, sizeof key, "%" PRIu64 "\001%" PRIu64, name->number, which);
    isa_assembler_define(assembler, name, key, (size_t)length, here, true, true);
}

static void skip_statement(struct isa_assembler *assembler)
{
    for (;;) {
        struct isa_token token = isa_token_peek(&assembler->cursor);
        if (token.kind == ISA_TOKEN_END || token.kind == ISA_TOKEN_LINE)
            return;
        isa_token_next(&assembler->cursor);
    }
}

static void statement(struct isa_assembler *assembler)
{
    struct isa_token first = isa_token_next(&assembler->cursor);
    struct isa_token second = isa_token_peek(&assembler->cursor);
    if (first.kind == ISA_TOKEN_LINE || first.kind == ISA_TOKEN_END)
        return;
    if ((first.kind == ISA_TOKEN_NAME || first.kind == ISA_TOKEN_NUMBER) && isa_token_is(&second, ":")) {
        isa_token_next(&assembler->cursor);
        define_label(assembler, &first);
        return;
    }
    assembler->statement = first;
    assembler->statement_offset = assembler->sections[assembler->section].size;
    if (first.kind == ISA_TOKEN_BAD) {
        isa_assembler_error(assembler, &assembler->cursor, &first, first.advice, "%s", first.problem);
    } else if (first.kind != ISA_TOKEN_NAME) {
        isa_assembler_error(assembler, &assembler->cursor, &first, NULL,
                            "a statement begins with a label, a mnemonic or a directive");
    } else if (*first.start == '.' || isa_token_is(&second, "=")) {
        isa_assembler_directive(assembler);
    } else {
        isa_assembler_mnemonic(assembler);
    }
    skip_statement(assembler);
}

/* Where text stands unless .org says otherwise: behind what the machine keeps in low memory. */
static uint64_t text_start(const struct isa *isa)
{
    return isa_word_bits(isa) < 16 ? 0x10 : 0x1000;
}

static bool begin_pass(struct isa_assembler *assembler, unsigned pass)
{
    assembler->pass = pass;
    assembler->cursor = (struct isa_cursor){assembler->text, assembler->text, 1, false};
    assembler->section = ISA_TEXT;
    for (unsigned i = 0; i < ISA_SECTIONS; i++) {
        struct isa_section *section = &assembler->sections[i];
        if (pass == ISA_LAST_PASS && i != ISA_BSS && section->size > 0) {
            section->bytes = calloc(section->size, 1);
            if (!section->bytes)
                return false;
            section->capacity = section->size;
        }
        section->size = 0;
        section->odd = false;
        section->alignment = 1;
        section->placed = i == ISA_TEXT;
        section->start = i == ISA_TEXT ? text_start(assembler->isa) : 0;
    }
    return true;
}

/* Settles where sections stand that .org has not placed: behind the text, one after the other. */
static void lay_out(struct isa_assembler *assembler)
{
    uint64_t next = 0;
    for (unsigned i = ISA_TEXT; i < ISA_SECTIONS; i++) {
        struct isa_section *section = &assembler->sections[i];
        if (section->size == 0 && !section->placed) {
            section->base = next;
            continue;
        }
        /* Words with 16 bits or more have room to spare: data is easier to find in a dump when it starts a line. */
        uint64_t alignment = isa_word_bits(assembler->isa) < 16 ? 1 : 16;
        if (section->alignment > alignment)
            alignment = section->alignment;
        section->base = section->placed ? section->start : (next + alignment - 1) / alignment * alignment;
        next = section->base + section->size;
    }
    assembler->laid_out = true;
}

static int by_address(const void *a, const void *b)
{
    const struct isa_relative_high *x = a, *y = b;
    return x->address < y->address ? -1 : x->address > y->address;
}

static void run(struct isa_assembler *assembler)
{
    for (unsigned pass = 1; pass <= ISA_LAST_PASS; pass++) {
        if (!begin_pass(assembler, pass)) {
            isa_diagnostics_error(assembler->diagnostics, NULL, ISA_EXIT_INTERNAL, NULL, "out of memory");
            return;
        }
        while (!assembler->full && *assembler->cursor.at)
            statement(assembler);
        if (assembler->full)
            return;
        if (pass == 1)
            lay_out(assembler);
        if (assembler->high_count)
            qsort(assembler->highs, assembler->high_count, sizeof *assembler->highs, by_address);
    }
}

uint8_t *isa_assemble(const struct isa *isa, const char *file, const char *text, size_t *length,
                      struct isa_diagnostics *diagnostics)
{
    static const char *const names[ISA_SECTIONS] = {".text", ".rodata", ".data", ".bss"};
    struct isa_assembler *assembler = calloc(1, sizeof *assembler);
    uint8_t *image = NULL;
    if (!assembler) {
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_INTERNAL, NULL, "out of memory");
        return NULL;
    }
    assembler->isa = isa;
    assembler->file = file;
    assembler->text = text;
    assembler->diagnostics = diagnostics;
    for (unsigned i = 0; i < ISA_SECTIONS; i++)
        assembler->sections[i].name = names[i];
    size_t errors = isa_diagnostics_total(diagnostics);
    run(assembler);
    if (isa_diagnostics_total(diagnostics) == errors)
        image = isa_assembler_image(assembler, length);
    for (unsigned i = 0; i < ISA_SECTIONS; i++)
        free(assembler->sections[i].bytes);
    isa_symbols_free(&assembler->symbols);
    free(assembler->highs);
    free(assembler->lines);
    free(assembler);
    return image;
}
