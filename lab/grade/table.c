/* table.c: the reports of a batch as tables, in CSV and in HTML; and the scores of an earlier one. */
#include <string.h>

#include "lab/grade/internal.h"

/* Would a spreadsheet take a cell for a formula? ("CSV Injection", owasp.org) */
static bool begins_formula(const char *text)
{
    return text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

/* A cell as RFC 4180 has it; one that a spreadsheet would take for a formula begins with an apostrophe. */
static void print_cell(const char *text, FILE *stream)
{
    const char *formula = begins_formula(text) ? "'" : "";
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fprintf(stream, "%s%s", formula, text);
        return;
    }
    fprintf(stream, "\"%s", formula);
    for (; *text != '\0'; text++)
        fprintf(stream, "%s%c", *text == '"' ? "\"" : "", *text);
    fputc('"', stream);
}

static double number(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}

static const char *verdict_of_all(const json_t *report)
{
    size_t i;
    json_t *task;
    if (!json_is_true(json_object_get(report, "complete")))
        return LAB_GRADE_ERROR;
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        if (lab_grade_is(task, LAB_GRADE_ERROR))
            return LAB_GRADE_ERROR;
    }
    return "graded";
}

/* The tasks of the lab: those of the first report that has any. */
static json_t *tasks_of(const json_t *reports)
{
    size_t i;
    json_t *report;
    json_array_foreach(reports, i, report) {
        json_t *tasks = json_object_get(report, "tasks");
        if (json_array_size(tasks) > 0)
            return tasks;
    }
    return NULL;
}

/* A column for each task: what stands before its name, and the name. */
static void print_columns(const json_t *reports, const char *before, void (*print)(const char *, FILE *), FILE *stream)
{
    size_t i;
    json_t *task;
    json_array_foreach(tasks_of(reports), i, task) {
        fputs(before, stream);
        print(lab_grade_string(task, "id"), stream);
    }
}

void lab_grade_table_csv(const json_t *reports, FILE *stream)
{
    size_t i, j;
    json_t *report, *task;
    char text[32];
    fputs("submission,status,score,points", stream);
    print_columns(reports, ",", print_cell, stream);
    fputs("\r\n", stream);
    json_array_foreach(reports, i, report) {
        print_cell(lab_grade_string(report, "submission"), stream);
        fprintf(stream, ",%s,%s", verdict_of_all(report), lab_grade_points(number(report, "score"), text));
        fprintf(stream, ",%s", lab_grade_points(number(report, "points"), text));
        json_array_foreach(json_object_get(report, "tasks"), j, task) {
            fprintf(stream, ",%s", lab_grade_points(number(task, "score"), text));
        }
        fputs("\r\n", stream);
    }
}

/* How many passed each task. */
static void print_html_tasks(const json_t *reports, FILE *stream)
{
    size_t i, j;
    json_t *report, *task;
    fputs("<h2>Tasks</h2>\n<table><tr><th>Task<th>Passed<th>Failed<th>Skipped<th>Grader error</tr>\n", stream);
    json_array_foreach(tasks_of(reports), j, task) {
        static const char *const verdicts[] = {LAB_GRADE_PASSED, LAB_GRADE_FAILED, LAB_GRADE_SKIPPED, LAB_GRADE_ERROR};
        fputs("<tr><td>", stream);
        isa_print_markup(lab_grade_string(task, "title"), stream);
        for (unsigned k = 0; k < 4; k++) {
            unsigned count = 0;
            json_array_foreach(reports, i, report) {
                count += lab_grade_is(json_array_get(json_object_get(report, "tasks"), j), verdicts[k]);
            }
            fprintf(stream, "<td>%u", count);
        }
        fputs("</tr>\n", stream);
    }
    fputs("</table>\n", stream);
}

void lab_grade_table_html(const json_t *reports, FILE *stream)
{
    size_t i, j;
    json_t *report, *task;
    char text[32];
    fputs("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Results</title>\n<style>table { border-collapse: "
          "collapse } td, th { border: 1px solid #999; padding: 0.2em 0.5em } .passed { background: #cfc } "
          ".failed { background: #fcc } .skipped { background: #eee } .grader { background: #fc6 }</style>\n<h1>",
          stream);
    isa_print_markup(lab_grade_string(json_object_get(json_array_get(reports, 0), "lab"), "title"), stream);
    fprintf(stream, "</h1>\n<p>%zu submissions.</p>\n", json_array_size(reports));
    print_html_tasks(reports, stream);
    fputs("<h2>Submissions</h2>\n<table><tr><th>Submission<th>Points", stream);
    print_columns(reports, "<th>", isa_print_markup, stream);
    fputs("</tr>\n", stream);
    json_array_foreach(reports, i, report) {
        fputs("<tr><td>", stream);
        isa_print_markup(lab_grade_string(report, "submission"), stream);
        fprintf(stream, "<td>%s", lab_grade_points(number(report, "score"), text));
        json_array_foreach(json_object_get(report, "tasks"), j, task) {
            const char *verdict = lab_grade_string(task, "verdict");
            fprintf(stream, "<td class=\"%s\">%s", verdict, verdict);
        }
        fputs("</tr>\n", stream);
    }
    fputs("</table>\n", stream);
}

/* ---- An earlier table -------------------------------------------------------------------------------------------- */

/* Reads a cell of a table from `*at` on, which moves behind it; false at the end of a line. */
static bool read_cell(const char **at, char *cell, size_t size)
{
    size_t length = 0;
    bool quoted = **at == '"';
    *at += quoted;
    while (**at != '\0' && (quoted || strchr(",\r\n", **at) == NULL)) {
        if (quoted && **at == '"' && *++*at != '"')
            quoted = false;
        else if (length + 1 < size)
            cell[length++] = *(*at)++;
        else
            (*at)++;
    }
    cell[length] = '\0';
    if (**at != ',')
        return false;
    ++*at;
    return true;
}

/* What a cell was before print_cell made a text of it. */
static const char *without_apostrophe(const char *cell)
{
    return cell[0] == '\'' && begins_formula(cell + 1) ? cell + 1 : cell;
}

json_t *lab_grade_table_scores(const char *text)
{
    json_t *scores = json_object();
    char cell[1024], name[1024];
    for (const char *at = text; *at != '\0';) {
        bool more = read_cell(&at, name, sizeof name);
        for (unsigned column = 1; more; column++) {
            more = read_cell(&at, cell, sizeof cell);
            if (column == 2)
                json_object_set_new(scores, without_apostrophe(name), json_string(cell));
        }
        at += strspn(at, "\r\n");
    }
    return scores;
}
