/* timeline.c: every trap and interrupt, past and to come; any of them can be gone to. */
#include "tui/machine.h"

#include <string.h>

static int cursor_event(const struct tui_machine *screen)
{
    int past = (int)tui_machine_past_events(screen), event = past - 1 + screen->event_cursor;
    return event < 0 ? 0 : event >= (int)screen->event_count ? (int)screen->event_count - 1 : event;
}

static void put_list(struct tui *tui, const struct tui_machine *screen, struct tui_text *text, int first, int lines)
{
    int past = (int)tui_machine_past_events(screen), chosen = cursor_event(screen);
    for (int i = first; i < first + lines && i < (int)screen->event_count; i++) {
        tui_put(text, TUI_TRAP, "%s", i == chosen ? tui_glyph(tui->terminal, TUI_ARROW) : " ");
        tui_put(text, TUI_DIM, i < past ? "        " : "to come ");
        tui_machine_put_event(screen, text, tui_machine_event(screen, (unsigned)i));
    }
    if (screen->event_count == 0)
        tui_put(text, TUI_DIM, "  No trap yet. r runs on.\n");
}

static void paint(struct tui *tui, void *state)
{
    struct tui_machine *screen = state;
    int lines = tui_lines() - 3, chosen = cursor_event(screen), first = chosen - lines / 2;
    struct tui_text text;
    first = first > (int)screen->event_count - lines ? (int)screen->event_count - lines : first;
    first = first < 0 ? 0 : first;
    tui_text_open(&text);
    tui_machine_put_title(screen, &text);
    tui_put(&text, TUI_PLAIN, "\n");
    tui_put(&text, TUI_DIM, "   Steps since the start, and what then trapped. Enter goes to that moment.\n");
    put_list(tui, screen, &text, first, lines);
    tui_draw(tui->terminal, 0, 0, lines + 2, tui_columns(), &text);
    tui_text_free(&text);
    tui->cursor_line = 2 + (chosen < 0 ? 0 : chosen - first);
    tui->cursor_column = 0;
}

/* Its line without styles has the text in it. */
static bool has_text(const struct tui_machine *screen, unsigned number, const char *wanted)
{
    struct tui_text text;
    char line[256];
    tui_text_open(&text);
    tui_machine_put_event(screen, &text, tui_machine_event(screen, number));
    tui_text_plain(&text, line, sizeof line);
    tui_text_free(&text);
    return strstr(line, wanted) != NULL;
}

static void search(struct tui *tui, struct tui_machine *screen)
{
    char answer[64];
    int past = (int)tui_machine_past_events(screen);
    if (tui_ask(tui, "Look for the event with:", answer, sizeof answer))
        snprintf(screen->search, sizeof screen->search, "%s", answer);
    for (int i = cursor_event(screen) + 1; screen->search[0] != '\0' && i < (int)screen->event_count; i++) {
        if (has_text(screen, (unsigned)i, screen->search)) {
            screen->event_cursor = i - past + 1;
            return;
        }
    }
    tui_say(tui, "No event further down has '%s'.", screen->search);
}

static bool command(struct tui *tui, void *state, enum tui_command command)
{
    struct tui_machine *screen = state;
    int past = (int)tui_machine_past_events(screen), page = tui_lines() - 4;
    int by = command == TUI_UP          ? -1
             : command == TUI_DOWN      ? 1
             : command == TUI_PAGE_UP   ? -page
             : command == TUI_PAGE_DOWN ? page
                                        : 0;
    if (by != 0) {
        screen->event_cursor += by;
        screen->event_cursor = cursor_event(screen) - past + 1; /* not beyond the first and the last */
        return true;
    }
    if (command == TUI_SEARCH) {
        search(tui, screen);
        return true;
    }
    if (command == TUI_CHOOSE && screen->event_count > 0) {
        tui_machine_go_to(tui, screen, tui_machine_event(screen, (unsigned)cursor_event(screen))->steps);
        screen->event_cursor = 1;
        return true;
    }
    screen->event_cursor = 0;
    return command == TUI_HERE || tui_machine_command(tui, screen, command);
}

static void click(struct tui *tui, void *state, int line, int column)
{
    struct tui_machine *screen = state;
    (void)column;
    screen->event_cursor += line - tui->cursor_line;
    screen->event_cursor = cursor_event(screen) - (int)tui_machine_past_events(screen) + 1;
}

static const enum tui_command bar[] = {TUI_UP,       TUI_DOWN,          TUI_CHOOSE,       TUI_SEARCH, TUI_RUN,
                                       TUI_RUN_BACK, TUI_STOP_AT_TRAPS, TUI_SHOW_MACHINE, TUI_NOTHING};

const struct tui_screen tui_timeline_screen = {
    .name = "timeline",
    .what = "Every trap and every interrupt, with the program that it hit: those that are over, and those seen before "
            "going back.",
    .place = TUI_ON_TIMELINE,
    .keys = bar,
    .state = tui_current_machine,
    .paint = paint,
    .command = command,
    .pace = tui_machine_pace,
    .tick = tui_machine_tick,
    .click = click,
};
