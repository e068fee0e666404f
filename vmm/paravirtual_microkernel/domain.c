/* domain.c: the microkernel arrangement: a guest owns the drivers, as Xen's domain 0 does, and the monitor knows no
 * device. What is left to it is to carry: it tells that guest, the driver domain, of new requests, and moves bytes
 * between its memory and what the requests grant.
 *
 * The driver domain is one guest more, behind those that the loader brought, in memory of the monitor's. It waits
 * from the beginning, and is first woken when there is a request. It runs on time that is lent: who makes a request
 * has the driver domain run at once, in its own slice, and goes on when that waits again. So a request costs the
 * guest that makes it, and nobody else.
 *
 * When it halts, no request is served any more, and each is answered that the device could not do it.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "domain.h"

enum { DOMAIN_MEMORY = 0x10000, DOMAIN_START = 0x1000, DEFAULT_SLICE = 100000 };

extern uint8_t domain_memory[DOMAIN_MEMORY]; /* image.S: the program is in its place already */

static struct paravirtual_guest *clients, *domain;
static unsigned client_count;
static bool wanted;   /* there is something for it to do */
static bool dead;     /* it has halted, and that has been seen to */

/* Whose time it runs on. */
static struct {
    bool lent;
    struct vmm_vcpu *lender;   /* NULL: all waited */
    uint32_t rest, slice;      /* of the lender's slice; what the driver domain was given */
} loan;

unsigned domain_client_count(void)
{
    return client_count;
}

struct paravirtual_guest *domain_client(unsigned unit)
{
    return &clients[unit];
}

static bool can_run(const struct vmm_vcpu *vcpu)
{
    return !vcpu->state[vcpu->isa->halted] && !vcpu->state[vcpu->isa->waiting];
}

static uint32_t bit_of(uint32_t cause)
{
    return UINT32_C(1) << (cause - PG74_CAUSE_TIMER);
}

/* ---- The start --------------------------------------------------------------------------------------------------- */

/* The loader does this for the others. */
static void make_boot_block(void)
{
    struct pg74_boot_block *block = (struct pg74_boot_block *)(void *)(domain_memory + PG74_BOOT_BLOCK);

    block->magic = PG74_BOOT_MAGIC;
    block->version = PG74_BOOT_VERSION;
    block->memory_size = DOMAIN_MEMORY;
    block->slice_limit = pg74_boot_block.slice_limit;
}

void paravirtual_arrange(struct vmm *vmm, struct paravirtual_guest *guests)
{
    struct vmm_vcpu *vcpu = &vmm->guests[vmm->guest_count];

    if (vmm->guest_count == PG74_MOST_GUESTS)
        vmm_stop(VMM_HALT_UNSUPPORTED, "there is no room for a driver domain beside so many guests", 0, 0);
    make_boot_block();
    vcpu->isa = &vmm->isa;
    vcpu->memory = domain_memory;
    vcpu->memory_start = (uint32_t)(uintptr_t)domain_memory;
    vcpu->memory_size = DOMAIN_MEMORY;
    vcpu->unit = vmm->guest_count;
    vmm_reset(vcpu, DOMAIN_START);
    vcpu->state[vmm->isa.waiting] = 1;
    clients = guests;
    client_count = vmm->guest_count++;
    domain = &guests[client_count];
    domain->drives = true;
}

/* ---- What it is told, and what it tells -------------------------------------------------------------------------- */

static void wake(uint32_t cause)
{
    paravirtual_raise(domain, bit_of(cause));
    wanted = true;
}

/* Nobody drives the devices any more. */
static void refuse_all(struct paravirtual_guest *client, uint32_t device, uint32_t *error)
{
    while (client->rings[device].address != 0 && paravirtual_ring_next(client, device, error))
        paravirtual_ring_answer(client, device, PARAVIRTUAL_FAILED);
}

uint32_t paravirtual_serve(struct paravirtual_guest *guest, uint32_t device)
{
    uint32_t error = 0;

    if (dead)
        refuse_all(guest, device, &error);
    else if (paravirtual_ring_waiting(guest, device, &error) != 0)
        wake(PARAVIRTUAL_CAUSE_REQUESTS);
    return error;
}

void paravirtual_disk_ended(struct paravirtual_guest *guest)
{
    if (dead)
        paravirtual_ring_answer(guest, PARAVIRTUAL_DISK, PARAVIRTUAL_FAILED);
    else
        wake(PG74_CAUSE_DISK);
}

void domain_tell(void)
{
    wake(PARAVIRTUAL_CAUSE_REQUESTS);
}

/* Mostly the one whose time it is finds the answer when its call returns. Who could run on before is told; and so is
 * the driver domain, where the disk's next request has waited for this answer. */
void domain_answered(struct paravirtual_guest *client, uint32_t device)
{
    uint32_t error;

    if (device == PARAVIRTUAL_DISK && !dead && client->rings[device].address != 0 &&
        paravirtual_ring_waiting(client, device, &error) != 0)
        domain_tell();
    if (device != PARAVIRTUAL_DISK && !(loan.lent && loan.lender == client->vcpu))
        paravirtual_raise(client, bit_of(device == PARAVIRTUAL_CONSOLE ? PG74_CAUSE_CONSOLE : PG74_CAUSE_NETWORK));
}

/* While the real disk still moves bytes for a request, the buffer is not the guest's: that one is answered later. */
static void bury(void)
{
    uint32_t error;

    dead = true;
    for (unsigned unit = 0; unit < client_count; unit++)
        for (uint32_t device = 0; device < PARAVIRTUAL_DEVICES; device++) {
            struct paravirtual_attached *attached = &clients[unit].rings[device];
            if (attached->under_way && !attached->transfers) {
                paravirtual_ring_answer(&clients[unit], device, PARAVIRTUAL_FAILED);
                domain_answered(&clients[unit], device);
            }
            refuse_all(&clients[unit], device, &error);
        }
}

/* ---- When it runs ------------------------------------------------------------------------------------------------ */

/* The interrupt of a disk has requested the guest's own, and ended its waiting: but that transfer was the driver
 * domain's. Not inlined: most traps do not come here, and should not save registers for it. */
__attribute__((noinline)) static void hear_disks(void)
{
    for (unsigned unit = 0; unit < client_count; unit++) {
        struct paravirtual_guest *client = &clients[unit];
        uint32_t *state = client->vcpu->state, requests = state[client->vcpu->isa->requests];
        if (!client->rings[PARAVIRTUAL_DISK].transfers || !(requests & bit_of(PG74_CAUSE_DISK)))
            continue;
        paravirtual_collect(client);
        if (client->awaits && client->pending == 0)
            state[client->vcpu->isa->waiting] = 1;
    }
}

static void lend(struct vmm *vmm)
{
    wanted = false;
    loan.lent = true;
    loan.lender = vmm->current;
    loan.rest = vmm->slice_rest;
    loan.slice = pg74_boot_block.slice_limit ? pg74_boot_block.slice_limit : DEFAULT_SLICE;
    vmm->current = domain->vcpu;
    vmm->slice_rest = loan.slice;
}

static void give_back(struct vmm *vmm)
{
    uint32_t used = loan.slice - vmm->slice_rest;

    loan.lent = false;
    vmm->current = loan.lender;
    vmm->slice_rest = loan.rest > used ? loan.rest - used : 0;
}

static bool all_have_halted(const struct vmm *vmm)
{
    for (unsigned unit = 0; unit < client_count; unit++)
        if (!vmm->guests[unit].state[vmm->isa.halted])
            return false;
    return true;
}

/* A guest has halted: perhaps the driver domain, perhaps the last of those that it serves. */
__attribute__((noinline)) static void see_end(const struct vmm *vmm)
{
    if (vmm->current == domain->vcpu && !dead)
        bury();
    else if (all_have_halted(vmm))
        domain->vcpu->state[vmm->isa.halted] = 1;
}

__attribute__((noinline)) static void choose(struct vmm *vmm)
{
    struct vmm_vcpu *vcpu = domain->vcpu;

    vmm_account(vmm);
    if (loan.lent && (vmm->current != vcpu || !can_run(vcpu) || vmm->slice_rest == 0))
        give_back(vmm);
    if (wanted && vmm->current == vcpu)
        wanted = false; /* it will see for itself */
    else if (wanted && can_run(vcpu))
        lend(vmm);
}

void paravirtual_choose(struct vmm *vmm)
{
    if (vmm->current && vmm->current->state[vmm->isa.halted])
        see_end(vmm);
    if (pg74_trap_area.cause > PG74_CAUSE_TIMER)
        hear_disks();
    if (wanted || loan.lent)
        choose(vmm);
}
