/* shadow.c: shadow page tables.
 *
 * A table of the pool is a *space*: what a guest's addresses mean while its page table is at one place, in one mode.
 * With translation off there is one more, a map of the partition. Entries are made when they are missed. The pages from
 * which they were made are watched: no shadow lets the guest store there, so every change of its tables comes by here.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "shadow.h"

/* Whose each table of the pool is. */
struct space {
    bool used;
    uint32_t guest, flags, base; /* flags: mode and translation alone; base: counts where it translates */
};

static struct space spaces[SHADOW_TABLES];
static uint32_t victim;          /* the table that is taken next when none is free */

/* For each page of each guest: was an entry of a shadow made from a word in it? */
static bool watched[PG74_MOST_GUESTS][MOST_FRAMES];

/* ---- The guest's own table --------------------------------------------------------------------------------------- */

static uint32_t right_to(uint32_t access)
{
    return access == FETCH ? ENTRY_EXECUTE : access == STORE ? ENTRY_WRITE : ENTRY_READ;
}

/* Where the word for a page stands. */
static uint32_t place_of(const struct guest *guest, uint32_t page)
{
    return guest->base + 4 * page;
}

static bool permits(const struct guest *guest, uint32_t entry, uint32_t access, bool user)
{
    if ((entry & ENTRY_WRITE) && !(entry & ENTRY_READ))
        return false;
    return (entry & ENTRY_VALID) && (entry & right_to(access)) && ((entry & ENTRY_USER) || !user) &&
           entry < guest->size;
}

bool shadow_walk(const struct guest *guest, uint32_t address, uint32_t access, bool user, uint32_t *physical)
{
    uint32_t entry = guest_word(guest, place_of(guest, address / PAGE));
    *physical = entry / PAGE * PAGE + address % PAGE;
    return permits(guest, entry, access, user);
}

/* ---- Spaces ------------------------------------------------------------------------------------------------------ */

static bool is_of(const struct space *space, const struct guest *guest)
{
    uint32_t flags = guest->flags & (FLAG_USER | FLAG_TRANSLATE);
    if (!space->used || space->guest != guest->number)
        return false;
    if (!(flags & FLAG_TRANSLATE))
        return !(space->flags & FLAG_TRANSLATE); /* a map of the partition is the same in both modes */
    return space->flags == flags && space->base == guest->base;
}

static void clear(uint32_t *table)
{
    for (uint32_t page = 0; page < SHADOW_PAGES; page++)
        table[page] = 0;
}

/* A table for the guest as it is now: one that is free, or else the next in turn, whosever it was. */
static uint32_t take(const struct guest *guest)
{
    uint32_t number = 0;
    while (number < SHADOW_TABLES && spaces[number].used)
        number++;
    if (number == SHADOW_TABLES) {
        number = victim;
        victim = (victim + 1) % SHADOW_TABLES;
    }
    spaces[number] = (struct space){true, guest->number, guest->flags & (FLAG_USER | FLAG_TRANSLATE), guest->base};
    clear(shadow_pool[number]);
    return number;
}

uint32_t *shadow_table(const struct guest *guest)
{
    for (uint32_t i = 0; i < SHADOW_TABLES; i++)
        if (is_of(&spaces[i], guest))
            return shadow_pool[i];
    return shadow_pool[take(guest)];
}

/* ---- Watched pages ----------------------------------------------------------------------------------------------- */

/* From now on no shadow of the guest's lets it store to this page of its memory. */
static void watch(const struct guest *guest, uint32_t frame)
{
    if (watched[guest->number][frame])
        return;
    watched[guest->number][frame] = true;
    for (uint32_t i = 0; i < SHADOW_TABLES; i++)
        for (uint32_t page = 0; spaces[i].used && spaces[i].guest == guest->number && page < SHADOW_PAGES; page++)
            if (shadow_pool[i][page] / PAGE == guest->start / PAGE + frame)
                shadow_pool[i][page] &= ~(uint32_t)ENTRY_WRITE;
}

/* A word of the guest's memory has changed: entries that were made from it are no longer true. */
static void forget(const struct guest *guest, uint32_t word)
{
    for (uint32_t i = 0; i < SHADOW_TABLES; i++) {
        const struct space *space = &spaces[i];
        uint32_t page = (word - space->base) / 4;
        if (space->used && space->guest == guest->number && (space->flags & FLAG_TRANSLATE) && page < SHADOW_PAGES)
            shadow_pool[i][page] = 0;
    }
}

void shadow_stored(const struct guest *guest, uint32_t physical, uint32_t size)
{
    for (uint32_t word = physical & ~3u; word < physical + size && word < guest->size; word += 4)
        if (watched[guest->number][word / PAGE])
            forget(guest, word);
}

/* ---- Filling ----------------------------------------------------------------------------------------------------- */

/* What the guest's table says of a page, or with translation off what a map of its memory would. */
static uint32_t own_entry(const struct guest *guest, uint32_t page)
{
    if (guest->flags & FLAG_TRANSLATE)
        return guest_word(guest, place_of(guest, page));
    return page * PAGE | ENTRY_VALID | ENTRY_READ | ENTRY_WRITE | ENTRY_EXECUTE | ENTRY_USER;
}

enum shadow_answer shadow_fill(const struct guest *guest, uint32_t address, uint32_t access)
{
    uint32_t page = address / PAGE, entry = own_entry(guest, page);
    uint32_t *table = shadow_table(guest);
    if (!permits(guest, entry, access, guest->flags & FLAG_USER))
        return SHADOW_FORBIDDEN;
    /* An entry comes from a word of the guest's memory: beyond it there are only zeros, which permit nothing. */
    if (guest->flags & FLAG_TRANSLATE)
        watch(guest, place_of(guest, page) / PAGE);
    uint32_t rights = entry & (ENTRY_VALID | ENTRY_READ | ENTRY_WRITE | ENTRY_EXECUTE);
    if (watched[guest->number][entry / PAGE])
        rights &= ~(uint32_t)ENTRY_WRITE;
    /* The hardware is in user mode whatever the guest's mode is. */
    table[page] = (guest->start + entry / PAGE * PAGE) | rights | ENTRY_USER;
    return rights & right_to(access) ? SHADOW_FILLED : SHADOW_EMULATE;
}
