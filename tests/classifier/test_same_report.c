/* test_same_report.c: a report on an instruction set depends on that and on the options alone: not on how many threads have
 * worked on it, and not on what the same classifier has judged before. As JSON, so with all its witnesses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <stdlib.h>

#include "classifier/classifier.h"

enum { MOST = 4 };

/* The last of the instruction sets, after the others by the same classifier. The caller frees the text. */
static char *report_on(unsigned threads, const char *const names[])
{
    struct classifier_options options = classifier_default_options();
    options.threads = threads;
    struct classifier *classifier = classifier_new(&options);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *text = NULL;
    for (unsigned i = 0; i < MOST && names[i] != NULL; i++) {
        struct isa *isa = isa_load(names[i], diagnostics);
        assert_non_null(isa);
        struct classifier_report *report = classifier_classify(classifier, isa, diagnostics);
        assert_non_null(report);
        classifier_repair(classifier, report, names[i]);
        const struct classifier_report *reports[] = {report};
        free(text);
        text = classifier_json(reports, 1);
        assert_non_null(text);
        classifier_report_free(report);
        isa_free(isa);
    }
    isa_diagnostics_free(diagnostics);
    classifier_free(classifier);
    return text;
}

static void assert_same(char *a, char *b)
{
    assert_string_equal(a, b);
    free(a);
    free(b);
}

static void any_number_of_threads(void **state)
{
    (void)state;
    const char *const names[] = {"pocket", NULL}, *const larger[] = {"pdp10", NULL};
    assert_same(report_on(1, names), report_on(3, names));
    assert_same(report_on(1, larger), report_on(8, larger));
}

/* A variant after its parent and the other way round: judgements go both ways, though the variant has more states. */
static void alone_or_after_others(void **state)
{
    (void)state;
    const char *const variant[] = {"riscv", NULL}, *const after_parent[] = {"pocket", "pg74p", "riscv", NULL};
    const char *const parent[] = {"pg74p", NULL}, *const after_variant[] = {"riscv", "pg74p", NULL};
    assert_same(report_on(0, variant), report_on(0, after_parent));
    assert_same(report_on(0, parent), report_on(0, after_variant));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads),
        cmocka_unit_test(alone_or_after_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
