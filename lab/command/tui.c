/* tui.c: `pg74 tui`: the screens: one machine, several side by side, or an instruction set. */
#include "tui/tui.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/lab.h"
#include "lab/language.h"
#include "lab/run_options.h"

/* A machine of its own for each monitor that is named. */
struct shown {
    const char *vmm; /* NULL: none */
    struct lab_monitor monitor;
    struct machine *machine;
    struct lab_programs *programs;
    char title[256];
};

struct show_options {
    struct lab_run_options run;
    struct tui_options screen;
    char *names; /* of monitors, cut at the commas */
    unsigned count;
    struct shown machines[TUI_MOST_SIDE_BY_SIDE];
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
    static const char *const own[] = {"--ascii", "--no-mouse", "--keys", "--export", "--size", "--plain", NULL};
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
    else if (strcmp(name, "--plain") == 0)
        options->screen.export = "-";
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

/* --vmm NAME,NAME,...: one machine for each. */
static int split_monitors(struct show_options *options)
{
    char *rest = options->names = strdup(options->run.vmm != NULL ? options->run.vmm : "none");
    options->run.vmm = NULL;
    while (rest != NULL) {
        const char *name = strsep(&rest, ",");
        if (options->count == TUI_MOST_SIDE_BY_SIDE)
            return lab_usage_error("tui", "at most %d machines side by side", TUI_MOST_SIDE_BY_SIDE);
        if (*name == '\0')
            return lab_usage_error("tui", "--vmm: a name is missing");
        options->machines[options->count++].vmm = strcmp(name, "none") == 0 ? NULL : name;
    }
    return 0;
}

/* Without a guest an instruction set is shown. */
static int check(struct show_options *options)
{
    options->screen.isa = options->run.isa_name != NULL ? options->run.isa_name : "pg74";
    if (options->run.guest_count == 0 && options->run.isa_name != NULL && options->run.vmm == NULL)
        return 0;
    for (unsigned i = 0; options->run.guest_count > 1 && i < options->count; i++)
        if (options->machines[i].vmm == NULL)
            return lab_usage_error("tui", "a bare machine runs one guest; for several, name a monitor with --vmm");
    return 0;
}

static int read_arguments(int argc, char **argv, struct show_options *options)
{
    const char *why;
    char language[16];
    lab_language_begin(lab_language(NULL, language));
    for (int i = 1; i < argc; i++) {
        int wrong = read_option(options, argc, argv, &i);
        if (wrong)
            return wrong;
    }
    bool is_classifier = options->run.guest_count == 0 && options->run.isa_name != NULL && options->run.vmm == NULL;
    int code = is_classifier ? 0 : lab_run_options_check_shown(&options->run);
    if (code == 0 && !is_classifier)
        code = split_monitors(options);
    if (code == 0)
        code = check(options);
    if (code)
        return code;
    if (options->screen.export != NULL && options->screen.keys == NULL)
        options->screen.keys = "";
    if (options->screen.keys != NULL || tui_can_show(&why))
        return 0;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return lab_usage_error("tui", "%s; --plain prints what would be on it", why);
    fprintf(stderr, "pg74 tui: %s: this is what would be on it, as by --plain; --keys types.\n", why);
    options->screen.export = "-";
    options->screen.keys = "";
    return 0;
}

/* A machine of the guests under one monitor, or under none. */
static bool open_machine(struct show_options *options, struct shown *shown, struct isa_diagnostics *diagnostics)
{
    struct machine_options machine = options->run.machine;
    if (shown->vmm != NULL && !lab_monitor_open(&shown->monitor, shown->vmm, diagnostics))
        return false;
    lab_monitor_use(&shown->monitor, &machine);
    shown->machine = machine_new(options->run.isa, &machine, diagnostics);
    if (shown->machine == NULL)
        return false;
    shown->programs = lab_programs_new(shown->machine, &machine);
    const char *guest = machine_image_name(machine.guests[0]);
    if (options->count > 1)
        snprintf(shown->title, sizeof shown->title, "%s", shown->vmm != NULL ? shown->vmm : "bare machine");
    else
        snprintf(shown->title, sizeof shown->title, shown->vmm != NULL ? "%s under %s" : "%s", guest, shown->vmm);
    return true;
}

static void close_machines(struct show_options *options)
{
    for (unsigned i = 0; i < options->count; i++) {
        lab_programs_free(options->machines[i].programs);
        machine_free(options->machines[i].machine);
        lab_monitor_close(&options->machines[i].monitor);
    }
    free(options->names);
}

int lab_command_tui(int argc, char **argv)
{
    struct show_options options = {.run.command = "tui"};
    struct tui_open open[TUI_MOST_SIDE_BY_SIDE];
    int code = read_arguments(argc, argv, &options);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    bool is_good = code == 0 && lab_run_options_open(&options.run, diagnostics);
    for (unsigned i = 0; i < options.count && is_good; i++) {
        struct shown *shown = &options.machines[i];
        is_good = open_machine(&options, shown, diagnostics);
        open[i] = (struct tui_open){shown->machine, shown->programs, shown->title};
    }
    if (isa_diagnostics_count(diagnostics) > 0)
        code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    options.screen.machines = open;
    options.screen.machine_count = options.count;
    if (code == 0)
        code = tui_show(&options.screen);
    close_machines(&options);
    lab_run_options_close(&options.run);
    isa_diagnostics_free(diagnostics);
    return code;
}
