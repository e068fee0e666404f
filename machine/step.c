/* step.c: one step of the machine, in the order that the architecture prescribes:
 *
 *   1. a requested interrupt that the machine takes now: `on interrupt`, and the step is over;
 *   2. fetch: `on fetch`, which gives the word or traps;
 *   3. decode; a word that is no instruction traps by `on illegal`;
 *   4. the instruction's own program, which takes effect as a whole, or traps;
 *   5. it has retired: time goes on by one.
 *
 * A trap of 2, 3 or 4 enters by `on trap`, and is the step. Both engines come here for all that is not plain. */
#include "machine/internal.h"

#include <string.h>

/* An instruction on its way. */
struct fetched {
    uint32_t pc, physical, word;
    bool user, guest, watched;
    const struct isa_instruction *instruction;
};

/* ---- Events of a step -------------------------------------------------------------------------------------------- */

static void begin_effects(struct machine *machine)
{
    machine->step_began = machine_steps(machine);
    machine->effects.access_count = machine->effects.store_count = machine->effects.load_count = 0;
    if (machine->watched & MACHINE_EVENT_PSW)
        for (unsigned i = 0; i < machine->psw_slot_count; i++)
            machine->psw_before[i] = machine->state[machine->psw_slots[i]];
}

/* The virtual address that was translated to `physical`, in this step; where none was, `physical` itself. */
static uint32_t virtual_of(const struct machine_effects *effects, uint32_t physical)
{
    for (unsigned i = effects->access_count; i-- > 0;) {
        const struct machine_access *access = &effects->accesses[i];
        if (physical - access->physical < access->size)
            return access->virtual_address + (physical - access->physical);
    }
    return physical;
}

/* What was stored or loaded. `all`: by an instruction that is watched; else only where places are. */
static void emit_accesses(struct machine *machine, const struct machine_event *common, bool all)
{
    const struct machine_effects *effects = &machine->effects;
    bool is_load = common->kind == MACHINE_EVENT_LOAD;
    const struct machine_stored *list = is_load ? effects->loads : effects->stores;
    for (unsigned i = 0; i < (is_load ? effects->load_count : effects->store_count); i++) {
        struct machine_event event = *common;
        if (!all && !machine_is_within(machine, list[i].physical))
            continue;
        event.physical = list[i].physical;
        event.virtual_address = virtual_of(effects, list[i].physical);
        event.value = list[i].value;
        event.bytes = list[i].bytes;
        machine_emit(machine, &event);
    }
}

static void emit_psw(struct machine *machine)
{
    for (unsigned i = 0; i < machine->psw_slot_count; i++)
        if (machine->psw_before[i] != machine->state[machine->psw_slots[i]]) {
            machine_emit(machine, &(struct machine_event){
                .kind = MACHINE_EVENT_PSW, .pc = machine_pc(machine), .user = machine_user_mode(machine),
                .guest = machine_guest_mode(machine)});
            return;
        }
}

/* Memory first, what is read before what is written, then the PSW: the order in which trap entry does things. */
static void emit_effects(struct machine *machine, uint32_t pc, bool user, bool guest, bool all)
{
    struct machine_event event = {.kind = MACHINE_EVENT_LOAD, .pc = pc, .user = user, .guest = guest};
    if (machine->watched & MACHINE_EVENT_LOAD)
        emit_accesses(machine, &event, all);
    event.kind = MACHINE_EVENT_STORE;
    if (machine->watched & MACHINE_EVENT_STORE)
        emit_accesses(machine, &event, all);
    if (machine->watched & MACHINE_EVENT_PSW)
        emit_psw(machine);
}

/* ---- Traps and interrupts ---------------------------------------------------------------------------------------- */

void machine_take_trap(struct machine *machine, uint32_t cause, uint32_t value, uint32_t access)
{
    const uint32_t parameters[ISA_MOST_PARAMETERS] = {cause, value, access};
    uint32_t pc = machine_pc(machine);
    bool user = machine_user_mode(machine), guest = machine_guest_mode(machine);
    begin_effects(machine);
    if (machine->watched & MACHINE_EVENT_TRAP)
        machine_emit(machine, &(struct machine_event){.kind = MACHINE_EVENT_TRAP, .pc = pc, .user = user,
                                                      .guest = guest, .cause = cause, .value = value, .access = access});
    isa_run(machine->isa, ISA_ON_TRAP, parameters, 0, &machine->environment);
    machine->time.traps++;
    machine->time.cycles += machine->cost ? machine->cost->trap : 1;
    emit_effects(machine, pc, user, guest, false);
}

/* Tries an interrupt on a copy of the state: does `on interrupt` ignore it now? */
static bool is_ignored(const struct machine *machine, const uint32_t *parameters)
{
    uint32_t state[machine->slots];
    struct isa_environment peeking = machine_peeking(machine, state);
    return isa_run(machine->isa, ISA_ON_INTERRUPT, parameters, 0, &peeking).end == ISA_IGNORED;
}

bool machine_take_interrupt(struct machine *machine)
{
    if (machine->requests_slot == MACHINE_NO_SLOT)
        return false;
    for (uint32_t rest = machine->state[machine->requests_slot]; rest; rest &= rest - 1) {
        const uint32_t parameters[ISA_MOST_PARAMETERS] = {16 + (uint32_t)__builtin_ctz(rest)};
        uint32_t pc = machine_pc(machine);
        bool user = machine_user_mode(machine), guest = machine_guest_mode(machine);
        /* Those who watch hear of it before it changes anything. */
        if (machine->watched & MACHINE_EVENT_INTERRUPT) {
            if (is_ignored(machine, parameters))
                continue;
            machine_emit(machine, &(struct machine_event){.kind = MACHINE_EVENT_INTERRUPT, .pc = pc, .user = user,
                                                          .guest = guest, .cause = parameters[0]});
        }
        begin_effects(machine);
        if (isa_run(machine->isa, ISA_ON_INTERRUPT, parameters, 0, &machine->environment).end == ISA_IGNORED)
            continue;
        machine->time.traps++;
        machine->time.cycles += machine->cost ? machine->cost->interrupt : 1;
        emit_effects(machine, pc, user, guest, false);
        return true;
    }
    return false;
}

/* ---- Instructions ------------------------------------------------------------------------------------------------ */

static struct machine_event event_of(enum machine_event_kind kind, const struct fetched *fetched)
{
    return (struct machine_event){.kind = kind, .pc = fetched->pc, .physical = fetched->physical, .word = fetched->word,
                                  .user = fetched->user, .guest = fetched->guest,
                                  .instruction = fetched->instruction};
}

static struct isa_outcome execute(struct machine *machine, const struct fetched *fetched)
{
    static const uint32_t none[ISA_MOST_PARAMETERS];
    if (!fetched->instruction)
        return isa_run(machine->isa, ISA_ON_ILLEGAL, none, fetched->word, &machine->environment);
    return isa_execute(machine->isa, fetched->instruction, fetched->word, &machine->environment);
}

static void retire(struct machine *machine, const struct fetched *fetched, bool set_countdown)
{
    const struct isa_instruction *instruction = fetched->instruction;
    uint32_t cycles = instruction ? machine->cycles[isa_instruction_number(machine->isa, instruction)] : 1;
    emit_effects(machine, fetched->pc, fetched->user, fetched->guest, fetched->watched);
    machine_retire(machine, 1, cycles, set_countdown);
    if (fetched->watched && (machine->watched & MACHINE_EVENT_RETIRE)) {
        struct machine_event event = event_of(MACHINE_EVENT_RETIRE, fetched);
        machine_emit(machine, &event);
    }
}

void machine_step(struct machine *machine)
{
    static const uint32_t none[ISA_MOST_PARAMETERS];
    machine->stepped_within = false;
    if (machine_take_interrupt(machine))
        return;
    struct isa_outcome outcome = isa_run(machine->isa, ISA_ON_FETCH, none, 0, &machine->environment);
    if (outcome.end == ISA_TRAPPED) {
        machine_take_trap(machine, outcome.cause, outcome.value, outcome.access);
        return;
    }
    struct fetched fetched = {.pc = machine_pc(machine), .physical = machine->effects.fetched_from,
                              .word = (uint32_t)outcome.result, .user = machine_user_mode(machine),
                              .guest = machine_guest_mode(machine)};
    fetched.instruction = isa_decode(machine->isa, fetched.word);
    fetched.watched = machine_is_within(machine, fetched.physical);
    begin_effects(machine);
    if (fetched.watched && (machine->watched & MACHINE_EVENT_FETCH)) {
        struct machine_event event = event_of(MACHINE_EVENT_FETCH, &fetched);
        machine_emit(machine, &event);
    }
    outcome = execute(machine, &fetched);
    if (outcome.end == ISA_TRAPPED)
        machine_take_trap(machine, outcome.cause, outcome.value, outcome.access);
    else
        retire(machine, &fetched, outcome.set_countdown);
    machine->stepped_within =
        outcome.end != ISA_TRAPPED && machine->within_length != 0 && fetched.watched;
}
