/* setup.c: loads what the options of `run` and `compare` name. */
#include "lab/internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Names ----------------------------------------------------------------------------------------------------------- */

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* Looks for NAME.elf in a folder ("vmm", "guests") that came with the program: beside it in a build, in lib/pg74 where it is
 * installed. */
static bool find_beside(const char *folder, const char *name, char path[PATH_MAX])
{
    static const char *const places[] = {"", "/../lib/pg74"};
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0 || strchr(name, '/') != NULL)
        return false;
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++)
        if (snprintf(path, PATH_MAX, "%s%s/%s/%s.elf", program, places[i], folder, name) < PATH_MAX && is_file(path))
            return true;
    return false;
}

/* A path that is there is meant as such; else it is a name. */
static struct machine_image *open_named(const char *name, const char *folder, const char *what,
                                        struct isa_diagnostics *diagnostics)
{
    char path[PATH_MAX];
    if (is_file(name))
        return machine_image_open(name, diagnostics);
    if (find_beside(folder, name, path))
        return machine_image_open(path, diagnostics);
    isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "there is no file '%s', and no %s of that name came with"
                          " this program", name, what);
    return NULL;
}

struct machine_image *lab_open_monitor(const char *name, struct isa_diagnostics *diagnostics)
{
    const char *slash = strrchr(name, '/');
    size_t length = strlen(name);
    bool is_path = length > 4 && strcmp(name + length - 4, ".elf") == 0;
    if (!is_file(name) && slash != NULL && !is_path) {
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, "name one monitor, or a file",
                              "'%s': a monitor under a monitor is not available", name);
        return NULL;
    }
    return open_named(name, "vmm", "monitor", diagnostics);
}

/* ---- Loading --------------------------------------------------------------------------------------------------------- */

static bool read_files(const char *const *paths, unsigned count, struct lab_file *files, struct isa_diagnostics *diagnostics)
{
    bool good = true;
    for (unsigned i = 0; i < count; i++) {
        files[i].bytes = isa_read_file(paths[i], &files[i].length, diagnostics);
        good = good && files[i].bytes != NULL;
    }
    return good;
}

bool lab_load(const struct lab_options *options, struct lab_setup *setup, struct isa_diagnostics *diagnostics)
{
    *setup = (struct lab_setup){.guest_count = options->guest_count, .input_count = options->input_count,
                                .disk_count = options->disk_count};
    setup->isa = isa_load(options->isa, diagnostics);
    bool good = setup->isa != NULL;
    for (unsigned i = 0; i < options->guest_count; i++) {
        setup->guests[i] = open_named(options->guests[i], "guests", "guest", diagnostics);
        good = good && setup->guests[i] != NULL;
    }
    good = read_files(options->inputs, options->input_count, setup->inputs, diagnostics) && good;
    return read_files(options->disks, options->disk_count, setup->disks, diagnostics) && good;
}

void lab_setup_free(struct lab_setup *setup)
{
    for (unsigned i = 0; i < MACHINE_MOST_UNITS; i++) {
        machine_image_free(setup->guests[i]);
        free(setup->inputs[i].bytes);
        free(setup->disks[i].bytes);
    }
    isa_free(setup->isa);
}

/* What belongs to guests `first` to `first + count - 1`. */
static unsigned give(const struct lab_file *files, unsigned file_count, unsigned first, unsigned count,
                     struct machine_input *given)
{
    unsigned end = file_count < first + count ? file_count : first + count;
    for (unsigned i = first; i < end; i++)
        given[i - first] = (struct machine_input){(const uint8_t *)files[i].bytes, files[i].length};
    return end > first ? end - first : 0;
}

struct machine *lab_make_machine(const struct lab_options *options, const struct lab_setup *setup,
                                 const struct machine_image *monitor, unsigned guest, struct isa_diagnostics *diagnostics)
{
    struct machine_input inputs[MACHINE_MOST_UNITS], disks[MACHINE_MOST_UNITS];
    unsigned first = monitor != NULL ? 0 : guest, count = monitor != NULL ? setup->guest_count : 1;
    const struct machine_image *guests[MACHINE_MOST_UNITS];
    for (unsigned i = 0; i < count; i++)
        guests[i] = setup->guests[first + i];
    struct machine_options wanted = {
        .engine = options->engine, .monitor = monitor, .guests = guests, .guest_count = count,
        .partition_size = options->memory, .cost = options->cost, .inputs = inputs, .disks = disks};
    wanted.input_count = give(setup->inputs, setup->input_count, first, count, inputs);
    wanted.disk_count = give(setup->disks, setup->disk_count, first, count, disks);
    return machine_new(setup->isa, &wanted, diagnostics);
}

int lab_finish(struct isa_diagnostics *diagnostics, int code)
{
    if (isa_diagnostics_count(diagnostics) > 0) {
        isa_diagnostics_print(diagnostics, stderr);
        code = isa_diagnostics_exit_code(diagnostics);
    }
    isa_diagnostics_free(diagnostics);
    return code;
}
