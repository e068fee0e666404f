/* interpret.c: a guest's instructions, executed by the monitor one after the other.
 *
 * It is the cycle of the hardware, on the virtual state: take an interrupt if there is one to take, fetch, decode,
 * execute. The real machine's interrupts stay disabled meanwhile, for there is no better moment for them than between
 * two instructions: there the devices are asked whether they have something to tell.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

enum { BETWEEN_POLLS = 64 }; /* instructions */

static bool goes_on(const struct vmm_vcpu *vcpu, unsigned slot, uint32_t value)
{
    const struct vmm_isa *isa = vcpu->isa;

    return !vcpu->state[isa->waiting] && !vcpu->state[isa->halted] && vcpu->state[slot] == value;
}

void vmm_interpret(struct vmm *vmm, unsigned slot, uint32_t value)
{
    struct vmm_vcpu *vcpu = vmm->current;
    uint32_t most = vmm->slice_rest < BETWEEN_POLLS ? vmm->slice_rest : BETWEEN_POLLS, done = 0;

    while (done < most && goes_on(vcpu, slot, value)) {
        if (vcpu->state[vmm->isa.requests])
            vmm_interrupt(vcpu);
        const struct vmm_fetched *fetched = vmm_fetch_next(vcpu);
        if (fetched)
            vmm_execute_program(vcpu, fetched->program, fetched->word);
        done++;
    }
    vmm->passed += done;
    vmm_poll_devices(vmm->guests, vmm->guest_count);
}
