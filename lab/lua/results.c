/* results.c: what compare, classify and check find out, as tables with the names of their JSON. tostring gives the
 * report for people. */
#include <stdlib.h>
#include <string.h>

#include "classifier/classifier.h"
#include "lab/demonstrate.h"
#include "lab/host.h"
#include "lab/lua/internal.h"
#include "lab/run_options.h"

enum { DEFAULT_GUESTS = 1000, MOST_PARTS = 1000000 };

/* ---- Tables from reports ----------------------------------------------------------------------------------------- */

static int result_to_string(lua_State *L)
{
    lua_getfield(L, 1, "text");
    return 1;
}

/* Gives the table on top of the stack a text, which is below it and goes. */
static void give_text(lua_State *L)
{
    lua_insert(L, -2);
    lua_setfield(L, -2, "text");
    lab_lua_set_result(L);
}

void lab_lua_set_result(lua_State *L)
{
    if (luaL_newmetatable(L, "pg74.result")) {
        lua_pushcfunction(L, result_to_string);
        lua_setfield(L, -2, "__tostring");
    }
    lua_setmetatable(L, -2);
}

static int push_parsed(lua_State *L)
{
    lab_lua_push_json(L, lua_touserdata(L, 1));
    return 1;
}

/* Pushes what JSON text says, and frees it. */
static void push_json_text(lua_State *L, char *text)
{
    json_t *value = json_loads(text, 0, NULL);
    free(text);
    lua_pushcfunction(L, push_parsed);
    lua_pushlightuserdata(L, value);
    int status = lua_pcall(L, 1, 1, 0);
    json_decref(value);
    if (status != LUA_OK)
        lua_error(L);
}

/* The same of a stream that has been opened by lab_lua_text_open. */
static void push_json_stream(lua_State *L, struct lab_lua_text *text)
{
    fclose(text->stream);
    push_json_text(L, text->bytes);
}

/* ---- Comparing --------------------------------------------------------------------------------------------------- */

static enum checker_method read_method(lua_State *L, int table)
{
    static const char *const methods[] = {"automatic", "lockstep", "final", "none", NULL};
    const char *name = lab_lua_string_field(L, table, "method", "automatic");
    for (unsigned i = 0; methods[i] != NULL; i++)
        if (strcmp(methods[i], name) == 0)
            return (enum checker_method)i;
    luaL_error(L, "option 'method' is automatic, lockstep, final or none, not '%s'", name);
    return CHECKER_AUTOMATIC;
}

static void push_comparison(lua_State *L, struct checker_comparison *comparison, bool breakdown)
{
    struct lab_lua_text text, json;
    lab_lua_text_open(&text);
    lab_lua_text_open(&json);
    checker_print(comparison, breakdown, isa_columns(stdout), text.stream);
    checker_print_json(comparison, json.stream);
    bool equivalent = checker_all_equivalent(comparison);
    checker_comparison_free(comparison);
    lab_lua_text_push(L, &text);
    push_json_stream(L, &json);
    give_text(L);
    lua_pushboolean(L, equivalent);
    lua_setfield(L, -2, "equivalent");
}

int lab_lua_compare(lua_State *L)
{
    static const char *const more[] = {"method", "breakdown", NULL};
    struct lab_lua_options options;
    struct checker_monitor monitors[LAB_LUA_MOST_MONITORS];
    lua_settop(L, 1);
    lab_lua_read_options(L, 1, "pg74.compare", more, &options);
    if (options.monitor_count == 0)
        return luaL_error(L, "pg74.compare needs a monitor: vmm = NAME, or a list of names");
    struct checker_options checked = {.machine = options.machine, .limit = options.limit,
                                      .method = read_method(L, 1)};
    bool breakdown = lab_lua_boolean_field(L, 1, "breakdown", false);
    for (unsigned i = 0; i < options.monitor_count; i++)
        monitors[i] = (struct checker_monitor){.name = options.monitor_names[i], .image = options.monitors[i][0],
                                               .inner = options.monitors[i] + 1,
                                               .inner_count = options.levels[i] - 1};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct checker_comparison *comparison =
        checker_compare(options.isa, &checked, monitors, options.monitor_count, diagnostics);
    if (comparison == NULL)
        return lab_lua_raise(L, diagnostics);
    isa_diagnostics_free(diagnostics);
    push_comparison(L, comparison, breakdown);
    return 1;
}

/* ---- Checking ---------------------------------------------------------------------------------------------------- */

/* A function of Lua in the place of a monitor. */
struct function {
    lua_State *L;
    int index, kept;
    char error[512]; /* of the last run */
};

static enum machine_stop run_function(void *context, struct machine *machine, uint64_t fuel)
{
    struct function *function = context;
    return lab_lua_run_hosted(function->L, function->index, function->kept, machine, fuel, function->error,
                              sizeof function->error);
}

/* What the check says, with the case that shows what is wrong. `diagnostics` are freed. */
static int push_check(lua_State *L, struct checker_check *check, const char *name, const struct function *function,
                      struct isa_diagnostics *diagnostics)
{
    struct lab_lua_text text, json, shown;
    if (check == NULL)
        return lab_lua_raise(L, diagnostics);
    isa_diagnostics_free(diagnostics);
    lab_lua_text_open(&text);
    lab_lua_text_open(&json);
    lab_lua_text_open(&shown);
    checker_check_print(check, name, NULL, text.stream);
    checker_check_print_json(check, name, NULL, json.stream);
    bool saved = checker_check_save(check, shown.stream), passed = checker_check_passed(check);
    checker_check_free(check);
    lab_lua_text_push(L, &shown);
    lab_lua_text_push(L, &text);
    push_json_stream(L, &json);
    give_text(L);
    lua_pushboolean(L, passed);
    lua_setfield(L, -2, "passed");
    if (saved) {
        lua_pushvalue(L, -2);
        lua_setfield(L, -2, "case");
    }
    if (!passed && function->error[0] != '\0') {
        lua_pushstring(L, function->error);
        lua_setfield(L, -2, "error");
    }
    return 1;
}

/* By any thread of a check. */
static bool is_asked(void *context)
{
    struct lab_lua_control *control = context;
    pthread_mutex_lock(&control->lock);
    bool asked = control->asked;
    pthread_mutex_unlock(&control->lock);
    return asked;
}

int lab_lua_check(lua_State *L)
{
    static const char *const names[] = {"vmm", "monitor", "isa", "guests", "seed", "jobs", "case", "part", "parts", NULL};
    lua_settop(L, 1);
    lab_lua_check_options(L, 1, "pg74.check", names);
    struct checker_check_options options = {
        .guests = (unsigned)lab_lua_integer_field(L, 1, "guests", DEFAULT_GUESTS, 0, 10000000),
        .seed = (uint64_t)lab_lua_integer_field(L, 1, "seed", 1, 0, INT64_MAX),
        .jobs = (unsigned)lab_lua_integer_field(L, 1, "jobs", 0, 0, 64)};
    options.parts = (unsigned)lab_lua_integer_field(L, 1, "parts", 0, 1, MOST_PARTS);
    if (options.parts > 0)
        options.part = (unsigned)lab_lua_integer_field(L, 1, "part", 1, 1, options.parts) - 1;
    const char *one_case = lab_lua_string_field(L, 1, "case", NULL);
    lua_newtable(L);
    lua_getfield(L, 1, "isa");
    const struct isa *isa = lab_lua_to_isa(L, 3);
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, "isa");
    lua_getfield(L, 1, "vmm");
    lua_getfield(L, 1, "monitor");
    struct function function = {.L = L, .index = lua_gettop(L), .kept = 2};
    struct checker_monitor monitor = {.name = "vmm"};
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        if (lua_isnil(L, -1))
            return luaL_error(L, "pg74.check needs a monitor: vmm = NAME, or monitor = FUNCTION");
        monitor.image = lab_lua_to_image(L, -1, LAB_LUA_MONITOR);
        monitor.name = machine_image_name(monitor.image);
    } else {
        luaL_argexpected(L, lua_isfunction(L, -1), 1, "a function in field 'monitor'");
        monitor = (struct checker_monitor){.name = "monitor", .run = run_function, .context = &function};
        monitor.image = lab_lua_push_host_image(L, isa);
    }
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    options.context = lab_lua_control(L);
    options.stop = options.context ? is_asked : NULL;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct checker_check *check = one_case ? checker_check_case(isa, &monitor, "case", one_case, diagnostics)
                                           : checker_check_new(isa, &monitor, &options, diagnostics);
    if (lab_lua_interrupted(L)) {
        unsigned done = 0, all = 0;
        bool stopped = check != NULL && checker_check_stopped(check, &done, &all);
        checker_check_free(check);
        isa_diagnostics_free(diagnostics);
        return stopped ? luaL_error(L, "interrupted, after %d of %d guests", (int)done, (int)all) : luaL_error(L, "interrupted");
    }
    return push_check(L, check, monitor.name, &function, diagnostics);
}

/* ---- Classifying ------------------------------------------------------------------------------------------------- */

static const char *name_of(lua_State *L, int index, const struct isa *isa)
{
    return lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : isa_name(isa);
}

/* The demonstrations of all instructions that violate a theorem, by instruction. */
static json_t *demonstrations(const struct classifier_report *report, const char *name)
{
    const struct isa *isa = classifier_report_isa(report);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_image *monitor = lab_open_monitor("trap_and_emulate", diagnostics);
    json_t *all = json_object();
    for (unsigned i = 0; monitor != NULL && i < isa_instruction_count(isa); i++) {
        struct lab_demonstration demonstration;
        if (!classifier_violates(report, i, CLASSIFIER_THEOREM_1, false) ||
            !lab_demonstrate(report, i, monitor, &demonstration, diagnostics))
            continue;
        json_object_set_new(all, isa_instruction_at(isa, i)->name,
                            lab_demonstration_json(&demonstration, report, name, i));
        lab_demonstration_free(&demonstration);
    }
    machine_image_free(monitor);
    isa_diagnostics_free(diagnostics);
    return all;
}

struct classifying {
    const struct isa *isa, *other; /* other: to find the difference to, or NULL */
    const char *name;
    struct classifier_options options;
    bool repair, markdown, html, demonstrate;
};

/* The variant's part of the report. */
static void tell_report(const struct classifying *job, const struct classifier_report *report, json_t *result)
{
    struct lab_lua_text text;
    char *json = classifier_json(&report, 1);
    json_t *all = json_loads(json, 0, NULL);
    free(json);
    json_object_set(result, "table", json_array_get(json_object_get(all, "variants"), 0));
    json_decref(all);
    lab_lua_text_open(&text);
    classifier_print(report, text.stream);
    lab_lua_text_set(result, "text", &text);
    if (job->markdown) {
        lab_lua_text_open(&text);
        classifier_markdown(&report, 1, NULL, NULL, text.stream);
        lab_lua_text_set(result, "markdown", &text);
    }
    if (job->html) {
        lab_lua_text_open(&text);
        classifier_html(&report, 1, NULL, NULL, text.stream);
        lab_lua_text_set(result, "html", &text);
    }
    if (job->demonstrate)
        json_object_set_new(result, "demonstrations", demonstrations(report, job->name));
}

static void tell_difference(const struct classifier_report *before, const struct classifier_report *after, json_t *result)
{
    struct lab_lua_text text;
    char *json = classifier_difference_json(before, after);
    json_object_set_new(result, "table", json_loads(json, 0, NULL));
    free(json);
    lab_lua_text_open(&text);
    classifier_print_difference(before, after, text.stream);
    lab_lua_text_set(result, "text", &text);
}

static void classify(void *context, json_t *result, struct isa_diagnostics *diagnostics)
{
    const struct classifying *job = context;
    struct classifier *classifier = classifier_new(&job->options);
    struct classifier_report *report = classifier_classify(classifier, job->isa, diagnostics), *other = NULL;
    if (report != NULL && job->other != NULL) {
        other = classifier_classify(classifier, job->other, diagnostics);
        if (other != NULL)
            tell_difference(report, other, result);
    } else if (report != NULL) {
        if (job->repair)
            classifier_repair(classifier, report, job->name);
        tell_report(job, report, result);
    }
    if (other != NULL)
        classifier_report_free(other);
    if (report != NULL)
        classifier_report_free(report);
    classifier_free(classifier);
}

int lab_lua_classify(lua_State *L)
{
    static const char *const names[] = {"instruction", "demonstrate", "markdown", "html", "repair", NULL};
    lua_settop(L, 2);
    lab_lua_use_no_options(L, 2);
    lab_lua_check_options(L, 2, "pg74.classify", names);
    struct classifying job = {
        .options = classifier_default_options(), .repair = lab_lua_boolean_field(L, 2, "repair", true),
        .markdown = lab_lua_boolean_field(L, 2, "markdown", false), .html = lab_lua_boolean_field(L, 2, "html", false),
        .demonstrate = lab_lua_boolean_field(L, 2, "demonstrate", false)};
    job.options.instruction = lab_lua_string_field(L, 2, "instruction", NULL);
    luaL_checkany(L, 1);
    job.isa = lab_lua_to_isa(L, 1);
    job.name = name_of(L, 1, job.isa);
    return lab_lua_do(L, classify, &job);
}

int lab_lua_difference(lua_State *L)
{
    lua_settop(L, 2);
    luaL_checkany(L, 1);
    luaL_checkany(L, 2);
    struct classifying job = {.options = classifier_default_options()};
    job.isa = lab_lua_to_isa(L, 1);
    job.other = lab_lua_to_isa(L, 2);
    job.name = name_of(L, 1, job.isa);
    return lab_lua_do(L, classify, &job);
}

/* pg74.host(): what this processor does with the x86's sensitive instructions in user mode. */
int lab_lua_host(lua_State *L)
{
    static const char *const ends[] = {"runs", "emulated", "blocked", "failed"};
    struct lab_host_try tries[LAB_HOST_MOST];
    if (!lab_host_known())
        return luaL_error(L, "this processor, or its system, cannot be tried: it takes an x86-64 with Linux");
    unsigned count = lab_host_try_all(tries);
    lua_newtable(L);
    for (unsigned i = 0; i < count; i++) {
        lua_newtable(L);
        lua_pushstring(L, tries[i].name);
        lua_setfield(L, -2, "name");
        lua_pushstring(L, ends[tries[i].end]);
        lua_setfield(L, -2, "result");
        lua_pushstring(L, tries[i].shows);
        lua_setfield(L, -2, "shows");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushboolean(L, lab_host_has_umip());
    lua_setfield(L, -2, "umip");
    return 1;
}
