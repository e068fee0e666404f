/* lesson_work.c: the reader's files of a task: the editor, and seeing that they were saved. */
#include "tui/lesson.h"

#include <errno.h>
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/* ---- Seeing changes ---------------------------------------------------------------------------------------------- */

static bool is_task(const struct tui_lesson *lesson)
{
    const struct lab_lesson_item *item = lesson->texts != NULL ? lab_lesson_player_asked(lesson->player) : NULL;
    return item != NULL && item->kind == LAB_LESSON_TASK;
}

static bool is_own_file(struct tui_lesson *lesson, const char *name)
{
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    const char *file;
    char *path;
    bool is_found = false;
    for (unsigned i = 0; !is_found && (path = lab_lesson_player_file(lesson->player, lab_lesson_player_asked(lesson->player), i, &file,
                                                                     ignored)) != NULL; i++) {
        is_found = strcmp(file, name) == 0;
        free(path);
    }
    isa_diagnostics_free(ignored);
    return is_found;
}

/* Editors write in the place, or a new file that takes the name of the old one. */
void tui_lesson_watch(struct tui_lesson *lesson)
{
    if (lesson->watched >= 0)
        close(lesson->watched);
    lesson->watched = -1;
    if (!is_task(lesson) || lab_lesson_player_work(lesson->player) == NULL)
        return;
    is_own_file(lesson, ""); /* which makes them */
    lesson->watched = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (lesson->watched >= 0 &&
        inotify_add_watch(lesson->watched, lab_lesson_player_work(lesson->player), IN_CLOSE_WRITE | IN_MOVED_TO) < 0) {
        close(lesson->watched);
        lesson->watched = -1;
    }
}

bool tui_lesson_has_changed(struct tui_lesson *lesson)
{
    char bytes[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    bool is_changed = false;
    ssize_t length;
    while (lesson->watched >= 0 && (length = read(lesson->watched, bytes, sizeof bytes)) > 0)
        for (char *at = bytes; at < bytes + length;) {
            const struct inotify_event *event = (const struct inotify_event *)(void *)at;
            is_changed |= event->len > 0 && is_own_file(lesson, event->name);
            at += sizeof *event + event->len;
        }
    return is_changed;
}

/* ---- The editor -------------------------------------------------------------------------------------------------- */

static void append_quoted(FILE *stream, const char *path)
{
    fputs(" '", stream);
    for (; *path != '\0'; path++)
        if (*path == '\'')
            fputs("'\\''", stream);
        else
            fputc(*path, stream);
    fputc('\'', stream);
}

/* "$VISUAL file file": by a shell, for the variable may have options in it. */
static char *editor_command(struct tui_lesson *lesson, const struct lab_lesson_item *item)
{
    const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *command = NULL, *path;
    size_t length;
    unsigned count = 0;
    FILE *stream = open_memstream(&command, &length);
    if (stream == NULL)
        abort();
    fputs(visual != NULL && *visual != '\0' ? visual : editor != NULL && *editor != '\0' ? editor : "vi", stream);
    for (; (path = lab_lesson_player_file(lesson->player, item, count, NULL, diagnostics)) != NULL; count++) {
        append_quoted(stream, path);
        free(path);
    }
    fclose(stream);
    if (isa_diagnostics_count(diagnostics) > 0)
        tui_say(lesson->tui, "%s", isa_diagnostics_message(diagnostics, 0));
    isa_diagnostics_free(diagnostics);
    if (count > 0)
        return command;
    free(command);
    return NULL;
}

void tui_lesson_edit(struct tui_lesson *lesson)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(lesson->player);
    char *command = is_task(lesson) ? editor_command(lesson, item) : NULL;
    if (command == NULL) {
        tui_say(lesson->tui, _("There are no files to edit on this page."));
        return;
    }
    if (lesson->tui->keys != NULL) {
        tui_say(lesson->tui, "%s", command);
        free(command);
        return;
    }
    def_prog_mode();
    endwin();
    int status = system(command);
    reset_prog_mode();
    clearok(stdscr, TRUE);
    refresh();
    bool is_changed = tui_lesson_has_changed(lesson);
    if (status != 0)
        tui_say(lesson->tui, _("The editor did not work (%s); EDITOR names another."), command);
    else if (is_changed || lesson->watched < 0)
        tui_lesson_look(lesson, true);
    free(command);
}
