/* check_report.c: what a check has found out, as text and as JSON. */
#include "checker/check_result.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The counterexample that a reader should see first. */
static const struct checker_counterexample *first(const struct checker_check *check)
{
    return check->differs ? check->differs : check->escapes ? check->escapes : check->interference;
}

static char *case_text(const struct checker_case *shown)
{
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    checker_case_print(shown, stream);
    fclose(stream);
    return text;
}

/* Words of program text. */
static unsigned instructions(const struct checker_check *check, const struct checker_case *shown)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct checker_loaded loaded;
    unsigned count = 0;
    if (checker_case_load(&loaded, check->isa, shown, diagnostics)) {
        count = loaded.instructions;
        checker_loaded_free(&loaded);
    }
    isa_diagnostics_free(diagnostics);
    return count;
}

bool checker_check_save(const struct checker_check *check, FILE *stream)
{
    const struct checker_counterexample *found = first(check);
    if (found == NULL)
        return false;
    fprintf(stream, "# From %s.\n", found->name);
    checker_case_print(&found->shown, stream);
    return true;
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

static void print_property(const char *name, const char *verdict, FILE *stream)
{
    fprintf(stream, "%-18s%-8s", name, verdict);
}

static void print_verdicts(const struct checker_check *check, FILE *stream)
{
    print_property("Equivalence", check->differs ? "FAILED" : check->unsuited ? "unknown" : "passed", stream);
    fprintf(stream, "%u directed and %u generated guests\n", check->directed, check->generated);
    print_property("Resource control",
                   check->escapes || check->interference ? "FAILED" : check->unsuited ? "unknown" : "passed", stream);
    fputs(check->interference ? "a guest can learn what another one holds\n"
          : check->escapes    ? "a guest got out of the monitor's control\n"
                              : "no guest got out of the monitor's control, or learned what another one holds\n",
          stream);
    if (check->only_case)
        return;
    print_property("Efficiency", check->efficient ? "passed" : check->claims_efficiency ? "FAILED" : "no", stream);
    fprintf(stream, "of a program that only computes, %.1f %% was executed directly; %.2f times the bare cycles%s\n",
            100 * check->direct_share, check->overhead,
            check->claims_efficiency ? "" : ".\n                          "
                                            "This monitor does not claim it: it executes nothing directly");
    if (!check->network && checker_has_network(check->isa) && !check->idle)
        fputs("Network           none    this monitor gives its guests no network: nothing that needs one was tried\n",
              stream);
    if (check->idle)
        fputs("\nThe hardware has executed nothing of that program's: does this monitor start its guests at all?\n"
              "(docs/boot-protocol.md says where they are.)\n", stream);
}

/* The line of the case at which it differs; false where that is not known. */
static bool find_line(const struct checker_counterexample *found, unsigned *program, unsigned *line)
{
    const struct checker_failure *failure = found->trial.failure;
    *program = *line = 0;
    if (failure == NULL || !failure->has_pc || failure->file == NULL || failure->guest >= found->shown.program_count)
        return false;
    *program = failure->guest;
    *line = failure->line;
    return true;
}

static void print_difference(const struct checker_check *check, const struct checker_counterexample *found,
                             FILE *stream)
{
    unsigned program, line;
    char place[112] = "";
    if (find_line(found, &program, &line))
        snprintf(place, sizeof place, check->only_case ? "%s:%u" : "%sline %u", check->only_case ? found->name : "",
                 checker_case_line(&found->shown, program, line));
    checker_failure_print(found->trial.failure, found->shown.program_count, place[0] != '\0' ? place : NULL, stream);
}

static void print_counterexample(const struct checker_check *check, const struct checker_counterexample *found,
                                 FILE *stream)
{
    unsigned count = instructions(check, &found->shown), program, line;
    if (check->only_case)
        fprintf(stream, "\n%s (%u instruction%s):\n", found->name, count, count == 1 ? "" : "s");
    else
        fprintf(stream, "\nThe smallest guest found that shows it, from \"%s\" (%u instruction%s):\n\n", found->name,
                count, count == 1 ? "" : "s");
    find_line(found, &program, &line);
    if (!check->only_case)
        checker_case_print_marked(&found->shown, program, line, stream);
    fputc('\n', stream);
    if (found == check->interference)
        fprintf(stream, "    When the second guest holds other numbers, the first one's run differs in\n    %s.\n",
                check->interfered);
    else if (found->trial.failure != NULL)
        print_difference(check, found, stream);
    if (found == check->escapes)
        checker_control_print(&found->trial.control, "", "    ", stream);
}

/* Why a case says nothing of the monitor. */
static const char *why_unsuited(const struct checker_check *check)
{
    const struct checker_failure *failure = check->fitted != NULL ? check->fitted->trial.failure : NULL;
    if (failure == NULL)
        return "alone on the bare machine, its guest comes to no end";
    return failure->excuse ? failure->excuse : "its guest comes to no end, nor does it after the same interrupts alone";
}

static json_t *unsuited_json(const struct checker_check *check)
{
    if (!check->unsuited)
        return json_null();
    const struct checker_failure *failure = check->fitted != NULL ? check->fitted->trial.failure : NULL;
    return json_pack("{s:s, s:o}", "why", why_unsuited(check), "failure",
                     failure != NULL ? checker_failure_json(failure) : json_null());
}

void checker_check_print(const struct checker_check *check, const char *vmm, const char *replay, FILE *stream)
{
    fprintf(stream, "%s on %s", vmm, isa_name(check->isa));
    if (!check->only_case)
        fprintf(stream, ", seed %" PRIu64, check->seed);
    fputs("\n\n", stream);
    if (check->stopped)
        fprintf(stream, "Stopped, after %u of %u guests and pairs of runs: what follows is of these alone.\n\n",
                check->done, check->wanted);
    if (check->unsuited)
        fprintf(stream, "The case says nothing:\n%s.\n\n", why_unsuited(check));
    print_verdicts(check, stream);
    if (check->differs != NULL)
        print_counterexample(check, check->differs, stream);
    if (check->escapes != NULL)
        print_counterexample(check, check->escapes, stream);
    if (check->interference != NULL)
        print_counterexample(check, check->interference, stream);
    if (replay != NULL && first(check) != NULL)
        fprintf(stream, "\nTo see it again: %s\n", replay);
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

/* The failure, with the line as the reader of `program` counts. */
static json_t *difference_json(const struct checker_counterexample *found)
{
    unsigned program, line;
    json_t *json = checker_failure_json(found->trial.failure);
    if (find_line(found, &program, &line))
        json_object_set_new(json_object_get(json, "at"), "line",
                            json_integer((json_int_t)checker_case_line(&found->shown, program, line)));
    return json;
}

static json_t *counterexample_json(const struct checker_check *check, const struct checker_counterexample *found,
                                   const char *replay)
{
    if (found == NULL)
        return json_null();
    char *text = case_text(&found->shown);
    json_t *json = json_pack("{s:i, s:s, s:s, s:s?}", "instructions", (int)instructions(check, &found->shown), "from",
                             found->name, "program", text, "replay", replay);
    free(text);
    if (found == check->interference)
        json_object_set_new(json, "differs", json_string(check->interfered));
    else if (found->trial.failure != NULL)
        json_object_update_new(json, difference_json(found));
    return json;
}

static json_t *control_json(const struct checker_check *check, const char *replay)
{
    const struct checker_counterexample *found = check->escapes ? check->escapes : check->interference;
    const struct checker_control none = {0}, *control = check->escapes ? &check->escapes->trial.control : &none;
    json_t *json = json_pack("{s:b}", "passed", found == NULL && !check->unsuited);
    checker_control_json(control, json);
    json_object_set_new(json, "interference", json_boolean(check->interference != NULL));
    json_object_set_new(json, "counterexample", counterexample_json(check, found, replay));
    return json;
}

void checker_check_print_json(const struct checker_check *check, const char *vmm, const char *replay, FILE *stream)
{
    int directed = (int)check->directed, generated = (int)check->generated;
    json_t *equivalence = json_pack("{s:b, s:i, s:i, s:i, s:o}", "passed", check->differs == NULL && !check->unsuited,
                                    "guests", directed + generated, "directed", directed, "generated", generated,
                                    "counterexample", counterexample_json(check, check->differs, replay));
    json_t *efficiency = json_pack("{s:b, s:b, s:f, s:f}", "passed", check->efficient || check->only_case, "claimed",
                                   check->claims_efficiency, "direct_share", check->direct_share, "overhead",
                                   check->overhead);
    json_t *json = json_pack("{s:i, s:s, s:s, s:I, s:b, s:o, s:o, s:o}", "schema_version", 1, "vmm", vmm, "isa",
                             isa_name(check->isa), "seed", (json_int_t)check->seed, "passed",
                             checker_check_passed(check), "equivalence", equivalence, "resource_control",
                             control_json(check, replay), "efficiency", efficiency);
    json_object_set_new(json, "unknown", unsuited_json(check));
    json_object_set_new(json, "stopped", json_boolean(check->stopped));
    json_object_set_new(json, "network", check->only_case ? json_null() : json_boolean(check->network));
    json_dumpf(json, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    fputc('\n', stream);
    json_decref(json);
}
