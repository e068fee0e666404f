/* test_pocket.c: on the pocket machine the definitions are tried out, without a solver and without the classifier's
 * own code, over the whole footprint of each instruction: all values of all that it reads. The answers must be the
 * classifier's, the negative and the positive ones.
 *
 * The footprint is read off the program: the registers that the word names, mode, R (base and bound, each of 256
 * values; for `translate`, too), and the cells of memory that are loaded. What is not in it cannot matter; it is
 * varied all the same, at some states (`try_others`). The product of the rest is too large as it stands. It is cut
 * down, without leaving out a case that could differ from those tried, by three arguments:
 *
 *   Pairs     A pair of states shows a property if they agree in all but what is perturbed, and their outcomes
 *             differ. So for each value of what they agree in, the outcomes over ALL values of what is perturbed must
 *             be one and the same: it is enough to compare each with the first (`compare_with_first`), and no pair is
 *             left out. For location memory is made from what stands at each virtual address, so that all R give
 *             states of such pairs.
 *   Values    A register or cell that only becomes a value (that is written, stored or put out, as it is or combined
 *             with others of that kind alone) decides neither whether the instruction traps nor which place it
 *             writes: `is_value` finds that in the program. So two products take the place of one: all addresses,
 *             modes and R, with the values fixed; and all values, with R fixed at a few (`few`). A register of which
 *             that is not clear counts as an address; of a cell the test asserts it.
 *   Names     A register's number only names it (the operand is of kind register, and no register is always zero), so
 *             that words with the same pattern of equal numbers (rd = rs or not) do the same up to names. Of
 *             instructions that access memory one word of each pattern goes through the large product; the others
 *             through that of values.
 *
 * What is a sample: memory has 128 or 255 bytes (in the large product 128 alone), the same in both states of a pair.
 * pc is 40, since no instruction of the machine reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <stdlib.h>

#include "classifier/classifier.h"

enum { REGISTERS = 4, MOST_NODES = 256 };

/* The pocket machine's state, by name. Memory: what stands at each virtual address follows from `contents`; what is
 * outside of the frame is unrelated in any two states. */
struct machine {
    uint8_t r[REGISTERS], pc, mode, base, bound, halted, halt_code, contents, memory_size;
    uint32_t device;
};

struct run { /* one execution */
    struct machine before, after;
    enum { DONE, PRIVILEGED, STORAGE } end;
    bool stores, in_frame; /* a byte is stored that changes memory, where R gives memory */
    uint8_t place, value;  /* its virtual address, or its physical one where R does not give it */
};

struct slots { unsigned r, pc, mode, base, bound, halted, halt_code; };

struct bench {
    struct isa *isa;
    struct slots slots;
    const struct isa_instruction *instruction;
    bool reads_mode, reads_relocation, accesses, loads;
    bool address[REGISTERS]; /* of this word: registers that are read and are not values alone ... */
    bool value[REGISTERS];   /* ... and those that are */
    unsigned long executed;
    bool found[CLASSIFIER_PROPERTIES];
    bool every_user_traps, no_supervisor_traps;
};

/* ---- Executing --------------------------------------------------------------------------------------------------- */

/* R, as the pocket machine has it: written out here once more, so that the test knows frames by itself. */
static bool in_frame(const struct machine *m, uint32_t address)
{
    return address >= m->base && address - m->base < m->bound;
}

static uint8_t cell(const struct machine *m, uint32_t address)
{
    return in_frame(m, address) ? (uint8_t)(m->contents + 37 * (address - m->base))
                                : (uint8_t)(7 * m->base + 13 * address + m->bound);
}

static uint32_t load(void *context, uint32_t address, unsigned bytes)
{
    assert_int_equal(bytes, 1);
    return cell(&((struct run *)context)->before, address);
}

static void store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    struct run *run = context;
    assert_int_equal(bytes, 1);
    assert_false(run->stores); /* none stores twice */
    run->stores = cell(&run->before, address) != value;
    run->in_frame = in_frame(&run->before, address);
    run->place = (uint8_t)(run->in_frame ? address - run->before.base : address);
    run->value = (uint8_t)value;
}

static uint32_t port_in(void *context, uint32_t port)
{
    (void)port;
    return ((struct run *)context)->after.device++;
}

static void port_out(void *context, uint32_t port, uint32_t value)
{
    ((struct run *)context)->after.device += 1 + port + value;
}

static uint32_t diagnose(void *context, uint32_t function, uint32_t argument)
{
    (void)context, (void)function, (void)argument;
    return 0;
}

static void execute(struct bench *bench, uint32_t word, const struct machine *before, struct run *run)
{
    const struct slots *s = &bench->slots;
    uint32_t state[64];
    *run = (struct run){.before = *before, .after = *before};
    for (unsigned i = 0; i < REGISTERS; i++)
        state[s->r + i] = before->r[i];
    state[s->pc] = before->pc, state[s->mode] = before->mode, state[s->base] = before->base;
    state[s->bound] = before->bound, state[s->halted] = before->halted, state[s->halt_code] = before->halt_code;
    struct isa_environment environment = {.context = run,
                                          .state = state,
                                          .memory_size = before->memory_size,
                                          .load = load,
                                          .store = store,
                                          .port_in = port_in,
                                          .port_out = port_out,
                                          .diagnose = diagnose};
    struct isa_outcome outcome = isa_execute(bench->isa, bench->instruction, word, &environment);
    bench->executed++;
    run->end = outcome.end == ISA_DONE                                    ? DONE
               : isa_cause_numbered(bench->isa, outcome.cause)->storage ? STORAGE
                                                                          : PRIVILEGED;
    struct machine *after = &run->after;
    for (unsigned i = 0; i < REGISTERS; i++)
        after->r[i] = (uint8_t)state[s->r + i];
    after->pc = (uint8_t)state[s->pc], after->mode = (uint8_t)state[s->mode], after->base = (uint8_t)state[s->base];
    after->bound = (uint8_t)state[s->bound], after->halted = (uint8_t)state[s->halted];
    after->halt_code = (uint8_t)state[s->halt_code];
}

/* ---- The definitions --------------------------------------------------------------------------------------------- */

static bool changes_control(const struct run *run)
{
    const struct machine *before = &run->before, *after = &run->after;
    return run->end == DONE &&
           (before->mode != after->mode || before->base != after->base || before->bound != after->bound ||
            before->halted != after->halted || before->halt_code != after->halt_code ||
            before->device != after->device || (run->stores && !run->in_frame));
}

/* A component in which the states differ before is left out. What a store makes of memory at virtual addresses is
 * compared as that: the states hold the same there before. */
static bool results_differ(const struct run *a, const struct run *b)
{
    bool x = a->stores && a->in_frame, y = b->stores && b->in_frame;
    return memcmp(a->after.r, b->after.r, sizeof a->after.r) != 0 || a->after.pc != b->after.pc ||
           (a->before.halted == b->before.halted && a->after.halted != b->after.halted) ||
           (a->before.halt_code == b->before.halt_code && a->after.halt_code != b->after.halt_code) ||
           (a->before.device == b->before.device && a->after.device != b->after.device) || x != y ||
           (x && (a->place != b->place || a->value != b->value));
}

static bool differ(const struct run *a, const struct run *b, bool mode)
{
    if (a->end == STORAGE || b->end == STORAGE)
        return false;
    if (a->end != b->end)
        return !mode || a->end == PRIVILEGED;
    return a->end == DONE && results_differ(a, b);
}

static void found(struct bench *bench, enum classifier_property property, bool user)
{
    bench->found[property] = true;
    if (user && property != CLASSIFIER_MODE_SENSITIVE)
        bench->found[CLASSIFIER_USER_SENSITIVE] = true;
}

/* ---- States ------------------------------------------------------------------------------------------------------ */

/* All that share the rest with the first state that takes no memory trap have its outcome. */
static void compare_with_first(struct bench *bench, struct run *first, const struct run *run,
                               enum classifier_property property)
{
    if (run->end == STORAGE)
        return;
    if (first->end == STORAGE)
        *first = *run;
    else if (differ(first, run, false))
        found(bench, property, run->before.mode == 1);
}

/* The state in both modes (in one, if mode is not read: then that is both); `firsts`: of each mode, of another R. */
static void try_modes(struct bench *bench, uint32_t word, struct machine *state, struct run firsts[2])
{
    struct run runs[2];
    for (uint8_t mode = 0; mode < 2; mode++) {
        state->mode = mode;
        if (mode == 0 || bench->reads_mode)
            execute(bench, word, state, &runs[mode]);
        else
            runs[1] = runs[0], runs[1].before.mode = runs[1].after.mode = 1;
        bench->every_user_traps &= mode == 0 || runs[mode].end != DONE;
        bench->no_supervisor_traps &= mode == 1 || runs[mode].end != PRIVILEGED;
        if (changes_control(&runs[mode]))
            found(bench, CLASSIFIER_CONTROL_SENSITIVE, mode == 1);
        compare_with_first(bench, &firsts[mode], &runs[mode], CLASSIFIER_LOCATION_SENSITIVE);
    }
    if (differ(&runs[0], &runs[1], true))
        found(bench, CLASSIFIER_MODE_SENSITIVE, false);
}

/* All R. */
static void try_relocations(struct bench *bench, uint32_t word, struct machine *state)
{
    struct run firsts[2] = {{.end = STORAGE}, {.end = STORAGE}};
    for (unsigned base = 0; base < 256; base++)
        for (unsigned bound = 0; bound < 256; bound++) {
            state->base = (uint8_t)base, state->bound = (uint8_t)bound;
            try_modes(bench, word, state, firsts);
        }
}

static const uint8_t few[][2] = {{0, 128}, {16, 100}, {64, 32}, {255, 255}, {0, 0}};
enum { FEW = sizeof few / sizeof few[0] };

static void try_few_relocations(struct bench *bench, uint32_t word, struct machine *state)
{
    struct run firsts[2] = {{.end = STORAGE}, {.end = STORAGE}};
    bool matters = bench->reads_relocation || bench->accesses;
    for (unsigned i = 0; i < (matters ? FEW : 2); i++) {
        state->base = few[i][0], state->bound = few[i][1];
        try_modes(bench, word, state, firsts);
    }
}

/* What no instruction of the machine reads: resources, pc, devices, registers that are not named. */
static void try_others(struct bench *bench, uint32_t word, const struct machine *state)
{
    for (uint8_t mode = 0; mode < 2; mode++)
        for (unsigned which = 0; which < 3; which++) {
            struct machine other = *state;
            struct run runs[2];
            other.mode = mode, other.base = few[1][0], other.bound = few[1][1];
            execute(bench, word, &other, &runs[0]);
            if (which == 0)
                other.halted ^= 1;
            else if (which == 1)
                other.halt_code = (uint8_t)(other.halt_code + 77);
            else
                other.device = 9;
            execute(bench, word, &other, &runs[1]);
            if (differ(&runs[0], &runs[1], false))
                found(bench, CLASSIFIER_RESOURCE_SENSITIVE, mode == 1);
        }
}

typedef void try_next(struct bench *bench, uint32_t word, struct machine *state);

/* All values of the registers that `chosen` has, from `number` on; in each state `next`. */
static void try_registers(struct bench *bench, uint32_t word, struct machine *state, unsigned number,
                          const bool *chosen, try_next *next)
{
    while (number < REGISTERS && !chosen[number])
        number++;
    if (number == REGISTERS) {
        next(bench, word, state);
        return;
    }
    for (unsigned i = 0; i < 256; i++) {
        state->r[number] = (uint8_t)i;
        try_registers(bench, word, state, number + 1, chosen, next);
    }
}

static void try_contents(struct bench *bench, uint32_t word, struct machine *state)
{
    for (unsigned i = 0; i < (bench->loads ? 256 : 1); i++) {
        state->contents = (uint8_t)i;
        try_few_relocations(bench, word, state);
    }
    if (state->r[0] % 16 == 3)
        try_others(bench, word, state);
}

/* ---- The footprint ----------------------------------------------------------------------------------------------- */

/* What the nodes `sources` become: do they reach nothing but values that are written, stored or put out, alone or with
 * constants and others of the kind? */
static bool is_value(const struct isa_program *program, const bool *sources)
{
    bool tainted[MOST_NODES] = {false}, locals[ISA_MOST_LOCALS] = {false}, plain[MOST_NODES] = {false};
    assert_true(program->count <= MOST_NODES);
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *n = &program->nodes[i];
        bool a = n->a < i && tainted[n->a], b = n->b < i && tainted[n->b];
        plain[i] = sources[i] || n->operator == ISA_CONSTANT || n->operator == ISA_FIELD;
        switch ((enum isa_operator)n->operator) {
        case ISA_CONSTANT: case ISA_PARAMETER: case ISA_FIELD: case ISA_INSTRUCTION: case ISA_MEMORY_SIZE:
        case ISA_JUMP: break;
        case ISA_EXTRACT: case ISA_ZERO_EXTEND: case ISA_SIGN_EXTEND: tainted[i] = a; plain[i] = plain[n->a]; break;
        case ISA_ADD: case ISA_SUB: case ISA_AND: case ISA_OR: case ISA_XOR: case ISA_CONCATENATE:
            tainted[i] = a || b;
            plain[i] = plain[n->a] && plain[n->b];
            if (tainted[i] && !plain[i])
                return false;
            break;
        case ISA_LOCAL_SET: locals[n->a] |= b; break;
        case ISA_LOCAL_GET: tainted[i] = locals[n->a]; break;
        case ISA_READ: case ISA_WRITE:
            tainted[i] = sources[i];
            if (n->b != ISA_NONE && tainted[n->b])
                return false;
            break;
        case ISA_LOAD: case ISA_STORE: case ISA_PORT_OUT:
            tainted[i] = sources[i];
            if (a)
                return false;
            break;
        default: /* conditions, addresses, what a trap tells: these are no mere values */
            if (a || b || (n->c < i && tainted[n->c]))
                return false;
            break;
        }
    }
    return true;
}

static void find_footprint(struct bench *bench)
{
    const struct isa_program *program = &bench->instruction->program;
    bool cells[MOST_NODES] = {false};
    bench->reads_mode = bench->reads_relocation = bench->accesses = bench->loads = false;
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        enum isa_role role = node->operator == ISA_READ ? isa_state_at(bench->isa, node->a)->role : ISA_ROLE_GENERAL;
        bench->reads_mode |= role == ISA_ROLE_MODE;
        bench->reads_relocation |= role == ISA_ROLE_RELOCATION;
        bench->accesses |= node->operator == ISA_TRANSLATE;
        bench->loads |= cells[i] = node->operator == ISA_LOAD;
        assert_true(role == ISA_ROLE_GENERAL || role == ISA_ROLE_MODE || role == ISA_ROLE_RELOCATION);
    }
    assert_true(is_value(program, cells)); /* so one product need not have all values of cells and all addresses */
}

/* The registers that this word reads: each by the field that names it. */
static void find_registers(struct bench *bench, uint32_t word)
{
    const struct isa_program *program = &bench->instruction->program;
    memset(bench->address, 0, sizeof bench->address);
    memset(bench->value, 0, sizeof bench->value);
    for (unsigned number = 0; number < REGISTERS; number++) {
        bool sources[MOST_NODES] = {false}, read = false;
        for (unsigned i = 0; i < program->count; i++) {
            const struct isa_node *node = &program->nodes[i];
            if (node->operator != ISA_READ || isa_state_at(bench->isa, node->a)->role != ISA_ROLE_GENERAL)
                continue;
            const struct isa_node *index = &program->nodes[node->b];
            while (index->operator == ISA_ZERO_EXTEND)
                index = &program->nodes[index->a];
            assert_int_equal(index->operator, ISA_FIELD);
            sources[i] = isa_field_get(&bench->instruction->fields[index->a], word) == number;
            read |= sources[i];
        }
        bench->value[number] = read && is_value(program, sources);
        bench->address[number] = read && !bench->value[number];
    }
}

/* ---- Comparing --------------------------------------------------------------------------------------------------- */

/* Does it go through the large product? Of those that access memory the first of its pattern does. */
static bool is_first_of_pattern(const struct bench *bench, uint32_t word)
{
    const struct isa_instruction *instruction = bench->instruction;
    if (!bench->accesses)
        return true;
    if (instruction->field_count < 2)
        return word == instruction->match;
    uint32_t a = isa_field_get(&instruction->fields[0], word), b = isa_field_get(&instruction->fields[1], word);
    return a == 1 && (b == 1 || b == 2);
}

static void try_word(struct bench *bench, uint32_t word)
{
    bool every[REGISTERS];
    struct machine plain = {.r = {3, 4, 5, 6}, .pc = 40, .memory_size = 128, .contents = 90};
    find_registers(bench, word);
    for (unsigned i = 0; i < REGISTERS; i++)
        every[i] = bench->address[i] || bench->value[i];
    for (unsigned larger = 0; larger < (bench->accesses ? 2 : 1); larger++) {
        struct machine state = plain;
        state.memory_size = larger ? 255 : 128;
        try_registers(bench, word, &state, 0, every, try_contents);
    }
    if ((bench->accesses || bench->reads_relocation) && is_first_of_pattern(bench, word)) {
        struct machine state = plain;
        try_registers(bench, word, &state, 0, bench->address, try_relocations);
    }
}

static void compare(struct bench *bench, const struct classifier_report *report, unsigned number)
{
    bench->instruction = isa_instruction_at(bench->isa, number);
    memset(bench->found, 0, sizeof bench->found);
    bench->every_user_traps = bench->no_supervisor_traps = true;
    find_footprint(bench);
    for (uint32_t word = 0; word < 256; word++)
        if ((word & bench->instruction->mask) == bench->instruction->match)
            try_word(bench, word);
    bench->found[CLASSIFIER_PRIVILEGED] = bench->every_user_traps && bench->no_supervisor_traps;
    for (enum classifier_property property = 0; property < CLASSIFIER_INNOCUOUS; property++) {
        enum classifier_answer answer = classifier_has(report, number, property);
        if ((answer == CLASSIFIER_YES) != bench->found[property])
            fail_msg("%s: enumeration says %s is %d", bench->instruction->name, classifier_property_name(property),
                     bench->found[property]);
    }
}

static unsigned slot(const struct isa *isa, const char *name)
{
    return isa_state_named(isa, name)->slot;
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
    if (report == NULL) { /* the classifier contradicts itself, and says how */
        isa_diagnostics_print(diagnostics, stderr);
        fail_msg("pocket cannot be classified");
    }
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        compare(&bench, report, i);
    print_message("%lu executions\n", bench.executed);
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
