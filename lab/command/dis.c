/* dis.c: `pg74 dis`: disassembles the executable sections of a program, or one word. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa/isa.h"
#include "lab/lab.h"

struct symbol {
    uint32_t address;
    const char *name; /* belongs to the Elf */
};

struct program {
    const struct isa *isa;
    Elf *elf;
    struct symbol *symbols; /* by address */
    size_t symbol_count;
};

static int by_address(const void *left, const void *right)
{
    const struct symbol *a = left, *b = right;
    return a->address != b->address ? (a->address < b->address ? -1 : 1) : strcmp(a->name, b->name);
}

/* The labels in sections: not absolute symbols, which are numbers, nor those that only tools need. */
static void read_symbols(struct program *program, Elf_Scn *section, const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0;
    struct symbol *symbols =
        count ? realloc(program->symbols, (program->symbol_count + count) * sizeof *symbols) : NULL;
    if (symbols == NULL)
        return;
    program->symbols = symbols;
    for (size_t i = 0; i < count; i++) {
        GElf_Sym entry;
        if (gelf_getsym(data, (int)i, &entry) == NULL || entry.st_shndx == SHN_UNDEF || entry.st_shndx >= SHN_LORESERVE)
            continue;
        unsigned type = GELF_ST_TYPE(entry.st_info);
        const char *name = elf_strptr(program->elf, header->sh_link, entry.st_name);
        if (name == NULL || *name == '\0' || *name == '$' || type == STT_SECTION || type == STT_FILE)
            continue;
        symbols[program->symbol_count++] = (struct symbol){(uint32_t)entry.st_value, name};
    }
}

/* The last symbol at or before an address. */
static const char *symbol_at(void *context, uint32_t address, uint32_t *offset)
{
    const struct program *program = context;
    size_t low = 0, high = program->symbol_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (program->symbols[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    *offset = address - program->symbols[low - 1].address;
    return program->symbols[low - 1].name;
}

static void print_labels(const struct program *program, uint32_t address)
{
    for (size_t i = 0; i < program->symbol_count && program->symbols[i].address <= address; i++)
        if (program->symbols[i].address == address)
            printf("%s:\n", program->symbols[i].name);
}

static void print_section(struct program *program, Elf_Scn *section, const GElf_Shdr *header)
{
    const Elf_Data *data = elf_rawdata(section, NULL);
    unsigned bytes = isa_instruction_bits(program->isa) / 8;
    size_t size = data && data->d_buf ? data->d_size : 0;
    for (size_t at = 0; at < size; at += bytes) {
        const uint8_t *start = (const uint8_t *)data->d_buf + at;
        uint32_t word = 0, address = (uint32_t)(header->sh_addr + at);
        size_t there = size - at < bytes ? size - at : bytes;
        for (size_t i = 0; i < there; i++)
            word |= (uint32_t)start[i] << (8 * i);
        print_labels(program, address);
        char text[128];
        isa_disassemble(program->isa, word, address, symbol_at, program, text, sizeof text);
        if (there < bytes)
            snprintf(text, sizeof text, "(%zu bytes are left over)", there);
        printf("%8" PRIx32 ":  %0*" PRIx32 "  %s\n", address, (int)bytes * 2, word, text);
    }
}

static bool open_program(struct program *program, int descriptor, const char *path, struct isa_diagnostics *diagnostics)
{
    struct isa_place place = {path, NULL, 0, 0, 0};
    elf_version(EV_CURRENT);
    program->elf = elf_begin(descriptor, ELF_C_READ, NULL);
    if (program->elf != NULL && elf_kind(program->elf) == ELF_K_ELF)
        return true;
    isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, "`pg74 asm` makes ELF files", "not an ELF file");
    return false;
}

static void print_program(struct program *program, const char *path, struct isa_diagnostics *diagnostics)
{
    struct isa_place place = {path, NULL, 0, 0, 0};
    GElf_Shdr header;
    bool found = false;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(program->elf, section)) != NULL;)
        if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_SYMTAB)
            read_symbols(program, section, &header);
    if (program->symbol_count > 0)
        qsort(program->symbols, program->symbol_count, sizeof *program->symbols, by_address);
    for (Elf_Scn *section = NULL; (section = elf_nextscn(program->elf, section)) != NULL;) {
        if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_PROGBITS ||
            !(header.sh_flags & SHF_EXECINSTR))
            continue;
        print_section(program, section, &header);
        found = true;
    }
    if (!found)
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, NULL, "there is no section with instructions in it");
}

static void disassemble_file(const struct isa *isa, const char *path, struct isa_diagnostics *diagnostics)
{
    struct isa_place place = {path, NULL, 0, 0, 0};
    struct program program = {.isa = isa};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_NO_INPUT, NULL, "cannot be read: %s", strerror(errno));
        return;
    }
    if (open_program(&program, descriptor, path, diagnostics))
        print_program(&program, path, diagnostics);
    free(program.symbols);
    elf_end(program.elf);
    close(descriptor);
}

/* A word is a number; whatever else is named is a file. */
static bool is_word(const char *text, uint32_t *word)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    if (errno != 0 || *end != '\0' || *text < '0' || *text > '9' || value > UINT32_MAX || access(text, F_OK) == 0)
        return false;
    *word = (uint32_t)value;
    return true;
}

int lab_command_dis(int argc, char **argv)
{
    const char *what = NULL, *name = "pg74";
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--isa") == 0 && i + 1 == argc)
            return lab_usage_error("dis", "--isa needs a value");
        if (strcmp(argv[i], "--isa") == 0)
            name = argv[++i];
        else if (argv[i][0] == '-')
            return lab_usage_error("dis", "there is no option '%s'", argv[i]);
        else if (what != NULL)
            return lab_usage_error("dis", "one file or word at a time: '%s' and '%s'", what, argv[i]);
        else
            what = argv[i];
    }
    if (what == NULL)
        return lab_usage_error("dis", "a file or a word is needed");
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(name, diagnostics);
    uint32_t word;
    if (isa != NULL && is_word(what, &word)) {
        char text[128];
        unsigned bits = isa_instruction_bits(isa);
        if (bits < 32 && word >> bits != 0) {
            isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_DATA, NULL, "%s: words of %s have %u bits", what, name,
                                  bits);
        } else {
            isa_disassemble(isa, word, 0, NULL, NULL, text, sizeof text);
            puts(text);
        }
    } else if (isa != NULL) {
        disassemble_file(isa, what, diagnostics);
    }
    isa_diagnostics_print(diagnostics, stderr);
    int code = isa_diagnostics_exit_code(diagnostics);
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
    return code;
}
