/* techniques.c: what copes with an instruction that trap-and-emulate cannot virtualize. The answers follow from where
 * the instruction is sensitive: in supervisor mode alone, whose code a monitor may interpret, translate or have
 * changed, or in user mode as well, whose code everybody wants to execute directly. */
#include "classifier/internal.h"

const char *classifier_technique_name(enum classifier_technique technique)
{
    static const char *const names[CLASSIFIER_TECHNIQUES] = {"hybrid", "binary_translation", "paravirtual", "hardware"};
    return names[technique];
}

static bool harms_user_programs(const struct classifier_report *report, unsigned instruction)
{
    return report->findings[instruction].violates[CLASSIFIER_THEOREM_3][0] != CLASSIFIER_NO;
}

/* It violates Theorem 2 alone: a guest sees time pass, and only a monitor that is the guest can be hurt. */
static bool harms_timing_alone(const struct classifier_report *report, unsigned instruction)
{
    return report->findings[instruction].violates[CLASSIFIER_THEOREM_1][0] == CLASSIFIER_NO;
}

/* Time goes by for user programs as well, so what they must not see of it must be kept from them, too. */
bool classifier_technique_copes(const struct classifier_report *report, unsigned instruction,
                                enum classifier_technique technique)
{
    bool user = harms_user_programs(report, instruction) || harms_timing_alone(report, instruction);
    return technique == CLASSIFIER_HARDWARE ? report->view == NULL : !user; /* in guest mode this hardware does not */
}

enum remedy classifier_remedy(const struct classifier_report *report, unsigned instruction)
{
    return harms_timing_alone(report, instruction)    ? REMEDY_TIME
           : harms_user_programs(report, instruction) ? REMEDY_USER
                                                      : REMEDY_SUPERVISOR;
}

const char *classifier_remedy_text(enum remedy remedy)
{
    static const char *const texts[REMEDIES] = {
        [REMEDY_SUPERVISOR] = "a hybrid monitor, which interprets supervisor code; binary translation of supervisor "
                              "code; a paravirtual kernel; hardware that exits on it.",
        [REMEDY_USER] = "binary translation of all code, user programs included; a paravirtual guest whose user "
                        "programs avoid it, too; hardware that exits on it. Not a hybrid monitor: it is sensitive in "
                        "user mode already.",
        [REMEDY_TIME] = "one level of monitors is not affected; below that, binary translation of all code, or "
                        "hardware that exits on it.",
    };
    return texts[remedy];
}

const struct classifier_witness *classifier_reason(const struct classifier_report *report, unsigned instruction)
{
    const struct findings *findings = &report->findings[instruction];
    return findings->violation[CLASSIFIER_THEOREM_1] != NULL
               ? findings->violation[CLASSIFIER_THEOREM_1]
               : findings->violation[CLASSIFIER_THEOREM_2]; /* time; Theorem 3 asks for less than Theorem 1 */
}

const char *classifier_violation_condition(const struct classifier_report *report, unsigned instruction)
{
    return report->findings[instruction].condition;
}

const char *classifier_violation_where(const struct classifier_report *report, unsigned instruction)
{
    return report->findings[instruction].where;
}
