/* report.c: a comparison as a table with explanations, and as JSON. */
#include "checker/internal.h"

#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- Text -------------------------------------------------------------------------------------------------------- */

static const char *verdict(const struct checker_run *run, bool bare)
{
    if (bare)
        return "";
    if (run->method == CHECKER_NONE)
        return "-";
    return run->equivalent == CHECKER_PASSED ? "yes" : run->equivalent == CHECKER_FAILED ? "NO" : "unknown";
}

/* Monitors one under the other have long names: those get a line of their own. */
static const char *name_in(const char *name, int width, FILE *stream)
{
    if ((int)strlen(name) <= width)
        return name;
    fprintf(stream, "%s\n", name);
    return "";
}

enum { COLUMNS_OF_RUNS = 5, COLUMNS_OF_WORK = 4, MOST_COLUMNS = COLUMNS_OF_RUNS };

/* A table: a name, and numbers under their headings. */
struct table {
    unsigned count;
    const char *heads[MOST_COLUMNS];
    int widths[MOST_COLUMNS]; /* where there is room; otherwise as much as the numbers take */
    int gap;                  /* blanks between columns */
    int name;                 /* columns for names; longer ones stand above their numbers */
    void (*write)(const struct checker_run *run, char cells[MOST_COLUMNS][32]);
};

static void write_run(const struct checker_run *run, char cells[MOST_COLUMNS][32])
{
    double percent = run->guest_instructions ? 100.0 * (double)run->direct / (double)run->guest_instructions : 0;
    isa_grouped(run->guest_instructions, cells[0]);
    snprintf(cells[1], sizeof cells[1], "%.1f %%", percent);
    isa_grouped(run->traps, cells[2]);
    isa_grouped(run->cycles, cells[3]);
    snprintf(cells[4], sizeof cells[4], "%.2f", run->overhead);
}

static void write_work(const struct checker_run *run, char cells[MOST_COLUMNS][32])
{
    isa_grouped(run->emulated, cells[0]);
    isa_grouped(run->translated, cells[1]);
    isa_grouped(run->hypercalls, cells[2]);
    isa_grouped(run->monitor_instructions, cells[3]);
}

static int width_of(const struct table *table)
{
    int width = table->name;
    for (unsigned i = 0; i < table->count; i++)
        width += table->gap + table->widths[i];
    return width;
}

/* Makes a table that is too wide as narrow as its numbers are; if that does not do, names stand above. */
static void fit(struct table *table, const struct checker_comparison *comparison, unsigned first, int columns)
{
    enum { LEAST_NAME = 14 /* "(bare machine)" */, INDENT = 2 };
    if (width_of(table) <= columns)
        return;
    table->gap = 1;
    for (unsigned i = 0; i < table->count; i++)
        table->widths[i] = (int)strlen(table->heads[i]);
    for (unsigned k = first; k < comparison->run_count; k++) {
        char cells[MOST_COLUMNS][32];
        table->write(&comparison->runs[k], cells);
        for (unsigned i = 0; i < table->count; i++)
            table->widths[i] = (int)strlen(cells[i]) > table->widths[i] ? (int)strlen(cells[i]) : table->widths[i];
    }
    int left = columns - (width_of(table) - table->name);
    table->name = left >= table->name ? table->name : left >= LEAST_NAME ? left : INDENT;
}

static void print_head(const struct table *table, const char *name, FILE *stream)
{
    fprintf(stream, "%-*s", table->name, name_in(name, table->name, stream));
    for (unsigned i = 0; i < table->count; i++)
        fprintf(stream, "%*s%*s", table->gap, "", table->widths[i], table->heads[i]);
}

static void print_row(const struct table *table, const char *name, const struct checker_run *run, FILE *stream)
{
    char cells[MOST_COLUMNS][32];
    table->write(run, cells);
    fprintf(stream, "%-*s", table->name, name_in(name, table->name, stream));
    for (unsigned i = 0; i < table->count; i++)
        fprintf(stream, "%*s%*s", table->gap, "", table->widths[i], cells[i]);
}

/* Behind its numbers a run has a verdict. */
static void print_runs(const struct checker_comparison *comparison, int name, int columns, FILE *stream)
{
    static const char last[] = "equivalent";
    struct table table = {.count = COLUMNS_OF_RUNS, .heads = {"instructions", "direct", "traps", "cycles", "overhead"},
                          .widths = {15, 8, 12, 15, 8}, .gap = 2, .name = name, .write = write_run};
    fit(&table, comparison, 0, columns - table.gap - (int)strlen(last));
    print_head(&table, "run", stream);
    fprintf(stream, "%*s%s\n", table.gap, "", last);
    for (unsigned i = 0; i < comparison->run_count; i++) {
        const struct checker_run *run = &comparison->runs[i];
        print_row(&table, i == 0 ? "(bare machine)" : run->vmm, run, stream);
        fprintf(stream, "%*s%s\n", table.gap, "", verdict(run, i == 0));
    }
}

static void print_work(const struct checker_comparison *comparison, int name, int columns, FILE *stream)
{
    struct table table = {.count = COLUMNS_OF_WORK,
                          .heads = {"emulated", "translated", "hypercalls", "monitor instructions"},
                          .widths = {15, 15, 12, 20}, .gap = 2, .name = name, .write = write_work};
    fit(&table, comparison, 1, columns);
    print_head(&table, "monitor", stream);
    fputc('\n', stream);
    for (unsigned i = 1; i < comparison->run_count; i++) {
        print_row(&table, comparison->runs[i].vmm, &comparison->runs[i], stream);
        fputc('\n', stream);
    }
}

static void print_share(const char *what, const char *instruction, uint64_t count, uint64_t cycles, uint64_t all,
                        FILE *stream)
{
    char name[64], number[32], times[32];
    snprintf(name, sizeof name, "%s%s%s", what, instruction ? ", " : "", instruction ? instruction : "");
    fprintf(stream, "    %-32s  %12s  %15s  %5.1f %%\n", name, count ? isa_grouped(count, times) : "",
            isa_grouped(cycles, number), all ? 100.0 * (double)cycles / (double)all : 0);
}

/* Where the cycles went: the guests' own, and for each thing that the monitor was entered for. */
static void print_breakdown(const struct checker_run *run, FILE *stream)
{
    fprintf(stream, "\n%s\n    %-32s  %12s  %15s  %7s\n", run->vmm, "by cause", "times", "cycles", "share");
    print_share("guests, executed directly", NULL, 0, run->direct_cycles, run->cycles, stream);
    if (run->translated_cycles > 0)
        print_share("guests, translated code", NULL, 0, run->translated_cycles, run->cycles, stream);
    if (run->inner_cycles > 0)
        print_share("monitors under the monitor", NULL, 0, run->inner_cycles, run->cycles, stream);
    for (unsigned i = 0; i < run->cause_count; i++)
        print_share(run->causes[i].name, run->causes[i].instruction, run->causes[i].count, run->causes[i].cycles,
                    run->cycles, stream);
}

static void print_control(const struct checker_run *run, FILE *stream)
{
    if (run->observed)
        checker_control_print(&run->control, run->vmm, " is not in control: ", stream);
}

static void print_judgement(const struct checker_run *run, unsigned columns, FILE *stream)
{
    char text[PATH_MAX + 256]; /* a monitor is a file, or monitors one under the other */
    if (run->method == CHECKER_NONE) {
        fprintf(stream, "%s: not checked\n", run->vmm);
    } else if (run->equivalent == CHECKER_PASSED) {
        snprintf(text, sizeof text, "%s: equivalent. %s", run->vmm,
                 run->method == CHECKER_LOCKSTEP
                     ? "Before each directly executed instruction, registers and pc were those of the bare machine; "
                       "in the end console, disk, halt code and memory, too."
                     : "Compared was only the end: console, disk, halt code.");
        isa_fold_into(text, 0, 0, columns, stream);
    } else {
        fprintf(stream, "%s: %s\n", run->vmm, run->equivalent == CHECKER_FAILED ? "NOT equivalent" : "unknown");
        checker_failure_print(run->failure, run->guest_count, NULL, stream);
    }
    print_control(run, stream);
}

void checker_print(const struct checker_comparison *comparison, bool breakdown, unsigned columns, FILE *stream)
{
    enum { LEAST_NAME = 16, WIDEST_TEXT = 100 };
    unsigned guests = comparison->runs[0].guest_count;
    unsigned text = columns < WIDEST_TEXT ? columns : WIDEST_TEXT;
    int name = LEAST_NAME, room = (int)columns;
    for (unsigned i = 1; i < comparison->run_count; i++)
        if ((int)strlen(comparison->runs[i].vmm) > name && strchr(comparison->runs[i].vmm, '/') == NULL)
            name = (int)strlen(comparison->runs[i].vmm);
    char head[256], many[64];
    snprintf(many, sizeof many, "%u guests, bare each on its own machine", guests);
    snprintf(head, sizeof head, "Machine %s; cycles by the cost preset \"%s\"; %s.", isa_name(comparison->isa),
             comparison->cost, guests == 1 ? "one guest" : many);
    isa_fold_into(head, 0, 0, text, stream);
    fputc('\n', stream);
    print_runs(comparison, name, room, stream);
    fputc('\n', stream);
    isa_fold_into("instructions: the guests' own. direct: of them executed by the hardware, not by the monitor. "
                  "traps: taken by the real machine, interrupts among them. "
                  "overhead: cycles against the bare machine's.", 0, 0, text, stream);
    fputc('\n', stream);
    print_work(comparison, name, room, stream);
    for (unsigned i = 1; i < comparison->run_count && breakdown; i++)
        print_breakdown(&comparison->runs[i], stream);
    for (unsigned i = 1; i < comparison->run_count; i++) {
        fputc('\n', stream);
        print_judgement(&comparison->runs[i], text, stream);
    }
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

/* Console bytes need not be UTF-8, which JSON must be: others come as U+0080 to U+00FF. */
static json_t *console(const uint8_t *bytes, size_t length)
{
    json_t *text = json_stringn((const char *)bytes, length);
    if (text != NULL)
        return text;
    char *wide = malloc(2 * length + 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] >= 0x80)
            wide[used++] = (char)(0xc0 | bytes[i] >> 6);
        wide[used++] = (char)(bytes[i] >= 0x80 ? 0x80 | (bytes[i] & 0x3f) : bytes[i]);
    }
    text = json_stringn(wide, used);
    free(wide);
    return text;
}

static json_t *guest_objects(const struct checker_run *run)
{
    json_t *guests = json_array();
    for (unsigned i = 0; i < run->guest_count; i++) {
        const struct checker_guest *guest = &run->guests[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", json_string(guest->name));
        json_object_set_new(object, "guest_instructions", json_integer((json_int_t)guest->instructions));
        json_object_set_new(object, "direct", json_integer((json_int_t)guest->direct));
        json_object_set_new(object, "halt_code", guest->halted ? json_integer(guest->halt_code) : json_null());
        json_object_set_new(object, "console", console(guest->console, guest->console_length));
        json_array_append_new(guests, object);
    }
    return guests;
}

static json_t *control_object(const struct checker_run *run)
{
    if (!run->observed)
        return json_null();
    json_t *object = json_object();
    checker_control_json(&run->control, object);
    return object;
}

static const char *stop_name(enum machine_stop stop)
{
    switch (stop) {
    case MACHINE_HALTED: return "halted";
    case MACHINE_LIMIT: return "limit";
    case MACHINE_DEADLOCK: return "deadlock";
    case MACHINE_STOPPED: break;
    }
    return "stopped";
}

static json_t *breakdown_object(const struct checker_run *run)
{
    json_t *causes = json_array();
    for (unsigned i = 0; i < run->cause_count; i++) {
        const struct checker_cause *cause = &run->causes[i];
        json_array_append_new(causes, json_pack("{s:s, s:s?, s:I, s:I, s:I}", "cause", cause->name, "instruction",
                                                cause->instruction, "count", (json_int_t)cause->count,
                                                "monitor_instructions", (json_int_t)cause->instructions, "cycles",
                                                (json_int_t)cause->cycles));
    }
    return json_pack("{s:I, s:I, s:I, s:o}", "direct_cycles", (json_int_t)run->direct_cycles, "translated_cycles",
                     (json_int_t)run->translated_cycles, "inner_cycles", (json_int_t)run->inner_cycles, "causes",
                     causes);
}

static json_t *run_object(const struct checker_run *run)
{
    static const char *const methods[] = {"automatic", "lockstep", "final", "none"};
    json_t *object = json_object();
    json_object_set_new(object, "vmm", json_string(run->vmm));
    json_object_set_new(object, "guest_instructions", json_integer((json_int_t)run->guest_instructions));
    json_object_set_new(object, "direct", json_integer((json_int_t)run->direct));
    json_object_set_new(object, "traps", json_integer((json_int_t)run->traps));
    json_object_set_new(object, "cycles", json_integer((json_int_t)run->cycles));
    json_object_set_new(object, "overhead", json_real(run->overhead));
    json_object_set_new(object, "emulated", json_integer((json_int_t)run->emulated));
    json_object_set_new(object, "translated", json_integer((json_int_t)run->translated));
    json_object_set_new(object, "hypercalls", json_integer((json_int_t)run->hypercalls));
    json_object_set_new(object, "monitor_instructions", json_integer((json_int_t)run->monitor_instructions));
    json_object_set_new(object, "breakdown", breakdown_object(run));
    json_object_set_new(object, "equivalent", run->equivalent == CHECKER_UNKNOWN
                                                  ? json_null() : json_boolean(run->equivalent == CHECKER_PASSED));
    json_object_set_new(object, "method", json_string(methods[run->method]));
    json_object_set_new(object, "stop", json_string(stop_name(run->stop)));
    json_object_set_new(object, "failure",
                        run->failure ? checker_failure_json(run->failure) : json_null());
    json_object_set_new(object, "resource_control", control_object(run));
    json_object_set_new(object, "guests", guest_objects(run));
    return object;
}

void checker_print_json(const struct checker_comparison *comparison, FILE *stream)
{
    json_t *runs = json_array();
    for (unsigned i = 0; i < comparison->run_count; i++)
        json_array_append_new(runs, run_object(&comparison->runs[i]));
    json_t *root = json_pack("{s:i, s:s, s:s, s:o}", "schema_version", 1, "isa", isa_name(comparison->isa), "cost",
                             comparison->cost, "runs", runs);
    json_dumpf(root, stream, JSON_COMPACT | JSON_REAL_PRECISION(6));
    fputc('\n', stream);
    json_decref(root);
}
