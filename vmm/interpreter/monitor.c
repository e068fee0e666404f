/* monitor.c: the interpreter. Every instruction of a guest is fetched, decoded and executed here, on virtual state.
 *
 * No guest instruction ever reaches the hardware, which therefore need not be virtualizable at all: this monitor is
 * right on any machine whose meaning the boot module tells, whatever its traps, its translation and its registers are.
 * It is also what Popek and Goldberg do not call a virtual machine monitor, for it lacks the third property:
 * efficiency.
 *
 * docs/monitor-interpreter.md follows one instruction all the way.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

static struct vmm vmm;

/* `pg74 check` reads this symbol: efficiency is not what this monitor claims. */
extern const char vmm_executes_nothing_directly;
__attribute__((used, retain)) const char vmm_executes_nothing_directly = 1;

/* Comes back only when all guests wait: then there is nothing to interpret, and the hardware waits for an interrupt. */
static struct vmm_next run_next(void)
{
    for (;;) {
        vmm_schedule(&vmm);
        if (!vmm.current)
            return vmm_wait(&vmm);
        vmm_interpret(&vmm, vmm.isa.halted, 0);
    }
}

/* The monitor runs with interrupts disabled, and no guest runs on the hardware: so the only trap there can be is the
 * interrupt that ends the waiting. */
struct vmm_next vmm_handle_trap(void)
{
    uint32_t cause = pg74_trap_area.cause;

    if (cause < PG74_CAUSE_TIMER || vmm.current)
        vmm_stop(VMM_HALT_FAULT, "this monitor trapped itself; cause and pc are", cause, pg74_trap_area.old_psw.pc);
    vmm_charge(&vmm, vmm_switch_area()->timer, cause == PG74_CAUSE_TIMER);
    vmm_poll_devices(vmm.guests, vmm.guest_count);
    return run_next();
}

struct vmm_next vmm_main(void)
{
    vmm_start(&vmm);
    vmm_take_traps();
    return run_next();
}
