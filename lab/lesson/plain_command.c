/* plain_command.c: what can be typed in the dialogue: one table, from which the help is made. */
#include "lab/lesson/plain.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lab/interrupt.h"
#include "lab/lab.h"
#include "lab/language.h"

enum { MOST_STEPS = 100000000 /* of a machine, in one move */ };

typedef void obey(struct lab_lesson_dialogue *dialogue, const char *rest);

/* ---- Pages ------------------------------------------------------------------------------------------------------- */

static void mark_done(struct lab_lesson_dialogue *dialogue)
{
    dialogue->is_answered = true;
    puts(_("Enter goes on."));
}

static void go_on(struct lab_lesson_dialogue *dialogue)
{
    if (dialogue->page + 1 < lab_lesson_page_count(dialogue->lesson))
        lab_lesson_plain_open(dialogue, dialogue->page + 1);
    else {
        puts(_("This was the end of the lesson."));
        dialogue->is_over = true;
    }
}

/* On a thing to do, Enter looks whether it is done. */
static void next(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(dialogue->player);
    (void)rest;
    if (item == NULL || dialogue->is_answered)
        go_on(dialogue);
    else if (item->kind == LAB_LESSON_PREDICT || item->kind == LAB_LESSON_QUESTION)
        puts(_("An answer is wanted first; 'skip' goes on without."));
    else
        lab_lesson_plain_look(dialogue, true);
}

static void back(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    (void)rest;
    if (dialogue->page > 0)
        lab_lesson_plain_open(dialogue, dialogue->page - 1);
    else
        puts(_("This is the start of the lesson."));
}

static void skip(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    (void)rest;
    go_on(dialogue);
}

static void again(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    (void)rest;
    lab_lesson_plain_open(dialogue, dialogue->page);
}

static void sections(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    unsigned here = lab_lesson_page(dialogue->lesson, dialogue->page)->section;
    (void)rest;
    for (unsigned i = 0; i < lab_lesson_section_count(dialogue->lesson); i++)
        printf("%s %2u. %s\n", i == here ? "*" : " ", i + 1, lab_lesson_section(dialogue->lesson, i)->title);
    puts(_("'go NUMBER' goes to one."));
}

static void go(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    char *end;
    unsigned long number = strtoul(rest, &end, 10);
    if (*rest == '\0' || *end != '\0' || number < 1 || number > lab_lesson_section_count(dialogue->lesson))
        sections(dialogue, "");
    else
        lab_lesson_plain_open(dialogue, lab_lesson_section(dialogue->lesson, (unsigned)number - 1)->first_page);
}

static void search(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    unsigned page = 0;
    if (*rest == '\0')
        puts(_("search WORD goes to the next page with it."));
    else if (lab_lesson_search(dialogue->lesson, rest, dialogue->page + 1, &page))
        lab_lesson_plain_open(dialogue, page);
    else
        printf(_("'%s' does not occur.\n"), rest);
}

static void hint(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(dialogue->player);
    (void)rest;
    if (item == NULL || item->hint_count == 0)
        puts(_("There is no hint here."));
    else if (dialogue->hints == item->hint_count)
        puts(_("There are no more hints; 'skip' goes on."));
    else
        lab_lesson_plain_text(dialogue, &(struct lab_lesson_item){0}, item->hints[dialogue->hints++]);
}

static void quit(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    (void)rest;
    dialogue->is_over = true;
}

/* ---- The machine ------------------------------------------------------------------------------------------------- */

static void say_stop(enum lab_debug_stop stop)
{
    if (stop == LAB_DEBUG_INTERRUPTED && lab_interrupt_is_pending(NULL))
        puts(_("Interrupted."));
    else if (stop == LAB_DEBUG_INTERRUPTED)
        printf(_("It was stopped, for it goes on and on: %u steps were made. 'run' goes on.\n"), (unsigned)MOST_STEPS);
    else if (stop == LAB_DEBUG_HALTED)
        puts(_("The machine has halted."));
    else if (stop == LAB_DEBUG_DEADLOCK)
        puts(_("Deadlock: the machine waits, and nothing can wake it."));
    else if (stop == LAB_DEBUG_START)
        puts(_("This is the start."));
}

/* A move that would not end is stopped; Ctrl-C stops any. */
struct patience {
    const struct lab_debug *debug;
    uint64_t start;
};

static bool is_enough(void *context)
{
    const struct patience *patience = context;
    uint64_t now = lab_debug_steps(patience->debug);
    return lab_interrupt_is_pending(NULL) || (now > patience->start && now - patience->start >= MOST_STEPS);
}

enum move { STEP, STEP_OVER, STEP_OUT, STEP_BACK, RUN, RUN_TO_TRAP, RUN_BACK };

static enum lab_debug_stop run_to_trap(struct lab_debug *debug, struct lab_debug_ask ask)
{
    const struct lab_debug_point point = {.kind = LAB_DEBUG_TRAP};
    lab_debug_add_point(debug, &point);
    enum lab_debug_stop stop = lab_debug_continue(debug, ask);
    lab_debug_remove_point(debug, &point);
    return stop == LAB_DEBUG_POINT ? LAB_DEBUG_STEPPED : stop;
}

static enum lab_debug_stop move_once(struct lab_debug *debug, enum move move)
{
    struct patience patience = {debug, lab_debug_steps(debug)};
    const struct lab_debug_ask ask = {is_enough, &patience};
    switch (move) {
    case STEP: return lab_debug_step_once(debug, ask);
    case STEP_OVER: return lab_debug_step_over(debug, ask);
    case STEP_OUT: return lab_debug_step_out(debug, ask);
    case STEP_BACK: return lab_debug_step_back(debug);
    case RUN: return lab_debug_continue(debug, ask);
    case RUN_TO_TRAP: return run_to_trap(debug, ask);
    case RUN_BACK: return lab_debug_continue_back(debug, ask);
    }
    return LAB_DEBUG_STEPPED;
}

static void move_machine(struct lab_lesson_dialogue *dialogue, enum move move, const char *rest)
{
    enum { MOST = 1000000 };
    struct lab_debug *debug = lab_lesson_player_machine(dialogue->player);
    enum lab_debug_stop stop = LAB_DEBUG_STEPPED;
    char *end;
    unsigned long times = strtoul(rest, &end, 10);
    if (debug == NULL || *end != '\0') {
        puts(debug == NULL ? _("There is no machine on this page.") : _("How often? A number is wanted there."));
        return;
    }
    for (unsigned long i = 0; i < (*rest != '\0' ? times : 1) && i < MOST && stop == LAB_DEBUG_STEPPED; i++)
        stop = lab_interrupt_is_pending(NULL) ? LAB_DEBUG_INTERRUPTED : move_once(debug, move);
    say_stop(stop);
    lab_lesson_plain_machine(dialogue);
    if (!dialogue->is_answered)
        lab_lesson_plain_look(dialogue, false);
}

/* "back 3" behind "step": the word that is meant, with what follows it. */
static const char *behind(const char *rest, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(rest, word, length) != 0 || (rest[length] != '\0' && rest[length] != ' '))
        return NULL;
    return rest + length + strspn(rest + length, " ");
}

static void step(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    static const struct { const char *word; enum move move; } words[] = {{"back", STEP_BACK}, {"over", STEP_OVER}, {"out", STEP_OUT}};
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (behind(rest, words[i].word) != NULL) {
            move_machine(dialogue, words[i].move, behind(rest, words[i].word));
            return;
        }
    move_machine(dialogue, STEP, rest);
}

static void run(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    if (behind(rest, "trap") != NULL)
        move_machine(dialogue, RUN_TO_TRAP, behind(rest, "trap"));
    else
        move_machine(dialogue, strcmp(rest, "back") == 0 ? RUN_BACK : RUN, strcmp(rest, "back") == 0 ? "" : rest);
}

static void show_machine(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    (void)rest;
    lab_lesson_plain_machine(dialogue);
}

static void registers(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    (void)rest;
    lab_lesson_plain_registers(dialogue);
}

/* ---- What is asked ----------------------------------------------------------------------------------------------- */

/* Is what is to be done done? `is_asked`: the reader wants to know when it is not, too. */
void lab_lesson_plain_look(struct lab_lesson_dialogue *dialogue, bool is_asked)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(dialogue->player);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *reason = NULL;
    if (item != NULL && (item->kind == LAB_LESSON_DO || (item->kind == LAB_LESSON_TASK && is_asked))) {
        if (lab_lesson_player_is_done(dialogue->player, &reason, diagnostics)) {
            puts(_("Done."));
            mark_done(dialogue);
        } else if (is_asked) {
            printf("%s%s%s\n", _("Not yet"), reason != NULL ? ": " : ".", reason != NULL ? reason : "");
            puts(_("'hint' helps, 'skip' goes on."));
        }
    }
    free(reason);
    lab_lesson_plain_complain(diagnostics);
}

static void explain(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item)
{
    if (item->explanation != NULL)
        lab_lesson_plain_text(dialogue, &(struct lab_lesson_item){0}, item->explanation);
    mark_done(dialogue);
}

static void answer(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item, const char *text)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    enum lab_lesson_judgement judgement = lab_lesson_player_answer(dialogue->player, text, diagnostics);
    if (judgement == LAB_LESSON_RIGHT) {
        puts(_("Right."));
        explain(dialogue, item);
    } else if (item->kind == LAB_LESSON_PREDICT) {
        char *right = lab_lesson_right_answer(dialogue->lesson, item, diagnostics);
        printf(_("It is %s.\n"), right);
        free(right);
        if (item->right >= 0)
            lab_lesson_plain_text(dialogue, &(struct lab_lesson_item){0}, item->choices[item->right]);
        explain(dialogue, item);
    } else {
        puts(_("That is not it. Try again, or 'skip'."));
    }
    lab_lesson_plain_complain(diagnostics);
}

/* Is the line an answer to the question of this page? */
static bool try_answer(struct lab_lesson_dialogue *dialogue, const char *line)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(dialogue->player);
    if (item == NULL || (item->kind != LAB_LESSON_PREDICT && item->kind != LAB_LESSON_QUESTION) || dialogue->is_answered)
        return false;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    bool is_answer = lab_lesson_judge(dialogue->lesson, item, line, diagnostics) != LAB_LESSON_NO_ANSWER;
    isa_diagnostics_free(diagnostics);
    if (is_answer)
        answer(dialogue, item, line);
    else if (isdigit((unsigned char)*line))
        printf(_("Type a number from 1 to %u.\n"), item->choice_count);
    else
        return false;
    return true;
}

/* For who is stuck. */
static void solve(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(dialogue->player);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    (void)rest;
    bool is_question = item != NULL && (item->kind == LAB_LESSON_PREDICT || item->kind == LAB_LESSON_QUESTION);
    if (item == NULL || dialogue->is_answered) {
        puts(_("Nothing is asked here."));
    } else if (lab_lesson_player_solve(dialogue->player, diagnostics) && is_question) {
        char *right = lab_lesson_right_answer(dialogue->lesson, item, diagnostics);
        printf(_("The answer is %s.\n"), right);
        answer(dialogue, item, right);
        free(right);
    } else if (isa_diagnostics_count(diagnostics) == 0) {
        if (item->kind == LAB_LESSON_DO)
            lab_lesson_plain_machine(dialogue);
        else
            puts(_("The solution is in the place of your files; yours are kept as NAME.yours."));
        lab_lesson_plain_look(dialogue, true);
    }
    lab_lesson_plain_complain(diagnostics);
}

static void files(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    const struct lab_lesson_item *item = lab_lesson_player_asked(dialogue->player);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (item == NULL || item->kind != LAB_LESSON_TASK)
        puts(_("There are no files to edit on this page."));
    else if (behind(rest, "restore") == NULL)
        lab_lesson_plain_files(dialogue, item);
    else if (lab_lesson_player_restore(dialogue->player, item, diagnostics))
        puts(_("Your files are as they were at first."));
    lab_lesson_plain_complain(diagnostics);
}

/* ---- All that can be typed --------------------------------------------------------------------------------------- */

static obey help;

static const struct {
    const char *name, *arguments;
    obey *obey;
    const char *help;
} commands[] = {
    {"next", "", next, N_("go on, as Enter does; on a task: is it done?")},
    {"back", "", back, N_("the page before")},
    {"skip", "", skip, N_("go on without an answer")},
    {"hint", "", hint, N_("help with what is asked")},
    {"solve", "", solve, N_("show the solution of what is asked")},
    {"again", "", again, N_("this page again, with the machine as it was")},
    {"sections", "", sections, N_("the sections of this lesson")},
    {"go", "NUMBER", go, N_("to a section")},
    {"search", "WORD", search, N_("to the next page with a word")},
    {"step", "[NUMBER]", step, N_("the machine: one instruction or trap, or so many")},
    {"step", "back", NULL, N_("undo the last one, or so many")},
    {"step", "over", NULL, N_("step; a trap's handling by the monitor is one step")},
    {"step", "out", NULL, N_("out of the monitor, until a guest goes on")},
    {"run", "", run, N_("the machine: until it ends")},
    {"run", "trap", NULL, N_("to behind the next trap")},
    {"run", "back", NULL, N_("to the start")},
    {"machine", "", show_machine, N_("where the machine stands")},
    {"registers", "", registers, N_("what its registers hold")},
    {"memory", "ADDRESS", lab_lesson_plain_memory, N_("words of its memory")},
    {"files", "", files, N_("your files for a task, and where they are; 'files restore' gives back the first ones")},
    {"help", "", help, N_("these lines")},
    {"quit", "", quit, N_("leave")},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void help(struct lab_lesson_dialogue *dialogue, const char *rest)
{
    (void)dialogue;
    (void)rest;
    for (unsigned i = 0; i < COMMANDS; i++)
        printf("  %-10s %-9s %s\n", commands[i].name, commands[i].arguments, _(commands[i].help));
}

static void unknown(const char *word)
{
    const char *names[COMMANDS + 1];
    for (unsigned i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    names[COMMANDS] = NULL;
    const char *near = lab_nearest(word, names);
    if (near != NULL)
        printf(_("'%s' means nothing here. Did you mean '%s'?\n"), word, near);
    else
        printf(_("'%s' means nothing here; 'help' lists what can be typed.\n"), word);
}

static void obey_line(struct lab_lesson_dialogue *dialogue, char *line)
{
    char *word = line + strspn(line, " \t"), *end = word + strlen(word);
    while (end > word && isspace((unsigned char)end[-1]))
        *--end = '\0';
    if (*word == '\0') {
        next(dialogue, "");
        return;
    }
    if (try_answer(dialogue, word))
        return;
    size_t length = strcspn(word, " \t");
    char *rest = word + length + strspn(word + length, " \t");
    word[length] = '\0';
    for (unsigned i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, word) == 0 && commands[i].obey != NULL) {
            commands[i].obey(dialogue, rest);
            return;
        }
    unknown(word);
}

/* Ctrl-C ends what is being done, not the dialogue. */
void lab_lesson_plain_obey(struct lab_lesson_dialogue *dialogue, char *line)
{
    sigset_t before;
    lab_interrupt_hold(&before);
    obey_line(dialogue, line);
    lab_interrupt_let(&before);
}
