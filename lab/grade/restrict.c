/* restrict.c: what a child does to itself before it becomes the program that it is for. The order counts: what takes
 * rights comes before they are given up. */
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/grade/contain.h"

enum { OTHER_PROCESSES = 512 }; /* that the same user may start meanwhile */

static bool limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
    struct rlimit now;
    if (getrlimit(resource, &now) != 0)
        return false;
    struct rlimit wanted = {.rlim_cur = soft, .rlim_max = hard};
    if (wanted.rlim_max > now.rlim_max)
        wanted.rlim_max = now.rlim_max;
    if (wanted.rlim_cur > wanted.rlim_max)
        wanted.rlim_cur = wanted.rlim_max;
    return setrlimit(resource, &wanted) == 0;
}

/* A sanitizer claims far more addresses than it uses. */
static bool limit_memory(uint64_t bytes)
{
#ifdef __SANITIZE_ADDRESS__
    (void)bytes;
    return true;
#else
    return limit(RLIMIT_AS, bytes, bytes);
#endif
}

/* The number of processes counts for a user: where the child has the grader's, those that are there count with it. */
static bool limit_all(const struct lab_grade_containment *containment, const struct lab_grade_limits *limits)
{
    rlim_t processes = limits->processes;
    if (!containment->own_user)
        processes += containment->processes + OTHER_PROCESSES;
    return limit(RLIMIT_CPU, limits->processor_seconds, limits->processor_seconds + 1) &&
           limit_memory(limits->memory) &&
           limit(RLIMIT_FSIZE, limits->file_size, limits->file_size) &&
           limit(RLIMIT_NOFILE, limits->descriptors, limits->descriptors) && limit(RLIMIT_CORE, 0, 0) &&
           limit(RLIMIT_NPROC, processes, processes);
}

static bool become(const struct lab_grade_containment *containment)
{
    if (!containment->own_user)
        return true;
    uid_t user = containment->user;
    return setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 && setresuid(user, user, user) == 0;
}

/* Nothing of the environment is the program's business; not even the way to its folder, which it may not be able to
 * go. */
static bool forget_environment(void)
{
    clearenv();
    return setenv("PATH", "/usr/bin:/bin", 1) == 0 && setenv("LANG", "C.UTF-8", 1) == 0 &&
           setenv("TMPDIR", ".", 1) == 0 && setenv("HOME", ".", 1) == 0;
}

bool lab_grade_restrict(const struct lab_grade_containment *containment, const struct lab_grade_job *job, int program)
{
    umask(077);
    personality(ADDR_NO_RANDOMIZE); /* where a program's memory lies shows in what it says when there is none left */
    if (!forget_environment() || !limit_all(containment, &job->limits))
        return false;
    if (chdir(job->scratch != NULL ? job->scratch : "/") != 0)
        return false;
    if (containment->uncontained)
        return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
    if (!become(containment))
        return false;
    if (containment->landlock > 0 && !lab_grade_landlock(containment->landlock, program, job->scratch != NULL))
        return false;
    /* This comes after the change of user, which would undo it. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    return lab_grade_seccomp(LAB_GRADE_COMPILER);
}

bool lab_grade_close_in(void)
{
    return lab_grade_seccomp(LAB_GRADE_CLOSED);
}
