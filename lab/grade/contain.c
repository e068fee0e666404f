/* contain.c: a job in a child of its own, and what came of it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lab/grade/contain.h"

enum {
    FIRST_USER = 61184, /* users that systemd keeps for services that come and go (systemd.exec, DynamicUser) */
    USERS = 4096,
    CHILD_FAILED = 125
};

/* ---- What there is ----------------------------------------------------------------------------------------------- */

/* How many processes this user has, as their limit counts them. */
static unsigned count_processes(void)
{
    unsigned count = 0;
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; processes != NULL && (entry = readdir(processes)) != NULL;) {
        struct stat status;
        count += entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
                 fstatat(dirfd(processes), entry->d_name, &status, 0) == 0 && status.st_uid == getuid();
    }
    if (processes != NULL)
        closedir(processes);
    return count;
}

/* Tries something in a process that does nothing else. */
static bool try_in_child(bool (*attempt)(const struct lab_grade_containment *containment),
                         const struct lab_grade_containment *containment)
{
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(attempt(containment) ? 0 : 1);
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool can_become(const struct lab_grade_containment *containment)
{
    return setresgid(containment->user, containment->user, containment->user) == 0 &&
           setresuid(containment->user, containment->user, containment->user) == 0;
}

static bool can_read_lab(const struct lab_grade_containment *containment)
{
    return can_become(containment) && access(containment->hidden, R_OK) == 0;
}

/* A user whom no other grader on this computer has now: what is left of a job is ended by its user. Who has one is known by a
 * socket without a file, which the kernel takes away with this process, however that ends. */
static uid_t claim_user(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int holder = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    for (unsigned i = 0; holder >= 0 && i < USERS; i++) {
        uid_t user = FIRST_USER + ((unsigned)getpid() + i) % USERS;
        int length = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "pg74-grade-user-%u", (unsigned)user);
        socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
        if (bind(holder, (const struct sockaddr *)&name, size) == 0)
            return user; /* the socket stays open */
    }
    if (holder >= 0)
        close(holder);
    return FIRST_USER + (unsigned)getpid() % USERS;
}

struct lab_grade_containment lab_grade_containment_find(const char *hidden, bool uncontained)
{
    struct lab_grade_containment found = {.uncontained = uncontained, .hidden = hidden};
    if (uncontained)
        return found;
    found.seccomp = lab_grade_seccomp_is_there();
    found.landlock = lab_grade_landlock_version();
    found.user = geteuid() == 0 ? claim_user() : 0;
    found.own_user = geteuid() == 0 && try_in_child(can_become, &found);
    if (!found.own_user)
        found.processes = count_processes();
    return found;
}

bool lab_grade_containment_suffices(const struct lab_grade_containment *containment, char *why, size_t size)
{
    if (containment->uncontained)
        return true;
    if (!containment->seccomp) {
        snprintf(why, size, "this system has no seccomp, by which a program that comes from outside is closed in");
        return false;
    }
    if (containment->landlock > 0)
        return true;
    if (!containment->own_user) {
        snprintf(why, size, "this system has no Landlock, and who is not root cannot give a child a user of its own");
        return false;
    }
    return true;
}

bool lab_grade_containment_hides(const struct lab_grade_containment *containment, char *why, size_t size)
{
    if (containment->uncontained || containment->landlock > 0 || containment->hidden == NULL ||
        !try_in_child(can_read_lab, containment))
        return true;
    snprintf(why, size, "this system has no Landlock, and every user can read the lab: 'chmod -R go-rwx' its folder");
    return false;
}

void lab_grade_containment_print(const struct lab_grade_containment *containment, char *text, size_t size)
{
    if (containment->uncontained)
        snprintf(text, size, "none: limits alone");
    else
        snprintf(text, size, "%s%s%s", containment->own_user ? "own user, " : "",
                 containment->landlock > 0 ? "Landlock, " : "", containment->seccomp ? "seccomp" : "no seccomp");
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

char *lab_grade_scratch_new(const struct lab_grade_containment *containment)
{
    const char *folder = getenv("TMPDIR");
    char *path = NULL;
    if (asprintf(&path, "%s/pg74-grade-XXXXXX", folder != NULL && folder[0] == '/' ? folder : "/tmp") < 0)
        return NULL;
    bool own_user = containment != NULL && containment->own_user;
    if (mkdtemp(path) == NULL || (own_user && chown(path, containment->user, containment->user) != 0)) {
        free(path);
        return NULL;
    }
    return path;
}

bool lab_grade_scratch_write(const struct lab_grade_containment *containment, const char *scratch, const char *name,
                             const void *bytes, size_t length)
{
    int folder = open(scratch, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool good = file >= 0 && write(file, bytes, length) == (ssize_t)length;
    if (good && containment->own_user)
        good = fchown(file, containment->user, containment->user) == 0;
    if (file >= 0)
        close(file);
    if (folder >= 0)
        close(folder);
    return good;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

void lab_grade_scratch_free(char *scratch)
{
    if (scratch != NULL)
        nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    free(scratch);
}

/* Is this file, under whatever name, one of those in a folder? */
static bool is_within(int folder, const struct stat *file)
{
    struct stat status;
    bool found = false;
    int opened = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = opened >= 0 ? fdopendir(opened) : NULL;
    for (struct dirent *entry; entries != NULL && !found && (entry = readdir(entries)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            fstatat(opened, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        found = status.st_dev == file->st_dev && status.st_ino == file->st_ino;
        int inner = S_ISDIR(status.st_mode) ? openat(opened, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
        if (inner >= 0) {
            found |= is_within(inner, file);
            close(inner);
        }
    }
    if (entries != NULL)
        closedir(entries);
    return found;
}

char *lab_grade_read_foreign(int own, int folder, const char *path, size_t most, size_t *length, const char **why)
{
    struct stat status;
    char *bytes = NULL;
    int file = openat(folder, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    *why = NULL;
    if (file < 0)
        *why = errno == ELOOP ? "it is a link, and not a file" : errno == ENOENT ? "it is missing" : strerror(errno);
    else if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        *why = "it is not a plain file";
    else if (own >= 0 && status.st_nlink > 1 && is_within(own, &status))
        *why = "it is a file of the lab's, under another name";
    else if ((uint64_t)status.st_size > most)
        *why = "it is too large";
    else if ((bytes = calloc((size_t)status.st_size + 1, 1)) != NULL) {
        ssize_t got = read(file, bytes, (size_t)status.st_size);
        *length = got > 0 ? (size_t)got : 0;
    }
    if (file >= 0)
        close(file);
    return bytes;
}

char *lab_grade_read_plain(int folder, const char *path, size_t most, size_t *length, const char **why)
{
    return lab_grade_read_foreign(-1, folder, path, most, length, why);
}

/* ---- A job ------------------------------------------------------------------------------------------------------- */

/* In the child, from fork to exec. */
static void become_program(const struct lab_grade_containment *containment, const struct lab_grade_job *job,
                           int program, int input, int output)
{
    setsid();
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(job->profile == LAB_GRADE_CLOSED ? nothing : output, 2) < 0)
        _exit(CHILD_FAILED);
    int kept = fcntl(program, F_DUPFD_CLOEXEC, 3);
    for (int descriptor = 3; descriptor < 1024; descriptor++)
        if (descriptor != kept)
            close(descriptor);
    if (!lab_grade_restrict(containment, job, kept))
        _exit(CHILD_FAILED);
    execveat(kept, "", (char *const *)(uintptr_t)job->arguments, environ, AT_EMPTY_PATH);
    _exit(CHILD_FAILED);
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void keep(struct lab_grade_outcome *outcome, size_t most, const char *bytes, size_t length)
{
    size_t room = most - outcome->output_length;
    outcome->cut |= length > room;
    length = length < room ? length : room;
    memcpy(outcome->output + outcome->output_length, bytes, length);
    outcome->output_length += length;
    outcome->output[outcome->output_length] = '\0';
}

/* Reads what the child prints until it, and all that it started, have closed it. False: the backstop came first. */
static bool listen_to(int output, const struct lab_grade_limits *limits, struct lab_grade_outcome *outcome)
{
    int64_t end = milliseconds() + (int64_t)limits->seconds * 1000;
    char bytes[16384];
    for (;;) {
        int64_t left = end - milliseconds();
        struct pollfd wait = {.fd = output, .events = POLLIN};
        if (left <= 0 || (poll(&wait, 1, (int)left) < 0 && errno != EINTR))
            return false;
        if (wait.revents == 0)
            continue;
        ssize_t length = read(output, bytes, sizeof bytes);
        if (length == 0 || (length < 0 && errno != EINTR && errno != EAGAIN))
            return true;
        if (length > 0)
            keep(outcome, limits->output, bytes, (size_t)length);
    }
}

/* All that is left of a user that has nothing but this job. */
static void kill_user(uid_t user)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        if (setresuid(user, user, user) == 0)
            kill(-1, SIGKILL);
        _exit(0);
    }
    if (child > 0)
        waitpid(child, &status, 0);
}

static void end(const struct lab_grade_containment *containment, const struct lab_grade_job *job, pid_t child,
                bool heard, struct lab_grade_outcome *outcome)
{
    int status;
    if (!heard)
        kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    kill(-child, SIGKILL); /* whom it left behind */
    if (containment->own_user && job->profile != LAB_GRADE_CLOSED)
        kill_user(containment->user);
    outcome->status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    if (!heard)
        outcome->end = LAB_GRADE_CLOCK;
    else if (WIFEXITED(status))
        outcome->end = outcome->status == CHILD_FAILED ? LAB_GRADE_NOT_STARTED : LAB_GRADE_ENDED;
    else
        outcome->end = outcome->status == SIGXCPU ? LAB_GRADE_PROCESSOR : LAB_GRADE_SIGNAL;
}

static int input_of(const struct lab_grade_job *job)
{
    int input = memfd_create("input", MFD_CLOEXEC);
    size_t done = 0;
    while (input >= 0 && done < job->input_length) {
        ssize_t wrote = write(input, (const char *)job->input + done, job->input_length - done);
        if (wrote <= 0) {
            close(input);
            return -1;
        }
        done += (size_t)wrote;
    }
    if (input >= 0)
        lseek(input, 0, SEEK_SET);
    return input;
}

struct lab_grade_outcome lab_grade_contain(const struct lab_grade_containment *containment,
                                           const struct lab_grade_job *job)
{
    struct lab_grade_outcome outcome = {.end = LAB_GRADE_NOT_STARTED,
                                        .output = calloc(job->limits.output + 1, 1)};
    int ends[2];
    int program = open(job->arguments[0], O_PATH | O_CLOEXEC), input = input_of(job);
    if (outcome.output == NULL)
        abort();
    if (program >= 0 && input >= 0 && pipe2(ends, O_CLOEXEC) == 0) {
        pid_t child = fork();
        if (child == 0)
            become_program(containment, job, program, input, ends[1]);
        close(ends[1]);
        if (child > 0)
            end(containment, job, child, listen_to(ends[0], &job->limits, &outcome), &outcome);
        close(ends[0]);
    }
    if (program >= 0)
        close(program);
    if (input >= 0)
        close(input);
    return outcome;
}
