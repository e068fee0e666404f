/* simplify.c: witnesses that people can read. The solver is asked for round numbers where memory is concerned; all else
 * is made simpler afterwards, piece by piece, as long as the witness still replays: zeros, round numbers, registers a0,
 * a1, ..., and no byte of memory that does not matter. */
#include "classifier/internal.h"

#include <string.h>

/* Where frames should be, how large they should be, and how large memory. */
static uint32_t round_number(const struct isa *isa)
{
    return isa_word_bits(isa) >= 16 ? 0x1000 : 0x20;
}

static uint32_t round_memory(const struct isa *isa)
{
    return isa_word_bits(isa) >= 24 ? 0x100000 : classifier_least_memory(isa);
}

/* ---- Hints ------------------------------------------------------------------------------------------------------- */

static Z3_ast low_address(struct classifier *c, const struct isa *isa, Z3_ast hints, Z3_ast address)
{
    uint32_t limit = isa_word_bits(isa) >= 16 ? 0x10000 : classifier_least_memory(isa);
    return classifier_both(c, hints, Z3_mk_bvult(c->z3, address, classifier_number(c, ADDRESS_BITS, limit)));
}

Z3_ast classifier_hints(struct subject *subject, const struct query *query)
{
    struct classifier *c = subject->c;
    const struct isa *isa = subject->isa;
    unsigned bits = isa_word_bits(isa);
    Z3_ast hints = Z3_mk_true(c->z3);
    bool memory = query->stray != NULL;
    for (unsigned i = 0; i < query->state_count; i++) {
        const struct path *path = query->paths[i];
        for (unsigned k = 0; k < path->reads.count; k++)
            if (path->reads.items[k].kind == READ_BYTE) {
                memory = true;
                hints = low_address(c, isa, hints, path->reads.items[k].where);
            }
        for (unsigned k = 0; k < path->stores.count; k++) {
            memory = true;
            hints = low_address(c, isa, hints, path->stores.items[k].address);
        }
        hints = classifier_both(c, hints, Z3_mk_eq(c->z3, query->states[i]->memory_size,
                                                   classifier_number(c, bits, round_memory(isa))));
    }
    for (unsigned i = 0; i < isa_state_count(isa) && memory; i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        if (subject->mentioned[i] && s->role == ISA_ROLE_RELOCATION && !s->is_array)
            hints = classifier_both(c, hints, Z3_mk_eq(c->z3, query->states[0]->scalars[i],
                                                       classifier_number(c, s->width, round_number(isa))));
    }
    return memory ? hints : NULL;
}

/* ---- States ------------------------------------------------------------------------------------------------------ */

static bool replays(struct subject *subject, struct classifier_witness *witness)
{
    return classifier_replay(subject->isa, witness, subject->pool);
}

/* Tries two values for a slot of the two states (of one: the first), and takes them back if the witness is lost. */
static bool try_slot(struct subject *subject, struct classifier_witness *witness, unsigned slot, uint32_t a, uint32_t b)
{
    uint32_t values[2] = {a, b}, old[2] = {0, 0};
    for (unsigned i = 0; i < witness->state_count; i++) {
        old[i] = witness->states[i].slots[slot];
        witness->states[i].slots[slot] = values[i];
    }
    if (replays(subject, witness))
        return true;
    for (unsigned i = 0; i < witness->state_count; i++)
        witness->states[i].slots[slot] = old[i];
    return false;
}

/* Where the two states agree in the slot they go on to; where they differ, equal values are tried first. */
static void simplify_slot(struct subject *subject, struct classifier_witness *witness, const struct isa_state *s,
                          unsigned slot)
{
    uint32_t large = round_number(subject->isa), most = UINT32_MAX >> (32 - s->width);
    bool wide = s->role == ISA_ROLE_RELOCATION || s->role == ISA_ROLE_PROGRAM_COUNTER || s->role == ISA_ROLE_GENERAL;
    uint32_t candidates[] = {0, wide ? large : 1, wide ? 2 * large : 2, 1};
    bool same = witness->state_count == 1 || witness->states[0].slots[slot] == witness->states[1].slots[slot];
    bool from_zero = s->role != ISA_ROLE_RELOCATION && s->role != ISA_ROLE_PROGRAM_COUNTER;
    if (from_zero && same && witness->states[0].slots[slot] == 0)
        return;
    for (unsigned i = from_zero ? 0 : 1; i < 4; i++) {
        uint32_t value = candidates[i], before = i > 0 ? candidates[i - 1] : 0;
        if (value > most)
            continue;
        if (try_slot(subject, witness, slot, value, value) ||
            (!same && before < value && try_slot(subject, witness, slot, before, value)))
            return;
    }
}

static void simplify_states(struct subject *subject, struct classifier_witness *witness, bool relocation)
{
    for (unsigned i = 0; i < isa_state_count(subject->isa); i++) {
        const struct isa_state *s = isa_state_at(subject->isa, i);
        for (unsigned k = 0; k < s->count && subject->mentioned[i]; k++)
            if (s->role != ISA_ROLE_MODE && s->role != ISA_ROLE_GUEST_MODE && (s->role == ISA_ROLE_RELOCATION) == relocation)
                simplify_slot(subject, witness, s, s->slot + k);
    }
}

static void simplify_memory_size(struct subject *subject, struct classifier_witness *witness)
{
    uint32_t old[2] = {witness->states[0].memory_size, witness->states[1].memory_size},
             size = round_memory(subject->isa);
    for (unsigned smaller = 1; smaller <= 2; smaller++) { /* the same in both, or else one half of the other */
        witness->states[0].memory_size = size;
        witness->states[1].memory_size = size / smaller;
        if (witness->states[1].memory_size >= classifier_least_memory(subject->isa) && replays(subject, witness))
            return;
    }
    witness->states[0].memory_size = old[0];
    witness->states[1].memory_size = old[1];
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static void set_if_there(struct concrete *state, uint32_t address, uint8_t value)
{
    for (unsigned i = 0; i < state->bytes.count; i++)
        if (state->bytes.items[i].address == address)
            state->bytes.items[i].value = value;
}

/* A byte becomes zero, or else 1, in both states if they have one memory. */
static void simplify_byte(struct subject *subject, struct classifier_witness *witness, unsigned state, unsigned index)
{
    struct byte byte = witness->states[state].bytes.items[index];
    bool both = witness->state_count == 2 && !classifier_moved(subject->isa, witness->perturbation);
    for (uint8_t value = 0; value < 2 && value < byte.value; value++) {
        for (unsigned i = 0; i < witness->state_count; i++)
            if (i == state || both)
                set_if_there(&witness->states[i], byte.address, value);
        if (replays(subject, witness))
            return;
    }
    for (unsigned i = 0; i < witness->state_count; i++)
        if (i == state || both)
            set_if_there(&witness->states[i], byte.address, byte.value);
}

static void simplify_memory(struct subject *subject, struct classifier_witness *witness)
{
    for (unsigned state = 0; state < witness->state_count; state++)
        for (unsigned i = 0; i < witness->states[state].bytes.count; i++)
            simplify_byte(subject, witness, state, i);
    for (unsigned state = 0; state < witness->state_count; state++) { /* zeros need no mention */
        struct concrete *s = &witness->states[state];
        unsigned kept = 0;
        for (unsigned i = 0; i < s->bytes.count; i++)
            if (s->bytes.items[i].value != 0)
                s->bytes.items[kept++] = s->bytes.items[i];
        s->bytes.count = kept;
    }
}

/* ---- The word ---------------------------------------------------------------------------------------------------- */

/* Another word has to be as good as the old one: where that was to be not privileged, it is not privileged either, as far
 * as the state tells in which the old one was not. */
static bool word_replays(struct subject *subject, const struct query *query, struct classifier_witness *witness)
{
    return (!query->unprivileged || classifier_is_unprivileged(subject, witness->word, &query->shown)) &&
           replays(subject, witness);
}

static void exchange(uint32_t *slots, uint32_t a, uint32_t b)
{
    uint32_t value = slots[a];
    slots[a] = slots[b];
    slots[b] = value;
}

/* Register fields name a0, a1, ... (or the first registers of a small file), with the values that the old ones had. */
static void simplify_register(struct subject *subject, struct query *query, struct classifier_witness *witness,
                              const struct isa_field *field, unsigned *next)
{
    const struct isa_state *file = isa_state_at(subject->isa, field->state);
    uint32_t old_word = witness->word, from = isa_field_get(field, old_word),
             to = (file->count >= 32 ? 10 : 0) + (*next)++;
    if (to >= file->count || from >= file->count || (int)from == file->zero || from == to)
        return;
    for (unsigned attempt = 0; attempt < 2; attempt++) { /* do, and undo if that is no good */
        for (unsigned i = 0; i < witness->state_count; i++)
            exchange(&witness->states[i].slots[file->slot], from, to);
        if (query->unprivileged)
            exchange(&query->shown.state.slots[file->slot], from, to);
        witness->word = attempt == 0 ? isa_field_put(field, old_word, to) : old_word;
        if (attempt == 0 && word_replays(subject, query, witness))
            return;
    }
}

static void simplify_word(struct subject *subject, struct query *query, struct classifier_witness *witness)
{
    const struct isa_instruction *instruction = subject->instruction;
    unsigned next = 0;
    for (unsigned i = instruction->field_count; i-- > 0;) { /* the lowest first: with RISC-V that is rd */
        const struct isa_field *field = &instruction->fields[i];
        uint32_t old = witness->word;
        if (field->kind == ISA_REGISTER) {
            simplify_register(subject, query, witness, field, &next);
            continue;
        }
        witness->word = isa_field_put(field, old, 0);
        if (!word_replays(subject, query, witness))
            witness->word = old;
    }
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

/* Its own slots and bytes, so that the given witness stays as it is. */
static struct classifier_witness *copy_of(struct subject *subject, const struct classifier_witness *witness)
{
    struct classifier_witness *copy = classifier_allocate(subject->pool, sizeof *copy);
    size_t size = isa_slots(subject->isa) * sizeof(uint32_t);
    *copy = *witness;
    for (unsigned i = 0; i < witness->state_count; i++) {
        const struct concrete *state = &witness->states[i];
        copy->states[i].slots = memcpy(classifier_allocate(subject->pool, size), state->slots, size);
        copy->states[i].bytes.items =
            classifier_allocate(subject->pool, (state->bytes.count + 1) * sizeof *state->bytes.items);
        copy->states[i].bytes.capacity = state->bytes.count + 1;
        for (unsigned k = 0; k < state->bytes.count; k++)
            copy->states[i].bytes.items[k] = state->bytes.items[k];
        copy->effects[i] = (struct effects){.slots = NULL};
    }
    return copy;
}

/* R first, so that a frame is a round number of bytes somewhere; then the rest. The given witness stands where
 * simplifying has lost what replaying cannot see. */
struct classifier_witness *classifier_simplest(struct subject *subject, struct query *query,
                                               struct classifier_witness *witness)
{
    struct classifier_witness *simple = copy_of(subject, witness);
    Z3_ast ignored = NULL;
    simplify_memory_size(subject, simple);
    simplify_states(subject, simple, true);
    simplify_word(subject, query, simple);
    simplify_states(subject, simple, false);
    simplify_memory(subject, simple);
    bool good = replays(subject, simple) && classifier_sound(subject, query, simple, NULL, &ignored) == CLASSIFIER_YES;
    return good ? simple : witness;
}
