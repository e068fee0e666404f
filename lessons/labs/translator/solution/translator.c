/* translator.c: a binary translator for the kernels of guests.
 *
 * A block is what is translated at a time: from some pc on, up to an instruction after which it is not known where the
 * guest goes on, or that the monitor has to execute. Its translation stands anywhere in the cache. Where a block leads to
 * another one there is an exit: first a call-out; when it is met, a jump to the other block takes its place (chaining).
 *
 * SPDX-License-Identifier: MIT-0 */
#include "monitor.h"

enum { LONGEST_BLOCK = 32, WORDS_FOR_ONE = 3, MOST_BLOCKS = 1024, BUCKETS = 256, NONE = 0xffff };
enum { OPCODE = 0x7f, LUI = 0x37, AUIPC = 0x17, ADDI = 0x13, JAL = 0x6f, JALR = 0x67, BRANCH = 0x63, SYSTEM = 0x73 };
enum kind { COPY, EXIT, FINISH };

struct block {
    uint16_t guest, next;      /* next: of the same bucket */
    uint16_t first, length;    /* its first word in the cache; how many words of the guest's */
    uint32_t pc;
    bool dead;
};

static struct block blocks[MOST_BLOCKS];
static uint16_t buckets[BUCKETS];
static uint32_t block_count, used;             /* used: words of the cache */
static uint32_t times_forgotten;
static uint32_t pc_of[CACHE_WORDS];            /* where the guest is before each word of the cache */
static uint8_t kind_of[CACHE_WORDS];           /* enum kind */

/* ---- Which block is it? ------------------------------------------------------------------------------------------- */

static uint16_t *bucket_of(uint32_t guest, uint32_t pc)
{
    return &buckets[(pc / 4 + guest * 37) % BUCKETS];
}

static struct block *find(uint32_t guest, uint32_t pc)
{
    for (uint32_t i = *bucket_of(guest, pc); i != NONE; i = blocks[i].next)
        if (blocks[i].pc == pc && blocks[i].guest == guest && !blocks[i].dead)
            return &blocks[i];
    return 0;
}

static void forget_all(void)
{
    block_count = 0;
    used = 0;
    times_forgotten++;
    for (uint32_t i = 0; i < BUCKETS; i++)
        buckets[i] = NONE;
}

/* ---- Words -------------------------------------------------------------------------------------------------------- */

static void emit(uint32_t word, uint32_t pc, enum kind kind)
{
    translation_cache[used] = word;
    pc_of[used] = pc;
    kind_of[used] = (uint8_t)kind;
    used++;
}

/* The guest goes on at `pc`, in another block. */
static void emit_exit(uint32_t pc)
{
    emit(monitor_call_out, pc, EXIT);
}

/* rd becomes a number. Between the two words the registers are those of no moment of the guest's: there the second one
 * is still to be done, and then the guest is at `after`. */
static void emit_constant(uint32_t rd, uint32_t number, uint32_t pc, uint32_t after)
{
    if (rd == 0)
        return;
    emit(((number + 0x800) & 0xfffff000) | rd << 7 | LUI, pc, COPY);
    if (number & 0xfff)
        emit(number << 20 | rd << 15 | rd << 7 | ADDI, after, FINISH);
}

static uint32_t jump_offset(uint32_t word)
{
    return (uint32_t)((int32_t)word >> 31 << 20) | (word & 0xff000) | (word >> 9 & 0x800) | (word >> 20 & 0x7fe);
}

static uint32_t branch_offset(uint32_t word)
{
    return (uint32_t)((int32_t)word >> 31 << 12) | (word << 4 & 0x800) | (word >> 20 & 0x7e0) | (word >> 7 & 0x1e);
}

/* jal zero, from word `from` of the cache to word `to` */
static uint32_t jump_between(uint32_t from, uint32_t to)
{
    uint32_t offset = (to - from) * 4;
    return (offset & 0x100000) << 11 | (offset & 0x7fe) << 20 | (offset & 0x800) << 9 | (offset & 0xff000) | JAL;
}

/* ---- Translation -------------------------------------------------------------------------------------------------- */

/* The opposite branch leads past the exit. */
static void translate_branch(uint32_t word, uint32_t pc)
{
    enum { PAST_THE_NEXT = 8 << 7 };
    emit((word & 0x01fff07f) ^ 0x1000, pc, COPY);
    translation_cache[used - 1] |= PAST_THE_NEXT;
    emit_exit(pc + branch_offset(word));
}

/* False: the block ends with this instruction. */
static bool translate_word(uint32_t word, uint32_t pc)
{
    uint32_t rd = word >> 7 & 31, opcode = word & OPCODE, offset;
    if (opcode == (monitor_call_out & OPCODE) || opcode == JALR) {
        emit(monitor_call_out, pc, COPY); /* the monitor does it */
        return false;
    }
    switch (opcode) {
    case JAL:
        offset = jump_offset(word);
        if (offset % 4 != 0)
            break; /* it traps where it stands, and so does its copy */
        emit_constant(rd, pc + 4, pc, pc + offset);
        emit_exit(pc + offset);
        return false;
    case BRANCH:
        if (branch_offset(word) % 4 != 0)
            break;
        if ((word >> 13 & 3) == 1)
            break; /* there is no such branch */
        translate_branch(word, pc);
        return true;
    case AUIPC: emit_constant(rd, pc + (word & 0xfffff000), pc, pc + 4); return true;
    default: break;
    }
    emit(word, pc, COPY);
    return opcode != SYSTEM;
}

static struct block *translate(struct guest *guest, uint32_t pc)
{
    uint32_t word, at = pc, end = pc + 4 * LONGEST_BLOCK;
    bool goes_on = true;
    if (block_count == MOST_BLOCKS || used + LONGEST_BLOCK * WORDS_FOR_ONE + 1 > CACHE_WORDS)
        forget_all();
    struct block *block = &blocks[block_count];
    uint16_t *bucket = bucket_of(guest->number, pc);
    block->guest = (uint16_t)guest->number;
    block->pc = pc;
    block->first = (uint16_t)used;
    block->dead = false;
    for (; goes_on && at != end && monitor_fetch(guest, at, &word); at += 4)
        goes_on = translate_word(word, at);
    if (goes_on)
        emit_exit(at);
    block->length = (uint16_t)((at - pc) / 4);
    block->next = *bucket;
    *bucket = (uint16_t)block_count++;
    return block;
}

static struct block *block_at(struct guest *guest, uint32_t pc)
{
    struct block *block = find(guest->number, pc);
    return block ? block : translate(guest, pc);
}

/* ---- What the monitor wants --------------------------------------------------------------------------------------- */

void translator_start(void)
{
    forget_all();
}

uint32_t translator_enter(struct guest *guest)
{
    return CACHE + 4u * block_at(guest, guest->pc)->first;
}

uint32_t translator_guest_pc(struct guest *guest, uint32_t address)
{
    uint32_t at = (address - CACHE) / 4, word = translation_cache[at];
    if (kind_of[at] == FINISH)
        guest->x[word >> 7 & 31] += (uint32_t)((int32_t)word >> 20);
    return pc_of[at];
}

/* An exit: from now on a jump. Unless the cache was full, and the exit is no more; or there is nothing to fetch, and the
 * monitor will find that out. */
static void chain(struct guest *guest, uint32_t at)
{
    uint32_t word, before = times_forgotten;
    if (!monitor_fetch(guest, guest->pc, &word))
        return;
    struct block *block = block_at(guest, guest->pc);
    if (times_forgotten == before)
        translation_cache[at] = jump_between(at, block->first);
}

void translator_call_out(struct guest *guest, uint32_t address)
{
    uint32_t at = (address - CACHE) / 4;
    if (kind_of[at] == EXIT)
        chain(guest, at);
    else
        monitor_emulate(guest);
}

/* Other blocks may be chained to one that dies: in its first word they find an exit to its successor. */
void translator_changed(struct guest *guest, uint32_t start, uint32_t size)
{
    for (uint32_t i = 0; i < block_count; i++) {
        struct block *block = &blocks[i];
        if (block->guest != guest->number || block->dead || block->pc >= start + size ||
            block->pc + 4u * block->length <= start)
            continue;
        block->dead = true;
        translation_cache[block->first] = monitor_call_out;
        pc_of[block->first] = block->pc;
        kind_of[block->first] = EXIT;
    }
}
