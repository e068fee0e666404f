/* test_evaluate.c: the monitors' evaluator and decoder, compiled for this host, against the reference meaning of the
 * IR: for every instruction and paragraph, over random states, words and memory contents, both must leave the same
 * machine behind.
 *
 * Only what is relative to "the machine" differs: for the monitors' evaluator it is a partition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "module_of.h"
#include "vmm/common/decode.c"
#include "vmm/common/evaluate.c"
#include "vmm/common/fetch.c"
#include "vmm/common/module.c"
#include "vmm/common/prepare.c"
#include "vmm/common/vcpu.c"

enum { MEMORY = 0x2000, TRIALS = 1500, PORT_LOG = 8 };

/* ---- A machine that remembers what was asked of it --------------------------------------------------------------- */

struct port_log { unsigned count; uint32_t entries[PORT_LOG][3]; };

static uint32_t answer(struct port_log *log, uint32_t kind, uint32_t first, uint32_t second)
{
    if (log->count < PORT_LOG)
        memcpy(log->entries[log->count++], (uint32_t[]){ kind, first, second }, sizeof log->entries[0]);
    return first * 2654435761u + second + kind;
}

struct reference { uint8_t memory[MEMORY]; struct port_log log; uint32_t state[VMM_MOST_SLOTS]; };

static uint32_t reference_load(void *context, uint32_t address, unsigned bytes)
{
    struct reference *reference = context;
    uint32_t value = 0;
    memcpy(&value, reference->memory + address, bytes); /* hosts of this project are little-endian */
    return value;
}

static void reference_store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    struct reference *reference = context;
    memcpy(reference->memory + address, &value, bytes);
}

static uint32_t reference_in(void *context, uint32_t port)
{
    return answer(&((struct reference *)context)->log, 1, port, 0);
}

static void reference_out(void *context, uint32_t port, uint32_t value)
{
    answer(&((struct reference *)context)->log, 2, port, value);
}

static uint32_t reference_diagnose(void *context, uint32_t function, uint32_t argument)
{
    return answer(&((struct reference *)context)->log, 3, function, argument);
}

static struct port_log monitor_log;

uint32_t vmm_port_in(struct vmm_vcpu *vcpu, uint32_t port)
{
    (void)vcpu;
    return answer(&monitor_log, 1, port, 0);
}

void vmm_space_stored(struct vmm_vcpu *vcpu, uint32_t address, uint32_t size)
{
    (void)vcpu, (void)address, (void)size;
}

void vmm_port_out(struct vmm_vcpu *vcpu, uint32_t port, uint32_t value)
{
    (void)vcpu;
    answer(&monitor_log, 2, port, value);
}

uint32_t vmm_diagnose(struct vmm_vcpu *vcpu, uint32_t function, uint32_t argument)
{
    (void)vcpu;
    return answer(&monitor_log, 3, function, argument);
}

/* ---- Random machines --------------------------------------------------------------------------------------------- */

struct bench {
    struct isa *isa;
    struct pg74_boot_module *module;
    struct vmm_isa read;
    struct vmm_vcpu vcpu;
    uint8_t memory[MEMORY];
    struct reference reference;
    struct isa_environment environment;
    uint64_t random;
};

static uint32_t random_word(struct bench *bench)
{
    bench->random ^= bench->random << 13;
    bench->random ^= bench->random >> 7;
    bench->random ^= bench->random << 17;
    return (uint32_t)(bench->random >> 16);
}

/* Numbers at which arithmetic and bounds change their behaviour, and addresses in and around the small memory. */
static uint32_t interesting(struct bench *bench)
{
    static const uint32_t corners[] = { 0, 1, 2, 3, 15, 16, 31, 32, MEMORY - 16, MEMORY - 4, MEMORY, 0x7fffffff,
                                        0x80000000, 0x80000001, 0xfffffff0, 0xfffffffe, 0xffffffff };
    uint32_t choice = random_word(bench);

    switch (choice % 4) {
    case 0:  return corners[random_word(bench) % (sizeof corners / sizeof *corners)];
    case 1:  return random_word(bench) % (MEMORY + 64);
    case 2:  return random_word(bench) % MEMORY & ~UINT32_C(15);
    default: return random_word(bench);
    }
}

/* The same random state and memory for both sides. */
static void shuffle(struct bench *bench)
{
    for (unsigned i = 0; i < isa_state_count(bench->isa); i++) {
        const struct isa_state *state = isa_state_at(bench->isa, i);
        for (unsigned j = 0; j < state->count; j++) {
            uint32_t value = (int)j == state->zero ? 0 : interesting(bench) & (0xffffffffu >> (32 - state->width));
            bench->vcpu.state[state->slot + j] = bench->reference.state[state->slot + j] = value;
        }
    }
    for (unsigned i = 0; i < MEMORY / 4; i++) {
        uint32_t value = random_word(bench);
        memcpy(bench->memory + 4 * i, &value, 4);
    }
    memcpy(bench->reference.memory, bench->memory, MEMORY);
    bench->reference.log.count = monitor_log.count = 0;
}

static void setup(struct bench *bench, const char *name, const char *text)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();

    memset(bench, 0, sizeof *bench);
    bench->isa = text ? isa_load_text(name, text, NULL, diagnostics) : isa_load(name, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(bench->isa);
    isa_diagnostics_free(diagnostics);
    bench->module = module_of(bench->isa);
    assert_null(vmm_isa_read(&bench->read, bench->module));
    bench->vcpu.isa = &bench->read;
    bench->vcpu.memory = bench->memory;
    bench->vcpu.memory_size = MEMORY;
    bench->environment = (struct isa_environment){
        .context = &bench->reference, .state = bench->reference.state, .memory_size = MEMORY, .load = reference_load,
        .store = reference_store, .port_in = reference_in, .port_out = reference_out, .diagnose = reference_diagnose,
    };
    bench->random = 0x9e3779b97f4a7c15;
}

static void teardown(struct bench *bench)
{
    isa_free(bench->isa);
    free(bench->module);
}

/* ---- The comparison ---------------------------------------------------------------------------------------------- */

static void compare(struct bench *bench, const char *what, enum vmm_end got, struct isa_outcome expected)
{
    const struct vmm_trap *trap = &bench->vcpu.trap;

    if ((unsigned)got != (unsigned)expected.end)
        fail_msg("%s: ends as %u, expected %u", what, (unsigned)got, (unsigned)expected.end);
    if (expected.end == ISA_TRAPPED &&
        (trap->cause != expected.cause || trap->value != expected.value || trap->access != expected.access))
        fail_msg("%s: traps %u %x %u, expected %u %x %u", what, trap->cause, trap->value, trap->access, expected.cause,
                 expected.value, expected.access);
    for (unsigned i = 0; i < isa_slots(bench->isa); i++)
        if (bench->vcpu.state[i] != bench->reference.state[i])
            fail_msg("%s: slot %u is %x, expected %x", what, i, bench->vcpu.state[i], bench->reference.state[i]);
    if (memcmp(bench->memory, bench->reference.memory, MEMORY) != 0)
        fail_msg("%s: memory differs", what);
    if (monitor_log.count != bench->reference.log.count ||
        memcmp(monitor_log.entries, bench->reference.log.entries, monitor_log.count * sizeof *monitor_log.entries) != 0)
        fail_msg("%s: ports or diagnose differ", what);
}

static void compare_instructions(struct bench *bench)
{
    for (unsigned i = 0; i < isa_instruction_count(bench->isa); i++) {
        const struct isa_instruction *instruction = isa_instruction_at(bench->isa, i);
        if (i % 5 == 0)
            bench->read.next_step = bench->read.steps + VMM_POOL - bench->read.reserved; /* no room: all is forgotten */
        for (unsigned trial = 0; trial < TRIALS; trial++) {
            uint32_t word = (random_word(bench) & ~instruction->mask) | instruction->match;
            shuffle(bench);
            const struct vmm_decoded *decoded = vmm_decode(&bench->read, word, vmm_mode(&bench->vcpu));
            assert_non_null(decoded->instruction);
            assert_string_equal(decoded->instruction->name, instruction->name);
            enum vmm_end got = vmm_evaluate(&bench->vcpu, decoded->program, NULL, word);
            compare(bench, instruction->name, got, isa_execute(bench->isa, instruction, word, &bench->environment));
        }
    }
}

static void compare_paragraphs(struct bench *bench)
{
    static const char *const names[] = { "on reset", "on trap", "on interrupt", "on fetch", "on illegal", "translate" };

    for (unsigned i = 0; i < PG74_PARAGRAPHS; i++)
        for (unsigned trial = 0; trial < TRIALS; trial++) {
            uint32_t word = random_word(bench);
            uint32_t parameters[4] = { interesting(bench), interesting(bench), interesting(bench), 0 };
            shuffle(bench);
            enum vmm_end got = vmm_evaluate(&bench->vcpu, vmm_paragraph(&bench->read, i, bench->vcpu.state[bench->read.guest_mode]), parameters, word);
            struct isa_outcome expected =
                isa_run(bench->isa, (enum isa_paragraph)i, parameters, word, &bench->environment);
            compare(bench, names[i], got, expected);
            if (expected.end == ISA_DONE && (i == PG74_ON_FETCH || i == PG74_ON_TRANSLATE))
                assert_int_equal(bench->vcpu.result, expected.result);
        }
}

static void compare_words_that_are_none(struct bench *bench)
{
    for (unsigned trial = 0; trial < 20000; trial++) {
        uint32_t word = trial == 0 ? 0 : random_word(bench);
        const struct isa_instruction *expected = isa_decode(bench->isa, word);
        const struct vmm_decoded *got = vmm_decode(&bench->read, word, 0);
        assert_int_equal(expected != NULL, got->instruction != NULL);
        if (expected)
            assert_string_equal(got->instruction->name, expected->name);
    }
}

static void test_pg74(void **unused)
{
    static struct bench bench;
    (void)unused;
    setup(&bench, "pg74", NULL);
    compare_instructions(&bench);
    compare_paragraphs(&bench);
    compare_words_that_are_none(&bench);
    teardown(&bench);
}

static void test_variants(void **unused)
{
    static const char *const names[] = { "pdp10", "x86:pg74" };
    static struct bench bench;
    (void)unused;
    for (unsigned i = 0; i < 2; i++) {
        setup(&bench, names[i], NULL);
        compare_instructions(&bench);
        compare_paragraphs(&bench);
        teardown(&bench);
    }
}

/* Every operator in widths that no real instruction has: narrow, odd, just above 32, 64; and locals of all of them. */
static const char widths[] =
    "variant \"widths\" of \"pg74\"\n"
    "state narrow[8] : 5  role resource\n"
    "state odd : 19  role resource\n"
    "function choose(a, b) { if a <s b { return a ^ 3 } if a == b { return b } return a - b }\n"
    "instruction narrows rd, rs1, rs2\n"
    "  doc \"5 bits.\" source \"ours\" layout 0000000 rs2:5 rs1:5 000 rd:5 1011011\n"
    "  execute {\n"
    "    let a = X[rs1][4:0]  let b = X[rs2][12:8]\n"
    "    narrow[0] = a + b  narrow[1] = a - b  narrow[2] = a * b  narrow[3] = a /u b  narrow[4] = a /s b\n"
    "    narrow[5] = a %u b narrow[6] = a %s b\n"
    "    narrow[7] = (a << b[2:0]) ^ (a >>u b[1:0]) | (a >>s b) & ~narrow[b[2:0]]\n"
    "    X[rd] = zext((a <u b) ++ (a <s b) ++ (a == b) ++ (a <=s b) ++ (a >=u b), 32)\n"
    "    odd = sext(a, 19) + (odd ^ sext(b, 19))\n"
    "  }\n"
    "instruction wides rd, rs1, rs2\n"
    "  doc \"33 to 64 bits.\" source \"ours\" layout 0000001 rs2:5 rs1:5 000 rd:5 1011011\n"
    "  execute {\n"
    "    let a = X[rs1] ++ X[rs2]  let b = sext(X[rs2], 64)  let c = zext(X[rs1], 33) - zext(X[rs2], 33)\n"
    "    let d = if c <s 0 then a /s b else a %s b\n"
    "    let e = (a /u b) ^ (a %u b) ^ (a * b) ^ (a << X[rs2][6:0]) ^ (a >>u X[rs1][6:0]) ^ (b >>s X[rs1][5:0])\n"
    "    let f = if a <u b then d - e else d + e | a & ~b\n"
    "    if a == b { narrow[X[rs1][2:0]] = 7 } else { narrow[X[rs2][2:0]] = c[32:28] }\n"
    "    X[rd] = f[63:32] ^ f[31:0] ^ c[31:0] ^ choose(X[rs1], choose(X[rs2], f[40:9]))\n"
    "  }\n";

static void test_widths(void **unused)
{
    static struct bench bench;
    (void)unused;
    setup(&bench, "widths.isa", widths);
    compare_instructions(&bench);
    teardown(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_pg74), cmocka_unit_test(test_variants),
                                       cmocka_unit_test(test_widths) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
