/* shadow.c: the host's table without nested translation, as the first processors with guest mode had it. It alone
 * translates, so it is a shadow of the guest's own table, filled and watched as for trap_and_emulate. Everything else
 * is hardware_assisted's.
 *
 * Every trap of the guest exits, and so does whatever changes its R. Only its mode can change without: then it is in
 * the kernel's space, and the hardware lets a user program into none of that one's pages. The next fault changes the
 * space.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "../hardware_assisted/hardware.h"

const uint32_t hardware_controls = 0;

const char *hardware_space_start(struct vmm *vmm)
{
    vmm->in_own_mode = true;
    return vmm->isa.module->kind == PG74_KIND_PAGED ? vmm_space_start(vmm) : "the machine has no pages";
}

/* The hardware executes the guest with the guest's own flags and R: only the table is the space's. */
void hardware_space_enter(struct vmm_vcpu *vcpu)
{
    volatile struct pg74_psw psw;

    vmm_space_table(vcpu, &psw);
    vmm_control_block.table_base = psw.base;
    vmm_control_block.table_bound = psw.bound;
}

bool hardware_space_fill(struct vmm_vcpu *vcpu, uint32_t address, uint32_t access)
{
    return vmm_space_fill(vcpu, address, access);
}
