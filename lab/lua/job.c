/* job.c: what knows nothing of Lua: it makes a JSON object, which becomes a table.
 *
 * Classifying takes long: for a person at the shell it is done in a process apart, so that Ctrl-C can end it at any moment;
 * there is no good place to stop in the middle of a proof. What commands do is always done in one: they print, handle signals,
 * and start processes. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/lua/internal.h"

enum { BETWEEN_LOOKS = 100 /* milliseconds */ };

/* The job's object as text: the caller frees it. */
static char *do_job(lab_lua_work *work, void *context)
{
    json_t *result = json_object();
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    work(context, result, diagnostics);
    if (isa_diagnostics_total(diagnostics) > 0) {
        struct lab_lua_text text;
        lab_lua_text_open(&text);
        isa_diagnostics_print(diagnostics, text.stream);
        json_object_clear(result);
        lab_lua_text_set(result, "error_of_all", &text);
    }
    isa_diagnostics_free(diagnostics);
    char *text = json_dumps(result, JSON_COMPACT);
    json_decref(result);
    return text;
}

void lab_lua_text_set(json_t *object, const char *key, struct lab_lua_text *text)
{
    fclose(text->stream);
    while (text->length > 0 && text->bytes[text->length - 1] == '\n')
        text->length--;
    json_object_set_new(object, key, json_stringn(text->bytes, text->length));
    free(text->bytes);
}

/* ---- In a process apart ------------------------------------------------------------------------------------------ */

static void write_all(int file, const char *text)
{
    for (size_t length = strlen(text); length > 0;) {
        ssize_t written = write(file, text, length);
        if (written < 0 && errno != EINTR)
            return;
        text += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
}

/* Reads to the end, unless somebody wants an end before: then NULL. */
static char *read_all(lua_State *L, int file)
{
    struct pollfd ready = {.fd = file, .events = POLLIN};
    char *text = calloc(1, 1);
    size_t length = 0;
    char part[4096];
    while (text != NULL) {
        if (lab_lua_interrupted(L)) {
            free(text);
            return NULL;
        }
        if (poll(&ready, 1, BETWEEN_LOOKS) <= 0)
            continue;
        ssize_t got = read(file, part, sizeof part);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        if (got > 0 && (text = realloc(text, length + (size_t)got + 1)) != NULL) {
            memcpy(text + length, part, (size_t)got);
            text[length += (size_t)got] = '\0';
        }
    }
    return text;
}

/* `ending`: the signal that ends the process, when somebody wants an end. False: there can be no such process. */
static bool do_apart(lua_State *L, lab_lua_work *work, void *context, int ending, char **text)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        char *result = do_job(work, context);
        if (result != NULL)
            write_all(ends[1], result);
        _exit(0);
    }
    close(ends[1]);
    if (child > 0) {
        *text = read_all(L, ends[0]);
        kill(child, *text != NULL ? SIGKILL : ending);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    close(ends[0]);
    return child > 0;
}

/* ---- As a table -------------------------------------------------------------------------------------------------- */

/* Pushes the member "table" with all other members as its fields. */
static int push_result(lua_State *L)
{
    const char *key;
    json_t *object = lua_touserdata(L, 1), *member;
    lab_lua_push_json(L, json_object_get(object, "table"));
    json_object_foreach(object, key, member) {
        if (strcmp(key, "table") == 0)
            continue;
        lab_lua_push_json(L, member);
        lua_setfield(L, -2, key);
    }
    lab_lua_set_result(L);
    return 1;
}

static int push_error(lua_State *L)
{
    luaL_where(L, 2);
    lua_pushstring(L, lua_touserdata(L, 1));
    lua_concat(L, 2);
    return 1;
}

/* Pushes what came of it; `text` is freed. */
static int push_job(lua_State *L, char *text)
{
    if (lab_lua_interrupted(L)) {
        free(text);
        return luaL_error(L, "interrupted");
    }
    json_t *result = text != NULL ? json_loads(text, 0, NULL) : NULL;
    free(text);
    if (result == NULL)
        return luaL_error(L, "the work has come to no result");
    const char *error = json_string_value(json_object_get(result, "error_of_all"));
    lua_pushcfunction(L, error != NULL ? push_error : push_result);
    lua_pushlightuserdata(L, error != NULL ? (void *)(uintptr_t)error : (void *)result);
    int status = lua_pcall(L, 1, 1, 0);
    json_decref(result);
    return status == LUA_OK && error == NULL ? 1 : lua_error(L);
}

int lab_lua_do(lua_State *L, lab_lua_work *work, void *context)
{
    const struct lab_lua_control *control = lab_lua_control(L);
    char *text = NULL;
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    if (control == NULL || !control->has_person || !do_apart(L, work, context, SIGKILL, &text))
        text = do_job(work, context);
    return push_job(L, text);
}

/* ---- Commands ---------------------------------------------------------------------------------------------------- */

struct printing {
    lab_lua_command *command;
    void *context;
};

/* In a child: signals are its own again, and when we die, it is asked to end. */
static void begin_child(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

/* What has been printed, as a member of an object, if it is anything; names of files can be no UTF-8. */
static void set_printed(json_t *object, const char *key, int file)
{
    off_t length = lseek(file, 0, SEEK_END);
    char *text = calloc((size_t)length + 1, 1);
    length = text != NULL ? pread(file, text, (size_t)length, 0) : 0;
    while (length > 0 && text[length - 1] == '\n')
        length--;
    json_t *value = length > 0 ? json_stringn(text, (size_t)length) : NULL;
    for (off_t i = 0; value == NULL && i < length; i++)
        if (text[i] & 0x80)
            text[i] = '?';
    if (value == NULL && length > 0)
        value = json_stringn(text, (size_t)length);
    if (value != NULL)
        json_object_set_new(object, key, value);
    free(text);
}

static void print_into_result(void *context, json_t *result, struct isa_diagnostics *diagnostics)
{
    const struct printing *printing = context;
    int printed = memfd_create("printed", MFD_CLOEXEC), said = memfd_create("said", MFD_CLOEXEC);
    begin_child();
    if (dup2(printed, STDOUT_FILENO) < 0 || dup2(said, STDERR_FILENO) < 0) {
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_INTERNAL, NULL, "there is no memory for what is printed");
        return;
    }
    json_object_set_new(result, "text", json_string(""));
    int code = printing->command(printing->context, result);
    fflush(NULL);
    set_printed(result, "text", printed);
    set_printed(result, code == 0 ? "messages" : "error_of_all", said);
    if (code != 0 && json_object_get(result, "error_of_all") == NULL)
        json_object_set_new(result, "error_of_all", json_sprintf("it has failed, with exit status %d", code));
}

static void refuse_if_limited(lua_State *L)
{
    const struct lab_lua_control *control = lab_lua_control(L);
    if (control != NULL && control->limited)
        luaL_error(L, "here no other program can be started");
}

int lab_lua_do_command(lua_State *L, lab_lua_command *command, void *context)
{
    struct printing printing = {command, context};
    char *text = NULL;
    refuse_if_limited(L);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    if (!do_apart(L, print_into_result, &printing, SIGTERM, &text))
        return luaL_error(L, "no process can be started");
    return push_job(L, text);
}

/* In a child, which has the terminal until it ends. */
static int show_apart(void *context)
{
    const struct printing *printing = context;
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGINT, SIG_DFL);
        begin_child();
        int code = printing->command(printing->context, NULL);
        fflush(NULL);
        _exit(code);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return child < 0 ? ISA_EXIT_INTERNAL : WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

void lab_lua_do_shown(lua_State *L, lab_lua_command *command, void *context)
{
    struct printing printing = {command, context};
    refuse_if_limited(L);
    int code = lab_lua_lend_terminal(show_apart, &printing);
    if (code != 0)
        luaL_error(L, "it has failed, with exit status %d", code);
}
