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
 * block that begins there is translated (block.c). Data among the code are never reached, and never translated.
 *
 * What is dear is data on a page with code, for each access traps. Nobody knows which is to come next, the guest's
 * code or its data; so the monitor waits until the accesses have cost about as much as turning the page over would,
 * then turns it over: it loses at most about as much as it would have lost by knowing. Each time it waits longer.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "translation.h"

enum { PATIENCE = 4, MOST_PATIENCE = 4096 };

struct translated cache_pages[CACHE_PAGES];
uint32_t cache_words[CACHE_PAGES][CACHE_WORDS] __attribute__((aligned(VMM_PAGE)));
const struct vmm_step *cache_programs[CACHE_PAGES * CACHE_WORDS];
static struct {
    const struct vmm_vcpu *vcpu;
    struct vmm_shadow *shadow;        /* NULL: there is no such guest */
    struct translated *first, *begun; /* its pages of the cache; from `begun` on they have never been used, */
    struct translated *end;
} shares[PG74_MOST_GUESTS];

void cache_start(struct vmm *vmm)
{
    unsigned share = CACHE_PAGES / (vmm->guest_count ? vmm->guest_count : 1);

    for (unsigned i = 0; i < vmm->guest_count; i++) {
        shares[i].vcpu = &vmm->guests[i];
        shares[i].shadow = vmm->guests[i].shadow;
        shares[i].first = shares[i].begun = &cache_pages[i * share];
        shares[i].end = shares[i].first + share;
    }
}

const struct vmm_vcpu *cache_guest(const struct translated *translated)
{
    return shares[translated->unit].vcpu;
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

/* The shadow's entry goes; the next access makes it anew. */
static void drop_entry(const struct translated *translated)
{
    const struct vmm_space *space = &shares[translated->unit].shadow->spaces[translated->space];

    if (translated->page < space->pages)
        space->table[translated->page] = 0;
}

static bool is_watched(const struct translated *translated)
{
    return translated->state == PAGE_TRANSLATED || translated->state == PAGE_SHOWN || translated->state == PAGE_GUARDED;
}

/* From one state to another. A page that is watched lets no store pass unseen. */
static void change(struct translated *translated, enum page_state state)
{
    struct vmm_shadow *shadow = shares[translated->unit].shadow;
    bool was_watched = is_watched(translated);

    drop_entry(translated);
    translated->state = state;
    if (is_watched(translated) && !was_watched)
        vmm_watch_frame(shadow, cache_guest(translated)->memory_start, translated->frame);
    if (!is_watched(translated) && was_watched)
        vmm_watch_frame_no_more(shadow, translated->frame);
}

/* All spaces are gone, and what was watched with them. */
void vmm_code_forgotten(struct vmm_shadow *shadow)
{
    for (unsigned unit = 0; unit < PG74_MOST_GUESTS; unit++)
        if (shares[unit].shadow == shadow)
            for (struct translated *each = shares[unit].first; each < shares[unit].begun; each++)
                each->state = PAGE_FREE;
}

static struct translated *find(const struct vmm_vcpu *vcpu, uint32_t page)
{
    unsigned space = current_space(vcpu->shadow);

    for (struct translated *each = shares[vcpu->unit].first; each < shares[vcpu->unit].begun; each++)
        if (each->page == page && each->space == space && each->state != PAGE_FREE)
            return each;
    return NULL;
}

/* When all of the guest's share is taken, all of it is forgotten: nothing else refers to it. */
static struct translated *find_free(const struct vmm_vcpu *vcpu)
{
    struct translated *first = shares[vcpu->unit].first, *end = shares[vcpu->unit].begun;

    for (struct translated *each = first; each < end; each++)
        if (each->state == PAGE_FREE)
            return each;
    if (end < shares[vcpu->unit].end)
        return shares[vcpu->unit].begun++;
    for (struct translated *each = first; each < end; each++)
        change(each, PAGE_FREE);
    translation_statistics.flushes++;
    return first;
}

/* ---- Pages that are executed where they are ---------------------------------------------------------------------- */

static bool has_sensitive_word(const struct translated *translated)
{
    const uint32_t *word = block_source(translated), *end = word + CACHE_WORDS;

    for (; word < end; word++)
        if ((translated->mode == 0 || class_may_be_sensitive(*word)) &&
            class_of(*word, translated->mode)->in[translated->mode] == CLASS_SENSITIVE)
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
    change(translated, sensitive ? PAGE_GUARDED : PAGE_LEFT_ALONE);
    translation_statistics.left_alone++;
    return true;
}

/* ---- New pages --------------------------------------------------------------------------------------------------- */

static void unlink_programs(const struct translated *translated)
{
    const struct vmm_step **program = &cache_programs[cache_number(translated, 0)];

    for (const struct vmm_step **end = program + CACHE_WORDS; program < end; program += 4)
        program[0] = program[1] = program[2] = program[3] = NULL;
}

/* The programs are no more: call-outs will find theirs anew. */
void vmm_programs_forgotten(void)
{
    for (unsigned unit = 0; unit < PG74_MOST_GUESTS; unit++)
        for (const struct translated *each = shares[unit].first; each < shares[unit].begun; each++)
            unlink_programs(each);
}

/* Nothing on the page is translated. One that has never been used is as it should be, where a call-out is zero. User
 * code is executed where it is, if that can be. */
static void begin(struct translated *translated)
{
    const uint32_t call_out = class_call_out();

    if (translated->generation++ != 0 || call_out != 0) {
        uint32_t *why = (uint32_t *)(void *)translated->why, *to = cache_words[translated - cache_pages];
        for (uint32_t *end = to + CACHE_WORDS; to < end; to += 4, why++) {
            to[0] = to[1] = to[2] = to[3] = call_out;
            *why = 0;
        }
        unlink_programs(translated);
    }
    translated->data = translated->stores = translated->assumed = 0;
    translation_statistics.pages++;
    change(translated, PAGE_TRANSLATED);
    if (translated->mode == 1)
        leave_alone(translated);
}

static struct translated *make_page(const struct vmm_vcpu *vcpu, uint32_t page, uint32_t frame)
{
    struct translated *translated = find_free(vcpu);

    translated->unit = vcpu->unit;
    translated->mode = vcpu->state[vcpu->isa->mode];
    translated->space = current_space(vcpu->shadow);
    for (unsigned i = 0; i < vcpu->shadow->key_count; i++)
        translated->key[i] = vcpu->shadow->current->key[i];
    translated->page = page;
    translated->frame = frame;
    translated->source = vcpu->memory_start + frame * VMM_PAGE;
    translated->patience = PATIENCE;
    begin(translated);
    return translated;
}

/* ---- Where the hardware has been --------------------------------------------------------------------------------- */

/* The hardware has executed a word of the cache, and trapped: by what was copied, or by a call-out. Either way the
 * guest's own word is to be executed now. */
uint32_t vmm_code_word(uint32_t address)
{
    const struct translated *translated = cache_page(address);

    return translated ? block_source(translated)[address % VMM_PAGE / 4] : *(const uint32_t *)(uintptr_t)address;
}

void cache_check(const struct vmm_vcpu *vcpu, unsigned mode)
{
    if (replace_still_true(vcpu, mode))
        return;
    for (struct translated *each = shares[vcpu->unit].first; each < shares[vcpu->unit].begun; each++) {
        if (!each->assumed || each->mode != mode || each->state == PAGE_FREE)
            continue;
        for (unsigned i = 0; i < CACHE_WORDS; i++)
            if (each->why[i] & WHY_ASSUMED)
                block_forget_word(each, i);
        each->assumed = 0;
    }
}

/* The page is for one mode, as programs are. What is to be done with an illegal word depends on the word. */
const struct vmm_step *cache_link(uint32_t number)
{
    const struct translated *translated = &cache_pages[number / CACHE_WORDS];
    const struct vmm_vcpu *vcpu = cache_guest(translated);

    if (translated->why[number % CACHE_WORDS] == WHY_NOT_YET)
        return NULL;
    const struct vmm_decoded *decoded =
        vmm_decode(vcpu->isa, block_source(translated)[number % CACHE_WORDS], vmm_mode(vcpu));
    if (decoded->instruction)
        cache_programs[number] = decoded->program;
    return cache_programs[number];
}

/* ---- Impatience ------------------------------------------------------------------------------------------------- */

/* So many accesses to data have been enough. */
static bool is_impatient(struct translated *translated, uint32_t *accesses)
{
    if (++*accesses < translated->patience)
        return false;
    *accesses = 0;
    translated->patience *= translated->patience < MOST_PATIENCE ? 2 : 1;
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
        change(translated, PAGE_FREE);
        translated = NULL;
    }
    if (!translated && access != PG74_FETCHING)
        return entry & ~(uint32_t)VMM_ENTRY_EXECUTE;
    if (!translated)
        translated = make_page(vcpu, page, frame);
    if (access == PG74_FETCHING && translated->state == PAGE_RESTING)
        begin(translated);
    else if (access == PG74_FETCHING && translated->state == PAGE_SHOWN)
        translated->state = PAGE_TRANSLATED;
    else if (access != PG74_FETCHING && translated->state == PAGE_TRANSLATED)
        translated->state = PAGE_SHOWN;
    switch ((enum page_state)translated->state) {
    case PAGE_LEFT_ALONE: return entry;
    case PAGE_GUARDED:    return entry & ~(uint32_t)VMM_ENTRY_WRITE;
    case PAGE_RESTING:    return entry & ~(uint32_t)VMM_ENTRY_EXECUTE;
    case PAGE_SHOWN:      return entry & ~(uint32_t)(VMM_ENTRY_EXECUTE | VMM_ENTRY_WRITE);
    default:
        return (uint32_t)(uintptr_t)cache_words[translated - cache_pages] | VMM_ENTRY_EXECUTE | VMM_ENTRY_USER |
               VMM_ENTRY_VALID;
    }
}

/* Data on a page of the cache: the monitor executes the access. After many the page is left alone, if it can be, or
 * shown until the next fetch. Stores are counted where they happen. */
bool vmm_code_keeps(struct vmm_vcpu *vcpu, uint32_t page, uint32_t entry, uint32_t access)
{
    struct translated *translated = cache_page(entry);

    (void)vcpu, (void)page;
    if (!translated)
        return false;
    translation_statistics.data++;
    if (access == PG74_STORING || !is_impatient(translated, &translated->data))
        return true;
    if (!leave_alone(translated))
        change(translated, PAGE_SHOWN);
    return false;
}

/* A word has changed that is translated, or guarded. */
static void stored(struct translated *translated, unsigned number)
{
    if (translated->why[number] != WHY_NOT_YET) {
        block_forget_word(translated, number);
        translation_statistics.stored++;
    }
    if (is_impatient(translated, &translated->stores)) {
        change(translated, PAGE_RESTING);
        translation_statistics.rested++;
    } else if (translated->state == PAGE_GUARDED &&
               class_of(block_source(translated)[number], translated->mode)->in[translated->mode] == CLASS_SENSITIVE) {
        change(translated, PAGE_TRANSLATED);
    }
}

void vmm_code_stored(struct vmm_shadow *shadow, uint32_t word)
{
    uint32_t frame = word / VMM_PAGE;

    for (unsigned unit = 0; unit < PG74_MOST_GUESTS; unit++)
        if (shares[unit].shadow == shadow)
            for (struct translated *each = shares[unit].first; each < shares[unit].begun; each++)
                if (each->frame == frame && is_watched(each))
                    stored(each, word % VMM_PAGE / 4);
}
