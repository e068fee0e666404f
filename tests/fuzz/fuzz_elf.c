/* Fuzzes the reader of images: whatever it takes is loaded into a machine and runs a little. */
#include "machine/machine.h"
#include "tests/fuzz/fuzz.h"

static void look_up(const struct machine_image *image)
{
    uint32_t address = machine_image_entry(image);
    uint32_t offset;
    const char *file;
    unsigned line;
    for (uint32_t step = 0; step < 64; step += 4) {
        machine_image_symbol(image, address + step, &offset);
        machine_image_line(image, address + step, &file, &line);
    }
    machine_image_address(image, "main", &address);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct isa *isa;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (isa == NULL)
        isa = isa_load("pg74", diagnostics);
    struct machine_image *image = machine_image_from_bytes("fuzz.elf", data, size, diagnostics);
    if (image != NULL) {
        look_up(image);
        const struct machine_image *guests[] = {image};
        struct machine_options options = {.engine = MACHINE_REFERENCE, .guests = guests, .guest_count = 1,
                                          .partition_size = 65536};
        struct machine *machine = machine_new(isa, &options, diagnostics);
        if (machine != NULL) {
            machine_run(machine, 1000);
            machine_free(machine);
        } else if (isa_diagnostics_count(diagnostics) == 0)
            abort(); /* refused without a word */
        machine_image_free(image);
    } else if (isa_diagnostics_count(diagnostics) == 0)
        abort();
    isa_diagnostics_free(diagnostics);
    return 0;
}
