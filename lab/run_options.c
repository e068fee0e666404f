/* run_options.c: the options of the commands that run guests. */
#include "lab/run_options.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/lab.h"
#include "lab/program.h"

/* ---- Values ------------------------------------------------------------------------------------------------------ */

const char *lab_option_value(const char *command, int argc, char **argv, int *index)
{
    if (*index + 1 < argc)
        return argv[++*index];
    lab_usage_error(command, "%s needs a value", argv[*index]);
    return NULL;
}

/* A number with or without a multiplier (K, M, G), at most `most`. */
static bool read_number(const char *text, bool multipliers, uint64_t most, uint64_t *number)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    uint64_t scale = 1;
    if (errno != 0 || end == text || *text < '0' || *text > '9')
        return false;
    if (multipliers && *end != '\0' && end[1] == '\0') {
        const char *multiplier = strchr("KkMmGg", *end);
        scale = multiplier ? UINT64_C(1) << (10 + 10 * ((multiplier - "KkMmGg") / 2)) : 0;
        end++;
    }
    if (*end != '\0' || scale == 0 || value == 0 || value > most / scale)
        return false;
    *number = value * scale;
    return true;
}

static int add_file(struct lab_run_options *options, const char *what, const char *path, const char **paths,
                    unsigned *count)
{
    if (*count == MACHINE_MOST_UNITS)
        return lab_usage_error(options->command, "at most %d %s", MACHINE_MOST_UNITS, what);
    paths[(*count)++] = path;
    return 0;
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static int unknown_option(const struct lab_run_options *options, const char *name, const char *const *others)
{
    static const char *const shared[] = {"--isa", "--vmm", "--engine", "--input", "--disk", "--memory", "--limit",
                                         "--cost", "--json", "--trace", NULL};
    const char *names[32];
    unsigned count = 0;
    for (unsigned i = 0; shared[i] != NULL; i++)
        names[count++] = shared[i];
    for (unsigned i = 0; others != NULL && others[i] != NULL && count < 31; i++)
        names[count++] = others[i];
    names[count] = NULL;
    const char *nearest = lab_nearest(name, names);
    return nearest != NULL ? lab_usage_error(options->command, "there is no option '%s'; did you mean '%s'?", name,
                                             nearest)
                           : lab_usage_error(options->command, "there is no option '%s'", name);
}

static int read_value(struct lab_run_options *options, const char *name, const char *value)
{
    uint64_t number;
    if (strcmp(name, "--isa") == 0) {
        options->isa_name = value;
    } else if (strcmp(name, "--vmm") == 0) {
        options->vmm = value;
    } else if (strcmp(name, "--trace") == 0) {
        options->trace = value;
    } else if (strcmp(name, "--cost") == 0) {
        options->machine.cost = value;
    } else if (strcmp(name, "--engine") == 0) {
        if (strcmp(value, "fast") != 0 && strcmp(value, "reference") != 0)
            return lab_usage_error(options->command, "--engine is fast or reference, not '%s'", value);
        options->machine.engine = strcmp(value, "fast") == 0 ? MACHINE_FAST : MACHINE_REFERENCE;
    } else if (strcmp(name, "--input") == 0) {
        return add_file(options, "inputs", value, options->inputs, &options->input_count);
    } else if (strcmp(name, "--disk") == 0) {
        return add_file(options, "disks", value, options->disks, &options->disk_count);
    } else if (strcmp(name, "--memory") == 0) {
        if (!read_number(value, true, UINT32_MAX, &number))
            return lab_usage_error(options->command, "--memory needs a size below 4G, as 65536, 256K or 4M, not '%s'",
                                   value);
        options->machine.partition_size = (uint32_t)number;
    } else if (strcmp(name, "--limit") == 0) {
        if (!read_number(value, false, UINT64_MAX, &options->limit))
            return lab_usage_error(options->command, "--limit needs a number of instructions, not '%s'", value);
    }
    return 0;
}

static bool takes_value(const char *name)
{
    static const char *const names[] = {"--isa", "--vmm", "--trace", "--cost", "--engine", "--input", "--disk",
                                        "--memory", "--limit"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

int lab_run_option(struct lab_run_options *options, int argc, char **argv, int *index, const char *const *others)
{
    char name[32];
    const char *given = argv[*index], *equals = strchr(given, '=');
    if (given[0] != '-' || given[1] == '\0')
        return add_file(options, "guests", given, options->guests, &options->guest_count);
    size_t length = equals != NULL ? (size_t)(equals - given) : strlen(given);
    snprintf(name, sizeof name, "%.*s", length < sizeof name ? (int)length : (int)sizeof name - 1, given);
    if (strcmp(given, "--json") == 0) {
        options->json = true;
        return 0;
    }
    if (!takes_value(name))
        return unknown_option(options, given, others);
    const char *value = equals != NULL ? equals + 1 : lab_option_value(options->command, argc, argv, index);
    return value == NULL ? ISA_EXIT_USAGE : read_value(options, name, value);
}

/* ---- What came with the program ---------------------------------------------------------------------------------- */

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* Where to look for what came with the program, from its own folder on. */
static const char *const places[] = {"", "/../lib/pg74", "/..", "/../../pg74"};
enum { PLACES = sizeof places / sizeof places[0] };

void lab_each_built(bool monitors, void (*each)(void *context, const char *name), void *context)
{
    char program[PATH_MAX], path[PATH_MAX + 64], name[NAME_MAX + 1];
    for (unsigned i = 0; lab_own_folder(program, sizeof program) && i < PLACES; i++) {
        snprintf(path, sizeof path, "%s%s/%s", program, places[i], monitors ? "vmm" : "guests");
        DIR *folder = opendir(path);
        for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
            size_t length = strlen(entry->d_name);
            if (length <= 4 || strcmp(entry->d_name + length - 4, ".elf") != 0)
                continue;
            snprintf(name, sizeof name, "%.*s", (int)length - 4, entry->d_name);
            each(context, name);
        }
        if (folder != NULL)
            closedir(folder);
    }
}

/* build/pg74 has its monitors in build/vmm and its guests in build/guests, PREFIX/bin/pg74 in PREFIX/lib/pg74; so have
 * build/lua/pg74.so and PREFIX/lib/lua/5.4/pg74.so. The name is with or without ".elf". */
static bool find_built(const char *folder, const char *name, char *path, size_t size)
{
    char program[PATH_MAX];
    if (strchr(name, '/') != NULL || !lab_own_folder(program, sizeof program))
        return false;
    int bare = (int)strlen(name);
    if (bare > 4 && strcmp(name + bare - 4, ".elf") == 0)
        bare -= 4;
    for (unsigned i = 0; i < PLACES; i++) {
        int used = snprintf(path, size, "%s%s/%s/%.*s.elf", program, places[i], folder, bare, name);
        if (used > 0 && (size_t)used < size && is_file(path))
            return true;
    }
    return false;
}

/* What is a file is meant as one; else it is the name of a program that was built. */
static struct machine_image *open_image(const char *name, const char *folder, const char *what,
                                        struct isa_diagnostics *diagnostics)
{
    char path[4096];
    if (!is_file(name) && find_built(folder, name, path, sizeof path))
        return machine_image_open(path, diagnostics);
    if (is_file(name) || strchr(name, '/') != NULL)
        return machine_image_open(name, diagnostics);
    isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL,
                          "there is no file '%s', and no %s of this name came with the program", name, what);
    return NULL;
}

/* ---- Monitors ---------------------------------------------------------------------------------------------------- */

static bool is_monitor(const char *name)
{
    char path[4096];
    return is_file(name) || find_built("vmm", name, path, sizeof path);
}

/* Where the first name ends: at the first slash before which a monitor is named, for files have slashes, too. */
static size_t first_name(const char *names)
{
    for (const char *slash = strchr(names, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        char name[4096];
        size_t length = (size_t)(slash - names);
        if (length == 0 || length >= sizeof name)
            continue;
        memcpy(name, names, length);
        name[length] = '\0';
        if (is_monitor(name))
            return length;
    }
    return strlen(names);
}

struct machine_image *lab_open_guest(const char *name, struct isa_diagnostics *diagnostics)
{
    return open_image(name, "guests", "guest", diagnostics);
}

struct machine_image *lab_open_monitor(const char *name, struct isa_diagnostics *diagnostics)
{
    return open_image(name, "vmm", "monitor", diagnostics);
}

bool lab_monitor_open(struct lab_monitor *monitor, const char *names, struct isa_diagnostics *diagnostics)
{
    for (;;) {
        size_t length = first_name(names);
        if (monitor->count == MACHINE_MOST_LEVELS) {
            isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, NULL, "--vmm: more than %d monitors, one under "
                                  "the other", MACHINE_MOST_LEVELS);
            return false;
        }
        if (length == 0) {
            isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, "--vmm OUTER/INNER runs INNER under OUTER",
                                  "--vmm: a monitor's name is missing");
            return false;
        }
        char *name = strndup(names, length);
        struct machine_image *image = lab_open_monitor(name, diagnostics);
        free(name);
        if (image == NULL)
            return false;
        monitor->images[monitor->count++] = image;
        if (names[length] == '\0')
            return true;
        names += length + 1;
    }
}

void lab_monitor_close(struct lab_monitor *monitor)
{
    while (monitor->count > 0)
        machine_image_free(monitor->images[--monitor->count]);
}

int lab_run_options_check(const struct lab_run_options *options)
{
    if (options->guest_count == 0)
        return lab_usage_error(options->command, "there is no guest to run");
    if (options->guest_count > 1 && options->vmm == NULL)
        return lab_usage_error(options->command,
                               "a bare machine runs one guest; for several, name a monitor with --vmm");
    return 0;
}

int lab_run_options_check_shown(const struct lab_run_options *options)
{
    if (options->json || options->limit != 0 || options->trace != NULL)
        return lab_usage_error(options->command, "--json, --limit and --trace are options of run");
    return lab_run_options_check(options);
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

static void *allocate(size_t count, size_t size)
{
    void *room = calloc(count + 1, size);
    if (room == NULL)
        abort();
    return room;
}

static const struct machine_input *open_files(const char *const *paths, unsigned count,
                                              struct isa_diagnostics *diagnostics)
{
    struct machine_input *files = allocate(count, sizeof *files);
    for (unsigned i = 0; i < count; i++)
        files[i].bytes = (const uint8_t *)isa_read_file(paths[i], &files[i].length, diagnostics);
    return files;
}

bool lab_run_options_open(struct lab_run_options *options, struct isa_diagnostics *diagnostics)
{
    struct machine_options *machine = &options->machine;
    const struct machine_image **guests = allocate(options->guest_count, sizeof *guests);
    machine->guests = guests;
    machine->guest_count = options->guest_count;
    for (unsigned i = 0; i < options->guest_count; i++)
        guests[i] = open_image(options->guests[i], "guests", "guest", diagnostics);
    machine->inputs = open_files(options->inputs, options->input_count, diagnostics);
    machine->input_count = options->input_count;
    machine->disks = open_files(options->disks, options->disk_count, diagnostics);
    machine->disk_count = options->disk_count;
    options->isa = isa_load(options->isa_name ? options->isa_name : "pg74", diagnostics);
    if (options->isa != NULL && machine->cost != NULL && isa_cost_named(options->isa, machine->cost) == NULL)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, NULL, "%s has no cost preset '%s'",
                              isa_name(options->isa), machine->cost);
    return isa_diagnostics_count(diagnostics) == 0;
}

void lab_monitor_use(const struct lab_monitor *monitor, struct machine_options *options)
{
    if (monitor->count == 0)
        return;
    options->monitor = monitor->images[0];
    options->inner = (const struct machine_image *const *)monitor->images + 1;
    options->inner_count = monitor->count - 1;
}

bool lab_run_options_open_with_monitor(struct lab_run_options *options, struct isa_diagnostics *diagnostics)
{
    struct lab_monitor *monitor = &options->monitor;
    bool is_open = options->vmm == NULL || lab_monitor_open(monitor, options->vmm, diagnostics);
    if (!lab_run_options_open(options, diagnostics) || !is_open)
        return false;
    lab_monitor_use(monitor, &options->machine);
    return true;
}

static void close_files(const struct machine_input *files, unsigned count)
{
    for (unsigned i = 0; files != NULL && i < count; i++)
        free((void *)(uintptr_t)files[i].bytes);
    free((void *)(uintptr_t)files);
}

void lab_run_options_close(struct lab_run_options *options)
{
    struct machine_options *machine = &options->machine;
    for (unsigned i = 0; machine->guests != NULL && i < machine->guest_count; i++)
        machine_image_free((struct machine_image *)(uintptr_t)machine->guests[i]);
    free((void *)(uintptr_t)machine->guests);
    close_files(machine->inputs, machine->input_count);
    close_files(machine->disks, machine->disk_count);
    lab_monitor_close(&options->monitor);
    isa_free(options->isa);
}
