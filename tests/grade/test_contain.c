/* test_contain.c: what a child can reach, at each level of protection; and that nothing runs below the least one. Where
 * Landlock is, it is also switched off, by a filter that answers as an old kernel does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/grade/contain.h"

static char lab[64], file[128];

static int set_up(void **state)
{
    (void)state;
    snprintf(lab, sizeof lab, "/tmp/pg74-test-XXXXXX");
    assert_non_null(mkdtemp(lab));
    snprintf(file, sizeof file, "%s/lab.lua", lab);
    FILE *stream = fopen(file, "w");
    fputs("the secret\n", stream);
    fclose(stream);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(lab);
}

/* From now on this process finds no Landlock. */
static void switch_landlock_off(void)
{
    struct sock_filter lines[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {.len = sizeof lines / sizeof *lines, .filter = lines};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

/* Runs a line of the shell in a child; its output, which the caller frees. */
static char *shell(const struct lab_grade_containment *containment, const char *line, struct lab_grade_outcome *outcome)
{
    char *scratch = lab_grade_scratch_new(containment);
    const char *arguments[] = {"/bin/sh", "-c", line, NULL};
    struct lab_grade_job job = {.arguments = arguments, .scratch = scratch,
                                .profile = LAB_GRADE_COMPILER,
                                .limits = {.processor_seconds = 2, .seconds = 20, .memory = (uint64_t)1 << 40,
                                           .file_size = 1 << 16, .processes = 16, .descriptors = 32, .output = 4096}};
    *outcome = lab_grade_contain(containment, &job);
    lab_grade_scratch_free(scratch);
    return outcome->output;
}

static bool says(const struct lab_grade_containment *containment, const char *line, const char *expected)
{
    struct lab_grade_outcome outcome;
    char *output = shell(containment, line, &outcome);
    bool found = strstr(output, expected) != NULL;
    if (!found)
        print_message("%s: end %d, status %d: %s\n", line, outcome.end, outcome.status, output);
    free(output);
    return found;
}

/* What must hold at any level. Returns what is wrong, as an exit code. */
static int attack(const struct lab_grade_containment *containment)
{
    char line[256];
    struct lab_grade_outcome outcome;
    snprintf(line, sizeof line, "cat %s 2>&1", file);
    if (!says(containment, line, "denied"))
        return 1;
    if (!says(containment, "echo here >file && cat file", "here"))
        return 2;
    snprintf(line, sizeof line, "echo no >>%s; echo $?", file);
    if (!says(containment, line, "2") && !says(containment, line, "1"))
        return 3;
    snprintf(line, sizeof line, "kill -9 %d; kill -9 $PPID; echo alive", (int)getpid());
    if (!says(containment, line, "alive"))
        return 4;
    free(shell(containment, "while :; do :; done", &outcome));
    if (outcome.end != LAB_GRADE_PROCESSOR)
        return 5;
    free(shell(containment, "while :; do echo full; done >file", &outcome));
    if (outcome.end == LAB_GRADE_CLOCK || outcome.end == LAB_GRADE_NOT_STARTED)
        return 6;
    if (!says(containment, "echo home $HOME; env | wc -l", "home ."))
        return 7;
    return 0;
}

/* Does something in a process of its own, because it cannot be undone. */
static int in_child(int (*act)(void))
{
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(act());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int attack_as_it_is(void)
{
    char why[256];
    chmod(lab, 0700);
    struct lab_grade_containment containment = lab_grade_containment_find(file, false);
    if (!lab_grade_containment_suffices(&containment, why, sizeof why))
        return 77;
    return attack(&containment);
}

static void nothing_is_reached(void **state)
{
    (void)state;
    int code = in_child(attack_as_it_is);
    if (code == 77)
        skip();
    assert_int_equal(code, 0);
}

static int attack_own_user(void)
{
    char why[256] = "";
    switch_landlock_off();
    struct lab_grade_containment containment = lab_grade_containment_find(file, false);
    chmod(lab, 0755);
    if (!containment.own_user)
        return 77;
    if (containment.landlock != 0 || lab_grade_containment_hides(&containment, why, sizeof why) ||
        strstr(why, "Landlock") == NULL)
        return 101; /* where everybody can read the lab nothing must be compiled */
    chmod(lab, 0700);
    if (!lab_grade_containment_suffices(&containment, why, sizeof why) ||
        !lab_grade_containment_hides(&containment, why, sizeof why))
        return 102;
    return attack(&containment);
}

static void an_own_user_is_enough_for_a_closed_lab(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip();
#endif
    int code = in_child(attack_own_user);
    if (code == 77)
        skip();
    assert_int_equal(code, 0);
}

static int plain_user_without_landlock(void)
{
    char why[256] = "";
    if (geteuid() == 0 && (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0))
        return 77;
    switch_landlock_off();
    struct lab_grade_containment containment = lab_grade_containment_find(file, false);
    return lab_grade_containment_suffices(&containment, why, sizeof why) ? 1 : strstr(why, "Landlock") == NULL;
}

static void below_that_nothing_is_graded(void **state)
{
    (void)state;
    int code = in_child(plain_user_without_landlock);
    if (code == 77)
        skip();
    assert_int_equal(code, 0);
}

/* Two graders whose numbers as processes would give them the same user; here they are the same process. */
static void no_two_have_the_same_user(void **state)
{
    (void)state;
    struct lab_grade_containment first = lab_grade_containment_find(file, false);
    struct lab_grade_containment second = lab_grade_containment_find(file, false);
    if (!first.own_user || !second.own_user)
        skip();
    assert_int_not_equal(first.user, second.user);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_reached, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_own_user_is_enough_for_a_closed_lab, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_two_have_the_same_user, set_up, tear_down),
        cmocka_unit_test_setup_teardown(below_that_nothing_is_graded, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
