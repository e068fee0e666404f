/* sentence.c: a witness in words. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <string.h>

const char *classifier_state_name(const struct isa *isa, unsigned state, unsigned element, char *text, size_t size)
{
    const struct isa_state *s = isa_state_at(isa, state);
    if (!s->is_array)
        snprintf(text, size, "%s", s->name);
    else if (s->names != NULL)
        snprintf(text, size, "%s", s->names[element]);
    else
        snprintf(text, size, "%s[%u]", s->name, element);
    return text;
}

/* Small numbers as people write them. */
static const char *number(uint32_t value, char *text, size_t size)
{
    snprintf(text, size, value < 10 ? "%" PRIu32 : "0x%" PRIx32, value);
    return text;
}

const char *classifier_mode_name(const struct isa *isa, bool user)
{
    if (isa_is_guest_view(isa))
        return user ? "guest" : "host";
    return user ? "user" : "supervisor";
}

static const char *mode_name(const struct isa *isa, const struct concrete *state)
{
    return classifier_mode_name(isa, classifier_in_user_mode(isa, state));
}

/* The names of what the two states differ in: "base and bound". */
static void name_differences(const struct isa *isa, const struct classifier_witness *witness, char *text, size_t size)
{
    char name[64];
    size_t length = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        for (unsigned k = 0; k < s->count && length < size; k++)
            if (witness->states[0].slots[s->slot + k] != witness->states[1].slots[s->slot + k])
                length += (size_t)snprintf(text + length, size - length, "%s%s", length > 0 ? " and " : "",
                                           classifier_state_name(isa, i, k, name, sizeof name));
    }
    if (witness->states[0].device != witness->states[1].device && length < size)
        length +=
            (size_t)snprintf(text + length, size - length, "%sthe state of the devices", length > 0 ? " and " : "");
    if (length == 0)
        snprintf(text, size, "%s",
                 witness->states[0].memory_size != witness->states[1].memory_size
                     ? "the size of physical memory"
                     : "physical memory that no virtual address leads to");
}

static void control_sentence(const struct isa *isa, const struct classifier_witness *witness, const char *assembly,
                             char *text, size_t size)
{
    const struct difference *d = &witness->difference;
    const char *mode = mode_name(isa, &witness->states[0]);
    char name[64], before[16], after[16];
    number(d->values[0], before, sizeof before);
    number(d->values[1], after, sizeof after);
    if (d->kind == DIFFERENCE_STATE)
        snprintf(text, size, "In %s mode, '%s' changes %s from %s to %s without a trap.", mode, assembly,
                 classifier_state_name(isa, d->state, d->element, name, sizeof name), before, after);
    else if (d->kind == DIFFERENCE_DEVICE)
        snprintf(text, size, "In %s mode, '%s' changes the state of the devices without a trap.", mode, assembly);
    else
        snprintf(text, size,
                 "In %s mode, '%s' changes the byte at physical address 0x%" PRIx32 ", which R does not give it, "
                 "from %s to %s without a trap.",
                 mode, assembly, d->address, before, after);
}

/* Of a mode pair: does one of the states keep what the other changes? Then it ignores a write. It does not, if it writes
 * what stands there already: something else there would not be kept. */
static bool ignores(const struct classifier_report *report, const struct classifier_witness *witness, unsigned state)
{
    const struct difference *d = &witness->difference;
    unsigned slot = isa_state_at(report->isa, d->state)->slot + d->element;
    if (d->kind != DIFFERENCE_STATE || witness->effects[!state].outcome.end == ISA_TRAPPED ||
        witness->effects[state].outcome.end == ISA_TRAPPED ||
        witness->effects[state].slots[slot] != witness->states[state].slots[slot] ||
        isa_state_at(report->isa, d->state)->role == ISA_ROLE_PROGRAM_COUNTER)
        return false;
    struct concrete other = witness->states[state];
    struct effects effects = {.slots = NULL};
    other.slots = classifier_allocate(report->pool, witness->slots * sizeof *other.slots);
    memcpy(other.slots, witness->states[state].slots, witness->slots * sizeof *other.slots);
    other.slots[slot] ^= 1;
    classifier_run(report->isa, witness->instruction, witness->word, &other, &witness->devices, report->pool, &effects);
    return effects.outcome.end != ISA_TRAPPED && effects.slots[slot] == other.slots[slot];
}

/* `state` is the one that ignores the write. */
static void mode_sentence(const struct isa *isa, const struct classifier_witness *witness, unsigned state,
                          const char *assembly, char *text, size_t size)
{
    const struct difference *d = &witness->difference;
    char name[64], before[16], after[16];
    number(witness->states[!state].slots[isa_state_at(isa, d->state)->slot + d->element], before, sizeof before);
    number(d->values[!state], after, sizeof after);
    snprintf(text, size,
             "In %s mode, '%s' ignores the write to %s that it makes in %s mode (from %s to %s), without a trap.",
             mode_name(isa, &witness->states[state]), assembly,
             classifier_state_name(isa, d->state, d->element, name, sizeof name),
             mode_name(isa, &witness->states[!state]), before, after);
}

static void pair_sentence(const struct isa *isa, const struct classifier_witness *witness, const char *assembly,
                          char *text, size_t size)
{
    const struct difference *d = &witness->difference;
    char in[64], name[64], differ[256], a[16], b[16];
    name_differences(isa, witness, differ, sizeof differ);
    number(d->values[0], a, sizeof a);
    number(d->values[1], b, sizeof b);
    if (witness->perturbation == PERTURB_MODE)
        snprintf(in, sizeof in, "two states");
    else
        snprintf(in, sizeof in, "two %s-mode states", mode_name(isa, &witness->states[0]));
    if (d->kind == DIFFERENCE_STATE)
        snprintf(text, size, "In %s that differ in %s alone, '%s' makes %s %s in the one and %s in the other.", in,
                 differ, assembly, classifier_state_name(isa, d->state, d->element, name, sizeof name), a, b);
    else if (d->kind == DIFFERENCE_MEMORY)
        snprintf(text, size, "In %s that differ in %s alone, '%s' makes the byte at virtual address 0x%" PRIx32
                 " %s in the one and %s in the other.", in, differ, assembly, d->address, a, b);
    else if (d->kind == DIFFERENCE_DEVICE)
        snprintf(text, size, "In %s that differ in %s alone, '%s' leaves the devices in different states.", in, differ,
                 assembly);
    else
        snprintf(text, size, "In %s that differ in %s alone, '%s' traps in the %s and not in the %s.", in, differ,
                 assembly, witness->effects[0].outcome.end == ISA_TRAPPED ? "first" : "second",
                 witness->effects[0].outcome.end == ISA_TRAPPED ? "second" : "first");
}

void classifier_witness_sentence(const struct classifier_report *report, const struct classifier_witness *witness,
                                 char *text, size_t size)
{
    const struct isa *isa = report->isa;
    char assembly[128];
    uint32_t pc = witness->states[0].slots[isa_program_counter(isa)->slot];
    isa_disassemble(isa, witness->word, pc, NULL, NULL, assembly, sizeof assembly);
    if (witness->property == CLASSIFIER_PRIVILEGED)
        snprintf(text, size, isa_is_guest_view(isa) ? "'%s' exits from guest mode." : "'%s' traps in user mode and not in supervisor mode.", assembly);
    else if (witness->perturbation == PERTURB_NOTHING)
        control_sentence(isa, witness, assembly, text, size);
    else if (witness->perturbation == PERTURB_MODE && ignores(report, witness, 1))
        mode_sentence(isa, witness, 1, assembly, text, size);
    else if (witness->perturbation == PERTURB_MODE && ignores(report, witness, 0))
        mode_sentence(isa, witness, 0, assembly, text, size);
    else
        pair_sentence(isa, witness, assembly, text, size);
}

bool classifier_words_sentence(const struct findings *findings, char *text, size_t size)
{
    if (findings->condition == NULL && findings->exact)
        snprintf(text, size, "For all of its words.");
    else if (findings->exact)
        snprintf(text, size, "Exactly for words in which %s.", findings->condition);
    else if (findings->condition != NULL && findings->exception != NULL)
        snprintf(text, size, "Only for words in which %s; and not for all of these: not for '%s'.",
                 findings->condition, findings->exception);
    else if (findings->condition != NULL)
        snprintf(text, size, "Only for words in which %s.", findings->condition);
    else if (findings->exception != NULL)
        snprintf(text, size, "Not for all of its words: not for '%s'.", findings->exception);
    else
        return false;
    return true;
}

bool classifier_states_sentence(const struct findings *findings, const char *open, const char *close, char *text, size_t size)
{
    const char *where = findings->where, *always = findings->always;
    char only[300] = "";
    if (where != NULL)
        snprintf(only, sizeof only, "Only where %s%s%s.%s", open, where, close, always != NULL ? " " : "");
    if (always == NULL)
        snprintf(text, size, "%s", only);
    else if (always[0] == '\0')
        snprintf(text, size, "%sThe word shown violates in all such states, memory traps aside.", only);
    else
        snprintf(text, size, "%sThe word shown violates %s %s%s%s.", only,
                 findings->always_exact ? "exactly where" : "wherever", open, always, close);
    return text[0] != '\0';
}

void classifier_entry_sentence(const struct classifier_report *entry, char *text, size_t size)
{
    static const char intro[] = "Trap entry ('on trap' and 'on interrupt', where they do not exit)";
    size_t length = 0;
    if (classifier_theorem(entry, CLASSIFIER_THEOREM_2, false) == CLASSIFIER_YES)
        snprintf(text, size, "%s changes nothing that is the host's, and shows no resource and no time of the host.", intro);
    else
        length = (size_t)snprintf(text, size, "%s violates a theorem, too.", intro);
    for (unsigned i = 0; i < isa_instruction_count(entry->isa) && length > 0 && length + 2 < size; i++)
        if (classifier_reason(entry, i) != NULL) {
            text[length++] = ' ';
            classifier_witness_sentence(entry, classifier_reason(entry, i), text + length, size - length);
            length += strlen(text + length);
        }
}
