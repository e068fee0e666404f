/* space.c: where a guest's virtual addresses lie in the real machine: the R with which the hardware executes it.
 *
 * The guest's R says where its virtual addresses lie in its own physical memory, and the partition where that lies in
 * real memory. The real R does both at once.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

enum { FLAG_USER = 1, FLAG_ENABLED = 2 };

const char *vmm_space_start(struct vmm *vmm)
{
    if (vmm->isa.module->kind != PG74_KIND_RELOCATION_BOUNDS)
        return "this monitor composes base and bound; the machine has pages";
    return NULL;
}

/* Composed relocation: virtual address v of the guest is its physical base + v, which is the real start + base + v. The
 * bound ends at the partition's end, so an access beyond it traps, as it does on a machine that has no memory there;
 * the emulator then finds the same, and gives the guest its memory trap. */
void vmm_space_enter(struct vmm *vmm, struct vmm_vcpu *vcpu, volatile struct pg74_psw *psw)
{
    uint32_t base = vcpu->state[vmm->isa.base], bound = vcpu->state[vmm->isa.bound];
    uint32_t room = base < vcpu->memory_size ? vcpu->memory_size - base : 0;

    psw->flags = FLAG_USER | FLAG_ENABLED;
    psw->pc = vcpu->state[vmm->isa.program_counter];
    psw->base = room ? vcpu->memory_start + base : 0;
    psw->bound = bound < room ? bound : room;
}

bool vmm_space_fill(struct vmm *vmm, struct vmm_vcpu *vcpu, uint32_t address, uint32_t access)
{
    (void)vmm, (void)vcpu, (void)address, (void)access;
    return false; /* a composed R is never behind */
}

uint32_t vmm_space_word(const volatile struct pg74_psw *psw)
{
    return *(const uint32_t *)(uintptr_t)(psw->base + psw->pc);
}

void vmm_space_stored(struct vmm_vcpu *vcpu, uint32_t address, uint32_t size)
{
    (void)vcpu, (void)address, (void)size;
}
