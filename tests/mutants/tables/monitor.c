/* monitor.c: a monitor that shares nothing with those of vmm/, nor with the student's: it is made of tables. What a guest does
 * in supervisor mode is interpreted, by a table of opcodes and one of system instructions; its user programs the hardware
 * executes. Guests stand in a ring. Written from the machine manual, and for pg74 alone; start.S is that of the lab for
 * native monitors. The checker must find nothing wrong with it.
 *
 * SPDX-License-Identifier: MIT-0 */
#include <stdbool.h>
#include "pg74.h"

enum { USER = 1, ENABLED = 2, WAY_BACK = 34, SECTOR = 512, POLL_EVERY = 64 };
enum { FETCH = 1, LOAD, STORE };
enum { BUSY = 1 };
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

extern uint32_t frame[32];
extern const char trap_entry[], wait_here[];
_Noreturn void enter_guest(uint32_t timer);
_Noreturn void monitor_main(void);
_Noreturn void monitor_trap(void);

static struct computer computers[PG74_MOST_GUESTS], *now;
static uint32_t count, left, set, slice;
static bool at_rest;                     /* nobody runs: the real machine waits */

/* ---- Addresses and traps ----------------------------------------------------------------------------------------- */

static bool find(const struct computer *c, uint32_t address, uint32_t length, uint32_t *place)
{
    uint64_t end = (uint64_t)address + length, real_end = (uint64_t)c->psw[BASE] + end;
    *place = c->psw[BASE] + address;
    return end <= c->psw[BOUND] && real_end <= c->size;
}

static uint32_t *word_at(struct computer *c, uint32_t place)
{
    return (uint32_t *)(void *)(c->memory + place);
}

static void load_psw(struct computer *c, const uint32_t *from)
{
    static const uint32_t kept[WORDS] = {USER | ENABLED, ~0u, ~15u, ~15u};
    for (int i = 0; i < WORDS; i++)
        c->psw[i] = from[i] & kept[i];
}

static bool swap(struct computer *c, uint32_t cause, uint32_t value, uint32_t access)
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

/* The physical place of an aligned access; false: it has trapped. */
static bool reach(struct computer *c, uint32_t address, uint32_t length, uint32_t access, uint32_t *place)
{
    if (address % length != 0)
        return swap(c, PG74_CAUSE_MISALIGNED, address, access);
    return find(c, address, length, place) || swap(c, PG74_CAUSE_MEMORY, address, access);
}

/* ---- The ordinary instructions: each returns whether it has retired, and has then set the next pc ---------------------- */

static uint32_t bits(uint32_t word, int from, int length) { return word >> from & ((1u << length) - 1); }
static uint32_t rd(uint32_t word) { return bits(word, 7, 5); }
static uint32_t f3(uint32_t word) { return bits(word, 12, 3); }
static uint32_t one(const struct computer *c, uint32_t word) { return c->x[bits(word, 15, 5)]; }
static uint32_t two(const struct computer *c, uint32_t word) { return c->x[bits(word, 20, 5)]; }
static uint32_t immediate(uint32_t word) { return (uint32_t)((int32_t)word >> 20); }

static bool done(struct computer *c, uint32_t word, uint32_t result)
{
    c->x[rd(word)] = result;
    c->x[0] = 0;
    c->psw[PC] += 4;
    return true;
}

static bool illegal(struct computer *c, uint32_t word)
{
    return swap(c, PG74_CAUSE_ILLEGAL, word, 0);
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
        return swap(c, PG74_CAUSE_MISALIGNED, target, FETCH);
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
    return word == 0x73 ? swap(c, PG74_CAUSE_SUPERVISOR_CALL, 0, 0)
           : word == 0x100073 ? swap(c, PG74_CAUSE_BREAKPOINT, 0, 0) : illegal(c, word);
}

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

static void request(struct computer *c, uint32_t bit)
{
    c->requests |= bit;
    c->waits = false;
}

static void poll(struct computer *c)
{
    uint32_t status = c->disk_status == BUSY ? pg74_in(c->ports + PG74_PORT_DISK_STATUS) : BUSY;
    uint32_t arrived = pg74_in(c->ports + PG74_PORT_NETWORK_FRAMES) & 0xffff;
    if (status != BUSY) {
        c->disk_status = status;
        request(c, DISK_BIT);
    }
    if (c->listens && arrived != c->frames_told)
        request(c, NETWORK_BIT);
    c->frames_told = arrived;
    if (c->wants_input && !c->input_told && pg74_in(c->ports + PG74_PORT_CONSOLE_STATUS) % 2) {
        c->input_told = true;
        request(c, CONSOLE_BIT);
    }
}

/* Where `length` bytes at `address` lie really; where the guest has none, an address at which the machine has none. */
static uint32_t real(const struct computer *c, uint32_t address, uint64_t length)
{
    return address + length <= c->size ? (uint32_t)(uintptr_t)c->memory + address : 0xfffffff0;
}

static uint32_t read_port(struct computer *c, uint32_t port)
{
    uint32_t value = 0;
    if (port == PG74_PORT_DISK_STATUS) {
        value = c->disk_status;
        c->disk_status = value == BUSY ? BUSY : 0;
    } else if (port == PG74_PORT_CYCLES_LOW || port == PG74_PORT_INSTRUCTIONS_LOW) {
        value = (uint32_t)c->count;
    } else if (port == PG74_PORT_CYCLES_HIGH || port == PG74_PORT_INSTRUCTIONS_HIGH) {
        value = (uint32_t)(c->count >> 32);
    } else if (port < PG74_PORT_UNIT) {
        value = pg74_in(c->ports + port);
    }
    if (port == PG74_PORT_CONSOLE_INPUT) {
        c->input_told = false;
        poll(c);
    }
    return value;
}

static void start_disk(struct computer *c, uint32_t command)
{
    if (c->disk_status == BUSY)
        return;
    pg74_out(c->ports + PG74_PORT_DISK_SECTOR, c->disk[0]);
    pg74_out(c->ports + PG74_PORT_DISK_ADDRESS, real(c, c->disk[1], (uint64_t)c->disk[2] * SECTOR));
    pg74_out(c->ports + PG74_PORT_DISK_COUNT, c->disk[2]);
    pg74_out(c->ports + PG74_PORT_DISK_COMMAND, command);
    c->disk_status = BUSY;
}

static void start_network(struct computer *c, uint32_t command)
{
    pg74_out(c->ports + PG74_PORT_NETWORK_ADDRESS, real(c, c->frame[0], c->frame[1]));
    pg74_out(c->ports + PG74_PORT_NETWORK_LENGTH, c->frame[1]);
    pg74_out(c->ports + PG74_PORT_NETWORK_COMMAND, command);
}

static void write_port(struct computer *c, uint32_t port, uint32_t value)
{
    switch (port) {
    case PG74_PORT_DISK_SECTOR: c->disk[0] = value; return;
    case PG74_PORT_DISK_ADDRESS: c->disk[1] = value; return;
    case PG74_PORT_DISK_COUNT: c->disk[2] = value; return;
    case PG74_PORT_DISK_COMMAND: start_disk(c, value); return;
    case PG74_PORT_NETWORK_ADDRESS: c->frame[0] = value; return;
    case PG74_PORT_NETWORK_LENGTH: c->frame[1] = value; return;
    case PG74_PORT_NETWORK_COMMAND: start_network(c, value); return;
    case PG74_PORT_CONSOLE_OUTPUT: pg74_out(c->ports + port, value); return;
    case PG74_PORT_CONSOLE_CONTROL: case PG74_PORT_NETWORK_CONTROL: break;
    default: return;
    }
    poll(c); /* what came before is told as before */
    pg74_out(c->ports + port, value);
    if (port == PG74_PORT_NETWORK_CONTROL) {
        c->listens = value & 1;
    } else {
        c->wants_input = value & 1;
        c->input_told = false;
        poll(c);
    }
}

/* ---- System instructions ----------------------------------------------------------------------------------------- */

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
    return find(c, one(c, word), 1, &place) ? done(c, word, place) : swap(c, PG74_CAUSE_MEMORY, one(c, word), LOAD);
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

typedef bool instruction(struct computer *, uint32_t);

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

static bool system(struct computer *c, uint32_t word)
{
    for (unsigned i = 0; i < sizeof system_table / sizeof system_table[0]; i++)
        if ((word & system_table[i].mask) == system_table[i].match)
            return system_table[i].execute(c, word);
    return illegal(c, word);
}

static instruction *const opcodes[32] = {
    [0x00] = load, [0x02] = system, [0x03] = fence, [0x04] = with_number, [0x05] = upper_of_pc, [0x08] = store,
    [0x0c] = with_register, [0x0d] = upper, [0x18] = branch, [0x19] = jump_to_register, [0x1b] = jump, [0x1c] = call,
};

/* ---- Time -------------------------------------------------------------------------------------------------------- */

static void pass(struct computer *c, uint32_t instructions)
{
    if (c->timer == 0)
        return;
    c->timer -= instructions < c->timer ? instructions : c->timer;
    if (c->timer == 0)
        request(c, TIMER_BIT);
}

/* For the one that ran, and for those that wait meanwhile. */
static void pass_for_all(uint32_t instructions)
{
    for (uint32_t i = 0; i < count; i++)
        if (computers[i].waits || (!at_rest && &computers[i] == now))
            pass(&computers[i], instructions);
    if (!at_rest)
        now->count += instructions;
    left -= instructions < left ? instructions : left;
}

/* ---- Running ----------------------------------------------------------------------------------------------------- */

static void interrupt(struct computer *c)
{
    while (c->requests != 0 && (c->psw[FLAGS] & ENABLED)) {
        uint32_t number = (uint32_t)__builtin_ctz(c->requests);
        c->requests &= c->requests - 1;
        swap(c, PG74_CAUSE_TIMER + number, 0, 0);
        if (c->psw[FLAGS] & ENABLED)
            return; /* and again before the next instruction: but others are to have their turn */
    }
}

/* One instruction of the supervisor, or its trap. */
static void step(struct computer *c)
{
    uint32_t place;
    interrupt(c);
    left -= left > 0;
    if ((c->psw[FLAGS] & USER) || !reach(c, c->psw[PC], 4, FETCH, &place))
        return;
    uint32_t word = *word_at(c, place);
    instruction *execute = word % 4 == 3 ? opcodes[bits(word, 2, 5)] : illegal;
    if ((execute ? execute : illegal)(c, word)) {
        left++; /* pass_for_all counts it */
        pass_for_all(1);
        if (c->waits && c->requests != 0)
            c->waits = false;
    }
}

static bool can_run(const struct computer *c) { return !c->waits && !c->halted; }

/* The next in the ring that can run; false: there is none. */
static bool choose(void)
{
    bool goes_on = can_run(now) && left > 0;
    for (uint32_t i = 0; i < count && !goes_on; i++) {
        now = now->next;
        left = slice;
        goes_on = can_run(now);
    }
    return goes_on;
}

static void stop_when_all_have_halted(void)
{
    uint32_t halted = 0, code = 0;
    for (uint32_t i = 0; i < count; i++) {
        halted += computers[i].halted;
        code = code ? code : computers[i].code;
    }
    if (halted == count)
        pg74_halt(code);
}

static void poll_all(void)
{
    for (uint32_t i = 0; i < count; i++)
        poll(&computers[i]);
}

_Noreturn static void rest(void)
{
    volatile struct pg74_psw *psw = (volatile struct pg74_psw *)&pg74_trap_area.save[8];
    at_rest = true;
    set = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!computers[i].halted && computers[i].timer && (set == 0 || computers[i].timer < set))
            set = computers[i].timer;
    psw->flags = ENABLED;
    psw->pc = (uint32_t)(uintptr_t)wait_here;
    psw->base = 0;
    psw->bound = pg74_boot_block.memory_size;
    enter_guest(set ? set + WAY_BACK : 0);
}

_Noreturn static void run_user(struct computer *c)
{
    volatile struct pg74_psw *psw = (volatile struct pg74_psw *)&pg74_trap_area.save[8];
    uint32_t room = c->psw[BASE] < c->size ? c->size - c->psw[BASE] : 0;
    psw->flags = USER | ENABLED;
    psw->pc = c->psw[PC];
    psw->base = room ? (uint32_t)(uintptr_t)c->memory + c->psw[BASE] : 0;
    psw->bound = c->psw[BOUND] < room ? c->psw[BOUND] : room;
    for (int i = 1; i < 32; i++)
        frame[i] = c->x[i];
    set = c->timer && c->timer < left ? c->timer : left;
    enter_guest(set + WAY_BACK);
}

_Noreturn static void go_on(void)
{
    at_rest = false;
    for (uint32_t n = 1;; n++) {
        stop_when_all_have_halted();
        if (n % POLL_EVERY == 0)
            poll_all();
        if (!choose())
            rest();
        interrupt(now);
        if (now->psw[FLAGS] & USER)
            run_user(now);
        step(now);
    }
}

_Noreturn void monitor_trap(void)
{
    uint32_t cause = pg74_trap_area.cause, unused = pg74_trap_area.save[2];
    if (!at_rest) {
        now->psw[PC] = pg74_trap_area.old_psw.pc;
        for (int i = 1; i < 32; i++)
            now->x[i] = frame[i];
    }
    if (set)
        pass_for_all(cause == PG74_CAUSE_TIMER ? set : unused + 2 < set ? set - unused - 2 : 0);
    if (cause < PG74_CAUSE_TIMER && at_rest)
        pg74_halt(70);
    if (cause < PG74_CAUSE_TIMER) {
        swap(now, cause, pg74_trap_area.value, pg74_trap_area.access);
        left -= left > 0;
    }
    poll_all();
    go_on();
}

_Noreturn void monitor_main(void)
{
    count = pg74_boot_block.guest_count;
    slice = pg74_boot_block.slice_limit / 2;
    left = slice;
    for (uint32_t i = 0; i < count; i++) {
        struct computer *c = &computers[i];
        c->next = &computers[(i + 1) % count];
        c->memory = (uint8_t *)(uintptr_t)pg74_boot_block.guests[i].start;
        c->size = pg74_boot_block.guests[i].size;
        c->psw[PC] = pg74_boot_block.guests[i].entry;
        c->psw[BOUND] = c->size;
        c->ports = i * PG74_PORT_UNIT;
    }
    now = computers;
    pg74_trap_area.new_psw.flags = 0;
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)trap_entry;
    pg74_trap_area.new_psw.base = 0;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
    go_on();
}
