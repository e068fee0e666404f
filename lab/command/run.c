/* run.c: `pg74 run`: runs a guest on the bare machine, or guests under a monitor. */
#include "lab/console.h"
#include "lab/debug/debug.h"
#include "lab/internal.h"
#include "lab/lab.h"
#include "lab/run_options.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Between two looks at the consoles. */
enum { SLICE = 1 << 20, EXIT_NO_END = 124 };

struct run {
    const struct lab_run_options *options;
    const char *console; /* the folder for consoles, or NULL */
    struct machine *machine;
    struct lab_programs *programs;
    enum machine_stop stop;
    struct lab_consoles consoles;
};

static void run_slices(struct run *run)
{
    uint64_t limit = run->options->limit, done = 0;
    do {
        uint64_t fuel = limit != 0 && limit - done < SLICE ? limit - done : SLICE;
        run->stop = machine_run(run->machine, fuel);
        done += fuel;
        if (!run->options->json || run->console != NULL)
            lab_consoles_print(&run->consoles, run->machine, false);
    } while (run->stop == MACHINE_LIMIT && (limit == 0 || done < limit));
    if (!run->options->json || run->console != NULL)
        lab_consoles_print(&run->consoles, run->machine, true);
}

/* ---- The end ----------------------------------------------------------------------------------------------------- */

static void say_where(const struct run *run)
{
    uint32_t pc = machine_pc(run->machine), address, offset;
    const char *file;
    unsigned line;
    const struct machine_image *image = lab_programs_image(run->programs, run->machine, pc, &address);
    const char *symbol = image != NULL ? machine_image_symbol(image, address, &offset) : NULL;
    fprintf(stderr, "at pc 0x%08" PRIx32 " in %s mode", pc, machine_user_mode(run->machine) ? "user" : "supervisor");
    if (symbol != NULL)
        fprintf(stderr, ", %s+0x%" PRIx32 " of %s", symbol, offset, machine_image_name(image));
    if (symbol != NULL && machine_image_line(image, address, &file, &line))
        fprintf(stderr, " (%s:%u)", file, line);
    fputc('\n', stderr);
}

static uint32_t first_code(const struct run *run)
{
    for (unsigned i = 0; i < machine_guest_count(run->machine); i++) {
        uint32_t code;
        if (machine_guest_halt_code(run->machine, i, &code) && code != 0)
            return code;
    }
    return machine_halt_code(run->machine);
}

static int exit_code(const struct run *run)
{
    if (run->stop == MACHINE_HALTED)
        return (int)(first_code(run) & 0xff);
    if (run->stop == MACHINE_DEADLOCK)
        fputs("pg74 run: deadlock: the machine waits, and nothing can wake it, ", stderr);
    else
        fprintf(stderr, "pg74 run: stopped at the limit of %" PRIu64 ", ", run->options->limit);
    say_where(run);
    return EXIT_NO_END;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

/* The length of the UTF-8 sequence that starts here, 0 if it is none. */
static size_t sequence(const uint8_t *bytes, size_t length)
{
    size_t wanted = bytes[0] < 0x80 ? 1 : bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
    json_t *text = wanted <= length ? json_stringn((const char *)bytes, wanted) : NULL;
    json_decref(text);
    return text != NULL ? wanted : 0;
}

/* Console bytes as text. JSON knows only Unicode: what is no UTF-8 becomes the replacement character. */
static json_t *console_text(const uint8_t *bytes, size_t length)
{
    json_t *whole = json_stringn(length ? (const char *)bytes : "", length);
    if (whole != NULL)
        return whole;
    char *text = malloc(length * 3);
    size_t written = 0;
    for (size_t i = 0; text != NULL && i < length;) {
        size_t good = sequence(bytes + i, length - i);
        memcpy(text + written, good ? (const char *)bytes + i : "\xef\xbf\xbd", good ? good : 3);
        written += good ? good : 3;
        i += good ? good : 1;
    }
    whole = json_stringn(text, written);
    free(text);
    return whole;
}

static json_t *guest_object(const struct run *run, unsigned guest)
{
    size_t length;
    uint32_t code;
    const uint8_t *console = machine_console(run->machine, guest, &length);
    bool halted = machine_guest_halt_code(run->machine, guest, &code);
    const struct machine_image *monitor = run->options->machine.monitor;
    json_t *counted = monitor != NULL ? lab_statistics(run->machine, monitor, guest) : NULL;
    return json_pack("{s:s, s:o, s:o, s:o}", "name", machine_image_name(run->options->machine.guests[guest]), "halt_code",
                     halted ? json_integer(code) : json_null(), "console", console_text(console, length), "statistics",
                     counted != NULL ? counted : json_null());
}

static void print_json(const struct run *run)
{
    static const char *const stops[] = {"halted", "limit", "deadlock", "stopped"};
    struct machine_time time = machine_time(run->machine);
    const struct isa_cost *cost = machine_cost(run->machine);
    json_t *guests = json_array();
    for (unsigned i = 0; i < machine_guest_count(run->machine); i++)
        json_array_append_new(guests, guest_object(run, i));
    json_t *object = json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "schema_version", 1, "isa",
        isa_name(run->options->isa), "cost", cost != NULL ? cost->name : "none", "engine",
        run->options->machine.engine == MACHINE_FAST ? "fast" : "reference", "vmm",
        run->options->vmm != NULL ? run->options->vmm : "none",
        "stop", stops[run->stop], "halt_code", (json_int_t)machine_halt_code(run->machine), "pc",
        (json_int_t)machine_pc(run->machine), "instructions", (json_int_t)time.instructions, "traps",
        (json_int_t)time.traps,
        "idle", (json_int_t)time.idle, "cycles", (json_int_t)time.cycles, "guests", guests);
    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

static int run_machine(struct run *run, FILE *trace)
{
    if (trace != NULL)
        lab_trace(run->machine, trace);
    run_slices(run);
    if (run->options->json)
        print_json(run);
    return exit_code(run);
}

/* Opens the trace, runs, and makes sure that all of the trace is written. */
static int run_traced(struct run *run, struct isa_diagnostics *diagnostics)
{
    const char *path = run->options->trace;
    FILE *trace = path != NULL ? fopen(path, "w") : NULL;
    const struct isa_place place = {.file = path};
    int code = 0;
    if (path == NULL || trace != NULL)
        code = run_machine(run, trace);
    if (path != NULL && (trace == NULL || ferror(trace) | fclose(trace)))
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_NO_INPUT, NULL, "cannot be written: %s", strerror(errno));
    return code;
}

/* --console DIR, or --console=DIR: the one option that only this command has. 0, or ISA_EXIT_USAGE after a message. */
static int read_console(int argc, char **argv, int *index, const char **console)
{
    const char *equals = strchr(argv[*index], '=');
    *console = equals != NULL ? equals + 1 : lab_option_value("run", argc, argv, index);
    if (*console != NULL && **console == '\0')
        return lab_usage_error("run", "--console needs the name of a folder");
    return *console != NULL ? 0 : ISA_EXIT_USAGE;
}

static int read_arguments(int argc, char **argv, struct lab_run_options *options, const char **console)
{
    static const char *const own[] = {"--console", NULL};
    for (int i = 1; i < argc; i++) {
        bool is_console = strcmp(argv[i], "--console") == 0 || strncmp(argv[i], "--console=", 10) == 0;
        int wrong = is_console ? read_console(argc, argv, &i, console) : lab_run_option(options, argc, argv, &i, own);
        if (wrong)
            return wrong;
    }
    return lab_run_options_check(options);
}

/* Opens the files for consoles, if they are wanted, runs, and makes sure that they are written. */
static int run_with_consoles(struct run *run, struct isa_diagnostics *diagnostics)
{
    unsigned guests = machine_guest_count(run->machine);
    int code = 0;
    if (run->console == NULL || lab_consoles_open(&run->consoles, run->console, guests, diagnostics))
        code = run_traced(run, diagnostics);
    lab_consoles_close(&run->consoles, run->console, diagnostics);
    return code;
}

int lab_command_run(int argc, char **argv)
{
    struct lab_run_options options = {.command = "run"};
    const char *console = NULL;
    int code = read_arguments(argc, argv, &options, &console);
    if (code)
        return code;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct run run = {.options = &options, .console = console, .consoles.stream = stdout};
    if (lab_run_options_open_with_monitor(&options, diagnostics))
        run.machine = machine_new(options.isa, &options.machine, diagnostics);
    if (run.machine != NULL) {
        run.programs = lab_programs_new(run.machine, &options.machine);
        code = run_with_consoles(&run, diagnostics);
    }
    if (isa_diagnostics_count(diagnostics) > 0)
        code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    lab_programs_free(run.programs);
    machine_free(run.machine);
    lab_run_options_close(&options);
    isa_diagnostics_free(diagnostics);
    return code;
}
