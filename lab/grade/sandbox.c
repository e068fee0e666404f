/* sandbox.c: the life of a Lua for programs that come from outside. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "lab/grade/sandbox.h"

enum {
    STEPS = 1000,       /* instructions of Lua between two looks at the fuel */
    BYTES_A_STEP = 32   /* that are allocated for the price of one */
};

struct lab_grade_sandbox *lab_grade_sandbox_of(lua_State *L)
{
    void *context;
    lua_getallocf(L, &context);
    return context;
}

/* Which line is being executed, by the innermost function that has lines. */
static void find_line(lua_State *L, char *where, size_t size)
{
    lua_Debug record;
    snprintf(where, size, "a function of the library");
    for (int level = 0; lua_getstack(L, level, &record); level++)
        if (lua_getinfo(L, "Sl", &record) != 0 && record.currentline > 0) {
            snprintf(where, size, "%s:%d", record.short_src, record.currentline);
            return;
        }
}

void lab_grade_sandbox_charge(lua_State *L, int64_t cost)
{
    struct lab_grade_sandbox *sandbox = lab_grade_sandbox_of(L);
    char where[LUA_IDSIZE + 16];
    sandbox->fuel -= cost < sandbox->fuel ? cost : sandbox->fuel;
    if (sandbox->fuel > 0)
        return;
    find_line(L, where, sizeof where);
    sandbox->exhausted(sandbox->context, where);
    abort();
}

static void count(lua_State *L, lua_Debug *record)
{
    (void)record;
    lab_grade_sandbox_charge(L, STEPS);
}

/* Fuel that allocation uses up is looked at with the next steps: there is no line to be told here. */
static void *allocate(void *context, void *block, size_t old_size, size_t new_size)
{
    struct lab_grade_sandbox *sandbox = context;
    size_t before = block != NULL ? old_size : 0;
    if (new_size == 0) {
        sandbox->memory -= before;
        free(block);
        return NULL;
    }
    if (new_size > before) {
        size_t more = new_size - before;
        if (more > sandbox->most_memory - sandbox->memory)
            return NULL;
        int64_t cost = (int64_t)(more / BYTES_A_STEP);
        sandbox->fuel -= cost < sandbox->fuel ? cost : sandbox->fuel - 1;
    }
    void *moved = realloc(block, new_size);
    if (moved != NULL)
        sandbox->memory += new_size - before;
    return moved;
}

lua_State *lab_grade_sandbox_open(struct lab_grade_sandbox *sandbox)
{
    sandbox->memory = 0;
    sandbox->L = lua_newstate(allocate, sandbox);
    if (sandbox->L == NULL)
        return NULL;
    lua_sethook(sandbox->L, count, LUA_MASKCOUNT, STEPS);
    return sandbox->L;
}

void lab_grade_sandbox_close(struct lab_grade_sandbox *sandbox)
{
    lua_close(sandbox->L);
    sandbox->L = NULL;
}
