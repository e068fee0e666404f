/* table.c: page tables that the guest manages and the hardware uses: no shadows, and no page faults of the monitor's
 * making.
 *
 * A guest writes real addresses into its tables, and hands each over before it uses it: it *pins* it. The monitor
 * looks at all entries. From then on the guest cannot store to the table; it asks for a change, and the monitor looks
 * at that. So at every moment, of every pinned table:
 *
 *   - a valid entry names a frame of the guest's own memory,
 *   - no entry allows to write to a frame that holds a pinned table.
 *
 * To keep the second, each frame is counted: how many entries allow to write to it. One is either written to or a
 * table.
 *
 * A guest can still have a table changed past all this: a store that the monitor emulates for it, a transfer of its
 * disk. Then the table is pinned no longer, which is known before any instruction of the guest can use it.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "internal.h"

enum { ENTRY_VALID = 1, ENTRY_READ = 2, ENTRY_WRITE = 4, ENTRY_EXECUTE = 8, ENTRY_USER = 16 };
enum { DISK_BUSY = 1 };
enum { MOST_ENTRIES = PARAVIRTUAL_PAGE / 4, MOST_WRITABLE = 0xffff };
enum { ENTRY_KERNEL = ENTRY_VALID | ENTRY_READ | ENTRY_EXECUTE | ENTRY_USER };
enum { MOST_FRAMES = 1 << 17 }; /* of all guests: half a gibibyte of memory */

static struct paravirtual_frame frames[MOST_FRAMES];
static uint32_t kernel_tables[MOST_FRAMES] __attribute__((aligned(16)));

static uint32_t *entries_of(const struct paravirtual_guest *guest, uint32_t frame)
{
    return paravirtual_words(guest, frame * PARAVIRTUAL_PAGE);
}

/* The frame of the guest's that an entry names; or a number that is none's. */
static uint32_t frame_named(const struct paravirtual_guest *guest, uint32_t entry)
{
    return entry / PARAVIRTUAL_PAGE - guest->vcpu->memory_start / PARAVIRTUAL_PAGE;
}

static bool allows_writing(uint32_t entry)
{
    return (entry & ENTRY_VALID) && (entry & ENTRY_WRITE);
}

/* ---- One entry --------------------------------------------------------------------------------------------------- */

/* Accepts an entry, if it may stand in a table, and counts it. */
static bool accept(struct paravirtual_guest *guest, uint32_t entry)
{
    uint32_t number = frame_named(guest, entry);

    if (!(entry & ENTRY_VALID))
        return true;
    if (number >= guest->tables.count)
        return false;
    struct paravirtual_frame *frame = &guest->tables.frames[number];
    if (!(entry & ENTRY_WRITE))
        return true;
    if (frame->entries != 0 || frame->writable == MOST_WRITABLE)
        return false;
    frame->writable++;
    return true;
}

static void release(struct paravirtual_guest *guest, uint32_t entry)
{
    if (allows_writing(entry))
        guest->tables.frames[frame_named(guest, entry)].writable--;
}

uint32_t paravirtual_table_update(struct paravirtual_guest *guest, uint32_t address, uint32_t entry)
{
    uint32_t number = address / PARAVIRTUAL_PAGE;

    if (address % 4 != 0 || number >= guest->tables.count)
        return PARAVIRTUAL_BAD_ADDRESS;
    if (address % PARAVIRTUAL_PAGE / 4 >= guest->tables.frames[number].entries || !accept(guest, entry))
        return PARAVIRTUAL_BAD_TABLE;
    uint32_t *word = paravirtual_words(guest, address);
    release(guest, *word);
    *word = entry;
    return 0;
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

bool paravirtual_table_good(const struct paravirtual_guest *guest, uint32_t base, uint32_t bound)
{
    uint32_t number = base / PARAVIRTUAL_PAGE;

    return base % PARAVIRTUAL_PAGE == 0 && number < guest->tables.count &&
           bound <= guest->tables.frames[number].entries * (uint32_t)PARAVIRTUAL_PAGE;
}

bool paravirtual_table_among(const struct paravirtual_guest *guest, uint32_t address, uint32_t bytes)
{
    if (guest->tables.pinned == 0 || bytes == 0)
        return false;
    for (uint32_t number = address / PARAVIRTUAL_PAGE; number <= (address + bytes - 1) / PARAVIRTUAL_PAGE; number++)
        if (guest->tables.frames[number].entries != 0)
            return true;
    return false;
}

static bool is_in_transfer(const struct paravirtual_guest *guest, uint32_t start, uint32_t end)
{
    const struct vmm_disk *disk = &guest->vcpu->disk;

    return disk->status == DISK_BUSY && disk->length != 0 && disk->buffer < end && disk->buffer + disk->length > start;
}

/* What the monitor or a device may store to at any time. */
static bool is_stored_to(const struct paravirtual_guest *guest, uint32_t number)
{
    uint32_t shared = (uint32_t)((const uint8_t *)guest->shared - guest->vcpu->memory);
    uint32_t start = number * PARAVIRTUAL_PAGE, end = start + PARAVIRTUAL_PAGE;

    return number == 0 || (shared < end && shared + sizeof *guest->shared > start) ||
           is_in_transfer(guest, start, end);
}

/* From now on a frame holds a table with so many entries; or, with 0, none any more. The kernel may write there, or
 * not. */
static void set_entries(struct paravirtual_guest *guest, uint32_t number, uint32_t entries)
{
    guest->tables.frames[number].entries = (uint16_t)entries;
    if (entries != 0) {
        guest->tables.pinned++;
        guest->tables.kernel[number] &= ~(uint32_t)ENTRY_WRITE;
    } else {
        guest->tables.pinned--;
        guest->tables.kernel[number] |= ENTRY_WRITE;
    }
}

/* The table counts as one before its entries are looked at: so it cannot allow to write to itself. */
uint32_t paravirtual_table_pin(struct paravirtual_guest *guest, uint32_t base, uint32_t bound)
{
    uint32_t number = base / PARAVIRTUAL_PAGE, count = bound / PARAVIRTUAL_PAGE + (bound % PARAVIRTUAL_PAGE != 0);

    if (base % PARAVIRTUAL_PAGE != 0 || number >= guest->tables.count)
        return PARAVIRTUAL_BAD_ADDRESS;
    if (count == 0 || count > MOST_ENTRIES)
        return PARAVIRTUAL_BAD_COUNT;
    if (guest->tables.frames[number].entries != 0 || guest->tables.frames[number].writable != 0 ||
        is_stored_to(guest, number))
        return PARAVIRTUAL_BAD_TABLE;
    set_entries(guest, number, count);
    guest->work += count;
    const uint32_t *entries = entries_of(guest, number);
    for (uint32_t i = 0; i < count; i++)
        if (!accept(guest, entries[i])) {
            while (i-- > 0)
                release(guest, entries[i]);
            set_entries(guest, number, 0);
            return PARAVIRTUAL_BAD_TABLE;
        }
    return 0;
}

uint32_t paravirtual_table_unpin(struct paravirtual_guest *guest, uint32_t base)
{
    uint32_t number = base / PARAVIRTUAL_PAGE;

    if (base % PARAVIRTUAL_PAGE != 0 || number >= guest->tables.count || guest->tables.frames[number].entries == 0)
        return PARAVIRTUAL_BAD_TABLE;
    guest->work += guest->tables.frames[number].entries;
    for (uint32_t i = 0; i < guest->tables.frames[number].entries; i++)
        release(guest, entries_of(guest, number)[i]);
    set_entries(guest, number, 0);
    return 0;
}

/* ---- Tables that were changed past the checks -------------------------------------------------------------------- */

/* What was counted for a table that is lost can no longer be read there. So all the others are counted anew. */
static void count_again(struct paravirtual_guest *guest)
{
    for (uint32_t number = 0; number < guest->tables.count; number++)
        guest->tables.frames[number].writable = 0;
    guest->work += guest->tables.count;
    for (uint32_t number = 0; number < guest->tables.count; number++)
        for (uint32_t i = 0; i < guest->tables.frames[number].entries; i++) {
            guest->work++;
            uint32_t entry = entries_of(guest, number)[i];
            if (allows_writing(entry))
                guest->tables.frames[frame_named(guest, entry)].writable++;
        }
}

void paravirtual_table_lost(struct paravirtual_guest *guest, uint32_t address, uint32_t bytes)
{
    bool lost = false;

    if (guest->tables.pinned == 0 || bytes == 0)
        return;
    for (uint32_t number = address / PARAVIRTUAL_PAGE; number <= (address + bytes - 1) / PARAVIRTUAL_PAGE; number++)
        if (guest->tables.frames[number].entries != 0) {
            set_entries(guest, number, 0);
            lost = true;
        }
    if (lost)
        count_again(guest);
}

void paravirtual_table_transfer(struct paravirtual_guest *guest)
{
    const struct vmm_disk *disk = &guest->vcpu->disk;

    if (disk->status == DISK_BUSY)
        paravirtual_table_lost(guest, disk->buffer, disk->length);
}

void paravirtual_tables_forget(struct paravirtual_guest *guest)
{
    if (guest->tables.pinned)
        paravirtual_table_lost(guest, 0, guest->tables.count * PARAVIRTUAL_PAGE);
}

/* ---- The start --------------------------------------------------------------------------------------------------- */

static void make_kernels(struct paravirtual_guest *guest)
{
    uint32_t *kernel = guest->tables.kernel, entry = guest->vcpu->memory_start | ENTRY_KERNEL | ENTRY_WRITE;

    for (uint32_t number = 0; number < guest->tables.count; number++, entry += PARAVIRTUAL_PAGE)
        kernel[number] = entry;
}

/* Each guest has as much of this as it has memory. */
void paravirtual_tables_start(struct vmm *vmm, struct paravirtual_guest *guests)
{
    uint32_t used = 0;

    for (unsigned i = 0; i < vmm->guest_count && vmm->isa.module->kind == PG74_KIND_PAGED; i++) {
        uint32_t count = vmm->guests[i].memory_size / PARAVIRTUAL_PAGE;
        if (count > MOST_FRAMES - used || vmm->guests[i].memory_size % PARAVIRTUAL_PAGE != 0)
            continue;
        guests[i].tables = (struct paravirtual_tables){ count, 0, &frames[used], &kernel_tables[used] };
        used += (count + 3) & ~UINT32_C(3);
        make_kernels(&guests[i]);
    }
}
