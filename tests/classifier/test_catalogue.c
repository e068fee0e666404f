/* test_catalogue.c: every variant that is built in names its source, and the classifier comes to the source's verdict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "classifier/classifier.h"

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_variant(const struct isa_library_entry *entry)
{
    return strstr(entry->file, "variants/") != NULL && !entry->part;
}

/* Does the verdict name the instruction? */
static bool names(const struct isa_verdict *verdict, const char *instruction)
{
    for (unsigned i = 0; i < verdict->count; i++)
        if (strcmp(verdict->by[i], instruction) == 0)
            return true;
    return false;
}

static void compare(const struct isa *isa, const struct classifier_report *report, const struct isa_verdict *verdict)
{
    if (verdict->guest)
        report = classifier_guest_mode(report);
    assert_non_null(report);
    enum classifier_theorem theorem = (enum classifier_theorem)(verdict->theorem - 1);
    enum classifier_answer answer = classifier_theorem(report, theorem, false);
    if (answer != (verdict->holds ? CLASSIFIER_YES : CLASSIFIER_NO))
        fail_msg("%s: theorem %u is not what the source says", isa_name(isa), verdict->theorem);
    for (unsigned i = 0; i < isa_instruction_count(isa) && verdict->count > 0; i++) {
        const char *name = isa_instruction_at(isa, i)->name;
        if (classifier_violates(report, i, theorem, false) != names(verdict, name))
            fail_msg("%s: theorem %u and %s are not as the source says", isa_name(isa), verdict->theorem, name);
    }
}

static void check_variant(struct classifier *classifier, const char *name)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(name, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(isa);
    assert_true(begins(isa_title(isa), "The flaw of ") || begins(isa_title(isa), "No known flaw of "));
    assert_non_null(isa_source(isa));
    assert_int_not_equal(isa_year(isa), 0);
    assert_int_not_equal(isa_verdict_count(isa), 0);
    struct classifier_report *report = classifier_classify(classifier, isa, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(report);
    for (unsigned i = 0; i < isa_verdict_count(isa); i++)
        compare(isa, report, isa_verdict_at(isa, i));
    classifier_report_free(report);
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
}

static void test_catalogue(void **state)
{
    (void)state;
    unsigned count = 0;
    struct classifier *classifier = classifier_new(NULL);
    for (unsigned i = 0; i < isa_library_count(); i++)
        if (is_variant(isa_library_at(i))) {
            check_variant(classifier, isa_library_at(i)->name);
            count++;
        }
    assert_true(count >= 12);
    classifier_free(classifier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_catalogue)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
