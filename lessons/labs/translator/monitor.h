/* monitor.h: the supplied monitor, as a translator sees it: first what it does for you, then what it wants of you.
 *
 * The monitor has the traps, the turns of the guests, their timers and devices, their page tables, and user programs,
 * which the hardware executes directly. What a guest's kernel executes it leaves to you: it asks where in the
 * translation cache the hardware is to go on, and tells you when that comes to a word that calls the monitor.
 *
 * While the hardware executes the cache it is in user mode, and has the guest's registers. Loads and stores reach the
 * guest's memory at the guest's own addresses. The cache is not there for them: it can be executed, and nothing else.
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef MONITOR_H
#define MONITOR_H
#include <stdbool.h>
#include <stdint.h>

struct guest {
    uint32_t number;  /* 0, 1, ... */
    uint32_t x[32];   /* the registers: the guest's whenever you are called; x[0] is 0 and stays so */
    uint32_t pc;      /* the guest's own */
};

/* ---- What the monitor does for you ------------------------------------------------------------------------------- */

/* The translation cache, for all guests together. The hardware executes word i at the address CACHE + 4 * i. */
enum { CACHE = 0x00400000, CACHE_WORDS = 2048 };
extern uint32_t translation_cache[CACHE_WORDS];

/* A call-out: a word that traps as privileged in user mode. Its bits 0 to 6 are the opcode of all system instructions,
 * which is another one on each course's machine. */
extern const uint32_t monitor_call_out;

/* The guest's word at `pc`. False if there is none: the kernel traps when it comes there. From now on the monitor
 * watches the page of it, and calls translator_changed when a word there may have changed. */
bool monitor_fetch(struct guest *guest, uint32_t pc, uint32_t *word);

/* Executes the guest's instruction at guest->pc as the guest's own machine would, in supervisor mode: a system
 * instruction or a jump (jal, jalr, branches), and no other. It leaves guest->pc and the registers as they are then;
 * after a trap, an lpsw or a retu the guest is somewhere else altogether. Call it last: it may call translator_changed. */
void monitor_emulate(struct guest *guest);

/* Prints a text, and stops the whole machine with code 70: for what cannot happen. */
_Noreturn void monitor_stop(const char *text);

/* ---- What the monitor wants of you ------------------------------------------------------------------------------- */

/* Once, before everything else. */
void translator_start(void);

/* The guest's kernel is at guest->pc, where there is a word to fetch. Where in the cache (CACHE + 4 * i) is the hardware
 * to go on? */
uint32_t translator_enter(struct guest *guest);

/* The hardware stopped before it executed the word at this address of the cache, for a fault or an interrupt. Where is
 * the guest? If the registers are those from before an instruction, it is at that instruction: it will do all of it
 * again. */
uint32_t translator_guest_pc(struct guest *guest, uint32_t address);

/* The hardware came to a word there that traps as privileged. guest->pc is what translator_guest_pc says. Do what is to
 * be done; then the guest goes on at guest->pc. */
void translator_call_out(struct guest *guest, uint32_t address);

/* The guest's words in [start, start + size) may have changed. What was made of them must not be executed again. */
void translator_changed(struct guest *guest, uint32_t start, uint32_t size);

#endif
