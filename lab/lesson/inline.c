/* inline.c: what stands within a paragraph: styles, links, values by name; and cutting it into lines. */
#include "lab/lesson/internal.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* ---- From Markdown ----------------------------------------------------------------------------------------------- */

struct writing {
    struct lab_lesson *lesson;
    FILE *stream;
    unsigned line;
};

static void add_link(struct lab_lesson *lesson, const char *target, unsigned line)
{
    lesson->links = lab_lesson_grow(lesson->links, lesson->link_count, sizeof *lesson->links);
    lesson->links[lesson->link_count++] = (struct lab_lesson_link){lab_lesson_must(strdup(target)), line};
}

/* Braces that came as such from code stay what they are: see lab_lesson_fill. */
static void write_inlines(struct writing *writing, cmark_node *parent, int style)
{
    for (cmark_node *node = cmark_node_first_child(parent); node != NULL; node = cmark_node_next(node)) {
        int inner = style;
        switch (cmark_node_get_type(node)) {
        case CMARK_NODE_TEXT: fputs(cmark_node_get_literal(node), writing->stream); continue;
        case CMARK_NODE_SOFTBREAK: fputc(' ', writing->stream); writing->line++; continue;
        case CMARK_NODE_LINEBREAK: fputc('\n', writing->stream); writing->line++; continue;
        case CMARK_NODE_CODE:
            fprintf(writing->stream, "%c%s%c", LAB_LESSON_SPAN, cmark_node_get_literal(node), style);
            continue;
        case CMARK_NODE_EMPH: inner = LAB_LESSON_EMPHASIS; break;
        case CMARK_NODE_STRONG: inner = LAB_LESSON_STRONG; break;
        case CMARK_NODE_LINK: case CMARK_NODE_IMAGE:
            inner = LAB_LESSON_LINK;
            add_link(writing->lesson, cmark_node_get_url(node), writing->line);
            break;
        default: continue;
        }
        fputc(inner, writing->stream);
        write_inlines(writing, node, inner);
        if (inner == LAB_LESSON_LINK && strncmp(cmark_node_get_url(node), "http", 4) == 0)
            fprintf(writing->stream, " <%s>", cmark_node_get_url(node));
        fputc(style, writing->stream);
    }
}

char *lab_lesson_inlines(struct lab_lesson *lesson, cmark_node *block, unsigned line)
{
    char *text;
    size_t length;
    struct writing writing = {.lesson = lesson, .stream = lab_lesson_must(open_memstream(&text, &length)), .line = line};
    write_inlines(&writing, block, LAB_LESSON_PLAIN);
    fclose(writing.stream);
    return lab_lesson_must(text);
}

/* What would not be a paragraph by itself, such as "1. of these", stays as it stands. */
char *lab_lesson_markdown(struct lab_lesson *lesson, const char *text, size_t length, unsigned line)
{
    cmark_node *document = cmark_parse_document(text, length, CMARK_OPT_DEFAULT);
    cmark_node *first = cmark_node_first_child(document);
    char *result;
    if (first != NULL && cmark_node_get_type(first) == CMARK_NODE_PARAGRAPH && cmark_node_next(first) == NULL)
        result = lab_lesson_inlines(lesson, first, line);
    else
        result = lab_lesson_must(strndup(text, length));
    cmark_node_free(document);
    return result;
}

/* ---- Width ------------------------------------------------------------------------------------------------------- */

/* The next character: its bytes, and its columns. */
static size_t next_character(const char *text, size_t length, unsigned *columns)
{
    wchar_t character;
    mbstate_t state = {0};
    if (*text > 0 && *text < LAB_LESSON_STYLES) {
        *columns = 0;
        return 1;
    }
    size_t bytes = mbrtowc(&character, text, length, &state);
    if (bytes == 0 || bytes > length) { /* no character of this locale: as many bytes as UTF-8 says */
        *columns = ((unsigned char)*text & 0xc0) != 0x80;
        return 1;
    }
    int width = wcwidth(character);
    *columns = width > 0 ? (unsigned)width : 0;
    return bytes;
}

unsigned lab_lesson_width(const char *text, size_t length)
{
    unsigned width = 0, columns;
    for (size_t at = 0; at < length; at += next_character(text + at, length - at, &columns), width += columns) {}
    return width;
}

char *lab_lesson_unstyled(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++)
        if (*from < 0 || *from >= LAB_LESSON_STYLES)
            *to++ = *from;
    *to = '\0';
    return text;
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

/* How many bytes fit into a line; a word that is too long for any is cut. */
static size_t fit(const char *text, unsigned columns)
{
    size_t at = 0, good = 0, length = strlen(text);
    unsigned used = 0;
    while (at < length && text[at] != '\n') {
        unsigned width;
        size_t bytes = next_character(text + at, length - at, &width);
        if (text[at] == ' ')
            good = at;
        if (used + width > columns && at > 0)
            return good > 0 ? good : at;
        used += width;
        at += bytes;
    }
    return at;
}

void lab_lesson_wrap(const char *text, unsigned columns, lab_lesson_put_line *line, void *context)
{
    do {
        size_t length = fit(text, columns > 0 ? columns : 1);
        line(context, text, length);
        text += length;
        text += strspn(text, " ");
        if (*text == '\n')
            text++;
    } while (*text != '\0');
}
