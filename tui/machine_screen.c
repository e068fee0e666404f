/* machine_screen.c: one machine, as seen from below: code, registers, memory, what happened, what was printed. */
#include "tui/machine.h"

#include <inttypes.h>
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SIDE = 36 /* columns of registers */, WIDE = 124 /* columns for source beside disassembly */, FIRST_PACE = 4 };

/* The monitor next to a guest tells of it. */
static void ask_monitors(struct tui_machine *screen)
{
    const struct lab_programs *programs = screen->programs;
    for (unsigned i = 0; i < lab_programs_count(programs); i++) {
        const struct lab_program *guest = lab_programs_at(programs, i), *next = NULL;
        if (!guest->is_guest || guest->image == NULL)
            continue;
        for (unsigned k = 0; k < i; k++) {
            const struct lab_program *monitor = lab_programs_at(programs, k);
            if (monitor->level + 1 == guest->level && (monitor->level == 0 || monitor->guest == guest->guest))
                next = monitor;
        }
        if (next != NULL)
            checker_progress_told_by(screen->progress, guest->guest, next->image, next->start,
                                     next->level == 0 ? guest->guest : 0);
    }
}

struct tui_machine *tui_machine_new(const struct tui_open *open)
{
    struct tui_machine *screen = calloc(1, sizeof *screen);
    if (screen == NULL)
        abort();
    screen->title = strdup(open->title);
    screen->programs = open->programs;
    screen->machine = open->machine;
    screen->isa = machine_isa(open->machine);
    screen->debug = lab_debug_new(open->machine, open->programs);
    screen->progress = checker_progress_new(open->machine);
    ask_monitors(screen);
    screen->slot_count = isa_slots(screen->isa);
    screen->before = calloc(screen->slot_count + 1, sizeof *screen->before);
    if (screen->before == NULL)
        abort();
    tui_machine_remember(screen);
    screen->translated = -1;
    screen->pace = FIRST_PACE;
    tui_machine_record(screen);
    tui_machine_look_here(screen);
    return screen;
}

void tui_machine_free(struct tui_machine *screen)
{
    tui_machine_free_source(screen);
    machine_remove_observer(screen->machine, screen->recorder); /* the machine may be somebody else's, and go on */
    checker_progress_free(screen->progress);
    lab_debug_free(screen->debug);
    free(screen->before);
    machine_free(screen->own);
    tui_machine_free_owned(screen->owned);
    free(screen->title);
    free(screen);
}

void *tui_current_machine(struct tui *tui)
{
    if (tui->machine_count > 0)
        return tui->machines[tui->current];
    tui_say(tui, "No machine is open: name a guest, or play a witness.");
    return NULL;
}

struct checker_progress *tui_machine_progress(struct tui *tui, struct tui_machine *screen)
{
    if (screen->has_gone_back) {
        if (tui->screen != NULL)
            tui_show_all(tui, "Counting anew.");
        checker_progress_recount(screen->progress);
    }
    screen->has_gone_back = false;
    return screen->progress;
}

void tui_machine_moved(struct tui_machine *screen)
{
    lab_debug_refresh(screen->debug);
    tui_machine_look_here(screen);
    screen->has_ended = false;
}

/* ---- Painting ---------------------------------------------------------------------------------------------------- */

typedef int put_code(struct tui *tui, struct tui_machine *screen, struct tui_text *text, int lines);

/* Draws code; with `cursor`, its line is where the terminal's cursor goes. */
static void draw_code(struct tui *tui, struct tui_machine *screen, put_code *put, int top, int left, int lines,
                      int columns, bool cursor)
{
    struct tui_text text;
    tui_text_open(&text);
    int line = put(tui, screen, &text, lines);
    tui_draw(tui->terminal, top, left, lines, columns, &text);
    tui_text_free(&text);
    if (cursor) {
        tui->cursor_line = top + line;
        tui->cursor_column = left;
    }
}

static void paint_code(struct tui *tui, struct tui_machine *screen, int top, int lines, int columns)
{
    bool has_source = tui_machine_has_source(screen), by_source = has_source && !screen->shows_disassembly;
    if (has_source && columns + SIDE >= WIDE) {
        int half = columns / 2;
        draw_code(tui, screen, tui_machine_put_source, top, 0, lines, half - 1, by_source);
        draw_code(tui, screen, tui_machine_put_disassembly, top, half, lines, columns - half, !by_source);
    } else {
        draw_code(tui, screen, by_source ? tui_machine_put_source : tui_machine_put_disassembly, top, 0, lines, columns,
                  true);
    }
}

static void paint_side(struct tui *tui, const struct tui_machine *screen, int top, int left, int lines)
{
    struct tui_text text;
    tui_text_open(&text);
    if (screen->pane == TUI_MEMORY)
        tui_machine_put_memory(screen, &text, lines);
    else if (screen->pane == TUI_DEVICES)
        tui_machine_put_devices(screen, &text, lines);
    else
        tui_machine_put_registers(screen, &text, lines);
    tui_draw(tui->terminal, top, left, lines, SIDE, &text);
    tui_text_free(&text);
}

/* From the bottom: key bar, consoles, events, memory; from the top: title, PSW; the rest is code. */
static void paint(struct tui *tui, void *state)
{
    struct tui_machine *screen = state;
    int lines = tui_lines(), columns = tui_columns();
    int spare = lines - TUI_LEAST_LINES, consoles = 2 + spare / 4, events = 2 + spare / 4;
    int map = spare > 0 ? 2 : 1; /* with R drawn under memory */
    int code = screen->code_lines = lines - 3 - map - consoles - events;
    struct tui_text text;

    tui_text_open(&text);
    tui_machine_put_title(screen, &text);
    tui_put(&text, TUI_PLAIN, "\n");
    tui_machine_put_psw(screen, &text);
    tui_draw(tui->terminal, 0, 0, 2, columns, &text);
    tui_text_free(&text);

    paint_code(tui, screen, 2, code, columns - SIDE);
    paint_side(tui, screen, 2, columns - SIDE, code);

    tui_text_open(&text);
    tui_machine_put_map(tui, screen, &text, columns);
    tui_draw(tui->terminal, 2 + code, 0, map, columns, &text);
    tui_text_free(&text);

    tui_text_open(&text);
    bool has_trap = tui_machine_put_trap(tui, screen, &text);
    tui_machine_put_events(screen, &text, events - has_trap);
    tui_draw(tui->terminal, 2 + map + code, 0, events, columns, &text);
    tui_text_free(&text);

    tui_text_open(&text);
    tui_machine_put_consoles(screen, &text, consoles);
    tui_draw(tui->terminal, 2 + map + code + events, 0, consoles, columns, &text);
    tui_text_free(&text);
}

/* ---- Stops ------------------------------------------------------------------------------------------------------- */

static bool has_point(const struct lab_debug *debug, const struct lab_debug_point *wanted)
{
    for (unsigned i = 0; i < lab_debug_point_count(debug); i++) {
        const struct lab_debug_point *point = lab_debug_point(debug, i);
        if (point->kind == wanted->kind && point->program == wanted->program && point->address == wanted->address)
            return true;
    }
    return false;
}

static void toggle(struct tui *tui, struct tui_machine *screen, struct lab_debug_point point, const char *what)
{
    enum lab_debug_added added = LAB_DEBUG_ADDED;
    bool was_there = has_point(screen->debug, &point);
    if (was_there)
        lab_debug_remove_point(screen->debug, &point);
    else
        added = lab_debug_add_point(screen->debug, &point);
    if (added == LAB_DEBUG_NOWHERE)
        tui_say(tui, "0x%08" PRIx32 " is not in this address space.", point.address);
    else if (added == LAB_DEBUG_TOO_MANY)
        tui_say(tui, "There are %d stops already; C takes all away.", LAB_DEBUG_MOST_POINTS);
    else
        tui_say(tui, was_there ? "No more stops at %s." : "r now stops at %s.", what);
}

static void toggle_at(struct tui *tui, struct tui_machine *screen, enum lab_debug_point_kind kind, const struct tui_found *at)
{
    char what[200];
    struct lab_debug_point point = {.kind = kind, .program = at->program, .address = at->address, .length = 4};
    snprintf(what, sizeof what, kind == LAB_DEBUG_STORE ? "stores to 0x%08" PRIx32 "%s" : "0x%08" PRIx32 "%s", at->address, at->note);
    toggle(tui, screen, point, what);
}

static void break_at_cursor(struct tui *tui, struct tui_machine *screen)
{
    struct tui_found at = {.program = screen->program};
    if (tui_machine_cursor_address(screen, &at.address))
        toggle_at(tui, screen, LAB_DEBUG_BREAKPOINT, &at);
    else
        tui_say(tui, "There is no code on this line.");
}

bool tui_machine_ask(struct tui *tui, const struct tui_machine *screen, const char *question, struct tui_found *found)
{
    char answer[64];
    if (!tui_ask(tui, question, answer, sizeof answer))
        return false;
    if (tui_machine_find(screen, answer, found))
        return true;
    tui_say(tui, "There is no address and no name '%s' in these programs.", answer);
    return false;
}

/* ---- Commands ---------------------------------------------------------------------------------------------------- */

static void go_to(struct tui *tui, struct tui_machine *screen)
{
    struct tui_found at;
    if (!tui_machine_ask(tui, screen, "Look at (address or name):", &at))
        return;
    if (at.note[0] != '\0')
        tui_say(tui, "This is 0x%08" PRIx32 "%s.", at.address, at.note);
    screen->memory_program = at.program; /* Tab shows memory there */
    screen->memory_address = at.address;
    if (screen->pane == TUI_MEMORY)
        return;
    screen->program = at.program;
    screen->address = at.address;
    screen->lines_down = 0;
}

/* "a0", "X10", "mode" */
static bool find_register(const struct isa *isa, const char *name, uint32_t *slot)
{
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        for (unsigned k = 0; k < state->count; k++) {
            char number[64];
            snprintf(number, sizeof number, state->is_array ? "%s%u" : "%s", state->name, k);
            bool is_it = strcasecmp(number, name) == 0 || (state->names != NULL && state->names[k] != NULL &&
                                                           strcmp(state->names[k], name) == 0);
            *slot = state->slot + k;
            if (is_it)
                return true;
        }
    }
    return false;
}

static void watch_register(struct tui *tui, struct tui_machine *screen)
{
    char answer[32], what[64];
    uint32_t slot;
    if (!tui_ask(tui, "Stop when this register changes:", answer, sizeof answer))
        return;
    if (!find_register(screen->isa, answer, &slot)) {
        tui_say(tui, "This machine has no register '%s'.", answer);
        return;
    }
    snprintf(what, sizeof what, "every change of %s", answer);
    toggle(tui, screen, (struct lab_debug_point){.kind = LAB_DEBUG_REGISTER, .address = slot}, what);
}

static void search(struct tui *tui, struct tui_machine *screen)
{
    char answer[64];
    if (tui_ask(tui, "Look for (in what is shown):", answer, sizeof answer))
        snprintf(screen->search, sizeof screen->search, "%s", answer);
    if (screen->search[0] != '\0' && !tui_machine_search(screen, screen->search))
        tui_say(tui, "There is no '%s' further down.", screen->search);
}

static void clear_points(struct tui *tui, struct tui_machine *screen)
{
    while (lab_debug_point_count(screen->debug) > 0) {
        struct lab_debug_point point = *lab_debug_point(screen->debug, 0);
        lab_debug_remove_point(screen->debug, &point);
    }
    tui_say(tui, "No stops are set.");
}

static bool set_stop(struct tui *tui, struct tui_machine *screen, enum tui_command command)
{
    struct tui_found at;
    switch (command) {
    case TUI_BREAKPOINT: break_at_cursor(tui, screen); return true;
    case TUI_BREAK_AT:
        if (tui_machine_ask(tui, screen, "Break at (address or name):", &at))
            toggle_at(tui, screen, LAB_DEBUG_BREAKPOINT, &at);
        return true;
    case TUI_WATCH:
        if (tui_machine_ask(tui, screen, "Stop at stores to the word at (address or name):", &at))
            toggle_at(tui, screen, LAB_DEBUG_STORE, &at);
        return true;
    case TUI_WATCH_REGISTER: watch_register(tui, screen); return true;
    case TUI_STOP_AT_TRAPS:
        toggle(tui, screen, (struct lab_debug_point){.kind = LAB_DEBUG_TRAP}, "every trap");
        return true;
    case TUI_STOP_AT_MODES:
        toggle(tui, screen, (struct lab_debug_point){.kind = LAB_DEBUG_MODE}, "every change of the mode");
        return true;
    case TUI_CLEAR: clear_points(tui, screen); return true;
    default: return false;
    }
}

static void look(struct tui_machine *screen, enum tui_command command)
{
    int page = tui_lines() / 2;
    switch (command) {
    case TUI_UP: tui_machine_move_cursor(screen, -1); break;
    case TUI_DOWN: tui_machine_move_cursor(screen, 1); break;
    case TUI_PAGE_UP: tui_machine_move_cursor(screen, -page); break;
    case TUI_PAGE_DOWN: tui_machine_move_cursor(screen, page); break;
    case TUI_VIEW: screen->shows_disassembly = !screen->shows_disassembly; break;
    default: tui_machine_look_here(screen);
    }
}

bool tui_machine_command(struct tui *tui, struct tui_machine *screen, enum tui_command command)
{
    switch (command) {
    case TUI_FASTER: case TUI_SLOWER:
        screen->pace = command == TUI_FASTER ? screen->pace * 2 : screen->pace / 2;
        screen->pace = screen->pace < TUI_SLOWEST   ? TUI_SLOWEST
                       : screen->pace > TUI_FASTEST ? TUI_FASTEST
                                                    : screen->pace;
        tui_say(tui, "%u steps a second.", screen->pace);
        return true;
    case TUI_STOP_AT_TRAPS: case TUI_STOP_AT_MODES: case TUI_CLEAR: return set_stop(tui, screen, command);
    default: return tui_machine_move(tui, screen, command);
    }
}

static bool command(struct tui *tui, void *state, enum tui_command command)
{
    struct tui_machine *screen = state;
    switch (command) {
    case TUI_PANE:
        screen->pane = (screen->pane + 1) % TUI_PANES;
        screen->memory_program = screen->program;
        return true;
    case TUI_GO_TO: go_to(tui, screen); return true;
    case TUI_SEARCH: search(tui, screen); return true;
    case TUI_UP: case TUI_DOWN: case TUI_PAGE_UP: case TUI_PAGE_DOWN: case TUI_HERE: case TUI_VIEW:
        look(screen, command);
        return true;
    default: return set_stop(tui, screen, command) || tui_machine_command(tui, screen, command);
    }
}

int tui_machine_pace(void *state)
{
    const struct tui_machine *screen = state;
    if (!screen->is_paced)
        return -1;
    return screen->pace * TUI_TICK > 1000 ? TUI_TICK : (int)(1000 / screen->pace);
}

/* On the line of the cursor, or a pane. */
static void click(struct tui *tui, void *state, int line, int column)
{
    struct tui_machine *screen = state;
    bool is_code = line > 2 && line < screen->code_lines + 2 && column < tui_columns() - SIDE;
    if (is_code)
        tui_machine_move_cursor(screen, line - tui->cursor_line);
    else if (line >= 2 && line < screen->code_lines + 2)
        command(tui, state, TUI_PANE);
    else if (line > screen->code_lines + 2)
        tui_go_to_screen(tui, &tui_timeline_screen);
    else if (line == screen->code_lines + 2)
        tui_go_to_screen(tui, &tui_map_screen);
}

static const enum tui_command bar[] = {TUI_STEP, TUI_STEP_BACK, TUI_STEP_OVER, TUI_STEP_OUT, TUI_RUN, TUI_RUN_BACK,
                                       TUI_BREAKPOINT, TUI_PANE, TUI_STOP_AT_TRAPS, TUI_NOTHING};

const struct tui_screen tui_machine_screen = {
    .name = "machine",
    .what = "A machine at work: code, registers, memory (full where the running program reaches it), traps, consoles.",
    .place = TUI_ON_MACHINE,
    .keys = bar,
    .state = tui_current_machine,
    .paint = paint,
    .command = command,
    .pace = tui_machine_pace,
    .tick = tui_machine_tick,
    .click = click,
};
