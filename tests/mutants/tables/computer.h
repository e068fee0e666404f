/* computer.h: a monitor that shares nothing with those of vmm/, nor with the student's: it is made of tables. What a guest
 * does in supervisor mode is interpreted, by a table of opcodes and one of system instructions; its user programs the
 * hardware executes. Guests stand in a ring. Written from the machine manual, and for pg74 alone; start.S is that of the
 * lab for native monitors. The checker must find nothing wrong with it.
 *
 *     monitor.c   whose turn it is, the guests' time, and their interrupts
 *     psw.c       addresses, PSWs and traps
 *     ordinary.c  the ordinary instructions, and the table of all opcodes
 *     system.c    the system instructions, by a table of their own
 *     devices.c   ports, and what devices request
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef TABLES_COMPUTER_H
#define TABLES_COMPUTER_H

#include <stdbool.h>
#include "pg74.h"

enum { USER = 1, ENABLED = 2 };
enum { FETCH = 1, LOAD, STORE };
enum { FLAGS, PC, BASE, BOUND, WORDS };  /* of a PSW */
enum { TIMER_BIT = 1, CONSOLE_BIT = 2, DISK_BIT = 4, NETWORK_BIT = 8 };

struct computer {
    struct computer *next;               /* in the ring */
    uint8_t *memory;
    uint32_t size, ports;
    uint32_t psw[WORDS], x[32];
    uint32_t timer, requests;
    uint64_t count;                      /* instructions */
    uint32_t disk[3], disk_status;       /* sector, address, count */
    uint32_t frame[2], frames_told;      /* address, length */
    bool listens, wants_input, input_told;
    bool waits, halted;
    uint32_t code;
};

/* ---- psw.c ------------------------------------------------------------------------------------------------------- */

/* The physical place of what lies at an address; false: some of it lies nowhere. */
bool find(const struct computer *c, uint32_t address, uint32_t length, uint32_t *place);
uint32_t *word_at(struct computer *c, uint32_t place);
void load_psw(struct computer *c, const uint32_t *from);
bool trap(struct computer *c, uint32_t cause, uint32_t value, uint32_t access); /* always false */
/* The physical place of an aligned access; false: it has trapped. */
bool reach(struct computer *c, uint32_t address, uint32_t length, uint32_t access, uint32_t *place);

/* ---- Instructions: each returns whether it has retired, and has then set the next pc ------------------------------- */

typedef bool instruction(struct computer *, uint32_t word);

bool execute(struct computer *c, uint32_t word); /* ordinary.c: any */
instruction illegal, system_instruction;

/* What an instruction is made of: ordinary.c. */
uint32_t bits(uint32_t word, int from, int length);
uint32_t one(const struct computer *c, uint32_t word); /* the register rs1 */
uint32_t two(const struct computer *c, uint32_t word); /* rs2 */
uint32_t immediate(uint32_t word);
bool done(struct computer *c, uint32_t word, uint32_t result); /* true; with a result for rd */

/* ---- devices.c --------------------------------------------------------------------------------------------------- */

void request(struct computer *c, uint32_t bit);
void poll(struct computer *c); /* what do its devices request? */
uint32_t read_port(struct computer *c, uint32_t port);
void write_port(struct computer *c, uint32_t port, uint32_t value);

#endif
