/* test_pocket.c: on the pocket machine the definitions can be tried out, without a solver and without the classifier's
 * own code: all words, and all values of whatever an instruction reads (its footprint). Where it accesses memory, that
 * would be too many; then registers and R take every value that lies at an edge of the frames or of memory, and some
 * between.
 *
 * The answers must be the classifier's, the negative and the positive ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <stdlib.h>

#include "classifier/classifier.h"

enum { MEMORY = 128, REGISTERS = 4 };

/* The pocket machine's state, by name. */
struct machine {
    uint32_t r[REGISTERS], pc, mode, base, bound, halted, halt_code, device;
    uint8_t memory[MEMORY];
};

struct run { /* one execution */
    struct machine after;
    struct isa_outcome outcome;
    bool storage; /* a memory trap */
};

struct slots { unsigned r, pc, mode, base, bound, halted, halt_code; };

struct bench {
    struct isa *isa;
    struct slots slots;
    const struct isa_instruction *instruction;
    bool reads_memory, reads_relocation, reads_resources;
    unsigned tried;
    bool found[CLASSIFIER_PROPERTIES];
    bool every_user_traps, no_supervisor_traps;
};

/* ---- Executing --------------------------------------------------------------------------------------------------- */

static uint32_t load(void *context, uint32_t address, unsigned bytes)
{
    assert_int_equal(bytes, 1);
    return ((struct machine *)context)->memory[address];
}

static void store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    assert_int_equal(bytes, 1);
    ((struct machine *)context)->memory[address] = (uint8_t)value;
}

static uint32_t port_in(void *context, uint32_t port)
{
    (void)port;
    return ((struct machine *)context)->device++;
}

static void port_out(void *context, uint32_t port, uint32_t value)
{
    ((struct machine *)context)->device += 1 + port + value;
}

static uint32_t diagnose(void *context, uint32_t function, uint32_t argument)
{
    (void)context, (void)function, (void)argument;
    return 0;
}

static void execute(const struct bench *bench, uint32_t word, const struct machine *before, struct run *run)
{
    const struct slots *s = &bench->slots;
    uint32_t state[64];
    run->after = *before;
    memcpy(&state[s->r], before->r, sizeof before->r);
    state[s->pc] = before->pc, state[s->mode] = before->mode, state[s->base] = before->base;
    state[s->bound] = before->bound, state[s->halted] = before->halted, state[s->halt_code] = before->halt_code;
    struct isa_environment environment = {.context = &run->after,
                                          .state = state,
                                          .memory_size = MEMORY,
                                          .load = load,
                                          .store = store,
                                          .port_in = port_in,
                                          .port_out = port_out,
                                          .diagnose = diagnose};
    run->outcome = isa_execute(bench->isa, bench->instruction, word, &environment);
    const struct isa_cause *cause = isa_cause_numbered(bench->isa, run->outcome.cause);
    run->storage = run->outcome.end == ISA_TRAPPED && cause->storage;
    memcpy(run->after.r, &state[s->r], sizeof before->r);
    run->after.pc = state[s->pc], run->after.mode = state[s->mode], run->after.base = state[s->base];
    run->after.bound = state[s->bound], run->after.halted = state[s->halted],
    run->after.halt_code = state[s->halt_code];
}

/* ---- The definitions --------------------------------------------------------------------------------------------- */

/* R, as the pocket machine has it: written out here once more, so that the test knows frames by itself. */
static bool frame(const struct machine *m, uint32_t va, uint32_t *pa)
{
    *pa = m->base + va;
    return va < m->bound && *pa < MEMORY;
}

static bool given(const struct machine *m, uint32_t address)
{
    return address >= m->base && address - m->base < m->bound;
}

static bool changes_control(const struct machine *before, const struct run *run)
{
    const struct machine *after = &run->after;
    if (run->outcome.end != ISA_DONE)
        return false;
    if (before->mode != after->mode || before->base != after->base || before->bound != after->bound ||
        before->halted != after->halted || before->halt_code != after->halt_code || before->device != after->device)
        return true;
    for (uint32_t i = 0; i < MEMORY; i++)
        if (before->memory[i] != after->memory[i] && !given(before, i))
            return true;
    return false;
}

static bool results_differ(const struct machine before[2], const struct run runs[2])
{
    const struct machine *a = &runs[0].after, *b = &runs[1].after;
    if (memcmp(a->r, b->r, sizeof a->r) != 0 || a->pc != b->pc)
        return true;
    if ((before[0].halted == before[1].halted && a->halted != b->halted) ||
        (before[0].halt_code == before[1].halt_code && a->halt_code != b->halt_code) ||
        (before[0].device == before[1].device && a->device != b->device))
        return true;
    for (uint32_t va = 0; va < MEMORY; va++) {
        uint32_t at[2];
        if (frame(&before[0], va, &at[0]) && frame(&before[1], va, &at[1]) && a->memory[at[0]] != b->memory[at[1]])
            return true;
    }
    return false;
}

static bool differ(const struct machine before[2], const struct run runs[2], bool mode)
{
    bool trapped[2] = {runs[0].outcome.end != ISA_DONE, runs[1].outcome.end != ISA_DONE};
    if (runs[0].storage || runs[1].storage)
        return false;
    if (trapped[0] != trapped[1])
        return mode ? trapped[0] : true;
    return !trapped[0] && results_differ(before, runs);
}

/* What the second state of a location pair must hold: what the first does, where both can see it. */
static void move_frame(const struct machine *first, struct machine *second)
{
    for (uint32_t i = 0; i < MEMORY; i++)
        second->memory[i] = (uint8_t)(i * 29 + 5);
    for (uint32_t va = 0; va < MEMORY; va++) {
        uint32_t at[2];
        if (frame(first, va, &at[0]) && frame(second, va, &at[1]))
            second->memory[at[1]] = first->memory[at[0]];
    }
}

/* ---- Trying one state -------------------------------------------------------------------------------------------- */

static void found(struct bench *bench, enum classifier_property property, bool user)
{
    bench->found[property] = true;
    if (user && property != CLASSIFIER_MODE_SENSITIVE)
        bench->found[CLASSIFIER_USER_SENSITIVE] = true;
}

static void try_mode(struct bench *bench, uint32_t word, const struct machine *state)
{
    struct machine states[2] = {*state, *state};
    struct run runs[2];
    for (uint32_t mode = 0; mode < 2; mode++) {
        states[mode].mode = mode;
        execute(bench, word, &states[mode], &runs[mode]);
        bool privileged = runs[mode].outcome.end == ISA_TRAPPED && !runs[mode].storage;
        bench->every_user_traps &= mode == 0 || privileged || runs[mode].storage;
        bench->no_supervisor_traps &= mode == 1 || !privileged;
        if (changes_control(&states[mode], &runs[mode]))
            found(bench, CLASSIFIER_CONTROL_SENSITIVE, mode == 1);
    }
    if (differ(states, runs, true))
        found(bench, CLASSIFIER_MODE_SENSITIVE, false);
}

static void try_pair(struct bench *bench, uint32_t word, const struct machine states[2],
                     enum classifier_property property)
{
    struct run runs[2];
    execute(bench, word, &states[0], &runs[0]);
    execute(bench, word, &states[1], &runs[1]);
    if (differ(states, runs, false))
        found(bench, property, states[0].mode == 1);
}

static void try_resources(struct bench *bench, uint32_t word, const struct machine *state)
{
    for (uint32_t mode = 0; mode < 2; mode++)
        for (unsigned which = 0; which < 3; which++) {
            struct machine states[2] = {*state, *state};
            states[0].mode = states[1].mode = mode;
            if (which == 0)
                states[1].halted ^= 1;
            else if (which == 1)
                states[1].halt_code = 77;
            else
                states[1].device = 9;
            try_pair(bench, word, states, CLASSIFIER_RESOURCE_SENSITIVE);
        }
}

static void try_location(struct bench *bench, uint32_t word, const struct machine *state, uint32_t base, uint32_t bound)
{
    struct machine states[2] = {*state, *state};
    states[1].base = base;
    states[1].bound = bound;
    move_frame(&states[0], &states[1]);
    for (uint32_t mode = 0; mode < 2; mode++) {
        states[0].mode = states[1].mode = mode;
        try_pair(bench, word, states, CLASSIFIER_LOCATION_SENSITIVE);
    }
}

/* ---- All states -------------------------------------------------------------------------------------------------- */

static const uint32_t edges[] = {0, 1, 3, 16, 100, 124, 127, 128, 200, 252, 255};
enum { EDGES = sizeof edges / sizeof edges[0] };

/* An instruction without memory sees R as a function sees an argument: it depends on it if some value of R gives
 * another result than R = (0, 0) does. */
static void try_relocations(struct bench *bench, uint32_t word, struct machine *state)
{
    if (!bench->reads_relocation && !bench->reads_memory) {
        try_location(bench, word, state, 64, 32);
        return;
    }
    for (unsigned i = 0; i < (bench->reads_memory ? EDGES : 256); i++)
        for (unsigned j = 0; j < (bench->reads_memory ? EDGES : 256); j++)
            try_location(bench, word, state, bench->reads_memory ? edges[i] : i, bench->reads_memory ? edges[j] : j);
}

static void try_state(struct bench *bench, uint32_t word, struct machine *state)
{
    try_mode(bench, word, state);
    if (bench->reads_resources || bench->tried++ % 64 == 0) /* outside of its footprint, now and then will do */
        try_resources(bench, word, state);
    try_relocations(bench, word, state);
}

static bool names_register(const struct bench *bench, uint32_t word, unsigned number)
{
    for (unsigned i = 0; i < bench->instruction->field_count; i++) {
        const struct isa_field *field = &bench->instruction->fields[i];
        if (field->kind == ISA_REGISTER && isa_field_get(field, word) == number)
            return true;
    }
    return false;
}

/* All values of the registers that the word names, from register `number` on. */
static void try_registers(struct bench *bench, uint32_t word, struct machine *state, unsigned number)
{
    if (number == REGISTERS) {
        try_state(bench, word, state);
        return;
    }
    bool few = bench->reads_memory || bench->reads_relocation;
    if (!names_register(bench, word, number)) {
        state->r[number] = number;
        try_registers(bench, word, state, number + 1);
        return;
    }
    for (unsigned i = 0; i < (few ? 5 : 256); i++) {
        state->r[number] = few ? edges[2 * i] : i;
        try_registers(bench, word, state, number + 1);
    }
}

static void try_word(struct bench *bench, uint32_t word)
{
    struct machine state = {.pc = 40, .base = 16, .bound = 100};
    for (unsigned i = 0; i < MEMORY; i++)
        state.memory[i] = (uint8_t)(i * 53 + 11);
    if (!bench->reads_memory) {
        state.base = state.bound = 0;
        try_registers(bench, word, &state, 0);
        return;
    }
    for (unsigned i = 0; i < EDGES; i += 2)
        for (unsigned j = 0; j < EDGES; j += 2) {
            state.base = edges[i];
            state.bound = edges[j];
            try_registers(bench, word, &state, 0);
        }
}

/* ---- Comparing --------------------------------------------------------------------------------------------------- */

static void find_footprint(struct bench *bench)
{
    const struct isa_program *program = &bench->instruction->program;
    bench->reads_memory = bench->reads_relocation = bench->reads_resources = false;
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        bench->reads_memory |=
            node->operator== ISA_TRANSLATE || node->operator== ISA_LOAD || node->operator== ISA_STORE;
        enum isa_role role = node->operator == ISA_READ ? isa_state_at(bench->isa, node->a)->role : ISA_ROLE_GENERAL;
        bench->reads_relocation |= role == ISA_ROLE_RELOCATION;
        bench->reads_resources |= role == ISA_ROLE_RESOURCE || node->operator == ISA_PORT_IN;
    }
}

static unsigned slot(const struct isa *isa, const char *name)
{
    return isa_state_named(isa, name)->slot;
}

/* Words that name the same registers in the same places differ in nothing else but what they name: of an instruction
 * that accesses memory, or R, a few will do. */
static bool is_tried(const struct bench *bench, uint32_t word)
{
    return (word & bench->instruction->mask) == bench->instruction->match &&
           (!(bench->reads_memory || bench->reads_relocation) || (word & 15) == 1 || (word & 15) == 0 ||
            (word & 15) == 14);
}

static void compare(struct bench *bench, const struct classifier_report *report, unsigned number)
{
    bench->instruction = isa_instruction_at(bench->isa, number);
    memset(bench->found, 0, sizeof bench->found);
    bench->every_user_traps = bench->no_supervisor_traps = true;
    find_footprint(bench);
    for (uint32_t word = 0; word < 256; word++)
        if (is_tried(bench, word))
            try_word(bench, word);
    bench->found[CLASSIFIER_PRIVILEGED] = bench->every_user_traps && bench->no_supervisor_traps;
    for (enum classifier_property property = 0; property < CLASSIFIER_INNOCUOUS; property++) {
        enum classifier_answer answer = classifier_has(report, number, property);
        if ((answer == CLASSIFIER_YES) != bench->found[property])
            fail_msg("%s: enumeration says %s is %d", bench->instruction->name, classifier_property_name(property),
                     bench->found[property]);
    }
}

static void test_every_instruction(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct bench bench = {.isa = isa_load("pocket", diagnostics)};
    assert_non_null(bench.isa);
    const struct isa *isa = bench.isa;
    bench.slots = (struct slots){slot(isa, "r"),     slot(isa, "pc"),     slot(isa, "mode"),     slot(isa, "base"),
                                 slot(isa, "bound"), slot(isa, "halted"), slot(isa, "halt_code")};
    struct classifier *classifier = classifier_new(NULL);
    struct classifier_report *report = classifier_classify(classifier, isa, diagnostics);
    assert_non_null(report);
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        compare(&bench, report, i);
    classifier_report_free(report);
    classifier_free(classifier);
    isa_free(bench.isa);
    isa_diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_instruction)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
