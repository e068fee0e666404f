/* operands.c: what assembler and disassembler must agree on: registers' names, fields' bits, lengths. */
#include "isa/assembler.h"

#include <ctype.h>
#include <string.h>

/* The numeric name of element i of a state X is x followed by i: x10, r2. */
static int numbered(const struct isa_state *state, const char *name, size_t length)
{
    size_t prefix = strlen(state->name);
    if (length <= prefix || length > prefix + 4)
        return -1;
    for (size_t i = 0; i < prefix; i++)
        if (tolower((unsigned char)state->name[i]) != (unsigned char)name[i])
            return -1;
    if (name[prefix] == '0' && length > prefix + 1)
        return -1;
    unsigned number = 0;
    for (size_t i = prefix; i < length; i++) {
        if (!isdigit((unsigned char)name[i]))
            return -1;
        number = number * 10 + (unsigned)(name[i] - '0');
    }
    return number < state->count ? (int)number : -1;
}

int isa_register_named(const struct isa_state *state, const char *name, size_t length)
{
    int number = numbered(state, name, length);
    if (number >= 0 || !state->names)
        return number;
    /* RISC-V's calling convention has two names for one register. */
    if (length == 2 && memcmp(name, "fp", 2) == 0)
        name = "s0";
    for (unsigned i = 0; i < state->count; i++)
        if (strlen(state->names[i]) == length && memcmp(state->names[i], name, length) == 0)
            return (int)i;
    return -1;
}

void isa_register_name(const struct isa_state *state, unsigned number, char *buffer, size_t size)
{
    if (state->names && number < state->count) {
        snprintf(buffer, size, "%s", state->names[number]);
        return;
    }
    snprintf(buffer, size, "%s%u", state->name, number);
    for (char *c = buffer; *c; c++)
        *c = (char)tolower((unsigned char)*c);
}

bool isa_is_register(const struct isa *isa, const char *name, size_t length)
{
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        if (state->is_array && state->role == ISA_ROLE_GENERAL && isa_register_named(state, name, length) >= 0)
            return true;
    }
    return false;
}

const struct isa_field *isa_field_named(const struct isa_instruction *instruction, const char *name, size_t length)
{
    for (unsigned i = 0; i < instruction->field_count; i++) {
        const struct isa_field *field = &instruction->fields[i];
        if (field->in_syntax && strlen(field->name) == length && memcmp(field->name, name, length) == 0)
            return field;
    }
    return NULL;
}

uint32_t isa_field_mask(const struct isa_field *field)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < field->piece_count; i++)
        mask |= ((UINT64_C(1) << field->pieces[i].width) - 1) << field->pieces[i].field_low;
    return (uint32_t)mask;
}

unsigned isa_word_bytes(const struct isa *isa)
{
    return (isa_word_bits(isa) + 7) / 8;
}

unsigned isa_instruction_bytes(const struct isa *isa)
{
    return isa_instruction_bits(isa) / 8;
}
