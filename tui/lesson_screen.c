/* lesson_screen.c: a lesson: its text beside its live machine. */
#include "tui/lesson.h"

#include <stdlib.h>
#include <string.h>

enum { WIDE = 132 /* columns for text beside machine */, REGISTERS = 36, MACHINE = 80, MOST_TEXT = 78, NARROW_CODE = 76 };

/* ---- Painting ---------------------------------------------------------------------------------------------------- */

/* Where there is no room for both titles, that of the lesson is left out. */
static void paint_title(struct tui_lesson *lesson)
{
    const struct lab_lesson_page *page = lab_lesson_page(lesson->lesson, lab_lesson_player_page(lesson->player));
    const char *title = lab_lesson_head(lesson->lesson)->title;
    struct tui_text text;
    char place[256];
    tui_text_open(&text);
    snprintf(place, sizeof place, _("   %u. %s   page %u of %u"), page->section + 1, lab_lesson_section(lesson->lesson, page->section)->title,
             lab_lesson_player_page(lesson->player) + 1, lab_lesson_page_count(lesson->lesson));
    bool fits = 1 + (int)lab_lesson_width(title, strlen(title)) + (int)lab_lesson_width(place, strlen(place)) <= tui_columns();
    tui_put(&text, TUI_TITLE, " %s%s", fits ? title : "", fits ? place : place + 3);
    tui_put(&text, TUI_TITLE, "%*s", tui_columns(), "");
    tui_draw(lesson->tui->terminal, 0, 0, 1, tui_columns(), &text);
    tui_text_free(&text);
}

/* The last line tells that there is more. */
static void paint_text(struct tui_lesson *lesson, int top, int lines, int columns)
{
    struct tui_text text, more;
    tui_text_open(&text);
    tui_lesson_put(lesson, &text, columns - 2 < MOST_TEXT ? columns - 2 : MOST_TEXT, columns - 2);
    lesson->line_count = tui_text_lines(&text);
    bool fits = lesson->line_count <= lines;
    lesson->shown_lines = fits ? lines : lines - 1;
    int most = lesson->line_count - lesson->shown_lines;
    lesson->first_line = lesson->first_line > most ? most : lesson->first_line;
    lesson->first_line = lesson->first_line < 0 ? 0 : lesson->first_line;
    struct tui_text shown = tui_text_below(&text, lesson->first_line), margin = {.bytes = (char[1]){'\0'}};
    tui_draw(lesson->tui->terminal, top, 0, lines, 1, &margin);
    tui_draw(lesson->tui->terminal, top, 1, lesson->shown_lines, columns - 1, &shown);
    if (!fits) {
        int left = most - lesson->first_line;
        tui_text_open(&more);
        tui_put(&more, TUI_DIM, left > 0 ? _("-- %d more lines: Enter reads on, Up and Down --") : _("-- Up scrolls back --"), left);
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
    left = left > MOST_TEXT + 3 ? MOST_TEXT + 3 : left;
    struct tui_machine *machine = lesson->is_text_alone ? NULL : tui_lesson_machine(lesson);
    paint_title(lesson);
    if (machine == NULL) {
        paint_text(lesson, 1, lines, columns);
    } else if (columns >= WIDE && lesson->widest < left) { /* else a table would be cut off */
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

/* ---- Commands ---------------------------------------------------------------------------------------------------- */

/* What moves the machine may be what was to be done. */
static bool command(struct tui *tui, void *state, enum tui_command command)
{
    struct tui_lesson *lesson = state;
    struct tui_machine *machine = tui_lesson_machine(lesson);
    if (command == TUI_LAYOUT) {
        lesson->is_text_alone = !lesson->is_text_alone;
        return true;
    }
    if (tui_lesson_scroll(lesson, command) || tui_lesson_go(lesson, command) || tui_lesson_do(lesson, command))
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
    int machine = tui_lesson_machine(lesson) != NULL ? tui_machine_pace(lesson->machine) : -1;
    return machine >= 0 ? machine : lesson->watched >= 0 && lesson->tui->keys == NULL ? LOOK : -1;
}

static void tick(struct tui *tui, void *state)
{
    struct tui_lesson *lesson = state;
    if (tui_lesson_machine(lesson) != NULL && tui_machine_pace(lesson->machine) >= 0) {
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
