/* monitor.c: a paravirtual monitor: its guests know that they have one.
 *
 * It is trap and emulate (vmm/trap_and_emulate/monitor.c), so a guest that knows nothing runs as it does there. But
 * trapping an instruction, and finding out what it was meant to do, is a long way to be told something. A guest that
 * asks by `diag` learns that somebody is there, and from then on says in one call what took it many instructions:
 * this line to the console, go on with these registers. What it is told in return comes without any trap being
 * imitated.
 *
 * Two traps are met again and again, and have a short way: a call of a guest's kernel, and whatever brings back a
 * user program that PARAVIRTUAL_RUN has entered. All else takes the long one, vmm_handle.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "internal.h"

enum { CALL_FUNCTION = 10, CALL_ARGUMENT = 11 }; /* a0, a1; the answer is in a0, too */

static struct vmm vmm;
static struct paravirtual_guest guests[PG74_MOST_GUESTS];
static uint32_t call_word; /* of `diag a0, a0, a1`; 0, which is no instruction, where this machine has another */

struct paravirtual_guest *paravirtual_guest_of(const struct vmm_vcpu *vcpu)
{
    return &guests[vcpu->unit];
}

uint32_t vmm_diagnose(struct vmm_vcpu *vcpu, uint32_t function, uint32_t argument)
{
    return vcpu->state[vcpu->isa->mode] == 0 ? paravirtual_call(paravirtual_guest_of(vcpu), function, argument) : 0;
}

void vmm_space_changed(struct vmm_vcpu *vcpu, uint32_t address, uint32_t size)
{
    paravirtual_table_lost(paravirtual_guest_of(vcpu), address, size);
}

/* ---- Into the guest ---------------------------------------------------------------------------------------------- */

/* A guest that has started runs its kernel untranslated and its user programs by pinned tables: the hardware uses these
 * as they are. If it does anything else it gets shadows, like a guest that knows nothing; they have not been kept.
 *
 * One that has not started, and may never, begins untranslated, too, and perhaps tries whether there is translation.
 * Shadows hold only as long as no store passes them by; so when it has needed them for a second time, it has nothing
 * else until it starts. */
static bool uses_own_tables(const struct paravirtual_guest *guest)
{
    const uint32_t *state = guest->vcpu->state;

    return guest->tables.frames && (guest->started || guest->turns <= 1) &&
           (guest->running || (state[vmm.isa.mode] | state[vmm.isa.guest_mode] | state[guest->relocation[2]]) == 0);
}

static void enter_own(const struct paravirtual_guest *guest, volatile struct pg74_psw *psw)
{
    const struct vmm_vcpu *vcpu = guest->vcpu;

    psw->flags = PARAVIRTUAL_FLAG_USER | PARAVIRTUAL_FLAG_ENABLE | PARAVIRTUAL_FLAG_TRANSLATE;
    psw->pc = vcpu->state[vmm.isa.program_counter];
    psw->base = guest->running ? vcpu->memory_start + vcpu->state[guest->relocation[0]]
                               : (uint32_t)(uintptr_t)guest->tables.kernel;
    psw->bound = guest->running ? vcpu->state[guest->relocation[1]] : guest->tables.count * PARAVIRTUAL_PAGE;
}

static struct vmm_next enter(struct paravirtual_guest *guest)
{
    volatile struct pg74_psw *psw = &vmm_switch_area()->psw;
    bool own = uses_own_tables(guest);

    if (own) {
        enter_own(guest, psw);
    } else {
        paravirtual_tables_forget(guest); /* a shadow would let it write to them */
        if (guest->own_tables && guest->turns++ > 0)
            vmm_space_forget(guest->vcpu);
        vmm_space_enter(&vmm, guest->vcpu, psw);
    }
    guest->own_tables = own;
    return (struct vmm_next){ guest->running ? guest->running : &guest->vcpu->state[vmm.isa.general], vmm.timer };
}

static struct vmm_next run_next(void)
{
    do {
        if (vmm.current)
            paravirtual_collect(paravirtual_guest_of(vmm.current));
        paravirtual_choose(&vmm);
        vmm_schedule(&vmm);
        if (!vmm.current)
            return vmm_wait(&vmm);
        paravirtual_collect(paravirtual_guest_of(vmm.current));
        paravirtual_tell_pending(paravirtual_guest_of(vmm.current));
    } while (vmm.current->state[vmm.isa.halted]);
    return enter(paravirtual_guest_of(vmm.current));
}

/* ---- Out of the guest -------------------------------------------------------------------------------------------- */

/* A user program's traps are its kernel's affair, as they are: R and mode are what the guest thinks. */
static void leave_program(struct paravirtual_guest *guest, uint32_t cause)
{
    guest->vcpu->state[vmm.isa.program_counter] = pg74_trap_area.old_psw.pc;
    vmm_charge(&vmm, vmm_switch_area()->timer, cause == PG74_CAUSE_TIMER);
    if (cause < PG74_CAUSE_TIMER) {
        paravirtual_tell(guest, cause, pg74_trap_area.value, pg74_trap_area.access);
        vmm.passed++;
    } else if (cause != PG74_CAUSE_TIMER) {
        vmm_poll_devices(vmm.guests, vmm.guest_count);
    }
}

static void answer_call(struct paravirtual_guest *guest)
{
    struct vmm_vcpu *vcpu = guest->vcpu;
    uint32_t *registers = &vcpu->state[vmm.isa.general];

    vcpu->state[vmm.isa.program_counter] = pg74_trap_area.old_psw.pc + 4;
    vmm_charge(&vmm, vmm_switch_area()->timer, false);
    registers[CALL_FUNCTION] = paravirtual_call(guest, registers[CALL_FUNCTION], registers[CALL_ARGUMENT]);
    vcpu->statistics.instructions++;
    vcpu->statistics.emulated++;
    vmm_pass_time(vcpu, 1);
    vmm.passed++;
}

static bool is_call(const struct paravirtual_guest *guest, uint32_t cause)
{
    return cause == PG74_CAUSE_PRIVILEGED && pg74_trap_area.value == call_word &&
           guest->vcpu->state[vmm.isa.mode] == 0;
}

/* The long way. The guest may have begun a transfer into one of its tables. */
static void handle(struct paravirtual_guest *guest)
{
    vmm_handle(&vmm);
    if (guest && guest->tables.pinned)
        paravirtual_table_transfer(guest);
}

struct vmm_next vmm_handle_trap(void)
{
    struct paravirtual_guest *guest = vmm.current ? paravirtual_guest_of(vmm.current) : NULL;
    uint32_t cause = pg74_trap_area.cause;
    bool trapped_itself = !(pg74_trap_area.old_psw.flags & PARAVIRTUAL_FLAG_USER); /* vmm_handle says so */

    if (!guest || trapped_itself)
        handle(guest);
    else if (guest->running)
        leave_program(guest, cause);
    else if (is_call(guest, cause))
        answer_call(guest);
    else
        handle(guest);
    if (guest && guest->next)
        paravirtual_do_next(guest);
    if (guest) {
        vmm.passed += guest->work;
        guest->work = 0;
    }
    return run_next();
}

/* ---- The start --------------------------------------------------------------------------------------------------- */

static void make_guest(struct paravirtual_guest *guest, struct vmm_vcpu *vcpu)
{
    guest->vcpu = vcpu;
    guest->version = PARAVIRTUAL_OLDEST; /* until it says another */
    for (unsigned n = 0; n < 3; n++)
        guest->relocation[n] = vmm.isa.module->slots; /* not there: a slot that reads as zero */
    for (uint32_t i = 0, n = 0; i < vmm.isa.module->state_count && n < 3; i++)
        if (vmm.isa.states[i].role == PG74_ROLE_RELOCATION)
            guest->relocation[n++] = vmm.isa.states[i].slot;
}

/* Does the word mean here what it meant to the assembler: an instruction that diagnoses? */
static bool is_diagnose(uint32_t word)
{
    const struct pg74_instruction *instruction = vmm_decode(&vmm.isa, word, 0)->instruction;

    for (uint32_t i = 0; instruction && i < instruction->program.count; i++)
        if (vmm.isa.nodes[instruction->program.first + i].operator == PG74_IR_DIAGNOSE)
            return true;
    return false;
}

struct vmm_next vmm_main(void)
{
    vmm_start(&vmm);
    paravirtual_arrange(&vmm, guests);
    vmm_start_direct(&vmm);
    for (unsigned i = 0; i < vmm.guest_count; i++)
        make_guest(&guests[i], &vmm.guests[i]);
    paravirtual_tables_start(&vmm, guests);
    call_word = is_diagnose(paravirtual_call_instruction) ? paravirtual_call_instruction : 0;
    vmm_take_traps();
    return run_next();
}
