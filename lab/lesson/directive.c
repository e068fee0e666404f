/* directive.c: fenced code blocks that are more than code: machines, figures, questions, tasks. */
#include "lab/lesson/internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"

static const struct {
    const char *word;
    enum lab_lesson_kind kind;
    bool has_name;
} directives[] = {
    {"machine", LAB_LESSON_MACHINE, true}, {"show", LAB_LESSON_SHOW, true}, {"figure", LAB_LESSON_FIGURE, true},
    {"command", LAB_LESSON_COMMAND, false}, {"predict", LAB_LESSON_PREDICT, true}, {"question", LAB_LESSON_QUESTION, true},
    {"do", LAB_LESSON_DO, true}, {"task", LAB_LESSON_TASK, true}};
enum { DIRECTIVES = sizeof directives / sizeof directives[0] };

/* What code may be said to be. */
static const char *const languages[] = {"text", "asm", "c", "isa", "lua", "sh", "console", "json", NULL};

struct reading {
    struct lab_lesson *lesson;
    struct lab_lesson_item *item;
    struct isa_diagnostics *diagnostics;
};

static void complain(struct reading *reading, unsigned line, const char *word, const char *advice, const char *message)
{
    struct isa_place place = lab_lesson_place(reading->lesson, line, word);
    isa_diagnostics_error(reading->diagnostics, &place, ISA_EXIT_DATA, advice, "%s", message);
}

/* ---- The first line ---------------------------------------------------------------------------------------------- */

static void unknown(struct reading *reading, const char *word)
{
    const char *words[DIRECTIVES + sizeof languages / sizeof languages[0]];
    unsigned count = 0;
    for (unsigned i = 0; i < DIRECTIVES; i++)
        words[count++] = directives[i].word;
    for (unsigned i = 0; languages[i] != NULL; i++)
        words[count++] = languages[i];
    words[count] = NULL;
    const char *near = lab_nearest(word, words);
    char *advice = near != NULL ? lab_lesson_format("did you mean '%s'?", near) : NULL;
    char *message = lab_lesson_format("'%s' is neither a directive nor a language of code", word);
    complain(reading, reading->item->line, word, advice, message);
    free(advice);
    free(message);
}

static bool is_name(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return length > 0 && text[length] == '\0' && !isdigit((unsigned char)text[0]);
}

static void read_name(struct reading *reading, const char *word, const char *name, bool has_name)
{
    if (!has_name && *name != '\0')
        complain(reading, reading->item->line, name, NULL, "this directive has no name");
    else if (has_name && *name == '\0')
        complain(reading, reading->item->line, word, NULL, "this directive needs a name, that of a field in lesson.lua");
    else if (has_name && !is_name(name))
        complain(reading, reading->item->line, name, NULL, "a name consists of letters, digits and _");
    reading->item->name = lab_lesson_must(strdup(is_name(name) ? name : ""));
}

/* ---- Questions, things to do ------------------------------------------------------------------------------------- */

static char **place_for(struct reading *reading, char mark, unsigned line)
{
    struct lab_lesson_item *item = reading->item;
    bool is_choice = mark == '-' || mark == '*';
    if (is_choice && item->choice_count == LAB_LESSON_MOST_CHOICES)
        complain(reading, line, NULL, NULL, "these are too many choices: nine at most");
    else if (is_choice)
        return &item->choices[item->choice_count++];
    else if (mark == '?' && item->hint_count == LAB_LESSON_MOST_HINTS)
        complain(reading, line, NULL, NULL, "these are too many hints: nine at most");
    else if (mark == '?')
        return &item->hints[item->hint_count++];
    else
        return mark == '=' ? &item->number : mark == '>' ? &item->explanation : &item->text;
    return NULL;
}

/* A piece of the body (freed), which began in a line, is complete. Pieces of the same kind are joined, choices and hints apart. */
static void finish(struct reading *reading, char mark, char *piece, unsigned line)
{
    struct lab_lesson_item *item = reading->item;
    if (mark == '*' && item->right >= 0)
        complain(reading, line, NULL, NULL, "another choice is the right one already");
    if (mark == '*' && item->right < 0)
        item->right = (int)item->choice_count;
    char **place = place_for(reading, mark, line);
    char *text = mark == '=' ? lab_lesson_must(strdup(piece))
                             : lab_lesson_markdown(reading->lesson, piece, strlen(piece), line);
    free(piece);
    if (place == NULL) {
        free(text);
        return;
    }
    if (*place != NULL) {
        char *joined = lab_lesson_format("%s\n%s", *place, text);
        free(*place);
        free(text);
        text = joined;
    }
    *place = text;
}

/* Lines that begin with a mark, and those that go on with them. */
static void read_marked(struct reading *reading, const char *body, const char *marks)
{
    char *piece = NULL, mark = ' ';
    unsigned line = reading->item->line, start = line + 1;
    while (*body != '\0') {
        size_t end = strcspn(body, "\n"), blanks = strspn(body, " \t");
        bool is_marked = end > 1 && strchr(marks, body[0]) != NULL && body[1] == ' ', is_empty = blanks >= end;
        bool goes_on = is_marked && piece != NULL && mark == '>' && body[0] == '>'; /* as in a quotation */
        line++;
        if (((is_marked && !goes_on) || is_empty) && piece != NULL) {
            finish(reading, mark, piece, start);
            piece = NULL;
        }
        if (piece == NULL)
            start = line;
        if (is_marked)
            mark = body[0];
        if (!is_empty) {
            size_t skipped = is_marked ? 2 : blanks;
            char *longer = lab_lesson_format("%s%s%.*s", piece != NULL ? piece : "", piece != NULL ? "\n" : "",
                                             (int)(end - skipped), body + skipped);
            free(piece);
            piece = longer;
        }
        body += end + (body[end] == '\n');
    }
    if (piece != NULL)
        finish(reading, mark, piece, start);
}

static void check_question(struct reading *reading)
{
    struct lab_lesson_item *item = reading->item;
    bool has_choices = item->choice_count > 0, has_number = item->number != NULL;
    if (item->text == NULL)
        complain(reading, item->line, item->name, NULL, "nothing is asked here");
    if (has_choices == has_number)
        complain(reading, item->line, item->name, "write '- ' before a choice and '* ' before the right one, or '= {value}'",
                 has_choices ? "this has choices and a number, too" : "this has neither choices nor a number");
    else if (has_choices && item->right < 0)
        complain(reading, item->line, item->name, "write '* ' before the right one", "no choice is the right one");
    else if (has_choices && item->choice_count < 2)
        complain(reading, item->line, item->name, NULL, "one choice alone is none");
    if (item->explanation == NULL)
        complain(reading, item->line, item->name, "write '> ' before it", "the answer is not explained");
    item->right = has_choices ? item->right : -1;
}

/* ---- Commands ---------------------------------------------------------------------------------------------------- */

static void read_part(struct reading *reading, const char *text, unsigned line)
{
    struct lab_lesson_item *item = reading->item;
    char rest;
    int fields = sscanf(text, "lines %u-%u%c", &item->first_line, &item->last_line, &rest);
    if (fields == 2 && item->first_line > 0 && item->first_line <= item->last_line)
        return;
    item->first_line = item->last_line = 0;
    if (strncmp(text, "match ", 6) == 0 && item->pattern == NULL)
        item->pattern = lab_lesson_must(strdup(text + 6));
    else
        complain(reading, line, text, NULL, "'lines FIRST-LAST' or 'match PATTERN' is wanted here");
}

static void read_command(struct reading *reading, const char *body)
{
    static const char start[] = "$ pg74 ";
    if (*body == '\0')
        complain(reading, reading->item->line, "command", NULL, "there is no command");
    for (unsigned line = reading->item->line + 1; *body != '\0'; line++) {
        size_t end = strcspn(body, "\n");
        char *text = lab_lesson_must(strndup(body, end));
        if (reading->item->text == NULL && strncmp(text, start, sizeof start - 1) == 0)
            reading->item->text = lab_lesson_must(strdup(text + sizeof start - 1));
        else if (reading->item->text == NULL)
            complain(reading, line, text, NULL, "a line such as '$ pg74 classify pdp10' is wanted here");
        else if (end > 0)
            read_part(reading, text, line);
        free(text);
        body += end + (body[end] == '\n');
    }
    if (reading->item->text == NULL)
        reading->item->text = lab_lesson_must(strdup("--version"));
}

/* ---- All of them ------------------------------------------------------------------------------------------------- */

static void read_body(struct reading *reading, const char *body)
{
    struct lab_lesson_item *item = reading->item;
    switch (item->kind) {
    case LAB_LESSON_COMMAND: read_command(reading, body); break;
    case LAB_LESSON_PREDICT: case LAB_LESSON_QUESTION:
        read_marked(reading, body, "-*=>?");
        check_question(reading);
        break;
    case LAB_LESSON_DO: case LAB_LESSON_TASK:
        read_marked(reading, body, "?");
        if (item->text == NULL)
            complain(reading, item->line, item->name, NULL, "it is not said what is to be done");
        break;
    case LAB_LESSON_SHOW:
        read_marked(reading, body, "");
        if (item->text == NULL)
            complain(reading, item->line, item->name, NULL, "it is not said what is to be seen");
        break;
    default:
        if (body[strspn(body, " \t\n")] != '\0')
            complain(reading, item->line + 1, NULL, NULL, "this directive has nothing in it");
    }
    if (item->text == NULL)
        item->text = lab_lesson_must(strdup(""));
}

bool lab_lesson_directive(struct lab_lesson *lesson, struct lab_lesson_item *item, const char *info, const char *body,
                          struct isa_diagnostics *diagnostics)
{
    struct reading reading = {lesson, item, diagnostics};
    size_t length = strcspn(info, " ");
    char *word = lab_lesson_must(strndup(info, length));
    bool is_known = length == 0;
    for (unsigned i = 0; languages[i] != NULL; i++)
        is_known |= strcmp(languages[i], word) == 0;
    for (unsigned i = 0; i < DIRECTIVES; i++) {
        if (strcmp(directives[i].word, word) != 0)
            continue;
        item->kind = directives[i].kind;
        read_name(&reading, word, info + length + strspn(info + length, " "), directives[i].has_name);
        read_body(&reading, body);
        free(word);
        return true;
    }
    if (!is_known)
        unknown(&reading, word);
    free(word);
    return false;
}
