/* platform.h: all that the kernel must be told about what it runs on. kernel.c calls these functions, and is called
 * back; platform.c and entry.S, which you submit, are the one place that knows a system instruction or a hypercall.
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

enum { PAGE = 4096, SECTOR = 512 };

/* ---- Processor --------------------------------------------------------------------------------------------------- */

/* What a process, or the kernel's thread, has in the processor: register i, and in the place of register 0 the pc. */
struct context { uint32_t registers[32]; };

/* What a process can address: R of the paged machine. `table` is the physical address of a page table (a frame, with
 * a word for each page from address 0 on), `bound` how many bytes it maps. */
struct space { uint32_t table, bound; };

/* Called first. From then on traps and interrupts lead to kernel_trap. Interrupts stay masked. */
void platform_start(void);

/* Goes on with a process, in user mode and in its space; or, where `space` is NULL, with the kernel's thread, in
 * supervisor mode and with physical addresses. Interrupts are taken in either. It comes back as kernel_trap. */
_Noreturn void platform_run(struct context *context, const struct space *space);

/* Waits for an interrupt, when there is nobody to go on with. */
_Noreturn void platform_wait(void);

/* One timer interrupt, after so many instructions. */
void platform_timer(uint32_t instructions);

/* For the kernel's thread, which is interrupted: no interrupt is taken between the two. */
void platform_mask(void);
void platform_unmask(void);

_Noreturn void platform_halt(uint32_t code);

/* ---- Page tables ------------------------------------------------------------------------------------------------- */

/* The rights in an entry of a page table; its upper 20 bits are those of the frame's address. */
enum { ENTRY_VALID = 1, ENTRY_READ = 2, ENTRY_WRITE = 4, ENTRY_EXECUTE = 8, ENTRY_USER = 16 };

/* From now on the frame `space->table`, all zeros, is the page table of a space. */
void platform_space_open(const struct space *space);

/* Page number `page` of a space is to have this frame (its physical address) and these rights; 0 and 0: none. It must
 * hold when a process runs again, or platform_space_open or _close is called: a frame that has been taken out of a
 * space may become a page table. */
void platform_space_set(const struct space *space, uint32_t page, uint32_t frame, uint32_t rights);

/* The table's frame is a frame like others again. */
void platform_space_close(const struct space *space);

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

void platform_write(const char *bytes, uint32_t length); /* to the console */

/* The transfer of a sector between disk and memory. */
struct transfer {
    uint32_t write;  /* 1: from memory to the disk; 0: into memory */
    uint32_t sector;
    uint32_t address; /* physical */
    bool failed;     /* when it has ended */
};
enum { MOST_TRANSFERS = 128 }; /* that have been begun, and have not ended */

/* Begins so many transfers, one behind the other in an array. They are done in this order. */
void platform_disk_start(struct transfer *transfers, uint32_t count);

/* For the disk's interrupt: the next transfer that has ended; NULL: no further one has. */
struct transfer *platform_disk_ended(void);

/* ---- What the kernel provides ------------------------------------------------------------------------------------ */

_Noreturn void kernel_start(void);

/* A trap or an interrupt, with masked interrupts, and nothing on the kernel's stack that is still needed. `cause` is
 * PG74_CAUSE_...; `from_user`: it was a process that was interrupted or trapped. Its registers, and those of the
 * thread when it was interrupted, are in the context that platform_run was given. */
_Noreturn void kernel_trap(uint32_t cause, uint32_t value, bool from_user);

/* An end for what cannot be: the kernel prints this, and halts. */
_Noreturn void kernel_stop(const char *why, uint32_t number);

#endif
