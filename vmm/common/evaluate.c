/* evaluate.c: executes a program of the IR on a guest's virtual state. The one place where a monitor executes meaning;
 * it knows operators and no instruction.
 *
 * A program is a row of steps (prepare.c makes them from the nodes of the IR). Each gets a value from earlier ones;
 * control only goes forward. Effects are collected, and take place together at the end, so that every read sees the
 * state from before, and a trap leaves nothing behind. docs/boot-protocol.md lists the operators.
 *
 * Each operator is a function, which the step names, and which ends by going on with the next step: the compiler makes
 * a jump of that, so nothing is called and nothing piles up. This is where monitors spend most of their time.
 *
 * Values have 1 to 64 bits. Nearly all have 32 or fewer, and this is a machine of 32: the commonest operators have a
 * quick case for those.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

/* An effect that waits for the end of the program: a store of `bytes` bytes, or, where that is 0, a write to a slot. */
struct effect { uint32_t bytes, where, value; };

/* A program that is being executed. `translate` is run in the middle of the program that needs it, which waits for the
 * result as a caller. */
struct vmm_run {
    struct vmm_vcpu *vcpu;
    struct effect *next;                          /* the first free one */
    const uint32_t *parameters, *callers_parameters;
    const struct vmm_step *caller;                /* or NULL: it is no `translate` in the middle of another */
    uint32_t word, arguments[3];
    struct effect effects[PG74_MOST_WRITES + 1];  /* and one for the program counter */
};

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

/* ---- Operators ----------------------------------------------------------------------------------------------------
 *
 * OPERATOR(name) begins the function of one; `go_on` is its end, unless control goes elsewhere. */

#define OPERATOR(name) static enum vmm_end name(struct vmm_run *run, const struct vmm_step *step)

static inline enum vmm_end go_on(struct vmm_run *run, const struct vmm_step *step)
{
    return step[1].execute(run, step + 1);
}

static inline enum vmm_end go_to(struct vmm_run *run, const struct vmm_step *step)
{
    return step->execute(run, step);
}

static inline enum vmm_end result(struct vmm_run *run, const struct vmm_step *step, uint32_t value)
{
    step->result->low = value;
    return go_on(run, step);
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

OPERATOR(general)     { compute(step); return go_on(run, step); }
OPERATOR(parameter)   { return result(run, step, run->parameters[step->number] & step->mask); }
OPERATOR(instruction) { return result(run, step, run->word); }
OPERATOR(memory_size) { return result(run, step, run->vcpu->memory_size & step->mask); }

/* The commonest operators, where all is narrow; in constants, too, and without a vCPU. */
OPERATOR(add)           { return result(run, step, (step->a->low + step->b->low) & step->mask); }
OPERATOR(subtract)      { return result(run, step, (step->a->low - step->b->low) & step->mask); }
OPERATOR(multiply)      { return result(run, step, step->a->low * step->b->low & step->mask); }
OPERATOR(logical_and)   { return result(run, step, step->a->low & step->b->low); }
OPERATOR(logical_or)    { return result(run, step, step->a->low | step->b->low); }
OPERATOR(exclusive_or)  { return result(run, step, step->a->low ^ step->b->low); }
OPERATOR(equal)         { return result(run, step, step->a->low == step->b->low); }
OPERATOR(less_unsigned) { return result(run, step, step->a->low < step->b->low); }
OPERATOR(less_signed)   { return result(run, step, (int32_t)step->a->low < (int32_t)step->b->low); }
OPERATOR(extract)       { return result(run, step, step->a->low >> step->number & step->mask); }
OPERATOR(concatenate)   { return result(run, step, step->a->low << step->number | step->b->low); }
OPERATOR(choose)        { return result(run, step, step->a->low ? step->b->low : step->c->low); }
OPERATOR(shift_left)    { return result(run, step, step->b->low < 32 ? step->a->low << step->b->low : 0); }
OPERATOR(shift_right)   { return result(run, step, step->b->low < 32 ? step->a->low >> step->b->low : 0); }
OPERATOR(shift_right_signed)
{
    return result(run, step, (uint32_t)((int32_t)step->a->low >> (step->b->low < 32 ? step->b->low : 31)));
}
OPERATOR(sign_extend)
{
    return result(run, step, (uint32_t)((int32_t)(step->a->low << step->number) >> step->number) & step->mask);
}

/* What reads: state, memory, devices. */
OPERATOR(read_slot) { return result(run, step, run->vcpu->state[step->number]); }
OPERATOR(read_element)    { return result(run, step, run->vcpu->state[step->number + step->b->low]); }
OPERATOR(load_from) { return result(run, step, load(run->vcpu, step->a->low, step->number)); }
OPERATOR(port_in)   { return result(run, step, vmm_port_in(run->vcpu, step->a->low) & step->mask); }
OPERATOR(diagnose)
{
    return result(run, step, vmm_diagnose(run->vcpu, step->a->low, step->b->low) & step->mask);
}
OPERATOR(local)
{
    *step->result = *step->a;
    return go_on(run, step);
}

/* What changes something: at the end, or at once where nobody can tell. What is written to a state's zero element is
 * lost; so it always reads as zero. The language sees to it that an index is never too large. */
static void collect(struct vmm_run *run, uint32_t bytes, uint32_t where, uint32_t value)
{
    *run->next++ = (struct effect){ bytes, where, value };
}

OPERATOR(write_element)
{
    const struct pg74_state *state = step->state;
    uint32_t index = step->b->low;

    if (state->duty == PG74_DUTY_COUNTDOWN)
        run->vcpu->timer_set = true;
    if ((int32_t)index != state->zero)
        collect(run, 0, state->slot + index, step->c->low);
    return go_on(run, step);
}
OPERATOR(write_context)
{
    run->vcpu->context = 0;
    return write_element(run, step);
}
OPERATOR(write_slot)
{
    collect(run, 0, step->number, step->c->low);
    return go_on(run, step);
}
OPERATOR(write_now)
{
    run->vcpu->state[step->number] = step->c->low;
    return go_on(run, step);
}
OPERATOR(store_later)
{
    collect(run, step->number, step->a->low, step->b->low);
    return go_on(run, step);
}
OPERATOR(store_now)
{
    store(run->vcpu, step->a->low, step->number, step->b->low);
    return go_on(run, step);
}
OPERATOR(port_out)
{
    vmm_port_out(run->vcpu, step->a->low, step->b->low);
    return go_on(run, step);
}
OPERATOR(advance)
{
    uint32_t slot = run->vcpu->isa->program_counter;

    collect(run, 0, slot, run->vcpu->state[slot] + step->number);
    return go_on(run, step);
}

/* Where control goes. */
OPERATOR(branch) { return go_to(run, step->a->low == 0 ? step->target : step + 1); }
OPERATOR(jump)   { return go_to(run, step->target); }
OPERATOR(translate)
{
    run->arguments[0] = step->a->low;
    run->arguments[1] = step->b->low;
    run->arguments[2] = step->c->low;
    run->parameters = run->arguments;
    run->caller = step;
    return go_to(run, step->target);
}

/* Most programs leave nothing for the end. */
static enum vmm_end take_effect(struct vmm_run *run)
{
    for (const struct effect *effect = run->effects; effect < run->next; effect++) {
        if (effect->bytes == 0)
            run->vcpu->state[effect->where] = effect->value;
        else
            store(run->vcpu, effect->where, effect->bytes, effect->value);
    }
    return VMM_DONE;
}

static inline enum vmm_end done(struct vmm_run *run)
{
    return run->next == run->effects ? VMM_DONE : take_effect(run);
}

OPERATOR(give)
{
    const struct vmm_step *caller = run->caller;

    if (caller) {
        run->parameters = run->callers_parameters;
        run->caller = NULL;
        return result(run, caller, step->a->low);
    }
    run->vcpu->result = step->a->low;
    return done(run);
}
OPERATOR(trap)
{
    run->vcpu->trap = (struct vmm_trap){ step->number, step->a->low, step->b->low };
    return VMM_TRAPPED;
}
OPERATOR(ignore)
{
    (void)run, (void)step;
    return VMM_IGNORED;
}
OPERATOR(end)
{
    (void)step;
    return done(run);
}
OPERATOR(end_advance)
{
    run->vcpu->state[run->vcpu->isa->program_counter] += step->number;
    return done(run);
}

/* Those that prepare.c makes. */
vmm_execute_step *const vmm_operators[VMM_OPERATORS] = {
    [VMM_GENERAL] = general, [PG74_IR_PARAMETER] = parameter, [PG74_IR_INSTRUCTION] = instruction,
    [PG74_IR_MEMORY_SIZE] = memory_size, [PG74_IR_ADD] = add, [PG74_IR_SUB] = subtract, [PG74_IR_MUL] = multiply,
    [PG74_IR_AND] = logical_and, [PG74_IR_OR] = logical_or, [PG74_IR_XOR] = exclusive_or, [PG74_IR_EQUAL] = equal,
    [PG74_IR_LESS_UNSIGNED] = less_unsigned, [PG74_IR_LESS_SIGNED] = less_signed, [PG74_IR_EXTRACT] = extract,
    [PG74_IR_CONCATENATE] = concatenate, [PG74_IR_SELECT] = choose, [PG74_IR_SIGN_EXTEND] = sign_extend,
    [PG74_IR_SHIFT_LEFT] = shift_left, [PG74_IR_SHIFT_RIGHT_UNSIGNED] = shift_right,
    [PG74_IR_SHIFT_RIGHT_SIGNED] = shift_right_signed, [VMM_READ_SLOT] = read_slot, [PG74_IR_READ] = read_element,
    [PG74_IR_LOAD] = load_from, [PG74_IR_PORT_IN] = port_in, [PG74_IR_DIAGNOSE] = diagnose,
    [PG74_IR_LOCAL_SET] = local, [PG74_IR_WRITE] = write_element, [VMM_WRITE_CONTEXT] = write_context,
    [VMM_WRITE_SLOT] = write_slot, [VMM_WRITE_NOW] = write_now, [PG74_IR_STORE] = store_later,
    [VMM_STORE_NOW] = store_now, [PG74_IR_PORT_OUT] = port_out, [VMM_ADVANCE] = advance, [PG74_IR_BRANCH] = branch,
    [PG74_IR_JUMP] = jump, [PG74_IR_TRANSLATE] = translate, [PG74_IR_RETURN] = give, [PG74_IR_TRAP] = trap,
    [PG74_IR_IGNORE] = ignore, [VMM_END] = end, [VMM_END_ADVANCE] = end_advance,
};

enum vmm_end vmm_evaluate(struct vmm_vcpu *vcpu, const struct vmm_step *program,
                          const uint32_t parameters[PG74_MOST_PARAMETERS], uint32_t word)
{
    struct vmm_run run;

    run.vcpu = vcpu;
    run.next = run.effects;
    run.parameters = run.callers_parameters = parameters;
    run.caller = NULL;
    run.word = word;
    return go_to(&run, program);
}
