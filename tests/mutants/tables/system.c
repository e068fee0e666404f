/* system.c: the system instructions: how their words look, and what they do.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "computer.h"

static bool lpsw(struct computer *c, uint32_t word)
{
    uint32_t place;
    if (reach(c, one(c, word) + immediate(word), 16, LOAD, &place))
        load_psw(c, word_at(c, place));
    else
        return false;
    return true;
}

static bool spsw(struct computer *c, uint32_t word)
{
    uint32_t place;
    if (!reach(c, one(c, word) + immediate(word), 16, STORE, &place))
        return false;
    c->psw[PC] += 4;
    for (int i = 0; i < WORDS; i++)
        word_at(c, place)[i] = c->psw[i];
    return true;
}

static bool after(struct computer *c)
{
    c->psw[PC] += 4;
    return true;
}

static bool setflags(struct computer *c, uint32_t word) { c->psw[FLAGS] = one(c, word) & (USER | ENABLED); return after(c); }
static bool getflags(struct computer *c, uint32_t word) { return done(c, word, c->psw[FLAGS]); }
static bool retu(struct computer *c, uint32_t word) { c->psw[FLAGS] |= USER; c->psw[PC] = one(c, word); return true; }
static bool getbase(struct computer *c, uint32_t word) { return done(c, word, c->psw[BASE]); }
static bool getbound(struct computer *c, uint32_t word) { return done(c, word, c->psw[BOUND]); }
static bool gettimer(struct computer *c, uint32_t word) { return done(c, word, c->timer); }
static bool machineid(struct computer *c, uint32_t word) { return done(c, word, pg74_machineid()); }
static bool diag(struct computer *c, uint32_t word) { return done(c, word, 0); }
static bool in(struct computer *c, uint32_t word) { return done(c, word, read_port(c, one(c, word))); }
static bool out(struct computer *c, uint32_t word) { write_port(c, one(c, word), two(c, word)); return after(c); }

static bool setr(struct computer *c, uint32_t word)
{
    c->psw[BASE] = one(c, word) & ~15u;
    c->psw[BOUND] = two(c, word) & ~15u;
    return after(c);
}

static bool loadreal(struct computer *c, uint32_t word)
{
    uint32_t place;
    return find(c, one(c, word), 1, &place) ? done(c, word, place) : trap(c, PG74_CAUSE_MEMORY, one(c, word), LOAD);
}

static bool probe(struct computer *c, uint32_t word)
{
    uint32_t place;
    return done(c, word, find(c, one(c, word), 1, &place));
}

static bool settimer(struct computer *c, uint32_t word)
{
    c->timer = one(c, word);
    c->requests &= ~(uint32_t)TIMER_BIT;
    c->timer += c->timer != 0; /* this instruction is not counted */
    return after(c);
}

static bool idle(struct computer *c, uint32_t word)
{
    (void)word;
    c->waits = true;
    return after(c);
}

static bool halt(struct computer *c, uint32_t word)
{
    c->halted = true;
    c->code = one(c, word);
    pg74_out(c->ports + PG74_PORT_REPORT_CODE, c->code);
    return after(c);
}

enum { RD = 0x1f << 7, RS1 = 0x1f << 15, RS2 = 0x1f << 20, KIND = 7 << 12 };
#define HIGH 0xfe000000u
#define IS(high, kind) ((uint32_t)(high) << 25 | (uint32_t)(kind) << 12)

/* What of a word is given, and how; all else is operands. */
static const struct { uint32_t mask, match; instruction *execute; } system_table[] = {
    {KIND | RD, IS(0, 0), lpsw}, {KIND | RD, IS(0, 1), spsw},
    {HIGH | KIND | RS2 | RD, IS(0, 2), setflags}, {HIGH | KIND | RS2 | RS1, IS(1, 2), getflags},
    {HIGH | KIND | RS2 | RD, IS(2, 2), retu}, {HIGH | KIND | RD, IS(0, 3), setr},
    {HIGH | KIND | RS2 | RS1, IS(1, 3), getbase}, {HIGH | KIND | RS2 | RS1, IS(2, 3), getbound},
    {HIGH | KIND | RS2, IS(0, 4), loadreal}, {HIGH | KIND | RS2, IS(1, 4), probe},
    {HIGH | KIND | RS2 | RD, IS(0, 5), settimer}, {HIGH | KIND | RS2 | RS1, IS(1, 5), gettimer},
    {HIGH | KIND | RS2, IS(0, 6), in}, {HIGH | KIND | RD, IS(0, 7), out},
    {HIGH | KIND | RS2 | RS1, IS(1, 7), machineid}, {HIGH | KIND, IS(2, 7), diag},
    {HIGH | KIND | RS2 | RS1 | RD, IS(3, 7), idle}, {HIGH | KIND | RS2 | RD, IS(4, 7), halt},
};

bool system_instruction(struct computer *c, uint32_t word)
{
    for (unsigned i = 0; i < sizeof system_table / sizeof system_table[0]; i++)
        if ((word & system_table[i].mask) == system_table[i].match)
            return system_table[i].execute(c, word);
    return illegal(c, word);
}
