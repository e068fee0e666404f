/* test_language.c: the specification language means what docs/specification-language.md says. */
#include "isa/isa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- A tiny machine around the evaluator ------------------------------------------------------------------------------- */

struct world {
    struct isa *isa;
    uint32_t state[128];
    uint8_t memory[256];
    uint32_t last_port, last_value;
    struct isa_environment environment;
};

static uint32_t load(void *context, uint32_t address, unsigned bytes)
{
    struct world *world = context;
    uint32_t value = 0;
    assert_true(address + bytes <= sizeof world->memory);
    memcpy(&value, world->memory + address, bytes);
    return value;
}

static void store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    struct world *world = context;
    assert_true(address + bytes <= sizeof world->memory);
    memcpy(world->memory + address, &value, bytes);
}

static uint32_t port_in(void *context, uint32_t port)
{
    (void)context;
    return port + 1000;
}

static void port_out(void *context, uint32_t port, uint32_t value)
{
    struct world *world = context;
    world->last_port = port;
    world->last_value = value;
}

static uint32_t diagnose(void *context, uint32_t function, uint32_t argument)
{
    (void)context;
    return function * 10 + argument;
}

static const char frame[] =
    "isa \"tiny\"\n"
    "%s\n"
    "state X[4] : word role general zero 0\n"
    "state pc : word role program_counter\n"
    "state mode : bit role mode\n"
    "cause memory = 1 storage \"m\"\n"
    "cause privileged = 2 \"p\"\n"
    "cause illegal = 3 \"i\"\n"
    "operand a register X\noperand b register X\noperand d register X\n"
    "function translate(va, size, access) { if va == ~6 { trap memory(va, access) } return va }\n"
    "on reset(entry) { pc = entry }\n"
    "on trap(cause, value, access) { X[1] = cause }\n"
    "on fetch { return load_from(pc, 1, 1) }\n"
    "on illegal { trap illegal }\n"
    "instruction test d, a, b\n  doc \"under test\"\n  layout 00 d:2 a:2 b:2\n  execute { %s }\n"
    "%s\n";

static struct world *open_world(const char *head, const char *execute, const char *more)
{
    char text[4096];
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct world *world = calloc(1, sizeof *world);
    assert_true((size_t)snprintf(text, sizeof text, frame, head, execute, more) < sizeof text);
    world->isa = isa_load_text("tiny.isa", text, NULL, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(world->isa);
    isa_diagnostics_free(diagnostics);
    world->environment = (struct isa_environment){.context = world, .state = world->state, .memory_size = 256, .load = load,
                                                  .store = store, .port_in = port_in, .port_out = port_out,
                                                  .diagnose = diagnose};
    return world;
}

static void close_world(struct world *world)
{
    isa_free(world->isa);
    free(world);
}

/* Executes `test d=1, a=2, b=3` with X[2] and X[3] as given. */
static struct isa_outcome execute(struct world *world, uint32_t a, uint32_t b)
{
    world->state[2] = a;
    world->state[3] = b;
    return isa_execute(world->isa, isa_instruction_named(world->isa, "test"), 0x1b, &world->environment);
}

/* What X[1] is after one execution of `X[d] = EXPRESSION`. */
static uint32_t value_of(const char *head, const char *expression, uint32_t a, uint32_t b)
{
    char body[512];
    snprintf(body, sizeof body, "X[d] = %s", expression);
    struct world *world = open_world(head, body, "");
    assert_int_equal(execute(world, a, b).end, ISA_DONE);
    uint32_t value = world->state[1];
    close_world(world);
    return value;
}

static const char byte[] = "word 8";

/* ---- Expressions ------------------------------------------------------------------------------------------------------- */

static void test_arithmetic(void **state)
{
    (void)state;
    assert_int_equal(value_of(byte, "X[a] + X[b]", 200, 100), 44);
    assert_int_equal(value_of(byte, "X[a] - X[b]", 1, 2), 255);
    assert_int_equal(value_of(byte, "-X[a]", 1, 0), 255);
    assert_int_equal(value_of(byte, "~X[a] & 0x0f", 0xf5, 0), 0x0a);
    assert_int_equal(value_of(byte, "X[a] | X[b] ^ 1", 0x10, 3), 0x12);
    assert_int_equal(value_of(byte, "X[a] + X[b] * 3", 1, 2), 7);
    assert_int_equal(value_of(byte, "X[a] - X[b] - 1", 9, 2), 6);
}

static void test_division_is_that_of_risc_v(void **state)
{
    (void)state;
    assert_int_equal(value_of(byte, "X[a] /s X[b]", 0xf9, 2), 0xfd);   /* -7 / 2 = -3 */
    assert_int_equal(value_of(byte, "X[a] %s X[b]", 0xf9, 2), 0xff);   /* -7 % 2 = -1 */
    assert_int_equal(value_of(byte, "X[a] /s X[b]", 5, 0), 0xff);
    assert_int_equal(value_of(byte, "X[a] %s X[b]", 0xf9, 0), 0xf9);
    assert_int_equal(value_of(byte, "X[a] /u X[b]", 5, 0), 0xff);
    assert_int_equal(value_of(byte, "X[a] %u X[b]", 5, 0), 5);
    assert_int_equal(value_of(byte, "X[a] /s X[b]", 0x80, 0xff), 0x80); /* overflow */
    assert_int_equal(value_of(byte, "X[a] %s X[b]", 0x80, 0xff), 0);
}

static void test_shifts(void **state)
{
    (void)state;
    assert_int_equal(value_of(byte, "X[a] << X[b]", 3, 7), 0x80);
    assert_int_equal(value_of(byte, "X[a] << X[b]", 3, 8), 0);
    assert_int_equal(value_of(byte, "X[a] >>u X[b]", 0x80, 7), 1);
    assert_int_equal(value_of(byte, "X[a] >>s X[b]", 0x80, 7), 0xff);
    assert_int_equal(value_of(byte, "X[a] >>s X[b]", 0x80, 200), 0xff);
    assert_int_equal(value_of(byte, "X[a] >>u 200", 0x80, 0), 0);
}

static void test_comparisons(void **state)
{
    (void)state;
    const struct { const char *expression; uint32_t below, same, above; } cases[] = {
        /* X[a] against X[b]: -1 with 1, 1 with 1, 1 with -1 */
        {"zext(X[a] <s X[b], 8)", 1, 0, 0}, {"zext(X[a] <u X[b], 8)", 0, 0, 1}, {"zext(X[a] <=s X[b], 8)", 1, 1, 0},
        {"zext(X[a] <=u X[b], 8)", 0, 1, 1}, {"zext(X[a] >s X[b], 8)", 0, 0, 1}, {"zext(X[a] >u X[b], 8)", 1, 0, 0},
        {"zext(X[a] >=s X[b], 8)", 0, 1, 1}, {"zext(X[a] >=u X[b], 8)", 1, 1, 0}, {"zext(X[a] == X[b], 8)", 0, 1, 0},
        {"zext(X[a] != X[b], 8)", 1, 0, 1}, {"zext(not X[a] == X[b], 8)", 1, 0, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(value_of(byte, cases[i].expression, 255, 1), cases[i].below);
        assert_int_equal(value_of(byte, cases[i].expression, 1, 1), cases[i].same);
        assert_int_equal(value_of(byte, cases[i].expression, 1, 255), cases[i].above);
    }
}

static void test_widths_change_as_written(void **state)
{
    (void)state;
    assert_int_equal(value_of(byte, "sext(X[a][3:0], 8)", 0x18, 0), 0xf8);
    assert_int_equal(value_of(byte, "zext(X[a][3:0], 8)", 0x18, 0), 8);
    assert_int_equal(value_of(byte, "X[a][3:0] ++ X[b][7:4]", 0x12, 0x34), 0x23);
    assert_int_equal(value_of(byte, "5:4 ++ 0:4", 0, 0), 0x50);
    assert_int_equal(value_of(byte, "(zext(X[a], 16) * zext(X[b], 16))[15:8]", 200, 200), 156);
    assert_int_equal(value_of(byte, "if X[a] == 1 then X[b] else 7", 1, 9), 9);
    assert_int_equal(value_of(byte, "if X[a] == 1 then X[b] else 7", 2, 9), 7);
    assert_int_equal(value_of(byte, "zext(d ++ a, 8)", 0, 0), 6);
}

static void test_any_word_width(void **state)
{
    (void)state;
    assert_int_equal(value_of("word 5 instruction_bits 8", "X[a] + X[b]", 31, 2), 1);
    assert_int_equal(value_of("word 12 instruction_bits 8", "X[a] * X[b]", 0x801, 2), 2);
    assert_int_equal(value_of("word 17 instruction_bits 8", "X[a] >>s 16", 0x10000, 0), 0x1ffff);
    assert_int_equal(value_of("word 32 instruction_bits 8", "X[a] /s X[b]", 0x80000000, 0xffffffff), 0x80000000);
    assert_int_equal(value_of("word 3 instruction_bits 8", "X[a] ^ X[b]", 7, 2), 5);
}

/* ---- Statements -------------------------------------------------------------------------------------------------------- */

static void test_reads_see_the_state_before(void **state)
{
    (void)state;
    struct world *world = open_world(byte, "X[a] = X[b] X[b] = X[a]", "");
    execute(world, 5, 6);
    assert_int_equal(world->state[2], 6);
    assert_int_equal(world->state[3], 5);
    assert_int_equal(world->state[4], 1); /* pc moved on */
    close_world(world);
    world = open_world(byte, "store(7, 1, X[a]) X[d] = load(7, 1)", "");
    world->memory[7] = 42;
    execute(world, 9, 0);
    assert_int_equal(world->state[1], 42);
    assert_int_equal(world->memory[7], 9);
    close_world(world);
}

static void test_a_trap_discards_all_writes(void **state)
{
    (void)state;
    struct world *world = open_world(byte, "X[d] = 1 store(3, 1, 9) X[d] = load(X[a], 1)", "");
    struct isa_outcome outcome = execute(world, 249, 0);
    assert_int_equal(outcome.end, ISA_TRAPPED);
    assert_int_equal(outcome.cause, 1);
    assert_int_equal(outcome.value, 249);
    assert_int_equal(outcome.access, 2);
    assert_int_equal(world->state[1], 0);
    assert_int_equal(world->memory[3], 0);
    assert_int_equal(world->state[4], 0);
    close_world(world);
}

static void test_require_supervisor(void **state)
{
    (void)state;
    struct world *world = open_world(byte, "require supervisor X[d] = 7", "");
    assert_int_equal(execute(world, 0, 0).end, ISA_DONE);
    assert_int_equal(world->state[1], 7);
    world->state[5] = 1;
    struct isa_outcome outcome = execute(world, 0, 0);
    assert_int_equal(outcome.end, ISA_TRAPPED);
    assert_int_equal(outcome.cause, 2);
    assert_int_equal(outcome.value, 0x1b);
    close_world(world);
}

static void test_functions_with_several_returns(void **state)
{
    (void)state;
    static const char more[] = "function pick(x) { if x == 1 { return 10 } else if x == 2 { if mode == 1 { return 21 } return 20 } "
                               "return 30 }";
    struct world *world = open_world(byte, "X[d] = pick(X[a]) + pick(X[b])", more);
    execute(world, 1, 2);
    assert_int_equal(world->state[1], 30);
    execute(world, 3, 3);
    assert_int_equal(world->state[1], 60);
    world->state[5] = 1;
    execute(world, 2, 1);
    assert_int_equal(world->state[1], 31);
    close_world(world);
}

static void test_element_zero_and_jumps(void **state)
{
    (void)state;
    struct world *world = open_world(byte, "X[0] = 9 X[d] = X[0] + 1 if X[a] == 1 { pc = 99 }", "");
    world->state[0] = 77; /* whatever stands there, it reads as zero */
    execute(world, 1, 0);
    assert_int_equal(world->state[1], 1);
    assert_int_equal(world->state[0], 77);
    assert_int_equal(world->state[4], 99);
    close_world(world);
}

static void test_ports_diagnose_and_memory_edges(void **state)
{
    (void)state;
    struct world *world = open_world("word 16 instruction_bits 8", "X[d] = diagnose(X[a], 1) port_out(3, X[b])", "");
    execute(world, 4, 17);
    assert_int_equal(world->state[1], 41);
    assert_int_equal(world->last_port, 3);
    assert_int_equal(world->last_value, 17);
    close_world(world);
    /* beyond memory reads are zero and writes are lost; the world's callbacks would fail on them */
    world = open_world("word 16 instruction_bits 8", "X[d] = physical_load(255, 2) physical_store(0xffff, 2, X[a]) "
                       "X[b] = memory_size", "");
    memset(world->memory, 0xff, sizeof world->memory);
    world->state[1] = 5;
    execute(world, 1, 2);
    assert_int_equal(world->state[1], 0);
    assert_int_equal(world->state[3], 256);
    close_world(world);
}

/* ---- Variants, decoding ------------------------------------------------------------------------------------------------ */

static struct isa *load_isa(const char *name)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(name, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(isa);
    isa_diagnostics_free(diagnostics);
    return isa;
}

static void test_variants_keep_what_they_do_not_touch(void **state)
{
    (void)state;
    struct isa *parent = load_isa("pg74"), *variant = load_isa("x86:pg74"), *pdp10 = load_isa("pdp10");
    assert_string_equal(isa_name(variant), "x86:pg74");
    assert_int_equal(isa_slots(variant), isa_slots(parent) + 4);
    assert_int_equal(isa_instruction_count(pdp10), isa_instruction_count(parent));
    for (unsigned i = 0; i < isa_instruction_count(parent); i++) {
        const struct isa_instruction *instruction = isa_instruction_at(parent, i);
        const struct isa_instruction *same = isa_instruction_named(variant, instruction->name);
        assert_non_null(same);
        assert_true(isa_program_equal(&instruction->program, &same->program));
        bool replaced = strcmp(instruction->name, "retu") == 0;
        assert_int_equal(isa_program_equal(&instruction->program, &isa_instruction_at(pdp10, i)->program), !replaced);
    }
    isa_free(parent);
    isa_free(variant);
    isa_free(pdp10);
}

static void test_a_variant_over_another_parent(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    static const char text[] = "variant \"v\" of \"no such machine\"\nremove instruction idle\nstate extra : word role resource\n"
                               "replace instruction halt rs1\n doc \"d\" layout 0000100 00000 rs1:5 111 00000 0001011\n"
                               "execute { extra = X[rs1] }";
    struct isa *isa = isa_load_text("v.isa", text, "pg74", diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(isa);
    assert_string_equal(isa_name(isa), "v:pg74");
    assert_null(isa_instruction_named(isa, "idle"));
    assert_string_equal(isa_instruction_named(isa, "halt")->variant, "v");
    assert_null(isa_instruction_named(isa, "add")->variant);
    isa_free(isa);
    assert_null(isa_load_text("v.isa", text, NULL, diagnostics));
    assert_int_equal(isa_diagnostics_exit_code(diagnostics), ISA_EXIT_NO_INPUT);
    isa_diagnostics_free(diagnostics);
}

/* The same mistake is said once, but is one every time. */
static void test_a_wrong_text_is_wrong_again(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    for (unsigned i = 0; i < 3; i++) {
        assert_null(isa_load("rv32m", diagnostics));
        assert_int_equal(isa_diagnostics_count(diagnostics), 1);
        assert_int_equal(isa_diagnostics_total(diagnostics), i + 1);
    }
    isa_diagnostics_free(diagnostics);
}

static bool matches(const char *pattern, uint32_t word)
{
    size_t bits = strlen(pattern);
    for (size_t i = 0; i < bits; i++)
        if (pattern[i] != '-' && (word >> (bits - 1 - i) & 1) != (uint32_t)(pattern[i] - '0'))
            return false;
    return true;
}

struct coverage { uint32_t word; unsigned hits; };

static bool count_hits(void *context, const char *pattern)
{
    struct coverage *coverage = context;
    coverage->hits += matches(pattern, coverage->word);
    return true;
}

/* Every word is one instruction by mask and match, or lies in one unassigned pattern, and isa_decode says the same. */
static void check_word(const struct isa *isa, uint32_t word)
{
    const struct isa_instruction *found = NULL;
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        const struct isa_instruction *instruction = isa_instruction_at(isa, i);
        if ((word & instruction->mask) != instruction->match)
            continue;
        assert_null(found);
        found = instruction;
    }
    assert_ptr_equal(isa_decode(isa, word), found);
    struct coverage coverage = {.word = word};
    isa_unassigned(isa, count_hits, &coverage);
    assert_int_equal(coverage.hits, found ? 0 : 1);
}

static void test_decoding_is_a_partition(void **state)
{
    (void)state;
    struct isa *pocket = load_isa("pocket"), *pg74 = load_isa("x86:pg74");
    for (uint32_t word = 0; word < 256; word++)
        check_word(pocket, word);
    assert_null(isa_decode(pocket, 0x100));
    uint64_t seed = 74;
    for (unsigned i = 0; i < 400; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        uint32_t word = (uint32_t)(seed >> 32);
        check_word(pg74, i % 2 ? word : (word & ~0x7fu) | (i % 4 ? 0x33 : 0x0b)); /* half of them near instructions */
    }
    isa_free(pocket);
    isa_free(pg74);
}

static void test_fields_go_there_and_back(void **state)
{
    (void)state;
    struct isa *isa = load_isa("pg74");
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        const struct isa_instruction *instruction = isa_instruction_at(isa, i);
        uint32_t covered = instruction->mask;
        for (unsigned f = 0; f < instruction->field_count; f++) {
            const struct isa_field *field = &instruction->fields[f];
            uint32_t word = isa_field_put(field, 0, UINT32_MAX);
            assert_int_equal(covered & word, 0);
            covered |= word;
            assert_int_equal(isa_field_put(field, UINT32_MAX, 0), ~word);
            assert_int_equal(isa_field_get(field, isa_field_put(field, 0x5a5a5a5a, isa_field_get(field, word))) ,
                             isa_field_get(field, word));
        }
        assert_int_equal(covered, UINT32_MAX); /* no bit is unspecified */
    }
    isa_free(isa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_division_is_that_of_risc_v),
        cmocka_unit_test(test_shifts),
        cmocka_unit_test(test_comparisons),
        cmocka_unit_test(test_widths_change_as_written),
        cmocka_unit_test(test_any_word_width),
        cmocka_unit_test(test_reads_see_the_state_before),
        cmocka_unit_test(test_a_trap_discards_all_writes),
        cmocka_unit_test(test_require_supervisor),
        cmocka_unit_test(test_functions_with_several_returns),
        cmocka_unit_test(test_element_zero_and_jumps),
        cmocka_unit_test(test_ports_diagnose_and_memory_edges),
        cmocka_unit_test(test_variants_keep_what_they_do_not_touch),
        cmocka_unit_test(test_a_variant_over_another_parent),
        cmocka_unit_test(test_a_wrong_text_is_wrong_again),
        cmocka_unit_test(test_decoding_is_a_partition),
        cmocka_unit_test(test_fields_go_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
