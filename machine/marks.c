/* marks.c: what the machine must know of an instruction set, found by walking its IR once. */
#include "machine/internal.h"

static uint32_t slot_of(const struct isa_state *state)
{
    return state ? state->slot : MACHINE_NO_SLOT;
}

static bool has_duty(const struct isa *isa, unsigned state, enum isa_duty duty)
{
    return isa_state_at(isa, state)->duty == duty;
}

/* Whether a program looks at, or changes, what only machine_step keeps exact: ports, diagnose, the countdown. */
static bool must_step_alone(const struct isa *isa, const struct isa_program *program)
{
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        switch ((enum isa_operator)node->operator) {
        case ISA_PORT_IN: case ISA_PORT_OUT: case ISA_DIAGNOSE: return true;
        case ISA_READ: case ISA_WRITE:
            if (has_duty(isa, node->a, ISA_DUTY_COUNTDOWN))
                return true;
            break;
        default: break;
        }
    }
    return false;
}

/* `on interrupt` decides whether to ignore before its last IGNORE, since programs only go forward: does it look at a
 * state there? (What it reads later, to save it, decides nothing.) */
static bool decides_interrupts(const struct isa *isa, unsigned state)
{
    const struct isa_program *program = isa_paragraph(isa, ISA_ON_INTERRUPT);
    bool reads = false, decides = false;
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        reads = reads || (node->operator == ISA_READ && node->a == state);
        decides = decides || (node->operator == ISA_IGNORE && reads);
    }
    return decides;
}

static bool writes_state(const struct isa_program *program, unsigned state)
{
    for (unsigned i = 0; i < program->count; i++)
        if (program->nodes[i].operator == ISA_WRITE && program->nodes[i].a == state)
            return true;
    return false;
}

/* Whether a write to a state can change what the machine does before the next instruction. */
static bool attended(const struct isa *isa, unsigned state)
{
    switch (isa_state_at(isa, state)->duty) {
    case ISA_DUTY_REQUESTS: case ISA_DUTY_WAITING: case ISA_DUTY_HALTED: return true;
    default: return decides_interrupts(isa, state);
    }
}

static uint8_t marks_of(const struct isa *isa, const struct isa_instruction *instruction)
{
    unsigned marks = must_step_alone(isa, &instruction->program) ? MACHINE_STEP_ALONE : 0;
    if (instruction->loads_psw)
        marks |= MACHINE_LOADS_PSW;
    for (unsigned i = 0; i < isa_state_count(isa); i++)
        if (attended(isa, i) && writes_state(&instruction->program, i))
            marks |= MACHINE_ATTEND;
    return (uint8_t)marks;
}

/* Whether interrupts are taken is decided by states that instructions must write to change. Where memory or the program
 * counter decides it too, it must be asked for before every instruction. */
static bool decided_by_states(const struct isa *isa)
{
    const struct isa_program *program = isa_paragraph(isa, ISA_ON_INTERRUPT);
    bool looks = false;
    for (unsigned i = 0; i < program->count; i++) {
        unsigned operator = program->nodes[i].operator;
        looks = looks || operator == ISA_LOAD || operator == ISA_TRANSLATE;
        if (operator == ISA_IGNORE && looks)
            return false;
    }
    for (unsigned i = 0; i < isa_state_count(isa); i++)
        if (isa_state_at(isa, i)->role == ISA_ROLE_PROGRAM_COUNTER && decides_interrupts(isa, i))
            return false;
    return true;
}

static bool engines_must_step(const struct isa *isa)
{
    for (unsigned i = 0; i < ISA_PARAGRAPHS; i++)
        if (i != ISA_ON_RESET && must_step_alone(isa, isa_paragraph(isa, (enum isa_paragraph)i)))
            return true;
    return !decided_by_states(isa);
}

static void find_psw(struct machine *machine)
{
    const struct isa *isa = machine->isa;
    machine->psw_slots = machine_allocate(machine->slots, sizeof *machine->psw_slots);
    machine->psw_before = machine_allocate(machine->slots, sizeof *machine->psw_before);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        for (unsigned k = 0; k < state->count; k++)
            if (state->role == ISA_ROLE_MODE || state->role == ISA_ROLE_RELOCATION ||
                state->role == ISA_ROLE_GUEST_MODE)
                machine->psw_slots[machine->psw_slot_count++] = state->slot + k;
    }
}

/* The bit of the requests that stands for a cause, or 0 where the machine has no such cause or bit. */
static uint32_t request_bit(const struct machine *machine, const char *name)
{
    const struct isa_cause *cause = isa_cause_named(machine->isa, name);
    if (!cause || cause->number < 16 || cause->number >= 48)
        return 0;
    return UINT32_C(1) << (cause->number - 16) & machine->requests_mask;
}

static void find_duties(struct machine *machine)
{
    const struct isa *isa = machine->isa;
    const struct isa_state *requests = isa_state_with_duty(isa, ISA_DUTY_REQUESTS);
    machine->pc_slot = isa_program_counter(isa)->slot;
    machine->mode_slot = isa_mode(isa)->slot;
    machine->guest_slot = isa_guest_mode(isa) ? isa_guest_mode(isa)->slot : MACHINE_NO_SLOT;
    machine->countdown_slot = slot_of(isa_state_with_duty(isa, ISA_DUTY_COUNTDOWN));
    machine->requests_slot = slot_of(requests);
    machine->waiting_slot = slot_of(isa_state_with_duty(isa, ISA_DUTY_WAITING));
    machine->halted_slot = slot_of(isa_state_with_duty(isa, ISA_DUTY_HALTED));
    machine->halt_code_slot = slot_of(isa_state_with_duty(isa, ISA_DUTY_HALT_CODE));
    machine->identification_slot = slot_of(isa_state_with_duty(isa, ISA_DUTY_IDENTIFICATION));
    machine->requests_mask = requests ? UINT32_MAX >> (32 - requests->width) : 0;
    machine->countdown_request = request_bit(machine, "timer");
    machine->console_request = request_bit(machine, "console");
    machine->disk_request = request_bit(machine, "disk");
    machine->network_request = request_bit(machine, "network");
}

void machine_survey(struct machine *machine, const struct isa_cost *cost)
{
    const struct isa *isa = machine->isa;
    unsigned count = isa_instruction_count(isa);
    machine->slots = isa_slots(isa);
    machine->cost = cost;
    machine->marks = machine_allocate(count, sizeof *machine->marks);
    machine->cycles = machine_allocate(count, sizeof *machine->cycles);
    for (unsigned i = 0; i < count; i++) {
        const struct isa_instruction *instruction = isa_instruction_at(isa, i);
        machine->marks[i] = marks_of(isa, instruction);
        machine->cycles[i] = cost ? isa_instruction_cycles(instruction, cost) : 1;
    }
    machine->always_step = engines_must_step(isa);
    find_psw(machine);
    find_duties(machine);
    machine_devices_survey(machine);
}
