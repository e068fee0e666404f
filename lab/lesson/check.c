/* check.c: is a lesson all right? Everything that its reader will meet is tried. */
#include "lab/lesson/internal.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/lab.h"

struct checking {
    struct lab_lesson *lesson;
    struct isa_diagnostics *diagnostics;
};

static void complain(struct checking *checking, unsigned line, const char *word, const char *advice, const char *format,
                     const char *what)
{
    struct isa_place place = lab_lesson_place(checking->lesson, line, word);
    char *message = lab_lesson_format(format, what);
    isa_diagnostics_error(checking->diagnostics, &place, ISA_EXIT_DATA, advice, "%s", message);
    free(message);
}

static bool exists(const char *folder, const char *name)
{
    char *path = lab_lesson_format("%s/%s", folder, name);
    bool is_there = access(path, F_OK) == 0;
    free(path);
    return is_there;
}

/* ---- The head ---------------------------------------------------------------------------------------------------- */

/* Calls `each` for what stands between commas. */
static unsigned each_of(struct checking *checking, const char *list, void (*each)(struct checking *checking, const char *word))
{
    unsigned count = 0;
    while (*(list += strspn(list, ", ")) != '\0') {
        size_t length = strcspn(list, ",");
        char *word = lab_lesson_must(strndup(list, length));
        while (length > 0 && word[length - 1] == ' ')
            word[--length] = '\0';
        each(checking, word);
        free(word);
        list += strcspn(list, ",");
        count++;
    }
    return count;
}

/* docs/terminology.md stands in a folder above those of the lessons in the source, and may be missing elsewhere. */
static char *find_terminology(const char *folder)
{
    char *path = lab_lesson_format("%s/../../docs/terminology.md", folder);
    for (unsigned i = 0; i < 3 && access(path, R_OK) != 0; i++) {
        char *higher = lab_lesson_format("%s/../../%.*sdocs/terminology.md", folder, (int)(3 * (i + 1)), "../../../");
        free(path);
        path = higher;
    }
    return path;
}

static void check_term(struct checking *checking, const char *term)
{
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    char *path = find_terminology(checking->lesson->folder);
    char *text = access(path, R_OK) == 0 ? isa_read_file(path, &(size_t){0}, ignored) : NULL;
    char *bold = lab_lesson_format("**%s**", term);
    if (text != NULL && strcasestr(text, bold) == NULL)
        complain(checking, 1, NULL, "terms are the bold words of its tables", "docs/terminology.md has no term '%s'", term);
    free(bold);
    free(text);
    free(path);
    isa_diagnostics_free(ignored);
}

static void check_nothing(struct checking *checking, const char *term)
{
    (void)checking;
    (void)term;
}

static void check_after(struct checking *checking, const char *name)
{
    char *path = lab_lesson_format("../%s/en.md", name);
    if (!exists(checking->lesson->folder, path))
        complain(checking, 1, NULL, NULL, "this lesson builds on '%s', which is not there", name);
    free(path);
}

static void check_head(struct checking *checking)
{
    enum { MOST_TERMS = 3 };
    const struct lab_lesson *lesson = checking->lesson;
    bool is_english = strcmp(lesson->language, "en") == 0;
    if (each_of(checking, lesson->head.terms, is_english ? check_term : check_nothing) >
        MOST_TERMS)
        complain(checking, 1, NULL, "a reader can learn three words at a time", "%s", "these are too many terms");
    each_of(checking, lesson->head.after, check_after);
    if (!is_english)
        return;
    for (unsigned i = 0; i < 2; i++) {
        const char *wanted = i == 0 ? "Summary" : "Sources";
        unsigned number = lesson->section_count + i;
        if (number < 2 || strcmp(lesson->sections[number - 2].title, wanted) != 0)
            complain(checking, number < 2 ? 1 : lesson->sections[number - 2].line, NULL, "the last two are Summary and Sources",
                     "the section '%s' is wanted here", wanted);
    }
}

static void check_links(struct checking *checking)
{
    struct lab_lesson *lesson = checking->lesson;
    for (unsigned i = 0; i < lesson->link_count; i++) {
        const struct lab_lesson_link *link = &lesson->links[i];
        bool is_lesson = strncmp(link->target, "lesson:", 7) == 0;
        char *path = is_lesson ? lab_lesson_format("../%s/en.md", link->target + 7)
                               : lab_lesson_must(strndup(link->target, strcspn(link->target, "#")));
        if (strncmp(link->target, "http", 4) != 0 && !exists(lesson->folder, path))
            complain(checking, link->line, link->target, NULL, "this link leads nowhere: %s", link->target);
        free(path);
    }
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static const char *group_of(enum lab_lesson_kind kind)
{
    switch (kind) {
    case LAB_LESSON_MACHINE: return "machines";
    case LAB_LESSON_SHOW: return "shows";
    case LAB_LESSON_FIGURE: return "figures";
    case LAB_LESSON_DO: return "checks";
    case LAB_LESSON_TASK: return "tasks";
    default: return NULL;
    }
}

static bool defines(struct lab_lesson_script *script, const char *group, const char *name)
{
    if (!lab_lesson_script_push(script, group, name))
        return false;
    lua_pop(script->L, 1);
    return true;
}

static void check_name(struct checking *checking, const struct lab_lesson_item *item)
{
    struct lab_lesson_script *script = checking->lesson->script;
    const char *group = group_of(item->kind);
    if (group == NULL || *item->name == '\0')
        return;
    if (!defines(script, group, item->name)) {
        char *message = lab_lesson_format("lesson.lua has no %s.%s", group, item->name);
        complain(checking, item->line, item->name, NULL, "%s", message);
        free(message);
    } else if (item->kind == LAB_LESSON_DO && !defines(script, "moves", item->name)) {
        complain(checking, item->line, item->name, "moves.NAME = function(machine) ... end does what the reader is asked to do",
                 "lesson.lua has no moves.%s", item->name);
    }
}

/* Two things for the reader to do that have the same name would share their answers. */
static void check_twice(struct checking *checking, unsigned number)
{
    const struct lab_lesson *lesson = checking->lesson;
    const struct lab_lesson_item *item = &lesson->items[number];
    for (unsigned i = 0; lab_lesson_is_asked(item->kind) && i < number; i++)
        if (lab_lesson_is_asked(lesson->items[i].kind) && strcmp(lesson->items[i].name, item->name) == 0) {
            complain(checking, item->line, item->name, NULL, "another question or task is called '%s' already", item->name);
            return;
        }
}

/* Is {name} in a text? */
static bool has_value(const char *text, const char *name)
{
    char *braced = lab_lesson_format("{%s}", name);
    bool is_found = text != NULL && strstr(text, braced) != NULL;
    free(braced);
    return is_found;
}

static bool is_used(const struct lab_lesson *lesson, const char *group, const char *name)
{
    if (strcmp(group, "machines") == 0 || strcmp(group, "moves") == 0) /* which lesson.lua may use itself */
        return true;
    for (unsigned i = 0; i < lesson->item_count; i++) {
        const struct lab_lesson_item *item = &lesson->items[i];
        const char *own = group_of(item->kind);
        bool found = own != NULL && strcmp(own, group) == 0 && strcmp(item->name, name) == 0;
        if (strcmp(group, "values") == 0) {
            found = (item->kind != LAB_LESSON_CODE && has_value(item->text, name)) || has_value(item->number, name) ||
                    has_value(item->explanation, name);
            for (unsigned k = 0; k < item->choice_count; k++)
                found |= has_value(item->choices[k], name);
            for (unsigned k = 0; k < item->hint_count; k++)
                found |= has_value(item->hints[k], name);
        }
        if (found)
            return true;
    }
    return false;
}

static void check_unused(struct checking *checking)
{
    static const char *const groups[] = {"values", "figures", "shows", "checks", "tasks"};
    struct lab_lesson_script *script = checking->lesson->script;
    lua_State *L = script->L;
    for (unsigned i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, script->lesson);
        if (lua_getfield(L, -1, groups[i]) == LUA_TTABLE)
            for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
                const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
                if (is_used(checking->lesson, groups[i], name))
                    continue;
                struct isa_place place = lab_lesson_script_place(script, name);
                isa_diagnostics_error(checking->diagnostics, &place, ISA_EXIT_DATA, NULL, "%s.%s is not used in %s", groups[i],
                                      name, checking->lesson->file);
            }
        lua_pop(L, 2);
    }
}

/* ---- What machines say ------------------------------------------------------------------------------------------- */

static bool is_name_byte(char byte) { return isalnum((unsigned char)byte) || byte == '_'; }

static void check_value(struct checking *checking, const struct lab_lesson_item *item, const char *name)
{
    struct lab_lesson_script *script = checking->lesson->script;
    size_t before = isa_diagnostics_total(checking->diagnostics);
    char *braced = lab_lesson_format("{%s}", name);
    if (!defines(script, "values", name)) {
        complain(checking, item->line, braced, "a brace that begins no value is written {{", "lesson.lua has no values.%s", name);
        free(braced);
        return;
    }
    char *once = lab_lesson_script_value(script, name, false, checking->diagnostics);
    char *twice = once != NULL ? lab_lesson_script_value(script, name, true, checking->diagnostics) : NULL;
    if (isa_diagnostics_total(checking->diagnostics) == before && strcmp(once, twice) != 0)
        complain(checking, item->line, braced, NULL, "values.%s gives another result the second time", name);
    free(braced);
    free(once);
    free(twice);
}

static void check_text(struct checking *checking, const struct lab_lesson_item *item, const char *text)
{
    int style = LAB_LESSON_PLAIN;
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        if (*at > 0 && *at < LAB_LESSON_STYLES)
            style = *at;
        if (*at != '{' || style == LAB_LESSON_SPAN)
            continue;
        if (at[1] == '{') {
            at++;
            continue;
        }
        size_t length = 0;
        while (is_name_byte(at[1 + length]))
            length++;
        char *name = lab_lesson_must(strndup(at + 1, length));
        if (length > 0 && at[1 + length] == '}')
            check_value(checking, item, name);
        else
            complain(checking, item->line, "{", "a brace is written {{", "%s", "this brace begins no value");
        free(name);
    }
}

static void check_texts(struct checking *checking, const struct lab_lesson_item *item)
{
    if (item->kind != LAB_LESSON_CODE && item->kind != LAB_LESSON_COMMAND)
        check_text(checking, item, item->text);
    check_text(checking, item, item->number);
    check_text(checking, item, item->explanation);
    for (unsigned i = 0; i < item->choice_count; i++)
        check_text(checking, item, item->choices[i]);
    for (unsigned i = 0; i < item->hint_count; i++)
        check_text(checking, item, item->hints[i]);
    if (item->number != NULL) {
        char *answer = lab_lesson_right_answer(checking->lesson, item, checking->diagnostics);
        if (lab_lesson_judge(checking->lesson, item, answer, checking->diagnostics) != LAB_LESSON_RIGHT)
            complain(checking, item->line, item->name, NULL, "'%s' is no number, and cannot be answered", answer);
        free(answer);
    }
}

static void check_output(struct checking *checking, const struct lab_lesson_item *item)
{
    if (item->kind != LAB_LESSON_FIGURE && item->kind != LAB_LESSON_COMMAND)
        return;
    char *once = lab_lesson_output(checking->lesson, item, checking->diagnostics);
    if (once != NULL && item->kind == LAB_LESSON_FIGURE) {
        char *twice = lab_lesson_output(checking->lesson, item, checking->diagnostics);
        if (twice == NULL || strcmp(once, twice) != 0)
            complain(checking, item->line, item->name, NULL, "figures.%s gives another result the second time", item->name);
        free(twice);
    }
    free(once);
}

/* ---- Pages ------------------------------------------------------------------------------------------------------- */

/* What is to be done is not done before, and is when it was done. */
static void check_asked(struct checking *checking, struct lab_lesson_player *player)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(player);
    size_t before = isa_diagnostics_total(checking->diagnostics);
    char *reason = NULL;
    if (item == NULL || (item->kind != LAB_LESSON_DO && item->kind != LAB_LESSON_TASK))
        return;
    if (item->kind == LAB_LESSON_DO && player->debug == NULL) {
        complain(checking, item->line, item->name, "put a machine directive before it", "there is no machine for '%s'", item->name);
        return;
    }
    if (lab_lesson_player_is_done(player, &reason, checking->diagnostics))
        complain(checking, item->line, item->name, NULL, "'%s' is done already before the reader does anything", item->name);
    free(reason);
    reason = NULL;
    bool is_good = isa_diagnostics_total(checking->diagnostics) == before;
    if (is_good && lab_lesson_player_solve(player, checking->diagnostics) &&
        !lab_lesson_player_is_done(player, &reason, checking->diagnostics) &&
        isa_diagnostics_total(checking->diagnostics) == before) {
        char *message = lab_lesson_format("'%s' is not done by its solution%s%s", item->name, reason ? ": " : "", reason ? reason : "");
        complain(checking, item->line, item->name, NULL, "%s", message);
        free(message);
    }
    free(reason);
}

/* False when its machine is not what it should be, and so not on the pages behind it. */
static bool check_page(struct checking *checking, struct lab_lesson_player *player, struct lab_lesson_player *second, unsigned page)
{
    size_t before = isa_diagnostics_total(checking->diagnostics);
    if (!lab_lesson_player_open(player, page, checking->diagnostics))
        return false;
    if (lab_lesson_player_open(second, page, checking->diagnostics) && player->debug != NULL && second->debug != NULL &&
        machine_digest(lab_debug_machine(player->debug)) != machine_digest(lab_debug_machine(second->debug)))
        complain(checking, checking->lesson->items[checking->lesson->pages[page].first].line, NULL, NULL,
                 "%s", "the machine of this page stands elsewhere the second time");
    if (isa_diagnostics_total(checking->diagnostics) != before)
        return false;
    check_asked(checking, player);
    return true;
}

static void check_pages(struct checking *checking)
{
    char folder[] = "/tmp/pg74-lesson-XXXXXX";
    struct lab_lesson_player *player = lab_lesson_player_new(checking->lesson);
    struct lab_lesson_player *second = lab_lesson_player_new(checking->lesson);
    if (mkdtemp(folder) == NULL) {
        isa_diagnostics_error(checking->diagnostics, NULL, ISA_EXIT_INTERNAL, NULL, "there is no place for files in /tmp");
    } else {
        lab_lesson_player_work_in(player, folder);
        bool good = true;
        for (unsigned i = 0; good && i < checking->lesson->page_count; i++)
            good = check_page(checking, player, second, i);
        lab_lesson_remove_folder(folder);
    }
    lab_lesson_player_free(player);
    lab_lesson_player_free(second);
}

/* ---- Languages --------------------------------------------------------------------------------------------------- */

static const struct lab_lesson_item *next_directive(const struct lab_lesson *lesson, unsigned *number)
{
    while (*number < lesson->item_count && lesson->items[*number].kind < LAB_LESSON_MACHINE)
        (*number)++;
    return *number < lesson->item_count ? &lesson->items[(*number)++] : NULL;
}

/* A translation has the same directives in the same order, with as many choices. */
static void compare_languages(struct checking *checking, const struct lab_lesson *english)
{
    const struct lab_lesson_item *own, *other;
    unsigned here = 0, there = 0;
    if (english->section_count != checking->lesson->section_count)
        complain(checking, 1, NULL, NULL, "this has more or fewer sections than %s", english->file);
    do {
        own = next_directive(checking->lesson, &here);
        other = next_directive(english, &there);
        bool is_same = own != NULL && other != NULL && own->kind == other->kind && own->choice_count == other->choice_count &&
                       own->right == other->right && strcmp(own->name ? own->name : "", other->name ? other->name : "") == 0;
        if (!is_same && (own != NULL || other != NULL)) {
            complain(checking, own != NULL ? own->line : 1, NULL, NULL, "the directives differ from those of %s", english->file);
            return;
        }
    } while (own != NULL);
}

static void check_text_of(const char *folder, const char *language, const struct lab_lesson *english,
                          struct isa_diagnostics *diagnostics)
{
    struct checking checking = {lab_lesson_read(folder, language, diagnostics), diagnostics};
    if (checking.lesson == NULL)
        return;
    check_head(&checking);
    check_links(&checking);
    compare_languages(&checking, english);
    if (checking.lesson->script != NULL)
        lab_lesson_words_check(checking.lesson->script, language, diagnostics);
    for (unsigned i = 0; checking.lesson->script != NULL && i < checking.lesson->item_count; i++)
        check_texts(&checking, &checking.lesson->items[i]);
    lab_lesson_free(checking.lesson);
}

static void check_translations(const char *folder, const struct lab_lesson *english, struct isa_diagnostics *diagnostics)
{
    DIR *stream = opendir(folder);
    struct dirent *entry;
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 3, ".md") != 0 || strcmp(entry->d_name, "en.md") == 0)
            continue;
        entry->d_name[length - 3] = '\0';
        check_text_of(folder, entry->d_name, english, diagnostics);
    }
    if (stream != NULL)
        closedir(stream);
}

void lab_lesson_check(const char *folder, struct isa_diagnostics *diagnostics)
{
    struct checking checking = {lab_lesson_read(folder, "en", diagnostics), diagnostics};
    if (checking.lesson == NULL)
        return;
    check_head(&checking);
    check_links(&checking);
    for (unsigned i = 0; checking.lesson->script != NULL && i < checking.lesson->item_count; i++) {
        check_name(&checking, &checking.lesson->items[i]);
        check_twice(&checking, i);
        check_texts(&checking, &checking.lesson->items[i]);
    }
    if (isa_diagnostics_total(diagnostics) == 0) {
        check_unused(&checking);
        for (unsigned i = 0; i < checking.lesson->item_count; i++)
            check_output(&checking, &checking.lesson->items[i]);
        check_pages(&checking);
    }
    check_translations(folder, checking.lesson, diagnostics);
    lab_lesson_free(checking.lesson);
}
