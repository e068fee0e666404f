/* pool.c: memory that goes all at once, with the instruction or the report that it was for. */
#include "classifier/internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK = 2 * 1024, LARGEST_CHUNK = 64 * 1024 };

struct chunk {
    struct chunk *next;
    size_t used, size;
    max_align_t bytes[];
};

struct pool { struct chunk *first; };

static void *obtain(size_t size)
{
    void *memory = calloc(1, size);
    if (memory == NULL) {
        fputs("pg74: internal error: out of memory\n", stderr);
        exit(ISA_EXIT_INTERNAL);
    }
    return memory;
}

struct pool *classifier_pool_new(void)
{
    return obtain(sizeof(struct pool));
}

void classifier_pool_free(struct pool *pool)
{
    if (pool == NULL)
        return;
    for (struct chunk *chunk = pool->first, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(pool);
}

void *classifier_allocate(struct pool *pool, size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct chunk *chunk = pool->first;
    if (chunk == NULL || chunk->size - chunk->used < size) {
        size_t room = chunk == NULL ? FIRST_CHUNK : 2 * chunk->size;
        room = room > LARGEST_CHUNK ? LARGEST_CHUNK : room;
        room = size > room ? size : room;
        chunk = obtain(sizeof *chunk + room);
        chunk->size = room;
        chunk->next = pool->first;
        pool->first = chunk;
    }
    void *memory = (char *)chunk->bytes + chunk->used;
    chunk->used += size;
    return memory;
}

void *classifier_grow(struct pool *pool, void *items, unsigned *capacity, size_t size)
{
    unsigned larger = *capacity == 0 ? 8 : 2 * *capacity;
    void *copy = classifier_allocate(pool, larger * size);
    if (*capacity != 0)
        memcpy(copy, items, *capacity * size);
    *capacity = larger;
    return copy;
}

char *classifier_format(struct pool *pool, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = classifier_allocate(pool, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}
