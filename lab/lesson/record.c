/* record.c: what was done in lessons as a file, to be judged again by somebody else (verify.c). A line is a JSON object. */
#include "lab/lesson/internal.h"

#include <dirent.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lab/language.h"

/* ---- The version of a lesson ------------------------------------------------------------------------------------- */

/* FNV-1a, 64 bits. */
static void add_bytes(uint64_t *digest, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        *digest = (*digest ^ (unsigned char)bytes[i]) * 0x100000001b3;
}

static int by_name(const struct dirent **left, const struct dirent **right) { return strcmp((*left)->d_name, (*right)->d_name); }

/* A text other than the English one, or the words of lesson.lua in that language. */
static bool is_translation(const char *folder, const char *name)
{
    const char *end = strrchr(name, '.');
    int stem = end != NULL ? (int)(end - name) : 0;
    if (end == NULL || strcmp(name, "en.md") == 0 || (strcmp(end, ".md") != 0 && strcmp(end, ".lua") != 0))
        return false;
    char *text = lab_lesson_format("%s/%.*s.md", folder, stem, name);
    bool is_there = access(text, F_OK) == 0;
    free(text);
    return is_there;
}

/* Of every file, in the order of their names: the name and the bytes. Translations do not count. */
static void add_folder(uint64_t *digest, const char *folder)
{
    struct dirent **entries;
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    int count = scandir(folder, &entries, NULL, by_name);
    for (int i = 0; i < count; i++) {
        char *path = lab_lesson_format("%s/%s", folder, entries[i]->d_name), *bytes;
        struct stat status;
        size_t length;
        if (entries[i]->d_name[0] != '.' && !is_translation(folder, entries[i]->d_name) && stat(path, &status) == 0) {
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
        print_object(stream, json_pack("{s:i,s:s,s:s,s:b,s:s}", "pg74_lesson_record", LAB_LESSON_RECORD_FORMAT, "lesson", lesson->head.name, "version",
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
