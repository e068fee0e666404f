/* child.c: a hosted monitor in Lua that somebody else has written, held against guests, in a process that can do
 * nothing else. The checker and the machines are C; the program sees a host and its processors, and no more.
 *
 * It reads one JSON object from standard input:
 *     {"isa": NAME, "isa_text": TEXT, "file": "monitor.lua", "source": TEXT, "fuel": N, "memory": BYTES,
 *      "without": ["emulate"], "checks": [{"case": TEXT, "name": NAME} | {"guests": N, "seed": N}]}
 * and writes lines of JSON to standard output, each as soon as it is known:
 *     {"loaded": true}
 *     {"check": I, "passed": B, "report": {what pg74 check --json prints}, "case": TEXT, "error": TEXT}
 * and one of these as the last:
 *     {"printed": TEXT, "used": N}     all has been done
 *     {"error": TEXT}                  the program cannot be loaded
 *     {"exhausted": "monitor.lua:17"}  the fuel has ended
 *     {"broken": TEXT}                 the job itself is wrong */
#include "lab/grade/grade.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checker/checker.h"
#include "lab/grade/internal.h"
#include "lab/grade/sandbox.h"
#include "lab/lua/internal.h"

enum { EXHAUSTED = 3 };

struct child {
    struct lab_grade_sandbox sandbox;
    json_t *job;
    struct isa *isa;
    char error[512]; /* of the last run of the monitor */
    int kept, monitor; /* on the stack */
};

static void answer(json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT);
    json_decref(line);
    if (text != NULL)
        puts(text);
    fflush(stdout);
    free(text);
}

static void exhausted(void *context, const char *where)
{
    (void)context;
    answer(json_pack("{s:o}", "exhausted", lab_grade_text(where, strlen(where), true)));
    _exit(EXHAUSTED);
}

static const char *string_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static int64_t number_of(const json_t *object, const char *name)
{
    return (int64_t)json_integer_value(json_object_get(object, name));
}

static int load(lua_State *L)
{
    struct child *child = lua_touserdata(L, 1);
    const json_t *source = json_object_get(child->job, "source");
    lab_grade_sandbox_load(L, string_of(child->job, "file"), json_string_value(source), json_string_length(source));
    return 1;
}

/* Everything that needs no fuel; what it leaves is the instruction set. */
static int prepare(lua_State *L)
{
    struct child *child = lua_touserdata(L, 1);
    lab_grade_sandbox_furnish(L, string_of(child->job, "isa"), string_of(child->job, "isa_text"),
                              json_object_get(child->job, "without"));
    child->isa = lab_lua_check_isa(L, -1);
    return 1;
}

/* ---- Checks ------------------------------------------------------------------------------------------------------ */

static enum machine_stop run_monitor(void *context, struct machine *machine, uint64_t fuel)
{
    struct child *child = context;
    return lab_lua_run_hosted(child->sandbox.L, child->monitor, child->kept, machine, fuel, child->error,
                              sizeof child->error);
}

static json_t *report_of(const struct checker_check *check, const char *name)
{
    char *text;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    checker_check_print_json(check, name, NULL, stream);
    fclose(stream);
    json_t *report = json_loads(text, 0, NULL);
    free(text);
    return report;
}

static json_t *case_of(const struct checker_check *check)
{
    char *text;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    bool saved = checker_check_save(check, stream);
    fclose(stream);
    json_t *shown = saved ? json_string(text) : json_null();
    free(text);
    return shown;
}

static void do_check(struct child *child, size_t number, const json_t *wanted, const struct machine_image *image)
{
    const char *text = string_of(wanted, "case"), *name = string_of(wanted, "name");
    struct checker_monitor monitor = {.name = "monitor", .image = image, .run = run_monitor, .context = child};
    struct checker_check_options options = {.guests = (unsigned)number_of(wanted, "guests"),
                                            .seed = (uint64_t)number_of(wanted, "seed"), .jobs = 1};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    child->error[0] = '\0';
    struct checker_check *check =
        text != NULL ? checker_check_case(child->isa, &monitor, name, text, diagnostics)
                     : checker_check_new(child->isa, &monitor, &options, diagnostics);
    if (check == NULL) {
        answer(json_pack("{s:s}", "broken", isa_diagnostics_message(diagnostics, 0)));
        exit(ISA_EXIT_INTERNAL);
    }
    isa_diagnostics_free(diagnostics);
    bool passed = checker_check_passed(check);
    answer(json_pack("{s:i, s:b, s:o, s:o, s:o}", "check", (int)number, "passed", passed, "report",
                     report_of(check, "monitor"), "case", case_of(check), "error",
                     !passed && child->error[0] != '\0' ? lab_grade_text(child->error, strlen(child->error), true) : json_null()));
    checker_check_free(check);
}

static void do_checks(struct child *child)
{
    lua_State *L = child->sandbox.L;
    json_t *checks = json_object_get(child->job, "checks"), *wanted;
    size_t number;
    lua_newtable(L);
    child->kept = lua_gettop(L);
    lua_pushvalue(L, 1);
    lua_setfield(L, child->kept, "isa");
    const struct machine_image *image = lab_lua_push_host_image(L, child->isa);
    answer(json_pack("{s:b}", "loaded", 1));
    json_array_foreach(checks, number, wanted) {
        do_check(child, number, wanted, image);
    }
    answer(json_pack("{s:o, s:I}", "printed",
                     lab_grade_text(child->sandbox.printed, child->sandbox.printed_length, true), "used",
                     (json_int_t)(number_of(child->job, "fuel") - child->sandbox.fuel)));
}

/* Calls a function with the child; false, with the error's text on the stack. */
static bool call(struct child *child, lua_CFunction function)
{
    lua_State *L = child->sandbox.L;
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, child);
    return lua_pcall(L, 1, 1, 0) == LUA_OK;
}

static int run(struct child *child)
{
    lua_State *L = lab_grade_sandbox_open(&child->sandbox);
    if (L == NULL)
        return ISA_EXIT_INTERNAL;
    if (!call(child, prepare)) {
        answer(json_pack("{s:s}", "broken", luaL_tolstring(L, -1, NULL)));
        return ISA_EXIT_INTERNAL;
    }
    child->sandbox.fuel = number_of(child->job, "fuel");
    if (!call(child, load)) {
        const char *text = lua_tostring(L, -1);
        text = text != NULL ? text : "an error without a text";
        answer(json_pack("{s:o}", "error", lab_grade_text(text, strlen(text), true)));
        return 0;
    }
    child->monitor = lua_gettop(L);
    do_checks(child);
    return 0;
}

int lab_grade_child(void)
{
    struct child child = {.kept = 0};
    child.job = json_loadf(stdin, 0, NULL);
    if (json_object_get(child.job, "record") != NULL) /* that child is not closed: it compiles */
        return lab_grade_record_child(child.job);
    if (child.job == NULL || string_of(child.job, "source") == NULL)
        return ISA_EXIT_DATA;
    if (!json_is_true(json_object_get(child.job, "uncontained")) && !lab_grade_close_in())
        return ISA_EXIT_INTERNAL;
    child.sandbox.fuel = INT64_MAX;
    child.sandbox.most_memory = (size_t)number_of(child.job, "memory");
    child.sandbox.exhausted = exhausted;
    return run(&child);
}
