/* translation.h: the parts of the binary translator.
 *
 *   classes.c     which instructions may be copied: found in their meaning
 *   cache.c       the pages of translated code, and how guests come to execute them
 *   monitor.c     the strategy
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef TRANSLATION_H
#define TRANSLATION_H

#include "shadow.h"

/* What becomes of an instruction that the hardware executes in its user mode, in the place of a guest. */
enum class {
    CLASS_HARMLESS,  /* it does what the guest's own machine would do, or traps where that does */
    CLASS_TRAPS,     /* it always traps, so that the monitor can execute it */
    CLASS_SENSITIVE, /* neither: the hardware must not execute it */
};

struct instruction_class {
    enum class in[2];     /* by the guest's virtual mode: 0 supervisor, 1 user */
    bool jumps;           /* it always sets the program counter: what follows it is not reached */
};

/* Finds the classes of all instructions. False: there is no instruction word of which it is certain that it traps. */
bool classes_find(const struct vmm_isa *isa);

/* The class of an instruction word, whether illegal or not. */
const struct instruction_class *class_of(uint32_t word);

/* A word that always traps. */
uint32_t class_call_out(void);

/* Whether there is a sensitive word for a virtual mode. */
bool class_has_sensitive(unsigned mode);

/* Gives each guest its share of the cache. */
void cache_start(struct vmm *vmm);

/* After a trap of a guest at this pc, other than an interrupt. True: it was by a word that was not yet translated,
 * and now is; the guest has executed nothing, and goes on there. */
bool cache_translate(struct vmm_vcpu *vcpu, uint32_t pc);

/* For people who look. */
struct translation_statistics {
    uint32_t pages;        /* of the cache that were begun */
    uint32_t blocks;       /* translated */
    uint32_t copied;       /* instructions in them that the hardware may execute as they are */
    uint32_t traps;        /* copied, too: they always trap, which calls the monitor */
    uint32_t call_outs;    /* that were replaced by a word that does */
    uint32_t stored;       /* translated words that were forgotten because the guest has changed them */
    uint32_t data;         /* accesses to data on translated pages */
    uint32_t left_alone;   /* pages that are executed where they are */
    uint32_t flushes;      /* of a guest's share, for want of room */
};
extern struct translation_statistics translation_statistics;

#endif
