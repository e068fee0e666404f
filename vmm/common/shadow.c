/* shadow.c: shadow page tables, filled when a page is touched that they do not have yet.
 *
 * What a guest's address means is for the guest's own translation to say, the paragraph `translate` of its machine. So
 * a shadow entry is made by evaluating that paragraph on the virtual state: may this page be fetched from, loaded from,
 * stored to, and where does it lie? The guest's tables may therefore look as they like; the shadow has the format of
 * the real machine. The words that the paragraph loads on the way are the guest's table, and are watched (watch.c).
 *
 * A space that the guest's translation leaves untranslated needs nothing else: its shadow becomes a map of the
 * partition.
 *
 * Memory for tables is limited, and each guest has a share of its own, so that one cannot slow another down. When a
 * share is used up all of its tables are forgotten, and filled again from nothing. What cannot be shown in a shadow is
 * left out of it: then each access traps, and the monitor executes it, which is slow and right.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "shadow.h"

enum {
    LEAST_PAGES = 64, /* that a table covers; then it doubles */
    AHEAD = 7,
};

static struct vmm_shadow shadows[PG74_MOST_GUESTS];
static uint32_t memory[VMM_TABLE_MEMORY / sizeof(uint32_t)] __attribute__((aligned(16)));

/* ---- Monitors that do not execute all code where it is ----------------------------------------------------------- */

__attribute__((weak)) uint32_t vmm_code_entry(struct vmm_vcpu *vcpu, uint32_t page, uint32_t entry, uint32_t access)
{
    (void)vcpu, (void)page, (void)access;
    return entry;
}

__attribute__((weak)) bool vmm_code_keeps(struct vmm_vcpu *vcpu, uint32_t page, uint32_t entry, uint32_t access)
{
    (void)vcpu, (void)page, (void)entry, (void)access;
    return false;
}

__attribute__((weak)) void vmm_code_stored(struct vmm_shadow *shadow, uint32_t word)
{
    (void)shadow, (void)word;
}

__attribute__((weak)) void vmm_code_forgotten(struct vmm_shadow *shadow)
{
    (void)shadow;
}

__attribute__((weak)) uint32_t vmm_code_word(uint32_t address)
{
    return *(const uint32_t *)(uintptr_t)address;
}

/* ---- Spaces ------------------------------------------------------------------------------------------------------ */

void vmm_shadow_forget(struct vmm_shadow *shadow)
{
    shadow->space_count = 0;
    shadow->current = shadow->before = NULL;
    shadow->next = shadow->first;
    vmm_watch_reset(shadow);
    vmm_code_forgotten(shadow);
}

static bool is_here(const struct vmm_shadow *shadow, const struct vmm_space *space, const uint32_t *state)
{
    const uint32_t *key = space->key;

    for (const unsigned *slot = shadow->key_slots, *end = slot + shadow->key_count; slot < end; slot++, key++)
        if (*key != state[*slot])
            return false;
    return true;
}

static struct vmm_space *find_space(struct vmm_shadow *shadow, const uint32_t *state)
{
    for (unsigned i = 0; i < shadow->space_count; i++)
        if (is_here(shadow, &shadow->spaces[i], state))
            return &shadow->spaces[i];
    if (shadow->space_count == VMM_MOST_SPACES)
        vmm_shadow_forget(shadow);
    struct vmm_space *space = &shadow->spaces[shadow->space_count++];
    space->table = shadow->first;
    space->pages = 0;
    space->limit = ~UINT32_C(0);
    for (unsigned i = 0; i < shadow->key_count; i++)
        space->key[i] = state[shadow->key_slots[i]];
    return space;
}

struct vmm_space *vmm_shadow_space(struct vmm_vcpu *vcpu)
{
    struct vmm_shadow *shadow = vcpu->shadow;

    if (shadow->current && is_here(shadow, shadow->current, vcpu->state))
        return shadow->current;
    /* Most changes are to and fro, between a program and its kernel. */
    struct vmm_space *before = shadow->before;
    shadow->before = shadow->current;
    shadow->current = before && is_here(shadow, before, vcpu->state) ? before : find_space(shadow, vcpu->state);
    return shadow->current;
}

/* Makes a space's table long enough for a page. False: there is no room. */
static bool cover(struct vmm_shadow *shadow, struct vmm_space *space, uint32_t page)
{
    uint32_t pages = LEAST_PAGES;

    if (page < space->pages)
        return true;
    while (page >= pages)
        pages *= 2;
    if (pages > (uint32_t)(shadow->end - shadow->next))
        return false;
    for (uint32_t i = 0; i < pages; i++)
        shadow->next[i] = i < space->pages ? space->table[i] : 0;
    space->table = shadow->next;
    space->pages = pages;
    shadow->next += pages;
    return true;
}

/* ---- What the guest's translation says --------------------------------------------------------------------------- */

/* Of an access to one byte. */
static bool translate(struct vmm_vcpu *vcpu, uint32_t address, uint32_t access, uint32_t *physical)
{
    const struct vmm_step *program =
        vmm_paragraph(vcpu->isa, VMM_TRANSLATE + access, vcpu->state[vcpu->isa->guest_mode]);

    if (vmm_evaluate(vcpu, program, (uint32_t[PG74_MOST_PARAMETERS]){ address, 1 }, 0) != VMM_DONE)
        return false;
    *physical = vcpu->result;
    return true;
}

static uint32_t right_to(uint32_t access)
{
    return access == PG74_FETCHING  ? VMM_ENTRY_EXECUTE :
           access == PG74_STORING ? VMM_ENTRY_WRITE : VMM_ENTRY_READ;
}

/* The shadow entry for a page, or 0 where it cannot have one, for instance because this access is forbidden. It shows
 * what else the guest may do there. */
static uint32_t entry_for(struct vmm_vcpu *vcpu, uint32_t page, uint32_t access)
{
    uint32_t rights = right_to(access), at, physical;

    if (!translate(vcpu, page * VMM_PAGE, access, &at) || at % VMM_PAGE != 0 || at > vcpu->memory_size - VMM_PAGE)
        return 0;
    for (uint32_t other = PG74_FETCHING; other <= PG74_STORING; other++)
        if (other != access && translate(vcpu, page * VMM_PAGE, other, &physical) && physical == at)
            rights |= right_to(other);
    if (!(rights & VMM_ENTRY_READ))
        rights &= ~(uint32_t)VMM_ENTRY_WRITE; /* the real machine's tables cannot say "write, but not read" */
    if (rights == 0)
        return 0;
    if (!vcpu->shadow->in_own_mode || vcpu->state[vcpu->isa->mode])
        rights |= VMM_ENTRY_USER;
    return (vcpu->memory_start + at) | rights | VMM_ENTRY_VALID;
}

/* How many bytes of a page with this entry, from its first on, are the guest's: all, or what lies below a bound of 16
 * bytes' grain. Where the first byte and the last are in place, so is what lies between. */
static uint32_t length_of(struct vmm_vcpu *vcpu, uint32_t page, uint32_t entry, uint32_t access)
{
    uint32_t start = page * VMM_PAGE, length = 0, physical, at = entry / VMM_PAGE * VMM_PAGE - vcpu->memory_start;

    if (translate(vcpu, start + VMM_PAGE - 1, access, &physical) && physical == at + VMM_PAGE - 1)
        return VMM_PAGE;
    for (uint32_t step = VMM_PAGE / 2; step >= 16; step /= 2)
        if (translate(vcpu, start + length + step - 1, access, &physical) && physical == at + length + step - 1)
            length += step;
    return length;
}

/* ---- Filling ----------------------------------------------------------------------------------------------------- */

/* Room in the current space's table and for the links; where there is none left, after forgetting all else. */
static struct vmm_space *prepare_page(struct vmm_vcpu *vcpu, const struct vmm_loads *loads, uint32_t page)
{
    struct vmm_shadow *shadow = vcpu->shadow;

    for (unsigned attempt = 0; attempt < 2; attempt++) {
        struct vmm_space *space = shadow->current ? shadow->current : vmm_shadow_space(vcpu);
        if (cover(shadow, space, page) && vmm_watch(shadow, vcpu->memory_start, loads, page))
            return space;
        vmm_shadow_forget(shadow);
        vcpu->statistics.shadows_forgotten++;
    }
    return NULL;
}

/* The guest stores to one of its tables. Whether it may is found when the store is executed. */
static bool is_table_store(const struct vmm_vcpu *vcpu, uint32_t entry, uint32_t access)
{
    return access == PG74_STORING && (entry & VMM_ENTRY_READ) && !(entry & VMM_ENTRY_WRITE) &&
           vcpu->shadow->watched[(entry - vcpu->memory_start) / VMM_PAGE] != 0;
}

/* Makes the entry for a page as the guest's translation says, and notes what that has loaded. False: there is none. */
static bool fill_page(struct vmm_vcpu *vcpu, uint32_t address, uint32_t access, struct vmm_loads *loads)
{
    uint32_t page = address / VMM_PAGE;

    loads->count = 0;
    vcpu->loads = loads;
    uint32_t entry = entry_for(vcpu, page, access), length = entry ? length_of(vcpu, page, entry, access) : 0;
    vcpu->loads = NULL;
    if (length == 0 || address % VMM_PAGE >= length || loads->count > VMM_MOST_LOADS)
        return false;
    struct vmm_space *space = prepare_page(vcpu, loads, page);
    if (!space)
        return false;
    if (vcpu->shadow->watched[(entry - vcpu->memory_start) / VMM_PAGE])
        entry &= ~(uint32_t)VMM_ENTRY_WRITE;
    if (length < VMM_PAGE)
        space->limit = page * VMM_PAGE + length;
    entry = vmm_code_entry(vcpu, page, entry, access);
    space->table[page] = entry;
    vcpu->statistics.shadow_fills++;
    vcpu->statistics.table_stores += is_table_store(vcpu, entry, access);
    return (entry & right_to(access)) != 0;
}

/* A guest that goes through its memory page by page, where no table says where that is, will do so for a while: the
 * following pages are filled as long as that works. */
static void fill_ahead(struct vmm_vcpu *vcpu, uint32_t page, uint32_t access)
{
    const struct vmm_space *space = vcpu->shadow->current;
    struct vmm_loads loads;

    if (page == 0 || space->table[page - 1] == 0 || access == PG74_FETCHING)
        return;
    for (uint32_t next = page + 1; next <= page + AHEAD && next < space->pages && space->table[next] == 0; next++)
        if (!fill_page(vcpu, next * VMM_PAGE, access, &loads))
            return;
}

/* An entry that allows the access already was not why the hardware trapped: then it is the guest's own trap, or one
 * that its machine takes in user mode only. */
bool vmm_shadow_fill(struct vmm_vcpu *vcpu, uint32_t address, uint32_t access)
{
    const struct vmm_space *space = vmm_shadow_space(vcpu);
    uint32_t page = address / VMM_PAGE, old = page < space->pages ? space->table[page] : 0;
    struct vmm_loads loads;

    vcpu->statistics.table_stores += is_table_store(vcpu, old, access);
    if (page >= vcpu->shadow->most_pages || address >= space->limit || (old & right_to(access)) ||
        is_table_store(vcpu, old, access) || vmm_code_keeps(vcpu, page, old, access) ||
        !fill_page(vcpu, address, access, &loads))
        return false;
    if (loads.count == 0)
        fill_ahead(vcpu, page, access);
    return true;
}

/* ---- The start --------------------------------------------------------------------------------------------------- */

static bool add_to_key(struct vmm_shadow *shadow, unsigned slot)
{
    unsigned known = 0;

    while (known < shadow->key_count && shadow->key_slots[known] != slot)
        known++;
    if (known == VMM_MOST_KEY)
        return false;
    shadow->key_slots[known] = slot;
    shadow->key_count += known == shadow->key_count;
    return true;
}

/* What a guest's spaces are told apart by: the slots that its translation reads; and its mode in any case, for where
 * other words are executed than the guest's it is by the mode which. */
static bool find_key(const struct vmm_isa *isa, struct vmm_shadow *shadow)
{
    const struct pg74_program *program = &isa->module->paragraphs[PG74_ON_TRANSLATE];
    bool has_guest_mode = isa->guest_mode < isa->module->slots;
    bool room = add_to_key(shadow, isa->mode) && (!has_guest_mode || add_to_key(shadow, isa->guest_mode));

    for (uint32_t i = 0; i < program->count; i++) {
        const struct pg74_node *node = &isa->nodes[program->first + i];
        if (node->operator != PG74_IR_READ)
            continue;
        const struct pg74_state *state = &isa->states[node->a];
        for (unsigned j = 0; j < state->count && room; j++)
            room = add_to_key(shadow, state->slot + j);
    }
    return room;
}

/* Does the real machine read tables as they are written here? That, too, its own translation says, of a table of two
 * pages in the memory for tables; asked as by a user program that has all of real memory for its own. */
static bool is_our_format(struct vmm *vmm)
{
    static const uint32_t kinds[] = { 0, VMM_ENTRY_READ, VMM_ENTRY_READ | VMM_ENTRY_WRITE, VMM_ENTRY_EXECUTE };
    static struct vmm_vcpu real;
    const uint32_t r[] = { (uint32_t)(uintptr_t)memory, 2 * VMM_PAGE, 1 };
    uint32_t physical;

    real.isa = &vmm->isa;
    real.memory_size = pg74_boot_block.memory_size;
    real.state[vmm->isa.mode] = 1;
    for (uint32_t i = 0, n = 0; i < vmm->isa.module->state_count && n < 3; i++)
        if (vmm->isa.states[i].role == PG74_ROLE_RELOCATION)
            real.state[vmm->isa.states[i].slot] = r[n++];
    for (uint32_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (uint32_t access = PG74_FETCHING; access <= PG74_STORING; access++) {
            memory[1] = 5 * VMM_PAGE | kinds[i] | VMM_ENTRY_USER | VMM_ENTRY_VALID;
            bool allowed = translate(&real, VMM_PAGE + 16, access, &physical);
            if (allowed != ((kinds[i] & right_to(access)) != 0) || (allowed && physical != 5 * VMM_PAGE + 16))
                return false;
        }
    return true;
}

/* A guest's share: first what watching needs, according to the size of the guest's memory, then tables. */
static bool give_share(struct vmm_shadow *shadow, const struct vmm_vcpu *vcpu, uint32_t *share, uint32_t words)
{
    const uint32_t link_words = sizeof(struct vmm_link) / sizeof(uint32_t);

    shadow->frames = vcpu->memory_size / VMM_PAGE;
    shadow->link_count = shadow->frames * 4 + 512;
    if (shadow->link_count > words / (4 * link_words))
        shadow->link_count = words / (4 * link_words);
    shadow->links = (struct vmm_link *)share;
    shadow->watched = share + shadow->link_count * link_words;
    shadow->first = (uint32_t *)(((uintptr_t)(shadow->watched + shadow->frames) + 15) & ~(uintptr_t)15);
    shadow->end = share + words;
    shadow->most_pages = VMM_MOST_PAGES;
    while (shadow->most_pages > words / 2)
        shadow->most_pages /= 2;
    if (shadow->first + shadow->most_pages > shadow->end)
        return false;
    vmm_shadow_forget(shadow);
    return true;
}

const char *vmm_shadow_start(struct vmm *vmm)
{
    uint32_t words = sizeof memory / sizeof memory[0] / (vmm->guest_count ? vmm->guest_count : 1) & ~UINT32_C(3);

    if (!is_our_format(vmm))
        return "the machine's page tables are not of the format that this monitor writes";
    for (unsigned i = 0; i < vmm->guest_count; i++) {
        struct vmm_vcpu *vcpu = &vmm->guests[i];
        vcpu->shadow = &shadows[i];
        vcpu->shadow->in_own_mode = vmm->in_own_mode;
        if (!find_key(&vmm->isa, vcpu->shadow))
            return "the translation of addresses reads more state than this monitor can tell spaces apart by";
        if (!give_share(vcpu->shadow, vcpu, memory + i * words, words))
            return "the guests have more memory than this monitor can keep shadows for";
    }
    return NULL;
}
