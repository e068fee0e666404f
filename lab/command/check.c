/* check.c: `pg74 check`: judges a monitor by equivalence, resource control and efficiency. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checker/checker.h"
#include "lab/interrupt.h"
#include "lab/lab.h"
#include "lab/run_options.h"

enum { DEFAULT_GUESTS = 1000, MOST_GUESTS = 100000000, MOST_JOBS = 64, MOST_PARTS = 1000000, STOPPED = 130 };

struct arguments {
    const char *isa, *vmm, *one_case, *save;
    bool json;
    struct checker_check_options check;
};

static int number(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *value)
{
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 0);
    if (errno == 0 && *text >= '0' && *text <= '9' && *end == '\0' && *value >= least && *value <= most)
        return 0;
    return lab_usage_error("check", "%s is a number from %" PRIu64 " to %" PRIu64 ", not '%s'", option, least, most, text);
}

/* "3/20": from 1 on, as people count. */
static int part(const char *text, struct checker_check_options *check)
{
    char rest;
    unsigned which, parts;
    if (sscanf(text, "%u/%u%c", &which, &parts, &rest) != 2 || which == 0 || which > parts || parts > MOST_PARTS)
        return lab_usage_error("check", "--part K/N is one of N parts, such as 3/20, with N at most %d, not '%s'", MOST_PARTS,
                               text);
    check->part = which - 1;
    check->parts = parts;
    return 0;
}

static int read_option(struct arguments *arguments, int argc, char **argv, int *index)
{
    static const char *const names[] = {"--isa",  "--guests", "--seed", "--case",
                                        "--save", "--jobs",   "--part", "--json", NULL};
    const char *option = argv[*index], *value = NULL;
    uint64_t read = 0;
    int code = 0;
    unsigned which = 0;
    while (names[which] != NULL && strcmp(names[which], option) != 0)
        which++;
    if (names[which] == NULL) {
        const char *near = lab_nearest(option, names);
        return near ? lab_usage_error("check", "no option %s; did you mean %s?", option, near)
                    : lab_usage_error("check", "no option %s", option);
    }
    if (strcmp(option, "--json") == 0) {
        arguments->json = true;
        return 0;
    }
    if ((value = lab_option_value("check", argc, argv, index)) == NULL)
        return ISA_EXIT_USAGE;
    switch (which) {
    case 0: arguments->isa = value; break;
    case 1: code = number(option, value, 0, MOST_GUESTS, &read); arguments->check.guests = (unsigned)read; break;
    case 2: code = number(option, value, 0, UINT64_MAX, &arguments->check.seed); break;
    case 3: arguments->one_case = value; break;
    case 4: arguments->save = value; break;
    case 5: code = number(option, value, 1, MOST_JOBS, &read); arguments->check.jobs = (unsigned)read; break;
    default: code = part(value, &arguments->check); break;
    }
    return code;
}

static int read_arguments(struct arguments *arguments, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int code = 0;
        if (argv[i][0] == '-' && argv[i][1] != '\0')
            code = read_option(arguments, argc, argv, &i);
        else if (arguments->vmm != NULL)
            code = lab_usage_error("check", "one monitor at a time: '%s' is too many", argv[i]);
        else
            arguments->vmm = argv[i];
        if (code != 0)
            return code;
    }
    if (arguments->vmm == NULL)
        return lab_usage_error("check", "name a monitor: VMM.elf, or the name of one of pg74's own");
    if (arguments->save != NULL && arguments->one_case != NULL)
        return lab_usage_error("check", "--save is for what a check finds; --case tries what is saved already");
    return 0;
}

/* A line that is written over, for a person who waits. */
static void show_progress(void *context, unsigned done, unsigned all)
{
    unsigned *shown = context;
    unsigned percent = all > 0 ? 100 * done / all : 100;
    if (percent == *shown)
        return;
    *shown = percent;
    fprintf(stderr, "\rchecking: %u of %u guests (%u %%)", done, all, percent);
    fflush(stderr);
}

static void clear_progress(void)
{
    fputs("\r\033[K", stderr);
}

/* Writes the counterexample to the file that --save names, whole or not at all. */
static bool save(const struct checker_check *check, const char *path, struct isa_diagnostics *diagnostics)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    int error = ENOMEM;
    if (stream != NULL) {
        checker_check_save(check, stream);
        error = fclose(stream) == 0 ? isa_write_file(path, text, length) : errno;
    }
    free(text);
    if (error)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "cannot write %s: %s", path, strerror(error));
    return !error;
}

static struct checker_check *run(const struct arguments *arguments, const struct isa *isa,
                                 const struct checker_monitor *monitor, struct isa_diagnostics *diagnostics)
{
    struct checker_check_options options = arguments->check;
    unsigned shown = UINT32_MAX;
    if (arguments->one_case != NULL) {
        size_t length;
        char *text = isa_read_file(arguments->one_case, &length, diagnostics);
        struct checker_check *check =
            text ? checker_check_case(isa, monitor, arguments->one_case, text, diagnostics) : NULL;
        free(text);
        return check;
    }
    if (isatty(STDERR_FILENO)) {
        options.progress = show_progress;
        options.context = &shown;
    }
    sigset_t before;
    lab_interrupt_hold(&before);
    options.stop = lab_interrupt_is_pending;
    struct checker_check *check = checker_check_new(isa, monitor, &options, diagnostics);
    lab_interrupt_let(&before);
    if (options.progress != NULL)
        clear_progress();
    return check;
}

static void report(const struct arguments *arguments, const struct checker_check *check,
                   struct isa_diagnostics *diagnostics)
{
    char *replay = NULL;
    const char *isa = arguments->isa ? arguments->isa : "pg74";
    if (arguments->save != NULL && !checker_check_passed(check) && save(check, arguments->save, diagnostics) &&
        asprintf(&replay, "pg74 check --isa %s --case %s %s", isa, arguments->save, arguments->vmm) < 0)
        replay = NULL;
    if (replay == NULL && arguments->one_case == NULL &&
        asprintf(&replay, "pg74 check --isa %s --seed %" PRIu64 " --save case.s %s", isa, arguments->check.seed,
                 arguments->vmm) < 0)
        replay = NULL;
    if (arguments->json)
        checker_check_print_json(check, arguments->vmm, replay, stdout);
    else
        checker_check_print(check, arguments->vmm, replay, stdout);
    free(replay);
}

int lab_command_check(int argc, char **argv)
{
    struct arguments arguments = {.check = {.guests = DEFAULT_GUESTS, .seed = 1}};
    int code = read_arguments(&arguments, argc, argv);
    if (code != 0)
        return code;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(arguments.isa ? arguments.isa : "pg74", diagnostics);
    struct lab_monitor opened = {0};
    bool found = isa != NULL && lab_monitor_open(&opened, arguments.vmm, diagnostics);
    const struct checker_monitor monitor = {
        .name = "vmm", .image = opened.images[0],
        .inner = (const struct machine_image *const *)opened.images + 1, .inner_count = found ? opened.count - 1 : 0};
    struct checker_check *check = found ? run(&arguments, isa, &monitor, diagnostics) : NULL;
    if (check != NULL) {
        report(&arguments, check, diagnostics);
        unsigned done, all;
        code = !checker_check_passed(check) ? 1 : checker_check_stopped(check, &done, &all) ? STOPPED : 0;
    }
    isa_diagnostics_print(diagnostics, stderr);
    if (isa_diagnostics_count(diagnostics) > 0)
        code = isa_diagnostics_exit_code(diagnostics);
    checker_check_free(check);
    lab_monitor_close(&opened);
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
    return code;
}
