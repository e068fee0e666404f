/* batch.c: all submissions of a folder, several at a time; a file for each, and tables of all. What has been graded is
 * not graded again: so a batch that was interrupted goes on where it was. The tables depend on the results alone. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/grade/internal.h"

struct batch {
    const struct lab_grade_options *options;
    const char *folder;  /* of the submissions */
    char **names;        /* of them, in the order of their bytes */
    unsigned count, done, running, failed;
    char hash[17];       /* of the lab */
};

/* ---- Which there are --------------------------------------------------------------------------------------------- */

static int is_submission(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static bool find_submissions(struct batch *batch)
{
    struct dirent **entries;
    int count = scandir(batch->folder, &entries, is_submission, by_bytes);
    if (count < 0) {
        fprintf(stderr, "pg74 grade: %s: %s\n", batch->folder, strerror(errno));
        return false;
    }
    batch->names = calloc((size_t)count + 1, sizeof *batch->names);
    for (int i = 0; i < count; i++) {
        if (batch->names != NULL)
            batch->names[batch->count++] = strdup(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return batch->names != NULL;
}

static void path_of(const struct batch *batch, const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/%s.json", batch->options->output, name);
}

/* The result of a submission, when there is a whole one of this lab and seed; else NULL. */
static json_t *result_of(const struct batch *batch, const char *name)
{
    char path[4096];
    path_of(batch, name, path, sizeof path);
    json_t *report = json_load_file(path, 0, NULL);
    bool good = report != NULL && json_is_true(json_object_get(report, "complete")) &&
                strcmp(lab_grade_string(json_object_get(report, "lab"), "hash"), batch->hash) == 0 &&
                (uint64_t)json_integer_value(json_object_get(report, "seed")) == batch->options->seed;
    if (good)
        return report;
    json_decref(report);
    return NULL;
}

/* ---- Grading them ------------------------------------------------------------------------------------------------ */

static void show_progress(const struct batch *batch)
{
    enum { WIDTH = 40 };
    if (!isatty(2) || batch->count == 0)
        return;
    unsigned full = WIDTH * batch->done / batch->count;
    fprintf(stderr, "\r[%.*s%*s] %u of %u", (int)full, "########################################",
            (int)(WIDTH - full), "", batch->done, batch->count);
    if (batch->done == batch->count)
        fputc('\n', stderr);
}

static void start(struct batch *batch, const char *name)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        char submission[4096], output[4096];
        struct lab_grade_options options = *batch->options;
        snprintf(submission, sizeof submission, "%s/%s", batch->folder, name);
        path_of(batch, name, output, sizeof output);
        options.submission = submission;
        options.output = output;
        options.format = "json";
        _exit(lab_grade_run(&options));
    }
    batch->running += child > 0;
    batch->failed += child < 0;
}

static void wait_for_one(struct batch *batch)
{
    int status;
    if (wait(&status) < 0)
        return;
    batch->running--;
    batch->done++;
    batch->failed += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    show_progress(batch);
}

static void grade_all(struct batch *batch, unsigned jobs)
{
    for (unsigned i = 0; i < batch->count; i++) {
        json_t *result = result_of(batch, batch->names[i]);
        if (result != NULL) {
            json_decref(result);
            batch->done++;
            show_progress(batch);
            continue;
        }
        while (batch->running >= jobs)
            wait_for_one(batch);
        start(batch, batch->names[i]);
    }
    while (batch->running > 0)
        wait_for_one(batch);
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

/* A cell as RFC 4180 has it; one that a spreadsheet would take for a formula begins with an apostrophe. */
static void print_cell(const char *text, FILE *stream)
{
    const char *formula = strchr("=+-@", text[0]) != NULL && text[0] != '\0' ? "'" : "";
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

static void print_csv(const json_t *reports, FILE *stream)
{
    size_t i, j;
    json_t *report, *task;
    char text[32];
    fputs("submission,status,score,points", stream);
    json_array_foreach(json_object_get(json_array_get(reports, 0), "tasks"), j, task) {
        fputc(',', stream);
        print_cell(lab_grade_string(task, "id"), stream);
    }
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

static void print_html_text(const char *text, FILE *stream)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<': fputs("&lt;", stream); break;
        case '>': fputs("&gt;", stream); break;
        case '&': fputs("&amp;", stream); break;
        case '"': fputs("&quot;", stream); break;
        default: fputc(*text, stream);
        }
    }
}

/* How many passed each task. */
static void print_html_tasks(const json_t *reports, FILE *stream)
{
    size_t i, j;
    json_t *report, *task;
    fputs("<h2>Tasks</h2>\n<table><tr><th>Task<th>Passed<th>Failed<th>Skipped<th>Grader error</tr>\n", stream);
    json_array_foreach(json_object_get(json_array_get(reports, 0), "tasks"), j, task) {
        static const char *const verdicts[] = {LAB_GRADE_PASSED, LAB_GRADE_FAILED, LAB_GRADE_SKIPPED, LAB_GRADE_ERROR};
        fputs("<tr><td>", stream);
        print_html_text(lab_grade_string(task, "title"), stream);
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

static void print_html(const json_t *reports, FILE *stream)
{
    size_t i, j;
    json_t *report, *task;
    char text[32];
    fputs("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Results</title>\n<style>table { border-collapse: "
          "collapse } td, th { border: 1px solid #999; padding: 0.2em 0.5em } .passed { background: #cfc } "
          ".failed { background: #fcc } .skipped { background: #eee } .grader { background: #fc6 }</style>\n<h1>",
          stream);
    print_html_text(lab_grade_string(json_object_get(json_array_get(reports, 0), "lab"), "title"), stream);
    fprintf(stream, "</h1>\n<p>%zu submissions.</p>\n", json_array_size(reports));
    print_html_tasks(reports, stream);
    fputs("<h2>Submissions</h2>\n<table><tr><th>Submission<th>Points", stream);
    json_array_foreach(json_object_get(json_array_get(reports, 0), "tasks"), j, task) {
        fputs("<th>", stream);
        print_html_text(lab_grade_string(task, "id"), stream);
    }
    fputs("</tr>\n", stream);
    json_array_foreach(reports, i, report) {
        fputs("<tr><td>", stream);
        print_html_text(lab_grade_string(report, "submission"), stream);
        fprintf(stream, "<td>%s", lab_grade_points(number(report, "score"), text));
        json_array_foreach(json_object_get(report, "tasks"), j, task) {
            const char *verdict = lab_grade_string(task, "verdict");
            fprintf(stream, "<td class=\"%s\">%s", verdict, verdict);
        }
        fputs("</tr>\n", stream);
    }
    fputs("</table>\n", stream);
}

static bool write_table(const struct batch *batch, const char *name, const json_t *reports,
                        void (*print)(const json_t *, FILE *))
{
    char path[4096], *text = NULL;
    size_t length = 0;
    int error = ENOMEM;
    snprintf(path, sizeof path, "%s/%s", batch->options->output, name);
    FILE *stream = open_memstream(&text, &length);
    if (stream != NULL) {
        print(reports, stream);
        error = fclose(stream) == 0 ? isa_write_file(path, text, length) : errno;
    }
    free(text);
    if (error)
        fprintf(stderr, "pg74 grade: cannot write %s: %s\n", path, strerror(error));
    return !error;
}

static json_t *collect(const struct batch *batch)
{
    json_t *reports = json_array();
    for (unsigned i = 0; i < batch->count; i++) {
        char path[4096];
        path_of(batch, batch->names[i], path, sizeof path);
        json_t *report = json_load_file(path, 0, NULL);
        if (report == NULL)
            report = json_pack("{s:s, s:b}", "submission", batch->names[i], "complete", 0);
        json_array_append_new(reports, report);
    }
    return reports;
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

/* The score of each submission in an earlier table: an object by name. NULL after a message. */
static json_t *read_scores(const char *path)
{
    size_t length;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *text = isa_read_file(path, &length, diagnostics), cell[1024], name[1024];
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    if (text == NULL)
        return NULL;
    json_t *scores = json_object();
    for (const char *at = text; *at != '\0';) {
        bool more = read_cell(&at, name, sizeof name);
        for (unsigned column = 1; more; column++) {
            more = read_cell(&at, cell, sizeof cell);
            if (column == 2) /* see print_cell */
                json_object_set_new(scores, name[0] == '\'' && strchr("=+-@", name[1]) != NULL ? name + 1 : name,
                                    json_string(cell));
        }
        at += strspn(at, "\r\n");
    }
    free(text);
    return scores;
}

/* Prints which scores are others than in an earlier table. */
static int compare(const json_t *reports, const char *path)
{
    size_t i;
    json_t *report;
    unsigned changed = 0;
    json_t *scores = read_scores(path);
    if (scores == NULL)
        return ISA_EXIT_NO_INPUT;
    json_array_foreach(reports, i, report) {
        char text[32];
        const char *name = lab_grade_string(report, "submission"), *old = lab_grade_string(scores, name);
        lab_grade_points(number(report, "score"), text);
        if (strcmp(old, text) == 0)
            continue;
        printf("%s: %s -> %s\n", name, old[0] != '\0' ? old : "new", text);
        changed++;
    }
    printf("%u of %zu scores changed\n", changed, json_array_size(reports));
    json_decref(scores);
    return 0;
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

int lab_grade_batch(const struct lab_grade_options *options, const char *folder, unsigned jobs, const char *old)
{
    struct batch batch = {.options = options, .folder = folder};
    int lab = open(options->lab, O_RDONLY | O_DIRECTORY | O_CLOEXEC), code = 0;
    if (lab < 0 || faccessat(lab, "lab.lua", R_OK, 0) != 0) {
        fprintf(stderr, "pg74 grade: there is no lab: %s/lab.lua\n", options->lab);
        return ISA_EXIT_NO_INPUT;
    }
    lab_grade_lab_hash(lab, batch.hash);
    close(lab);
    if (!find_submissions(&batch))
        return ISA_EXIT_NO_INPUT;
    if (mkdir(options->output, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "pg74 grade: %s: %s\n", options->output, strerror(errno));
        return ISA_EXIT_INTERNAL;
    }
    grade_all(&batch, jobs > 0 ? jobs : 1);
    json_t *reports = collect(&batch);
    if (!write_table(&batch, "results.csv", reports, print_csv) ||
        !write_table(&batch, "results.html", reports, print_html))
        code = ISA_EXIT_INTERNAL;
    if (code == 0 && old != NULL)
        code = compare(reports, old);
    if (code == 0 && batch.failed > 0) {
        fprintf(stderr, "pg74 grade: %u submissions could not be graded\n", batch.failed);
        code = ISA_EXIT_INTERNAL;
    }
    json_decref(reports);
    for (unsigned i = 0; i < batch.count; i++)
        free(batch.names[i]);
    free(batch.names);
    return code;
}
