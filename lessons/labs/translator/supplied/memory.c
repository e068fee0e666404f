/* memory.c: the guests' memory, as they see it and as the hardware is told of it. */
#include "internal.h"

/* ---- Physical memory of a guest ---------------------------------------------------------------------------------- */

uint32_t load_physical(const struct vcpu *vcpu, uint32_t place, uint32_t size)
{
    const uint8_t *at = vcpu->memory + place;
    if (size > vcpu->size || place > vcpu->size - size)
        return 0;
    if (size == 4)
        return *(const uint32_t *)(uintptr_t)at;
    return size == 2 ? *(const uint16_t *)(uintptr_t)at : *at;
}

/* Somebody other than the hardware in supervisor mode has changed memory. */
void memory_changed(struct vcpu *vcpu, uint32_t place, uint32_t size)
{
    enum { PATIENCE = 64 };
    bool known = false;
    if (size == 0)
        return;
    if (vcpu->flags & TRANSLATED)
        vcpu->stale = true; /* it may have been a page table */
    for (uint32_t page = place / PAGE; page <= (place + size - 1) / PAGE; page++) {
        if (!vcpu->watched[page])
            continue;
        known = true;
        if (++vcpu->watched[page] > PATIENCE) { /* it is no page of code any more */
            vcpu->watched[page] = 0;
            vcpu->kernel_table[page] |= MAY_WRITE;
            vcpu->stale = true;
            translator_changed(&vcpu->guest, page * PAGE, PAGE);
        }
    }
    if (known)
        translator_changed(&vcpu->guest, place, size);
}

void store_physical(struct vcpu *vcpu, uint32_t place, uint32_t size, uint32_t value)
{
    uint8_t *at = vcpu->memory + place;
    if (size > vcpu->size || place > vcpu->size - size)
        return;
    if (size == 4)
        *(uint32_t *)(uintptr_t)at = value;
    else if (size == 2)
        *(uint16_t *)(uintptr_t)at = (uint16_t)value;
    else
        *at = (uint8_t)value;
    if (vcpu->watched[place / PAGE] || vcpu->flags & TRANSLATED)
        memory_changed(vcpu, place, size);
}

/* ---- Virtual addresses of a guest: `translate` of the machine ----------------------------------------------------- */

static uint32_t entry_of(const struct vcpu *vcpu, uint32_t address)
{
    return load_physical(vcpu, vcpu->base + address / PAGE * 4, 4);
}

static bool permits(uint32_t entry, uint32_t access, bool for_user)
{
    uint32_t right = access == FETCH ? MAY_EXECUTE : access == STORE ? MAY_WRITE : MAY_READ;
    return (entry & VALID) && (entry & right) && (entry & MAY_READ || !(entry & MAY_WRITE)) &&
           (entry & FOR_USER || !for_user);
}

/* The physical address; or false, and the cause of the trap. */
bool translate(struct vcpu *vcpu, uint32_t address, uint32_t size, uint32_t access, uint32_t *place, uint32_t *cause)
{
    uint32_t limit = vcpu->flags & TRANSLATED ? vcpu->bound : vcpu->size;
    *cause = PG74_CAUSE_MEMORY;
    if (size > limit || address > limit - size)
        return false;
    *place = address;
    if (!(vcpu->flags & TRANSLATED))
        return true;
    if (address % PAGE > PAGE - size) {
        *cause = PG74_CAUSE_MISALIGNED;
        return false;
    }
    uint32_t entry = entry_of(vcpu, address);
    *place = entry / PAGE * PAGE + address % PAGE;
    return permits(entry, access, vcpu->flags & USER) && *place <= vcpu->size - size;
}

/* ---- Kernels: memory where it is, to load and store; and the translation cache, to execute ------------------------- */

void make_kernel_table(struct vcpu *vcpu)
{
    uint32_t cache = (uint32_t)(uintptr_t)translation_cache;
    for (uint32_t page = 0; (page + 1) * PAGE <= vcpu->size; page++)
        vcpu->kernel_table[page] = (vcpu->start + page * PAGE) | VALID | MAY_READ | MAY_WRITE | FOR_USER;
    for (uint32_t page = 0; page < CACHE_PAGES; page++)
        vcpu->kernel_table[MOST_PAGES + page] = (cache + page * PAGE) | VALID | MAY_EXECUTE | FOR_USER;
}

bool monitor_fetch(struct guest *guest, uint32_t pc, uint32_t *word)
{
    struct vcpu *vcpu = (struct vcpu *)guest;
    if (pc % 4 != 0 || pc > vcpu->size - 4)
        return false;
    if (!vcpu->watched[pc / PAGE]) {
        vcpu->watched[pc / PAGE] = 1;
        vcpu->kernel_table[pc / PAGE] &= ~(uint32_t)MAY_WRITE;
        vcpu->stale = true;
    }
    *word = load_physical(vcpu, pc, 4);
    return true;
}

/* ---- User programs: a shadow of the guest's own table -------------------------------------------------------------- */

static void empty_shadow(struct vcpu *vcpu)
{
    if (vcpu->filled_count <= MOST_FILLED) {
        for (uint32_t i = 0; i < vcpu->filled_count; i++)
            vcpu->user_table[vcpu->filled[i]] = 0;
    } else {
        for (uint32_t page = 0; page < MOST_PAGES; page++)
            vcpu->user_table[page] = 0;
    }
    vcpu->filled_count = 0;
}

void prepare_shadow(struct vcpu *vcpu)
{
    if (!vcpu->stale && vcpu->shadow_flags == (vcpu->flags & TRANSLATED) && vcpu->shadow_base == vcpu->base &&
        vcpu->shadow_bound == vcpu->bound)
        return;
    empty_shadow(vcpu);
    vcpu->shadow_flags = vcpu->flags & TRANSLATED;
    vcpu->shadow_base = vcpu->base;
    vcpu->shadow_bound = vcpu->bound;
    vcpu->stale = false;
}

/* Does the guest's table lie, at least in part, in this page of its memory? */
static bool holds_table(const struct vcpu *vcpu, uint32_t page)
{
    uint32_t end = vcpu->base + (vcpu->bound / PAGE + 1) * 4;
    bool wraps = end < vcpu->base;
    return (vcpu->flags & TRANSLATED) && (wraps || (end > page * PAGE && vcpu->base < (page + 1) * PAGE));
}

/* The guest's user program may do this by its own table, and the shadow does not say so yet: it is made to. False where
 * a shadow cannot say it: the instruction has to be executed for the guest. */
bool fill_shadow(struct vcpu *vcpu, uint32_t address, uint32_t access)
{
    uint32_t page = address / PAGE, frame, cause, rights = 0;
    if (page >= MOST_PAGES || !translate(vcpu, address / PAGE * PAGE, 1, access, &frame, &cause))
        return false;
    frame /= PAGE;
    if ((frame + 1) * PAGE > vcpu->size)
        return false;
    rights = vcpu->flags & TRANSLATED ? entry_of(vcpu, address) & RIGHTS : RIGHTS;
    if (vcpu->watched[frame] || holds_table(vcpu, frame))
        rights &= ~(uint32_t)MAY_WRITE;
    uint32_t needed = access == FETCH ? MAY_EXECUTE : access == STORE ? MAY_WRITE : MAY_READ;
    if (!(rights & needed))
        return false;
    if (vcpu->filled_count < MOST_FILLED)
        vcpu->filled[vcpu->filled_count] = page;
    if (vcpu->filled_count <= MOST_FILLED)
        vcpu->filled_count++;
    vcpu->user_table[page] = (vcpu->start + frame * PAGE) | VALID | FOR_USER | rights;
    return true;
}
