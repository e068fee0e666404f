/* Fuzzes the Lua module: calls of its functions in an order that the input decides, in each other's callbacks, too.
 * What they are is for tests/fuzz/lua_calls.lua to say. Machines together have little fuel, Lua little memory. */
#include <lauxlib.h>
#include <lualib.h>
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

/* The driver's text, read from the root of the source. From then on we stand in a folder that is gone, in which no
 * file can be made. */
static const char *driver(size_t *length)
{
    static char text[1 << 16];
    static size_t read;
    if (read == 0) {
        char folder[] = "/tmp/pg74-fuzz-XXXXXX";
        FILE *file = fopen("tests/fuzz/lua_calls.lua", "r");
        if (file == NULL || (read = fread(text, 1, sizeof text, file)) == 0)
            abort();
        fclose(file);
        if (mkdtemp(folder) == NULL || chdir(folder) != 0 || rmdir(folder) != 0)
            abort();
    }
    *length = read;
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct allowance allowance = {0};
    struct lab_lua_control control = {.limited = true, .fuel = FUEL};
    size_t length;
    const char *text = driver(&length);
    lua_State *L = lua_newstate(allocate, &allowance);
    pthread_mutex_init(&control.lock, NULL);
    luaL_openlibs(L);
    lab_lua_open(L, &control);
    lua_sethook(L, stop, LUA_MASKCOUNT, MOST_LUA_INSTRUCTIONS);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "pg74");
    if (lua_pcall(L, 1, 0, 0) != LUA_OK || luaL_loadbuffer(L, text, length, "=lua_calls") != LUA_OK)
        abort();
    lua_pushvalue(L, LUA_REGISTRYINDEX);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
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
