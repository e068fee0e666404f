/* cache.c: the translation cache: pages of code that the hardware executes in the place of the guest's.
 *
 * A page of the cache stands at the guest's own addresses. The shadow page table leads fetches from a page of the
 * guest to its translation, which is execute-only: what the guest loads there traps, and the monitor gives it its own
 * word. So the guest cannot see the cache, wherever in its address space it has code. And the translation of the
 * instruction at an address stands at that address: a jump, relative or indirect, into the middle of a block or
 * across a page, is copied as it is and finds its target without a table; a trap's saved pc is the guest's; and one
 * instruction stays one, so that the real timer counts the guest's own.
 *
 * A page begins as nothing but call-outs: words that trap to the monitor. The first time that one is executed, the
 * block that begins there is translated. Data among the code are never reached, and never translated.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "translation.h"

enum { WORDS = VMM_PAGE / 4, PAGES = 256, PATIENCE = 16, LEAST_WORDS = 24 };

/* A page of the cache: what it is the translation of. */
struct translated {
    struct vmm_shadow *shadow;  /* its guest's; NULL: the page is free */
    const struct vmm_vcpu *vcpu;
    unsigned mode, space;
    uint32_t page, frame;       /* of the space; of the guest's memory */
    uint32_t data, patience;    /* accesses to data there; at so many it is looked at anew */
    bool left_alone, guarded;   /* the guest's own page is executed; but must not be written to */
    uint32_t done[WORDS / 32];  /* a bit for each translated word */
};

struct translation_statistics translation_statistics;

static uint32_t words[PAGES][WORDS] __attribute__((aligned(VMM_PAGE)));
static struct translated pages[PAGES];
static unsigned share; /* pages of each guest */
static unsigned begun; /* those from this number on have never been used */

void cache_start(struct vmm *vmm)
{
    share = PAGES / (vmm->guest_count ? vmm->guest_count : 1);
}

/* ---- Pages of the cache ------------------------------------------------------------------------------------------ */

/* User code that has nothing sensitive is the hardware's. */
static bool is_translated(const struct vmm_vcpu *vcpu)
{
    return vcpu->state[vcpu->isa->mode] == 0 || class_has_sensitive(1);
}

static unsigned current_space(const struct vmm_shadow *shadow)
{
    return (unsigned)(shadow->current - shadow->spaces);
}

/* The shadow's entry goes; the next fetch makes it anew. */
static void drop_entry(const struct translated *translated)
{
    const struct vmm_space *space = &translated->shadow->spaces[translated->space];

    if (translated->page < space->pages)
        space->table[translated->page] = 0;
}

static void release(struct translated *translated)
{
    drop_entry(translated);
    if (!translated->left_alone || translated->guarded)
        vmm_watch_frame_no_more(translated->shadow, translated->frame);
    translated->shadow = NULL;
}

void vmm_code_forgotten(struct vmm_shadow *shadow)
{
    for (unsigned i = 0; i < begun; i++)
        if (pages[i].shadow == shadow)
            pages[i].shadow = NULL;
}

static struct translated *find(const struct vmm_vcpu *vcpu, uint32_t page)
{
    unsigned space = current_space(vcpu->shadow), first = vcpu->unit * share;

    for (struct translated *each = &pages[first]; each < &pages[first + share]; each++)
        if (each->shadow && each->page == page && each->space == space)
            return each;
    return NULL;
}

/* When all of the guest's share is taken, all of it is forgotten: nothing else refers to it. */
static struct translated *find_free(const struct vmm_vcpu *vcpu)
{
    unsigned first = vcpu->unit * share;

    for (struct translated *each = &pages[first]; each < &pages[first + share]; each++)
        if (!each->shadow)
            return each;
    for (struct translated *each = &pages[first]; each < &pages[first + share]; each++)
        release(each);
    translation_statistics.flushes++;
    return &pages[first];
}

static struct translated *make_page(const struct vmm_vcpu *vcpu, uint32_t page, uint32_t frame)
{
    struct translated *translated = find_free(vcpu);

    begun = (unsigned)(translated - pages) < begun ? begun : (unsigned)(translated - pages) + 1;
    translated->shadow = vcpu->shadow;
    translated->vcpu = vcpu;
    translated->mode = vcpu->state[vcpu->isa->mode];
    translated->space = current_space(vcpu->shadow);
    translated->page = page;
    translated->frame = frame;
    translated->data = 0;
    translated->patience = PATIENCE;
    translated->left_alone = translated->guarded = false;
    for (unsigned i = 0; i < WORDS / 32; i++)
        translated->done[i] = 0;
    const uint32_t call_out = class_call_out();
    for (uint32_t *to = words[translated - pages], *end = to + WORDS; to < end; to += 4)
        to[0] = to[1] = to[2] = to[3] = call_out;
    vmm_watch_frame(vcpu->shadow, vcpu->memory_start, frame);
    translation_statistics.pages++;
    return translated;
}

/* ---- Translating ------------------------------------------------------------------------------------------------- */

static uint32_t guest_word(const struct translated *translated, unsigned number)
{
    return ((const uint32_t *)(const void *)(translated->vcpu->memory + translated->frame * VMM_PAGE))[number];
}

static bool is_done(const struct translated *translated, unsigned number)
{
    return translated->done[number / 32] >> number % 32 & 1;
}

/* From this word up to a jump that is always taken; or, for each block costs a trap, some blocks that follow. */
static void translate_block(struct translated *translated, unsigned number)
{
    uint32_t *const counters[] = { &translation_statistics.copied, &translation_statistics.traps,
                                   &translation_statistics.call_outs };
    uint32_t *to = words[translated - pages];
    unsigned end = number + LEAST_WORDS;

    for (bool jumps = false; number < WORDS && !(jumps && number >= end) && !is_done(translated, number); number++) {
        uint32_t word = guest_word(translated, number);
        const struct instruction_class *class = class_of(word);
        to[number] = class->in[translated->mode] == CLASS_SENSITIVE ? class_call_out() : word;
        *counters[class->in[translated->mode]] += 1;
        translated->done[number / 32] |= UINT32_C(1) << number % 32;
        jumps = class->jumps;
    }
    translation_statistics.blocks++;
}

/* The page of the cache that this real address is in, or NULL. */
static struct translated *page_at(uint32_t address)
{
    uint32_t offset = address - (uint32_t)(uintptr_t)words;

    return offset < sizeof words ? &pages[offset / VMM_PAGE] : NULL;
}

/* The hardware has executed a word of the cache, and trapped: by what was copied, or by a call-out. Either way the
 * guest's own word is to be executed now. */
uint32_t vmm_code_word(uint32_t address)
{
    const struct translated *translated = page_at(address);

    return translated ? guest_word(translated, address % VMM_PAGE / 4) : *(const uint32_t *)(uintptr_t)address;
}

/* After a trap: if it was by a word that was not yet translated, it is now, and what follows; then the guest goes on
 * there. */
bool cache_translate(struct vmm_vcpu *vcpu, uint32_t pc)
{
    const struct vmm_space *space = vcpu->shadow->current; /* in which the hardware was */
    unsigned number = pc % VMM_PAGE / 4;

    if (!space || pc / VMM_PAGE >= space->pages || pc % 4 != 0)
        return false;
    struct translated *translated = page_at(space->table[pc / VMM_PAGE]);
    if (!translated || is_done(translated, number))
        return false;
    translate_block(translated, number);
    return true;
}

/* ---- Pages that are executed where they are ---------------------------------------------------------------------- */

static bool has_sensitive_word(const struct translated *translated)
{
    for (unsigned i = 0; i < WORDS; i++)
        if (class_of(guest_word(translated, i))->in[translated->mode] == CLASS_SENSITIVE)
            return true;
    return false;
}

/* A page with nothing on it that the hardware must not execute. Where the guest could put such a word there, each
 * store to the page is looked at. */
static bool leave_alone(struct translated *translated)
{
    bool sensitive = class_has_sensitive(translated->mode);

    if (sensitive && has_sensitive_word(translated))
        return false;
    translated->left_alone = true;
    translated->guarded = sensitive;
    if (!sensitive)
        vmm_watch_frame_no_more(translated->shadow, translated->frame);
    translation_statistics.left_alone++;
    return true;
}

/* ---- For the shadow page tables ---------------------------------------------------------------------------------- */

uint32_t vmm_code_entry(struct vmm_vcpu *vcpu, uint32_t page, uint32_t entry, uint32_t access)
{
    uint32_t frame = (entry - vcpu->memory_start) / VMM_PAGE;

    if (!is_translated(vcpu))
        return entry;
    struct translated *translated = find(vcpu, page);
    if (translated && translated->frame != frame) {
        release(translated);
        translated = NULL;
    }
    if (!translated && access == PG74_FETCHING) {
        translated = make_page(vcpu, page, frame);
        if (translated->mode == 1)
            leave_alone(translated);
    }
    if (translated && translated->left_alone)
        return translated->guarded ? entry & ~(uint32_t)VMM_ENTRY_WRITE : entry;
    if (access != PG74_FETCHING)
        return entry & ~(uint32_t)VMM_ENTRY_EXECUTE;
    return (uint32_t)(uintptr_t)words[translated - pages] | VMM_ENTRY_EXECUTE | VMM_ENTRY_USER | VMM_ENTRY_VALID;
}

/* Data on a page of the cache: the monitor executes the access. After many the page is better left alone, if it can
 * be. */
bool vmm_code_keeps(struct vmm_vcpu *vcpu, uint32_t page, uint32_t entry)
{
    struct translated *translated = page_at(entry);

    (void)vcpu, (void)page;
    if (!translated)
        return false;
    translation_statistics.data++;
    if (++translated->data < translated->patience)
        return true;
    translated->patience *= 2; /* a look at a whole page is dear, and may be in vain */
    return !leave_alone(translated);
}

void vmm_code_stored(struct vmm_shadow *shadow, uint32_t word)
{
    unsigned number = word % VMM_PAGE / 4;

    for (unsigned i = 0; i < begun; i++) {
        struct translated *translated = &pages[i];
        if (translated->shadow != shadow || translated->frame != word / VMM_PAGE)
            continue;
        translation_statistics.stored += is_done(translated, number);
        translated->done[number / 32] &= ~(UINT32_C(1) << number % 32);
        words[i][number] = class_call_out();
        if (translated->guarded &&
            class_of(guest_word(translated, number))->in[translated->mode] == CLASS_SENSITIVE) {
            translated->left_alone = translated->guarded = false;
            drop_entry(translated);
        }
    }
}
