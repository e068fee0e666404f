/* open.c: the function `open` of lesson.lua: machines from what lesson.machines says, with files that stand beside it. */
#include "lab/lesson/internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/lua/lua_binding.h"

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/* Is it a file that the task being judged lets its reader edit? */
static bool is_work_file(lua_State *L, const struct lab_lesson_script *script, const char *name)
{
    int top = lua_gettop(L);
    bool is_found = false;
    if (script->work == NULL)
        return false;
    lua_rawgeti(L, LUA_REGISTRYINDEX, script->work_files);
    for (lua_Integer i = 1; !is_found && lua_rawgeti(L, top + 1, i) == LUA_TSTRING; i++)
        is_found = strcmp(lua_tostring(L, -1), name) == 0;
    lua_settop(L, top);
    return is_found;
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t length = strlen(name), end = strlen(suffix);
    return length > end && strcmp(name + length - end, suffix) == 0;
}

/* Pushes the path of a file: the reader's, or the one beside lesson.lua; a name that is neither stays. True for a file. */
static bool push_path(lua_State *L, struct lab_lesson_script *script, const char *name)
{
    bool is_whole = script->work != NULL && strncmp(name, script->work, strlen(script->work)) == 0; /* by work:path */
    bool is_readers = is_whole || is_work_file(L, script, name);
    if (name[0] == '/' || is_whole)
        lua_pushstring(L, name);
    else
        lua_pushfstring(L, "%s/%s", is_readers ? script->work : script->folder, name);
    script->is_readers |= is_readers;
    if (access(lua_tostring(L, -1), R_OK) == 0)
        return true;
    if (is_readers)
        return luaL_error(L, "%s: there is no such file", lua_tostring(L, -1));
    lua_pop(L, 1);
    lua_pushstring(L, name);
    return strchr(name, '/') != NULL && access(name, R_OK) == 0; /* made from the folder's own path */
}

/* Calls a function of the module; its arguments stand on the stack. Leaves its one result. */
static void call_module(lua_State *L, const char *name, int arguments)
{
    lua_getglobal(L, "pg74");
    lua_getfield(L, -1, name);
    lua_insert(L, -arguments - 2);
    lua_pop(L, 1);
    lua_call(L, arguments, 1);
}

/* ---- Programs and instruction sets ------------------------------------------------------------------------------- */

static void push_file(lua_State *L, const char *path)
{
    luaL_Buffer buffer;
    FILE *stream = fopen(path, "rb");
    size_t length = 1;
    if (stream == NULL)
        luaL_error(L, "%s: cannot be read", path);
    luaL_buffinit(L, &buffer);
    while (length > 0) {
        length = fread(luaL_prepbuffer(&buffer), 1, LUAL_BUFFERSIZE, stream);
        luaL_addsize(&buffer, length);
    }
    fclose(stream);
    luaL_pushresult(&buffer);
}

/* Pushes text without the line's end at its end, and frees it. */
static void push_said(lua_State *L, char *said)
{
    size_t length = said != NULL ? strlen(said) : 0;
    while (length > 0 && said[length - 1] == '\n')
        length--;
    lua_pushlstring(L, said != NULL ? said : "", length);
    free(said);
}

/* Replaces sources on top of the stack, a name or a list of names, with the program that they are compiled to. */
static void compile(lua_State *L, struct lab_lesson_script *script)
{
    enum { MOST = 32 };
    const char *sources[MOST];
    int top = lua_gettop(L);
    unsigned count = 0;
    char *said;
    luaL_checkstack(L, MOST + LUA_MINSTACK, NULL);
    if (lua_type(L, top) == LUA_TSTRING) {
        push_path(L, script, lua_tostring(L, top));
        sources[count++] = lua_tostring(L, -1);
    } else {
        for (lua_Integer i = 1; count < MOST && lua_rawgeti(L, top, i) == LUA_TSTRING; i++) {
            push_path(L, script, lua_tostring(L, -1));
            lua_remove(L, -2);
            sources[count++] = lua_tostring(L, -1);
        }
    }
    char *path = lab_lesson_compile(script->folder, sources, count, &said);
    lua_settop(L, top);
    push_said(L, said);
    if (path == NULL)
        lua_error(L);
    lua_pushstring(L, path);
    lua_replace(L, top);
    lua_settop(L, top);
    free(path);
    lua_getglobal(L, "pg74");
    lua_getfield(L, -1, "load");
    lua_pushvalue(L, top);
    int status = lua_pcall(L, 1, 1, 0);
    unlink(lua_tostring(L, top));
    if (status != LUA_OK)
        lua_error(L);
    lua_replace(L, top);
    lua_settop(L, top);
}

/* Is the value on top of the stack a file in C, or a list of sources? */
static bool is_for_compiler(lua_State *L)
{
    bool is_it = lua_type(L, -1) == LUA_TSTRING && has_suffix(lua_tostring(L, -1), ".c");
    if (lua_type(L, -1) != LUA_TTABLE)
        return is_it;
    lua_rawgeti(L, -1, 1);
    is_it = lua_type(L, -1) == LUA_TSTRING && (has_suffix(lua_tostring(L, -1), ".c") || has_suffix(lua_tostring(L, -1), ".S"));
    lua_pop(L, 1);
    return is_it;
}

/* Replaces a name on top of the stack with the program that it stands for: compiled or assembled, where it is a text. */
static void to_program(lua_State *L, struct lab_lesson_script *script, int isa)
{
    if (is_for_compiler(L)) {
        compile(L, script);
        return;
    }
    if (lua_type(L, -1) != LUA_TSTRING)
        return;
    if (push_path(L, script, lua_tostring(L, -1)) && has_suffix(lua_tostring(L, -1), ".s")) {
        push_file(L, lua_tostring(L, -1));
        lua_createtable(L, 0, 2);
        lua_pushvalue(L, -3);
        lua_setfield(L, -2, "name");
        lua_pushvalue(L, isa);
        lua_setfield(L, -2, "isa");
        call_module(L, "assemble", 2);
        lua_remove(L, -2);
    }
    lua_remove(L, -2);
}

/* Sets a field of the options to its program, or to a list of them. */
static void set_program(lua_State *L, struct lab_lesson_script *script, int options, int isa, const char *field)
{
    if (lua_getfield(L, options, field) == LUA_TTABLE && !is_for_compiler(L)) {
        int list = lua_gettop(L);
        lua_newtable(L);
        for (lua_Integer i = 1; lua_rawgeti(L, list, i) != LUA_TNIL; i++) {
            to_program(L, script, isa);
            lua_rawseti(L, list + 1, i);
        }
        lua_pop(L, 1);
        lua_setfield(L, options, field);
    } else {
        to_program(L, script, isa);
        lua_setfield(L, options, field);
    }
    lua_settop(L, isa);
}

static void set_isa(lua_State *L, struct lab_lesson_script *script, int options)
{
    if (lua_getfield(L, options, "isa") == LUA_TSTRING && has_suffix(lua_tostring(L, -1), ".isa")) {
        push_path(L, script, lua_tostring(L, -1));
        lua_remove(L, -2);
    }
    call_module(L, "isa", 1);
    lua_pushvalue(L, -1);
    lua_setfield(L, options, "isa");
}

/* ---- Opening ----------------------------------------------------------------------------------------------------- */

static void copy_fields(lua_State *L, int from, int to)
{
    for (lua_pushnil(L); lua_next(L, from) != 0;) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, to);
    }
}

/* Pushes what lesson.machines says under a name. */
static void push_description(lua_State *L, struct lab_lesson_script *script, const char *name)
{
    if (script->lesson == LUA_NOREF)
        luaL_error(L, "machines can be opened when lesson.lua has returned its table");
    if (!lab_lesson_script_push(script, "machines", name))
        luaL_error(L, "lesson.machines has no '%s'", name);
}

/* open(name or options [, more options]): a fresh machine. */
static int open_machine(lua_State *L)
{
    struct lab_lesson_script *script = lua_touserdata(L, lua_upvalueindex(1));
    lua_settop(L, 2);
    script->is_readers = false;
    if (lua_type(L, 1) == LUA_TSTRING) {
        push_description(L, script, lua_tostring(L, 1));
        lua_replace(L, 1);
    }
    if (lua_isfunction(L, 1)) {
        lua_pushvalue(L, 1);
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_call(L, 1, 1);
    } else {
        luaL_checktype(L, 1, LUA_TTABLE);
        lua_newtable(L);
        copy_fields(L, 1, 3);
        if (lua_istable(L, 2))
            copy_fields(L, 2, 3);
        set_isa(L, script, 3);
        set_program(L, script, 3, 4, "guest");
        set_program(L, script, 3, 4, "guests");
        set_program(L, script, 3, 4, "vmm");
        if (script->work != NULL) { /* so that the reader can go back from where it failed */
            lua_pushboolean(L, true);
            lua_setfield(L, 3, "history");
        }
        lua_pushvalue(L, 3);
        call_module(L, "machine", 1);
    }
    if (script->work != NULL) {
        luaL_unref(L, LUA_REGISTRYINDEX, script->opened);
        lua_pushvalue(L, -1);
        script->opened = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    script->is_readers = false;
    return 1;
}

void lab_lesson_push_open(struct lab_lesson_script *script)
{
    lua_pushlightuserdata(script->L, script);
    lua_pushnil(script->L); /* itself, below */
    lua_pushcclosure(script->L, open_machine, 2);
    lua_pushvalue(script->L, -1);
    lua_setupvalue(script->L, -2, 2);
}

int lab_lesson_open_machine(struct lab_lesson_script *script, const char *name, struct isa_diagnostics *diagnostics)
{
    const struct lab_programs *programs;
    script->about = name;
    lab_lesson_push_open(script);
    lua_pushstring(script->L, name);
    if (!lab_lesson_script_call(script, 1, 1, diagnostics))
        return LUA_NOREF;
    if (lab_lua_machine_at(script->L, -1, &programs) != NULL)
        return luaL_ref(script->L, LUA_REGISTRYINDEX);
    struct isa_place place = lab_lesson_script_place(script, name);
    isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, NULL, "machines.%s gives %s, not a machine", name,
                          luaL_typename(script->L, -1));
    lua_pop(script->L, 1);
    return LUA_NOREF;
}
