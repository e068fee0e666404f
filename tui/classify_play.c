/* classify_play.c: what a classifier has found, seen on machines. An instruction by which a theorem fails has a guest
 * program: it is played on the bare machine and under trap_and_emulate, side by side, from just before the instruction
 * on. Of other witnesses each state is put into a machine, in which the instruction comes next. */
#include "tui/classify.h"
#include "tui/machine.h"

#include <stdlib.h>
#include <string.h>

#include "lab/run_options.h"

enum { PAGE = 4096, MOST_MEMORY = 1 << 24, FETCH = 1, FUEL = 20000000 };

/* What a machine that is played stands on, and goes with it. */
struct tui_owned {
    struct isa *isa;
    struct machine_image *guest;
    struct lab_monitor monitor;
    struct lab_programs *programs;
};

void tui_machine_free_owned(struct tui_owned *owned)
{
    if (owned == NULL)
        return;
    lab_programs_free(owned->programs);
    lab_monitor_close(&owned->monitor);
    machine_image_free(owned->guest);
    isa_free(owned->isa);
    free(owned);
}

static bool assemble(struct tui_owned *owned, const char *name, const char *text, struct isa_diagnostics *diagnostics)
{
    size_t length;
    uint8_t *bytes = isa_assemble(owned->isa, name, text, &length, diagnostics);
    if (bytes != NULL)
        owned->guest = machine_image_from_bytes(name, bytes, length, diagnostics);
    free(bytes);
    return owned->guest != NULL;
}

/* A machine with a program of its own, under a monitor or bare (NULL); NULL with diagnostics. */
static struct tui_machine *make(struct tui_classifier *screen, const char *title, const char *text, const char *vmm,
                                uint32_t memory, struct isa_diagnostics *diagnostics)
{
    struct tui_owned *owned = calloc(1, sizeof *owned);
    struct machine *machine = NULL;
    if (owned == NULL)
        abort();
    owned->isa = tui_classify_load(screen, diagnostics); /* once more: it stays when another one is classified */
    bool is_good = owned->isa != NULL && assemble(owned, "witness", text, diagnostics);
    struct machine_options options = {.guests = (const struct machine_image *const *)&owned->guest, .guest_count = 1,
                                      .partition_size = memory};
    is_good = is_good && (vmm == NULL || lab_monitor_open(&owned->monitor, vmm, diagnostics));
    lab_monitor_use(&owned->monitor, &options);
    if (is_good)
        machine = machine_new(owned->isa, &options, diagnostics);
    if (machine == NULL) {
        tui_machine_free_owned(owned);
        return NULL;
    }
    owned->programs = lab_programs_new(machine, &options);
    const struct tui_open open = {machine, owned->programs, title};
    struct tui_machine *one = tui_machine_new(&open);
    one->own = machine;
    one->owned = owned;
    return one;
}

/* ---- A demonstration --------------------------------------------------------------------------------------------- */

static bool at_witness(void *context, const struct lab_debug *debug)
{
    const struct tui_machine *one = context;
    uint32_t address;
    const struct machine_image *image = one->owned->guest;
    return lab_debug_program(debug, lab_debug_current(debug))->is_guest &&
           machine_image_address(image, "witness", &address) && machine_pc(one->machine) == address;
}

static void go_to_witness(struct tui_machine *one)
{
    const struct lab_debug_ask ask = {0};
    for (unsigned i = 0; i < FUEL && !at_witness(one, one->debug); i++)
        if (lab_debug_step(one->debug, at_witness, one, ask) != LAB_DEBUG_STEPPED)
            break;
    tui_machine_moved(one);
    tui_machine_remember(one);
}

/* True when there is one, or something has been said about it. */
static bool demonstrate(struct tui *tui, struct tui_classifier *screen, const char *name)
{
    static const char *const monitors[] = {NULL, "trap_and_emulate"};
    const struct classifier_demonstration *list;
    const char *obstacle;
    unsigned count, opened = 0;
    classifier_demonstrate(screen->report, screen->order[screen->chosen], &list, &count, &obstacle);
    if (count == 0)
        return false;
    for (unsigned i = 0; i < 2; i++) {
        char title[64];
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        snprintf(title, sizeof title, i == 0 ? "%s, bare" : "%s, monitored", name);
        struct tui_machine *one = make(screen, title, list[0].text, monitors[i], 0, diagnostics);
        if (one != NULL)
            go_to_witness(one);
        if (one != NULL && tui_add_machine(tui, one))
            opened++;
        isa_diagnostics_free(diagnostics);
    }
    if (opened == 0)
        return false;
    tui->current = tui->machine_count - opened;
    tui_go_to_screen(tui, &tui_machine_screen);
    tui_say(tui, opened == 2 ? "The next instruction is the witness: step. 4 shows it beside a monitor."
                             : "The next instruction is the witness: step.");
    return true;
}

/* ---- States ------------------------------------------------------------------------------------------------------ */

static void fill(struct tui_machine *one, const struct classifier_witness *witness, unsigned state)
{
    static const uint8_t zero[64];
    for (uint32_t at = 0; at + sizeof zero <= machine_memory_size(one->machine); at += (uint32_t)sizeof zero)
        machine_write(one->machine, at, zero, sizeof zero);
    for (unsigned i = 0; i < classifier_witness_bytes(witness, state); i++) {
        uint32_t address;
        uint8_t value;
        classifier_witness_byte(witness, state, i, &address, &value);
        machine_write(one->machine, address, &value, 1);
    }
    for (unsigned slot = 0; slot < one->slot_count; slot++)
        machine_set_slot(one->machine, slot, classifier_witness_slot(witness, state, false, slot));
}

/* Memory, registers and PSW of the witness, and the word where it is fetched. A witness is about an instruction that
 * has been fetched, and its pc may lie outside of R: then the machine has another pc. False where R leaves no room for
 * any. */
static bool enter_state(struct tui_machine *one, const struct classifier_witness *witness, unsigned state)
{
    uint32_t word = classifier_witness_word(witness), physical, pc = isa_program_counter(one->isa)->slot;
    unsigned bytes = isa_instruction_bits(one->isa) / 8;
    fill(one, witness, state);
    bool is_fetched = machine_translate(one->machine, machine_pc(one->machine), bytes, FETCH, &physical);
    if (!is_fetched)
        machine_set_slot(one->machine, pc, 0);
    is_fetched = is_fetched || machine_translate(one->machine, 0, bytes, FETCH, &physical);
    return is_fetched && machine_write(one->machine, physical, &word, bytes);
}

static struct tui_machine *make_state(struct tui *tui, struct tui_classifier *screen,
                                      const struct classifier_witness *witness, unsigned state, const char *name)
{
    char title[64];
    uint32_t size = classifier_witness_memory_size(witness, state);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    snprintf(title, sizeof title, "%s, state %c", name, 'A' + (int)state);
    size = isa_word_bits(screen->isa) > 8 ? (size + PAGE - 1) / PAGE * PAGE : size;
    struct tui_machine *one = NULL;
    if (size > MOST_MEMORY)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_DATA, NULL,
                              "the memory of this state is too large for a machine");
    else
        one = make(screen, title, isa_word_bits(screen->isa) > 8 ? ".word 0\n" : ".byte 0\n", NULL, size, diagnostics);
    if (one == NULL)
        tui_say_diagnostics(tui, diagnostics);
    isa_diagnostics_free(diagnostics);
    if (one == NULL)
        return NULL;
    if (!enter_state(one, witness, state)) {
        tui_say(tui, "In state %c nothing can be fetched: R leaves no room for an instruction.", 'A' + (int)state);
        tui_machine_free(one);
        return NULL;
    }
    machine_history_start(one->machine, 0);
    lab_debug_begin_anew(one->debug);
    tui_machine_moved(one);
    tui_machine_remember(one);
    return one;
}

void tui_classify_play(struct tui *tui, struct tui_classifier *screen)
{
    const struct classifier_witness *witness = tui_classify_witness(screen);
    const char *name = isa_instruction_at(screen->isa, screen->order[screen->chosen])->name;
    unsigned opened = 0;
    if (witness == NULL) {
        tui_say(tui, "There is no witness to play: what %s does not do has a proof.", name);
        return;
    }
    bool is_violation = classifier_violates(screen->report, screen->order[screen->chosen], CLASSIFIER_THEOREM_1, false);
    if (is_violation && demonstrate(tui, screen, name))
        return;
    for (unsigned state = 0; state < classifier_witness_states(witness); state++) {
        struct tui_machine *one = make_state(tui, screen, witness, state, name);
        if (one == NULL || !tui_add_machine(tui, one))
            return;
        opened++;
    }
    tui->current = tui->machine_count - opened;
    tui_go_to_screen(tui, opened > 1 ? &tui_side_screen : &tui_machine_screen);
    tui_say(tui, opened > 1 ? "The states of the witness: s executes it in both, Enter looks into one."
                            : "The state of the witness: s executes the instruction.");
}
