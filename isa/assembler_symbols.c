/* assembler_symbols.c: the table of names. */
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
