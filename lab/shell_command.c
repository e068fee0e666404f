/* shell_command.c: lines of the shell that begin with a colon. One table, from which the help is made too. */
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "isa/isa.h"
#include "lab/shell.h"

static void say_help(struct lab_shell *shell, const char *argument);

static void load(struct lab_shell *shell, const char *argument)
{
    if (*argument == '\0')
        fputs(":load needs the name of a file\n", stderr);
    else
        lab_shell_load(shell, argument);
}

static void quit(struct lab_shell *shell, const char *argument)
{
    (void)argument;
    shell->quit = true;
}

/* ---- :time ------------------------------------------------------------------------------------------------------- */

static double seconds(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* Of the host, for a person who waits; what machines take is in m:time(). */
static void measure(struct lab_shell *shell, const char *argument)
{
    struct timespec began, ended, used_before, used_after;
    clock_gettime(CLOCK_MONOTONIC, &began);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used_before);
    if (lab_shell_execute(shell, argument) == LAB_SHELL_MORE) {
        fputs(":time needs a whole statement or expression on its line\n", stderr);
        return;
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used_after);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%.3f s, %.3f s of the processor\n", seconds(began, ended), seconds(used_before, used_after));
}

/* ---- :edit ------------------------------------------------------------------------------------------------------- */

/* Runs the editor on a file, with Ctrl-C as usual. */
static bool run_editor(const char *path)
{
    extern char **environ;
    const char *editor = getenv("VISUAL") ? getenv("VISUAL") : getenv("EDITOR") ? getenv("EDITOR") : "vi";
    char *command;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t child;
    int status = -1;
    if (asprintf(&command, "%s \"$1\"", editor) < 0)
        return false;
    char shell[] = "sh", option[] = "-c", name[] = "pg74", *file = strdup(path);
    char *arguments[] = {shell, option, command, name, file, NULL};
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    bool good = posix_spawnp(&child, shell, NULL, &attributes, arguments, environ) == 0 &&
                waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    posix_spawnattr_destroy(&attributes);
    free(file);
    free(command);
    if (!good)
        fprintf(stderr, "the editor '%s' has failed; EDITOR in the environment names another\n", editor);
    return good;
}

/* The last text, in a file of its own; the caller frees the name. */
static char *write_last(const struct lab_shell *shell)
{
    const char *folder = getenv("TMPDIR");
    char *path;
    if (asprintf(&path, "%s/pg74-XXXXXX.lua", folder != NULL ? folder : "/tmp") < 0)
        return NULL;
    int file = mkstemps(path, 4);
    FILE *stream = file >= 0 ? fdopen(file, "w") : NULL;
    if (stream != NULL && shell->last != NULL)
        fprintf(stream, "%s\n", shell->last);
    if (stream != NULL && fclose(stream) == 0)
        return path;
    free(path);
    return NULL;
}

static void edit(struct lab_shell *shell, const char *argument)
{
    bool own = *argument == '\0';
    char *path = own ? write_last(shell) : strdup(argument);
    if (path == NULL)
        fputs("a file to edit cannot be made\n", stderr);
    else if (run_editor(path))
        lab_shell_load(shell, path);
    if (own && path != NULL)
        unlink(path);
    free(path);
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static const struct command {
    const char *name, *argument, *help;
    void (*run)(struct lab_shell *shell, const char *argument);
} commands[] = {
    {":help", "", "this", say_help},
    {":load", "FILE", "executes a file", load},
    {":edit", "[FILE]", "edits a file, or what was typed last, and executes it", edit},
    {":time", "TEXT", "executes the text, and says how long it took", measure},
    {":quit", "", "leaves; so does Ctrl-D", quit},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

const char *lab_shell_command_name(unsigned number)
{
    return number < COMMANDS ? commands[number].name : NULL;
}

static void say_help(struct lab_shell *shell, const char *argument)
{
    (void)shell, (void)argument;
    puts("Lua, line by line: a line that is an expression has its values printed; what is not complete goes on in the\n"
         "next line. Tab completes, the arrow keys bring back earlier lines, Ctrl-C stops what runs;\n"
         "where it does not (while something is classified or checked), three of them leave the shell.\n");
    for (unsigned i = 0; i < COMMANDS; i++)
        printf("  %-6s %-8s %s\n", commands[i].name, commands[i].argument, commands[i].help);
    puts("\nTo begin with:\n\n"
         "  m = pg74.machine {guest = \"nucleus\", vmm = \"trap_and_emulate\"}\n"
         "  m:run {until_event = \"trap\"}\n"
         "  m:disassembly(4)\n\n"
         "docs/lua.md describes the module pg74.");
}

void lab_shell_command(struct lab_shell *shell, const char *line)
{
    size_t length = strcspn(line, " \t");
    const char *argument = line + length + strspn(line + length, " \t"), *found = NULL;
    unsigned best = ISA_FAR;
    for (unsigned i = 0; i < COMMANDS; i++) {
        if (strlen(commands[i].name) == length && strncmp(commands[i].name, line, length) == 0) {
            commands[i].run(shell, argument);
            fflush(stdout);
            return;
        }
        found = isa_suggest(commands[i].name, line, length, &best, found);
    }
    fprintf(stderr, "there is no command '%.*s'", (int)length, line);
    fprintf(stderr, found ? "; did you mean '%s'?\n" : "; :help lists them\n", found);
}
