/* direct.c: a guest executed directly by the hardware: how it is entered, and what brings it back. For the monitors
 * that let the hardware execute guests; which of their instructions is each monitor's own decision.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

enum { FLAG_USER = 1, ACCESS_FETCH = 1 };

void vmm_start_direct(struct vmm *vmm)
{
    const char *problem = vmm_isa_find_direct(&vmm->isa);

    if (!problem)
        problem = vmm_space_start(vmm);
    if (problem)
        vmm_stop(VMM_HALT_UNSUPPORTED, problem, 0, 0);
}

/* ---- Into the guest ---------------------------------------------------------------------------------------------- */

struct vmm_next vmm_enter(struct vmm *vmm)
{
    vmm_space_enter(vmm, vmm->current, &vmm_switch_area()->psw);
    return (struct vmm_next){ &vmm->current->state[vmm->isa.general], vmm->timer };
}

/* Nothing but its pc has changed since it was entered last. */
struct vmm_next vmm_enter_again(struct vmm *vmm)
{
    struct vmm_vcpu *vcpu = vmm->current;

    vmm_switch_area()->psw.pc = vcpu->state[vmm->isa.program_counter];
    return (struct vmm_next){ &vcpu->state[vmm->isa.general], vmm->timer };
}

/* ---- Out of the guest -------------------------------------------------------------------------------------------- */

/* The instruction that trapped. If it was not the fetch itself that failed, the hardware has just fetched the word at
 * this very place; else the guest's own fetch says what happens. */
static bool trapped_word(struct vmm_vcpu *vcpu, uint32_t *word)
{
    if (pg74_trap_area.access == ACCESS_FETCH)
        return vmm_fetch(vcpu, word);
    *word = vmm_space_word(&pg74_trap_area.old_psw);
    return true;
}

/* The guest may have stored instructions: anywhere in its R, which on a machine with pages can be anywhere. */
static void forget_stored(struct vmm_vcpu *vcpu)
{
    bool paged = vcpu->isa->module->kind == PG74_KIND_PAGED;
    uint32_t base = paged ? 0 : vcpu->state[vcpu->isa->base];
    uint32_t bound = paged ? ~UINT32_C(0) : vcpu->state[vcpu->isa->bound];

    vmm_fetch_stored(vcpu->isa, base, bound);
}

/* Does the same guest go on in the same way? When a program changes what the guest's fetches depend on, which is nearly
 * always mode or R, or whether it can run, its context becomes 0. Nobody else needs the context now. */
bool vmm_handle_program(struct vmm *vmm, uint32_t pc, const struct vmm_step *program)
{
    struct vmm_vcpu *vcpu = vmm->current;

    vcpu->state[vmm->isa.program_counter] = pc;
    if (vmm->isa.fetches.highest != 0) /* something is remembered */
        forget_stored(vcpu);
    vmm_charge(vmm, vmm_switch_area()->timer, false);
    vcpu->context = vmm->isa.fetches.remembers;
    vmm_execute_program(vcpu, program, 0);
    bool same = vcpu->context != 0;
    vcpu->context = 0;
    vmm->passed++; /* also for one that traps: a guest that does nothing else must not keep the machine for ever */
    return same;
}

/* What a real trap can be, and whose it is:
 *
 *   the timer             the monitor's: the slice is over, or the guest's virtual timer has run out
 *   another interrupt     some guest's device: find out whose
 *   privileged, illegal   the guest's instruction needs the monitor: execute it on the virtual state
 *   memory                perhaps the real R lags behind the guest's: then the guest just goes on
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
    if (vcpu) {
        vcpu->state[vmm->isa.program_counter] = old_psw->pc;
        forget_stored(vcpu);
    }
    vmm_charge(vmm, vmm_switch_area()->timer, cause == PG74_CAUSE_TIMER);
    if (!interrupt) {
        bool behind = cause == PG74_CAUSE_MEMORY &&
                      vmm_space_fill(vcpu, pg74_trap_area.value, pg74_trap_area.access);
        if (!behind && trapped_word(vcpu, &word))
            vmm_execute(vcpu, word);
        vmm->passed++; /* also for one that traps: a guest that does nothing else must not keep the machine for ever */
    } else if (cause != PG74_CAUSE_TIMER) {
        vmm_poll_devices(vmm->guests, vmm->guest_count);
    }
}
