/* monitor.h: what the files of the supplied monitor share. SPDX-License-Identifier: MIT-0 */
#ifndef MONITOR_H
#define MONITOR_H

/* What is to be seen from outside: the functions that students write, and what they are given. */
#pragma GCC visibility push(default)
#include "shadow.h"
#pragma GCC visibility pop

enum { DISK_IDLE, DISK_BUSY, SECTOR = 512 };

struct processor {
    struct guest guest;              /* what shadow.c sees: the virtual flags and R, the partition */
    uint32_t x[32], pc;
    uint32_t timer, pending;         /* bit i of pending: cause 16 + i */
    bool waiting, halted, told;
    uint32_t code;
    uint8_t *memory;
    uint32_t ports;                  /* of its unit */
    uint32_t sector, address, count, status; /* of the disk, as the guest has set it */
    uint32_t buffer, buffer_size;    /* what the last transfer stores to */
    bool wants_input, heard;
    uint32_t frame_address, frame_length, frames_told; /* of the network */
    bool listens;
    uint64_t instructions;
};

/* ---- monitor.c ---- */

/* Where all of an access, which does not reach into another page, lies in the guest's memory. False: it may not. */
bool reach(const struct guest *guest, uint32_t address, uint32_t size, uint32_t access, uint32_t *place);

/* The guest traps: what the hardware would do, in the guest's memory. */
void trap(struct processor *processor, uint32_t cause, uint32_t value, uint32_t access);
void load_psw(struct processor *processor, const uint32_t *psw);
void request(struct processor *processor, uint32_t cause);

static inline uint32_t *words_at(const struct processor *processor, uint32_t place)
{
    return (uint32_t *)(uintptr_t)(processor->memory + place);
}

/* ---- emulate.c ---- */

void emulate(struct processor *processor, uint32_t word);          /* a system instruction */
bool emulate_access(struct processor *processor, uint32_t word);   /* a load or store; false: it is neither */

/* ---- devices.c ---- */

uint32_t port_in(struct processor *processor, uint32_t port);
void port_out(struct processor *processor, uint32_t port, uint32_t value);
void look_at_devices(struct processor *processor);

#endif
