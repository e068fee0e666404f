/* test_refute.c: random and boundary refutation is worth something only if it finds what it is told to be absent. Every
 * positive answer is denied in turn; the tests must object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <stdlib.h>

#include "classifier/internal.h"

enum { TRIALS = 2000 };

/* False where the refuter objects to the findings. */
static bool accepts(struct classifier *classifier, struct refuter *refuter, const struct isa *isa, unsigned number,
                    const struct findings *findings)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct subject subject = {.c = classifier, .isa = isa, .instruction = isa_instruction_at(isa, number),
                              .pool = classifier_pool_new(), .diagnostics = diagnostics};
    subject.mentioned = classifier_mentioned(subject.pool, isa, subject.instruction);
    bool good = classifier_refute(refuter, &subject, findings, TRIALS);
    assert_int_equal(isa_diagnostics_count(diagnostics), good ? 0 : 1);
    classifier_pool_free(subject.pool);
    isa_diagnostics_free(diagnostics);
    return good;
}

static void deny_everything(const char *name)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(name, diagnostics);
    struct classifier *classifier = classifier_new(NULL);
    struct classifier_report *report = classifier_classify(classifier, isa, diagnostics);
    assert_non_null(report);
    struct classifier solver;
    struct classifier_options options = classifier_default_options();
    classifier_open(&solver, &options);
    struct pool *pool = classifier_pool_new();
    struct refuter *refuter = classifier_refuter_new(pool, isa, 5);
    unsigned denied = 0;
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        assert_true(accepts(&solver, refuter, isa, i, &report->findings[i]));
        for (enum classifier_property property = CLASSIFIER_CONTROL_SENSITIVE; property < CLASSIFIER_INNOCUOUS;
             property++) {
            if (classifier_has(report, i, property) != CLASSIFIER_YES)
                continue;
            struct findings false_findings = report->findings[i];
            false_findings.has[property] = CLASSIFIER_NO;
            denied++;
            if (accepts(&solver, refuter, isa, i, &false_findings))
                fail_msg("%s: nobody objects that %s is not %s", name, isa_instruction_at(isa, i)->name,
                         classifier_property_name(property));
        }
        if (classifier_has(report, i, CLASSIFIER_PRIVILEGED) == CLASSIFIER_NO) {
            struct findings false_findings = report->findings[i];
            false_findings.has[CLASSIFIER_PRIVILEGED] = CLASSIFIER_YES;
            assert_false(accepts(&solver, refuter, isa, i, &false_findings));
        }
    }
    assert_true(denied > 5);
    classifier_pool_free(pool);
    classifier_close(&solver);
    classifier_report_free(report);
    classifier_free(classifier);
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
}

static void test_pocket(void **state)
{
    (void)state;
    deny_everything("pocket");
}

static void test_x86(void **state)
{
    (void)state;
    deny_everything("x86:pg74");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pocket), cmocka_unit_test(test_x86)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
