/* watch.c: the guest's page tables are watched, so that their shadows follow at once.
 *
 * On the bare machine a change of a table is seen by the very next instruction. So no store to a word that a shadow was
 * made from may pass unseen: the pages of the guest's memory that hold such words are write-protected in all shadows. A
 * guest's store to one of them traps, the monitor executes it, and what was translated with the word is forgotten; the
 * next access to that page translates it anew. Data that lie on the same page as a table pay the same price.
 *
 * A link joins such a word to what was translated with it. When the last link of a page is gone, because the guest has
 * cleared its table, the page is ordinary memory again.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "shadow.h"

static uint32_t *bucket_of(struct vmm_shadow *shadow, uint32_t word)
{
    return &shadow->buckets[word / 4 % VMM_BUCKETS];
}

void vmm_watch_reset(struct vmm_shadow *shadow)
{
    for (uint32_t i = 0; i < VMM_BUCKETS; i++)
        shadow->buckets[i] = 0;
    for (uint32_t i = 0; i < shadow->frames; i++)
        shadow->watched[i] = 0;
    shadow->free_link = 0;
    shadow->fresh_link = 1; /* link 0 is the end of every chain */
}

/* Takes the right to write to a page of real memory from all of the guest's shadows. */
static void protect(struct vmm_shadow *shadow, uint32_t frame)
{
    for (unsigned i = 0; i < shadow->space_count; i++) {
        const struct vmm_space *space = &shadow->spaces[i];
        for (uint32_t *entry = space->table; entry < space->table + space->pages; entry++)
            if ((*entry & VMM_ENTRY_WRITE) && (*entry ^ frame) < VMM_PAGE)
                *entry &= ~(uint32_t)VMM_ENTRY_WRITE;
    }
}

static bool is_linked(struct vmm_shadow *shadow, uint32_t word, uint32_t page, uint32_t space)
{
    for (uint32_t i = *bucket_of(shadow, word); i; i = shadow->links[i].next)
        if (shadow->links[i].word == word && shadow->links[i].page == page && shadow->links[i].space == space)
            return true;
    return false;
}

/* A link that has been used and is free again, or else one that never was; 0: there is none. */
static uint32_t take_link(struct vmm_shadow *shadow)
{
    uint32_t link = shadow->free_link;

    if (link != 0)
        shadow->free_link = shadow->links[link].next;
    else if (shadow->fresh_link < shadow->link_count)
        link = shadow->fresh_link++;
    return link;
}

bool vmm_watch(struct vmm_shadow *shadow, uint32_t memory_start, const struct vmm_loads *loads, uint32_t page)
{
    uint32_t space = (uint32_t)(shadow->current - shadow->spaces);

    for (unsigned i = 0; i < loads->count; i++) {
        uint32_t word = loads->words[i], *bucket = bucket_of(shadow, word);
        if (is_linked(shadow, word, page, space))
            continue;
        uint32_t link = take_link(shadow);
        if (link == 0)
            return false;
        shadow->links[link] = (struct vmm_link){ word, page, space, *bucket };
        *bucket = link;
        if (shadow->watched[word / VMM_PAGE]++ == 0)
            protect(shadow, memory_start + word / VMM_PAGE * VMM_PAGE);
    }
    return true;
}

void vmm_watch_frame(struct vmm_shadow *shadow, uint32_t memory_start, uint32_t frame)
{
    if (shadow->watched[frame]++ == 0)
        protect(shadow, memory_start + frame * VMM_PAGE);
}

void vmm_watch_frame_no_more(struct vmm_shadow *shadow, uint32_t frame)
{
    shadow->watched[frame]--;
}

static void forget_word(struct vmm_shadow *shadow, uint32_t word)
{
    uint32_t *from = bucket_of(shadow, word);

    while (*from) {
        uint32_t number = *from;
        struct vmm_link *link = &shadow->links[number];
        if (link->word != word) {
            from = &link->next;
            continue;
        }
        shadow->spaces[link->space].table[link->page] = 0;
        shadow->watched[word / VMM_PAGE]--;
        *from = link->next;
        link->next = shadow->free_link;
        shadow->free_link = number;
    }
}

__attribute__((noinline)) void vmm_watch_stored(struct vmm_shadow *shadow, uint32_t address, uint32_t size)
{
    for (uint32_t word = address & ~UINT32_C(3); word < address + size; word += 4)
        if (shadow->watched[word / VMM_PAGE]) {
            forget_word(shadow, word);
            vmm_code_stored(shadow, word);
        }
}
