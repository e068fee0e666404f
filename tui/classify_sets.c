/* classify_sets.c: the sets of Popek and Goldberg, drawn: privileged on the left, all else on the right; from above,
 * user sensitive, otherwise sensitive, and neither. What stands at the right of the two upper rows is what the theorems
 * fail by. */
#include "tui/classify.h"

#include <stdlib.h>
#include <string.h>

#include "lab/language.h"

static bool has(const struct classifier_report *report, unsigned instruction, enum classifier_property property)
{
    return classifier_has(report, instruction, property) == CLASSIFIER_YES;
}

bool tui_classify_is_privileged(const struct classifier_report *report, unsigned instruction)
{
    return has(report, instruction, CLASSIFIER_PRIVILEGED);
}

enum tui_region tui_classify_region(const struct classifier_report *report, unsigned instruction)
{
    bool is_sensitive = false;
    if (has(report, instruction, CLASSIFIER_USER_SENSITIVE))
        return TUI_USER_SENSITIVE;
    for (enum classifier_property property = CLASSIFIER_CONTROL_SENSITIVE; property <= CLASSIFIER_RESOURCE_SENSITIVE;
         property++)
        is_sensitive = is_sensitive || has(report, instruction, property);
    return is_sensitive ? TUI_SENSITIVE : TUI_NOT_SENSITIVE;
}

/* Those by which theorems fail first, then by rows, as they are read. */
static unsigned rank(const struct classifier_report *report, unsigned instruction)
{
    enum tui_region region = tui_classify_region(report, instruction);
    bool is_privileged = tui_classify_is_privileged(report, instruction);
    return 2 * (unsigned)region + (is_privileged ? region != TUI_NOT_SENSITIVE : region == TUI_NOT_SENSITIVE);
}

void tui_classify_sort(struct tui_classifier *screen)
{
    screen->count = 0;
    for (unsigned wanted = 0; wanted < 2 * TUI_REGIONS; wanted++)
        for (unsigned i = 0; i < isa_instruction_count(screen->isa) && screen->count < TUI_MOST_INSTRUCTIONS; i++)
            if (rank(screen->report, i) == wanted)
                screen->order[screen->count++] = i;
}

/* ---- Layout: both drawing and finding what was clicked walk through it ------------------------------------------- */

enum { HEAD = 15 /* columns of the rows' names */ };
static const char *const row_names[TUI_REGIONS] = {N_("user sensitive"), N_("sensitive"), N_("not sensitive")};

struct cell {
    int top, left, lines, columns;
};

/* The lines are shared out by need: every row has at least one. */
static void lay_out(const struct tui_classifier *screen, int top, int lines, struct cell cells[TUI_REGIONS][2])
{
    int width = (tui_columns() - HEAD - 2) / 2, left = lines - TUI_REGIONS, need[TUI_REGIONS] = {0};
    for (unsigned row = 0; row < TUI_REGIONS; row++) {
        int used[2] = {0};
        for (unsigned i = 0; i < screen->count; i++) {
            unsigned number = screen->order[i];
            if (tui_classify_region(screen->report, number) == row)
                used[!tui_classify_is_privileged(screen->report, number)] +=
                    (int)strlen(isa_instruction_at(screen->isa, number)->name) + 1;
        }
        int most = used[0] > used[1] ? used[0] : used[1];
        need[row] = most / (width - 8) + 1;
    }
    for (unsigned row = 0; row < TUI_REGIONS; row++) {
        int rows_to_come = (int)(TUI_REGIONS - 1 - row),
            height = need[row] < left - rows_to_come ? need[row] : left - rows_to_come;
        height = height < 1 ? 1 : height;
        for (unsigned side = 0; side < 2; side++)
            cells[row][side] = (struct cell){top, HEAD + (int)side * (width + 2), height, width};
        top += height + 1;
        left -= height;
    }
}

struct place {
    int line, column;
};

/* Where the next name stands in its cell; false when there is no room left. */
static bool put_in(const struct cell *cell, struct place *place, int length)
{
    int end = cell->columns - (place->line + 1 == cell->lines ? 5 : 0);
    if (place->column + length > end) {
        place->line++;
        place->column = 0;
    }
    return place->line < cell->lines && place->column + length <= cell->columns;
}

typedef void each_name(void *context, unsigned order, const struct cell *cell, struct place place);

/* Goes through the names of a cell as they stand there; returns how many there was no room for. */
static unsigned walk(const struct tui_classifier *screen, const struct cell *cell, unsigned row, unsigned side,
                     each_name *each, void *context)
{
    struct place place = {0};
    unsigned left_out = 0;
    for (unsigned i = 0; i < screen->count; i++) {
        unsigned number = screen->order[i];
        int length = (int)strlen(isa_instruction_at(screen->isa, number)->name);
        if (tui_classify_region(screen->report, number) != row ||
            !tui_classify_is_privileged(screen->report, number) != side)
            continue;
        if (left_out > 0 || !put_in(cell, &place, length)) {
            left_out++;
            continue;
        }
        each(context, i, cell, place);
        place.column += length + 1;
    }
    return left_out;
}

/* ---- Drawing ----------------------------------------------------------------------------------------------------- */

struct drawing {
    struct tui *tui;
    struct tui_classifier *screen;
    bool is_wrong; /* a theorem fails by these */
};

static void draw_name(void *context, unsigned order, const struct cell *cell, struct place place)
{
    struct drawing *drawing = context;
    struct tui_text text;
    const char *name = isa_instruction_at(drawing->screen->isa, drawing->screen->order[order])->name;
    bool is_chosen = order == drawing->screen->chosen;
    tui_text_open(&text);
    tui_put(&text, is_chosen ? TUI_CURRENT : drawing->is_wrong ? TUI_WARNING : TUI_PLAIN, "%s", name);
    tui_draw(drawing->tui->terminal, cell->top + place.line, cell->left + place.column, 1, (int)strlen(name), &text);
    tui_text_free(&text);
    if (is_chosen) {
        drawing->tui->cursor_line = cell->top + place.line;
        drawing->tui->cursor_column = cell->left + place.column;
    }
}

static void draw_frame(struct tui *tui, int top, int lines, const struct cell cells[TUI_REGIONS][2])
{
    struct tui_text text;
    int width = cells[0][0].columns;
    tui_text_open(&text);
    tui_put_cell(&text, TUI_STRONG, HEAD, "");
    tui_put_cell(&text, TUI_STRONG, width + 2, _("privileged"));
    tui_put(&text, TUI_STRONG, "%s", _("not privileged"));
    tui_draw(tui->terminal, top, 0, 1, tui_columns(), &text);
    tui_text_free(&text);
    for (int line = top + 1; line < top + lines; line++) {
        tui_text_open(&text);
        for (unsigned row = 0; row < TUI_REGIONS; row++)
            if (line == cells[row][0].top)
                tui_put_cell(&text, TUI_STRONG, HEAD, _(row_names[row]));
        tui_draw(tui->terminal, line, 0, 1, tui_columns(), &text);
        tui_text_free(&text);
    }
    for (unsigned row = 0; row + 1 < TUI_REGIONS; row++)
        tui_draw_rule(tui->terminal, cells[row][0].top + cells[row][0].lines, 0, tui_columns(), "");
}

static void draw_rest(const struct tui *tui, const struct cell *cell, unsigned left_out)
{
    struct tui_text text;
    tui_text_open(&text);
    tui_put(&text, TUI_DIM, "+%u", left_out);
    tui_draw(tui->terminal, cell->top + cell->lines - 1, cell->left + cell->columns - 4, 1, 4, &text);
    tui_text_free(&text);
}

void tui_classify_draw_sets(struct tui *tui, struct tui_classifier *screen, int top, int lines)
{
    struct cell cells[TUI_REGIONS][2];
    lay_out(screen, top + 1, lines - 1, cells);
    draw_frame(tui, top, lines, cells);
    for (unsigned row = 0; row < TUI_REGIONS; row++) {
        for (unsigned side = 0; side < 2; side++) {
            struct drawing drawing = {tui, screen, side == 1 && row != TUI_NOT_SENSITIVE};
            unsigned left_out = walk(screen, &cells[row][side], row, side, draw_name, &drawing);
            if (left_out > 0)
                draw_rest(tui, &cells[row][side], left_out);
        }
    }
}

/* ---- Clicks ------------------------------------------------------------------------------------------------------ */

struct looking {
    const struct tui_classifier *screen;
    int line, column, found;
};

static void look(void *context, unsigned order, const struct cell *cell, struct place place)
{
    struct looking *looking = context;
    int length = (int)strlen(isa_instruction_at(looking->screen->isa, looking->screen->order[order])->name);
    int column = looking->column - cell->left - place.column;
    if (looking->line == cell->top + place.line && column >= 0 && column < length)
        looking->found = (int)order;
}

int tui_classify_at(const struct tui_classifier *screen, int line, int column)
{
    struct looking looking = {screen, line, column, -1};
    struct cell cells[TUI_REGIONS][2];
    lay_out(screen, screen->sets_top + 1, screen->sets_lines - 1, cells);
    for (unsigned row = 0; row < TUI_REGIONS; row++)
        for (unsigned side = 0; side < 2; side++)
            walk(screen, &cells[row][side], row, side, look, &looking);
    return looking.found;
}
