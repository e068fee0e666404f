/* decode.c: from a word to its instruction: buckets by the bits that every instruction fixes, then mask and match. */
#include "isa/internal.h"

enum { MOST_KEY_BITS = 10 };

/* The bits of `word` under `mask`, packed together. */
static uint32_t gather(uint32_t word, uint32_t mask)
{
    uint32_t key = 0;
    for (unsigned position = 0; mask; mask &= mask - 1, position++)
        key |= (word >> __builtin_ctz(mask) & 1) << position;
    return key;
}

void isa_make_decoder(struct isa *isa)
{
    uint32_t common = UINT32_MAX >> (32 - isa->instruction_bits);
    for (unsigned i = 0; i < isa->instruction_count; i++)
        common &= isa->instructions[i].mask;
    while (__builtin_popcount(common) > MOST_KEY_BITS)
        common &= common - 1;
    isa->key_mask = common;
    isa->buckets = isa_arena_allocate(isa->arena, (1u << __builtin_popcount(common)) * sizeof *isa->buckets);
    isa->bucket_next = isa_arena_allocate(isa->arena, (isa->instruction_count + 1) * sizeof *isa->bucket_next);
    for (unsigned i = isa->instruction_count; i-- > 0;) {
        uint16_t *bucket = &isa->buckets[gather(isa->instructions[i].match, common)];
        isa->bucket_next[i] = *bucket;
        *bucket = (uint16_t)(i + 1);
    }
}

const struct isa_instruction *isa_decode(const struct isa *isa, uint32_t word)
{
    if (isa->instruction_bits < 32 && word >> isa->instruction_bits)
        return NULL;
    for (unsigned i = isa->buckets[gather(word, isa->key_mask)]; i; i = isa->bucket_next[i - 1]) {
        const struct isa_instruction *instruction = &isa->instructions[i - 1];
        if ((word & instruction->mask) == instruction->match)
            return instruction;
    }
    return NULL;
}
