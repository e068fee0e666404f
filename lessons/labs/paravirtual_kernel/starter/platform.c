/* platform.c: what the kernel runs on: the bare machine, so far. You submit it.
 *
 * TODO: find out whether there is a monitor that takes calls (hypercall.h), and if so do everything by calls. Where
 * there is none, the kernel goes on as it does now: it is one program for both.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "pg74.h"

#include <stddef.h>

#include "hypercall.h"
#include "platform.h"

enum { FLAG_TRANSLATE = 4 }; /* of the PSW, on machines with pages */
enum { DISK_READ = 1, DISK_WRITE = 2, DISK_BUSY = 1, DISK_DONE = 2, DISK_FAILED = 3 };

extern char image_end[];
void trap_entry(void);
void wait_here(void);
_Noreturn void resume(struct context *context);
_Noreturn void platform_trap(void);

struct context *platform_context; /* whose registers are in the processor while it is outside the kernel */
static struct context waiting;

/* ---- Processor --------------------------------------------------------------------------------------------------- */

void platform_start(void)
{
    platform_context = &waiting;
    pg74_trap_area.new_psw.flags = 0; /* supervisor mode, no interrupts, physical addresses */
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)trap_entry;
    pg74_trap_area.new_psw.base = 0;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
}

static _Noreturn void enter(struct context *context, uint32_t flags, uint32_t base, uint32_t bound)
{
    platform_context = context;
    pg74_trap_area.old_psw.flags = flags;
    pg74_trap_area.old_psw.pc = context->registers[0];
    pg74_trap_area.old_psw.base = base;
    pg74_trap_area.old_psw.bound = bound;
    resume(context);
}

_Noreturn void platform_run(struct context *context, const struct space *space)
{
    if (space == NULL)
        enter(context, PG74_FLAG_ENABLE, 0, pg74_boot_block.memory_size);
    enter(context, PG74_FLAG_USER | PG74_FLAG_ENABLE | FLAG_TRANSLATE, space->table, space->bound);
}

_Noreturn void platform_wait(void)
{
    waiting.registers[0] = (uint32_t)(uintptr_t)wait_here;
    enter(&waiting, PG74_FLAG_ENABLE, 0, pg74_boot_block.memory_size);
}

_Noreturn void platform_trap(void)
{
    kernel_trap(pg74_trap_area.cause, pg74_trap_area.value, (pg74_trap_area.old_psw.flags & PG74_FLAG_USER) != 0);
}

void platform_timer(uint32_t instructions)
{
    pg74_settimer(instructions);
}

void platform_mask(void)
{
    pg74_setflags(0);
}

void platform_unmask(void)
{
    pg74_setflags(PG74_FLAG_ENABLE);
}

_Noreturn void platform_halt(uint32_t code)
{
    for (;;)
        pg74_halt(code);
}

/* ---- Page tables ------------------------------------------------------------------------------------------------- */

/* A word of a page table; its address counted from the image, as GCC may take a pointer made of a number for none. */
static uint32_t *entry_of(const struct space *space, uint32_t page)
{
    return (uint32_t *)(void *)(image_end + (space->table - (uint32_t)(uintptr_t)image_end)) + page;
}

void platform_space_open(const struct space *space)
{
    (void)space; /* the machine takes any frame for a table */
}

void platform_space_set(const struct space *space, uint32_t page, uint32_t frame, uint32_t rights)
{
    *entry_of(space, page) = frame | rights; /* seen by the next access */
}

void platform_space_close(const struct space *space)
{
    (void)space;
}

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

void platform_write(const char *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        pg74_out(PG74_PORT_CONSOLE_OUTPUT, (unsigned char)bytes[i]);
}

/* Transfers in the order in which they were begun: those from `first` to `end` have not ended. The disk does one at a
 * time. */
static struct transfer *queue[MOST_TRANSFERS];
static uint32_t first, end;

static struct transfer *in_queue(uint32_t number)
{
    return queue[number % MOST_TRANSFERS];
}

static void disk_begin(void)
{
    if (first == end)
        return;
    pg74_out(PG74_PORT_DISK_SECTOR, in_queue(first)->sector);
    pg74_out(PG74_PORT_DISK_ADDRESS, in_queue(first)->address);
    pg74_out(PG74_PORT_DISK_COUNT, 1);
    pg74_out(PG74_PORT_DISK_COMMAND, in_queue(first)->write ? DISK_WRITE : DISK_READ);
}

void platform_disk_start(struct transfer *transfers, uint32_t count)
{
    bool idle = first == end;
    for (uint32_t i = 0; i < count; i++)
        queue[end++ % MOST_TRANSFERS] = &transfers[i];
    if (idle)
        disk_begin();
}

struct transfer *platform_disk_ended(void)
{
    uint32_t status = first == end ? DISK_BUSY : pg74_in(PG74_PORT_DISK_STATUS);
    if (status != DISK_DONE && status != DISK_FAILED)
        return NULL;
    struct transfer *transfer = in_queue(first++);
    transfer->failed = status != DISK_DONE;
    disk_begin();
    return transfer;
}
