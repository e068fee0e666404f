/* test_verdicts.c: what the literature says, and what ten-line variants should give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>

#include "classifier/classifier.h"
#include "machine/boot.h"

struct judged {
    struct isa *isa;
    struct classifier_report *report;
};

/* One run for all tests, so that what was decided once is not decided again. */
static int start(void **state)
{
    *state = classifier_new(NULL);
    return *state == NULL;
}

static int stop(void **state)
{
    classifier_free(*state);
    return 0;
}

static struct judged judge(struct classifier *classifier, struct isa *isa, struct isa_diagnostics *diagnostics)
{
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(isa);
    struct judged judged = {isa, classifier_classify(classifier, isa, diagnostics)};
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(judged.report);
    assert_false(classifier_report_unknown(judged.report));
    isa_diagnostics_free(diagnostics);
    return judged;
}

static struct judged judge_named(struct classifier *classifier, const char *name)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    return judge(classifier, isa_load(name, diagnostics), diagnostics);
}

/* A machine with one more instruction, of this layout and meaning. */
static struct judged judge_added_to(struct classifier *classifier, const char *parent, const char *operands,
                                    const char *layout, const char *meaning)
{
    char text[2048];
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    snprintf(text, sizeof text,
             "variant \"tried\" of \"%s\"\n  title \"a variant that is tried\"\ninstruction tried %s\n  doc \"d\"\n  "
             "source \"s\"\n"
             "  layout %s\n  execute { %s }\n",
             parent, operands, layout, meaning);
    return judge(classifier, isa_load_text("tried.isa", text, NULL, diagnostics), diagnostics);
}

static struct judged judge_added(struct classifier *classifier, const char *operands, const char *layout,
                                 const char *meaning)
{
    return judge_added_to(classifier, "pg74", operands, layout, meaning);
}

#define RD "0000000 00000 00000 000 rd:5 1011011"
#define RD_RS1 "0000000 00000 rs1:5 000 rd:5 1011011"
#define RS1_RS2 "0000000 rs2:5 rs1:5 000 00000 1011011"

static void done(struct judged judged)
{
    classifier_report_free(judged.report);
    isa_free(judged.isa);
}

static unsigned number_of(const struct judged *judged, const char *name)
{
    const struct isa_instruction *instruction = isa_instruction_named(judged->isa, name);
    assert_non_null(instruction);
    return isa_instruction_number(judged->isa, instruction);
}

static void check_theorems(const struct judged *judged, bool one, bool two, bool three)
{
    const bool expected[] = {one, two, three};
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        assert_int_equal(classifier_theorem(judged->report, theorem, false),
                         expected[theorem] ? CLASSIFIER_YES : CLASSIFIER_NO);
}

/* The names of the instructions that violate a theorem, in order. */
static void check_violations(const struct judged *judged, enum classifier_theorem theorem, bool paper,
                             const char *expected)
{
    char names[512] = "";
    for (unsigned i = 0; i < isa_instruction_count(judged->isa); i++)
        if (classifier_violates(judged->report, i, theorem, paper)) {
            strcat(names, names[0] != '\0' ? " " : "");
            strcat(names, isa_instruction_at(judged->isa, i)->name);
        }
    assert_string_equal(names, expected);
}

/* The classes of an instruction, a letter each: p c m l r t u i. */
static void check_classes(const struct judged *judged, const char *name, const char *expected)
{
    char classes[CLASSIFIER_PROPERTIES + 1] = "";
    size_t length = 0;
    for (enum classifier_property property = 0; property < CLASSIFIER_PROPERTIES; property++) {
        enum classifier_answer answer = classifier_has(judged->report, number_of(judged, name), property);
        assert_int_not_equal(answer, CLASSIFIER_UNKNOWN);
        if (answer == CLASSIFIER_YES)
            classes[length++] = "pcmlrtui"[property];
    }
    classes[length] = '\0';
    assert_string_equal(classes, expected);
}

static void check_added(struct classifier *classifier, const char *operands, const char *layout, const char *meaning,
                        const char *classes, bool one, bool two, bool three)
{
    struct judged judged = judge_added(classifier, operands, layout, meaning);
    check_classes(&judged, "tried", classes);
    check_theorems(&judged, one, two, three);
    done(judged);
}

/* ---- The literature ---------------------------------------------------------------------------------------------- */

static void test_pocket(void **state)
{
    struct judged judged = judge_named(*state, "pocket");
    check_theorems(&judged, true, true, true);
    check_classes(&judged, "setr", "pc");
    check_classes(&judged, "getr", "pl");
    check_classes(&judged, "store", "i");
    check_classes(&judged, "svc", "i");
    done(judged);
}

static void test_pg74(void **state)
{
    struct judged judged = judge_named(*state, "pg74");
    check_theorems(&judged, true, true, true);
    assert_int_equal(classifier_theorem(judged.report, CLASSIFIER_THEOREM_1, true), CLASSIFIER_YES);
    check_classes(&judged, "lpsw", "pc");
    check_classes(&judged, "spsw", "plr");
    check_classes(&judged, "getflags", "pr");
    check_classes(&judged, "gettimer", "pt");
    check_classes(&judged, "in", "pcr");
    check_classes(&judged, "diag", "p");
    check_classes(&judged, "ecall", "i");
    check_classes(&judged, "sw", "i");
    assert_int_equal(classifier_classes(judged.report, number_of(&judged, "setr")),
                     PG74_CLASS_KNOWN | PG74_CLASS_PRIVILEGED | PG74_CLASS_SENSITIVE);
    assert_int_equal(classifier_classes(judged.report, number_of(&judged, "add")), PG74_CLASS_KNOWN);
    done(judged);
}

static void test_pdp10_is_hybrid(void **state)
{
    struct judged judged = judge_named(*state, "pdp10");
    check_theorems(&judged, false, false, true);
    check_violations(&judged, CLASSIFIER_THEOREM_1, false, "retu");
    check_violations(&judged, CLASSIFIER_THEOREM_1, true, "retu");
    check_classes(&judged, "retu", "c");
    done(judged);
}

static void test_x86(void **state)
{
    struct judged judged = judge_named(*state, "x86:pg74");
    check_theorems(&judged, false, false, false);
    check_violations(&judged, CLASSIFIER_THEOREM_1, false,
                     "popf pushf iret sgdt sidt sldt smsw str lar lsl verr verw push pop mov call jmp int ret");
    check_violations(&judged, CLASSIFIER_THEOREM_3, false, "pushf sgdt sidt sldt smsw str");
    check_violations(&judged, CLASSIFIER_THEOREM_1, true,
                     "iret sgdt lar lsl verr verw push pop mov call jmp int ret");
    assert_int_equal(classifier_classes(judged.report, number_of(&judged, "sgdt")),
                     PG74_CLASS_KNOWN | PG74_CLASS_SENSITIVE | PG74_CLASS_USER_SENSITIVE);
    done(judged);
}

/* ---- Ten-line variants ------------------------------------------------------------------------------------------- */

static void test_unprivileged_reads(void **state)
{
    check_added(*state, "rd", RD, "X[rd] = base", "lu", false, false, false);
    check_added(*state, "rd", RD, "X[rd] = bound", "lu", false, false, false);
    check_added(*state, "rd", RD, "X[rd] = timer", "t", true, false, true);
    check_added(*state, "rd", RD, "X[rd] = identification", "ru", false, false, false);
    check_added(*state, "rd", RD, "X[rd] = zext(mode, 32)", "m", false, false, true);
    check_added(*state, "rd", RD, "X[rd] = memory_size", "lu", false, false, false);
    check_added(*state, "rd, rs1", RD_RS1, "X[rd] = port_in(X[rs1])", "cru", false, false, false);
    check_added(*state, "rd, rs1", RD_RS1, "X[rd] = physical_load(X[rs1], 4)", "lu", false, false, false);
    check_added(*state, "rd, rs1", RD_RS1, "X[rd] = translate(X[rs1], 1, loading)", "lu", false, false, false);
}

static void test_unprivileged_effects(void **state)
{
    check_added(*state, "rs1, rs2", RS1_RS2, "port_out(X[rs1], X[rs2])", "cu", false, false, false);
    check_added(*state, "rs1, rs2", RS1_RS2, "timer = X[rs1]", "cu", false, false, false);
    check_added(*state, "rs1, rs2", RS1_RS2, "halted = 1", "cu", false, false, false);
    check_added(*state, "rs1, rs2", RS1_RS2, "physical_store(X[rs1], 4, X[rs2])", "clu", false, false, false);
    check_added(*state, "rs1, rs2", RS1_RS2, "physical_store(base + X[rs1], 1, X[rs2][7:0])", "cu", false, false,
                false);
    check_added(*state, "rs1, rs2", RS1_RS2, "if mode == 0 { base = X[rs1] }", "c", false, false, true);
}

static void test_traps(void **state)
{
    check_added(*state, "rs1, rs2", RS1_RS2, "if mode == 0 { trap illegal(instruction, 0) }", "m", false, false, true);
    check_added(*state, "rs1, rs2", RS1_RS2, "trap illegal(instruction, 0)", "i", true, true, true);
    check_added(*state, "rs1, rs2", RS1_RS2, "trap memory(0, loading)", "i", true, true, true);
    check_added(*state, "rs1, rs2", RS1_RS2, "if enable == 0 { trap illegal(instruction, 0) }", "ru", false, false,
                false);
    check_added(*state, "rs1, rs2", RS1_RS2, "if base[4] == 0 { trap memory(0, loading) }", "i", true, true, true);
}

/* Two memories in one: through R and past it. (The probe of a location pair once hid a byte of the other.) */
static void test_mixed_accesses(void **state)
{
    check_added(*state, "rd, rs1", RD_RS1,
                "X[rs1] = zext(load(zext(enable, 32), 1), 32)  X[rs1] = physical_load(0, 4)  store(pc - X[rs1], 1, "
                "(base >>u 1)[7:0])",
                "lu", false, false, false);
}

/* What an instruction may do in user mode without harm. */
static void test_innocuous(void **state)
{
    check_added(*state, "rd, rs1", RD_RS1, "X[rd] = (X[rs1] * X[rd]) ^ (pc >>u X[rd][4:0])", "i", true, true, true);
    check_added(*state, "rd, rs1", RD_RS1, "if X[rs1] == 0 { trap illegal(instruction, 0) }  X[rd] = X[rd] /s X[rs1]",
                "i", true, true, true);
    check_added(*state, "rd, rs1", RD_RS1,
                "let pa = translate(X[rs1], 4, storing)  X[rd] = physical_load(pa, 4)  physical_store(pa, 4, X[rd])",
                "i", true, true, true);
    check_added(*state, "rs1, rs2", RS1_RS2,
                "store(X[rs1], 1, load(X[rs2], 1)[7:0])  store(X[rs1] + 1, 1, load(X[rs2] + 1, 1)[7:0])", "i", true,
                true, true);
    check_added(*state, "rs1, rs2", RS1_RS2, "pc = X[rs1] & ~3", "i", true, true, true);
    check_added(*state, "rd", RD, "X[rd] = base - base", "i", true, true, true);
    check_added(*state, "rd", RD, "X[rd] = (timer ^ identification) & 0", "i", true, true, true);
}

/* Sensitive for some words only: what counts is whether those are privileged. */
static void test_words(void **state)
{
    struct judged kept = judge_added(*state, "rd, rs1", RD_RS1,
                                     "if rs1 == 3 { require supervisor  X[rd] = base } else { X[rd] = X[rs1] }");
    check_classes(&kept, "tried", "l"); /* not all of its words are privileged, but all sensitive ones are */
    check_theorems(&kept, true, true, true);
    done(kept);
    struct judged missed = judge_added(
        *state, "rd, rs1", RD_RS1, "if rs1 == 3 { require supervisor  X[rd] = 1 } else if rs1 == 4 { X[rd] = base }");
    check_classes(&missed, "tried", "lu");
    check_theorems(&missed, false, false, false);
    const struct classifier_witness *witness =
        classifier_violation(missed.report, number_of(&missed, "tried"), CLASSIFIER_THEOREM_1);
    assert_non_null(witness);
    assert_int_equal(classifier_witness_word(witness) >> 15 & 31, 4);
    done(missed);
    struct judged destination =
        judge_added(*state, "rd, rs1", RD_RS1, "if rd != 0 { require supervisor }  X[rd] = base");
    check_theorems(&destination, true, true, true); /* with rd = 0 nothing is learnt */
    done(destination);
}

/* Reads through one of several registers, some of them R. */
static void test_register_files(void **state)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    const char *text =
        "variant \"files\" of \"pg74\"\n  title \"register files of every role\"\n"
        "state windows[4] : word  role relocation\nstate keys[8] : 16  role resource\nstate clocks[2] : word  role "
        "time\n"
        "instruction getwindow rd, rs1\n  doc \"d\"\n  source \"s\"\n  layout 0000000 00000 rs1:5 000 rd:5 1011011\n"
        "  execute { X[rd] = windows[X[rs1][1:0]] }\n"
        "instruction getkey rd, rs1\n  doc \"d\"\n  source \"s\"\n  layout 0000001 00000 rs1:5 000 rd:5 1011011\n"
        "  execute { X[rd] = zext(keys[X[rs1][2:0]], 32) }\n"
        "instruction setkey rs1, rs2\n  doc \"d\"\n  source \"s\"\n  layout 0000010 rs2:5 rs1:5 000 00000 1011011\n"
        "  execute { keys[X[rs1][2:0]] = X[rs2][15:0] }\n"
        "instruction getclock rd, rs1\n  doc \"d\"\n  source \"s\"\n  layout 0000011 00000 rs1:5 000 rd:5 1011011\n"
        "  execute { X[rd] = clocks[X[rs1][0]] }\n";
    struct judged judged = judge(*state, isa_load_text("files.isa", text, NULL, diagnostics), diagnostics);
    check_classes(&judged, "getwindow", "lu");
    check_classes(&judged, "getkey", "ru");
    check_classes(&judged, "setkey", "cu");
    check_classes(&judged, "getclock", "t");
    check_classes(&judged, "lw", "i");
    done(judged);
}

/* Relocation by pages instead of base and bound: the same classes, though `translate` reads memory. */
static void test_paged_machine(void **state)
{
    struct judged judged = judge_named(*state, "pg74p");
    check_theorems(&judged, true, true, true);
    check_classes(&judged, "lpsw", "pc");
    check_classes(&judged, "spsw", "plr");
    check_classes(&judged, "getflags", "plr");
    check_classes(&judged, "setflags", "pc");
    check_classes(&judged, "loadreal", "pl");
    check_classes(&judged, "probe", "pl");
    check_classes(&judged, "lb", "i");
    check_classes(&judged, "sw", "i");
    done(judged);
}

static void check_paged(struct classifier *classifier, const char *operands, const char *layout, const char *meaning,
                        const char *classes)
{
    struct judged judged = judge_added_to(classifier, "pg74p", operands, layout, meaning);
    check_classes(&judged, "tried", classes);
    done(judged);
}

/* R is the table, too: what shows an entry, a frame or a right shows R. */
static void test_paged_instructions(void **state)
{
    check_paged(*state, "rd", RD, "X[rd] = zext(translation, 32)", "lu");
    check_paged(*state, "rd, rs1", RD_RS1, "X[rd] = entry_of(X[rs1])", "lu");
    check_paged(*state, "rd, rs1", RD_RS1, "X[rd] = translate(X[rs1], 1, loading) & 4095", "i");
    check_paged(*state, "rd, rs1", RD_RS1, "X[rd] = translate(X[rs1], 1, loading)", "lu");
    check_paged(*state, "rd, rs1", RD_RS1, "X[rd] = zext(permits(entry_of(X[rs1]), storing, mode), 32)", "mlu");
    check_paged(*state, "rd, rs1", RD_RS1, "X[rd] = zext(permits(entry_of(X[rs1]), storing, user), 32)", "lu");
    check_paged(*state, "rd, rs1", RD_RS1, "require supervisor  X[rd] = zext(inside(X[rs1], 1), 32)", "pl");
    check_paged(*state, "rs1, rs2", RS1_RS2, "physical_store(base, 4, X[rs2])", "clu");
    check_paged(*state, "rs1, rs2", RS1_RS2,
                "let pa = translate(X[rs1], 4, storing)  physical_store(pa, 4, X[rs2])", "i");
    check_paged(*state, "rs1, rs2", RS1_RS2, "let pa = translate(X[rs1], 4, loading)  physical_store(pa, 4, X[rs2])",
                "cu");
    check_paged(*state, "rs1, rs2", RS1_RS2, "store(X[rs1], 4, load(X[rs2], 4))", "i"); /* misaligned, too */
    check_paged(*state, "rd, rs1", RD_RS1, "if translation == 1 { require supervisor }", "lu");
    check_paged(*state, "rd, rs1", RD_RS1, "if mode == 0 { translation = X[rs1][0] }", "c");
}

/* Another machine with pages, which has not been thought about so well. */
static void test_pages(void **state)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    const char *text = "variant \"pages\" of \"pg74\"\n  title \"one level of pages\"\n"
                       "replace function inside(va, size) { return size <=u bound and va <=u bound - size }\n"
                       "replace function translate(va, size, access) {\n"
                       "  if not inside(va, size) { trap memory(va, access) }\n"
                       "  let pte = physical_load((base & ~4095) + ((va >>u 12) << 2), 4)\n"
                       "  if pte[0] == 0 or (access == storing and pte[2] == 0) { trap memory(va, access) }\n"
                       "  let pa = (pte & ~4095) + (va & 4095)\n"
                       "  if pa >u memory_size - size { trap memory(va, access) }\n  return pa\n}\n";
    struct judged judged = judge(*state, isa_load_text("pages.isa", text, NULL, diagnostics), diagnostics);
    check_theorems(&judged, true, true, true);
    check_classes(&judged, "lw", "i");
    check_classes(&judged, "sb", "i");
    check_classes(&judged, "loadreal", "pl");
    done(judged);
}

/* ---- Witnesses and reports --------------------------------------------------------------------------------------- */

static void check_witnesses(struct classifier *classifier, const char *name)
{
    struct judged judged = judge_named(classifier, name);
    unsigned witnesses = 0;
    for (unsigned i = 0; i < isa_instruction_count(judged.isa); i++)
        for (enum classifier_property property = 0; property < CLASSIFIER_PROPERTIES; property++) {
            const struct classifier_witness *witness = classifier_witness_of(judged.report, i, property);
            bool has = property != CLASSIFIER_INNOCUOUS && classifier_has(judged.report, i, property) == CLASSIFIER_YES;
            assert_int_equal(witness != NULL, has);
            if (witness == NULL)
                continue;
            witnesses++;
            assert_true(classifier_witness_replays(judged.report, witness));
            assert_ptr_equal(isa_decode(judged.isa, classifier_witness_word(witness)),
                             isa_instruction_at(judged.isa, i));
        }
    assert_true(witnesses > 10);
    for (unsigned i = 0; i < isa_instruction_count(judged.isa); i++)
        for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
            const struct classifier_witness *witness = classifier_violation(judged.report, i, theorem);
            assert_int_equal(witness != NULL, classifier_violates(judged.report, i, theorem, false));
            assert_true(witness == NULL || classifier_witness_replays(judged.report, witness));
        }
    done(judged);
}

static void test_witnesses_replay(void **state)
{
    check_witnesses(*state, "pocket");
    check_witnesses(*state, "pg74");
    check_witnesses(*state, "x86:pg74");
}

static void test_json(void **state)
{
    struct judged judged = judge_named(*state, "pdp10");
    char *text = classifier_json((const struct classifier_report *const[]){judged.report}, 1);
    json_t *root = json_loads(text, 0, NULL), *variant, *retu = NULL, *instruction;
    assert_non_null(root);
    assert_int_equal(json_integer_value(json_object_get(root, "schema_version")), 1);
    variant = json_array_get(json_object_get(root, "variants"), 0);
    assert_string_equal(json_string_value(json_object_get(variant, "variant")), "pdp10");
    assert_true(json_is_false(json_object_get(variant, "theorem1")));
    assert_true(json_is_true(json_object_get(variant, "theorem3")));
    assert_true(json_is_false(json_object_get(json_object_get(variant, "paper"), "theorem1")));
    assert_int_equal(json_array_size(json_object_get(variant, "instructions")), isa_instruction_count(judged.isa));
    size_t i;
    json_array_foreach(json_object_get(variant, "instructions"), i, instruction)
        if (strcmp(json_string_value(json_object_get(instruction, "name")), "retu") == 0)
            retu = instruction;
    assert_true(json_is_true(json_object_get(retu, "control_sensitive")));
    assert_true(json_is_false(json_object_get(retu, "innocuous")));
    json_t *witness = json_object_get(json_object_get(retu, "witnesses"), "control_sensitive");
    assert_int_equal(json_array_size(json_object_get(witness, "states")), 1);
    json_t *violations = json_object_get(json_object_get(variant, "violations"), "theorem1");
    assert_string_equal(json_string_value(json_array_get(violations, 0)), "retu");
    json_decref(root);
    free(text);
    done(judged);
}

/* A third answer, where the solver is not allowed enough steps. */
static void test_unknown(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct classifier_options options = classifier_default_options();
    options.effort = 20000;
    const char *text =
        "variant \"hard\" of \"pg74\"\n  title \"factors a number\"\ninstruction tried rd, rs1, rs2\n  doc \"d\"\n"
        "  source \"s\"\n  layout 0000000 rs2:5 rs1:5 000 rd:5 1011011\n"
        "  execute { let p = zext(X[rs1], 64) * zext(X[rs2], 64)\n"
        "  if p == 0xb2d05e0f81ee29a1 and X[rs1] >u 1 and X[rs2] >u 1 { X[rd] = base } }\n";
    struct isa *isa = isa_load_text("hard.isa", text, NULL, diagnostics);
    assert_non_null(isa);
    options.instruction = "tried";
    struct classifier *classifier = classifier_new(&options);
    struct classifier_report *report = classifier_classify(classifier, isa, diagnostics);
    classifier_free(classifier);
    assert_non_null(report);
    assert_true(classifier_report_unknown(report));
    unsigned number = isa_instruction_number(isa, isa_instruction_named(isa, "tried"));
    assert_int_equal(classifier_has(report, number, CLASSIFIER_LOCATION_SENSITIVE), CLASSIFIER_UNKNOWN);
    assert_int_equal(classifier_has(report, number, CLASSIFIER_INNOCUOUS), CLASSIFIER_UNKNOWN);
    assert_int_equal(classifier_classes(report, number), 0);
    classifier_report_free(report);
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
}

static void test_no_mode(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load("rv32i", diagnostics);
    struct classifier *classifier = classifier_new(NULL);
    if (isa != NULL)
        assert_null(classifier_classify(classifier, isa, diagnostics));
    assert_int_equal(isa_diagnostics_exit_code(diagnostics), ISA_EXIT_DATA);
    classifier_free(classifier);
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pocket),
        cmocka_unit_test(test_pg74),
        cmocka_unit_test(test_pdp10_is_hybrid),
        cmocka_unit_test(test_x86),
        cmocka_unit_test(test_unprivileged_reads),
        cmocka_unit_test(test_unprivileged_effects),
        cmocka_unit_test(test_traps),
        cmocka_unit_test(test_mixed_accesses),
        cmocka_unit_test(test_innocuous),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_register_files),
        cmocka_unit_test(test_paged_machine),
        cmocka_unit_test(test_paged_instructions),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_witnesses_replay),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_no_mode),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
