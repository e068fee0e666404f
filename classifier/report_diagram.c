/* report_diagram.c: the sets of Popek and Goldberg's theorems as an SVG drawing: privileged and sensitive overlap, user
 * sensitive lies inside sensitive. What stands in sensitive outside of privileged is what breaks Theorem 1. */
#include "classifier/internal.h"

#include <string.h>

enum region { PRIVILEGED_ALONE, TRAPS, LEAKS, USER_TRAPS, USER_LEAKS, OUTSIDE, REGIONS };

enum {
    LINE_HEIGHT = 18,
    COLUMNS = 2,
    TITLE = 30,
    MARGIN = 12,
    LEFT = 10,
    OVERLAP = 250,
    MIDDLE = 510,
    RIGHT = 850,
    WIDTH = 860
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

static unsigned count_in(const struct classifier_report *report, enum region region)
{
    unsigned count = 0;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        count += region_of(report, i) == region;
    return count;
}

static int height_of(const struct classifier_report *report, enum region region)
{
    return (int)((count_in(report, region) + COLUMNS - 1) / COLUMNS) * LINE_HEIGHT;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static void draw_names(const struct classifier_report *report, enum region region, int x, int y, int width,
                       const char *class, FILE *stream)
{
    int number = 0;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        if (region_of(report, i) != region)
            continue;
        fprintf(stream, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n", class,
                x + number % COLUMNS * width / COLUMNS, y + number / COLUMNS * LINE_HEIGHT,
                isa_instruction_at(report->isa, i)->name);
        number++;
    }
}

static void draw_set(const char *class, const char *title, int x, int y, int width, int height, bool right,
                     FILE *stream)
{
    fprintf(stream, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"14\"/>\n", class, x, y, width,
            height);
    fprintf(stream, "<text class=\"set\" x=\"%d\" y=\"%d\"%s>%s</text>\n", right ? x + width - MARGIN : x + MARGIN,
            y + 20, right ? " text-anchor=\"end\"" : "", title);
}

void classifier_draw(const struct classifier_report *report, FILE *stream)
{
    int top = larger(height_of(report, TRAPS), height_of(report, LEAKS)) + TITLE + MARGIN;
    int bottom = larger(height_of(report, USER_TRAPS), height_of(report, USER_LEAKS)) + TITLE + MARGIN;
    int inner = larger(top + bottom + MARGIN, height_of(report, PRIVILEGED_ALONE) + TITLE + MARGIN);
    int user = MARGIN + TITLE + top, names = user + TITLE + MARGIN;
    fprintf(stream,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"privileged, sensitive and user sensitive "
            "instructions\">\n",
            WIDTH, inner + 2 * MARGIN + TITLE + LINE_HEIGHT);
    draw_set("privileged", "privileged", LEFT, MARGIN, MIDDLE - LEFT, inner + TITLE, false, stream);
    draw_set("sensitive", "sensitive", OVERLAP, MARGIN, RIGHT - OVERLAP, inner + TITLE, true, stream);
    draw_set("user", "user sensitive", OVERLAP + MARGIN, user, RIGHT - OVERLAP - 2 * MARGIN, bottom, true, stream);
    int first = MARGIN + TITLE + LINE_HEIGHT;
    draw_names(report, PRIVILEGED_ALONE, LEFT + MARGIN, first, OVERLAP - LEFT - MARGIN, "good", stream);
    draw_names(report, TRAPS, OVERLAP + MARGIN, first, MIDDLE - OVERLAP - MARGIN, "good", stream);
    draw_names(report, LEAKS, MIDDLE + MARGIN, first, RIGHT - MIDDLE - MARGIN, "bad", stream);
    draw_names(report, USER_TRAPS, OVERLAP + 2 * MARGIN, names, MIDDLE - OVERLAP - 2 * MARGIN, "good", stream);
    draw_names(report, USER_LEAKS, MIDDLE + MARGIN, names, RIGHT - MIDDLE - 2 * MARGIN, "bad", stream);
    fprintf(stream, "<text class=\"set\" x=\"%d\" y=\"%d\">in neither: %u instructions</text>\n</svg>\n", LEFT + MARGIN,
            inner + TITLE + MARGIN + LINE_HEIGHT + 4, count_in(report, OUTSIDE));
}
