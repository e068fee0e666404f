/* context.c: which program the processor is in, and where its addresses lead.
 *
 * A monitor and its guest are linked at the same addresses: only from where an instruction stands in physical memory
 * can one tell whose it is. */
#include "lab/gdb/internal.h"

#include <stdlib.h>

#include "machine/boot.h"

enum { BOOT_BLOCK = 0x100, LOAD = 2, FETCH = 1 };

static struct lab_gdb_context *add(struct lab_gdb_session *session, const struct machine_image *image, uint32_t start,
                                   uint32_t size)
{
    struct lab_gdb_context *context = &session->contexts[session->context_count++];
    *context = (struct lab_gdb_context){.image = image, .start = start, .size = size};
    if (image != NULL)
        context->file = realpath(machine_image_file(image), NULL);
    if (context->file == NULL && asprintf(&context->file, "/%s", image != NULL ? machine_image_name(image) : "processes") < 0)
        abort();
    return context;
}

void lab_gdb_free_contexts(struct lab_gdb_session *session)
{
    for (unsigned i = 0; i < session->context_count; i++)
        free(session->contexts[i].file);
}

static void add_guest(struct lab_gdb_session *session, unsigned guest, uint32_t start, uint32_t size)
{
    const struct machine_image *images[] = {session->options->guests[guest], NULL};
    for (unsigned i = 0; i < 2; i++) {
        struct lab_gdb_context *context = add(session, images[i], start, size);
        context->guest = guest;
        context->is_guest = true;
    }
}

/* A partition, and those in it: an inner monitor's boot block says where its one guest stands. */
static void add_partition(struct lab_gdb_session *session, unsigned guest, uint32_t start, uint32_t size)
{
    for (unsigned level = 0; level < session->options->inner_count; level++) {
        struct pg74_boot_block block;
        add(session, session->options->inner[level], start, size);
        machine_read(session->machine, start + BOOT_BLOCK, &block, sizeof block);
        start += block.guests[0].start;
        size = block.guests[0].size;
    }
    add_guest(session, guest, start, size);
}

void lab_gdb_find_contexts(struct lab_gdb_session *session)
{
    if (session->options->monitor != NULL)
        add(session, session->options->monitor, 0, machine_memory_size(session->machine));
    for (unsigned i = 0; i < machine_guest_count(session->machine); i++) {
        uint32_t start, size;
        machine_partition(session->machine, i, &start, &size);
        add_partition(session, i, start, size);
    }
    lab_gdb_find_current(session);
}

/* The innermost partition that holds the address. Those further in come later in the list, and other address spaces of a
 * guest behind its own. */
unsigned lab_gdb_context_at(const struct lab_gdb_session *session, uint32_t pc, uint32_t physical)
{
    unsigned found = 0;
    for (unsigned i = 0; i < session->context_count; i++) {
        const struct lab_gdb_context *context = &session->contexts[i];
        bool is_inside = physical - context->start < context->size;
        if (is_inside && (context->image != NULL || physical - context->start != pc))
            found = i;
    }
    return found;
}

void lab_gdb_find_current(struct lab_gdb_session *session)
{
    uint32_t word, physical, pc = machine_pc(session->machine);
    if (machine_next_word(session->machine, &word, &physical))
        session->current = lab_gdb_context_at(session, pc, physical);
}

void lab_gdb_print_name(const struct lab_gdb_session *session, unsigned context, FILE *stream)
{
    const struct lab_gdb_context *shown = &session->contexts[context];
    fprintf(stream, "%s%s", shown->image != NULL ? "" : "processes of ",
            machine_image_name(shown->image != NULL ? shown->image : session->options->guests[shown->guest]));
    if (shown->is_guest && session->options->guest_count > 1)
        fprintf(stream, ", guest %u", shown->guest + 1);
}

/* First as the processor itself would find it now, if the processor is in this context. Otherwise a program's addresses are
 * taken as those of its image; addresses of processes that do not run lead nowhere. */
bool lab_gdb_physical(const struct lab_gdb_session *session, unsigned context, uint32_t address, uint32_t *physical)
{
    const struct lab_gdb_context *wanted = &session->contexts[context];
    const struct machine *machine = session->machine;
    if (context == session->current && (machine_translate(machine, address, 1, LOAD, physical) ||
                                        machine_translate(machine, address, 1, FETCH, physical)))
        return true;
    if (wanted->image == NULL || address >= wanted->size)
        return false;
    *physical = wanted->start + address;
    return true;
}
