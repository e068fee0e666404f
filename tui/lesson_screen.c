/* lesson_screen.c: a lesson: its text beside its live machine. */
#include "tui/lesson.h"

#include <ncurses.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE = 132 /* columns for text beside machine */, REGISTERS = 36, MACHINE = 80, MOST_TEXT = 78, NARROW_CODE = 76 };

/* ---- The machine ------------------------------------------------------------------------------------------------- */

static bool is_open(const struct tui *tui, const struct tui_machine *machine)
{
    for (unsigned i = 0; machine != NULL && i < tui->machine_count; i++)
        if (tui->machines[i] == machine)
            return true;
    return false;
}

/* Who is looking at machines may have closed it. */
static struct tui_machine *live_machine(struct tui_lesson *lesson)
{
    if (!is_open(lesson->tui, lesson->machine))
        lesson->machine = NULL;
    return lesson->machine;
}

static void close_others(struct tui_lesson *lesson, const struct tui_machine *but)
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
    close_others(lesson, NULL);
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

static void say_problem(struct tui_lesson *lesson, struct isa_diagnostics *diagnostics)
{
    if (isa_diagnostics_count(diagnostics) > 0) {
        free(lesson->problem);
        lesson->problem = strdup(isa_diagnostics_message(diagnostics, 0));
    }
    isa_diagnostics_free(diagnostics);
}

static void set_verdict(struct tui_lesson *lesson, const char *text)
{
    free(lesson->verdict);
    lesson->verdict = strdup(text);
}

static bool is_question(const struct lab_lesson_item *item)
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
    if (is_done && !is_question(item))
        set_verdict(lesson, _("You have done this before."));
}

void tui_lesson_open_page(struct tui_lesson *lesson, unsigned page)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    tui_lesson_forget(lesson);
    lab_lesson_player_open(lesson->player, page, diagnostics);
    say_problem(lesson, diagnostics);
    if (live_machine(lesson) != NULL) {
        tui_machine_moved(lesson->machine);
        tui_machine_remember(lesson->machine);
    }
    tui_lesson_fill(lesson);
    lesson->hints = 0;
    lesson->first_line = 0;
    recall(lesson);
    tui_lesson_watch(lesson);
}

static void begin(struct tui_lesson *lesson, struct lab_lesson *text)
{
    char *message;
    lesson->lesson = text;
    lesson->player = lab_lesson_player_new(text);
    lesson->progress = lab_lesson_progress_open(lab_lesson_head(text)->name, &message);
    lab_lesson_player_keep(lesson->player, lesson->progress);
    lab_lesson_player_watch(lesson->player, renew, lesson);
    tui_lesson_open_page(lesson, lab_lesson_player_place(lesson->player));
    if (message != NULL)
        tui_say(lesson->tui, "%s", message);
    free(message);
}

static void end(struct tui_lesson *lesson)
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
    begin(lesson, text);
    return lesson;
}

void tui_lesson_free(struct tui_lesson *lesson)
{
    if (lesson == NULL)
        return;
    end(lesson);
    tui_lesson_watch(lesson);
    free(lesson);
}

/* ---- Painting ---------------------------------------------------------------------------------------------------- */

static void paint_title(struct tui_lesson *lesson)
{
    const struct lab_lesson_page *page = lab_lesson_page(lesson->lesson, lab_lesson_player_page(lesson->player));
    struct tui_text text;
    tui_text_open(&text);
    tui_put(&text, TUI_TITLE, " %s", lab_lesson_head(lesson->lesson)->title);
    tui_put(&text, TUI_TITLE, _("   %u. %s   page %u of %u"), page->section + 1, lab_lesson_section(lesson->lesson, page->section)->title,
            lab_lesson_player_page(lesson->player) + 1, lab_lesson_page_count(lesson->lesson));
    tui_put(&text, TUI_TITLE, "%*s", tui_columns(), "");
    tui_draw(lesson->tui->terminal, 0, 0, 1, tui_columns(), &text);
    tui_text_free(&text);
}

/* The part of a text that begins so many lines down. */
static struct tui_text below(const struct tui_text *text, int lines)
{
    const char *bytes = text->bytes;
    while (lines-- > 0 && strchr(bytes, '\n') != NULL)
        bytes = strchr(bytes, '\n') + 1;
    return (struct tui_text){.bytes = (char *)(uintptr_t)bytes, .length = text->length - (size_t)(bytes - text->bytes)};
}

static int count_lines(const struct tui_text *text)
{
    int lines = 0;
    for (size_t i = 0; i < text->length; i++)
        lines += text->bytes[i] == '\n';
    return lines;
}

/* The last line tells that there is more. */
static void paint_text(struct tui_lesson *lesson, int top, int lines, int columns)
{
    struct tui_text text, more;
    tui_text_open(&text);
    tui_lesson_put(lesson, &text, columns - 2 < MOST_TEXT ? columns - 2 : MOST_TEXT);
    lesson->line_count = count_lines(&text);
    bool fits = lesson->line_count <= lines;
    lesson->shown_lines = fits ? lines : lines - 1;
    int most = lesson->line_count - lesson->shown_lines;
    lesson->first_line = lesson->first_line > most ? most : lesson->first_line;
    lesson->first_line = lesson->first_line < 0 ? 0 : lesson->first_line;
    struct tui_text shown = below(&text, lesson->first_line), margin = {.bytes = (char[1]){'\0'}};
    tui_draw(lesson->tui->terminal, top, 0, lines, 1, &margin);
    tui_draw(lesson->tui->terminal, top, 1, lesson->shown_lines, columns - 1, &shown);
    if (!fits) {
        int left = most - lesson->first_line;
        tui_text_open(&more);
        tui_put(&more, TUI_DIM, left > 0 ? _("-- %d more lines: Enter reads on, Up and Down scroll --") : _("-- Up scrolls back --"), left);
        tui_draw(lesson->tui->terminal, top + lines - 1, 1, 1, columns - 1, &more);
        tui_text_free(&more);
    }
    tui_text_free(&text);
    lesson->tui->cursor_line = top;
    lesson->tui->cursor_column = 0;
}

typedef void put_pane(const struct tui_machine *screen, struct tui_text *text, int lines);

static void draw_pane(struct tui *tui, const struct tui_machine *machine, put_pane *put, int top, int left, int lines, int columns)
{
    struct tui_text text;
    tui_text_open(&text);
    put(machine, &text, lines);
    tui_draw(tui->terminal, top, left, lines, columns, &text);
    tui_text_free(&text);
}

static void paint_code(struct tui *tui, struct tui_machine *machine, int top, int left, int lines, int columns)
{
    struct tui_text text;
    bool by_source = tui_machine_has_source(machine) && !machine->shows_disassembly;
    tui_text_open(&text);
    if (by_source)
        tui_machine_put_source(tui, machine, &text, lines);
    else
        tui_machine_put_disassembly(tui, machine, &text, lines);
    tui_draw(tui->terminal, top, left, lines, columns, &text);
    tui_text_free(&text);
}

/* Title and PSW; code and registers, beside or above each other; memory, events, consoles. */
static void paint_machine(struct tui *tui, struct tui_machine *machine, int top, int left, int lines, int columns)
{
    int consoles = lines >= 16 ? 4 : lines >= 10 ? 2 : 1, events = lines >= 16 ? 3 : 1, rest = lines - 3 - consoles - events;
    bool is_beside = columns >= NARROW_CODE;
    int code = is_beside ? rest : rest / 2;
    struct tui_text text;
    tui_text_open(&text);
    tui_machine_put_title(machine, &text);
    tui_put(&text, TUI_PLAIN, "\n");
    tui_machine_put_psw(machine, &text);
    tui_draw(tui->terminal, top, left, 2, columns, &text);
    tui_text_free(&text);
    paint_code(tui, machine, top + 2, left, code, is_beside ? columns - REGISTERS : columns);
    if (is_beside)
        draw_pane(tui, machine, tui_machine_put_registers, top + 2, left + columns - REGISTERS, rest, REGISTERS);
    else
        draw_pane(tui, machine, tui_machine_put_registers, top + 2 + code, left, rest - code, columns);
    tui_text_open(&text);
    tui_machine_put_map(tui, machine, &text, columns);
    tui_draw(tui->terminal, top + 2 + rest, left, 1, columns, &text);
    tui_text_free(&text);
    draw_pane(tui, machine, tui_machine_put_events, top + 3 + rest, left, events, columns);
    draw_pane(tui, machine, tui_machine_put_consoles, top + 3 + rest + events, left, consoles, columns);
}

static void paint(struct tui *tui, void *state)
{
    struct tui_lesson *lesson = state;
    int lines = tui_lines() - 2, columns = tui_columns(), left = columns - MACHINE - 2;
    struct tui_machine *machine = lesson->is_text_alone ? NULL : live_machine(lesson);
    paint_title(lesson);
    if (machine == NULL) {
        paint_text(lesson, 1, lines, columns);
    } else if (columns >= WIDE) {
        left = left > MOST_TEXT + 3 ? MOST_TEXT + 3 : left;
        paint_text(lesson, 1, lines, left);
        for (int i = 0; i < lines; i++) {
            struct tui_text rule;
            tui_text_open(&rule);
            tui_put(&rule, TUI_DIM, "%s", tui_glyph(tui->terminal, TUI_VERTICAL));
            tui_draw(tui->terminal, 1 + i, left, 1, 2, &rule);
            tui_text_free(&rule);
        }
        paint_machine(tui, machine, 1, left + 2, lines, columns - left - 2);
    } else {
        int part = lines * 13 / 22;
        paint_text(lesson, 1, part, columns);
        paint_machine(tui, machine, 1 + part, 0, lines - part, columns);
    }
}

/* ---- What is asked ----------------------------------------------------------------------------------------------- */

static void show_end(struct tui_lesson *lesson) { lesson->first_line = lesson->line_count + 1000; }

void tui_lesson_look(struct tui_lesson *lesson, bool is_asked)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(lesson->player);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *reason;
    if (item == NULL || is_question(item) || (lesson->is_answered && !is_asked)) {
        isa_diagnostics_free(diagnostics);
        return;
    }
    if (item->kind == LAB_LESSON_TASK)
        close_others(lesson, live_machine(lesson));
    bool is_done = lab_lesson_player_is_done(lesson->player, &reason, diagnostics);
    if (live_machine(lesson) != NULL)
        lesson->machine->has_gone_back = true;
    if (is_done) {
        lesson->is_answered = true;
        set_verdict(lesson, _("Done. Enter goes on."));
    } else if (is_asked) {
        char verdict[1024];
        snprintf(verdict, sizeof verdict, reason != NULL ? _("Not yet: %s") : _("Not yet."), reason);
        set_verdict(lesson, verdict);
    }
    if (is_done || is_asked)
        show_end(lesson);
    free(reason);
    say_problem(lesson, diagnostics);
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
            set_verdict(lesson, _("That is not it. Try again; N goes on without."));
        } else if (is_right) {
            set_verdict(lesson, _("Right."));
        } else {
            char verdict[128], *right = lab_lesson_right_answer(lesson->lesson, item, diagnostics);
            snprintf(verdict, sizeof verdict, _("It is %s."), right);
            set_verdict(lesson, verdict);
            free(right);
        }
        show_end(lesson);
    }
    say_problem(lesson, diagnostics);
}

static void ask_number(struct tui_lesson *lesson, const struct lab_lesson_item *item)
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
    if (!is_question(item) || lesson->is_answered) {
        tui_say(tui, _("Nothing is asked here. F2 is the machine, F9 this."));
    } else if (item->choice_count > 0) {
        judge(lesson, item, digit);
    } else {
        if (tui->keys == NULL)
            ungetch(tui->key);
        else
            tui->keys--;
        ask_number(lesson, item);
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
        if (live_machine(lesson) != NULL) {
            tui_machine_moved(lesson->machine);
            lesson->machine->has_gone_back = true;
        }
        if (is_question(item)) {
            char *right = lab_lesson_right_answer(lesson->lesson, item, diagnostics);
            judge(lesson, item, right);
            free(right);
        } else {
            tui_lesson_look(lesson, true);
        }
    }
    say_problem(lesson, diagnostics);
}

/* ---- Going ------------------------------------------------------------------------------------------------------- */

static void next_page(struct tui_lesson *lesson)
{
    unsigned page = lab_lesson_player_page(lesson->player);
    if (page + 1 < lab_lesson_page_count(lesson->lesson))
        tui_lesson_open_page(lesson, page + 1);
    else
        tui_say(lesson->tui, _("This is the end of the lesson. L lists all of them, q leaves."));
}

static void go_on(struct tui_lesson *lesson)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(lesson->player);
    if (lesson->first_line + lesson->shown_lines < lesson->line_count)
        lesson->first_line += lesson->shown_lines - 1;
    else if (lesson->is_answered)
        next_page(lesson);
    else if (!is_question(item))
        tui_lesson_look(lesson, true);
    else if (item->choice_count > 0)
        tui_say(lesson->tui, _("Type the number of your choice, 1 to %u; N goes on without."), item->choice_count);
    else
        ask_number(lesson, item);
}

static void page_before(struct tui_lesson *lesson)
{
    unsigned page = lab_lesson_player_page(lesson->player);
    if (page > 0)
        tui_lesson_open_page(lesson, page - 1);
    else
        tui_say(lesson->tui, _("This is the start of the lesson."));
}

static void search(struct tui_lesson *lesson)
{
    char word[64];
    unsigned page;
    if (!tui_ask(lesson->tui, _("Search for:"), word, sizeof word))
        return;
    if (lab_lesson_search(lesson->lesson, word, lab_lesson_player_page(lesson->player) + 1, &page))
        tui_lesson_open_page(lesson, page);
    else
        tui_say(lesson->tui, _("'%s' does not occur."), word);
}

static void choose_section(struct tui_lesson *lesson)
{
    unsigned count = lab_lesson_section_count(lesson->lesson);
    char **lines = calloc(count + 1, sizeof *lines);
    if (lines == NULL)
        abort();
    for (unsigned i = 0; i < count; i++)
        if (asprintf(&lines[i], "%2u. %s", i + 1, lab_lesson_section(lesson->lesson, i)->title) < 0)
            abort();
    unsigned here = lab_lesson_page(lesson->lesson, lab_lesson_player_page(lesson->player))->section;
    int chosen = tui_choose(lesson->tui, lab_lesson_head(lesson->lesson)->title, lines, count, here);
    if (chosen >= 0)
        tui_lesson_open_page(lesson, lab_lesson_section(lesson->lesson, (unsigned)chosen)->first_page);
    for (unsigned i = 0; i < count; i++)
        free(lines[i]);
    free(lines);
}

static void choose_lesson(struct tui_lesson *lesson)
{
    const struct tui_options *options = lesson->tui->options;
    char **folders = lab_lesson_find_all(options->lessons);
    unsigned count = 0, here = 0;
    while (folders[count] != NULL)
        count++;
    char **lines = calloc(count + 1, sizeof *lines);
    if (lines == NULL)
        abort();
    for (unsigned i = 0; i < count; i++) {
        lines[i] = lab_lesson_describe(folders[i], options->language, i + 1);
        if (strcmp(strrchr(folders[i], '/') + 1, lab_lesson_head(lesson->lesson)->name) == 0)
            here = i;
    }
    int chosen = tui_choose(lesson->tui, _("Lessons"), lines, count, here);
    if (chosen >= 0) {
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        struct lab_lesson *other = lab_lesson_read(folders[chosen], options->language, diagnostics);
        if (other != NULL) {
            end(lesson);
            begin(lesson, other);
        } else {
            tui_say(lesson->tui, "%s", isa_diagnostics_message(diagnostics, 0));
        }
        isa_diagnostics_free(diagnostics);
    }
    for (unsigned i = 0; i < count; i++)
        free(lines[i]);
    free(lines);
    lab_lesson_free_list(folders);
}

/* The machine that a task was tried on, from its start on, so that one can go back from where it stands. */
static void show_tried(struct tui_lesson *lesson)
{
    const struct lab_programs *programs;
    struct machine *machine = lab_lesson_player_tried(lesson->player, &programs);
    struct tui *tui = lesson->tui;
    if (machine == NULL) {
        tui_say(tui, _("Nothing was tried on a machine yet; c tries it."));
        return;
    }
    if (!is_open(tui, lesson->tried)) {
        uint64_t steps = machine_time(machine).instructions + machine_time(machine).traps;
        machine_history_back(machine, steps);
        const struct tui_open open = {machine, programs, "tried"};
        lesson->tried = tui_machine_new(&open);
        if (!tui_add_machine(tui, lesson->tried)) {
            lesson->tried = NULL;
            return;
        }
        machine_run(machine, steps);
        tui_machine_moved(lesson->tried);
    }
    for (unsigned i = 0; i < tui->machine_count; i++)
        if (tui->machines[i] == lesson->tried)
            tui->current = i;
    tui_go_to_screen(tui, &tui_machine_screen);
    tui_say(tui, _("Here your program stands now: b goes back. F9 comes back to the lesson."));
}

static void restore(struct tui_lesson *lesson)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(lesson->player);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char yes[8];
    if (item == NULL || item->kind != LAB_LESSON_TASK)
        tui_say(lesson->tui, _("There are no files to edit on this page."));
    else if (tui_ask(lesson->tui, _("Give up your files, and take those of the lesson? (yes)"), yes, sizeof yes) &&
             (yes[0] == 'y' || yes[0] == 'Y') && lab_lesson_player_restore(lesson->player, item, diagnostics))
        tui_say(lesson->tui, _("Your files are as they were at first."));
    say_problem(lesson, diagnostics);
}

/* ---- Commands ---------------------------------------------------------------------------------------------------- */

static bool move_text(struct tui_lesson *lesson, enum tui_command command)
{
    int page = lesson->shown_lines > 1 ? lesson->shown_lines - 1 : 1;
    switch (command) {
    case TUI_UP: lesson->first_line--; return true;
    case TUI_DOWN: lesson->first_line++; return true;
    case TUI_PAGE_UP: lesson->first_line -= page; return true;
    case TUI_PAGE_DOWN: lesson->first_line += page; return true;
    default: return false;
    }
}

static bool go_elsewhere(struct tui_lesson *lesson, enum tui_command command)
{
    switch (command) {
    case TUI_GO_ON: go_on(lesson); return true;
    case TUI_PAGE_BEFORE: page_before(lesson); return true;
    case TUI_SKIP: next_page(lesson); return true;
    case TUI_SEARCH: search(lesson); return true;
    case TUI_SECTIONS: choose_section(lesson); return true;
    case TUI_LESSONS: choose_lesson(lesson); return true;
    case TUI_FAILED: show_tried(lesson); return true;
    default: return false;
    }
}

static void again(struct tui_lesson *lesson)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    lab_lesson_player_open(lesson->player, lab_lesson_player_page(lesson->player), diagnostics);
    if (live_machine(lesson) != NULL)
        tui_machine_moved(lesson->machine);
    tui_say(lesson->tui, _("The machine is as it was when this page began."));
    say_problem(lesson, diagnostics);
}

static bool do_asked(struct tui_lesson *lesson, enum tui_command command)
{
    switch (command) {
    case TUI_ANSWER: answer(lesson); return true;
    case TUI_HINT: hint(lesson); return true;
    case TUI_SOLVE: solve(lesson); return true;
    case TUI_AGAIN: again(lesson); return true;
    case TUI_EDIT: tui_lesson_edit(lesson); return true;
    case TUI_RESTORE: restore(lesson); return true;
    case TUI_CHECK:
        if (lab_lesson_player_asked(lesson->player) == NULL || is_question(lab_lesson_player_asked(lesson->player)))
            tui_say(lesson->tui, _("There is nothing to be done on this page."));
        tui_lesson_look(lesson, true);
        return true;
    default: return false;
    }
}

/* What moves the machine may be what was to be done. */
static bool command(struct tui *tui, void *state, enum tui_command command)
{
    struct tui_lesson *lesson = state;
    struct tui_machine *machine = live_machine(lesson);
    if (command == TUI_LAYOUT) {
        lesson->is_text_alone = !lesson->is_text_alone;
        return true;
    }
    if (move_text(lesson, command) || go_elsewhere(lesson, command) || do_asked(lesson, command))
        return true;
    if (machine == NULL) {
        tui_say(tui, _("There is no machine on this page."));
        return true;
    }
    if (command == TUI_VIEW)
        machine->shows_disassembly = !machine->shows_disassembly;
    else if (command == TUI_HERE)
        tui_machine_look_here(machine);
    else if (!tui_machine_command(tui, machine, command))
        return false;
    lab_debug_refresh(lab_lesson_player_machine(lesson->player));
    if (!machine->is_paced)
        tui_lesson_look(lesson, false);
    return true;
}

static int pace(void *state)
{
    enum { LOOK = 250 /* ms between looks whether files were saved */ };
    struct tui_lesson *lesson = state;
    int machine = live_machine(lesson) != NULL ? tui_machine_pace(lesson->machine) : -1;
    return machine >= 0 ? machine : lesson->watched >= 0 && lesson->tui->keys == NULL ? LOOK : -1;
}

static void tick(struct tui *tui, void *state)
{
    struct tui_lesson *lesson = state;
    if (live_machine(lesson) != NULL && tui_machine_pace(lesson->machine) >= 0) {
        tui_machine_tick(tui, lesson->machine);
        tui_lesson_look(lesson, false);
    }
    if (tui_lesson_has_changed(lesson))
        tui_lesson_look(lesson, true);
}

static void *lesson_state(struct tui *tui)
{
    if (tui->lesson == NULL)
        tui_say(tui, _("No lesson is open; 'pg74 lesson' opens one."));
    return tui->lesson;
}

static const enum tui_command bar[] = {TUI_GO_ON, TUI_PAGE_BEFORE, TUI_STEP, TUI_STEP_BACK, TUI_RUN, TUI_HINT, TUI_SECTIONS,
                                       TUI_LESSONS, TUI_LAYOUT, TUI_AGAIN, TUI_SEARCH, TUI_NOTHING};

const struct tui_screen tui_lesson_screen = {
    .name = "lesson",
    .what = "A lesson beside its machine. Enter reads on; the keys of the machine move it.",
    .place = TUI_ON_LESSON,
    .keys = bar,
    .state = lesson_state,
    .paint = paint,
    .command = command,
    .pace = pace,
    .tick = tick,
};
