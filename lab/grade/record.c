/* record.c: the record of a lesson as a submission. The files in it are a student's programs, and its lesson is judged
 * with compiler, classifier and machines: so this is done by a copy of this program, with the lesson and all that it
 * needs, in a scratch folder, in a child that sees nothing else. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/grade/internal.h"
#include "lab/lesson/lesson.h"
#include "lab/lua/internal.h"

static const struct lab_grade_limits limits = {
    .processor_seconds = 6, .seconds = 60, .memory = 1u << 30, .file_size = 8u << 20, .processes = 24,
    .descriptors = 64, .output = 1u << 20};

/* ---- In the judge ------------------------------------------------------------------------------------------------ */

/* The folder of a lesson: in a folder of the lab's, or among those that came with the program. -1: there is none. */
static int open_lesson(const struct lab_grade_judge *judge, const char *lessons, const char *name)
{
    char path[4096];
    if (lessons != NULL) {
        snprintf(path, sizeof path, "%s/%s", lessons, name);
        return openat(judge->lab, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    char *found = strchr(name, '/') == NULL ? lab_lesson_find(NULL, name, ignored) : NULL;
    int folder = found != NULL ? open(found, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    isa_diagnostics_free(ignored);
    free(found);
    return folder;
}

/* Puts program and lesson into the scratch folder. Whoever the child becomes can read them. */
static bool fill(const char *scratch, int lesson, const char *name)
{
    mode_t mask = umask(022);
    int folder = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 && lab_grade_copy_program(folder, ".elf") && mkdirat(folder, "lessons", 0777) == 0;
    int lessons = good ? openat(folder, "lessons", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    good = lessons >= 0 && mkdirat(lessons, name, 0777) == 0;
    int copy = good ? openat(lessons, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    good = copy >= 0 && lab_grade_copy_folder(lesson, copy);
    for (unsigned i = 0; i < 3; i++) {
        int opened = i == 0 ? folder : i == 1 ? lessons : copy;
        if (opened >= 0)
            close(opened);
    }
    umask(mask);
    return good;
}

int lab_grade_record(lua_State *L)
{
    const struct lab_grade_judge *judge = lua_touserdata(L, lua_upvalueindex(1));
    char why[256];
    if (!lab_grade_containment_hides(&judge->containment, why, sizeof why))
        return luaL_error(L, "%s", why);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_getfield(L, 1, "lesson");
    lua_getfield(L, 1, "lessons");
    lua_getfield(L, 1, "text");
    const char *name = luaL_checkstring(L, 2), *lessons = lua_tostring(L, 3);
    int lesson = open_lesson(judge, lessons, name);
    if (lesson < 0)
        return luaL_error(L, "there is no lesson '%s'", name);
    char *scratch = lab_grade_scratch_new(&judge->containment), *program = NULL;
    bool good = scratch != NULL && fill(scratch, lesson, name) && asprintf(&program, "%s/bin/pg74", scratch) > 0;
    close(lesson);
    json_t *job_json = good ? json_pack("{s:s, s:s}", "lesson", name, "record", luaL_checkstring(L, 4)) : NULL;
    char *input = job_json != NULL ? json_dumps(job_json, JSON_COMPACT) : NULL;
    if (input == NULL) {
        lab_grade_scratch_free(scratch);
        return luaL_error(L, "the lesson cannot be copied to where its record is judged");
    }
    const char *arguments[] = {program, "grade", "--child", NULL};
    struct lab_grade_job job = {.arguments = arguments, .scratch = scratch, .input = input,
                                .input_length = strlen(input), .profile = LAB_GRADE_COMPILER, .limits = limits};
    struct lab_grade_outcome outcome = lab_grade_contain(&judge->containment, &job);
    json_decref(job_json);
    free(input);
    free(program);
    lab_grade_scratch_free(scratch);
    lab_grade_push_answer(L, &outcome);
    free(outcome.output);
    return 1;
}

/* ---- In the child ------------------------------------------------------------------------------------------------ */

struct answering {
    FILE *stream; /* what nothing else in this process, or started by it, can write to */
};

static void answer(const struct answering *answering, json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT);
    json_decref(line);
    fprintf(answering->stream, "%s\n", text != NULL ? text : "{}");
    fflush(answering->stream);
    free(text);
}

static const char *kind_of(enum lab_lesson_kind kind)
{
    switch (kind) {
    case LAB_LESSON_PREDICT: return "prediction";
    case LAB_LESSON_QUESTION: return "question";
    case LAB_LESSON_DO: return "do";
    case LAB_LESSON_TASK: return "task";
    default: return "other";
    }
}

static void tell(void *context, const struct lab_lesson_finding *finding)
{
    json_t *why = finding->why != NULL ? json_string(finding->why) : NULL;
    answer(context, json_pack("{s:s, s:s, s:b, s:b, s:b, s:o}", "found", finding->name, "kind",
                              kind_of(finding->kind), "confirmed", finding->is_confirmed, "right", finding->is_right,
                              "shown", finding->is_shown, "why", why != NULL ? why : json_null()));
}

/* What the lesson asks for, so that a lab can ask for all of it. False: it is no lesson. */
static bool describe(struct answering *answering, const char *name, struct isa_diagnostics *diagnostics)
{
    char *folder = lab_lesson_find("lessons", name, diagnostics);
    struct lab_lesson *lesson = folder != NULL ? lab_lesson_read(folder, "en", diagnostics) : NULL;
    bool good = lesson != NULL && isa_diagnostics_count(diagnostics) == 0;
    for (unsigned i = 0; good && i < lab_lesson_item_count(lesson); i++) {
        const struct lab_lesson_item *item = lab_lesson_item(lesson, i);
        if (lab_lesson_is_asked(item->kind))
            answer(answering, json_pack("{s:s, s:s}", "asked", item->name, "kind", kind_of(item->kind)));
    }
    lab_lesson_free(lesson);
    free(folder);
    return good;
}

static void tell_first(struct answering *answering, const char *field, const struct isa_diagnostics *diagnostics)
{
    const char *file;
    unsigned line, column;
    isa_diagnostics_position(diagnostics, 0, &file, &line, &column);
    answer(answering, json_pack("{s:s, s:i}", field, isa_diagnostics_message(diagnostics, 0), "line", (int)line));
}

int lab_grade_record_child(const json_t *job)
{
    const char *lesson = json_string_value(json_object_get(job, "lesson"));
    const char *text = json_string_value(json_object_get(job, "record"));
    int own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3), nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    struct answering answering = {.stream = own >= 0 ? fdopen(own, "w") : NULL};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (lesson == NULL || text == NULL || answering.stream == NULL || dup2(nothing, STDOUT_FILENO) < 0 ||
        dup2(nothing, STDERR_FILENO) < 0)
        return ISA_EXIT_INTERNAL;
    if (!describe(&answering, lesson, diagnostics)) {
        tell_first(&answering, "broken", diagnostics);
        return ISA_EXIT_DATA;
    }
    struct lab_lesson_verify_options options = {.lessons = "lessons", .only = lesson};
    lab_lesson_verify(&options, "record", text, tell, &answering, diagnostics);
    if (isa_diagnostics_count(diagnostics) > 0)
        tell_first(&answering, "wrong", diagnostics);
    answer(&answering, json_pack("{s:b}", "end", 1));
    isa_diagnostics_free(diagnostics);
    fclose(answering.stream);
    return 0;
}
