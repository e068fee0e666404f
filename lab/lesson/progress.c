/* progress.c: what a reader did in a lesson, kept in a file of lines that are only ever added: whenever the program dies, all
 * that was done is there. */
#include "lab/lesson/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/language.h"

static const char first_line[] = "pg74 lesson 1\n";

struct lab_lesson_progress {
    char *path; /* NULL: there is no place for it */
    int file;   /* -1: it is not written */
    unsigned section, page;
    bool is_begun, is_finished;
    struct lab_lesson_answer *answers;
    unsigned count;
};

/* ---- In memory --------------------------------------------------------------------------------------------------- */

static struct lab_lesson_answer *find(struct lab_lesson_progress *progress, const char *name)
{
    for (unsigned i = 0; i < progress->count; i++)
        if (strcmp(progress->answers[i].name, name) == 0)
            return &progress->answers[i];
    return NULL;
}

/* A right answer is not forgotten for a wrong one that comes later. */
static void remember(struct lab_lesson_progress *progress, const char *name, bool is_right, uint64_t steps, const char *text)
{
    struct lab_lesson_answer *answer = find(progress, name);
    if (answer != NULL && answer->is_right && !is_right)
        return;
    if (answer == NULL) {
        progress->answers = lab_lesson_grow(progress->answers, progress->count, sizeof *progress->answers);
        answer = &progress->answers[progress->count++];
        *answer = (struct lab_lesson_answer){.name = lab_lesson_must(strdup(name))};
    }
    free(answer->text);
    answer->text = lab_lesson_must(strdup(text));
    answer->is_right = is_right;
    answer->steps = steps;
}

static void mark_shown(struct lab_lesson_progress *progress, const char *name)
{
    if (find(progress, name) == NULL)
        remember(progress, name, false, 0, "");
    find(progress, name)->is_shown = true;
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

/* "at 2 1", "answer NAME right 3", "done NAME 17", "shown NAME", "end". False: it is none of these. */
static bool read_line(struct lab_lesson_progress *progress, const char *line)
{
    char name[128], verdict[8];
    uint64_t steps;
    unsigned section, page;
    int used = 0;
    progress->is_begun = true;
    if (sscanf(line, "at %u %u%n", &section, &page, &used) == 2 && line[used] == '\0') {
        progress->section = section;
        progress->page = page;
    } else if (used = 0, sscanf(line, "answer %127[A-Za-z0-9_] %7[a-z] %n", name, verdict, &used) == 2 && used > 0 &&
                             (strcmp(verdict, "right") == 0 || strcmp(verdict, "wrong") == 0)) {
        remember(progress, name, strcmp(verdict, "right") == 0, 0, line + used);
    } else if (used = 0, sscanf(line, "done %127[A-Za-z0-9_] %" SCNu64 "%n", name, &steps, &used) == 2 && line[used] == '\0') {
        remember(progress, name, true, steps, "");
    } else if (used = 0, sscanf(line, "shown %127[A-Za-z0-9_]%n", name, &used) == 1 && used > 0 && line[used] == '\0') {
        mark_shown(progress, name);
    } else if (strcmp(line, "end") == 0) {
        progress->is_finished = true;
    } else {
        return false;
    }
    return true;
}

/* Reads what is there; the end of a line that was never completed is left out. False when something in it is damaged. */
static bool read_all(struct lab_lesson_progress *progress, char *text, size_t length)
{
    bool good = length == 0 || (length >= sizeof first_line - 1 && memcmp(text, first_line, sizeof first_line - 1) == 0);
    if (strlen(text) != length)
        good = false;
    char *line = good && length > 0 ? text + sizeof first_line - 1 : text, *end;
    for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        good &= read_line(progress, line);
    }
    return good;
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

/* One call of write, so that a line is there as a whole or not at all. */
static void write_line(struct lab_lesson_progress *progress, const char *line)
{
    size_t length = strlen(line);
    if (progress->file >= 0 && write(progress->file, line, length) != (ssize_t)length) {
        close(progress->file);
        progress->file = -1;
    }
}

static void write_answer(struct lab_lesson_progress *progress, const struct lab_lesson_answer *answer)
{
    if (answer->is_shown) {
        char *shown = lab_lesson_format("shown %s\n", answer->name);
        write_line(progress, shown);
        free(shown);
    }
    if (*answer->text == '\0' && !answer->is_right)
        return;
    char *line = *answer->text != '\0'
                     ? lab_lesson_format("answer %s %s %s\n", answer->name, answer->is_right ? "right" : "wrong", answer->text)
                     : lab_lesson_format("done %s %" PRIu64 "\n", answer->name, answer->steps);
    write_line(progress, line);
    free(line);
}

static void write_all(struct lab_lesson_progress *progress)
{
    char *line = lab_lesson_format("at %u %u\n", progress->section, progress->page);
    write_line(progress, first_line);
    for (unsigned i = 0; i < progress->count; i++)
        write_answer(progress, &progress->answers[i]);
    if (progress->is_begun)
        write_line(progress, line);
    if (progress->is_finished)
        write_line(progress, "end\n");
    free(line);
}

/* Gives a damaged file another name, under which nothing stands yet. */
static char *set_aside(const char *path)
{
    for (unsigned i = 1; i < 1000; i++) {
        char *other = lab_lesson_format("%s.damaged-%u", path, i);
        if (access(other, F_OK) != 0 && rename(path, other) == 0)
            return other;
        free(other);
    }
    return NULL;
}

static char *read_bytes(const char *path, size_t *length)
{
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    char *bytes = access(path, F_OK) == 0 ? isa_read_file(path, length, ignored) : NULL;
    isa_diagnostics_free(ignored);
    return bytes;
}

/* Reads what is kept. The message (malloc) says what is wrong with it. */
static char *load(struct lab_lesson_progress *progress)
{
    size_t length = 0;
    char *text = read_bytes(progress->path, &length), *message = NULL;
    bool is_there = text != NULL && length > 0, is_complete = is_there && text[length - 1] == '\n';
    if (is_there && !read_all(progress, text, length)) {
        char *other = set_aside(progress->path);
        message = lab_lesson_format(_("What was kept of this lesson is damaged. It is in %s now; what could be read of it counts."),
                                    other != NULL ? other : progress->path);
        free(other);
        is_complete = false;
    }
    free(text);
    progress->file = open(progress->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (is_complete ? 0 : O_TRUNC), 0600);
    if (progress->file < 0 && message == NULL)
        message = lab_lesson_format(_("What you do cannot be kept: %s: %s"), progress->path, strerror(errno));
    if (!is_complete)
        write_all(progress);
    return message;
}

struct lab_lesson_progress *lab_lesson_progress_open(const char *name, char **message)
{
    struct lab_lesson_progress *progress = lab_lesson_must(calloc(1, sizeof *progress));
    progress->path = lab_lesson_state_path("lessons", name);
    progress->file = -1;
    *message = progress->path != NULL ? load(progress) : NULL;
    return progress;
}

struct lab_lesson_progress *lab_lesson_progress_look(const char *name)
{
    struct lab_lesson_progress *progress = lab_lesson_must(calloc(1, sizeof *progress));
    size_t length = 0;
    progress->file = -1;
    progress->path = lab_lesson_state_path("lessons", name);
    char *text = progress->path != NULL ? read_bytes(progress->path, &length) : NULL;
    if (text != NULL)
        read_all(progress, text, length);
    free(text);
    return progress;
}

void lab_lesson_progress_free(struct lab_lesson_progress *progress)
{
    if (progress == NULL)
        return;
    if (progress->file >= 0)
        close(progress->file);
    for (unsigned i = 0; i < progress->count; i++) {
        free(progress->answers[i].name);
        free(progress->answers[i].text);
    }
    free(progress->answers);
    free(progress->path);
    free(progress);
}

bool lab_lesson_progress_forget(const char *name)
{
    char *path = lab_lesson_state_path("lessons", name);
    bool good = path != NULL && (unlink(path) == 0 || errno == ENOENT);
    free(path);
    return good;
}

/* ---- What was done ----------------------------------------------------------------------------------------------- */

void lab_lesson_progress_at(struct lab_lesson_progress *progress, unsigned section, unsigned page)
{
    char line[64];
    if (progress->is_begun && progress->section == section && progress->page == page)
        return;
    progress->is_begun = true;
    progress->section = section;
    progress->page = page;
    snprintf(line, sizeof line, "at %u %u\n", section, page);
    write_line(progress, line);
}

void lab_lesson_progress_answer(struct lab_lesson_progress *progress, const char *name, const char *text, bool is_right)
{
    char *line = lab_lesson_must(strdup(text));
    for (char *at = line; *at != '\0'; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
    const struct lab_lesson_answer answer = {.name = (char *)(uintptr_t)name, .text = line, .is_right = is_right};
    write_answer(progress, &answer);
    remember(progress, name, is_right, 0, line);
    free(line);
}

void lab_lesson_progress_done(struct lab_lesson_progress *progress, const char *name, uint64_t steps)
{
    const struct lab_lesson_answer *known = find(progress, name);
    if (known != NULL && known->is_right)
        return;
    remember(progress, name, true, steps, "");
    write_answer(progress, find(progress, name));
}

void lab_lesson_progress_shown(struct lab_lesson_progress *progress, const char *name)
{
    const struct lab_lesson_answer *known = find(progress, name);
    if (known != NULL && (known->is_shown || known->is_right))
        return;
    char *line = lab_lesson_format("shown %s\n", name);
    write_line(progress, line);
    free(line);
    mark_shown(progress, name);
}

void lab_lesson_progress_end(struct lab_lesson_progress *progress)
{
    if (!progress->is_finished)
        write_line(progress, "end\n");
    progress->is_finished = true;
}

const struct lab_lesson_answer *lab_lesson_progress_find(const struct lab_lesson_progress *progress, const char *name)
{
    return find((struct lab_lesson_progress *)(uintptr_t)progress, name);
}

bool lab_lesson_progress_place(const struct lab_lesson_progress *progress, unsigned *section, unsigned *page)
{
    *section = progress->section;
    *page = progress->page;
    return progress->is_begun;
}

bool lab_lesson_progress_is_finished(const struct lab_lesson_progress *progress) { return progress->is_finished; }

/* ---- A line for a list ------------------------------------------------------------------------------------------- */

static void print_done(const struct lab_lesson *lesson, char *text, size_t size)
{
    struct lab_lesson_progress *progress = lab_lesson_progress_look(lesson->head.name);
    unsigned asked = 0, answered = 0;
    for (unsigned i = 0; i < lesson->item_count; i++)
        if (lab_lesson_is_asked(lesson->items[i].kind)) {
            asked++;
            answered += find(progress, lesson->items[i].name) != NULL;
        }
    *text = '\0';
    if (progress->is_finished && answered == asked)
        snprintf(text, size, "%s", _("done"));
    else if (progress->is_begun)
        snprintf(text, size, _("%u of %u"), answered, asked);
    lab_lesson_progress_free(progress);
}

char *lab_lesson_describe(const char *folder, const char *language, unsigned number)
{
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    struct lab_lesson *lesson = lab_lesson_read(folder, language, ignored);
    char done[32], *line;
    if (lesson == NULL) {
        line = lab_lesson_format("%3u  %-22s %s", number, strrchr(folder, '/') + 1, _("cannot be read"));
    } else {
        print_done(lesson, done, sizeof done);
        line = lab_lesson_format(_("%3u  %-22s %3u min  %-10s %s"), number, lesson->head.name, lesson->head.minutes, done,
                                 lesson->head.title);
    }
    lab_lesson_free(lesson);
    isa_diagnostics_free(ignored);
    return line;
}
