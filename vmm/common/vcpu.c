/* vcpu.c: what happens to a virtual machine: reset, instruction, trap, interrupt, the passing of time.
 *
 * Each of these is a paragraph of the specification, run on the guest's virtual state. So the guest's PSW swap happens
 * in the guest's own trap area, its mode changes in its virtual state alone, and the real machine notices nothing.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

static enum vmm_end run_paragraph(struct vmm_vcpu *vcpu, unsigned paragraph, uint32_t first, uint32_t second,
                                  uint32_t third)
{
    const struct vmm_step *program = vmm_paragraph(vcpu->isa, paragraph, vcpu->state[vcpu->isa->guest_mode]);

    return vmm_evaluate(vcpu, program, (uint32_t[4]){ first, second, third, 0 }, 0);
}

void vmm_reset(struct vmm_vcpu *vcpu, uint32_t entry)
{
    for (unsigned i = 0; i < vcpu->isa->module->slots + PG74_DUTIES; i++)
        vcpu->state[i] = 0;
    vcpu->context = 0;
    run_paragraph(vcpu, PG74_ON_RESET, entry, 0, 0);
}

/* A handler whose first instruction traps leads back to itself: for ever, and without any instruction between, so that
 * the guest's own time stands still. Its slice is over then (vmm_schedule), or its neighbours would wait for so many
 * traps as a slice has instructions. */
void vmm_reflect(struct vmm_vcpu *vcpu, uint32_t cause, uint32_t value, uint32_t access)
{
    const uint32_t *pc = &vcpu->state[vcpu->isa->program_counter];
    uint32_t trapped_at = *pc;

    vcpu->statistics.traps++;
    run_paragraph(vcpu, PG74_ON_TRAP, cause, value, access);
    if (*pc == trapped_at) {
        vcpu->stuck = true;
        vcpu->context = 0;
    }
}

void vmm_reflect_own(struct vmm_vcpu *vcpu)
{
    vmm_reflect(vcpu, vcpu->trap.cause, vcpu->trap.value, vcpu->trap.access);
}

bool vmm_fetch(struct vmm_vcpu *vcpu, uint32_t *word)
{
    if (run_paragraph(vcpu, PG74_ON_FETCH, 0, 0, 0) == VMM_TRAPPED) {
        vmm_reflect_own(vcpu);
        return false;
    }
    *word = vcpu->result;
    return true;
}

void vmm_request(struct vmm_vcpu *vcpu, uint32_t requests)
{
    vcpu->state[vcpu->isa->requests] |= requests;
    vcpu->state[vcpu->isa->waiting] = 0;
}

/* Whether the guest takes an interrupt is for its own state to say: `on interrupt` ends in IGNORE if not. */
static bool take_interrupt(struct vmm_vcpu *vcpu)
{
    uint32_t requests = vcpu->state[vcpu->isa->requests];

    for (unsigned i = 0; i < 32 && requests >> i != 0; i++)
        if ((requests >> i & 1) && run_paragraph(vcpu, PG74_ON_INTERRUPT, PG74_CAUSE_TIMER + i, 0, 0) == VMM_DONE)
            return true;
    return false;
}

/* As before every fetch of the hardware: the lowest cause that is taken, then again, in the state that it left. A guest
 * usually takes no second one before it has seen to the first; one that takes them for ever gets them in portions. */
void vmm_interrupt(struct vmm_vcpu *vcpu)
{
    for (unsigned i = 0; i < 16 && take_interrupt(vcpu); i++)
        vcpu->statistics.interrupts++;
}
