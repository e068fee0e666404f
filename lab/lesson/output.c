/* output.c: what this program prints when a lesson has it run, and which part of that is shown. */
#include "lab/lesson/internal.h"

#include <fcntl.h>
#include <limits.h>
#include <regex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/interrupt.h"
#include "lab/program.h"

enum { MOST_WORDS = 64, STOPPED = 130 /* by Ctrl-C, as a command says itself that has something to tidy up */ };
static const char width[] = "76"; /* columns: what fits beside a margin on every screen */

/* ---- Running ----------------------------------------------------------------------------------------------------- */

/* Words, apart by blanks; no shell, no quotes. Changes the text. */
static unsigned split(char *text, char **words)
{
    unsigned count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word != NULL && count + 1 < MOST_WORDS; word = strtok_r(NULL, " ", &rest))
        words[count++] = word;
    words[count] = NULL;
    return count;
}

/* The output is the same on every terminal: commands that fold their lines are told how wide one is. */
static _Noreturn void become_command(const char *program, const char *folder, char **words, int output)
{
    setenv("COLUMNS", width, 1);
    lab_interrupt_pass_on();
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
        dup2(output, STDERR_FILENO) >= 0 && chdir(folder) == 0)
        execv(program, words);
    _exit(127);
}

char *lab_lesson_read_all(int from)
{
    char *text, bytes[4096];
    size_t length;
    ssize_t count;
    FILE *stream = lab_lesson_must(open_memstream(&text, &length));
    while ((count = read(from, bytes, sizeof bytes)) > 0)
        fwrite(bytes, 1, (size_t)count, stream);
    fclose(stream);
    return lab_lesson_must(text);
}

char *lab_lesson_run_command(const char *arguments, const char *folder, const struct isa_place *place,
                             struct isa_diagnostics *diagnostics)
{
    char *copy = lab_lesson_format("pg74 %s", arguments), *words[MOST_WORDS], *output = NULL, program[PATH_MAX];
    int ends[2], status = 0;
    split(copy, words);
    if (lab_program_path(program, sizeof program) && pipe2(ends, O_CLOEXEC) == 0) {
        fflush(NULL);
        pid_t child = fork();
        if (child == 0)
            become_command(program, folder, words, ends[1]);
        close(ends[1]);
        output = lab_lesson_read_all(ends[0]);
        close(ends[0]);
        if (child < 0 || waitpid(child, &status, 0) != child)
            status = -1;
    }
    free(copy);
    int code = output != NULL && WIFEXITED(status) ? WEXITSTATUS(status) : 127;
    if (code == STOPPED || WIFSIGNALED(status)) {
        isa_diagnostics_error(diagnostics, place, ISA_EXIT_DATA, NULL, "'pg74 %s' was ended: %s", arguments,
                              strsignal(code == STOPPED ? SIGINT : WTERMSIG(status)));
        free(output);
        return NULL;
    }
    if (code != ISA_EXIT_USAGE && code != ISA_EXIT_NO_INPUT && code != ISA_EXIT_INTERNAL && code != 127)
        return output;
    isa_diagnostics_error(diagnostics, place, ISA_EXIT_DATA, NULL, "'pg74 %s' fails with exit status %d%s%.*s", arguments, code,
                          output != NULL && *output != '\0' ? ": " : "", output != NULL ? (int)strcspn(output, "\n") : 0,
                          output != NULL ? output : "");
    free(output);
    return NULL;
}

/* ---- Parts ------------------------------------------------------------------------------------------------------- */

static bool is_wanted(const struct lab_lesson_item *item, const regex_t *pattern, unsigned number, const char *line)
{
    bool in_lines = item->first_line > 0 && number >= item->first_line && number <= item->last_line;
    bool matches = pattern != NULL && regexec(pattern, line, 0, NULL, 0) == 0;
    return in_lines || matches || (item->first_line == 0 && pattern == NULL);
}

static char *choose(const struct lab_lesson_item *item, char *output, const regex_t *pattern)
{
    char *chosen, *rest = output;
    size_t length;
    unsigned number = 0;
    FILE *stream = lab_lesson_must(open_memstream(&chosen, &length));
    while (*rest != '\0') {
        char *line = rest;
        size_t end = strcspn(line, "\n");
        rest += end + (rest[end] == '\n');
        line[end] = '\0';
        if (is_wanted(item, pattern, ++number, line))
            fprintf(stream, "%s\n", line);
    }
    fclose(stream);
    return lab_lesson_must(chosen);
}

static char *command_output(struct lab_lesson *lesson, const struct lab_lesson_item *item, struct isa_diagnostics *diagnostics)
{
    struct isa_place place = lab_lesson_place(lesson, item->line + 1, item->text);
    regex_t pattern;
    if (item->pattern != NULL && regcomp(&pattern, item->pattern, REG_EXTENDED | REG_NOSUB) != 0) {
        place = lab_lesson_place(lesson, item->line + 1, NULL);
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, NULL, "'%s' is no regular expression", item->pattern);
        return NULL;
    }
    char *output = lab_lesson_run_command(item->text, lesson->folder, &place, diagnostics), *chosen = NULL;
    if (output != NULL)
        chosen = choose(item, output, item->pattern != NULL ? &pattern : NULL);
    if (item->pattern != NULL)
        regfree(&pattern);
    free(output);
    if (chosen != NULL && *chosen == '\0')
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, NULL, "nothing of what 'pg74 %s' prints is shown", item->text);
    return chosen;
}

char *lab_lesson_output(struct lab_lesson *lesson, const struct lab_lesson_item *item, struct isa_diagnostics *diagnostics)
{
    if (item->kind == LAB_LESSON_COMMAND)
        return command_output(lesson, item, diagnostics);
    if (lesson->script == NULL)
        return NULL;
    return lab_lesson_script_figure(lesson->script, item->name, diagnostics);
}
