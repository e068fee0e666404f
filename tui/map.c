/* map.c: what each address means to the running program, and whose memory that is. */
#include "tui/machine.h"

#include <inttypes.h>

enum { FETCH = 1, LOAD, STORE, PAGE = 4096, MOST_PAGES = 1 << 16 };

/* Addresses side by side that lead to memory side by side, of one program, with the same rights. */
struct range {
    uint32_t address, physical, length;
    unsigned owner;
    bool may[STORE + 1];
};

static bool look_up(const struct tui_machine *screen, uint32_t address, struct range *range)
{
    bool any = false;
    *range = (struct range){.address = address};
    for (unsigned access = FETCH; access <= STORE; access++) {
        range->may[access] = machine_translate(screen->machine, address, 1, access, &range->physical);
        any = any || range->may[access];
    }
    for (unsigned access = STORE; any && access >= FETCH; access--)
        if (range->may[access])
            machine_translate(screen->machine, address, 1, access, &range->physical);
    range->owner = lab_programs_owner(screen->programs, range->physical);
    return any;
}

static bool goes_on(const struct range *range, const struct range *next)
{
    return next->address == range->address + range->length && next->physical == range->physical + range->length &&
           next->owner == range->owner && next->may[FETCH] == range->may[FETCH] &&
           next->may[LOAD] == range->may[LOAD] && next->may[STORE] == range->may[STORE];
}

static void put_range(const struct tui_machine *screen, struct tui_text *text, const struct range *range)
{
    const struct lab_program *owner = lab_debug_program(screen->debug, range->owner);
    uint32_t own = range->physical - owner->start, last = range->length - 1;
    tui_put(text, TUI_PLAIN, "  %08" PRIx32 "-%08" PRIx32 "  ", range->address, range->address + last);
    tui_put(text, TUI_DIM, "%c%c%c  ", range->may[LOAD] ? 'r' : '-', range->may[STORE] ? 'w' : '-',
            range->may[FETCH] ? 'x' : '-');
    if (owner->level > 0)
        tui_put(text, TUI_PLAIN, "%08" PRIx32 "-%08" PRIx32 "  ", own, own + last);
    else
        tui_put(text, TUI_DIM, "%-19s", "");
    tui_put(text, TUI_PLAIN, "%08" PRIx32 "-%08" PRIx32 "  ", range->physical, range->physical + last);
    tui_machine_put_name(screen, text, range->owner);
    tui_put(text, TUI_PLAIN, "\n");
}

/* Every range that the running program has, from address 0 on. */
static unsigned put_ranges(const struct tui_machine *screen, struct tui_text *text, int from)
{
    uint32_t size = machine_memory_size(screen->machine), step = size < PAGE ? 1 : PAGE;
    uint64_t end = (uint64_t)step * MOST_PAGES;
    struct range range = {0}, next;
    unsigned count = 0;
    if (isa_word_bits(screen->isa) < 32 && end > UINT64_C(1) << isa_word_bits(screen->isa))
        end = UINT64_C(1) << isa_word_bits(screen->isa);
    for (uint64_t address = 0; address <= end; address += step) {
        bool is_there = address < end && look_up(screen, (uint32_t)address, &next);
        if (is_there && range.length > 0 && goes_on(&range, &next)) {
            range.length += step;
            continue;
        }
        if (range.length > 0 && (int)count++ >= from)
            put_range(screen, text, &range);
        range = is_there ? next : (struct range){0};
        range.length = is_there ? step : 0;
    }
    return count;
}

static void put_programs(const struct tui_machine *screen, struct tui_text *text)
{
    tui_put(text, TUI_DIM, "\n  Physical memory is of\n");
    for (unsigned i = 0; i < lab_debug_program_count(screen->debug); i++) {
        const struct lab_program *program = lab_debug_program(screen->debug, i);
        if (program->image == NULL)
            continue;
        tui_put(text, TUI_PLAIN, "  %08" PRIx32 "-%08" PRIx32 "  %*s", program->start,
                program->start + program->size - 1, (int)(2 * program->level), "");
        tui_machine_put_name(screen, text, i);
        tui_put(text, TUI_PLAIN, "\n");
    }
}

static void paint(struct tui *tui, void *state)
{
    struct tui_machine *screen = state;
    int lines = tui_lines() - 1;
    struct tui_text text;
    tui_text_open(&text);
    tui_machine_put_title(screen, &text);
    tui_put(&text, TUI_PLAIN, "\n");
    tui_machine_put_psw(screen, &text);
    tui_put(&text, TUI_PLAIN, "\n");
    tui_machine_put_map(tui, screen, &text, tui_columns());
    tui_put(&text, TUI_DIM, "\n\n  %-17s  %-3s  %-17s  %-17s  %s\n", "virtual", "may", "in its partition", "physical",
            "whose");
    if (put_ranges(screen, &text, screen->map_line) == 0)
        tui_put(&text, TUI_DIM, "  Nothing at all can be reached.\n");
    put_programs(screen, &text);
    tui_draw(tui->terminal, 0, 0, lines, tui_columns(), &text);
    tui_text_free(&text);
    tui->cursor_line = 5;
    tui->cursor_column = 2;
}

static bool command(struct tui *tui, void *state, enum tui_command command)
{
    struct tui_machine *screen = state;
    if (command == TUI_UP || command == TUI_DOWN) {
        screen->map_line += command == TUI_DOWN ? 1 : screen->map_line > 0 ? -1 : 0;
        return true;
    }
    return tui_machine_command(tui, screen, command);
}

static const enum tui_command bar[] = {TUI_UP,       TUI_DOWN, TUI_STEP,         TUI_STEP_BACK,
                                       TUI_STEP_OUT, TUI_RUN,  TUI_SHOW_MACHINE, TUI_NOTHING};

const struct tui_screen tui_map_screen = {
    .name = "memory map",
    .what = "What each address means to the running program: where it leads, what may be done there, and whose memory "
            "it is.",
    .place = TUI_ON_MAP,
    .keys = bar,
    .state = tui_current_machine,
    .paint = paint,
    .command = command,
    .pace = tui_machine_pace,
    .tick = tui_machine_tick,
};
