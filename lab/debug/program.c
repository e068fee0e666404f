/* program.c: which program the processor is in, and where its addresses lead. */
#include "lab/debug/internal.h"

enum { FETCH = 1, LOAD = 2 };

unsigned lab_debug_program_count(const struct lab_debug *debug) { return lab_programs_count(debug->programs); }

const struct lab_program *lab_debug_program(const struct lab_debug *debug, unsigned number)
{
    return lab_programs_at(debug->programs, number);
}

void lab_debug_print_name(const struct lab_debug *debug, unsigned program, FILE *stream)
{
    lab_programs_print_name(debug->programs, program, stream);
}

unsigned lab_debug_current(const struct lab_debug *debug) { return debug->current; }

void lab_debug_refresh(struct lab_debug *debug)
{
    uint32_t word, physical;
    if (machine_next_word(debug->machine, &word, &physical))
        debug->current = lab_programs_with(debug->programs, machine_pc(debug->machine), physical);
}

/* First as the processor itself would find it now, if the processor is in this program. Otherwise a program's addresses are
 * taken as those of its image; addresses of processes that do not run lead nowhere. */
bool lab_debug_physical(const struct lab_debug *debug, unsigned number, uint32_t address, uint32_t *physical)
{
    const struct lab_program *program = lab_debug_program(debug, number);
    const struct machine *machine = debug->machine;
    if (number == debug->current && (machine_translate(machine, address, 1, LOAD, physical) ||
                                     machine_translate(machine, address, 1, FETCH, physical)))
        return true;
    if (program->image == NULL || address >= program->size)
        return false;
    *physical = program->start + address;
    return true;
}
