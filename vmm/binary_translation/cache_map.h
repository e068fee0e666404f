/* cache_map.h: what the translator remembers of its translations, so that others can show them: pg74's own screens,
 * scripts, tests. They find `translation_cache` by its symbol in the monitor's file, and read on from there in the
 * memory of the machine. There are no pointers in these structures, so they are the same for programs of the host's.
 * The translation of the word at a guest's address stands at the same place of a page of the cache, and is one word.
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef CACHE_MAP_H
#define CACHE_MAP_H

#include <stdint.h>

/* What became of a word, and why. */
enum why {
    WHY_NOT_YET,     /* not translated: a call-out, upon which it is */
    WHY_COPIED,      /* harmless */
    WHY_TRAPS,       /* copied: it calls the monitor by itself */
    WHY_CALL_OUT,    /* sensitive */
    WHY_CONSTANT,    /* under this key it gives a register a constant: an instruction that does */
    WHY_MOVE,        /* under this key it gives a register the value of another */
    WHY_NOTHING,     /* under this key it changes nothing */
    WHY_JUMP,        /* under this key it is a jump */
    WHYS,
    WHY_ASSUMED = 0x80, /* and: as long as state outside of the key keeps its value */
};

enum { CACHE_PAGE = 4096, CACHE_WORDS = CACHE_PAGE / 4, CACHE_PAGES = 256, CACHE_KEY = 8 };

enum page_state {
    PAGE_FREE,
    PAGE_TRANSLATED, /* the hardware executes the translation; the guest's accesses to its data there trap */
    PAGE_SHOWN,      /* the same, but for the moment the guest reads its data there: the next fetch traps */
    PAGE_RESTING,    /* the guest writes there: the page is its own, and the next fetch begins anew */
    PAGE_GUARDED,    /* nothing on it needs translating: executed where it is, each store is looked at */
    PAGE_LEFT_ALONE, /* the same, and no store could change that */
};

/* A page of the cache: what it is the translation of. */
struct translated {
    uint32_t state;                    /* enum page_state */
    uint32_t unit;                     /* of its guest */
    uint32_t mode, space;              /* under which it is valid, */
    uint32_t key[CACHE_KEY];           /* and the values that the guest's translation reads in that space */
    uint32_t page, frame;              /* number of the page: of the guest's addresses; of its physical memory */
    uint32_t source;                   /* real address of the guest's own page */
    uint32_t generation;               /* how often it was begun anew */
    uint32_t data, stores, patience;   /* accesses to data there; at so many something is done about it */
    uint32_t assumed;                  /* some word is WHY_ASSUMED */
    uint8_t why[CACHE_WORDS];          /* enum why of each word */
};

/* Blocks, in the order in which they were translated. Their words may since have been forgotten
 * (why[...] is WHY_NOT_YET), or the whole page (its generation is another). */
enum { MOST_BLOCKS = 2048 };
struct translation_block {
    uint32_t pc;                       /* of its first instruction; instruction i is at pc + 4 * i, in the cache, too */
    uint16_t page, length;             /* of the cache; in words */
    uint32_t generation;
};

struct translation_statistics {
    uint32_t pages;        /* of the cache that were begun */
    uint32_t blocks;       /* translated */
    uint32_t words[WHYS];  /* in them, by what became of them */
    uint32_t stored;       /* translated words that were forgotten because the guest has changed them */
    uint32_t data;         /* accesses to data on translated pages */
    uint32_t left_alone;   /* pages that are executed where they are */
    uint32_t rested;       /* pages that were given back to the guest because it kept writing there */
    uint32_t flushes;      /* of a guest's share, for want of room */
};

/* Where all of this is: at the symbol `translation_cache` of the monitor's file. Addresses are of real memory, sizes in
 * bytes. */
enum { TRANSLATION_MAGIC = 0x4e415254 /* "TRAN" */, TRANSLATION_VERSION = 1 };
struct translation_cache {
    uint32_t magic, version;
    uint32_t page_count, page_size, pages;       /* struct translated[] */
    uint32_t words;                              /* the translated words of page i: at words + 4096 * i */
    uint32_t block_capacity, block_size, blocks; /* struct translation_block[]: a ring; */
    uint32_t block_count;                        /* so many were ever translated */
    uint32_t call_out;                           /* the word that stands where nothing else does */
    uint32_t statistics;                         /* struct translation_statistics */
};

#endif
