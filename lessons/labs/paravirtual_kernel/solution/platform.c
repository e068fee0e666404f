/* platform.c: what the kernel runs on: the bare machine, or a monitor that takes calls. Which it is, platform_start
 * finds out. On the machine, and where the monitor does not offer what this needs, everything is done by
 * instructions.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "pg74.h"

#include <stddef.h>

#include "hypercall.h"
#include "platform.h"

enum { FLAG_TRANSLATE = 4 }; /* of the PSW, on machines with pages */
enum { DISK_READ = 1, DISK_WRITE = 2, DISK_BUSY = 1, DISK_DONE = 2, DISK_FAILED = 3 };
enum { MOST_UPDATES = 16, MOST_BYTES = 4096 };

extern char image_end[];
void trap_entry(void);
void event_entry(void);
void wait_here(void);
_Noreturn void resume(struct context *context);
_Noreturn void platform_trap(void);
_Noreturn void platform_event(void);
uint32_t hypercall(uint32_t function, uint32_t argument);

struct context *platform_context; /* whose registers are in the processor while it is outside the kernel */
static struct context waiting;

static volatile struct hypercall_shared shared;
static bool here;  /* a monitor takes our calls */
static bool rings; /* and has a ring for the disk, `ring` */
static uint32_t version;
static volatile struct hypercall_ring ring;

static uint32_t address_of(const volatile void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

/* ---- The start --------------------------------------------------------------------------------------------------- */

/* A bare machine answers 0. */
static bool identify(void)
{
    version = hypercall(HYPERCALL_IDENTIFY, HYPERCALL_VERSION_2);
    if (version == HYPERCALL_VERSION_1)
        version = hypercall(HYPERCALL_IDENTIFY, HYPERCALL_VERSION_1);
    return version == HYPERCALL_VERSION_1 || version == HYPERCALL_VERSION_2;
}

/* Without tables no process can be entered by a call: then the machine's own way is as good. */
static void discover(void)
{
    uint32_t features = identify() ? hypercall(HYPERCALL_FEATURES, 0) : 0;
    struct hypercall_attachment attachment = {DEVICE_DISK, address_of(&ring)};
    if (!(features & FEATURE_TABLES))
        return;
    shared.entry = (uint32_t)(uintptr_t)event_entry;
    here = hypercall(HYPERCALL_START, address_of(&shared)) == 0;
    rings = here && (features & FEATURE_RINGS) && hypercall(HYPERCALL_RING, address_of(&attachment)) == 0;
}

void platform_start(void)
{
    platform_context = &waiting;
    pg74_trap_area.new_psw.flags = 0; /* supervisor mode, no interrupts, physical addresses */
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)trap_entry;
    pg74_trap_area.new_psw.base = 0;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
    discover();
}

/* ---- Page tables ------------------------------------------------------------------------------------------------- */

/* Changes that have not been asked for yet. */
static struct hypercall_update updates[MOST_UPDATES];
static struct hypercall_updates batch;

static void update(void)
{
    batch.updates = address_of(updates);
    if (batch.count != 0 && hypercall(HYPERCALL_TABLE_UPDATE, address_of(&batch)) != batch.count)
        kernel_stop("platform: a page table's change is refused ", updates[0].address);
    batch.count = 0;
}

/* A word of a page table; its address counted from the image, as GCC may take a pointer made of a number for none. */
static uint32_t *entry_of(const struct space *space, uint32_t page)
{
    return (uint32_t *)(void *)(image_end + (space->table - (uint32_t)(uintptr_t)image_end)) + page;
}

void platform_space_open(const struct space *space)
{
    struct hypercall_table table = {space->table, space->bound};
    if (!here)
        return;
    update(); /* the frame may just have been taken out of another space */
    if (hypercall(HYPERCALL_TABLE_PIN, address_of(&table)) != 0)
        kernel_stop("platform: a page table is refused ", space->table);
}

void platform_space_set(const struct space *space, uint32_t page, uint32_t frame, uint32_t rights)
{
    if (!here) {
        *entry_of(space, page) = frame | rights;
        return;
    }
    if (batch.count == MOST_UPDATES)
        update();
    updates[batch.count++] = (struct hypercall_update){
        address_of(entry_of(space, page)), rights != 0 ? (frame + shared.machine_start) | rights : 0};
}

void platform_space_close(const struct space *space)
{
    if (!here)
        return;
    update();
    if (hypercall(HYPERCALL_TABLE_UNPIN, space->table) != 0)
        kernel_stop("platform: a page table is not given back ", space->table);
}

/* ---- Processor --------------------------------------------------------------------------------------------------- */

static _Noreturn void enter(struct context *context, uint32_t flags, uint32_t base, uint32_t bound)
{
    platform_context = context;
    pg74_trap_area.old_psw.flags = flags;
    pg74_trap_area.old_psw.pc = context->registers[0];
    pg74_trap_area.old_psw.base = base;
    pg74_trap_area.old_psw.bound = bound;
    resume(context);
}

static _Noreturn void run(struct context *context, const struct space *space)
{
    update();
    shared.context = address_of(context);
    shared.flags = PG74_FLAG_ENABLE | (space != NULL ? PG74_FLAG_USER : 0);
    shared.base = space != NULL ? space->table : 0;
    shared.bound = space != NULL ? space->bound : 0;
    kernel_stop("platform: the monitor does not go on: ", hypercall(HYPERCALL_RUN, 0));
}

_Noreturn void platform_run(struct context *context, const struct space *space)
{
    if (here)
        run(context, space);
    if (space == NULL)
        enter(context, PG74_FLAG_ENABLE, 0, pg74_boot_block.memory_size);
    enter(context, PG74_FLAG_USER | PG74_FLAG_ENABLE | FLAG_TRANSLATE, space->table, space->bound);
}

_Noreturn void platform_wait(void)
{
    if (here) {
        update();
        kernel_stop("platform: the monitor does not wait: ", hypercall(HYPERCALL_WAIT, 0));
    }
    waiting.registers[0] = (uint32_t)(uintptr_t)wait_here;
    enter(&waiting, PG74_FLAG_ENABLE, 0, pg74_boot_block.memory_size);
}

_Noreturn void platform_trap(void)
{
    kernel_trap(pg74_trap_area.cause, pg74_trap_area.value, (pg74_trap_area.old_psw.flags & PG74_FLAG_USER) != 0);
}

_Noreturn void platform_event(void)
{
    kernel_trap(shared.cause, shared.value, shared.was_user != 0);
}

/* The kernel is about to be left: the monitor sets the timer then. */
void platform_timer(uint32_t instructions)
{
    if (here)
        shared.timer = instructions;
    else
        pg74_settimer(instructions);
}

void platform_mask(void)
{
    if (here)
        shared.enabled = 0;
    else
        pg74_setflags(0);
}

/* What came meanwhile waits, and nobody but us knows that it can now be told. */
void platform_unmask(void)
{
    if (!here) {
        pg74_setflags(PG74_FLAG_ENABLE);
        return;
    }
    shared.enabled = 1;
    if (shared.pending != 0)
        hypercall(HYPERCALL_EVENTS, 0);
}

_Noreturn void platform_halt(uint32_t code)
{
    for (;;)
        pg74_halt(code);
}

/* ---- Console ----------------------------------------------------------------------------------------------------- */

void platform_write(const char *bytes, uint32_t length)
{
    for (uint32_t done = 0; here && done < length; done += MOST_BYTES) {
        uint32_t left = length - done;
        struct hypercall_bytes some = {address_of(bytes) + done, left < MOST_BYTES ? left : MOST_BYTES};
        hypercall(HYPERCALL_WRITE, address_of(&some));
    }
    for (uint32_t i = 0; !here && i < length; i++)
        pg74_out(PG74_PORT_CONSOLE_OUTPUT, (unsigned char)bytes[i]);
}

/* ---- Disk -------------------------------------------------------------------------------------------------------- */

/* Transfers in the order in which they were begun: those from `first` to `end` have not ended, those up to `given` have
 * been given to the disk, which takes one at a time, or to the ring. */
static struct transfer *queue[MOST_TRANSFERS];
static uint32_t first, given, end;

static void port_begin(const struct transfer *transfer)
{
    pg74_out(PG74_PORT_DISK_SECTOR, transfer->sector);
    pg74_out(PG74_PORT_DISK_ADDRESS, transfer->address);
    pg74_out(PG74_PORT_DISK_COUNT, 1);
    pg74_out(PG74_PORT_DISK_COMMAND, transfer->write ? DISK_WRITE : DISK_READ);
}

static void ring_begin(const struct transfer *transfer)
{
    ring.requests[given % RING_SIZE] = (struct hypercall_request){
        transfer->write ? REQUEST_WRITE : REQUEST_READ, transfer->address, SECTOR, transfer->sector, 0};
    ring.produced = given + 1;
}

/* Gives away as many as are taken. From version 2 on the monitor is told when the kernel is left. */
static void disk_begin(void)
{
    uint32_t before = given;
    for (; given != end && given - first < (rings ? RING_SIZE : 1U); given++) {
        if (rings)
            ring_begin(queue[given % MOST_TRANSFERS]);
        else
            port_begin(queue[given % MOST_TRANSFERS]);
    }
    if (!rings || given == before)
        return;
    if (version == HYPERCALL_VERSION_1)
        hypercall(HYPERCALL_NOTIFY, DEVICE_DISK);
    else
        shared.notify |= 1U << DEVICE_DISK;
}

void platform_disk_start(struct transfer *transfers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        queue[end++ % MOST_TRANSFERS] = &transfers[i];
    disk_begin();
}

/* Has transfer number `first` ended, and failed? The monitor may answer at any moment, not only when it tells so: first
 * comes the look whether there is an answer, then the answer. */
static bool ended(bool *failed)
{
    if (rings) {
        if (ring.answered == first)
            return false;
        *failed = ring.requests[first % RING_SIZE].answer != SECTOR;
        return true;
    }
    uint32_t status = pg74_in(PG74_PORT_DISK_STATUS);
    *failed = status == DISK_FAILED;
    return status == DISK_DONE || status == DISK_FAILED;
}

struct transfer *platform_disk_ended(void)
{
    bool failed;
    if (first == given || !ended(&failed)) {
        disk_begin();
        return NULL;
    }
    struct transfer *transfer = queue[first++ % MOST_TRANSFERS];
    transfer->failed = failed;
    if (!rings)
        disk_begin();
    return transfer;
}
