/* work.c: what checks are made of, for checks.lua: files of the lab and of the student, and children that do what is
 * not done in the judge: the compiler, and programs in Lua. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/grade/internal.h"
#include "lab/lua/internal.h"
#include "lab/program.h"


#define COMPILER "/usr/bin/riscv64-unknown-elf-gcc"
#define OBJCOPY "/usr/bin/riscv64-unknown-elf-objcopy"
#define IMAGE "monitor.elf"

/* Limits of compilations and of programs in Lua: far above what an honest one needs. With what waits for it, a compiler must
 * stay below 256 MB. */
static const struct lab_grade_limits compiler_limits = {
    .processor_seconds = 4, .seconds = 40, .memory = 160u << 20, .file_size = 8u << 20, .processes = 24,
    .descriptors = 64, .output = 16384};
static const struct lab_grade_limits closed_limits = {
    .processor_seconds = 10, .seconds = 100, .memory = 768u << 20, .file_size = 0, .processes = 1, .descriptors = 16,
    .output = 4u << 20};

static struct lab_grade_judge *judge_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

static bool is_inside(const char *name)
{
    return name[0] != '/' && name[0] != '\0' && strstr(name, "..") == NULL;
}

/* Pushes the bytes of a file in a folder, or nil and why not. `own`: see lab_grade_read_foreign; -1: it is our own. */
static int push_file_of(lua_State *L, int own, int folder, const char *name)
{
    size_t length;
    const char *why;
    char *bytes = lab_grade_read_foreign(own, folder, name, LAB_GRADE_LARGEST_FILE, &length, &why);
    if (bytes == NULL) {
        lua_pushnil(L);
        lua_pushstring(L, why != NULL ? why : "there is no memory for it");
        return 2;
    }
    lua_pushlstring(L, bytes, length);
    free(bytes);
    return 1;
}

static int push_file(lua_State *L, int folder, const char *name)
{
    return push_file_of(L, -1, folder, name);
}

/* grade.submitted(name): its bytes, or nil and why not. Folders in the name are not followed if they are links. */
static int submitted(lua_State *L)
{
    const struct lab_grade_judge *judge = judge_of(L);
    const char *name = luaL_checkstring(L, 1);
    if (!is_inside(name) || strchr(name, '/') != NULL)
        return luaL_error(L, "a file that is submitted has a name without folders, not '%s'", name);
    return push_file_of(L, judge->lab, judge->submission, judge->only_file != NULL ? judge->only_file : name);
}

static int lab_file(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    if (!is_inside(name))
        return luaL_error(L, "'%s' does not lie in the lab's folder", name);
    if (push_file(L, judge_of(L)->lab, name) == 1)
        return 1;
    return luaL_error(L, "the lab's file %s: %s", name, lua_tostring(L, -1));
}

/* grade.has_file(name): is there such a file in the lab's folder? */
static int has_file(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    lua_pushboolean(L, is_inside(name) && faccessat(judge_of(L)->lab, name, F_OK, 0) == 0);
    return 1;
}

/* grade.header(isa): the text of its pg74.h, with a trap area in the order of its own. */
static int header(lua_State *L)
{
    struct lab_lua_text text;
    const struct isa *isa = lab_lua_check_isa(L, 1);
    lab_lua_text_open(&text);
    isa_print_header(isa, text.stream);
    lab_lua_text_push(L, &text);
    return 1;
}

/* The lab's secret: the first line of its file `secret`, or the one that was given. Pushes it, or nil. */
static void push_secret(lua_State *L, const struct lab_grade_judge *judge)
{
    if (judge->options->secret != NULL)
        lua_pushstring(L, judge->options->secret);
    else if (push_file(L, judge->lab, "secret") == 1)
        lua_pushlstring(L, lua_tostring(L, -1), strcspn(lua_tostring(L, -1), "\r\n"));
    else
        lua_pushnil(L);
}

/* ---- A closed child ---------------------------------------------------------------------------------------------- */

static json_t *json_of(lua_State *L, int index);

static json_t *list_of(lua_State *L, int index)
{
    json_t *list = json_array();
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, index); i++) {
        lua_rawgeti(L, index, i);
        json_array_append_new(list, json_of(L, lua_gettop(L)));
        lua_pop(L, 1);
    }
    return list;
}

/* A value as JSON: a table with [1] is a list. */
static json_t *json_of(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TSTRING: {
        size_t length;
        const char *text = lua_tolstring(L, index, &length);
        json_t *string = json_stringn(text, length);
        return string != NULL ? string : json_null();
    }
    case LUA_TBOOLEAN: return json_boolean(lua_toboolean(L, index));
    case LUA_TNUMBER:
        return lua_isinteger(L, index) ? json_integer(lua_tointeger(L, index)) : json_real(lua_tonumber(L, index));
    case LUA_TTABLE: break;
    default: return json_null();
    }
    if (lua_rawlen(L, index) > 0)
        return list_of(L, index);
    json_t *object = json_object();
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            json_object_set_new(object, lua_tostring(L, -2), json_of(L, lua_gettop(L)));
    return object;
}

static const char *end_name(const struct lab_grade_outcome *outcome)
{
    switch (outcome->end) {
    case LAB_GRADE_ENDED: return "ended";
    case LAB_GRADE_PROCESSOR: /* on a busy computer the other one may come first: a result does not depend on that */
    case LAB_GRADE_CLOCK: return "it took too long";
    case LAB_GRADE_SIGNAL: return "it died";
    default: return "it could not be started";
    }
}

/* The lines that a child has written, each parsed. */
static void push_lines(lua_State *L, const char *text)
{
    lua_Integer count = 0;
    lua_newtable(L);
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        json_t *line = json_loadb(text, length, 0, NULL);
        if (line != NULL) {
            lab_lua_push_json(L, line);
            json_decref(line);
            lua_rawseti(L, -2, ++count);
        }
        text += length + (text[length] == '\n');
    }
}

void lab_grade_push_answer(lua_State *L, const struct lab_grade_outcome *outcome)
{
    push_lines(L, outcome->output);
    lua_pushstring(L, end_name(outcome));
    lua_setfield(L, -2, "ended");
}

/* grade.closed(job): lets child.c do a job. Gives the lines that it answers, with `ended`. */
static int closed(lua_State *L)
{
    const struct lab_grade_judge *judge = judge_of(L);
    char program[4096];
    size_t length;
    luaL_checktype(L, 1, LUA_TTABLE);
    if (!lab_program_path(program, sizeof program))
        return luaL_error(L, "this program does not find itself");
    const char *source = (lua_getfield(L, 1, "source"), lua_tolstring(L, -1, &length));
    json_t *text = json_stringn(source, length);
    if (text == NULL || strlen(source) != length) { /* bytecode is no UTF-8, and no honest program is not */
        json_decref(text);
        lua_newtable(L);
        lua_newtable(L);
        lua_getfield(L, 1, "file");
        lua_pushliteral(L, ": this is not a text in UTF-8");
        lua_concat(L, 2);
        lua_setfield(L, -2, "error");
        lua_rawseti(L, -2, 1);
        return 1;
    }
    json_decref(text);
    json_t *job_json = json_of(L, 1);
    json_object_set_new(job_json, "uncontained", json_boolean(judge->containment.uncontained));
    char *input = json_dumps(job_json, JSON_COMPACT);
    json_decref(job_json);
    const char *arguments[] = {program, "grade", "--child", NULL};
    struct lab_grade_job job = {.arguments = arguments, .input = input,
                                .input_length = strlen(input), .profile = LAB_GRADE_CLOSED, .limits = closed_limits};
    struct lab_grade_outcome outcome = lab_grade_contain(&judge->containment, &job);
    free(input);
    lab_grade_push_answer(L, &outcome);
    free(outcome.output);
    return 1;
}

/* ---- The compiler ------------------------------------------------------------------------------------------------ */

/* Writes the files of the table at field `files`; false when it cannot. */
static bool write_files(lua_State *L, const struct lab_grade_judge *judge, const char *scratch)
{
    bool good = true;
    lua_getfield(L, 1, "files");
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        size_t length;
        const char *bytes = lua_tolstring(L, -1, &length);
        good = good && lab_grade_scratch_write(&judge->containment, scratch, lua_tostring(L, -2), bytes, length);
    }
    lua_pop(L, 1);
    return good;
}

/* pg74.h, unless it is among the files: the compiler may not be able to go where ours lies. */
static bool write_header(lua_State *L, const struct lab_grade_judge *judge, const char *scratch)
{
    static const char *const places[] = {"include/pg74.h", "../include/pg74.h", NULL};
    char path[PATH_MAX];
    size_t length;
    const char *why;
    lua_getfield(L, 1, "files");
    bool is_there = lua_getfield(L, -1, "pg74.h") != LUA_TNIL;
    lua_pop(L, 2);
    if (is_there)
        return true;
    if (!lab_beside_program(places, path, sizeof path))
        return false;
    char *bytes = lab_grade_read_plain(AT_FDCWD, path, LAB_GRADE_LARGEST_FILE, &length, &why);
    bool good = bytes != NULL && lab_grade_scratch_write(&judge->containment, scratch, "pg74.h", bytes, length);
    free(bytes);
    return good;
}

/* The compiler's arguments; what they point to stays on the stack. */
static const char **make_arguments(lua_State *L)
{
    static const char *const fixed[] = {
        COMPILER, "-march=rv32im", "-mabi=ilp32", "-std=c17", "-g", "-ffreestanding", "-nostdlib", "-fno-builtin",
        "-fno-tree-loop-distribute-patterns", "-Wall", "-Wl,--no-warn-rwx-segments", "-o", IMAGE};
    enum { FIXED = sizeof fixed / sizeof *fixed };
    lua_getfield(L, 1, "arguments");
    size_t count = lua_rawlen(L, -1), used = 0;
    luaL_checkstack(L, (int)count + 4, NULL);
    const char **arguments = lua_newuserdatauv(L, (FIXED + count + 4) * sizeof *arguments, 0);
    for (; used < FIXED; used++)
        arguments[used] = fixed[used];
    arguments[used++] = "-I.";
    for (lua_Integer i = 1; i <= (lua_Integer)count; i++) {
        lua_rawgeti(L, -1 - (int)i, i);
        arguments[used++] = lua_tostring(L, -1);
    }
    arguments[used++] = "-lgcc";
    arguments[used] = NULL;
    return arguments;
}

/* Makes every name in what the compiler made that is not for others its own, takes away those of files, and leaves the bytes as field `object` of the
 * table on top of the stack. */
static void push_object(lua_State *L, const struct lab_grade_judge *judge, const char *name)
{
    const char *arguments[] = {OBJCOPY, "--localize-hidden", "--strip-unneeded", IMAGE, name, NULL};
    struct lab_grade_job job = {.arguments = arguments, .scratch = judge->scratch,
                                .profile = LAB_GRADE_COMPILER, .limits = compiler_limits};
    struct lab_grade_outcome outcome = lab_grade_contain(&judge->containment, &job);
    int folder = open(judge->scratch, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (outcome.end == LAB_GRADE_ENDED && outcome.status == 0 && push_file(L, folder, name) == 1)
        lua_setfield(L, -2, "object");
    close(folder);
    free(outcome.output);
}

/* grade.compile{files = {name = text}, arguments = {...}}: {ended, text, image = path}. With `object`, the name of a
 * file, it is the lab's own sources that are made into an object: {ended, text, object = bytes}. */
static int compile(lua_State *L)
{
    struct lab_grade_judge *judge = judge_of(L);
    char why[256];
    luaL_checktype(L, 1, LUA_TTABLE);
    const char *object = (lua_getfield(L, 1, "object"), lua_tostring(L, -1));
    if (object == NULL && !lab_grade_containment_hides(&judge->containment, why, sizeof why))
        return luaL_error(L, "%s", why);
    const char **arguments = make_arguments(L);
    char *scratch = lab_grade_scratch_new(&judge->containment), *image = NULL;
    if (scratch == NULL || !write_files(L, judge, scratch) || !write_header(L, judge, scratch)) {
        lab_grade_scratch_free(scratch);
        return luaL_error(L, "the compiler cannot be given its files");
    }
    lab_grade_scratch_free(judge->scratch);
    judge->scratch = scratch;
    struct lab_grade_job job = {.arguments = arguments, .scratch = scratch,
                                .profile = LAB_GRADE_COMPILER, .limits = compiler_limits};
    struct lab_grade_outcome outcome = lab_grade_contain(&judge->containment, &job);
    bool limit = outcome.end == LAB_GRADE_NOT_STARTED;
    lua_newtable(L);
    lua_pushstring(L, limit ? "limit" : end_name(&outcome));
    lua_setfield(L, -2, "ended");
    lua_pushstring(L, outcome.end == LAB_GRADE_ENDED ? outcome.output : end_name(&outcome));
    lua_setfield(L, -2, "text");
    bool good = outcome.end == LAB_GRADE_ENDED && outcome.status == 0;
    if (good && object != NULL) {
        push_object(L, judge, object);
    } else if (good && asprintf(&image, "%s/" IMAGE, scratch) > 0) {
        lua_pushstring(L, image);
        lua_setfield(L, -2, "image");
        free(image);
    }
    free(outcome.output);
    return 1;
}

char *lab_grade_compiler(void)
{
    char line[256] = "none";
    FILE *stream = access(COMPILER, X_OK) == 0 ? popen(COMPILER " --version", "r") : NULL;
    if (stream != NULL) {
        if (fgets(line, sizeof line, stream) == NULL)
            snprintf(line, sizeof line, "none");
        pclose(stream);
    }
    line[strcspn(line, "\n")] = '\0';
    return strdup(line);
}

/* ---- Chance ------------------------------------------------------------------------------------------------------ */

/* Upvalue: the state of the sequence. */
static int next_number(lua_State *L)
{
    lua_Integer limit = luaL_checkinteger(L, 1);
    luaL_argcheck(L, limit > 0, 1, "a limit is 1 or more");
    uint64_t state = (uint64_t)lua_tointeger(L, lua_upvalueindex(1)), number = isa_random(&state);
    lua_pushinteger(L, (lua_Integer)state);
    lua_replace(L, lua_upvalueindex(1));
    lua_pushinteger(L, (lua_Integer)(number >> 1) % limit + 1);
    return 1;
}

/* The sequence begins with the text's digest by FNV-1a, 64 bits. */
int lab_grade_generator(lua_State *L)
{
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    uint64_t state = 0xcbf29ce484222325;
    for (size_t i = 0; i < length; i++)
        state = (state ^ (unsigned char)text[i]) * 0x100000001b3;
    lua_pushinteger(L, (lua_Integer)state);
    lua_pushcclosure(L, next_number, 1);
    return 1;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

void lab_grade_push_work(lua_State *L, struct lab_grade_judge *judge)
{
    static const luaL_Reg functions[] = {{"submitted", submitted}, {"lab_file", lab_file}, {"closed", closed},
                                         {"compile", compile},   {"has_file", has_file}, {"header", header},
                                         {"record", lab_grade_record}, {"generator", lab_grade_generator}, {NULL, NULL}};
    lua_newtable(L);
    lua_pushlightuserdata(L, judge);
    luaL_setfuncs(L, functions, 1);
    lua_pushinteger(L, (lua_Integer)judge->options->seed);
    lua_setfield(L, -2, "seed");
    int table = lua_gettop(L);
    push_secret(L, judge);
    lua_setfield(L, table, "secret");
    lua_settop(L, table);
    lua_pushstring(L, judge->options->image); /* NULL: nil */
    lua_setfield(L, -2, "image");
}

/* Runs a text that is called `name` with the `arguments` on top of the stack, and leaves `results`. */
static bool run_text(lua_State *L, const char *text, const char *name, int arguments, int results)
{
    if (luaL_loadbufferx(L, text, strlen(text), name, "t") != LUA_OK)
        return false;
    lua_insert(L, -1 - arguments);
    return lua_pcall(L, arguments, results, 0) == LUA_OK;
}

void lab_grade_push_lab(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, "pg74.lab");
}

bool lab_grade_begin_drawing(lua_State *L, bool hidden)
{
    lab_grade_push_lab(L);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        return true;
    }
    lua_getfield(L, -1, "begin");
    lua_remove(L, -2);
    lua_pushboolean(L, hidden);
    return lua_pcall(L, 1, 0, 0) == LUA_OK;
}

bool lab_grade_open_checks(lua_State *L, struct lab_grade_judge *judge)
{
    static const struct { const char *text, *name; } files[] = {
        {lab_grade_checks, "@checks.lua"}, {lab_grade_course, "@course.lua"}, {lab_grade_programs, "@programs.lua"},
        {lab_grade_monitors, "@monitors.lua"}, {lab_grade_instruction_sets, "@instruction_sets.lua"},
        {lab_grade_records, "@records.lua"}, {lab_grade_kernels, "@kernels.lua"}};
    int given = lua_gettop(L) + 1;
    lab_grade_push_work(L, judge);
    lua_getglobal(L, "pg74");
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setglobal(L, "lab");
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, "pg74.lab");
    lua_newtable(L); /* what they have for each other */
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        for (int k = 0; k < 4; k++)
            lua_pushvalue(L, given + k);
        if (!run_text(L, files[i].text, files[i].name, 4, 0))
            return false;
    }
    lua_settop(L, given - 1);
    return true;
}
