/* tui.c: `pg74 tui`: the machine screen. */
#include "tui/tui.h"

#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"
#include "lab/run_options.h"

struct show_options {
    struct lab_run_options run;
    struct tui_options screen;
};

static int read_size(struct show_options *options, const char *value)
{
    char rest;
    if (value == NULL)
        return ISA_EXIT_USAGE;
    if (sscanf(value, "%ux%u%c", &options->screen.columns, &options->screen.lines, &rest) == 2 &&
        options->screen.columns <= 500 && options->screen.lines <= 200)
        return 0;
    return lab_usage_error("tui", "--size needs columns and lines, as 132x43, not '%s'", value);
}

static int read_option(struct show_options *options, int argc, char **argv, int *index)
{
    static const char *const own[] = {"--ascii", "--no-mouse", "--keys", "--export", "--size", NULL};
    const char *name = argv[*index], *value = "";
    bool is_own = strcmp(name, "--keys") == 0 || strcmp(name, "--export") == 0;
    if (is_own)
        value = lab_option_value("tui", argc, argv, index);
    if (value == NULL)
        return ISA_EXIT_USAGE;
    if (strcmp(name, "--ascii") == 0)
        options->screen.ascii = true;
    else if (strcmp(name, "--no-mouse") == 0)
        options->screen.no_mouse = true;
    else if (strcmp(name, "--keys") == 0)
        options->screen.keys = value;
    else if (strcmp(name, "--export") == 0)
        options->screen.export = value;
    else if (strcmp(name, "--size") == 0)
        return read_size(options, lab_option_value("tui", argc, argv, index));
    else
        return lab_run_option(&options->run, argc, argv, index, own);
    return 0;
}

static int read_arguments(int argc, char **argv, struct show_options *options)
{
    const char *why;
    for (int i = 1; i < argc; i++) {
        int wrong = read_option(options, argc, argv, &i);
        if (wrong)
            return wrong;
    }
    int code = lab_run_options_check_shown(&options->run);
    if (code)
        return code;
    if (options->screen.export != NULL && options->screen.keys == NULL)
        options->screen.keys = "";
    if (options->screen.keys == NULL && !tui_can_show(&why))
        return lab_usage_error("tui", "%s; --keys and --export work without", why);
    return 0;
}

int lab_command_tui(int argc, char **argv)
{
    struct show_options options = {.run.command = "tui"};
    char title[256];
    int code = read_arguments(argc, argv, &options);
    if (code)
        return code;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine *machine = NULL;
    if (lab_run_options_open_with_monitor(&options.run, diagnostics))
        machine = machine_new(options.run.isa, &options.run.machine, diagnostics);
    code = isa_diagnostics_count(diagnostics) > 0 ? isa_diagnostics_exit_code(diagnostics) : 0;
    isa_diagnostics_print(diagnostics, stderr);
    struct lab_programs *programs = machine != NULL ? lab_programs_new(machine, &options.run.machine) : NULL;
    if (machine != NULL) {
        const char *guest = machine_image_name(options.run.machine.guests[0]);
        snprintf(title, sizeof title, options.run.vmm != NULL ? "%s under %s" : "%s", guest, options.run.vmm);
        options.screen.machine = machine;
        options.screen.programs = programs;
        options.screen.title = title;
        code = tui_show(&options.screen);
    }
    lab_programs_free(programs);
    machine_free(machine);
    lab_run_options_close(&options.run);
    isa_diagnostics_free(diagnostics);
    return code;
}
