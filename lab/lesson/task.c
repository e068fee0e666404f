/* task.c: tasks: the files that the reader edits, and whether they do what they should. */
#include "lab/lesson/internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/lua/lua_binding.h"

/* ---- Files ------------------------------------------------------------------------------------------------------- */

void lab_lesson_player_work_in(struct lab_lesson_player *player, const char *folder)
{
    free(player->work);
    player->work = lab_lesson_must(strdup(folder));
}

const char *lab_lesson_player_work(const struct lab_lesson_player *player) { return player->work; }

struct machine *lab_lesson_player_tried(const struct lab_lesson_player *player, const struct lab_programs **programs)
{
    const struct lab_lesson_script *script = player->lesson->script;
    if (script == NULL || script->opened == LUA_NOREF)
        return NULL;
    lua_rawgeti(script->L, LUA_REGISTRYINDEX, script->opened);
    struct machine *machine = lab_lua_machine_at(script->L, -1, programs);
    lua_pop(script->L, 1);
    return machine;
}

/* Pushes a field of a task; nil where it has none. */
static void push_field(struct lab_lesson_script *script, const char *task, const char *field)
{
    if (!lab_lesson_script_push(script, "tasks", task)) {
        lua_pushnil(script->L);
        return;
    }
    if (lua_istable(script->L, -1))
        lua_getfield(script->L, -1, field);
    else
        lua_pushnil(script->L);
    lua_remove(script->L, -2);
}

static void complain(const struct lab_lesson_script *script, const char *task, struct isa_diagnostics *diagnostics,
                     const char *message, const char *what)
{
    struct isa_place place = lab_lesson_script_place(script, task);
    isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, NULL, message, task, what);
}

const char *lab_lesson_task_file(struct lab_lesson_script *script, const char *task, unsigned number)
{
    const char *name = NULL;
    push_field(script, task, "files");
    if (lua_istable(script->L, -1)) {
        lua_rawgeti(script->L, -1, (lua_Integer)number + 1);
        name = lua_type(script->L, -1) == LUA_TSTRING ? lua_tostring(script->L, -1) : NULL;
        lua_pop(script->L, 1);
    }
    lua_pop(script->L, 1);
    return name;
}

/* Puts a file of the lesson in the place of the reader's. */
static bool put_file(struct lab_lesson_player *player, const char *task, const char *from, const char *name,
                     struct isa_diagnostics *diagnostics)
{
    char *source = lab_lesson_format("%s/%s", player->lesson->folder, from), *to = lab_lesson_format("%s/%s", player->work, name);
    bool good = access(source, R_OK) == 0;
    if (!good) {
        complain(player->lesson->script, task, diagnostics, "task %s: there is no file '%s' beside lesson.lua", from);
    } else if (!lab_lesson_copy_file(source, to)) {
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "%s cannot be written", to);
        good = false;
    }
    free(source);
    free(to);
    return good;
}

char *lab_lesson_player_file(struct lab_lesson_player *player, const struct lab_lesson_item *item, unsigned number,
                             const char **file, struct isa_diagnostics *diagnostics)
{
    const char *name = player->lesson->script != NULL ? lab_lesson_task_file(player->lesson->script, item->name, number) : NULL;
    if (name == NULL || player->work == NULL)
        return NULL;
    char *path = lab_lesson_format("%s/%s", player->work, name);
    if (file != NULL)
        *file = name;
    if (access(path, F_OK) == 0 || put_file(player, item->name, name, name, diagnostics))
        return path;
    free(path);
    return NULL;
}

bool lab_lesson_player_restore(struct lab_lesson_player *player, const struct lab_lesson_item *item,
                               struct isa_diagnostics *diagnostics)
{
    const char *name;
    bool good = player->work != NULL && player->lesson->script != NULL;
    for (unsigned i = 0; good && (name = lab_lesson_task_file(player->lesson->script, item->name, i)) != NULL; i++)
        good = put_file(player, item->name, name, name, diagnostics);
    return good;
}

/* So that the reader loses nothing. */
static void keep_own(const struct lab_lesson_player *player, const char *name)
{
    char *own = lab_lesson_format("%s/%s", player->work, name), *kept = lab_lesson_format("%s.yours", own);
    if (access(own, F_OK) == 0)
        lab_lesson_copy_file(own, kept);
    free(own);
    free(kept);
}

/* A text, where there is one file, or a table of texts by the names of the files. */
bool lab_lesson_task_solve(struct lab_lesson_player *player, const struct lab_lesson_item *item,
                           struct isa_diagnostics *diagnostics)
{
    struct lab_lesson_script *script = player->lesson->script;
    lua_State *L = script->L;
    const char *name;
    bool good = player->work != NULL;
    push_field(script, item->name, "solution");
    int solution = lua_gettop(L);
    for (unsigned i = 0; good && (name = lab_lesson_task_file(script, item->name, i)) != NULL; i++) {
        keep_own(player, name);
        if (lua_istable(L, solution))
            lua_getfield(L, solution, name);
        else
            lua_pushvalue(L, solution);
        if (lua_type(L, -1) == LUA_TSTRING)
            good = put_file(player, item->name, lua_tostring(L, -1), name, diagnostics);
        else if (!lua_isfunction(L, solution) && !lua_istable(L, solution))
            complain(script, item->name, diagnostics, "task %s has no solution for '%s'", name), good = false;
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return good;
}

void lab_lesson_task_keep(struct lab_lesson_player *player, const struct lab_lesson_item *item)
{
    const char *name;
    for (unsigned i = 0; (name = lab_lesson_task_file(player->lesson->script, item->name, i)) != NULL; i++) {
        char *from = lab_lesson_format("%s/%s", player->work, name);
        char *to = lab_lesson_format("%s/solved/%s/%s", player->work, item->name, name);
        lab_lesson_copy_file(from, to);
        free(from);
        free(to);
    }
}

/* ---- Judging ----------------------------------------------------------------------------------------------------- */

/* work:path(name) */
static int work_path(lua_State *L)
{
    lua_getfield(L, 1, "folder");
    lua_pushfstring(L, "%s/%s", lua_tostring(L, -1), luaL_checkstring(L, 2));
    return 1;
}

static int print_nothing(lua_State *L)
{
    (void)L;
    return 0;
}

/* Pushes a copy of the table that a global is: who changes it changes nobody else's. */
static void push_copy(lua_State *L, const char *name)
{
    lua_newtable(L);
    lua_getglobal(L, name);
    for (lua_pushnil(L); lua_next(L, -2) != 0;) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_settable(L, -5);
    }
    lua_pop(L, 1);
}

/* Pushes a table of what a program of the reader's may use: nothing with which it could reach beyond itself. What it prints is
 * for the reader alone: where a record is judged, it could be taken for the verdict. */
static void push_environment(lua_State *L, bool prints)
{
    static const char *const names[] = {"assert", "error", "ipairs", "next", "pairs", "pcall", "print", "select", "tonumber", "tostring",
                                        "type"};
    static const char *const libraries[] = {"math", "string", "table", "utf8"};
    lua_newtable(L);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        lua_getglobal(L, names[i]);
        lua_setfield(L, -2, names[i]);
    }
    for (unsigned i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        push_copy(L, libraries[i]);
        lua_setfield(L, -2, libraries[i]);
    }
    if (!prints) {
        lua_pushcfunction(L, print_nothing);
        lua_setfield(L, -2, "print");
    }
}

/* work:load(name): runs a Lua file of the reader's, as text, and gives what it returns; or nil and what is wrong with it. */
static int work_load(lua_State *L)
{
    lua_getfield(L, 1, "folder");
    const char *name = luaL_checkstring(L, 2);
    const char *path = lua_pushfstring(L, "%s/%s", lua_tostring(L, -1), name);
    lua_settop(L, 4);
    if (luaL_loadfilex(L, path, "t") == LUA_OK) {
        lua_getfield(L, 1, "prints");
        bool prints = lua_toboolean(L, -1);
        lua_pop(L, 1);
        push_environment(L, prints);
        lua_setupvalue(L, 5, 1);
        if (lua_pcall(L, 0, 1, 0) == LUA_OK)
            return 1;
    }
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
}

static void push_work(struct lab_lesson_player *player)
{
    lua_State *L = player->lesson->script->L;
    lua_createtable(L, 0, 5);
    lua_pushstring(L, player->work);
    lua_setfield(L, -2, "folder");
    lua_pushboolean(L, !player->is_silent);
    lua_setfield(L, -2, "prints");
    lua_pushcfunction(L, work_path);
    lua_setfield(L, -2, "path");
    lua_pushcfunction(L, work_load);
    lua_setfield(L, -2, "load");
    if (player->debug != NULL)
        lua_rawgeti(L, LUA_REGISTRYINDEX, player->machine);
    else
        lua_pushnil(L);
    lua_setfield(L, -2, "machine");
}

/* Makes sure that the reader's files are there. */
static bool prepare_files(struct lab_lesson_player *player, const struct lab_lesson_item *item, struct isa_diagnostics *diagnostics)
{
    size_t before = isa_diagnostics_total(diagnostics);
    for (unsigned i = 0; lab_lesson_task_file(player->lesson->script, item->name, i) != NULL; i++)
        free(lab_lesson_player_file(player, item, i, NULL, diagnostics));
    return isa_diagnostics_total(diagnostics) == before;
}

/* What is wrong with a file of the reader's is no fault of the lesson, but the reason why the task is not solved; and so is what
 * it was stopped for. */
static void settle(struct lab_lesson_script *script, struct isa_diagnostics *found, char **reason,
                   struct isa_diagnostics *diagnostics)
{
    if (isa_diagnostics_total(found) > 0 && (script->is_readers || script->stopped != NULL))
        *reason = lab_lesson_must(strdup(isa_diagnostics_message(found, 0)));
    else
        isa_diagnostics_move(found, diagnostics);
    isa_diagnostics_free(found);
}

bool lab_lesson_task_is_solved(struct lab_lesson_player *player, const struct lab_lesson_item *item, char **reason,
                               struct isa_diagnostics *diagnostics)
{
    struct lab_lesson_script *script = player->lesson->script;
    lua_State *L = script->L;
    bool is_solved = false;
    if (player->work == NULL || !prepare_files(player, item, diagnostics))
        return false;
    push_field(script, item->name, "check");
    if (!lua_isfunction(L, -1)) {
        lua_pop(L, 1);
        complain(script, item->name, diagnostics, "task %s has no function '%s'", "check");
        return false;
    }
    uint64_t steps = player->debug != NULL ? lab_debug_steps(player->debug) : 0;
    struct isa_diagnostics *found = isa_diagnostics_new();
    push_field(script, item->name, "files");
    script->work_files = luaL_ref(L, LUA_REGISTRYINDEX);
    script->work = player->work;
    script->is_readers = false;
    luaL_unref(L, LUA_REGISTRYINDEX, script->opened);
    script->opened = LUA_NOREF;
    script->about = item->name;
    push_work(player);
    lab_lesson_push_open(script);
    if (lab_lesson_script_call(script, 2, 2, found))
        is_solved = lab_lesson_take_verdict(L, reason);
    script->work = NULL;
    luaL_unref(L, LUA_REGISTRYINDEX, script->work_files);
    settle(script, found, reason, diagnostics);
    if (player->debug != NULL)
        lab_debug_go_to(player->debug, steps);
    return is_solved;
}
