/* side_by_side.c: up to six machines at once: in step, so that each stands before the same instruction of its guest, or
 * racing, so that each has had the same number of cycles. */
#include "tui/side.h"

#include <stdlib.h>
#include <string.h>

enum { MANY = 1000, STRIDE = 50000, PIECE = 1 << 20 };
enum { RACE_CYCLES = 1000, CYCLES_OF_A_STEP = 32 /* more than most cost */ };

struct tui_side *tui_side_new(void)
{
    enum { FIRST_PACE = 4 };
    struct tui_side *side = calloc(1, sizeof *side);
    if (side == NULL)
        abort();
    side->pace = FIRST_PACE;
    return side;
}

unsigned tui_side_shown(const struct tui *tui)
{
    return tui->machine_count < TUI_MOST_SIDE_BY_SIDE ? tui->machine_count : TUI_MOST_SIDE_BY_SIDE;
}

/* ---- Stops ------------------------------------------------------------------------------------------------------- */

static void forget_stop(struct tui_side_stop *stop)
{
    for (unsigned i = 0; i < TUI_MOST_SIDE_BY_SIDE; i++)
        free(stop->moments[i]);
    *stop = (struct tui_side_stop){0};
}

static void forget_stops(struct tui_side *side)
{
    for (unsigned i = 0; i < TUI_SIDE_STOPS; i++)
        forget_stop(&side->stops[i]);
    side->first_stop = side->stop_count = 0;
}

void tui_side_free(struct tui_side *side)
{
    if (side == NULL)
        return;
    forget_stops(side);
    free(side);
}

/* Machines that were opened or closed since make what was kept useless. */
static void keep_stop(struct tui *tui)
{
    struct tui_side *side = tui->side;
    if (side->stopped != tui->changes)
        forget_stops(side);
    side->stopped = tui->changes;
    if (side->stop_count == TUI_SIDE_STOPS) {
        forget_stop(&side->stops[side->first_stop]);
        side->first_stop = (side->first_stop + 1) % TUI_SIDE_STOPS;
        side->stop_count--;
    }
    struct tui_side_stop *stop = &side->stops[(side->first_stop + side->stop_count++) % TUI_SIDE_STOPS];
    for (unsigned i = 0; i < tui_side_shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        stop->steps[i] = lab_debug_steps(one->debug);
        stop->moments[i] = checker_progress_keep(tui_machine_progress(tui, one));
        tui_machine_remember(one);
    }
}

static void go_back(struct tui *tui)
{
    struct tui_side *side = tui->side;
    if (side->stop_count == 0 || side->stopped != tui->changes) {
        tui_say(tui, "There is nothing to go back to. 0 goes to the start.");
        return;
    }
    struct tui_side_stop *stop = &side->stops[(side->first_stop + --side->stop_count) % TUI_SIDE_STOPS];
    for (unsigned i = 0; i < tui_side_shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        tui_machine_remember(one);
        lab_debug_go_to(one->debug, stop->steps[i]);
        checker_progress_restore(one->progress, stop->moments[i]);
        one->has_gone_back = false;
        tui_machine_moved(one);
    }
    forget_stop(stop);
}

static void go_to_start(struct tui *tui)
{
    forget_stops(tui->side);
    for (unsigned i = 0; i < tui_side_shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        machine_history_back(one->machine, lab_debug_steps(one->debug));
        one->has_gone_back = true;
        tui_machine_moved(one);
    }
}

/* ---- Moving together --------------------------------------------------------------------------------------------- */

uint64_t tui_side_count(const struct tui_machine *one) { return checker_progress_count(one->progress, 0); }
static uint64_t cycles_of(const struct tui_machine *one) { return machine_time(one->machine).cycles; }

static bool has_ended(const struct tui_machine *one)
{
    uint32_t code;
    return machine_guest_halt_code(one->machine, 0, &code) || one->has_ended;
}

/* False: interrupted, or the machine has ended. Small costs a step let the last pieces be short: the end is met well
 * enough. */
static bool run_to(struct tui_machine *one, uint64_t count, uint64_t cycles)
{
    enum machine_stop stop = MACHINE_LIMIT;
    while (stop == MACHINE_LIMIT && !tui_was_interrupted()) {
        if (cycles == 0) {
            stop = checker_progress_to(one->progress, 0, count, PIECE);
        } else {
            uint64_t now = cycles_of(one), fuel = now < cycles ? (cycles - now) / CYCLES_OF_A_STEP + 1 : 0;
            if (fuel == 0)
                break;
            stop = machine_run(one->machine, fuel < PIECE ? fuel : PIECE);
        }
    }
    tui_machine_moved(one);
    one->has_ended = stop == MACHINE_HALTED || stop == MACHINE_DEADLOCK;
    return stop == MACHINE_STOPPED || (cycles != 0 && stop == MACHINE_LIMIT);
}

/* All to the furthest of them, and so many more if they are there already. */
static uint64_t goal(struct tui *tui, uint64_t more)
{
    uint64_t furthest = 0, nearest = UINT64_MAX;
    for (unsigned i = 0; i < tui_side_shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        tui_machine_progress(tui, one);
        uint64_t at = tui->side->is_racing ? cycles_of(one) : tui_side_count(one);
        furthest = at > furthest ? at : furthest;
        nearest = at < nearest && !has_ended(one) ? at : nearest;
    }
    return nearest < furthest && !tui->side->is_racing ? furthest : furthest + more;
}

/* False when there is nobody left to go on, or the user has interrupted. */
static bool go_to_goal(struct tui *tui, uint64_t where)
{
    bool any = false;
    for (unsigned i = 0; i < tui_side_shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        if (!has_ended(one))
            any |= run_to(one, where, tui->side->is_racing ? where : 0);
    }
    return any;
}

static bool all_have_ended(const struct tui *tui)
{
    for (unsigned i = 0; i < tui_side_shown(tui); i++)
        if (!has_ended(tui->machines[i]))
            return false;
    return true;
}

static void advance(struct tui *tui, uint64_t more)
{
    if (all_have_ended(tui)) {
        tui_say(tui, "All have ended. b goes back.");
        return;
    }
    keep_stop(tui);
    go_to_goal(tui, goal(tui, more));
}

static void run_all(struct tui *tui)
{
    bool goes_on = true;
    keep_stop(tui);
    while (goes_on && !all_have_ended(tui)) {
        goes_on = go_to_goal(tui, goal(tui, STRIDE)) && !tui_was_interrupted();
        tui_show_all(tui, "Running. Ctrl-C stops.");
    }
    tui_say(tui, all_have_ended(tui) ? "All have ended. b goes back to before." : "Interrupted.");
}

static void go_to_instruction(struct tui *tui)
{
    char answer[32], *end;
    if (!tui_ask(tui, "Go on to guest instruction number:", answer, sizeof answer))
        return;
    uint64_t wanted = strtoull(answer, &end, 10);
    if (end == answer || *end != '\0') {
        tui_say(tui, "'%s' is no number.", answer);
        return;
    }
    tui->side->is_racing = false;
    keep_stop(tui);
    go_to_goal(tui, wanted);
}

/* ---- Commands ---------------------------------------------------------------------------------------------------- */

static bool set_pace(struct tui *tui, enum tui_command command)
{
    struct tui_side *side = tui->side;
    if (command == TUI_PACE)
        side->is_paced = !side->is_paced;
    else
        side->pace = command == TUI_FASTER ? side->pace * 2 : side->pace / 2;
    side->pace = side->pace < TUI_SLOWEST ? TUI_SLOWEST : side->pace > TUI_FASTEST ? TUI_FASTEST : side->pace;
    if (command != TUI_PACE || side->is_paced)
        tui_say(tui,
                side->is_racing ? "%u,000 cycles a second: + faster, - slower, any other key stops."
                                : "%u guest instructions a second: + faster, - slower, any other key stops.",
                side->pace);
    return true;
}

static void choose(struct tui *tui, int by)
{
    int at = (int)tui->current + by;
    tui->current = (unsigned)(at < 0 ? 0 : at >= (int)tui_side_shown(tui) ? (int)tui_side_shown(tui) - 1 : at);
}

static bool command(struct tui *tui, void *state, enum tui_command command)
{
    struct tui_side *side = state;
    if (command == TUI_PACE || command == TUI_FASTER || command == TUI_SLOWER)
        return set_pace(tui, command);
    side->is_paced = false;
    switch (command) {
    case TUI_UP: choose(tui, -1); return true;
    case TUI_DOWN: choose(tui, 1); return true;
    case TUI_STEP: advance(tui, side->is_racing ? RACE_CYCLES : 1); return true;
    case TUI_STEP_MANY: advance(tui, side->is_racing ? MANY * RACE_CYCLES : MANY); return true;
    case TUI_STEP_BACK: go_back(tui); return true;
    case TUI_START: go_to_start(tui); return true;
    case TUI_RUN: run_all(tui); return true;
    case TUI_GO_TO: go_to_instruction(tui); return true;
    case TUI_PANE: side->view = (side->view + 1) % TUI_SIDE_VIEWS; return true;
    case TUI_CHOOSE:
        tui_go_to_screen(tui, &tui_machine_screen);
        tui_say(tui, "4 comes back to all machines.");
        return true;
    case TUI_RACE:
        side->is_racing = !side->is_racing;
        tui_say(tui, side->is_racing ? "Racing: all get the same number of cycles."
                                     : "In step: all go to the same guest instruction.");
        return true;
    default: return false;
    }
}

static void click(struct tui *tui, void *state, int line, int column)
{
    const struct tui_side *side = state;
    (void)column;
    for (unsigned i = 0; i < tui_side_shown(tui); i++)
        if (line >= side->top[i] && line < side->top[i] + side->height)
            tui->current = i;
}

static void *side_state(struct tui *tui)
{
    if (tui_current_machine(tui) == NULL)
        return NULL;
    for (unsigned i = 0; i < tui_side_shown(tui); i++)
        tui_machine_progress(tui, tui->machines[i]);
    return tui->side;
}

static int pace(void *state)
{
    const struct tui_side *side = state;
    if (!side->is_paced)
        return -1;
    return side->pace * TUI_TICK > 1000 ? TUI_TICK : (int)(1000 / side->pace);
}

static void tick(struct tui *tui, void *state)
{
    struct tui_side *side = state;
    unsigned steps = side->pace * TUI_TICK / 1000;
    uint64_t more = steps ? steps : 1;
    if (side->is_racing)
        more *= RACE_CYCLES;
    advance(tui, more);
    side->is_paced = !all_have_ended(tui);
}

static const enum tui_command bar[] = {TUI_STEP, TUI_STEP_MANY, TUI_STEP_BACK,      TUI_RUN,    TUI_RACE, TUI_PACE,
                                       TUI_PANE, TUI_CHOOSE,    TUI_SHOW_DASHBOARD, TUI_NOTHING};

const struct tui_screen tui_side_screen = {
    .name = "side by side",
    .what = "The same guest on several machines: all before the same instruction of it, or all after as many cycles.",
    .place = TUI_ON_SIDE,
    .keys = bar,
    .state = side_state,
    .paint = tui_side_paint,
    .command = command,
    .pace = pace,
    .tick = tick,
    .click = click,
};
