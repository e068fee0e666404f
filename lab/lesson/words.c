/* words.c: what lesson.lua says in another language. LANGUAGE.lua, beside the text LANGUAGE.md, returns a table: the English, and
 * what stands for it. lesson.lua has the function `translated`, which looks there. */
#include "lab/lesson/internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* translated(text): in the reader's language; the text itself where there are no words for it. */
static int translated(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_pushvalue(L, 1);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TSTRING)
        lua_settop(L, 1);
    return 1;
}

void lab_lesson_words_open(struct lab_lesson_script *script, const char *language, struct isa_diagnostics *diagnostics)
{
    lua_State *L = script->L;
    char *path = lab_lesson_format("%s/%s.lua", script->folder, language);
    size_t length;
    char *text = access(path, F_OK) == 0 ? isa_read_file(path, &length, diagnostics) : NULL;
    struct lab_lesson_script words = {.L = L, .folder = script->folder, .file = path, .text = text};
    if (text == NULL || !lab_lesson_script_run(&words, length, diagnostics))
        lua_newtable(L);
    lua_pushvalue(L, -1);
    script->words = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pushcclosure(L, translated, 1);
    lua_setglobal(L, "translated");
    free(text);
    free(path);
}

/* ---- Checking ---------------------------------------------------------------------------------------------------- */

/* The letters of what string.format puts into a text, in their order: "ds" for "%d of %-4s". */
static void find_formats(const char *text, char *formats, size_t size)
{
    size_t count = 0;
    while ((text = strchr(text, '%')) != NULL && count + 1 < size) {
        text += 1 + strspn(text + 1, "-+ #0123456789.");
        formats[count++] = *text;
        text += *text != '\0';
    }
    formats[count] = '\0';
}

static bool same_formats(const char *english, const char *other)
{
    char of_english[32], of_other[32];
    find_formats(english, of_english, sizeof of_english);
    find_formats(other, of_other, sizeof of_other);
    return strcmp(of_english, of_other) == 0;
}

/* Complains, at an English text, of what the other language has for it. */
static void complain(const struct lab_lesson_script *script, const char *at, size_t length, const char *language, const char *what,
                     struct isa_diagnostics *diagnostics)
{
    struct isa_place place = isa_place_in(script->file, script->text, at, length);
    isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, NULL, "%s.lua %s '%.*s'", language, what, (int)length, at);
}

/* What stands in lesson.lua behind `translated`, in quotes. */
static void check_texts(struct lab_lesson_script *script, const char *language, struct isa_diagnostics *diagnostics)
{
    static const char call[] = "translated \"";
    lua_State *L = script->L;
    lua_rawgeti(L, LUA_REGISTRYINDEX, script->words);
    for (const char *at = script->text; (at = strstr(at, call)) != NULL;) {
        at += sizeof call - 1;
        size_t length = strcspn(at, "\"\n");
        lua_pushlstring(L, at, length);
        const char *english = lua_tostring(L, -1);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, -3) != LUA_TSTRING)
            complain(script, at, length, language, "has no words for", diagnostics);
        else if (!same_formats(english, lua_tostring(L, -1)))
            complain(script, at, length, language, "puts other things, or in another order, into", diagnostics);
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
}

/* Words that are for nothing in lesson.lua; the first of them in the alphabet. */
static void check_unused(struct lab_lesson_script *script, const char *language, struct isa_diagnostics *diagnostics)
{
    lua_State *L = script->L;
    char *first = NULL, *path = lab_lesson_format("%s/%s.lua", script->folder, language);
    lua_rawgeti(L, LUA_REGISTRYINDEX, script->words);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "(no text)";
        char *call = lab_lesson_format("translated \"%s\"", key);
        if (strstr(script->text, call) == NULL && (first == NULL || strcmp(key, first) < 0)) {
            free(first);
            first = lab_lesson_must(strdup(key));
        }
        free(call);
    }
    lua_pop(L, 1);
    size_t length;
    struct lab_lesson_script words = {.file = path, .text = first != NULL ? isa_read_file(path, &length, diagnostics) : NULL};
    const char *at = words.text != NULL ? strstr(words.text, first) : NULL;
    if (words.text != NULL)
        complain(&words, at != NULL ? at : words.text, at != NULL ? strlen(first) : 1, language,
                 "has words for what lesson.lua does not say:", diagnostics);
    free(words.text);
    free(first);
    free(path);
}

void lab_lesson_words_check(struct lab_lesson_script *script, const char *language, struct isa_diagnostics *diagnostics)
{
    check_texts(script, language, diagnostics);
    check_unused(script, language, diagnostics);
}
