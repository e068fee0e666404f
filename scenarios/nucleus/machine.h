/* machine.h: all that the nucleus must be told about the machine it runs on: address spaces, entering and leaving
 * processes, and the devices. machine.c, memory.c and trap.S are its one implementation, for pg74
 * and pg74p; nothing else in this folder
 * executes a system instruction or knows what R is.
 */
#ifndef NUCLEUS_MACHINE_H
#define NUCLEUS_MACHINE_H

#include "common/common.h"

/* ---- Processor -------------------------------------------------------------------------------------------------- */

/* What a process has in the processor while it does not run. trap.S knows these offsets: register i at 4 * i, and in
 * the place of register 0, which always reads as zero, the pc. */
struct context {
    uint32_t registers[32];
};
enum { CONTEXT_PC = 0, CONTEXT_SP = 2, CONTEXT_A0 = 10, CONTEXT_A7 = 17 };

/* The memory that a process can name, from its address 0 on: R, as the processor has it. */
struct address_space {
    uint32_t base, bound;
};

/* For machine_start. */
void machine_memory_start(void);

/* To be called first: from then on traps and interrupts lead to kernel_trap. */
void machine_start(void);

/* Continues a process in user mode, with interrupts enabled, until the next trap. */
_Noreturn void machine_run(struct context *context, const struct address_space *space);

/* Waits, with interrupts enabled, until the next interrupt. */
_Noreturn void machine_wait(void);

/* Asks for a timer interrupt after so many instructions; 0 for none. */
void machine_set_timer(uint32_t instructions);

_Noreturn void machine_halt(uint32_t code);

/* Provided by kernel.c: why the processor is back in the kernel. `value` and `access` belong to the cause
 * (PG74_CAUSE_...); `from_process` is false when it was waiting, and for traps of the kernel itself. The kernel's
 * stack is empty. */
_Noreturn void kernel_trap(uint32_t cause, uint32_t value, uint32_t access, bool from_process);

/* ---- Memory ----------------------------------------------------------------------------------------------------- */

uint32_t machine_memory_size(void);

/* Whether addresses are translated by page tables: this is found out when the kernel starts. */
bool machine_has_pages(void);

/* Makes an address space of `size` bytes, all zero; false: there is not enough memory. */
bool machine_space_make(struct address_space *space, uint32_t size);
void machine_space_free(struct address_space *space);

/* Where the machine can do it, whole pages from `start` on, up to `end`, are write-protected. */
void machine_space_protect(const struct address_space *space, uint32_t start, uint32_t end);

/* After a process's memory trap. True: the address is the process's, its page was not there yet and now is. */
bool machine_space_touch(const struct address_space *space, uint32_t address);

/* Whether all these bytes belong to the process, and (`to_write`) it may write them. */
bool machine_owns(const struct address_space *space, uint32_t address, uint32_t length, bool to_write);

/* Copies to and from a process's memory; false, and nothing copied, if it may not do that itself. */
bool machine_copy_to(const struct address_space *space, uint32_t address, const void *bytes, uint32_t length);
bool machine_copy_from(const struct address_space *space, uint32_t address, void *bytes, uint32_t length);

/* ---- Devices ---------------------------------------------------------------------------------------------------- */

void machine_console_write(const char *bytes, uint32_t length);
/* Input, up to the end of a line or of what is there now. */
uint32_t machine_console_read(char *bytes, uint32_t room);
bool machine_console_ended(void);
/* Whether input requests an interrupt (PG74_CAUSE_CONSOLE). */
void machine_console_interrupt(bool wanted);

uint32_t machine_disk_size(void); /* in sectors */
/* Begins to transfer one sector; its end is an interrupt (PG74_CAUSE_DISK). */
void machine_disk_start(bool write, uint32_t sector, void *bytes);
/* What became of the transfer: to be asked once after the interrupt. */
bool machine_disk_succeeded(void);

uint32_t machine_network_station(void); /* this machine's number on the network */
/* From now on frames are accepted, and each requests an interrupt (PG74_CAUSE_NETWORK). */
void machine_network_listen(void);
bool machine_network_send(const void *bytes, uint32_t length);
/* Fetches the next frame that has arrived. Returns its length, or 0: there is none. */
uint32_t machine_network_receive(void *bytes, uint32_t room);

#endif
