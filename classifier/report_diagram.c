/* report_diagram.c: the sets of Popek and Goldberg's theorems as an SVG drawing: privileged and sensitive overlap, user
 * sensitive lies inside sensitive. What stands in sensitive outside of privileged is what breaks Theorem 1.
 *
 * Every name stands in a cell of a grid. Privileged alone, both, and sensitive alone get as many columns each as make the
 * drawing least high. */
#include "classifier/internal.h"

#include <string.h>

enum region { PRIVILEGED_ALONE, TRAPS, LEAKS, USER_TRAPS, USER_LEAKS, OUTSIDE, REGIONS };

/* A character of the names' font is 0.6 of 14 units wide. */
enum { LINE_HEIGHT = 20, TITLE = 30, MARGIN = 12, WIDTH = 1000, LEAST_COLUMNS = 1, TITLE_COLUMN = 150 };

struct drawing {
    const struct classifier_report *report;
    FILE *stream;
    int cell;       /* width of a column, */
    int other_cell; /* and of one below the sets */
    int columns[3]; /* of privileged alone, both, sensitive alone */
};

static enum region region_of(const struct classifier_report *report, unsigned instruction)
{
    const enum classifier_answer *has = report->findings[instruction].has;
    bool sensitive = false, privileged = has[CLASSIFIER_PRIVILEGED] == CLASSIFIER_YES,
         user = has[CLASSIFIER_USER_SENSITIVE] == CLASSIFIER_YES;
    for (unsigned p = CLASSIFIER_CONTROL_SENSITIVE; p <= CLASSIFIER_RESOURCE_SENSITIVE; p++)
        sensitive = sensitive || has[p] == CLASSIFIER_YES;
    if (user)
        return privileged ? USER_TRAPS : USER_LEAKS;
    if (sensitive)
        return privileged ? TRAPS : LEAKS;
    return privileged ? PRIVILEGED_ALONE : OUTSIDE;
}

static int count_in(const struct classifier_report *report, enum region region)
{
    int count = 0;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        count += region_of(report, i) == region;
    return count;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* At least a line, so that an empty set can be seen. */
static int height_of(const struct drawing *drawing, enum region region, int columns)
{
    int count = count_in(drawing->report, region);
    return larger(1, (count + columns - 1) / columns) * LINE_HEIGHT;
}

static int top_height(const struct drawing *drawing, const int columns[3])
{
    return larger(height_of(drawing, TRAPS, columns[1]), height_of(drawing, LEAKS, columns[2]));
}

static int bottom_height(const struct drawing *drawing, const int columns[3])
{
    return larger(height_of(drawing, USER_TRAPS, columns[1]), height_of(drawing, USER_LEAKS, columns[2]));
}

/* Of the sets, below their titles. */
static int inner_height(const struct drawing *drawing, const int columns[3])
{
    int right = top_height(drawing, columns) + TITLE + bottom_height(drawing, columns) + 3 * MARGIN;
    return larger(right, height_of(drawing, PRIVILEGED_ALONE, columns[0]) + MARGIN);
}

static void choose_columns(struct drawing *drawing)
{
    int total = (WIDTH - 8 * MARGIN) / drawing->cell, best = 0;
    int least = (TITLE_COLUMN + drawing->cell - 1) / drawing->cell;
    for (int a = least; a + LEAST_COLUMNS + least <= larger(total, 2 * least + LEAST_COLUMNS); a++)
        for (int b = LEAST_COLUMNS; a + b + least <= larger(total, 2 * least + LEAST_COLUMNS); b++) {
            int columns[3] = {a, b, larger(least, total - a - b)}, height = inner_height(drawing, columns);
            if (best == 0 || height < best) {
                best = height;
                memcpy(drawing->columns, columns, sizeof columns);
            }
        }
}

/* ---- Drawing ----------------------------------------------------------------------------------------------------- */

static void draw_name(const struct drawing *drawing, unsigned instruction, int x, int y, const char *class)
{
    const struct isa_instruction *i = isa_instruction_at(drawing->report->isa, instruction);
    bool linked = classifier_reason(drawing->report, instruction) != NULL;
    FILE *stream = drawing->stream;
    if (linked) {
        fputs("<a href=\"#", stream);
        isa_print_markup(isa_name(drawing->report->isa), stream);
        fprintf(stream, "-%s\">", i->name);
    }
    fprintf(stream, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%s\n", class, x, y, i->name, linked ? "</a>" : "");
}

static void draw_names(const struct drawing *drawing, enum region region, int x, int y, int columns, const char *class)
{
    int number = 0, cell = region == OUTSIDE ? drawing->other_cell : drawing->cell;
    for (unsigned i = 0; i < isa_instruction_count(drawing->report->isa); i++)
        if (region_of(drawing->report, i) == region) {
            draw_name(drawing, i, x + number % columns * cell, y + number / columns * LINE_HEIGHT, class);
            number++;
        }
}

static void draw_set(FILE *stream, const char *class, int x, int y, int width, int height)
{
    fprintf(stream, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"16\"/>\n", class, x, y, width,
            height);
}

static void draw_title(FILE *stream, const char *class, const char *title, int count, int x, int y, bool right)
{
    fprintf(stream, "<text class=\"title %s-title\" x=\"%d\" y=\"%d\"%s>%s (%d)</text>\n", class, x, y,
            right ? " text-anchor=\"end\"" : "", title, count);
}

static void draw_sets(const struct drawing *drawing, int height)
{
    const struct classifier_report *report = drawing->report;
    FILE *stream = drawing->stream;
    int left = 2 * MARGIN, y = MARGIN + TITLE;
    int overlap = left + MARGIN + drawing->columns[0] * drawing->cell,          /* where sensitive begins */
        middle = overlap + 3 * MARGIN + drawing->columns[1] * drawing->cell,    /* where privileged ends */
        right = middle + 3 * MARGIN + drawing->columns[2] * drawing->cell,      /* where sensitive ends */
        user = y + TITLE + top_height(drawing, drawing->columns) + MARGIN;
    int user_count = count_in(report, USER_TRAPS) + count_in(report, USER_LEAKS);
    int both = count_in(report, TRAPS) + count_in(report, USER_TRAPS);
    draw_set(stream, "privileged", left, y, middle - left, height);
    draw_set(stream, "sensitive", overlap, y, right - overlap, height);
    draw_set(stream, "user", overlap + MARGIN, user, right - overlap - 2 * MARGIN,
             TITLE + bottom_height(drawing, drawing->columns) + MARGIN);
    draw_title(stream, "privileged", "privileged", both + count_in(report, PRIVILEGED_ALONE), left + MARGIN, y + 21,
               false);
    draw_title(stream, "sensitive", "sensitive", both + count_in(report, LEAKS) + count_in(report, USER_LEAKS),
               right - MARGIN, y + 21, true);
    draw_title(stream, "user", "user sensitive", user_count, right - 2 * MARGIN, user + 21, true);
    int first = y + TITLE + LINE_HEIGHT - 5, low = user + TITLE + LINE_HEIGHT - 5;
    draw_names(drawing, PRIVILEGED_ALONE, left + MARGIN, first, drawing->columns[0], "good");
    draw_names(drawing, TRAPS, overlap + 2 * MARGIN, first, drawing->columns[1], "good");
    draw_names(drawing, LEAKS, middle + MARGIN, first, drawing->columns[2], "bad");
    draw_names(drawing, USER_TRAPS, overlap + 2 * MARGIN, low, drawing->columns[1], "good");
    draw_names(drawing, USER_LEAKS, middle + MARGIN, low, drawing->columns[2], "bad");
    if (user_count == 0)
        fprintf(stream, "<text class=\"none\" x=\"%d\" y=\"%d\">none</text>\n", overlap + 2 * MARGIN, low);
}

void classifier_draw(const struct classifier_report *report, FILE *stream)
{
    struct drawing drawing = {.report = report, .stream = stream};
    unsigned longest = 6, count = isa_instruction_count(report->isa);
    for (unsigned i = 0; i < count; i++)
        if (strlen(isa_instruction_at(report->isa, i)->name) > longest)
            longest = (unsigned)strlen(isa_instruction_at(report->isa, i)->name);
    drawing.cell = drawing.other_cell = (int)(longest * 42 / 5) + 16;
    choose_columns(&drawing);
    int sum = drawing.columns[0] + drawing.columns[1] + drawing.columns[2];
    int width = larger(WIDTH, sum * drawing.cell + 11 * MARGIN), across = (width - 4 * MARGIN) / drawing.cell;
    drawing.cell = (width - 11 * MARGIN) / sum; /* the sets take all of the width */
    int height = TITLE + inner_height(&drawing, drawing.columns) + MARGIN;
    int others = MARGIN + TITLE + height + TITLE, outside = height_of(&drawing, OUTSIDE, across);
    fprintf(stream,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"The sets of privileged, sensitive and user sensitive "
            "instructions of ", width, others + outside + 2 * MARGIN);
    isa_print_markup(isa_name(report->isa), stream);
    fputs("\">\n", stream);
    draw_set(stream, "all", MARGIN / 2, MARGIN / 2, width - MARGIN, others + outside + MARGIN);
    draw_title(stream, "all", "all instructions", (int)count, 2 * MARGIN, MARGIN + 18, false);
    draw_sets(&drawing, height);
    draw_title(stream, "all", "in none of these sets", count_in(report, OUTSIDE), 2 * MARGIN, others - 8, false);
    draw_names(&drawing, OUTSIDE, 2 * MARGIN, others + LINE_HEIGHT - 5, across, "ordinary");
    fputs("</svg>\n", stream);
}
