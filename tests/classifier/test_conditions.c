/* test_conditions.c: for which words and in which states instructions violate a theorem, where that is known by thinking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "classifier/internal.h"

struct expected {
    const char *machine, *instruction;
    const char *words;  /* or NULL: all of them; exactly these, unless there is a question mark before them */
    const char *where;  /* only there; or NULL */
    const char *always; /* NULL: that depends on the witness */
    bool exact;         /* and nowhere else */
};

#define VARIANT(name) "tests/classifier/variants/" name ".isa"

static const struct expected expectations[] = {
    {VARIANT("one_value"), "one_operand", "rs1 is not 0", "X[rs1] == 0x8badf00d", NULL, false},
    {VARIANT("one_value"), "signed_order", "rs1 is not 0 and rd is not 0", "X[rs1] <s 0", "base differs and a1[31] == 1", false},
    {VARIANT("rare_states"), "one_base", "rd is not 0", NULL, "base == 0x12345670 in the second and base differs", false},
    {VARIANT("rare_states"), "one_machine", "rd is not 0", NULL, "identification == 0xcafe0001 in the second", false},
    {VARIANT("rare_states"), "two_at_once", "rd is not 0", NULL, "timer == 0x80000000", false},
    {VARIANT("rare_states"), "one_mode_value", "rs1 is not 0 and rd is not 0", "X[rs1] == 0xc0ffee", "a1 == 0xc0ffee", true},
    {VARIANT("rare_states"), "branch_by_mode", NULL, NULL, "", true},
    {VARIANT("resources"), "set_enable", NULL, NULL, NULL, true},
    {VARIANT("resources"), "toggle", NULL, NULL, "", true},
    {VARIANT("resources"), "stop_at_zero", NULL, "timer == 0", "enable == 1 and timer == 0", true},
    {VARIANT("resources"), "halt_sometimes", "rs1 is not 0", "X[rs1] == 0x1000", "halted == 0 and a0 == 0x1000", true},
    {VARIANT("exact_words"), "half_guarded", "?number[0] is 0", "number[0] == 0", "mode == supervisor", true},
    {"x86:pg74", "lar", "rs1 is not 0 and rd is not 0", NULL, "a1[0] == 0 and a1[12] == 1", false},
    {"x86:pg74", "pushf", "rd is not 0", NULL, "", false},
    {"x86:pg74", "verr", "rs1 is not 0 and rd is not 0", NULL, "a1[0] == 0 and a1[8] == 1", true},
    {"x86:pg74", "push", NULL, NULL, "", true},
    {"x86:pg74", "call", "rs1 is not 0", NULL, "a1[0] == 1", true},
    {"x86:pg74", "ret", "rs1 is not 0", "X[rs1][0] == 1 or mode == supervisor", "mode == supervisor and a0[0] == 1", true},
};

enum { EXPECTATIONS = sizeof expectations / sizeof expectations[0] };

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static unsigned check(const struct expected *expected, const struct findings *findings)
{
    bool doubtful = expected->words != NULL && expected->words[0] == '?';
    const char *words = doubtful ? expected->words + 1 : expected->words;
    bool good = findings->exact == !doubtful && same(words, findings->condition) && same(expected->where, findings->where);
    if (expected->always != NULL)
        good = good && same(expected->always, findings->always) && findings->always_exact == expected->exact;
    if (!good)
        print_error("%s: %s: words '%s'%s, only where '%s', always where '%s'%s\n", expected->machine, expected->instruction,
                    findings->condition != NULL ? findings->condition : "(all)", findings->exact ? "" : " (not exactly)",
                    findings->where != NULL ? findings->where : "(nothing)",
                    findings->always != NULL ? findings->always : "(nothing)", findings->always_exact ? " (exactly)" : "");
    return !good;
}

static void test_conditions(void **state)
{
    (void)state;
    struct classifier *classifier = classifier_new(NULL);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    unsigned wrong = 0;
    for (unsigned i = 0; i < EXPECTATIONS;) {
        const char *machine = expectations[i].machine;
        struct isa *isa = isa_load(machine, diagnostics);
        struct classifier_report *report = isa != NULL ? classifier_classify(classifier, isa, diagnostics) : NULL;
        if (report == NULL) {
            isa_diagnostics_print(diagnostics, stderr);
            fail_msg("%s cannot be classified", machine);
        }
        for (; i < EXPECTATIONS && expectations[i].machine == machine; i++) {
            const struct isa_instruction *instruction = isa_instruction_named(isa, expectations[i].instruction);
            assert_non_null(instruction);
            wrong += check(&expectations[i], &report->findings[isa_instruction_number(isa, instruction)]);
        }
        classifier_report_free(report);
        isa_free(isa);
    }
    assert_int_equal(wrong, 0);
    isa_diagnostics_free(diagnostics);
    classifier_free(classifier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_conditions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
