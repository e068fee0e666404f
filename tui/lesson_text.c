/* lesson_text.c: a page of a lesson as lines of text with styles. */
#include "tui/lesson.h"

#include <stdlib.h>
#include <string.h>

/* ---- What the page says ------------------------------------------------------------------------------------------ */

static const struct lab_lesson_page *page_of(const struct tui_lesson *lesson)
{
    return lab_lesson_page(lesson->lesson, lab_lesson_player_page(lesson->player));
}

static char *fill_item(struct tui_lesson *lesson, const struct lab_lesson_item *item, struct isa_diagnostics *diagnostics)
{
    switch (item->kind) {
    case LAB_LESSON_CODE: return strdup(item->text);
    case LAB_LESSON_MACHINE: return NULL;
    case LAB_LESSON_FIGURE: case LAB_LESSON_COMMAND: return lab_lesson_output(lesson->lesson, item, diagnostics);
    default: return lab_lesson_fill(lesson->lesson, item->text, diagnostics);
    }
}

static void fill_question(struct tui_lesson *lesson, const struct lab_lesson_item *item, struct isa_diagnostics *diagnostics)
{
    char **explanation = &lesson->question[LAB_LESSON_MOST_CHOICES + LAB_LESSON_MOST_HINTS];
    for (unsigned i = 0; i < item->choice_count; i++)
        lesson->question[i] = lab_language_fit(lab_lesson_fill(lesson->lesson, item->choices[i], diagnostics));
    for (unsigned i = 0; i < item->hint_count; i++)
        lesson->question[LAB_LESSON_MOST_CHOICES + i] =
            lab_language_fit(lab_lesson_fill(lesson->lesson, item->hints[i], diagnostics));
    if (item->explanation != NULL)
        *explanation = lab_language_fit(lab_lesson_fill(lesson->lesson, item->explanation, diagnostics));
}

/* The columns that code, a figure or a program's output takes. */
static int width_of(const struct lab_lesson_item *item, const char *text)
{
    int widest = 0;
    if (text == NULL || (item->kind != LAB_LESSON_CODE && item->kind != LAB_LESSON_FIGURE && item->kind != LAB_LESSON_COMMAND))
        return 0;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        int width = (int)lab_lesson_width(text, length) + 2;
        widest = width > widest ? width : widest;
        text += length + (text[length] == '\n');
    }
    return widest;
}

void tui_lesson_fill(struct tui_lesson *lesson)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    const struct lab_lesson_page *page = page_of(lesson);
    const struct lab_lesson_item *asked = lab_lesson_player_asked(lesson->player);
    lesson->texts = calloc(page->count + 1, sizeof *lesson->texts);
    if (lesson->texts == NULL)
        abort();
    lesson->text_count = page->count;
    lesson->widest = 0;
    for (unsigned i = 0; i < page->count; i++) {
        const struct lab_lesson_item *item = lab_lesson_item(lesson->lesson, page->first + i);
        lesson->texts[i] = lab_language_fit(fill_item(lesson, item, diagnostics));
        int width = width_of(item, lesson->texts[i]);
        lesson->widest = width > lesson->widest ? width : lesson->widest;
    }
    if (asked != NULL)
        fill_question(lesson, asked, diagnostics);
    if (isa_diagnostics_count(diagnostics) > 0 && lesson->problem == NULL)
        lesson->problem = strdup(isa_diagnostics_message(diagnostics, 0));
    isa_diagnostics_free(diagnostics);
}

void tui_lesson_forget(struct tui_lesson *lesson)
{
    for (unsigned i = 0; i < lesson->text_count; i++)
        free(lesson->texts[i]);
    free(lesson->texts);
    for (unsigned i = 0; i < sizeof lesson->question / sizeof lesson->question[0]; i++) {
        free(lesson->question[i]);
        lesson->question[i] = NULL;
    }
    free(lesson->problem);
    free(lesson->verdict);
    lesson->texts = NULL;
    lesson->problem = lesson->verdict = NULL;
    lesson->text_count = 0;
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

struct writing {
    struct tui_text *text;
    enum tui_style base; /* the style of text without one */
    int style;           /* that of the lesson's, which goes on over lines */
    int indent;
    const char *marker;
    enum tui_style marker_style;
    bool is_first;
};

static enum tui_style style_of(const struct writing *writing)
{
    switch (writing->style) {
    case LAB_LESSON_EMPHASIS: case LAB_LESSON_STRONG: return TUI_STRONG;
    case LAB_LESSON_SPAN: return TUI_THIRD;
    case LAB_LESSON_LINK: return TUI_MONITOR;
    default: return writing->base;
    }
}

static void put_line(void *context, const char *line, size_t length)
{
    struct writing *writing = context;
    int marker = (int)lab_lesson_width(writing->marker, strlen(writing->marker));
    bool is_marked = writing->is_first && marker > 0;
    tui_put(writing->text, TUI_PLAIN, "%*s", is_marked ? writing->indent - marker - 1 : writing->indent, "");
    if (is_marked)
        tui_put(writing->text, writing->marker_style, "%s ", writing->marker);
    writing->is_first = false;
    for (size_t at = 0; at < length;) {
        size_t run = 0;
        if (line[at] > 0 && line[at] < LAB_LESSON_STYLES) {
            writing->style = line[at++];
            continue;
        }
        while (at + run < length && (line[at + run] < 0 || line[at + run] >= LAB_LESSON_STYLES))
            run++;
        tui_put(writing->text, style_of(writing), "%.*s", (int)run, line + at);
        at += run;
    }
    tui_put(writing->text, TUI_PLAIN, "\n");
}

static void put_wrapped(struct tui_text *text, enum tui_style style, int indent, const char *marker, const char *from, int columns)
{
    struct writing writing = {.text = text, .base = style, .style = LAB_LESSON_PLAIN, .indent = indent, .marker = marker,
                              .marker_style = TUI_KEY, .is_first = true};
    lab_lesson_wrap(from, (unsigned)(columns > indent + 10 ? columns - indent : 10), put_line, &writing);
}

/* How many bytes of a line go on one line of the screen: up to the last space before its end where there is one. */
static size_t fitting(const char *line, size_t length, int columns)
{
    size_t end = 0, space = 0;
    for (size_t next = 0; next < length; end = next) {
        for (next++; next < length && ((unsigned char)line[next] & 0xc0) == 0x80;)
            next++;
        if ((int)lab_lesson_width(line, next) > columns)
            return space > 0 ? space : end > 0 ? end : next;
        space = line[end] == ' ' && (int)lab_lesson_width(line, end) > columns / 2 ? next : space;
    }
    return length;
}

/* As it stands; what is too wide goes on in the next line. */
static void put_code(struct tui_text *text, enum tui_style style, const char *from, int widest, int room)
{
    enum { INDENT = 2, MORE = 8 };
    const char *indent = widest <= room ? "  " : ""; /* widest counts it */
    int columns = room - (*indent != '\0' ? INDENT : 0);
    while (*from != '\0') {
        size_t length = strcspn(from, "\n"), put = fitting(from, length, columns);
        tui_put(text, style, "%s", indent);
        tui_put_bytes(text, style, from, put);
        while (put < length) {
            size_t more = fitting(from + put, length - put, columns - MORE);
            tui_put(text, TUI_PLAIN, "\n");
            tui_put(text, style, "%s%*s", indent, MORE, "");
            tui_put_bytes(text, style, from + put, more);
            put += more;
        }
        tui_put(text, TUI_PLAIN, "\n");
        from += length + (from[length] == '\n');
    }
}

/* ---- What is asked ----------------------------------------------------------------------------------------------- */

static void put_choices(struct tui_lesson *lesson, const struct lab_lesson_item *item, struct tui_text *text, int columns)
{
    for (unsigned i = 0; i < item->choice_count; i++) {
        char marker[16];
        bool is_right = lesson->is_answered && (int)i == item->right, is_given = (int)i == lesson->given;
        snprintf(marker, sizeof marker, "%s%u", is_right ? "*" : is_given ? ">" : " ", i + 1);
        enum tui_style style = is_right ? TUI_GOOD : is_given ? TUI_WARNING : TUI_PLAIN;
        put_wrapped(text, style, 5, marker, lesson->question[i], columns);
    }
}

static void put_how(struct tui_lesson *lesson, const struct lab_lesson_item *item, struct tui_text *text, int columns)
{
    const char *how = item->choice_count > 0                ? _("Type the number of your choice.")
                      : item->right < 0 && item->number != NULL ? _("Enter asks for a number.")
                      : item->kind == LAB_LESSON_TASK           ? _("e edits, c checks; H is a hint.")
                                                                : _("Enter looks whether it is done; H is a hint.");
    if (!lesson->is_answered)
        put_wrapped(text, TUI_DIM, 0, "", how, columns);
}

/* A path that is too long goes on in the next line, so that it can be copied whole. */
static void put_files(struct tui_lesson *lesson, const struct lab_lesson_item *item, struct tui_text *text, int columns)
{
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    const char *name;
    char *path;
    for (unsigned i = 0; (path = lab_lesson_player_file(lesson->player, item, i, &name, ignored)) != NULL; i++) {
        for (size_t at = 0, length = strlen(path); at < length;) {
            size_t put = fitting(path + at, length - at, columns);
            tui_put_bytes(text, TUI_DIM, path + at, put);
            tui_put(text, TUI_PLAIN, "\n");
            at += put;
        }
        free(path);
    }
    isa_diagnostics_free(ignored);
}

static void put_asked(struct tui_lesson *lesson, const struct lab_lesson_item *item, const char *filled, struct tui_text *text, int columns)
{
    static const char *const headings[] = {N_("Predict"), N_("Question"), N_("To do"), N_("Task")};
    tui_put(text, TUI_KEY, "%s\n", _(headings[item->kind - LAB_LESSON_PREDICT]));
    put_wrapped(text, TUI_PLAIN, 0, "", filled, columns);
    if (item->kind == LAB_LESSON_TASK)
        put_files(lesson, item, text, columns);
    put_choices(lesson, item, text, columns);
    put_how(lesson, item, text, columns);
    for (unsigned i = 0; i < lesson->hints; i++)
        put_wrapped(text, TUI_SECOND, 2, "?", lesson->question[LAB_LESSON_MOST_CHOICES + i], columns);
    if (lesson->verdict != NULL)
        put_wrapped(text, lesson->is_answered ? TUI_GOOD : TUI_WARNING, 0, "", lesson->verdict, columns);
    if (lesson->is_answered && lesson->question[LAB_LESSON_MOST_CHOICES + LAB_LESSON_MOST_HINTS] != NULL)
        put_wrapped(text, TUI_PLAIN, 0, "", lesson->question[LAB_LESSON_MOST_CHOICES + LAB_LESSON_MOST_HINTS], columns);
}

/* ---- The page ---------------------------------------------------------------------------------------------------- */

static void put_command(struct tui_text *text, const char *arguments, int room)
{
    char *line;
    if (asprintf(&line, "$ pg74 %s", arguments) < 0)
        abort();
    put_code(text, TUI_STRONG, line, 0, room);
    free(line);
}

static void put_item(struct tui_lesson *lesson, const struct lab_lesson_item *item, const char *filled, struct tui_text *text,
                     int columns, int room)
{
    if (item->kind == LAB_LESSON_COMMAND)
        put_command(text, item->text, room);
    if (filled == NULL)
        return;
    switch (item->kind) {
    case LAB_LESSON_HEADING: put_wrapped(text, TUI_STRONG, 0, "", filled, columns); break;
    case LAB_LESSON_PARAGRAPH:
        put_wrapped(text, TUI_PLAIN, (int)item->indent, item->marker != NULL ? item->marker : "", filled, columns);
        break;
    case LAB_LESSON_SHOW: put_wrapped(text, TUI_STRONG, 0, "", filled, columns); break;
    case LAB_LESSON_CODE: put_code(text, TUI_THIRD, filled, width_of(item, filled), room); break;
    case LAB_LESSON_FIGURE: case LAB_LESSON_COMMAND: put_code(text, TUI_PLAIN, filled, width_of(item, filled), room); break;
    case LAB_LESSON_MACHINE: break;
    default: put_asked(lesson, item, filled, text, columns);
    }
}

void tui_lesson_put(struct tui_lesson *lesson, struct tui_text *text, int columns, int room)
{
    const struct lab_lesson_page *page = page_of(lesson);
    const struct lab_lesson_section *section = lab_lesson_section(lesson->lesson, page->section);
    bool is_first = true;
    if (section->first_page == lab_lesson_player_page(lesson->player)) {
        tui_put(text, TUI_STRONG, "%u. %s\n", page->section + 1, section->title);
        is_first = false;
    }
    for (unsigned i = 0; i < page->count; i++) {
        const struct lab_lesson_item *item = lab_lesson_item(lesson->lesson, page->first + i);
        if (item->kind == LAB_LESSON_MACHINE)
            continue;
        if (!is_first && !item->is_tight)
            tui_put(text, TUI_PLAIN, "\n");
        put_item(lesson, item, lesson->texts[i], text, columns, room);
        is_first = false;
    }
    if (lesson->problem != NULL)
        put_wrapped(text, TUI_WARNING, 0, "", lesson->problem, columns);
}
