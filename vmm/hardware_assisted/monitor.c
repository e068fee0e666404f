/* monitor.c: the monitor for a machine with guest mode.
 *
 * The guest runs in guest mode, supervisor code too: mode, interrupt enable and R are its own, and what it does with
 * them the hardware does, by itself. The monitor gets control when something reaches the real machine. Then the control
 * block gives a *reason*, and that is all this monitor looks at. Which instruction it was, and what it means, is for
 * the evaluator; so here, too, there is no case for any instruction.
 *
 * docs/monitor-hardware-assisted.md follows one exit all the way.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "hardware.h"

static struct vmm vmm;

/* ---- One control block for all guests ---------------------------------------------------------------------------- */

/* Behind the block, which ends where the new PSW begins, a variant of the machine keeps what else guest and host have each
 * for themselves. What it is the monitor need not know; but when another guest is to be entered, it must be that one's. */
static struct pg74_psw own[PG74_MOST_GUESTS];
static const struct vmm_vcpu *loaded; /* the guest whose own these words are, or NULL: they are the host's new PSW */

static void load_own(const struct vmm_vcpu *vcpu)
{
    volatile struct pg74_psw *words = &pg74_trap_area.new_psw;

    if (loaded == vcpu)
        return;
    if (loaded)
        own[loaded->unit] = *words;
    if (vcpu)
        *words = own[vcpu->unit];
    loaded = vcpu;
}

/* ---- Into the guest ---------------------------------------------------------------------------------------------- */

/* Hands one requested interrupt to the hardware, the lowest, if the guest takes interrupts now. While others wait, the
 * hardware is to tell when it takes them: that is the interrupt window. */
static void inject(struct vmm_vcpu *vcpu)
{
    uint32_t *requests = &vcpu->state[vmm.isa.requests], lowest = *requests & -*requests;

    if (lowest != 0 && (vmm_control_block.guest.flags & FLAG_ENABLED) && vmm.injects) {
        vmm_control_block.inject = PG74_CAUSE_TIMER + (uint32_t)__builtin_ctz(lowest);
        vmm_control_block.inject_value = vmm_control_block.inject_access = 0;
        *requests &= ~lowest;
        vcpu->statistics.interrupts++;
    }
    if (*requests != 0)
        vmm_control_block.controls |= CONTROL_WINDOW;
}

static struct vmm_next enter(struct vmm_vcpu *vcpu)
{
    load_own(vcpu);
    hardware_put_psw(vcpu);
    hardware_space_enter(vcpu);
    inject(vcpu);
    return (struct vmm_next){ &vcpu->state[vmm.isa.general], vmm.timer };
}

/* A guest that has itself entered a guest is interpreted until that one exits. When nobody can run, the monitor waits,
 * outside of guest mode, and by the other way into the world. */
static struct vmm_next run_next(void)
{
    for (;;) {
        vmm_schedule(&vmm);
        if (!vmm.current) {
            struct vmm_next next = vmm_wait(&vmm);
            load_own(NULL);
            vmm_take_traps();
            vmm_switch_to(next.registers, next.timer);
        }
        if (!hardware_is_host(vmm.current))
            return enter(vmm.current);
        hardware_interpret(&vmm);
    }
}

/* ---- Out of the guest -------------------------------------------------------------------------------------------- */

/* The instruction that exited. Where it is not known, the guest's own fetch says what happens. */
static void execute(struct vmm_vcpu *vcpu, bool known, uint32_t word)
{
    if (known || vmm_fetch(vcpu, &word))
        vmm_execute(vcpu, word);
    if (hardware_is_host(vcpu))
        vmm_fetch_forget(&vmm.isa); /* it will be interpreted, and the hardware has changed its memory */
}

struct vmm_next hardware_exit(void)
{
    struct vmm_vcpu *vcpu = vmm.current;
    uint32_t reason = vmm_control_block.reason, value = vmm_control_block.value;

    hardware_get_psw(vcpu);
    vmm_charge(&vmm, vmm_switch_area()->timer, reason == PG74_CAUSE_TIMER);
    switch (reason) {
    case PG74_CAUSE_TIMER: /* the slice is over, or the guest's own timer has run out: vmm_charge knows */
    case PG74_CAUSE_WINDOW:
        return run_next();
    case PG74_CAUSE_CONSOLE: case PG74_CAUSE_DISK: case PG74_CAUSE_NETWORK:
        vmm_poll_devices(vmm.guests, vmm.guest_count);
        return run_next();
    case PG74_CAUSE_EXIT_NESTED:
        if (!hardware_space_fill(vcpu, value, vmm_control_block.access))
            execute(vcpu, false, 0);
        break;
    case PG74_CAUSE_EXIT_PORT: case PG74_CAUSE_EXIT_IDLE: case PG74_CAUSE_EXIT_HALT: case PG74_CAUSE_EXIT_TIMER:
    case PG74_CAUSE_EXIT_IDENTITY: case PG74_CAUSE_EXIT_DIAGNOSE: case PG74_CAUSE_EXIT_ADDRESS:
    case PG74_CAUSE_EXIT_RELOCATION: case PG74_CAUSE_EXIT_VMRUN:
        execute(vcpu, true, value);
        break;
    default: /* a trap of the guest's own; only without nested translation it exits */
        vmm_reflect(vcpu, reason, value, vmm_control_block.access);
    }
    vmm.passed++; /* a guest that does nothing but exit must not keep the machine for ever */
    return run_next();
}

/* ---- The start, and the end of waiting --------------------------------------------------------------------------- */

static _Noreturn void run(void)
{
    struct vmm_next next = run_next();

    hardware_run(next.registers, next.timer);
}

/* Guests do not trap into the monitor, they exit: so this is the interrupt that ends the waiting. */
struct vmm_next vmm_handle_trap(void)
{
    uint32_t cause = pg74_trap_area.cause;

    if (cause < PG74_CAUSE_TIMER || cause > PG74_CAUSE_NETWORK || vmm.current)
        vmm_stop(VMM_HALT_FAULT, "this monitor trapped itself; cause and pc are", cause, pg74_trap_area.old_psw.pc);
    vmm_charge(&vmm, vmm_switch_area()->timer, cause == PG74_CAUSE_TIMER);
    vmm_poll_devices(vmm.guests, vmm.guest_count);
    run();
}

struct vmm_next vmm_main(void)
{
    vmm_start(&vmm);
    const char *problem = vmm_isa_find_direct(&vmm.isa);
    if (!problem)
        problem = hardware_find_psw(&vmm.isa);
    if (!problem)
        problem = hardware_space_start(&vmm);
    if (problem)
        vmm_stop(VMM_HALT_UNSUPPORTED, problem, 0, 0);
    run();
}
