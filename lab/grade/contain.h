/* contain.h: programs that come from outside, or that read what does, run in a child that can do little. Private to
 * lab/grade/.
 *
 *     contain.c    which protection there is; a job in its child, and what came of it
 *     restrict.c   what the child does to itself before it becomes the program
 *     landlock.c, seccomp.c   files, and calls of the kernel
 *
 * A child has limits (time, memory, sizes, processes, descriptors), a scratch folder of its own, no network, and sees
 * neither labs nor homes. This takes seccomp, and with it Landlock, or, where the grader is root, a user of the
 * child's own. Where there is neither the answer is no, unless somebody has insisted. */
#ifndef PG74_LAB_GRADE_CONTAIN_H
#define PG74_LAB_GRADE_CONTAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Of whom a child is kept from what is not its business. */
struct lab_grade_containment {
    bool uncontained; /* the instructor has insisted: limits alone */
    bool seccomp;
    int landlock;     /* its version; 0: there is none */
    bool own_user;    /* root: each child has a user of its own */
    uid_t user;       /* of its children, and of no other grader's */
    unsigned processes; /* that this user had when it began; 0: each child has its own user */
    const char *hidden; /* a file of the lab that a child must not be able to read */
};

/* Looks what there is. `hidden` outlives it. A user of its own is this process's until it ends. */
struct lab_grade_containment lab_grade_containment_find(const char *hidden, bool uncontained);

/* Is it enough? Else `why` (at least 200 bytes) says what is missing. */
bool lab_grade_containment_suffices(const struct lab_grade_containment *containment, char *why, size_t size);

/* Can a LAB_GRADE_COMPILER job not read the lab? (A closed one opens no file.) Else `why` says what to do. */
bool lab_grade_containment_hides(const struct lab_grade_containment *containment, char *why, size_t size);

/* "own user, Landlock, seccomp": for the report. Fits 80 bytes. */
void lab_grade_containment_print(const struct lab_grade_containment *containment, char *text, size_t size);

struct lab_grade_limits {
    unsigned processor_seconds, seconds; /* `seconds` is a backstop: of the clock on the wall */
    uint64_t memory, file_size;          /* bytes */
    unsigned processes, descriptors;
    size_t output;                       /* bytes that are kept of what it prints */
};

enum lab_grade_profile {
    LAB_GRADE_COMPILER, /* may start programs, and read and write files that it is shown */
    LAB_GRADE_CLOSED    /* may compute, read what is given to it, and answer; opens no file and starts no program */
};

struct lab_grade_job {
    const char *const *arguments; /* the program, by its path, and its arguments; ends with NULL */
    const char *scratch;          /* its folder, where it stands: all that it may write, and besides the system's
                                   * programs and libraries all that it may read; NULL: none */
    const void *input;            /* its standard input; it is small enough to be held in memory */
    size_t input_length;
    enum lab_grade_profile profile;
    struct lab_grade_limits limits;
};

enum lab_grade_end {
    LAB_GRADE_ENDED,      /* by itself, with `status` */
    LAB_GRADE_PROCESSOR,  /* it used up its processor time */
    LAB_GRADE_CLOCK,      /* it was still there when the backstop came */
    LAB_GRADE_SIGNAL,     /* it died, of signal `status` */
    LAB_GRADE_NOT_STARTED /* it could not be contained, or started */
};

struct lab_grade_outcome {
    enum lab_grade_end end;
    int status;
    char *output; /* what it printed, both streams in one, or of a closed one standard output; ends with NUL */
    size_t output_length;
    bool cut;     /* there was more */
};

/* Runs a job to its end, whatever that is. The outcome's output is the caller's to free. */
struct lab_grade_outcome lab_grade_contain(const struct lab_grade_containment *containment,
                                           const struct lab_grade_job *job);

/* A new folder for a job that nobody else can reach (the caller frees the path); NULL when there can be none. Without a
 * containment it is this process's own. */
char *lab_grade_scratch_new(const struct lab_grade_containment *containment);
/* Writes a file there, which the job can read; false when it cannot. */
bool lab_grade_scratch_write(const struct lab_grade_containment *containment, const char *scratch, const char *name,
                             const void *bytes, size_t length);
/* Removes it with all that is in it, and frees the path. */
void lab_grade_scratch_free(char *scratch);

/* Reads a plain file (no link, no device) of at most `most` bytes: NULL with `why` when it is not one, or larger. It
 * ends with a NUL that is not counted. */
char *lab_grade_read_plain(int folder, const char *path, size_t most, size_t *length, const char **why);
/* The same of a file that somebody else has put there: it must not be one in the folder `own`, or in those within it, to which
 * that somebody has made a second name (a hard link). */
char *lab_grade_read_foreign(int own, int folder, const char *path, size_t most, size_t *length, const char **why);

/* ---- In the child: restrict.c, landlock.c, seccomp.c ------------------------------------------------------------- */

/* Closes this process in; `program` is what it is about to become. False when it cannot. */
bool lab_grade_restrict(const struct lab_grade_containment *containment, const struct lab_grade_job *job, int program);
/* The last step of a LAB_GRADE_CLOSED child, by itself, when it has been loaded. */
bool lab_grade_close_in(void);

int lab_grade_landlock_version(void);
bool lab_grade_landlock(int version, int program, bool writes_here); /* here: in the folder where it stands */
bool lab_grade_seccomp_is_there(void);
bool lab_grade_seccomp(enum lab_grade_profile profile);

#endif
