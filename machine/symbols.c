/* symbols.c: the names in an image. A program without them, or with damaged ones, runs all the
 * same. */
#include "machine/image.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

/* Names that people gave. Left out: those of sections and files, local labels, and the mapping symbols of RISC-V
 * ($x, $d). */
static bool is_wanted(const GElf_Sym *symbol, const char *name)
{
    unsigned type = GELF_ST_TYPE(symbol->st_info);
    return name && *name && *name != '$' && strncmp(name, ".L", 2) != 0 && symbol->st_shndx != SHN_UNDEF &&
           (type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE);
}

static unsigned rank_of(const GElf_Sym *symbol)
{
    unsigned rank = GELF_ST_TYPE(symbol->st_info) == STT_FUNC ? 0 : 2;
    return rank + (GELF_ST_BIND(symbol->st_info) == STB_LOCAL);
}

/* Places before constants, so that the places by themselves are in order. */
static int by_address(const void *left, const void *right)
{
    const struct machine_symbol *a = left, *b = right;
    if (a->is_constant != b->is_constant)
        return a->is_constant - b->is_constant;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return strcmp(a->name, b->name);
}

static void read_table(struct machine_image *image, Elf_Scn *section, const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count = data ? data->d_size / sizeof(Elf32_Sym) : 0;
    if (!count || count > INT32_MAX)
        return;
    image->symbols = machine_allocate(count, sizeof *image->symbols);
    for (size_t i = 0; i < count; i++) {
        GElf_Sym symbol;
        if (!gelf_getsym(data, (int)i, &symbol))
            continue;
        const char *name = elf_strptr(image->elf, header->sh_link, symbol.st_name);
        if (is_wanted(&symbol, name))
            image->symbols[image->symbol_count++] = (struct machine_symbol){
                .address = (uint32_t)symbol.st_value, .rank = rank_of(&symbol), .name = name,
                .is_constant = symbol.st_shndx == SHN_ABS};
    }
    qsort(image->symbols, image->symbol_count, sizeof *image->symbols, by_address);
    while (image->place_count < image->symbol_count && !image->symbols[image->place_count].is_constant)
        image->place_count++;
}

void machine_image_read_symbols(struct machine_image *image)
{
    for (Elf_Scn *section = NULL; (section = elf_nextscn(image->elf, section));) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB) {
            read_table(image, section, &header);
            break;
        }
    }
}

void machine_image_free_symbols(struct machine_image *image)
{
    free(image->symbols);
}

/* How many places stand at or before an address. */
static size_t places_until(const struct machine_image *image, uint32_t address)
{
    size_t low = 0, high = image->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (image->symbols[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const char *machine_image_symbol_at(const struct machine_image *image, size_t index, uint32_t *address)
{
    if (index >= image->symbol_count)
        return NULL;
    *address = image->symbols[index].address;
    return image->symbols[index].name;
}

const char *machine_image_symbol(const struct machine_image *image, uint32_t address, uint32_t *offset)
{
    size_t found = places_until(image, address);
    if (found == 0 || address >= image->end)
        return NULL;
    while (--found > 0 && image->symbols[found - 1].address == image->symbols[found].address)
        ; /* several at one address: the first has the best rank */
    *offset = address - image->symbols[found].address;
    return image->symbols[found].name;
}

bool machine_image_address(const struct machine_image *image, const char *symbol, uint32_t *address)
{
    for (size_t i = 0; i < image->symbol_count; i++)
        if (strcmp(image->symbols[i].name, symbol) == 0) {
            *address = image->symbols[i].address;
            return true;
        }
    return false;
}
