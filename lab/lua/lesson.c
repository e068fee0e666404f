/* lesson.c: pg74.lesson: lessons, as `pg74 lesson` has them. */
#include <stdlib.h>
#include <string.h>

#include "isa/isa.h"
#include "lab/language.h"
#include "lab/lessons.h"
#include "lab/lesson/lesson.h"
#include "lab/lua/internal.h"

struct studying {
    struct lab_lessons lessons;
    const char *name, *output; /* a lesson or a file, or NULL */
};

/* The options at `index`, of which `more` (ends with NULL) are not those of all functions. */
static void read_options(lua_State *L, int index, const char *what, const char *const *more, struct studying *studying)
{
    const char *names[16] = {"lessons", "language"};
    unsigned count = 2;
    for (unsigned i = 0; more != NULL && more[i] != NULL; i++)
        names[count++] = more[i];
    lab_lua_use_no_options(L, index);
    lab_lua_check_options(L, index, what, names);
    studying->lessons.folder = lab_lua_string_field(L, index, "lessons", NULL);
    lab_language(lab_lua_string_field(L, index, "language", NULL), studying->lessons.language);
}

/* ---- The list ---------------------------------------------------------------------------------------------------- */

static json_t *describe(const char *folder, const char *language, unsigned number)
{
    unsigned section, page;
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    struct lab_lesson *lesson = lab_lesson_read(folder, language, ignored);
    isa_diagnostics_free(ignored);
    if (lesson == NULL)
        return json_pack("{s:s, s:s, s:i}", "name", strrchr(folder, '/') + 1, "folder", folder, "number", (int)number);
    const struct lab_lesson_head *head = lab_lesson_head(lesson);
    struct lab_lesson_progress *progress = lab_lesson_progress_look(head->name);
    json_t *object = json_pack("{s:s, s:s, s:i, s:s, s:s, s:i, s:i, s:b, s:b}", "name", head->name, "folder", folder, "number",
                               (int)number, "title", head->title, "terms", head->terms, "minutes", (int)head->minutes, "pages",
                               (int)lab_lesson_page_count(lesson), "begun",
                               lab_lesson_progress_place(progress, &section, &page), "finished",
                               lab_lesson_progress_is_finished(progress));
    lab_lesson_progress_free(progress);
    lab_lesson_free(lesson);
    return object;
}

static int run_list(void *context, json_t *result)
{
    const struct lab_lessons *lessons = &((const struct studying *)context)->lessons;
    json_t *list = json_array();
    lab_language_begin(lessons->language);
    char **folders = lab_lesson_find_all(lessons->folder);
    for (unsigned i = 0; folders[i] != NULL; i++)
        json_array_append_new(list, describe(folders[i], lessons->language, i + 1));
    lab_lesson_free_list(folders);
    json_object_set_new(result, "table", list);
    return lab_lessons_list(lessons);
}

static int lesson_list(lua_State *L)
{
    struct studying studying = {0};
    lua_settop(L, 1);
    read_options(L, 1, "pg74.lesson.list", NULL, &studying);
    return lab_lua_do_command(L, run_list, &studying);
}

/* ---- Going through one ------------------------------------------------------------------------------------------- */

static int run_show(void *context, json_t *result)
{
    const struct studying *studying = context;
    (void)result;
    lab_language_begin(studying->lessons.language);
    return lab_lessons_go_through(&studying->lessons, studying->name);
}

static int lesson_show(lua_State *L)
{
    const char *names[] = {"plain", "ascii", "mouse", "keys", "export", "columns", "lines", NULL};
    struct studying studying = {.name = luaL_optstring(L, 1, NULL)};
    lua_settop(L, 2);
    read_options(L, 2, "pg74.lesson.show", names, &studying);
    studying.lessons.is_plain = lab_lua_boolean_field(L, 2, "plain", false);
    lab_lua_read_screen(L, 2, &studying.lessons.screen);
    if (studying.name != NULL) { /* an error tells more than an exit code */
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        free(lab_lesson_find(studying.lessons.folder, studying.name, diagnostics));
        lab_lua_settle(L, diagnostics);
    }
    lab_lua_do_shown(L, run_show, &studying);
    return 0;
}

/* ---- What was done ----------------------------------------------------------------------------------------------- */

static int run_reset(void *context, json_t *result)
{
    const struct studying *studying = context;
    json_object_set_new(result, "table", json_object());
    return lab_lessons_reset(&studying->lessons, studying->name);
}

static int lesson_reset(lua_State *L)
{
    struct studying studying = {.name = luaL_checkstring(L, 1)};
    lua_settop(L, 2);
    read_options(L, 2, "pg74.lesson.reset", NULL, &studying);
    lab_lua_do_command(L, run_reset, &studying);
    return 0;
}

static int run_export(void *context, json_t *result)
{
    const struct studying *studying = context;
    json_object_set_new(result, "table", json_object());
    return lab_lessons_export(&studying->lessons, studying->name, studying->output);
}

static int lesson_export(lua_State *L)
{
    const char *names[] = {"output", NULL};
    struct studying studying = {.name = luaL_optstring(L, 1, NULL)};
    lua_settop(L, 2);
    read_options(L, 2, "pg74.lesson.export", names, &studying);
    studying.output = lab_lua_string_field(L, 2, "output", NULL);
    lab_lua_do_command(L, run_export, &studying);
    lua_getfield(L, -1, "text");
    return studying.output == NULL ? 1 : 0;
}

static int run_verify(void *context, json_t *result)
{
    const struct studying *studying = context;
    int code = lab_lessons_verify(&studying->lessons, studying->name);
    json_object_set_new(result, "table", json_pack("{s:b}", "passed", code == 0));
    return code == 1 ? 0 : code; /* not all is confirmed */
}

static int lesson_verify(lua_State *L)
{
    struct studying studying = {.name = luaL_checkstring(L, 1)};
    lua_settop(L, 2);
    read_options(L, 2, "pg74.lesson.verify", NULL, &studying);
    return lab_lua_do_command(L, run_verify, &studying);
}

/* ---- For authors ------------------------------------------------------------------------------------------------- */

static int run_check(void *context, json_t *result)
{
    const struct studying *studying = context;
    int code = lab_lessons_check(&studying->lessons, studying->name);
    json_object_set_new(result, "table", json_pack("{s:b}", "passed", code == 0));
    return code == ISA_EXIT_DATA ? 0 : code; /* not all is right: the messages say what */
}

static int lesson_check(lua_State *L)
{
    struct studying studying = {.name = luaL_optstring(L, 1, NULL)};
    lua_settop(L, 2);
    read_options(L, 2, "pg74.lesson.check", NULL, &studying);
    return lab_lua_do_command(L, run_check, &studying);
}

void lab_lua_push_lessons(lua_State *L)
{
    static const luaL_Reg functions[] = {{"list", lesson_list}, {"show", lesson_show}, {"reset", lesson_reset},
                                         {"export", lesson_export}, {"verify", lesson_verify}, {"check", lesson_check},
                                         {NULL, NULL}};
    luaL_newlib(L, functions);
}
