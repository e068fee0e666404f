/* Fuzzes the Lua module: calls of its functions in an order that the input decides, in each other's callbacks, too.
 * What they are is for tests/fuzz/lua_calls.lua to say. Machines together have little fuel, Lua little memory. */
#include <fcntl.h>
#include <lauxlib.h>
#include <lualib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab/lua/lua_binding.h"
#include "tests/fuzz/fuzz.h"

enum { FUEL = 200000, MOST_MEMORY = 64 << 20, MOST_LUA_INSTRUCTIONS = 2000000 };

struct allowance { size_t used; };

static void *allocate(void *context, void *block, size_t before, size_t after)
{
    struct allowance *allowance = context;
    before = block != NULL ? before : 0;
    if (after > before && allowance->used + (after - before) > MOST_MEMORY)
        return NULL;
    void *moved = after > 0 ? realloc(block, after) : NULL;
    if (after == 0)
        free(block);
    if (moved != NULL || after == 0)
        allowance->used += after - before;
    return moved;
}

static void stop(lua_State *L, lua_Debug *record)
{
    (void)record;
    luaL_error(L, "it takes too long");
}

/* What the driver needs besides the module, made once. From then on we stand in a folder that is gone, in which no file can
 * be made. */
struct setting {
    char text[1 << 16]; /* of the driver */
    size_t length;
    char saved[32]; /* the name of a file without a folder, with a machine in it, that cannot be changed */
    char scratch[32]; /* of one that can */
};

static void save_machine(char *name, size_t size)
{
    static const char script[] =
        "local m = require 'pg74'.machine {guest = require 'pg74'.assemble '_start: addi a0, a0, 1\\n j _start', memory = 65536}"
        " m:run(100) m:save 'saved'";
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    lab_lua_open(L, NULL);
    if (luaL_dostring(L, script) != LUA_OK)
        abort();
    lua_close(L);
    static char bytes[1 << 20];
    FILE *made = fopen("saved", "rb");
    size_t length = made != NULL ? fread(bytes, 1, sizeof bytes, made) : 0;
    int file = memfd_create("saved", MFD_ALLOW_SEALING);
    if (length == 0 || unlink("saved") != 0 || file < 0 || write(file, bytes, length) != (ssize_t)length ||
        fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
        abort();
    fclose(made);
    snprintf(name, size, "/proc/self/fd/%d", file);
}

static const struct setting *set_up(void)
{
    static struct setting setting;
    char folder[] = "/tmp/pg74-fuzz-XXXXXX";
    if (setting.length > 0)
        return &setting;
    FILE *file = fopen("tests/fuzz/lua_calls.lua", "r");
    if (file == NULL || (setting.length = fread(setting.text, 1, sizeof setting.text, file)) == 0)
        abort();
    fclose(file);
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        abort();
    save_machine(setting.saved, sizeof setting.saved);
    snprintf(setting.scratch, sizeof setting.scratch, "/proc/self/fd/%d", memfd_create("scratch", 0));
    if (rmdir(folder) != 0)
        abort();
    return &setting;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct allowance allowance = {0};
    struct lab_lua_control control = {.limited = true, .fuel = FUEL};
    const struct setting *setting = set_up();
    lua_State *L = lua_newstate(allocate, &allowance);
    pthread_mutex_init(&control.lock, NULL);
    luaL_openlibs(L);
    lab_lua_open(L, &control);
    lua_sethook(L, stop, LUA_MASKCOUNT, MOST_LUA_INSTRUCTIONS);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "pg74");
    if (lua_pcall(L, 1, 0, 0) != LUA_OK || luaL_loadbuffer(L, setting->text, setting->length, "=lua_calls") != LUA_OK)
        abort();
    lua_pushvalue(L, LUA_REGISTRYINDEX);
    lua_pushstring(L, setting->saved);
    lua_pushstring(L, setting->scratch);
    if (lua_pcall(L, 3, 1, 0) != LUA_OK) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        abort();
    }
    lua_pushlstring(L, (const char *)data, size < 4096 ? size : 4096);
    lua_pcall(L, 1, 0, 0);
    lua_close(L);
    pthread_mutex_destroy(&control.lock);
    if (allowance.used != 0)
        abort(); /* something of it is left */
    return 0;
}
