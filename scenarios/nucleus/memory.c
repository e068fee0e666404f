/* memory.c: address spaces, on both kinds of machine, out of one store of page frames.
 *
 * Without pages R is base and bound, and a space is a run of frames, given to the process whole and cleared.
 *
 * With pages R is a page table and a bound. The table is in a frame of its own, and at first maps nothing. Whichever
 * page the process touches, it traps; then, if the page lies below the bound, it gets a frame of zeros and goes on
 * (*demand zero*). So a process uses no more memory than it touches. Pages that are protected cannot be written.
 *
 * The kernel itself runs with physical addresses on either. */
#include <pg74.h>

#include "machine.h"
#include "paravirtual.h"

enum { PAGE = 4096, MOST_PAGES = PAGE / 4 /* of a space: its table is one frame */ };
enum { ENTRY_VALID = 1, ENTRY_READ = 2, ENTRY_WRITE = 4, ENTRY_EXECUTE = 8, ENTRY_USER = 16 };

extern char image_end[]; /* placed by nucleus.ld */

/* ---- Frames ----------------------------------------------------------------------------------------------------- */

/* One byte for each says whether it is taken. These bytes stand behind the kernel. */
static uint8_t *taken;
static uint32_t frames;

static uint32_t address_of(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

/* A physical address as a pointer: the kernel's own R begins at 0. Counted from the kernel's image, because GCC may
 * take a pointer made of a number for one that cannot exist. */
static unsigned char *physical(uint32_t address)
{
    return (unsigned char *)image_end + (address - address_of(image_end));
}

uint32_t machine_memory_size(void)
{
    return pg74_boot_block.memory_size;
}

void machine_memory_start(void)
{
    taken = (uint8_t *)image_end;
    frames = machine_memory_size() / PAGE;
    uint32_t kernel = (address_of(image_end) + frames + PAGE - 1) / PAGE;
    for (uint32_t i = 0; i < frames; i++)
        taken[i] = i < kernel;
}

/* So many frames side by side, cleared. Returns their address; 0: there are none. */
static uint32_t take(uint32_t count)
{
    for (uint32_t first = 0, run = 0; first + run < frames;) {
        if (taken[first + run]) {
            first += run + 1;
            run = 0;
        } else if (++run == count) {
            memset(&taken[first], 1, count);
            memset(physical(first * PAGE), 0, count * PAGE);
            return first * PAGE;
        }
    }
    return 0;
}

static void give_back(uint32_t address, uint32_t count)
{
    memset(&taken[address / PAGE], 0, count);
}

/* ---- Pages ------------------------------------------------------------------------------------------------------- */

static uint32_t *entry_of(const struct address_space *space, uint32_t address)
{
    return (uint32_t *)(void *)physical(space->base) + address / PAGE;
}

static uint32_t pages_of(const struct address_space *space)
{
    return (space->bound + PAGE - 1) / PAGE;
}

/* The page's frame, as an address of the kernel's. */
static uint32_t frame_of(const struct address_space *space, uint32_t address)
{
    return (*entry_of(space, address) & ~(PAGE - 1U)) - paravirtual_machine_start();
}

/* The page exists from now on. False: there is no frame left for it. */
static bool provide(const struct address_space *space, uint32_t address)
{
    uint32_t *entry = entry_of(space, address), frame;
    if (*entry != 0)
        return true;
    frame = take(1);
    if (frame != 0)
        paravirtual_table_set(entry, (frame + paravirtual_machine_start()) | ENTRY_VALID | ENTRY_READ | ENTRY_WRITE |
                                         ENTRY_EXECUTE | ENTRY_USER);
    return frame != 0;
}

bool machine_space_touch(const struct address_space *space, uint32_t address)
{
    return machine_has_pages() && address < space->bound && *entry_of(space, address) == 0 && provide(space, address);
}

void machine_space_protect(const struct address_space *space, uint32_t start, uint32_t end)
{
    if (!machine_has_pages() || !machine_owns(space, start, end - start, false))
        return;
    for (uint32_t address = start; address + PAGE <= end; address += PAGE)
        paravirtual_table_set(entry_of(space, address), *entry_of(space, address) & ~(uint32_t)ENTRY_WRITE);
    paravirtual_table_changed();
}

/* ---- Spaces ------------------------------------------------------------------------------------------------------ */

bool machine_space_make(struct address_space *space, uint32_t size)
{
    *space = (struct address_space){0, (size + 15) & ~15U};
    if (machine_has_pages())
        space->base = size <= MOST_PAGES * PAGE ? take(1) : 0;
    else
        space->base = take(pages_of(space));
    if (space->base == 0 || !machine_has_pages() || paravirtual_table_make(space))
        return space->base != 0;
    give_back(space->base, 1);
    return false;
}

void machine_space_free(struct address_space *space)
{
    uint32_t pages = pages_of(space);
    if (machine_has_pages()) {
        paravirtual_table_free(space);
        for (uint32_t i = 0; i < pages; i++)
            if (*entry_of(space, i * PAGE) != 0)
                give_back(frame_of(space, i * PAGE), 1);
        pages = 1; /* the table itself */
    }
    give_back(space->base, pages);
    space->bound = 0;
}

bool machine_owns(const struct address_space *space, uint32_t address, uint32_t length, bool to_write)
{
    if (length > space->bound || address > space->bound - length)
        return false;
    uint32_t first = address & ~(PAGE - 1U);
    bool owns = true;
    for (uint32_t at = first; machine_has_pages() && at < address + length; at += PAGE)
        owns = owns && provide(space, at);
    paravirtual_table_changed();
    for (uint32_t at = first; machine_has_pages() && owns && at < address + length; at += PAGE)
        owns = !to_write || (*entry_of(space, at) & ENTRY_WRITE);
    return owns;
}

/* Where a byte of the process's memory stands, and how many follow it there. */
static unsigned char *find(const struct address_space *space, uint32_t address, uint32_t *length)
{
    if (!machine_has_pages())
        return physical(space->base + address);
    uint32_t offset = address % PAGE;
    if (*length > PAGE - offset)
        *length = PAGE - offset;
    return physical(frame_of(space, address) + offset);
}

bool machine_copy_to(const struct address_space *space, uint32_t address, const void *bytes, uint32_t length)
{
    if (!machine_owns(space, address, length, true))
        return false;
    for (uint32_t done = 0, piece; done < length; done += piece) {
        piece = length - done;
        unsigned char *target = find(space, address + done, &piece);
        memcpy(target, (const unsigned char *)bytes + done, piece);
    }
    return true;
}

bool machine_copy_from(const struct address_space *space, uint32_t address, void *bytes, uint32_t length)
{
    if (!machine_owns(space, address, length, false))
        return false;
    for (uint32_t done = 0, piece; done < length; done += piece) {
        piece = length - done;
        const unsigned char *source = find(space, address + done, &piece);
        memcpy((unsigned char *)bytes + done, source, piece);
    }
    return true;
}
