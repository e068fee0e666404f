/* shell_print.c: values, printed so that they can be read: tables with their fields in order, as deep as it helps. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/shell.h"

enum { DEEPEST = 4, MOST_ENTRIES = 60, WIDTH = 78 };

static void print_value(lua_State *L, int index, unsigned depth, unsigned indent, FILE *stream);

static void print_string(const char *text, size_t length, FILE *stream)
{
    fputc('"', stream);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            fprintf(stream, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", stream);
        else if (c < ' ' || c == 0x7f)
            fprintf(stream, "\\x%02x", c);
        else
            fputc(c, stream);
    }
    fputc('"', stream);
}

static bool is_name(const char *text)
{
    if (!isalpha((unsigned char)*text) && *text != '_')
        return false;
    while (isalnum((unsigned char)*text) || *text == '_')
        text++;
    return *text == '\0';
}

static void print_key(lua_State *L, int index, FILE *stream)
{
    if (lua_type(L, index) == LUA_TSTRING && is_name(lua_tostring(L, index))) {
        fputs(lua_tostring(L, index), stream);
        return;
    }
    fputc('[', stream);
    print_value(L, index, DEEPEST, 0, stream);
    fputc(']', stream);
}

/* Puts the keys that are not of the list part, sorted by their text, into a table on top of the stack. */
static int sort_keys(lua_State *L, int table)
{
    lua_Integer length = (lua_Integer)lua_rawlen(L, table), count = 0;
    lua_newtable(L);
    int keys = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        lua_pop(L, 1);
        if (lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 1 && lua_tointeger(L, -1) <= length)
            continue;
        lua_pushvalue(L, -1);
        luaL_tolstring(L, -1, NULL);
        lua_Integer at = ++count;
        for (; at > 1; at--) { /* insertion: tables that people look at are small */
            lua_rawgeti(L, keys, at - 1);
            luaL_tolstring(L, -1, NULL);
            bool behind = strcmp(lua_tostring(L, -3), lua_tostring(L, -1)) < 0;
            lua_pop(L, 1);
            if (!behind) {
                lua_pop(L, 1);
                break;
            }
            lua_rawseti(L, keys, at);
        }
        lua_pop(L, 1);
        lua_rawseti(L, keys, at);
    }
    return keys;
}

static void print_entries(lua_State *L, int table, unsigned depth, unsigned indent, const char *between, FILE *stream)
{
    int keys = sort_keys(L, table);
    lua_Integer listed = (lua_Integer)lua_rawlen(L, table), named = (lua_Integer)lua_rawlen(L, keys);
    for (lua_Integer i = 1; i <= listed + named; i++) {
        if (i > 1)
            fputs(between, stream);
        if (i > MOST_ENTRIES) {
            fprintf(stream, "... %lld more", (long long)(listed + named - MOST_ENTRIES));
            break;
        }
        if (i <= listed) {
            lua_rawgeti(L, table, i);
        } else {
            lua_rawgeti(L, keys, i - listed);
            print_key(L, lua_gettop(L), stream);
            fputs(" = ", stream);
            lua_rawget(L, table);
        }
        print_value(L, lua_gettop(L), depth + 1, indent + 2, stream);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* On one line if it fits; else an entry a line. */
static void print_table(lua_State *L, int table, unsigned depth, unsigned indent, FILE *stream)
{
    char *line = NULL, between[WIDTH + 4];
    size_t length = 0;
    FILE *trial = open_memstream(&line, &length);
    if (trial == NULL)
        abort();
    print_entries(L, table, depth, indent, ", ", trial);
    fclose(trial);
    if (length + indent < WIDTH && memchr(line, '\n', length) == NULL) {
        fprintf(stream, length > 0 ? "{ %s }" : "{%s}", line);
    } else {
        snprintf(between, sizeof between, ",\n%*s", (int)(indent + 2 < WIDTH ? indent + 2 : WIDTH), "");
        fprintf(stream, "{\n%s", between + 2);
        print_entries(L, table, depth, indent, between, stream);
        fprintf(stream, "\n%*s}", (int)indent, "");
    }
    free(line);
}

static void print_value(lua_State *L, int index, unsigned depth, unsigned indent, FILE *stream)
{
    size_t length;
    luaL_checkstack(L, 16, "too deep to print");
    bool own = luaL_getmetafield(L, index, "__tostring") != LUA_TNIL;
    if (own)
        lua_pop(L, 1);
    if (lua_type(L, index) == LUA_TTABLE && (!own || depth > 0)) {
        if (depth >= DEEPEST)
            fputs("{...}", stream);
        else
            print_table(L, index, depth, indent, stream);
    } else if (lua_type(L, index) == LUA_TSTRING && depth > 0) {
        const char *text = lua_tolstring(L, index, &length);
        print_string(text, length, stream);
    } else if (lua_isinteger(L, index) && (lua_tointeger(L, index) >= 4096 || lua_tointeger(L, index) < -4096)) {
        long long number = lua_tointeger(L, index);
        if (depth > 0 || number < 0)
            fprintf(stream, "%lld", number);
        else
            fprintf(stream, "%lld  0x%llx", number, (unsigned long long)number);
    } else {
        const char *text = luaL_tolstring(L, index, &length);
        fwrite(text, 1, length, stream);
        lua_pop(L, 1);
    }
}

void lab_shell_print(lua_State *L, int index, FILE *stream)
{
    print_value(L, lua_absindex(L, index), 0, 0, stream);
    fputc('\n', stream);
}
