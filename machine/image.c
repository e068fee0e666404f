/* image.c: programs in ELF, read with libelf. Whatever the file holds, the answer is a program or one clear
 * sentence. */
#include "machine/image.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_SEGMENTS = 64, RISCV_COMPRESSED = 1 /* EF_RISCV_RVC */,
    TRAP_AREA = 0x40, TRAP_AREA_END = 0x100, /* what a program may bring below its own start */
};

/* ---- Opening ----------------------------------------------------------------------------------------------------- */

static bool refuse(const struct machine_image *image, struct isa_diagnostics *diagnostics, const char *advice,
                   const char *message)
{
    const struct isa_place place = {.file = image->file};
    isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, advice, "%s", message);
    return false;
}

static bool check_header(struct machine_image *image, struct isa_diagnostics *diagnostics)
{
    static const char *const how = "compile and link with -march=rv32im -mabi=ilp32 -nostdlib, or use 'pg74 asm'";
    GElf_Ehdr header;
    if (elf_kind(image->elf) != ELF_K_ELF)
        return refuse(image, diagnostics, how, "this is not an ELF file");
    if (!gelf_getehdr(image->elf, &header))
        return refuse(image, diagnostics, NULL, "the ELF header is damaged");
    if (header.e_ident[EI_CLASS] != ELFCLASS32)
        return refuse(image, diagnostics, how, "the program is for a machine of 64 bits");
    if (header.e_ident[EI_DATA] != ELFDATA2LSB)
        return refuse(image, diagnostics, NULL, "the program is for a big-endian machine");
    if (header.e_machine != EM_RISCV && header.e_machine != EM_NONE)
        return refuse(image, diagnostics, how, "the program is for another processor");
    if (header.e_machine == EM_RISCV && (header.e_flags & RISCV_COMPRESSED))
        return refuse(image, diagnostics, "compile with -march=rv32im", "the program has compressed instructions");
    if (header.e_type == ET_REL)
        return refuse(image, diagnostics, "link it first", "this is an object file and not a program");
    if (header.e_type != ET_EXEC)
        return refuse(image, diagnostics, "link with -static -no-pie", "the program is not linked to a fixed address");
    image->entry = (uint32_t)header.e_entry;
    return true;
}

/* One segment of the program header table. What is not to be loaded is passed over. */
static bool add_segment(struct machine_image *image, const GElf_Phdr *header, struct isa_diagnostics *diagnostics)
{
    if (header->p_type != PT_LOAD || header->p_memsz == 0)
        return true;
    if (header->p_filesz > header->p_memsz)
        return refuse(image, diagnostics, NULL, "a segment is larger in the file than in memory");
    if (header->p_offset > image->length || header->p_filesz > image->length - header->p_offset)
        return refuse(image, diagnostics, "the file has been cut off", "a segment lies outside the file");
    if (header->p_vaddr + header->p_memsz > UINT32_MAX)
        return refuse(image, diagnostics, NULL, "a segment reaches beyond the address space");
    if (image->segment_count == MOST_SEGMENTS)
        return refuse(image, diagnostics, NULL, "there are more segments than anybody needs (64)");
    uint32_t start = (uint32_t)header->p_vaddr, end = start + (uint32_t)header->p_memsz;
    for (unsigned i = 0; i < image->segment_count; i++) {
        const struct machine_segment *other = &image->segments[i];
        if (start < other->address + other->memory_length && other->address < end)
            return refuse(image, diagnostics, NULL, "two segments overlap");
    }
    image->segments[image->segment_count++] = (struct machine_segment){
        .address = start, .memory_length = end - start, .file_length = (uint32_t)header->p_filesz,
        .bytes = image->bytes + header->p_offset};
    if (end > image->end)
        image->end = end;
    return true;
}

static bool holds(const struct machine_image *image, uint32_t address)
{
    for (unsigned i = 0; i < image->segment_count; i++)
        if (address - image->segments[i].address < image->segments[i].memory_length)
            return true;
    return false;
}

static bool read_segments(struct machine_image *image, struct isa_diagnostics *diagnostics)
{
    size_t count = 0;
    if (elf_getphdrnum(image->elf, &count) != 0)
        return refuse(image, diagnostics, NULL, "the program header table is damaged");
    image->segments = machine_allocate(MOST_SEGMENTS, sizeof *image->segments);
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;
        if (!gelf_getphdr(image->elf, (int)i, &header))
            return refuse(image, diagnostics, NULL, "the program header table is damaged");
        if (!add_segment(image, &header, diagnostics))
            return false;
    }
    if (image->segment_count == 0)
        return refuse(image, diagnostics, NULL, "there is nothing to load in it");
    if (!holds(image, image->entry))
        return refuse(image, diagnostics, "define _start, or link with -e NAME", "the entry lies outside the program");
    return true;
}

static char *plain_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = machine_allocate(strlen(path) + 1, 1);
    strcpy(name, slash ? slash + 1 : path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name && strcmp(dot, ".elf") == 0)
        *dot = '\0';
    return name;
}

/* Takes over `bytes`. */
static struct machine_image *open_bytes(const char *name, uint8_t *bytes, size_t length,
                                        struct isa_diagnostics *diagnostics)
{
    struct machine_image *image = machine_allocate(1, sizeof *image);
    image->bytes = bytes;
    image->length = length;
    image->file = machine_allocate(strlen(name) + 1, 1);
    strcpy(image->file, name);
    image->name = plain_name(name);
    elf_version(EV_CURRENT);
    image->elf = elf_memory((char *)bytes, length);
    image->lines = machine_lines_new();
    if (check_header(image, diagnostics) && read_segments(image, diagnostics)) {
        machine_image_read_symbols(image);
        return image;
    }
    machine_image_free(image);
    return NULL;
}

struct machine_image *machine_image_open(const char *path, struct isa_diagnostics *diagnostics)
{
    size_t length;
    char *bytes = isa_read_file(path, &length, diagnostics);
    return bytes ? open_bytes(path, (uint8_t *)bytes, length, diagnostics) : NULL;
}

struct machine_image *machine_image_from_bytes(const char *name, const void *bytes, size_t length,
                                               struct isa_diagnostics *diagnostics)
{
    uint8_t *copied = machine_allocate(length, 1);
    if (length)
        memcpy(copied, bytes, length);
    return open_bytes(name, copied, length, diagnostics);
}

void machine_image_free(struct machine_image *image)
{
    if (!image)
        return;
    machine_image_free_symbols(image);
    machine_lines_free(image->lines);
    if (image->elf)
        elf_end(image->elf);
    free(image->segments);
    free(image->bytes);
    free(image->name);
    free(image->file);
    free(image);
}

const char *machine_image_name(const struct machine_image *image) { return image->name; }
const char *machine_image_file(const struct machine_image *image) { return image->file; }

const uint8_t *machine_image_bytes(const struct machine_image *image, size_t *length)
{
    *length = image->length;
    return image->bytes;
}

uint32_t machine_image_entry(const struct machine_image *image) { return image->entry; }
uint32_t machine_image_end(const struct machine_image *image) { return image->end; }

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

bool machine_image_load(const struct machine_image *image, struct machine *machine, uint32_t start, uint32_t size,
                        struct isa_diagnostics *diagnostics)
{
    const struct isa_place place = {.file = image->file};
    if (image->end > size) {
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, "--memory gives a guest more memory",
                              "the program needs memory up to 0x%x, and there is memory up to 0x%x", image->end, size);
        return false;
    }
    for (unsigned i = 0; i < image->segment_count; i++) {
        const struct machine_segment *segment = &image->segments[i];
        bool fills_trap_area = segment->address >= TRAP_AREA && segment->address < TRAP_AREA_END &&
                               segment->file_length <= TRAP_AREA_END - segment->address;
        if (size >= MACHINE_IMAGE_START && segment->address < MACHINE_IMAGE_START && segment->file_length &&
            !fills_trap_area) {
            isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, "link it at 0x1000",
                                  "a part of the program is to stand at 0x%x; below 0x1000 there is only the trap area "
                                  "(0x40 to 0xff) for a program to fill",
                                  segment->address);
            return false;
        }
        machine_memory_fill(machine, start + segment->address, segment->bytes, segment->file_length);
    }
    return true;
}
