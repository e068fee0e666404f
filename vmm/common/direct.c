/* direct.c: a guest executed directly by the hardware: how it is entered, and what brings it back. For the monitors that
 * let the hardware execute guests; which of their instructions is each monitor's own decision.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

enum { FLAG_USER = 1, FLAG_ENABLED = 2, ACCESS_FETCH = 1 };

void vmm_start_direct(struct vmm *vmm)
{
    const char *problem = vmm_isa_find_direct(&vmm->isa);

    if (problem)
        vmm_stop(VMM_HALT_UNSUPPORTED, problem, 0, 0);
    if (vmm->isa.module->kind != PG74_KIND_RELOCATION_BOUNDS)
        vmm_stop(VMM_HALT_UNSUPPORTED, "this monitor composes base and bound; the machine has pages", 0, 0);
}

/* ---- Into the guest ---------------------------------------------------------------------------------------------- */

/* The real PSW for a guest. Composed relocation: virtual address v of the guest is its physical base + v, which is the
 * real start + base + v. The bound ends at the partition's end, so an access beyond it traps, as it does on a machine
 * that has no memory there; the emulator then finds the same, and gives the guest its memory trap. */
static void compose_psw(const struct vmm_vcpu *vcpu, volatile struct pg74_psw *psw)
{
    const struct vmm_isa *isa = vcpu->isa;
    uint32_t base = vcpu->state[isa->base], bound = vcpu->state[isa->bound];
    uint32_t room = base < vcpu->memory_size ? vcpu->memory_size - base : 0;

    psw->flags = FLAG_USER | FLAG_ENABLED;
    psw->pc = vcpu->state[isa->program_counter];
    psw->base = room ? vcpu->memory_start + base : 0;
    psw->bound = bound < room ? bound : room;
}

struct vmm_next vmm_enter(struct vmm *vmm)
{
    compose_psw(vmm->current, &vmm_switch_area()->psw);
    return (struct vmm_next){ &vmm->current->state[vmm->isa.general], vmm->timer };
}

/* ---- Out of the guest -------------------------------------------------------------------------------------------- */

/* The instruction that trapped. If it was not the fetch itself that failed, the hardware has just fetched the word at
 * this very place; else the guest's own fetch says what happens. */
static bool trapped_word(struct vmm_vcpu *vcpu, uint32_t *word)
{
    if (pg74_trap_area.access == ACCESS_FETCH)
        return vmm_fetch(vcpu, word);
    *word = *(const uint32_t *)(uintptr_t)(pg74_trap_area.old_psw.base + pg74_trap_area.old_psw.pc);
    return true;
}

/* What a real trap can be, and whose it is:
 *
 *   the timer             the monitor's: the slice is over, or the guest's virtual timer has run out
 *   another interrupt     some guest's device: find out whose
 *   privileged, illegal   the guest's instruction needs the monitor: execute it on the virtual state
 *   any other trap        the guest's own. Executing the instruction on the virtual state ends in the same trap, and
 *                         so in the guest's own trap entry: reflecting needs no case of its own
 *   a trap of ours        in supervisor mode: an error of this monitor
 */
void vmm_handle(struct vmm *vmm)
{
    const volatile struct pg74_psw *old_psw = &pg74_trap_area.old_psw;
    uint32_t cause = pg74_trap_area.cause;
    bool interrupt = cause >= PG74_CAUSE_TIMER;
    struct vmm_vcpu *vcpu = vmm->current;
    uint32_t word;

    if (!(old_psw->flags & FLAG_USER) && !(interrupt && !vcpu))
        vmm_stop(VMM_HALT_FAULT, "this monitor trapped itself; cause and pc are", cause, old_psw->pc);
    if (vcpu)
        vcpu->state[vmm->isa.program_counter] = old_psw->pc;
    vmm_charge(vmm, vmm_switch_area()->timer, cause == PG74_CAUSE_TIMER);
    if (!interrupt) {
        if (trapped_word(vcpu, &word))
            vmm_execute(vcpu, word);
        vmm->passed++; /* also for one that traps: a guest that does nothing else must not keep the machine for ever */
    } else if (cause != PG74_CAUSE_TIMER) {
        vmm_poll_devices(vmm->guests, vmm->guest_count);
    }
}
