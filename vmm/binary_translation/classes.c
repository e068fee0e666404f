/* classes.c: which instructions of a guest the hardware may execute in its user mode.
 *
 * Nobody tells the translator what an instruction means: it reads that in the instruction's program. The hardware
 * will execute a copy in user mode, so the mode is known to be 1 and what depends on it is decided; what then cannot
 * be reached does not count. A copy is harmless if it does nothing but compute with general registers, jump, and
 * access memory through `translate`, which the shadow page tables make the guest's own.
 *
 * The boot module has room for the classes that `pg74 classify` finds. They are not needed: a proof over all states
 * takes Z3, while a look at the program errs on the safe side only, and is done before the guest has started.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "translation.h"

enum { MOST_INSTRUCTIONS = 256, BUCKETS = 1 << 10, PLACES = 2048, REAL_MODE = 1 };

static struct {
    const struct vmm_isa *isa;
    struct instruction_class classes[MOST_INSTRUCTIONS], illegal;
    struct place { uint16_t instruction, next; } places[PLACES]; /* chains of instructions, by some bits of their words: */
    uint16_t place_count, buckets[BUCKETS];                       /* where each begins; place 0 ends it */
    bool has_sensitive[2];
    uint32_t call_out;
} all;

/* ---- A program in user mode -------------------------------------------------------------------------------------- */

/* What is known of its nodes, and what was found out. */
struct look {
    const struct pg74_node *nodes;
    bool reached[PG74_LONGEST_PROGRAM + 1], known[PG74_LONGEST_PROGRAM];
    uint32_t value[PG74_LONGEST_PROGRAM];
    bool straight[PG74_LONGEST_PROGRAM + 1]; /* reached without having set the program counter */
    bool reads_mode, touches;
};

static bool is_known(const struct look *look, unsigned number)
{
    return number != PG74_NONE && look->known[number];
}

/* Of two bits, one of which may be enough. */
static bool fold_logic(const struct look *look, const struct pg74_node *node, uint32_t *value)
{
    bool a = is_known(look, node->a), b = is_known(look, node->b);
    uint32_t all_ones = node->width >= 32 ? ~UINT32_C(0) : (UINT32_C(1) << node->width) - 1;
    uint32_t decisive = node->operator == PG74_IR_AND ? 0 : all_ones;

    *value = decisive;
    if ((a && look->value[node->a] == decisive) || (b && look->value[node->b] == decisive))
        return true;
    if (!a || !b)
        return false;
    *value = node->operator == PG74_IR_AND ? look->value[node->a] & look->value[node->b]
                                           : look->value[node->a] | look->value[node->b];
    return true;
}

/* The few operators that conditions on the mode are made of. Anything else is taken for unknown. */
static bool fold(const struct look *look, const struct pg74_node *node, uint32_t *value)
{
    bool both = is_known(look, node->a) && is_known(look, node->b);

    switch (node->operator) {
    case PG74_IR_CONSTANT:
        *value = node->constant;
        return node->width <= 32;
    case PG74_IR_READ:
        *value = REAL_MODE;
        return all.isa->states[node->a].role == PG74_ROLE_MODE;
    case PG74_IR_AND: case PG74_IR_OR:
        return node->width <= 32 && fold_logic(look, node, value);
    case PG74_IR_XOR:
        *value = both ? look->value[node->a] ^ look->value[node->b] : 0;
        return both;
    case PG74_IR_EQUAL:
        *value = both && look->value[node->a] == look->value[node->b];
        return both;
    case PG74_IR_ZERO_EXTEND:
        *value = is_known(look, node->a) ? look->value[node->a] : 0;
        return is_known(look, node->a) && node->width <= 32;
    default:
        return false;
    }
}

/* A state that the guest and the real machine have in common: its registers. */
static bool is_shared(const struct pg74_state *state)
{
    return state->role == PG74_ROLE_GENERAL || state->role == PG74_ROLE_PROGRAM_COUNTER;
}

static bool writes_program_counter(const struct pg74_node *node)
{
    return node->operator == PG74_IR_WRITE && all.isa->states[node->a].role == PG74_ROLE_PROGRAM_COUNTER;
}

static void look_at(struct look *look, const struct pg74_node *node)
{
    const struct pg74_state *state = &all.isa->states[node->a];

    switch (node->operator) {
    case PG74_IR_READ:
        look->reads_mode |= state->role == PG74_ROLE_MODE;
        look->touches |= state->role != PG74_ROLE_MODE && !is_shared(state);
        break;
    case PG74_IR_WRITE:
        look->touches |= !is_shared(state);
        break;
    case PG74_IR_LOAD: case PG74_IR_STORE:
        look->touches |= look->nodes[node->a].operator != PG74_IR_TRANSLATE;
        break;
    case PG74_IR_PORT_IN: case PG74_IR_PORT_OUT: case PG74_IR_DIAGNOSE: case PG74_IR_MEMORY_SIZE:
        look->touches = true;
        break;
    default:
        break;
    }
}

static void reach(struct look *look, unsigned from, unsigned to)
{
    look->reached[to] = true;
    look->straight[to] |= look->straight[from] && !writes_program_counter(&look->nodes[from]);
}

/* Where control goes after a node, as in prepare.c. */
static void follow(struct look *look, unsigned number)
{
    const struct pg74_node *node = &look->nodes[number];

    switch (node->operator) {
    case PG74_IR_TRAP: case PG74_IR_IGNORE: case PG74_IR_RETURN:
        return;
    case PG74_IR_JUMP:
        reach(look, number, node->constant);
        return;
    case PG74_IR_BRANCH:
        if (!is_known(look, node->a) || look->value[node->a] == 0)
            reach(look, number, node->constant);
        if (!is_known(look, node->a) || look->value[node->a] != 0)
            reach(look, number, number + 1);
        return;
    default:
        reach(look, number, number + 1);
    }
}

/* Most instructions only compute, and need no closer look. */
static bool is_plain(const struct pg74_program *program, struct instruction_class *found)
{
    const struct pg74_node *nodes = all.isa->nodes + program->first;

    for (const struct pg74_node *node = nodes; node < nodes + program->count; node++)
        switch (node->operator) {
        case PG74_IR_READ: case PG74_IR_WRITE:
            if (!is_shared(&all.isa->states[node->a]) || writes_program_counter(node))
                return false;
            break;
        case PG74_IR_LOAD: case PG74_IR_STORE:
            if (nodes[node->a].operator != PG74_IR_TRANSLATE)
                return false;
            break;
        case PG74_IR_PORT_IN: case PG74_IR_PORT_OUT: case PG74_IR_DIAGNOSE: case PG74_IR_MEMORY_SIZE:
        case PG74_IR_BRANCH: case PG74_IR_TRAP:
            return false;
        default:
            break;
        }
    *found = (struct instruction_class){ { CLASS_HARMLESS, CLASS_HARMLESS }, false };
    return true;
}

static void classify(const struct pg74_program *program, struct instruction_class *found)
{
    static struct look look;

    if (is_plain(program, found))
        return;
    look.nodes = all.isa->nodes + program->first;
    look.reads_mode = look.touches = false;
    for (unsigned i = 0; i <= program->count; i++) {
        look.reached[i] = look.straight[i] = i == 0;
        look.known[i % PG74_LONGEST_PROGRAM] = false;
    }
    for (unsigned i = 0; i < program->count; i++) {
        if (!look.reached[i])
            continue;
        look.known[i] = fold(&look, &look.nodes[i], &look.value[i]);
        look_at(&look, &look.nodes[i]);
        follow(&look, i);
    }
    bool ends = look.reached[program->count]; /* and not only in traps */
    enum class class = !ends ? CLASS_TRAPS : look.touches ? CLASS_SENSITIVE : CLASS_HARMLESS;
    *found = (struct instruction_class){ { class, class }, !look.straight[program->count] };
    if (class == CLASS_HARMLESS && look.reads_mode)
        found->in[0] = CLASS_SENSITIVE; /* in user mode it does something else than the guest's supervisor expects */
}

/* ---- All instructions -------------------------------------------------------------------------------------------- */

/* Instructions are mostly told apart by the bits that RISC-V calls opcode and funct3: ten bits of the word. */
static uint32_t bucket_of(uint32_t word)
{
    return word % 128 | (word >> 12) % 8 << 7;
}

static bool add_to_buckets(uint16_t number, const struct pg74_instruction *instruction)
{
    uint32_t mask = bucket_of(instruction->mask), match = bucket_of(instruction->match);

    /* Every number whose bits outside of the mask are any: adding one to them carries through the mask's ones. */
    for (uint32_t bits = match;; bits = (((bits | mask) + 1) & ~mask & (BUCKETS - 1)) | match) {
        if (++all.place_count == PLACES)
            return false;
        all.places[all.place_count] = (struct place){ number, all.buckets[bits] };
        all.buckets[bits] = all.place_count;
        if ((bits | mask) == BUCKETS - 1)
            return true;
    }
}

bool classes_find(const struct vmm_isa *isa)
{
    bool found = false, room = isa->module->instruction_count <= MOST_INSTRUCTIONS;

    all.isa = isa;
    classify(&isa->module->paragraphs[PG74_ON_ILLEGAL], &all.illegal);
    for (unsigned i = 0; i < isa->module->instruction_count && room; i++) {
        struct instruction_class *class = &all.classes[i];
        classify(&isa->instructions[i].program, class);
        room = add_to_buckets((uint16_t)i, &isa->instructions[i]);
        all.has_sensitive[0] |= class->in[0] == CLASS_SENSITIVE;
        all.has_sensitive[1] |= class->in[1] == CLASS_SENSITIVE;
        if (!found && class->in[0] == CLASS_TRAPS) {
            all.call_out = isa->instructions[i].match;
            found = true;
        }
    }
    for (unsigned mode = 0; mode < 2; mode++)
        all.has_sensitive[mode] |= !room || all.illegal.in[mode] == CLASS_SENSITIVE;
    return found && room;
}

const struct instruction_class *class_of(uint32_t word)
{
    for (unsigned i = all.buckets[bucket_of(word)]; i; i = all.places[i].next) {
        const struct pg74_instruction *instruction = &all.isa->instructions[all.places[i].instruction];
        if ((word & instruction->mask) == instruction->match)
            return &all.classes[all.places[i].instruction];
    }
    return &all.illegal;
}

uint32_t class_call_out(void)
{
    return all.call_out;
}

bool class_has_sensitive(unsigned mode)
{
    return all.has_sensitive[mode];
}
