/* internal.h: what the files of the paravirtual monitor know of each other.
 *
 *   monitor.c     the strategy: into a guest, and what brings it back
 *   event.c       events to a guest that has started, and PARAVIRTUAL_RUN, the way back from them
 *   hypercall.c   the calls
 *   ring.c        rings of requests for console, disk and network: what waits, what is granted, what is answered
 *   table.c       page tables that the guest manages and the hardware uses
 *
 * Who serves the rings is the arrangement, and there are two of them:
 *
 *   drivers.c                            monolithic: the monitor itself
 *   ../paravirtual_microkernel/          microkernel: a guest that the monitor keeps for this, the driver domain
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef PARAVIRTUAL_INTERNAL_H
#define PARAVIRTUAL_INTERNAL_H

#include "hypercalls.h"
#include "vmm.h"

enum { PARAVIRTUAL_PAGE = 4096, PARAVIRTUAL_CONTEXT_BYTES = 128 };
enum { PARAVIRTUAL_FLAG_USER = 1, PARAVIRTUAL_FLAG_ENABLE = 2, PARAVIRTUAL_FLAG_TRANSLATE = 4 }; /* of a PSW */

/* What a frame of a guest's memory is to its page tables. */
struct paravirtual_frame {
    uint16_t entries;             /* it holds a table with so many entries; 0: it holds none */
    uint16_t writable;            /* so many entries of pinned tables allow to write to it */
};

/* A guest's page tables. Frames are none where the machine has no pages or this guest has too many of them. */
struct paravirtual_tables {
    uint32_t count;               /* frames */
    uint32_t pinned;              /* so many of them hold tables */
    struct paravirtual_frame *frames;
    uint32_t *kernel;             /* the guest's kernel runs with this one: its memory, its tables write-protected */
};

/* A ring as the monitor knows it: what it counts itself it need not believe. */
struct paravirtual_attached {
    uint32_t address;             /* of struct paravirtual_ring; 0: there is none */
    uint32_t answered;
    bool under_way;               /* somebody works on request number `answered`, which is: */
    struct paravirtual_request request;
    bool transfers;               /* and the disk does */
};

/* What the monitor keeps of a guest besides its vCPU. */
struct paravirtual_guest {
    struct vmm_vcpu *vcpu;
    unsigned relocation[3];       /* slots of the virtual R: base, bound, and whether there is translation */
    bool started;
    bool drives;                  /* it is the driver domain */
    uint32_t version;             /* that it speaks; 0: one that we do not */
    bool own_tables;              /* the hardware was last given a table of table.c, not a shadow; */
    uint32_t turns;               /* and so often a shadow after such a table */
    bool awaits;                  /* in PARAVIRTUAL_WAIT: the next event saves no registers */
    uint32_t next;                /* PARAVIRTUAL_RUN, _WAIT or _EVENTS, to be done when the call is over; else 0 */
    uint32_t entry;               /* where its events go */
    uint32_t pending;             /* interrupts to be told, as bits */
    uint32_t work;                /* of the monitor for this guest alone: as many instructions of its slice are over */
    uint32_t *running;            /* in the guest's memory: registers of the program that runs; NULL: its kernel does */
    uint32_t calls, events;       /* for people who look */
    struct paravirtual_shared *shared;
    struct paravirtual_tables tables;
    struct paravirtual_attached rings[PARAVIRTUAL_DEVICES];
};

/* `diag a0, a0, a1`, from call.S. */
extern const uint32_t paravirtual_call_instruction;

struct paravirtual_guest *paravirtual_guest_of(const struct vmm_vcpu *vcpu);

/* ---- hypercall.c ---- */

/* The newest version, the features, and for each number of a call the function that it stands for. */
enum { PARAVIRTUAL_NUMBERS = 32 };
struct paravirtual_offer { uint32_t version, features; uint8_t functions[PARAVIRTUAL_NUMBERS]; };
extern volatile struct paravirtual_offer paravirtual_offer;

/* Whether so many bytes at an address of the guest's, a multiple of 4, are its memory; for paravirtual_may_write, also
 * whether the monitor may store there: then no page table is among them. */
bool paravirtual_may_read(const struct paravirtual_guest *guest, uint32_t address, uint32_t bytes);
bool paravirtual_may_write(const struct paravirtual_guest *guest, uint32_t address, uint32_t bytes);
uint32_t *paravirtual_words(const struct paravirtual_guest *guest, uint32_t address);

uint32_t paravirtual_call(struct paravirtual_guest *guest, uint32_t number, uint32_t argument);

/* ---- event.c ---- */

/* If the guest has had interrupts requested: from now on they are events. Mostly it has not. */
void paravirtual_collect_now(struct paravirtual_guest *guest);
static inline void paravirtual_collect(struct paravirtual_guest *guest)
{
    if (guest->started && guest->vcpu->state[guest->vcpu->isa->requests] != 0)
        paravirtual_collect_now(guest);
}

/* An event goes to the guest's kernel, whoever ran before. */
void paravirtual_tell(struct paravirtual_guest *guest, uint32_t cause, uint32_t value, uint32_t access);

/* Tells the first of what is pending, if the guest takes it now. */
void paravirtual_tell_pending(struct paravirtual_guest *guest);

/* As the instruction settimer. */
void paravirtual_set_timer(struct paravirtual_guest *guest, uint32_t instructions);

/* What a call has left to be done after it: RUN, WAIT, EVENTS. */
void paravirtual_do_next(struct paravirtual_guest *guest);

/* ---- ring.c ---- */

uint32_t paravirtual_ring_attach(struct paravirtual_guest *guest, uint32_t device, uint32_t address);

/* The next request of a ring, to be served by the caller: it is `request`, and under way. One that nobody could serve
 * is answered here. False: none waits, one is under way, or (*error) the ring was none and is detached. */
bool paravirtual_ring_next(struct paravirtual_guest *guest, uint32_t device, uint32_t *error);

/* How many requests of a ring are not answered, the one under way among them. A ring that is none, or none any more, is
 * detached; that is an *error, once. */
uint32_t paravirtual_ring_waiting(struct paravirtual_guest *guest, uint32_t device, uint32_t *error);

/* Answers the request that is under way. For the disk, that is an event. */
void paravirtual_ring_answer(struct paravirtual_guest *guest, uint32_t device, uint32_t value);

/* Interrupts (bit i is cause 16 + i) are pending, and end the guest's waiting. */
void paravirtual_raise(struct paravirtual_guest *guest, uint32_t bits);

/* Whether so many bytes, which may begin anywhere, are the guest's memory; `store`: and no table of pages. */
bool paravirtual_good_bytes(const struct paravirtual_guest *guest, uint32_t address, uint32_t length, bool store);

/* ---- The arrangement: drivers.c, or the folder paravirtual_microkernel ---- */

/* Before anything runs: a monitor may keep a guest of its own. */
void paravirtual_arrange(struct vmm *vmm, struct paravirtual_guest *guests);

/* Before every choice of who runs next. */
void paravirtual_choose(struct vmm *vmm);

/* There may be new requests in a ring that is attached. Answers 0 or an error. */
uint32_t paravirtual_serve(struct paravirtual_guest *guest, uint32_t device);

/* The guest's disk has ended the transfer that a request of its ring has begun. */
void paravirtual_disk_ended(struct paravirtual_guest *guest);

/* The calls of a driver domain, PARAVIRTUAL_TAKE and those after it. */
uint32_t paravirtual_drive(struct paravirtual_guest *guest, uint32_t function, uint32_t argument);

/* ---- table.c ---- */

void paravirtual_tables_start(struct vmm *vmm, struct paravirtual_guest *guests); /* with the one for the kernel */
uint32_t paravirtual_table_pin(struct paravirtual_guest *guest, uint32_t base, uint32_t bound);
uint32_t paravirtual_table_unpin(struct paravirtual_guest *guest, uint32_t base);
uint32_t paravirtual_table_update(struct paravirtual_guest *guest, uint32_t address, uint32_t entry);

/* Whether R names a table that is pinned, and none of its bytes lies beyond the entries that were looked at. */
bool paravirtual_table_good(const struct paravirtual_guest *guest, uint32_t base, uint32_t bound);

/* Whether any of so many bytes, all of them the guest's, belongs to a table. */
bool paravirtual_table_among(const struct paravirtual_guest *guest, uint32_t address, uint32_t bytes);

/* So many bytes of the guest's memory have changed, or will, past all checks: the tables there are pinned no longer. */
void paravirtual_table_lost(struct paravirtual_guest *guest, uint32_t address, uint32_t bytes);
void paravirtual_table_transfer(struct paravirtual_guest *guest); /* by the disk, if it is under way */
void paravirtual_tables_forget(struct paravirtual_guest *guest); /* all of them */

#endif
