/* lessons.c: what can be done with lessons. */
#include "lab/lessons.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lab/language.h"
#include "lab/lesson/lesson.h"

static int finish(struct isa_diagnostics *diagnostics)
{
    fflush(stdout);
    isa_diagnostics_print(diagnostics, stderr);
    int code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_free(diagnostics);
    return code;
}

int lab_lessons_list(const struct lab_lessons *lessons)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char **folders = lab_lesson_find_all(lessons->folder);
    for (unsigned i = 0; folders[i] != NULL; i++) {
        char *line = lab_lesson_describe(folders[i], lessons->language, i + 1);
        puts(line);
        free(line);
    }
    if (folders[0] == NULL)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, "--lessons DIR says where they are", "there are no lessons");
    else
        puts(_("\npg74 lesson NAME (or its number) begins one, or goes on where you were."));
    lab_lesson_free_list(folders);
    return finish(diagnostics);
}

int lab_lessons_reset(const struct lab_lessons *lessons, const char *name)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *folder = lab_lesson_find(lessons->folder, name, diagnostics);
    if (folder != NULL && !lab_lesson_progress_forget(strrchr(folder, '/') + 1))
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "what is kept of '%s' cannot be removed: %s", name,
                              strerror(errno));
    free(folder);
    return finish(diagnostics);
}

static bool export_one(const struct lab_lessons *lessons, const char *folder, FILE *stream)
{
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    struct lab_lesson *lesson = lab_lesson_read(folder, lessons->language, ignored);
    bool is_begun = lesson != NULL && lab_lesson_export(lesson, stream);
    lab_lesson_free(lesson);
    isa_diagnostics_free(ignored);
    return is_begun;
}

int lab_lessons_export(const struct lab_lessons *lessons, const char *name, const char *output)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char **folders = lab_lesson_find_all(lessons->folder), *one = NULL, *text = NULL;
    size_t length = 0;
    int error;
    FILE *stream = open_memstream(&text, &length);
    if (name != NULL)
        one = lab_lesson_find(lessons->folder, name, diagnostics);
    if (one != NULL)
        export_one(lessons, one, stream);
    for (unsigned i = 0; name == NULL && folders[i] != NULL; i++)
        export_one(lessons, folders[i], stream);
    fclose(stream);
    if (isa_diagnostics_count(diagnostics) == 0 && length == 0)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "nothing was done yet");
    else if (output == NULL)
        fwrite(text, 1, length, stdout);
    else if ((error = isa_write_file(output, text, length)) != 0)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "%s cannot be written: %s", output, strerror(error));
    free(text);
    free(one);
    lab_lesson_free_list(folders);
    return finish(diagnostics);
}

struct verified {
    unsigned confirmed, refuted;
};

static void print_finding(void *context, const struct lab_lesson_finding *finding)
{
    struct verified *verified = context;
    printf("%-24s %-24s %s%s%s\n", finding->lesson, finding->name, finding->is_confirmed ? _("confirmed") : _("NOT CONFIRMED"),
           finding->why != NULL ? ": " : "", finding->why != NULL ? finding->why : "");
    *(finding->is_confirmed ? &verified->confirmed : &verified->refuted) += 1;
}

int lab_lessons_verify(const struct lab_lessons *lessons, const char *file)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    const struct lab_lesson_verify_options options = {.lessons = lessons->folder};
    struct verified verified = {0, 0};
    size_t length;
    char *text = isa_read_file(file, &length, diagnostics);
    int code = isa_diagnostics_exit_code(diagnostics);
    if (text != NULL) {
        code = lab_lesson_verify(&options, file, text, print_finding, &verified, diagnostics);
        printf(_("%u confirmed, %u not\n"), verified.confirmed, verified.refuted);
    }
    finish(diagnostics);
    free(text);
    return code;
}

int lab_lessons_check(const struct lab_lessons *lessons, const char *name)
{
    struct isa_diagnostics *all = isa_diagnostics_new();
    char **folders = name != NULL ? NULL : lab_lesson_find_all(lessons->folder);
    char *one = folders == NULL ? lab_lesson_find(lessons->folder, name, all) : NULL, *only[] = {one, NULL};
    char **checked = folders != NULL ? folders : only;
    for (unsigned i = 0; checked[i] != NULL; i++) {
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        lab_lesson_check(checked[i], diagnostics);
        printf("%-24s %s\n", strrchr(checked[i], '/') + 1, isa_diagnostics_total(diagnostics) == 0 ? _("all right") : _("FAILED"));
        isa_diagnostics_move(diagnostics, all);
        isa_diagnostics_free(diagnostics);
    }
    if (folders != NULL && folders[0] == NULL)
        isa_diagnostics_error(all, NULL, ISA_EXIT_NO_INPUT, "--lessons DIR says where they are", "there are no lessons");
    if (folders != NULL)
        lab_lesson_free_list(folders);
    free(one);
    return finish(all);
}

/* The first lesson that is not finished, or the first. */
static char *find_next(const struct lab_lessons *lessons)
{
    char **folders = lab_lesson_find_all(lessons->folder), *found = NULL;
    for (unsigned i = 0; found == NULL && folders[i] != NULL; i++) {
        struct lab_lesson_progress *progress = lab_lesson_progress_look(strrchr(folders[i], '/') + 1);
        if (!lab_lesson_progress_is_finished(progress))
            found = strdup(folders[i]);
        lab_lesson_progress_free(progress);
    }
    if (found == NULL && folders[0] != NULL)
        found = strdup(folders[0]);
    lab_lesson_free_list(folders);
    return found;
}

int lab_lessons_go_through(const struct lab_lessons *lessons, const char *name)
{
    const char *why;
    bool is_screen = !lessons->is_plain && (lessons->screen.keys != NULL || tui_can_show(&why));
    char *next = name == NULL && is_screen ? find_next(lessons) : NULL;
    if (name == NULL && next == NULL)
        return lab_lessons_list(lessons);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct lab_lesson_plain_options plain = {.lessons = lessons->folder, .language = lessons->language};
    struct tui_options screen = lessons->screen;
    char *folder = next != NULL ? next : lab_lesson_find(lessons->folder, name, diagnostics);
    struct lab_lesson *lesson = folder != NULL ? lab_lesson_read(folder, lessons->language, diagnostics) : NULL;
    free(folder);
    if (lesson != NULL && is_screen) { /* what is wrong is said on the screen */
        screen.lesson = lesson;
        screen.lessons = lessons->folder;
        screen.language = lessons->language;
        screen.isa = "pg74";
        screen.is_list_first = name == NULL;
        isa_diagnostics_free(diagnostics);
        return tui_show(&screen);
    }
    int code = finish(diagnostics);
    if (lesson != NULL)
        code = lab_lesson_plain(lesson, &plain);
    lab_lesson_free(lesson);
    return code;
}
