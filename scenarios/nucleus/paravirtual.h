/* paravirtual.h: the machine, where a monitor stands in for parts of it and says so. machine.c and memory.c ask
 * paravirtual_here() wherever a call of the monitor can take the place of instructions. An image that is built
 * without PARAVIRTUAL never finds anybody. vmm/paravirtual/hypercalls.h is the interface, docs/hypercalls.md its
 * description. */
#ifndef NUCLEUS_PARAVIRTUAL_H
#define NUCLEUS_PARAVIRTUAL_H

#include "machine.h"

#ifdef PARAVIRTUAL

/* Asks whether somebody is there, and if so starts to work with them. */
void paravirtual_discover(bool has_pages);
bool paravirtual_here(void);
uint32_t paravirtual_machine_start(void); /* what an entry of a page table adds to an address; 0 natively */

_Noreturn void paravirtual_run(struct context *context, const struct address_space *space);
_Noreturn void paravirtual_wait(void);
void paravirtual_set_timer(uint32_t instructions);
void paravirtual_write(const char *bytes, uint32_t length);
void paravirtual_flush(void); /* what was written is on its way: before the end */
uint32_t paravirtual_read(char *bytes, uint32_t room); /* as machine_console_read */

/* As machine_disk_start and so on. */
void paravirtual_disk_start(bool write, uint32_t sector, void *bytes);
bool paravirtual_disk_succeeded(void);
bool paravirtual_send(const void *bytes, uint32_t length);
uint32_t paravirtual_receive(void *bytes, uint32_t room);

/* An address space's page table is the processor's from now on: the kernel changes it by asking. False: refused. */
bool paravirtual_table_make(const struct address_space *space);
void paravirtual_table_free(const struct address_space *space);
/* Changes a word of it. With a monitor, changes are collected, and made together when the kernel is left or
 * (_changed) needs them. */
void paravirtual_table_set(uint32_t *entry, uint32_t value);
void paravirtual_table_changed(void);

#else

static inline void paravirtual_discover(bool has_pages) { (void)has_pages; }
static inline bool paravirtual_here(void) { return false; }
static inline uint32_t paravirtual_machine_start(void) { return 0; }
static inline void paravirtual_run(struct context *context, const struct address_space *space)
{
    (void)context, (void)space;
}
static inline void paravirtual_wait(void) { }
static inline void paravirtual_set_timer(uint32_t instructions) { (void)instructions; }
static inline void paravirtual_write(const char *bytes, uint32_t length) { (void)bytes, (void)length; }
static inline void paravirtual_flush(void) { }
static inline uint32_t paravirtual_read(char *bytes, uint32_t room) { (void)bytes, (void)room; return 0; }
static inline void paravirtual_disk_start(bool write, uint32_t sector, void *bytes)
{
    (void)write, (void)sector, (void)bytes;
}
static inline bool paravirtual_disk_succeeded(void) { return false; }
static inline bool paravirtual_send(const void *bytes, uint32_t length) { (void)bytes, (void)length; return false; }
static inline uint32_t paravirtual_receive(void *bytes, uint32_t room) { (void)bytes, (void)room; return 0; }
static inline bool paravirtual_table_make(const struct address_space *space) { (void)space; return true; }
static inline void paravirtual_table_free(const struct address_space *space) { (void)space; }
static inline void paravirtual_table_set(uint32_t *entry, uint32_t value) { *entry = value; }
static inline void paravirtual_table_changed(void) { }

#endif
#endif
