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

enum { HANDLED = 0 }; /* a reason that no exit has */

/* ---- One control block for all guests ---------------------------------------------------------------------------- */

static struct vmm_vcpu *running;      /* whose PSW is in the control block and nowhere else, or NULL */
static const struct vmm_vcpu *owner;  /* whose own words are there, or NULL */
static uint32_t own[PG74_MOST_GUESTS][HARDWARE_OWN_WORDS];

/* Most exits leave the PSW alone. It comes into the virtual state when somebody wants to see it there. */
static void take_psw(void)
{
    if (running)
        hardware_get_psw(running);
    running = NULL;
}

static void exchange_own(const struct vmm_vcpu *vcpu)
{
    if (owner == vcpu)
        return;
    for (unsigned i = 0; i < HARDWARE_OWN_WORDS; i++) {
        if (owner)
            own[owner->unit][i] = vmm_own_words[i];
        vmm_own_words[i] = own[vcpu->unit][i];
    }
    owner = vcpu;
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
    vmm_control_block.controls = hardware_controls | (*requests != 0 ? CONTROL_WINDOW : 0);
}

static struct vmm_next enter(struct vmm_vcpu *vcpu)
{
    if (running != vcpu) {
        take_psw();
        exchange_own(vcpu);
        hardware_put_psw(vcpu);
        hardware_space_enter(vcpu);
        running = vcpu;
    }
    inject(vcpu);
    return (struct vmm_next){ &vcpu->state[vmm.isa.general], vmm.timer };
}

/* Another one than before, or one whose state the monitor has looked at. A guest that has itself entered a guest is
 * interpreted until that one exits. When nobody can run, the monitor waits, outside of guest mode, and by the other way
 * into the world. Not inlined: most exits do not come here, and should not save registers for it. */
__attribute__((noinline)) static struct vmm_next run_other(void)
{
    for (;;) {
        if (!vmm.current) {
            struct vmm_next next = vmm_wait(&vmm);
            vmm_take_traps();
            vmm_switch_to(next.registers, next.timer);
        }
        if (!hardware_is_host(vmm.current))
            return enter(vmm.current);
        hardware_interpret(&vmm);
        vmm_schedule(&vmm);
    }
}

/* Who runs next? True: the guest that exited goes on, and nothing has changed but time. */
static bool same_goes_on(void)
{
    struct vmm_vcpu *same = running;

    if (same && same->state[vmm.isa.requests]) {
        take_psw(); /* whether it takes an interrupt is asked of the virtual state */
        same = NULL;
    }
    vmm_schedule(&vmm);
    return same && vmm.current == same;
}

static struct vmm_next run_next(void)
{
    return same_goes_on() ? (struct vmm_next){ &running->state[vmm.isa.general], vmm.timer } : run_other();
}

/* ---- Out of the guest -------------------------------------------------------------------------------------------- */

/* The instruction that exited. Where it is not known, the guest's own fetch says what happens. */
static void execute(struct vmm_vcpu *vcpu, bool known, uint32_t word)
{
    take_psw();
    if (known || vmm_fetch(vcpu, &word))
        vmm_execute(vcpu, word);
    if (hardware_is_host(vcpu))
        vmm_fetch_forget(&vmm.isa); /* it will be interpreted, and the hardware has changed its memory */
}

/* The instruction is done, and nothing of the guest's PSW had to be looked at: it goes on after it. */
static void go_on_after(struct vmm_vcpu *vcpu)
{
    vmm_control_block.guest.pc += vmm.isa.instruction_bytes;
    vcpu->statistics.emulated++;
}

/* The exit itself says which port, and which register is to get what it reads. */
static void read_port(struct vmm_vcpu *vcpu, uint32_t port, uint32_t destination)
{
    uint32_t result = vmm_port_in(vcpu, port);

    if (destination != 0) /* x0 stays 0 */
        vcpu->state[vmm.isa.general + destination] = result;
    vcpu->statistics.instructions++;
    vmm_pass_time(vcpu, 1);
    go_on_after(vcpu);
}

/* The exit says port and value. The time until then is charged together with that of the instruction. */
uint32_t hardware_exit_out(void)
{
    struct vmm_vcpu *vcpu = vmm.current;

    if (vmm_control_block.reason != PG74_CAUSE_EXIT_OUT)
        return 0;
    vmm_port_out(vcpu, vmm_control_block.value, vmm_control_block.access);
    vmm_charge(&vmm, vmm_switch_area()->timer - 1, false);
    go_on_after(vcpu);
    vmm_control_block.reason = HANDLED;
    return same_goes_on() ? vmm.timer : 0;
}

struct vmm_next hardware_exit(void)
{
    struct vmm_vcpu *vcpu = vmm.current;
    uint32_t reason = vmm_control_block.reason, value = vmm_control_block.value, access = vmm_control_block.access;

    if (reason == HANDLED)
        return run_other();
    vmm_charge(&vmm, vmm_switch_area()->timer, reason == PG74_CAUSE_TIMER);
    switch (reason) {
    case PG74_CAUSE_TIMER: /* the slice is over, or the guest's own timer has run out: vmm_charge knows */
    case PG74_CAUSE_WINDOW:
        return run_next();
    case PG74_CAUSE_CONSOLE: case PG74_CAUSE_DISK: case PG74_CAUSE_NETWORK:
        vmm_poll_devices(vmm.guests, vmm.guest_count);
        return run_next();
    case PG74_CAUSE_EXIT_NESTED:
        take_psw();
        if (!hardware_space_fill(vcpu, value, access))
            execute(vcpu, false, 0);
        break;
    case PG74_CAUSE_EXIT_IN:
        read_port(vcpu, value, access);
        break;
    case PG74_CAUSE_EXIT_IDLE: case PG74_CAUSE_EXIT_HALT: case PG74_CAUSE_EXIT_TIMER: case PG74_CAUSE_EXIT_IDENTITY:
    case PG74_CAUSE_EXIT_DIAGNOSE: case PG74_CAUSE_EXIT_ADDRESS: case PG74_CAUSE_EXIT_RELOCATION:
    case PG74_CAUSE_EXIT_VMRUN:
        execute(vcpu, true, value);
        break;
    default: /* a trap of the guest's own; only without nested translation it exits */
        take_psw();
        vmm_reflect(vcpu, reason, value, access);
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
    for (unsigned i = 0; i < vmm.guest_count; i++)
        vmm.guests[i].statistics.state = 0; /* guests' registers stay in the hardware, most of them */
    const char *problem = vmm_isa_find_direct(&vmm.isa);
    if (!problem)
        problem = hardware_find_psw(&vmm.isa);
    if (!problem)
        problem = hardware_space_start(&vmm);
    if (problem)
        vmm_stop(VMM_HALT_UNSUPPORTED, problem, 0, 0);
    run();
}
