/* arena.c: memory that is freed all at once. */
#include "isa/internal.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    max_align_t bytes[];
};

struct arena {
    struct block *blocks;
};

/* Out of memory is the one error that nobody here can answer. */
static void *allocate_or_stop(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory) {
        fputs("pg74: internal error: out of memory\n", stderr);
        exit(ISA_EXIT_INTERNAL);
    }
    return memory;
}

struct arena *isa_arena_new(void)
{
    return allocate_or_stop(sizeof(struct arena));
}

void isa_arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

void *isa_arena_allocate(struct arena *arena, size_t size)
{
    size_t rounded = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < rounded) {
        size_t room = rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE;
        block = allocate_or_stop(sizeof *block + room);
        block->size = room;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *memory = (char *)block->bytes + block->used;
    block->used += rounded;
    return memory;
}

char *isa_arena_text(struct arena *arena, const char *start, size_t length)
{
    char *text = isa_arena_allocate(arena, length + 1);
    memcpy(text, start, length);
    return text;
}

void isa_arena_grow(struct arena *arena, void **items, unsigned count, unsigned *capacity, size_t size)
{
    if (count < *capacity)
        return;
    unsigned wider = *capacity ? *capacity * 2 : 16;
    void *moved = isa_arena_allocate(arena, wider * size);
    if (count)
        memcpy(moved, *items, count * size);
    *items = moved;
    *capacity = wider;
}
