/* fast_block.c: follows a program from a pc to where a block ends, and finds out what its instructions have in common
 * with compiled meanings. What it read on the way, the block depends on. */
#include "machine/fast.h"

#include <stdlib.h>

/* ---- Fetching ---------------------------------------------------------------------------------------------------- */

/* The block was made from these bytes. Adjoining stretches become one. */
static void depend(struct fast_trace *trace, uint32_t address, uint32_t bytes)
{
    for (unsigned i = 0; i < trace->range_count && i < FAST_MOST_RANGES; i++) {
        struct fast_range *range = &trace->ranges[i];
        if (address >= range->start && address + bytes <= range->end)
            return;
        if (address == range->end) {
            range->end += bytes;
            return;
        }
    }
    if (trace->range_count < FAST_MOST_RANGES)
        trace->ranges[trace->range_count] = (struct fast_range){address, address + bytes};
    trace->range_count++; /* beyond the most: the block has to end before this */
}

static uint32_t load_for_fetch(void *context, uint32_t address, unsigned bytes)
{
    struct fast *fast = context;
    depend(&fast->trace, address, bytes);
    fast->trace.fetched_from = address;
    const uint8_t *at = fast->hot->memory + address;
    return bytes == 1 ? fast_load1(at) : bytes == 2 ? fast_load2(at) : fast_load4(at);
}

/* The word at pc; false when the fetch traps, the block would depend on too much, or somebody watches the word. */
static bool fetch(struct fast *fast, uint32_t pc, uint32_t *word)
{
    static const uint32_t none[ISA_MOST_PARAMETERS] = {0};
    const struct machine *machine = fast->machine;
    const struct isa_environment environment = {
        .context = fast, .state = fast->hot->state, .memory_size = machine->memory_size, .load = load_for_fetch};
    unsigned ranges = fast->trace.range_count;
    fast->hot->state[machine->pc_slot] = pc;
    struct isa_outcome outcome = isa_run(machine->isa, ISA_ON_FETCH, none, 0, &environment);
    *word = (uint32_t)outcome.result;
    if (outcome.end == ISA_DONE && fast->trace.fetched_from - fast->watched_start < fast->watched_length)
        return false; /* an instruction that is watched */
    if (outcome.end == ISA_DONE && fast->trace.range_count <= FAST_MOST_RANGES)
        return true;
    if (fast->trace.range_count > FAST_MOST_RANGES)
        fast->trace.range_count = ranges;
    return false;
}

/* ---- What an instruction is, here -------------------------------------------------------------------------------- */

static uint64_t ones(unsigned width)
{
    return UINT64_MAX >> (64 - width);
}

/* A constant node's value; nodes that are not constant get none, and nobody asks. */
static uint64_t constant_value(const struct fast *fast, const struct fast_instance *instance, const uint64_t *values,
                               unsigned number)
{
    const struct isa_node *nodes = instance->meaning->nodes, *node = &nodes[number];
    uint64_t a = node->a < number ? values[node->a] : 0, b = node->b < number ? values[node->b] : 0;
    switch ((enum isa_operator)node->operator) {
    case ISA_CONSTANT: return node->constant;
    case ISA_FIELD: return isa_field_get(&instance->instruction->fields[node->a], instance->word);
    case ISA_INSTRUCTION: return instance->word;
    case ISA_MEMORY_SIZE: return fast->machine->memory_size & ones(node->width);
    case ISA_READ: return instance->pc; /* another state than pc is not constant */
    case ISA_SELECT: return a ? b : node->c < number ? values[node->c] : 0;
    case ISA_EXTRACT: return a >> node->constant & ones(node->width);
    case ISA_CONCATENATE: return a << nodes[node->b].width | b;
    case ISA_ZERO_EXTEND: return a;
    case ISA_SIGN_EXTEND: return (uint64_t)isa_signed(a, nodes[node->a].width) & ones(node->width);
    default:
        if (node->operator < ISA_ADD || node->operator > ISA_LESS_SIGNED)
            return 0;
        return isa_apply(node->operator, nodes[node->a].width, a, b);
    }
}

static void find_constants(struct fast *fast, struct fast_instance *instance)
{
    struct fast_trace *trace = &fast->trace;
    uint64_t *values = trace->values + trace->value_count;
    for (unsigned i = 0; i < instance->meaning->node_count; i++)
        values[i] = constant_value(fast, instance, values, i);
    trace->value_count += instance->meaning->node_count;
    instance->values = values;
}

static uint32_t slot_of(const struct fast *fast, const struct fast_instance *instance, unsigned number)
{
    const struct isa_node *node = &instance->meaning->nodes[number];
    const struct isa_state *state = isa_state_at(fast->machine->isa, node->a);
    uint64_t index = node->b == ISA_NONE ? 0 : instance->values[node->b];
    return state->zero >= 0 && index == (uint64_t)state->zero ? FAST_ZERO_SLOT : state->slot + (uint32_t)index;
}

static bool guards_hold(const struct fast_instance *instance)
{
    for (unsigned i = 0; i < instance->meaning->guard_count; i++)
        if ((instance->values[instance->meaning->guards[i].node] != 0) != (instance->meaning->guards[i].value != 0))
            return false;
    return true;
}

bool machine_fast_decode(struct fast *fast, uint32_t word, uint32_t pc, struct fast_instance *instance)
{
    const struct isa *isa = fast->machine->isa;
    const struct isa_instruction *instruction = isa_decode(isa, word);
    if (!instruction)
        return false;
    unsigned number = isa_instruction_number(isa, instruction);
    if (fast->plan.ways[number] == FAST_WAY_STEP)
        return false;
    *instance = (struct fast_instance){.instruction = instruction,
                                       .word = word,
                                       .pc = pc,
                                       .meaning_number = FAST_NO_MEANING,
                                       .cycles = fast->machine->cycles[number],
                                       .writes_program_counter = fast->plan.writes_program_counter[number]};
    if (fast->plan.ways[number] == FAST_WAY_EVALUATE)
        return true;
    instance->meaning_number = fast->plan.meanings[number];
    instance->meaning = &machine_fast_meanings[instance->meaning_number];
    if (fast->trace.value_count + instance->meaning->node_count > fast->trace.value_room)
        return false;
    find_constants(fast, instance);
    for (unsigned i = 0; i < instance->meaning->read_count; i++)
        instance->reads[i] = slot_of(fast, instance, instance->meaning->reads[i]);
    for (unsigned i = 0; i < instance->meaning->write_count; i++)
        instance->writes[i] = slot_of(fast, instance, instance->meaning->writes[i]);
    return guards_hold(instance);
}

/* ---- The trace --------------------------------------------------------------------------------------------------- */

static bool already_in(const struct fast_trace *trace, uint32_t pc)
{
    for (unsigned i = 0; i < trace->count; i++)
        if (trace->instances[i].pc == pc)
            return true;
    return false;
}

static void close_trace(struct fast_trace *trace, enum fast_close close, uint32_t pc)
{
    trace->close = close;
    trace->close_pc = pc;
}

/* Adds one instruction, and moves pc past it. False when the block ends with it. */
static bool extend(struct fast *fast, uint32_t *pc)
{
    struct fast_trace *trace = &fast->trace;
    struct fast_instance *instance = &trace->instances[trace->count];
    uint32_t word, mask = (uint32_t)ones(isa_program_counter(fast->machine->isa)->width);
    if (!fetch(fast, *pc, &word) || !machine_fast_decode(fast, word, *pc, instance)) {
        close_trace(trace, FAST_CLOSE_LEAVE, *pc);
        return false;
    }
    trace->count++;
    *pc = (*pc + instance->instruction->bits / 8) & mask;
    unsigned flow = instance->meaning                  ? instance->meaning->flow
                    : instance->writes_program_counter ? FAST_FLOW_DYNAMIC
                                                       : FAST_FLOW_NEXT;
    switch (flow) {
    case FAST_FLOW_JUMP: {
        uint32_t target = (uint32_t)instance->values[instance->meaning->target];
        instance->follows = !already_in(trace, target) && trace->count < trace->limit;
        if (!instance->follows) {
            close_trace(trace, FAST_CLOSE_NONE, target);
            return false;
        }
        *pc = target;
        return true;
    }
    case FAST_FLOW_DYNAMIC:
        close_trace(trace, instance->meaning ? FAST_CLOSE_LINK : FAST_CLOSE_NONE, *pc);
        return false;
    default: return true;
    }
}

uint32_t machine_fast_accumulator_after(const struct fast_instance *instance)
{
    const struct fast_meaning *meaning = instance->meaning;
    if (!meaning || meaning->last_write == FAST_LAST_UNKNOWN)
        return FAST_ZERO_SLOT;
    if (meaning->last_write == FAST_LAST_NONE)
        return instance->accumulator;
    return instance->writes[meaning->last_write];
}

void machine_fast_trace(struct fast *fast, uint32_t pc, uint32_t limit)
{
    struct fast_trace *trace = &fast->trace;
    trace->count = trace->range_count = 0;
    trace->value_count = 0;
    trace->limit = limit;
    close_trace(trace, FAST_CLOSE_LINK, pc);
    uint32_t start = pc;
    while (extend(fast, &pc)) {
        close_trace(trace, FAST_CLOSE_LINK, pc);
        if (trace->count == limit || pc == start)
            break;
    }
    uint32_t accumulator = FAST_ZERO_SLOT;
    for (unsigned i = 0; i < trace->count; i++) {
        trace->instances[i].accumulator = accumulator;
        accumulator = machine_fast_accumulator_after(&trace->instances[i]);
    }
}
