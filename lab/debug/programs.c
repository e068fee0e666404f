/* programs.c: which programs a machine runs, and where in its memory each of them stands. */
#include <stdlib.h>
#include <string.h>

#include "lab/debug/debug.h"
#include "machine/boot.h"

enum { FETCH = 1 };

struct lab_programs {
    unsigned count, guest_count;
    struct lab_program list[LAB_MOST_PROGRAMS];
};

static struct lab_program *add(struct lab_programs *programs, const struct machine_image *image, uint32_t start,
                               uint32_t size)
{
    struct lab_program *program = &programs->list[programs->count++];
    *program = (struct lab_program){.image = image, .start = start, .size = size};
    return program;
}

/* A partition, and those in it: an inner monitor's boot block says where its one guest stands. */
static void add_partition(struct lab_programs *programs, const struct machine *machine,
                          const struct machine_options *options, unsigned guest)
{
    uint32_t start, size;
    unsigned inner = options->inner_count, below = options->monitor != NULL;
    machine_partition(machine, guest, &start, &size);
    for (unsigned level = 0; level < inner; level++) {
        struct pg74_boot_block block;
        struct lab_program *program = add(programs, options->inner[level], start, size);
        program->level = below + level;
        program->guest = guest;
        machine_read(machine, start + PG74_BOOT_BLOCK, &block, sizeof block);
        start += block.guests[0].start;
        size = block.guests[0].size;
    }
    const struct machine_image *images[] = {options->guests[guest], NULL};
    for (unsigned i = 0; i < 2; i++) {
        struct lab_program *program = add(programs, images[i], start, size);
        program->guest = guest;
        program->level = below + inner;
        program->is_guest = true;
    }
}

struct lab_programs *lab_programs_new(const struct machine *machine, const struct machine_options *options)
{
    struct lab_programs *programs = calloc(1, sizeof *programs);
    if (programs == NULL)
        abort();
    programs->guest_count = machine_guest_count(machine);
    if (options->monitor != NULL)
        add(programs, options->monitor, 0, machine_memory_size(machine));
    for (unsigned i = 0; i < programs->guest_count; i++)
        add_partition(programs, machine, options, i);
    return programs;
}

void lab_programs_free(struct lab_programs *programs) { free(programs); }
unsigned lab_programs_count(const struct lab_programs *programs) { return programs->count; }

const struct lab_program *lab_programs_at(const struct lab_programs *programs, unsigned number)
{
    return &programs->list[number];
}

/* The innermost partition that holds the address. Those further in come later in the list, and other address spaces of a
 * guest behind its own. */
unsigned lab_programs_with(const struct lab_programs *programs, uint32_t pc, uint32_t physical)
{
    unsigned found = 0;
    for (unsigned i = 0; i < programs->count; i++) {
        const struct lab_program *program = &programs->list[i];
        bool is_inside = physical - program->start < program->size;
        if (is_inside && (program->image != NULL || physical - program->start != pc))
            found = i;
    }
    return found;
}

unsigned lab_programs_owner(const struct lab_programs *programs, uint32_t physical)
{
    unsigned found = 0;
    for (unsigned i = 0; i < programs->count; i++)
        if (programs->list[i].image != NULL && physical - programs->list[i].start < programs->list[i].size)
            found = i;
    return found;
}

const struct machine_image *lab_programs_image(const struct lab_programs *programs, const struct machine *machine,
                                               uint32_t address, uint32_t *own)
{
    uint32_t physical;
    if (!machine_translate(machine, address, 1, FETCH, &physical))
        physical = address;
    const struct lab_program *program = &programs->list[lab_programs_with(programs, address, physical)];
    *own = physical - program->start;
    return program->image;
}

void lab_programs_print_name(const struct lab_programs *programs, unsigned number, FILE *stream)
{
    const struct lab_program *program = &programs->list[number];
    const struct machine_image *image = program->image != NULL ? program->image : programs->list[number - 1].image;
    fprintf(stream, "%s%s", program->image != NULL ? "" : "processes of ", machine_image_name(image));
    if (program->is_guest && programs->guest_count > 1)
        fprintf(stream, ", guest %u", program->guest + 1);
    else if (!program->is_guest && program->level > 0 &&
             strcmp(machine_image_name(image), machine_image_name(programs->list[0].image)) == 0)
        fprintf(stream, ", level %u", program->level + 1);
}

char *lab_program_file(const struct lab_program *program)
{
    const struct machine_image *image = program->image;
    char *file = image != NULL ? realpath(machine_image_file(image), NULL) : NULL;
    if (file == NULL && asprintf(&file, "/%s", image != NULL ? machine_image_name(image) : "processes") < 0)
        abort();
    return file;
}
