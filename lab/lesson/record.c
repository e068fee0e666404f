/* record.c: what was done in lessons as a file, and the same file judged again by somebody else. A line is a JSON object. */
#include "lab/lesson/internal.h"

#include <dirent.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lab/language.h"

enum { FORMAT = 1 };

/* ---- The version of a lesson ------------------------------------------------------------------------------------- */

/* FNV-1a, 64 bits. */
static void add_bytes(uint64_t *digest, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        *digest = (*digest ^ (unsigned char)bytes[i]) * 0x100000001b3;
}

static int by_name(const struct dirent **left, const struct dirent **right) { return strcmp((*left)->d_name, (*right)->d_name); }

/* Of every file, in the order of their names: the name and the bytes. Translations do not count. */
static void add_folder(uint64_t *digest, const char *folder)
{
    struct dirent **entries;
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    int count = scandir(folder, &entries, NULL, by_name);
    for (int i = 0; i < count; i++) {
        char *path = lab_lesson_format("%s/%s", folder, entries[i]->d_name), *bytes;
        const char *end = strrchr(entries[i]->d_name, '.');
        struct stat status;
        size_t length;
        bool is_text = end != NULL && strcmp(end, ".md") == 0 && strcmp(entries[i]->d_name, "en.md") != 0;
        if (entries[i]->d_name[0] != '.' && !is_text && stat(path, &status) == 0) {
            add_bytes(digest, entries[i]->d_name, strlen(entries[i]->d_name) + 1);
            if (S_ISDIR(status.st_mode)) {
                add_folder(digest, path);
            } else if ((bytes = isa_read_file(path, &length, ignored)) != NULL) {
                add_bytes(digest, bytes, length);
                free(bytes);
            }
        }
        free(path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    isa_diagnostics_free(ignored);
}

void lab_lesson_version(const struct lab_lesson *lesson, char version[17])
{
    uint64_t digest = 0xcbf29ce484222325;
    add_folder(&digest, lesson->folder);
    snprintf(version, 17, "%016" PRIx64, digest);
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

static void print_object(FILE *stream, json_t *object)
{
    char *text = object != NULL ? json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    text = lab_lesson_must(text);
    fprintf(stream, "%s\n", text);
    free(text);
    json_decref(object);
}

/* The files with which a task was solved; one that is not UTF-8 is left out. */
static json_t *solved_files(struct lab_lesson *lesson, const char *work, const char *task)
{
    json_t *files = json_object();
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    const char *name;
    for (unsigned i = 0; (name = lab_lesson_task_file(lesson->script, task, i)) != NULL; i++) {
        char *path = lab_lesson_format("%s/solved/%s/%s", work, task, name);
        size_t length;
        char *text = isa_read_file(path, &length, ignored);
        if (text != NULL)
            json_object_set_new(files, name, json_stringn(text, length));
        free(text);
        free(path);
    }
    isa_diagnostics_free(ignored);
    return files;
}

static json_t *describe(struct lab_lesson *lesson, const struct lab_lesson_item *item, const struct lab_lesson_answer *answer,
                        const char *work)
{
    const char *name = lesson->head.name;
    if (item->kind == LAB_LESSON_PREDICT || item->kind == LAB_LESSON_QUESTION)
        return json_pack("{s:s,s:s,s:s,s:b,s:b}", "lesson", name, "question", item->name, "answer", answer->text, "right",
                         answer->is_right, "shown", answer->is_shown);
    if (item->kind == LAB_LESSON_DO)
        return json_pack("{s:s,s:s,s:I,s:b}", "lesson", name, "done", item->name, "steps", (json_int_t)answer->steps, "shown",
                         answer->is_shown);
    return json_pack("{s:s,s:s,s:I,s:b,s:o}", "lesson", name, "task", item->name, "steps", (json_int_t)answer->steps, "shown",
                     answer->is_shown, "files", solved_files(lesson, work, item->name));
}

bool lab_lesson_export(struct lab_lesson *lesson, FILE *stream)
{
    struct lab_lesson_progress *progress = lab_lesson_progress_look(lesson->head.name);
    char *work = lab_lesson_state_path("work", lesson->head.name), version[17], when[32];
    unsigned section, page;
    time_t now = time(NULL);
    struct tm moment;
    bool is_begun = lab_lesson_progress_place(progress, &section, &page);
    if (is_begun) {
        lab_lesson_version(lesson, version);
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &moment));
        print_object(stream, json_pack("{s:i,s:s,s:s,s:b,s:s}", "pg74_lesson_record", FORMAT, "lesson", lesson->head.name, "version",
                                       version, "finished", lab_lesson_progress_is_finished(progress), "written", when));
    }
    for (unsigned i = 0; is_begun && i < lesson->item_count; i++) {
        const struct lab_lesson_item *item = &lesson->items[i];
        const struct lab_lesson_answer *answer = lab_lesson_is_asked(item->kind) ? lab_lesson_progress_find(progress, item->name) : NULL;
        bool is_question = item->kind == LAB_LESSON_PREDICT || item->kind == LAB_LESSON_QUESTION;
        bool is_done = answer != NULL && (*answer->text != '\0' || answer->is_right);
        if (is_done && is_question == (*answer->text != '\0'))
            print_object(stream, describe(lesson, item, answer, work != NULL ? work : ""));
    }
    lab_lesson_progress_free(progress);
    free(work);
    return is_begun;
}

/* ---- Judging again ----------------------------------------------------------------------------------------------- */

struct verifying {
    const char *lessons, *file, *text;
    struct lab_lesson *lesson; /* of the lines that come; or NULL */
    struct isa_diagnostics *diagnostics;
    unsigned line, confirmed, refuted;
};

static void say(struct verifying *verifying, const char *name, bool is_good, const char *why)
{
    printf("%-24s %-24s %s%s%s\n", verifying->lesson->head.name, name, is_good ? _("confirmed") : _("NOT CONFIRMED"),
           why != NULL ? ": " : "", why != NULL ? why : "");
    verifying->confirmed += is_good;
    verifying->refuted += !is_good;
}

static void complain(struct verifying *verifying, const char *message)
{
    struct isa_place place = {.file = verifying->file, .text = verifying->text, .line = verifying->line, .column = 1, .length = 1};
    isa_diagnostics_error(verifying->diagnostics, &place, ISA_EXIT_DATA, NULL, "%s", message);
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

/* On a machine of its own, brought to where the reader had it. */
static void verify_work(struct verifying *verifying, const json_t *object, const char *name, unsigned page)
{
    enum { MOST_STEPS = 1000000000 };
    char folder[] = "/tmp/pg74-lesson-XXXXXX", *reason = NULL;
    json_int_t steps = json_integer_value(json_object_get(object, "steps"));
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct lab_lesson_player *player = lab_lesson_player_new(verifying->lesson);
    bool good = steps >= 0 && steps <= MOST_STEPS && mkdtemp(folder) != NULL;
    if (good) {
        lab_lesson_player_work_in(player, folder);
        good = lab_lesson_player_open(player, page, diagnostics);
        write_files(verifying->lesson, name, folder, json_object_get(object, "files"));
        if (good && player->debug != NULL)
            lab_lesson_go_to(player->debug, (uint64_t)steps);
        good = good && lab_lesson_player_is_done(player, &reason, diagnostics);
        lab_lesson_remove_folder(folder);
    }
    if (reason == NULL && isa_diagnostics_count(diagnostics) > 0)
        reason = lab_lesson_must(strdup(isa_diagnostics_message(diagnostics, 0)));
    say(verifying, name, good, reason);
    free(reason);
    isa_diagnostics_free(diagnostics);
    lab_lesson_player_free(player);
}

static void verify_answer(struct verifying *verifying, const json_t *object, const struct lab_lesson_item *item)
{
    bool is_right = json_is_true(json_object_get(object, "right"));
    enum lab_lesson_judgement judgement = lab_lesson_judge(verifying->lesson, item, string_of(object, "answer"), verifying->diagnostics);
    say(verifying, item->name, judgement != LAB_LESSON_NO_ANSWER && is_right == (judgement == LAB_LESSON_RIGHT),
        judgement == LAB_LESSON_RIGHT ? NULL : _("a wrong answer"));
}

static void begin_lesson(struct verifying *verifying, const json_t *object)
{
    char version[17];
    lab_lesson_free(verifying->lesson);
    verifying->lesson = NULL;
    if (json_integer_value(json_object_get(object, "pg74_lesson_record")) != FORMAT) {
        complain(verifying, "this is a record in another format");
        return;
    }
    char *folder = strchr(string_of(object, "lesson"), '/') == NULL
                       ? lab_lesson_find(verifying->lessons, string_of(object, "lesson"), verifying->diagnostics) : NULL;
    if (folder != NULL)
        verifying->lesson = lab_lesson_read(folder, "en", verifying->diagnostics);
    free(folder);
    if (verifying->lesson == NULL) {
        complain(verifying, "this lesson is not here");
        return;
    }
    lab_lesson_version(verifying->lesson, version);
    bool is_same = strcmp(version, string_of(object, "version")) == 0;
    say(verifying, "-", is_same, is_same ? NULL : _("the record was made with another version of this lesson"));
}

static void verify_line(struct verifying *verifying, const json_t *object)
{
    unsigned page;
    if (json_object_get(object, "pg74_lesson_record") != NULL) {
        begin_lesson(verifying, object);
        return;
    }
    if (verifying->lesson == NULL) {
        if (isa_diagnostics_count(verifying->diagnostics) == 0)
            complain(verifying, "this is no record of a lesson");
        return;
    }
    const char *question = string_of(object, "question"), *done = string_of(object, "done"), *task = string_of(object, "task");
    const char *name = *question != '\0' ? question : *done != '\0' ? done : task;
    if (!find_page(verifying->lesson, name, &page)) {
        say(verifying, name, false, _("the lesson does not ask for this"));
        return;
    }
    const struct lab_lesson_page *it = &verifying->lesson->pages[page];
    const struct lab_lesson_item *item = &verifying->lesson->items[it->first + it->count - 1];
    if (item->kind == LAB_LESSON_PREDICT || item->kind == LAB_LESSON_QUESTION)
        verify_answer(verifying, object, item);
    else
        verify_work(verifying, object, name, page);
}

/* Changes the text: ends its lines. */
static void verify_lines(struct verifying *verifying, char *text)
{
    for (char *line = text, *next; *line != '\0'; line = next) {
        json_error_t error;
        size_t length = strcspn(line, "\n");
        next = line + length + (line[length] == '\n');
        verifying->line++;
        json_t *object = json_loadb(line, length, 0, &error);
        if (json_is_object(object))
            verify_line(verifying, object);
        else
            complain(verifying, "this line is no JSON object");
        json_decref(object);
    }
}

int lab_lesson_verify(const char *lessons, const char *file, struct isa_diagnostics *diagnostics)
{
    size_t length;
    char *text = isa_read_file(file, &length, diagnostics);
    struct verifying verifying = {.lessons = lessons, .file = file, .text = text, .diagnostics = diagnostics};
    if (text == NULL)
        return isa_diagnostics_exit_code(diagnostics);
    verify_lines(&verifying, text);
    if (verifying.line == 0)
        complain(&verifying, "this record is empty");
    printf(_("%u confirmed, %u not\n"), verifying.confirmed, verifying.refuted);
    lab_lesson_free(verifying.lesson);
    free(text);
    if (isa_diagnostics_count(diagnostics) > 0)
        return isa_diagnostics_exit_code(diagnostics);
    return verifying.refuted > 0 ? 1 : 0;
}
