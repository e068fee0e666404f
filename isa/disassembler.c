/* disassembler.c: words as assembly, by the operands that the specification gives them. Canonical names, no aliases. */
#include "isa/assembler.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* A buffer that never overflows; what does not fit is lost. */
struct writer {
    char *buffer;
    size_t size, length;
};

static void put(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct writer *writer, const char *format, ...)
{
    if (writer->length >= writer->size)
        return;
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(writer->buffer + writer->length, writer->size - writer->length, format, arguments);
    va_end(arguments);
    writer->length += count > 0 ? (size_t)count : 0;
}

static void put_field(struct writer *writer, const struct isa *isa, const struct isa_field *field, uint32_t word,
                      uint32_t address, const char *(*symbol)(void *context, uint32_t address, uint32_t *offset),
                      void *context)
{
    uint32_t value = isa_field_get(field, word);
    char name[32];
    switch (field->kind) {
    case ISA_REGISTER:
        isa_register_name(isa_state_at(isa, field->state), value, name, sizeof name);
        put(writer, "%s", name);
        return;
    case ISA_SIGNED: put(writer, "%" PRId64, isa_signed(value, field->width)); return;
    case ISA_UNSIGNED: put(writer, field->width > 8 ? "0x%" PRIx32 : "%" PRIu32, value); return;
    case ISA_SET:
        for (const char *letter = field->letters; *letter; letter++)
            if (value >> (strlen(letter) - 1) & 1)
                put(writer, "%c", *letter);
        if (value == 0)
            put(writer, "0");
        return;
    case ISA_RELATIVE: break;
    }
    uint64_t space = (UINT64_C(1) << isa_word_bits(isa)) - 1;
    uint32_t target = (uint32_t)((address + (uint64_t)isa_signed(value, field->width)) & space), offset = 0;
    const char *near = symbol ? symbol(context, target, &offset) : NULL;
    put(writer, "0x%" PRIx32, target);
    if (near && offset)
        put(writer, " <%s+0x%" PRIx32 ">", near, offset);
    else if (near)
        put(writer, " <%s>", near);
}

/* Whether assembling an instruction's operands gives this very word: bits that no operand names assemble as zero, and
 * there must be a register for every number. */
static bool expressible(const struct isa *isa, const struct isa_instruction *instruction, uint32_t word)
{
    uint32_t rebuilt = instruction->match;
    for (unsigned i = 0; i < instruction->field_count; i++) {
        const struct isa_field *field = &instruction->fields[i];
        uint32_t value = isa_field_get(field, word);
        if (!field->in_syntax)
            continue;
        if (field->kind == ISA_REGISTER && value >= isa_state_at(isa, field->state)->count)
            return false;
        rebuilt = isa_field_put(field, rebuilt, value);
    }
    return rebuilt == word;
}

static void put_word(struct writer *writer, const struct isa *isa, uint32_t word)
{
    unsigned bytes = isa_instruction_bytes(isa);
    if (bytes == isa_word_bytes(isa))
        put(writer, ".word 0x%0*" PRIx32, (int)bytes * 2, word);
    else
        put(writer, ".%s 0x%0*" PRIx32,
            bytes == 1   ? "byte"
            : bytes == 2 ? "2byte"
            : bytes == 3 ? "3byte"
                         : "4byte",
            (int)bytes * 2, word);
}

void isa_disassemble(const struct isa *isa, uint32_t word, uint32_t address,
                     const char *(*symbol)(void *context, uint32_t address, uint32_t *offset), void *context,
                     char *buffer, size_t size)
{
    struct writer writer = {buffer, size, 0};
    if (size)
        *buffer = '\0';
    const struct isa_instruction *instruction = isa_decode(isa, word);
    if (!instruction || !expressible(isa, instruction, word)) {
        put_word(&writer, isa, word);
        return;
    }
    put(&writer, "%s", instruction->name);
    if (*instruction->syntax)
        put(&writer, " ");
    for (const char *at = instruction->syntax; *at;) {
        size_t length = 0;
        while (isalnum((unsigned char)at[length]) || at[length] == '_')
            length++;
        const struct isa_field *field = length ? isa_field_named(instruction, at, length) : NULL;
        if (field) {
            put_field(&writer, isa, field, word, address, symbol, context);
            at += length;
        } else {
            put(&writer, "%c", *at);
            at++;
        }
    }
}
