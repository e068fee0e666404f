/* judge.c: the process that runs a lab's checks. It tells the parent what comes of each, in lines of JSON, and may die
 * of any of them: then the parent starts another one behind it. */
#include <fcntl.h>
#include <lualib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lab/grade/internal.h"
#include "lab/lua/lua_binding.h"

struct judging {
    struct lab_grade_judge judge;
    const json_t *report;
    size_t first;
    int output;
    lua_State *L;
};

static void tell(const struct judging *judging, json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT);
    json_decref(line);
    if (text != NULL)
        dprintf(judging->output, "%s\n", text);
    free(text);
}

_Noreturn static void leave(struct judging *judging)
{
    lab_grade_scratch_free(judging->judge.scratch);
    _exit(0);
}

_Noreturn static void give_up(struct judging *judging, const char *text)
{
    tell(judging, json_pack("{s:s}", "broken", text));
    leave(judging);
}

/* ---- One task ---------------------------------------------------------------------------------------------------- */

/* What a check, or an error in it, says of a failure: the table on top of the stack. */
static json_t *failure_of(lua_State *L)
{
    static const char *const fields[] = {"message", "expected", "got", "at", "guest", "detail", NULL};
    json_t *result = json_pack("{s:s}", "verdict", LAB_GRADE_FAILED);
    size_t length;
    if (lua_type(L, -1) == LUA_TSTRING) {
        const char *text = lua_tolstring(L, -1, &length);
        json_object_set_new(result, "message", lab_grade_text(text, length, true));
    }
    for (unsigned i = 0; lua_istable(L, -1) && fields[i] != NULL; i++) {
        lua_getfield(L, -1, fields[i]);
        const char *text = lua_tolstring(L, -1, &length);
        if (text != NULL && length > 0)
            json_object_set_new(result, fields[i], lab_grade_text(text, length, true));
        lua_pop(L, 1);
    }
    if (json_object_get(result, "message") == NULL)
        json_object_set_new(result, "message", json_string("the check failed"));
    return result;
}

static json_t *error_of(const char *reason, const char *text)
{
    text = text != NULL ? text : "an error without a text";
    return json_pack("{s:s, s:s?, s:o}", "verdict", LAB_GRADE_ERROR, "reason", reason, "message",
                     lab_grade_text(text, strlen(text), true));
}

/* What an error that a check has raised means; it is on top of the stack. */
static json_t *raised(lua_State *L)
{
    if (!lua_istable(L, -1))
        return error_of(NULL, lua_tostring(L, -1));
    if (lua_getfield(L, -1, "failure") == LUA_TTABLE)
        return failure_of(L);
    if (lua_getfield(L, -2, "limit") != LUA_TNIL)
        return error_of("resource limit", lua_tostring(L, -1));
    lua_getfield(L, -3, "broken");
    return error_of(NULL, lua_tostring(L, -1));
}

/* Runs the check of a task; the list of tasks is at index 1. */
static json_t *judge_task(struct judging *judging, size_t number)
{
    lua_State *L = judging->L;
    json_t *result;
    const json_t *task = json_array_get(json_object_get(judging->report, "tasks"), number);
    bool ended = lab_grade_begin_drawing(L, lab_grade_hidden(task));
    if (ended) {
        lua_rawgeti(L, 1, (lua_Integer)number + 1);
        lua_getfield(L, -1, "check");
        lab_grade_push_lab(L);
        lua_getfield(L, -1, "work");
        lua_remove(L, -2);
        ended = lua_pcall(L, 1, 2, 0) == LUA_OK;
    }
    if (!ended)
        result = raised(L);
    else if (lua_toboolean(L, -2))
        result = json_pack("{s:s}", "verdict", LAB_GRADE_PASSED);
    else
        result = failure_of(L);
    lua_settop(L, 1);
    return result;
}

static json_t *skip_or_judge(struct judging *judging, json_t *tasks, size_t number)
{
    const json_t *task = json_array_get(tasks, number);
    const char *only = judging->judge.options->task;
    if (only != NULL && strcmp(only, lab_grade_string(task, "id")) != 0)
        return json_pack("{s:s, s:s}", "verdict", LAB_GRADE_SKIPPED, "message", "not asked for");
    const char *missing =
        only == NULL && !judging->judge.options->alone ? lab_grade_report_missing(judging->report, task) : NULL;
    if (missing != NULL)
        return json_pack("{s:s, s:s, s:o}", "verdict", LAB_GRADE_SKIPPED, "waits_for", missing, "message",
                         json_sprintf("%s has not passed", missing));
    tell(judging, json_pack("{s:i}", "begin", (int)number));
    return judge_task(judging, number);
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static void open_lab(struct judging *judging)
{
    const struct lab_grade_options *options = judging->judge.options;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char path[4096];
    snprintf(path, sizeof path, "%s/lab.lua", options->lab);
    if (!lab_grade_lab_open(judging->L, judging->judge.lab, path, diagnostics)) {
        char *text = NULL;
        size_t length;
        FILE *stream = open_memstream(&text, &length);
        isa_diagnostics_print(diagnostics, stream);
        fclose(stream);
        tell(judging, json_pack("{s:s, s:i}", "bad_lab", text, "code", isa_diagnostics_exit_code(diagnostics)));
        _exit(0);
    }
    isa_diagnostics_free(diagnostics);
}

/* Is the compiler the one that the lab declares (the beginning of what it says of itself, or a word of it)? */
static void check_compiler(struct judging *judging, const json_t *lab)
{
    const char *wanted = lab_grade_string(lab, "compiler");
    const char *found = lab_grade_string(lab, "found_compiler");
    char text[640];
    if (wanted[0] == '\0' || judging->judge.options->any_compiler || strstr(found, wanted) != NULL)
        return;
    snprintf(text, sizeof text, "the lab wants the compiler '%s', and there is '%s' (--any-compiler grades with it)",
             wanted, found);
    give_up(judging, text);
}

static json_t *describe(struct judging *judging)
{
    char hash[17], containment[80];
    json_t *lab = lab_grade_lab_describe(judging->L);
    lab_grade_lab_hash(judging->judge.lab, hash);
    lab_grade_containment_print(&judging->judge.containment, containment, sizeof containment);
    json_object_set_new(lab, "hash", json_string(hash));
    json_object_set_new(lab, "containment", json_string(containment));
    char *compiler = lab_grade_compiler();
    json_object_set_new(lab, "found_compiler", json_string(compiler));
    free(compiler);
    return lab;
}

static void judge_all(struct judging *judging, json_t *lab)
{
    json_t *tasks = json_object_get(lab, "tasks");
    for (size_t i = judging->first; i < json_array_size(tasks); i++) {
        json_t *result = skip_or_judge(judging, tasks, i);
        /* The report is this process's own copy: what comes after sees the verdict. */
        json_t *told = json_deep_copy(result);
        bool last = judging->judge.options->until_failure && !lab_grade_is(told, LAB_GRADE_PASSED);
        lab_grade_report_task((json_t *)(uintptr_t)judging->report, i, result);
        json_object_set_new(told, "end", json_integer((json_int_t)i));
        tell(judging, told);
        if (last)
            break;
    }
    tell(judging, json_pack("{s:b}", "done", 1));
}

/* The submission: a folder, or a file in the place of the one file that the lab wants. */
static void open_submission(struct judging *judging, const json_t *lab)
{
    struct lab_grade_judge *judge = &judging->judge;
    const char *path = judge->options->submission, *slash = strrchr(path, '/');
    judge->submission = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC | (judge->options->no_link ? O_NOFOLLOW : 0));
    if (judge->submission >= 0)
        return;
    if (json_array_size(json_object_get(lab, "submit")) != 1)
        give_up(judging, "the lab wants several files: the submission must be a folder with them");
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    judge->submission = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    judge->only_file = slash == NULL ? path : slash + 1;
    free(folder);
    if (judge->submission < 0)
        give_up(judging, "the submission's folder cannot be opened");
}

/* The addresses that this process has, in bytes: where it came from a larger one, those of that. */
static rlim_t addresses(void)
{
    unsigned long pages = 0;
    FILE *stream = fopen("/proc/self/statm", "r");
    if (stream == NULL || fscanf(stream, "%lu", &pages) != 1)
        pages = 0;
    if (stream != NULL)
        fclose(stream);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* A judge that takes all memory, or never ends, harms only itself. The solver would take what there is when it is given more
 * than it can decide; the largest instruction sets of PG-74 get along with half of this. */
static void limit_itself(void)
{
    enum { MORE_MEMORY = 192 << 20 };
    const struct rlimit core = {0, 0};
    setrlimit(RLIMIT_CORE, &core);
#ifndef __SANITIZE_ADDRESS__
    const rlim_t most = addresses() + MORE_MEMORY;
    const struct rlimit memory = {most, most};
    setrlimit(RLIMIT_AS, &memory);
#endif
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

_Noreturn void lab_grade_judge(const struct lab_grade_options *options, const json_t *report, size_t first, int output)
{
    struct judging judging = {.judge = {.options = options}, .report = report, .first = first, .output = output};
    char why[256], hidden[4096];
    signal(SIGPIPE, SIG_DFL);
    limit_itself();
    snprintf(hidden, sizeof hidden, "%s/lab.lua", options->lab);
    judging.judge.containment = lab_grade_containment_find(hidden, options->uncontained);
    judging.judge.lab = open(options->lab, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    judging.L = luaL_newstate();
    luaL_openlibs(judging.L);
    lab_lua_open(judging.L, NULL);
    if (luaL_dostring(judging.L, "pg74 = require 'pg74'") != LUA_OK ||
        !lab_grade_open_checks(judging.L, &judging.judge))
        give_up(&judging, lua_tostring(judging.L, -1));
    open_lab(&judging);
    json_t *lab = describe(&judging);
    if (json_object_get(report, "tasks") == NULL || json_array_size(json_object_get(report, "tasks")) == 0) {
        tell(&judging, json_pack("{s:O}", "lab", lab));
        lab_grade_report_lab((json_t *)(uintptr_t)report, json_deep_copy(lab));
    }
    lab_grade_push_lab(judging.L);
    lua_pushvalue(judging.L, -2);
    lua_setfield(judging.L, -2, "definition");
    lua_pop(judging.L, 1);
    check_compiler(&judging, lab);
    if (!lab_grade_containment_suffices(&judging.judge.containment, why, sizeof why))
        give_up(&judging, why);
    open_submission(&judging, lab);
    lua_getfield(judging.L, -1, "tasks");
    lua_replace(judging.L, 1);
    lua_settop(judging.L, 1);
    judge_all(&judging, lab);
    leave(&judging);
}
