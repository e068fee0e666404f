/* nested.c: the host's table with nested translation: it maps the guest's physical memory to its partition, once and
 * for all. What the guest's own tables say the hardware reads by itself, in the guest's memory; the monitor neither
 * knows nor watches them. So a nested fault can only be for what lies outside of the partition, and is never the
 * table's fault.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "hardware.h"

enum { PAGE = 4096, TABLE_WORDS = 1 << 18 /* a word for a page: for a gibibyte of guests in all */ };
enum { VALID = 1, READ = 2, WRITE = 4, EXECUTE = 8 };

static uint32_t memory[TABLE_WORDS] __attribute__((aligned(16)));
static const uint32_t *tables[PG74_MOST_GUESTS];

const uint32_t hardware_controls = CONTROL_NESTED;

const char *hardware_space_start(struct vmm *vmm)
{
    uint32_t next = 0;

    for (unsigned i = 0; i < vmm->guest_count; i++) {
        const struct vmm_vcpu *vcpu = &vmm->guests[i];
        uint32_t pages = vcpu->memory_size / PAGE;
        if (pages > TABLE_WORDS - next)
            return "the guests have more memory than this monitor has tables for";
        tables[i] = &memory[next];
        for (uint32_t page = 0; page < pages; page++)
            memory[next + page] = (vcpu->memory_start + page * PAGE) | VALID | READ | WRITE | EXECUTE;
        next += (pages + 3) & ~UINT32_C(3); /* a table begins at a multiple of 16 */
    }
    vmm->injects = true;
    return NULL;
}

/* No trap exits: they are the guest's own, and the hardware enters its handler. */
void hardware_space_enter(struct vmm_vcpu *vcpu)
{
    vmm_control_block.table_base = (uint32_t)(uintptr_t)tables[vcpu->unit];
    vmm_control_block.table_bound = vcpu->memory_size;
    vmm_control_block.trap_exits = 0;
}

bool hardware_space_fill(struct vmm_vcpu *vcpu, uint32_t address, uint32_t access)
{
    (void)vcpu, (void)address, (void)access;
    return false;
}
