/* ordinary.c: the instructions of RV32IM, and the table of all opcodes.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "computer.h"

uint32_t bits(uint32_t word, int from, int length) { return word >> from & ((1u << length) - 1); }
static uint32_t rd(uint32_t word) { return bits(word, 7, 5); }
static uint32_t f3(uint32_t word) { return bits(word, 12, 3); }
uint32_t one(const struct computer *c, uint32_t word) { return c->x[bits(word, 15, 5)]; }
uint32_t two(const struct computer *c, uint32_t word) { return c->x[bits(word, 20, 5)]; }
uint32_t immediate(uint32_t word) { return (uint32_t)((int32_t)word >> 20); }

bool done(struct computer *c, uint32_t word, uint32_t result)
{
    c->x[rd(word)] = result;
    c->x[0] = 0;
    c->psw[PC] += 4;
    return true;
}

bool illegal(struct computer *c, uint32_t word)
{
    return trap(c, PG74_CAUSE_ILLEGAL, word, 0);
}

static bool load(struct computer *c, uint32_t word)
{
    uint32_t place, kind = f3(word), address = one(c, word) + immediate(word);
    if (kind == 3 || kind > 5)
        return illegal(c, word);
    if (!reach(c, address, 1u << kind % 4, LOAD, &place))
        return false;
    const uint8_t *byte = c->memory + place;
    switch (kind) {
    case 0: return done(c, word, (uint32_t)(int8_t)*byte);
    case 1: return done(c, word, (uint32_t)(int16_t)(byte[0] | byte[1] << 8));
    case 2: return done(c, word, *word_at(c, place));
    case 4: return done(c, word, *byte);
    default: return done(c, word, byte[0] | (uint32_t)byte[1] << 8);
    }
}

static bool store(struct computer *c, uint32_t word)
{
    uint32_t place, kind = f3(word), value = two(c, word);
    uint32_t address = one(c, word) + ((uint32_t)((int32_t)word >> 25) << 5 | rd(word));
    if (kind > 2)
        return illegal(c, word);
    if (!reach(c, address, 1u << kind, STORE, &place))
        return false;
    for (uint32_t i = 0; i < 1u << kind; i++)
        c->memory[place + i] = (uint8_t)(value >> 8 * i);
    c->psw[PC] += 4;
    return true;
}

static uint32_t shift_right(uint32_t a, uint32_t by, bool sign)
{
    return sign ? (uint32_t)((int32_t)a >> by) : a >> by;
}

static uint32_t compute(uint32_t kind, uint32_t a, uint32_t b, bool other)
{
    switch (kind) {
    case 0: return other ? a - b : a + b;
    case 1: return a << b % 32;
    case 2: return (int32_t)a < (int32_t)b;
    case 3: return a < b;
    case 4: return a ^ b;
    case 5: return shift_right(a, b % 32, other);
    case 6: return a | b;
    default: return a & b;
    }
}

static uint32_t multiply(uint32_t kind, uint32_t a, uint32_t b)
{
    int64_t sa = (int32_t)a, sb = (int32_t)b;
    bool overflows = a == 0x80000000 && b == ~0u;
    switch (kind) {
    case 0: return a * b;
    case 1: return (uint32_t)((uint64_t)(sa * sb) >> 32);
    case 2: return (uint32_t)((uint64_t)(sa * (int64_t)(uint64_t)b) >> 32);
    case 3: return (uint32_t)((uint64_t)a * b >> 32);
    case 4: return b == 0 ? ~0u : overflows ? a : (uint32_t)((int32_t)a / (int32_t)b);
    case 5: return b == 0 ? ~0u : a / b;
    case 6: return b == 0 ? a : overflows ? 0 : (uint32_t)((int32_t)a % (int32_t)b);
    default: return b == 0 ? a : a % b;
    }
}

static bool with_number(struct computer *c, uint32_t word)
{
    uint32_t kind = f3(word), high = word >> 25, number = immediate(word);
    if ((kind == 1 && high != 0) || (kind == 5 && high != 0 && high != 0x20))
        return illegal(c, word);
    return done(c, word, compute(kind, one(c, word), number, kind == 5 && high != 0));
}

static bool with_register(struct computer *c, uint32_t word)
{
    uint32_t kind = f3(word), high = word >> 25;
    if (high == 1)
        return done(c, word, multiply(kind, one(c, word), two(c, word)));
    if (high != 0 && (high != 0x20 || (kind != 0 && kind != 5)))
        return illegal(c, word);
    return done(c, word, compute(kind, one(c, word), two(c, word), high != 0));
}

static bool upper(struct computer *c, uint32_t word) { return done(c, word, word & 0xfffff000); }
static bool upper_of_pc(struct computer *c, uint32_t word) { return done(c, word, c->psw[PC] + (word & 0xfffff000)); }

static bool go(struct computer *c, uint32_t target, uint32_t link)
{
    if (target % 4 != 0)
        return trap(c, PG74_CAUSE_MISALIGNED, target, FETCH);
    c->x[link] = c->psw[PC] + 4;
    c->x[0] = 0;
    c->psw[PC] = target;
    return true;
}

static bool jump(struct computer *c, uint32_t word)
{
    uint32_t distance = (word & 0xff000) | bits(word, 20, 1) << 11 | bits(word, 21, 10) << 1 |
                        (uint32_t)((int32_t)word >> 31) << 20;
    return go(c, c->psw[PC] + distance, rd(word));
}

static bool jump_to_register(struct computer *c, uint32_t word)
{
    return f3(word) != 0 ? illegal(c, word) : go(c, (one(c, word) + immediate(word)) & ~1u, rd(word));
}

static bool branch(struct computer *c, uint32_t word)
{
    uint32_t kind = f3(word), a = one(c, word), b = two(c, word);
    uint32_t distance = bits(word, 8, 4) << 1 | bits(word, 25, 6) << 5 | bits(word, 7, 1) << 11 |
                        (uint32_t)((int32_t)word >> 31) << 12;
    const bool holds[] = {a == b, false, (int32_t)a < (int32_t)b, a < b};
    if (kind / 2 == 1)
        return illegal(c, word);
    if (holds[kind / 2] != kind % 2)
        return go(c, c->psw[PC] + distance, 0);
    c->psw[PC] += 4;
    return true;
}

static bool fence(struct computer *c, uint32_t word)
{
    c->psw[PC] += 4;
    return f3(word) == 0 || (c->psw[PC] -= 4, illegal(c, word));
}

static bool call(struct computer *c, uint32_t word)
{
    return word == 0x73 ? trap(c, PG74_CAUSE_SUPERVISOR_CALL, 0, 0)
           : word == 0x100073 ? trap(c, PG74_CAUSE_BREAKPOINT, 0, 0) : illegal(c, word);
}

static instruction *const opcodes[32] = {
    [0x00] = load, [0x02] = system_instruction, [0x03] = fence, [0x04] = with_number, [0x05] = upper_of_pc, [0x08] = store,
    [0x0c] = with_register, [0x0d] = upper, [0x18] = branch, [0x19] = jump_to_register, [0x1b] = jump, [0x1c] = call,
};

bool execute(struct computer *c, uint32_t word)
{
    instruction *chosen = word % 4 == 3 ? opcodes[bits(word, 2, 5)] : illegal;
    return (chosen ? chosen : illegal)(c, word);
}
