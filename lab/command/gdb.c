/* gdb.c: `pg74 gdb`: a guest, and the monitor under it, for a debugger. */
#include "lab/gdb/gdb.h"
#include "lab/lab.h"
#include "lab/run_options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DEFAULT_PORT = 1234, HIGHEST_PORT = 65535 };

struct gdb_options {
    struct lab_run_options run;
    long port;       /* 0: any that is free */
    bool over_pipes; /* standard input and output */
};

/* ---- The connection ---------------------------------------------------------------------------------------------- */

/* A socket that one debugger on this computer can connect to; -1 with diagnostics. Sets the port. */
static int listen_on(long *port, struct isa_diagnostics *diagnostics)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
        bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 1) == 0 &&
        getsockname(listener, (struct sockaddr *)&address, &length) == 0) {
        *port = ntohs(address.sin_port);
        return listener;
    }
    isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, "--port 0 takes any port that is free",
                          "cannot listen on port %ld: %s", *port, strerror(errno));
    if (listener >= 0)
        close(listener);
    return -1;
}

/* Waits for the debugger. */
static int accept_one(int listener)
{
    int connection, one = 1;
    do
        connection = accept(listener, NULL, NULL);
    while (connection < 0 && (errno == EINTR || errno == ECONNABORTED));
    if (connection >= 0)
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return connection;
}

static void serve(const struct gdb_options *options, struct machine *machine, const struct lab_programs *programs,
                  struct isa_diagnostics *diagnostics)
{
    struct lab_consoles consoles = {.stream = options->over_pipes ? NULL : stdout};
    const struct lab_gdb_target target = {machine, programs, &consoles};
    long port = options->port;
    signal(SIGPIPE, SIG_IGN); /* a debugger that has gone is seen when writing to it */
    if (options->over_pipes) {
        lab_gdb_serve(&target, STDIN_FILENO, STDOUT_FILENO);
        return;
    }
    int listener = listen_on(&port, diagnostics);
    if (listener < 0)
        return;
    fprintf(stderr, "Waiting for a debugger: gdb-multiarch -ex 'set osabi none' -ex 'target remote localhost:%ld'\n", port);
    int connection = accept_one(listener);
    close(listener);
    if (connection < 0)
        return;
    lab_gdb_serve(&target, connection, connection);
    close(connection);
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

static int read_port(struct gdb_options *options, const char *value)
{
    char *end;
    options->port = value != NULL ? strtol(value, &end, 10) : -1;
    if (value == NULL)
        return ISA_EXIT_USAGE;
    if (*value < '0' || *value > '9' || *end != '\0' || options->port > HIGHEST_PORT)
        return lab_usage_error("gdb", "--port needs a number from 0 to %d, not '%s'", HIGHEST_PORT, value);
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

int lab_command_gdb(int argc, char **argv)
{
    struct gdb_options options = {.run.command = "gdb", .port = DEFAULT_PORT};
    int code = read_arguments(argc, argv, &options);
    if (code)
        return code;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine *machine = NULL;
    if (lab_run_options_open_with_monitor(&options.run, diagnostics) && lab_gdb_suits(options.run.isa, diagnostics))
        machine = machine_new(options.run.isa, &options.run.machine, diagnostics);
    struct lab_programs *programs = machine != NULL ? lab_programs_new(machine, &options.run.machine) : NULL;
    if (machine != NULL)
        serve(&options, machine, programs, diagnostics);
    if (isa_diagnostics_count(diagnostics) > 0)
        code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    lab_programs_free(programs);
    machine_free(machine);
    lab_run_options_close(&options.run);
    isa_diagnostics_free(diagnostics);
    return code;
}
