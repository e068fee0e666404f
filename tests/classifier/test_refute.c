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
                    const struct findings *findings, unsigned trials)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct subject subject = {.c = classifier, .isa = isa, .instruction = isa_instruction_at(isa, number),
                              .pool = classifier_pool_new(), .diagnostics = diagnostics};
    subject.mentioned = classifier_mentioned(subject.pool, isa, subject.instruction);
    bool good = classifier_refute(refuter, &subject, findings, trials);
    assert_int_equal(isa_diagnostics_count(diagnostics), good ? 0 : 1);
    classifier_pool_free(subject.pool);
    isa_diagnostics_free(diagnostics);
    return good;
}

/* `frames_alone`: only what R and memory decide. */
static void deny_everything(const char *name, bool frames_alone)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(name, diagnostics);
    struct classifier *classifier = classifier_new(NULL);
    struct classifier_report *report = classifier_classify(classifier, isa, diagnostics);
    if (report == NULL) { /* the classifier contradicts itself, and says how */
        isa_diagnostics_print(diagnostics, stderr);
        fail_msg("%s cannot be classified", name);
    }
    struct classifier solver;
    struct classifier_options options = classifier_default_options();
    classifier_open(&solver, &options);
    struct pool *pool = classifier_pool_new();
    struct refuter *refuter = classifier_refuter_new(pool, isa, classifier_default_options().seed);
    unsigned denied = 0;
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        assert_true(accepts(&solver, refuter, isa, i, &report->findings[i], TRIALS / 10));
        for (enum classifier_property property = CLASSIFIER_CONTROL_SENSITIVE; property < CLASSIFIER_INNOCUOUS;
             property++) {
            if (classifier_has(report, i, property) != CLASSIFIER_YES ||
                (frames_alone && property != CLASSIFIER_LOCATION_SENSITIVE))
                continue;
            struct findings false_findings = report->findings[i];
            false_findings.has[property] = CLASSIFIER_NO;
            denied++;
            if (accepts(&solver, refuter, isa, i, &false_findings, TRIALS))
                fail_msg("%s: nobody objects that %s is not %s", name, isa_instruction_at(isa, i)->name,
                         classifier_property_name(property));
        }
        if (classifier_has(report, i, CLASSIFIER_PRIVILEGED) == CLASSIFIER_NO && !frames_alone) {
            struct findings false_findings = report->findings[i];
            false_findings.has[CLASSIFIER_PRIVILEGED] = CLASSIFIER_YES;
            assert_false(accepts(&solver, refuter, isa, i, &false_findings, TRIALS));
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
    deny_everything("pocket", false);
}

static void test_x86(void **state)
{
    (void)state;
    deny_everything("x86:pg74", false);
}

/* Where R leads to a table. */
static void test_pages(void **state)
{
    (void)state;
    deny_everything("pg74p", true);
}

/* Frames for a machine with pages lead somewhere, most of them to different places; and what is one byte in the one state is
 * one byte, the same, in the other. */
static void test_frames(void **state)
{
    (void)state;
    enum { FRAMES = 48, PAGES = 4 };
    static const char *const machines[] = {"pg74p", "tests/classifier/variants/two_levels.isa"};
    static const unsigned page_bits[] = {12, 8};
    for (unsigned machine = 0; machine < 2; machine++) {
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        struct isa *isa = isa_load(machines[machine], diagnostics);
        struct pool *pool = classifier_pool_new();
        struct frames frames[FRAMES];
        unsigned both = 0, moved = 0, one_alone = 0;
        assert_int_equal(classifier_make_frames(pool, isa, 1974, frames, FRAMES), page_bits[machine]);
        for (unsigned i = 0; i < FRAMES * PAGES; i++) {
            uint32_t at[2], address = (i % PAGES) << page_bits[machine];
            bool leads[2];
            struct concrete states[2];
            for (unsigned k = 0; k < 2; k++) {
                states[k] = classifier_frame_state(&frames[i / PAGES], k);
                leads[k] = classifier_translates(isa, &states[k], address, ACCESS_LOAD, &at[k]);
            }
            one_alone += leads[0] != leads[1];
            both += leads[0] && leads[1];
            moved += leads[0] && leads[1] && at[0] != at[1];
            if (leads[0] && leads[1])
                assert_int_equal(classifier_memory_byte(&states[0], at[0]), classifier_memory_byte(&states[1], at[1]));
        }
        assert_true(both > FRAMES / 2 && moved > FRAMES / 2 && one_alone > FRAMES / 8);
        classifier_pool_free(pool);
        isa_free(isa);
        isa_diagnostics_free(diagnostics);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pocket), cmocka_unit_test(test_x86), cmocka_unit_test(test_frames),
                                       cmocka_unit_test(test_pages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
