/* verify.c: a record judged again, by somebody else than who wrote it: nothing in it is believed. */
#include "lab/lesson/internal.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lab/language.h"

enum { MOST_STEPS = 500000000 }; /* of machines, for all that a record says together */

struct verifying {
    const char *lessons, *only, *file, *text;
    struct lab_lesson *lesson; /* of the lines that come; or NULL */
    bool is_skipped;           /* those are of another lesson than the one that is looked at */
    bool *is_met;              /* by page: what it asks for has come already */
    char *met_lessons;         /* names, each between slashes */
    lab_lesson_found *found;
    void *context;
    struct isa_diagnostics *diagnostics;
    unsigned line, refuted;
    uint64_t steps;
};

static void say(struct verifying *verifying, const struct lab_lesson_finding *finding)
{
    verifying->refuted += !finding->is_confirmed;
    verifying->found(verifying->context, finding);
}

/* Of what a record says and cannot be: its name may be anything, and is shown only where it could be one. */
static void refute(struct verifying *verifying, const char *name, const char *why)
{
    enum { LONGEST = 64 };
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    if (*name == '\0' || strlen(name) > LONGEST || name[strspn(name, letters)] != '\0')
        name = "?";
    say(verifying, &(struct lab_lesson_finding){.lesson = verifying->lesson->head.name, .name = name, .why = why});
}

__attribute__((format(printf, 2, 3))) static void complain(struct verifying *verifying, const char *format, ...)
{
    struct isa_place place = {.file = verifying->file, .text = verifying->text, .line = verifying->line, .column = 1, .length = 1};
    va_list arguments;
    char *message = NULL;
    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        lab_lesson_must(NULL);
    va_end(arguments);
    isa_diagnostics_error(verifying->diagnostics, &place, ISA_EXIT_DATA, NULL, "%s", message);
    free(message);
}

static const char *string_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* The page at the end of which something is asked. */
static bool find_page(const struct lab_lesson *lesson, const char *name, unsigned *page)
{
    for (*page = 0; *page < lesson->page_count; (*page)++) {
        const struct lab_lesson_page *it = &lesson->pages[*page];
        const struct lab_lesson_item *last = it->count > 0 ? &lesson->items[it->first + it->count - 1] : NULL;
        if (last != NULL && lab_lesson_is_asked(last->kind) && strcmp(last->name, name) == 0)
            return true;
    }
    return false;
}

/* ---- Answers and work -------------------------------------------------------------------------------------------- */

static void verify_answer(struct verifying *verifying, const json_t *object, const struct lab_lesson_item *item)
{
    enum lab_lesson_judgement judgement = lab_lesson_judge(verifying->lesson, item, string_of(object, "answer"), verifying->diagnostics);
    bool is_right = judgement == LAB_LESSON_RIGHT;
    say(verifying, &(struct lab_lesson_finding){
                       .lesson = verifying->lesson->head.name, .name = item->name, .kind = item->kind, .is_right = is_right,
                       .is_confirmed = judgement != LAB_LESSON_NO_ANSWER && is_right == json_is_true(json_object_get(object, "right")),
                       .is_shown = json_is_true(json_object_get(object, "shown")), .why = is_right ? NULL : _("a wrong answer")});
}

static void write_files(struct lab_lesson *lesson, const char *task, const char *folder, const json_t *files)
{
    const char *name;
    for (unsigned i = 0; (name = lab_lesson_task_file(lesson->script, task, i)) != NULL; i++) {
        const json_t *text = json_object_get(files, name);
        char *path = lab_lesson_format("%s/%s", folder, name);
        lab_lesson_write_file(path, text != NULL ? json_string_value(text) : "", text != NULL ? json_string_length(text) : 0);
        free(path);
    }
}

/* Is it done, with the files of the record, on a machine that is brought to where the reader had it? */
static bool is_done(struct verifying *verifying, const json_t *object, const char *name, unsigned page, char **reason,
                    struct isa_diagnostics *diagnostics)
{
    char *folder = lab_lesson_temporary("");
    struct lab_lesson_player *player = lab_lesson_player_new(verifying->lesson);
    bool good = folder != NULL;
    if (good) {
        lab_lesson_player_work_in(player, folder);
        player->is_silent = true;
        good = lab_lesson_player_open(player, page, diagnostics);
        write_files(verifying->lesson, name, folder, json_object_get(object, "files"));
        if (good && player->debug != NULL)
            lab_debug_go_to(player->debug, (uint64_t)json_integer_value(json_object_get(object, "steps")));
        good = good && lab_lesson_player_is_done(player, reason, diagnostics);
        lab_lesson_remove_folder(folder);
    }
    free(folder);
    lab_lesson_player_free(player);
    return good;
}

/* No machine goes further than the readers of all lessons together have had reason to. */
static bool count_steps(struct verifying *verifying, const json_t *object)
{
    json_int_t steps = json_integer_value(json_object_get(object, "steps"));
    if (steps < 0 || (uint64_t)steps > MOST_STEPS - verifying->steps)
        return false;
    verifying->steps += (uint64_t)steps;
    return true;
}

static void verify_work(struct verifying *verifying, const json_t *object, const struct lab_lesson_item *item, unsigned page)
{
    char *reason = NULL;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    bool good = false;
    if (!count_steps(verifying, object))
        reason = lab_lesson_format(_("the machine would have to go more than %u steps"), (unsigned)MOST_STEPS);
    else
        good = is_done(verifying, object, item->name, page, &reason, diagnostics);
    if (reason == NULL && isa_diagnostics_count(diagnostics) > 0)
        reason = lab_lesson_must(strdup(isa_diagnostics_message(diagnostics, 0)));
    say(verifying, &(struct lab_lesson_finding){
                       .lesson = verifying->lesson->head.name, .name = item->name, .kind = item->kind, .is_confirmed = good,
                       .is_right = good, .is_shown = json_is_true(json_object_get(object, "shown")), .why = reason});
    free(reason);
    isa_diagnostics_free(diagnostics);
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

static void end_lesson(struct verifying *verifying)
{
    lab_lesson_free(verifying->lesson);
    free(verifying->is_met);
    verifying->lesson = NULL;
    verifying->is_met = NULL;
}

/* Has this lesson come before? */
static bool is_again(struct verifying *verifying, const char *name)
{
    char *key = lab_lesson_format("/%s/", name), *longer;
    bool is_it = strstr(verifying->met_lessons, key) != NULL;
    longer = lab_lesson_format("%s%s", verifying->met_lessons, key);
    free(verifying->met_lessons);
    verifying->met_lessons = longer;
    free(key);
    return is_it;
}

static void check_version(struct verifying *verifying, const json_t *object)
{
    char version[17];
    lab_lesson_version(verifying->lesson, version);
    bool is_same = strcmp(version, string_of(object, "version")) == 0;
    say(verifying, &(struct lab_lesson_finding){
                       .lesson = verifying->lesson->head.name, .name = "-", .kind = LAB_LESSON_HEADING, .is_confirmed = is_same,
                       .why = is_same ? NULL : _("the record was made with another version of this lesson")});
}

static void begin_lesson(struct verifying *verifying, const json_t *object)
{
    const char *name = string_of(object, "lesson");
    end_lesson(verifying);
    verifying->is_skipped = false;
    if (json_integer_value(json_object_get(object, "pg74_lesson_record")) != LAB_LESSON_RECORD_FORMAT) {
        complain(verifying, "this is a record in another format");
        return;
    }
    if (is_again(verifying, name)) {
        complain(verifying, "the record has this lesson twice");
        return;
    }
    verifying->is_skipped = verifying->only != NULL && strcmp(verifying->only, name) != 0;
    if (verifying->is_skipped)
        return;
    char *folder = strchr(name, '/') == NULL ? lab_lesson_find(verifying->lessons, name, verifying->diagnostics) : NULL;
    if (folder != NULL)
        verifying->lesson = lab_lesson_read(folder, "en", verifying->diagnostics);
    free(folder);
    if (verifying->lesson == NULL) {
        complain(verifying, "this lesson is not here");
        return;
    }
    verifying->is_met = lab_lesson_must(calloc(verifying->lesson->page_count + 1, sizeof *verifying->is_met));
    check_version(verifying, object);
}

static void verify_line(struct verifying *verifying, const json_t *object)
{
    unsigned page;
    if (json_object_get(object, "pg74_lesson_record") != NULL) {
        begin_lesson(verifying, object);
        return;
    }
    if (verifying->lesson == NULL) {
        if (!verifying->is_skipped && isa_diagnostics_count(verifying->diagnostics) == 0)
            complain(verifying, "this is no record of a lesson");
        return;
    }
    const char *question = string_of(object, "question"), *done = string_of(object, "done"), *task = string_of(object, "task");
    const char *name = *question != '\0' ? question : *done != '\0' ? done : task;
    if (!find_page(verifying->lesson, name, &page)) {
        refute(verifying, name, _("the lesson does not ask for this"));
        return;
    }
    if (verifying->is_met[page]) {
        refute(verifying, name, _("the record says this twice"));
        return;
    }
    verifying->is_met[page] = true;
    const struct lab_lesson_page *it = &verifying->lesson->pages[page];
    const struct lab_lesson_item *item = &verifying->lesson->items[it->first + it->count - 1];
    if (item->kind == LAB_LESSON_PREDICT || item->kind == LAB_LESSON_QUESTION)
        verify_answer(verifying, object, item);
    else
        verify_work(verifying, object, item, page);
}

static void verify_lines(struct verifying *verifying)
{
    for (const char *line = verifying->text, *next; *line != '\0'; line = next) {
        json_error_t error;
        size_t length = strcspn(line, "\n");
        next = line + length + (line[length] == '\n');
        verifying->line++;
        json_t *object = json_loadb(line, length, 0, &error);
        if (!json_is_object(object))
            complain(verifying, line[length] == '\0' ? "the record is cut off in this line" : "this line is no JSON object");
        else
            verify_line(verifying, object);
        json_decref(object);
    }
}

int lab_lesson_verify(const struct lab_lesson_verify_options *options, const char *file, const char *text, lab_lesson_found *found,
                      void *context, struct isa_diagnostics *diagnostics)
{
    struct verifying verifying = {.lessons = options->lessons, .only = options->only, .file = file, .text = text,
                                  .met_lessons = lab_lesson_must(strdup("")), .found = found, .context = context,
                                  .diagnostics = diagnostics};
    verify_lines(&verifying);
    if (verifying.line == 0)
        complain(&verifying, "this record is empty");
    end_lesson(&verifying);
    free(verifying.met_lessons);
    if (isa_diagnostics_count(diagnostics) > 0)
        return isa_diagnostics_exit_code(diagnostics);
    return verifying.refuted > 0 ? 1 : 0;
}
