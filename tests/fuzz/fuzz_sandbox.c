/* Fuzzes the Lua in which a student's monitor runs: as text, or, after a first byte that is odd, as a program that the rest
 * of the input decides, made of what is dangerous: loops, handlers, metamethods, coroutines, functions of the library with
 * numbers at their limits. It must not crash, must not use more memory than it may, and fuel ends it, whatever it does. */
#include <lualib.h>
#include <setjmp.h>

#include "lab/grade/sandbox.h"
#include "lab/lua/internal.h"
#include "tests/fuzz/fuzz.h"

enum { FUEL = 60000, MOST_MEMORY = 4 << 20, DEEPEST = 4, LONGEST_PROGRAM = 20000, MOST_BLOCKS = 1 << 20 };

/* ---- A program from bytes ---------------------------------------------------------------------------------------- */

struct bytes { const uint8_t *next, *end; FILE *text; };

static unsigned draw(struct bytes *bytes, unsigned limit)
{
    return bytes->next < bytes->end ? *bytes->next++ % limit : 0;
}

#define ANY(bytes, list) list[draw(bytes, sizeof list / sizeof *list)]

static void print_expression(struct bytes *bytes, unsigned depth);
static void print_block(struct bytes *bytes, unsigned depth);

static const char *const variables[] = {"a", "b", "c", "host", "cpu", "m", "t", "_ENV"};
static const char *const values[] = {
    "nil", "true", "0", "1", "-1", "3", "255", "1000", "1 << 20", "math.maxinteger", "math.mininteger", "1e308", "0/0", "math.huge",
    "0.5", "''", "'x'", "'%s'", "'%99999s'", "'%99.99f'", "'%q'", "'%d'", "'%a'", "'i16'", "'z'", "'s8'", "'!16'", "'\\xff\\0'", "{}",
    "{1, 2, 3, n = 3}", "'__index'", "string", "table", "coroutine", "math", "require 'pg74'", "select", "pcall", "error", "print", "..."};
static const char *const functions[] = {
    "assert", "error", "ipairs", "pairs", "pcall", "xpcall", "select", "tonumber", "tostring", "type", "rawequal", "rawget", "rawlen",
    "rawset", "getmetatable", "setmetatable", "print", "require", "string.byte", "string.char", "string.len", "string.lower",
    "string.reverse", "string.sub", "string.pack", "string.unpack", "string.packsize", "string.rep", "string.find",
    "string.format", "table.concat", "table.unpack", "table.move", "table.insert", "table.remove", "table.pack", "coroutine.create",
    "coroutine.wrap", "coroutine.resume", "coroutine.yield", "coroutine.status", "coroutine.running", "coroutine.close",
    "coroutine.isyieldable", "math.floor", "math.fmod", "math.tointeger", "math.ult", "math.max", "a", "b", "c", "t.x", "t:f", "cpu:run",
    "host:cpu", "cpu:word", "cpu:reflect", "cpu:emulate", "cpu:halt", "cpu:read", "cpu:write", "host:run", "host:next", "host:wait"};
static const char *const operators[] = {"+", "-", "*", "/", "//", "%", "^", "..", "&", "|", "~", "<<", ">>", "==", "~=", "<", "<=",
                                        "and", "or"};
static const char *const events[] = {"__index", "__newindex", "__call", "__add", "__concat", "__len", "__eq", "__lt", "__le", "__close",
                                     "__tostring", "__name", "__pairs", "__metatable", "__unm", "__gc", "__mode"};

static void print_call(struct bytes *bytes, unsigned depth)
{
    fprintf(bytes->text, "%s(", ANY(bytes, functions));
    for (unsigned i = draw(bytes, 5); i > 0; i--) {
        print_expression(bytes, depth + 1);
        fputs(i > 1 ? ", " : "", bytes->text);
    }
    fputs(")", bytes->text);
}

static void print_function(struct bytes *bytes, unsigned depth)
{
    fputs("function(...)\nlocal a, b, c = ...\n", bytes->text);
    print_block(bytes, depth + 1);
    fputs("end", bytes->text);
}

static void print_table(struct bytes *bytes, unsigned depth)
{
    fputs("setmetatable({}, {", bytes->text);
    for (unsigned i = draw(bytes, 4); i > 0; i--) {
        fprintf(bytes->text, "%s = ", ANY(bytes, events));
        print_function(bytes, depth);
        fputs(", ", bytes->text);
    }
    fputs("})", bytes->text);
}

static void print_expression(struct bytes *bytes, unsigned depth)
{
    unsigned kind = depth >= DEEPEST || ftell(bytes->text) > LONGEST_PROGRAM ? draw(bytes, 2) : draw(bytes, 9);
    switch (kind) {
    case 0: fputs(ANY(bytes, values), bytes->text); break;
    case 1: fputs(ANY(bytes, variables), bytes->text); break;
    case 2: case 3: print_call(bytes, depth); break;
    case 4: print_function(bytes, depth); break;
    case 5: print_table(bytes, depth); break;
    default:
        fputs("(", bytes->text);
        print_expression(bytes, depth + 1);
        fprintf(bytes->text, " %s ", ANY(bytes, operators));
        print_expression(bytes, depth + 1);
        fputs(")", bytes->text);
    }
}

static void print_statement(struct bytes *bytes, unsigned depth)
{
    static const char *const loops[] = {"while true do\n", "for i = 1, math.maxinteger do\n", "for i = 3, 1, -1 do\n", "repeat\n",
                                        "for a, b in pairs(t) do\n", "if a then\n", "do goto over\n", "do local d <close> = a\n"};
    unsigned kind = depth >= DEEPEST ? draw(bytes, 3) : draw(bytes, 8), loop;
    switch (kind) {
    case 0: fputs("pcall(function(...) ", bytes->text); print_call(bytes, depth); fputs(" end)\n", bytes->text); return;
    case 1: fprintf(bytes->text, "%s = ", ANY(bytes, variables)); print_expression(bytes, depth); break;
    case 2: print_call(bytes, depth); break;
    case 3: fputs("t.x = ", bytes->text); print_function(bytes, depth); break;
    case 4: fputs("t[a or 1] = ", bytes->text); print_table(bytes, depth); break;
    default:
        loop = draw(bytes, sizeof loops / sizeof *loops);
        fputs(loops[loop], bytes->text);
        print_block(bytes, depth + 1);
        fputs(loop == 3 ? "until a" : loop == 6 ? "::over:: end" : "end", bytes->text);
    }
    fputs("\n", bytes->text);
}

static void print_block(struct bytes *bytes, unsigned depth)
{
    for (unsigned i = 1 + draw(bytes, 3); i > 0 && ftell(bytes->text) < LONGEST_PROGRAM; i--)
        print_statement(bytes, depth);
}

static char *make_program(const uint8_t *data, size_t size, size_t *length)
{
    char *text = NULL;
    struct bytes bytes = {data, data + size, open_memstream(&text, length)};
    fputs("local a, b, c, t, cpu, m = 1, 'x', {}, {}\n", bytes.text);
    print_block(&bytes, 0);
    fputs("return function(host, ...)\nlocal cpu, m = host:cpu(1), ...\n", bytes.text);
    print_block(&bytes, 0);
    fputs("return 'halted' end\n", bytes.text);
    fclose(bytes.text);
    return text;
}

/* ---- What a run leaves when it is left ---------------------------------------------------------------------------- */

/* Where fuel ends the process ends, and so nobody frees anything. Here it goes on: the sanitizer tells us what there is. */
__attribute__((weak)) int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void *, size_t),
                                                                    void (*)(const volatile void *));
/* A table of blocks by their addresses; what is of another run is as if it was not there. */
static struct { uintptr_t block; unsigned run; } blocks[MOST_BLOCKS];
static unsigned this_run;
static size_t used[MOST_BLOCKS], used_count; /* places of the table in this run */
static bool noting;

/* Where a block is, or, if it is nowhere, a place for it. */
static size_t place_of(uintptr_t block)
{
    size_t place = block * 0x9e3779b97f4a7c15u >> 44; /* as many bits as MOST_BLOCKS has */
    while (blocks[place].run == this_run && blocks[place].block != block)
        place = (place + 1) % MOST_BLOCKS;
    return place;
}

static void note(const volatile void *block, size_t size)
{
    (void)size;
    size_t place = noting ? place_of((uintptr_t)block) : 0;
    if (noting && blocks[place].run != this_run)
        used[used_count++] = place;
    if (noting) {
        blocks[place].block = (uintptr_t)block;
        blocks[place].run = this_run;
    }
}

/* It stays in the table, as a stone on which others lie. */
static void forget(const volatile void *block)
{
    size_t place = noting && block != NULL ? place_of((uintptr_t)block) : 0;
    if (noting && block != NULL && blocks[place].run == this_run)
        blocks[place].block = 1;
}

static void free_left(void)
{
    noting = false;
    for (size_t i = 0; i < used_count; i++)
        if (blocks[used[i]].block != 1)
            free((void *)blocks[used[i]].block);
}

/* ---- A run ------------------------------------------------------------------------------------------------------- */

static const char guest_text[] = "_start: ecall\n getbase a0\n halt a0\n";

struct run {
    struct lab_grade_sandbox sandbox;
    const char *text;
    size_t length;
    struct isa *isa;
    jmp_buf exhausted;
};

static void exhausted(void *context, const char *where)
{
    (void)where;
    longjmp(((struct run *)context)->exhausted, 1);
}

static int furnish(lua_State *L)
{
    lab_grade_sandbox_furnish(L, "pg74", NULL, NULL);
    return 1;
}

static int load(lua_State *L)
{
    const struct run *run = lua_touserdata(L, 1);
    lab_grade_sandbox_load(L, "monitor.lua", run->text, run->length);
    return 1;
}

/* Runs the monitor with a guest, as a checker does, which gives it little fuel. */
static void supervise(struct run *run)
{
    enum { MACHINE_FUEL = 1000 };
    lua_State *L = run->sandbox.L;
    char error[512];
    int monitor = lua_gettop(L);
    lua_newtable(L);
    int kept = lua_gettop(L);
    lua_pushvalue(L, 1);
    lua_setfield(L, kept, "isa");
    const struct machine_image *guest = lab_lua_push_assembled(L, run->isa, "guest.s", guest_text);
    struct machine_options options = {.monitor = lab_lua_push_host_image(L, run->isa), .guests = &guest, .guest_count = 1,
                                      .partition_size = 1 << 16};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine *machine = machine_new(run->isa, &options, diagnostics);
    if (machine == NULL)
        abort();
    lab_lua_run_hosted(L, monitor, kept, machine, MACHINE_FUEL, error, sizeof error);
    machine_free(machine);
    isa_diagnostics_free(diagnostics);
}

static void go(struct run *run)
{
    lua_State *L = lab_grade_sandbox_open(&run->sandbox);
    lua_pushcfunction(L, furnish);
    if (lua_pcall(L, 0, 1, 0) != LUA_OK)
        abort();
    run->isa = lab_lua_check_isa(L, 1);
    run->sandbox.fuel = FUEL;
    lua_pushcfunction(L, load);
    lua_pushlightuserdata(L, run);
    if (lua_pcall(L, 1, 1, 0) == LUA_OK)
        supervise(run);
    if (run->sandbox.memory > run->sandbox.most_memory)
        abort();
    lab_grade_sandbox_close(&run->sandbox);
}

static void run_program(struct run *run)
{
    static bool prepared;
    if (!prepared && __sanitizer_install_malloc_and_free_hooks != NULL)
        __sanitizer_install_malloc_and_free_hooks(note, forget);
    this_run++;
    used_count = 0;
    noting = prepared; /* what libraries make once for all stays */
    prepared = true;
    if (setjmp(run->exhausted) == 0)
        go(run);
    else
        free_left();
    noting = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run *run = calloc(1, sizeof *run);
    char *made = NULL;
    if (run == NULL)
        abort();
    run->sandbox.fuel = INT64_MAX;
    run->sandbox.most_memory = MOST_MEMORY;
    run->sandbox.exhausted = exhausted;
    run->sandbox.context = run;
    run->text = (const char *)data;
    run->length = size;
    if (size > 0 && data[0] % 2 != 0)
        run->text = made = make_program(data + 1, size - 1, &run->length);
    run_program(run);
    free(made);
    free(run);
    return 0;
}
