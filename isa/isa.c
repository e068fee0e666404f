/* isa.c: questions that an instruction set answers. */
#include "isa/internal.h"

#include <string.h>

const char *isa_name(const struct isa *isa) { return isa->name; }
const char *isa_title(const struct isa *isa) { return isa->title; }
const char *isa_source(const struct isa *isa) { return isa->source; }
const char *isa_parent(const struct isa *isa) { return isa->parent; }
unsigned isa_word_bits(const struct isa *isa) { return isa->word_bits; }
unsigned isa_instruction_bits(const struct isa *isa) { return isa->instruction_bits; }
unsigned isa_slots(const struct isa *isa) { return isa->slots; }

unsigned isa_state_count(const struct isa *isa) { return isa->state_count; }
const struct isa_state *isa_state_at(const struct isa *isa, unsigned number) { return &isa->states[number]; }

const struct isa_state *isa_state_named(const struct isa *isa, const char *name)
{
    int number = isa_find_state(isa, name);
    return number < 0 ? NULL : &isa->states[number];
}

const struct isa_state *isa_state_with_duty(const struct isa *isa, enum isa_duty duty)
{
    return isa->duties[duty] < 0 ? NULL : &isa->states[isa->duties[duty]];
}

const struct isa_state *isa_general_registers(const struct isa *isa)
{
    for (unsigned i = 0; i < isa->state_count; i++)
        if (isa->states[i].role == ISA_ROLE_GENERAL && isa->states[i].is_array)
            return &isa->states[i];
    return NULL;
}

const struct isa_state *isa_program_counter(const struct isa *isa) { return &isa->states[isa->program_counter]; }
const struct isa_state *isa_mode(const struct isa *isa) { return &isa->states[isa->mode]; }
const struct isa_state *isa_own_mode(const struct isa *isa) { return &isa->states[isa->is_guest_view ? isa->own_mode : isa->mode]; }
const struct isa_state *isa_guest_mode(const struct isa *isa) { return isa->guest_mode < 0 ? NULL : &isa->states[isa->guest_mode]; }

unsigned isa_instruction_count(const struct isa *isa) { return isa->instruction_count; }

const struct isa_instruction *isa_instruction_at(const struct isa *isa, unsigned number)
{
    return &isa->instructions[number];
}

const struct isa_instruction *isa_instruction_named(const struct isa *isa, const char *name)
{
    for (unsigned i = 0; i < isa->instruction_count; i++)
        if (strcmp(isa->instructions[i].name, name) == 0)
            return &isa->instructions[i];
    return NULL;
}

unsigned isa_instruction_number(const struct isa *isa, const struct isa_instruction *instruction)
{
    return (unsigned)(instruction - isa->instructions);
}

const struct isa_program *isa_paragraph(const struct isa *isa, enum isa_paragraph paragraph)
{
    return &isa->paragraphs[paragraph];
}

unsigned isa_cause_count(const struct isa *isa) { return isa->cause_count; }
const struct isa_cause *isa_cause_at(const struct isa *isa, unsigned index) { return &isa->causes[index]; }

const struct isa_cause *isa_cause_numbered(const struct isa *isa, unsigned number)
{
    for (unsigned i = 0; i < isa->cause_count; i++)
        if (isa->causes[i].number == number)
            return &isa->causes[i];
    return NULL;
}

const struct isa_cause *isa_cause_named(const struct isa *isa, const char *name)
{
    for (unsigned i = 0; i < isa->cause_count; i++)
        if (strcmp(isa->causes[i].name, name) == 0)
            return &isa->causes[i];
    return NULL;
}

unsigned isa_port_count(const struct isa *isa) { return isa->port_count; }
const struct isa_port *isa_port_at(const struct isa *isa, unsigned index) { return &isa->ports[index]; }

const struct isa_port *isa_port_numbered(const struct isa *isa, unsigned number)
{
    for (unsigned i = 0; i < isa->port_count; i++)
        if (isa->ports[i].number == number)
            return &isa->ports[i];
    return NULL;
}

const struct isa_port *isa_port_named(const struct isa *isa, const char *name)
{
    for (unsigned i = 0; i < isa->port_count; i++)
        if (strcmp(isa->ports[i].name, name) == 0)
            return &isa->ports[i];
    return NULL;
}

unsigned isa_constant_count(const struct isa *isa) { return isa->constant_count; }
const struct isa_constant *isa_constant_at(const struct isa *isa, unsigned index) { return &isa->constants[index]; }

bool isa_constant_named(const struct isa *isa, const char *name, uint64_t *value)
{
    for (unsigned i = 0; i < isa->constant_count; i++) {
        if (strcmp(isa->constants[i].name, name) == 0) {
            *value = isa->constants[i].value;
            return true;
        }
    }
    return false;
}

unsigned isa_cost_count(const struct isa *isa) { return isa->cost_count; }
const struct isa_cost *isa_cost_at(const struct isa *isa, unsigned index) { return &isa->costs[index]; }

const struct isa_cost *isa_cost_named(const struct isa *isa, const char *name)
{
    for (unsigned i = 0; i < isa->cost_count; i++)
        if (strcmp(isa->costs[i].name, name) == 0)
            return &isa->costs[i];
    return NULL;
}

unsigned isa_instruction_cycles(const struct isa_instruction *instruction, const struct isa_cost *cost)
{
    unsigned cycles = cost->instruction;
    for (unsigned i = 0; i < cost->override_count; i++)
        if (strcmp(cost->overrides[i].instruction, instruction->name) == 0)
            cycles = cost->overrides[i].cycles;
    if (instruction->reads_port || instruction->writes_port)
        cycles += cost->port;
    if (instruction->loads_psw)
        cycles += cost->psw;
    return cycles;
}
