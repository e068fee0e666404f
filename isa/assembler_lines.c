/* assembler_lines.c: which line of the source each instruction comes from, in DWARF 3, for debuggers and for the
 * machine's own screens: a line table, and as little of a compilation unit as leads readers to it. */
#include "isa/assembler.h"

#include <stdlib.h>
#include <string.h>

/* Numbers of the DWARF standard, version 3. */
enum {
    DW_TAG_compile_unit = 0x11,
    DW_AT_name = 0x03,
    DW_AT_stmt_list = 0x10,
    DW_AT_low_pc = 0x11,
    DW_AT_high_pc = 0x12,
    DW_AT_language = 0x13,
    DW_FORM_addr = 0x01,
    DW_FORM_data2 = 0x05,
    DW_FORM_data4 = 0x06,
    DW_FORM_string = 0x08,
    DW_LANG_Mips_Assembler = 0x8001,
    DW_LNS_copy = 1,
    DW_LNS_advance_pc = 2,
    DW_LNS_advance_line = 3,
    DW_LNE_end_sequence = 1,
    DW_LNE_set_address = 2
};

void isa_assembler_note_line(struct isa_assembler *assembler)
{
    const struct isa_section *section = &assembler->sections[assembler->section];
    if (assembler->pass < ISA_LAST_PASS || assembler->section != ISA_TEXT)
        return;
    if (assembler->line_count && assembler->lines[assembler->line_count - 1].line == assembler->statement.line)
        return;
    if (assembler->line_count == assembler->line_capacity) {
        size_t capacity = assembler->line_capacity ? assembler->line_capacity * 2 : 256;
        struct isa_line *lines = realloc(assembler->lines, capacity * sizeof *lines);
        if (!lines)
            return; /* a program without all of its lines is still a program */
        assembler->lines = lines;
        assembler->line_capacity = capacity;
    }
    assembler->lines[assembler->line_count++] = (struct isa_line){section->size, assembler->statement.line};
}

static void put(FILE *stream, uint64_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        fputc((int)(number >> (8 * i) & 0xff), stream);
}

static void put_unsigned(FILE *stream, uint64_t number) /* LEB128 */
{
    for (; number >= 0x80; number >>= 7)
        fputc((int)(number & 0x7f) | 0x80, stream);
    fputc((int)number, stream);
}

static void put_signed(FILE *stream, int64_t number)
{
    for (; number < -0x40 || number >= 0x40; number >>= 7)
        fputc((int)(number & 0x7f) | 0x80, stream);
    fputc((int)(number & 0x7f), stream);
}

static void put_text(FILE *stream, const char *text)
{
    fwrite(text, 1, strlen(text) + 1, stream);
}

/* What the program of the line table does, from address 0 and line 1 on. */
static void put_program(const struct isa_assembler *assembler, FILE *stream)
{
    const struct isa_section *text = &assembler->sections[ISA_TEXT];
    uint32_t address = 0;
    int64_t line = 1;
    put(stream, 0, 1);
    put_unsigned(stream, 5);
    put(stream, DW_LNE_set_address, 1);
    put(stream, text->base, 4);
    for (size_t i = 0; i < assembler->line_count; i++) {
        put(stream, DW_LNS_advance_pc, 1);
        put_unsigned(stream, assembler->lines[i].offset - address);
        put(stream, DW_LNS_advance_line, 1);
        put_signed(stream, (int64_t)assembler->lines[i].line - line);
        put(stream, DW_LNS_copy, 1);
        address = assembler->lines[i].offset;
        line = assembler->lines[i].line;
    }
    put(stream, DW_LNS_advance_pc, 1);
    put_unsigned(stream, text->size - address);
    put(stream, 0, 1);
    put_unsigned(stream, 1);
    put(stream, DW_LNE_end_sequence, 1);
}

static void put_line_table(const struct isa_assembler *assembler, FILE *stream)
{
    static const unsigned char operands[9] = {0, 1, 1, 1, 1, 0, 0, 0, 1}; /* of the standard opcodes */
    put(stream, 3, 2);
    put(stream, 5 + sizeof operands + 1 + strlen(assembler->file) + 1 + 3 + 1, 4); /* what follows of the header */
    put(stream, 1, 1);            /* least instruction length: addresses are in bytes */
    put(stream, 1, 1);            /* every line is a statement */
    put(stream, (uint64_t)-5, 1); /* special opcodes: as everybody has them, unused */
    put(stream, 14, 1);
    put(stream, sizeof operands + 1, 1);
    fwrite(operands, 1, sizeof operands, stream);
    put(stream, 0, 1); /* no folders */
    put_text(stream, assembler->file);
    put(stream, 0, 3); /* its folder, time and length are not known */
    put(stream, 0, 1);
    put_program(assembler, stream);
}

static void put_abbreviations(FILE *stream)
{
    static const unsigned char text[] = {1,
                                         DW_TAG_compile_unit,
                                         0,
                                         DW_AT_stmt_list,
                                         DW_FORM_data4,
                                         DW_AT_name,
                                         DW_FORM_string,
                                         DW_AT_low_pc,
                                         DW_FORM_addr,
                                         DW_AT_high_pc,
                                         DW_FORM_addr,
                                         DW_AT_language,
                                         DW_FORM_data2,
                                         0,
                                         0,
                                         0};
    fwrite(text, 1, sizeof text, stream);
}

static void put_unit(const struct isa_assembler *assembler, FILE *stream)
{
    const struct isa_section *text = &assembler->sections[ISA_TEXT];
    put(stream, 3, 2);
    put(stream, 0, 4); /* offset of the abbreviations */
    put(stream, 4, 1); /* bytes of an address */
    put_unsigned(stream, 1);
    put(stream, 0, 4); /* offset of the line table */
    put_text(stream, assembler->file);
    put(stream, text->base, 4);
    put(stream, text->base + text->size, 4);
    put(stream, DW_LANG_Mips_Assembler, 2);
}

static void put_ranges(const struct isa_assembler *assembler, FILE *stream)
{
    const struct isa_section *text = &assembler->sections[ISA_TEXT];
    put(stream, 2, 2);
    put(stream, 0, 4); /* offset of the unit */
    put(stream, 4, 1);
    put(stream, 0, 1);
    put(stream, 0, 4); /* up to a multiple of 8 */
    put(stream, text->base, 4);
    put(stream, text->size, 4);
    put(stream, 0, 8);
}

bool isa_assembler_debug(const struct isa_assembler *assembler, enum isa_debug_section section, char **bytes,
                         size_t *size)
{
    FILE *stream = open_memstream(bytes, size);
    if (!stream)
        return false;
    bool has_length = section != ISA_DEBUG_ABBREV;
    if (has_length)
        put(stream, 0, 4);
    switch (section) {
    case ISA_DEBUG_LINE: put_line_table(assembler, stream); break;
    case ISA_DEBUG_INFO: put_unit(assembler, stream); break;
    case ISA_DEBUG_ABBREV: put_abbreviations(stream); break;
    case ISA_DEBUG_ARANGES: put_ranges(assembler, stream); break;
    }
    if (fclose(stream) != 0 || !*bytes)
        return false;
    /* The length does not count itself. */
    for (unsigned i = 0; i < 4 && has_length; i++)
        (*bytes)[i] = (char)((*size - 4) >> (8 * i) & 0xff);
    return true;
}
