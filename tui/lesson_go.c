/* lesson_go.c: through the pages, to sections, to other lessons, to the machine that a task was tried on. */
#include "tui/lesson.h"

#include <stdlib.h>
#include <string.h>

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
    else if (!tui_lesson_is_question(item))
        tui_lesson_look(lesson, true);
    else if (item->choice_count > 0)
        tui_say(lesson->tui, _("Type the number of your choice, 1 to %u; N goes on without."), item->choice_count);
    else
        tui_lesson_ask_number(lesson, item);
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
            tui_lesson_end(lesson);
            tui_lesson_begin(lesson, other);
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
    if (!tui_lesson_is_open(tui, lesson->tried)) {
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

bool tui_lesson_scroll(struct tui_lesson *lesson, enum tui_command command)
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

bool tui_lesson_go(struct tui_lesson *lesson, enum tui_command command)
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
