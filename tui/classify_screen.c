/* classify_screen.c: an instruction set: what the theorems say, the sets, one instruction with its witness. */
#include "tui/classify.h"
#include "tui/machine.h"

#include <stdlib.h>
#include <string.h>

#include "lab/language.h"

enum { THEOREMS_TOP = 1, SETS_TOP = 5, LEAST_DETAIL = 9, LOOK_IN = 50 /* ms */, MOST_NAMED = 2 };

struct tui_classifier *tui_classifier_new(const char *isa)
{
    struct tui_classifier *screen = calloc(1, sizeof *screen);
    if (screen == NULL)
        abort();
    screen->name = strdup(isa);
    screen->classifier = classifier_new(NULL);
    screen->property = CLASSIFIER_PROPERTIES;
    return screen;
}

static void forget_flips(struct tui_classifier *screen)
{
    while (screen->flip_count > 0)
        free(screen->flips[--screen->flip_count]);
}

void tui_classifier_free(struct tui_classifier *screen)
{
    if (screen == NULL)
        return;
    tui_classify_abandon(screen);
    tui_classify_forget_states(screen);
    forget_flips(screen);
    classifier_report_free(screen->report);
    isa_free(screen->isa);
    classifier_free(screen->classifier);
    free(screen->name);
    free(screen);
}

/* ---- Painting ---------------------------------------------------------------------------------------------------- */

static const char *verdict(enum classifier_answer answer)
{
    return answer == CLASSIFIER_YES  ? _("guaranteed")
           : answer == CLASSIFIER_NO ? _("not guaranteed")
                                     : _("unknown");
}

static void put_title(const struct tui_classifier *screen, struct tui_text *text)
{
    const struct isa *isa = screen->isa;
    tui_put(text, TUI_TITLE, " %s  ", screen->name);
    if (isa != NULL)
        tui_put(text, TUI_TITLE, "%s", isa_title(isa));
    for (int i = 0; i < tui_columns(); i++)
        tui_put(text, TUI_TITLE, " ");
    tui_put(text, TUI_PLAIN, "\n");
}

/* A theorem's verdict, what it was before the last flip, and by whom it fails. */
static void put_theorem(const struct tui_classifier *screen, struct tui_text *text, enum classifier_theorem theorem)
{
    static const char *const meanings[] = {N_("a monitor can be built"), N_("and run under itself"),
                                           N_("a hybrid one can be")};
    enum classifier_answer answer = classifier_theorem(screen->report, theorem, false);
    tui_put(text, TUI_STRONG, _(" Theorem %d"), (int)theorem + 1);
    tui_put(text, TUI_PLAIN, "  ");
    tui_put_cell(text, TUI_PLAIN, 23, _(meanings[theorem]));
    tui_put_cell(text, answer == CLASSIFIER_YES ? TUI_GOOD : TUI_WARNING, 17, verdict(answer));
    unsigned count = 0;
    for (unsigned i = 0; answer == CLASSIFIER_NO && i < isa_instruction_count(screen->isa); i++) {
        if (!classifier_violates(screen->report, i, theorem, false) || ++count > MOST_NAMED)
            continue;
        tui_put(text, TUI_PLAIN, "%s%s", count > 1 ? ", " : _("for "), isa_instruction_at(screen->isa, i)->name);
    }
    tui_put(text, TUI_DIM, count > MOST_NAMED ? " and %u more" : "", count - MOST_NAMED);
    if (screen->has_before && screen->before[theorem] != answer)
        tui_put(text, TUI_CHANGED, _("%s(was %s)"), answer == CLASSIFIER_NO ? " " : "",
                verdict(screen->before[theorem]));
    tui_put(text, TUI_PLAIN, "\n");
}

static void put_theorems(const struct tui_classifier *screen, struct tui_text *text)
{
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        put_theorem(screen, text, theorem);
    if (screen->job != NULL)
        tui_put(text, TUI_CHANGED, _(" Computing what follows for %s ..."), tui_classify_under_way(screen));
}

static void paint(struct tui *tui, void *state)
{
    struct tui_classifier *screen = state;
    struct tui_text text;
    int lines = tui_lines() - 1, columns = tui_columns(), sets = (lines - SETS_TOP - LEAST_DETAIL);
    sets = sets > 14 ? 14 + (sets - 14) / 3 : sets;
    tui_text_open(&text);
    put_title(screen, &text);
    if (screen->report != NULL)
        put_theorems(screen, &text);
    else
        tui_put(&text, TUI_PLAIN, "\n %s\n\n%s",
                screen->job != NULL ? _("Computing what each instruction does, in all states.")
                                    : _("Nothing is classified. i names an instruction set."),
                screen->job != NULL ? _(" That takes up to two seconds; keys work meanwhile.") : "");
    tui_draw(tui->terminal, 0, 0, screen->report != NULL ? SETS_TOP : lines, columns, &text);
    tui_text_free(&text);
    tui->cursor_line = THEOREMS_TOP;
    tui->cursor_column = 0;
    if (screen->report == NULL)
        return;
    if (screen->shows_states) {
        tui_classify_draw_states(tui, screen, SETS_TOP - 1, lines - SETS_TOP + 1);
        return;
    }
    screen->sets_top = SETS_TOP;
    screen->sets_lines = sets;
    tui_classify_draw_sets(tui, screen, SETS_TOP, sets);
    tui_draw_rule(tui->terminal, SETS_TOP + sets - 1, 0, columns, "");
    tui_classify_draw_detail(tui, screen, SETS_TOP + sets, lines - SETS_TOP - sets);
}

/* ---- Commands ---------------------------------------------------------------------------------------------------- */

static void choose(struct tui_classifier *screen, int order)
{
    int last = (int)screen->count - 1;
    screen->chosen = (unsigned)(order < 0 ? 0 : order > last ? last : order);
    screen->property = CLASSIFIER_PROPERTIES;
    tui_classify_next_witness(screen);
    tui_classify_forget_states(screen);
}

/* Flipping twice is not flipping. */
static void flip(struct tui *tui, struct tui_classifier *screen)
{
    const struct isa_instruction *instruction = isa_instruction_at(screen->isa, screen->order[screen->chosen]);
    const char *why;
    unsigned at = 0;
    if (!tui_classify_can_flip(screen, instruction, &why)) {
        tui_say(tui, "%s cannot be flipped: %s.", instruction->name, why);
        return;
    }
    while (at < screen->flip_count && strcmp(screen->flips[at], instruction->name) != 0)
        at++;
    if (at < screen->flip_count) {
        free(screen->flips[at]);
        screen->flips[at] = screen->flips[--screen->flip_count];
    } else if (screen->flip_count < TUI_MOST_FLIPS) {
        screen->flips[screen->flip_count++] = strdup(instruction->name);
    } else {
        tui_say(tui, "So many are flipped already that it is another machine.");
        return;
    }
    tui_classify_start(tui, screen);
}

static void classify_another(struct tui *tui, struct tui_classifier *screen)
{
    char answer[128];
    if (!tui_ask(tui, "Classify (name, or file.isa):", answer, sizeof answer))
        return;
    char *before = screen->name;
    screen->name = strdup(answer);
    unsigned flips = screen->flip_count;
    screen->flip_count = 0;
    bool is_good = tui_classify_start(tui, screen);
    screen->flip_count = flips;
    if (is_good) {
        forget_flips(screen);
        screen->has_before = false;
        classifier_report_free(screen->report);
        screen->report = NULL;
        screen->shows_states = false;
        free(before);
        return;
    }
    free(screen->name);
    screen->name = before;
}

static void search(struct tui *tui, struct tui_classifier *screen)
{
    char answer[64];
    if (tui_ask(tui, "Look for the instruction:", answer, sizeof answer))
        snprintf(screen->search, sizeof screen->search, "%s", answer);
    for (unsigned i = 1; i <= screen->count && screen->search[0] != '\0'; i++) {
        unsigned order = (screen->chosen + i) % screen->count;
        if (strstr(isa_instruction_at(screen->isa, screen->order[order])->name, screen->search) != NULL) {
            choose(screen, (int)order);
            return;
        }
    }
    if (screen->search[0] != '\0')
        tui_say(tui, "No instruction has '%s' in its name.", screen->search);
}

static bool is_waited_for(struct tui *tui, const struct tui_classifier *screen)
{
    if (screen->job == NULL)
        return false;
    tui_say(tui, "Not yet: %s is still being classified.", tui_classify_under_way(screen));
    return true;
}

static bool command(struct tui *tui, void *state, enum tui_command command)
{
    struct tui_classifier *screen = state;
    bool is_change = command == TUI_FLIP || command == TUI_ANOTHER;
    if ((is_change || screen->report == NULL) && is_waited_for(tui, screen))
        return true;
    if (command == TUI_ANOTHER) {
        classify_another(tui, screen);
        return true;
    }
    if (screen->report == NULL)
        return false;
    switch (command) {
    case TUI_UP: choose(screen, (int)screen->chosen - 1); return true;
    case TUI_DOWN: choose(screen, (int)screen->chosen + 1); return true;
    case TUI_PAGE_UP: choose(screen, (int)screen->chosen - 10); return true;
    case TUI_PAGE_DOWN: choose(screen, (int)screen->chosen + 10); return true;
    case TUI_FLIP: flip(tui, screen); return true;
    case TUI_WITNESS: tui_classify_next_witness(screen); tui_classify_forget_states(screen); return true;
    case TUI_PLAY: tui_classify_play(tui, screen); return true;
    case TUI_SEARCH: search(tui, screen); return true;
    case TUI_PANE:
        screen->shows_states = !screen->shows_states && tui_classify_has_states(screen);
        if (!screen->shows_states && !tui_classify_has_states(screen))
            tui_say(tui, "%s has too many states to draw them all; pocket has not.", isa_name(screen->isa));
        return true;
    default: return false;
    }
}

static void click(struct tui *tui, void *state, int line, int column)
{
    struct tui_classifier *screen = state;
    (void)tui;
    if (screen->report == NULL || screen->shows_states)
        return;
    int order = tui_classify_at(screen, line, column);
    if (order >= 0)
        choose(screen, order);
}

static bool is_busy(void *state) { return ((const struct tui_classifier *)state)->job != NULL; }
static int pace(void *state) { return is_busy(state) ? LOOK_IN : -1; }
static void tick(struct tui *tui, void *state) { tui_classify_finish(tui, state); }

static void *classifier_state(struct tui *tui)
{
    if (tui->classifier == NULL) {
        tui->classifier = tui_classifier_new(tui->options->isa != NULL ? tui->options->isa
                                             : tui->machine_count > 0  ? isa_name(tui->machines[tui->current]->isa)
                                                                       : "pg74");
        tui_classify_start(tui, tui->classifier);
    }
    return tui->classifier;
}

static const enum tui_command bar[] = {TUI_UP,   TUI_DOWN,    TUI_WITNESS, TUI_PLAY,   TUI_FLIP,
                                       TUI_PANE, TUI_ANOTHER, TUI_SEARCH,  TUI_NOTHING};

const struct tui_screen tui_classifier_screen = {
    .name = "classes",
    .what = "The sets of Popek and Goldberg, where each instruction stands and why, and what the theorems say of all "
            "of them.",
    .place = TUI_ON_CLASSIFIER,
    .keys = bar,
    .state = classifier_state,
    .paint = paint,
    .command = command,
    .pace = pace,
    .tick = tick,
    .click = click,
    .is_busy = is_busy,
};
