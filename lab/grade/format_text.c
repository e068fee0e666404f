/* format_text.c: a report for a student to read: the first cause first, and not more than can be read. */
#include <stdlib.h>
#include <string.h>

#include "lab/grade/internal.h"

enum { SHOWN_IN_FULL = 3 };

static void print_head(const json_t *report, FILE *stream)
{
    const json_t *lab = json_object_get(report, "lab");
    char score[32], points[32];
    if (lab == NULL)
        return;
    fprintf(stream, "%s\n\n", lab_grade_string(lab, "title"));
    fprintf(stream, "%s of %s points\n\n", lab_grade_points(json_number_value(json_object_get(report, "score")), score),
            lab_grade_points(json_number_value(json_object_get(report, "points")), points));
}

static void print_line(const json_t *task, FILE *stream)
{
    char score[32], points[32], of[80];
    snprintf(of, sizeof of, "%s/%s", lab_grade_points(json_number_value(json_object_get(task, "score")), score),
             lab_grade_points(json_number_value(json_object_get(task, "points")), points));
    fprintf(stream, "  %-13s%7s  %-16s %s", lab_grade_string(task, "verdict"), of, lab_grade_string(task, "id"),
            lab_grade_string(task, "title"));
    if (lab_grade_is(task, LAB_GRADE_SKIPPED) && lab_grade_string(task, "waits_for")[0] != '\0')
        fprintf(stream, " (after %s)", lab_grade_string(task, "waits_for"));
    fputc('\n', stream);
}

static void print_failures(const json_t *report, bool full, FILE *stream)
{
    unsigned shown = 0, left = 0;
    size_t i;
    json_t *task;
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        if (lab_grade_hidden(task) || lab_grade_is(task, LAB_GRADE_PASSED) || lab_grade_is(task, LAB_GRADE_SKIPPED) ||
            strcmp(lab_grade_string(task, "message"), LAB_GRADE_NOT_REACHED) == 0)
            continue;
        if (!full && shown == SHOWN_IN_FULL) {
            left++;
            continue;
        }
        shown++;
        fprintf(stream, "\n%s: %s\n", lab_grade_string(task, "id"), lab_grade_string(task, "verdict"));
        lab_grade_print_failure(report, task, "    ", stream);
    }
    if (left > 0)
        fprintf(stream, "\n%u more %s shown when the first %s mended.\n", left, left == 1 ? "is" : "are",
                shown == 1 ? "is" : "are");
}

void lab_grade_print_text(const json_t *report, bool full, FILE *stream)
{
    size_t i;
    json_t *task;
    char *hidden = lab_grade_hidden_text(report);
    print_head(report, stream);
    if (lab_grade_string(report, "error")[0] != '\0')
        fprintf(stream, "Grader error: %s\n\n", lab_grade_string(report, "error"));
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        if (!lab_grade_hidden(task))
            print_line(task, stream);
    }
    print_failures(report, full, stream);
    if (hidden[0] != '\0')
        fprintf(stream, "\n%s", hidden);
    free(hidden);
    if (json_object_get(report, "lab") != NULL)
        fprintf(stream, "\n%s, lab %s, seed %lld, contained by: %s\n", lab_grade_string(report, "tool"),
                lab_grade_string(json_object_get(report, "lab"), "hash"),
                (long long)json_integer_value(json_object_get(report, "seed")),
                lab_grade_string(report, "containment"));
}
