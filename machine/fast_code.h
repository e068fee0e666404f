/* fast_code.h: what the generated code of the fast engine and the engine itself agree upon. Private to machine/.
 *
 * The engine cuts a program into blocks, and each block into operations: a pointer to the handler that does the work,
 * and behind it the handler's operands, which were worked out once, when the block was made. A handler ends by calling
 * the next one in tail position, so that a run of operations is a run of jumps. docs/fast-engine.md tells the whole
 * story. */
#ifndef PG74_MACHINE_FAST_CODE_H
#define PG74_MACHINE_FAST_CODE_H

#include "isa/isa.h"

#include <string.h>

struct fast_hot;

/* What every handler is called with, and the compiler keeps in registers from one to the next:
 *   operation    the operation being executed
 *   hot          the machine's state and what else is needed often
 *   window       the host address of virtual address 0 (meaningful below hot->reach)
 *   accumulator  what was last written to a register, where the block's maker relies on it
 *   budget       upper half: instructions that may still be executed (negative: the block does not fit any more);
 *                lower half: cycles used so far */
#define FAST_ARGUMENTS                                                                                                 \
    const void *operation, struct fast_hot *hot, uint8_t *window, uint32_t accumulator, int64_t budget

typedef void fast_handler(FAST_ARGUMENTS);

struct fast_operation {
    fast_handler *handler;
};

/* Where a jump goes: to the first operation of a block that is there already, or to a stub that leaves the blocks.
 * `charge` is added to the budget: it takes what the block there costs, and gives back what the block here was charged
 * and does not execute. */
struct fast_link {
    const void *operation;
    int64_t charge;
};

/* Before the first operation of a block stands what entering it costs. */
struct fast_head {
    int64_t charge;
};

/* An entry of the table that indirect jumps look in; `pc` is FAST_NO_TARGET where it is empty. */
struct fast_target {
    uint64_t pc;
    const void *operation;
};
#define FAST_NO_TARGET UINT64_MAX
#ifdef PG74_HOSTILE
enum { FAST_TARGETS = 4 };
#else
enum { FAST_TARGETS = 1024 };
#endif

/* Sizes of accesses that have a window: 1 << 0 to 1 << 4 bytes. */
enum { FAST_SIZES = 5 };

/* Lines are the unit in which memory that something was made from is told from the rest. */
enum { FAST_LINE_BITS = 4 };

/* A cached translation: below `reach` from `start` on, virtual addresses are where the host address `host` + virtual
 * address is. It is looked for by the page of the address, and by the kind of access. */
struct fast_translation {
    uint32_t start;
    uint32_t reach[FAST_SIZES]; /* by size; 0: for no address */
    uintptr_t host;
};
enum { FAST_PAGE_BITS = 12 };
#ifdef PG74_HOSTILE
enum { FAST_TRANSLATIONS = 2 };
#else
enum { FAST_TRANSLATIONS = 4096 }; /* a power of 2: at 4 KiB each, of 16 MiB */
#endif

/* An access that no window and no cached translation shows. */
struct fast_missed {
    uint32_t address;
    uint8_t access, bytes, part; /* 1 fetch, 2 load, 3 store; of the operation, the instruction */
};

struct fast_hot {
    uint32_t reach[4][FAST_SIZES]; /* by access and size: below it, virtual addresses are where the window shows them */
    uint32_t offset;               /* physical minus virtual address, in the window */
    uint32_t memory_size;
    uint8_t *memory;
    uintptr_t lines;               /* + (host address >> FAST_LINE_BITS): not 0 where a store needs care */
    struct fast_translation *translations[4]; /* of this context, by access: FAST_TRANSLATIONS each */
    struct fast_missed missed;
    struct fast_target *targets;   /* of this context */
    struct fast *engine;
    /* Where and why the blocks were left. */
    const void *left_operation;
    int64_t left_budget;
    uint32_t left_value;
    uint32_t left_reason; /* enum fast_reason */
    uint32_t zero;        /* what reads as zero stands here, and what is written to it goes to `lost` */
    uint32_t lost;
    uint32_t state[];     /* the machine's slots */
};

/* Ways to leave the blocks, in tail position. `accumulator` carries their argument. */
fast_handler machine_fast_leave;     /* before instruction number `accumulator` of the operation */
fast_handler machine_fast_exhausted; /* at the head of the block whose first operation this is */
fast_handler machine_fast_unknown;   /* to a pc that the table of targets does not have: `accumulator` */

/* Translates the address in hot->missed, and does the operation again; or leaves, where that cannot be. */
fast_handler machine_fast_translate;

#define FAST_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define FAST_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* A slot by its distance from `hot`, as operands have it. */
#define FAST_STATE(distance) (*(uint32_t *)((char *)hot + (distance)))

#define FAST_NEXT(size, result)                                                                                        \
    do {                                                                                                               \
        const struct fast_operation *fast_next = (const void *)((const char *)operation + (size));                     \
        fast_next->handler(fast_next, hot, window, (result), budget);                                                  \
        return;                                                                                                        \
    } while (0)

#define FAST_LEAVE(index)                                                                                              \
    do {                                                                                                               \
        machine_fast_leave(operation, hot, window, (index), budget);                                                   \
        return;                                                                                                        \
    } while (0)

#define FAST_MISSED(index, address_, access_, bytes_)                                                                  \
    do {                                                                                                               \
        hot->missed = (struct fast_missed){(address_), (access_), (bytes_), (index)};                                  \
        machine_fast_translate(operation, hot, window, accumulator, budget);                                           \
        return;                                                                                                        \
    } while (0)

#define FAST_GOTO(link)                                                                                                \
    do {                                                                                                               \
        const struct fast_operation *fast_to = (link).operation;                                                       \
        budget += (link).charge;                                                                                       \
        if (FAST_UNLIKELY(budget < 0))                                                                                 \
            machine_fast_exhausted(fast_to, hot, window, 0, budget);                                                   \
        else                                                                                                           \
            fast_to->handler(fast_to, hot, window, 0, budget);                                                         \
        return;                                                                                                        \
    } while (0)

#define FAST_JUMP(where)                                                                                               \
    do {                                                                                                               \
        uint32_t fast_pc = (where);                                                                                    \
        const struct fast_target *fast_entry = &hot->targets[fast_pc >> 2 & (FAST_TARGETS - 1)];                       \
        if (FAST_UNLIKELY(fast_entry->pc != fast_pc)) {                                                                \
            machine_fast_unknown(operation, hot, window, fast_pc, budget);                                             \
            return;                                                                                                    \
        }                                                                                                              \
        const struct fast_operation *fast_to = fast_entry->operation;                                                  \
        budget += ((const struct fast_head *)(const void *)fast_to)[-1].charge;                                        \
        if (FAST_UNLIKELY(budget < 0))                                                                                 \
            machine_fast_exhausted(fast_to, hot, window, 0, budget);                                                   \
        else                                                                                                           \
            fast_to->handler(fast_to, hot, window, 0, budget);                                                         \
        return;                                                                                                        \
    } while (0)

/* An access of `bytes` at a virtual address that the window does not show; `access`: 1 fetch, 2 load, 3 store. */
static inline bool fast_outside(const struct fast_hot *hot, uint32_t address, unsigned access, unsigned bytes)
{
    return address >= hot->reach[access][__builtin_ctz(bytes)];
}

/* Where a translation of the address would be cached; and whether the one there is not that of the access. */
static inline const struct fast_translation *fast_translation(const struct fast_hot *hot, uint32_t address,
                                                              unsigned access)
{
    return &hot->translations[access][address >> FAST_PAGE_BITS & (FAST_TRANSLATIONS - 1)];
}

static inline bool fast_misses(const struct fast_translation *translation, uint32_t address, unsigned bytes)
{
    return address - translation->start >= translation->reach[__builtin_ctz(bytes)];
}

/* A store to this line needs care: code was made from it, or a translation. */
static inline bool fast_careful(const struct fast_hot *hot, const uint8_t *at)
{
    return *(const uint8_t *)(hot->lines + ((uintptr_t)at >> FAST_LINE_BITS)) != 0;
}

/* Guest memory is little-endian, whatever the host is. */
static inline uint32_t fast_load1(const uint8_t *at)
{
    return *at;
}

static inline uint32_t fast_load2(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap16(value);
#endif
    return value;
}

static inline uint32_t fast_load4(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    return value;
}

static inline void fast_store1(uint8_t *at, uint32_t value)
{
    *at = (uint8_t)value;
}

static inline void fast_store2(uint8_t *at, uint32_t value)
{
    uint16_t half = (uint16_t)value;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    half = __builtin_bswap16(half);
#endif
    memcpy(at, &half, sizeof half);
}

static inline void fast_store4(uint8_t *at, uint32_t value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    memcpy(at, &value, sizeof value);
}

/* A value's sign extended from `width` bits. */
static inline int64_t fast_signed(uint64_t value, unsigned width)
{
    uint64_t sign = UINT64_C(1) << (width - 1);
    return (int64_t)((value ^ sign) - sign);
}

/* Division as isa_apply has it, of values of `width` bits; the caller cuts the result to that width. */
static inline uint64_t fast_divide_unsigned(uint64_t a, uint64_t b)
{
    return b ? a / b : UINT64_MAX;
}

static inline uint64_t fast_remainder_unsigned(uint64_t a, uint64_t b)
{
    return b ? a % b : a;
}

static inline uint64_t fast_divide_signed(uint64_t a, uint64_t b, unsigned width)
{
    int64_t divisor = fast_signed(b, width);
    if (divisor == 0)
        return UINT64_MAX;
    return divisor == -1 ? 0 - a : (uint64_t)(fast_signed(a, width) / divisor);
}

static inline uint64_t fast_remainder_signed(uint64_t a, uint64_t b, unsigned width)
{
    int64_t divisor = fast_signed(b, width);
    if (divisor == 0)
        return a;
    return divisor == -1 ? 0 : (uint64_t)(fast_signed(a, width) % divisor);
}

/* ---- The tables that the generator makes ------------------------------------------------------------------------- */

enum { FAST_MOST_PARTS = 4, FAST_MOST_READS = 6, FAST_MOST_WRITES = 4, FAST_MOST_GUARDS = 4 };

/* How control leaves an instruction that does not trap. */
enum fast_flow {
    FAST_FLOW_NEXT,    /* to the next instruction */
    FAST_FLOW_JUMP,    /* to one address, known from the word and pc */
    FAST_FLOW_BRANCH,  /* to the next instruction or to known addresses */
    FAST_FLOW_DYNAMIC, /* at least on one path to an address that is computed */
    FAST_FLOW_TRAP,    /* it always traps */
};

/* The last write of an instruction to a state other than pc, on the way to the next one. */
enum { FAST_LAST_NONE = 0xfe, FAST_LAST_UNKNOWN = 0xff };

/* What a loaded instruction set's state must look like for code compiled for another one to fit. */
struct fast_layout {
    uint16_t state, count;
    int16_t zero;
    uint8_t width, is_array, is_program_counter, duty;
};

/* What is tested when an instruction is decoded: the constant node must have this value (or else it traps). */
struct fast_guard {
    uint16_t node;
    uint8_t value;
};

/* One meaning that has been compiled: some instruction's program. */
struct fast_meaning {
    const char *name;
    const struct isa_node *nodes;
    uint16_t node_count, locals;
    const struct fast_layout *layouts;
    uint8_t layout_count, read_count, write_count, guard_count;
    uint16_t reads[FAST_MOST_READS];   /* READ nodes whose element is an operand */
    uint16_t writes[FAST_MOST_WRITES]; /* WRITE nodes, but those to pc */
    uint8_t always[FAST_MOST_WRITES];  /* 1: written on every path that does not trap, and not again */
    struct fast_guard guards[FAST_MOST_GUARDS];
    uint8_t flow, last_write, pure; /* pure: it can neither leave the block nor store */
    uint16_t target;                /* FAST_FLOW_JUMP: the node of the address */
};

/* Where a read operand's value comes from. */
enum fast_source {
    FAST_FROM_STATE, FAST_FROM_ZERO, FAST_FROM_ACCUMULATOR,
    FAST_FROM_WRITE = 0x10, /* + 4 * part + number of the write */
};

/* What becomes of a written value. */
enum fast_fate {
    FAST_KEPT,
    FAST_DROPPED, /* it is the element that reads as zero */
    FAST_OVERWRITTEN = 0x10, /* + 4 * part + number of the write: by a later part */
};

enum fast_operand_kind {
    FAST_OPERAND_READ,
    FAST_OPERAND_WRITE,
    FAST_OPERAND_VALUE,
    FAST_OPERAND_VALUE64,
    FAST_OPERAND_LINK
};

/* An operand of an operation: what stands `offset` bytes from its start. */
struct fast_operand {
    uint8_t kind, part;
    uint16_t index; /* of the read or write, or number of the node */
    uint16_t offset;
};

struct fast_part {
    uint16_t meaning;
    uint8_t sources[FAST_MOST_READS];
    uint8_t fates[FAST_MOST_WRITES];
    uint8_t follows; /* 1: the jump goes on with the next part, or the next operation */
};

/* An operation: one to four instructions in a row, under assumptions about their operands. */
struct fast_shape {
    const char *name;
    fast_handler *handler;
    uint16_t size, cost;
    uint8_t part_count, operand_count;
    struct fast_part parts[FAST_MOST_PARTS];
    const struct fast_operand *operands;
};

extern const struct fast_meaning machine_fast_meanings[];
extern const unsigned machine_fast_meaning_count;
extern const struct fast_shape machine_fast_shapes[]; /* those that begin with the same meaning together */
extern const unsigned machine_fast_shape_count;

#endif
