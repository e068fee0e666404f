/* condition.c: for which of its words an instruction violates a theorem. Each field is asked about in turn: is there a
 * violation with another value than the witness's, with zero, with one bit the other way? What must be so is a
 * condition that every violating word meets.
 *
 * The condition is exact if every word that meets it violates. Where a register's number serves to name the register and
 * for nothing else, registers are alike, but for the one that is always zero: then it is asked for one word of each kind,
 * a kind being which of its registers are the same, and which are the zero one. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { WIDEST_FIELD = 12, LONGEST_CONDITION = 256, MOST_KINDS = 64, MOST_QUESTIONS = 12, FIRST_REGISTER = 10 };

/* One thing that a violating word must be: its bits under `mask` are `bits`, or are not. */
struct requirement { uint32_t mask, bits; bool same; };

/* What is asked about, and the words that are known to violate it: each answer adds one, which answers others. */
struct inquiry {
    struct subject *subject;
    enum classifier_theorem theorem;
    Z3_ast not_privileged;
    LIST(uint32_t) words;
    LIST(struct requirement) requirements;
    char condition[LONGEST_CONDITION];
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
    also = same ? also : classifier_negation(c, also);
    if (inquiry->not_privileged != NULL)
        also = classifier_both(c, inquiry->not_privileged, also);
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

static void require(struct inquiry *inquiry, uint32_t mask, uint32_t bits, bool same)
{
    *APPEND(inquiry->subject->pool, &inquiry->requirements) = (struct requirement){mask, bits, same};
}

static void ask_about(struct inquiry *inquiry, uint32_t word, const struct isa_field *field)
{
    char *condition = inquiry->condition;
    uint32_t mask = isa_field_put(field, 0, UINT32_MAX), value = isa_field_get(field, word);
    if (!violates_with(inquiry, mask, word, false)) {
        add(condition, "%s is %" PRIu32, field->name, value);
        require(inquiry, mask, word, true);
        return;
    }
    violates_with(inquiry, mask, ~word, true); /* one answer for all bits, if they are free */
    bool any = false;
    for (unsigned bit = 0; bit < field->width && field->width <= WIDEST_FIELD; bit++)
        if (word_bit(field, bit) != 0 && !violates_with(inquiry, word_bit(field, bit), ~word, true)) {
            add(condition, "%s[%u] is %u", field->name, bit, (value >> bit) & 1);
            require(inquiry, word_bit(field, bit), word, true);
            any = true;
        }
    if (!any && value != 0 && !violates_with(inquiry, mask, 0, true)) {
        add(condition, "%s is not 0", field->name);
        require(inquiry, mask, 0, false);
    }
}

/* ---- Is it exact? ------------------------------------------------------------------------------------------------ */

/* The registers that the instruction names by its fields, if their numbers serve for nothing else; or NULL. */
static const struct isa_state *named_registers(const struct subject *subject)
{
    const struct isa_program *program = &subject->instruction->program;
    const struct isa_state *registers = NULL;
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        bool accesses = node->operator == ISA_READ || node->operator == ISA_WRITE;
        const unsigned operands[] = {node->a, node->b, node->c};
        if (accesses && isa_state_at(subject->isa, node->a)->is_array) {
            if (program->nodes[node->b].operator != ISA_FIELD ||
                (registers != NULL && registers != isa_state_at(subject->isa, node->a)))
                return NULL;
            registers = isa_state_at(subject->isa, node->a);
        }
        for (unsigned k = accesses || node->operator == ISA_LOCAL_GET; k < 3; k++) {
            bool is_index = accesses && k == 1, is_value = node->operator == ISA_TRAP;
            if (node->operator == ISA_FIELD || operands[k] == ISA_NONE || operands[k] >= i)
                continue;
            const struct isa_node *operand = &program->nodes[operands[k]];
            bool is_register =
                operand->operator == ISA_FIELD && subject->instruction->fields[operand->a].kind == ISA_REGISTER;
            if ((is_register && !is_index) || (operand->operator == ISA_INSTRUCTION && !is_value))
                return NULL;
        }
    }
    return registers;
}

/* The word of the same kind whose registers are the first that are free. */
static uint32_t kind_of(const struct subject *subject, const struct isa_state *registers, uint32_t word)
{
    const struct isa_instruction *instruction = subject->instruction;
    uint32_t kind = word;
    for (unsigned i = 0; i < instruction->field_count && registers != NULL; i++) {
        const struct isa_field *field = &instruction->fields[i];
        uint32_t value = isa_field_get(field, word), first = FIRST_REGISTER + i;
        if (field->kind != ISA_REGISTER || (registers->zero >= 0 && value == (uint32_t)registers->zero))
            continue;
        for (unsigned k = 0; k < i; k++)
            if (instruction->fields[k].kind == ISA_REGISTER && isa_field_get(&instruction->fields[k], word) == value) {
                first = FIRST_REGISTER + k;
                break;
            }
        kind = isa_field_put(field, kind, first);
    }
    return kind;
}

typedef LIST(uint32_t) word_list;

/* A word of each kind, all of which differ from `field` on; false where there are too many. */
static bool list_kinds(const struct subject *subject, const struct isa_state *registers, unsigned number, uint32_t word,
                       word_list *kinds)
{
    const struct isa_instruction *instruction = subject->instruction;
    if (number == instruction->field_count) {
        if (kind_of(subject, registers, word) == word)
            *APPEND(subject->pool, kinds) = word;
        return kinds->count <= MOST_KINDS;
    }
    const struct isa_field *field = &instruction->fields[number];
    bool is_register = field->kind == ISA_REGISTER && registers != NULL;
    if (!is_register && field->width > 6)
        return false;
    for (uint32_t value = 0; value < (is_register ? number + 2 : UINT32_C(1) << field->width); value++) {
        uint32_t chosen = !is_register ? value : value <= number ? FIRST_REGISTER + value : (uint32_t)registers->zero;
        if (is_register && value > number && registers->zero < 0)
            continue;
        if (!list_kinds(subject, registers, number + 1, isa_field_put(field, word, chosen), kinds))
            return false;
    }
    return true;
}

static bool meets(const struct inquiry *inquiry, uint32_t word)
{
    for (unsigned i = 0; i < inquiry->requirements.count; i++) {
        const struct requirement *r = &inquiry->requirements.items[i];
        if ((((word ^ r->bits) & r->mask) == 0) != r->same)
            return false;
    }
    return true;
}

/* Does this word violate the theorem, and is that certain? */
static enum classifier_answer is_violator(struct inquiry *inquiry, const struct isa_state *registers, uint32_t word,
                                          unsigned *questions)
{
    uint32_t mask = ~inquiry->subject->instruction->mask & (UINT32_MAX >> (32 - inquiry->subject->instruction->bits));
    unsigned known = inquiry->words.count;
    for (unsigned i = 0; i < known; i++)
        if (kind_of(inquiry->subject, registers, inquiry->words.items[i]) == word)
            return CLASSIFIER_YES;
    if (++*questions > MOST_QUESTIONS)
        return CLASSIFIER_UNKNOWN;
    if (!violates_with(inquiry, mask, word, true))
        return CLASSIFIER_NO;
    return inquiry->words.count > known ? CLASSIFIER_YES : CLASSIFIER_UNKNOWN;
}

/* *exception becomes a word that meets the condition and does not violate, if one is found. */
static enum classifier_answer is_exact(struct inquiry *inquiry, uint32_t *exception)
{
    struct subject *subject = inquiry->subject;
    const struct isa_state *registers = named_registers(subject);
    unsigned questions = 0;
    word_list kinds = {.items = NULL};
    if (!list_kinds(subject, registers, 0, subject->instruction->match, &kinds))
        return CLASSIFIER_UNKNOWN;
    for (unsigned i = 0; i < kinds.count; i++) {
        enum classifier_answer answer =
            meets(inquiry, kinds.items[i]) ? is_violator(inquiry, registers, kinds.items[i], &questions) : CLASSIFIER_YES;
        *exception = kinds.items[i];
        if (answer != CLASSIFIER_YES || subject->contradiction)
            return answer;
    }
    return CLASSIFIER_YES;
}

void classifier_condition(struct subject *subject, enum classifier_theorem theorem, Z3_ast not_privileged, uint32_t word,
                          struct findings *findings, struct pool *pool)
{
    struct inquiry inquiry = {.subject = subject, .theorem = theorem, .not_privileged = not_privileged};
    bool answer_only = subject->answer_only;
    uint32_t exception = 0;
    *APPEND(subject->pool, &inquiry.words) = word;
    subject->answer_only = true;
    uint32_t mask = ~subject->instruction->mask & (UINT32_MAX >> (32 - subject->instruction->bits));
    violates_with(&inquiry, mask, ~word, true); /* words that differ in everything answer most of what follows */
    violates_with(&inquiry, mask, 0, true);
    for (unsigned i = 0; i < subject->instruction->field_count && !subject->contradiction; i++)
        ask_about(&inquiry, word, &subject->instruction->fields[i]);
    enum classifier_answer exact = subject->contradiction ? CLASSIFIER_UNKNOWN : is_exact(&inquiry, &exception);
    subject->answer_only = answer_only;
    findings->exact = exact == CLASSIFIER_YES;
    if (inquiry.condition[0] != '\0')
        findings->condition = classifier_format(pool, "%s", inquiry.condition);
    if (exact == CLASSIFIER_NO) {
        char text[128];
        isa_disassemble(subject->isa, exception, 0, NULL, NULL, text, sizeof text);
        findings->exception = classifier_format(pool, "%s", text);
    }
}
