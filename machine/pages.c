/* pages.c: bytes kept page by page, so that a hundred moments of a machine cost little more than what changed
 * between them. */
#include "machine/snapshot.h"

#include <stdlib.h>
#include <string.h>

bool machine_is_zero(const uint8_t *bytes, size_t length)
{
    return length == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0);
}

static size_t page_length(size_t length, size_t page)
{
    size_t rest = length - page * MACHINE_PAGE;
    return rest < MACHINE_PAGE ? rest : MACHINE_PAGE;
}

static struct machine_page *hold(struct machine_page *page)
{
    if (page)
        page->holders++;
    return page;
}

static struct machine_page *keep_page(const uint8_t *bytes, size_t length, struct machine_page *before)
{
    if (machine_is_zero(bytes, length))
        return NULL;
    if (before && memcmp(before->bytes, bytes, length) == 0)
        return hold(before);
    struct machine_page *page = machine_allocate(1, sizeof *page);
    memcpy(page->bytes, bytes, length);
    return hold(page);
}

void machine_pages_keep(struct machine_pages *pages, const uint8_t *bytes, size_t length,
                        const struct machine_pages *before)
{
    pages->length = length;
    pages->count = (length + MACHINE_PAGE - 1) / MACHINE_PAGE;
    pages->pages = machine_allocate(pages->count, sizeof *pages->pages);
    for (size_t i = 0; i < pages->count; i++)
        pages->pages[i] = keep_page(bytes + i * MACHINE_PAGE, page_length(length, i),
                                    i < before->count ? before->pages[i] : NULL);
}

void machine_pages_put_back(const struct machine_pages *pages, uint8_t *bytes,
                            void (*changed)(struct machine *machine, uint32_t address, uint32_t length),
                            struct machine *machine)
{
    for (size_t i = 0; i < pages->count; i++) {
        uint8_t *to = bytes + i * MACHINE_PAGE;
        size_t length = page_length(pages->length, i);
        const struct machine_page *page = pages->pages[i];
        if (page ? memcmp(to, page->bytes, length) == 0 : machine_is_zero(to, length))
            continue;
        if (page)
            memcpy(to, page->bytes, length);
        else
            memset(to, 0, length);
        if (changed)
            changed(machine, (uint32_t)(i * MACHINE_PAGE), (uint32_t)length);
    }
}

void machine_pages_share(struct machine_pages *to, const struct machine_pages *from)
{
    machine_pages_free(to);
    to->length = from->length;
    to->count = from->count;
    to->pages = machine_allocate(from->count, sizeof *to->pages);
    for (size_t i = 0; i < from->count; i++)
        to->pages[i] = hold(from->pages[i]);
}

void machine_pages_free(struct machine_pages *pages)
{
    for (size_t i = 0; i < pages->count; i++)
        if (pages->pages[i] && --pages->pages[i]->holders == 0)
            free(pages->pages[i]);
    free(pages->pages);
    *pages = (struct machine_pages){0};
}
