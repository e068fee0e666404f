/* lesson_asked.c: what a page asks: answers, hints, tasks. */
#include "tui/lesson.h"

#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- What is asked ----------------------------------------------------------------------------------------------- */

static void show_end(struct tui_lesson *lesson) { lesson->first_line = lesson->line_count + 1000; }

void tui_lesson_look(struct tui_lesson *lesson, bool is_asked)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(lesson->player);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *reason;
    if (item == NULL || tui_lesson_is_question(item) || (lesson->is_answered && !is_asked)) {
        isa_diagnostics_free(diagnostics);
        return;
    }
    if (item->kind == LAB_LESSON_TASK) {
        tui_lesson_close_others(lesson, tui_lesson_machine(lesson));
        tui_show_all(lesson->tui, _("Trying it. Ctrl-C stops."));
    }
    bool is_done = lab_lesson_player_is_done(lesson->player, &reason, diagnostics);
    if (tui_lesson_machine(lesson) != NULL)
        lesson->machine->has_gone_back = true;
    if (is_done) {
        lesson->is_answered = true;
        tui_lesson_set_verdict(lesson, _("Done. Enter goes on."));
    } else if (is_asked) {
        char verdict[1024];
        snprintf(verdict, sizeof verdict, reason != NULL ? _("Not yet: %s") : _("Not yet."), reason);
        tui_lesson_set_verdict(lesson, verdict);
    }
    if (is_done || is_asked)
        show_end(lesson);
    free(reason);
    tui_lesson_say_problem(lesson, diagnostics);
}

static void judge(struct tui_lesson *lesson, const struct lab_lesson_item *item, const char *answer)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    enum lab_lesson_judgement judgement = lab_lesson_player_answer(lesson->player, answer, diagnostics);
    bool is_right = judgement == LAB_LESSON_RIGHT;
    if (judgement == LAB_LESSON_NO_ANSWER) {
        tui_say(lesson->tui, item->choice_count > 0 ? _("There are %u choices.") : _("That is no number."), item->choice_count);
    } else {
        lesson->given = item->choice_count > 0 ? answer[0] - '1' : -1;
        lesson->is_answered = is_right || item->kind == LAB_LESSON_PREDICT;
        if (!lesson->is_answered) {
            tui_lesson_set_verdict(lesson, _("That is not it. Try again; N goes on without."));
        } else if (is_right) {
            tui_lesson_set_verdict(lesson, _("Right."));
        } else {
            char verdict[128], *right = lab_lesson_right_answer(lesson->lesson, item, diagnostics);
            snprintf(verdict, sizeof verdict, _("It is %s."), right);
            tui_lesson_set_verdict(lesson, verdict);
            free(right);
        }
        show_end(lesson);
    }
    tui_lesson_say_problem(lesson, diagnostics);
}

void tui_lesson_ask_number(struct tui_lesson *lesson, const struct lab_lesson_item *item)
{
    char answer[64];
    if (tui_ask(lesson->tui, _("Your answer (a number):"), answer, sizeof answer))
        judge(lesson, item, answer);
}

/* A digit: the number of a choice, or the first of a number. */
static void answer(struct tui_lesson *lesson)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(lesson->player);
    struct tui *tui = lesson->tui;
    char digit[2] = {(char)tui->key, '\0'};
    if (!tui_lesson_is_question(item) || lesson->is_answered) {
        tui_say(tui, _("Nothing is asked here. F2 is the machine, F9 this."));
    } else if (item->choice_count > 0) {
        judge(lesson, item, digit);
    } else {
        if (tui->keys == NULL)
            ungetch(tui->key);
        else
            tui->keys--;
        tui_lesson_ask_number(lesson, item);
    }
}

static void hint(struct tui_lesson *lesson)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(lesson->player);
    if (item == NULL || item->hint_count == 0)
        tui_say(lesson->tui, _("There is no hint here."));
    else if (lesson->hints == item->hint_count)
        tui_say(lesson->tui, _("There are no more hints; V shows the solution."));
    else
        lesson->hints++;
    show_end(lesson);
}

static void solve(struct tui_lesson *lesson)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(lesson->player);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (item == NULL || lesson->is_answered) {
        tui_say(lesson->tui, _("Nothing is asked here."));
    } else if (lab_lesson_player_solve(lesson->player, diagnostics)) {
        if (tui_lesson_machine(lesson) != NULL) {
            tui_machine_moved(lesson->machine);
            lesson->machine->has_gone_back = true;
        }
        if (tui_lesson_is_question(item)) {
            char *right = lab_lesson_right_answer(lesson->lesson, item, diagnostics);
            judge(lesson, item, right);
            free(right);
        } else {
            tui_lesson_look(lesson, true);
        }
    }
    tui_lesson_say_problem(lesson, diagnostics);
}

/* Is it the word, in the reader's language or in English, or how it begins? */
static bool is_yes(const char *answer)
{
    size_t length = strlen(answer);
    return length > 0 && (strncmp(answer, _("yes"), length) == 0 || strncasecmp(answer, "yes", length) == 0);
}

static void restore(struct tui_lesson *lesson)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(lesson->player);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char answer[16];
    if (item == NULL || item->kind != LAB_LESSON_TASK)
        tui_say(lesson->tui, _("There are no files to edit on this page."));
    else if (tui_ask(lesson->tui, _("Give up your files, and take those of the lesson? (yes)"), answer, sizeof answer) &&
             is_yes(answer) && lab_lesson_player_restore(lesson->player, item, diagnostics))
        tui_say(lesson->tui, _("Your files are as they were at first."));
    tui_lesson_say_problem(lesson, diagnostics);
}

static void again(struct tui_lesson *lesson)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    lab_lesson_player_drop_machine(lesson->player);
    lab_lesson_player_open(lesson->player, lab_lesson_player_page(lesson->player), diagnostics);
    if (tui_lesson_machine(lesson) != NULL)
        tui_machine_moved(lesson->machine);
    tui_say(lesson->tui, _("The machine is as it was when this page began."));
    tui_lesson_say_problem(lesson, diagnostics);
}

bool tui_lesson_do(struct tui_lesson *lesson, enum tui_command command)
{
    switch (command) {
    case TUI_ANSWER: answer(lesson); return true;
    case TUI_HINT: hint(lesson); return true;
    case TUI_SOLVE: solve(lesson); return true;
    case TUI_AGAIN: again(lesson); return true;
    case TUI_EDIT: tui_lesson_edit(lesson); return true;
    case TUI_RESTORE: restore(lesson); return true;
    case TUI_CHECK:
        if (lab_lesson_player_asked(lesson->player) == NULL || tui_lesson_is_question(lab_lesson_player_asked(lesson->player)))
            tui_say(lesson->tui, _("There is nothing to be done on this page."));
        tui_lesson_look(lesson, true);
        return true;
    default: return false;
    }
}
