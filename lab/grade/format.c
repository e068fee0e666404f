/* format.c: which forms of a report there are; and the report as it is, in JSON. */
#include <string.h>

#include "lab/grade/internal.h"

const char *const lab_grade_format_names[] = {"text",       "json",    "junit",        "tap",
                                              "gradescope", "autolab", "prairielearn", "github", NULL};

static void print_json(const json_t *report, bool full, FILE *stream)
{
    (void)full;
    json_dumpf(report, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
    fputc('\n', stream);
}

void lab_grade_print(const json_t *report, const char *format, bool full, FILE *stream)
{
    static void (*const print[])(const json_t *, bool, FILE *) = {
        lab_grade_print_text,       print_json,           lab_grade_print_junit,        lab_grade_print_tap,
        lab_grade_print_gradescope, lab_grade_print_autolab, lab_grade_print_prairielearn, lab_grade_print_github};
    for (unsigned i = 0; lab_grade_format_names[i] != NULL; i++)
        if (strcmp(format != NULL ? format : "text", lab_grade_format_names[i]) == 0)
            print[i](report, full, stream);
}
