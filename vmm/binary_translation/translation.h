/* translation.h: the parts of the binary translator.
 *
 *   classes.c     which instructions may be copied: found in their meaning
 *   replace.c     what others become where the state is known: a constant, a move, nothing, a jump
 *   block.c       translating, word by word, and the blocks that this was done in
 *   cache.c       the pages of translated code, and how guests come to execute them
 *   monitor.c     the strategy
 *
 * cache_map.h has what is remembered of translations, which others may read.
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef TRANSLATION_H
#define TRANSLATION_H

#include "cache_map.h"
#include "shadow.h"

/* ---- classes.c --------------------------------------------------------------------------------------------------- */

/* What becomes of an instruction that the hardware executes in its user mode, in the place of a guest. */
enum class {
    CLASS_HARMLESS,  /* it does what the guest's own machine would do, or traps */
    CLASS_TRAPS,     /* it always traps, so that the monitor can execute it */
    CLASS_SENSITIVE, /* neither: the hardware must not execute it */
};

struct instruction_class {
    enum class in[2];     /* by the guest's virtual mode: 0 supervisor, 1 user */
    bool known[2];
    bool jumps;           /* it always sets the program counter: what follows it is not reached */
    bool may_be_replaced; /* for some word replace.c might find something better than a call-out */
};

/* Finds the classes of all instructions. False: there is no instruction word of which it is certain that it traps. */
bool classes_find(const struct vmm_isa *isa);

/* The class of an instruction word, whether illegal or not; of what is in it only `in[mode]` for this mode is known. */
const struct instruction_class *class_of(uint32_t word, unsigned mode);

/* Instructions are mostly told apart by the bits that RISC-V calls opcode and funct3: ten bits of the word. Words with
 * the same ten are a bucket. */
enum { CLASS_BUCKETS = 1 << 10 };
static inline uint32_t class_bucket(uint32_t word) { return word % 128 | (word >> 12) % 8 << 7; }

/* True: this word may be copied, and what follows it is reached. Quick; false says nothing. */
extern enum class_plain { CLASS_NOT_LOOKED_AT, CLASS_PLAIN, CLASS_NOT_PLAIN } class_plain[2][CLASS_BUCKETS];
bool class_is_plain_bucket(uint32_t bucket, unsigned mode);
static inline bool class_is_plain(uint32_t word, unsigned mode)
{
    uint32_t bucket = class_bucket(word);

    return class_plain[mode][bucket] == CLASS_PLAIN || class_is_plain_bucket(bucket, mode);
}

/* False: in the guest's user mode this word is certainly not sensitive. Quick. */
bool class_may_be_sensitive(uint32_t word);

/* The instruction that a word is; NULL: illegal. */
const struct pg74_instruction *class_instruction(uint32_t word);

/* A word that always traps. */
uint32_t class_call_out(void);

/* Whether there is a sensitive word for a virtual mode. */
bool class_has_sensitive(unsigned mode);

/* ---- replace.c --------------------------------------------------------------------------------------------------- */

void replace_start(struct vmm *vmm);

/* A word that the hardware must not execute or that traps, at a pc, for a guest as it is now: another word in its
 * place, or WHY_CALL_OUT. */
enum why replace(const struct vmm_vcpu *vcpu, unsigned mode, uint32_t pc, uint32_t *word);

/* What is assumed of a guest in a mode: not 0 where there is something. */
extern uint32_t replace_assumed[PG74_MOST_GUESTS][2];
extern bool replace_assumes; /* of any guest */

/* Before the guest is entered in this mode. False: what was assumed (WHY_ASSUMED) is no longer so. */
bool replace_still_true(const struct vmm_vcpu *vcpu, unsigned mode);

/* ---- cache.c ----------------------------------------------------------------------------------------------------- */

_Static_assert((int)CACHE_PAGE == (int)VMM_PAGE && (int)CACHE_KEY == (int)VMM_MOST_KEY, "cache_map.h stands alone");

extern struct translated cache_pages[CACHE_PAGES];
extern uint32_t cache_words[CACHE_PAGES][CACHE_WORDS];

/* Words of the cache have numbers, those of page i from CACHE_WORDS * i on. */
enum { CACHE_NOWHERE = CACHE_PAGES * CACHE_WORDS };

/* What the guest's own instruction does in whose place a word stands that traps. It is linked when the word traps for
 * the first time, so that nobody need decode it again. NULL: the word is not translated, or illegal. */
extern const struct vmm_step *cache_programs[CACHE_PAGES * CACHE_WORDS];
const struct vmm_step *cache_link(uint32_t number);
static inline const struct vmm_step *cache_program(uint32_t number)
{
    const struct vmm_step *program = cache_programs[number];

    return program ? program : cache_link(number);
}

/* Gives each guest its share of the cache. */
void cache_start(struct vmm *vmm);

/* The guest that a page is for. */
const struct vmm_vcpu *cache_guest(const struct translated *translated);

/* The page of the cache that a real address is in, or NULL. */
static inline struct translated *cache_page(uint32_t address)
{
    uint32_t offset = address - (uint32_t)(uintptr_t)cache_words;

    return offset < sizeof cache_words ? &cache_pages[offset / VMM_PAGE] : NULL;
}

static inline uint32_t cache_number(const struct translated *translated, unsigned word)
{
    return (uint32_t)(translated - cache_pages) * CACHE_WORDS + word;
}

/* The number of the word that the hardware has fetched with this PSW, or CACHE_NOWHERE. */
static inline uint32_t cache_fetched(const volatile struct pg74_psw *psw)
{
    uint32_t pc = psw->pc;

    if (pc % 4 != 0 || pc >= psw->bound)
        return CACHE_NOWHERE;
    uint32_t offset = ((const uint32_t *)(uintptr_t)psw->base)[pc / VMM_PAGE] - (uint32_t)(uintptr_t)cache_words;
    return offset < sizeof cache_words ? offset / VMM_PAGE * CACHE_WORDS + pc % VMM_PAGE / 4 : CACHE_NOWHERE;
}

/* Before a guest is entered: what was assumed of it is checked. */
void cache_check(const struct vmm_vcpu *vcpu, unsigned mode);
static inline void cache_enter(const struct vmm_vcpu *vcpu)
{
    unsigned mode = replace_assumes ? vcpu->state[vcpu->isa->mode] : 0;

    if (replace_assumes && replace_assumed[vcpu->unit][mode])
        cache_check(vcpu, mode);
}

/* ---- block.c ----------------------------------------------------------------------------------------------------- */

void block_start(void);

/* Translates the block that begins at a word of a page. */
void block_translate(struct translated *translated, unsigned number);

extern struct translation_statistics translation_statistics;
extern struct translation_cache translation_cache;

/* The guest's own words, in the place of which a page stands. */
static inline const uint32_t *block_source(const struct translated *translated)
{
    return (const uint32_t *)(uintptr_t)translated->source;
}

/* A word of a page is not translated any more. */
void block_forget_word(struct translated *translated, unsigned number);

#endif
