/* Fuzzes the reader of saved machines: whatever it takes must run. */
#include <sys/mman.h>
#include <unistd.h>

#include "machine/machine.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct isa *isa;
    static int file = -1;
    char path[64];
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (isa == NULL) {
        isa = isa_load("pg74", diagnostics);
        file = memfd_create("saved", 0);
    }
    if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    struct machine *machine = machine_restore(isa, path, MACHINE_FAST, diagnostics);
    if (machine != NULL) {
        machine_run(machine, 1000);
        machine_digest(machine);
        machine_free(machine);
    } else if (isa_diagnostics_count(diagnostics) == 0)
        abort(); /* refused without a word */
    isa_diagnostics_free(diagnostics);
    return 0;
}
