/* test_facts.c: what the checker finds out about an instruction set by itself, and the library's answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checker/internal.h"

static struct isa *load(const char *name)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(name, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(isa);
    return isa;
}

static struct isa *load_text(const char *text)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load_text("test.isa", text, NULL, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(isa);
    return isa;
}

static const struct checker_instruction *facts_named(const struct checker_facts *facts, const char *name)
{
    return checker_facts_of(facts, isa_instruction_named(facts->isa, name));
}

/* The trap area is found by running `on interrupt`, wherever it is. */
static void test_area(void **state)
{
    (void)state;
    struct isa *isa = load("pg74");
    struct checker_facts *facts = checker_facts_new(isa);
    assert_true(facts->area_known);
    assert_int_equal(facts->area[facts->area_cause].address, 0x60);
    assert_int_equal(facts->area[facts->area_pc].address, 0x44);
    checker_facts_free(facts);
    isa_free(isa);

    isa = load_text("variant \"elsewhere\" of \"pg74\"\n title \"another trap area\"\n"
                    "replace const old_psw = 0x90\nreplace const trap_cause = 0x84\n");
    facts = checker_facts_new(isa);
    assert_true(facts->area_known);
    assert_int_equal(facts->area[facts->area_cause].address, 0x84);
    assert_int_equal(facts->area[facts->area_pc].address, 0x94);
    checker_facts_free(facts);
    isa_free(isa);

    isa = load("pocket"); /* has no interrupts */
    facts = checker_facts_new(isa);
    assert_false(facts->area_known);
    assert_int_equal(facts->general_count, 4);
    checker_facts_free(facts);
    isa_free(isa);
}

static void test_instructions(void **state)
{
    (void)state;
    struct isa *isa = load("pg74");
    struct checker_facts *facts = checker_facts_new(isa);
    assert_int_equal(facts->general_count, 31); /* x0 is none */
    assert_true(facts_named(facts, "gettimer")->timed);
    assert_true(facts_named(facts, "machineid")->timed);
    assert_true(facts_named(facts, "diag")->timed);
    assert_true(facts_named(facts, "settimer")->sets_countdown);
    assert_true(facts_named(facts, "in")->special);
    assert_false(facts_named(facts, "in")->timed); /* that depends on the port */
    assert_false(facts_named(facts, "add")->special);
    assert_false(facts_named(facts, "getbase")->special);
    assert_true(facts_named(facts, "beq")->writes_pc);

    const struct checker_instruction *add = facts_named(facts, "add");
    const struct isa_instruction *instruction = isa_instruction_named(isa, "add");
    uint32_t word = UINT32_C(0x00c58533); /* add a0, a1, a2 */
    unsigned x = isa_state_named(isa, "X")->slot;
    assert_int_equal(add->result_count, 1);
    assert_int_equal(checker_operand_slot(&add->results[0], instruction, word), x + 10);
    assert_int_equal(add->source_count, 2);
    assert_int_equal(checker_operand_slot(&add->sources[0], instruction, word) +
                         checker_operand_slot(&add->sources[1], instruction, word), 2 * x + 11 + 12);
    assert_int_equal(checker_port_meaning(isa, 0x32), CHECKER_PORT_TIME);
    assert_int_equal(checker_port_meaning(isa, 0x14), CHECKER_PORT_DISK_STATUS);
    assert_int_equal(checker_port_meaning(isa, 0x99), CHECKER_PORT_OTHER);
    checker_facts_free(facts);
    isa_free(isa);
}

/* An instruction of a variant whose result is computed from the timer tells the time, too. */
static void test_variant(void **state)
{
    (void)state;
    struct isa *isa = load_text("variant \"clock\" of \"pg74\"\n title \"a clock\"\n"
                                "instruction halftime rd\n  doc \"Half the timer.\"\n  source \"this test\"\n"
                                "  layout 0000000 00000 00000 000 rd:5 0101011\n"
                                "  execute { X[rd] = timer >>u 1:32 }\n");
    struct checker_facts *facts = checker_facts_new(isa);
    assert_true(facts_named(facts, "halftime")->timed);
    assert_int_equal(facts_named(facts, "halftime")->result_count, 1);
    checker_facts_free(facts);
    isa_free(isa);
}

/* ---- The library --------------------------------------------------------------------------------------------------- */

static struct machine_image *assemble(const struct isa *isa, const char *text)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    size_t length = 0;
    uint8_t *bytes = isa_assemble(isa, "guest.s", text, &length, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(bytes);
    struct machine_image *image = machine_image_from_bytes("guest", bytes, length, diagnostics);
    assert_non_null(image);
    free(bytes);
    isa_diagnostics_free(diagnostics);
    return image;
}

static struct machine_image *built_monitor(void)
{
    char path[512];
    const char *build = getenv("BUILD");
    snprintf(path, sizeof path, "%s/vmm/trap_and_emulate.elf", build != NULL ? build : "build");
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_image *image = machine_image_open(path, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(image);
    return image;
}

static void test_library(void **state)
{
    (void)state;
    struct isa *isa = load("x86:pg74");
    struct machine_image *guest = assemble(isa, ".global _start\n_start: li t0, 5\nhere: sgdt a0\n halt t0\n");
    const struct machine_image *guests[] = {guest, guest};
    struct checker_monitor monitor = {.name = "mine", .image = built_monitor()};
    struct checker_options options = {.machine = {.guests = guests, .guest_count = 2}};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct checker_comparison *comparison = checker_compare(isa, &options, &monitor, 1, diagnostics);
    assert_non_null(comparison);
    assert_int_equal(checker_run_count(comparison), 2);
    assert_false(checker_all_equivalent(comparison));

    const struct checker_run *bare = checker_run_at(comparison, 0), *run = checker_run_at(comparison, 1);
    assert_string_equal(bare->vmm, "none");
    assert_int_equal(bare->guest_instructions, 6);
    assert_int_equal(bare->guests[1].halt_code, 5);
    assert_string_equal(run->vmm, "mine");
    assert_int_equal(run->method, CHECKER_LOCKSTEP);
    assert_int_equal(run->equivalent, CHECKER_FAILED);
    assert_non_null(run->failure);
    assert_true(run->failure->has_pc);
    assert_int_equal(run->failure->pc, 0x1004);
    assert_string_equal(run->failure->disassembly, "sgdt a0");
    assert_string_equal(run->failure->symbol, "here");
    assert_string_equal(run->failure->what, "register a0");
    assert_string_equal(run->failure->expected, "0x00000000");
    checker_comparison_free(comparison);

    /* Without the check the figures are there, and nothing is said of equivalence. */
    options.method = CHECKER_NONE;
    comparison = checker_compare(isa, &options, &monitor, 1, diagnostics);
    assert_non_null(comparison);
    run = checker_run_at(comparison, 1);
    assert_int_equal(run->equivalent, CHECKER_UNKNOWN);
    assert_true(checker_all_equivalent(comparison));
    assert_int_equal(run->direct, 4); /* the two halts trap */
    checker_comparison_free(comparison);

    isa_diagnostics_free(diagnostics);
    machine_image_free((struct machine_image *)(uintptr_t)monitor.image);
    machine_image_free(guest);
    isa_free(isa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_area),
        cmocka_unit_test(test_instructions),
        cmocka_unit_test(test_variant),
        cmocka_unit_test(test_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
