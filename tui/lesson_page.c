/* lesson_page.c: the lesson that is open: its page, its live machine. */
#include "tui/lesson.h"

#include <stdlib.h>
#include <string.h>

/* ---- The machine ------------------------------------------------------------------------------------------------- */

bool tui_lesson_is_open(const struct tui *tui, const struct tui_machine *machine)
{
    for (unsigned i = 0; machine != NULL && i < tui->machine_count; i++)
        if (tui->machines[i] == machine)
            return true;
    return false;
}

/* Who is looking at machines may have closed it. */
struct tui_machine *tui_lesson_machine(struct tui_lesson *lesson)
{
    if (!tui_lesson_is_open(lesson->tui, lesson->machine))
        lesson->machine = NULL;
    return lesson->machine;
}

void tui_lesson_close_others(struct tui_lesson *lesson, const struct tui_machine *but)
{
    struct tui *tui = lesson->tui;
    for (unsigned i = tui->machine_count; i-- > 0;)
        if (tui->machines[i] != but)
            tui_close_machine(tui, i);
    lesson->tried = NULL;
}

/* Machines that were cloned from the live one go with it: its programs do, too. */
static void renew(void *context, struct machine *machine, const struct lab_programs *programs)
{
    struct tui_lesson *lesson = context;
    struct tui *tui = lesson->tui;
    tui_lesson_close_others(lesson, NULL);
    lesson->machine = NULL;
    if (machine == NULL)
        return;
    const struct tui_open open = {machine, programs, lab_lesson_player_machine_name(lesson->player)};
    struct tui_machine *new = tui_machine_new(&open);
    if (tui_add_machine(tui, new)) {
        lesson->machine = new;
        tui->current = tui->machine_count - 1;
    }
}

/* ---- Pages ------------------------------------------------------------------------------------------------------- */

void tui_lesson_say_problem(struct tui_lesson *lesson, struct isa_diagnostics *diagnostics)
{
    if (isa_diagnostics_count(diagnostics) > 0) {
        free(lesson->problem);
        lesson->problem = strdup(isa_diagnostics_message(diagnostics, 0));
    }
    isa_diagnostics_free(diagnostics);
}

void tui_lesson_set_verdict(struct tui_lesson *lesson, const char *text)
{
    free(lesson->verdict);
    lesson->verdict = strdup(text);
}

bool tui_lesson_is_question(const struct lab_lesson_item *item)
{
    return item != NULL && (item->kind == LAB_LESSON_PREDICT || item->kind == LAB_LESSON_QUESTION);
}

/* What was answered before is shown as answered. */
static void recall(struct tui_lesson *lesson)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(lesson->player);
    const struct lab_lesson_answer *known = lab_lesson_player_known(lesson->player);
    bool is_done = known != NULL && (known->is_right || (item->kind == LAB_LESSON_PREDICT && *known->text != '\0'));
    lesson->is_answered = item == NULL || is_done;
    lesson->given = is_done && item->choice_count > 0 && known->text[0] >= '1' && known->text[0] <= '9' ? known->text[0] - '1' : -1;
    if (is_done && !tui_lesson_is_question(item))
        tui_lesson_set_verdict(lesson, _("You have done this before."));
}

/* Does a page show what machines and programs must first compute? */
static bool is_slow(const struct tui_lesson *lesson, unsigned number)
{
    const struct lab_lesson_page *page = lab_lesson_page(lesson->lesson, number);
    for (unsigned i = 0; i < page->count; i++) {
        enum lab_lesson_kind kind = lab_lesson_item(lesson->lesson, page->first + i)->kind;
        if (kind == LAB_LESSON_FIGURE || kind == LAB_LESSON_COMMAND || kind == LAB_LESSON_SHOW)
            return true;
    }
    return false;
}

void tui_lesson_open_page(struct tui_lesson *lesson, unsigned page)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (lesson->texts != NULL && lesson->tui->screen == &tui_lesson_screen && is_slow(lesson, page))
        tui_show_all(lesson->tui, _("One moment."));
    if (tui_lesson_machine(lesson) == NULL)
        lab_lesson_player_drop_machine(lesson->player); /* who looked at machines may have closed it */
    tui_lesson_forget(lesson);
    lab_lesson_player_open(lesson->player, page, diagnostics);
    tui_lesson_say_problem(lesson, diagnostics);
    if (tui_lesson_machine(lesson) != NULL) {
        tui_machine_moved(lesson->machine);
        tui_machine_remember(lesson->machine);
    }
    tui_lesson_fill(lesson);
    lesson->hints = 0;
    lesson->first_line = 0;
    recall(lesson);
    tui_lesson_watch(lesson);
}

void tui_lesson_begin(struct tui_lesson *lesson, struct lab_lesson *text)
{
    char *message;
    lesson->lesson = text;
    lesson->player = lab_lesson_player_new(text);
    lesson->progress = lab_lesson_progress_open(lab_lesson_head(text)->name, &message);
    lab_lesson_player_keep(lesson->player, lesson->progress);
    lab_lesson_stop_when(text, tui_attention, NULL);
    lab_lesson_player_watch(lesson->player, renew, lesson);
    tui_lesson_open_page(lesson, lab_lesson_player_place(lesson->player));
    if (message != NULL)
        tui_say(lesson->tui, "%s", message);
    free(message);
}

void tui_lesson_end(struct tui_lesson *lesson)
{
    tui_lesson_forget(lesson);
    lab_lesson_player_free(lesson->player);
    lab_lesson_progress_free(lesson->progress);
    lab_lesson_free(lesson->lesson);
}

struct tui_lesson *tui_lesson_new(struct tui *tui, struct lab_lesson *text)
{
    struct tui_lesson *lesson = calloc(1, sizeof *lesson);
    if (lesson == NULL)
        abort();
    lesson->tui = tui;
    lesson->watched = -1;
    tui_lesson_begin(lesson, text);
    return lesson;
}

void tui_lesson_free(struct tui_lesson *lesson)
{
    if (lesson == NULL)
        return;
    tui_lesson_end(lesson);
    tui_lesson_watch(lesson);
    free(lesson);
}
