/* emulator.c: the pocket machine, emulated: another computer, with other words, registers and instructions, as a program of
 * this one. Written by hand, as emulators of old computers are; scenarios/emulation.lua holds it against the
 * specification. Whoever starts it puts a program into pocket.memory first.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "common/guest.h"

enum { OLD_PSW = 0, NEW_PSW = 4, CAUSE = 8, VALUE, ACCESS, MEMORY = 128 };
enum { TRAP_MEMORY = 1, TRAP_PRIVILEGED, TRAP_ILLEGAL, TRAP_SUPERVISOR_CALL };
enum { FETCH = 1, LOAD, STORE };

/* All of another computer. */
struct pocket {
    uint8_t r[4], pc, mode, base, bound, halted, halt_code, unused[2];
    uint32_t steps; /* instructions and traps still to be done */
    uint8_t memory[MEMORY];
};
__attribute__((section(".data"))) struct pocket pocket; /* not cleared at the start */

static void load_psw(const uint8_t psw[4])
{
    pocket.mode = psw[0] & 1;
    pocket.pc = psw[1];
    pocket.base = psw[2];
    pocket.bound = psw[3];
}

static void trap(uint8_t cause, uint8_t value, uint8_t access)
{
    const uint8_t old[4] = {pocket.mode, pocket.pc, pocket.base, pocket.bound};
    for (unsigned i = 0; i < 4; i++)
        pocket.memory[OLD_PSW + i] = old[i];
    pocket.memory[CAUSE] = cause;
    pocket.memory[VALUE] = value;
    pocket.memory[ACCESS] = access;
    load_psw(pocket.memory + NEW_PSW);
}

/* Where a virtual address is; NULL, and the trap is taken, when nowhere. */
static uint8_t *at(uint8_t address, uint8_t access)
{
    unsigned physical = (uint8_t)(pocket.base + address);
    if (address < pocket.bound && physical >= pocket.base && physical < MEMORY)
        return &pocket.memory[physical];
    trap(TRAP_MEMORY, address, access);
    return NULL;
}

static void load_psw_at(uint8_t address)
{
    uint8_t psw[4];
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t *word = at((uint8_t)(address + i), LOAD);
        if (word == NULL)
            return;
        psw[i] = *word;
    }
    load_psw(psw);
}

/* Those that only a supervisor may execute. The pc is behind the instruction already, and is set back for a trap. */
static void execute_privileged(uint8_t word, uint8_t *first, uint8_t *second)
{
    if (pocket.mode != 0) {
        pocket.pc--;
        trap(TRAP_PRIVILEGED, word, 0);
        return;
    }
    switch (word >> 4 == 0xb ? 0xb0 | (word & 0x0c) : word & 0xf0) {
    case 0x90: pocket.base = *first, pocket.bound = *second; break;
    case 0xa0: *first = pocket.base, *second = pocket.bound; break;
    case 0xb0: pocket.pc--, load_psw_at(*second); break;
    case 0xb4: pocket.mode = 1, pocket.pc = *second; break;
    case 0xb8: system_write(second, 1); break;
    default: pocket.halted = 1, pocket.halt_code = *second;
    }
}

static void execute(uint8_t word)
{
    uint8_t *first = &pocket.r[word >> 2 & 3], *second = &pocket.r[word & 3], *cell;
    pocket.pc++;
    switch (word >> 4) {
    case 0x0: case 0x1: case 0x2: case 0x3: pocket.r[word >> 4] = word & 0xf; break;
    case 0x4: *first = (uint8_t)(*first + *second); break;
    case 0x5: *first = (uint8_t)(*first - *second); break;
    case 0x6: case 0x7:
        pocket.pc--;
        if ((cell = at(*second, word >> 4 == 0x6 ? LOAD : STORE)) == NULL)
            return;
        pocket.pc++;
        if (word >> 4 == 0x6)
            *first = *cell;
        else
            *cell = *first;
        break;
    case 0x8: pocket.pc = *first == 0 ? *second : pocket.pc; break;
    case 0x9: case 0xa: case 0xb: execute_privileged(word, first, second); break;
    default:
        pocket.pc--;
        if (word == 0xc0)
            trap(TRAP_SUPERVISOR_CALL, 0, 0);
        else
            trap(TRAP_ILLEGAL, word, 0);
    }
}

uint32_t main(uint32_t argument)
{
    (void)argument;
    while (!pocket.halted && pocket.steps > 0) {
        const uint8_t *word = at(pocket.pc, FETCH);
        if (word != NULL)
            execute(*word);
        pocket.steps--;
    }
    return pocket.halt_code;
}
