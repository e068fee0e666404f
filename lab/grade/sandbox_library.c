/* sandbox_library.c: what a program from outside can call. What is not listed here it has not: no load, no files, no
 * clock, no collector, no debugger, no patterns (whose cost nobody knows beforehand). */
#include <lualib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "lab/grade/sandbox.h"

enum {
    BYTES_A_STEP = 16,        /* that a function of text handles for the price of an instruction */
    PRICE_OF_A_SWITCH = 1000, /* of coroutines: each has a count of steps of its own, which begins anew */
    LONGEST_REPETITION = 1 << 20
};

/* ---- Functions of Lua itself, charged by the text that goes in and comes out ------------------------------------- */

static int64_t bytes_on_stack(lua_State *L, int first)
{
    int64_t bytes = 0;
    for (int i = first; i <= lua_gettop(L); i++)
        if (lua_type(L, i) == LUA_TSTRING)
            bytes += (int64_t)lua_rawlen(L, i);
    return bytes;
}

static int charged(lua_State *L)
{
    int count = lua_gettop(L);
    lab_grade_sandbox_charge(L, 1 + count + bytes_on_stack(L, 1) / BYTES_A_STEP);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, count, LUA_MULTRET);
    lab_grade_sandbox_charge(L, 1 + lua_gettop(L) + bytes_on_stack(L, 1) / BYTES_A_STEP);
    return lua_gettop(L);
}

/* Those that go through a range of a list: table.unpack(t, i, j), table.concat(t, between, i, j), table.move(t, i, j,
 * ...), and insert and remove, which move what stands behind. The upvalue after the function says where i stands; 0: of
 * insert and remove. A length that a metamethod makes up could be another one the second time. */
static int ranged(lua_State *L)
{
    int first = (int)lua_tointeger(L, lua_upvalueindex(2));
    luaL_checktype(L, 1, LUA_TTABLE);
    if (luaL_getmetafield(L, 1, "__len") != LUA_TNIL)
        return luaL_error(L, "this function is not available for a table with __len");
    lua_Integer from = first > 0 ? luaL_optinteger(L, first, 1) : 1;
    lua_Integer to = first > 0 && !lua_isnoneornil(L, first + 1) ? luaL_checkinteger(L, first + 1) : luaL_len(L, 1);
    uint64_t distance = to >= from ? (uint64_t)to - (uint64_t)from : 0;
    if (first == 0 && lua_gettop(L) < 3 && !(lua_gettop(L) == 2 && lua_toboolean(L, lua_upvalueindex(3))))
        distance = 0; /* at the end of the list: nothing is moved */
    lab_grade_sandbox_charge(L, distance < INT64_MAX / 4 ? 2 * (int64_t)distance + 1 : INT64_MAX / 2);
    return charged(L);
}

static int switched(lua_State *L)
{
    lab_grade_sandbox_charge(L, PRICE_OF_A_SWITCH);
    return charged(L);
}

/* A method of one of the machine's objects; the upvalue after it is its price. */
static int priced(lua_State *L)
{
    lab_grade_sandbox_charge(L, lua_tointeger(L, lua_upvalueindex(2)));
    return charged(L);
}

void lab_grade_sandbox_price_methods(lua_State *L, const char *class, lua_Integer price)
{
    luaL_getmetatable(L, class);
    lua_getfield(L, -1, "methods");
    for (lua_pushnil(L); lua_next(L, -2) != 0;) {
        lua_pushinteger(L, price);
        lua_pushcclosure(L, priced, 2);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_settable(L, -4);
    }
    lua_pop(L, 2);
}

/* What coroutine.wrap gives is a switch each time it is called. */
static int sandbox_wrap(lua_State *L)
{
    switched(L);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, switched, 2);
    return 1;
}

/* ---- Functions of our own ---------------------------------------------------------------------------------------- */

/* As Lua's own, without addresses. */
static const char *to_text(lua_State *L, int index, size_t *length)
{
    index = lua_absindex(L, index);
    int type = lua_type(L, index);
    if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pop(L, 1);
        return luaL_tolstring(L, index, length);
    }
    if (type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TBOOLEAN || type == LUA_TNIL)
        return luaL_tolstring(L, index, length);
    lua_pushstring(L, luaL_typename(L, index));
    return lua_tolstring(L, -1, length);
}

static int sandbox_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    to_text(L, 1, NULL);
    return 1;
}

static int sandbox_print(lua_State *L)
{
    struct lab_grade_sandbox *sandbox = lab_grade_sandbox_of(L);
    int count = lua_gettop(L);
    for (int i = 1; i <= count; i++) {
        size_t length, room = sizeof sandbox->printed - sandbox->printed_length;
        const char *text = to_text(L, i, &length);
        lab_grade_sandbox_charge(L, 4 + (int64_t)length / BYTES_A_STEP);
        length = length < room ? length : room;
        memcpy(sandbox->printed + sandbox->printed_length, text, length);
        sandbox->printed_length += length;
        if (sandbox->printed_length < sizeof sandbox->printed)
            sandbox->printed[sandbox->printed_length++] = i < count ? '\t' : '\n';
        lua_settop(L, count);
    }
    return 0;
}

/* Formats without %p, which shows an address; a table for %s is only "table". Upvalue: Lua's own. */
static int sandbox_format(lua_State *L)
{
    const char *format = luaL_checkstring(L, 1);
    int argument = 1;
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%')
            continue;
        at += 1 + strspn(at + 1, "-+ #0123456789.");
        if (*at == '\0')
            break;
        if (*at == 'p')
            return luaL_error(L, "string.format: %%p is not available");
        if (*at != '%' && ++argument <= lua_gettop(L) && *at == 's') {
            to_text(L, argument, NULL);
            lua_replace(L, argument);
        }
    }
    return charged(L);
}

static int sandbox_rep(lua_State *L)
{
    size_t length, between;
    luaL_checklstring(L, 1, &length);
    lua_Integer times = luaL_checkinteger(L, 2);
    luaL_optlstring(L, 3, "", &between);
    if (length + between == 0) { /* Lua's own would go round so many times all the same */
        lua_pushliteral(L, "");
        return 1;
    }
    if (times > 0 && times > (lua_Integer)(LONGEST_REPETITION / (length + between)))
        return luaL_error(L, "string.rep: the result would be longer than %d bytes", (int)LONGEST_REPETITION);
    return charged(L);
}

/* string.find(text, what, from, plain): only plain search. */
static int sandbox_find(lua_State *L)
{
    size_t length, wanted;
    const char *text = luaL_checklstring(L, 1, &length), *what = luaL_checklstring(L, 2, &wanted);
    lua_Integer from = luaL_optinteger(L, 3, 1);
    if (!lua_toboolean(L, 4) && strpbrk(what, "^$*+?.([%-") != NULL)
        return luaL_error(L, "string.find: patterns are not available; string.find(text, what, 1, true) searches for "
                             "the text itself");
    lab_grade_sandbox_charge(L, 4 + (int64_t)(length + wanted) / BYTES_A_STEP);
    if (from < 0)
        from = (lua_Integer)length + from + 1 > 0 ? (lua_Integer)length + from + 1 : 1;
    if (from == 0)
        from = 1;
    if (from > (lua_Integer)length + 1) {
        lua_pushnil(L);
        return 1;
    }
    const char *found = memmem(text + from - 1, length - (size_t)(from - 1), what, wanted);
    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - text + 1);
    lua_pushinteger(L, found - text + (lua_Integer)wanted);
    return 2;
}

/* Finalizers run, and weak tables lose what they hold, when the collector comes: nobody knows when. */
static int sandbox_setmetatable(lua_State *L)
{
    static const char *const refused[] = {"__gc", "__mode", NULL};
    luaL_checktype(L, 1, LUA_TTABLE);
    for (unsigned i = 0; refused[i] != NULL && lua_istable(L, 2); i++) {
        lua_pushstring(L, refused[i]);
        if (lua_rawget(L, 2) != LUA_TNIL)
            return luaL_error(L, "setmetatable: %s is not available", refused[i]);
        lua_pop(L, 1);
    }
    return charged(L);
}

static int sandbox_getmetatable(lua_State *L)
{
    luaL_checkany(L, 1);
    if (!lua_istable(L, 1)) {
        lua_pushnil(L);
        return 1;
    }
    return charged(L);
}

/* ---- The list ---------------------------------------------------------------------------------------------------- */

struct entry {
    const char *name;
    lua_CFunction function; /* NULL: Lua's own, charged */
    int first;              /* of `ranged` */
};

static const struct entry base[] = {
    {"assert", NULL, 0}, {"error", NULL, 0}, {"ipairs", NULL, 0}, {"pcall", NULL, 0}, {"xpcall", NULL, 0},
    {"select", NULL, 0}, {"tonumber", NULL, 0}, {"type", NULL, 0}, {"rawequal", NULL, 0}, {"rawget", NULL, 0},
    {"rawlen", NULL, 0}, {"rawset", NULL, 0}, {"getmetatable", sandbox_getmetatable, 0},
    {"setmetatable", sandbox_setmetatable, 0}, {"tostring", sandbox_tostring, 0}, {"print", sandbox_print, 0},
    {"pairs", lab_grade_sandbox_pairs, 0}, {NULL, NULL, 0}};
static const struct entry strings[] = {
    {"byte", NULL, 0}, {"char", NULL, 0}, {"len", NULL, 0}, {"lower", NULL, 0}, {"upper", NULL, 0},
    {"reverse", NULL, 0}, {"sub", NULL, 0}, {"pack", NULL, 0}, {"unpack", NULL, 0}, {"packsize", NULL, 0},
    {"rep", sandbox_rep, 0}, {"find", sandbox_find, 0}, {"format", sandbox_format, 0}, {NULL, NULL, 0}};
static const struct entry tables[] = {
    {"concat", ranged, 3}, {"unpack", ranged, 2}, {"move", ranged, 2}, {"insert", ranged, 0}, {"remove", ranged, 0},
    {"pack", NULL, 0}, {NULL, NULL, 0}};
static const struct entry coroutines[] = {
    {"create", switched, 0}, {"wrap", sandbox_wrap, 0}, {"resume", switched, 0}, {"yield", NULL, 0},
    {"status", NULL, 0},
    {"running", NULL, 0}, {"isyieldable", NULL, 0}, {"close", switched, 0}, {NULL, NULL, 0}};
static const struct entry numbers[] = {
    {"abs", NULL, 0}, {"ceil", NULL, 0}, {"floor", NULL, 0}, {"fmod", NULL, 0}, {"max", NULL, 0}, {"min", NULL, 0},
    {"modf", NULL, 0}, {"sqrt", NULL, 0}, {"tointeger", NULL, 0}, {"type", NULL, 0}, {"ult", NULL, 0},
    {NULL, NULL, 0}};

/* Lua's functions that must be what they are: a call around one of them could not be yielded across, or would hide the
 * level that an error is about. */
static bool stays(const char *name)
{
    static const char *const names[] = {"pcall", "xpcall", "error", "yield", "ipairs", NULL};
    for (unsigned i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Fills the table on top of the stack from Lua's own, which stands at `original`. */
static void fill(lua_State *L, int original, const struct entry *entries)
{
    for (; entries->name != NULL; entries++) {
        lua_getfield(L, original, entries->name);
        if (!stays(entries->name)) {
            lua_pushinteger(L, entries->first);
            lua_pushboolean(L, strcmp(entries->name, "remove") == 0);
            lua_pushcclosure(L, entries->function != NULL ? entries->function : charged, 3);
        }
        lua_setfield(L, -2, entries->name);
    }
}

static void fill_field(lua_State *L, const char *name, lua_CFunction open, const struct entry *entries)
{
    luaL_requiref(L, name, open, 0);
    lua_newtable(L);
    fill(L, lua_gettop(L) - 1, entries);
    lua_remove(L, -2);
    lua_setfield(L, -2, name);
}

void lab_grade_sandbox_push_library(lua_State *L)
{
    luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
    lua_newtable(L);
    fill(L, lua_gettop(L) - 1, base);
    lua_remove(L, -2);
    fill_field(L, LUA_STRLIBNAME, luaopen_string, strings);
    fill_field(L, LUA_TABLIBNAME, luaopen_table, tables);
    fill_field(L, LUA_COLIBNAME, luaopen_coroutine, coroutines);
    fill_field(L, LUA_MATHLIBNAME, luaopen_math, numbers);
    lua_getfield(L, -1, LUA_MATHLIBNAME);
    lua_pushinteger(L, LUA_MAXINTEGER);
    lua_setfield(L, -2, "maxinteger");
    lua_pushinteger(L, LUA_MININTEGER);
    lua_setfield(L, -2, "mininteger");
    lua_pushnumber(L, HUGE_VAL);
    lua_setfield(L, -2, "huge");
    lua_pop(L, 1);
    /* What ("x"):f finds, and what require and the global table would lead to. */
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_getfield(L, -3, LUA_STRLIBNAME);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 2);
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
}
