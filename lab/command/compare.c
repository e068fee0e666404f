/* compare.c: `pg74 compare`: runs guests on the bare machine and under monitors, and compares. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/checker.h"
#include "lab/lab.h"
#include "lab/run_options.h"

enum { MOST_MONITORS = 16 };

struct monitors {
    char *names; /* a copy of what was given, cut at its commas */
    unsigned count;
    struct checker_monitor list[MOST_MONITORS];
    struct lab_monitor opened[MOST_MONITORS];
};

static int read_method(const char *value, struct checker_options *options)
{
    static const char *const methods[] = {"automatic", "lockstep", "final"};
    if (value == NULL)
        return ISA_EXIT_USAGE;
    for (unsigned i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(methods[i], value) == 0) {
            options->method = (enum checker_method)i;
            return 0;
        }
    return lab_usage_error("compare", "--method is automatic, lockstep or final, not '%s'", value);
}

static int read_arguments(int argc, char **argv, struct lab_run_options *run, struct checker_options *options,
                          bool *breakdown)
{
    static const char *const own[] = {"--no-check", "--breakdown", "--method", NULL};
    for (int i = 1; i < argc; i++) {
        int code = 0;
        if (strcmp(argv[i], "--no-check") == 0)
            options->method = CHECKER_NONE;
        else if (strcmp(argv[i], "--breakdown") == 0)
            *breakdown = true;
        else if (strcmp(argv[i], "--method") == 0)
            code = read_method(lab_option_value("compare", argc, argv, &i), options);
        else
            code = lab_run_option(run, argc, argv, &i, own);
        if (code != 0)
            return code;
    }
    if (run->trace != NULL)
        return lab_usage_error("compare", "--trace is for `pg74 run`: one run at a time");
    if (run->guest_count == 0)
        return lab_usage_error("compare", "name a guest");
    return run->vmm != NULL ? 0 : lab_usage_error("compare", "name a monitor: --vmm NAME,NAME");
}

static int open_monitors(const char *names, struct monitors *monitors, struct isa_diagnostics *diagnostics)
{
    char *rest = monitors->names = strdup(names);
    while (rest != NULL) {
        const char *name = strsep(&rest, ",");
        if (monitors->count == MOST_MONITORS)
            return lab_usage_error("compare", "at most %d monitors", MOST_MONITORS);
        if (*name == '\0')
            return lab_usage_error("compare", "--vmm: a name is missing in '%s'", names);
        struct lab_monitor *opened = &monitors->opened[monitors->count];
        if (lab_monitor_open(opened, name, diagnostics))
            monitors->list[monitors->count] = (struct checker_monitor){
                .name = name, .image = opened->images[0],
                .inner = (const struct machine_image *const *)opened->images + 1, .inner_count = opened->count - 1};
        monitors->count++;
    }
    return 0;
}

static int compare(const struct lab_run_options *run, const struct checker_options *options,
                   const struct monitors *monitors, bool breakdown, struct isa_diagnostics *diagnostics)
{
    struct checker_comparison *comparison =
        checker_compare(run->isa, options, monitors->list, monitors->count, diagnostics);
    if (comparison == NULL)
        return 0; /* the diagnostics say why */
    if (run->json)
        checker_print_json(comparison, stdout);
    else
        checker_print(comparison, breakdown, isa_columns(stdout), stdout);
    int code = checker_all_equivalent(comparison) ? 0 : 1;
    checker_comparison_free(comparison);
    return code;
}

int lab_command_compare(int argc, char **argv)
{
    struct lab_run_options run = {.command = "compare"};
    struct checker_options options = {.method = CHECKER_AUTOMATIC};
    struct monitors monitors = {0};
    bool breakdown = false;
    int code = read_arguments(argc, argv, &run, &options, &breakdown);
    if (code != 0)
        return code;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    lab_run_options_open(&run, diagnostics);
    code = open_monitors(run.vmm, &monitors, diagnostics);
    options.machine = run.machine;
    options.limit = run.limit;
    if (code == 0 && isa_diagnostics_count(diagnostics) == 0)
        code = compare(&run, &options, &monitors, breakdown, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    if (isa_diagnostics_count(diagnostics) > 0)
        code = isa_diagnostics_exit_code(diagnostics);
    for (unsigned i = 0; i < monitors.count; i++)
        lab_monitor_close(&monitors.opened[i]);
    free(monitors.names);
    lab_run_options_close(&run);
    isa_diagnostics_free(diagnostics);
    return code;
}
