/* random_difference.c: what is different between two machines of one program, in words. */
#include <string.h>

#include "tests/machine/random_program.h"

static const char *slot_name(const struct isa *isa, unsigned slot, unsigned *element)
{
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        *element = slot - state->slot;
        if (*element < state->count)
            return state->name;
    }
    return "?";
}

static const char *state_difference(const struct machine *a, const struct machine *b, char *text, size_t size)
{
    for (unsigned i = 0; i < isa_slots(machine_isa(a)); i++)
        if (machine_slot(a, i) != machine_slot(b, i)) {
            unsigned element = 0;
            const char *name = slot_name(machine_isa(a), i, &element);
            snprintf(text, size, "%s[%u] is 0x%x and 0x%x", name, element, machine_slot(a, i), machine_slot(b, i));
            return text;
        }
    return NULL;
}

static const char *memory_difference(const struct machine *a, const struct machine *b, char *text, size_t size)
{
    uint8_t left[4096], right[4096];
    for (uint32_t at = 0; at < machine_memory_size(a);) {
        uint32_t rest = machine_memory_size(a) - at, length = rest < sizeof left ? rest : (uint32_t)sizeof left;
        machine_read(a, at, left, length);
        machine_read(b, at, right, length);
        for (uint32_t i = 0; i < length; i++)
            if (left[i] != right[i]) {
                snprintf(text, size, "memory at 0x%x is 0x%02x and 0x%02x", at + i, left[i], right[i]);
                return text;
            }
        at += length;
    }
    return NULL;
}

static const char *bytes_difference(const char *what, const uint8_t *a, size_t a_length, const uint8_t *b,
                                    size_t b_length, char *text, size_t size)
{
    if (a_length == b_length && (a_length == 0 || memcmp(a, b, a_length) == 0))
        return NULL;
    snprintf(text, size, "the %s differs (%zu and %zu bytes)", what, a_length, b_length);
    return text;
}

const char *random_program_difference(const struct machine *a, const struct machine *b, char *text, size_t size)
{
    struct machine_time s = machine_time(a), t = machine_time(b);
    if (s.instructions != t.instructions || s.traps != t.traps || s.idle != t.idle || s.cycles != t.cycles) {
        snprintf(text, size, "time is %ju/%ju/%ju/%ju and %ju/%ju/%ju/%ju (instructions, traps, idle, cycles)",
                 (uintmax_t)s.instructions, (uintmax_t)s.traps, (uintmax_t)s.idle, (uintmax_t)s.cycles,
                 (uintmax_t)t.instructions, (uintmax_t)t.traps, (uintmax_t)t.idle, (uintmax_t)t.cycles);
        return text;
    }
    size_t a_length, b_length;
    const char *found = state_difference(a, b, text, size);
    if (!found)
        found = memory_difference(a, b, text, size);
    const uint8_t *left = machine_console(a, 0, &a_length), *right = machine_console(b, 0, &b_length);
    if (!found)
        found = bytes_difference("console output", left, a_length, right, b_length, text, size);
    left = machine_disk(a, 0, &a_length);
    right = machine_disk(b, 0, &b_length);
    return found ? found : bytes_difference("disk", left, a_length, right, b_length, text, size);
}
