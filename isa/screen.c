/* screen.c: how wide lines are, and text folded into them. A column is a character of UTF-8; escape sequences have none. */
#include "isa/isa.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LEAST_COLUMNS = 60, WIDEST_TERMINAL = 160, MOST_COLUMNS = 10000, OTHER_COLUMNS = 100 };

static bool is_terminal(FILE *stream)
{
    int descriptor = fileno(stream);
    return descriptor >= 0 && isatty(descriptor);
}

/* COLUMNS in the environment counts before the size of the terminal, as POSIX has it. */
unsigned isa_columns(FILE *stream)
{
    const char *given = getenv("COLUMNS");
    struct winsize size = {.ws_col = 0};
    unsigned long columns = given != NULL ? strtoul(given, NULL, 10) : 0;
    if (columns == 0 && is_terminal(stream) && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0)
        columns = size.ws_col < WIDEST_TERMINAL ? size.ws_col : WIDEST_TERMINAL;
    if (columns == 0)
        return OTHER_COLUMNS;
    return columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns > MOST_COLUMNS ? MOST_COLUMNS : (unsigned)columns;
}

/* Colours are for terminals, and not where NO_COLOR (no-color.org) forbids them. */
const char *isa_colour(const char *escape, FILE *stream)
{
    const char *forbidden = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool wanted = is_terminal(stream) && (forbidden == NULL || *forbidden == '\0') && terminal != NULL &&
                  strcmp(terminal, "dumb") != 0;
    return wanted ? escape : "";
}

/* The bytes of the character or escape sequence that begins here; *columns is 0 for the latter. */
static size_t character(const char *text, unsigned *columns)
{
    size_t length = 1;
    *columns = 1;
    if (text[0] == '\033' && text[1] == '[') {
        length = 2 + strcspn(text + 2, "m");
        *columns = 0;
        return length + (text[length] == 'm');
    }
    while (((unsigned char)text[length] & 0xc0) == 0x80)
        length++;
    return length;
}

/* How many bytes of the text, up to `end` of them, fit into `room` columns; *columns is how many they take. */
static size_t fitting(const char *text, size_t end, unsigned room, unsigned *columns)
{
    size_t length = 0;
    *columns = 0;
    while (length < end && text[length] != '\0') {
        unsigned wide;
        size_t next = character(text + length, &wide);
        if (*columns + wide > room)
            break;
        *columns += wide;
        length += next;
    }
    return length;
}

unsigned isa_text_columns(const char *text)
{
    unsigned columns;
    fitting(text, strlen(text), ~0u, &columns);
    return columns;
}

void isa_pad(const char *text, unsigned columns, FILE *stream)
{
    unsigned used = isa_text_columns(text);
    fprintf(stream, "%s%*s", text, used < columns ? (int)(columns - used) : 0, "");
}

void isa_shorten(const char *text, unsigned columns, FILE *stream)
{
    unsigned used;
    size_t length = strlen(text);
    if (isa_text_columns(text) > columns) {
        length = fitting(text, length, columns < 3 ? 0 : columns - 3, &used);
        while (length > 0 && text[length - 1] == ' ')
            length--;
    }
    fprintf(stream, "%.*s%s", (int)length, text, text[length] != '\0' ? "..." : "");
}

/* A word that is longer than a line is broken where the line ends. */
void isa_fold(const char *text, unsigned column, unsigned indent, FILE *stream)
{
    isa_fold_into(text, column, indent, isa_columns(stream), stream);
}

void isa_fold_into(const char *text, unsigned column, unsigned indent, unsigned columns, FILE *stream)
{
    bool begun = false; /* a word stands in the line already */
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        unsigned wide, gap = begun ? 1 : 0;
        fitting(text, length, ~0u, &wide);
        if (begun && column + gap + wide > columns) {
            fprintf(stream, "\n%*s", (int)indent, "");
            column = indent;
            gap = 0;
        }
        if (column + gap + wide > columns)
            length = fitting(text, length, columns > column ? columns - column : 1, &wide);
        fprintf(stream, "%s%.*s", gap != 0 ? " " : "", (int)length, text);
        column += gap + wide;
        text += length;
        begun = true;
        if (*text == ' ')
            text += strspn(text, " ");
        else if (*text != '\0') {
            fprintf(stream, "\n%*s", (int)indent, "");
            column = indent;
            begun = false;
        }
    }
    fputc('\n', stream);
}
