/* program.c: which program the processor is in, and where its addresses lead. */
#include "lab/debug/internal.h"

#include <stdlib.h>

#include "machine/boot.h"

enum { BOOT_BLOCK = 0x100, FETCH = 1, LOAD = 2 };

static struct lab_debug_program *add(struct lab_debug *debug, const struct machine_image *image, uint32_t start,
                                     uint32_t size)
{
    struct lab_debug_program *program = &debug->programs[debug->program_count++];
    *program = (struct lab_debug_program){.image = image, .start = start, .size = size};
    if (image != NULL)
        program->file = realpath(machine_image_file(image), NULL);
    if (program->file == NULL &&
        asprintf(&program->file, "/%s", image != NULL ? machine_image_name(image) : "processes") < 0)
        abort();
    return program;
}

/* A partition, and those in it: an inner monitor's boot block says where its one guest stands. */
static void add_partition(struct lab_debug *debug, unsigned guest, uint32_t start, uint32_t size)
{
    unsigned inner = debug->options->inner_count, below = debug->options->monitor != NULL;
    for (unsigned level = 0; level < inner; level++) {
        struct pg74_boot_block block;
        struct lab_debug_program *program = add(debug, debug->options->inner[level], start, size);
        program->level = below + level;
        program->guest = guest;
        machine_read(debug->machine, start + BOOT_BLOCK, &block, sizeof block);
        start += block.guests[0].start;
        size = block.guests[0].size;
    }
    const struct machine_image *images[] = {debug->options->guests[guest], NULL};
    for (unsigned i = 0; i < 2; i++) {
        struct lab_debug_program *program = add(debug, images[i], start, size);
        program->guest = guest;
        program->level = below + inner;
        program->is_guest = true;
    }
}

void lab_debug_find_programs(struct lab_debug *debug)
{
    if (debug->options->monitor != NULL)
        add(debug, debug->options->monitor, 0, machine_memory_size(debug->machine));
    for (unsigned i = 0; i < machine_guest_count(debug->machine); i++) {
        uint32_t start, size;
        machine_partition(debug->machine, i, &start, &size);
        add_partition(debug, i, start, size);
    }
    lab_debug_refresh(debug);
}

void lab_debug_free_programs(struct lab_debug *debug)
{
    for (unsigned i = 0; i < debug->program_count; i++)
        free(debug->programs[i].file);
}

unsigned lab_debug_program_count(const struct lab_debug *debug) { return debug->program_count; }

const struct lab_debug_program *lab_debug_program(const struct lab_debug *debug, unsigned number)
{
    return &debug->programs[number];
}

unsigned lab_debug_current(const struct lab_debug *debug) { return debug->current; }

/* The innermost partition that holds the address. Those further in come later in the list, and other address spaces of a
 * guest behind its own. */
unsigned lab_debug_program_at(const struct lab_debug *debug, uint32_t pc, uint32_t physical)
{
    unsigned found = 0;
    for (unsigned i = 0; i < debug->program_count; i++) {
        const struct lab_debug_program *program = &debug->programs[i];
        bool is_inside = physical - program->start < program->size;
        if (is_inside && (program->image != NULL || physical - program->start != pc))
            found = i;
    }
    return found;
}

unsigned lab_debug_owner(const struct lab_debug *debug, uint32_t physical)
{
    unsigned found = 0;
    for (unsigned i = 0; i < debug->program_count; i++)
        if (debug->programs[i].image != NULL && physical - debug->programs[i].start < debug->programs[i].size)
            found = i;
    return found;
}

void lab_debug_refresh(struct lab_debug *debug)
{
    uint32_t word, physical;
    if (machine_next_word(debug->machine, &word, &physical))
        debug->current = lab_debug_program_at(debug, machine_pc(debug->machine), physical);
}

void lab_debug_print_name(const struct lab_debug *debug, unsigned number, FILE *stream)
{
    const struct lab_debug_program *program = &debug->programs[number];
    fprintf(stream, "%s%s", program->image != NULL ? "" : "processes of ",
            machine_image_name(program->image != NULL ? program->image : debug->options->guests[program->guest]));
    if (program->is_guest && debug->options->guest_count > 1)
        fprintf(stream, ", guest %u", program->guest + 1);
}

/* First as the processor itself would find it now, if the processor is in this program. Otherwise a program's addresses are
 * taken as those of its image; addresses of processes that do not run lead nowhere. */
bool lab_debug_physical(const struct lab_debug *debug, unsigned number, uint32_t address, uint32_t *physical)
{
    const struct lab_debug_program *program = &debug->programs[number];
    const struct machine *machine = debug->machine;
    if (number == debug->current && (machine_translate(machine, address, 1, LOAD, physical) ||
                                     machine_translate(machine, address, 1, FETCH, physical)))
        return true;
    if (program->image == NULL || address >= program->size)
        return false;
    *physical = program->start + address;
    return true;
}
