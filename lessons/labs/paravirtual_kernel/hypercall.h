/* hypercall.h: how a kernel calls the monitor `paravirtual`, as far as this lab needs it. docs/hypercalls.md tells the
 * whole. Call things by the names in this file: what numbers they have another monitor may decide otherwise.
 *
 *     diag a0, a0, a1        a0: the function; a1: its argument. The answer is in a0, all other registers are as before
 *
 * Only the kernel may call. An argument of several words is the address of these. All addresses are physical ones of
 * the kernel's own memory, multiples of 4 (bytes of HYPERCALL_WRITE may begin anywhere). On a bare machine, and under
 * a monitor that does not take calls, every answer is 0.
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef HYPERCALL_H
#define HYPERCALL_H

#include <stdint.h>

enum {
    HYPERCALL_IDENTIFY = 0,      /* a version that you speak. The same: so does the monitor. Another: the highest that
                                  * the monitor speaks; you may ask again, with that one. 0: there is no monitor */
    HYPERCALL_FEATURES = 1,      /* -: bits, FEATURE_... Do not use what is not there */
    HYPERCALL_START = 2,         /* struct hypercall_shared: from now on interrupts are told as events. 0: started */
    HYPERCALL_RUN = 3,           /* -: goes on with `context`, `flags`, `base`, `bound` of the shared words. It only
                                  * returns with an error */
    HYPERCALL_WAIT = 4,          /* -: enables events, and waits for one. Does not return */
    HYPERCALL_EVENTS = 5,        /* -: what is pending is told now, if events are enabled */
    HYPERCALL_TIMER = 6,         /* as the instruction settimer; 0: none */
    HYPERCALL_WRITE = 7,         /* struct hypercall_bytes: at most 4096 bytes, to the console */
    HYPERCALL_TABLE_PIN = 8,     /* struct hypercall_table: this frame is a page table from now on: its entries are
                                  * looked at, and nobody can store to it */
    HYPERCALL_TABLE_UNPIN = 9,   /* the address of its frame: ordinary memory again */
    HYPERCALL_TABLE_UPDATE = 10, /* struct hypercall_updates: at most 1024 entries change. How many did: up to the first
                                  * that is refused */
    HYPERCALL_CALLS = 11,        /* struct hypercall_list: at most 32 calls for the price of one. How many were done.
                                  * RUN, WAIT and EVENTS can be the last, from version 2 on */
    HYPERCALL_RING = 12,         /* struct hypercall_attachment: the ring of a device. 0: good */
    HYPERCALL_NOTIFY = 13,       /* a device: there are new requests in its ring */
};

enum { HYPERCALL_VERSION_1 = 0x50560001, HYPERCALL_VERSION_2 = 0x50560002 };
enum { FEATURE_TABLES = 1, FEATURE_RINGS = 2 };

/* Answers from here on are errors: no such call, a bad address, too many, a bad table, a bad ring, the device failed, a
 * version that nobody speaks. */
enum { HYPERCALL_ERRORS = 0xfffffff1 };

/* The words that kernel and monitor share, in the kernel's memory.
 *
 * An event is an interrupt, or a trap of a process that RUN has entered. If it interrupts somebody, registers and pc
 * (in the place of register 0) are saved in `context`; `enabled` becomes 0; cause, value, access and `was_user` say
 * what it is; and the kernel goes on at `entry`, in supervisor mode, at physical addresses, with the registers that
 * the kernel itself had when it left by RUN or WAIT, or was interrupted. Traps of the kernel itself are no events:
 * they go through the trap area, as on the machine. */
struct hypercall_shared {
    uint32_t enabled;        /* are interrupts taken? Storing here costs no trap: so who enables looks at `pending` */
    uint32_t pending;        /* bit i: cause 16 + i waits. Written by the monitor */
    uint32_t entry;          /* where events go. Read by START */
    uint32_t cause, value, access;
    uint32_t was_user;
    uint32_t context;        /* address of 32 words */
    uint32_t flags;          /* for RUN: bit 0 user mode, bit 1 interrupts are taken */
    uint32_t base, bound;    /* for RUN in user mode: R. The table must be pinned */
    uint32_t timer;          /* if it is not 0, RUN and WAIT set the timer so, and make it 0 */
    uint32_t machine_start;  /* what the monitor adds to the kernel's physical addresses: in entries of page tables you
                              * add it yourself. Written by START */
    uint32_t notify;         /* from version 2 on: RUN and WAIT notify device i for each bit i, and make it 0 */
};

struct hypercall_bytes { uint32_t address, length; };
struct hypercall_table { uint32_t base, bound; };
struct hypercall_update { uint32_t address, entry; };   /* of a word in a pinned table, and what it is to be */
struct hypercall_updates { uint32_t updates, count; };  /* address of struct hypercall_update[count] */
struct hypercall_call { uint32_t function, argument, answer; };
struct hypercall_list { uint32_t calls, count; };       /* address of struct hypercall_call[count] */

/* A ring of requests, in the kernel's memory. Request number n goes to place n modulo RING_SIZE; then `produced`
 * becomes n + 1. The monitor stores the answer in the same place and counts `answered` up. At most RING_SIZE are on
 * their way. The disk answers one request after the other, each with an event (cause 18); events that come while they
 * are not taken become one. */
enum { DEVICE_CONSOLE = 0, DEVICE_DISK = 1 };
enum { REQUEST_READ = 1, REQUEST_WRITE = 2, RING_SIZE = 8 };
struct hypercall_request {
    uint32_t operation;       /* REQUEST_READ: into memory; REQUEST_WRITE: out of it */
    uint32_t address, length; /* of the bytes: whole sectors of 512 */
    uint32_t sector;
    uint32_t answer;          /* how many bytes, or an error */
};
struct hypercall_ring {
    uint32_t produced, answered;
    struct hypercall_request requests[RING_SIZE];
};
struct hypercall_attachment { uint32_t device, ring; };

#endif
