/* space.c: where a guest's virtual addresses lie in the real machine: the R with which the hardware executes it.
 *
 * The guest's R says where its virtual addresses lie in its own physical memory, and the partition where that lies in
 * real memory. The real R does both at once. Where R is base and bound, two additions make one; where it is a page
 * table, the two maps are joined page by page, in a shadow of the guest's table.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "shadow.h"

enum { FLAG_USER = 1, FLAG_ENABLED = 2, FLAG_TRANSLATE = 4 };

const char *vmm_space_start(struct vmm *vmm)
{
    return vmm->isa.module->kind == PG74_KIND_PAGED ? vmm_shadow_start(vmm) : NULL;
}

/* Composed relocation: virtual address v of the guest is its physical base + v, which is the real start + base + v. The
 * bound ends at the partition's end, so an access beyond it traps, as it does on a machine that has no memory there;
 * the emulator then finds the same, and gives the guest its memory trap. */
static void compose(const struct vmm_isa *isa, const struct vmm_vcpu *vcpu, volatile struct pg74_psw *psw)
{
    uint32_t base = vcpu->state[isa->base], bound = vcpu->state[isa->bound];
    uint32_t room = base < vcpu->memory_size ? vcpu->memory_size - base : 0;

    psw->flags = FLAG_USER | FLAG_ENABLED;
    psw->base = room ? vcpu->memory_start + base : 0;
    psw->bound = bound < room ? bound : room;
}

/* Translation is on also where the guest has it off: its physical addresses are not real ones. */
static void shadow(struct vmm_vcpu *vcpu, volatile struct pg74_psw *psw)
{
    psw->flags = FLAG_USER | FLAG_ENABLED | FLAG_TRANSLATE;
    vmm_space_table(vcpu, psw);
}

void vmm_space_table(struct vmm_vcpu *vcpu, volatile struct pg74_psw *psw)
{
    const struct vmm_space *space = vmm_shadow_space(vcpu);

    psw->base = (uint32_t)(uintptr_t)space->table;
    psw->bound = space->limit < space->pages * VMM_PAGE ? space->limit : space->pages * VMM_PAGE;
}

void vmm_space_enter(struct vmm *vmm, struct vmm_vcpu *vcpu, volatile struct pg74_psw *psw)
{
    psw->pc = vcpu->state[vmm->isa.program_counter];
    if (vcpu->shadow)
        shadow(vcpu, psw);
    else
        compose(&vmm->isa, vcpu, psw);
}

/* A composed R never lags behind. */
bool vmm_space_fill(struct vmm_vcpu *vcpu, uint32_t address, uint32_t access)
{
    return vcpu->shadow && vmm_shadow_fill(vcpu, address, access);
}

uint32_t vmm_space_word(const volatile struct pg74_psw *psw)
{
    uint32_t address = psw->base + psw->pc;

    if (psw->flags & FLAG_TRANSLATE) {
        uint32_t entry = ((const uint32_t *)(uintptr_t)psw->base)[psw->pc / VMM_PAGE];
        address = entry / VMM_PAGE * VMM_PAGE + psw->pc % VMM_PAGE;
    }
    return vmm_code_word(address);
}

void vmm_space_stored(struct vmm_vcpu *vcpu, uint32_t address, uint32_t size)
{
    const struct vmm_shadow *shadow = vcpu->shadow;

    /* Nearly all stores are small, and to pages that nobody watches. */
    if (shadow && (size - 1 >= VMM_PAGE || (shadow->watched[address / VMM_PAGE] |
                                       shadow->watched[(address + size - 1) / VMM_PAGE]) != 0))
        vmm_watch_stored(vcpu->shadow, address, size);
    vmm_space_changed(vcpu, address, size);
}

__attribute__((weak)) void vmm_space_changed(struct vmm_vcpu *vcpu, uint32_t address, uint32_t size)
{
    (void)vcpu, (void)address, (void)size;
}

void vmm_space_forget(struct vmm_vcpu *vcpu)
{
    if (vcpu->shadow)
        vmm_shadow_forget(vcpu->shadow);
}
