/* Fuzzes the loader of specifications; whatever loads is then read by every consumer that needs no machine. */
#include "isa/isa.h"
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load_text("fuzz.isa", text, NULL, diagnostics);
    if (isa != NULL) {
        execute_all(isa);
        print_all(isa, diagnostics);
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
