/* fast_run.c: runs blocks, and deals with the ways to leave them. */
#include "machine/fast.h"

#include <stdlib.h>

/* ---- Leaving the blocks: handlers whose work is done outside ----------------------------------------------------- */

static void leave(struct fast_hot *hot, const void *operation, int64_t budget, uint32_t value, enum fast_reason reason)
{
    hot->left_operation = operation;
    hot->left_budget = budget;
    hot->left_value = value;
    hot->left_reason = reason;
}

void machine_fast_leave(FAST_ARGUMENTS)
{
    (void)window;
    leave(hot, operation, budget, accumulator, FAST_LEFT);
}

void machine_fast_exhausted(FAST_ARGUMENTS)
{
    (void)window, (void)accumulator;
    /* A stub costs nothing: where the budget does not even reach there, it was exhausted before. */
    leave(hot, operation, budget, 0, FAST_EXHAUSTED);
}

void machine_fast_unknown(FAST_ARGUMENTS)
{
    (void)window;
    leave(hot, operation, budget, accumulator, FAST_UNKNOWN);
}

void machine_fast_stub(FAST_ARGUMENTS)
{
    (void)window, (void)accumulator;
    leave(hot, operation, budget, 0, FAST_UNLINKED);
}

/* After the last instruction that the block has: machine_step does the next one. */
void machine_fast_end(FAST_ARGUMENTS)
{
    (void)window, (void)accumulator;
    leave(hot, operation, budget, 0, FAST_LEFT);
}

/* ---- Handlers that are not generated ----------------------------------------------------------------------------- */

void machine_fast_goto(FAST_ARGUMENTS)
{
    const struct fast_goto *o = operation;
    (void)accumulator;
    FAST_GOTO(o->link);
}

static bool stores(const struct isa_program *program)
{
    for (unsigned i = 0; i < program->count; i++)
        if (program->nodes[i].operator == ISA_STORE)
            return true;
    return false;
}

/* An instruction that nobody compiled. When it traps, or may store where somebody watches, it has changed nothing, and
 * machine_step does it again. */
static bool evaluate(const struct fast_evaluation *o, struct fast *fast)
{
    if (fast->watched_length > 0 && stores(&o->instruction->program))
        return false;
    fast->hot->state[fast->machine->pc_slot] = o->pc;
    fast->changed = false;
    return isa_execute(fast->machine->isa, o->instruction, o->word, &fast->environment).end == ISA_DONE;
}

void machine_fast_evaluate(FAST_ARGUMENTS)
{
    const struct fast_evaluation *o = operation;
    if (FAST_UNLIKELY(!evaluate(o, hot->engine)))
        FAST_LEAVE(0);
    if (FAST_UNLIKELY(hot->engine->changed)) {
        leave(hot, operation, budget, 1, FAST_LEFT); /* it may have changed this block: go on behind it, outside */
        return;
    }
    FAST_NEXT(sizeof *o, accumulator);
}

void machine_fast_evaluate_jump(FAST_ARGUMENTS)
{
    const struct fast_evaluation *o = operation;
    (void)accumulator;
    if (FAST_UNLIKELY(!evaluate(o, hot->engine)))
        FAST_LEAVE(0);
    uint32_t destination = hot->state[hot->engine->machine->pc_slot];
    if (FAST_UNLIKELY(hot->engine->changed)) {
        leave(hot, operation, budget, destination, FAST_UNKNOWN);
        return;
    }
    FAST_JUMP(destination);
}

/* ---- Finding blocks ---------------------------------------------------------------------------------------------- */

unsigned machine_fast_hash(const struct fast_context *context, uint32_t pc, uint32_t limit)
{
    /* By the context's values, not its place: where it is says nothing about the program. */
    return (pc ^ pc >> 2 ^ pc >> 12 ^ context->number * 0x9e5u ^ limit << 3) & (FAST_HASH - 1);
}

static struct fast_block *new_block(struct fast *fast, uint32_t pc, uint32_t limit)
{
    enum { LARGEST = 1 << 14 }; /* in uint64_t */
    if (fast->code_room - fast->code_used < LARGEST) {
        machine_fast_flush(fast);
        return NULL;
    }
    if (fast->block_count == fast->block_room) {
        fast->block_room = fast->block_room ? 2 * fast->block_room : 256;
        fast->order = realloc(fast->order, fast->block_room * sizeof *fast->order);
        if (!fast->order)
            abort();
    }
    machine_fast_trace(fast, pc, limit);
    struct fast_block *block = machine_fast_encode(fast, pc, limit);
    fast->order[fast->block_count++] = block;
    struct fast_block **place = &fast->hash[machine_fast_hash(fast->current, pc, limit)];
    block->next = *place;
    *place = block;
    machine_fast_note(fast, block);
    return block;
}

struct fast_block *machine_fast_block(struct fast *fast, uint32_t pc, uint32_t limit)
{
    struct fast_block *block = fast->hash[machine_fast_hash(fast->current, pc, limit)];
    while (block && (block->pc != pc || block->limit != limit || block->context != fast->current))
        block = block->next;
    if (!block)
        block = new_block(fast, pc, limit);
    if (block && limit == FAST_MOST_INSTRUCTIONS) {
        struct fast_target *target = &fast->current->targets[pc >> 2 & (FAST_TARGETS - 1)];
        *target = (struct fast_target){pc, block->first};
    }
    return block;
}

/* Code is laid out in the order in which blocks are made. */
struct fast_block *machine_fast_block_of(const struct fast *fast, const void *operation)
{
    unsigned low = 0, high = fast->block_count;
    while (high - low > 1) {
        unsigned middle = low + (high - low) / 2;
        if ((const char *)fast->order[middle]->first <= (const char *)operation)
            low = middle;
        else
            high = middle;
    }
    return fast->order[low];
}

void machine_fast_link(struct fast_site *site, struct fast_block *block)
{
    site->next = block->incoming;
    block->incoming = site;
    *site->link = (struct fast_link){block->first, site->refund + machine_fast_charge(block)};
}

/* ---- Running ----------------------------------------------------------------------------------------------------- */

int64_t machine_fast_charge(const struct fast_block *block)
{
    return ((const struct fast_head *)(const void *)block->first)[-1].charge;
}

/* Where a run of blocks stands. */
struct run {
    struct fast *fast;
    int64_t budget;
    uint32_t pc;
    bool over; /* machine_step must do the next step, or the budget ends it */
};

/* The budget was charged for the whole block; what has not been executed comes back. */
static void after_leaving(struct run *run)
{
    const struct fast_hot *hot = run->fast->hot;
    const struct fast_block *block = machine_fast_block_of(run->fast, hot->left_operation);
    uint32_t operation = (uint32_t)((const char *)hot->left_operation - (const char *)block->first);
    unsigned index = 0;
    while (block->records[index].operation != operation)
        index++;
    index += hot->left_value;
    const struct fast_record *record = &block->records[index];
    run->budget += ((int64_t)(block->count - index) << 32) - (int64_t)(block->cycles - record->cycles);
    run->pc = record->pc;
    run->over = !run->fast->changed || hot->left_value == 0;
}

static void after_stub(struct run *run)
{
    struct fast *fast = run->fast;
    struct fast_site *site = ((const struct fast_stub *)fast->hot->left_operation)->site;
    unsigned flushes = fast->flushes;
    run->pc = site->pc;
    struct fast_block *block = machine_fast_block(fast, site->pc, FAST_MOST_INSTRUCTIONS);
    if (block && fast->flushes == flushes && site->context == fast->current)
        machine_fast_link(site, block);
}

static void after_blocks(struct run *run)
{
    const struct fast_hot *hot = run->fast->hot;
    run->budget = hot->left_budget;
    switch ((enum fast_reason)hot->left_reason) {
    case FAST_LEFT: after_leaving(run); break;
    case FAST_EXHAUSTED: {
        const struct fast_block *block = machine_fast_block_of(run->fast, hot->left_operation);
        run->budget -= machine_fast_charge(block);
        run->pc = block->pc;
        break;
    }
    case FAST_UNKNOWN: run->pc = hot->left_value; break;
    case FAST_UNLINKED: after_stub(run); break;
    }
}

/* A block that the budget is enough for: at the end of the budget a short one. */
static const struct fast_block *next_block(const struct run *run)
{
    const struct fast_block *block = machine_fast_block(run->fast, run->pc, FAST_MOST_INSTRUCTIONS);
    if (!block || run->budget + machine_fast_charge(block) >= 0)
        return block;
    uint32_t left = (uint32_t)(run->budget >> 32), limit = FAST_MOST_INSTRUCTIONS / 2;
    while (limit > left)
        limit /= 2; /* powers of 2: so they will be of use again */
    return machine_fast_block(run->fast, run->pc, limit);
}

static void run_blocks(struct run *run)
{
    struct fast *fast = run->fast;
    while (!run->over && run->budget >> 32 > 0) {
        if (!fast->current)
            machine_fast_enter_context(fast);
        const struct fast_block *block = next_block(run);
        if (!block)
            continue; /* everything was forgotten to make room */
        if (block->count == 0)
            break;
        fast->changed = false;
        block->first->handler(block->first, fast->hot, fast->hot->memory + fast->hot->offset, 0,
                              run->budget + machine_fast_charge(block));
        after_blocks(run);
    }
}

static void run_engine(void *engine, uint64_t limit)
{
    struct fast *fast = engine;
    struct machine *machine = fast->machine;
    if (!fast->plan.usable)
        return; /* every step is machine_step's */
    machine_fast_follow_watch(fast);
    uint32_t instructions = limit < fast->longest ? (uint32_t)limit : fast->longest;
    struct run run = {.fast = fast, .budget = (int64_t)instructions << 32};
    memcpy(fast->hot->state, machine->state, machine->slots * sizeof *machine->state);
    run.pc = machine->state[machine->pc_slot];
    machine_fast_enter_context(fast);
    run_blocks(&run);
    fast->hot->state[machine->pc_slot] = run.pc;
    memcpy(machine->state, fast->hot->state, machine->slots * sizeof *machine->state);
    uint32_t executed = instructions - (uint32_t)(run.budget >> 32);
    if (executed)
        machine_retire(machine, executed, (uint32_t)run.budget, false);
    if (executed < limit && machine_undisturbed(machine))
        machine_step(machine); /* nobody but it can go on here */
}

/* ---- Making and unmaking ----------------------------------------------------------------------------------------- */

static void destroy(void *engine)
{
    struct fast *fast = engine;
    if (!fast)
        return;
    if (fast->pages && fast->lines)
        machine_fast_flush(fast);
    machine_fast_plan_free(&fast->plan);
    machine_fast_free_translations(fast);
    free(fast->hot);
    free(fast->lines);
    free(fast->pages);
    free(fast->order);
    free(fast->code);
    free(fast->trace.values);
    free(fast);
}

static bool make_room(struct fast *fast)
{
    const struct machine *machine = fast->machine;
    size_t lines = ((size_t)machine->memory_size >> FAST_LINE_BITS) + (1u << (FAST_PAGE_BITS - FAST_LINE_BITS)) + 1;
    fast->hot = calloc(1, sizeof *fast->hot + machine->slots * sizeof(uint32_t));
    fast->lines = calloc(lines, 1);
    fast->pages = calloc(((size_t)machine->memory_size >> FAST_PAGE_BITS) + 2, sizeof *fast->pages);
    fast->code = malloc(FAST_CODE_BYTES); /* touched as far as it is used */
    fast->code_room = FAST_CODE_BYTES / sizeof *fast->code;
    fast->trace.value_room = (size_t)FAST_MOST_INSTRUCTIONS * 128;
    fast->trace.values = malloc(fast->trace.value_room * sizeof *fast->trace.values);
    return fast->hot && fast->lines && fast->pages && fast->code && fast->trace.values &&
           machine_fast_make_translations(fast);
}

/* So many instructions at most in one go, that their cycles fit their half of the budget. */
static uint32_t longest_run(const struct machine *machine)
{
    uint32_t most = 1, longest = UINT32_C(1) << 20;
    for (unsigned i = 0; i < isa_instruction_count(machine->isa); i++)
        most = machine->cycles[i] > most ? machine->cycles[i] : most;
    return INT32_MAX / most < longest ? INT32_MAX / most : longest;
}

static void *create(struct machine *machine)
{
    struct fast *fast = calloc(1, sizeof *fast);
    if (!fast)
        return NULL;
    fast->machine = machine;
    fast->longest = longest_run(machine);
    if (!make_room(fast) || !machine_fast_plan(&fast->plan, machine)) {
        destroy(fast);
        return NULL;
    }
    fast->environment = machine->environment;
    fast->environment.state = fast->hot->state;
    fast->environment.translated = NULL; /* who wants to see every access sees to it that this engine is not called */
    fast->hot->engine = fast;
    fast->hot->memory = machine->memory;
    fast->hot->memory_size = machine->memory_size;
    fast->plan.usable = fast->plan.usable && (uintptr_t)machine->memory % (1u << FAST_LINE_BITS) == 0;
    fast->hot->lines = (uintptr_t)fast->lines - ((uintptr_t)machine->memory >> FAST_LINE_BITS);
    return fast;
}

static void memory_changed(void *engine, uint32_t address, uint32_t length)
{
    machine_fast_invalidate(engine, address, length);
}

const struct machine_engine_operations machine_fast_engine = {
    .name = "fast", .create = create, .destroy = destroy, .run = run_engine, .memory_changed = memory_changed,
};
