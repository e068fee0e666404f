/* condition.c: for which of its words an instruction violates a theorem. Each field is asked about in turn: is there a
 * violation with another value than the witness's, with zero, with one bit the other way? What must be so is a
 * condition that every violating word meets. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { WIDEST_FIELD = 12, LONGEST_CONDITION = 256 };

/* What is asked about, and the words that are known to violate it: each answer adds one, which answers others. */
struct inquiry {
    struct subject *subject;
    enum classifier_theorem theorem;
    Z3_ast not_privileged;
    LIST(uint32_t) words;
};

static bool is_known(const struct inquiry *inquiry, uint32_t mask, uint32_t bits, bool same)
{
    for (unsigned i = 0; i < inquiry->words.count; i++)
        if ((((inquiry->words.items[i] ^ bits) & mask) == 0) == same)
            return true;
    return false;
}

/* Does a word violate the theorem whose bits under `mask` are `bits` (or are not, `same` false)? UNKNOWN counts as yes:
 * then nothing is said. */
static bool violates_with(struct inquiry *inquiry, uint32_t mask, uint32_t bits, bool same)
{
    struct subject *subject = inquiry->subject;
    struct classifier *c = subject->c;
    unsigned width = subject->instruction->bits, undecided = subject->unknown->count;
    struct classifier_witness *witness = NULL;
    if (is_known(inquiry, mask, bits, same))
        return true;
    Z3_ast masked = Z3_mk_bvand(c->z3, subject->word, classifier_number(c, width, mask));
    Z3_ast also = Z3_mk_eq(c->z3, masked, classifier_number(c, width, bits & mask));
    also = classifier_both(c, inquiry->not_privileged, same ? also : classifier_negation(c, also));
    enum classifier_answer answer = classifier_violates_theorem(subject, inquiry->theorem, false, also, &witness);
    subject->unknown->count = undecided; /* a question of ours, not one of the verdict */
    if (answer == CLASSIFIER_YES)
        *APPEND(subject->pool, &inquiry->words) = witness->word;
    return answer != CLASSIFIER_NO;
}

static void add(char *condition, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(char *condition, const char *format, ...)
{
    size_t length = strlen(condition);
    va_list arguments;
    if (length > 0 && length + 5 < LONGEST_CONDITION)
        length += (size_t)snprintf(condition + length, LONGEST_CONDITION - length, " and ");
    va_start(arguments, format);
    vsnprintf(condition + length, LONGEST_CONDITION - length, format, arguments);
    va_end(arguments);
}

/* Where bit `bit` of the field stands in the word; 0 for a bit that no piece names. */
static uint32_t word_bit(const struct isa_field *field, unsigned bit)
{
    return isa_field_put(field, 0, UINT32_C(1) << bit);
}

static void ask_about(struct inquiry *inquiry, uint32_t word, const struct isa_field *field, char *condition)
{
    uint32_t mask = isa_field_put(field, 0, UINT32_MAX), value = isa_field_get(field, word);
    if (!violates_with(inquiry, mask, word, false)) {
        add(condition, "%s is %" PRIu32, field->name, value);
        return;
    }
    violates_with(inquiry, mask, ~word, true); /* one answer for all bits, if they are free */
    bool any = false;
    for (unsigned bit = 0; bit < field->width && field->width <= WIDEST_FIELD; bit++)
        if (word_bit(field, bit) != 0 && !violates_with(inquiry, word_bit(field, bit), ~word, true)) {
            add(condition, "%s[%u] is %u", field->name, bit, (value >> bit) & 1);
            any = true;
        }
    if (!any && value != 0 && !violates_with(inquiry, mask, 0, true))
        add(condition, "%s is not 0", field->name);
}

char *classifier_condition(struct subject *subject, enum classifier_theorem theorem, Z3_ast not_privileged,
                           uint32_t word, struct pool *pool)
{
    char condition[LONGEST_CONDITION] = "";
    struct inquiry inquiry = {.subject = subject, .theorem = theorem, .not_privileged = not_privileged};
    bool answer_only = subject->answer_only;
    *APPEND(subject->pool, &inquiry.words) = word;
    subject->answer_only = true;
    uint32_t mask = ~subject->instruction->mask & (UINT32_MAX >> (32 - subject->instruction->bits));
    violates_with(&inquiry, mask, ~word, true); /* words that differ in everything answer most of what follows */
    violates_with(&inquiry, mask, 0, true);
    for (unsigned i = 0; i < subject->instruction->field_count && !subject->contradiction; i++)
        ask_about(&inquiry, word, &subject->instruction->fields[i], condition);
    subject->answer_only = answer_only;
    return condition[0] != '\0' ? classifier_format(pool, "%s", condition) : NULL;
}
