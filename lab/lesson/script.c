/* script.c: lesson.lua: what it computes and judges. */
#include "lab/lesson/internal.h"

#include <inttypes.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/lab.h"
#include "lab/language.h"
#include "lab/lua/lua_binding.h"

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/* Where a field is defined: the first line that has its name and an equals sign behind it, or `function`. */
struct isa_place lab_lesson_script_place(const struct lab_lesson_script *script, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = script->text; at != NULL && *at != '\0';) {
        size_t end = strcspn(at, "\n");
        const char *found = memmem(at, end, name, length);
        if (found != NULL && strspn(found + length, " ") + strlen(name) < end &&
            found[length + strspn(found + length, " ")] == '=')
            return isa_place_in(script->file, script->text, found, length);
        at += end + (at[end] == '\n');
    }
    return (struct isa_place){.file = script->file, .text = script->text, .line = 0, .column = 1, .length = 1};
}

/* The place of a whole line of lesson.lua; 0: of the last one. */
static struct isa_place place_of_line(const struct lab_lesson_script *script, unsigned line)
{
    struct isa_place place = {.file = script->file, .text = script->text};
    const char *start = script->text, *end;
    for (place.line = 1; place.line != line; place.line++, start = end + 1) {
        end = strchr(start, '\n');
        if (end == NULL || end[1] == '\0')
            break;
    }
    place.column = (unsigned)strspn(start, " \t") + 1;
    place.length = (unsigned)strcspn(start, "\n") - place.column + 1;
    return place;
}

char *lab_lesson_without_controls(const char *text)
{
    char *copy = lab_lesson_must(strdup(text));
    for (char *at = copy; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' && *at != '\n' && *at != '\t')
            *at = ' ';
    return copy;
}

/* ---- An end ------------------------------------------------------------------------------------------------------ */

enum { MOST_STEPS = 500000000 /* of machines */, PIECE = 100000 /* instructions of Lua */, MOST_PIECES = 2000 };

/* Stops a call that does not end, or that somebody has had enough of. From then on each instruction is stopped, so that no pcall
 * can go on. */
static void look_for_end(lua_State *L, lua_Debug *activation)
{
    (void)activation;
    lua_getfield(L, LUA_REGISTRYINDEX, "pg74.script");
    struct lab_lesson_script *script = lua_touserdata(L, -1);
    lua_pop(L, 1);
    bool is_unwanted = lab_lua_interrupted(L), is_long = ++script->pieces > MOST_PIECES;
    if (!is_unwanted && !is_long && script->stopped == NULL)
        return;
    if (script->stopped == NULL)
        script->stopped = is_unwanted ? _("interrupted") : _("it does not come to an end");
    lua_sethook(L, look_for_end, LUA_MASKCOUNT, 1);
    luaL_error(L, "%s", script->stopped);
}

void lab_lesson_stop_when(struct lab_lesson *lesson, bool (*stops)(void *context), void *context)
{
    if (lesson->script == NULL)
        return;
    lesson->script->control.stops = stops;
    lesson->script->control.context = context;
    lesson->script->control.has_person = true;
}

static void begin_call(struct lab_lesson_script *script)
{
    script->control.fuel = MOST_STEPS;
    script->pieces = 0;
    script->stopped = NULL;
    lab_lua_go_on(&script->control);
    lua_sethook(script->L, look_for_end, LUA_MASKCOUNT, PIECE);
}

static void end_call(struct lab_lesson_script *script)
{
    lua_sethook(script->L, NULL, 0, 0);
    if (script->stopped == NULL && script->control.asked)
        script->stopped = _("interrupted");
    else if (script->stopped == NULL && script->control.fuel == 0)
        script->stopped = _("it does not come to an end: a machine has executed 500 million instructions");
}

/* ---- Calls ------------------------------------------------------------------------------------------------------- */

/* Lua puts "FILE:LINE: " before a message; where the file is another, it is about what is being called. */
static void report(const struct lab_lesson_script *script, const char *message, struct isa_diagnostics *diagnostics)
{
    static const char nowhere[] = "pg74: error: ";
    unsigned line = lab_lua_error_line(script->file, &message);
    struct isa_place place = place_of_line(script, line);
    if (script->stopped != NULL)
        message = script->stopped;
    if (line == 0 && script->about != NULL)
        place = lab_lesson_script_place(script, script->about);
    if (strncmp(message, nowhere, sizeof nowhere - 1) == 0)
        message += sizeof nowhere - 1;
    char *clean = lab_lesson_without_controls(message);
    isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, NULL, "%s", clean);
    free(clean);
}

static int describe_error(lua_State *L)
{
    if (lua_type(L, 1) != LUA_TSTRING)
        lua_pushfstring(L, "an error that is %s", luaL_typename(L, 1));
    return 1;
}

bool lab_lesson_script_call(struct lab_lesson_script *script, int arguments, int results, struct isa_diagnostics *diagnostics)
{
    lua_State *L = script->L;
    begin_call(script);
    int status = lab_lua_call(L, arguments, results, describe_error);
    end_call(script);
    if (status == LUA_OK)
        return true;
    report(script, lua_tostring(L, -1), diagnostics);
    lua_pop(L, 1);
    return false;
}

/* ---- The script -------------------------------------------------------------------------------------------------- */

static void prepare(struct lab_lesson_script *script)
{
    lua_State *L = script->L;
    pthread_mutex_init(&script->control.lock, NULL);
    script->control.limited = true;
    luaL_openlibs(L);
    lab_lua_open(L, &script->control);
    lua_pushlightuserdata(L, script);
    lua_setfield(L, LUA_REGISTRYINDEX, "pg74.script");
    lua_getglobal(L, "require");
    lua_pushliteral(L, "pg74");
    lua_call(L, 1, 1);
    lua_setglobal(L, "pg74");
}

bool lab_lesson_script_run(struct lab_lesson_script *script, size_t length, struct isa_diagnostics *diagnostics)
{
    lua_State *L = script->L;
    if (lab_lua_load_chunk(L, script->file, script->text, length) != LUA_OK) {
        report(script, lua_tostring(L, -1), diagnostics);
        return false;
    }
    lua_pushstring(L, script->folder);
    if (!lab_lesson_script_call(script, 1, 1, diagnostics))
        return false;
    if (lua_type(L, -1) == LUA_TTABLE)
        return true;
    char *message = lab_lesson_format("%s must return a table", strrchr(script->file, '/') + 1);
    report(script, message, diagnostics);
    free(message);
    lua_pop(L, 1);
    return false;
}

static void check_groups(struct lab_lesson_script *script, struct isa_diagnostics *diagnostics)
{
    static const char *const groups[] = {"machines", "values", "figures", "shows", "checks", "moves", "tasks", NULL};
    lua_State *L = script->L;
    lua_rawgeti(L, LUA_REGISTRYINDEX, script->lesson);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "(no name)";
        bool is_known = false;
        for (unsigned i = 0; groups[i] != NULL; i++)
            is_known |= strcmp(groups[i], key) == 0;
        if (is_known && lua_type(L, -1) == LUA_TTABLE)
            continue;
        struct isa_place place = lab_lesson_script_place(script, key);
        const char *near = is_known ? NULL : lab_nearest(key, groups);
        char *advice = near != NULL ? lab_lesson_format("did you mean '%s'?", near) : NULL;
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, advice,
                              is_known ? "field '%s' must be a table" : "a lesson has no field '%s'", key);
        free(advice);
    }
    lua_pop(L, 1);
}

struct lab_lesson_script *lab_lesson_script_open(const char *folder, const char *language, struct isa_diagnostics *diagnostics)
{
    struct lab_lesson_script *script = lab_lesson_must(calloc(1, sizeof *script));
    size_t length = 0;
    script->folder = lab_lesson_must(strdup(folder));
    script->file = lab_lesson_format("%s/lesson.lua", folder);
    script->lesson = script->values = script->words = script->opened = script->work_files = LUA_NOREF;
    script->L = lab_lesson_must(luaL_newstate());
    prepare(script);
    lab_lesson_words_open(script, language, diagnostics);
    if (access(script->file, F_OK) == 0)
        script->text = isa_read_file(script->file, &length, diagnostics);
    if (script->text == NULL) { /* a lesson of text alone */
        script->text = lab_lesson_must(strdup("return {}"));
        length = strlen(script->text);
    }
    if (!lab_lesson_script_run(script, length, diagnostics)) {
        lab_lesson_script_close(script);
        return NULL;
    }
    script->lesson = luaL_ref(script->L, LUA_REGISTRYINDEX);
    lua_newtable(script->L);
    script->values = luaL_ref(script->L, LUA_REGISTRYINDEX);
    check_groups(script, diagnostics);
    return script;
}

void lab_lesson_script_close(struct lab_lesson_script *script)
{
    if (script == NULL)
        return;
    lua_close(script->L);
    pthread_mutex_destroy(&script->control.lock);
    free(script->folder);
    free(script->file);
    free(script->text);
    free(script);
}

bool lab_lesson_script_push(struct lab_lesson_script *script, const char *group, const char *name)
{
    lua_State *L = script->L;
    lua_rawgeti(L, LUA_REGISTRYINDEX, script->lesson);
    if (lua_getfield(L, -1, group) != LUA_TTABLE) {
        lua_pop(L, 2);
        return false;
    }
    lua_remove(L, -2);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
    if (!lua_isnil(L, -1))
        return true;
    lua_pop(L, 1);
    return false;
}

/* ---- Values and figures ------------------------------------------------------------------------------------------ */

/* "1,234,567": in texts, numbers are read by people. */
static char *print_integer(long long value)
{
    char digits[32], grouped[48], *to = grouped;
    snprintf(digits, sizeof digits, "%lld", value);
    size_t length = strlen(digits), first = digits[0] == '-';
    for (size_t i = 0; i < length; i++) {
        if (i > first && (length - i) % 3 == 0 && length - first > 4)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return lab_lesson_must(strdup(grouped));
}

/* Calls lesson.GROUP.NAME(open) for a text. */
static char *compute(struct lab_lesson_script *script, const char *group, const char *name, struct isa_diagnostics *diagnostics)
{
    lua_State *L = script->L;
    char *text = NULL;
    if (!lab_lesson_script_push(script, group, name))
        return NULL;
    script->about = name;
    if (lua_type(L, -1) == LUA_TFUNCTION) {
        lab_lesson_push_open(script);
        if (!lab_lesson_script_call(script, 1, 1, diagnostics))
            return NULL;
    }
    if (lua_isinteger(L, -1))
        text = print_integer(lua_tointeger(L, -1));
    else if (lua_type(L, -1) == LUA_TNUMBER || lua_type(L, -1) == LUA_TSTRING)
        text = lab_lesson_without_controls(lua_tostring(L, -1));
    if (text == NULL) {
        struct isa_place place = lab_lesson_script_place(script, name);
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, NULL, "%s.%s gives %s: a number or a text is wanted", group,
                              name, luaL_typename(L, -1));
    }
    lua_pop(L, 1);
    return text;
}

char *lab_lesson_script_value(struct lab_lesson_script *script, const char *name, bool again, struct isa_diagnostics *diagnostics)
{
    lua_State *L = script->L;
    char *text = NULL;
    lua_rawgeti(L, LUA_REGISTRYINDEX, script->values);
    if (!again && lua_getfield(L, -1, name) == LUA_TSTRING) {
        text = lab_lesson_must(strdup(lua_tostring(L, -1)));
        lua_pop(L, 2);
        return text;
    }
    lua_pop(L, again ? 1 : 2);
    text = compute(script, "values", name, diagnostics);
    if (text != NULL) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, script->values);
        lua_pushstring(L, text);
        lua_setfield(L, -2, name);
        lua_pop(L, 1);
    }
    return text;
}

char *lab_lesson_script_figure(struct lab_lesson_script *script, const char *name, struct isa_diagnostics *diagnostics)
{
    return compute(script, "figures", name, diagnostics);
}

/* ---- Texts with values ------------------------------------------------------------------------------------------- */

/* Writes what `{name}`, at the start of `text`, stands for; returns the bytes that it used. */
static size_t fill_one(struct lab_lesson *lesson, const char *text, FILE *stream, struct isa_diagnostics *diagnostics)
{
    size_t length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (text[1] == '{') {
        fputc('{', stream);
        return 2;
    }
    if (length == 0 || text[1 + length] != '}') {
        fputc('{', stream);
        return 1;
    }
    char *name = lab_lesson_must(strndup(text + 1, length)), *value = NULL;
    if (lesson->script != NULL)
        value = lab_lesson_script_value(lesson->script, name, false, diagnostics);
    fputs(value != NULL ? value : "?", stream);
    free(value);
    free(name);
    return length + 2;
}

/* In code nothing is filled in. */
char *lab_lesson_fill(struct lab_lesson *lesson, const char *text, struct isa_diagnostics *diagnostics)
{
    char *filled;
    size_t length;
    FILE *stream = lab_lesson_must(open_memstream(&filled, &length));
    int style = LAB_LESSON_PLAIN;
    while (*text != '\0') {
        if (*text > 0 && *text < LAB_LESSON_STYLES)
            style = *text;
        if (*text == '{' && style != LAB_LESSON_SPAN)
            text += fill_one(lesson, text, stream, diagnostics);
        else
            fputc(*text++, stream);
    }
    fclose(stream);
    return lab_lesson_must(filled);
}
