/* test_variants.c: instruction sets with known answers, in tests/classifier/variants/. None is in the catalogue. The
 * answers were found by thinking, from the definitions of docs/classifier.md; they stand in the files, a line each:
 *
 *     --! NAME CLASSES VIOLATES        the instruction's classes, a letter each (p c m l r t u i), and the theorems that
 *                                      it violates: those of all three, a slash, those of the paper's own model; or -
 *     --! rest as PARENT               all instructions without a line are as in another instruction set
 *     --! rest innocuous
 *     --! theorems VIOLATES            the theorems that do not hold
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "classifier/classifier.h"

#define FOLDER "tests/classifier/variants"

enum { TRIALS = 64, MOST_EXPECTED = 64, LENGTH = 32, ANSWERS = 16 };

struct expected { char name[LENGTH], classes[ANSWERS], violates[ANSWERS]; };

struct expectations {
    struct expected instructions[MOST_EXPECTED];
    unsigned count;
    char rest[LENGTH]; /* "", "innocuous", or the name of an instruction set */
    char theorems[ANSWERS];
};

/* Reads the lines that begin with --!. */
static void read_expectations(const char *path, struct expectations *expectations)
{
    char line[512], name[LENGTH], second[LENGTH], third[LENGTH];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    memset(expectations, 0, sizeof *expectations);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "--! ", 4) != 0)
            continue;
        third[0] = '\0';
        if (sscanf(line + 4, "%31s %31s %31s", name, second, third) < 2)
            fail_msg("%s: not understood: %s", path, line);
        if (strcmp(name, "rest") == 0) {
            snprintf(expectations->rest, LENGTH, "%s", strcmp(second, "as") == 0 ? third : second);
        } else if (strcmp(name, "theorems") == 0) {
            snprintf(expectations->theorems, ANSWERS, "%.15s", second);
        } else {
            assert_true(expectations->count < MOST_EXPECTED);
            struct expected *expected = &expectations->instructions[expectations->count++];
            snprintf(expected->name, LENGTH, "%s", name);
            snprintf(expected->classes, ANSWERS, "%.15s", second);
            snprintf(expected->violates, ANSWERS, "%.15s", third);
        }
    }
    fclose(file);
    if (expectations->count == 0 || expectations->theorems[0] == '\0' || expectations->rest[0] == '\0')
        fail_msg("%s: it does not say what is expected", path);
}

/* ---- What the classifier says, in the same notation -------------------------------------------------------------- */

static void classes_of(const struct classifier_report *report, unsigned number, char *text)
{
    for (enum classifier_property property = 0; property < CLASSIFIER_PROPERTIES; property++) {
        enum classifier_answer answer = classifier_has(report, number, property);
        if (answer != CLASSIFIER_NO)
            *text++ = answer == CLASSIFIER_YES ? "pcmlrtui"[property] : '?';
    }
    *text = '\0';
}

/* "123/13", or "-": `number` is an instruction's, or -1 for the theorems themselves. */
static void violations_of(const struct classifier_report *report, int number, char *text)
{
    char *begin = text;
    for (unsigned paper = 0; paper < 2; paper++) {
        if (paper)
            *text++ = '/';
        for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
            if (paper && theorem == CLASSIFIER_THEOREM_2)
                continue;
            if (number >= 0 ? classifier_violates(report, (unsigned)number, theorem, paper)
                            : classifier_theorem(report, theorem, paper) == CLASSIFIER_NO)
                *text++ = (char)('1' + theorem);
        }
    }
    *text = '\0';
    if (strcmp(begin, "/") == 0)
        strcpy(begin, "-");
}

/* ---- Comparing --------------------------------------------------------------------------------------------------- */

/* NULL, with a message, where it cannot be. The instruction set outlives the report: *isa. */
static struct classifier_report *classify(struct classifier *classifier, const char *name, struct isa **isa)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    *isa = isa_load(name, diagnostics);
    struct classifier_report *report = *isa == NULL ? NULL : classifier_classify(classifier, *isa, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    return report;
}

/* Reports on the sets that others are compared with: made once. */
struct parents {
    char names[8][LENGTH];
    struct isa *isas[8];
    struct classifier_report *reports[8];
    unsigned count;
};

static const struct classifier_report *parent_of(struct classifier *classifier, struct parents *parents,
                                                 const char *name)
{
    unsigned i = 0;
    while (i < parents->count && strcmp(parents->names[i], name) != 0)
        i++;
    if (i == parents->count) {
        assert_true(parents->count++ < 8);
        snprintf(parents->names[i], LENGTH, "%s", name);
        parents->reports[i] = classify(classifier, name, &parents->isas[i]);
        assert_non_null(parents->reports[i]);
    }
    return parents->reports[i];
}

static unsigned compare(const char *path, const char *name, const char *what, const char *is, const char *expected)
{
    if (strcmp(is, expected) == 0)
        return 0;
    fprintf(stderr, "%s: %s: %s '%s', expected '%s'\n", path, name, what, is, expected);
    return 1;
}

static const struct expected *expected_of(const struct expectations *expectations, const char *name)
{
    for (unsigned i = 0; i < expectations->count; i++)
        if (strcmp(expectations->instructions[i].name, name) == 0)
            return &expectations->instructions[i];
    return NULL;
}

static unsigned check_rest(const char *path, const struct classifier_report *report, unsigned number,
                           const struct classifier_report *parent)
{
    const char *name = isa_instruction_at(classifier_report_isa(report), number)->name;
    char is[ANSWERS], should[ANSWERS] = "i";
    if (parent != NULL) {
        const struct isa *isa = classifier_report_isa(parent);
        const struct isa_instruction *same = isa_instruction_named(isa, name);
        if (same == NULL)
            fail_msg("%s: it does not say what is expected of %s", path, name);
        classes_of(parent, isa_instruction_number(isa, same), should);
    }
    classes_of(report, number, is);
    return compare(path, name, "has the classes", is, should);
}

static unsigned check_report(const char *path, const struct classifier_report *report,
                             const struct expectations *expectations, const struct classifier_report *parent)
{
    const struct isa *isa = classifier_report_isa(report);
    unsigned wrong = 0, seen = 0;
    char is[ANSWERS];
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        const char *name = isa_instruction_at(isa, i)->name;
        const struct expected *expected = expected_of(expectations, name);
        if (expected == NULL) {
            wrong += check_rest(path, report, i, parent);
            continue;
        }
        seen++;
        classes_of(report, i, is);
        wrong += compare(path, name, "has the classes", is, expected->classes);
        violations_of(report, (int)i, is);
        wrong += compare(path, name, "violates", is, expected->violates);
    }
    assert_int_equal(seen, expectations->count);
    violations_of(report, -1, is);
    return wrong + compare(path, "all of it", "the theorems that do not hold are", is, expectations->theorems);
}

static unsigned check_file(struct classifier *classifier, struct parents *parents, const char *path)
{
    struct expectations expectations;
    struct isa *isa;
    const struct classifier_report *parent = NULL;
    read_expectations(path, &expectations);
    if (strcmp(expectations.rest, "innocuous") != 0)
        parent = parent_of(classifier, parents, expectations.rest);
    struct classifier_report *report = classify(classifier, path, &isa);
    unsigned wrong = 1;
    if (report != NULL)
        wrong = check_report(path, report, &expectations, parent);
    if (report != NULL && classifier_report_unknown(report))
        fprintf(stderr, "%s: some answer is unknown\n", path);
    classifier_report_free(report);
    isa_free(isa);
    return wrong;
}

static int is_specification(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 4 && strcmp(entry->d_name + length - 4, ".isa") == 0;
}

/* VARIANT in the environment: that file alone. */
static void test_variants(void **state)
{
    (void)state;
    struct dirent **entries;
    struct classifier_options options = classifier_default_options();
    options.plain = true;
    options.trials = TRIALS;
    struct classifier *classifier = classifier_new(&options);
    struct parents parents = {.count = 0};
    const char *only = getenv("VARIANT");
    unsigned wrong = 0, files = 0;
    int count = scandir(FOLDER, &entries, is_specification, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char path[512];
        snprintf(path, sizeof path, FOLDER "/%s", entries[i]->d_name);
        if (wrong == 0 && (only == NULL || strstr(path, only) != NULL)) { /* one wrong file tells enough */
            wrong += check_file(classifier, &parents, path);
            files++;
        }
        free(entries[i]);
    }
    free(entries);
    for (unsigned i = 0; i < parents.count; i++) {
        classifier_report_free(parents.reports[i]);
        isa_free(parents.isas[i]);
    }
    classifier_free(classifier);
    assert_true(files > 0);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_variants)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
