/* decode.c: from an instruction word to its instruction and fields, by the masks in the boot module.
 *
 * Searching the instructions one by one is slow, and guests trap on the same few words over and over: so a table
 * remembers the words decoded last, each at the place that its hash gives.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

static uint32_t field_value(const struct pg74_field *field, uint32_t word)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < field->piece_count; i++) {
        unsigned width = field->pieces[i].width;
        uint32_t bits = word >> field->pieces[i].word_low & ~UINT32_C(0) >> (32 - width);
        value |= bits << field->pieces[i].field_low;
    }
    return value;
}

static void decode(struct vmm_isa *isa, uint32_t word, struct vmm_decoded *decoded)
{
    decoded->instruction = NULL;
    decoded->program = &isa->prepared[PG74_ON_ILLEGAL];
    for (unsigned i = 0; i < isa->module->instruction_count; i++) {
        const struct pg74_instruction *instruction = &isa->instructions[i];
        if ((word & instruction->mask) != instruction->match)
            continue;
        decoded->instruction = instruction;
        decoded->program = vmm_prepare(isa, &instruction->program);
        for (unsigned j = 0; j < instruction->field_count && j < VMM_MOST_FIELDS; j++)
            decoded->fields[j] = field_value(&isa->fields[instruction->first_field + j], word);
        break;
    }
    decoded->word = word; /* last: preparing may have emptied the table */
}

const struct vmm_decoded *vmm_decode(struct vmm_isa *isa, uint32_t word)
{
    /* The golden ratio's multiplicative hash: its highest bits depend on all bits of the word. */
    _Static_assert(VMM_DECODED == 1 << (32 - 25), "the shift below");
    struct vmm_decoded *decoded = &isa->decoded[word * UINT32_C(0x9e3779b1) >> 25];

    /* An entry never used holds the word 0, and no instruction: so 0 itself is never taken from the table. */
    if (decoded->word != word || word == 0)
        decode(isa, word, decoded);
    return decoded;
}
