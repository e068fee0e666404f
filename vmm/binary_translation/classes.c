/* classes.c: which instructions of a guest the hardware may execute in its user mode.
 *
 * Nobody tells the translator what an instruction means: it reads that in the instruction's program. The hardware will
 * execute a copy in user mode, so the mode is known to be 1 and what depends on it is decided; what then cannot be
 * reached does not count. A copy is harmless if it does nothing but compute with general registers, jump, and access
 * memory through `translate`, which the shadow page tables make the guest's own.
 *
 * The boot module has room for the classes that `pg74 classify` finds. They are not needed: a proof over all states takes
 * Z3, while a look at the program errs on the safe side only, and is done before the guest has started.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "translation.h"

enum { MOST_INSTRUCTIONS = 128, BUCKETS = 128, REAL_MODE = 1 };

static struct {
    const struct vmm_isa *isa;
    struct instruction_class classes[MOST_INSTRUCTIONS], illegal;
    uint16_t buckets[BUCKETS][MOST_INSTRUCTIONS], lengths[BUCKETS]; /* by the lowest seven bits of a word */
    bool has_sensitive[2];
    uint32_t call_out;
} all;

/* ---- A program in user mode -------------------------------------------------------------------------------------- */

/* What is known of its nodes, and what was found out. */
struct look {
    const struct pg74_node *nodes;
    bool reached[PG74_LONGEST_PROGRAM + 1], known[PG74_LONGEST_PROGRAM];
    uint32_t value[PG74_LONGEST_PROGRAM];
    bool reads_mode, touches, branches, jumps;
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
        look->jumps |= state->role == PG74_ROLE_PROGRAM_COUNTER && !look->branches;
        break;
    case PG74_IR_LOAD: case PG74_IR_STORE:
        look->touches |= look->nodes[node->a].operator != PG74_IR_TRANSLATE;
        break;
    case PG74_IR_PORT_IN: case PG74_IR_PORT_OUT: case PG74_IR_DIAGNOSE: case PG74_IR_MEMORY_SIZE:
        look->touches = true;
        break;
    case PG74_IR_BRANCH:
        look->branches |= !is_known(look, node->a);
        break;
    default:
        break;
    }
}

/* Where control goes after a node, as in prepare.c. */
static void follow(struct look *look, unsigned number)
{
    const struct pg74_node *node = &look->nodes[number];

    switch (node->operator) {
    case PG74_IR_TRAP: case PG74_IR_IGNORE: case PG74_IR_RETURN:
        return;
    case PG74_IR_JUMP:
        look->reached[node->constant] = true;
        return;
    case PG74_IR_BRANCH:
        if (!is_known(look, node->a) || look->value[node->a] == 0)
            look->reached[node->constant] = true;
        if (!is_known(look, node->a) || look->value[node->a] != 0)
            look->reached[number + 1] = true;
        return;
    default:
        look->reached[number + 1] = true;
    }
}

static void classify(const struct pg74_program *program, struct instruction_class *found)
{
    static struct look look;

    look.nodes = all.isa->nodes + program->first;
    look.reads_mode = look.touches = look.branches = look.jumps = false;
    for (unsigned i = 0; i <= program->count; i++) {
        look.reached[i] = i == 0;
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
    *found = (struct instruction_class){ { class, class }, look.jumps };
    if (class == CLASS_HARMLESS && look.reads_mode)
        found->in[0] = CLASS_SENSITIVE; /* in user mode it does something else than the guest's supervisor expects */
}

/* ---- All instructions -------------------------------------------------------------------------------------------- */

static void add_to_buckets(uint16_t number, const struct pg74_instruction *instruction)
{
    bool all_bits = instruction->mask % BUCKETS == BUCKETS - 1;
    uint32_t low = all_bits ? instruction->match % BUCKETS : 0, last = all_bits ? low : BUCKETS - 1;

    for (; low <= last; low++)
        if (((low ^ instruction->match) & instruction->mask % BUCKETS) == 0)
            all.buckets[low][all.lengths[low]++] = number;
}

bool classes_find(const struct vmm_isa *isa)
{
    bool found = false;
    unsigned count = isa->module->instruction_count;

    all.isa = isa;
    classify(&isa->module->paragraphs[PG74_ON_ILLEGAL], &all.illegal);
    if (count > MOST_INSTRUCTIONS) {
        all.has_sensitive[0] = all.has_sensitive[1] = true; /* for all that is known */
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        struct instruction_class *class = &all.classes[i];
        classify(&isa->instructions[i].program, class);
        add_to_buckets((uint16_t)i, &isa->instructions[i]);
        all.has_sensitive[0] |= class->in[0] == CLASS_SENSITIVE;
        all.has_sensitive[1] |= class->in[1] == CLASS_SENSITIVE;
        if (!found && class->in[0] == CLASS_TRAPS) {
            all.call_out = isa->instructions[i].match;
            found = true;
        }
    }
    all.has_sensitive[0] |= all.illegal.in[0] == CLASS_SENSITIVE;
    all.has_sensitive[1] |= all.illegal.in[1] == CLASS_SENSITIVE;
    return found;
}

const struct instruction_class *class_of(uint32_t word)
{
    unsigned bucket = word % BUCKETS;

    for (unsigned i = 0; i < all.lengths[bucket]; i++) {
        const struct pg74_instruction *instruction = &all.isa->instructions[all.buckets[bucket][i]];
        if ((word & instruction->mask) == instruction->match)
            return &all.classes[all.buckets[bucket][i]];
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
