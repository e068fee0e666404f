/* read.c: the text of a lesson: front matter, sections, items, and the pages that are made of them. */
#include "lab/lesson/internal.h"

#include <cmark.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lab/lab.h"
#include "lab/language.h"

/* ---- Memory and texts -------------------------------------------------------------------------------------------- */

void *lab_lesson_must(void *memory)
{
    if (memory == NULL) {
        fputs("pg74: internal error: out of memory\n", stderr);
        exit(ISA_EXIT_INTERNAL);
    }
    return memory;
}

char *lab_lesson_format(const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return lab_lesson_must(length < 0 ? NULL : text);
}

/* Doubles at powers of two. */
void *lab_lesson_grow(void *array, unsigned count, size_t size)
{
    if (count != 0 && (count & (count - 1)) != 0)
        return array;
    return lab_lesson_must(realloc(array, (count ? 2 * (size_t)count : 1) * size));
}

static const char *line_start(const char *text, unsigned line)
{
    for (unsigned i = 1; i < line; i++) {
        const char *end = strchr(text, '\n');
        if (end == NULL)
            break;
        text = end + 1;
    }
    return text;
}

struct isa_place lab_lesson_place(const struct lab_lesson *lesson, unsigned line, const char *word)
{
    struct isa_place place = {.file = lesson->file, .text = lesson->text, .line = line, .column = 1, .length = 1};
    const char *start = line_start(lesson->text, line);
    size_t length = strcspn(start, "\n"), blank = strspn(start, " ");
    const char *found = word != NULL && *word != '\0' ? memmem(start, length, word, strlen(word)) : NULL;
    place.column = (unsigned)(found != NULL ? (size_t)(found - start) : blank < length ? blank : 0) + 1;
    place.length = (unsigned)(found != NULL ? strlen(word) : length > blank ? length - blank : 1);
    return place;
}

/* ---- Front matter ------------------------------------------------------------------------------------------------ */

static void complain(const struct lab_lesson *lesson, unsigned line, const char *word, struct isa_diagnostics *diagnostics,
                     const char *advice, const char *message)
{
    struct isa_place place = lab_lesson_place(lesson, line, word);
    isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, advice, "%s", message);
}

static unsigned read_number(const struct lab_lesson *lesson, unsigned line, const char *value, struct isa_diagnostics *diagnostics)
{
    char *end;
    long number = strtol(value, &end, 10);
    if (end == value || *end != '\0' || number < 1 || number > 9999)
        complain(lesson, line, value, diagnostics, NULL, "a whole number from 1 to 9999 is wanted here");
    return number < 1 || number > 9999 ? 0 : (unsigned)number;
}

static void read_field(struct lab_lesson *lesson, unsigned line, const char *key, const char *value,
                       struct isa_diagnostics *diagnostics)
{
    static const char *const keys[] = {"title", "order", "minutes", "terms", "after", NULL};
    if (strcmp(key, "title") == 0 && lesson->title == NULL) {
        lesson->title = lab_language_fit(lab_lesson_must(strdup(value)));
    } else if (strcmp(key, "terms") == 0 && lesson->terms == NULL) {
        lesson->terms = lab_lesson_must(strdup(value));
    } else if (strcmp(key, "after") == 0 && lesson->after == NULL) {
        lesson->after = lab_lesson_must(strdup(value));
    } else if (strcmp(key, "order") == 0) {
        lesson->head.order = read_number(lesson, line, value, diagnostics);
    } else if (strcmp(key, "minutes") == 0) {
        lesson->head.minutes = read_number(lesson, line, value, diagnostics);
    } else {
        const char *near = lab_nearest(key, keys);
        char *advice = near != NULL ? lab_lesson_format("did you mean '%s'?", near) : NULL;
        char *message = lab_lesson_format("the head of a lesson has no '%s', or has it already", key);
        complain(lesson, line, key, diagnostics, advice, message);
        free(advice);
        free(message);
    }
}

/* Reads the lines between two of "---", and returns the number of the line after them; 0: there are none. */
static unsigned read_head(struct lab_lesson *lesson, struct isa_diagnostics *diagnostics)
{
    if (strncmp(lesson->text, "---\n", 4) != 0) {
        complain(lesson, 1, NULL, diagnostics, "the first line is ---, then come title:, order:, minutes: and terms:, then --- again",
                 "a lesson begins with its head");
        return 0;
    }
    const char *at = lesson->text + 4;
    for (unsigned line = 2; *at != '\0'; line++) {
        size_t length = strcspn(at, "\n"), key = strcspn(at, ":\n");
        if (length == 3 && strncmp(at, "---", 3) == 0)
            return line + 1;
        if (*at == '#')
            break;
        if (length > 0 && key == length) {
            complain(lesson, line, NULL, diagnostics, NULL, "'name: value' is wanted in the head of a lesson");
        } else if (length > 0) {
            size_t blanks = strspn(at + key + 1, " ");
            char *name = lab_lesson_must(strndup(at, key));
            char *value = lab_lesson_must(strndup(at + key + 1 + blanks, length - key - 1 - blanks));
            read_field(lesson, line, name, value, diagnostics);
            free(name);
            free(value);
        }
        at += length + (at[length] == '\n');
    }
    complain(lesson, 1, NULL, diagnostics, NULL, "the head of this lesson does not end: --- is missing");
    return 0;
}

/* ---- Items ------------------------------------------------------------------------------------------------------- */

/* Where in the document we are. */
struct reading {
    struct lab_lesson *lesson;
    struct isa_diagnostics *diagnostics;
    unsigned lines_before, indent;
    char *marker; /* for the next item */
    bool is_tight;
};

static struct lab_lesson_item *add_item(struct reading *reading, enum lab_lesson_kind kind, unsigned line)
{
    struct lab_lesson *lesson = reading->lesson;
    lesson->items = lab_lesson_grow(lesson->items, lesson->item_count, sizeof *lesson->items);
    struct lab_lesson_item *item = &lesson->items[lesson->item_count++];
    *item = (struct lab_lesson_item){.kind = kind, .line = line, .indent = reading->indent, .marker = reading->marker,
                                     .is_tight = reading->is_tight, .right = -1};
    reading->marker = NULL;
    return item;
}

static void add_section(struct reading *reading, char *title, unsigned line)
{
    struct lab_lesson *lesson = reading->lesson;
    lesson->sections = lab_lesson_grow(lesson->sections, lesson->section_count, sizeof *lesson->sections);
    /* `first_page` is the first item, until pages are made. */
    lesson->sections[lesson->section_count++] = (struct lab_lesson_section){
        .title = title, .line = line, .first_page = lesson->item_count};
}

static void read_heading(struct reading *reading, cmark_node *node, unsigned line)
{
    char *text = lab_lesson_inlines(reading->lesson, node, line);
    if (cmark_node_get_heading_level(node) == 2) {
        add_section(reading, lab_language_fit(lab_lesson_unstyled(text)), line);
        return;
    }
    if (cmark_node_get_heading_level(node) == 1)
        complain(reading->lesson, line, NULL, reading->diagnostics, "the title stands in the head; sections begin with ##",
                 "a lesson has no heading of this level");
    add_item(reading, LAB_LESSON_HEADING, line)->text = text;
}

static void read_code(struct reading *reading, cmark_node *node, unsigned line)
{
    const char *info = cmark_node_get_fence_info(node), *body = cmark_node_get_literal(node);
    struct lab_lesson_item *item = add_item(reading, LAB_LESSON_CODE, line);
    if (!lab_lesson_directive(reading->lesson, item, info ? info : "", body, reading->diagnostics))
        item->text = lab_lesson_must(strdup(body));
}

static void read_block(struct reading *reading, cmark_node *node);

static void read_blocks(struct reading *reading, cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node != NULL; node = cmark_node_next(node))
        read_block(reading, node);
}

static void read_list(struct reading *reading, cmark_node *list)
{
    enum { INDENT = 3 };
    int number = cmark_node_get_list_start(list);
    bool is_numbered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST, is_first = true, was_tight = reading->is_tight;
    reading->indent += INDENT;
    for (cmark_node *item = cmark_node_first_child(list); item != NULL; item = cmark_node_next(item)) {
        reading->is_tight = (is_first ? was_tight : cmark_node_get_list_tight(list)) != 0;
        free(reading->marker);
        reading->marker = is_numbered ? lab_lesson_format("%d.", number++) : lab_lesson_must(strdup("-"));
        read_blocks(reading, item);
        is_first = false;
    }
    reading->indent -= INDENT;
    reading->is_tight = was_tight;
}

static void read_block(struct reading *reading, cmark_node *node)
{
    unsigned line = (unsigned)cmark_node_get_start_line(node) + reading->lines_before;
    bool has_section = reading->lesson->section_count > 0;
    if (!has_section && !(cmark_node_get_type(node) == CMARK_NODE_HEADING && cmark_node_get_heading_level(node) == 2)) {
        complain(reading->lesson, line, NULL, reading->diagnostics, "begin with a line such as: ## What this is about",
                 "text before the first section");
        add_section(reading, lab_lesson_must(strdup("")), line);
    }
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HEADING: read_heading(reading, node, line); break;
    case CMARK_NODE_PARAGRAPH: {
        char *text = lab_lesson_inlines(reading->lesson, node, line);
        add_item(reading, LAB_LESSON_PARAGRAPH, line)->text = text;
        break;
    }
    case CMARK_NODE_CODE_BLOCK: read_code(reading, node, line); break;
    case CMARK_NODE_LIST: read_list(reading, node); break;
    case CMARK_NODE_BLOCK_QUOTE:
        reading->indent += 2;
        read_blocks(reading, node);
        reading->indent -= 2;
        break;
    case CMARK_NODE_HTML_BLOCK:
        if (strncmp(cmark_node_get_literal(node), "<!--", 4) != 0)
            complain(reading->lesson, line, NULL, reading->diagnostics, NULL, "HTML cannot be shown in a terminal");
        break;
    default: break; /* a line across */
    }
}

/* ---- Pages ------------------------------------------------------------------------------------------------------- */

bool lab_lesson_is_asked(enum lab_lesson_kind kind) { return kind >= LAB_LESSON_PREDICT; }

static void add_page(struct lab_lesson *lesson, unsigned section, unsigned first, unsigned end)
{
    lesson->pages = lab_lesson_grow(lesson->pages, lesson->page_count, sizeof *lesson->pages);
    lesson->pages[lesson->page_count++] = (struct lab_lesson_page){section, first, end - first};
    lesson->sections[section].page_count++;
}

/* Does a new page begin before this item? When the reader was asked for something, and where the machine moves on after the
 * reader was told what it did before. */
static bool begins_page(const struct lab_lesson *lesson, unsigned first, unsigned number)
{
    bool moves = lesson->items[number].kind == LAB_LESSON_MACHINE || lesson->items[number].kind == LAB_LESSON_SHOW;
    bool has_moved = false, is_told = false;
    if (number == first)
        return false;
    for (unsigned i = first; i < number; i++) {
        enum lab_lesson_kind kind = lesson->items[i].kind;
        if (kind == LAB_LESSON_MACHINE || kind == LAB_LESSON_SHOW)
            has_moved = true;
        else
            is_told = has_moved;
    }
    return lab_lesson_is_asked(lesson->items[number - 1].kind) || (moves && is_told);
}

static void make_pages(struct lab_lesson *lesson)
{
    for (unsigned section = 0; section < lesson->section_count; section++) {
        unsigned first = lesson->sections[section].first_page;
        unsigned end = section + 1 < lesson->section_count ? lesson->sections[section + 1].first_page : lesson->item_count;
        lesson->sections[section].first_page = lesson->page_count;
        for (unsigned number = first; number < end; number++) {
            if (!begins_page(lesson, first, number))
                continue;
            add_page(lesson, section, first, number);
            first = number;
        }
        add_page(lesson, section, first, end);
    }
}

/* ---- A lesson ---------------------------------------------------------------------------------------------------- */

static void read_body(struct lab_lesson *lesson, unsigned first_line, struct isa_diagnostics *diagnostics)
{
    const char *body = line_start(lesson->text, first_line);
    cmark_node *document = cmark_parse_document(body, strlen(body), CMARK_OPT_DEFAULT);
    struct reading reading = {.lesson = lesson, .diagnostics = diagnostics, .lines_before = first_line - 1};
    read_blocks(&reading, document);
    free(reading.marker);
    cmark_node_free(document);
    if (lesson->section_count == 0)
        complain(lesson, first_line, NULL, diagnostics, "sections begin with ##", "this lesson has no sections");
    make_pages(lesson);
}

/* Bytes that no text has would be taken for styles: each line with some is an error, and they become blanks. */
static void refuse_controls(struct lab_lesson *lesson, size_t length, struct isa_diagnostics *diagnostics)
{
    unsigned line = 1, last = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)lesson->text[i];
        bool is_control = (byte < ' ' && byte != '\n' && byte != '\t') || byte == 0x7f;
        if (is_control) {
            lesson->text[i] = ' ';
            if (line != last)
                complain(lesson, line, NULL, diagnostics, "lines end with a line feed alone", "a control character in the text");
            last = line;
        }
        line += byte == '\n';
    }
}

/* The text in this language, or in English. */
static char *find_text(const char *folder, const char *language, char **found)
{
    const char *languages[] = {language, "en"};
    struct stat status;
    for (unsigned i = 0; i < 2; i++) {
        char *path = lab_lesson_format("%s/%s.md", folder, languages[i]);
        if (stat(path, &status) == 0 || i == 1) {
            *found = lab_lesson_must(strdup(languages[i]));
            return path;
        }
        free(path);
    }
    return NULL;
}

static void set_head(struct lab_lesson *lesson, struct isa_diagnostics *diagnostics)
{
    const char *slash = strrchr(lesson->folder, '/');
    if (lesson->title == NULL)
        complain(lesson, 1, NULL, diagnostics, NULL, "the head of this lesson has no title");
    if (lesson->head.minutes == 0)
        complain(lesson, 1, NULL, diagnostics, NULL, "the head of this lesson does not say how many minutes it takes");
    lesson->head.name = slash != NULL ? slash + 1 : lesson->folder;
    lesson->head.folder = lesson->folder;
    lesson->head.file = lesson->file;
    lesson->head.language = lesson->language;
    lesson->head.title = lesson->title != NULL ? lesson->title : lesson->head.name;
    lesson->head.terms = lesson->terms != NULL ? lesson->terms : "";
    lesson->head.after = lesson->after != NULL ? lesson->after : "";
    if (lesson->head.order == 0)
        lesson->head.order = 10000;
}

struct lab_lesson *lab_lesson_read(const char *folder, const char *language, struct isa_diagnostics *diagnostics)
{
    struct lab_lesson *lesson = lab_lesson_must(calloc(1, sizeof *lesson));
    size_t length, folder_length = strlen(folder);
    while (folder_length > 1 && folder[folder_length - 1] == '/')
        folder_length--;
    lesson->folder = lab_lesson_must(strndup(folder, folder_length));
    lesson->file = find_text(lesson->folder, language, &lesson->language);
    lesson->text = isa_read_file(lesson->file, &length, diagnostics);
    if (lesson->text == NULL || length == 0) {
        if (lesson->text != NULL)
            complain(lesson, 1, NULL, diagnostics, NULL, "this lesson is empty");
        lab_lesson_free(lesson);
        return NULL;
    }
    refuse_controls(lesson, length, diagnostics);
    unsigned first_line = read_head(lesson, diagnostics);
    if (first_line == 0) {
        lab_lesson_free(lesson);
        return NULL;
    }
    set_head(lesson, diagnostics);
    read_body(lesson, first_line, diagnostics);
    lesson->script = lab_lesson_script_open(lesson->folder, lesson->language, diagnostics);
    if (lesson->page_count > 0)
        return lesson;
    lab_lesson_free(lesson);
    return NULL;
}

static void free_item(struct lab_lesson_item *item)
{
    free(item->marker);
    free(item->name);
    free(item->text);
    for (unsigned i = 0; i < item->choice_count; i++)
        free(item->choices[i]);
    for (unsigned i = 0; i < item->hint_count; i++)
        free(item->hints[i]);
    free(item->number);
    free(item->explanation);
    free(item->pattern);
}

void lab_lesson_free(struct lab_lesson *lesson)
{
    if (lesson == NULL)
        return;
    lab_lesson_script_close(lesson->script);
    for (unsigned i = 0; i < lesson->item_count; i++)
        free_item(&lesson->items[i]);
    for (unsigned i = 0; i < lesson->section_count; i++)
        free(lesson->sections[i].title);
    for (unsigned i = 0; i < lesson->link_count; i++)
        free(lesson->links[i].target);
    free(lesson->items);
    free(lesson->sections);
    free(lesson->pages);
    free(lesson->links);
    free(lesson->title);
    free(lesson->terms);
    free(lesson->after);
    free(lesson->folder);
    free(lesson->file);
    free(lesson->language);
    free(lesson->text);
    free(lesson);
}

const struct lab_lesson_head *lab_lesson_head(const struct lab_lesson *lesson) { return &lesson->head; }
unsigned lab_lesson_section_count(const struct lab_lesson *lesson) { return lesson->section_count; }
unsigned lab_lesson_page_count(const struct lab_lesson *lesson) { return lesson->page_count; }
unsigned lab_lesson_item_count(const struct lab_lesson *lesson) { return lesson->item_count; }

const struct lab_lesson_section *lab_lesson_section(const struct lab_lesson *lesson, unsigned number)
{
    return &lesson->sections[number];
}

const struct lab_lesson_page *lab_lesson_page(const struct lab_lesson *lesson, unsigned number) { return &lesson->pages[number]; }
const struct lab_lesson_item *lab_lesson_item(const struct lab_lesson *lesson, unsigned number) { return &lesson->items[number]; }

/* ---- Searching --------------------------------------------------------------------------------------------------- */

static bool has_text(const char *styled, const char *text)
{
    if (styled == NULL)
        return false;
    char *plain = lab_lesson_unstyled(lab_lesson_must(strdup(styled)));
    bool is_found = strcasestr(plain, text) != NULL;
    free(plain);
    return is_found;
}

/* Answers and hints are not looked into: they would give away what is asked. */
static bool page_has(const struct lab_lesson *lesson, unsigned number, const char *text)
{
    const struct lab_lesson_page *page = &lesson->pages[number];
    const struct lab_lesson_section *section = &lesson->sections[page->section];
    if (section->first_page == number && has_text(section->title, text))
        return true;
    for (unsigned i = 0; i < page->count; i++)
        if (has_text(lesson->items[page->first + i].text, text))
            return true;
    return false;
}

bool lab_lesson_search(const struct lab_lesson *lesson, const char *text, unsigned first, unsigned *page)
{
    for (unsigned i = 0; i < lesson->page_count; i++) {
        *page = (first + i) % lesson->page_count;
        if (page_has(lesson, *page, text))
            return true;
    }
    return false;
}
