/* assembler_elf.c: the image: an ELF32 executable with one loadable segment a section, and symbols.
 *
 * File offsets are equal to addresses modulo 16, as loaders ask. Order: headers, sections' bytes, tables (symbols,
 * names, lines), section headers. */
#include "isa/assembler.h"

#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16 };
/* Section headers: those of the program from 1 on, then those for tools: the tables. */
enum {
    SECTION_NULL,
    SYMBOLS = 1 + ISA_SECTIONS,
    NAMES,
    SECTION_NAMES,
    LINE,
    INFO,
    ABBREVIATIONS,
    RANGES,
    ALL_SECTIONS
};
static const char section_names[] =
    "\0.text\0.rodata\0.data\0.bss\0.symtab\0.strtab\0.shstrtab"
    "\0.debug_line\0.debug_info\0.debug_abbrev\0.debug_aranges";

struct image {
    struct isa_assembler *assembler;
    Elf32_Ehdr header;
    Elf32_Phdr segments[ISA_SECTIONS];
    Elf32_Shdr sections[ALL_SECTIONS];
    char *tables[ALL_SECTIONS]; /* the bytes of the sections from SYMBOLS on */
    size_t local_count;
};

/* Labels that begin with .L are for the assembler alone, as with GNU as; numeric labels and their counters begin with a
 * digit. */
static bool is_kept(const struct isa_symbol *symbol)
{
    return symbol->pass && symbol->value.known && strncmp(symbol->name, ".L", 2) != 0 &&
           !(symbol->name[0] >= '0' && symbol->name[0] <= '9');
}

static size_t add_symbols(struct image *image, bool global, size_t count, size_t *names_size)
{
    const struct isa_symbols *all = &image->assembler->symbols;
    for (size_t i = 0; i < all->count; i++) {
        const struct isa_symbol *symbol = all->list[i];
        if (!is_kept(symbol) || symbol->global != global)
            continue;
        int64_t number = 0;
        isa_value_number(image->assembler, &symbol->value, &number);
        bool absolute = symbol->value.section == ISA_ABSOLUTE;
        Elf32_Sym entry = {.st_name = (Elf32_Word)*names_size,
                           .st_value = (Elf32_Addr)number,
                           .st_info = (unsigned char)ELF32_ST_INFO(global ? STB_GLOBAL : STB_LOCAL,
                                                                   symbol->function ? STT_FUNC : STT_NOTYPE),
                           .st_shndx = absolute ? SHN_ABS : (Elf32_Half)(SECTION_NULL + 1 + symbol->value.section)};
        memcpy(image->tables[SYMBOLS] + count++ * sizeof entry, &entry, sizeof entry);
        size_t length = strlen(symbol->name) + 1;
        memcpy(image->tables[NAMES] + *names_size, symbol->name, length);
        *names_size += length;
    }
    return count;
}

static bool make_symbols(struct image *image)
{
    const struct isa_symbols *all = &image->assembler->symbols;
    size_t bytes = 1, count = 1, names_size = 1;
    for (size_t i = 0; i < all->count; i++) {
        if (!is_kept(all->list[i]))
            continue;
        bytes += strlen(all->list[i]->name) + 1;
        count++;
    }
    image->tables[SYMBOLS] = calloc(count, sizeof(Elf32_Sym));
    image->tables[NAMES] = calloc(bytes, 1);
    image->sections[SYMBOLS].sh_size = (Elf32_Word)(count * sizeof(Elf32_Sym));
    image->sections[NAMES].sh_size = (Elf32_Word)bytes;
    if (!image->tables[SYMBOLS] || !image->tables[NAMES])
        return false;
    image->local_count = add_symbols(image, false, 1, &names_size); /* ELF wants local symbols first */
    add_symbols(image, true, image->local_count, &names_size);
    return true;
}

static bool make_tables(struct image *image)
{
    image->tables[SECTION_NAMES] = malloc(sizeof section_names);
    if (!image->tables[SECTION_NAMES] || !make_symbols(image))
        return false;
    memcpy(image->tables[SECTION_NAMES], section_names, sizeof section_names);
    image->sections[SECTION_NAMES].sh_size = sizeof section_names;
    for (unsigned i = LINE; i <= RANGES; i++) {
        size_t size;
        if (!isa_assembler_debug(image->assembler, (enum isa_debug_section)(i - LINE), &image->tables[i], &size))
            return false;
        image->sections[i].sh_size = (Elf32_Word)size;
    }
    return true;
}

static Elf32_Word name_offset(unsigned section)
{
    const char *at = section_names;
    for (unsigned i = 0; i < section; i++)
        at += strlen(at) + 1;
    return (Elf32_Word)(at - section_names);
}

/* Headers of the sections that hold the program. Returns the offset behind them in the file. */
static size_t place_sections(struct image *image, size_t offset)
{
    static const Elf32_Word flags[ISA_SECTIONS] = {PF_R | PF_X, PF_R, PF_R | PF_W, PF_R | PF_W};
    for (unsigned i = 0; i < ISA_SECTIONS; i++) {
        const struct isa_section *section = &image->assembler->sections[i];
        Elf32_Shdr *header = &image->sections[SECTION_NULL + 1 + i];
        offset += (section->base - offset) % ALIGNMENT;
        bool aligned = section->base % section->alignment == 0;
        *header = (Elf32_Shdr){.sh_name = name_offset(SECTION_NULL + 1 + i),
                               .sh_type = i == ISA_BSS ? SHT_NOBITS : SHT_PROGBITS,
                               .sh_flags =
                                   SHF_ALLOC | (i == ISA_TEXT ? SHF_EXECINSTR : 0u) | (i >= ISA_DATA ? SHF_WRITE : 0u),
                               .sh_addr = (Elf32_Addr)section->base,
                               .sh_offset = (Elf32_Off)offset,
                               .sh_size = section->size,
                               .sh_addralign = aligned ? section->alignment : 1};
        if (section->size > 0) {
            image->segments[image->header.e_phnum++] = (Elf32_Phdr){.p_type = PT_LOAD,
                                                                    .p_offset = (Elf32_Off)offset,
                                                                    .p_vaddr = header->sh_addr,
                                                                    .p_paddr = header->sh_addr,
                                                                    .p_filesz = i == ISA_BSS ? 0 : section->size,
                                                                    .p_memsz = section->size,
                                                                    .p_flags = flags[i],
                                                                    .p_align = ALIGNMENT};
        }
        if (i != ISA_BSS)
            offset += section->size;
    }
    return offset;
}

static size_t place_tables(struct image *image, size_t offset)
{
    for (unsigned i = SYMBOLS; i < ALL_SECTIONS; i++) {
        Elf32_Shdr *header = &image->sections[i];
        offset = (offset + 3) / 4 * 4;
        header->sh_name = name_offset(i);
        header->sh_type = i == SYMBOLS ? SHT_SYMTAB : i >= LINE ? SHT_PROGBITS : SHT_STRTAB;
        header->sh_offset = (Elf32_Off)offset;
        header->sh_addralign = i == SYMBOLS ? 4 : 1;
        offset += header->sh_size;
    }
    image->sections[SYMBOLS].sh_entsize = sizeof(Elf32_Sym);
    image->sections[SYMBOLS].sh_link = NAMES;
    image->sections[SYMBOLS].sh_info = (Elf32_Word)image->local_count;
    return (offset + 3) / 4 * 4;
}

static Elf32_Addr entry_point(const struct isa_assembler *assembler)
{
    struct isa_symbols *symbols = (struct isa_symbols *)&assembler->symbols;
    const struct isa_symbol *start = isa_symbols_find(symbols, "_start", 6, false);
    int64_t entry = (int64_t)assembler->sections[ISA_TEXT].base;
    if (start && start->pass)
        isa_value_number(assembler, &start->value, &entry);
    return (Elf32_Addr)entry;
}

/* Whether everything lies in the address space, and apart. */
static bool fits(struct isa_assembler *assembler)
{
    uint64_t end = UINT64_C(1) << isa_word_bits(assembler->isa);
    struct isa_place place = {assembler->file, NULL, 0, 0, 0};
    bool good = true;
    for (unsigned i = 0; i < ISA_SECTIONS; i++) {
        const struct isa_section *a = &assembler->sections[i];
        if (a->size && a->base + a->size > end) {
            isa_diagnostics_error(assembler->diagnostics, &place, ISA_EXIT_DATA, NULL,
                                  "%s reaches to 0x%" PRIx64 ", but addresses have only %u bits", a->name,
                                  a->base + a->size, isa_word_bits(assembler->isa));
            good = false;
        }
        for (unsigned j = 0; j < i; j++) {
            const struct isa_section *b = &assembler->sections[j];
            if (!a->size || !b->size || a->base >= b->base + b->size || b->base >= a->base + a->size)
                continue;
            isa_diagnostics_error(assembler->diagnostics, &place, ISA_EXIT_DATA, "move one of them with .org",
                                  "%s (from 0x%" PRIx64 ") and %s (from 0x%" PRIx64 ") overlap", b->name, b->base,
                                  a->name, a->base);
            good = false;
        }
    }
    return good;
}

static uint8_t *write_image(const struct image *image, size_t size)
{
    uint8_t *file = calloc(size, 1);
    if (!file)
        return NULL;
    memcpy(file, &image->header, sizeof image->header);
    memcpy(file + image->header.e_phoff, image->segments, image->header.e_phnum * sizeof *image->segments);
    for (unsigned i = 0; i < ISA_SECTIONS; i++) {
        const struct isa_section *section = &image->assembler->sections[i];
        if (section->bytes && i != ISA_BSS)
            memcpy(file + image->sections[i + 1].sh_offset, section->bytes, section->size);
    }
    for (unsigned i = SYMBOLS; i < ALL_SECTIONS; i++)
        memcpy(file + image->sections[i].sh_offset, image->tables[i], image->sections[i].sh_size);
    memcpy(file + image->header.e_shoff, image->sections, sizeof image->sections);
    return file;
}

uint8_t *isa_assembler_image(struct isa_assembler *assembler, size_t *length)
{
    if (!fits(assembler))
        return NULL;
    struct image image = {.assembler = assembler};
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
    if (make_tables(&image)) {
        size_t offset = place_sections(&image, sizeof *header + ISA_SECTIONS * sizeof(Elf32_Phdr));
        header->e_shoff = (Elf32_Off)place_tables(&image, offset);
        *length = header->e_shoff + sizeof image.sections;
        file = write_image(&image, *length);
    }
    if (!file)
        isa_diagnostics_error(assembler->diagnostics, NULL, ISA_EXIT_INTERNAL, NULL, "out of memory");
    for (unsigned i = 0; i < ALL_SECTIONS; i++)
        free(image.tables[i]);
    return file;
}
