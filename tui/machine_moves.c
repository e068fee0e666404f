/* machine_moves.c: forwards and backwards. */
#include "tui/machine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- Events ------------------------------------------------------------------------------------------------------ */

const struct tui_event *tui_machine_event(const struct tui_machine *screen, unsigned number)
{
    return &screen->events[(screen->first_event + number) % TUI_EVENTS];
}

unsigned tui_machine_past_events(const struct tui_machine *screen)
{
    uint64_t now = lab_debug_steps(screen->debug);
    unsigned low = 0, high = screen->event_count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (tui_machine_event(screen, middle)->steps < now)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The PSW that the last trap loads leads to its handler: the first change of the PSW after it, before another step. */
static bool record_entry(struct tui_machine *screen, const struct machine *machine, const struct machine_event *event)
{
    uint32_t word, physical;
    unsigned past = tui_machine_past_events(screen);
    uint64_t now = lab_debug_steps(screen->debug);
    bool is_counted = past > 0 && tui_machine_event(screen, past - 1)->steps + 1 == now;
    unsigned number = is_counted ? past - 1 : past;
    if (number >= screen->event_count || tui_machine_event(screen, number)->steps + is_counted != now)
        return true;
    struct tui_event *last = &screen->events[(screen->first_event + number) % TUI_EVENTS];
    if (last->entry == 0 && machine_next_word(machine, &word, &physical)) {
        last->entry = event->pc;
        last->entry_program = lab_programs_with(screen->programs, event->pc, physical);
    }
    return true;
}

/* Who has gone back in time sees again what is in the list already. */
static bool record(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct tui_machine *screen = context;
    if (event->kind == MACHINE_EVENT_PSW)
        return record_entry(screen, machine, event);
    uint32_t word = 0, physical;
    struct tui_event new = {.kind = event->kind, .steps = lab_debug_steps(screen->debug), .pc = event->pc,
                            .cause = event->cause, .value = event->value};
    unsigned past = tui_machine_past_events(screen);
    if (past < screen->event_count && tui_machine_event(screen, past)->steps == new.steps)
        return true;
    screen->event_count = past;
    if (screen->event_count == TUI_EVENTS) {
        screen->first_event = (screen->first_event + 1) % TUI_EVENTS;
        screen->event_count--;
    }
    new.is_mapped = machine_next_word(machine, &word, &physical);
    new.word = word;
    if (new.is_mapped)
        new.program = lab_programs_with(screen->programs, event->pc, physical);
    screen->events[(screen->first_event + screen->event_count++) % TUI_EVENTS] = new;
    return true;
}

void tui_machine_record(struct tui_machine *screen)
{
    screen->recorder = machine_add_observer(screen->machine, MACHINE_EVENT_TRAP | MACHINE_EVENT_INTERRUPT | MACHINE_EVENT_PSW,
                                            record, screen);
}

/* ---- Moves ------------------------------------------------------------------------------------------------------- */

void tui_machine_remember(struct tui_machine *screen)
{
    for (unsigned i = 0; i < screen->slot_count; i++)
        screen->before[i] = machine_slot(screen->machine, i);
}

static void say_point(struct tui *tui, const struct lab_debug_point *point)
{
    static const char *const texts[] = {"Stopped at the breakpoint at 0x%08" PRIx32 ".",
                                        "Somebody has just stored to 0x%08" PRIx32 ".", "A trap has just been taken.",
                                        "The mode has just changed.", "The register has just changed."};
    char text[128];
    snprintf(text, sizeof text, texts[point->kind], point->address);
    tui_say(tui, "%s", text);
}

static void say_stop(struct tui *tui, struct tui_machine *screen, enum lab_debug_stop stop)
{
    screen->has_ended = stop == LAB_DEBUG_HALTED || stop == LAB_DEBUG_DEADLOCK;
    switch (stop) {
    case LAB_DEBUG_STEPPED: break;
    case LAB_DEBUG_POINT: say_point(tui, lab_debug_met(screen->debug)); break;
    case LAB_DEBUG_INTERRUPTED: tui_say(tui, "Interrupted."); break;
    case LAB_DEBUG_HALTED:
        tui_say(tui, "The machine has halted with code %" PRIu32 ". b goes back.", machine_halt_code(screen->machine));
        break;
    case LAB_DEBUG_DEADLOCK: tui_say(tui, "Deadlock: the machine waits, and nothing can wake it. b goes back."); break;
    case LAB_DEBUG_START: tui_say(tui, "This is the start."); break;
    }
}

static void go_to_last_store(struct tui *tui, struct tui_machine *screen, struct lab_debug_ask ask)
{
    struct tui_found at;
    if (!tui_machine_ask(tui, screen, "Who last wrote the word at (address or name):", &at))
        return;
    screen->has_gone_back = true;
    enum lab_debug_stop stop = lab_debug_last_store(screen->debug, at.program, at.address, 4, ask);
    tui_machine_look_here(screen);
    if (stop == LAB_DEBUG_STEPPED)
        tui_say(tui, "The next instruction is what last wrote 0x%08" PRIx32 "%s.", at.address, at.note);
    else
        tui_say(tui, stop == LAB_DEBUG_START ? "Nobody has written 0x%08" PRIx32 " yet%s." : "Interrupted.", at.address, at.note);
}

static enum lab_debug_stop go(struct tui_machine *screen, enum tui_command command, struct lab_debug_ask ask)
{
    bool is_back = command == TUI_STEP_BACK || command == TUI_RUN_BACK || command == TUI_START;
    screen->has_gone_back = screen->has_gone_back || is_back;
    switch (command) {
    case TUI_STEP: return lab_debug_step_once(screen->debug, ask);
    case TUI_STEP_OVER: return lab_debug_step_over(screen->debug, ask);
    case TUI_STEP_OUT: return lab_debug_step_out(screen->debug, ask);
    case TUI_RUN: return lab_debug_continue(screen->debug, ask);
    case TUI_STEP_BACK: return lab_debug_step_back(screen->debug);
    case TUI_RUN_BACK: return lab_debug_continue_back(screen->debug, ask);
    default:
        machine_history_back(screen->machine, lab_debug_steps(screen->debug));
        return lab_debug_step_back(screen->debug);
    }
}

void tui_machine_go_to(struct tui *tui, struct tui_machine *screen, uint64_t steps)
{
    tui_machine_remember(screen);
    screen->has_gone_back = screen->has_gone_back || steps < lab_debug_steps(screen->debug);
    lab_debug_go_to(screen->debug, steps);
    tui_machine_look_here(screen);
    tui_say(tui, "The next step is what you chose.");
}

bool tui_machine_move(struct tui *tui, struct tui_machine *screen, enum tui_command command)
{
    const struct lab_debug_ask ask = {tui_attention, NULL};
    screen->is_paced = command == TUI_PACE && !screen->is_paced;
    switch (command) {
    case TUI_PACE:
        if (screen->is_paced)
            tui_say(tui, "%u steps a second: + faster, - slower, any other key stops.", screen->pace);
        return true;
    case TUI_LAST_STORE: go_to_last_store(tui, screen, ask); return true;
    case TUI_STEP:
    case TUI_STEP_OVER:
    case TUI_STEP_OUT:
    case TUI_RUN:
    case TUI_STEP_BACK:
    case TUI_RUN_BACK:
    case TUI_START:
        if (command == TUI_RUN || command == TUI_RUN_BACK)
            tui_show_all(tui, "Running. Ctrl-C stops.");
        tui_machine_remember(screen);
        say_stop(tui, screen, go(screen, command, ask));
        tui_machine_look_here(screen);
        return true;
    default: return false;
    }
}

/* So many ticks a second that the pace comes out, with as many steps in each as it then takes. */
void tui_machine_tick(struct tui *tui, void *state)
{
    struct tui_machine *screen = state;
    const struct lab_debug_ask ask = {tui_attention, NULL};
    unsigned steps = screen->pace * TUI_TICK / 1000;
    enum lab_debug_stop stop = LAB_DEBUG_STEPPED;
    tui_machine_remember(screen);
    for (unsigned i = 0; i < (steps ? steps : 1) && stop == LAB_DEBUG_STEPPED; i++)
        stop = lab_debug_step_once(screen->debug, ask);
    screen->is_paced = stop == LAB_DEBUG_STEPPED;
    say_stop(tui, screen, stop);
    tui_machine_look_here(screen);
}
