/* report.c: a report: what is known of each task, and of the whole. */
#include <stdlib.h>
#include <string.h>

#include "lab/grade/internal.h"

enum { REPORT_VERSION = 1 };

const char *lab_grade_string(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

bool lab_grade_is(const json_t *task, const char *verdict)
{
    return strcmp(lab_grade_string(task, "verdict"), verdict) == 0;
}

bool lab_grade_hidden(const json_t *task)
{
    return strcmp(lab_grade_string(task, "visibility"), "hidden") == 0;
}

const char *lab_grade_points(double points, char text[32])
{
    snprintf(text, 32, "%.10g", points);
    return text;
}

/* ---- Making one -------------------------------------------------------------------------------------------------- */

/* The last part of a path; a name of a file is any bytes. */
static json_t *name_of(const char *path)
{
    size_t end = strlen(path), start;
    while (end > 1 && path[end - 1] == '/')
        end--;
    for (start = end; start > 0 && path[start - 1] != '/';)
        start--;
    return lab_grade_text(path + start, end - start, false);
}

json_t *lab_grade_report_new(const struct lab_grade_options *options)
{
    return json_pack("{s:i, s:s, s:o, s:I, s:b, s:s, s:f, s:f, s:[]}", "schema_version", REPORT_VERSION, "tool",
                     "pg74 " LAB_VERSION, "submission", name_of(options->submission), "seed",
                     (json_int_t)options->seed, "complete", 0, "error", "the grader has not begun", "score", 0.0,
                     "points", 0.0, "tasks");
}

static void count_points(json_t *report)
{
    double score = 0, points = 0;
    size_t i;
    json_t *task;
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        score += json_number_value(json_object_get(task, "score"));
        points += json_number_value(json_object_get(task, "points"));
    }
    json_object_set_new(report, "score", json_real(score));
    json_object_set_new(report, "points", json_real(points));
}

static void move(json_t *to, const char *name, json_t *from, const char *old_name)
{
    json_t *value = json_object_get(from, old_name);
    if (value != NULL)
        json_object_set(to, name, value);
    json_object_del(from, old_name);
}

void lab_grade_report_lab(json_t *report, json_t *lab)
{
    size_t i;
    json_t *task;
    move(report, "tasks", lab, "tasks");
    move(report, "compiler", lab, "found_compiler");
    move(report, "containment", lab, "containment");
    json_object_set_new(report, "lab", lab);
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        json_object_set_new(task, "score", json_real(0));
        json_object_set_new(task, "verdict", json_string(LAB_GRADE_ERROR));
        json_object_set_new(task, "message", json_string(LAB_GRADE_NOT_REACHED));
    }
    count_points(report);
    lab_grade_report_error(report, "the grader has not finished");
}

void lab_grade_report_task(json_t *report, size_t number, json_t *result)
{
    json_t *task = json_array_get(json_object_get(report, "tasks"), number);
    json_object_del(task, "message");
    json_object_update(task, result);
    json_decref(result);
    double points = json_number_value(json_object_get(task, "points"));
    json_object_set_new(task, "score", json_real(lab_grade_is(task, LAB_GRADE_PASSED) ? points : 0));
    count_points(report);
}

void lab_grade_report_error(json_t *report, const char *text)
{
    json_object_set_new(report, "error", text != NULL ? json_string(text) : json_null());
    json_object_set_new(report, "complete", json_boolean(text == NULL));
}

const char *lab_grade_report_missing(const json_t *report, const json_t *task)
{
    size_t i, j;
    json_t *wanted, *other;
    json_array_foreach(json_object_get(task, "after"), i, wanted) {
        json_array_foreach(json_object_get(report, "tasks"), j, other) {
            if (strcmp(lab_grade_string(other, "id"), json_string_value(wanted)) == 0 &&
                !lab_grade_is(other, LAB_GRADE_PASSED))
                return json_string_value(wanted);
        }
    }
    return NULL;
}

/* ---- A failure in words ------------------------------------------------------------------------------------------ */

static void print_lines(const char *text, const char *indent, FILE *stream)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        fprintf(stream, "%s%.*s\n", indent, (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void print_field(const json_t *task, const char *name, const char *label, const char *indent, FILE *stream)
{
    const char *text = lab_grade_string(task, name);
    if (text[0] == '\0')
        return;
    if (strchr(text, '\n') == NULL) {
        fprintf(stream, "%s%-10s %s\n", indent, label, text);
        return;
    }
    char deeper[64];
    snprintf(deeper, sizeof deeper, "%s    ", indent);
    fprintf(stream, "%s%s\n", indent, label);
    print_lines(text, deeper, stream);
}

/* A word as a shell reads it: a name that a student has chosen is not a command. */
static void print_word(const char *word, FILE *stream)
{
    static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+,:=@";
    if (word[0] != '\0' && (strspn(word, harmless) == strlen(word))) {
        fputs(word, stream);
        return;
    }
    fputc('\'', stream);
    for (; *word != '\0'; word++)
        fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, stream);
    fputc('\'', stream);
}

void lab_grade_print_failure(const json_t *report, const json_t *task, const char *indent, FILE *stream)
{
    print_lines(lab_grade_string(task, "message"), indent, stream);
    print_field(task, "expected", "expected", indent, stream);
    print_field(task, "got", "got", indent, stream);
    print_field(task, "at", "at", indent, stream);
    print_field(task, "guest", "guest", indent, stream);
    print_field(task, "detail", "details", indent, stream);
    if (!lab_grade_is(task, LAB_GRADE_FAILED))
        return;
    print_field(task, "hint", "hint", indent, stream);
    const char *name = lab_grade_string(report, "submission");
    fprintf(stream, "%s%-10s pg74 grade --task %s --seed %lld LAB %s", indent, "again", lab_grade_string(task, "id"),
            (long long)json_integer_value(json_object_get(report, "seed")), name[0] == '-' ? "./" : "");
    print_word(name, stream);
    fputc('\n', stream);
}

char *lab_grade_failure_text(const json_t *report, const json_t *task)
{
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    lab_grade_print_failure(report, task, "", stream);
    fclose(stream);
    return text;
}

char *lab_grade_hidden_text(const json_t *report)
{
    char *text = NULL;
    size_t length, i;
    unsigned count = 0, passed = 0;
    json_t *task;
    FILE *stream = open_memstream(&text, &length);
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        count += lab_grade_hidden(task);
        passed += lab_grade_hidden(task) && lab_grade_is(task, LAB_GRADE_PASSED);
    }
    if (count > 0)
        fprintf(stream, "%u of %u hidden checks passed. They concern:\n", passed, count);
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        if (lab_grade_hidden(task))
            fprintf(stream, "  %s: %s\n", lab_grade_string(task, "concern"), lab_grade_string(task, "verdict"));
    }
    fclose(stream);
    return text;
}
