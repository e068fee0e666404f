/* module.c: reads the boot module, the loaded instruction set as the loader describes it to a monitor.
 *
 * In order: the module's own header; its tables, whose offsets become pointers; then the states that a monitor must
 * know (the program counter, R, the timer, ...). These are found by their roles and duties, never by name or number, so
 * that a machine whose state is laid out differently is virtualized as well.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

/* The slot of the state with a duty. Without one: a slot behind the machine's own, which stays zero. */
static unsigned slot_with_duty(const struct vmm_isa *isa, unsigned duty)
{
    for (unsigned i = 0; i < isa->module->state_count; i++)
        if (isa->states[i].duty == duty)
            return isa->states[i].slot;
    return isa->module->slots + duty;
}

/* The `nth` state (from 0) with a role, or NULL. */
static const struct pg74_state *state_with_role(const struct vmm_isa *isa, unsigned role, unsigned nth)
{
    for (unsigned i = 0; i < isa->module->state_count; i++)
        if (isa->states[i].role == role && nth-- == 0)
            return &isa->states[i];
    return NULL;
}

/* What every monitor must know. Only the program counter cannot be missing. */
static const char *find_states(struct vmm_isa *isa)
{
    const struct pg74_state *program_counter = state_with_role(isa, PG74_ROLE_PROGRAM_COUNTER, 0);
    const struct pg74_state *mode = state_with_role(isa, PG74_ROLE_MODE, 0);
    const struct pg74_state *guest_mode = state_with_role(isa, PG74_ROLE_GUEST_MODE, 0);

    if (!program_counter)
        return "there is no program counter";
    isa->program_counter = program_counter->slot;
    isa->mode = mode ? mode->slot : isa->module->slots + PG74_DUTY_NOTHING;
    isa->guest_mode = guest_mode ? guest_mode->slot : isa->module->slots + PG74_DUTY_NOTHING;
    isa->countdown = slot_with_duty(isa, PG74_DUTY_COUNTDOWN);
    isa->requests = slot_with_duty(isa, PG74_DUTY_REQUESTS);
    isa->waiting = slot_with_duty(isa, PG74_DUTY_WAITING);
    isa->halted = slot_with_duty(isa, PG74_DUTY_HALTED);
    isa->halt_code = slot_with_duty(isa, PG74_DUTY_HALT_CODE);
    isa->identification = slot_with_duty(isa, PG74_DUTY_IDENTIFICATION);
    return NULL;
}

/* The world switch saves x1 to x31, and knows no other general register; the real PSW has room for an R of two
 * words. */
const char *vmm_isa_find_direct(struct vmm_isa *isa)
{
    const struct pg74_state *general = state_with_role(isa, PG74_ROLE_GENERAL, 0);
    const struct pg74_state *base = state_with_role(isa, PG74_ROLE_RELOCATION, 0);
    const struct pg74_state *bound = state_with_role(isa, PG74_ROLE_RELOCATION, 1);

    if (!general || general->count != 32 || general->width != 32 || general->zero != 0)
        return "the general registers are not 32 words of which the first is zero";
    if (state_with_role(isa, PG74_ROLE_GENERAL, 1))
        return "there are general registers that the world switch does not save";
    if (!state_with_role(isa, PG74_ROLE_MODE, 0))
        return "there is no mode";
    if (isa->module->kind == PG74_KIND_PAGED)
        base = bound = NULL; /* what the guest's R is, its translation knows */
    else if (!base || !bound || state_with_role(isa, PG74_ROLE_RELOCATION, 2))
        return "R is not two words, base and bound";
    isa->general = general->slot;
    if (base && bound) {
        isa->base = base->slot;
        isa->bound = bound->slot;
    }
    return NULL;
}

const char *vmm_isa_read(struct vmm_isa *isa, const struct pg74_boot_module *module)
{
    const char *bytes = (const char *)module;

    if (module->magic != PG74_MODULE_MAGIC || module->version != PG74_MODULE_VERSION)
        return "the boot module is not of the version that this monitor reads";
    if (module->word_bits != 32 || module->instruction_bits != 32)
        return "words and instructions are not of 32 bits";
    if (module->slots + PG74_DUTIES > VMM_MOST_SLOTS)
        return "there is more state than this monitor has room for";
    isa->module = module;
    isa->states = (const struct pg74_state *)(bytes + module->states);
    isa->instructions = (const struct pg74_instruction *)(bytes + module->instructions);
    isa->fields = (const struct pg74_field *)(bytes + module->fields);
    isa->nodes = (const struct pg74_node *)(bytes + module->nodes);
    isa->instruction_bytes = module->instruction_bits / 8;
    const char *problem = find_states(isa);
    if (problem)
        return problem;
    vmm_fetch_survey(isa);
    return vmm_prepare_start(isa);
}
