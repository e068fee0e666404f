/* Fuzzes the assembler: the first byte says for which machine, the rest is the source text. */
#include "isa/isa.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct isa *machines[2];
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (machines[0] == NULL) {
        machines[0] = isa_load("pg74", diagnostics);
        machines[1] = isa_load("pocket", diagnostics);
    }
    if (size > 0) {
        char *text = fuzz_text(data + 1, size - 1);
        size_t length = 0;
        uint8_t *image = isa_assemble(machines[data[0] == 'p'], "fuzz.s", text, &length, diagnostics);
        if (image == NULL && isa_diagnostics_count(diagnostics) == 0)
            abort(); /* refused without a word */
        free(image);
        free(text);
    }
    FILE *nowhere = fuzz_nowhere();
    isa_diagnostics_print(diagnostics, nowhere);
    fclose(nowhere);
    isa_diagnostics_free(diagnostics);
    return 0;
}
