/* parent.c: the process that writes results. It runs neither a lab's code nor a student's: it starts a judge, listens
 * to what that says, and keeps a whole and valid result file at every moment, whoever dies. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lab/grade/internal.h"

/* A check may take so many seconds of the processor, which say as much on a busy computer; and so many times that by the clock,
 * for one that only waits. When one has been ended, those behind it have together a part of that: a submission must not take
 * the time of all its checks. */
#ifdef __SANITIZE_ADDRESS__
enum { DEFAULT_SECONDS = 120, CLOCK_SECONDS = 10, PART_OF_LATER_CHECKS = 4 };
#else
enum { DEFAULT_SECONDS = 10, CLOCK_SECONDS = 10, PART_OF_LATER_CHECKS = 4 };
#endif

struct backstop { int64_t processor, clock; }; /* milliseconds, at which a check is ended */

struct parent {
    const struct lab_grade_options *options;
    struct lab_grade_hearing heard;
    pid_t judge;
    int input, signals;  /* what the judge says; who asks this process to end */
    unsigned ended;      /* judges, for they were late */
    char *scratch;       /* a folder for those of the children */
};

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* Puts the report in the place of the last one, at once; the one that stays, onto the disk. Waiting for the disk after every task
 * would take longer than many a task. */
static void write_result(const struct parent *parent, bool stays)
{
    int (*const write)(const char *, const void *, size_t) = stays ? isa_write_file : isa_write_file_for_now;
    const struct lab_grade_options *options = parent->options;
    if (options->output == NULL)
        return;
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    int error = ENOMEM;
    if (stream != NULL) {
        lab_grade_print(parent->heard.report, options->format, options->keep_failures, stream);
        error = fclose(stream) == 0 ? write(options->output, text, length) : errno;
    }
    free(text);
    if (error)
        fprintf(stderr, "pg74 grade: cannot write %s: %s\n", options->output, strerror(error));
}

/* ---- A judge and its end ----------------------------------------------------------------------------------------- */

static bool start_judge(struct parent *parent)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    fflush(NULL);
    parent->judge = fork();
    if (parent->judge == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        setsid();
        dup2(2, 1); /* what a lab prints is no result */
        setenv("TMPDIR", parent->scratch, 1);
        lab_grade_judge(parent->options, parent->heard.report, parent->heard.next, ends[1]);
    }
    close(ends[1]);
    parent->input = ends[0];
    parent->heard.length = 0;
    parent->heard.begun = false;
    return parent->judge > 0;
}

/* The task that the judge was at has no verdict of its own. */
static void end_task(struct parent *parent, const char *reason, const char *message)
{
    if (parent->heard.next >= json_array_size(json_object_get(parent->heard.report, "tasks"))) {
        lab_grade_report_error(parent->heard.report, message);
        parent->heard.given_up = true;
        return;
    }
    lab_grade_report_task(parent->heard.report, parent->heard.next++,
                          json_pack("{s:s, s:s?, s:s}", "verdict", LAB_GRADE_ERROR, "reason", reason, "message",
                                    message));
}

static void bury_judge(struct parent *parent)
{
    int status = 0;
    char message[128];
    kill(-parent->judge, SIGKILL);
    while (waitpid(parent->judge, &status, 0) < 0 && errno == EINTR)
        ;
    close(parent->input);
    parent->judge = 0;
    if (parent->heard.done || parent->heard.given_up)
        return;
    if (!parent->heard.begun && WIFEXITED(status))
        snprintf(message, sizeof message, "the judge has ended before its time, with status %d", WEXITSTATUS(status));
    else
        snprintf(message, sizeof message, "the judge has died, of signal %d", WTERMSIG(status));
    end_task(parent, NULL, message);
}

static int64_t milliseconds(clockid_t clock)
{
    struct timespec now = {0};
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the judge has had of the processor; not what its children have, which have limits of their own. */
static int64_t processor_time(const struct parent *parent)
{
    clockid_t clock;
    return clock_getcpuclockid(parent->judge, &clock) == 0 ? milliseconds(clock) : 0;
}

static struct backstop backstop_from_now(const struct parent *parent)
{
    int64_t seconds = parent->options->seconds > 0 ? parent->options->seconds : DEFAULT_SECONDS;
    int64_t time = 1000 * seconds / (parent->ended > 0 ? PART_OF_LATER_CHECKS : 1);
    return (struct backstop){.processor = processor_time(parent) + time,
                             .clock = milliseconds(CLOCK_MONOTONIC) + CLOCK_SECONDS * time};
}

enum event { SAID, CLOSED, LATE, ASKED_TO_END };

/* Waits for the judge, until one of `backstop`. */
static enum event listen(struct parent *parent, const struct backstop *backstop)
{
    enum { LONGEST_WAIT = 250 };
    char bytes[65536];
    struct pollfd wait[2] = {{.fd = parent->input, .events = POLLIN}, {.fd = parent->signals, .events = POLLIN}};
    int64_t left = backstop->clock - milliseconds(CLOCK_MONOTONIC);
    if (left <= 0 || processor_time(parent) >= backstop->processor)
        return LATE;
    if (poll(wait, 2, left < LONGEST_WAIT ? (int)left : LONGEST_WAIT) <= 0)
        return SAID;
    if (wait[1].revents != 0) { /* taken off, or it would still come when it is no longer held back */
        struct signalfd_siginfo asked;
        return read(parent->signals, &asked, sizeof asked) > 0 ? ASKED_TO_END : SAID;
    }
    ssize_t length = read(parent->input, bytes, sizeof bytes);
    if (length <= 0)
        return CLOSED;
    if (lab_grade_hear(&parent->heard, bytes, (size_t)length))
        write_result(parent, false);
    return SAID;
}

/* Listens to one judge until it ends, or something ends it. */
static void attend(struct parent *parent)
{
    size_t at = parent->heard.next;
    struct backstop backstop = backstop_from_now(parent);
    for (;;) {
        enum event event = listen(parent, &backstop);
        if (event == SAID && parent->heard.next != at) {
            at = parent->heard.next;
            if (parent->ended == 0)
                backstop = backstop_from_now(parent);
        } else if (event == CLOSED) {
            bury_judge(parent);
            return;
        } else if (event == LATE) {
            kill(-parent->judge, SIGKILL);
            parent->ended++;
            end_task(parent, "resource limit", "the check was not done in the time that a check may take");
            parent->heard.done |= parent->heard.given_up;
            bool done = parent->heard.done;
            parent->heard.done = true;
            bury_judge(parent);
            parent->heard.done = done;
            return;
        } else if (event == ASKED_TO_END) {
            lab_grade_report_error(parent->heard.report, "the grader was asked to end");
            parent->heard.given_up = true;
            parent->heard.code = ISA_EXIT_INTERNAL;
            bury_judge(parent);
            return;
        }
    }
}

static size_t task_count(const struct parent *parent)
{
    return json_array_size(json_object_get(parent->heard.report, "tasks"));
}

static void grade(struct parent *parent)
{
    write_result(parent, false);
    do {
        if (parent->ended > 1) {
            end_task(parent, "resource limit", "it was not tried: checks before it took too long");
            continue;
        }
        if (!start_judge(parent)) {
            lab_grade_report_error(parent->heard.report, "no process can be started");
            return;
        }
        attend(parent);
        write_result(parent, false);
    } while (!parent->heard.done && !parent->heard.given_up && parent->heard.next < task_count(parent));
    if (!parent->heard.given_up && task_count(parent) > 0)
        lab_grade_report_error(parent->heard.report, NULL);
}

/* ---- From outside ------------------------------------------------------------------------------------------------ */

static bool is_there(const char *path, const char *what)
{
    if (access(path, F_OK) == 0)
        return true;
    fprintf(stderr, "pg74 grade: there is no %s %s\n", what, path);
    return false;
}

/* Those of the children stand in it, who have other users. */
static char *make_scratch(void)
{
    char *path = lab_grade_scratch_new(NULL);
    if (path == NULL || chmod(path, 0711) == 0)
        return path;
    lab_grade_scratch_free(path);
    return NULL;
}

json_t *lab_grade_report(const struct lab_grade_options *options, int *code)
{
    sigset_t ends, before;
    char path[4096];
    struct parent parent = {.options = options};
    snprintf(path, sizeof path, "%s/lab.lua", options->lab);
    *code = ISA_EXIT_NO_INPUT;
    if (!is_there(path, "lab:") || !is_there(options->submission, "submission"))
        return NULL;
    parent.scratch = make_scratch();
    if (parent.scratch == NULL) {
        fputs("pg74 grade: there is no room for a scratch folder\n", stderr);
        *code = ISA_EXIT_INTERNAL;
        return NULL;
    }
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, &before);
    parent.signals = signalfd(-1, &ends, SFD_CLOEXEC);
    parent.heard.report = lab_grade_report_new(options);
    grade(&parent);
    write_result(&parent, true);
    close(parent.signals);
    sigprocmask(SIG_SETMASK, &before, NULL);
    lab_grade_scratch_free(parent.scratch);
    free(parent.heard.line);
    *code = parent.heard.code;
    return parent.heard.report;
}

int lab_grade_run(const struct lab_grade_options *options)
{
    int code;
    json_t *report = lab_grade_report(options, &code);
    if (report != NULL && options->output == NULL && code != ISA_EXIT_DATA)
        lab_grade_print(report, options->format, options->keep_failures, stdout);
    json_decref(report);
    return code;
}
