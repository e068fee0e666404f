/* Fuzzes the reader of saved machines: whatever it takes must run. Most mutations would die at the checksum, so a mutation
 * is followed by making length and checksum right again; one in eight is left as it is.
 *
 * With --seed FOLDER as arguments: saves some machines there, and ends. */
#include <sys/mman.h>
#include <unistd.h>

#include "machine/save.h"
#include "tests/fuzz/fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* ---- The checksum ------------------------------------------------------------------------------------------------------ */

static void put_number(uint8_t *at, uint64_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (uint8_t)(number >> 8 * i);
}

__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most)
{
    (void)data, (void)most; /* where inputs are only replayed, nothing mutates */
    return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, most);
    if (size < MACHINE_SAVE_HEADER || seed % 8 == 0)
        return size;
    size_t body = size - MACHINE_SAVE_HEADER;
    put_number(data + MACHINE_SAVE_CRC_AT, machine_crc(data + MACHINE_SAVE_HEADER, body), 4);
    put_number(data + MACHINE_SAVE_LENGTH_AT, body, 8);
    return size;
}

/* ---- Seeds ------------------------------------------------------------------------------------------------------------- */

static const char *const sources[] = {
    ".global _start\n_start: li a0, 100\nsettimer a0\nli t0, 65\nout zero, t0\nloop: j loop\n",
    ".global _start\n_start: li a0, 0x11\nli a1, 0x2000\nout a0, a1\nli a0, 0x12\nli a1, 1\nout a0, a1\n"
    "li a0, 0x13\nout a0, a1\nli a0, 3\nout a0, a1\nidle\nloop: j loop\n",
};

static void save_one(const struct isa *isa, const char *source, const char *path, struct isa_diagnostics *diagnostics)
{
    static const uint8_t contents[1024] = "some text";
    struct machine_input input = {contents, 9}, disk = {contents, sizeof contents};
    size_t length = 0;
    uint8_t *elf = isa_assemble(isa, "seed.s", source, &length, diagnostics);
    struct machine_image *image = elf != NULL ? machine_image_from_bytes("seed", elf, length, diagnostics) : NULL;
    const struct machine_image *guests[] = {image};
    struct machine_options options = {.guests = guests, .guest_count = 1, .partition_size = 65536, .inputs = &input,
                                      .input_count = 1, .disks = &disk, .disk_count = 1};
    struct machine *machine = image != NULL ? machine_new(isa, &options, diagnostics) : NULL;
    if (machine != NULL) {
        machine_run(machine, 12);
        machine_save(machine, path, diagnostics);
    }
    machine_free(machine);
    machine_image_free(image);
    free(elf);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    if (*argc != 3 || strcmp((*argv)[1], "--seed") != 0)
        return 0;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load("pg74", diagnostics);
    for (unsigned i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/seed%u", (*argv)[2], i);
        save_one(isa, sources[i], path, diagnostics);
    }
    isa_diagnostics_print(diagnostics, stderr);
    exit(isa_diagnostics_exit_code(diagnostics));
}

/* ---- The target -------------------------------------------------------------------------------------------------------- */

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
