/* translator.c: a binary translator for the kernels of guests: your work. As it stands it translates one word at a time,
 * into a call-out, and forgets it at once; so only programs that consist of system instructions and jumps run, and
 * slowly. What is missing is marked TODO. monitor.h says what the monitor does for you, and what it wants of you.
 * SPDX-License-Identifier: MIT-0 */
#include "monitor.h"

static uint32_t used;                  /* words of the cache */
static uint32_t pc_of[CACHE_WORDS];    /* where the guest is before each word of the cache */

static void emit(uint32_t word, uint32_t pc)
{
    translation_cache[used] = word;
    pc_of[used] = pc;
    used++;
}

/* TODO: a block is more than one word. Which words can be copied, which cannot, and what becomes of those? Where does a
 * block end, and what stands there? */
static uint32_t translate(struct guest *guest, uint32_t pc)
{
    uint32_t word, first = used;
    if (monitor_fetch(guest, pc, &word))
        emit(monitor_call_out, pc);
    return first;
}

void translator_start(void)
{
    used = 0;
}

uint32_t translator_enter(struct guest *guest)
{
    used = 0; /* TODO: which blocks are there? And what if the cache is full? */
    return CACHE + 4 * translate(guest, guest->pc);
}

uint32_t translator_guest_pc(struct guest *guest, uint32_t address)
{
    (void)guest; /* TODO: an instruction that has become several words */
    return pc_of[(address - CACHE) / 4];
}

void translator_call_out(struct guest *guest, uint32_t address)
{
    (void)address; /* TODO: the end of a block is a call-out, too; and when it has been met, it need not stay one */
    monitor_emulate(guest);
}

void translator_changed(struct guest *guest, uint32_t start, uint32_t size)
{
    (void)guest, (void)start, (void)size; /* TODO */
}
