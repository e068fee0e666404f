/* plain.c: a lesson as a dialogue, line by line: for screen readers, pipes and terminals that can do no more. */
#include "lab/lesson/plain.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lab/interrupt.h"
#include "lab/language.h"

/* ---- Texts ------------------------------------------------------------------------------------------------------- */

struct margins {
    const struct lab_lesson_item *item;
    unsigned indent;
    bool is_first;
};

static void print_line(void *context, const char *line, size_t length)
{
    struct margins *margins = context;
    char *text = lab_lesson_unstyled(lab_lesson_must(strndup(line, length)));
    const char *marker = margins->is_first && margins->item->marker != NULL ? margins->item->marker : "";
    if (*text != '\0')
        printf("%*s%s%*s%s\n", (int)margins->indent - (*marker ? 3 : 0), "", marker, *marker ? 3 - (int)strlen(marker) : 0, "",
               text);
    else
        putchar('\n');
    margins->is_first = false;
    free(text);
}

/* Styles as marks that stay in a pipe: 'code', *emphasis*; links as they are. */
static char *marked(const char *text)
{
    static const char marks[LAB_LESSON_STYLES] = {[LAB_LESSON_SPAN] = '\'', [LAB_LESSON_EMPHASIS] = '*', [LAB_LESSON_STRONG] = '*'};
    char *result, open = '\0';
    size_t length;
    FILE *stream = lab_lesson_must(open_memstream(&result, &length));
    for (; *text != '\0'; text++) {
        if (*text < 0 || *text >= LAB_LESSON_STYLES) {
            fputc(*text, stream);
            continue;
        }
        if (open != '\0')
            fputc(open, stream);
        open = marks[(unsigned char)*text];
        if (open != '\0')
            fputc(open, stream);
    }
    if (open != '\0')
        fputc(open, stream);
    fclose(stream);
    return lab_lesson_must(result);
}

static void print_text(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item, const char *lead, const char *text)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct margins margins = {.item = item, .indent = item->indent, .is_first = true};
    char *filled = lab_lesson_fill(dialogue->lesson, text, diagnostics);
    char *plain = marked(filled), *whole = lab_language_fit(lab_lesson_format("%s%s%s", lead, *lead ? " " : "", plain));
    free(plain);
    lab_lesson_wrap(whole, dialogue->columns - item->indent, print_line, &margins);
    free(whole);
    free(filled);
    lab_lesson_plain_complain(diagnostics);
}

void lab_lesson_plain_text(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item, const char *text)
{
    print_text(dialogue, item, "", text);
}

/* What is wrong with the lesson is said, and it goes on. */
void lab_lesson_plain_complain(struct isa_diagnostics *diagnostics)
{
    fflush(stdout);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
}

static void print_code(const char *code)
{
    char *fitted = lab_language_fit(lab_lesson_must(strdup(code)));
    const char *text = fitted;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        printf("%s%.*s\n", length > 0 ? "    " : "", (int)length, text);
        text += length + (text[length] == '\n');
    }
    free(fitted);
}

static void print_output(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (item->kind == LAB_LESSON_COMMAND)
        printf("    $ pg74 %s\n", item->text);
    fflush(stdout);
    char *output = lab_lesson_output(dialogue->lesson, item, diagnostics);
    if (output != NULL)
        print_code(output);
    free(output);
    lab_lesson_plain_complain(diagnostics);
}

/* ---- What is asked ----------------------------------------------------------------------------------------------- */

static void print_question(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item)
{
    print_text(dialogue, item, item->kind == LAB_LESSON_PREDICT ? _("Predict:") : _("Question:"), item->text);
    for (unsigned i = 0; i < item->choice_count; i++) {
        char marker[16];
        struct lab_lesson_item choice = {.indent = 5, .marker = marker};
        snprintf(marker, sizeof marker, "%u", i + 1);
        lab_lesson_plain_text(dialogue, &choice, item->choices[i]);
    }
    if (item->choice_count > 0)
        printf(_("Type a number from 1 to %u.\n"), item->choice_count);
    else
        puts(_("Type a number."));
}

void lab_lesson_plain_files(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item)
{
    const char *name;
    char *path;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    for (unsigned i = 0; (path = lab_lesson_player_file(dialogue->player, item, i, &name, diagnostics)) != NULL; i++) {
        printf(_("Your file %s: %s\n"), name, path);
        free(path);
    }
    lab_lesson_plain_complain(diagnostics);
}

static void print_task(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item)
{
    print_text(dialogue, item, item->kind == LAB_LESSON_DO ? _("To do:") : _("Task:"), item->text);
    if (item->kind == LAB_LESSON_TASK)
        lab_lesson_plain_files(dialogue, item);
    const struct lab_lesson_answer *known = lab_lesson_player_known(dialogue->player);
    if (known != NULL && known->is_right)
        puts(_("You have done this before."));
}

static void print_item(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item)
{
    if (!item->is_tight && item->kind != LAB_LESSON_MACHINE)
        putchar('\n');
    switch (item->kind) {
    case LAB_LESSON_HEADING: case LAB_LESSON_PARAGRAPH: case LAB_LESSON_SHOW:
        lab_lesson_plain_text(dialogue, item, item->text);
        break;
    case LAB_LESSON_CODE: print_code(item->text); break;
    case LAB_LESSON_FIGURE: case LAB_LESSON_COMMAND: print_output(dialogue, item); break;
    case LAB_LESSON_PREDICT: case LAB_LESSON_QUESTION: print_question(dialogue, item); break;
    case LAB_LESSON_DO: case LAB_LESSON_TASK: print_task(dialogue, item); break;
    case LAB_LESSON_MACHINE: break;
    }
}

/* ---- Pages ------------------------------------------------------------------------------------------------------- */

static bool is_about_machine(enum lab_lesson_kind kind) { return kind == LAB_LESSON_MACHINE || kind == LAB_LESSON_SHOW; }

static void print_page(struct lab_lesson_dialogue *dialogue)
{
    const struct lab_lesson_page *page = lab_lesson_page(dialogue->lesson, dialogue->page);
    const struct lab_lesson_section *section = lab_lesson_section(dialogue->lesson, page->section);
    if (section->first_page == dialogue->page)
        printf("\n%u. %s\n", page->section + 1, section->title);
    for (unsigned i = 0; i < page->count; i++) {
        const struct lab_lesson_item *item = lab_lesson_item(dialogue->lesson, page->first + i);
        bool is_last = i + 1 == page->count || !is_about_machine(lab_lesson_item(dialogue->lesson, page->first + i + 1)->kind);
        print_item(dialogue, item);
        if (is_about_machine(item->kind) && is_last)
            lab_lesson_plain_machine(dialogue);
    }
}

void lab_lesson_plain_open(struct lab_lesson_dialogue *dialogue, unsigned page)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    dialogue->page = page;
    dialogue->is_answered = false;
    dialogue->hints = 0;
    fflush(stdout);
    lab_lesson_player_open(dialogue->player, page, diagnostics);
    lab_lesson_plain_complain(diagnostics);
    print_page(dialogue);
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

/* False at the end of the input. */
static bool read_line(char *line, size_t size)
{
    fputs("\n> ", stdout);
    fflush(stdout);
    bool is_there = fgets(line, (int)size, stdin) != NULL;
    if (!is_there || !isatty(STDIN_FILENO))
        putchar('\n');
    if (!is_there)
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

static unsigned terminal_columns(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return 80;
}

int lab_lesson_plain(struct lab_lesson *lesson, const struct lab_lesson_plain_options *options)
{
    char line[512], *message;
    const struct lab_lesson_head *head = lab_lesson_head(lesson);
    struct lab_lesson_progress *progress = lab_lesson_progress_open(head->name, &message);
    struct lab_lesson_dialogue dialogue = {.lesson = lesson, .options = options, .player = lab_lesson_player_new(lesson)};
    dialogue.columns = options->columns > 0 ? options->columns : terminal_columns();
    lab_lesson_player_keep(dialogue.player, progress);
    lab_lesson_stop_when(lesson, lab_interrupt_is_pending, NULL);
    unsigned page = lab_lesson_player_place(dialogue.player);
    printf(_("%s (about %u minutes)\n"), head->title, head->minutes);
    if (message != NULL)
        puts(message);
    puts(_("Enter goes on, 'help' lists what else can be typed, 'quit' leaves."));
    if (page > 0)
        puts(_("You were here before: it goes on where you were; 'go 1' is the start."));
    lab_lesson_plain_open(&dialogue, page);
    while (!dialogue.is_over && read_line(line, sizeof line))
        lab_lesson_plain_obey(&dialogue, line);
    lab_lesson_player_free(dialogue.player);
    lab_lesson_progress_free(progress);
    free(message);
    return 0;
}
