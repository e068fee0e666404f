/* plain_machine.c: the live machine in words. */
#include "lab/lesson/plain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lab/language.h"

static const char *name_symbol(void *context, uint32_t address, uint32_t *offset)
{
    const struct lab_program *program = context;
    return program->image != NULL ? machine_image_symbol(program->image, address, offset) : NULL;
}

/* "[hello: supervisor mode, pc 00001000 in hello, next: addi a0, zero, 5; 12 instructions, 1 trap]" */
void lab_lesson_plain_machine(struct lab_lesson_dialogue *dialogue)
{
    const struct lab_debug *debug = lab_lesson_player_machine(dialogue->player);
    uint32_t word, physical;
    char text[128];
    if (debug == NULL) {
        puts(_("There is no machine on this page."));
        return;
    }
    const struct machine *machine = lab_debug_machine(debug);
    const struct machine_time time = machine_time(machine);
    unsigned program = lab_debug_current(debug);
    printf("[%s: %s%s, pc %08" PRIx32 " ", lab_lesson_player_machine_name(dialogue->player),
           machine_guest_mode(machine) ? _("guest mode, ") : "", machine_user_mode(machine) ? _("user mode") : _("supervisor mode"), machine_pc(machine));
    fputs(_("in "), stdout);
    lab_debug_print_name(debug, program, stdout);
    const struct isa_state *halted = isa_state_with_duty(machine_isa(machine), ISA_DUTY_HALTED);
    if (halted != NULL && machine_slot(machine, halted->slot) != 0) {
        printf(_(", halted with code %u"), (unsigned)machine_halt_code(machine));
    } else if (machine_next_word(machine, &word, &physical)) {
        isa_disassemble(machine_isa(machine), word, machine_pc(machine), name_symbol,
                        (void *)(uintptr_t)lab_debug_program(debug, program), text, sizeof text);
        printf(_(", next: %s"), text);
    }
    printf(_("; instructions: %llu, traps: %llu]\n"), (unsigned long long)time.instructions, (unsigned long long)time.traps);
    for (unsigned i = 0; i < machine_guest_count(machine); i++) {
        size_t length;
        const char *console = (const char *)machine_console(machine, i, &length);
        if (length > 0)
            printf(_("[console: %.*s]\n"), (int)length - (console[length - 1] == '\n'), console);
    }
}

/* Four to a line; a state that is an array with its numbers. */
void lab_lesson_plain_registers(struct lab_lesson_dialogue *dialogue)
{
    const struct lab_debug *debug = lab_lesson_player_machine(dialogue->player);
    if (debug == NULL) {
        puts(_("There is no machine on this page."));
        return;
    }
    const struct machine *machine = lab_debug_machine(debug);
    const struct isa *isa = machine_isa(machine);
    unsigned printed = 0;
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        for (unsigned k = 0; k < state->count; k++) {
            char name[32];
            snprintf(name, sizeof name, state->is_array ? "%s[%u]" : "%s", state->name, k);
            printf("%-10s %08" PRIx32 "%s", name, machine_slot(machine, state->slot + k), ++printed % 4 == 0 ? "\n" : "  ");
        }
    }
    if (printed % 4 != 0)
        putchar('\n');
}

void lab_lesson_plain_memory(struct lab_lesson_dialogue *dialogue, const char *address)
{
    enum { WORDS = 16 };
    const struct lab_debug *debug = lab_lesson_player_machine(dialogue->player);
    char *end;
    uint32_t at = (uint32_t)strtoul(address, &end, 0);
    uint8_t bytes[4];
    if (debug == NULL) {
        puts(_("There is no machine on this page."));
        return;
    }
    if (*address == '\0' || *end != '\0') {
        puts(_("memory ADDRESS shows words of physical memory: memory 0x40"));
        return;
    }
    at &= ~3u;
    for (unsigned i = 0; i < WORDS && machine_read(lab_debug_machine(debug), at + 4 * i, bytes, 4); i++) {
        if (i % 4 == 0)
            printf("%s%08" PRIx32 ":", i > 0 ? "\n" : "", at + 4 * i);
        printf(" %02x%02x%02x%02x", bytes[3], bytes[2], bytes[1], bytes[0]);
    }
    putchar('\n');
}
