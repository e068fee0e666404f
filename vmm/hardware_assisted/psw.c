/* psw.c: the guest's PSW has two forms. In guest mode the hardware has it, and an exit leaves it in the control block
 * as four words. The evaluator wants it as virtual state, slot by slot. Which slot is which bit of the flags is not
 * written here: the machine is asked, by letting it trap. `on trap` stores the old PSW, so a state that was 1 shows as
 * a bit.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "hardware.h"

enum { MOST_FLAGS = 8, SCRATCH = 32, OLD_PSW = 0x40 / 4 }; /* words */

/* One guest to ask for all of them. */
static struct {
    unsigned flag_count, flag_slots[MOST_FLAGS]; /* flag i is slot flag_slots[i] */
    unsigned base, bound, guest_mode;
} places = { .base = PG74_NONE, .bound = PG74_NONE, .guest_mode = PG74_NONE };

/* What the machine stores as its old PSW when all of its state is zero but this slot. */
static const uint32_t *ask(const struct vmm_isa *isa, unsigned slot, uint32_t value)
{
    static struct vmm_vcpu asked;
    static uint32_t memory[SCRATCH];

    asked.isa = (struct vmm_isa *)(uintptr_t)isa;
    asked.memory = (uint8_t *)memory;
    asked.memory_size = sizeof memory;
    asked.state[slot] = value;
    vmm_evaluate(&asked, vmm_paragraph(asked.isa, PG74_ON_TRAP, 0), (uint32_t[PG74_MOST_PARAMETERS]){ 0 }, 0);
    for (unsigned i = 0; i < isa->module->slots; i++)
        asked.state[i] = 0;
    return &memory[OLD_PSW];
}

/* Bits above those that are known read as zero, and are lost when they are set; so a flag that no state is needs no
 * slot. The flags of a machine that has no other are its first ones. */
static const char *find_flags(const struct vmm_isa *isa)
{
    for (unsigned i = 0; i < isa->module->state_count; i++) {
        const struct pg74_state *state = &isa->states[i];
        if (state->width != 1 || state->count != 1 || state->role == PG74_ROLE_GUEST_MODE)
            continue;
        uint32_t flags = ask(isa, state->slot, 1)[0];
        if (flags == 0)
            continue;
        unsigned bit = (unsigned)__builtin_ctz(flags);
        if (bit >= MOST_FLAGS)
            return "the PSW has more flags than this monitor has room for";
        places.flag_slots[bit] = state->slot;
        places.flag_count = bit + 1 > places.flag_count ? bit + 1 : places.flag_count;
    }
    return NULL;
}

const char *hardware_find_psw(const struct vmm_isa *isa)
{
    for (unsigned i = 0; i < isa->module->state_count; i++) {
        const struct pg74_state *state = &isa->states[i];
        if (state->role == PG74_ROLE_GUEST_MODE)
            places.guest_mode = state->slot;
        if (state->role != PG74_ROLE_RELOCATION || state->width != 32)
            continue;
        const uint32_t *old_psw = ask(isa, state->slot, PG74_BOOT_MAGIC & ~UINT32_C(15));
        if (old_psw[2] != 0)
            places.base = state->slot;
        if (old_psw[3] != 0)
            places.bound = state->slot;
    }
    if (places.guest_mode == PG74_NONE)
        return "the machine has no guest mode";
    if (places.base == PG74_NONE || places.bound == PG74_NONE)
        return "R is not two words of the PSW, base and bound";
    return find_flags(isa);
}

bool hardware_is_host(const struct vmm_vcpu *vcpu)
{
    return vcpu->state[places.guest_mode] != 0;
}

void hardware_interpret(struct vmm *vmm)
{
    vmm_interpret(vmm, places.guest_mode, 1);
}

void hardware_get_psw(struct vmm_vcpu *vcpu)
{
    uint32_t flags = vmm_control_block.guest.flags;

    for (unsigned i = 0; i < places.flag_count; i++)
        vcpu->state[places.flag_slots[i]] = flags >> i & 1;
    vcpu->state[vcpu->isa->program_counter] = vmm_control_block.guest.pc;
    vcpu->state[places.base] = vmm_control_block.guest.base;
    vcpu->state[places.bound] = vmm_control_block.guest.bound;
    vcpu->context = 0; /* the evaluator has not seen these change */
}

void hardware_put_psw(const struct vmm_vcpu *vcpu)
{
    uint32_t flags = 0;

    for (unsigned i = 0; i < places.flag_count; i++)
        flags |= vcpu->state[places.flag_slots[i]] << i;
    vmm_control_block.guest.flags = flags;
    vmm_control_block.guest.pc = vcpu->state[vcpu->isa->program_counter];
    vmm_control_block.guest.base = vcpu->state[places.base];
    vmm_control_block.guest.bound = vcpu->state[places.bound];
}
