/* fast.h: what the files of the fast engine share. Private to machine/fast*.c; docs/fast-engine.md explains. */
#ifndef PG74_MACHINE_FAST_H
#define PG74_MACHINE_FAST_H

#include "machine/fast_code.h"
#include "machine/internal.h"

/* A hostile build (make HOSTILE=1) has hardly any room, so that ordinary tests meet what is rare otherwise: code that
 * is full, one context too many, lists that are long. */
#ifdef PG74_HOSTILE
enum { FAST_MOST_CONTEXTS = 2, FAST_HASH = 2, FAST_CODE_BYTES = 136 << 10, FAST_MOST_WATCHES = 4, FAST_WATCH_HASH = 2 };
#else
enum {
    FAST_MOST_CONTEXTS = 64,
    FAST_HASH = 4096, /* a power of 2, as is the other one */
    FAST_CODE_BYTES = 16 << 20,
    FAST_MOST_WATCHES = 1 << 15,
    FAST_WATCH_HASH = 4096,
};
#endif

enum {
    FAST_MOST_INSTRUCTIONS = 64, /* of a block; a power of 2 */
    FAST_MOST_CONTEXT_SLOTS = 64,
    FAST_MOST_RANGES = 8,        /* of memory that a block was made from */
    FAST_MOST_LOADS = 16,        /* by `translate`, for a translation to be cached */
};

/* ---- What is known of an instruction set before it runs (fast_plan.c) -------------------------------------------- */

/* How the engine deals with an instruction. */
enum fast_way {
    FAST_WAY_STEP,     /* machine_step does it, outside of the blocks */
    FAST_WAY_EVALUATE, /* inside of a block, by isa_execute */
    FAST_WAY_COMPILED, /* inside of a block, by a compiled handler */
};

struct fast_plan {
    enum fast_way *ways;           /* by instruction number */
    uint16_t *meanings;            /* FAST_WAY_COMPILED: index of machine_fast_meanings */
    bool *writes_program_counter;  /* FAST_WAY_EVALUATE */
    uint16_t *first_shapes;        /* by meaning: the first of machine_fast_shapes that begin with it */
    uint32_t context_slots[FAST_MOST_CONTEXT_SLOTS]; /* which decide what the address of an access or a fetch means */
    unsigned context_count;
    bool usable; /* false: every step is machine_step's */
};

/* ---- Proofs (fast_proof.c) ---------------------------------------------------------------------------------------- */

struct fast_range {
    uint32_t start, end; /* physical */
};

/* What is to be proved: for all virtual addresses from `first` to `last`, `translate` gives the address plus a constant,
 * inside of memory, and does not trap. */
struct fast_proof {
    const struct isa *isa;
    const uint32_t *state;
    const uint8_t *memory; /* NULL: it must not depend on memory */
    uint32_t memory_size, first, last;
    unsigned size, access;
    int64_t distance;      /* the constant */
    struct fast_range loads[FAST_MOST_LOADS]; /* what it depends on */
    unsigned load_count;
};

/* Tries. The outcome is in the last two members. */
bool machine_fast_prove(struct fast_proof *proof);

/* ---- Contexts (fast_context.c) ----------------------------------------------------------------------------------- */

/* One set of values of the context slots. Blocks belong to a context. */
struct fast_context {
    unsigned number;
    uint32_t values[FAST_MOST_CONTEXT_SLOTS];
    uint32_t reach[4][FAST_SIZES];
    uint32_t offset;
    struct fast_target targets[FAST_TARGETS];
    struct fast_translation *translations[4]; /* by access; NULL as long as there are none */
};

/* A cached translation that depends on a stretch of one line of memory. */
struct fast_watch {
    struct fast_range range;
    struct fast_translation *translation;
    struct fast_watch *next; /* with the same hash; or the next free one */
};

/* Lines of memory are marked by what was made from them. */
enum { FAST_LINE_CODE = 1, FAST_LINE_TRANSLATION = 2, FAST_LINE_WATCHED = 4 };

/* ---- Blocks (fast_block.c, fast_encode.c) ------------------------------------------------------------------------ */

/* Where in a block an instruction is, and what had been done before it. */
struct fast_record {
    uint32_t operation; /* bytes from the block's first operation */
    uint32_t pc, cycles; /* of the instructions before it */
};

/* A jump out of a block, and the block it is linked to. */
struct fast_site {
    struct fast_link *link;
    const void *stub; /* the operation that leaves the blocks in order to find the destination */
    int64_t refund;
    uint32_t pc;
    struct fast_context *context;
    struct fast_site *next; /* that is linked to the same block */
};

struct fast_block {
    struct fast_context *context;
    uint32_t pc, limit; /* it has at most so many instructions */
    bool dead;
    uint32_t count, cycles; /* instructions, and what they cost */
    const struct fast_operation *first;
    struct fast_record *records; /* `count` + 1 of them */
    struct fast_site *incoming;
    struct fast_range ranges[FAST_MOST_RANGES];
    unsigned range_count;
    struct fast_block *next; /* with the same hash */
};

/* One block that was made from bytes of a page of memory. */
struct fast_dependence {
    struct fast_block *block;
    struct fast_dependence *next;
};

/* An instruction on its way into a block. */
struct fast_instance {
    const struct isa_instruction *instruction;
    const struct fast_meaning *meaning; /* NULL: by isa_execute */
    uint16_t meaning_number;            /* of machine_fast_meanings, or FAST_NO_MEANING */
    uint32_t word, pc, cycles;
    bool follows, writes_program_counter;
    const uint64_t *values;             /* of the meaning's constant nodes */
    uint32_t reads[FAST_MOST_READS], writes[FAST_MOST_WRITES]; /* slots, or FAST_ZERO_SLOT */
    uint32_t accumulator;               /* the slot whose value the accumulator has before it, or FAST_ZERO_SLOT */
};
#define FAST_ZERO_SLOT UINT32_MAX
#define FAST_NO_MEANING UINT16_MAX

/* How a block goes on after its last instruction. */
enum fast_close {
    FAST_CLOSE_LINK,  /* at a known pc */
    FAST_CLOSE_LEAVE, /* with an instruction that machine_step must do */
    FAST_CLOSE_NONE,  /* its last operation never goes on */
};

struct fast_trace {
    struct fast_instance instances[FAST_MOST_INSTRUCTIONS];
    unsigned count, limit;
    enum fast_close close;
    uint32_t close_pc;
    struct fast_range ranges[FAST_MOST_RANGES];
    unsigned range_count;
    uint64_t *values; /* room for the values of constant nodes, in `value_room` pieces */
    size_t value_count, value_room;
    uint32_t fetched_from; /* physical address of the last word */
};

/* ---- The engine -------------------------------------------------------------------------------------------------- */

enum fast_reason { FAST_LEFT, FAST_EXHAUSTED, FAST_UNKNOWN, FAST_UNLINKED };

struct fast_chunk {
    struct fast_chunk *next;
    size_t used, size;
    uint64_t bytes[];
};

struct fast {
    struct machine *machine;
    struct fast_plan plan;
    uint32_t longest;                   /* run of blocks, in instructions */
    struct isa_environment environment; /* the machine's, over hot->state */
    struct fast_hot *hot;
    struct fast_context *contexts[FAST_MOST_CONTEXTS], *current;
    unsigned context_count;
    uint8_t *lines;                     /* by line of memory: FAST_LINE_... of what was made from it */
    struct fast_dependence **pages;     /* by page: the blocks made from it */
    struct fast_block *hash[FAST_HASH];
    struct fast_block **order;          /* all blocks, by the place of their code */
    unsigned block_count, block_room;
    uint64_t *code;                     /* operations; allocated from the start up */
    size_t code_used, code_room;        /* in uint64_t */
    struct fast_chunk *chunks;          /* for what belongs to blocks but is not code */
    struct fast_trace trace;            /* being made */
    struct fast_translation *nothing;   /* FAST_TRANSLATIONS of no address */
    struct fast_watch *watches, *free_watch, *watch_hash[FAST_WATCH_HASH]; /* FAST_MOST_WATCHES, by line of memory */
    unsigned watch_count;               /* that were ever used */
    const void *translated_operation;   /* was done again after its access had been translated, */
    int64_t translated_budget;          /* with this budget */
    bool changed;                       /* some block died */
    unsigned flushes;                   /* how often all of them did */
    uint32_t watched_start, watched_length; /* machine->within_..., for which lines are marked and blocks made */
};

bool machine_fast_plan(struct fast_plan *plan, const struct machine *machine);
void machine_fast_plan_free(struct fast_plan *plan);

/* Makes the context of the present values current. */
void machine_fast_enter_context(struct fast *fast);

/* For how many virtual addresses from 0 up an access is moved by the same distance and cannot trap: proved by
 * intervals. */
uint32_t machine_fast_window(const struct isa *isa, const uint32_t *state, uint32_t memory_size, unsigned size,
                             unsigned access, uint32_t *offset);

/* Makes room for the watches, where the machine may need them; false when there is none (fast_translate.c). */
bool machine_fast_make_translations(struct fast *fast);
void machine_fast_free_translations(struct fast *fast);
/* Forgets the cached translations that depend on a stretch of memory, all within marked lines; or all of them. */
void machine_fast_forget_translations(struct fast *fast, uint32_t address, uint32_t length);
void machine_fast_forget_all_translations(struct fast *fast);

/* The block at pc in the current context, of at most `limit` instructions, made if need be. NULL: there was no room,
 * and everything is forgotten, the current context too. */
struct fast_block *machine_fast_block(struct fast *fast, uint32_t pc, uint32_t limit);
/* Follows the program from pc on into fast->trace. */
void machine_fast_trace(struct fast *fast, uint32_t pc, uint32_t limit);
/* Fills in the instance of a word; false when machine_step must execute it. */
bool machine_fast_decode(struct fast *fast, uint32_t word, uint32_t pc, struct fast_instance *instance);
/* The slot whose value the accumulator holds after an instruction, or FAST_ZERO_SLOT. */
uint32_t machine_fast_accumulator_after(const struct fast_instance *instance);
/* Makes a block of fast->trace. */
struct fast_block *machine_fast_encode(struct fast *fast, uint32_t pc, uint32_t limit);
void *machine_fast_allocate(struct fast *fast, size_t size);

unsigned machine_fast_hash(const struct fast_context *context, uint32_t pc, uint32_t limit);

/* What entering a block adds to the budget. */
int64_t machine_fast_charge(const struct fast_block *block);

/* The block that an operation belongs to. */
struct fast_block *machine_fast_block_of(const struct fast *fast, const void *operation);

/* Links a jump to a block. */
void machine_fast_link(struct fast_site *site, struct fast_block *block);

/* Forgets blocks: those made from a stretch of memory, or all. */
void machine_fast_note(struct fast *fast, struct fast_block *block);
void machine_fast_invalidate(struct fast *fast, uint32_t address, uint32_t length);
void machine_fast_flush(struct fast *fast);

/* Forgets all blocks where other bytes are watched alone than when they were made. */
void machine_fast_follow_watch(struct fast *fast);

/* Handlers that are not generated. */
fast_handler machine_fast_goto, machine_fast_evaluate, machine_fast_evaluate_jump, machine_fast_stub, machine_fast_end;

/* Their operands. */
struct fast_goto {
    struct fast_operation operation;
    struct fast_link link;
};
struct fast_evaluation {
    struct fast_operation operation;
    const struct isa_instruction *instruction;
    uint32_t word, pc;
};
struct fast_stub {
    struct fast_operation operation;
    struct fast_site *site;
};

#endif
