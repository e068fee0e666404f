/* shadow.h: what the monitor and your shadow.c know of each other.
 *
 * The monitor executes guests of pg74p, traps, emulates, and reflects. What it cannot do is relocate them: for that it
 * asks the functions at the end, which are yours. It calls them one at a time, and nothing interrupts them.
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef SHADOW_H
#define SHADOW_H

#include <stdbool.h>
#include "pg74.h"

enum { PAGE = 4096 };
enum { FLAG_USER = 1, FLAG_ENABLED = 2, FLAG_TRANSLATE = 4 };                                     /* of a PSW */
enum { FETCH = 1, LOAD = 2, STORE = 3 };                                                          /* kinds of access */
enum { ENTRY_VALID = 1, ENTRY_READ = 2, ENTRY_WRITE = 4, ENTRY_EXECUTE = 8, ENTRY_USER = 16 };    /* of a page table */

/* What you need to know of a guest. Everything is the guest's own, virtual, but `start`. */
struct guest {
    uint32_t number;      /* 0, 1, ... */
    uint32_t flags;       /* of its PSW: is it in user mode, does it translate? */
    uint32_t base, bound; /* its R: the physical address, in its own memory, of its page table; bytes that this maps */
    uint32_t start, size; /* its partition: real address and bytes, multiples of PAGE; at most MOST_FRAMES pages */
};

/* ---- What there is ----------------------------------------------------------------------------------------------- */

/* Tables for the hardware: SHADOW_TABLES for all guests together, each of SHADOW_PAGES entries. What a guest does above
 * these pages the monitor does for it, without asking you. */
enum { SHADOW_TABLES = 8, SHADOW_PAGES = 256, MOST_FRAMES = 1024 };
extern uint32_t shadow_pool[SHADOW_TABLES][SHADOW_PAGES];

/* The word at a physical address of the guest's, a multiple of 4. Beyond its memory there are only zeros. */
uint32_t guest_word(const struct guest *guest, uint32_t physical);

/* ---- What you write ---------------------------------------------------------------------------------------------- */

/* What does the guest's own page table say? True: there is a page for `address`, and a program may access it in this
 * way (`user`: a user program; else the supervisor); then `*physical` is where that lies in the guest's memory. Called
 * where translation is on and `address` lies below the bound: for loadreal, probe, lpsw, spsw, and what is emulated. */
bool shadow_walk(const struct guest *guest, uint32_t address, uint32_t access, bool user, uint32_t *physical);

/* The table, one of the pool, with which the hardware is to execute the guest from now on, as its R and flags are:
 * called whenever the guest goes on. The hardware is always in user mode, and always translates; it gets the guest's
 * bound, or with translation off the size of its memory. Entries may be missing. None may allow what the guest may not
 * do. */
uint32_t *shadow_table(const struct guest *guest);

/* The hardware has trapped: the table that you gave it does not allow this access, and the address is below the bound.
 * SHADOW_FILLED: now it does, so the guest may try again. SHADOW_FORBIDDEN: by the guest's own table it may not; the
 * monitor gives the guest its trap. SHADOW_EMULATE: it may, but not by itself; the monitor does it for the guest (loads
 * and stores alone). */
enum shadow_answer { SHADOW_FILLED, SHADOW_FORBIDDEN, SHADOW_EMULATE };
enum shadow_answer shadow_fill(const struct guest *guest, uint32_t address, uint32_t access);

/* The monitor or a device has just changed so many bytes, at least one, of the guest's memory, at this physical address
 * of the guest's: a store that you had emulated, the trap area, an spsw, a transfer. */
void shadow_stored(const struct guest *guest, uint32_t physical, uint32_t size);

#endif
