/* assembler_elf.c: the image: an ELF32 executable with one loadable segment a section, and symbols.
 *
 * File offsets are equal to addresses modulo 16, as loaders ask. Order: headers, sections' bytes, symbol table, its names,
 * sections' names, section headers. */
#include "isa/assembler.h"

#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16 };
enum { SECTION_NULL, SYMBOLS = 1 + ISA_SECTIONS, NAMES, SECTION_NAMES, ALL_SECTIONS }; /* section headers; .text is 1 */
static const char section_names[] = "\0.text\0.rodata\0.data\0.bss\0.symtab\0.strtab\0.shstrtab";

struct image {
    struct isa_assembler *assembler;
    Elf32_Ehdr header;
    Elf32_Phdr segments[ISA_SECTIONS];
    Elf32_Shdr sections[ALL_SECTIONS];
    Elf32_Sym *symbols;
    char *names;
    size_t symbol_count, local_count, names_size;
};

/* Labels that begin with .L are for the assembler alone, as with GNU as; numeric labels and their counters begin with a digit. */
static bool is_kept(const struct isa_symbol *symbol)
{
    return symbol->pass && symbol->value.known && strncmp(symbol->name, ".L", 2) != 0 &&
           !(symbol->name[0] >= '0' && symbol->name[0] <= '9');
}

static bool make_symbols(struct image *image)
{
    const struct isa_symbols *all = &image->assembler->symbols;
    size_t bytes = 1;
    for (size_t i = 0; i < all->count; i++) bytes += is_kept(all->list[i]) ? strlen(all->list[i]->name) + 1 : 0;
    image->symbols = calloc(all->count + 1, sizeof *image->symbols);
    image->names = calloc(bytes, 1);
    if (!image->symbols || !image->names) return false;
    image->symbol_count = image->names_size = 1;
    /* ELF wants local symbols first. */
    for (int global = 0; global < 2; global++) {
        for (size_t i = 0; i < all->count; i++) {
            const struct isa_symbol *symbol = all->list[i];
            if (!is_kept(symbol) || symbol->global != (global == 1)) continue;
            Elf32_Sym *entry = &image->symbols[image->symbol_count++];
            int64_t number = 0;
            isa_value_number(image->assembler, &symbol->value, &number);
            entry->st_name = (Elf32_Word)image->names_size;
            entry->st_value = (Elf32_Addr)number;
            entry->st_info = (unsigned char)ELF32_ST_INFO(global ? STB_GLOBAL : STB_LOCAL, symbol->function ? STT_FUNC : STT_NOTYPE);
            bool absolute = symbol->value.section == ISA_ABSOLUTE;
            entry->st_shndx = absolute ? SHN_ABS : (Elf32_Half)(SECTION_NULL + 1 + symbol->value.section);
            size_t length = strlen(symbol->name) + 1;
            memcpy(image->names + image->names_size, symbol->name, length);
            image->names_size += length;
        }
        if (!global) image->local_count = image->symbol_count;
    }
    return true;
}

static Elf32_Word name_offset(unsigned section)
{
    const char *at = section_names;
    for (unsigned i = 0; i < section; i++) at += strlen(at) + 1;
    return (Elf32_Word)(at - section_names);
}

/* Headers of the sections that hold the program. Returns the offset behind them in the file. */
static size_t place_sections(struct image *image, size_t offset)
{
    static const Elf32_Word flags[ISA_SECTIONS] = { PF_R | PF_X, PF_R, PF_R | PF_W, PF_R | PF_W };
    for (unsigned i = 0; i < ISA_SECTIONS; i++) {
        const struct isa_section *section = &image->assembler->sections[i];
        Elf32_Shdr *header = &image->sections[SECTION_NULL + 1 + i];
        offset += (section->base - offset) % ALIGNMENT;
        bool aligned = section->base % section->alignment == 0;
        *header = (Elf32_Shdr){
            .sh_name = name_offset(SECTION_NULL + 1 + i), .sh_type = i == ISA_BSS ? SHT_NOBITS : SHT_PROGBITS,
            .sh_flags = SHF_ALLOC | (i == ISA_TEXT ? SHF_EXECINSTR : 0u) | (i >= ISA_DATA ? SHF_WRITE : 0u),
            .sh_addr = (Elf32_Addr)section->base, .sh_offset = (Elf32_Off)offset, .sh_size = section->size,
            .sh_addralign = aligned ? section->alignment : 1
        };
        if (section->size > 0) {
            image->segments[image->header.e_phnum++] = (Elf32_Phdr){
                .p_type = PT_LOAD, .p_offset = (Elf32_Off)offset, .p_vaddr = header->sh_addr, .p_paddr = header->sh_addr,
                .p_filesz = i == ISA_BSS ? 0 : section->size, .p_memsz = section->size, .p_flags = flags[i], .p_align = ALIGNMENT
            };
        }
        if (i != ISA_BSS) offset += section->size;
    }
    return offset;
}

static size_t place_table(struct image *image, unsigned number, size_t offset, Elf32_Word type, size_t size)
{
    offset = (offset + 3) / 4 * 4;
    image->sections[number] = (Elf32_Shdr){
        .sh_name = name_offset(number), .sh_type = type, .sh_offset = (Elf32_Off)offset, .sh_size = (Elf32_Word)size,
        .sh_addralign = type == SHT_SYMTAB ? 4 : 1, .sh_entsize = type == SHT_SYMTAB ? sizeof(Elf32_Sym) : 0,
        .sh_link = type == SHT_SYMTAB ? NAMES : 0, .sh_info = type == SHT_SYMTAB ? (Elf32_Word)image->local_count : 0
    };
    return offset + size;
}

static Elf32_Addr entry_point(const struct isa_assembler *assembler)
{
    struct isa_symbols *symbols = (struct isa_symbols *)&assembler->symbols;
    const struct isa_symbol *start = isa_symbols_find(symbols, "_start", 6, false);
    int64_t entry = (int64_t)assembler->sections[ISA_TEXT].base;
    if (start && start->pass) isa_value_number(assembler, &start->value, &entry);
    return (Elf32_Addr)entry;
}

/* Whether everything lies in the address space, and apart. */
static bool fits(struct isa_assembler *assembler)
{
    uint64_t end = UINT64_C(1) << isa_word_bits(assembler->isa);
    struct isa_place place = { assembler->file, NULL, 0, 0, 0 };
    bool good = true;
    for (unsigned i = 0; i < ISA_SECTIONS; i++) {
        const struct isa_section *a = &assembler->sections[i];
        if (a->size && a->base + a->size > end) {
            isa_diagnostics_error(assembler->diagnostics, &place, ISA_EXIT_DATA, NULL,
                                  "%s reaches to 0x%" PRIx64 ", but addresses have only %u bits", a->name, a->base + a->size,
                                  isa_word_bits(assembler->isa));
            good = false;
        }
        for (unsigned j = 0; j < i; j++) {
            const struct isa_section *b = &assembler->sections[j];
            if (!a->size || !b->size || a->base >= b->base + b->size || b->base >= a->base + a->size) continue;
            isa_diagnostics_error(assembler->diagnostics, &place, ISA_EXIT_DATA, "move one of them with .org",
                                  "%s (from 0x%" PRIx64 ") and %s (from 0x%" PRIx64 ") overlap", b->name, b->base, a->name, a->base);
            good = false;
        }
    }
    return good;
}

static uint8_t *write_image(const struct image *image, size_t size)
{
    uint8_t *file = calloc(size, 1);
    if (!file) return NULL;
    memcpy(file, &image->header, sizeof image->header);
    memcpy(file + image->header.e_phoff, image->segments, image->header.e_phnum * sizeof *image->segments);
    for (unsigned i = 0; i < ISA_SECTIONS; i++) {
        const struct isa_section *section = &image->assembler->sections[i];
        if (section->bytes && i != ISA_BSS) memcpy(file + image->sections[i + 1].sh_offset, section->bytes, section->size);
    }
    memcpy(file + image->sections[SYMBOLS].sh_offset, image->symbols, image->symbol_count * sizeof *image->symbols);
    memcpy(file + image->sections[NAMES].sh_offset, image->names, image->names_size);
    memcpy(file + image->sections[SECTION_NAMES].sh_offset, section_names, sizeof section_names);
    memcpy(file + image->header.e_shoff, image->sections, sizeof image->sections);
    return file;
}

uint8_t *isa_assembler_image(struct isa_assembler *assembler, size_t *length)
{
    if (!fits(assembler)) return NULL;
    struct image image = { .assembler = assembler };
    Elf32_Ehdr *header = &image.header;
    memcpy(header->e_ident, ELFMAG, SELFMAG);
    header->e_ident[EI_CLASS] = ELFCLASS32;
    header->e_ident[EI_DATA] = ELFDATA2LSB;
    header->e_ident[EI_VERSION] = EV_CURRENT;
    header->e_type = ET_EXEC;
    header->e_machine = isa_word_bits(assembler->isa) == 32 ? EM_RISCV : EM_NONE;
    header->e_version = EV_CURRENT;
    header->e_entry = entry_point(assembler);
    header->e_ehsize = sizeof *header;
    header->e_phoff = sizeof *header;
    header->e_phentsize = sizeof(Elf32_Phdr);
    header->e_shentsize = sizeof(Elf32_Shdr);
    header->e_shnum = ALL_SECTIONS;
    header->e_shstrndx = SECTION_NAMES;
    uint8_t *file = NULL;
    if (make_symbols(&image)) {
        size_t offset = place_sections(&image, sizeof *header + ISA_SECTIONS * sizeof(Elf32_Phdr));
        offset = place_table(&image, SYMBOLS, offset, SHT_SYMTAB, image.symbol_count * sizeof *image.symbols);
        offset = place_table(&image, NAMES, offset, SHT_STRTAB, image.names_size);
        offset = place_table(&image, SECTION_NAMES, offset, SHT_STRTAB, sizeof section_names);
        header->e_shoff = (Elf32_Off)((offset + 3) / 4 * 4);
        *length = header->e_shoff + sizeof image.sections;
        file = write_image(&image, *length);
    }
    if (!file) isa_diagnostics_error(assembler->diagnostics, NULL, ISA_EXIT_INTERNAL, NULL, "out of memory");
    free(image.symbols);
    free(image.names);
    return file;
}
