/* options.c: the options that `run` and `compare` share. */
#include "lab/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* An option on its way: its name, and its value, which came after '=' or as the next argument. */
struct given {
    const char *command, *name, *value;
};

static bool read_number(const char *text, uint64_t *number, const char **end)
{
    char *stop;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *number = strtoull(text, &stop, strncmp(text, "0x", 2) == 0 ? 16 : 10);
    *end = stop;
    return errno == 0;
}

static int read_memory(const struct given *given, struct lab_options *options)
{
    const char *end = "?";
    uint64_t size = 0;
    bool good = read_number(given->value, &size, &end) && size > 0 && size <= UINT32_MAX;
    unsigned shift = *end == 'K' || *end == 'k' ? 10 : *end == 'M' || *end == 'm' ? 20 : *end == 'G' ? 30 : 0;
    size <<= shift;
    if (!good || end[shift != 0] != '\0' || size > UINT32_MAX)
        return lab_usage_error(given->command, "--memory wants bytes, as 65536, 256K or 4M, and less than 4G: not '%s'",
                               given->value);
    options->memory = (uint32_t)size;
    return 0;
}

static int read_limit(const struct given *given, struct lab_options *options)
{
    const char *end = "?";
    if (!read_number(given->value, &options->limit, &end) || *end != '\0')
        return lab_usage_error(given->command, "--limit wants a number, not '%s'", given->value);
    return 0;
}

static int read_engine(const struct given *given, struct lab_options *options)
{
    if (strcmp(given->value, "fast") == 0)
        options->engine = MACHINE_FAST;
    else if (strcmp(given->value, "reference") == 0)
        options->engine = MACHINE_REFERENCE;
    else
        return lab_usage_error(given->command, "there is no engine '%s', only fast and reference", given->value);
    return 0;
}

static int add(const struct given *given, const char **list, unsigned *count)
{
    if (*count == MACHINE_MOST_UNITS)
        return lab_usage_error(given->command, "%s: at most %d guests can run at once", given->value, MACHINE_MOST_UNITS);
    list[(*count)++] = given->value;
    return 0;
}

static int read_value(const struct given *given, struct lab_options *options)
{
    const char *name = given->name;
    if (strcmp(name, "--isa") == 0) options->isa = given->value;
    else if (strcmp(name, "--vmm") == 0) options->vmm = given->value;
    else if (strcmp(name, "--cost") == 0) options->cost = given->value;
    else if (strcmp(name, "--trace") == 0) options->trace = given->value;
    else if (strcmp(name, "--engine") == 0) return read_engine(given, options);
    else if (strcmp(name, "--memory") == 0) return read_memory(given, options);
    else if (strcmp(name, "--limit") == 0) return read_limit(given, options);
    else if (strcmp(name, "--input") == 0) return add(given, options->inputs, &options->input_count);
    else return add(given, options->disks, &options->disk_count);
    return 0;
}

/* The options that have a value; the last is for `run` alone. */
static const char *const with_value[] = {"--isa", "--vmm", "--engine", "--input", "--disk", "--memory", "--limit", "--cost",
                                         "--trace", NULL};

static int check_name(const char *command, const char *name, bool takes_trace)
{
    const char *known[sizeof with_value / sizeof with_value[0] + 1];
    unsigned count = 0;
    for (unsigned i = 0; with_value[i] != NULL; i++)
        if (takes_trace || strcmp(with_value[i], "--trace") != 0)
            known[count++] = with_value[i];
    known[count++] = "--json";
    known[count] = NULL;
    for (unsigned i = 0; known[i] != NULL; i++)
        if (strcmp(known[i], name) == 0)
            return 0;
    const char *nearest = lab_nearest(name, known);
    if (nearest != NULL)
        return lab_usage_error(command, "there is no option '%s'; did you mean '%s'?", name, nearest);
    return lab_usage_error(command, "there is no option '%s'", name);
}

/* Reads the option that stands at argv[*at], as "--name value" or "--name=value", and moves to its last word. */
static int read_option(int argc, char **argv, int *at, bool takes_trace, struct lab_options *options)
{
    char name[32];
    const char *equals = strchr(argv[*at], '=');
    size_t length = equals != NULL ? (size_t)(equals - argv[*at]) : strlen(argv[*at]);
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), argv[*at]);
    int wrong = check_name(argv[0], name, takes_trace);
    if (wrong)
        return wrong;
    if (strcmp(name, "--json") == 0) {
        options->json = true;
        return equals != NULL ? lab_usage_error(argv[0], "--json takes no value") : 0;
    }
    if (equals == NULL && *at + 1 >= argc)
        return lab_usage_error(argv[0], "%s wants a value", name);
    return read_value(&(struct given){argv[0], name, equals != NULL ? equals + 1 : argv[++*at]}, options);
}

int lab_read_options(int argc, char **argv, bool takes_trace, struct lab_options *options)
{
    *options = (struct lab_options){.isa = "pg74", .limit = UINT64_MAX};
    bool only_guests = false;
    for (int i = 1; i < argc; i++) {
        int wrong = 0;
        if (!only_guests && strcmp(argv[i], "--") == 0)
            only_guests = true;
        else if (!only_guests && argv[i][0] == '-')
            wrong = read_option(argc, argv, &i, takes_trace, options);
        else
            wrong = add(&(struct given){.command = argv[0], .value = argv[i]}, options->guests, &options->guest_count);
        if (wrong)
            return wrong;
    }
    if (options->guest_count == 0)
        return lab_usage_error(argv[0], "there is no guest to run");
    if (options->input_count > options->guest_count || options->disk_count > options->guest_count)
        return lab_usage_error(argv[0], "there are more %s than guests",
                               options->input_count > options->guest_count ? "inputs" : "disks");
    return 0;
}
