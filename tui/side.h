/* side.h: machines side by side: what moves them and what paints them share. Private to tui/. */
#ifndef PG74_TUI_SIDE_H
#define PG74_TUI_SIDE_H

#include "tui/machine.h"

enum { TUI_SIDE_STOPS = 256 };
enum tui_side_view { TUI_SIDE_INSTRUCTION, TUI_SIDE_CONSOLE, TUI_SIDE_CAUSES, TUI_SIDE_VIEWS };

/* Where all machines were when they were last moved together. */
struct tui_side_stop {
    uint64_t steps[TUI_MOST_SIDE_BY_SIDE];
    struct checker_progress_moment *moments[TUI_MOST_SIDE_BY_SIDE];
};

struct tui_side {
    bool is_racing, is_paced;
    unsigned pace; /* instructions a second; racing, thousands of cycles */
    enum tui_side_view view;
    unsigned first_stop, stop_count, stopped; /* a ring; of which machines: tui->changes */
    struct tui_side_stop stops[TUI_SIDE_STOPS];
    int top[TUI_MOST_SIDE_BY_SIDE], height; /* of each machine's block, as last painted */
};

/* How many machines are shown: the first ones. */
unsigned tui_side_shown(const struct tui *tui);
/* Instructions of its first guest. */
uint64_t tui_side_count(const struct tui_machine *one);
void tui_side_paint(struct tui *tui, void *state);

#endif
