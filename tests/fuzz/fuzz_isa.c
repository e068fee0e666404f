/* Fuzzes the loader of specifications. Whatever loads is then read by every consumer, and a machine made of it runs a little
 * with both engines, which must agree. */
#include "machine/machine.h"
#include "tests/fuzz/fuzz.h"

static uint32_t no_load(void *context, uint32_t address, unsigned bytes)
{
    (void)context;
    return address * 2654435761u >> (32 - 8 * bytes);
}

static void no_store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    (void)context, (void)address, (void)bytes, (void)value;
}

static uint32_t no_port_in(void *context, uint32_t port)
{
    (void)context;
    return ~port;
}

static void no_port_out(void *context, uint32_t port, uint32_t value)
{
    (void)context, (void)port, (void)value;
}

static uint32_t no_diagnose(void *context, uint32_t function, uint32_t argument)
{
    (void)context;
    return function ^ argument;
}

static bool take_any(void *context, const char *pattern)
{
    (void)pattern;
    return ++*(unsigned *)context < 100;
}

static void execute_all(const struct isa *isa)
{
    uint32_t *state = calloc(isa_slots(isa) + 1, sizeof *state);
    struct isa_environment environment = {.state = state, .memory_size = 4096, .load = no_load, .store = no_store,
                                          .port_in = no_port_in, .port_out = no_port_out, .diagnose = no_diagnose};
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        const struct isa_instruction *instruction = isa_instruction_at(isa, i);
        for (uint32_t spread = 0; spread < 4; spread++) {
            uint32_t word = instruction->match | (~instruction->mask & (spread * 0x55555555u));
            if (instruction->bits < 32)
                word &= (1u << instruction->bits) - 1;
            char text[128];
            isa_disassemble(isa, word, 0x1000, NULL, NULL, text, sizeof text);
            if (isa_decode(isa, word) == instruction)
                isa_execute(isa, instruction, word, &environment);
        }
    }
    free(state);
}

static void print_all(const struct isa *isa, struct isa_diagnostics *diagnostics)
{
    FILE *nowhere = fuzz_nowhere();
    unsigned patterns = 0;
    isa_print_card(isa, nowhere);
    isa_print_header(isa, nowhere);
    isa_print_instructions(isa, NULL, false, nowhere, diagnostics);
    isa_print_instructions(isa, NULL, true, nowhere, diagnostics);
    isa_unassigned(isa, take_any, &patterns);
    fclose(nowhere);
}

/* The words of every instruction, the first ones of each, as data: a program of a kind. */
static uint8_t *make_program(const struct isa *isa, size_t *length, struct isa_diagnostics *diagnostics)
{
    char *text;
    size_t size;
    FILE *source = open_memstream(&text, &size);
    fputs(".global _start\n_start:\n", source);
    for (unsigned i = 0; i < isa_instruction_count(isa) && i < 64; i++) {
        const struct isa_instruction *instruction = isa_instruction_at(isa, i);
        uint32_t word = instruction->match | (~instruction->mask & 0x00100080u);
        for (unsigned bit = 0; bit < instruction->bits; bit += 8)
            fprintf(source, ".byte %u\n", word >> bit & 255);
    }
    fclose(source);
    uint8_t *program = isa_assemble(isa, "words.s", text, length, diagnostics);
    free(text);
    return program;
}

/* Begins at each of the words in turn, in the state that the machine was reset to, with something in the registers. */
static void run_each(struct machine *machine)
{
    const struct isa *isa = machine_isa(machine);
    unsigned slots = isa_slots(isa), counter = isa_program_counter(isa)->slot;
    uint32_t *state = calloc(slots + 1, sizeof *state);
    for (unsigned i = 0; i < slots; i++)
        state[i] = machine_slot(machine, i);
    for (unsigned k = 0; k < isa_instruction_count(isa) && k < 64; k++) {
        for (unsigned i = 0; i < slots; i++)
            machine_set_slot(machine, i, state[i]);
        for (unsigned i = 0; i < isa_state_count(isa); i++) {
            const struct isa_state *registers = isa_state_at(isa, i);
            for (unsigned j = 0; registers->role == ISA_ROLE_GENERAL && j < registers->count; j++)
                if ((int)j != registers->zero)
                    machine_set_slot(machine, registers->slot + j, (j * 0x204u + k) & (UINT32_MAX >> (32 - registers->width)));
        }
        machine_set_slot(machine, counter, state[counter] + k * isa_instruction_bits(isa) / 8);
        machine_run(machine, 3);
    }
    free(state);
}

static uint64_t run_with(const struct isa *isa, const struct machine_image *image, enum machine_engine engine,
                         struct isa_diagnostics *diagnostics)
{
    const struct machine_image *guests[] = {image};
    struct machine_options options = {.engine = engine, .guests = guests, .guest_count = 1};
    struct machine *machine = machine_new(isa, &options, diagnostics);
    if (machine == NULL)
        return 0;
    run_each(machine);
    uint64_t digest = machine_digest(machine);
    machine_free(machine);
    return digest;
}

static void run_both(const struct isa *isa, struct isa_diagnostics *diagnostics)
{
    size_t length = 0;
    uint8_t *program = make_program(isa, &length, diagnostics);
    struct machine_image *image = program != NULL ? machine_image_from_bytes("words", program, length, diagnostics) : NULL;
    if (image != NULL &&
        run_with(isa, image, MACHINE_FAST, diagnostics) != run_with(isa, image, MACHINE_REFERENCE, diagnostics))
        abort(); /* the engines do not agree */
    machine_image_free(image);
    free(program);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load_text("fuzz.isa", text, NULL, diagnostics);
    if (isa != NULL) {
        execute_all(isa);
        print_all(isa, diagnostics);
        run_both(isa, diagnostics);
        isa_free(isa);
    } else if (isa_diagnostics_count(diagnostics) == 0)
        abort(); /* refused without a word */
    FILE *nowhere = fuzz_nowhere();
    isa_diagnostics_print(diagnostics, nowhere);
    fclose(nowhere);
    isa_diagnostics_free(diagnostics);
    free(text);
    return 0;
}
