/* shell_terminal.c: lines from a person.
 *
 * Ctrl-C is waited for by a thread of its own, so that nothing happens in a signal handler. At the prompt it clears the
 * line; while Lua runs, a hook finds it and raises an error; while a machine runs, it stops the machine. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* readline after stdio */
#include <readline/history.h>
#include <readline/readline.h>

#include "lab/shell.h"

enum {
    MOST_HISTORY = 2000,        /* lines that are kept */
    HOOK_EVERY = 10000,         /* instructions of Lua between two looks for Ctrl-C */
    PATIENCE = 3,               /* Ctrl-C so often leaves the program, where nothing else helps */
    LEFT_BY_INTERRUPT = 130,
};

/* readline gives its callbacks no context, and its own state is the process's: this is the shell that it reads for. */
static struct lab_shell *session;

/* ---- Ctrl-C ------------------------------------------------------------------------------------------------------ */

static void *wait_for_interrupts(void *context)
{
    struct lab_shell *shell = context;
    sigset_t interrupts;
    int number;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    while (sigwait(&interrupts, &number) == 0) {
        if (atomic_fetch_add(&shell->interrupts, 1) + 1 == PATIENCE)
            _exit(LEFT_BY_INTERRUPT);
        lab_lua_interrupt(&shell->control);
        while (write(shell->wake[1], "", 1) < 0 && errno == EINTR)
            continue;
    }
    return NULL;
}

static void look_for_interrupt(lua_State *L, lua_Debug *record)
{
    (void)record;
    if (atomic_load(&session->interrupts) > 0)
        luaL_error(L, "interrupted");
}

static void drain(struct lab_shell *shell)
{
    struct pollfd pipe = {.fd = shell->wake[0], .events = POLLIN};
    char byte;
    while (poll(&pipe, 1, 0) > 0 && read(shell->wake[0], &byte, 1) == 1)
        continue;
    atomic_store(&shell->interrupts, 0);
    lab_lua_go_on(&shell->control);
}

/* A character for readline; a Ctrl-C meanwhile ends the line. */
static int read_character(FILE *stream)
{
    struct pollfd sources[] = {{.fd = fileno(stream), .events = POLLIN}, {.fd = session->wake[0], .events = POLLIN}};
    while (poll(sources, 2, -1) < 0)
        if (errno != EINTR)
            return EOF;
        else if (rl_signal_event_hook != NULL)
            rl_signal_event_hook();
    if (sources[1].revents == 0)
        return rl_getc(stream);
    drain(session);
    session->cancelled = true;
    fputs("^C", rl_outstream);
    rl_replace_line("", 1);
    rl_point = 0;
    return '\n';
}

static int follow_size(void)
{
    rl_resize_terminal();
    return 0;
}

/* ---- History ----------------------------------------------------------------------------------------------------- */

/* XDG_STATE_HOME/pg74/history, or in ~/.local/state; the caller frees it. NULL: there is no place for it. */
static char *history_path(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char *path = NULL;
    int length = -1;
    if (state != NULL && state[0] == '/')
        length = asprintf(&path, "%s/pg74/history", state);
    else if (home != NULL && home[0] == '/')
        length = asprintf(&path, "%s/.local/state/pg74/history", home);
    if (length < 0)
        return NULL;
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    return path;
}

/* At once, so that it is there whatever becomes of the shell. */
static void remember(const char *line, const char *path)
{
    const HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
    if (*line == '\0' || (last != NULL && strcmp(last->line, line) == 0))
        return;
    add_history(line);
    if (path != NULL && append_history(1, path) == ENOENT)
        write_history(path);
}

/* ---- Completion -------------------------------------------------------------------------------------------------- */

static char *common_start(char **words)
{
    size_t length = strlen(words[0]);
    for (unsigned i = 1; words[i] != NULL; i++)
        for (size_t j = 0; j < length; j++)
            if (words[0][j] != words[i][j])
                length = j;
    return strndup(words[0], length);
}

/* What readline wants: first what all have in common, then all; NULL at the end. */
static char **complete(const char *text, int start, int end)
{
    bool file = false;
    char *line = strndup(rl_line_buffer, (size_t)end);
    char **words = lab_shell_complete(session->L, line, text, &file);
    unsigned count = 0;
    (void)start;
    free(line);
    rl_attempted_completion_over = !file;
    rl_completion_append_character = '\0';
    while (words != NULL && words[count] != NULL)
        count++;
    if (count == 0)
        return NULL;
    char **all = calloc(count + 2, sizeof *all);
    all[0] = common_start(words);
    if (count > 1)
        memcpy(all + 1, words, count * sizeof *words);
    else
        free(words[0]);
    free(words);
    return all;
}

static void prepare_readline(void)
{
    rl_readline_name = "pg74";
    rl_catch_signals = 0;
    rl_getc_function = read_character;
    rl_signal_event_hook = follow_size;
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = " \t\n\"'<>=;{}()[],&|"; /* what names of files may have is left out */
    rl_completer_quote_characters = "\"'";
    rl_bind_key('\t', rl_complete);
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

/* What has been typed of a text so far, with another line; `text` is freed. */
static char *append_line(char *text, const char *line)
{
    char *longer;
    if (asprintf(&longer, "%s%s%s", text ? text : "", text ? "\n" : "", line) < 0)
        abort();
    free(text);
    return longer;
}

/* Executes; gives back the text if more of it is wanted, else NULL. */
static char *execute(struct lab_shell *shell, char *text)
{
    drain(shell);
    lua_sethook(shell->L, look_for_interrupt, LUA_MASKCOUNT, HOOK_EVERY);
    if (lab_shell_execute(shell, text) == LAB_SHELL_MORE)
        return text;
    fflush(stdout);
    free(shell->last);
    shell->last = text;
    return NULL;
}

static void read_lines(struct lab_shell *shell, const char *path)
{
    char *text = NULL, *line;
    while (!shell->quit) {
        shell->cancelled = false;
        drain(shell); /* a Ctrl-C that has ended what ran is not meant for the next line, too */
        line = readline(text == NULL ? "pg74> " : "  ... ");
        if (shell->cancelled || (line == NULL && text != NULL)) {
            free(text);
            text = NULL;
            if (line == NULL)
                putchar('\n');
        } else if (line == NULL) {
            putchar('\n');
            return;
        } else if (text == NULL && line[strspn(line, " \t")] == ':') {
            remember(line, path);
            drain(shell);
            lua_sethook(shell->L, look_for_interrupt, LUA_MASKCOUNT, HOOK_EVERY);
            lab_shell_command(shell, line + strspn(line, " \t"));
        } else if (text != NULL || line[strspn(line, " \t")] != '\0') {
            remember(line, path);
            text = execute(shell, append_line(text, line));
        }
        free(line);
    }
    free(text);
}

void lab_shell_terminal(struct lab_shell *shell)
{
    pthread_t thread;
    sigset_t interrupts;
    char *path = history_path();
    session = shell;
    if (pipe(shell->wake) != 0) {
        perror("pg74 shell");
        shell->status = 70;
        return;
    }
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupts, NULL);
    bool waits = pthread_create(&thread, NULL, wait_for_interrupts, shell) == 0;
    shell->control.has_person = true;
    prepare_readline();
    using_history();
    stifle_history(MOST_HISTORY);
    if (path != NULL)
        read_history(path);
    puts("PG-74 in Lua. :help says what there is, Ctrl-D leaves.");
    read_lines(shell, path);
    if (path != NULL)
        history_truncate_file(path, MOST_HISTORY);
    clear_history();
    free(path);
    if (waits) {
        pthread_cancel(thread);
        pthread_join(thread, NULL);
    }
    close(shell->wake[0]);
    close(shell->wake[1]);
}
