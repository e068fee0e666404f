/* shadow.c: shadow page tables: your work. shadow.h says what each function is asked, and when. These do the least that
 * compiles: the hardware gets an empty table, and whatever the guest does is forbidden.
 * SPDX-License-Identifier: MIT-0 */
#include "shadow.h"

/* ---- The guest's own table --------------------------------------------------------------------------------------- */

/* TODO: the guest's table stands at its base, in its memory, a word for each page; guest_word reads it. Which entries
 * permit what is in docs/machine-manual.md, "Pages". */
bool shadow_walk(const struct guest *guest, uint32_t address, uint32_t access, bool user, uint32_t *physical)
{
    (void)guest, (void)address, (void)access, (void)user;
    *physical = 0;
    return false;
}

/* ---- Tables for the hardware ------------------------------------------------------------------------------------- */

/* TODO: which table of the pool is for this guest, as it is now? If there is none, which is to become it? */
uint32_t *shadow_table(const struct guest *guest)
{
    (void)guest;
    return shadow_pool[0];
}

/* TODO: with translation off, begin with a map of the partition. Then ask the guest's table. And from now on, what must
 * not change without your seeing it? */
enum shadow_answer shadow_fill(const struct guest *guest, uint32_t address, uint32_t access)
{
    (void)guest, (void)address, (void)access;
    return SHADOW_FORBIDDEN;
}

/* TODO: which entries of yours are no longer true? */
void shadow_stored(const struct guest *guest, uint32_t physical, uint32_t size)
{
    (void)guest, (void)physical, (void)size;
}
