/* fast_encode.c: a trace, cut into operations, becomes a block: operations one behind the other, with their operands,
 * and the records that say where each instruction is. */
#include "machine/fast_match.h"

#include <stdlib.h>

/* ---- Room -------------------------------------------------------------------------------------------------------- */

void *machine_fast_allocate(struct fast *fast, size_t size)
{
    enum { CHUNK = 1 << 16 };
    size = (size + 15) / 16 * 16;
    if (!fast->chunks || fast->chunks->used + size > fast->chunks->size) {
        size_t room = size > CHUNK ? size : CHUNK;
        struct fast_chunk *chunk = malloc(sizeof *chunk + room);
        if (!chunk)
            abort();
        *chunk = (struct fast_chunk){fast->chunks, 0, room};
        fast->chunks = chunk;
    }
    void *result = (char *)fast->chunks->bytes + fast->chunks->used;
    fast->chunks->used += size;
    return memset(result, 0, size);
}

/* ---- Operations -------------------------------------------------------------------------------------------------- */

/* A block while it is written. */
struct encoder {
    struct fast *fast;
    struct fast_block *block;
    const struct fast_trace *trace;
    uint32_t cycles_after[FAST_MOST_INSTRUCTIONS + 1]; /* of the instructions from this one on */
    struct fast_site *sites[2 * FAST_MOST_INSTRUCTIONS + 1];
    unsigned site_count;
};

static void *append(struct encoder *encoder, size_t bytes)
{
    void *result = &encoder->fast->code[encoder->fast->code_used];
    encoder->fast->code_used += (bytes + 7) / 8;
    return result;
}

static uint32_t distance(const struct encoder *encoder, const void *operation)
{
    return (uint32_t)((const char *)operation - (const char *)encoder->block->first);
}

static int64_t packed(uint32_t instructions, uint32_t cycles)
{
    return ((int64_t)instructions << 32) - (int64_t)cycles;
}

/* A jump out of the block after instruction `number`: at first to a stub, which finds the destination. */
static void add_site(struct encoder *encoder, struct fast_link *link, unsigned number, uint32_t pc)
{
    struct fast_site *site = machine_fast_allocate(encoder->fast, sizeof *site);
    site->link = link;
    site->refund = packed(encoder->trace->count - number - 1, encoder->cycles_after[number + 1]);
    site->pc = pc;
    site->context = encoder->fast->current;
    encoder->sites[encoder->site_count++] = site;
}

static void put_operand(struct encoder *encoder, char *operation, const struct fast_operand *operand, unsigned first)
{
    const struct fast_instance *instance = &encoder->trace->instances[first + operand->part];
    char *at = operation + operand->offset;
    uint32_t slot;
    uint16_t place;
    switch ((enum fast_operand_kind)operand->kind) {
    case FAST_OPERAND_READ: case FAST_OPERAND_WRITE:
        slot = operand->kind == FAST_OPERAND_READ ? instance->reads[operand->index] : instance->writes[operand->index];
        if (slot != FAST_ZERO_SLOT)
            place = (uint16_t)(offsetof(struct fast_hot, state) + slot * sizeof(uint32_t));
        else
            place =
                operand->kind == FAST_OPERAND_READ ? offsetof(struct fast_hot, zero) : offsetof(struct fast_hot, lost);
        memcpy(at, &place, sizeof place);
        break;
    case FAST_OPERAND_VALUE: {
        uint32_t value = (uint32_t)instance->values[operand->index];
        memcpy(at, &value, sizeof value);
        break;
    }
    case FAST_OPERAND_VALUE64: memcpy(at, &instance->values[operand->index], sizeof(uint64_t)); break;
    case FAST_OPERAND_LINK:
        add_site(encoder, (struct fast_link *)(void *)at, first + operand->part,
                 (uint32_t)instance->values[operand->index]);
        break;
    }
}

static void put_shape(struct encoder *encoder, const struct fast_shape *shape, unsigned first)
{
    struct fast_operation *operation = append(encoder, shape->size);
    operation->handler = shape->handler;
    for (unsigned i = 0; i < shape->operand_count; i++)
        put_operand(encoder, (char *)operation, &shape->operands[i], first);
    for (unsigned p = 0; p < shape->part_count; p++)
        encoder->block->records[first + p].operation = distance(encoder, operation);
}

static void put_evaluation(struct encoder *encoder, unsigned number)
{
    const struct fast_instance *instance = &encoder->trace->instances[number];
    struct fast_evaluation *operation = append(encoder, sizeof *operation);
    operation->operation.handler =
        instance->writes_program_counter ? machine_fast_evaluate_jump : machine_fast_evaluate;
    operation->instruction = instance->instruction;
    operation->word = instance->word;
    operation->pc = instance->pc;
    encoder->block->records[number].operation = distance(encoder, operation);
}

/* What goes on after the last instruction. */
static void put_close(struct encoder *encoder)
{
    const struct fast_trace *trace = encoder->trace;
    struct fast_record *end = &encoder->block->records[trace->count];
    end->pc = trace->close_pc;
    if (trace->close == FAST_CLOSE_LINK) {
        struct fast_goto *operation = append(encoder, sizeof *operation);
        operation->operation.handler = machine_fast_goto;
        add_site(encoder, &operation->link, trace->count - 1, trace->close_pc);
        end->operation = distance(encoder, operation);
    } else {
        struct fast_operation *operation = append(encoder, sizeof *operation);
        operation->handler = machine_fast_end;
        end->operation = distance(encoder, operation);
    }
}

static void put_stubs(struct encoder *encoder)
{
    for (unsigned i = 0; i < encoder->site_count; i++) {
        struct fast_site *site = encoder->sites[i];
        struct fast_stub *stub = append(encoder, sizeof *stub);
        stub->operation.handler = machine_fast_stub;
        stub->site = site;
        site->stub = stub;
        *site->link = (struct fast_link){stub, site->refund};
    }
}

static void put_operations(struct encoder *encoder, const struct fast_cover *cover)
{
    const struct fast_trace *trace = encoder->trace;
    struct fast_block *block = encoder->block;
    uint32_t cycles = 0;
    for (unsigned i = 0; i < trace->count; i++) {
        block->records[i].pc = trace->instances[i].pc;
        block->records[i].cycles = cycles;
        cycles += trace->instances[i].cycles;
    }
    block->records[trace->count].cycles = block->cycles = cycles;
    for (unsigned i = 0; i <= trace->count; i++)
        encoder->cycles_after[i] = cycles - (i < trace->count ? block->records[i].cycles : cycles);
    for (unsigned i = 0; i < trace->count;) {
        if (cover->nothing[i])
            block->records[i++].operation = UINT32_MAX; /* never asked for: it cannot be left */
        else if (cover->shapes[i])
            put_shape(encoder, cover->shapes[i], i), i += cover->shapes[i]->part_count;
        else
            put_evaluation(encoder, i++);
    }
}

struct fast_block *machine_fast_encode(struct fast *fast, uint32_t pc, uint32_t limit)
{
    struct encoder encoder = {.fast = fast, .trace = &fast->trace};
    struct fast_cover cover;
    struct fast_block *block = encoder.block = machine_fast_allocate(fast, sizeof *block);
    machine_fast_cover(&fast->plan, &fast->trace, &cover);
    block->context = fast->current;
    block->pc = pc;
    block->limit = limit;
    block->count = fast->trace.count;
    block->records = machine_fast_allocate(fast, (block->count + 1) * sizeof *block->records);
    memcpy(block->ranges, fast->trace.ranges, sizeof block->ranges);
    block->range_count = fast->trace.range_count;
    struct fast_head *head = append(&encoder, sizeof *head);
    block->first = (const struct fast_operation *)(head + 1);
    put_operations(&encoder, &cover);
    put_close(&encoder);
    put_stubs(&encoder);
    head->charge = -packed(block->count, block->cycles);
    return block;
}
