/* usage.c: what to say when somebody's command line is wrong. */
#include "lab/lab.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "isa/isa.h"

int lab_usage_error(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "pg74 %s: ", command);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n  advice: 'pg74 help %s' shows how it is used\n", command);
    va_end(arguments);
    return ISA_EXIT_USAGE;
}

enum { LONGEST_WORD = 32 };

static unsigned smallest(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* The number of letters to insert, remove or change to come from `a` to `b` (Levenshtein's distance), row by row. */
static unsigned distance(const char *a, const char *b)
{
    size_t length = strlen(b);
    unsigned row[LONGEST_WORD + 1];
    if (length > LONGEST_WORD || strlen(a) > LONGEST_WORD)
        return LONGEST_WORD;
    for (unsigned j = 0; j <= length; j++)
        row[j] = j;
    for (unsigned i = 1; a[i - 1] != '\0'; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= length; j++) {
            unsigned above = row[j];
            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[length];
}

const char *lab_nearest(const char *word, const char *const *names)
{
    const char *best = NULL;
    unsigned least = (unsigned)(strlen(word) < 4 ? 2 : 3); /* as far as a slip of the fingers goes, and not included */
    for (size_t i = 0; names[i] != NULL; i++) {
        unsigned d = distance(word, names[i]);
        if (d < least) {
            least = d;
            best = names[i];
        }
    }
    return best;
}
