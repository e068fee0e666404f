/* facts.c: what the checker must know of an instruction set, all of it found in the instruction set's own programs:
 * which registers an instruction writes, which results tell the time, and where an interrupt stores what. */
#include "checker/internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- States ------------------------------------------------------------------------------------------------------ */

static int duty_slot(const struct isa *isa, enum isa_duty duty)
{
    const struct isa_state *state = isa_state_with_duty(isa, duty);
    return state ? (int)state->slot : -1;
}

static void find_states(struct checker_facts *facts)
{
    const struct isa *isa = facts->isa;
    unsigned slots = isa_slots(isa);
    facts->general = calloc(slots + 1, sizeof *facts->general);
    facts->is_general = calloc(slots + 1, sizeof *facts->is_general);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        for (unsigned element = 0; state->role == ISA_ROLE_GENERAL && element < state->count; element++) {
            if ((int)element == state->zero)
                continue;
            facts->general[facts->general_count++] = (struct checker_register){state->slot + element, state, element};
            facts->is_general[state->slot + element] = true;
        }
    }
    facts->program_counter = isa_program_counter(isa)->slot;
    facts->mode = isa_mode(isa)->slot;
    facts->countdown = duty_slot(isa, ISA_DUTY_COUNTDOWN);
    facts->requests = duty_slot(isa, ISA_DUTY_REQUESTS);
    facts->waiting = duty_slot(isa, ISA_DUTY_WAITING);
    facts->halted = duty_slot(isa, ISA_DUTY_HALTED);
    facts->halt_code = duty_slot(isa, ISA_DUTY_HALT_CODE);
}

/* ---- Instructions ------------------------------------------------------------------------------------------------ */

/* A state whose value is the time's: a timer, what has been requested by now, or the number of this very machine. */
static bool tells_time(const struct isa_state *state)
{
    return state->role == ISA_ROLE_TIME || state->duty == ISA_DUTY_REQUESTS || state->duty == ISA_DUTY_IDENTIFICATION;
}

/* Adds the register that a READ or WRITE node names; false when its number cannot be told from the word. */
static bool add_operand(struct checker_operand *operands, unsigned *count, const struct isa_program *program,
                        const struct isa_node *node, const struct isa_state *state)
{
    struct checker_operand operand = {state->slot, -1};
    if (node->b != ISA_NONE) {
        const struct isa_node *index = &program->nodes[node->b];
        while (index->operator == ISA_ZERO_EXTEND)
            index = &program->nodes[index->a];
        if (index->operator == ISA_FIELD)
            operand.field = index->a;
        else if (index->operator == ISA_CONSTANT)
            operand.slot += (unsigned)index->constant;
        else
            return false;
    }
    if (*count == CHECKER_MOST_OPERANDS)
        return false;
    operands[(*count)++] = operand;
    return true;
}

unsigned checker_operand_slot(const struct checker_operand *operand, const struct isa_instruction *instruction,
                              uint32_t word)
{
    return operand->slot + (operand->field >= 0 ? isa_field_get(&instruction->fields[operand->field], word) : 0);
}

bool checker_diagnoses(const struct isa_instruction *instruction)
{
    for (unsigned i = 0; instruction != NULL && i < instruction->program.count; i++)
        if (instruction->program.nodes[i].operator == ISA_DIAGNOSE)
            return true;
    return false;
}

static void study(struct checker_facts *facts, const struct isa_instruction *instruction,
                  struct checker_instruction *result)
{
    const struct isa_program *program = &instruction->program;
    result->timed = result->diagnoses = checker_diagnoses(instruction);
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        if (node->operator != ISA_READ && node->operator != ISA_WRITE)
            continue;
        const struct isa_state *state = isa_state_at(facts->isa, node->a);
        if (node->operator == ISA_READ) {
            result->timed |= tells_time(state);
            if (state->role == ISA_ROLE_GENERAL)
                add_operand(result->sources, &result->source_count, program, node, state);
            continue;
        }
        if (state->duty == ISA_DUTY_COUNTDOWN)
            result->sets_countdown = true;
        if (state->role == ISA_ROLE_PROGRAM_COUNTER)
            result->writes_pc = true;
        if (state->role == ISA_ROLE_GENERAL)
            result->any_result |= !add_operand(result->results, &result->result_count, program, node, state);
    }
    result->special = result->timed || result->sets_countdown || instruction->reads_port || instruction->writes_port;
}

const struct checker_instruction *checker_facts_of(const struct checker_facts *facts,
                                                   const struct isa_instruction *instruction)
{
    return &facts->instructions[isa_instruction_number(facts->isa, instruction)];
}

/* ---- What an interrupt stores ------------------------------------------------------------------------------------ */

struct recording { unsigned count; struct checker_store stores[CHECKER_MOST_AREA]; bool overflow; };

static uint32_t nothing_there(void *context, uint32_t address, unsigned bytes)
{
    (void)context, (void)address, (void)bytes;
    return 0;
}

static void record(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    struct recording *recording = context;
    if (recording->count == CHECKER_MOST_AREA)
        recording->overflow = true;
    else
        recording->stores[recording->count++] = (struct checker_store){address, bytes, value};
}

/* Runs `on interrupt` in a state in which an interrupt can be taken: every resource, so the enable too, is all ones. */
static bool run_interrupt(const struct checker_facts *facts, uint32_t cause, uint32_t pc, struct recording *recording)
{
    const struct isa *isa = facts->isa;
    uint32_t *state = calloc(isa_slots(isa) + 1, sizeof *state);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *resource = isa_state_at(isa, i);
        if (resource->role == ISA_ROLE_RESOURCE && !resource->is_array)
            state[resource->slot] = UINT32_MAX >> (32 - resource->width);
    }
    state[facts->program_counter] = pc;
    struct isa_environment environment = {.context = recording, .state = state, .memory_size = UINT32_C(0x100000),
                                          .load = nothing_there, .store = record};
    const uint32_t parameters[ISA_MOST_PARAMETERS] = {cause};
    struct isa_outcome outcome = isa_run(isa, ISA_ON_INTERRUPT, parameters, 0, &environment);
    free(state);
    return outcome.end == ISA_DONE && !recording->overflow;
}

/* The word that changes with the cause alone holds the cause; the one that changes with the pc alone, the saved pc. */
static void find_area(struct checker_facts *facts)
{
    struct recording first = {0}, other_cause = {0}, other_pc = {0};
    bool causes = false, pcs = false;
    if (facts->requests < 0 || !run_interrupt(facts, 16, 0x100, &first) ||
        !run_interrupt(facts, 17, 0x100, &other_cause) || !run_interrupt(facts, 16, 0x204, &other_pc))
        return;
    if (first.count != other_cause.count || first.count != other_pc.count)
        return;
    for (unsigned i = 0; i < first.count; i++) {
        facts->area[i] = (struct checker_word){first.stores[i].address, first.stores[i].bytes};
        if (first.stores[i].value == 16 && other_cause.stores[i].value == 17) {
            facts->area_cause = i;
            causes = true;
        }
        if (first.stores[i].value == 0x100 && other_pc.stores[i].value == 0x204) {
            facts->area_pc = i;
            pcs = true;
        }
    }
    facts->area_count = first.count;
    facts->area_known = causes && pcs;
}

struct checker_facts *checker_facts_new(const struct isa *isa)
{
    struct checker_facts *facts = calloc(1, sizeof *facts);
    unsigned count = isa_instruction_count(isa);
    facts->isa = isa;
    facts->instructions = calloc(count + 1, sizeof *facts->instructions);
    find_states(facts);
    for (unsigned i = 0; i < count; i++)
        study(facts, isa_instruction_at(isa, i), &facts->instructions[i]);
    find_area(facts);
    return facts;
}

void checker_facts_free(struct checker_facts *facts)
{
    if (facts == NULL)
        return;
    free(facts->instructions);
    free(facts->general);
    free(facts->is_general);
    free(facts);
}

/* ---- Ports ------------------------------------------------------------------------------------------------------- */

enum checker_port checker_port_meaning(const struct isa *isa, uint32_t port)
{
    static const struct { const char *name; enum checker_port meaning; } ports[] = {
        {"cycles_low", CHECKER_PORT_TIME}, {"cycles_high", CHECKER_PORT_TIME},
        {"instructions_low", CHECKER_PORT_TIME}, {"instructions_high", CHECKER_PORT_TIME},
        {"console_input", CHECKER_PORT_CONSOLE_INPUT}, {"console_control", CHECKER_PORT_CONSOLE_CONTROL},
        {"disk_address", CHECKER_PORT_DISK_ADDRESS}, {"disk_count", CHECKER_PORT_DISK_COUNT},
        {"network_length", CHECKER_PORT_TIME},
        {"network_frames", CHECKER_PORT_TIME}, {"network_address", CHECKER_PORT_NETWORK_ADDRESS},
        {"network_command", CHECKER_PORT_NETWORK_COMMAND},
        {"disk_command", CHECKER_PORT_DISK_COMMAND}, {"disk_status", CHECKER_PORT_DISK_STATUS},
    };
    for (unsigned i = 0; i < isa_port_count(isa); i++) {
        if (isa_port_at(isa, i)->number != port)
            continue;
        for (unsigned j = 0; j < sizeof ports / sizeof ports[0]; j++)
            if (strcmp(isa_port_at(isa, i)->name, ports[j].name) == 0)
                return ports[j].meaning;
    }
    return CHECKER_PORT_OTHER;
}

bool checker_is_network_port(const struct isa *isa, uint32_t port)
{
    for (unsigned i = 0; i < isa_port_count(isa); i++)
        if (isa_port_at(isa, i)->number == port)
            return strncmp(isa_port_at(isa, i)->name, "network_", 8) == 0;
    return false;
}

bool checker_has_network(const struct isa *isa)
{
    for (unsigned i = 0; i < isa_port_count(isa); i++)
        if (checker_is_network_port(isa, isa_port_at(isa, i)->number))
            return true;
    return false;
}
