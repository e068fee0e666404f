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
        options.no_link = true;
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

/* ---- Tables ------------------------------------------------------------------------------------------------------- */

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
            report = json_pack("{s:o, s:b}", "submission", lab_grade_text(batch->names[i], strlen(batch->names[i]), false),
                               "complete", 0);
        json_array_append_new(reports, report);
    }
    return reports;
}

/* ---- An earlier table -------------------------------------------------------------------------------------------- */

/* Prints which scores are others than in an earlier table. */
static int compare(const json_t *reports, const char *path)
{
    size_t i;
    json_t *report;
    unsigned changed = 0;
    size_t length;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *text = isa_read_file(path, &length, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    if (text == NULL)
        return ISA_EXIT_NO_INPUT;
    json_t *scores = lab_grade_table_scores(text);
    free(text);
    json_array_foreach(reports, i, report) {
        char score[32];
        const char *name = lab_grade_string(report, "submission"), *old = lab_grade_string(scores, name);
        lab_grade_points(json_number_value(json_object_get(report, "score")), score);
        if (strcmp(old, score) == 0)
            continue;
        printf("%s: %s -> %s\n", name, old[0] != '\0' ? old : "new", score);
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
    if (!write_table(&batch, "results.csv", reports, lab_grade_table_csv) ||
        !write_table(&batch, "results.html", reports, lab_grade_table_html))
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
