/* bars.h: bars of where cycles went. Private to tui/. */
#ifndef PG74_TUI_BARS_H
#define PG74_TUI_BARS_H

#include "tui/internal.h"

enum { TUI_CAUSES = 3, TUI_CAUSE_NAME = 24 };

/* The causes that have a pattern of their own. */
struct tui_causes {
    unsigned count;
    char names[TUI_CAUSES][TUI_CAUSE_NAME];
};

/* "ecall", or "timer" where no instruction is the cause. */
void tui_cause_name(const struct checker_cause *cause, char *name, size_t size);
/* The dearest ones of several machines together. */
void tui_choose_causes(const struct checker_figures *figures, unsigned count, struct tui_causes *chosen);
/* A bar of at most so many cells, which stand for `whole` cycles. */
void tui_put_bar(struct tui *tui, struct tui_text *text, const struct checker_figures *figures,
                 const struct tui_causes *chosen, uint64_t whole, int cells);
/* What the patterns mean: those that there are. */
void tui_put_legend(struct tui *tui, struct tui_text *text, const struct checker_figures *figures, unsigned count,
                    const struct tui_causes *chosen);

#endif
