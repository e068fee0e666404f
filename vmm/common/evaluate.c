/* evaluate.c: executes a program of the IR on a guest's virtual state. The one place where a monitor executes meaning; it
 * knows operators and no instruction.
 *
 * A program is a row of nodes. Each gets a value from earlier nodes; control only goes forward. Effects are collected,
 * and take place together at the end, so that every read sees the state from before, and a trap leaves nothing behind.
 * docs/specification-language.md lists the operators, docs/boot-protocol.md how nodes are laid out.
 *
 * Values have 1 to 64 bits. Nearly all have 32 or fewer; they live in `low` alone, and `high` is used only by nodes wider
 * than that. This is a machine of 32 bits: it makes an emulated instruction twice as fast.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

/* An effect that waits for the end of the program: a store of `bytes` bytes, or, where bytes is 0, a write to a slot. */
struct effect { uint32_t bytes, where, value; };

/* What a program in progress knows. `low` stands first, so that its address is the frame's: nearly every node uses it. */
struct frame {
    uint32_t low[PG74_LONGEST_PROGRAM], high[PG74_LONGEST_PROGRAM];
    struct effect effects[PG74_MOST_WRITES], *next; /* the next free one */
    uint64_t locals[PG74_MOST_LOCALS];
};

/* ---- Memory: the guest's physical memory is its partition ------------------------------------------------------------ */

static bool in_partition(const struct vmm_vcpu *vcpu, uint32_t address, uint32_t bytes)
{
    return bytes <= vcpu->memory_size && address <= vcpu->memory_size - bytes;
}

/* Byte by byte where it must be: the monitor's own misaligned loads would trap. */
static uint32_t load(const struct vmm_vcpu *vcpu, uint32_t address, uint32_t bytes)
{
    typedef uint32_t __attribute__((may_alias)) word;
    const uint8_t *from = vcpu->memory + address;

    if (!in_partition(vcpu, address, bytes))
        return 0;
    if (bytes == 4 && address % 4 == 0)
        return *(const word *)from;
    uint32_t value = 0;
    for (uint32_t i = 0; i < bytes; i++)
        value |= (uint32_t)from[i] << (8 * i);
    return value;
}

static void store(struct vmm_vcpu *vcpu, uint32_t address, uint32_t bytes, uint32_t value)
{
    typedef uint32_t __attribute__((may_alias)) word;
    uint8_t *to = vcpu->memory + address;

    if (!in_partition(vcpu, address, bytes))
        return;
    if (bytes == 4 && address % 4 == 0) {
        *(word *)to = value;
        return;
    }
    for (uint32_t i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

/* ---- Values ---------------------------------------------------------------------------------------------------------- */

/* `width` is 1 to 64 here, 1 to 32 in the narrow one. */
static uint64_t wide_mask(unsigned width) { return ~UINT64_C(0) >> (64 - width); }
static uint32_t mask(unsigned width) { return ~UINT32_C(0) >> (32 - width); }

static int64_t sign_extended(uint64_t value, unsigned width)
{
    uint64_t sign = UINT64_C(1) << (width - 1);
    return (int64_t)((value ^ sign) - sign);
}

static uint64_t get(const struct frame *frame, const struct pg74_node *nodes, unsigned number)
{
    return nodes[number].width > 32 ? (uint64_t)frame->high[number] << 32 | frame->low[number] : frame->low[number];
}

/* The operators of two values, in full generality. As RISC-V defines division: by zero the quotient is all ones and the
 * remainder the dividend; the least number by -1 is itself, remainder 0. */
static uint64_t apply(unsigned operator, unsigned width, uint64_t a, uint64_t b)
{
    int64_t signed_a = sign_extended(a, width), signed_b = sign_extended(b, width);
    bool overflow = signed_b == -1; /* a / -1 is 0 - a in any width, and the host's division may trap on it */

    switch (operator) {
    case PG74_IR_ADD: return a + b;
    case PG74_IR_SUB: return a - b;
    case PG74_IR_MUL: return a * b;
    case PG74_IR_DIVIDE_UNSIGNED: return b == 0 ? ~UINT64_C(0) : a / b;
    case PG74_IR_DIVIDE_SIGNED:
        return b == 0 ? ~UINT64_C(0) : overflow ? 0 - a : (uint64_t)(signed_a / signed_b);
    case PG74_IR_REMAINDER_UNSIGNED: return b == 0 ? a : a % b;
    case PG74_IR_REMAINDER_SIGNED: return b == 0 ? a : overflow ? 0 : (uint64_t)(signed_a % signed_b);
    case PG74_IR_AND: return a & b;
    case PG74_IR_OR: return a | b;
    case PG74_IR_XOR: return a ^ b;
    case PG74_IR_SHIFT_LEFT: return b < width ? a << b : 0;
    case PG74_IR_SHIFT_RIGHT_UNSIGNED: return b < width ? a >> b : 0;
    case PG74_IR_SHIFT_RIGHT_SIGNED: return (uint64_t)(signed_a >> (b < width ? b : width - 1));
    case PG74_IR_EQUAL: return a == b;
    case PG74_IR_LESS_UNSIGNED: return a < b;
    default: return signed_a < signed_b; /* PG74_IR_LESS_SIGNED */
    }
}

/* A node without effects, of any width: the general case, which the fast cases in vmm_evaluate anticipate. */
static void compute(struct frame *frame, const struct pg74_node *nodes, unsigned number)
{
    const struct pg74_node *node = &nodes[number];
    uint64_t value;

    switch (node->operator) {
    case PG74_IR_SELECT:
        value = get(frame, nodes, frame->low[node->a] ? node->b : node->c);
        break;
    case PG74_IR_EXTRACT:
        value = get(frame, nodes, node->a) >> node->constant;
        break;
    case PG74_IR_CONCATENATE:
        value = get(frame, nodes, node->a) << nodes[node->b].width | get(frame, nodes, node->b);
        break;
    case PG74_IR_ZERO_EXTEND:
        value = get(frame, nodes, node->a);
        break;
    case PG74_IR_SIGN_EXTEND:
        value = (uint64_t)sign_extended(get(frame, nodes, node->a), nodes[node->a].width);
        break;
    default:
        /* A comparison's own width is 1: the width it compares in is its operands'. */
        value = apply(node->operator, nodes[node->a].width, get(frame, nodes, node->a), get(frame, nodes, node->b));
    }
    value &= wide_mask(node->width);
    frame->low[number] = (uint32_t)value;
    if (node->width > 32)
        frame->high[number] = (uint32_t)(value >> 32);
}

/* ---- State ----------------------------------------------------------------------------------------------------------- */

static void collect(struct frame *frame, uint32_t bytes, uint32_t where, uint32_t value)
{
    *frame->next++ = (struct effect){ bytes, where, value };
}

/* What is written to a state's zero element is lost; so it always reads as zero. The language sees to it that an index is
 * never too large. */
static void write(struct vmm_vcpu *vcpu, struct frame *frame, const struct pg74_node *node)
{
    const struct pg74_state *state = &vcpu->isa->states[node->a];
    uint32_t index = node->b == PG74_NONE ? 0 : frame->low[node->b];

    if (state->duty == PG74_DUTY_COUNTDOWN)
        vcpu->timer_set = true;
    if ((int32_t)index != state->zero)
        collect(frame, 0, state->slot + index, frame->low[node->c]);
}

static void take_effect(struct vmm_vcpu *vcpu, const struct frame *frame)
{
    for (const struct effect *effect = frame->effects; effect < frame->next; effect++) {
        if (effect->bytes == 0)
            vcpu->state[effect->where] = effect->value;
        else
            store(vcpu, effect->where, effect->bytes, effect->value);
    }
}

/* ---- Programs -------------------------------------------------------------------------------------------------------- */

/* Not inlined: as a parameter, the frame's address stays in a register. */
__attribute__((noinline)) static enum vmm_end run(struct vmm_vcpu *vcpu, const struct pg74_program *program,
                                                  const uint32_t parameters[4], const struct vmm_decoded *decoded,
                                                  struct frame *frame)
{
    const struct pg74_node *nodes = vcpu->isa->nodes + program->first;
    const unsigned count = program->count;
    uint32_t *low = frame->low;

    for (unsigned i = 0; i < count; i++) {
        const struct pg74_node *node = &nodes[i];
        const struct pg74_state *state;
        uint32_t index;

        switch (node->operator) {
        case PG74_IR_CONSTANT:
            low[i] = node->constant;
            frame->high[i] = node->constant_high;
            break;
        case PG74_IR_PARAMETER:   low[i] = parameters[node->a]; break;
        case PG74_IR_FIELD:       low[i] = decoded->fields[node->a]; break;
        case PG74_IR_INSTRUCTION: low[i] = decoded->word; break;
        case PG74_IR_MEMORY_SIZE: low[i] = vcpu->memory_size; break;

        /* The commonest operators, where all is narrow. Others, and wide values, are the general case. */
        case PG74_IR_ADD:
            if (node->width == 32)
                low[i] = low[node->a] + low[node->b];
            else
                compute(frame, nodes, i);
            break;
        case PG74_IR_SUB:
            if (node->width == 32)
                low[i] = low[node->a] - low[node->b];
            else
                compute(frame, nodes, i);
            break;
        case PG74_IR_AND:
            if (node->width <= 32)
                low[i] = low[node->a] & low[node->b];
            else
                compute(frame, nodes, i);
            break;
        case PG74_IR_OR:
            if (node->width <= 32)
                low[i] = low[node->a] | low[node->b];
            else
                compute(frame, nodes, i);
            break;
        case PG74_IR_XOR:
            if (node->width <= 32)
                low[i] = low[node->a] ^ low[node->b];
            else
                compute(frame, nodes, i);
            break;
        case PG74_IR_EQUAL:
            if (nodes[node->a].width <= 32)
                low[i] = low[node->a] == low[node->b];
            else
                compute(frame, nodes, i);
            break;
        case PG74_IR_LESS_UNSIGNED:
            if (nodes[node->a].width <= 32)
                low[i] = low[node->a] < low[node->b];
            else
                compute(frame, nodes, i);
            break;
        case PG74_IR_EXTRACT:
            if (nodes[node->a].width <= 32)
                low[i] = low[node->a] >> node->constant & mask(node->width);
            else
                compute(frame, nodes, i);
            break;
        case PG74_IR_ZERO_EXTEND:
            if (node->width <= 32)
                low[i] = low[node->a];
            else
                compute(frame, nodes, i);
            break;
        default:
            compute(frame, nodes, i);
            break;

        case PG74_IR_READ:
            state = &vcpu->isa->states[node->a];
            index = node->b == PG74_NONE ? 0 : low[node->b];
            low[i] = vcpu->state[state->slot + index];
            break;
        case PG74_IR_LOAD:
            low[i] = load(vcpu, low[node->a], node->constant);
            break;
        case PG74_IR_TRANSLATE:
            if (vmm_evaluate(vcpu, &vcpu->isa->module->paragraphs[PG74_ON_TRANSLATE],
                             (uint32_t[4]){ low[node->a], low[node->b], low[node->c] }, NULL) == VMM_TRAPPED)
                return VMM_TRAPPED;
            low[i] = vcpu->result;
            break;
        case PG74_IR_PORT_IN:  low[i] = vmm_port_in(vcpu, low[node->a]); break;
        case PG74_IR_DIAGNOSE: low[i] = vmm_diagnose(vcpu, low[node->a], low[node->b]); break;

        case PG74_IR_WRITE:    write(vcpu, frame, node); break;
        case PG74_IR_STORE:    collect(frame, node->constant, low[node->a], low[node->b]); break;
        case PG74_IR_PORT_OUT: vmm_port_out(vcpu, low[node->a], low[node->b]); break;

        case PG74_IR_LOCAL_SET:
            frame->locals[node->a] = get(frame, nodes, node->b);
            break;
        case PG74_IR_LOCAL_GET:
            low[i] = (uint32_t)frame->locals[node->a];
            frame->high[i] = (uint32_t)(frame->locals[node->a] >> 32);
            break;

        /* Control. A target is the number of the node to go on with; the loop adds one. */
        case PG74_IR_BRANCH:
            if (low[node->a] == 0)
                i = node->constant - 1;
            break;
        case PG74_IR_JUMP:
            i = node->constant - 1;
            break;
        case PG74_IR_TRAP:
            vcpu->trap = (struct vmm_trap){ node->constant, low[node->a], low[node->b] };
            return VMM_TRAPPED;
        case PG74_IR_IGNORE:
            return VMM_IGNORED;
        case PG74_IR_RETURN:
            vcpu->result = low[node->a];
            return VMM_DONE;
        }
    }
    return VMM_DONE;
}

enum vmm_end vmm_evaluate(struct vmm_vcpu *vcpu, const struct pg74_program *program, const uint32_t parameters[4],
                          const struct vmm_decoded *decoded)
{
    const unsigned program_counter = vcpu->isa->program_counter;
    struct frame frame;

    frame.next = frame.effects;
    if (decoded && decoded->instruction) /* a jump overwrites it */
        collect(&frame, 0, program_counter, vcpu->state[program_counter] + vcpu->isa->instruction_bytes);
    enum vmm_end end = run(vcpu, program, parameters, decoded, &frame);
    if (end == VMM_DONE)
        take_effect(vcpu, &frame);
    return end;
}
