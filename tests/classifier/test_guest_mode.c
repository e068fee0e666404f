/* Guest mode in the place of user mode: instructions that show or change what is the host's, each in another way, and
 * some that seem to. What is said of them is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "classifier/classifier.h"

/* An instruction of a variant of pg74h: its meaning, and in which of the six ways it is sensitive in guest mode: control,
 * mode, location, resource, time; s: for the guest's supervisor alone; and whether it exits. */
struct known {
    const char *name, *meaning, *ways;
    bool exits;
};

static const struct known cases[] = {
    /* the host's things, shown */
    {"showguest", "X[rd] = zext(guest, 32)", "m", false},
    {"showtable", "X[rd] = nested_base", "ml", false},
    {"showsize", "X[rd] = memory_size", "ml", false},
    {"showpending", "X[rd] = zext(pending, 32)", "r", false},
    {"showidentity", "X[rd] = identification", "r", false},
    {"showtimer", "X[rd] = timer", "t", false},
    {"showblock", "X[rd] = control_block", "r", false},
    {"readphysical", "X[rd] = physical_load(X[rs1], 4)", "ml", false},
    {"inside", "X[rd] = port_in(X[rs1])", "cr", false},
    /* through a trap that the guest takes itself */
    {"trapvalue", "trap illegal(timer, 0)", "t", false},
    {"trapkind", "if identification == 7 { trap illegal(0, 0) }", "r", false},
    {"trapguest", "if guest == 0 { trap illegal(0, 0) }", "m", false},
    /* changed */
    {"leave", "guest = 0", "c", false},
    {"settable", "nested_base = X[rs1]", "c", false},
    {"writephysical", "physical_store(X[rs1] & ~3, 4, X[rs1])", "cml", false},
    {"clear", "pending = 0", "c", false},
    {"silent", "if guest == 0 { enable = X[rs1][0] }", "m", false},
    {"supervisors", "if mode == 0 { X[rd] = zext(pending, 32) }", "rs", false},
    {"users", "if mode == 1 { X[rd] = zext(pending, 32) }", "r", false},
    /* the guest's own */
    {"showmode", "X[rd] = zext(enable ++ mode, 32)", "", false},
    {"showbase", "X[rd] = base", "", false},
    {"setmode", "mode = X[rs1][0]", "", false},
    {"store", "store(X[rs1] & ~3, 4, base)", "", false},
    {"owntrap", "if mode == 1 { trap illegal(instruction, 0) }", "", false},
    /* exits, always or where it matters: never wrong */
    {"alwaysexits", "if guest == 1 { trap exit_halt(instruction, 0) } halted = 1", "", true},
    {"sometimes", "if guest == 1 and timer == 5 { trap exit_timer(timer, 0) } X[rd] = 1", "", false},
    {"wherewanted", "if guest == 1 and nested == 0 { trap exit_address(0, 0) } X[rd] = base", "", false},
    {"toorarely", "if guest == 1 and nested == 0 { trap exit_timer(0, 0) } X[rd] = timer", "t", false},
};
enum { CASES = sizeof cases / sizeof *cases };

static struct isa *make_variant(struct isa_diagnostics *diagnostics)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    fputs("variant \"known\" of \"pg74h\"\n", stream);
    for (unsigned i = 0; i < CASES; i++) {
        fprintf(stream, "instruction %s rd, rs1\n  doc \"A case.\"\n  layout ", cases[i].name);
        for (unsigned bit = 7; bit-- > 0;)
            fputc('0' + (i >> bit & 1), stream);
        fprintf(stream, " 00000 rs1:5 001 rd:5 0101011\n  execute { %s }\n", cases[i].meaning);
    }
    fclose(stream);
    struct isa *isa = isa_load_text("known.isa", text, NULL, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    free(text);
    assert_non_null(isa);
    return isa;
}

static unsigned check(const struct classifier_report *guest, const struct known *known)
{
    static const char letters[] = "cmlrt";
    unsigned wrong = 0;
    unsigned number = isa_instruction_number(classifier_report_isa(guest),
                                             isa_instruction_named(classifier_report_isa(guest), known->name));
    for (unsigned i = 0; i < 5; i++) {
        enum classifier_property property = CLASSIFIER_CONTROL_SENSITIVE + i;
        bool expected = strchr(known->ways, letters[i]) != NULL;
        if (classifier_has(guest, number, property) != (expected ? CLASSIFIER_YES : CLASSIFIER_NO))
            print_error("%s: it is wrong that %s is %d (case %u)\n", known->name, classifier_property_name(property),
                        classifier_has(guest, number, property), ++wrong);
        const struct classifier_witness *witness = classifier_witness_of(guest, number, property);
        assert_true(witness == NULL || classifier_witness_replays(guest, witness));
    }
    if (wrong > 0)
        return wrong;
    assert_int_equal(classifier_has(guest, number, CLASSIFIER_PRIVILEGED), known->exits ? CLASSIFIER_YES : CLASSIFIER_NO);
    bool timed = strcmp(known->ways, "t") == 0, breaks = *known->ways != '\0' && !timed;
    bool of_users = breaks && strchr(known->ways, 's') == NULL;
    if (classifier_violates(guest, number, CLASSIFIER_THEOREM_3, false) != of_users)
        print_error("%s: wrong about Theorem 3 (case %u)\n", known->name, ++wrong);
    assert_int_equal(classifier_has(guest, number, CLASSIFIER_USER_SENSITIVE), of_users ? CLASSIFIER_YES : CLASSIFIER_NO);
    if (classifier_violates(guest, number, CLASSIFIER_THEOREM_1, false) != breaks)
        print_error("%s: wrong about Theorem 1 (case %u)\n", known->name, ++wrong);
    assert_int_equal(classifier_violates(guest, number, CLASSIFIER_THEOREM_2, false), breaks || timed);
    return wrong;
}

static void known_answers(void **state)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct classifier *classifier = *state;
    struct isa *isa = make_variant(diagnostics);
    struct classifier_report *report = classifier_classify(classifier, isa, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(report);
    assert_non_null(classifier_guest_mode(report));
    unsigned wrong = 0;
    for (unsigned i = 0; i < CASES; i++)
        wrong += check(classifier_guest_mode(report), &cases[i]);
    assert_int_equal(wrong, 0);
    assert_int_equal(classifier_theorem(classifier_guest_mode(report), CLASSIFIER_THEOREM_1, false), CLASSIFIER_NO);
    classifier_report_free(report);
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
}

/* What the machine itself says: in guest mode the theorems hold, and just what reaches the real machine exits. */
static void machine(void **state)
{
    static const char exiting[] = " loadreal probe settimer gettimer in out machineid diag idle halt vmrun ";
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct classifier *classifier = *state;
    struct isa *isa = isa_load("pg74h", diagnostics), *paged = isa_load("pg74p", diagnostics);
    struct classifier_report *report = classifier_classify(classifier, isa, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(report);
    const struct classifier_report *guest = classifier_guest_mode(report);
    assert_non_null(guest);
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        assert_int_equal(classifier_theorem(report, theorem, false), CLASSIFIER_YES);
    assert_int_equal(classifier_theorem(guest, CLASSIFIER_THEOREM_2, false), CLASSIFIER_YES);
    assert_int_equal(classifier_theorem(guest, CLASSIFIER_THEOREM_3, false), CLASSIFIER_YES);
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        char name[64];
        snprintf(name, sizeof name, " %s ", isa_instruction_at(isa, i)->name);
        assert_int_equal(classifier_has(guest, i, CLASSIFIER_PRIVILEGED) == CLASSIFIER_YES, strstr(exiting, name) != NULL);
    }
    assert_int_equal(classifier_theorem(classifier_trap_entry(guest), CLASSIFIER_THEOREM_2, false), CLASSIFIER_YES);
    struct classifier_report *other = classifier_classify(classifier, paged, diagnostics);
    assert_null(classifier_guest_mode(other));
    for (unsigned i = 0; i < isa_instruction_count(paged); i++) /* outside of guest mode it is pg74p */
        for (unsigned p = 0; p < CLASSIFIER_PROPERTIES; p++)
            assert_int_equal(classifier_has(other, i, p), classifier_has(report, i, p));
    classifier_report_free(report);
    classifier_report_free(other);
    isa_free(isa);
    isa_free(paged);
    isa_diagnostics_free(diagnostics);
}

/* What is said of trap entry, where it is wrong: the last way of `on trap`, in which the guest takes the trap itself; how
 * `on interrupt` goes on in guest mode; and which of control, resource and time it is sensitive to. */
static const struct { const char *taken, *interrupted, *ways; } entries[] = {
    {"swap_psw_at(0, flags(), pc, cause, value, access)", "leave_guest(cause, 0, 0, 0)", "c"},
    {"swap_psw_at(first_page & ~4095, flags(), pc, cause, timer, access)", "leave_guest(cause, 0, 0, 0)", "t"},
    {"swap_psw_at(first_page & ~4095, flags(), pc, cause, value, control_block)", "leave_guest(cause, 0, 0, 0)", "r"},
    {"swap_psw_at(first_page & ~4095, flags(), pc, cause, value, access)", "swap_psw_at(0, flags(), pc, cause, 0, 0)", "c"},
};
enum { ENTRIES = sizeof entries / sizeof *entries };

static struct isa *make_entry(unsigned number, struct isa_diagnostics *diagnostics)
{
    char text[2048];
    snprintf(text, sizeof text,
             "variant \"entry\" of \"pg74h\"\n"
             "replace on trap(cause, value, access) {\n"
             "  let first_page = host_entry(nested_base, nested_bound, 0)\n"
             "  if guest == 0 { swap_psw_at(0, flags(), pc, cause, value, access) }\n"
             "  else if host_wants(cause) or not permits_trap_area(first_page) { leave_guest(cause, value, access, 0) }\n"
             "  else { %s }\n}\n"
             "replace on interrupt(cause) {\n"
             "  if enable == 0 and guest == 0 { ignore }\n"
             "  if guest == 0 { swap_psw_at(0, flags(), pc, cause, 0, 0) } else { %s }\n}\n",
             entries[number].taken, entries[number].interrupted);
    struct isa *isa = isa_load_text("entry.isa", text, NULL, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(isa);
    return isa;
}

static void trap_entry(void **state)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct classifier *classifier = *state;
    unsigned wrong = 0;
    for (unsigned i = 0; i < ENTRIES; i++) {
        struct isa *isa = make_entry(i, diagnostics);
        struct classifier_report *report = classifier_classify(classifier, isa, diagnostics);
        isa_diagnostics_print(diagnostics, stderr);
        assert_non_null(report);
        const struct classifier_report *guest = classifier_guest_mode(report), *entry = classifier_trap_entry(guest);
        assert_non_null(entry);
        bool breaks = strpbrk(entries[i].ways, "cr") != NULL;
        static const struct { char letter; enum classifier_property property; } ways[] = {
            {'c', CLASSIFIER_CONTROL_SENSITIVE}, {'r', CLASSIFIER_RESOURCE_SENSITIVE}, {'t', CLASSIFIER_TIME_SENSITIVE}};
        for (unsigned k = 0; k < 3; k++) {
            bool found = false;
            for (unsigned which = 0; which < 2; which++)
                found = found || classifier_has(entry, which, ways[k].property) == CLASSIFIER_YES;
            if (found != (strchr(entries[i].ways, ways[k].letter) != NULL))
                print_error("entry %u: wrong about %c (case %u)\n", i, ways[k].letter, ++wrong);
        }
        assert_int_equal(classifier_theorem(guest, CLASSIFIER_THEOREM_1, false), breaks ? CLASSIFIER_NO : CLASSIFIER_YES);
        assert_int_equal(classifier_theorem(guest, CLASSIFIER_THEOREM_3, false), breaks ? CLASSIFIER_NO : CLASSIFIER_YES);
        assert_int_equal(classifier_theorem(guest, CLASSIFIER_THEOREM_2, false), CLASSIFIER_NO);
        classifier_report_free(report);
        isa_free(isa);
    }
    assert_int_equal(wrong, 0);
    isa_diagnostics_free(diagnostics);
}

/* One for all tests, so that what pg74h's variants have in common is judged once. */
static int make_classifier(void **state)
{
    *state = classifier_new(NULL);
    return *state == NULL;
}

static int free_classifier(void **state)
{
    classifier_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_answers), cmocka_unit_test(machine), cmocka_unit_test(trap_entry)};
    return cmocka_run_group_tests(tests, make_classifier, free_classifier);
}
