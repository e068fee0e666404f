/* compile.c: programs of the machine from C, with the compiler for guests. */
#include "lab/lesson/internal.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/interrupt.h"
#include "lab/program.h"

#define COMPILER "riscv64-unknown-elf-gcc"

enum { MOST_ARGUMENTS = 64 };

/* Where pg74.h is: build/include beside build/pg74, PREFIX/include beside PREFIX/bin. */
static char *find_header(void)
{
    static const char *const places[] = {"include/pg74.h", "../include/pg74.h", NULL};
    char path[PATH_MAX];
    if (!lab_beside_program(places, path, sizeof path))
        return NULL;
    *strrchr(path, '/') = '\0';
    return lab_lesson_format("-I%s", path);
}

static _Noreturn void become_compiler(char **arguments, int output)
{
    lab_interrupt_pass_on();
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0)
        execvp(arguments[0], arguments);
    _exit(127);
}

/* Runs the compiler; what it says goes to `said` (malloc). */
static bool run_compiler(char **arguments, char **said)
{
    int ends[2], status = -1;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        become_compiler(arguments, ends[1]);
    close(ends[1]);
    *said = lab_lesson_read_all(ends[0]);
    close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child)
        return false;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127 && **said == '\0') {
        free(*said);
        *said = lab_lesson_must(strdup("there is no " COMPILER));
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Images are linked at 0x1000, by link.ld where the lesson has one. */
char *lab_lesson_compile(const char *folder, const char *const *sources, unsigned count, char **said)
{
    static const char *const flags[] = {COMPILER, "-march=rv32im", "-mabi=ilp32", "-std=c17", "-O2", "-g", "-ffreestanding",
                                        "-nostdlib", "-fno-builtin", "-Wall", "-Wl,--no-warn-rwx-segments", "-Wl,--build-id=none", "-Wl,-N",
                                        "-Wl,--no-relax" /* nobody has set gp */};
    char *arguments[MOST_ARGUMENTS], *output = lab_lesson_temporary(".elf");
    unsigned used = 0;
    *said = NULL;
    if (output == NULL)
        return NULL;
    char *script = lab_lesson_format("-T%s/link.ld", folder), *header = find_header();
    for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++)
        arguments[used++] = (char *)(uintptr_t)flags[i];
    if (header != NULL)
        arguments[used++] = header;
    arguments[used++] = access(script + 2, R_OK) == 0 ? script : (char *)(uintptr_t)"-Wl,-Ttext=0x1000";
    for (unsigned i = 0; i < count && used + 4 < MOST_ARGUMENTS; i++)
        arguments[used++] = (char *)(uintptr_t)sources[i];
    arguments[used++] = (char *)(uintptr_t)"-lgcc";
    arguments[used++] = (char *)(uintptr_t)"-o";
    arguments[used++] = output;
    arguments[used] = NULL;
    bool good = run_compiler(arguments, said);
    free(header);
    free(script);
    if (good)
        return output;
    unlink(output);
    free(output);
    return NULL;
}
