/* report.c: a report's lifetime, and looking into it. */
#include "classifier/internal.h"

#include <stdlib.h>
#include <string.h>

#include "machine/boot.h"

const char *classifier_property_name(enum classifier_property property)
{
    static const char *const names[CLASSIFIER_PROPERTIES] = {
        "privileged", "control_sensitive", "mode_sensitive", "location_sensitive",
        "resource_sensitive", "time_sensitive", "user_sensitive", "innocuous",
    };
    return names[property];
}

void classifier_report_free(struct classifier_report *report)
{
    if (report == NULL)
        return;
    classifier_report_free(report->guest_mode);
    classifier_report_free(report->trap_entry);
    isa_free(report->view);
    classifier_pool_free(report->pool);
    free(report);
}

const struct isa *classifier_report_isa(const struct classifier_report *report)
{
    return report->isa;
}

enum classifier_answer classifier_has(const struct classifier_report *report, unsigned instruction,
                                      enum classifier_property property)
{
    return report->findings[instruction].has[property];
}

uint32_t classifier_classes(const struct classifier_report *report, unsigned instruction)
{
    const enum classifier_answer *has = report->findings[instruction].has;
    uint32_t classes = PG74_CLASS_KNOWN;
    for (unsigned i = 0; i < CLASSIFIER_PROPERTIES; i++)
        if (has[i] == CLASSIFIER_UNKNOWN)
            return 0;
    if (has[CLASSIFIER_PRIVILEGED] == CLASSIFIER_YES)
        classes |= PG74_CLASS_PRIVILEGED;
    for (unsigned i = CLASSIFIER_CONTROL_SENSITIVE; i <= CLASSIFIER_RESOURCE_SENSITIVE; i++)
        if (has[i] == CLASSIFIER_YES)
            classes |= PG74_CLASS_SENSITIVE;
    if (has[CLASSIFIER_USER_SENSITIVE] == CLASSIFIER_YES)
        classes |= PG74_CLASS_USER_SENSITIVE;
    return classes;
}

enum classifier_answer classifier_theorem(const struct classifier_report *report, enum classifier_theorem theorem,
                                          bool paper)
{
    enum classifier_answer answer = CLASSIFIER_YES;
    if (report->only >= 0 || (paper && theorem == CLASSIFIER_THEOREM_2))
        return CLASSIFIER_UNKNOWN;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        enum classifier_answer violates = report->findings[i].violates[theorem][paper];
        if (violates == CLASSIFIER_YES)
            return CLASSIFIER_NO;
        if (violates == CLASSIFIER_UNKNOWN)
            answer = CLASSIFIER_UNKNOWN;
    }
    if (report->trap_entry != NULL && answer != CLASSIFIER_NO) {
        enum classifier_answer entry = classifier_theorem(report->trap_entry, theorem, false);
        answer = entry == CLASSIFIER_YES ? answer : entry;
    }
    return answer;
}

bool classifier_violates(const struct classifier_report *report, unsigned instruction, enum classifier_theorem theorem,
                         bool paper)
{
    return report->findings[instruction].violates[theorem][paper] == CLASSIFIER_YES;
}

bool classifier_report_unknown(const struct classifier_report *report)
{
    return report->unknown.count > 0 || (report->guest_mode != NULL && classifier_report_unknown(report->guest_mode)) ||
           (report->trap_entry != NULL && classifier_report_unknown(report->trap_entry));
}

void classifier_report_print_unknown(const struct classifier_report *report, FILE *stream)
{
    for (unsigned i = 0; i < report->unknown.count; i++)
        fprintf(stream, "%s\n", report->unknown.items[i]);
    if (report->guest_mode != NULL)
        classifier_report_print_unknown(report->guest_mode, stream);
    if (report->trap_entry != NULL)
        classifier_report_print_unknown(report->trap_entry, stream);
}

uint64_t classifier_report_trials(const struct classifier_report *report)
{
    return report->trials;
}

unsigned classifier_report_replayed(const struct classifier_report *report)
{
    return report->replayed;
}

/* ---- Witnesses --------------------------------------------------------------------------------------------------- */

const struct classifier_witness *classifier_witness_of(const struct classifier_report *report, unsigned instruction,
                                                       enum classifier_property property)
{
    return report->findings[instruction].witness[property];
}

const struct classifier_witness *classifier_violation(const struct classifier_report *report, unsigned instruction,
                                                      enum classifier_theorem theorem)
{
    return report->findings[instruction].violation[theorem];
}

enum classifier_property classifier_witness_property(const struct classifier_witness *witness)
{
    return witness->property;
}

uint32_t classifier_witness_word(const struct classifier_witness *witness)
{
    return witness->word;
}

unsigned classifier_witness_states(const struct classifier_witness *witness)
{
    return witness->state_count;
}

uint32_t classifier_witness_slot(const struct classifier_witness *witness, unsigned state, bool after, unsigned slot)
{
    return after ? witness->effects[state].slots[slot] : witness->states[state].slots[slot];
}

uint32_t classifier_witness_memory_size(const struct classifier_witness *witness, unsigned state)
{
    return witness->states[state].memory_size;
}

unsigned classifier_witness_bytes(const struct classifier_witness *witness, unsigned state)
{
    return witness->states[state].bytes.count;
}

void classifier_witness_byte(const struct classifier_witness *witness, unsigned state, unsigned index,
                             uint32_t *address, uint8_t *value)
{
    *address = witness->states[state].bytes.items[index].address;
    *value = witness->states[state].bytes.items[index].value;
}

struct isa_outcome classifier_witness_outcome(const struct classifier_witness *witness, unsigned state)
{
    return witness->effects[state].outcome;
}

bool classifier_witness_replays(const struct classifier_report *report, const struct classifier_witness *witness)
{
    struct pool *pool = classifier_pool_new();
    struct classifier_witness again = *witness;
    memset(again.effects, 0, sizeof again.effects);
    bool replays = classifier_replay(report->isa, &again, pool);
    classifier_pool_free(pool);
    return replays;
}
