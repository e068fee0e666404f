/* monitor.c: trap and emulate, the virtual machine monitor of Popek and Goldberg's Theorem 1.
 *
 * The guest runs directly on the hardware, always in user mode, with R composed of its own and its partition's. What it
 * believes its mode, its R and its devices to be is virtual state in the monitor. An instruction that would touch any
 * of that traps, if the machine is virtualizable; then the monitor executes that one instruction on the virtual state,
 * by its meaning in the boot module, and lets the guest go on. So the monitor has no case per instruction, and decides
 * nothing itself: whether the guest may do it depends on the guest's virtual mode, which that meaning reads.
 *
 * The two halves of that are vmm_enter and vmm_handle, in vmm/common/direct.c: this strategy is to do nothing else.
 * docs/monitors.md follows one trap all the way.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

static struct vmm vmm;

static struct vmm_next run_next(void)
{
    vmm_schedule(&vmm);
    return vmm.current ? vmm_enter(&vmm) : vmm_wait(&vmm);
}

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
