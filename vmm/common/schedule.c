/* schedule.c: guests side by side. Who runs, for how long, what time it is for each, and when all is over.
 *
 * Time is counted in instructions. A guest's virtual timer counts the instructions of that guest alone, whether the
 * hardware or the monitor executed them; the monitor's own are nobody's. While a guest waits, its time is the time of
 * whoever runs. The real timer serves two purposes, and is set to what comes first: the end of the slice, or the
 * guest's own timer interrupt.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

enum { DEFAULT_SLICE = 100000 };

/* The monitor itself never reads it. */
__attribute__((used)) const struct pg74_guest_statistics *vmm_guest_statistics[PG74_MOST_GUESTS];

/* ---- The start --------------------------------------------------------------------------------------------------- */

static void make_guest(struct vmm *vmm, unsigned number)
{
    const volatile struct pg74_guest *guest = &pg74_boot_block.guests[number];
    struct vmm_vcpu *vcpu = &vmm->guests[number];

    vcpu->isa = &vmm->isa;
    vcpu->memory = (uint8_t *)(uintptr_t)guest->start;
    vcpu->memory_start = guest->start;
    vcpu->memory_size = guest->size;
    vcpu->unit = number;
    vcpu->statistics.state = (uint32_t)(uintptr_t)vcpu->state;
    vmm_guest_statistics[number] = &vcpu->statistics;
    vmm_reset(vcpu, guest->entry);
    vcpu->state[vmm->isa.identification] = pg74_machineid();
}

void vmm_start(struct vmm *vmm)
{
    const volatile struct pg74_boot_block *block = &pg74_boot_block;
    const char *problem = NULL;

    if (block->magic != PG74_BOOT_MAGIC || block->version != PG74_BOOT_VERSION || block->module == 0)
        vmm_stop(VMM_HALT_UNSUPPORTED, "no boot block of a monitor", block->magic, block->version);
    problem = vmm_isa_read(&vmm->isa, (const struct pg74_boot_module *)(uintptr_t)block->module);
    if (problem)
        vmm_stop(VMM_HALT_UNSUPPORTED, problem, 0, 0);
    vmm->guest_count = block->guest_count;
    for (unsigned i = 0; i < vmm->guest_count; i++)
        make_guest(vmm, i);
}

/* ---- Time -------------------------------------------------------------------------------------------------------- */

/* What has passed for the guest that ran has passed for all that wait. */
__attribute__((noinline)) static void pass_time_for_others(struct vmm *vmm)
{
    for (unsigned i = 0; i < vmm->guest_count; i++) {
        struct vmm_vcpu *vcpu = &vmm->guests[i];
        if (vcpu != vmm->current && vcpu->state[vmm->isa.waiting]) {
            vcpu->statistics.waited += vmm->passed;
            vmm_pass_time(vcpu, vmm->passed);
        }
    }
}

/* ---- Who runs ---------------------------------------------------------------------------------------------------- */

static bool can_run(const struct vmm *vmm, const struct vmm_vcpu *vcpu)
{
    return !vcpu->state[vmm->isa.halted] && !vcpu->state[vmm->isa.waiting];
}

/* The next in turn that can run, with a new slice. NULL: there is none. */
static struct vmm_vcpu *choose_next(struct vmm *vmm)
{
    unsigned last = vmm->current ? vmm->current->unit : 0;

    for (unsigned i = 1; i <= vmm->guest_count; i++) {
        struct vmm_vcpu *vcpu = &vmm->guests[(last + i) % vmm->guest_count];
        if (can_run(vmm, vcpu)) {
            uint32_t limit = pg74_boot_block.slice_limit;
            vmm->slice_rest = limit ? limit : DEFAULT_SLICE;
            vcpu->statistics.slices++;
            return vcpu;
        }
    }
    return NULL;
}

/* Hands on the codes of guests that have halted. When none is left, the machine halts with the first that is not 0. */
static void collect_halted(struct vmm *vmm)
{
    unsigned halted = 0;
    uint32_t code = 0;

    for (unsigned i = 0; i < vmm->guest_count; i++) {
        struct vmm_vcpu *vcpu = &vmm->guests[i];
        if (!vcpu->state[vmm->isa.halted])
            continue;
        halted++;
        if (code == 0)
            code = vcpu->state[vmm->isa.halt_code];
        if (!vcpu->reported)
            pg74_out(PG74_PORT_REPORT_CODE + PG74_PORT_UNIT * vcpu->unit, vcpu->state[vmm->isa.halt_code]);
        vcpu->reported = true;
    }
    if (halted == vmm->guest_count)
        pg74_halt(code);
}

/* The shortest timer of those who wait; 0: none of them waits for a timer. */
static uint32_t shortest_wait(const struct vmm *vmm)
{
    uint32_t shortest = 0;

    for (unsigned i = 0; i < vmm->guest_count; i++) {
        uint32_t timer = vmm->guests[i].state[vmm->isa.countdown];
        if (!vmm->guests[i].state[vmm->isa.halted] && timer != 0 && (shortest == 0 || timer < shortest))
            shortest = timer;
    }
    return shortest;
}

/* Not inlined: most traps do not come here, and should not save registers for it. */
__attribute__((noinline)) static void change_guest(struct vmm *vmm)
{
    collect_halted(vmm);
    vmm->current = choose_next(vmm);
    if (!vmm->current)
        vmm->timer = shortest_wait(vmm);
}

void vmm_account(struct vmm *vmm)
{
    if (vmm->passed == 0)
        return;
    if (vmm->guest_count > 1 || !vmm->current)
        pass_time_for_others(vmm);
    vmm->slice_rest -= vmm->passed < vmm->slice_rest ? vmm->passed : vmm->slice_rest;
    vmm->passed = 0;
}

/* Until the end of the slice, or the guest's own timer interrupt. */
static void set_timer(struct vmm *vmm)
{
    uint32_t timer = vmm->current->state[vmm->isa.countdown];

    vmm->timer = timer != 0 && timer < vmm->slice_rest ? timer : vmm->slice_rest;
}

bool vmm_schedule_again(struct vmm *vmm)
{
    struct vmm_vcpu *vcpu = vmm->current;

    if (vmm->passed >= vmm->slice_rest || vcpu->state[vmm->isa.requests])
        return false;
    vmm_account(vmm);
    set_timer(vmm);
    return true;
}

/* The current guest goes on until its slice is over. For one that is stuck that is now: for the others so much has
 * passed as if it had computed. */
void vmm_schedule(struct vmm *vmm)
{
    struct vmm_vcpu *vcpu = vmm->current;

    if (vcpu && vcpu->stuck) {
        vmm->passed = vmm->slice_rest;
        vcpu->stuck = false;
    }
    vmm_account(vmm);
    if (!vcpu || vmm->slice_rest == 0 || !can_run(vmm, vcpu))
        change_guest(vmm);
    vcpu = vmm->current;
    if (!vcpu)
        return;
    if (vcpu->state[vmm->isa.requests] && !vmm->injects)
        vmm_interrupt(vcpu);
    set_timer(vmm);
}
