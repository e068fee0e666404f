/* gdb.c: `pg74 gdb`: a guest, and the monitor under it, for a debugger. */
#include "lab/gdb/gdb.h"
#include "lab/lab.h"
#include "lab/run_options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct gdb_options {
    struct lab_run_options run;
    unsigned port;   /* 0: any that is free */
    bool over_pipes; /* standard input and output */
};

static int read_port(struct gdb_options *options, const char *value)
{
    char *end;
    unsigned long port = value != NULL ? strtoul(value, &end, 10) : 0;
    if (value == NULL)
        return ISA_EXIT_USAGE;
    if (*value < '0' || *value > '9' || *end != '\0' || port > LAB_GDB_HIGHEST_PORT)
        return lab_usage_error("gdb", "--port needs a number from 0 to %d, not '%s'", LAB_GDB_HIGHEST_PORT, value);
    options->port = (unsigned)port;
    return 0;
}

static int read_arguments(int argc, char **argv, struct gdb_options *options)
{
    static const char *const own[] = {"--port", "--stdio", NULL};
    for (int i = 1; i < argc; i++) {
        int wrong = 0;
        if (strcmp(argv[i], "--stdio") == 0)
            options->over_pipes = true;
        else if (strcmp(argv[i], "--port") == 0)
            wrong = read_port(options, lab_option_value("gdb", argc, argv, &i));
        else
            wrong = lab_run_option(&options->run, argc, argv, &i, own);
        if (wrong)
            return wrong;
    }
    return lab_run_options_check_shown(&options->run);
}

static void serve(const struct gdb_options *options, struct machine *machine, struct isa_diagnostics *diagnostics)
{
    struct lab_programs *programs = lab_programs_new(machine, &options->run.machine);
    struct lab_consoles consoles = {.stream = options->over_pipes ? NULL : stdout};
    const struct lab_gdb_target target = {.machine = machine, .programs = programs, .consoles = &consoles};
    if (options->over_pipes)
        lab_gdb_serve(&target, STDIN_FILENO, STDOUT_FILENO);
    else
        lab_gdb_serve_port(&target, options->port, diagnostics);
    lab_programs_free(programs);
}

int lab_command_gdb(int argc, char **argv)
{
    struct gdb_options options = {.run.command = "gdb", .port = LAB_GDB_PORT};
    int code = read_arguments(argc, argv, &options);
    if (code)
        return code;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine *machine = NULL;
    if (lab_run_options_open_with_monitor(&options.run, diagnostics) && lab_gdb_suits(options.run.isa, diagnostics))
        machine = machine_new(options.run.isa, &options.run.machine, diagnostics);
    if (machine != NULL)
        serve(&options, machine, diagnostics);
    if (isa_diagnostics_count(diagnostics) > 0)
        code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    machine_free(machine);
    lab_run_options_close(&options.run);
    isa_diagnostics_free(diagnostics);
    return code;
}
