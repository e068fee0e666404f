/* player.c: going through a lesson: its pages, its live machine, and what the reader has to do. */
#include "lab/lesson/internal.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab/language.h"
#include "lab/lua/lua_binding.h"

struct lab_lesson_player *lab_lesson_player_new(struct lab_lesson *lesson)
{
    struct lab_lesson_player *player = lab_lesson_must(calloc(1, sizeof *player));
    player->lesson = lesson;
    player->machine = LUA_NOREF;
    player->work = lab_lesson_state_path("work", lesson->head.name);
    return player;
}

void lab_lesson_player_drop_machine(struct lab_lesson_player *player)
{
    if (player->debug == NULL)
        return;
    if (player->renewed != NULL)
        player->renewed(player->context, NULL, NULL);
    lab_debug_free(player->debug);
    luaL_unref(player->lesson->script->L, LUA_REGISTRYINDEX, player->machine);
    lua_gc(player->lesson->script->L, LUA_GCCOLLECT);
    player->debug = NULL;
    player->machine = LUA_NOREF;
}

void lab_lesson_player_free(struct lab_lesson_player *player)
{
    if (player == NULL)
        return;
    lab_lesson_player_drop_machine(player);
    free(player->work);
    free(player);
}

void lab_lesson_player_watch(struct lab_lesson_player *player, lab_lesson_renewed *renewed, void *context)
{
    player->renewed = renewed;
    player->context = context;
}

/* ---- What is kept ------------------------------------------------------------------------------------------------ */

void lab_lesson_player_keep(struct lab_lesson_player *player, struct lab_lesson_progress *progress) { player->progress = progress; }

/* The lesson may have changed meanwhile: as near as there is a page. */
unsigned lab_lesson_player_place(const struct lab_lesson_player *player)
{
    const struct lab_lesson *lesson = player->lesson;
    unsigned section, page;
    if (player->progress == NULL || !lab_lesson_progress_place(player->progress, &section, &page))
        return 0;
    if (section >= lesson->section_count)
        section = lesson->section_count - 1;
    if (page >= lesson->sections[section].page_count)
        page = lesson->sections[section].page_count - 1;
    return lesson->sections[section].first_page + page;
}

const struct lab_lesson_answer *lab_lesson_player_known(const struct lab_lesson_player *player)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(player);
    return item != NULL && player->progress != NULL ? lab_lesson_progress_find(player->progress, item->name) : NULL;
}

static void keep_place(struct lab_lesson_player *player)
{
    const struct lab_lesson *lesson = player->lesson;
    unsigned section = lesson->pages[player->page].section;
    if (player->progress == NULL)
        return;
    lab_lesson_progress_at(player->progress, section, player->page - lesson->sections[section].first_page);
    if (player->page + 1 == lesson->page_count)
        lab_lesson_progress_end(player->progress);
}

/* ---- The live machine -------------------------------------------------------------------------------------------- */

/* Its history begins before anything moves it, so that the reader can go back to the very start. */
static bool make_machine(struct lab_lesson_player *player, const char *name, struct isa_diagnostics *diagnostics)
{
    struct lab_lesson_script *script = player->lesson->script;
    const struct lab_programs *programs;
    lab_lesson_player_drop_machine(player);
    if (script == NULL)
        return false;
    player->machine = lab_lesson_open_machine(script, name, diagnostics);
    if (player->machine == LUA_NOREF)
        return false;
    lua_rawgeti(script->L, LUA_REGISTRYINDEX, player->machine);
    struct machine *machine = lab_lua_machine_at(script->L, -1, &programs);
    player->debug = lab_debug_new(machine, programs);
    lua_pop(script->L, 1);
    player->machine_name = name;
    if (player->renewed != NULL)
        player->renewed(player->context, machine, programs);
    return true;
}

/* Calls lesson.GROUP.NAME(machine), if there is such a function. */
static bool call_with_machine(struct lab_lesson_player *player, const char *group, const char *name, int results,
                              struct isa_diagnostics *diagnostics)
{
    struct lab_lesson_script *script = player->lesson->script;
    if (!lab_lesson_script_push(script, group, name)) {
        struct isa_place place = lab_lesson_place(player->lesson, 0, NULL);
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, NULL, "lesson.lua has no %s.%s", group, name);
        return false;
    }
    script->about = name;
    lua_rawgeti(script->L, LUA_REGISTRYINDEX, player->machine);
    bool good = lab_lesson_script_call(script, 1, results, diagnostics);
    lab_debug_refresh(player->debug);
    return good;
}

/* A task that is about the live machine is solved by a function. */
static bool solve_on_machine(struct lab_lesson_player *player, const char *name, struct isa_diagnostics *diagnostics)
{
    struct lab_lesson_script *script = player->lesson->script;
    if (!lab_lesson_script_push(script, "tasks", name))
        return true;
    bool good = true;
    if (lua_istable(script->L, -1) && lua_getfield(script->L, -1, "solution") == LUA_TFUNCTION) {
        lua_rawgeti(script->L, LUA_REGISTRYINDEX, player->machine);
        good = lab_lesson_script_call(script, 1, 0, diagnostics);
        lab_debug_refresh(player->debug);
        lua_pop(script->L, 1);
    } else {
        lua_pop(script->L, lua_istable(script->L, -1) ? 1 : 2);
    }
    return good;
}

static bool has_moves(struct lab_lesson_player *player, const char *name)
{
    if (!lab_lesson_script_push(player->lesson->script, "moves", name))
        return false;
    lua_pop(player->lesson->script->L, 1);
    return true;
}

/* What an item does to the machine, when it is over. */
static bool play_item(struct lab_lesson_player *player, const struct lab_lesson_item *item, struct isa_diagnostics *diagnostics)
{
    if (player->debug == NULL)
        return true;
    switch (item->kind) {
    case LAB_LESSON_SHOW: return call_with_machine(player, "shows", item->name, 0, diagnostics);
    case LAB_LESSON_DO:
        return !has_moves(player, item->name) || call_with_machine(player, "moves", item->name, 0, diagnostics);
    case LAB_LESSON_TASK: return solve_on_machine(player, item->name, diagnostics);
    default: return true;
    }
}

/* Whatever the reader did with the machine, a page has it where its text needs it. */
static bool play_to(struct lab_lesson_player *player, unsigned page, struct isa_diagnostics *diagnostics)
{
    const struct lab_lesson *lesson = player->lesson;
    unsigned start = lesson->pages[page].first, end = start + lesson->pages[page].count, first = end;
    for (unsigned i = end; i-- > 0 && first == end;)
        if (lesson->items[i].kind == LAB_LESSON_MACHINE)
            first = i;
    if (first == end) {
        lab_lesson_player_drop_machine(player);
        return true;
    }
    bool is_there = player->debug != NULL && player->played > first && player->played <= end &&
                    lab_debug_steps(player->debug) == player->played_steps;
    bool good = is_there || make_machine(player, lesson->items[first].name, diagnostics);
    for (unsigned i = is_there ? player->played : first; good && i < end; i++)
        if (i < start || !lab_lesson_is_asked(lesson->items[i].kind)) {
            good = play_item(player, &lesson->items[i], diagnostics);
            player->played = i + 1;
        }
    if (player->debug != NULL)
        player->played_steps = lab_debug_steps(player->debug);
    return good;
}

bool lab_lesson_player_open(struct lab_lesson_player *player, unsigned page, struct isa_diagnostics *diagnostics)
{
    player->page = page;
    keep_place(player);
    return play_to(player, page, diagnostics);
}

unsigned lab_lesson_player_page(const struct lab_lesson_player *player) { return player->page; }
struct lab_debug *lab_lesson_player_machine(const struct lab_lesson_player *player) { return player->debug; }
const char *lab_lesson_player_machine_name(const struct lab_lesson_player *player) { return player->machine_name; }

const struct lab_lesson_item *lab_lesson_player_asked(const struct lab_lesson_player *player)
{
    const struct lab_lesson_page *page = &player->lesson->pages[player->page];
    const struct lab_lesson_item *last = page->count > 0 ? &player->lesson->items[page->first + page->count - 1] : NULL;
    return last != NULL && lab_lesson_is_asked(last->kind) ? last : NULL;
}

/* ---- Answers ----------------------------------------------------------------------------------------------------- */

/* "1,234", "0x4d2", "12.5 %" */
static bool read_number(const char *text, double *number)
{
    char digits[64], *end;
    size_t length = 0;
    for (; *text != '\0' && length + 1 < sizeof digits; text++)
        if (*text != ',' && *text != ' ' && *text != '%')
            digits[length++] = *text;
    digits[length] = '\0';
    *number = strtod(digits, &end);
    return length > 0 && *end == '\0' && isfinite(*number);
}

char *lab_lesson_right_answer(struct lab_lesson *lesson, const struct lab_lesson_item *item, struct isa_diagnostics *diagnostics)
{
    if (item->right >= 0)
        return lab_lesson_format("%d", item->right + 1);
    return item->number != NULL ? lab_lesson_fill(lesson, item->number, diagnostics) : lab_lesson_must(strdup(""));
}

enum lab_lesson_judgement lab_lesson_judge(struct lab_lesson *lesson, const struct lab_lesson_item *item, const char *answer,
                                           struct isa_diagnostics *diagnostics)
{
    double given, wanted;
    if (item->choice_count > 0) {
        unsigned choice = 0;
        if (answer[0] != '\0' && answer[1] == '\0' && isdigit((unsigned char)answer[0]))
            choice = (unsigned)(answer[0] - '0');
        else if (answer[0] != '\0' && answer[1] == '\0' && isalpha((unsigned char)answer[0]))
            choice = (unsigned)(tolower((unsigned char)answer[0]) - 'a' + 1);
        if (choice < 1 || choice > item->choice_count)
            return LAB_LESSON_NO_ANSWER;
        return (int)choice == item->right + 1 ? LAB_LESSON_RIGHT : LAB_LESSON_WRONG;
    }
    char *right = lab_lesson_right_answer(lesson, item, diagnostics);
    bool is_known = read_number(right, &wanted), is_number = read_number(answer, &given);
    free(right);
    if (!is_number)
        return LAB_LESSON_NO_ANSWER;
    return is_known && fabs(given - wanted) <= 1e-9 * fabs(wanted) ? LAB_LESSON_RIGHT : LAB_LESSON_WRONG;
}

enum lab_lesson_judgement lab_lesson_player_answer(struct lab_lesson_player *player, const char *answer,
                                                   struct isa_diagnostics *diagnostics)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(player);
    if (item == NULL || (item->kind != LAB_LESSON_PREDICT && item->kind != LAB_LESSON_QUESTION))
        return LAB_LESSON_NO_ANSWER;
    enum lab_lesson_judgement judgement = lab_lesson_judge(player->lesson, item, answer, diagnostics);
    if (judgement != LAB_LESSON_NO_ANSWER && player->progress != NULL)
        lab_lesson_progress_answer(player->progress, item->name, answer, judgement == LAB_LESSON_RIGHT);
    return judgement;
}

/* ---- Things to do ------------------------------------------------------------------------------------------------ */

/* Takes true or false, and a reason, from the stack. */
bool lab_lesson_take_verdict(lua_State *L, char **reason)
{
    bool is_done = lua_toboolean(L, -2);
    *reason = !is_done && lua_type(L, -1) == LUA_TSTRING ? lab_language_fit(lab_lesson_without_controls(lua_tostring(L, -1))) : NULL;
    lua_pop(L, 2);
    return is_done;
}

static bool look_at_machine(struct lab_lesson_player *player, const struct lab_lesson_item *item, char **reason,
                            struct isa_diagnostics *diagnostics)
{
    if (player->debug == NULL)
        return false;
    uint64_t steps = lab_debug_steps(player->debug);
    bool is_done = call_with_machine(player, "checks", item->name, 2, diagnostics) &&
                   lab_lesson_take_verdict(player->lesson->script->L, reason);
    lab_debug_go_to(player->debug, steps); /* a check may run the machine to look what happens */
    return is_done;
}

bool lab_lesson_player_is_done(struct lab_lesson_player *player, char **reason, struct isa_diagnostics *diagnostics)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(player);
    bool is_task = item != NULL && item->kind == LAB_LESSON_TASK;
    *reason = NULL;
    if (item == NULL || player->lesson->script == NULL || (!is_task && item->kind != LAB_LESSON_DO))
        return false;
    bool is_done = is_task ? lab_lesson_task_is_solved(player, item, reason, diagnostics)
                           : look_at_machine(player, item, reason, diagnostics);
    if (!is_done || player->progress == NULL)
        return is_done;
    lab_lesson_progress_done(player->progress, item->name, player->debug != NULL ? lab_debug_steps(player->debug) : 0);
    if (is_task)
        lab_lesson_task_keep(player, item);
    return true;
}

bool lab_lesson_player_solve(struct lab_lesson_player *player, struct isa_diagnostics *diagnostics)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(player);
    if (item == NULL)
        return false;
    if (player->progress != NULL)
        lab_lesson_progress_shown(player->progress, item->name);
    if (item->kind == LAB_LESSON_TASK && !lab_lesson_task_solve(player, item, diagnostics))
        return false;
    return play_item(player, item, diagnostics);
}
