/* psw.c: addresses, PSWs and traps.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "computer.h"

bool find(const struct computer *c, uint32_t address, uint32_t length, uint32_t *place)
{
    uint64_t end = (uint64_t)address + length, real_end = (uint64_t)c->psw[BASE] + end;
    *place = c->psw[BASE] + address;
    return end <= c->psw[BOUND] && real_end <= c->size;
}

uint32_t *word_at(struct computer *c, uint32_t place)
{
    return (uint32_t *)(void *)(c->memory + place);
}

void load_psw(struct computer *c, const uint32_t *from)
{
    static const uint32_t kept[WORDS] = {USER | ENABLED, ~0u, ~15u, ~15u};
    for (int i = 0; i < WORDS; i++)
        c->psw[i] = from[i] & kept[i];
}

bool trap(struct computer *c, uint32_t cause, uint32_t value, uint32_t access)
{
    uint32_t *old = word_at(c, 0x40), *what = word_at(c, 0x60);
    for (int i = 0; i < WORDS; i++)
        old[i] = c->psw[i];
    what[0] = cause;
    what[1] = value;
    what[2] = access;
    load_psw(c, old + WORDS);
    return false;
}

bool reach(struct computer *c, uint32_t address, uint32_t length, uint32_t access, uint32_t *place)
{
    if (address % length != 0)
        return trap(c, PG74_CAUSE_MISALIGNED, address, access);
    return find(c, address, length, place) || trap(c, PG74_CAUSE_MEMORY, address, access);
}
