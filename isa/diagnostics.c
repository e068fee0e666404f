/* diagnostics.c: errors in somebody's text or file, kept in a list and shown with a caret. */
#include "isa/isa.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct diagnostic {
    char *file, *line_text, *message, *advice;
    unsigned line, column, length, order;
    enum isa_exit exit_code;
};

struct isa_diagnostics {
    struct diagnostic *items;
    size_t count, capacity;
    size_t total; /* those that are not kept, too */
};

enum { MOST_DIAGNOSTICS = 100, LONGEST_FILE = 64 * 1024 * 1024 };

static void *must(void *memory)
{
    if (!memory) {
        fputs("pg74: internal error: out of memory\n", stderr);
        exit(ISA_EXIT_INTERNAL);
    }
    return memory;
}

struct isa_place isa_place_in(const char *file, const char *text, const char *at, size_t length)
{
    struct isa_place place = {.file = file, .text = text, .line = 1, .column = 1, .length = (unsigned)length};
    for (const char *before = text; before < at; before++) {
        place.column = *before == '\n' ? 1 : place.column + 1;
        place.line += *before == '\n';
    }
    return place;
}

struct isa_diagnostics *isa_diagnostics_new(void)
{
    return must(calloc(1, sizeof(struct isa_diagnostics)));
}

void isa_diagnostics_free(struct isa_diagnostics *diagnostics)
{
    if (!diagnostics)
        return;
    for (size_t i = 0; i < diagnostics->count; i++) {
        struct diagnostic *item = &diagnostics->items[i];
        free(item->file);
        free(item->line_text);
        free(item->message);
        free(item->advice);
    }
    free(diagnostics->items);
    free(diagnostics);
}

/* The line of a place, copied without its end. */
static char *copy_line(const char *text, unsigned line)
{
    for (unsigned i = 1; i < line; i++) {
        const char *end = strchr(text, '\n');
        if (!end)
            return must(strdup(""));
        text = end + 1;
    }
    return must(strndup(text, strcspn(text, "\r\n")));
}

/* The same complaint about the same place: a function is checked wherever it is called. */
static bool is_known(const struct isa_diagnostics *diagnostics, const struct isa_place *place, const char *message)
{
    for (size_t i = 0; place && i < diagnostics->count; i++) {
        const struct diagnostic *item = &diagnostics->items[i];
        if (item->line == place->line && item->column == place->column && strcmp(item->message, message) == 0 &&
            item->file && place->file && strcmp(item->file, place->file) == 0)
            return true;
    }
    return false;
}

static struct diagnostic *new_item(struct isa_diagnostics *diagnostics)
{
    if (diagnostics->count == diagnostics->capacity) {
        diagnostics->capacity = diagnostics->capacity ? diagnostics->capacity * 2 : 8;
        diagnostics->items = must(realloc(diagnostics->items, diagnostics->capacity * sizeof *diagnostics->items));
    }
    struct diagnostic *item = &diagnostics->items[diagnostics->count];
    *item = (struct diagnostic){.order = (unsigned)diagnostics->count++};
    return item;
}

void isa_diagnostics_error(struct isa_diagnostics *diagnostics, const struct isa_place *place, enum isa_exit exit_code,
                           const char *advice, const char *format, ...)
{
    char *message;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        message = must(strdup(format));
    va_end(arguments);
    diagnostics->total++;
    if (diagnostics->count >= MOST_DIAGNOSTICS || is_known(diagnostics, place, message)) {
        free(message);
        return;
    }
    struct diagnostic *item = new_item(diagnostics);
    item->exit_code = exit_code;
    item->message = message;
    item->advice = advice ? must(strdup(advice)) : NULL;
    if (place) {
        item->file = place->file ? must(strdup(place->file)) : NULL;
        item->line = place->line;
        item->column = place->column;
        item->length = place->length ? place->length : 1;
        item->line_text = place->text && place->line ? copy_line(place->text, place->line) : NULL;
    }
}

void isa_diagnostics_move(struct isa_diagnostics *from, struct isa_diagnostics *to)
{
    for (size_t i = 0; i < from->count; i++) {
        struct diagnostic *item = new_item(to);
        unsigned order = item->order;
        *item = from->items[i];
        item->order = order;
    }
    to->total += from->total;
    from->count = from->total = 0;
}

size_t isa_diagnostics_count(const struct isa_diagnostics *diagnostics)
{
    return diagnostics->count;
}

size_t isa_diagnostics_total(const struct isa_diagnostics *diagnostics)
{
    return diagnostics->total;
}

const char *isa_diagnostics_message(const struct isa_diagnostics *diagnostics, size_t index)
{
    return diagnostics->items[index].message;
}

const char *isa_diagnostics_advice(const struct isa_diagnostics *diagnostics, size_t index)
{
    return diagnostics->items[index].advice;
}

void isa_diagnostics_position(const struct isa_diagnostics *diagnostics, size_t index, const char **file, unsigned *line,
                              unsigned *column)
{
    const struct diagnostic *item = &diagnostics->items[index];
    *file = item->file;
    *line = item->line;
    *column = item->column;
}

/* Under the source line: blanks (tabs kept, so that the caret stands right), then ^~~~ within the line. */
static void print_caret(const struct diagnostic *item, FILE *stream)
{
    size_t width = strlen(item->line_text);
    fprintf(stream, "    %s\n    ", item->line_text);
    for (unsigned i = 0; i + 1 < item->column; i++) {
        bool inside = i < width;
        /* bytes that continue a UTF-8 character take no column */
        if (inside && (item->line_text[i] & 0xc0) == 0x80)
            continue;
        fputc(inside && item->line_text[i] == '\t' ? '\t' : ' ', stream);
    }
    fputc('^', stream);
    for (unsigned i = 1; i < item->length && item->column + i <= width; i++)
        fputc('~', stream);
    fputc('\n', stream);
}

static void print_one(const struct diagnostic *item, FILE *stream)
{
    if (item->file)
        fprintf(stream, "%s:", item->file);
    else
        fputs("pg74:", stream);
    if (item->line)
        fprintf(stream, "%u:%u:", item->line, item->column);
    fprintf(stream, " error: %s\n", item->message);
    if (item->line_text)
        print_caret(item, stream);
    if (item->advice)
        fprintf(stream, "    advice: %s\n", item->advice);
}

static int compare_places(const void *left, const void *right)
{
    const struct diagnostic *a = *(const struct diagnostic *const *)left, *b = *(const struct diagnostic *const *)right;
    int files = a->file && b->file ? strcmp(a->file, b->file) : 0;
    if (files == 0 && a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (files == 0 && a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return a->order < b->order ? -1 : 1; /* between files: in the order they were found */
}

void isa_diagnostics_print(const struct isa_diagnostics *diagnostics, FILE *stream)
{
    if (diagnostics->count == 0)
        return;
    const struct diagnostic **sorted = must(malloc(diagnostics->count * sizeof(const struct diagnostic *)));
    bool one_file = true;
    for (size_t i = 0; i < diagnostics->count; i++) {
        sorted[i] = &diagnostics->items[i];
        const char *first = sorted[0]->file, *other = sorted[i]->file;
        one_file = one_file && first && other && strcmp(first, other) == 0;
    }
    if (one_file)
        qsort(sorted, diagnostics->count, sizeof(const struct diagnostic *), compare_places);
    for (size_t i = 0; i < diagnostics->count; i++)
        print_one(sorted[i], stream);
    if (diagnostics->count == MOST_DIAGNOSTICS)
        fputs("pg74: too many errors, the rest is not shown\n", stream);
    free(sorted);
}

int isa_diagnostics_exit_code(const struct isa_diagnostics *diagnostics)
{
    return diagnostics->count ? (int)diagnostics->items[0].exit_code : 0;
}

char *isa_read_file(const char *path, size_t *length, struct isa_diagnostics *diagnostics)
{
    struct isa_place place = {.file = path};
    FILE *file = fopen(path, "rb");
    struct stat status;
    if (!file || fstat(fileno(file), &status) != 0 || S_ISDIR(status.st_mode)) {
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_NO_INPUT, NULL, "cannot read: %s",
                              file ? "it is a folder" : strerror(errno));
        if (file)
            fclose(file);
        return NULL;
    }
    size_t room = 4096, used = 0;
    char *bytes = must(malloc(room + 1));
    for (size_t got; (got = fread(bytes + used, 1, room - used, file)) > 0;) {
        used += got;
        if (used == room && room < LONGEST_FILE)
            bytes = must(realloc(bytes, (room *= 2) + 1));
    }
    bool failed = ferror(file), too_long = used == LONGEST_FILE;
    fclose(file);
    if (failed || too_long) {
        isa_diagnostics_error(diagnostics, &place, failed ? ISA_EXIT_NO_INPUT : ISA_EXIT_DATA, NULL,
                              failed ? "cannot read the whole file" : "the file is longer than 64 MiB");
        free(bytes);
        return NULL;
    }
    bytes[used] = '\0';
    if (length)
        *length = used;
    return bytes;
}
