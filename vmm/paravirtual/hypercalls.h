/* hypercalls.h: the interface between the paravirtual monitor and a guest that knows of it. docs/hypercalls.md
 * explains it.
 *
 * A guest calls its monitor by `diag a0, a0, a1`: the function in a0, its argument in a1, the answer in a0. Only the
 * guest's kernel may. Every address is one of the guest's physical memory, and names whole words at a multiple of 4.
 * All that a call names must lie in the guest's memory; else the call does nothing and answers an error.
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef PARAVIRTUAL_HYPERCALLS_H
#define PARAVIRTUAL_HYPERCALLS_H

#include <stdint.h>

/* "PV", and the highest version of this interface that the monitor speaks. A bare machine answers 0. */
enum { PARAVIRTUAL_VERSION = 0x50560002, PARAVIRTUAL_OLDEST = 0x50560001 };

/* Functions: what the argument is, and what a good answer. */
enum {
    PARAVIRTUAL_IDENTIFY,      /* the version that the guest speaks: the same, or the highest there is */
    PARAVIRTUAL_FEATURES,      /* -: PARAVIRTUAL_HAS_... */
    PARAVIRTUAL_START,         /* struct paravirtual_shared: from now on events are told there */
    PARAVIRTUAL_RUN,           /* -: goes on with `context`, `flags`, `base`, `bound` of the shared words; no return */
    PARAVIRTUAL_WAIT,          /* -: enables events and waits for one; no return */
    PARAVIRTUAL_EVENTS,        /* -: takes what is pending, if events are enabled */
    PARAVIRTUAL_TIMER,         /* instructions until the timer's event; 0: none */
    PARAVIRTUAL_WRITE,         /* struct paravirtual_bytes: to the console */
    PARAVIRTUAL_TABLE_PIN,     /* struct paravirtual_table: a page table from now on */
    PARAVIRTUAL_TABLE_UNPIN,   /* its address: ordinary memory again */
    PARAVIRTUAL_TABLE_UPDATE,  /* struct paravirtual_updates: how many of them were done */
    PARAVIRTUAL_CALLS,         /* struct paravirtual_calls: how many of them were done */
    PARAVIRTUAL_RING,          /* struct paravirtual_attachment: the ring of a device; address 0: none any more */
    PARAVIRTUAL_NOTIFY,        /* a device: there are new requests in its ring */
    PARAVIRTUAL_TAKE,          /* from here on: the driver domain. struct paravirtual_taken: 1; 2: more wait; 0: none */
    PARAVIRTUAL_COPY,          /* struct paravirtual_copy: between its memory and the buffer of a taken request */
    PARAVIRTUAL_ANSWER,        /* struct paravirtual_answer: a taken request is answered, and grants nothing any more */
    PARAVIRTUAL_PORT_IN,       /* number of a real port: what it reads */
    PARAVIRTUAL_PORT_OUT,      /* struct paravirtual_port: a word, to a real port */
    PARAVIRTUAL_PORT_READ,     /* struct paravirtual_port_bytes: input, to the end of the line or of what is there */
    PARAVIRTUAL_PORT_WRITE,    /* struct paravirtual_port_bytes: bytes, to a real port */
    PARAVIRTUAL_FUNCTIONS,
};

/* Other answers are errors, numbers above PARAVIRTUAL_ERRORS. A good answer without a meaning of its own is 0. */
enum {
    PARAVIRTUAL_ERRORS = 0xfffffff0,
    PARAVIRTUAL_BAD_FUNCTION = 0xfffffff1, /* or not here, or not now */
    PARAVIRTUAL_BAD_ADDRESS = 0xfffffff2,  /* outside the guest's memory, misaligned, or part of a page table */
    PARAVIRTUAL_BAD_COUNT = 0xfffffff3,    /* more than one call may ask for */
    PARAVIRTUAL_BAD_TABLE = 0xfffffff4,    /* not a page table, or not a good one */
    PARAVIRTUAL_BAD_RING = 0xfffffff5,     /* its numbers make no sense: it is the device's ring no longer */
    PARAVIRTUAL_FAILED = 0xfffffff6,       /* the device could not do it, or nobody drives it any more */
    PARAVIRTUAL_BAD_VERSION = 0xfffffff7,  /* START, of a version that this monitor does not speak */
};

enum { /* features */
    PARAVIRTUAL_HAS_RINGS = 2,  /* there are rings for console, disk and network */
    PARAVIRTUAL_HAS_TABLES = 1, /* the machine has pages, and this guest's tables can be the real ones */
    PARAVIRTUAL_DRIVES = 4,     /* this guest is the driver domain */
};

/* Limits of one call, so that none takes long. */
enum { PARAVIRTUAL_MOST_BYTES = 4096, PARAVIRTUAL_MOST_UPDATES = 1024, PARAVIRTUAL_MOST_CALLS = 32 };

/* The words that guest and monitor share, in the guest's memory. The guest may write any of them at any time.
 *
 * An event is an interrupt (causes from 16 on), or a trap of what PARAVIRTUAL_RUN runs in user mode. It clears
 * `enabled`, says here what it is, and goes to `entry`, in supervisor mode and with physical addresses; the registers
 * of whoever was interrupted are then in `context`, its pc in the place of register 0. The kernel's own registers
 * there are as it left them. */
struct paravirtual_shared {
    uint32_t enabled;           /* whether interrupts are taken. To change it costs no trap */
    uint32_t pending;           /* bit i: cause 16 + i waits for that. Written by the monitor alone */
    uint32_t entry;             /* where events go; read at PARAVIRTUAL_START */
    uint32_t cause, value, access; /* of the event, as in the trap area */
    uint32_t was_user;          /* and whether it came from user mode */
    uint32_t context;           /* struct paravirtual_context of who is run, or interrupted */
    uint32_t flags;             /* of the PSW: bit 0 user mode, bit 1 interrupts are taken */
    uint32_t base, bound;       /* R, for user mode: as in the PSW. A page table must be pinned */
    uint32_t timer;             /* RUN and WAIT set the timer so, if it is not 0, and then make it 0 */
    uint32_t machine_start;     /* to be added to the guest's addresses in page tables. Written at the start */
    uint32_t notify;            /* from version 2 on: RUN and WAIT notify device i for each bit i, and then make it 0 */
};
enum { PARAVIRTUAL_SHARED_BYTES_1 = 52 }; /* of version 1, which ends before `notify` */

struct paravirtual_context { uint32_t registers[32]; }; /* register i; the pc in the place of register 0 */
struct paravirtual_bytes { uint32_t address, length; };
struct paravirtual_table { uint32_t base, bound; };
struct paravirtual_update { uint32_t address, entry; }; /* of the table's word, and what it is to be */
struct paravirtual_updates { uint32_t updates, count; };  /* address of struct paravirtual_update[count] */
struct paravirtual_call { uint32_t function, argument, answer; };
struct paravirtual_calls { uint32_t calls, count; };      /* address of struct paravirtual_call[count] */

/* A ring of requests, in the guest's memory. The guest writes request number n to place n modulo the size and then
 * makes `produced` n + 1; the answer comes in the same place, and `answered` counts up. So at most
 * PARAVIRTUAL_RING_SIZE are on their way. A request grants its buffer to whoever serves the ring, for what its
 * operation says, until it is answered. The disk answers one after the other, each with its event. Console and
 * network have answered when PARAVIRTUAL_NOTIFY returns; should who serves them need longer, their event (cause 17,
 * 19) comes with the answer. */
enum { PARAVIRTUAL_CONSOLE, PARAVIRTUAL_DISK, PARAVIRTUAL_NETWORK, PARAVIRTUAL_DEVICES };
enum { PARAVIRTUAL_READ = 1, PARAVIRTUAL_WRITE_OUT = 2, PARAVIRTUAL_RING_SIZE = 8 };
struct paravirtual_request {
    uint32_t operation;         /* READ: into memory; WRITE_OUT: out of it */
    uint32_t address, length;   /* of the bytes; on the disk, whole sectors of 512 */
    uint32_t sector;            /* on the disk: the first */
    uint32_t answer;            /* how many bytes, or an error. Console: to the end of the line or of what is there */
};
struct paravirtual_ring {
    uint32_t produced, answered;
    struct paravirtual_request requests[PARAVIRTUAL_RING_SIZE];
};
struct paravirtual_attachment { uint32_t device, ring; };

/* For the driver domain, which serves the rings of the others. Unit i is the i-th guest's. A request of a ring is
 * taken when the one before it is answered. Its event for new requests has cause PARAVIRTUAL_CAUSE_REQUESTS; when a
 * disk has ended a transfer, 18. Real ports are those of the machine, unit i from 0x100 i on, of devices whose ring
 * is attached. There, the devices' addresses (disk_address, network_address) count from the start of the buffer that
 * the taken request grants. */
enum { PARAVIRTUAL_CAUSE_REQUESTS = 20 };
struct paravirtual_taken { uint32_t unit, device, operation, length, sector; };
struct paravirtual_copy { uint32_t unit, device, offset, address, length; }; /* offset: in the buffer */
struct paravirtual_answer { uint32_t unit, device, value; };
struct paravirtual_port { uint32_t port, value; };
struct paravirtual_port_bytes { uint32_t port, address, length; };

/* A guest that leaves its monitor no place to save registers halts with this code. */
enum { PARAVIRTUAL_HALT_LOST = 71 };

#endif
