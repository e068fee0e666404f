/* dashboard.c: all machines that are open: how far each has come, how busy it was, and what can be done with it as a
 * whole. */
#include "tui/machine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lab/language.h"

enum { SAMPLES = 64, SHARE = 20000 /* steps of each machine in a tick */, LEAST_SHARE = 64, FIRST_LINE = 3 };

/* What the dashboard knows of a machine besides. */
struct kept {
    bool goes_on;
    unsigned sample_count;          /* a ring, the last at (sample_count - 1) % SAMPLES */
    uint8_t load[SAMPLES];          /* 0 to 8: the part of the time in which it did not wait */
    struct machine_time since;
    unsigned snapshot_count;
    struct machine_snapshot *snapshot; /* the last */
    struct checker_progress_moment *moment;
};

struct tui_dashboard {
    struct kept kept[TUI_MOST_MACHINES];
};

struct tui_dashboard *tui_dashboard_new(void)
{
    struct tui_dashboard *dashboard = calloc(1, sizeof *dashboard);
    if (dashboard == NULL)
        abort();
    return dashboard;
}

static void forget(struct kept *kept)
{
    machine_snapshot_free(kept->snapshot);
    free(kept->moment);
    *kept = (struct kept){0};
}

void tui_dashboard_free(struct tui_dashboard *dashboard)
{
    if (dashboard == NULL)
        return;
    for (unsigned i = 0; i < TUI_MOST_MACHINES; i++)
        forget(&dashboard->kept[i]);
    free(dashboard);
}

/* ---- Going on ---------------------------------------------------------------------------------------------------- */

/* The part of the time since the last sample that was spent on instructions. */
static void sample(struct kept *kept, const struct machine *machine)
{
    struct machine_time now = machine_time(machine);
    uint64_t busy = now.instructions - kept->since.instructions, idle = now.idle - kept->since.idle;
    if (now.instructions < kept->since.instructions || busy + idle == 0)
        busy = idle = 0;
    kept->load[kept->sample_count++ % SAMPLES] =
        (uint8_t)(busy + idle == 0 ? 0 : (8 * busy + (busy + idle) - 1) / (busy + idle));
    kept->since = now;
}

/* A machine that waits for its timer passes the time in one step, so a share of time is given, as far as it can be. */
static void go_on(struct tui_machine *one, struct kept *kept)
{
    struct machine_time time = machine_time(one->machine);
    uint64_t until = time.instructions + time.idle + SHARE;
    enum machine_stop stop = MACHINE_LIMIT;
    while (stop == MACHINE_LIMIT && time.instructions + time.idle < until) {
        uint64_t left = until - time.instructions - time.idle;
        stop = machine_run(one->machine, left / 16 > LEAST_SHARE ? left / 16 : LEAST_SHARE);
        time = machine_time(one->machine);
    }
    tui_machine_moved(one);
    one->has_ended = stop == MACHINE_HALTED || stop == MACHINE_DEADLOCK;
    kept->goes_on = !one->has_ended;
    sample(kept, one->machine);
}

static int pace(void *state)
{
    const struct tui_dashboard *dashboard = state;
    for (unsigned i = 0; i < TUI_MOST_MACHINES; i++)
        if (dashboard->kept[i].goes_on)
            return TUI_TICK;
    return -1;
}

static void tick(struct tui *tui, void *state)
{
    struct tui_dashboard *dashboard = state;
    for (unsigned i = 0; i < tui->machine_count; i++)
        if (dashboard->kept[i].goes_on)
            go_on(tui->machines[i], &dashboard->kept[i]);
}

/* ---- Painting ---------------------------------------------------------------------------------------------------- */

static const char *state_of(const struct tui_machine *one, const struct kept *kept, char *room, size_t size)
{
    uint32_t code;
    if (machine_guest_count(one->machine) == 1 && machine_guest_halt_code(one->machine, 0, &code))
        snprintf(room, size, "%s %" PRIu32, _("halted"), code);
    else
        snprintf(room, size, "%s", one->has_ended ? _("stuck") : kept->goes_on ? _("goes on") : _("paused"));
    return room;
}

static void put_load(struct tui *tui, struct tui_text *text, const struct kept *kept, int cells)
{
    int most = cells < SAMPLES ? cells : SAMPLES,
        count = (int)kept->sample_count < most ? (int)kept->sample_count : most;
    tui_put(text, TUI_GUEST, "%s", "");
    for (unsigned i = kept->sample_count - (unsigned)count; i < kept->sample_count; i++)
        tui_put(text, TUI_GUEST, "%s", tui_glyph_column(tui->terminal, kept->load[i % SAMPLES]));
}

static void put_line(struct tui *tui, struct tui_text *text, const struct tui_dashboard *dashboard, unsigned number)
{
    const struct tui_machine *one = tui->machines[number];
    const struct kept *kept = &dashboard->kept[number];
    struct machine_time time = machine_time(one->machine);
    char state[64], snapshots[16] = "";
    if (kept->snapshot_count > 0)
        snprintf(snapshots, sizeof snapshots, "%u", kept->snapshot_count);
    tui_put(text, TUI_TRAP, "%s ", number == tui->current ? tui_glyph(tui->terminal, TUI_ARROW) : " ");
    tui_put(text, number == tui->current ? TUI_STRONG : TUI_PLAIN, "%-22.22s ", one->title);
    enum tui_style style = one->has_ended ? TUI_DIM : kept->goes_on ? TUI_GOOD : TUI_PLAIN;
    tui_put_cell(text, style, 10, state_of(one, kept, state, sizeof state));
    tui_put_number(text, TUI_PLAIN, 13, time.instructions);
    tui_put(text, TUI_DIM, " %5s  ", snapshots);
    put_load(tui, text, kept, tui_columns() - 56);
    tui_put(text, TUI_PLAIN, "\n");
}

static void paint(struct tui *tui, void *state)
{
    struct tui_dashboard *dashboard = state;
    struct tui_text text;
    int lines = tui_lines() - 1, list = (int)tui->machine_count;
    tui_text_open(&text);
    tui_put(&text, TUI_TITLE, _(" dashboard  %u machines"), tui->machine_count);
    for (int i = 0; i < tui_columns(); i++)
        tui_put(&text, TUI_TITLE, " ");
    tui_put(&text, TUI_DIM, "\n\n  ");
    tui_put_cell(&text, TUI_DIM, 23, _("machine"));
    tui_put_cell(&text, TUI_DIM, 10, _("state"));
    tui_put_cell(&text, TUI_DIM, -13, _("instructions"));
    tui_put_cell(&text, TUI_DIM, -6, _("kept"));
    tui_put(&text, TUI_DIM, "  %s\n", _("load"));
    for (unsigned i = 0; i < tui->machine_count; i++)
        put_line(tui, &text, dashboard, i);
    tui_put(&text, TUI_PLAIN, "\n");
    int consoles = lines - FIRST_LINE - list - 2;
    if (consoles > 0) {
        tui_put(&text, TUI_DIM, _("  What %s has printed:\n"), tui->machines[tui->current]->title);
        tui_machine_put_consoles(tui->machines[tui->current], &text, consoles);
    }
    tui_draw(tui->terminal, 0, 0, lines, tui_columns(), &text);
    tui_text_free(&text);
    tui->cursor_line = FIRST_LINE + (int)tui->current;
    tui->cursor_column = 0;
}

/* ---- Commands ---------------------------------------------------------------------------------------------------- */

static void snapshot(struct tui *tui, struct tui_machine *one, struct kept *kept)
{
    machine_snapshot_free(kept->snapshot);
    free(kept->moment);
    kept->snapshot = machine_snapshot_take(one->machine);
    kept->moment = checker_progress_keep(tui_machine_progress(tui, one));
    kept->snapshot_count++;
    tui_say(tui, "Kept as it is now. T comes back to it.");
}

/* The history begins anew there: what was before the snapshot can no longer be gone back to. */
static void come_back(struct tui *tui, struct tui_machine *one, struct kept *kept)
{
    if (kept->snapshot == NULL) {
        tui_say(tui, "There is no snapshot of this machine; S makes one.");
        return;
    }
    machine_snapshot_restore(one->machine, kept->snapshot);
    lab_debug_begin_anew(one->debug);
    checker_progress_begin_at(one->progress, kept->moment);
    one->has_gone_back = false;
    one->event_count = 0;
    kept->since = machine_time(one->machine);
    tui_machine_moved(one);
    tui_say(tui, "As it was when the last snapshot was made.");
}

/* A new machine has a name that tells it apart. */
static void take(struct tui *tui, struct tui_machine *copy, const char *what, const struct isa_diagnostics *diagnostics)
{
    char *title = NULL;
    if (copy == NULL) {
        tui_say_diagnostics(tui, diagnostics);
        return;
    }
    if (asprintf(&title, "%s %u", copy->title, tui->machine_count + 1) < 0)
        abort();
    free(copy->title);
    copy->title = title;
    if (!tui_add_machine(tui, copy))
        return;
    tui->current = tui->machine_count - 1;
    tui->dashboard->kept[tui->current].since = machine_time(copy->machine);
    tui_say(tui, "%s: %s.", what, title);
}

static void clone(struct tui *tui)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct tui_machine *one = tui->machines[tui->current];
    tui_machine_progress(tui, one);
    take(tui, tui_machine_clone(one, diagnostics), "A clone", diagnostics);
    isa_diagnostics_free(diagnostics);
}

static void save(struct tui *tui)
{
    char path[200];
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (tui_ask(tui, "Save the machine to the file:", path, sizeof path)) {
        if (machine_save(tui->machines[tui->current]->machine, path, diagnostics))
            tui_say(tui, "Saved to %s. o opens it.", path);
        else
            tui_say_diagnostics(tui, diagnostics);
    }
    isa_diagnostics_free(diagnostics);
}

static void open_file(struct tui *tui)
{
    char path[200];
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (tui_ask(tui, "Open the machine in the file:", path, sizeof path))
        take(tui, tui_machine_open_file(tui->machines[tui->current], path, diagnostics), "Opened", diagnostics);
    isa_diagnostics_free(diagnostics);
}

void tui_close_machine(struct tui *tui, unsigned at)
{
    unsigned rest = tui->machine_count - at - 1;
    forget(&tui->dashboard->kept[at]);
    tui_machine_free(tui->machines[at]);
    memmove(&tui->machines[at], &tui->machines[at + 1], rest * sizeof tui->machines[0]);
    memmove(&tui->dashboard->kept[at], &tui->dashboard->kept[at + 1], rest * sizeof tui->dashboard->kept[0]);
    tui->dashboard->kept[--tui->machine_count] = (struct kept){0};
    tui->changes++;
    tui->current -= tui->current > 0 && tui->current == tui->machine_count;
}

static void close_current(struct tui *tui)
{
    if (tui->machine_count == 1)
        tui_say(tui, "This is the last one. q leaves.");
    else
        tui_close_machine(tui, tui->current);
}

static void pause_or_go_on(struct tui *tui, const struct tui_machine *one, struct kept *kept)
{
    if (one->has_ended) {
        tui_say(tui, "This machine has come to its end. T goes back to a snapshot.");
        return;
    }
    kept->goes_on = !kept->goes_on;
    kept->since = machine_time(one->machine);
}

static bool command(struct tui *tui, void *state, enum tui_command command)
{
    struct tui_dashboard *dashboard = state;
    struct tui_machine *one = tui->machines[tui->current];
    struct kept *kept = &dashboard->kept[tui->current];
    switch (command) {
    case TUI_UP: tui->current -= tui->current > 0; return true;
    case TUI_DOWN: tui->current += tui->current + 1 < tui->machine_count; return true;
    case TUI_PAUSE: pause_or_go_on(tui, one, kept); return true;
    case TUI_SNAPSHOT: snapshot(tui, one, kept); return true;
    case TUI_RETURN: come_back(tui, one, kept); return true;
    case TUI_CLONE: clone(tui); return true;
    case TUI_SAVE: save(tui); return true;
    case TUI_OPEN: open_file(tui); return true;
    case TUI_CLOSE: close_current(tui); return true;
    case TUI_CHOOSE:
        tui_go_to_screen(tui, &tui_machine_screen);
        tui_say(tui, "5 comes back to the dashboard.");
        return true;
    default: return false;
    }
}

static void click(struct tui *tui, void *state, int line, int column)
{
    (void)state, (void)column;
    if (line >= FIRST_LINE && line - FIRST_LINE < (int)tui->machine_count)
        tui->current = (unsigned)(line - FIRST_LINE);
}

static void *dashboard_state(struct tui *tui) { return tui_current_machine(tui) != NULL ? tui->dashboard : NULL; }

static const enum tui_command bar[] = {TUI_PAUSE, TUI_SNAPSHOT, TUI_RETURN, TUI_CLONE,  TUI_SAVE,
                                       TUI_OPEN,  TUI_CLOSE,    TUI_CHOOSE, TUI_NOTHING};

const struct tui_screen tui_dashboard_screen = {
    .name = "dashboard",
    .what = "All machines that are open: state, load (the time in which it did not wait), snapshots, clones, files.",
    .place = TUI_ON_DASHBOARD,
    .keys = bar,
    .state = dashboard_state,
    .paint = paint,
    .command = command,
    .pace = pace,
    .tick = tick,
    .click = click,
};
