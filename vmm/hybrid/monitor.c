/* monitor.c: the hybrid monitor of Popek and Goldberg's Theorem 3.
 *
 * What the guest executes in its virtual supervisor mode is interpreted, instruction by instruction; what it executes
 * in its virtual user mode runs directly on the hardware. So an instruction that is sensitive and does not trap does no
 * harm as long as only a supervisor's results depend on it: the hardware never executes it for a supervisor. That is
 * weaker than what trap_and_emulate needs, and the PDP-10 has it (JRST 1 is sensitive in supervisor mode alone).
 *
 * docs/monitor-hybrid.md says where the guest changes from one to the other.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

static struct vmm vmm;

static struct vmm_next run_next(void)
{
    for (;;) {
        vmm_schedule(&vmm);
        if (!vmm.current)
            return vmm_wait(&vmm);
        if (vmm.current->state[vmm.isa.mode])
            return vmm_enter(&vmm);
        vmm_interpret(&vmm, vmm.isa.mode, 0);
    }
}

/* Most traps of a user program end in the guest's own trap entry: in its supervisor, which run_next then interprets. */
struct vmm_next vmm_handle_trap(void)
{
    vmm_handle(&vmm);
    return run_next();
}

struct vmm_next vmm_main(void)
{
    vmm_start(&vmm);
    vmm_start_direct(&vmm);
    vmm_take_traps();
    return run_next();
}
