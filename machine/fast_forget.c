/* fast_forget.c: which blocks depend on which memory, and what becomes of them when it changes. A line of memory is
 * marked while some block depends on a byte of it; compiled stores look at the mark. Whether the bytes written are
 * really those of a block is found out only then, so that data may stand beside code. */
#include "machine/fast.h"

#include <stdlib.h>

static void mark(struct fast *fast, const struct fast_block *block)
{
    for (unsigned i = 0; i < block->range_count; i++) {
        uint32_t first = block->ranges[i].start >> FAST_LINE_BITS, last = (block->ranges[i].end - 1) >> FAST_LINE_BITS;
        for (uint32_t line = first; line <= last; line++)
            fast->lines[line] |= FAST_LINE_CODE;
    }
}

void machine_fast_note(struct fast *fast, struct fast_block *block)
{
    for (unsigned i = 0; i < block->range_count; i++) {
        uint32_t last = (block->ranges[i].end - 1) >> FAST_PAGE_BITS;
        for (uint32_t page = block->ranges[i].start >> FAST_PAGE_BITS; page <= last; page++) {
            struct fast_dependence *dependence = machine_fast_allocate(fast, sizeof *dependence);
            *dependence = (struct fast_dependence){block, fast->pages[page]};
            fast->pages[page] = dependence;
        }
    }
    mark(fast, block);
}

/* Nobody finds the block any more. Its code stays: it may be what is being executed. */
static void forget_block(struct fast *fast, struct fast_block *block)
{
    block->dead = fast->changed = true;
    for (struct fast_site *site = block->incoming; site; site = site->next)
        *site->link = (struct fast_link){site->stub, site->refund};
    struct fast_target *target = &block->context->targets[block->pc >> 2 & (FAST_TARGETS - 1)];
    if (target->operation == block->first)
        target->pc = FAST_NO_TARGET;
    struct fast_block **place = &fast->hash[machine_fast_hash(block->context, block->pc, block->limit)];
    while (*place != block)
        place = &(*place)->next;
    *place = block->next;
}

static bool depends(const struct fast_block *block, uint64_t start, uint64_t end)
{
    for (unsigned i = 0; i < block->range_count; i++)
        if (block->ranges[i].start < end && start < block->ranges[i].end)
            return true;
    return false;
}

/* The lines of a page are marked anew for the blocks that are left. */
static void forget_in_page(struct fast *fast, uint32_t page, uint64_t start, uint64_t end)
{
    bool any = false;
    struct fast_dependence **place = &fast->pages[page];
    while (*place) {
        struct fast_block *block = (*place)->block;
        if (!block->dead && depends(block, start, end))
            forget_block(fast, block);
        any = any || block->dead;
        if (block->dead)
            *place = (*place)->next;
        else
            place = &(*place)->next;
    }
    if (!any)
        return;
    uint32_t lines = (uint32_t)1 << (FAST_PAGE_BITS - FAST_LINE_BITS), first = page * lines;
    uint32_t all = (fast->machine->memory_size >> FAST_LINE_BITS) + 1;
    for (uint32_t line = first; line < first + lines && line < all; line++)
        fast->lines[line] &= (uint8_t)~FAST_LINE_CODE;
    for (struct fast_dependence *left = fast->pages[page]; left; left = left->next)
        mark(fast, left->block);
}

/* What the lines are marked with, all together. */
static unsigned marks(const struct fast *fast, uint32_t first, uint32_t last)
{
    unsigned all = 0;
    for (uint32_t line = first; line <= last; line++)
        all |= fast->lines[line];
    return all;
}

void machine_fast_invalidate(struct fast *fast, uint32_t address, uint32_t length)
{
    uint64_t end = (uint64_t)address + length;
    if (!length)
        return;
    unsigned marked = marks(fast, address >> FAST_LINE_BITS, (uint32_t)((end - 1) >> FAST_LINE_BITS));
    if (marked & FAST_LINE_TRANSLATION)
        machine_fast_forget_translations(fast, address, length);
    if (!(marked & FAST_LINE_CODE))
        return;
    for (uint32_t page = address >> FAST_PAGE_BITS; page <= (uint32_t)((end - 1) >> FAST_PAGE_BITS); page++)
        forget_in_page(fast, page, address, end);
}

/* Lines that are watched in part count as watched: machine_step tells what is to be told. */
static void mark_watched(struct fast *fast, uint8_t as)
{
    uint64_t end = (uint64_t)fast->watched_start + fast->watched_length, size = fast->machine->memory_size;
    for (uint64_t at = fast->watched_start; at < end && at < size; at = (at | ((1u << FAST_LINE_BITS) - 1)) + 1) {
        uint8_t *line = &fast->lines[at >> FAST_LINE_BITS];
        *line = (uint8_t)((*line & ~FAST_LINE_WATCHED) | as);
    }
}

void machine_fast_flush(struct fast *fast)
{
    machine_fast_forget_all_translations(fast);
    for (unsigned i = 0; i < fast->context_count; i++) {
        for (unsigned access = 0; access < 4; access++)
            free(fast->contexts[i]->translations[access]);
        free(fast->contexts[i]);
    }
    fast->context_count = 0;
    fast->current = NULL;
    uint32_t pages = (fast->machine->memory_size >> FAST_PAGE_BITS) + 1;
    for (uint32_t page = 0; page < pages; page++) {
        if (fast->pages[page])
            memset(fast->lines + ((size_t)page << (FAST_PAGE_BITS - FAST_LINE_BITS)), 0,
                   (size_t)1 << (FAST_PAGE_BITS - FAST_LINE_BITS));
        fast->pages[page] = NULL;
    }
    memset(fast->hash, 0, sizeof fast->hash);
    fast->block_count = 0;
    fast->code_used = 0;
    fast->changed = true;
    fast->flushes++;
    for (struct fast_chunk *chunk = fast->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    fast->chunks = NULL;
    mark_watched(fast, FAST_LINE_WATCHED);
}

void machine_fast_follow_watch(struct fast *fast)
{
    const struct machine *machine = fast->machine;
    if (fast->watched_start == machine->within_start && fast->watched_length == machine->within_length)
        return;
    mark_watched(fast, 0);
    fast->watched_start = machine->within_start;
    fast->watched_length = machine->within_length;
    machine_fast_flush(fast);
}
