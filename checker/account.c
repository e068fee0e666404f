/* account.c: where a monitored run's instructions and cycles went. The run is cut into stretches at every trap and
 * every change of the PSW; a stretch is a guest's own, or of code that a monitor has translated for it (in user
 * mode, too, but outside of every partition), or the monitor's, on behalf of the trap that it began with. Nobody
 * looks at single instructions, so a run that is only counted goes at full speed. */
#include "checker/internal.h"

#include <stdlib.h>
#include <string.h>

static struct checker_cause *cause_of(struct checker_account *account, uint32_t cause, const char *instruction)
{
    struct checker_cause *causes = account->causes;
    unsigned i = 0;
    while (i < account->cause_count && (causes[i].cause != cause || causes[i].instruction != instruction))
        i++;
    if (i == account->cause_count && i + 1 < CHECKER_MOST_CAUSES) {
        causes[i] = (struct checker_cause){.cause = cause, .instruction = instruction,
                                           .name = checker_cause_name(machine_isa(account->machine), cause)};
        account->cause_count++;
    }
    return &causes[i < account->cause_count ? i : account->cause_count - 1]; /* too many: with the last */
}

void checker_account_close(struct checker_account *account, struct machine_time now)
{
    uint64_t instructions = now.instructions - account->since.instructions;
    uint64_t cycles = now.cycles - account->since.cycles;
    if (account->where == CHECKER_IN_MONITOR) {
        account->monitor_instructions += instructions;
        account->current->instructions += instructions;
        account->current->cycles += cycles;
    } else if (account->where == CHECKER_IN_TRANSLATED) {
        account->translated += instructions;
        account->translated_cycles += cycles;
    } else if (account->where == CHECKER_IN_INNER) {
        account->inner_instructions += instructions;
        account->inner_cycles += cycles;
    } else {
        account->direct[account->where] += instructions;
        account->direct_cycles += cycles;
    }
    account->since = now;
}

/* In whose code a stretch begins that begins at the program counter. */
static int owner(const struct checker_account *account)
{
    const struct machine *machine = account->machine;
    uint32_t physical;
    if (!machine_translate(machine, machine_pc(machine), 1, 1, &physical)) /* it will trap at once */
        return machine_guest_mode(machine) ? account->where : CHECKER_IN_INNER;
    for (unsigned i = 0; i < machine_guest_count(machine); i++) {
        uint32_t start, size;
        machine_innermost_partition(machine, i, &start, &size);
        if (physical - start < size)
            return (int)i;
        machine_partition(machine, i, &start, &size);
        if (physical - start < size)
            return CHECKER_IN_INNER;
    }
    return machine_user_mode(machine) ? CHECKER_IN_TRANSLATED : CHECKER_IN_MONITOR;
}

/* The instruction that traps, where the trap's value names it. */
static const struct isa_instruction *trapping(const struct machine *machine, const struct machine_event *event)
{
    uint32_t word, physical;
    bool names = event->kind == MACHINE_EVENT_TRAP && machine_next_word(machine, &word, &physical) &&
                 word == event->value;
    return names ? isa_decode(machine_isa(machine), word) : NULL;
}

static void enter_monitor(struct checker_account *account)
{
    const struct isa_instruction *instruction = account->instruction;
    account->hypercalls += account->where != CHECKER_IN_MONITOR && checker_diagnoses(instruction);
    account->where = CHECKER_IN_MONITOR;
    account->current = cause_of(account, account->cause, instruction ? instruction->name : NULL);
    account->current->count++;
}

/* A trap enters the monitor. One in guest mode does if guest mode then ends; else it is the guest's own. */
bool checker_account_see(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct checker_account *account = context;
    struct machine_time now = machine_time(machine);
    if (event->kind != MACHINE_EVENT_PSW) {
        checker_account_close(account, now);
        account->trapped = now.instructions;
        account->cause = event->cause;
        account->instruction = trapping(machine, event);
        account->in_guest_mode = event->guest;
        if (!event->guest)
            enter_monitor(account);
        return true;
    }
    if (account->in_guest_mode && account->trapped == now.instructions && !machine_guest_mode(machine))
        enter_monitor(account);
    account->in_guest_mode = false;
    /* A PSW load is told before it has been counted, and belongs to the stretch that it ends; that of a trap is
     * none. */
    if (account->trapped != now.instructions) {
        now.instructions++;
        now.cycles += account->load_cycles;
    }
    int where = owner(account);
    if (where != account->where) {
        checker_account_close(account, now);
        account->where = where;
    }
    return true;
}

bool checker_account_told(const struct machine *machine, const struct machine_image *monitor, uint32_t start,
                          unsigned number, struct pg74_guest_statistics *told)
{
    uint32_t place, figures;
    return machine_image_address(monitor, "vmm_guest_statistics", &place) &&
           machine_read(machine, start + place + 4 * number, &figures, sizeof figures) && figures != 0 &&
           machine_read(machine, start + figures, told, sizeof *told);
}

void checker_account_clear(struct checker_account *account, const struct machine *machine)
{
    const struct isa_cost *cost = machine_cost(machine);
    *account = (struct checker_account){.machine = machine, .where = CHECKER_IN_MONITOR, .trapped = UINT64_MAX,
                                        .load_cycles = cost->instruction + cost->psw, .since = machine_time(machine)};
    account->current = cause_of(account, 0, NULL);
    account->current->name = "start";
    account->current->count = 1;
}

void checker_account_begin(struct checker_account *account, struct machine *machine)
{
    checker_account_clear(account, machine);
    account->handle = machine_add_observer(machine, CHECKER_ACCOUNT_KINDS, checker_account_see, account);
}

void checker_account_end(struct checker_account *account)
{
    checker_account_close(account, machine_time(account->machine));
    machine_remove_observer(((struct machine *)(uintptr_t)account->machine), account->handle);
}
