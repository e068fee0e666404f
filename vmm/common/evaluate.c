/* evaluate.c: executes a program of the IR on a guest's virtual state. The one place where a monitor executes meaning;
 * it knows operators and no instruction.
 *
 * A program is a row of steps (prepare.c makes them from the nodes of the IR). Each gets a value from earlier ones;
 * control only goes forward. Effects are collected, and take place together at the end, so that every read sees the
 * state from before, and a trap leaves nothing behind. docs/boot-protocol.md lists the operators.
 *
 * Values have 1 to 64 bits. Nearly all have 32 or fewer, and this is a machine of 32: the commonest operators have a
 * quick case for those.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

/* An effect that waits for the end of the program: a store of `bytes` bytes, or, where that is 0, a write to a slot. */
struct effect { uint32_t bytes, where, value; };
struct effects { struct effect *next, list[PG74_MOST_WRITES + 1]; }; /* and one for the program counter */

/* ---- Memory: the guest's physical memory is its partition -------------------------------------------------------- */

static bool in_partition(const struct vmm_vcpu *vcpu, uint32_t address, uint32_t bytes)
{
    return bytes <= vcpu->memory_size && address <= vcpu->memory_size - bytes;
}

/* Somebody wants to know which words a program loads; vmm_shadow_fill, what it was that the guest's translation
 * read. */
static void note_load(struct vmm_loads *loads, uint32_t address, uint32_t bytes)
{
    for (uint32_t word = address & ~UINT32_C(3); word < address + bytes; word += 4) {
        unsigned known = 0;
        while (known < loads->count && known < VMM_MOST_LOADS && loads->words[known] != word)
            known++;
        if (known < VMM_MOST_LOADS)
            loads->words[known] = word;
        loads->count += known == loads->count;
    }
}

/* Byte by byte where it must be: the monitor's own misaligned loads would trap. */
static uint32_t load(const struct vmm_vcpu *vcpu, uint32_t address, uint32_t bytes)
{
    typedef uint32_t __attribute__((may_alias)) word;
    const uint8_t *from = vcpu->memory + address;

    if (!in_partition(vcpu, address, bytes))
        return 0;
    if (vcpu->isa->fetches.marking)
        vmm_fetch_mark(vcpu->isa, address, bytes);
    if (vcpu->loads)
        note_load(vcpu->loads, address, bytes);
    if (bytes == 4 && address % 4 == 0)
        return *(const word *)from;
    uint32_t value = 0;
    for (uint32_t i = 0; i < bytes; i++)
        value |= (uint32_t)from[i] << (8 * i);
    return value;
}

/* A word that a fetch has loaded changes. The mark is gone with the fetches, and comes back with the next. */
static void end_fetches(struct vmm_isa *isa, uint32_t address)
{
    uint32_t *marks = &isa->fetches.marks[vmm_mark_index(address)];

    if (*marks & vmm_mark_bit(address)) {
        *marks &= ~vmm_mark_bit(address);
        vmm_fetch_forget(isa);
    }
}

static void store(struct vmm_vcpu *vcpu, uint32_t address, uint32_t bytes, uint32_t value)
{
    typedef uint32_t __attribute__((may_alias)) word;
    uint8_t *to = vcpu->memory + address;

    if (!in_partition(vcpu, address, bytes))
        return;
    if (bytes == 4 && address % 4 == 0) {
        *(word *)to = value;
    } else {
        for (uint32_t i = 0; i < bytes; i++)
            to[i] = (uint8_t)(value >> (8 * i));
        end_fetches(vcpu->isa, address + bytes - 1); /* in the next word, perhaps */
    }
    end_fetches(vcpu->isa, address);
    vmm_space_stored(vcpu, address, bytes);
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

static uint64_t get(const struct vmm_value *value, unsigned width)
{
    return width > 32 ? (uint64_t)value->high << 32 | value->low : value->low;
}

static int64_t sign_extended(uint64_t value, unsigned width)
{
    uint64_t sign = UINT64_C(1) << (width - 1);
    return (int64_t)((value ^ sign) - sign);
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

/* A step on values in full generality: VMM_GENERAL. */
static void compute(const struct vmm_step *step)
{
    unsigned operator = step->general.operator, width = step->general.width, rest = step->general.rest;
    uint64_t a = get(step->a, step->general.width_of_a), value; /* a comparison's own width is 1 */

    switch (operator) {
    case PG74_IR_SELECT:
        value = get(a ? step->b : step->c, width);
        break;
    case PG74_IR_EXTRACT:
        value = a >> rest;
        break;
    case PG74_IR_CONCATENATE:
        value = a << rest | get(step->b, rest);
        break;
    case PG74_IR_ZERO_EXTEND:
        value = a;
        break;
    case PG74_IR_SIGN_EXTEND:
        value = (uint64_t)sign_extended(a, step->general.width_of_a);
        break;
    default:
        value = apply(operator, step->general.width_of_a, a, get(step->b, rest));
    }
    step->result->low = (uint32_t)value & step->mask;
    step->result->high = (uint32_t)((value & ~UINT64_C(0) >> (64 - width)) >> 32);
}

/* ---- State ------------------------------------------------------------------------------------------------------- */

static void collect(struct effects *effects, uint32_t bytes, uint32_t where, uint32_t value)
{
    *effects->next++ = (struct effect){ bytes, where, value };
}

/* What is written to a state's zero element is lost; so it always reads as zero. The language sees to it that an index
 * is never too large. */
static void write(struct vmm_vcpu *vcpu, struct effects *effects, const struct vmm_step *step)
{
    const struct pg74_state *state = step->state;
    uint32_t index = step->b->low;

    if (state->duty == PG74_DUTY_COUNTDOWN)
        vcpu->timer_set = true;
    if ((int32_t)index != state->zero)
        collect(effects, 0, state->slot + index, step->c->low);
}

static void take_effect(struct vmm_vcpu *vcpu, const struct effects *effects)
{
    for (const struct effect *effect = effects->list; effect < effects->next; effect++) {
        if (effect->bytes == 0)
            vcpu->state[effect->where] = effect->value;
        else
            store(vcpu, effect->where, effect->bytes, effect->value);
    }
}

/* ---- Programs ---------------------------------------------------------------------------------------------------- */

/* `translate` is run in the middle of the program that needs it, which waits for the result as a caller. */
enum vmm_end vmm_evaluate(struct vmm_vcpu *vcpu, const struct vmm_step *program,
                          const uint32_t parameters[PG74_MOST_PARAMETERS], uint32_t word)
{
    struct effects effects;
    const struct vmm_step *caller = NULL;
    const uint32_t *callers_parameters = parameters;
    uint32_t arguments[3];

    effects.next = effects.list;
    for (const struct vmm_step *step = program;; step++) {
        switch (step->operator) {
        case VMM_GENERAL:         compute(step); break;
        case PG74_IR_PARAMETER:   step->result->low = parameters[step->number] & step->mask; break;
        case PG74_IR_INSTRUCTION: step->result->low = word; break;
        case PG74_IR_MEMORY_SIZE: step->result->low = vcpu->memory_size & step->mask; break;

        /* The commonest operators, where all is narrow; from here to SELECT also in constants, without a vCPU. */
        case PG74_IR_ADD:           step->result->low = (step->a->low + step->b->low) & step->mask; break;
        case PG74_IR_SUB:           step->result->low = (step->a->low - step->b->low) & step->mask; break;
        case PG74_IR_MUL:           step->result->low = step->a->low * step->b->low & step->mask; break;
        case PG74_IR_AND:           step->result->low = step->a->low & step->b->low; break;
        case PG74_IR_OR:            step->result->low = step->a->low | step->b->low; break;
        case PG74_IR_XOR:           step->result->low = step->a->low ^ step->b->low; break;
        case PG74_IR_EQUAL:         step->result->low = step->a->low == step->b->low; break;
        case PG74_IR_LESS_UNSIGNED: step->result->low = step->a->low < step->b->low; break;
        case PG74_IR_LESS_SIGNED:   step->result->low = (int32_t)step->a->low < (int32_t)step->b->low; break;
        case PG74_IR_EXTRACT:       step->result->low = step->a->low >> step->number & step->mask; break;
        case PG74_IR_CONCATENATE:   step->result->low = step->a->low << step->number | step->b->low; break;
        case PG74_IR_SELECT:        step->result->low = step->a->low ? step->b->low : step->c->low; break;
        case PG74_IR_SIGN_EXTEND:
            step->result->low = (uint32_t)((int32_t)(step->a->low << step->number) >> step->number) & step->mask;
            break;
        case PG74_IR_SHIFT_LEFT:
            step->result->low = step->b->low < 32 ? step->a->low << step->b->low : 0;
            break;
        case PG74_IR_SHIFT_RIGHT_UNSIGNED:
            step->result->low = step->b->low < 32 ? step->a->low >> step->b->low : 0;
            break;
        case PG74_IR_SHIFT_RIGHT_SIGNED:
            step->result->low = (uint32_t)((int32_t)step->a->low >> (step->b->low < 32 ? step->b->low : 31));
            break;

        case VMM_READ_SLOT:    step->result->low = vcpu->state[step->number]; break;
        case PG74_IR_READ:     step->result->low = vcpu->state[step->number + step->b->low]; break;
        case PG74_IR_LOAD:     step->result->low = load(vcpu, step->a->low, step->number); break;
        case PG74_IR_PORT_IN:  step->result->low = vmm_port_in(vcpu, step->a->low) & step->mask; break;
        case PG74_IR_DIAGNOSE: step->result->low = vmm_diagnose(vcpu, step->a->low, step->b->low) & step->mask; break;

        case VMM_WRITE_NOW:     vcpu->state[step->number] = step->c->low; break;
        case VMM_WRITE_CONTEXT: vcpu->context = 0; write(vcpu, &effects, step); break;
        case VMM_WRITE_SLOT:    collect(&effects, 0, step->number, step->c->low); break;
        case PG74_IR_WRITE:     write(vcpu, &effects, step); break;
        case VMM_STORE_NOW:     store(vcpu, step->a->low, step->number, step->b->low); break;
        case PG74_IR_STORE:     collect(&effects, step->number, step->a->low, step->b->low); break;
        case PG74_IR_PORT_OUT:  vmm_port_out(vcpu, step->a->low, step->b->low); break;
        case PG74_IR_LOCAL_SET: *step->result = *step->a; break;
        case VMM_ADVANCE: {
            unsigned program_counter = vcpu->isa->program_counter;
            collect(&effects, 0, program_counter, vcpu->state[program_counter] + step->number);
            break;
        }

        /* Control. The loop adds one to the step. */
        case PG74_IR_BRANCH:
            if (step->a->low == 0)
                step = step->target - 1;
            break;
        case PG74_IR_JUMP:
            step = step->target - 1;
            break;
        case PG74_IR_TRANSLATE:
            arguments[0] = step->a->low;
            arguments[1] = step->b->low;
            arguments[2] = step->c->low;
            parameters = arguments;
            caller = step;
            step = step->target - 1;
            break;
        case PG74_IR_RETURN:
            if (caller) {
                caller->result->low = step->a->low;
                parameters = callers_parameters;
                step = caller;
                caller = NULL;
                break;
            }
            vcpu->result = step->a->low;
            take_effect(vcpu, &effects);
            return VMM_DONE;
        case PG74_IR_TRAP:
            vcpu->trap = (struct vmm_trap){ step->number, step->a->low, step->b->low };
            return VMM_TRAPPED;
        case PG74_IR_IGNORE:
            return VMM_IGNORED;
        case VMM_END_ADVANCE:
            vcpu->state[vcpu->isa->program_counter] += step->number;
            /* fall through */
        case VMM_END:
            take_effect(vcpu, &effects);
            return VMM_DONE;
        default:
            __builtin_unreachable(); /* prepare.c makes no others */
        }
    }
}
