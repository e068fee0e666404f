/* embed.c: a build tool: prints the specification files it is given as a C source, for isa/library.c, and machine/boot.h
 * (any file that ends with .h), which the generated pg74.h carries. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The order in which a course meets the machines. The others follow by the year of their source, machines that are
 * this project's own, and have none, first. */
static const char *const teaching_set[] = {"pocket", "pg74", "pdp10", "x86", "x86vt", "riscv", "pg74p", "pg74h"};
enum { TEACHING = sizeof teaching_set / sizeof *teaching_set, LONGEST = 1 << 20 };

struct entry { const char *file; char name[64]; long year; };

static int rank(const struct entry *entry)
{
    for (int i = 0; i < TEACHING; i++)
        if (strcmp(entry->name, teaching_set[i]) == 0)
            return i;
    return TEACHING;
}

static int compare(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (rank(a) != rank(b))
        return rank(a) - rank(b);
    if (a->year != b->year)
        return a->year < b->year ? -1 : 1;
    return strcmp(a->name, b->name);
}

static void take_name(struct entry *entry)
{
    const char *base = strrchr(entry->file, '/');
    snprintf(entry->name, sizeof entry->name, "%s", base ? base + 1 : entry->file);
    entry->name[strcspn(entry->name, ".")] = '\0';
}

/* Is the first word, after comments, `part`? */
static bool is_part(const char *text)
{
    for (;;) {
        text += strspn(text, " \t\r\n");
        if (strncmp(text, "--", 2) != 0)
            return strncmp(text, "part ", 5) == 0;
        text += strcspn(text, "\n");
    }
}

static void print_literal(const char *text)
{
    for (bool open = false; *text; text++) {
        if (!open)
            fputs("     \"", stdout);
        open = *text != '\n';
        if (*text == '\n')
            fputs("\\n\"\n", stdout);
        else if (*text == '"' || *text == '\\')
            printf("\\%c", *text);
        else if (isprint((unsigned char)*text))
            putchar(*text);
        else
            printf("\\%03o", (unsigned char)*text);
        if (open && !text[1])
            fputs("\"\n", stdout);
    }
}

/* Reads a file into `text`; a build that cannot is over. */
static void read_text(const char *file, char *text)
{
    FILE *stream = fopen(file, "rb");
    if (!stream) {
        perror(file);
        exit(EXIT_FAILURE);
    }
    text[fread(text, 1, LONGEST, stream)] = '\0';
    fclose(stream);
}

/* The number on the line that begins with `year`, or 0. */
static long year_of(const char *text)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += strspn(line, " \t\r\n");
        if (strncmp(line, "year", 4) == 0 && isspace((unsigned char)line[4]))
            return strtol(line + 4, NULL, 10);
    }
    return 0;
}

static bool is_header(const char *file)
{
    size_t length = strlen(file);
    return length > 2 && strcmp(file + length - 2, ".h") == 0;
}

int main(int argc, char **argv)
{
    struct entry *entries = calloc((size_t)argc, sizeof *entries);
    char *text = malloc(LONGEST + 1);
    if (!entries || !text)
        return EXIT_FAILURE;
    int count = 0;
    const char *header = NULL;
    for (int i = 1; i < argc; i++) {
        if (is_header(argv[i])) {
            header = argv[i];
            continue;
        }
        entries[count].file = argv[i];
        read_text(argv[i], text);
        entries[count].year = year_of(text);
        take_name(&entries[count++]);
    }
    qsort(entries, (size_t)count, sizeof *entries, compare);
    puts("/* Made by isa/embed.c from isa/spec. */\n#include \"isa/isa.h\"\n\nextern const struct isa_library_entry "
         "isa_library_entries[];\nextern const unsigned isa_library_entry_count;\n\n"
         "const struct isa_library_entry isa_library_entries[] = {");
    for (int i = 0; i < count; i++) {
        read_text(entries[i].file, text);
        printf("    {\"%s\", \"%s\",\n", entries[i].name, entries[i].file);
        print_literal(text);
        printf("     , %s},\n", is_part(text) ? "true" : "false");
    }
    printf("};\nconst unsigned isa_library_entry_count = %d;\n", count);
    if (header) {
        read_text(header, text);
        printf("\nextern const char isa_boot_declarations[];\nconst char isa_boot_declarations[] = /* %s */\n", header);
        print_literal(text);
        puts("    ;");
    }
    free(entries);
    free(text);
    return EXIT_SUCCESS;
}
