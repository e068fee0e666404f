/* assembler_symbols.c: the table of names, and the nearest of a set of words to a misspelt one. */
#include "isa/assembler.h"

#include <stdlib.h>
#include <string.h>

static uint32_t hash_of(const char *name, size_t length)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    return hash;
}

struct isa_symbol *isa_symbols_find(struct isa_symbols *symbols, const char *name, size_t length, bool make)
{
    uint32_t hash = hash_of(name, length);
    struct isa_symbol **bucket = &symbols->buckets[hash % ISA_SYMBOL_BUCKETS];
    for (struct isa_symbol *symbol = *bucket; symbol; symbol = symbol->next)
        if (symbol->hash == hash && strlen(symbol->name) == length && memcmp(symbol->name, name, length) == 0)
            return symbol;
    if (!make)
        return NULL;
    if (symbols->count == symbols->capacity) {
        size_t capacity = symbols->capacity ? symbols->capacity * 2 : 64;
        struct isa_symbol **list = realloc(symbols->list, capacity * sizeof *list);
        if (!list)
            return NULL;
        symbols->list = list;
        symbols->capacity = capacity;
    }
    struct isa_symbol *symbol = calloc(1, sizeof *symbol);
    char *copy = strndup(name, length);
    if (!symbol || !copy) {
        free(symbol);
        free(copy);
        return NULL;
    }
    symbol->name = copy;
    symbol->hash = hash;
    symbol->next = *bucket;
    *bucket = symbol;
    symbols->list[symbols->count++] = symbol;
    return symbol;
}

void isa_symbols_free(struct isa_symbols *symbols)
{
    for (size_t i = 0; i < symbols->count; i++) {
        free(symbols->list[i]->name);
        free(symbols->list[i]);
    }
    free(symbols->list);
}

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
