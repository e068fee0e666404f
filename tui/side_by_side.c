/* side_by_side.c: up to six machines at once: in step, so that each stands before the same instruction of its guest, or racing,
 * so that each has had the same number of cycles. */
#include "tui/bars.h"
#include "tui/machine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = TUI_MOST_SIDE_BY_SIDE, STOPS = 256, MANY = 1000, STRIDE = 50000, PIECE = 1 << 20, LEAST_BLOCK = 3 };
enum { RACE_CYCLES = 1000, CYCLES_OF_A_STEP = 32 /* more than most cost */ };
enum view { INSTRUCTION, CONSOLE, CAUSES, VIEWS };

/* Where all machines were when they were last moved together. */
struct stop {
    uint64_t steps[MOST];
    struct checker_progress_moment *moments[MOST];
};

struct tui_side {
    bool is_racing, is_paced;
    unsigned pace; /* instructions a second; racing, thousands of cycles */
    enum view view;
    unsigned first_stop, stop_count, stopped; /* a ring; of which machines: tui->changes */
    struct stop stops[STOPS];
    int top[MOST], height; /* of each machine's block, as last painted */
};

struct tui_side *tui_side_new(void)
{
    enum { FIRST_PACE = 4 };
    struct tui_side *side = calloc(1, sizeof *side);
    if (side == NULL)
        abort();
    side->pace = FIRST_PACE;
    return side;
}

static unsigned shown(const struct tui *tui) { return tui->machine_count < MOST ? tui->machine_count : MOST; }

/* ---- Stops ------------------------------------------------------------------------------------------------------- */

static void forget_stop(struct stop *stop)
{
    for (unsigned i = 0; i < MOST; i++)
        free(stop->moments[i]);
    *stop = (struct stop){0};
}

static void forget_stops(struct tui_side *side)
{
    for (unsigned i = 0; i < STOPS; i++)
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
    if (side->stop_count == STOPS) {
        forget_stop(&side->stops[side->first_stop]);
        side->first_stop = (side->first_stop + 1) % STOPS;
        side->stop_count--;
    }
    struct stop *stop = &side->stops[(side->first_stop + side->stop_count++) % STOPS];
    for (unsigned i = 0; i < shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        stop->steps[i] = lab_debug_steps(one->debug);
        stop->moments[i] = checker_progress_keep(tui_machine_progress(tui, one));
        tui_machine_remember(one);
    }
}

static void go_to(struct tui_machine *one, uint64_t steps)
{
    uint64_t now = lab_debug_steps(one->debug);
    if (now > steps)
        machine_history_back(one->machine, now - steps);
    else if (now < steps)
        machine_run(one->machine, steps - now);
}

static void go_back(struct tui *tui)
{
    struct tui_side *side = tui->side;
    if (side->stop_count == 0 || side->stopped != tui->changes) {
        tui_say(tui, "There is nothing to go back to. 0 goes to the start.");
        return;
    }
    struct stop *stop = &side->stops[(side->first_stop + --side->stop_count) % STOPS];
    for (unsigned i = 0; i < shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        tui_machine_remember(one);
        go_to(one, stop->steps[i]);
        checker_progress_restore(one->progress, stop->moments[i]);
        one->has_gone_back = false;
        tui_machine_moved(one);
    }
    forget_stop(stop);
}

static void go_to_start(struct tui *tui)
{
    forget_stops(tui->side);
    for (unsigned i = 0; i < shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        machine_history_back(one->machine, lab_debug_steps(one->debug));
        one->has_gone_back = true;
        tui_machine_moved(one);
    }
}

/* ---- Moving together --------------------------------------------------------------------------------------------- */

static uint64_t count_of(const struct tui_machine *one) { return checker_progress_count(one->progress, 0); }
static uint64_t cycles_of(const struct tui_machine *one) { return machine_time(one->machine).cycles; }

static bool has_ended(const struct tui_machine *one)
{
    uint32_t code;
    return machine_guest_halt_code(one->machine, 0, &code) || one->has_ended;
}

/* False: interrupted, or the machine has ended. Small costs a step let the last pieces be short: the end is met well enough. */
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
    for (unsigned i = 0; i < shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        tui_machine_progress(tui, one);
        uint64_t at = tui->side->is_racing ? cycles_of(one) : count_of(one);
        furthest = at > furthest ? at : furthest;
        nearest = at < nearest && !has_ended(one) ? at : nearest;
    }
    return nearest < furthest && !tui->side->is_racing ? furthest : furthest + more;
}

/* False when there is nobody left to go on, or the user has interrupted. */
static bool go_to_goal(struct tui *tui, uint64_t where)
{
    bool any = false;
    for (unsigned i = 0; i < shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        if (!has_ended(one))
            any |= run_to(one, where, tui->side->is_racing ? where : 0);
    }
    return any;
}

static bool all_have_ended(const struct tui *tui)
{
    for (unsigned i = 0; i < shown(tui); i++)
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

/* ---- Painting ---------------------------------------------------------------------------------------------------- */

/* The instruction of the guest that comes next, as far as anybody tells. */
struct next {
    bool has_pc, has_word;
    uint32_t pc, word;
};

static unsigned guest_program(const struct tui_machine *one)
{
    for (unsigned i = 0; i < lab_debug_program_count(one->debug); i++)
        if (lab_debug_program(one->debug, i)->is_guest)
            return i;
    return 0;
}

/* In a kernel's own addresses the word is in its image's place; in a process only the processor can tell where. */
static struct next next_of(const struct tui_machine *one)
{
    struct next next = {0};
    uint32_t mode = 0, physical;
    next.has_pc = checker_progress_slot(one->progress, 0, isa_program_counter(one->isa)->slot, &next.pc);
    if (checker_progress_in_guest(one->progress)) {
        next.has_word = machine_next_word(one->machine, &next.word, &physical);
        return next;
    }
    const struct lab_program *guest = lab_debug_program(one->debug, guest_program(one));
    bool is_kernel = next.has_pc && checker_progress_slot(one->progress, 0, isa_mode(one->isa)->slot, &mode) && mode == 0;
    next.has_word = is_kernel && next.pc < guest->size &&
                    machine_read(one->machine, guest->start + next.pc, &next.word, isa_instruction_bits(one->isa) / 8);
    return next;
}

static const char *symbol(void *context, uint32_t address, uint32_t *offset)
{
    return context != NULL ? machine_image_symbol(context, address, offset) : NULL;
}

/* "main+0x10" */
static void put_place(struct tui_text *text, enum tui_style style, const struct machine_image *image, uint32_t address)
{
    uint32_t offset = 0;
    const char *name = image != NULL ? machine_image_symbol(image, address, &offset) : NULL;
    if (name != NULL)
        tui_put(text, style, offset != 0 ? "%s+0x%" PRIx32 : "%s", name, offset);
}

static void put_next(struct tui *tui, struct tui_text *text, const struct tui_machine *one, struct next next, bool differs)
{
    const struct machine_image *image = lab_debug_program(one->debug, guest_program(one))->image;
    char assembly[96] = "";
    tui_put(text, TUI_DIM, "  next ");
    if (!next.has_pc) {
        tui_put(text, TUI_DIM, "the monitor does not tell");
    } else {
        tui_put(text, differs ? TUI_CHANGED : TUI_DIM, "%0*" PRIx32, (int)isa_word_bits(one->isa) / 4, next.pc);
        if (next.has_word)
            isa_disassemble(one->isa, next.word, next.pc, symbol, (void *)(uintptr_t)image, assembly, sizeof assembly);
        tui_put(text, TUI_PLAIN, " %-30.30s ", assembly);
        put_place(text, TUI_DIM, image, next.pc);
    }
    if (!checker_progress_in_guest(one->progress)) {
        const struct lab_program *monitor = lab_debug_program(one->debug, lab_debug_current(one->debug));
        tui_put(text, TUI_DIM, "  by ");
        put_place(text, TUI_MONITOR, monitor->image, machine_pc(one->machine));
    }
    (void)tui;
}

static const char *state_of(const struct tui_machine *one, char *room, size_t size)
{
    uint32_t code;
    if (machine_guest_halt_code(one->machine, 0, &code))
        snprintf(room, size, "halted %" PRIu32, code);
    else
        snprintf(room, size, "%s", one->has_ended ? "stuck" : checker_progress_in_guest(one->progress) ? "in the guest" : "in the monitor");
    return room;
}

static void put_causes(struct tui_text *text, const struct checker_figures *figures, int lines)
{
    for (unsigned i = 0; i < figures->cause_count && (int)i < lines; i++) {
        const struct checker_cause *cause = &figures->causes[i];
        if (cause->cycles == 0)
            continue;
        char name[TUI_CAUSE_NAME];
        tui_cause_name(cause, name, sizeof name);
        tui_put(text, TUI_PLAIN, "  %-16s %-12s", name, cause->instruction != NULL ? cause->name : "");
        tui_put_number(text, TUI_PLAIN, 10, cause->count);
        tui_put(text, TUI_DIM, " times ");
        tui_put_number(text, TUI_PLAIN, 13, cause->cycles);
        tui_put(text, TUI_DIM, " cycles ");
        tui_put(text, TUI_PLAIN, "%5.1f %%\n", figures->cycles ? 100.0 * (double)cause->cycles / (double)figures->cycles : 0);
    }
    if (figures->monitor_cycles == 0)
        tui_put(text, TUI_DIM, "  All cycles are the guest's own.\n");
}

struct picture {
    struct checker_figures figures[MOST];
    struct next next[MOST];
    struct tui_causes causes;
    uint64_t most_cycles;
};

/* Names are of monitors: all run the same guest. */
static void put_head(struct tui *tui, struct tui_text *text, const struct tui_machine *one, const struct checker_figures *figures,
                     bool is_chosen)
{
    char state[32];
    uint64_t count = count_of(one);
    tui_put(text, TUI_TRAP, "%s ", is_chosen ? tui_glyph(tui->terminal, TUI_ARROW) : " ");
    tui_put(text, TUI_STRONG, "%-22.22s", one->title);
    tui_put_number(text, TUI_PLAIN, 13, count);
    tui_put_number(text, TUI_PLAIN, 15, figures->cycles);
    if (count > 0)
        tui_put(text, TUI_PLAIN, "%10.2f", (double)figures->cycles / (double)count);
    else
        tui_put(text, TUI_DIM, "%10s", "-");
    tui_put(text, checker_progress_in_guest(one->progress) ? TUI_GUEST : TUI_MONITOR, "  %s\n", state_of(one, state, sizeof state));
}

static void put_block(struct tui *tui, struct tui_text *text, const struct picture *picture, unsigned number)
{
    const struct tui_side *side = tui->side;
    const struct tui_machine *one = tui->machines[number];
    const struct checker_figures *figures = &picture->figures[number];
    struct next next = picture->next[number], first = picture->next[0];
    int spare = side->height - 2;
    bool differs = next.has_pc && first.has_pc && next.pc != first.pc && count_of(one) == count_of(tui->machines[0]);
    put_head(tui, text, one, figures, number == tui->current);
    tui_put(text, TUI_PLAIN, "  ");
    tui_put_bar(tui, text, figures, &picture->causes, picture->most_cycles, tui_columns() - 4);
    tui_put(text, TUI_PLAIN, "\n");
    if (side->view == INSTRUCTION) {
        for (unsigned i = 0; !next.has_word && next.has_pc && i < shown(tui); i++)
            if (picture->next[i].has_word && picture->next[i].pc == next.pc)
                next = picture->next[i];
        put_next(tui, text, one, next, differs);
        tui_put(text, TUI_PLAIN, "\n");
        spare--;
    }
    spare -= spare > 2; /* a blank line between blocks */
    if (spare > 0 && side->view == CAUSES)
        put_causes(text, figures, spare);
    else if (spare > 0)
        tui_machine_put_consoles(one, text, spare);
}

static void take_picture(struct tui *tui, struct picture *picture)
{
    picture->most_cycles = 0;
    for (unsigned i = 0; i < shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        checker_progress_figures(one->progress, &picture->figures[i]);
        picture->next[i] = next_of(one);
        if (picture->figures[i].cycles > picture->most_cycles)
            picture->most_cycles = picture->figures[i].cycles;
    }
    tui_choose_causes(picture->figures, shown(tui), &picture->causes);
}

static void put_title(struct tui *tui, struct tui_text *text)
{
    const struct tui_machine *first = tui->machines[0];
    tui_put(text, TUI_TITLE, " %s  ", isa_name(first->isa));
    lab_debug_print_name(first->debug, guest_program(first), text->stream);
    if (tui->side->is_racing) {
        tui_put(text, TUI_TITLE, "  side by side, racing by cycles");
    } else {
        tui_put(text, TUI_TITLE, "  side by side, in step");
    }
    for (int i = 0; i < tui_columns(); i++)
        tui_put(text, TUI_TITLE, " ");
    tui_put(text, TUI_DIM, "\n  %-22s%13s%15s%10s  %s\n", "machine", "instructions", "cycles", "each", "now");
}

static void paint(struct tui *tui, void *state)
{
    struct tui_side *side = state;
    struct picture *picture = malloc(sizeof *picture);
    struct tui_text text;
    int columns = tui_columns(), room = tui_lines() - 4;
    if (picture == NULL)
        abort();
    side->height = room / (int)shown(tui);
    take_picture(tui, picture);
    tui_text_open(&text);
    put_title(tui, &text);
    tui_draw(tui->terminal, 0, 0, 2, columns, &text);
    tui_text_free(&text);
    for (unsigned i = 0; i < shown(tui); i++) {
        tui_text_open(&text);
        put_block(tui, &text, picture, i);
        side->top[i] = 2 + (int)i * side->height;
        tui_draw(tui->terminal, side->top[i], 0, side->height, columns, &text);
        tui_text_free(&text);
    }
    int used = 2 + (int)shown(tui) * side->height;
    tui_text_open(&text);
    for (int line = used; line < tui_lines() - 2; line++)
        tui_put(&text, TUI_PLAIN, "\n");
    tui_put_legend(tui, &text, picture->figures, shown(tui), &picture->causes);
    tui_draw(tui->terminal, used, 0, tui_lines() - 1 - used, columns, &text);
    tui_text_free(&text);
    free(picture);
    tui->cursor_line = tui->current < shown(tui) ? side->top[tui->current] : 2;
    tui->cursor_column = 0;
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
        tui_say(tui, side->is_racing ? "%u,000 cycles a second: + faster, - slower, any other key stops."
                                     : "%u guest instructions a second: + faster, - slower, any other key stops.", side->pace);
    return true;
}

static void choose(struct tui *tui, int by)
{
    int at = (int)tui->current + by;
    tui->current = (unsigned)(at < 0 ? 0 : at >= (int)shown(tui) ? (int)shown(tui) - 1 : at);
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
    case TUI_PANE: side->view = (side->view + 1) % VIEWS; return true;
    case TUI_CHOOSE: tui_go_to_screen(tui, &tui_machine_screen); return true;
    case TUI_RACE:
        side->is_racing = !side->is_racing;
        tui_say(tui, side->is_racing ? "Racing: all get the same number of cycles." : "In step: all go to the same guest instruction.");
        return true;
    default: return false;
    }
}

static void click(struct tui *tui, void *state, int line, int column)
{
    const struct tui_side *side = state;
    (void)column;
    for (unsigned i = 0; i < shown(tui); i++)
        if (line >= side->top[i] && line < side->top[i] + side->height)
            tui->current = i;
}

static void *side_state(struct tui *tui)
{
    if (tui_current_machine(tui) == NULL)
        return NULL;
    for (unsigned i = 0; i < shown(tui); i++)
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

static const enum tui_command bar[] = {TUI_STEP, TUI_STEP_MANY, TUI_STEP_BACK, TUI_RUN, TUI_RACE, TUI_PACE, TUI_PANE, TUI_CHOOSE,
                                       TUI_SHOW_DASHBOARD, TUI_NOTHING};

const struct tui_screen tui_side_screen = {
    .name = "side by side",
    .what = "The same guest on several machines: all before the same instruction of it, or all after as many cycles.",
    .place = TUI_ON_SIDE,
    .keys = bar,
    .state = side_state,
    .paint = paint,
    .command = command,
    .pace = pace,
    .tick = tick,
    .click = click,
};
