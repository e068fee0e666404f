/* Images: what a file may hold, symbols and lines, boot block, boot module, and a sentence for each thing that is
 * wrong. */
#include <elf.h>

#include "machine/boot.h"
#include "tests/machine/guest.h"
#include "tests/machine/random_program.h"

struct scene {
    struct isa *isa;
    uint8_t *elf; /* a good one, of three segments */
    size_t length;
};

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    scene->isa = isa_load("pg74", diagnostics);
    scene->elf = isa_assemble(scene->isa, "image.s",
                              ".equ constant, 0x1004\n.global _start\n_start: nop\nmain: nop\n halt zero\n"
                              ".data\ntable: .word 0x11223344\n.bss\nroom: .space 64\n", &scene->length, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    *state = scene;
    return scene->elf == NULL;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    free(scene->elf);
    isa_free(scene->isa);
    free(scene);
    return 0;
}

static struct machine_image *open_good(const struct scene *scene)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_image *image = machine_image_from_bytes("folder/image.elf", scene->elf, scene->length, diagnostics);
    isa_diagnostics_free(diagnostics);
    assert_non_null(image);
    return image;
}

static void symbols(void **state)
{
    struct machine_image *image = open_good(*state);
    uint32_t offset = 0, address = 0;
    const char *file;
    unsigned line;
    assert_string_equal(machine_image_name(image), "image");
    assert_int_equal(machine_image_entry(image), 0x1000);
    assert_string_equal(machine_image_symbol(image, 0x1000, &offset), "_start");
    assert_string_equal(machine_image_symbol(image, 0x1008, &offset), "main"); /* and not the constant at 0x1004 */
    assert_int_equal(offset, 4);
    assert_null(machine_image_symbol(image, 0xfff, &offset));
    assert_null(machine_image_symbol(image, machine_image_end(image), &offset));
    assert_true(machine_image_address(image, "table", &address));
    assert_true(machine_image_address(image, "constant", &address));
    assert_int_equal(address, 0x1004);
    assert_false(machine_image_address(image, "nothing", &address));
    assert_true(machine_image_line(image, 0x1004, &file, &line));
    assert_string_equal(file, "image.s");
    assert_int_equal(line, 4);
    assert_false(machine_image_line(image, 0x8000, &file, &line));
    machine_image_free(image);
}

/* ---- Wrong files ------------------------------------------------------------------------------------------------- */

/* Opens a changed copy, or makes a machine of it, and expects one diagnostic with `message` in it. */
static void assert_refused(const struct scene *scene, const uint8_t *bytes, size_t length, const char *message)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_image *image = machine_image_from_bytes("image.elf", bytes, length, diagnostics);
    if (image) {
        const struct machine_image *guests[] = {image};
        struct machine_options options = {.guests = guests, .guest_count = 1};
        assert_null(machine_new(scene->isa, &options, diagnostics));
        machine_image_free(image);
    }
    assert_int_equal(isa_diagnostics_count(diagnostics), 1);
    assert_int_equal(isa_diagnostics_exit_code(diagnostics), ISA_EXIT_DATA);
    if (!strstr(isa_diagnostics_message(diagnostics, 0), message))
        fail_msg("expected '%s', got '%s'", message, isa_diagnostics_message(diagnostics, 0));
    isa_diagnostics_free(diagnostics);
}

static void wrong_headers(void **state)
{
    const struct scene *scene = *state;
    union { Elf32_Ehdr header; uint8_t bytes[8192]; } file;
    assert_true(scene->length <= sizeof file);
#define REFUSED(change, message)                                                                                       \
    do {                                                                                                               \
        memcpy(file.bytes, scene->elf, scene->length);                                                                 \
        change;                                                                                                        \
        assert_refused(scene, file.bytes, scene->length, message);                                                     \
    } while (0)
    Elf32_Phdr *segment = (Elf32_Phdr *)(file.bytes + ((const Elf32_Ehdr *)scene->elf)->e_phoff);
    assert_refused(scene, (const uint8_t *)"", 0, "not an ELF file");
    assert_refused(scene, (const uint8_t *)"#!/bin/sh\n", 10, "not an ELF file");
    REFUSED(file.header.e_ident[EI_CLASS] = ELFCLASS64, "");
    REFUSED(file.header.e_ident[EI_DATA] = ELFDATA2MSB, "");
    REFUSED(file.header.e_machine = EM_386, "another processor");
    REFUSED(file.header.e_machine = EM_RISCV; file.header.e_flags = 1, "compressed");
    REFUSED(file.header.e_type = ET_REL, "object file");
    REFUSED(file.header.e_type = ET_DYN, "fixed address");
    REFUSED(file.header.e_entry = 0x80000, "entry lies outside");
    REFUSED(file.header.e_phnum = 0, "nothing to load");
    REFUSED(file.header.e_phoff = 0xfffffff0, "");
    REFUSED(segment->p_filesz = segment->p_memsz + 1, "larger in the file");
    REFUSED(segment->p_offset = 0x7fffffff, "outside the file");
    REFUSED(segment->p_memsz = 0xffffffff, "beyond the address space");
    REFUSED(segment[1].p_vaddr = 0x1004, "overlap");
    REFUSED(segment[0].p_vaddr = 0x800; file.header.e_entry = 0x800, "below 0x1000");
    REFUSED(segment[1].p_vaddr = 0x4000000, "memory up to");
#undef REFUSED
}

/* Whatever stands in the file: an image that can be looked at and run, or a diagnostic. */
static void damaged_files(void **state)
{
    const struct scene *scene = *state;
    uint64_t random = 1;
    uint8_t *bytes = malloc(scene->length);
    for (unsigned i = 0; i < 3000; i++) {
        memcpy(bytes, scene->elf, scene->length);
        for (unsigned k = 0; k < 1 + i % 5; k++)
            bytes[random_below(&random, (uint32_t)scene->length)] = (uint8_t)random_next(&random);
        size_t length = i % 3 ? scene->length : random_below(&random, (uint32_t)scene->length);
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        struct machine_image *image = machine_image_from_bytes("image.elf", bytes, length, diagnostics);
        assert_int_equal(image == NULL, isa_diagnostics_count(diagnostics) > 0);
        if (image) {
            uint32_t offset;
            const char *file;
            unsigned line;
            machine_image_symbol(image, 0x1004, &offset);
            machine_image_line(image, 0x1004, &file, &line);
            const struct machine_image *guests[] = {image};
            struct machine_options options = {.guests = guests, .guest_count = 1};
            struct machine *machine = machine_new(scene->isa, &options, diagnostics);
            if (machine)
                machine_run(machine, 10);
            machine_free(machine);
        }
        machine_image_free(image);
        isa_diagnostics_free(diagnostics);
    }
    free(bytes);
}

/* ---- What a program finds in memory ------------------------------------------------------------------------------ */

static struct pg74_boot_block block_at(const struct machine *machine, uint32_t address)
{
    struct pg74_boot_block block;
    assert_true(machine_read(machine, address, &block, sizeof block));
    return block;
}

/* A partition begins exactly as a bare machine's memory does. */
static void boot_block(void **state)
{
    const struct scene *scene = *state;
    struct machine_image *image = open_good(scene);
    const struct machine_image *guests[] = {image, image};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_options options = {.guests = guests, .guest_count = 1, .partition_size = 65536, .slice_limit = 5000};
    struct machine *bare = machine_new(scene->isa, &options, diagnostics);
    options.guest_count = 2;
    options.monitor = image;
    struct machine *monitored = machine_new(scene->isa, &options, diagnostics);
    assert_non_null(bare);
    assert_non_null(monitored);

    struct pg74_boot_block block = block_at(bare, 0x100), of_monitor = block_at(monitored, 0x100);
    assert_int_equal(block.magic, PG74_BOOT_MAGIC);
    assert_int_equal(block.memory_size, 65536);
    assert_int_equal(block.slice_limit, 5000);
    assert_int_equal(block.module, 0);
    assert_int_equal(block.guest_count, 0);
    assert_int_equal(of_monitor.guest_count, 2);
    assert_int_equal(of_monitor.memory_size, machine_memory_size(monitored));
    for (unsigned i = 0; i < 2; i++) {
        uint8_t expected[65536], found[65536];
        assert_int_equal(of_monitor.guests[i].start % 4096, 0);
        assert_int_equal(of_monitor.guests[i].size, 65536);
        assert_int_equal(of_monitor.guests[i].entry, 0x1000);
        machine_read(bare, 0, expected, sizeof expected);
        machine_read(monitored, of_monitor.guests[i].start, found, sizeof found);
        assert_memory_equal(expected, found, sizeof expected);
    }
    machine_free(bare);
    machine_free(monitored);
    machine_image_free(image);
    isa_diagnostics_free(diagnostics);
}

/* Every program of the module is the instruction set's, node for node. */
static void boot_module(void **state)
{
    const struct scene *scene = *state;
    struct machine_image *image = open_good(scene);
    const struct machine_image *guests[] = {image};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_options options = {.guests = guests, .guest_count = 1, .monitor = image};
    struct machine *machine = machine_new(scene->isa, &options, diagnostics);
    uint32_t at = block_at(machine, 0x100).module;
    struct pg74_boot_module module;
    assert_true(machine_read(machine, at, &module, sizeof module));
    assert_int_equal(module.magic, PG74_MODULE_MAGIC);
    assert_int_equal(module.kind, PG74_KIND_RELOCATION_BOUNDS);
    assert_int_equal(module.instruction_count, isa_instruction_count(scene->isa));
    uint32_t nodes = 0;
    for (unsigned i = 0; i < module.instruction_count; i++) {
        const struct isa_instruction *instruction = isa_instruction_at(scene->isa, i);
        struct pg74_instruction written;
        assert_true(machine_read(machine, at + module.instructions + i * (uint32_t)sizeof written, &written,
                                 sizeof written));
        assert_string_equal(written.name, instruction->name);
        assert_int_equal(written.match, instruction->match);
        assert_int_equal(written.program.count, instruction->program.count);
        for (unsigned k = 0; k < written.program.count; k++, nodes++) {
            struct pg74_node node;
            uint32_t offset = module.nodes + (written.program.first + k) * (uint32_t)sizeof node;
            assert_true(machine_read(machine, at + offset, &node, sizeof node));
            assert_int_equal(node.operator, instruction->program.nodes[k].operator);
            assert_int_equal(node.constant, (uint32_t)instruction->program.nodes[k].constant);
        }
    }
    assert_true(nodes > 500);
    machine_free(machine);
    machine_image_free(image);
    isa_diagnostics_free(diagnostics);
}

static void wrong_options(void **state)
{
    const struct scene *scene = *state;
    struct machine_image *image = open_good(scene);
    const struct machine_image *guests[] = {image, image};
    const struct machine_options wrong[] = {
        {.guests = guests, .guest_count = 0}, {.guests = guests, .guest_count = 2},
        {.guests = guests, .guest_count = 17},
        {.guests = guests, .guest_count = 1, .cost = "free"}, {.guests = guests, .guest_count = 1, .disk_count = 2},
        {.guests = guests, .guest_count = 2, .monitor = image, .partition_size = 0xf0000000}};
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        assert_null(machine_new(scene->isa, &wrong[i], diagnostics));
        assert_int_equal(isa_diagnostics_count(diagnostics), 1);
        assert_int_equal(isa_diagnostics_exit_code(diagnostics), ISA_EXIT_USAGE);
        isa_diagnostics_free(diagnostics);
    }
    machine_image_free(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols), cmocka_unit_test(wrong_headers), cmocka_unit_test(damaged_files),
        cmocka_unit_test(boot_block), cmocka_unit_test(boot_module), cmocka_unit_test(wrong_options),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
