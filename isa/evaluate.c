/* evaluate.c: the reference meaning of the IR. One pass over the nodes, a case per operator; writes wait until the end. */
#include "isa/internal.h"

struct pending_write { unsigned slot; uint32_t value; };
struct pending_store { uint32_t address; unsigned bytes; uint32_t value; };

/* One run of one program. */
struct run {
    const struct isa *isa;
    const struct isa_environment *environment;
    const struct isa_instruction *instruction; /* for FIELD, or NULL */
    const uint32_t *parameters;
    uint32_t word;
    struct pending_write writes[ISA_MOST_WRITES];
    struct pending_store stores[ISA_MOST_WRITES];
    unsigned write_count, store_count;
};

/* Field by field: the room for writes is large, and need not be cleared for every instruction. */
static void begin(struct run *run, const struct isa *isa, const struct isa_environment *environment,
                  const struct isa_instruction *instruction, const uint32_t *parameters, uint32_t word)
{
    run->isa = isa;
    run->environment = environment;
    run->instruction = instruction;
    run->parameters = parameters;
    run->word = word;
    run->write_count = run->store_count = 0;
}

static uint64_t ones(unsigned width)
{
    return UINT64_MAX >> (64 - width);
}

static uint32_t read_state(const struct run *run, const struct isa_node *node, uint64_t index)
{
    const struct isa_state *state = &run->isa->states[node->a];
    if (state->zero >= 0 && index == (uint64_t)state->zero)
        return 0;
    return run->environment->state[state->slot + index];
}

static void write_state(struct run *run, const struct isa_node *node, uint64_t index, uint64_t value)
{
    const struct isa_state *state = &run->isa->states[node->a];
    if (state->zero >= 0 && index == (uint64_t)state->zero)
        return;
    run->writes[run->write_count++] = (struct pending_write){state->slot + (unsigned)index, (uint32_t)value};
}

static bool in_memory(const struct run *run, uint64_t address, unsigned bytes)
{
    return bytes <= run->environment->memory_size && address <= run->environment->memory_size - bytes;
}

static uint32_t load(const struct run *run, uint64_t address, unsigned bytes)
{
    if (!in_memory(run, address, bytes))
        return 0;
    return run->environment->load(run->environment->context, (uint32_t)address, bytes);
}

static struct isa_outcome evaluate(struct run *run, const struct isa_program *program);

/* Runs the function `translate`: true with the physical address in `*physical`, or false with the trap in `*outcome`. */
static bool translate(const struct run *run, uint64_t address, uint64_t size, uint64_t access, uint64_t *physical,
                      struct isa_outcome *outcome)
{
    const uint32_t parameters[ISA_MOST_PARAMETERS] = {(uint32_t)address, (uint32_t)size, (uint32_t)access};
    struct run inner;
    begin(&inner, run->isa, run->environment, NULL, parameters, 0);
    *outcome = evaluate(&inner, &run->isa->paragraphs[ISA_ON_TRANSLATE]);
    if (outcome->end != ISA_DONE)
        return false;
    *physical = outcome->result;
    if (run->environment->translated)
        run->environment->translated(run->environment->context, (uint32_t)address, (uint32_t)*physical, (unsigned)size,
                                     (unsigned)access);
    return true;
}

static struct isa_outcome evaluate(struct run *run, const struct isa_program *program)
{
    const struct isa_environment *environment = run->environment;
    uint64_t values[program->count + 1], locals[ISA_MOST_LOCALS];
    struct isa_outcome outcome = {.end = ISA_DONE};
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        uint64_t *value = &values[i];
        switch ((enum isa_operator)node->operator) {
        case ISA_CONSTANT: *value = node->constant; break;
        case ISA_PARAMETER: *value = run->parameters[node->a] & ones(node->width); break;
        case ISA_FIELD: *value = isa_field_get(&run->instruction->fields[node->a], run->word); break;
        case ISA_INSTRUCTION: *value = run->word; break;
        case ISA_MEMORY_SIZE: *value = environment->memory_size & ones(node->width); break;
        case ISA_EQUAL: case ISA_LESS_UNSIGNED: case ISA_LESS_SIGNED: /* the width of the operands counts */
            *value = isa_apply(node->operator, program->nodes[node->a].width, values[node->a], values[node->b]);
            break;
        case ISA_ADD: case ISA_SUB: case ISA_MUL: case ISA_DIVIDE_UNSIGNED: case ISA_DIVIDE_SIGNED:
        case ISA_REMAINDER_UNSIGNED: case ISA_REMAINDER_SIGNED: case ISA_AND: case ISA_OR: case ISA_XOR:
        case ISA_SHIFT_LEFT: case ISA_SHIFT_RIGHT_UNSIGNED: case ISA_SHIFT_RIGHT_SIGNED:
            *value = isa_apply(node->operator, node->width, values[node->a], values[node->b]);
            break;
        case ISA_SELECT: *value = values[node->a] ? values[node->b] : values[node->c]; break;
        case ISA_EXTRACT: *value = values[node->a] >> node->constant & ones(node->width); break;
        case ISA_CONCATENATE: *value = values[node->a] << program->nodes[node->b].width | values[node->b]; break;
        case ISA_ZERO_EXTEND: *value = values[node->a]; break;
        case ISA_SIGN_EXTEND:
            *value = (uint64_t)isa_signed(values[node->a], program->nodes[node->a].width) & ones(node->width);
            break;
        case ISA_READ: *value = read_state(run, node, node->b == ISA_NONE ? 0 : values[node->b]); break;
        case ISA_LOAD: *value = load(run, values[node->a], (unsigned)node->constant) & ones(node->width); break;
        case ISA_TRANSLATE:
            if (!translate(run, values[node->a], values[node->b], values[node->c], value, &outcome))
                return outcome;
            break;
        case ISA_PORT_IN:
            *value = environment->port_in(environment->context, (uint32_t)values[node->a]) & ones(node->width);
            break;
        case ISA_DIAGNOSE:
            *value = environment->diagnose(environment->context, (uint32_t)values[node->a], (uint32_t)values[node->b]) &
                     ones(node->width);
            break;
        case ISA_WRITE: write_state(run, node, node->b == ISA_NONE ? 0 : values[node->b], values[node->c]); break;
        case ISA_STORE:
            run->stores[run->store_count++] = (struct pending_store){(uint32_t)values[node->a], (unsigned)node->constant,
                                                                     (uint32_t)values[node->b]};
            break;
        case ISA_PORT_OUT:
            environment->port_out(environment->context, (uint32_t)values[node->a], (uint32_t)values[node->b]);
            break;
        case ISA_LOCAL_SET: locals[node->a] = values[node->b]; break;
        case ISA_LOCAL_GET: *value = locals[node->a]; break;
        case ISA_BRANCH:
            if (values[node->a] == 0)
                i = (unsigned)node->constant - 1;
            break;
        case ISA_JUMP: i = (unsigned)node->constant - 1; break;
        case ISA_TRAP:
            return (struct isa_outcome){.end = ISA_TRAPPED, .cause = (uint32_t)node->constant,
                                        .value = (uint32_t)values[node->a], .access = (uint32_t)values[node->b]};
        case ISA_IGNORE: return (struct isa_outcome){.end = ISA_IGNORED};
        case ISA_RETURN:
            outcome.result = values[node->a];
            return outcome;
        case ISA_OPERATORS: break;
        }
    }
    return outcome;
}

/* Stores first, in their order, then states: both were computed from the state before. */
static void commit(const struct run *run)
{
    for (unsigned i = 0; i < run->store_count; i++) {
        const struct pending_store *store = &run->stores[i];
        if (in_memory(run, store->address, store->bytes))
            run->environment->store(run->environment->context, store->address, store->bytes, store->value);
    }
    for (unsigned i = 0; i < run->write_count; i++)
        run->environment->state[run->writes[i].slot] = run->writes[i].value;
}

static bool writes_slot(const struct run *run, unsigned slot)
{
    for (unsigned i = 0; i < run->write_count; i++)
        if (run->writes[i].slot == slot)
            return true;
    return false;
}

struct isa_outcome isa_execute(const struct isa *isa, const struct isa_instruction *instruction, uint32_t word,
                               const struct isa_environment *environment)
{
    struct run run;
    begin(&run, isa, environment, instruction, NULL, word);
    struct isa_outcome outcome = evaluate(&run, &instruction->program);
    if (outcome.end != ISA_DONE)
        return outcome;
    const struct isa_state *pc = &isa->states[isa->program_counter];
    bool jumped = writes_slot(&run, pc->slot);
    int countdown = isa->duties[ISA_DUTY_COUNTDOWN];
    outcome.set_countdown = countdown >= 0 && writes_slot(&run, isa->states[countdown].slot);
    commit(&run);
    if (!jumped)
        environment->state[pc->slot] = (uint32_t)((environment->state[pc->slot] + instruction->bits / 8) & ones(pc->width));
    return outcome;
}

struct isa_outcome isa_run(const struct isa *isa, enum isa_paragraph paragraph, const uint32_t parameters[ISA_MOST_PARAMETERS],
                           uint32_t word, const struct isa_environment *environment)
{
    struct run run;
    begin(&run, isa, environment, NULL, parameters, word);
    struct isa_outcome outcome = evaluate(&run, &isa->paragraphs[paragraph]);
    if (outcome.end == ISA_DONE)
        commit(&run);
    return outcome;
}
