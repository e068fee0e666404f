/* bars.c: where a machine's cycles went, as a bar: the guest's own, those of translated code, and the monitor's by what
 * it was entered for. The three dearest causes of all machines have a pattern each; all else is "other". */
#include "tui/bars.h"

#include <stdlib.h>
#include <string.h>

void tui_cause_name(const struct checker_cause *cause, char *name, size_t size)
{
    bool is_start = cause->instruction == NULL && strcmp(cause->name, "start") == 0;
    snprintf(name, size, "%s", cause->instruction != NULL ? cause->instruction : is_start ? "no trap" : cause->name);
}

struct sum {
    char name[TUI_CAUSE_NAME];
    uint64_t cycles;
};

static int dearer(const void *a, const void *b)
{
    const struct sum *first = a, *second = b;
    if (first->cycles != second->cycles)
        return first->cycles < second->cycles ? 1 : -1;
    return strcmp(first->name, second->name);
}

void tui_choose_causes(const struct checker_figures *figures, unsigned count, struct tui_causes *chosen)
{
    enum { MOST = 512 };
    struct sum *sums = calloc(MOST, sizeof *sums);
    unsigned used = 0;
    if (sums == NULL)
        abort();
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < figures[i].cause_count; k++) {
            char name[TUI_CAUSE_NAME];
            unsigned at = 0;
            tui_cause_name(&figures[i].causes[k], name, sizeof name);
            while (at < used && strcmp(sums[at].name, name) != 0)
                at++;
            if (at == MOST)
                continue;
            if (at == used)
                memcpy(sums[used++].name, name, sizeof name);
            sums[at].cycles += figures[i].causes[k].cycles;
        }
    }
    qsort(sums, used, sizeof *sums, dearer);
    *chosen = (struct tui_causes){.count = 0};
    for (unsigned i = 0; i < used && chosen->count < TUI_CAUSES && sums[i].cycles > 0; i++)
        memcpy(chosen->names[chosen->count++], sums[i].name, TUI_CAUSE_NAME);
    free(sums);
}

/* ---- Pieces ------------------------------------------------------------------------------------------------------ */

enum { GUEST, TRANSLATED, INNER, FIRST_CAUSE, OTHER = FIRST_CAUSE + TUI_CAUSES, PIECES };

static const struct {
    enum tui_glyph glyph;
    enum tui_style style;
    const char *name;
} pieces[PIECES] = {
    {TUI_FULL, TUI_GUEST, "guest"},          {TUI_TRANSLATED, TUI_GUEST, "translated"},
    {TUI_INNER, TUI_GUEST, "inner monitor"}, {TUI_DARK, TUI_FIRST, NULL},
    {TUI_SHADE, TUI_SECOND, NULL},           {TUI_LIGHT, TUI_THIRD, NULL},
    {TUI_EMPTY, TUI_MONITOR, "other"},
};

static void split(const struct checker_figures *figures, const struct tui_causes *chosen, uint64_t parts[PIECES])
{
    memset(parts, 0, PIECES * sizeof parts[0]);
    parts[GUEST] = figures->direct_cycles;
    parts[TRANSLATED] = figures->translated_cycles;
    parts[INNER] = figures->inner_cycles;
    for (unsigned i = 0; i < figures->cause_count; i++) {
        char name[TUI_CAUSE_NAME];
        unsigned at = 0;
        tui_cause_name(&figures->causes[i], name, sizeof name);
        while (at < chosen->count && strcmp(chosen->names[at], name) != 0)
            at++;
        parts[at < chosen->count ? FIRST_CAUSE + at : OTHER] += figures->causes[i].cycles;
    }
}

void tui_put_bar(struct tui *tui, struct tui_text *text, const struct checker_figures *figures,
                 const struct tui_causes *chosen, uint64_t whole, int cells)
{
    uint64_t parts[PIECES], so_far = 0;
    int drawn = 0;
    unsigned largest = 0;
    split(figures, chosen, parts);
    for (unsigned i = 0; i < PIECES; i++)
        largest = parts[i] > parts[largest] ? i : largest;
    for (unsigned i = 0; i < PIECES && whole > 0; i++) {
        so_far += parts[i];
        int until = (int)((double)so_far / (double)whole * cells + 0.5);
        for (; drawn < until && drawn < cells; drawn++)
            tui_put(text, pieces[i].style, "%s", tui_glyph(tui->terminal, pieces[i].glyph));
    }
    if (drawn == 0 && so_far > 0) /* what there is can be seen */
        tui_put(text, pieces[largest].style, "%s", tui_glyph(tui->terminal, pieces[largest].glyph));
}

void tui_put_legend(struct tui *tui, struct tui_text *text, const struct checker_figures *figures, unsigned count,
                    const struct tui_causes *chosen)
{
    uint64_t sums[PIECES] = {0}, parts[PIECES];
    for (unsigned i = 0; i < count; i++) {
        split(&figures[i], chosen, parts);
        for (unsigned k = 0; k < PIECES; k++)
            sums[k] += parts[k];
    }
    tui_put(text, TUI_DIM, "cycles  ");
    for (unsigned i = 0; i < PIECES; i++) {
        if (sums[i] == 0 && i != GUEST)
            continue;
        tui_put(text, pieces[i].style, "%s", tui_glyph(tui->terminal, pieces[i].glyph));
        tui_put(text, TUI_PLAIN, " %s   ", pieces[i].name != NULL ? pieces[i].name : chosen->names[i - FIRST_CAUSE]);
    }
}
