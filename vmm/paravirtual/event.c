/* event.c: events, the way into the kernel of a guest that has started, and PARAVIRTUAL_RUN, the way out of it.
 *
 * An event is what a trap is on the machine, but nothing is imitated: no PSWs are swapped in a trap area, no
 * paragraph of the specification is evaluated. The words that the guest needs stand where it has asked for them. And
 * the registers of a user program never pass through the monitor: the world switch saves them to, and loads them
 * from, the guest's own memory.
 *
 * The guest may change the shared words whenever it runs, and its disk while nobody does. So each is read once, and
 * what was read is looked at before it is used.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "internal.h"

enum { ANSWER = 10 };

static uint32_t *registers_of(const struct paravirtual_guest *guest)
{
    return &guest->vcpu->state[guest->vcpu->isa->general];
}

/* The guest's kernel runs as after reset: supervisor mode, its own physical addresses. */
static void enter_kernel(const struct paravirtual_guest *guest, uint32_t pc)
{
    uint32_t *state = guest->vcpu->state;

    state[guest->vcpu->isa->mode] = 0;
    state[guest->relocation[0]] = 0;
    state[guest->relocation[1]] = guest->vcpu->memory_size;
    if (guest->tables.frames)
        state[guest->relocation[2]] = 0;
    state[guest->vcpu->isa->program_counter] = pc;
}

/* ---- Into the kernel --------------------------------------------------------------------------------------------- */

/* That a transfer has ended which a request of a ring began, is whoever's who serves the ring. */
void paravirtual_collect_now(struct paravirtual_guest *guest)
{
    uint32_t *requests = &guest->vcpu->state[guest->vcpu->isa->requests], arrived = *requests;
    const uint32_t disk = UINT32_C(1) << (PG74_CAUSE_DISK - PG74_CAUSE_TIMER);

    *requests = 0;
    if ((arrived & disk) && guest->rings[PARAVIRTUAL_DISK].transfers) {
        guest->rings[PARAVIRTUAL_DISK].transfers = false;
        arrived &= ~disk;
        paravirtual_disk_ended(guest);
    }
    guest->pending |= arrived;
    guest->shared->pending = guest->pending;
}

/* The registers of who is interrupted go where the guest wants them. A user program's are there already. */
static bool save(struct paravirtual_guest *guest)
{
    uint32_t pc = guest->vcpu->state[guest->vcpu->isa->program_counter], context = guest->shared->context;

    if (guest->running) {
        guest->running[0] = pc;
    } else if (!guest->awaits) {
        if (!paravirtual_may_write(guest, context, PARAVIRTUAL_CONTEXT_BYTES))
            return false;
        uint32_t *saved = paravirtual_words(guest, context);
        for (unsigned i = 1; i < 32; i++)
            saved[i] = registers_of(guest)[i];
        saved[0] = pc;
    }
    guest->running = NULL;
    guest->awaits = false;
    return true;
}

void paravirtual_tell(struct paravirtual_guest *guest, uint32_t cause, uint32_t value, uint32_t access)
{
    struct paravirtual_shared *shared = guest->shared;
    uint32_t *state = guest->vcpu->state;

    if (!save(guest)) {
        state[guest->vcpu->isa->halt_code] = PARAVIRTUAL_HALT_LOST;
        state[guest->vcpu->isa->halted] = 1;
        return;
    }
    shared->enabled = 0;
    shared->cause = cause;
    shared->value = value;
    shared->access = access;
    shared->was_user = state[guest->vcpu->isa->mode];
    guest->events++;
    enter_kernel(guest, guest->entry);
}

/* The lowest cause first, as the machine does. */
void paravirtual_tell_pending(struct paravirtual_guest *guest)
{
    if (!guest->started || guest->pending == 0 || guest->shared->enabled == 0)
        return;
    uint32_t cause = 0;
    while (!(guest->pending >> cause & 1))
        cause++;
    guest->pending &= guest->pending - 1;
    guest->shared->pending = guest->pending;
    paravirtual_tell(guest, PG74_CAUSE_TIMER + cause, 0, 0);
}

/* ---- Out of the kernel ------------------------------------------------------------------------------------------- */

static uint32_t run_program(struct paravirtual_guest *guest, uint32_t context, uint32_t base, uint32_t bound)
{
    uint32_t *state = guest->vcpu->state;
    bool paged = guest->vcpu->isa->module->kind == PG74_KIND_PAGED;

    if (paged && !paravirtual_table_good(guest, base, bound))
        return PARAVIRTUAL_BAD_TABLE;
    guest->running = paravirtual_words(guest, context);
    state[guest->vcpu->isa->mode] = 1;
    state[guest->relocation[0]] = base;
    state[guest->relocation[1]] = bound;
    if (paged)
        state[guest->relocation[2]] = 1;
    state[guest->vcpu->isa->program_counter] = guest->running[0];
    return 0;
}

static void run_kernel(struct paravirtual_guest *guest, uint32_t context)
{
    const uint32_t *saved = paravirtual_words(guest, context);

    enter_kernel(guest, saved[0]);
    for (unsigned i = 1; i < 32; i++)
        registers_of(guest)[i] = saved[i];
}

static uint32_t run(struct paravirtual_guest *guest)
{
    struct paravirtual_shared *shared = guest->shared;
    uint32_t context = shared->context, flags = shared->flags, error = 0;

    if (!paravirtual_may_write(guest, context, PARAVIRTUAL_CONTEXT_BYTES))
        return PARAVIRTUAL_BAD_ADDRESS;
    if (flags & PARAVIRTUAL_FLAG_USER)
        error = run_program(guest, context, shared->base & ~UINT32_C(15), shared->bound & ~UINT32_C(15));
    else
        run_kernel(guest, context);
    if (!error)
        shared->enabled = (flags & PARAVIRTUAL_FLAG_ENABLE) != 0;
    return error;
}

static void wait(struct paravirtual_guest *guest)
{
    guest->shared->enabled = 1;
    guest->awaits = true;
    paravirtual_collect(guest);
    if (guest->pending == 0)
        guest->vcpu->state[guest->vcpu->isa->waiting] = 1;
}

/* A kernel that goes on after its timer's event usually sets it again: that needs no call of its own. */
static void set_timer(struct paravirtual_guest *guest)
{
    uint32_t instructions = guest->shared->timer;

    if (instructions == 0)
        return;
    guest->shared->timer = 0;
    paravirtual_set_timer(guest, instructions);
}

/* The same for rings: a kernel that leaves has said all that it wants to say. */
static void notify(struct paravirtual_guest *guest)
{
    uint32_t devices = guest->version > PARAVIRTUAL_OLDEST ? guest->shared->notify : 0;

    if (devices == 0)
        return;
    guest->shared->notify = 0;
    for (uint32_t device = 0; device < PARAVIRTUAL_DEVICES; device++)
        if ((devices >> device & 1) && guest->rings[device].address != 0)
            paravirtual_serve(guest, device);
}

void paravirtual_set_timer(struct paravirtual_guest *guest, uint32_t instructions)
{
    uint32_t *state = guest->vcpu->state;

    state[guest->vcpu->isa->countdown] = instructions;
    state[guest->vcpu->isa->requests] &= ~UINT32_C(1); /* what an earlier one has left is gone */
    guest->pending &= ~UINT32_C(1);
    guest->shared->pending = guest->pending;
}

void paravirtual_do_next(struct paravirtual_guest *guest)
{
    uint32_t function = guest->next, error = 0;

    guest->next = 0;
    if (function != PARAVIRTUAL_EVENTS) {
        set_timer(guest);
        notify(guest);
    }
    if (function == PARAVIRTUAL_RUN)
        error = run(guest);
    else if (function == PARAVIRTUAL_WAIT)
        wait(guest); /* and PARAVIRTUAL_EVENTS: the way back into the guest tells what is pending */
    if (error)
        registers_of(guest)[ANSWER] = error;
}
