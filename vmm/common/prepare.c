/* prepare.c: turns a program of the IR into steps that run quickly, once for the many times that it is run.
 *
 * What is the same each time is done here. Of an instruction its whole word is known, so its fields are constants; what
 * is computed of constants alone is computed now, and a branch on it is decided; what then cannot be reached is left
 * out. `addi a0, a0, 1` becomes: read the slot of a0, add, write that slot, end. Operands are the places of their
 * values, jumps lead to steps.
 *
 * Effects have to wait for the end of the program, for a trap must leave nothing behind and every read must see the
 * state from before. Where nothing that follows can trap or look, they need not.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

enum { MOST_STEPS = PG74_LONGEST_PROGRAM + 1 };

/* A program on its way: for each node the place of its value, whether that is known now, the step at which it begins,
 * and whether the program can come there. */
struct work {
    struct vmm_isa *isa;
    const struct pg74_node *nodes;
    const struct vmm_known *known;
    struct vmm_value *locals;
    bool writes_program_counter, has_effects;
    struct made {
        struct vmm_value *value;
        struct vmm_step *step;
        bool constant, reached;
    } __attribute__((aligned(16))) made[MOST_STEPS]; /* a power of two in size: no multiplication finds one */
};

/* ---- Operands ---------------------------------------------------------------------------------------------------- */

static struct vmm_value zero; /* nobody writes to it: an operand only */

static struct vmm_value *value_of(const struct work *work, unsigned number)
{
    return number == PG74_NONE ? &zero : work->made[number].value;
}

static bool is_constant(const struct work *work, unsigned number)
{
    return number == PG74_NONE || work->made[number].constant;
}

static unsigned width_of(const struct work *work, unsigned number)
{
    return number == PG74_NONE ? 0 : work->nodes[number].width;
}

static uint32_t mask_of(unsigned width)
{
    return width == 0 || width > 32 ? ~UINT32_C(0) : ~UINT32_C(0) >> (32 - width);
}

/* The node's value is a number that is known now: it needs no step. */
static void is_known(struct work *work, unsigned number, uint32_t low, uint32_t high)
{
    *work->made[number].value = (struct vmm_value){ low, high };
    work->made[number].constant = true;
}

/* The node's value is that of another. */
static void is_same(struct work *work, unsigned number, unsigned other)
{
    work->made[number].value = work->made[other].value;
    work->made[number].constant = work->made[other].constant;
}

static struct vmm_step *add_step(struct work *work, unsigned number, unsigned operator)
{
    const struct pg74_node *node = &work->nodes[number];
    struct vmm_step *step = work->isa->next_step++;

    step->operator = operator;
    step->mask = mask_of(node->width);
    step->result = work->made[number].value;
    step->a = step->b = step->c = &zero;
    step->number = node->constant;
    return step;
}

/* ---- Computing --------------------------------------------------------------------------------------------------- */

/* The operators that evaluate.c has a quick case for, while nothing in them is wide. */
static bool is_quick(const struct work *work, const struct pg74_node *node)
{
    switch (node->operator) {
    case PG74_IR_ADD: case PG74_IR_SUB: case PG74_IR_MUL: case PG74_IR_AND: case PG74_IR_OR: case PG74_IR_XOR:
    case PG74_IR_CONCATENATE: case PG74_IR_SIGN_EXTEND: case PG74_IR_SELECT:
        return node->width <= 32;
    case PG74_IR_SHIFT_LEFT: case PG74_IR_SHIFT_RIGHT_UNSIGNED: case PG74_IR_SHIFT_RIGHT_SIGNED:
        return node->width == 32 && width_of(work, node->b) <= 32;
    case PG74_IR_EQUAL: case PG74_IR_LESS_UNSIGNED: case PG74_IR_EXTRACT:
        return width_of(work, node->a) <= 32;
    case PG74_IR_LESS_SIGNED:
        return width_of(work, node->a) == 32;
    default:
        return false;
    }
}

static void describe(const struct work *work, const struct pg74_node *node, struct vmm_step *step)
{
    if (!is_quick(work, node)) {
        step->operator = VMM_GENERAL;
        step->general.operator = node->operator;
        step->general.width = node->width;
        step->general.width_of_a = (uint8_t)width_of(work, node->a);
        step->general.rest = (uint8_t)(node->operator == PG74_IR_EXTRACT ? node->constant : width_of(work, node->b));
    } else if (node->operator == PG74_IR_SIGN_EXTEND) {
        step->number = 32 - width_of(work, node->a);
    } else if (node->operator == PG74_IR_CONCATENATE) {
        step->number = width_of(work, node->b);
    }
}

/* Its second operand is a zero that leaves the first as it is. */
static bool adds_nothing(const struct work *work, const struct pg74_node *node)
{
    switch (node->operator) {
    case PG74_IR_ADD: case PG74_IR_SUB: case PG74_IR_OR: case PG74_IR_XOR:
    case PG74_IR_SHIFT_LEFT: case PG74_IR_SHIFT_RIGHT_UNSIGNED: case PG74_IR_SHIFT_RIGHT_SIGNED:
        return is_constant(work, node->b) && value_of(work, node->b)->low == 0 && value_of(work, node->b)->high == 0;
    default:
        return false;
    }
}

/* An operator on values. Of constants alone: the step is run here and now, and never again. */
static void prepare_computation(struct work *work, unsigned number)
{
    const struct pg74_node *node = &work->nodes[number];

    if (node->operator == PG74_IR_ZERO_EXTEND && node->width <= 32) {
        is_same(work, number, node->a); /* it has no bits above its own */
        return;
    }
    if (adds_nothing(work, node)) {
        is_same(work, number, node->a);
        return;
    }
    if (node->operator == PG74_IR_SELECT && is_constant(work, node->a)) {
        is_same(work, number, work->made[node->a].value->low ? node->b : node->c);
        return;
    }
    struct vmm_step *step = add_step(work, number, node->operator);
    step->a = value_of(work, node->a);
    step->b = value_of(work, node->b);
    step->c = value_of(work, node->c);
    describe(work, node, step);
    if (is_constant(work, node->a) && is_constant(work, node->b) && is_constant(work, node->c)) {
        step[0].execute = vmm_operators[step->operator];
        step[1].execute = vmm_operators[VMM_END];
        vmm_evaluate(NULL, step, NULL, 0);
        work->made[number].constant = true;
        work->isa->next_step--;
    }
}

/* ---- State ------------------------------------------------------------------------------------------------------- */

/* The element of a state that is read or written, where it is known now; else -1. */
static int32_t element(const struct work *work, const struct pg74_node *node)
{
    return is_constant(work, node->b) ? (int32_t)value_of(work, node->b)->low : -1;
}

/* A slot whose value is known now, because the program is prepared for that value alone. */
static bool read_key(struct vmm_key *key, uint32_t slot, uint32_t *value)
{
    for (unsigned i = 0; i < key->count; i++)
        if (key->slots[i] == slot) {
            *value = key->values[i];
            key->used |= UINT32_C(1) << i;
            return true;
        }
    return false;
}

static void prepare_read(struct work *work, unsigned number)
{
    const struct pg74_node *node = &work->nodes[number];
    const struct pg74_state *state = &work->isa->states[node->a];
    int32_t which = element(work, node);
    uint32_t value = 0;

    if (state->role == PG74_ROLE_GUEST_MODE)
        value = work->known->guest_mode;
    if ((which >= 0 && which == state->zero) || state->role == PG74_ROLE_GUEST_MODE ||
        (which >= 0 && work->known->key && read_key(work->known->key, state->slot + (uint32_t)which, &value))) {
        is_known(work, number, value, 0);
        return;
    }
    struct vmm_step *step = add_step(work, number, which >= 0 ? VMM_READ_SLOT : PG74_IR_READ);
    step->b = value_of(work, node->b);
    step->number = state->slot + (which >= 0 ? (uint32_t)which : 0);
}

/* State that says where the next instruction is fetched, or whether there is one. */
static bool ends_context(const struct vmm_isa *isa, const struct pg74_state *state)
{
    return state->duty == PG74_DUTY_WAITING || state->duty == PG74_DUTY_HALTED || vmm_fetch_depends(isa, state);
}

/* What is written to a state's zero element is lost. Setting the countdown has a step that notes it. */
static void prepare_write(struct work *work, unsigned number)
{
    const struct pg74_node *node = &work->nodes[number];
    const struct pg74_state *state = &work->isa->states[node->a];
    int32_t which = element(work, node);

    work->has_effects = true;
    if (state->role == PG74_ROLE_PROGRAM_COUNTER)
        work->writes_program_counter = true;
    if (which >= 0 && which == state->zero)
        return;
    bool plain = which >= 0 && state->duty != PG74_DUTY_COUNTDOWN, context = ends_context(work->isa, state);
    struct vmm_step *step =
        add_step(work, number, context ? VMM_WRITE_CONTEXT : plain ? VMM_WRITE_SLOT : PG74_IR_WRITE);
    step->b = value_of(work, node->b);
    step->c = value_of(work, node->c);
    if (plain && !context)
        step->number = state->slot + (uint32_t)which;
    else
        step->state = state;
}

/* ---- Nodes ------------------------------------------------------------------------------------------------------- */

/* `translate` for an access: its paragraph for this kind, if that is known now; prepare_translations has made it. */
static const struct vmm_step *translation_for(const struct work *work, const struct pg74_node *node)
{
    const struct vmm_step *const *paragraphs = work->isa->paragraphs[work->known->guest_mode];
    uint32_t access = is_constant(work, node->c) ? value_of(work, node->c)->low : 0;
    bool known = access >= PG74_FETCHING && access <= PG74_STORING && paragraphs[VMM_TRANSLATE + access];

    return paragraphs[known ? VMM_TRANSLATE + access : PG74_ON_TRANSLATE];
}

static void prepare_other(struct work *work, unsigned number)
{
    const struct pg74_node *node = &work->nodes[number];
    struct vmm_step *step = add_step(work, number, node->operator);

    work->has_effects |= node->operator == PG74_IR_STORE;
    switch (node->operator) {
    case PG74_IR_PARAMETER:
        step->number = node->a;
        break;
    case PG74_IR_LOCAL_SET:
        step->result = &work->locals[node->a];
        step->a = value_of(work, node->b);
        break;
    case PG74_IR_LOCAL_GET:
        step->operator = PG74_IR_LOCAL_SET; /* both pass a value on */
        step->a = &work->locals[node->a];
        break;
    case PG74_IR_INSTRUCTION: case PG74_IR_MEMORY_SIZE: case PG74_IR_JUMP: case PG74_IR_IGNORE:
        break;
    default:
        step->a = value_of(work, node->a);
        step->b = value_of(work, node->b);
        step->c = value_of(work, node->c);
        if (node->operator == PG74_IR_TRANSLATE)
            step->target = translation_for(work, node);
    }
}

/* The step of one node, where it needs one; and where its value is. Targets of jumps are still numbers of nodes. */
static void prepare_node(struct work *work, unsigned number)
{
    const struct pg74_node *node = &work->nodes[number];
    const struct vmm_known *known = work->known;

    work->made[number].value = work->isa->next_value++;
    work->made[number].constant = false;
    if (node->operator == PG74_IR_CONSTANT)
        is_known(work, number, node->constant, node->constant_high);
    else if (node->operator == PG74_IR_FIELD)
        is_known(work, number, known->fields[node->a], 0);
    else if (node->operator == PG74_IR_INSTRUCTION && known->has_word)
        is_known(work, number, known->word, 0);
    else if (node->operator == PG74_IR_PARAMETER && (known->has_parameters >> node->a & 1))
        is_known(work, number, known->parameters[node->a] & mask_of(node->width), 0);
    else if (node->operator >= PG74_IR_ADD && node->operator <= PG74_IR_SIGN_EXTEND)
        prepare_computation(work, number);
    else if (node->operator == PG74_IR_READ)
        prepare_read(work, number);
    else if (node->operator == PG74_IR_WRITE)
        prepare_write(work, number);
    else
        prepare_other(work, number);
}

/* Where control goes after a node. A branch whose condition is known is none. */
static void follow(struct work *work, unsigned number)
{
    const struct pg74_node *node = &work->nodes[number];
    bool decided = node->operator == PG74_IR_BRANCH && is_constant(work, node->a);
    bool taken = decided && work->made[node->a].value->low == 0;

    switch (node->operator) {
    case PG74_IR_TRAP: case PG74_IR_IGNORE: case PG74_IR_RETURN:
        return;
    case PG74_IR_BRANCH:
        if (decided && !taken)
            work->isa->next_step--;
        else if (decided)
            work->isa->next_step[-1].operator = PG74_IR_JUMP;
        if (!decided || taken)
            work->made[node->constant].reached = true;
        if (!taken)
            work->made[number + 1].reached = true;
        return;
    case PG74_IR_JUMP:
        work->made[node->constant].reached = true;
        return;
    default:
        work->made[number + 1].reached = true;
    }
}

/* ---- Effects that need not wait ---------------------------------------------------------------------------------- */

/* Could a step notice whatever has been written or stored before the end? */
static bool notices_all(const struct vmm_step *step)
{
    switch (step->operator) {
    case PG74_IR_TRAP: case PG74_IR_IGNORE: case PG74_IR_TRANSLATE: case PG74_IR_PORT_IN: case PG74_IR_PORT_OUT:
    case PG74_IR_DIAGNOSE: case PG74_IR_LOAD: case PG74_IR_READ:
        return true;
    default:
        return false;
    }
}

/* Could it notice this write (or store)? */
static bool notices(const struct vmm_step *step, const struct vmm_step *effect)
{
    return step->operator == VMM_READ_SLOT && (effect->operator == PG74_IR_STORE || step->number == effect->number);
}

/* Effects of one kind that come after each other stay in order: after one that waits, all wait. */
static void hurry_effects(const struct work *work, struct vmm_step *first, const struct vmm_step *end)
{
    bool writes_wait = false, stores_wait = false;
    const struct vmm_step *last = end;

    while (last > first && !notices_all(last - 1))
        last--;
    for (struct vmm_step *step = first; step < end; step++) {
        bool write = step->operator == VMM_WRITE_SLOT, store = step->operator == PG74_IR_STORE;
        bool wait = step->operator == PG74_IR_WRITE || step->operator == VMM_WRITE_CONTEXT || step < last ||
                    (write && step->number == work->isa->program_counter);
        for (const struct vmm_step *later = step + 1; (write || store) && !wait && later < end; later++)
            wait = notices(later, step);
        writes_wait |= wait && !store;
        stores_wait |= wait && store;
        if (write && !writes_wait)
            step->operator = VMM_WRITE_NOW;
        if (store && !stores_wait)
            step->operator = VMM_STORE_NOW;
    }
}

/* ---- Programs ---------------------------------------------------------------------------------------------------- */

/* Steps and values that a program takes at most. */
static unsigned room_for(const struct pg74_program *program)
{
    return program->count + 3 + PG74_MOST_LOCALS;
}

/* Besides what is reserved. */
static bool has_room(const struct vmm_isa *isa, unsigned room)
{
    unsigned wanted = isa->reserved + room;

    return wanted <= (unsigned)(isa->steps + VMM_POOL - isa->next_step) &&
           wanted <= (unsigned)(isa->values + VMM_POOL - isa->next_value);
}

static const struct vmm_step *prepare(struct vmm_isa *isa, const struct pg74_program *program,
                                      const struct vmm_known *known)
{
    static struct work work;
    struct vmm_step *first = isa->next_step;

    work.isa = isa;
    work.nodes = isa->nodes + program->first;
    work.known = known;
    work.locals = isa->next_value;
    work.writes_program_counter = work.has_effects = false;
    isa->next_value += program->locals;
    if (known->has_word)
        *isa->next_step++ = (struct vmm_step){ .operator = VMM_ADVANCE, .number = isa->instruction_bytes };
    work.made[0].reached = true; /* the others are false between two calls */
    for (unsigned i = 0; i < program->count; i++) {
        work.made[i].step = isa->next_step;
        if (!work.made[i].reached)
            continue;
        work.made[i].reached = false;
        prepare_node(&work, i);
        follow(&work, i);
    }
    work.made[program->count].step = isa->next_step;
    work.made[program->count].reached = false;
    bool advance = known->has_word && !work.writes_program_counter;
    *isa->next_step++ = (struct vmm_step){ .operator = advance ? VMM_END_ADVANCE : VMM_END,
                                           .number = isa->instruction_bytes };
    if (work.has_effects)
        hurry_effects(&work, first, isa->next_step);
    for (struct vmm_step *step = first; step < isa->next_step; step++) {
        if (step->operator == PG74_IR_BRANCH || step->operator == PG74_IR_JUMP)
            step->target = work.made[step->number].step;
        step->execute = vmm_operators[step->operator];
    }
    const struct vmm_step *begin = advance ? first + 1 : first;
    while (begin->operator == PG74_IR_JUMP) /* what an instruction asks of the mode first of all is decided */
        begin = begin->target;
    return begin;
}

/* ---- Paragraphs, translations, instructions ---------------------------------------------------------------------- */

static const struct pg74_program *paragraph_program(const struct vmm_isa *isa, unsigned number)
{
    return &isa->module->paragraphs[number < VMM_TRANSLATE ? number : PG74_ON_TRANSLATE];
}

/* Before a program: `translate` for its accesses. It is long, so there is one for each kind of access, which stands in
 * nearly all programs as it is, and none for each size as well. */
static void prepare_translations(struct vmm_isa *isa, const struct pg74_program *program, uint32_t guest_mode)
{
    const struct pg74_node *nodes = isa->nodes + program->first;

    for (const struct pg74_node *node = nodes; node < nodes + program->count; node++) {
        if (node->operator != PG74_IR_TRANSLATE)
            continue;
        const struct pg74_node *access = &nodes[node->c];
        bool constant = access->operator == PG74_IR_CONSTANT && access->constant >= PG74_FETCHING &&
                        access->constant <= PG74_STORING;
        vmm_paragraph(isa, constant ? VMM_TRANSLATE + access->constant : PG74_ON_TRANSLATE, guest_mode);
    }
}

const struct vmm_step *vmm_paragraph_now(struct vmm_isa *isa, unsigned number, uint32_t guest_mode)
{
    const struct pg74_program *program = paragraph_program(isa, number);
    static struct vmm_known known;

    if (number < VMM_TRANSLATE && number != PG74_ON_TRANSLATE) /* `translate` itself has physical accesses alone */
        prepare_translations(isa, program, guest_mode);
    known.guest_mode = guest_mode;
    known.has_parameters = number > VMM_TRANSLATE ? 4 : 0; /* the third parameter, the kind of access */
    known.parameters[2] = number - VMM_TRANSLATE;
    isa->reserved -= room_for(program);
    return isa->paragraphs[guest_mode][number] = prepare(isa, program, &known);
}

static bool has_guest_mode(const struct vmm_isa *isa)
{
    return isa->guest_mode < isa->module->slots;
}

static void forget(struct vmm_isa *isa)
{
    isa->next_step = isa->steps;
    isa->next_value = isa->values;
    isa->reserved = 0;
    for (unsigned i = 0; i < VMM_PARAGRAPHS; i++) {
        isa->paragraphs[0][i] = isa->paragraphs[1][i] = NULL;
        isa->reserved += room_for(paragraph_program(isa, i)) * (has_guest_mode(isa) ? VMM_GUEST_MODES : 1);
    }
}

__attribute__((weak)) void vmm_programs_forgotten(void) {}

/* In the end there must be room for any instruction. */
const char *vmm_prepare_start(struct vmm_isa *isa)
{
    forget(isa);
    return has_room(isa, room_for(&(struct pg74_program){ .count = PG74_LONGEST_PROGRAM }))
               ? NULL : "the paragraphs are longer than this monitor has room for";
}

const struct vmm_step *vmm_prepare(struct vmm_isa *isa, const struct pg74_program *program,
                                   const struct vmm_known *known)
{
    if (!has_room(isa, room_for(program))) {
        forget(isa);
        for (unsigned i = 0; i < VMM_DECODED; i++)
            isa->decoded[i].program = NULL; /* what refers to it; see vmm_decode */
        vmm_fetch_forget(isa);
        vmm_programs_forgotten();
    }
    prepare_translations(isa, program, known->guest_mode);
    return prepare(isa, program, known);
}
