/* shadow.h: shadow page tables, for space.c. shadow.c fills them, watch.c keeps them true to the guest's own.
 *
 * A *space* is what the guest's virtual addresses mean at one value of everything that its translation reads: its R,
 * its mode, and whatever else its machine has. The guest's kernel and its user programs thus have spaces of their own,
 * and so has each of its page tables. A space has one shadow table, which the hardware uses: a copy of what the guest's
 * translation would say, page by page, made when the page is first touched. A page not yet in it traps.
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef VMM_SHADOW_H
#define VMM_SHADOW_H

#include "vmm.h"

enum {
    VMM_PAGE = 4096,
    VMM_MOST_PAGES = 0x80000,     /* of a space: those above are left out */
    VMM_MOST_SPACES = 32,         /* of a guest, at a time */
    VMM_MOST_KEY = 8,             /* slots that spaces are told apart by */
    VMM_BUCKETS = 256,            /* a power of two */
    VMM_TABLE_MEMORY = 5 << 20,   /* bytes, for the tables of all guests */
};

/* An entry of the real machine's page tables, and its kinds of access. */
enum { VMM_ENTRY_VALID = 1, VMM_ENTRY_READ = 2, VMM_ENTRY_WRITE = 4, VMM_ENTRY_EXECUTE = 8, VMM_ENTRY_USER = 16 };

struct vmm_space {
    uint32_t key[VMM_MOST_KEY];   /* the slots' values */
    uint32_t *table;              /* the shadow: a word for each */
    uint32_t pages;               /* of the first pages; what lies above has never been touched */
    uint32_t limit;               /* the real bound, if a page above has only a first part */
};

/* "Page `page` of space `space` was translated with the guest's word `word`." Links with words of the same hash form a
 * chain; 0 ends it. */
struct vmm_link { uint32_t word, page, space, next; };

struct vmm_shadow {
    bool in_own_mode;             /* the hardware knows the guest's mode: its supervisor's entries are not the user's */
    unsigned key_count, key_slots[VMM_MOST_KEY];
    struct vmm_space spaces[VMM_MOST_SPACES], *current, *before;
    unsigned space_count;
    uint32_t *first, *next, *end; /* memory for tables: all of it, and its rest */
    uint32_t most_pages;          /* that a table may have: a power of two, and half of the share at most */
    uint32_t frames, *watched;    /* for each page of the guest's memory: how many links name a word in it */
    struct vmm_link *links;
    uint32_t link_count, free_link, fresh_link, buckets[VMM_BUCKETS];
};

/* ---- shadow.c ---- */

/* Gives each guest its share of memory for tables. NULL, or in words what hinders. */
const char *vmm_shadow_start(struct vmm *vmm);

/* The space in which the guest is now. */
struct vmm_space *vmm_shadow_space(struct vmm_vcpu *vcpu);

/* All of a guest's shadows are empty. */
void vmm_shadow_forget(struct vmm_shadow *shadow);

/* See vmm_space_fill. */
bool vmm_shadow_fill(struct vmm_vcpu *vcpu, uint32_t address, uint32_t access);

/* ---- For a monitor that executes other words than the guest's ----
 *
 * It defines these functions; without it the hardware executes the guest's pages as they are. */

/* The shadow's entry for a page of the current space that is touched, given the one that shows the guest's own page. */
uint32_t vmm_code_entry(struct vmm_vcpu *vcpu, uint32_t page, uint32_t entry, uint32_t access);

/* The current space's entry for a page does not allow an access. True: it is to stay as it is. */
bool vmm_code_keeps(struct vmm_vcpu *vcpu, uint32_t page, uint32_t entry, uint32_t access);

/* The guest's word at a real address from which the hardware has fetched. */
uint32_t vmm_code_word(uint32_t address);

/* A word on a watched page has changed; all spaces are gone. */
void vmm_code_stored(struct vmm_shadow *shadow, uint32_t word);
void vmm_code_forgotten(struct vmm_shadow *shadow);

/* ---- watch.c ---- */

void vmm_watch_reset(struct vmm_shadow *shadow);

/* The current space's page was translated with these words: from now on the hardware lets the guest write to none of
 * their pages. False: there is no room to remember it. */
bool vmm_watch(struct vmm_shadow *shadow, uint32_t memory_start, const struct vmm_loads *loads, uint32_t page);

/* The whole page of the guest's memory with this number is watched, or no longer. */
void vmm_watch_frame(struct vmm_shadow *shadow, uint32_t memory_start, uint32_t frame);
void vmm_watch_frame_no_more(struct vmm_shadow *shadow, uint32_t frame);

/* Words have changed: what was translated with them is forgotten. */
void vmm_watch_stored(struct vmm_shadow *shadow, uint32_t address, uint32_t size);

#endif
