/* Fuzzes the loader of labs: the input is a lab.lua, or, after a first byte 0, a hidden.lua beside a lab that is all right. What
 * it can do is little: no files, no long runs, no large memory. */
#include <fcntl.h>
#include <lualib.h>
#include <unistd.h>

#include "lab/grade/internal.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_MEMORY = 16 << 20, MOST_LUA_INSTRUCTIONS = 200000 };

static char folder[] = "/tmp/pg74-fuzz-XXXXXX";
static const char sound[] = "return {api = 1, title = 'A', submit = {'a'}, tasks = {{id = 'one', points = 1, check = next}}}";

static void *allocate(void *context, void *block, size_t before, size_t after)
{
    size_t *used = context;
    before = block != NULL ? before : 0;
    if (after > before && *used + (after - before) > MOST_MEMORY)
        return NULL;
    void *moved = after > 0 ? realloc(block, after) : NULL;
    if (after == 0)
        free(block);
    if (moved != NULL || after == 0)
        *used += after - before;
    return moved;
}

static void stop(lua_State *L, lua_Debug *record)
{
    (void)record;
    luaL_error(L, "it takes too long");
}

static void leave(void)
{
    rmdir(folder);
}

static int open_folder(void)
{
    static int opened = -1;
    if (opened >= 0)
        return opened;
    if (mkdtemp(folder) == NULL || (opened = open(folder, O_RDONLY | O_DIRECTORY)) < 0)
        abort();
    atexit(leave);
    return opened;
}

static void write_file(const char *name, const void *bytes, size_t length)
{
    int file = openat(open_folder(), name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || write(file, bytes, length) != (ssize_t)length)
        abort();
    close(file);
}

static lua_State *new_state(size_t *used)
{
    static const char *const withheld[] = {"dofile", "loadfile", "load", "print", "collectgarbage", "pcall", "xpcall", NULL};
    lua_State *L = lua_newstate(allocate, used);
    luaL_requiref(L, LUA_GNAME, luaopen_base, 1);
    luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 1);
    lua_settop(L, 0);
    lua_sethook(L, stop, LUA_MASKCOUNT, MOST_LUA_INSTRUCTIONS);
    for (unsigned i = 0; withheld[i] != NULL; i++) {
        lua_pushnil(L);
        lua_setglobal(L, withheld[i]);
    }
    return L;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t used = 0;
    bool hidden = size > 0 && data[0] == 0;
    write_file("lab.lua", hidden ? (const void *)sound : data, hidden ? strlen(sound) : size);
    if (hidden)
        write_file("hidden.lua", data + 1, size - 1);
    lua_State *L = new_state(&used);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    FILE *nowhere = fuzz_nowhere();
    if (lab_grade_lab_open(L, open_folder(), "lab.lua", diagnostics)) {
        json_t *lab = lab_grade_lab_describe(L);
        json_dumpf(lab, nowhere, 0);
        json_decref(lab);
    }
    isa_diagnostics_print(diagnostics, nowhere);
    isa_diagnostics_free(diagnostics);
    fclose(nowhere);
    lua_close(L);
    unlinkat(open_folder(), "lab.lua", 0);
    if (hidden)
        unlinkat(open_folder(), "hidden.lua", 0);
    return 0;
}
