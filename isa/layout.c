/* layout.c: bit layouts -> fields, mask and match; the proof that encodings are disjoint; which words are left over. */
#include "isa/internal.h"

#include <string.h>

/* ---- Fields ------------------------------------------------------------------------------------------------------------ */

static struct isa_field *find_field(struct isa_instruction *instruction, const char *name)
{
    for (unsigned i = 0; i < instruction->field_count; i++)
        if (strcmp(instruction->fields[i].name, name) == 0)
            return &instruction->fields[i];
    return NULL;
}

static uint32_t ones(unsigned width)
{
    return width >= 32 ? UINT32_MAX : (1u << width) - 1;
}

/* Adds bits high to low of a field, standing in the word from bit `word_low` up. */
static bool add_piece(struct isa_instruction *instruction, const struct layout_item *item, unsigned word_low,
                      struct isa_diagnostics *diagnostics)
{
    struct isa_field *field = find_field(instruction, item->field);
    if (!field) {
        if (instruction->field_count == ISA_MOST_FIELDS) {
            isa_diagnostics_error(diagnostics, &item->place, ISA_EXIT_DATA, NULL, "an instruction has at most %d fields",
                                  ISA_MOST_FIELDS);
            return false;
        }
        field = &instruction->fields[instruction->field_count++];
        field->name = item->field;
    }
    uint32_t bits = ones(item->high - item->low + 1) << item->low, taken = 0;
    for (unsigned i = 0; i < field->piece_count; i++)
        taken |= ones(field->pieces[i].width) << field->pieces[i].field_low;
    if (bits & taken || field->piece_count == ISA_MOST_PIECES) {
        isa_diagnostics_error(diagnostics, &item->place, ISA_EXIT_DATA, NULL,
                              bits & taken ? "bits of the field `%s` stand here twice" : "the field `%s` has too many pieces",
                              item->field);
        return false;
    }
    field->pieces[field->piece_count++] = (struct isa_piece){.word_low = (uint8_t)word_low, .field_low = (uint8_t)item->low,
                                                             .width = (uint8_t)(item->high - item->low + 1)};
    if (item->high + 1 > field->width)
        field->width = item->high + 1;
    return true;
}

static unsigned item_width(const struct layout_item *item)
{
    return item->bits ? (unsigned)strlen(item->bits) : item->high - item->low + 1;
}

bool isa_make_layout(const struct declaration *declaration, struct isa_instruction *instruction,
                     struct isa_diagnostics *diagnostics)
{
    unsigned total = 0;
    for (const struct layout_item *item = declaration->layout; item; item = item->next)
        total += item_width(item);
    if (total != instruction->bits) {
        isa_diagnostics_error(diagnostics, &declaration->layout->place, ISA_EXIT_DATA,
                              "every bit must be given: 0, 1 or a field",
                              "the layout of `%s` has %u bits, an instruction has %u", declaration->name, total,
                              instruction->bits);
        return false;
    }
    unsigned low = total;
    for (const struct layout_item *item = declaration->layout; item; item = item->next) {
        low -= item_width(item);
        if (!item->bits && !add_piece(instruction, item, low, diagnostics))
            return false;
        for (unsigned i = 0; item->bits && item->bits[i]; i++) {
            unsigned bit = low + item_width(item) - 1 - i;
            instruction->mask |= 1u << bit;
            instruction->match |= (uint32_t)(item->bits[i] - '0') << bit;
        }
    }
    return true;
}

uint32_t isa_field_get(const struct isa_field *field, uint32_t word)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < field->piece_count; i++) {
        const struct isa_piece *piece = &field->pieces[i];
        value |= (word >> piece->word_low & ones(piece->width)) << piece->field_low;
    }
    return value;
}

uint32_t isa_field_put(const struct isa_field *field, uint32_t word, uint32_t value)
{
    for (unsigned i = 0; i < field->piece_count; i++) {
        const struct isa_piece *piece = &field->pieces[i];
        uint32_t mask = ones(piece->width) << piece->word_low;
        word = (word & ~mask) | ((value >> piece->field_low) << piece->word_low & mask);
    }
    return word;
}

/* ---- Disjointness ------------------------------------------------------------------------------------------------------ */

/* Two encodings share a word unless some bit is fixed by both, and differently. */
void isa_check_disjoint(const struct isa *isa, struct declaration *const *declarations, struct isa_diagnostics *diagnostics)
{
    for (unsigned j = 0; j < isa->instruction_count; j++) {
        const struct isa_instruction *later = &isa->instructions[j];
        for (unsigned i = 0; i < j; i++) {
            const struct isa_instruction *earlier = &isa->instructions[i];
            if (earlier->mask & later->mask & (earlier->match ^ later->match))
                continue;
            isa_diagnostics_error(diagnostics, &declarations[j]->layout->place, ISA_EXIT_DATA,
                                  "make a bit that both fix differ", "the word 0x%0*x is both `%s` and `%s`",
                                  (int)((isa->instruction_bits + 3) / 4), earlier->match | later->match, earlier->name,
                                  later->name);
            break;
        }
    }
}

/* ---- What is left over ------------------------------------------------------------------------------------------------- */

struct search {
    const struct isa *isa;
    bool (*each)(void *context, const char *pattern);
    void *context;
    bool stopped;
};

static void report(struct search *search, uint32_t mask, uint32_t match)
{
    char pattern[33];
    unsigned bits = search->isa->instruction_bits;
    for (unsigned i = 0; i < bits; i++) {
        uint32_t bit = 1u << (bits - 1 - i);
        pattern[i] = !(mask & bit) ? '-' : match & bit ? '1' : '0';
    }
    pattern[bits] = '\0';
    search->stopped = !search->each(search->context, pattern);
}

/* The bit, among those not yet fixed, that most of the candidates fix. */
static uint32_t best_bit(const struct isa *isa, const uint16_t *candidates, unsigned count, uint32_t fixed)
{
    uint32_t best = 0;
    unsigned best_votes = 0;
    for (unsigned i = isa->instruction_bits; i-- > 0;) {
        unsigned votes = 0;
        for (unsigned c = 0; c < count; c++)
            votes += (isa->instructions[candidates[c]].mask & ~fixed) >> i & 1;
        if (votes > best_votes) {
            best = 1u << i;
            best_votes = votes;
        }
    }
    return best;
}

/* Reports the words under (mask, match) that none of the candidates takes: splits on a bit until one side is clear. */
static void split(struct search *search, uint32_t mask, uint32_t match, const uint16_t *candidates, unsigned count)
{
    uint16_t kept[512];
    unsigned kept_count = 0;
    for (unsigned c = 0; c < count; c++) {
        const struct isa_instruction *instruction = &search->isa->instructions[candidates[c]];
        if (instruction->mask & mask & (instruction->match ^ match))
            continue;
        if ((instruction->mask & ~mask) == 0)
            return; /* it takes all of these words */
        kept[kept_count++] = candidates[c];
    }
    if (search->stopped)
        return;
    if (kept_count == 0) {
        report(search, mask, match);
        return;
    }
    uint32_t bit = best_bit(search->isa, kept, kept_count, mask);
    split(search, mask | bit, match, kept, kept_count);
    split(search, mask | bit, match | bit, kept, kept_count);
}

void isa_unassigned(const struct isa *isa, bool (*each)(void *context, const char *pattern), void *context)
{
    struct search search = {.isa = isa, .each = each, .context = context};
    uint16_t all[512];
    for (unsigned i = 0; i < isa->instruction_count; i++)
        all[i] = (uint16_t)i;
    split(&search, 0, 0, all, isa->instruction_count);
}
