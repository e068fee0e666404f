/* suggest.c: the nearest of a set of words to a misspelt one. */
#include "isa/isa.h"

#include <string.h>

/* How many letters must be changed, added, left out or swapped with their neighbour (Damerau and Levenshtein). */
static unsigned distance(const char *a, size_t m, const char *b, size_t n)
{
    enum { LONGEST = 32 };
    if (m > LONGEST || n > LONGEST)
        return LONGEST;
    unsigned table[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= m; i++)
        table[i][0] = (unsigned)i;
    for (size_t j = 0; j <= n; j++)
        table[0][j] = (unsigned)j;
    for (size_t i = 1; i <= m; i++) {
        for (size_t j = 1; j <= n; j++) {
            unsigned least = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (table[i - 1][j] + 1 < least)
                least = table[i - 1][j] + 1;
            if (table[i][j - 1] + 1 < least)
                least = table[i][j - 1] + 1;
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && table[i - 2][j - 2] + 1 < least)
                least = table[i - 2][j - 2] + 1;
            table[i][j] = least;
        }
    }
    return table[m][n];
}

const char *isa_suggest(const char *candidate, const char *name, size_t length, unsigned *best, const char *so_far)
{
    unsigned apart = distance(candidate, strlen(candidate), name, length);
    unsigned far = apart * 2 + (length > 0 && *candidate != *name); /* the first letter is seldom the wrong one */
    if (far >= *best || apart * 2 > length + 1)
        return so_far;
    *best = far;
    return candidate;
}
