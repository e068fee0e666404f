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

const struct vmm_step *vmm_prepare_word(struct vmm_isa *isa, const struct pg74_instruction *instruction, uint32_t word,
                                        struct vmm_key *key, uint32_t guest_mode)
{
    static struct vmm_known known = { .has_word = true };

    known.word = word;
    known.key = key;
    known.guest_mode = guest_mode;
    for (unsigned i = 0; i < instruction->field_count && i < VMM_MOST_FIELDS; i++)
        known.fields[i] = field_value(&isa->fields[instruction->first_field + i], word);
    return vmm_prepare(isa, &instruction->program, &known);
}

const struct vmm_decoded *vmm_decode_now(struct vmm_isa *isa, uint32_t word, uint32_t mode, struct vmm_decoded *decoded)
{
    static struct vmm_key key = { .count = 1 };
    const struct vmm_step *program = vmm_paragraph(isa, PG74_ON_ILLEGAL, mode >> 1);
    const struct pg74_instruction *found = NULL;

    for (unsigned i = 0; i < isa->module->instruction_count && !found; i++)
        if ((word & isa->instructions[i].mask) == isa->instructions[i].match)
            found = &isa->instructions[i];
    key.slots[0] = isa->mode;
    key.values[0] = mode & 1;
    if (found)
        program = vmm_prepare_word(isa, found, word, &key, mode >> 1);
    *decoded = (struct vmm_decoded){ word, mode, found, program }; /* now: preparing may have emptied the table */
    return decoded;
}
