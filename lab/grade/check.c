/* check.c: is a lab sound? Its solution gets full marks, its starter does not already, every task can fail, no monitor
 * that comes with the program gets full marks in the place of a student's, and what students get tells nothing that is
 * hidden. */
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/grade/author.h"
#include "lab/grade/internal.h"
#include "lab/program.h"

struct checking {
    const char *lab;
    char solution[4096], starter[4096], *folder; /* folder: for what is made */
    unsigned wrong;
};

__attribute__((format(printf, 2, 3))) static void complain(struct checking *checking, const char *format, ...)
{
    va_list arguments;
    checking->wrong++;
    va_start(arguments, format);
    printf("  wrong: ");
    vprintf(format, arguments);
    putchar('\n');
    va_end(arguments);
}

static json_t *grade(const struct checking *checking, const char *submission, struct lab_grade_options options)
{
    int code;
    options.lab = checking->lab;
    options.submission = submission;
    json_t *report = lab_grade_report(&options, &code);
    return report;
}

static double number(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}

/* ---- The solution ------------------------------------------------------------------------------------------------ */

/* Full marks, for a seed, and on a machine by a secret (NULL: the lab's own). */
static bool check_solution(struct checking *checking, uint64_t seed, const char *secret)
{
    json_t *report = grade(checking, checking->solution, (struct lab_grade_options){.seed = seed, .secret = secret});
    size_t i;
    json_t *task;
    const char *error = report != NULL ? lab_grade_string(report, "error") : "it could not be graded";
    unsigned before = checking->wrong;
    if (error[0] != '\0')
        complain(checking, "%s", error);
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        if (!lab_grade_is(task, LAB_GRADE_PASSED))
            complain(checking, "the solution, with seed %llu%s%s: %s: %s: %s", (unsigned long long)seed,
                     secret != NULL ? " and secret " : "", secret != NULL ? secret : "", lab_grade_string(task, "id"),
                     lab_grade_string(task, "verdict"), lab_grade_string(task, "message"));
    }
    json_decref(report);
    return checking->wrong == before;
}

/* ---- What must not pass ------------------------------------------------------------------------------------------ */

/* Marks in `failed` (a JSON array of booleans) the tasks that a submission fails, each judged by itself. */
static json_t *mark_failures(struct checking *checking, const char *submission, const char *name, json_t *failed)
{
    json_t *report = grade(checking, submission, (struct lab_grade_options){.seed = 1, .alone = true}), *task;
    size_t i;
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        if (i >= json_array_size(failed))
            json_array_append_new(failed, json_false());
        if (lab_grade_is(task, LAB_GRADE_FAILED))
            json_array_set_new(failed, i, json_true());
        if (lab_grade_is(task, LAB_GRADE_ERROR))
            complain(checking, "%s: %s is a grader error: %s", name, lab_grade_string(task, "id"),
                     lab_grade_string(task, "message"));
    }
    if (report != NULL && number(report, "score") >= number(report, "points"))
        complain(checking, "%s already gets full marks", name);
    return report;
}

/* A folder with all files that are to be submitted, empty. */
static void make_empty(struct checking *checking, const json_t *report, char *path, size_t size)
{
    size_t i;
    json_t *name;
    snprintf(path, size, "%s/empty", checking->folder);
    mkdir(path, 0777);
    json_array_foreach(json_object_get(json_object_get(report, "lab"), "submit"), i, name) {
        char file[4096];
        snprintf(file, sizeof file, "%s/%s", path, json_string_value(name));
        int made = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
        if (made >= 0)
            close(made);
    }
}

static void check_failures(struct checking *checking)
{
    char empty[128];
    json_t *failed = json_array(), *task;
    size_t i;
    json_t *report = mark_failures(checking, checking->starter, "the starter", failed);
    make_empty(checking, report, empty, sizeof empty);
    json_decref(mark_failures(checking, empty, "an empty submission", failed));
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        if (!json_is_true(json_array_get(failed, i)))
            complain(checking, "%s: neither the starter nor an empty submission fails it",
                     lab_grade_string(task, "id"));
    }
    json_decref(failed);
    json_decref(report);
}

/* ---- The monitors that come with the program --------------------------------------------------------------------- */

static bool is_monitor_lab(const struct checking *checking, bool *in_c)
{
    json_t *report = grade(checking, checking->starter, (struct lab_grade_options){.seed = 1, .task = "-"});
    const json_t *lab = json_object_get(report, "lab");
    const char *name = json_string_value(json_array_get(json_object_get(lab, "submit"), 0));
    bool is = json_is_true(json_object_get(lab, "monitor"));
    size_t length = name != NULL ? strlen(name) : 0;
    *in_c = length > 2 && strcmp(name + length - 2, ".c") == 0;
    json_decref(report);
    return is;
}

/* The folder of the monitors: where the program was built, or where it was installed. */
static DIR *open_monitors(char *folder, size_t size)
{
    static const char *const places[] = {"vmm", "../lib/pg74/vmm", NULL};
    return lab_beside_program(places, folder, size) ? opendir(folder) : NULL;
}

/* In C, an image stands for what the compiler makes of the submission, on the machine of a course with some secret. A
 * lab in Lua gets the image as a file: it cannot be one. */
static void check_monitors(struct checking *checking, bool in_c)
{
    char folder[4096], path[8192];
    DIR *monitors = open_monitors(folder, sizeof folder);
    for (struct dirent *entry; monitors != NULL && (entry = readdir(monitors)) != NULL;) {
        size_t length = strlen(entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 4, ".elf") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        json_t *report = grade(checking, in_c ? checking->solution : path,
                               (struct lab_grade_options){.seed = 1, .secret = "course", .image = in_c ? path : NULL,
                                                          .until_failure = true});
        if (report != NULL && number(report, "score") >= number(report, "points"))
            complain(checking, "%s of the program itself gets full marks", entry->d_name);
        json_decref(report);
    }
    if (monitors != NULL)
        closedir(monitors);
}

/* ---- What students get ------------------------------------------------------------------------------------------- */

static bool same_file(int one, const char *name, int other, const char *other_name)
{
    size_t length = 0, other_length = 1;
    const char *why;
    char *bytes = lab_grade_read_plain(one, name, 64 * LAB_GRADE_LARGEST_FILE, &length, &why);
    char *others = lab_grade_read_plain(other, other_name, 64 * LAB_GRADE_LARGEST_FILE, &other_length, &why);
    bool same = bytes != NULL && others != NULL && length == other_length && length > 0 &&
                memcmp(bytes, others, length) == 0;
    free(bytes);
    free(others);
    return same;
}

/* Does any file under `folder` hold what the file `secret` in `from` holds? */
static bool holds(int folder, int from, const char *secret)
{
    bool found = false;
    DIR *entries = fdopendir(dup(folder));
    for (struct dirent *entry; entries != NULL && !found && (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        int inner = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        found = inner >= 0 ? holds(inner, from, secret) : same_file(folder, entry->d_name, from, secret);
        if (inner >= 0)
            close(inner);
    }
    if (entries != NULL)
        closedir(entries);
    return found;
}

static void check_withheld(struct checking *checking, int exported, const char *path, const char *name)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = folder >= 0 ? fdopendir(dup(folder)) : NULL;
    for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;)
        if (entry->d_name[0] != '.' && holds(exported, folder, entry->d_name))
            complain(checking, "what is exported holds %s/%s", name, entry->d_name);
    if (entries != NULL)
        closedir(entries);
    if (folder >= 0)
        close(folder);
}

/* The object that is supplied says nothing of where it comes from: no name of a file that stays with the author. */
static void check_object(struct checking *checking, int exported, const char *path, const char *name)
{
    size_t length = 0;
    const char *why;
    char *bytes = lab_grade_read_plain(exported, "supplied.o", LAB_GRADE_LARGEST_FILE, &length, &why);
    DIR *entries = bytes != NULL ? opendir(path) : NULL;
    for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;)
        if (entry->d_name[0] != '.' && memmem(bytes, length, entry->d_name, strlen(entry->d_name)) != NULL)
            complain(checking, "supplied.o names %s/%s", name, entry->d_name);
    if (entries != NULL)
        closedir(entries);
    free(bytes);
}

/* What students see of the starter in their bundle is what the course's own grader says. */
static void check_same(struct checking *checking, const struct checking *bundle)
{
    static const char *const fields[] = {"verdict", "message", "expected", "got", "at", "guest", "detail"};
    json_t *ours = grade(checking, checking->starter, (struct lab_grade_options){.seed = 1, .secret = "course"});
    json_t *theirs = grade(bundle, checking->starter, (struct lab_grade_options){.seed = 1}), *task;
    size_t i;
    json_array_foreach(json_object_get(theirs, "tasks"), i, task) {
        const json_t *own = json_array_get(json_object_get(ours, "tasks"), i);
        for (unsigned j = 0; j < sizeof fields / sizeof *fields; j++)
            if (strcmp(lab_grade_string(own, fields[j]), lab_grade_string(task, fields[j])) != 0)
                complain(checking, "what is exported judges the starter otherwise: %s: %s: %s and not %s",
                         lab_grade_string(task, "id"), fields[j], lab_grade_string(task, fields[j]),
                         lab_grade_string(own, fields[j]));
    }
    json_decref(ours);
    json_decref(theirs);
}

static void check_export(struct checking *checking)
{
    static const char *const withheld[] = {"solution", "hidden", "supplied"};
    char exported[128], path[4096];
    snprintf(exported, sizeof exported, "%s/exported", checking->folder);
    if (lab_grade_export(checking->lab, exported, "course") != 0) {
        complain(checking, "it cannot be exported");
        return;
    }
    int folder = open(exported, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (unsigned i = 0; i < sizeof withheld / sizeof *withheld; i++) {
        snprintf(path, sizeof path, "%.3000s/%s", checking->lab, withheld[i]);
        check_withheld(checking, folder, path, withheld[i]);
        if (strcmp(withheld[i], "solution") != 0) /* its names are those of what is to be submitted */
            check_object(checking, folder, path, withheld[i]);
    }
    close(folder);
    struct checking bundle = {.lab = exported};
    json_t *report = grade(&bundle, checking->solution, (struct lab_grade_options){.seed = 1}), *task;
    size_t i;
    json_array_foreach(json_object_get(report, "tasks"), i, task) {
        if (lab_grade_hidden(task))
            complain(checking, "the hidden task %s stands in lab.lua, which is exported, and not in hidden.lua",
                     lab_grade_string(task, "id"));
    }
    if (report == NULL || number(report, "score") < number(report, "points"))
        complain(checking, "what is exported cannot be graded with");
    json_decref(report);
    check_same(checking, &bundle);
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static bool is_folder(struct checking *checking, const char *path, const char *what)
{
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return true;
    complain(checking, "there is no folder %s", what);
    return false;
}

int lab_grade_check(const char *lab)
{
    struct checking checking = {.lab = lab};
    bool in_c;
    snprintf(checking.solution, sizeof checking.solution, "%s/lab.lua", lab);
    if (access(checking.solution, R_OK) != 0) {
        fprintf(stderr, "pg74 lab: there is no lab: %s\n", checking.solution);
        return ISA_EXIT_NO_INPUT;
    }
    snprintf(checking.solution, sizeof checking.solution, "%s/solution", lab);
    snprintf(checking.starter, sizeof checking.starter, "%s/starter", lab);
    checking.folder = lab_grade_scratch_new(NULL);
    if (checking.folder == NULL) {
        fputs("pg74 lab: there is no room for a scratch folder\n", stderr);
        return ISA_EXIT_INTERNAL;
    }
    printf("%s\n", lab);
    if (is_folder(&checking, checking.solution, "solution") && is_folder(&checking, checking.starter, "starter") &&
        check_solution(&checking, 1, NULL) && check_solution(&checking, 2, "course")) {
        check_failures(&checking);
        if (is_monitor_lab(&checking, &in_c))
            check_monitors(&checking, in_c);
        check_export(&checking);
    }
    lab_grade_scratch_free(checking.folder);
    puts(checking.wrong == 0 ? "  sound" : "  not sound");
    return checking.wrong == 0 ? 0 : 1;
}
