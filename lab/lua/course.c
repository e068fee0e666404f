/* course.c: pg74.grade and pg74.lab: labs and their grader, as the commands have them. */
#include <string.h>

#include "isa/isa.h"
#include "lab/grade/author.h"
#include "lab/grade/grade.h"
#include "lab/lua/internal.h"
#include "lab/program.h"

enum { MOST_JOBS = 1024, MOST_SECONDS = 86400 };

/* A grader starts the program: in a stock Lua interpreter it may be missing. */
static void check_program(lua_State *L)
{
    char path[4096];
    if (!lab_program_path(path, sizeof path))
        luaL_error(L, "the program pg74, which closes submissions in, is not where it came with this module");
}

/* ---- Grading ----------------------------------------------------------------------------------------------------- */

struct grading {
    struct lab_grade_options options;
    const char *batch, *compare;
    unsigned jobs;
};

static int grade(void *context, json_t *result)
{
    const struct grading *grading = context;
    const struct lab_grade_options *options = &grading->options;
    int code;
    json_object_set_new(result, "table", json_object());
    if (grading->batch != NULL)
        return lab_grade_batch(options, grading->batch, grading->jobs, grading->compare);
    json_t *report = lab_grade_report(options, &code);
    if (report != NULL) {
        lab_grade_print(report, options->format, options->keep_failures, stdout);
        json_object_set(result, "table", report);
    }
    json_decref(report);
    return code;
}

static void check_grading(lua_State *L, const struct grading *grading)
{
    const struct lab_grade_options *options = &grading->options;
    bool known = options->format == NULL;
    for (unsigned i = 0; !known && lab_grade_format_names[i] != NULL; i++)
        known = strcmp(options->format, lab_grade_format_names[i]) == 0;
    if (!known)
        luaL_error(L, "option 'format' is text, json, junit, tap, gradescope, autolab, prairielearn or github, not '%s'",
                   options->format);
    if (options->lab == NULL)
        luaL_error(L, "pg74.grade needs a lab: lab = FOLDER");
    if ((options->submission == NULL) == (grading->batch == NULL))
        luaL_error(L, "pg74.grade needs either submission = FOLDER or batch = FOLDER");
    if (grading->batch != NULL && options->output == NULL)
        luaL_error(L, "pg74.grade: with batch, output = FOLDER says where the results go");
    if (grading->batch == NULL && grading->compare != NULL)
        luaL_error(L, "pg74.grade: compare is for batch");
}

int lab_lua_grade(lua_State *L)
{
    static const char *const names[] = {"lab", "submission", "task", "seed", "secret", "seconds", "format", "output", "all",
                                        "any_compiler", "uncontained", "batch", "jobs", "compare", NULL};
    lua_settop(L, 1);
    lab_lua_check_options(L, 1, "pg74.grade", names);
    struct grading grading = {
        .options = {.lab = lab_lua_string_field(L, 1, "lab", NULL),
                    .submission = lab_lua_string_field(L, 1, "submission", NULL),
                    .task = lab_lua_string_field(L, 1, "task", NULL),
                    .secret = lab_lua_string_field(L, 1, "secret", NULL),
                    .format = lab_lua_string_field(L, 1, "format", NULL),
                    .output = lab_lua_string_field(L, 1, "output", NULL),
                    .seed = (uint64_t)lab_lua_integer_field(L, 1, "seed", 1, 0, INT64_MAX),
                    .seconds = (unsigned)lab_lua_integer_field(L, 1, "seconds", 0, 0, MOST_SECONDS),
                    .keep_failures = lab_lua_boolean_field(L, 1, "all", false),
                    .any_compiler = lab_lua_boolean_field(L, 1, "any_compiler", false),
                    .uncontained = lab_lua_boolean_field(L, 1, "uncontained", false)},
        .batch = lab_lua_string_field(L, 1, "batch", NULL), .compare = lab_lua_string_field(L, 1, "compare", NULL),
        .jobs = (unsigned)lab_lua_integer_field(L, 1, "jobs", 1, 1, MOST_JOBS)};
    check_grading(L, &grading);
    check_program(L);
    return lab_lua_do_command(L, grade, &grading);
}

/* ---- What authors of labs do ------------------------------------------------------------------------------------- */

struct authoring {
    int (*run)(const struct authoring *authoring);
    const char *lab, *folder, *other; /* what run needs */
    const char *secret;
};

static int author(void *context, json_t *result)
{
    const struct authoring *authoring = context;
    int code = authoring->run(authoring);
    json_object_set_new(result, "table", json_pack("{s:b}", "passed", code == 0));
    return code == 1 ? 0 : code; /* it is not sound */
}

/* Gives what was printed, if anything was. */
static int give_text(lua_State *L, struct authoring *authoring)
{
    lab_lua_do_command(L, author, authoring);
    lua_getfield(L, -1, "text");
    return lua_rawlen(L, -1) > 0 ? 1 : 0;
}

static int run_new(const struct authoring *authoring) { return lab_grade_new(authoring->lab); }
static int run_check(const struct authoring *authoring) { return lab_grade_check(authoring->lab); }

static int run_export(const struct authoring *authoring)
{
    return lab_grade_export(authoring->lab, authoring->folder, authoring->secret);
}

static int run_package(const struct authoring *authoring)
{
    return lab_grade_package(authoring->lab, authoring->folder, authoring->other);
}

static int run_questions(const struct authoring *authoring)
{
    return lab_grade_question(authoring->other, authoring->lab, authoring->folder);
}

static int lab_new(lua_State *L)
{
    return give_text(L, &(struct authoring){run_new, luaL_checkstring(L, 1), NULL, NULL, NULL});
}

static int lab_check(lua_State *L)
{
    struct authoring authoring = {run_check, luaL_checkstring(L, 1), NULL, NULL, NULL};
    check_program(L);
    return lab_lua_do_command(L, author, &authoring);
}

static int lab_export(lua_State *L)
{
    static const char *const names[] = {"secret", NULL};
    struct authoring authoring = {run_export, luaL_checkstring(L, 1), luaL_checkstring(L, 2), NULL, NULL};
    lab_lua_use_no_options(L, 3);
    lab_lua_check_options(L, 3, "pg74.lab.export", names);
    authoring.secret = lab_lua_string_field(L, 3, "secret", NULL);
    return give_text(L, &authoring);
}

static int lab_package(lua_State *L)
{
    static const char *const platforms[] = {"gradescope", "autolab", NULL};
    struct authoring authoring = {run_package, luaL_checkstring(L, 1), luaL_checkstring(L, 2), NULL, NULL};
    authoring.other = platforms[luaL_checkoption(L, 3, NULL, platforms)];
    return give_text(L, &authoring);
}

static int lab_questions(lua_State *L)
{
    return give_text(L, &(struct authoring){run_questions, luaL_checkstring(L, 2), luaL_checkstring(L, 3),
                                            luaL_checkstring(L, 1), NULL});
}

void lab_lua_push_lab(lua_State *L)
{
    static const luaL_Reg functions[] = {{"new", lab_new}, {"check", lab_check}, {"export", lab_export},
                                         {"package", lab_package}, {"questions", lab_questions}, {NULL, NULL}};
    luaL_newlib(L, functions);
}
