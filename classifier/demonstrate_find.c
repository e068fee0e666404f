/* demonstrate_find.c: which instruction of this machine loads the PSW, sets a state, shows one, writes to a port,
 * halts? Found by trying each of them through isa_execute, so that it holds for any variant. */
#include "classifier/demonstrate.h"

#include <string.h>

enum { TRIAL_MEMORY = 0x10000, TRIAL_BOUND = 0x8000, TRIAL_ADDRESS = 0x400, TRIAL_PORT = 6, TRIAL_VALUE = 0x41 };

/* An instruction being tried: its word, with a register of its own in each register operand. */
struct trial {
    const struct kit *kit;
    const struct isa_instruction *instruction;
    uint32_t word;
    unsigned registers; /* operands */
    struct concrete state;
    struct devices devices;
    struct effects effects;
};

static void reset(struct trial *trial)
{
    const struct kit *kit = trial->kit;
    memset(trial->state.slots, 0, isa_slots(kit->isa) * sizeof *trial->state.slots);
    trial->state.slots[kit->relocation[1]->slot] = TRIAL_BOUND;
    trial->state.bytes.count = 0;
    trial->devices.rules.count = 0;
}

/* False where the instruction has operands other than registers that assembly must name, and cannot be 0. */
static bool begin(struct trial *trial, const struct kit *kit, unsigned number)
{
    struct trial fresh = {.kit = kit, .instruction = isa_instruction_at(kit->isa, number)};
    fresh.word = fresh.instruction->match;
    fresh.state.slots = classifier_allocate(kit->pool, isa_slots(kit->isa) * sizeof *fresh.state.slots);
    fresh.state.memory_size = TRIAL_MEMORY;
    for (unsigned i = 0; i < fresh.instruction->field_count; i++) {
        const struct isa_field *field = &fresh.instruction->fields[i];
        if (field->kind != ISA_REGISTER || isa_state_at(kit->isa, field->state) != kit->general)
            continue;
        if (fresh.registers == MOST_TOOL_REGISTERS)
            return false;
        fresh.word = isa_field_put(field, fresh.word, FIRST_TOOL_REGISTER + fresh.registers++);
    }
    *trial = fresh;
    reset(trial);
    return true;
}

static uint32_t *register_of(struct trial *trial, uint32_t *slots, unsigned operand)
{
    return &slots[trial->kit->general->slot + FIRST_TOOL_REGISTER + operand];
}

static bool finishes(struct trial *trial)
{
    classifier_run(trial->kit->isa, trial->instruction, trial->word, &trial->state, &trial->devices, trial->kit->pool,
                   &trial->effects);
    return trial->effects.outcome.end == ISA_DONE;
}

/* The same trial in user mode ends in a privileged trap. */
static bool traps_for_user(struct trial *trial)
{
    uint32_t *mode = &trial->state.slots[isa_mode(trial->kit->isa)->slot];
    *mode = 1;
    finishes(trial);
    *mode = 0;
    return classifier_privileged_trap(trial->kit->isa, &trial->effects.outcome);
}

static struct tool found(struct trial *trial, unsigned first, unsigned second, unsigned shift)
{
    char text[128];
    isa_disassemble(trial->kit->isa, trial->word, 0, NULL, NULL, text, sizeof text);
    return (struct tool){.text = classifier_format(trial->kit->pool, "%s", text),
                         .operands = {FIRST_TOOL_REGISTER + first, FIRST_TOOL_REGISTER + second},
                         .shift = shift,
                         .traps = traps_for_user(trial)};
}

/* The instruction's own program has a node of this operator, for this state where one is named. */
static bool has_node(const struct kit *kit, const struct isa_instruction *instruction, enum isa_operator operator,
                     const struct isa_state *state)
{
    for (unsigned i = 0; i < instruction->program.count; i++) {
        const struct isa_node *node = &instruction->program.nodes[i];
        if (node->operator == operator && (state == NULL || isa_state_at(kit->isa, node->a) == state))
            return true;
    }
    return false;
}

/* One try of an instruction: sets up the trial and judges it. */
typedef bool judgement(struct trial *trial, const struct isa_state *state, unsigned first, unsigned second,
                     unsigned shift);

/* The first instruction with such a node that passes, with operands in any order: one that traps in user mode before
 * all others. */
static struct tool search(const struct kit *kit, judgement *attempt, enum isa_operator operator,
                          const struct isa_state *state, unsigned operands, unsigned shifts)
{
    struct tool best = {0};
    struct trial trial;
    for (unsigned i = 0; i < isa_instruction_count(kit->isa); i++) {
        if (!has_node(kit, isa_instruction_at(kit->isa, i), operator, state) || !begin(&trial, kit, i) ||
            trial.registers < operands)
            continue;
        for (unsigned way = 0; way < trial.registers * trial.registers * shifts; way++) {
            unsigned first = way / shifts % trial.registers, second = way / shifts / trial.registers;
            if ((operands < 2 && second != 0) || (operands == 2 && first == second))
                continue;
            reset(&trial);
            if (!attempt(&trial, state, first, second, way % shifts))
                continue;
            struct tool tool = found(&trial, first, second, way % shifts);
            if (tool.traps)
                return tool;
            if (best.text == NULL)
                best = tool;
        }
    }
    return best;
}

/* ---- The PSW ----------------------------------------------------------------------------------------------------- */

static void put_word(struct trial *trial, uint32_t address, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        *APPEND(trial->kit->pool, &trial->state.bytes) = (struct byte){address + i, (uint8_t)(value >> (8 * i))};
}

/* A PSW in memory: flags, pc, base and bound (boot.h). */
static void put_psw(struct trial *trial, uint32_t flags)
{
    const uint32_t words[4] = {flags, 0x120, 0x230, 0x340};
    for (uint32_t i = 0; i < 4; i++)
        put_word(trial, TRIAL_ADDRESS + 4 * i, words[i]);
}

static bool loads_psw(struct trial *trial, const struct isa_state *state, unsigned first, unsigned second,
                      unsigned shift)
{
    const struct kit *kit = trial->kit;
    (void)state, (void)second, (void)shift;
    put_psw(trial, 0);
    *register_of(trial, trial->state.slots, first) = TRIAL_ADDRESS;
    return finishes(trial) && trial->effects.slots[isa_program_counter(kit->isa)->slot] == 0x120 &&
           trial->effects.slots[kit->relocation[0]->slot] == 0x230 &&
           trial->effects.slots[kit->relocation[1]->slot] == 0x340;
}

uint32_t classifier_psw_flag(const struct kit *kit, const struct isa_state *state)
{
    struct trial trial;
    for (unsigned i = 0; state->width == 1 && i < isa_instruction_count(kit->isa); i++) {
        if (!isa_instruction_at(kit->isa, i)->loads_psw || !begin(&trial, kit, i) || trial.registers == 0 ||
            !loads_psw(&trial, NULL, 0, 0, 0) || !traps_for_user(&trial))
            continue;
        for (unsigned bit = 0; bit < 32; bit++) {
            trial.state.bytes.count = 0;
            put_psw(&trial, UINT32_C(1) << bit);
            if (finishes(&trial) && trial.effects.slots[state->slot] == 1)
                return UINT32_C(1) << bit;
        }
    }
    return 0;
}

/* ---- States ------------------------------------------------------------------------------------------------------ */

static bool sets(struct trial *trial, const struct isa_state *state, unsigned first, unsigned second, unsigned shift)
{
    const uint32_t *slots = trial->state.slots;
    (void)second;
    *register_of(trial, trial->state.slots, first) = UINT32_C(1) << shift;
    if (!finishes(trial) || trial->effects.slots[state->slot] != 1)
        return false;
    for (unsigned i = 0; i < isa_state_count(trial->kit->isa); i++) {
        const struct isa_state *s = isa_state_at(trial->kit->isa, i);
        if (s != state && s->role != ISA_ROLE_PROGRAM_COUNTER &&
            memcmp(&slots[s->slot], &trial->effects.slots[s->slot], s->count * sizeof *slots) != 0)
            return false;
    }
    return true;
}

struct tool classifier_find_setter(const struct kit *kit, const struct isa_state *state)
{
    return state->is_array ? (struct tool){0} : search(kit, sets, ISA_WRITE, state, 1, 32);
}

static bool shows(struct trial *trial, const struct isa_state *state, unsigned first, unsigned second, unsigned shift)
{
    uint32_t seen[2];
    (void)second, (void)shift;
    for (uint32_t value = 0; value < 2; value++) {
        trial->state.slots[state->slot] = value;
        if (!finishes(trial))
            return false;
        seen[value] = *register_of(trial, trial->effects.slots, first);
    }
    return seen[0] != seen[1];
}

struct tool classifier_find_getter(const struct kit *kit, const struct isa_state *state)
{
    return state->is_array ? (struct tool){0} : search(kit, shows, ISA_READ, state, 1, 1);
}

/* ---- The kit ----------------------------------------------------------------------------------------------------- */

/* The devices change their state for one port and value alone. */
static bool writes_port(struct trial *trial, const struct isa_state *state, unsigned first, unsigned second,
                        unsigned shift)
{
    (void)state, (void)shift;
    *APPEND(trial->kit->pool, &trial->devices.rules) =
        (struct device_rule){.is_write = true, .port = TRIAL_PORT, .given = TRIAL_VALUE, .after = 1};
    *register_of(trial, trial->state.slots, first) = TRIAL_PORT;
    *register_of(trial, trial->state.slots, second) = TRIAL_VALUE;
    return finishes(trial) && trial->effects.device == 1;
}

static bool halts(struct trial *trial, const struct isa_state *state, unsigned first, unsigned second, unsigned shift)
{
    const struct isa_state *code = isa_state_with_duty(trial->kit->isa, ISA_DUTY_HALT_CODE);
    (void)second, (void)shift;
    *register_of(trial, trial->state.slots, first) = TRIAL_VALUE;
    return finishes(trial) && trial->effects.slots[state->slot] == 1 &&
           (code == NULL || trial->effects.slots[code->slot] == TRIAL_VALUE);
}

/* The general registers, and R: two words, and perhaps a bit that says whether addresses are translated. */
static bool find_states(struct kit *kit)
{
    unsigned relocation = 0;
    for (unsigned i = 0; i < isa_state_count(kit->isa); i++) {
        const struct isa_state *state = isa_state_at(kit->isa, i);
        if (state->role == ISA_ROLE_GENERAL && state->is_array && state->count == 32 && state->names != NULL)
            kit->general = state;
        if (state->role == ISA_ROLE_RELOCATION && relocation++ < 2)
            kit->relocation[relocation - 1] = state;
        else if (state->role == ISA_ROLE_RELOCATION)
            kit->translation = state;
    }
    return relocation >= 2 && relocation <= 3 && kit->general != NULL &&
           (kit->translation == NULL || kit->translation->width == 1);
}

/* With the bit at 0 an address is physical, whatever the other words of R are. */
static bool is_physical(const struct kit *kit)
{
    struct concrete state = {.memory_size = TRIAL_MEMORY};
    uint32_t physical;
    state.slots = classifier_allocate(kit->pool, isa_slots(kit->isa) * sizeof *state.slots);
    for (unsigned user = 0; user < 2; user++)
        for (uint32_t address = 0; address < TRIAL_MEMORY; address += TRIAL_ADDRESS) {
            state.slots[isa_mode(kit->isa)->slot] = user;
            if (!classifier_translates(kit->isa, &state, address, ACCESS_STORE, &physical) || physical != address)
                return false;
        }
    return true;
}

static bool number_of(const struct isa *isa, const char *name, uint32_t *number)
{
    uint64_t value;
    bool known = isa_constant_named(isa, name, &value);
    *number = known ? (uint32_t)value : 0;
    return known;
}

static bool find_console(struct kit *kit)
{
    const struct isa_port *port = isa_port_named(kit->isa, "console_output");
    kit->console = port != NULL ? port->number : 0;
    return port != NULL;
}

const char *classifier_kit(struct kit *kit, const struct classifier_report *report)
{
    const struct isa *isa = report->isa;
    const struct isa_state *halted = isa_state_with_duty(isa, ISA_DUTY_HALTED);
    *kit = (struct kit){.report = report, .isa = isa, .pool = report->pool};
    if (isa_word_bits(isa) != 32 || isa_instruction_bits(isa) != 32 || isa_instruction_named(isa, "ecall") == NULL)
        return "the monitors are programs of machines above RV32I, and this is none";
    if (!find_states(kit))
        return "R is not two words here, which a program can set up";
    if (kit->translation != NULL && !is_physical(kit))
        return "addresses are always translated by tables here, and a demonstration's program has none";
    if (!number_of(isa, "old_psw", &kit->old_psw) || !number_of(isa, "new_psw", &kit->new_psw) ||
        !number_of(isa, "trap_cause", &kit->cause))
        return "the machine does not say where its trap area is";
    kit->load_psw = search(kit, loads_psw, ISA_LOAD, NULL, 1, 1);
    if (!kit->load_psw.traps || (kit->flag_user = classifier_psw_flag(kit, isa_mode(isa))) == 0)
        return "no instruction loads the PSW from memory and traps in user mode: no kernel can start a program";
    kit->write_port = search(kit, writes_port, ISA_PORT_OUT, NULL, 2, 1);
    if (!find_console(kit) || !kit->write_port.traps)
        return "no instruction writes to the console and traps in user mode";
    if (halted != NULL)
        kit->halt = search(kit, halts, ISA_WRITE, halted, 1, 1);
    return kit->halt.text != NULL ? NULL : "no instruction halts the machine with a code";
}
