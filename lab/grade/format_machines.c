/* format_machines.c: reports as programs that run courses read them. Each says which document it follows. Hidden tasks
 * are told as hidden where there is a word for that, and as no more than a verdict elsewhere. */
#include <stdlib.h>
#include <string.h>

#include "lab/grade/internal.h"

static double number(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}

static void print_object(json_t *object, size_t indent, FILE *stream)
{
    json_dumpf(object, stream, indent | JSON_REAL_PRECISION(10));
    fputc('\n', stream);
    json_decref(object);
}

/* What a student is told of a task: nothing of a hidden one but its concern. The caller frees it. */
static char *told(const json_t *report, const json_t *task)
{
    char *text = NULL;
    const char *concern = lab_grade_string(task, "concern");
    if (lab_grade_hidden(task) && asprintf(&text, "A hidden check. It concerns: %s", concern) >= 0)
        return text;
    return lab_grade_failure_text(report, task);
}

static const char *name_of(const json_t *task)
{
    return lab_grade_string(task, lab_grade_hidden(task) ? "concern" : "title");
}

/* ---- JUnit: the XML schema of Jenkins' xUnit plugin, junit-10.xsd ------------------------------------------------ */

static void print_element(const char *element, const json_t *task, const char *text, FILE *stream)
{
    fprintf(stream, "    <%s message=\"", element);
    isa_print_markup(lab_grade_hidden(task) ? "a hidden check" : lab_grade_string(task, "message"), stream);
    fprintf(stream, "\" type=\"%s\">", lab_grade_string(task, "verdict"));
    isa_print_markup(text, stream);
    fprintf(stream, "</%s>\n", element);
}

static void print_testcase(const json_t *report, const json_t *task, FILE *stream)
{
    char *text = told(report, task);
    fputs("  <testcase classname=\"", stream);
    isa_print_markup(lab_grade_string(json_object_get(report, "lab"), "title"), stream);
    fputs("\" name=\"", stream);
    isa_print_markup(name_of(task), stream);
    fputs("\">\n", stream);
    if (lab_grade_is(task, LAB_GRADE_FAILED))
        print_element("failure", task, text, stream);
    else if (lab_grade_is(task, LAB_GRADE_ERROR))
        print_element("error", task, text, stream);
    else if (lab_grade_is(task, LAB_GRADE_SKIPPED))
        fputs("    <skipped/>\n", stream);
    fputs("  </testcase>\n", stream);
    free(text);
}

static unsigned count(const json_t *report, const char *verdict)
{
    unsigned found = 0;
    size_t i;
    json_t *task;
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        found += lab_grade_is(task, verdict);
    }
    return found;
}

/* Where there is no task to blame, the whole is one that could not be done: a suite without tests would count as good. */
static void print_whole(const char *error, FILE *stream)
{
    fputs("  <testcase classname=\"\" name=\"the whole\">\n    <error message=\"", stream);
    isa_print_markup(error, stream);
    fputs("\" type=\"" LAB_GRADE_ERROR "\"></error>\n  </testcase>\n", stream);
}

void lab_grade_print_junit(const json_t *report, bool full, FILE *stream)
{
    size_t i, tasks = json_array_size(json_object_get(report, "tasks"));
    json_t *task;
    const char *error = lab_grade_string(report, "error");
    bool whole = tasks == 0 && error[0] != '\0';
    (void)full;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"", stream);
    isa_print_markup(lab_grade_string(json_object_get(report, "lab"), "title"), stream);
    fprintf(stream, "\" tests=\"%zu\" failures=\"%u\" errors=\"%u\" skipped=\"%u\">\n", tasks + whole,
            count(report, LAB_GRADE_FAILED), count(report, LAB_GRADE_ERROR) + whole, count(report, LAB_GRADE_SKIPPED));
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        print_testcase(report, task, stream);
    }
    if (whole)
        print_whole(error, stream);
    if (error[0] != '\0') {
        fputs("  <system-err>", stream);
        isa_print_markup(error, stream);
        fputs("</system-err>\n", stream);
    }
    fputs("</testsuite>\n", stream);
}

/* ---- TAP: the Test Anything Protocol, version 14 (testanything.org) ---------------------------------------------- */

/* A description, or a reason: in one line, and what begins a directive is escaped. */
static void print_description(const char *text, FILE *stream)
{
    for (; *text != '\0'; text++) {
        if (*text == '#' || *text == '\\')
            fputc('\\', stream);
        fputc((unsigned char)*text < ' ' ? ' ' : *text, stream);
    }
}

/* Comments. The blanks keep one from being taken for the head of a test within the test ("# Subtest"). */
static void print_comments(const char *text, FILE *stream)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        fprintf(stream, "#   %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

void lab_grade_print_tap(const json_t *report, bool full, FILE *stream)
{
    size_t i;
    json_t *task;
    const char *error = lab_grade_string(report, "error");
    (void)full;
    fprintf(stream, "TAP version 14\n1..%zu\n", json_array_size(json_object_get(report, "tasks")));
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        bool skipped = lab_grade_is(task, LAB_GRADE_SKIPPED), passed = lab_grade_is(task, LAB_GRADE_PASSED);
        fprintf(stream, "%sok %zu - ", passed || skipped ? "" : "not ", i + 1);
        print_description(name_of(task), stream);
        if (skipped) {
            fputs(" # SKIP ", stream);
            print_description(lab_grade_string(task, "message"), stream);
        }
        fputc('\n', stream);
        char *text = told(report, task);
        if (!passed && !skipped)
            print_comments(text, stream);
        free(text);
    }
    if (error[0] != '\0') {
        fputs("Bail out! ", stream);
        print_description(error, stream);
        fputc('\n', stream);
    }
}

/* ---- Gradescope: results.json, gradescope-autograders.readthedocs.io, "Autograder Specifications" ---------------- */

void lab_grade_print_gradescope(const json_t *report, bool full, FILE *stream)
{
    json_t *tests = json_array(), *task;
    size_t i;
    (void)full;
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        char *text = lab_grade_failure_text(report, task);
        bool passed = lab_grade_is(task, LAB_GRADE_PASSED);
        json_array_append_new(
            tests, json_pack("{s:f, s:f, s:s, s:s, s:s, s:s, s:s, s:s}", "score", number(task, "score"), "max_score",
                             number(task, "points"), "status", passed ? "passed" : "failed", "name",
                             lab_grade_string(task, "title"), "number", lab_grade_string(task, "id"), "output",
                             passed ? "" : text, "output_format", "text", "visibility",
                             lab_grade_hidden(task) ? "hidden" : "visible"));
        free(text);
    }
    char *hidden = lab_grade_hidden_text(report), *output = NULL;
    const char *error = lab_grade_string(report, "error");
    if (asprintf(&output, "%s%s%s%s", error[0] != '\0' ? "Grader error: " : "", error, error[0] != '\0' ? "\n" : "",
                 hidden) < 0)
        abort();
    print_object(json_pack("{s:f, s:s, s:s, s:s, s:s, s:o, s:o}", "score", number(report, "score"), "output", output,
                           "output_format", "text", "visibility", "visible", "stdout_visibility", "hidden",
                           "extra_data",
                           json_pack("{s:O, s:O, s:s, s:s}", "tool", json_object_get(report, "tool"), "seed",
                                     json_object_get(report, "seed"), "lab",
                                     lab_grade_string(json_object_get(report, "lab"), "hash"), "containment",
                                     lab_grade_string(report, "containment")),
                           "tests", tests),
                 JSON_INDENT(2), stream);
    free(hidden);
    free(output);
}

/* ---- Autolab: docs.autolabproject.com, "Guide for Lab Authors": the scores by problem, on the last line ---------- */

void lab_grade_print_autolab(const json_t *report, bool full, FILE *stream)
{
    json_t *scores = json_object(), *task;
    size_t i;
    lab_grade_print_text(report, full, stream);
    fputc('\n', stream);
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        json_object_set_new(scores, lab_grade_string(task, "id"), json_real(number(task, "score")));
    }
    print_object(json_pack("{s:o}", "scores", scores), JSON_COMPACT, stream);
}

/* ---- PrairieLearn: docs/externalGrading.md, "Grading results" ---------------------------------------------------- */

static json_t *prairielearn_tests(const json_t *report)
{
    json_t *tests = json_array(), *task;
    size_t i;
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        char *text = told(report, task);
        bool passed = lab_grade_is(task, LAB_GRADE_PASSED);
        json_array_append_new(tests, json_pack("{s:s, s:s, s:f, s:f, s:s, s:s}", "name", name_of(task), "description",
                                               lab_grade_is(task, LAB_GRADE_SKIPPED) ? lab_grade_string(task, "message")
                                                                                     : "",
                                               "points", number(task, "score"), "max_points", number(task, "points"),
                                               "message", lab_grade_string(task, "verdict"), "output",
                                               passed ? "" : text));
        free(text);
    }
    return tests;
}

/* A result may have 1 MB: what is too much is left out, from the last test on. */
static void make_small(json_t *result)
{
    enum { MOST = 1000000 };
    json_t *tests = json_object_get(result, "tests");
    for (size_t i = json_array_size(tests); i-- > 0 && json_dumpb(result, NULL, 0, JSON_INDENT(2)) > MOST;)
        json_object_set_new(json_array_get(tests, i), "output",
                            json_string("(left out: the result would be too large)"));
}

void lab_grade_print_prairielearn(const json_t *report, bool full, FILE *stream)
{
    const char *error = lab_grade_string(report, "error");
    double points = number(report, "points"), score = number(report, "score");
    char *hidden = lab_grade_hidden_text(report);
    json_t *result = json_pack("{s:b, s:f, s:s, s:s, s:o}", "gradable", error[0] == '\0', "score",
                               points > 0 ? score / points : 0.0, "message", error[0] != '\0' ? error : "Graded.",
                               "output", hidden, "tests", prairielearn_tests(report));
    (void)full;
    if (error[0] != '\0')
        json_object_set_new(result, "format_errors", json_pack("[s]", error));
    make_small(result);
    print_object(result, JSON_INDENT(2), stream);
    free(hidden);
}

/* ---- GitHub: docs.github.com, "Workflow commands for GitHub Actions": a message a task, and the text around them - */

/* The runner also takes commands of an older form, ##[command], wherever they stand in a line. */
static bool begins_old_command(const char *text)
{
    return strncmp(text, "##[", 3) == 0;
}

static void print_command_text(const char *text, bool property, FILE *stream)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '%': fputs("%25", stream); break;
        case '\r': fputs("%0D", stream); break;
        case '\n': fputs("%0A", stream); break;
        case ':': fputs(property ? "%3A" : ":", stream); break;
        case ',': fputs(property ? "%2C" : ",", stream); break;
        case '#': fputs(begins_old_command(text) ? "# " : "#", stream); break;
        default: fputc(*text, stream);
        }
    }
}

static void print_command(const char *command, const char *title, const char *text, FILE *stream)
{
    fprintf(stream, "::%s title=", command);
    print_command_text(title, true, stream);
    fputs("::", stream);
    print_command_text(text, false, stream);
    fputc('\n', stream);
}

/* What a submission prints must not be taken for a command: none begins with a bar. */
static void print_quoted(const json_t *report, FILE *stream)
{
    char *text = NULL;
    size_t length;
    FILE *memory = open_memstream(&text, &length);
    lab_grade_print_text(report, false, memory);
    fclose(memory);
    for (const char *at = text; *at != '\0'; at++) {
        if (at == text || at[-1] == '\n')
            fputs("| ", stream);
        fputs(begins_old_command(at) ? "# " : (char[]){*at, '\0'}, stream);
    }
    free(text);
}

void lab_grade_print_github(const json_t *report, bool full, FILE *stream)
{
    size_t i;
    json_t *task;
    char score[32], points[32];
    (void)full;
    print_quoted(report, stream);
    if (lab_grade_string(report, "error")[0] != '\0')
        print_command("error", "grader error", lab_grade_string(report, "error"), stream);
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        char *text = told(report, task);
        if (lab_grade_is(task, LAB_GRADE_FAILED) || lab_grade_is(task, LAB_GRADE_ERROR))
            print_command("error", name_of(task), text, stream);
        free(text);
    }
    fprintf(stream, "::notice title=Points::%s of %s\n", lab_grade_points(number(report, "score"), score),
            lab_grade_points(number(report, "points"), points));
}
