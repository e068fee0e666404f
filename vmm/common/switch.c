/* switch.c: the world switch as C sees it; start.S is the other half.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

enum { FLAG_ENABLED = 2 };

void vmm_take_traps(void)
{
    pg74_trap_area.new_psw.flags = 0;
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)vmm_trap_entry;
    pg74_trap_area.new_psw.base = 0;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
}

/* In supervisor mode, with the monitor's own R and no guest's. */
struct vmm_next vmm_wait(struct vmm *vmm)
{
    volatile struct pg74_psw *psw = &vmm_switch_area()->psw;

    psw->flags = FLAG_ENABLED;
    psw->pc = (uint32_t)(uintptr_t)vmm_idle;
    psw->base = 0;
    psw->bound = pg74_boot_block.memory_size;
    return (struct vmm_next){ vmm->idle_registers, vmm->timer };
}
