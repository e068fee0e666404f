/* fast_window.c: the window: for how many virtual addresses from 0 up an access is only moved. It does not depend on
 * memory, so that it holds for as long as its context exists. */
#include "machine/fast.h"

static bool holds_up_to(struct fast_proof *proof, uint32_t last)
{
    proof->last = last;
    return machine_fast_prove(proof) && proof->distance >= 0;
}

uint32_t machine_fast_window(const struct isa *isa, const uint32_t *state, uint32_t memory_size, unsigned size,
                             unsigned access, uint32_t *offset)
{
    struct fast_proof proof = {
        .isa = isa, .state = state, .memory_size = memory_size, .size = size, .access = access};
    uint64_t greatest = UINT64_MAX >> (64 - isa_word_bits(isa));
    uint32_t low = 0, high = memory_size - size;
    if (high > greatest)
        high = (uint32_t)greatest;
    if (!holds_up_to(&proof, 0))
        return 0;
    *offset = (uint32_t)proof.distance;
    /* Each answer is a proof of its own, so the search need not assume that the longest window is found this way. */
    while (low < high) {
        uint32_t middle = low + (high - low + 1) / 2;
        if (holds_up_to(&proof, middle) && (uint32_t)proof.distance == *offset)
            low = middle;
        else
            high = middle - 1;
    }
    return low + 1;
}
