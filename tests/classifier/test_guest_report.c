/* test_guest_report.c: what the reports say of guest mode, in every form: Theorem 3, for which words and in which states,
 * what copes, the repair; and what is said of two machines beside each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "classifier/classifier.h"

enum { COUNT = 3 };
static const char *const names[COUNT] = {"tests/classifier/guest_mode/holes.isa", "pg74h", "pg74p"};

struct fixture {
    struct isa_diagnostics *diagnostics;
    struct classifier *classifier;
    struct isa *isas[COUNT];
    struct classifier_report *reports[COUNT];
};

static int make(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->diagnostics = isa_diagnostics_new();
    f->classifier = classifier_new(NULL);
    for (unsigned i = 0; i < COUNT; i++) {
        f->isas[i] = isa_load(names[i], f->diagnostics);
        f->reports[i] = f->isas[i] != NULL ? classifier_classify(f->classifier, f->isas[i], f->diagnostics) : NULL;
        isa_diagnostics_print(f->diagnostics, stderr);
        if (f->reports[i] == NULL)
            return -1;
    }
    classifier_repair(f->classifier, f->reports[0], names[0]);
    *state = f;
    return 0;
}

static int end(void **state)
{
    struct fixture *f = *state;
    for (unsigned i = 0; i < COUNT; i++) {
        classifier_report_free(f->reports[i]);
        isa_free(f->isas[i]);
    }
    classifier_free(f->classifier);
    isa_diagnostics_free(f->diagnostics);
    free(f);
    return 0;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static json_t *parse(char *text)
{
    json_t *root = json_loads(text, 0, NULL);
    free(text);
    assert_non_null(root);
    return root;
}

static json_t *named(json_t *list, const char *name)
{
    size_t i;
    json_t *each;
    json_array_foreach(list, i, each)
        if (strcmp(json_string_value(json_object_get(each, "name")), name) == 0)
            return each;
    fail_msg("there is no %s", name);
    return NULL;
}

static void assert_names(json_t *list, const char *expected)
{
    char text[256] = "";
    for (size_t i = 0; i < json_array_size(list); i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i > 0 ? " " : "", json_string_value(json_array_get(list, i)));
    assert_string_equal(text, expected);
}

static void assert_text_or_null(json_t *value, const char *expected)
{
    if (expected == NULL)
        assert_true(json_is_null(value));
    else
        assert_string_equal(json_string_value(value), expected);
}

static void theorem_and_repair(json_t *guest, const char *theorem, const char *expected)
{
    json_t *repair = json_object_get(json_object_get(guest, "repairs"), theorem);
    const char *exits = "if guest == 1 { trap exit_repaired(instruction, 0) }";
    assert_true(json_is_false(json_object_get(guest, theorem)));
    assert_names(json_object_get(json_object_get(guest, "violations"), theorem), expected);
    assert_names(json_object_get(repair, "instructions"), expected);
    assert_true(json_is_true(json_object_get(repair, "holds")));
    size_t count = 0;
    for (const char *at = json_string_value(json_object_get(repair, "variant")); (at = strstr(at, exits)) != NULL; at++)
        count++;
    assert_int_equal(count, json_array_size(json_object_get(repair, "instructions")));
}

static void instruction(json_t *guest, const char *name, const char *words, const char *where, bool supervisors)
{
    json_t *i = named(json_object_get(guest, "instructions"), name), *violation = json_object_get(i, "violation"),
           *techniques = json_object_get(i, "techniques");
    assert_text_or_null(json_object_get(i, "condition"), words);
    assert_text_or_null(json_object_get(i, "where"), where);
    assert_true(json_is_true(json_object_get(i, "condition_exact")));
    assert_int_equal(json_is_true(json_object_get(i, "user_sensitive")), !supervisors);
    assert_int_equal(json_is_true(json_object_get(techniques, "hybrid")), supervisors);
    assert_int_equal(json_is_true(json_object_get(techniques, "paravirtual")), supervisors);
    assert_true(json_is_false(json_object_get(techniques, "hardware")));
    bool one = strcmp(json_string_value(json_object_get(violation, "perturbed")), "nothing") == 0;
    assert_int_equal(json_array_size(json_object_get(violation, "states")), one ? 1 : 2);
    assert_int_equal(json_array_size(json_object_get(violation, "outcomes")), one ? 1 : 2);
}

static void in_json(void **state)
{
    struct fixture *f = *state;
    const struct classifier_report *reports[] = {f->reports[0]};
    json_t *root = parse(classifier_json(reports, 1));
    json_t *guest = json_object_get(json_array_get(json_object_get(root, "variants"), 0), "guest_mode");
    theorem_and_repair(guest, "theorem1", "showguest superpending writephysical rare sometimes");
    theorem_and_repair(guest, "theorem2", "showguest showtimer superpending writephysical rare sometimes");
    theorem_and_repair(guest, "theorem3", "showguest writephysical rare sometimes");
    instruction(guest, "showguest", "rd is not 0", NULL, false);
    instruction(guest, "superpending", "rd is not 0", "mode == 0", true);
    instruction(guest, "writephysical", NULL, NULL, false);
    instruction(guest, "rare", "rs1 is not 0 and rd is not 0", "X[rs1] == 0x2a", false);
    instruction(guest, "sometimes", "rd is not 0", "guest == 0 or nested == 1", false);
    assert_null(json_object_get(named(json_object_get(guest, "instructions"), "halt"), "violation"));
    json_decref(root);
}

static void difference_in_json(void **state)
{
    struct fixture *f = *state;
    json_t *root = parse(classifier_difference_json(f->reports[1], f->reports[0]));
    json_t *guest = json_object_get(root, "guest_mode"), *list = json_object_get(guest, "instructions");
    json_t *third = json_object_get(json_object_get(guest, "theorems"), "theorem3");
    assert_true(json_is_true(json_object_get(third, "before")) && json_is_false(json_object_get(third, "after")));
    assert_true(json_is_null(json_object_get(named(list, "rare"), "before")));
    assert_true(json_is_true(json_object_get(json_object_get(named(list, "rare"), "after"), "location_sensitive")));
    assert_true(json_is_true(json_object_get(json_object_get(named(list, "halt"), "before"), "exits")));
    json_decref(root);
    root = parse(classifier_difference_json(f->reports[2], f->reports[1]));
    guest = json_object_get(root, "guest_mode");
    assert_true(json_is_false(json_object_get(guest, "before")) && json_is_true(json_object_get(guest, "after")));
    third = json_object_get(json_object_get(guest, "theorems"), "theorem3");
    assert_true(json_is_null(json_object_get(third, "before")) && json_is_true(json_object_get(third, "after")));
    json_decref(root);
    root = parse(classifier_difference_json(f->reports[2], f->reports[2]));
    assert_null(json_object_get(root, "guest_mode"));
    json_decref(root);
}

/* ---- For people -------------------------------------------------------------------------------------------------- */

/* What stands in the text, whatever its lines. */
static void assert_says(const char *text, const char *expected)
{
    char *flat = calloc(strlen(text) + 1, 1), *to = flat;
    for (const char *c = text; *c != '\0'; c++)
        if ((*c != ' ' && *c != '\n') || (to > flat && to[-1] != ' '))
            *to++ = *c == '\n' ? ' ' : *c;
    if (strstr(flat, expected) == NULL)
        fail_msg("it does not say: %s", expected);
    free(flat);
}

static void in_text(void **state)
{
    struct fixture *f = *state;
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    classifier_print(f->reports[0], stream);
    fclose(stream);
    assert_says(text, "Theorem 3 (a hybrid virtual machine monitor can be built): not guaranteed, for showguest, "
                      "writephysical, rare, sometimes.");
    assert_says(text, "Theorem 1: let the 5 instructions that violate it exit; then it is guaranteed.");
    assert_says(text, "guest host guest *");
    assert_says(text, "Trap entry ('on trap' and 'on interrupt', where they do not exit) changes nothing");
    free(text);
    stream = open_memstream(&text, &size);
    classifier_print_difference(f->reports[1], f->reports[0], stream);
    fclose(stream);
    assert_says(text, "In guest mode: Theorem 1: was guaranteed, is not guaranteed for showguest, superpending, "
                      "writephysical, rare, sometimes.");
    assert_says(text, "showtimer added: time sensitive; so it violates theorem 2 superpending");
    free(text);
}

static void in_pages(void **state)
{
    struct fixture *f = *state;
    const struct classifier_report *reports[] = {f->reports[0]};
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    classifier_markdown(reports, 1, NULL, NULL, stream);
    fclose(stream);
    const char *guest = strstr(text, "### In guest mode");
    assert_non_null(guest);
    assert_says(guest, "| broken by | these exiting |");
    assert_says(guest, "Only where `X[rs1] == 0x2a`.");
    assert_says(guest, "What copes: a hybrid monitor");
    assert_says(guest, "Trap entry ('on trap'");
    free(text);
    stream = open_memstream(&text, &size);
    classifier_html(reports, 1, NULL, NULL, stream);
    fclose(stream);
    guest = strstr(text, "<h3>In guest mode</h3>");
    assert_non_null(guest);
    assert_says(guest, "let them exit: guaranteed");
    assert_says(guest, "<p>Trap entry ('on trap'");
    assert_says(guest, "id=\"holes-in-guest-mode-rare\"");
    assert_says(guest, "<th scope=\"row\">nested_base</th>");
    assert_says(guest, "Only where <code>X[rs1] == 0x2a</code>.");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_json), cmocka_unit_test(difference_in_json),
                                       cmocka_unit_test(in_text), cmocka_unit_test(in_pages)};
    return cmocka_run_group_tests(tests, make, end);
}
