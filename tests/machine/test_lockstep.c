/* test_lockstep.c: the two engines in lockstep, on random programs: after every stretch of random length they must
 * agree about everything that decides the future (the digest), about time, and about all events on the way.
 * PG74_LOCKSTEP says how many programs, PG74_LOCKSTEP_ISA for which instruction set, if not for several; `make
 * campaign` runs a great many. A failure is shrunk, and printed with its
 * seed (PG74_LOCKSTEP_SEED runs that one alone). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "machine/fast_code.h"
#include "tests/machine/random_program.h"

#include <stdlib.h>
#include <string.h>

enum { MEMORY = 1 << 14, POCKET_MEMORY = 128, STRETCHES = 16, LONGEST_STRETCH = 300, DISK = 1024 };

/* ---- Random programs --------------------------------------------------------------------------------------------- */

/* All that a run depends on. */
struct program {
    const struct isa *isa;
    uint64_t seed;
    uint32_t memory_size, slots[128];
    uint8_t memory[MEMORY];
    unsigned watched;
    uint32_t within_start, within_length; /* where alone it is watched */
    uint64_t executed, trapped; /* by the run */
};

static bool stops(const struct isa *isa, const struct isa_instruction *instruction)
{
    for (unsigned i = 0; i < instruction->program.count; i++) {
        const struct isa_node *node = &instruction->program.nodes[i];
        if (node->operator== ISA_WRITE &&(isa_state_at(isa, node->a)->duty == ISA_DUTY_HALTED ||
                                          isa_state_at(isa, node->a)->duty == ISA_DUTY_WAITING))
            return true;
    }
    return false;
}

/* Does the instruction write the register that its field `number` names? */
static bool writes_register(const struct isa_instruction *instruction, unsigned number)
{
    for (unsigned i = 0; i < instruction->program.count; i++) {
        const struct isa_node *node = &instruction->program.nodes[i];
        if (node->operator== ISA_WRITE && node->b != ISA_NONE && instruction->program.nodes[node->b]
                .
                operator== ISA_FIELD && instruction->program.nodes[node->b]
                .a == number)
            return true;
    }
    return false;
}

/* Few registers and short distances, so that instructions have to do with one another; registers 4 and 5 are seldom
 * written, so that they stay good addresses. */
static uint32_t random_field(uint64_t *random, const struct isa_instruction *instruction, unsigned number)
{
    const struct isa_field *field = &instruction->fields[number];
    uint32_t any = (uint32_t)random_next(random);
    if (field->kind == ISA_REGISTER && writes_register(instruction, number))
        return random_below(random, 24) ? any % 4 : any;
    if (field->kind == ISA_REGISTER)
        return random_below(random, 24) ? instruction->may_trap && random_below(random, 4) ? 4 + any % 2 : any % 6
                                        : any;
    if (field->kind == ISA_RELATIVE && random_below(random, 8))
        return (random_below(random, 24) - 10) * 4;
    if (random_below(random, 4) == 0)
        return 0;
    return random_below(random, 4) ? (any % 64 - 16) & ~(random_below(random, 4) ? 3u : 0u) : any;
}

static uint32_t random_word_of(uint64_t *random, const struct isa_instruction *instruction)
{
    uint32_t word = instruction->match | ((uint32_t)random_next(random) & ~instruction->mask);
    for (unsigned i = 0; i < instruction->field_count; i++)
        word = isa_field_put(&instruction->fields[i], word, random_field(random, instruction, i));
    return word;
}

static uint32_t random_word(uint64_t *random, const struct isa *isa)
{
    uint32_t any = (uint32_t)random_next(random);
    if (random_below(random, 50) == 0)
        return any;
    const struct isa_instruction *instruction =
        isa_instruction_at(isa, random_below(random, isa_instruction_count(isa)));
    if ((stops(isa, instruction) || instruction->loads_psw) && random_below(random, 10))
        instruction = isa_instruction_at(isa, random_below(random, isa_instruction_count(isa)));
    return random_word_of(random, instruction);
}

/* The field that an instruction's READ or WRITE takes its element from, or NULL. */
static const struct isa_field *element_field(const struct isa_instruction *instruction,
                                             const struct fast_meaning *meaning, unsigned node)
{
    unsigned index = meaning->nodes[node].b;
    return index == ISA_NONE || meaning->nodes[index].operator!= ISA_FIELD
               ? NULL
               : & instruction->fields[meaning->nodes[index].a];
}

/* Instructions in a row that fit the assumptions of one of the fast engine's shapes. Returns how many. */
static unsigned random_shape(uint64_t *random, const struct isa *isa, uint32_t words[FAST_MOST_PARTS])
{
    const struct fast_shape *shape = &machine_fast_shapes[random_below(random, machine_fast_shape_count)];
    const struct isa_instruction *instructions[FAST_MOST_PARTS];
    for (unsigned p = 0; p < shape->part_count; p++) {
        instructions[p] = isa_instruction_named(isa, machine_fast_meanings[shape->parts[p].meaning].name);
        if (!instructions[p])
            return 0;
        words[p] = random_word_of(random, instructions[p]);
    }
    for (unsigned p = 0; p < shape->part_count; p++) {
        const struct fast_meaning *meaning = &machine_fast_meanings[shape->parts[p].meaning];
        for (unsigned r = 0; r < meaning->read_count; r++) {
            const struct isa_field *field = element_field(instructions[p], meaning, meaning->reads[r]);
            unsigned source = shape->parts[p].sources[r], from = (source - FAST_FROM_WRITE) / FAST_MOST_WRITES;
            if (field && source == FAST_FROM_ZERO)
                words[p] = isa_field_put(field, words[p], 0);
            if (!field || source < FAST_FROM_WRITE)
                continue;
            const struct fast_meaning *writer = &machine_fast_meanings[shape->parts[from].meaning];
            const struct isa_field *written = element_field(
                instructions[from], writer, writer->writes[(source - FAST_FROM_WRITE) % FAST_MOST_WRITES]);
            words[p] = isa_field_put(field, words[p], isa_field_get(written, words[from]));
        }
        for (unsigned w = 0; w < meaning->write_count; w++) {
            const struct isa_field *field = element_field(instructions[p], meaning, meaning->writes[w]);
            unsigned fate = shape->parts[p].fates[w], by = (fate - FAST_OVERWRITTEN) / FAST_MOST_WRITES;
            if (field && fate == FAST_DROPPED)
                words[p] = isa_field_put(field, words[p], 0);
            if (!field || fate < FAST_OVERWRITTEN)
                continue;
            const struct fast_meaning *last = &machine_fast_meanings[shape->parts[by].meaning];
            const struct isa_field *other =
                element_field(instructions[by], last, last->writes[(fate - FAST_OVERWRITTEN) % FAST_MOST_WRITES]);
            words[by] = isa_field_put(other, words[by], isa_field_get(field, words[p]));
        }
    }
    return shape->part_count;
}

static void put(struct program *program, uint32_t address, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes && address + i < program->memory_size; i++)
        program->memory[address + i] = (uint8_t)(value >> 8 * i);
}

static uint32_t random_value(uint64_t *random, uint32_t memory_size)
{
    switch (random_below(random, 5)) {
    case 0: return random_below(random, 64);
    case 1: return (uint32_t)random_next(random);
    case 2: return random_below(random, 64) - 32;
    default: return random_below(random, memory_size) & ~(random_below(random, 8) ? 3u : 0u);
    }
}

/* New PSW: where traps go. Mostly somewhere useful. */
static void put_new_psw(struct program *program, uint64_t *random)
{
    unsigned bytes = isa_word_bits(program->isa) / 8;
    uint64_t at = bytes == 1 ? 4 : bytes == 2 ? 16 : 0x50;
    const uint32_t words[4] = {random_below(random, 8), random_below(random, program->memory_size) & ~3u,
                               random_below(random, 3) ? 0 : random_below(random, program->memory_size / 2) & ~15u,
                               random_below(random, 4) ? program->memory_size
                                                       : random_below(random, program->memory_size)};
    for (unsigned i = 0; i < 4; i++)
        put(program, (uint32_t)at + i * bytes, bytes == 1 && i == 3 ? 127 : words[i], bytes);
}

/* Page tables where a machine with pages may look for one: where R says, and at 0. Mostly every page is there, and may be used. */
static void put_page_tables(struct program *program, uint64_t *random)
{
    const struct isa_state *translation = isa_state_named(program->isa, "translation");
    const struct isa_state *base = isa_state_named(program->isa, "base");
    if (!translation || !base)
        return;
    const uint32_t tables[2] = {0, program->slots[base->slot]};
    for (unsigned i = 0; i < 2; i++)
        for (uint32_t page = 0; page < program->memory_size >> 12; page++) {
            uint32_t frame = random_below(random, 3) ? page : random_below(random, 5);
            uint32_t rights = random_below(random, 4) ? 31 : random_below(random, 32);
            put(program, tables[i] + 4 * page, frame << 12 | rights, 4);
        }
    program->slots[translation->slot] = random_below(random, 4) != 0;
}

/* A host's table and a control block for a machine with guest mode, where the state has them and where vmrun is likely to. */
static void put_control_block(struct program *program, uint64_t *random)
{
    enum { TABLE = 0x100, BLOCK = 0x200, BLOCK_WORDS = 20 };
    const struct isa_state *guest = isa_guest_mode(program->isa);
    if (!guest)
        return;
    for (uint32_t page = 0; page < program->memory_size >> 12; page++)
        put(program, TABLE + 4 * page, (random_below(random, 3) ? page : random_below(random, 5)) << 12 |
            (random_below(random, 4) ? 31 : random_below(random, 32)), 4);
    for (uint32_t i = 0; i < BLOCK_WORDS; i++)
        put(program, BLOCK + 4 * i, random_value(random, program->memory_size), 4);
    put(program, BLOCK, random_below(random, 8), 4);                 /* the guest's flags, */
    put(program, BLOCK + 0x20, TABLE, 4);                            /* table, */
    put(program, BLOCK + 0x24, program->memory_size, 4);
    put(program, BLOCK + 0x28, random_below(random, 4) ? 3 : 0, 4);  /* controls, */
    put(program, BLOCK + 0x30, random_below(random, 4) ? 0 : 16, 4); /* and what it takes first */
    program->slots[isa_state_named(program->isa, "nested_base")->slot] = TABLE;
    program->slots[isa_state_named(program->isa, "nested_bound")->slot] = program->memory_size;
    program->slots[isa_state_named(program->isa, "control_block")->slot] = BLOCK;
    for (unsigned k = 4; k < 6; k++) /* registers 4 and 5 are the likely operands */
        program->slots[isa_state_named(program->isa, "X")->slot + k] = random_below(random, 2) ? BLOCK : 0x300;
}

static void make_program(struct program *program, const struct isa *isa, uint64_t seed)
{
    static const unsigned watchings[] = {
        0, 0, MACHINE_EVENT_TRAP | MACHINE_EVENT_INTERRUPT | MACHINE_EVENT_PSW | MACHINE_EVENT_PORT, MACHINE_EVENT_PSW,
        MACHINE_EVENT_TRAP | MACHINE_EVENT_INTERRUPT | MACHINE_EVENT_PSW | MACHINE_EVENT_PORT | MACHINE_EVENT_RETIRE |
            MACHINE_EVENT_STORE | MACHINE_EVENT_FETCH};
    uint64_t random = seed;
    memset(program, 0, sizeof *program);
    program->isa = isa;
    program->seed = seed;
    program->memory_size = isa_word_bits(isa) == 8 ? POCKET_MEMORY : MEMORY;
    program->watched = watchings[random_below(&random, 5)];
    if (random_below(&random, 2)) {
        program->within_start = random_below(&random, program->memory_size);
        program->within_length = random_below(&random, program->memory_size / 2);
    }
    for (uint32_t at = 0, bytes = isa_instruction_bits(isa) / 8; at < program->memory_size;) {
        uint32_t words[FAST_MOST_PARTS] = {random_word(&random, isa)};
        unsigned count = random_below(&random, 2) ? random_shape(&random, isa, words) : 0;
        for (unsigned i = 0; i < (count ? count : 1); i++, at += bytes)
            put(program, at, words[i], bytes);
    }
    put_new_psw(program, &random);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        for (unsigned k = 0; k < state->count; k++) {
            uint32_t value = random_value(&random, program->memory_size);
            if (state->duty == ISA_DUTY_HALTED || state->duty == ISA_DUTY_WAITING ||
                (state->zero >= 0 && k == (unsigned)state->zero))
                value = 0;
            if (state->is_array && (k == 4 || k == 5))
                value = random_below(&random, program->memory_size) & ~(random_below(&random, 8) ? 7u : 0u);
            if (state->role == ISA_ROLE_RELOCATION && random_below(&random, 3))
                value = i & 1 ? program->memory_size & UINT16_MAX : 0;
            program->slots[state->slot + k] = value & (UINT32_MAX >> (32 - state->width));
        }
    }
    put_page_tables(program, &random);
    put_control_block(program, &random);
}

/* ---- Two machines ------------------------------------------------------------------------------------------------ */

/* What an observer has seen: a hash of every event, in order. */
static bool hash_event(void *context, const struct machine *machine, const struct machine_event *event)
{
    uint64_t *hash = context;
    const uint32_t words[] = {event->kind,
                              event->pc,
                              event->physical,
                              event->virtual_address,
                              event->value,
                              event->word,
                              event->cause,
                              event->access,
                              event->port,
                              event->bytes,
                              event->user,
                              event->is_write,
                              event->by_device,
                              event->instruction ? event->instruction->match : 0,
                              machine_pc(machine),
                              (uint32_t)machine_time(machine).cycles,
                              (uint32_t)machine_time(machine).instructions};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        *hash = (*hash ^ words[i]) * 0x100000001b3u;
    return true;
}

static size_t put_bytes(uint8_t *at, size_t length, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        at[length++] = (uint8_t)(value >> 8 * i);
    return length;
}

/* The smallest ELF file: what is run is written into memory afterwards. */
static struct machine_image *empty_image(const struct isa *isa)
{
    static const uint8_t magic[16] = {0x7f, 'E', 'L', 'F', 1, 1, 1};
    uint32_t at = isa_word_bits(isa) == 8 ? 16 : 0x1000;
    uint8_t file[128];
    memcpy(file, magic, sizeof magic);
    size_t length = sizeof magic;
    const struct { uint32_t value; unsigned bytes; } header[] = {
        {2, 2}, {243, 2}, {1, 4}, {at, 4}, {52, 4}, {0, 4}, {0, 4}, {52, 2}, {32, 2}, {1, 2}, {40, 2}, {0, 2}, {0, 2},
        {1, 4}, {84, 4}, {at, 4}, {at, 4}, {4, 4}, {4, 4}, {7, 4}, {4, 4}};
    for (unsigned i = 0; i < sizeof header / sizeof *header; i++)
        length = put_bytes(file, length, header[i].value, header[i].bytes);
    length = put_bytes(file, length, 0, 4);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_image *image = machine_image_from_bytes("random", file, length, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(image);
    return image;
}

/* Out of `last`, where there is one. */
static struct machine *start(const struct program *program, enum machine_engine engine, struct machine *last,
                             const struct machine_image *image, uint64_t *events)
{
    static const uint8_t input[] = "input", disk[DISK] = {1, 2, 3};
    const struct machine_input console = {input, 5}, sectors = {disk, sizeof disk};
    const struct machine_options options = {
        .engine = engine, .guests = &image, .guest_count = 1, .partition_size = program->memory_size,
        .inputs = &console, .input_count = 1, .disks = &sectors, .disk_count = 1};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine *machine = machine_renew(last, program->isa, &options, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(machine);
    assert_int_equal(machine_memory_size(machine), program->memory_size);
    assert_true(machine_write(machine, 0, program->memory, program->memory_size));
    for (unsigned i = 0; i < isa_slots(program->isa); i++)
        machine_set_slot(machine, i, program->slots[i]);
    *events = 0;
    if (program->watched)
        machine_add_observer(machine, program->watched, hash_event, events);
    machine_watch_within(machine, program->within_start, program->within_length);
    return machine;
}

/* Changes both machines from outside, as a user may. */
static void disturb(struct machine *const machines[2], const struct program *program, uint64_t *random)
{
    uint32_t word = random_word(random, program->isa), at = random_below(random, program->memory_size) & ~3u;
    uint32_t value = random_value(random, program->memory_size);
    const struct isa_state *state = isa_state_at(program->isa, 0);
    unsigned element = random_below(random, state->count);
    bool whole = random_below(random, 8) == 0;
    for (unsigned i = 0; i < 2; i++) {
        machine_write(machines[i], at, &word, isa_instruction_bits(program->isa) / 8);
        if (whole)
            machine_write(machines[i], 0, program->memory, program->memory_size);
        if ((int)element != state->zero)
            machine_set_slot(machines[i], state->slot + element, value & (UINT32_MAX >> (32 - state->width)));
    }
}

/* Sends both machines to another place, with the R and the registers that they began with: random programs are soon
 * caught in a trap that traps. */
static void restart(struct machine *const machines[2], const struct program *program, uint64_t *random)
{
    const struct isa_state *pc = isa_program_counter(program->isa);
    uint32_t bytes = isa_instruction_bits(program->isa) / 8,
             at = random_below(random, program->memory_size / bytes) * bytes;
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned s = 0; s < isa_state_count(program->isa); s++) {
            const struct isa_state *state = isa_state_at(program->isa, s);
            if (state->role == ISA_ROLE_GENERAL || state->role == ISA_ROLE_RELOCATION)
                for (unsigned k = 0; k < state->count; k++)
                    machine_set_slot(machines[i], state->slot + k, program->slots[state->slot + k]);
        }
        machine_set_slot(machines[i], pc->slot, at);
    }
}

/* Runs both; the number of the stretch in which they differ, or -1. The fast machine is made out of the one that `*kept`
 * has, and stays there, where `kept` is not NULL. */
static int run_lockstep(struct program *program, bool explain, struct machine **kept)
{
    struct machine_image *image = empty_image(program->isa);
    uint64_t events[2], random = program->seed ^ 0x5555;
    struct machine *machines[2] = {start(program, MACHINE_REFERENCE, NULL, image, &events[0]),
                                   start(program, MACHINE_FAST, kept ? *kept : NULL, image, &events[1])};
    int differs = -1;
    for (int stretch = 0; stretch < STRETCHES && differs < 0; stretch++) {
        uint64_t fuel =
            random_below(&random, 4) ? 1 + random_below(&random, LONGEST_STRETCH) : 1 + random_below(&random, 4);
        enum machine_stop stops_at[2];
        struct machine_time times[2];
        uint64_t digests[2];
        for (unsigned i = 0; i < 2; i++) {
            stops_at[i] = machine_run(machines[i], fuel);
            times[i] = machine_time(machines[i]);
            digests[i] = machine_digest(machines[i]);
        }
        if (stops_at[0] != stops_at[1] || digests[0] != digests[1] || events[0] != events[1] ||
            memcmp(&times[0], &times[1], sizeof times[0]) != 0)
            differs = stretch;
        if (differs >= 0 && explain) {
            for (unsigned i = 0; i < 2; i++)
                print_message(
                    "%s: stop %d, pc 0x%x, %llu instructions, %llu traps, %llu cycles, events %llx, digest %llx\n",
                    i ? "fast" : "reference", stops_at[i], machine_pc(machines[i]),
                    (unsigned long long)times[i].instructions, (unsigned long long)times[i].traps,
                    (unsigned long long)times[i].cycles, (unsigned long long)events[i], (unsigned long long)digests[i]);
            for (unsigned slot = 0; slot < isa_slots(program->isa); slot++)
                if (machine_slot(machines[0], slot) != machine_slot(machines[1], slot))
                    print_message("slot %u: reference 0x%x, fast 0x%x\n", slot, machine_slot(machines[0], slot),
                                  machine_slot(machines[1], slot));
        }
        if (stops_at[0] == MACHINE_HALTED || stops_at[0] == MACHINE_DEADLOCK)
            break;
        if (random_below(&random, 2))
            restart(machines, program, &random);
        if (random_below(&random, 3) == 0)
            disturb(machines, program, &random);
    }
    program->executed = machine_time(machines[0]).instructions;
    program->trapped = machine_time(machines[0]).traps;
    machine_free(machines[0]);
    if (kept)
        *kept = machines[1];
    else
        machine_free(machines[1]);
    machine_image_free(image);
    return differs;
}

/* ---- Failures ---------------------------------------------------------------------------------------------------- */

/* Takes words away (they become no instructions) as long as the engines still differ. */
static void shrink(struct program *program)
{
    for (uint32_t length = program->memory_size / 2; length >= 4; length /= 2) {
        for (uint32_t at = 0; at + length <= program->memory_size; at += length) {
            struct program *smaller = malloc(sizeof *smaller);
            *smaller = *program;
            memset(smaller->memory + at, 0xff, length);
            if (memcmp(smaller->memory, program->memory, sizeof program->memory) != 0 &&
                run_lockstep(smaller, false, NULL) >= 0)
                *program = *smaller;
            free(smaller);
        }
    }
}

static void report(struct program *program)
{
    print_message("isa %s, seed %llu: the engines differ\n", isa_name(program->isa), (unsigned long long)program->seed);
    shrink(program);
    unsigned bytes = isa_instruction_bits(program->isa) / 8;
    for (uint32_t at = 0; at < program->memory_size; at += bytes) {
        uint32_t word = 0;
        char text[128];
        memcpy(&word, program->memory + at, bytes);
        if (word == UINT32_MAX >> (32 - 8 * bytes))
            continue;
        isa_disassemble(program->isa, word, at, NULL, NULL, text, sizeof text);
        print_message("%6x: %08x  %s\n", at, word, text);
    }
    for (unsigned i = 0; i < isa_slots(program->isa); i++)
        print_message("%s%u: %x", i ? ", " : "", i, program->slots[i]);
    print_message("\nwatched %x, within 0x%x and %u bytes\n", program->watched, program->within_start,
                  program->within_length);
    run_lockstep(program, true, NULL);
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 0) : otherwise;
}

static const char *const isas[] = {"pg74",
                                   "pg74",
                                   "pg74",
                                   "pocket",
                                   "pdp10",
                                   "x86:pg74",
                                   "pg74p",
                                   "pg74p",
                                   "pg74h",
                                   "pg74h",
                                   "tests/machine/lockstep/strange.isa",
                                   "tests/machine/lockstep/paged.isa",
                                   "tests/machine/lockstep/halfword.isa"};
enum { ISAS = sizeof isas / sizeof *isas };

static void engines_agree(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *loaded[ISAS];
    struct machine *kept[ISAS] = {NULL};
    for (unsigned i = 0; i < ISAS; i++)
        loaded[i] = isa_load(getenv("PG74_LOCKSTEP_ISA") ? getenv("PG74_LOCKSTEP_ISA") : isas[i], diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_int_equal(isa_diagnostics_count(diagnostics), 0);
    uint64_t first = number_from("PG74_LOCKSTEP_FIRST", 0), count = number_from("PG74_LOCKSTEP", 3000);
    if (getenv("PG74_LOCKSTEP_SEED"))
        first = number_from("PG74_LOCKSTEP_SEED", 0), count = 1;
    struct program *program = malloc(sizeof *program);
    unsigned failures = 0;
    uint64_t executed = 0, trapped = 0;
    for (uint64_t seed = first; seed < first + count && failures < 1; seed++) {
        make_program(program, loaded[seed % ISAS], seed);
        if (run_lockstep(program, false, &kept[seed % ISAS]) >= 0) {
            report(program);
            failures++;
        }
        executed += program->executed;
        trapped += program->trapped;
    }
    print_message("%llu programs: %llu instructions, %llu traps\n", (unsigned long long)count,
                  (unsigned long long)executed, (unsigned long long)trapped);
    free(program);
    for (unsigned i = 0; i < ISAS; i++) {
        machine_free(kept[i]);
        isa_free(loaded[i]);
    }
    isa_diagnostics_free(diagnostics);
    assert_int_equal(failures, 0);
}

/* The same for programs that handle their traps and go on (random_program.h). */
static void engines_agree_for_long(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    const char *only = getenv("PG74_LOCKSTEP_ISA");
    struct isa *loaded[3] = {isa_load(only ? only : "pg74", diagnostics), isa_load(only ? only : "pg74p", diagnostics),
                             isa_load(only ? only : "pg74h", diagnostics)};
    isa_diagnostics_print(diagnostics, stderr);
    assert_int_equal(isa_diagnostics_count(diagnostics), 0);
    uint64_t first = number_from("PG74_LOCKSTEP_FIRST", 0), count = number_from("PG74_LOCKSTEP", 3000) / 10;
    uint64_t executed = 0, trapped = 0, frames = 0;
    for (uint64_t seed = first; seed < first + count; seed++) {
        struct random_program program;
        random_program_make(&program, loaded[seed % 3], seed);
        struct machine *reference = random_program_start(&program, MACHINE_REFERENCE);
        struct machine *fast = random_program_start(&program, MACHINE_FAST);
        uint64_t random = seed ^ 0x1234, events[2] = {0, 0};
        unsigned kinds = MACHINE_EVENT_TRAP | MACHINE_EVENT_INTERRUPT | MACHINE_EVENT_PSW | MACHINE_EVENT_PORT;
        machine_add_observer(reference, kinds, hash_event, &events[0]);
        machine_add_observer(fast, kinds, hash_event, &events[1]);
        enum machine_stop stop = MACHINE_LIMIT;
        for (unsigned stretch = 0; stretch < STRETCHES && stop == MACHINE_LIMIT; stretch++) {
            uint64_t fuel = 1 + random_below(&random, 3000);
            char text[256];
            stop = machine_run(reference, fuel);
            if (machine_run(fast, fuel) != stop || events[0] != events[1] ||
                random_program_difference(reference, fast, text, sizeof text))
                fail_msg("%s, seed %llu, stretch %u: the engines differ", isa_name(program.isa),
                         (unsigned long long)seed, stretch);
        }
        executed += machine_time(fast).instructions;
        trapped += machine_time(fast).traps;
        frames += machine_network_arrived(fast, 0);
        machine_free(reference);
        machine_free(fast);
        random_program_free(&program);
    }
    print_message("%llu programs: %llu instructions, %llu traps, %llu frames\n", (unsigned long long)count,
                  (unsigned long long)executed, (unsigned long long)trapped, (unsigned long long)frames);
    for (unsigned i = 0; i < 3; i++)
        isa_free(loaded[i]);
    isa_diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(engines_agree), cmocka_unit_test(engines_agree_for_long)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
