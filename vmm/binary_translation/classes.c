/* classes.c: which instructions of a guest the hardware may execute in its user mode.
 *
 * Nobody tells the translator what an instruction means: it reads that in the instruction's program. It imagines two
 * executions of it, side by side, on the same general registers and the same virtual memory: the *hardware's*, whose
 * mode is user, and the *guest's own*, in its virtual mode. A copy is harmless if the two do the same thing wherever
 * the hardware does not trap: they only compute with values that are the same in both, jump, and access memory through
 * `translate`, which the shadow page tables make the guest's own. Where the hardware traps the monitor takes over, so
 * what the guest's own execution does there does not matter.
 *
 * The boot module has room for the classes that `pg74 classify` finds. They are not needed: a proof over all states
 * takes Z3, while a look at the program errs on the safe side only, and takes no time to speak of.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "translation.h"

enum { MOST_INSTRUCTIONS = 256, PLACES = 2048, USER = 1, BUCKETS = CLASS_BUCKETS };
enum { HARDWARE, GUEST, EXECUTIONS }; /* the two */

static struct {
    const struct vmm_isa *isa;
    struct instruction_class classes[MOST_INSTRUCTIONS], illegal;
    struct place {                           /* chains of instructions, by some bits of their words: */
        uint32_t mask, match;
        struct place *next;
        const struct pg74_instruction *instruction;
        struct instruction_class *class;
    } places[PLACES], *buckets[BUCKETS];     /* where each begins */
    unsigned place_count;
    bool sensitive[BUCKETS]; /* for the guest's user mode: whether there is such an instruction in the bucket */
    bool has_sensitive[2], has_all[2]; /* by mode; whether that has been found out */
    uint32_t call_out;
} all;

/* ---- Two executions of one program ------------------------------------------------------------------------------- */

/* What is known of its nodes, and what was found out. */
struct look {
    const struct pg74_node *nodes;
    unsigned count, mode;                   /* of the guest */
    bool reached[PG74_LONGEST_PROGRAM + 1]; /* by both executions, in which case they came the same way */
    bool straight[PG74_LONGEST_PROGRAM + 1]; /* without having set the program counter */
    bool same[PG74_LONGEST_PROGRAM];        /* the node's value is the same in both executions */
    bool known[EXECUTIONS][PG74_LONGEST_PROGRAM];
    uint32_t value[EXECUTIONS][PG74_LONGEST_PROGRAM];
    struct { uint16_t node; bool set, several, same; } locals[PG74_MOST_LOCALS]; /* by which nodes they are set */
    unsigned last;                          /* the highest that is reached */
    unsigned furthest;                      /* node that a jump has led to: from there on all ways are one again */
    bool differs;                           /* the two may do different things */
};

static bool is_known(const struct look *look, unsigned execution, unsigned number)
{
    return number != PG74_NONE && look->known[execution][number];
}

static bool is_same(const struct look *look, unsigned number)
{
    return number == PG74_NONE || look->same[number];
}

/* Of two values, one of which may be enough. */
static bool fold_logic(const struct look *look, unsigned execution, const struct pg74_node *node, uint32_t *value)
{
    const uint32_t *values = look->value[execution];
    bool a = is_known(look, execution, node->a), b = is_known(look, execution, node->b);
    uint32_t all_ones = node->width >= 32 ? ~UINT32_C(0) : (UINT32_C(1) << node->width) - 1;
    uint32_t decisive = node->operator == PG74_IR_AND ? 0 : all_ones;

    *value = decisive;
    if ((a && values[node->a] == decisive) || (b && values[node->b] == decisive))
        return true;
    if (!a || !b)
        return false;
    *value = node->operator == PG74_IR_AND ? values[node->a] & values[node->b] : values[node->a] | values[node->b];
    return true;
}

/* The few operators that conditions on the mode are made of. Anything else is taken for unknown. */
static bool fold(const struct look *look, unsigned execution, const struct pg74_node *node, uint32_t *value)
{
    const uint32_t *values = look->value[execution];
    bool both = is_known(look, execution, node->a) && is_known(look, execution, node->b);

    switch (node->operator) {
    case PG74_IR_CONSTANT:
        *value = node->constant;
        return node->width <= 32;
    case PG74_IR_READ:
        *value = execution == HARDWARE ? USER : look->mode;
        return all.isa->states[node->a].role == PG74_ROLE_MODE;
    case PG74_IR_AND: case PG74_IR_OR:
        return node->width <= 32 && fold_logic(look, execution, node, value);
    case PG74_IR_XOR:
        *value = both ? values[node->a] ^ values[node->b] : 0;
        return both;
    case PG74_IR_EQUAL:
        *value = both && values[node->a] == values[node->b];
        return both;
    case PG74_IR_ZERO_EXTEND:
        *value = is_known(look, execution, node->a) ? values[node->a] : 0;
        return is_known(look, execution, node->a) && node->width <= 32;
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

static bool is_through_translate(const struct look *look, const struct pg74_node *node)
{
    return look->nodes[node->a].operator == PG74_IR_TRANSLATE;
}

/* Is the value of a node the same in both executions? And if it has effects, are these? */
static bool compare(struct look *look, const struct pg74_node *node)
{
    const struct pg74_state *state = &all.isa->states[node->a];
    bool operands = true;

    switch (node->operator) {
    case PG74_IR_CONSTANT: case PG74_IR_FIELD: case PG74_IR_INSTRUCTION: case PG74_IR_JUMP: case PG74_IR_BRANCH:
    case PG74_IR_TRAP: case PG74_IR_PARAMETER:
        return true;
    case PG74_IR_READ:
        return state->role == PG74_ROLE_MODE ? look->mode == USER : is_shared(state) && is_same(look, node->b);
    case PG74_IR_LOAD:
        return is_through_translate(look, node);
    case PG74_IR_TRANSLATE: /* its value is an address of real memory: for LOAD and STORE, and else not the same */
        look->differs |= !is_same(look, node->a) || !is_same(look, node->b) || !is_same(look, node->c);
        return false;
    case PG74_IR_WRITE:
        look->differs |= !is_shared(state) || !is_same(look, node->b) || !is_same(look, node->c);
        return true;
    case PG74_IR_STORE:
        look->differs |= !is_through_translate(look, node) || !is_same(look, node->b);
        return true;
    case PG74_IR_LOCAL_SET:
        look->locals[node->a].several = look->locals[node->a].set;
        if (!is_same(look, node->b) || !look->locals[node->a].set)
            look->locals[node->a].same = is_same(look, node->b);
        look->locals[node->a].set = true;
        look->locals[node->a].node = node->b;
        return true;
    case PG74_IR_LOCAL_GET:
        return look->locals[node->a].same;
    case PG74_IR_MEMORY_SIZE:
        return false;
    case PG74_IR_PORT_IN: case PG74_IR_PORT_OUT: case PG74_IR_DIAGNOSE: case PG74_IR_IGNORE: case PG74_IR_RETURN:
        look->differs = true;
        return false;
    default:
        operands = is_same(look, node->a) && is_same(look, node->b);
        return operands && (node->operator != PG74_IR_SELECT || is_same(look, node->c));
    }
}

/* What is computed: in each execution, and whether it is the same. */
static void look_at(struct look *look, unsigned number)
{
    const struct pg74_node *node = &look->nodes[number];
    bool local = node->operator == PG74_IR_LOCAL_GET;
    unsigned from = local ? look->locals[node->a].node : PG74_NONE;

    look->same[number] = compare(look, node);
    for (unsigned i = 0; i < EXECUTIONS; i++) {
        uint32_t *value = &look->value[i][number];
        look->known[i][number] = local ? is_known(look, i, from) && !look->locals[node->a].several
                                       : fold(look, i, node, value);
        if (local && look->known[i][number])
            *value = look->value[i][from];
    }
    if (look->known[HARDWARE][number] && look->known[GUEST][number])
        look->same[number] = look->value[HARDWARE][number] == look->value[GUEST][number];
}

/* Both executions have gone the same way, on which the hardware's value of a node is this one: so are values that it
 * comes from. `inside and mode == user` was 0, and the mode is user: so `inside` is 0. */
static void learn(struct look *look, unsigned number, uint32_t value)
{
    const struct pg74_node *node = &look->nodes[number];

    for (;;) {
        bool a = is_known(look, HARDWARE, node->a), b = is_known(look, HARDWARE, node->b);
        look->known[HARDWARE][number] = true;
        look->value[HARDWARE][number] = value;
        if (look->same[number]) {
            look->known[GUEST][number] = true;
            look->value[GUEST][number] = value;
        }
        if (node->operator == PG74_IR_ZERO_EXTEND) {
            number = node->a;
        } else if (node->operator == PG74_IR_AND && node->width == 1 && a != b &&
                   look->value[HARDWARE][a ? node->a : node->b] == 1) {
            number = a ? node->b : node->a;
        } else {
            return;
        }
        node = &look->nodes[number];
    }
}

/* ---- The ways through it ----------------------------------------------------------------------------------------- */

/* Do all ways from here end in a trap? The hardware alone has come here. */
static bool only_traps(const struct look *look, unsigned from)
{
    static bool here[PG74_LONGEST_PROGRAM + 1]; /* all false between two calls */
    unsigned last = from;
    bool good = true;

    here[from] = true;
    for (unsigned i = from; i <= last; i++) {
        const struct pg74_node *node = &look->nodes[i];
        if (!here[i])
            continue;
        here[i] = false;
        good = good && i < look->count && node->operator != PG74_IR_PORT_IN &&
               node->operator != PG74_IR_PORT_OUT && node->operator != PG74_IR_DIAGNOSE &&
               node->operator != PG74_IR_IGNORE && node->operator != PG74_IR_RETURN;
        if (!good || node->operator == PG74_IR_TRAP)
            continue;
        unsigned next = node->operator == PG74_IR_JUMP ? node->constant : i + 1;
        unsigned other = node->operator == PG74_IR_BRANCH ? node->constant : next;
        here[next] = here[other] = true;
        last = next > last ? next : last;
        last = other > last ? other : last;
    }
    return good;
}

static void reach(struct look *look, unsigned from, unsigned to)
{
    look->straight[to] = (look->reached[to] && look->straight[to]) ||
                         (look->straight[from] && !writes_program_counter(&look->nodes[from]));
    look->reached[to] = true;
    look->last = to > look->last ? to : look->last;
}

/* A branch. In each direction that the hardware can take, the guest takes the same, or the hardware will trap. */
static void branch(struct look *look, unsigned number)
{
    const struct pg74_node *node = &look->nodes[number];
    const unsigned target[2] = { node->constant, number + 1 }; /* by the condition */
    bool together[2];

    for (unsigned i = 0; i < 2; i++) {
        bool possible = !is_known(look, HARDWARE, node->a) || (look->value[HARDWARE][node->a] != 0) == (i != 0);
        together[i] = possible && (is_same(look, node->a) || (is_known(look, GUEST, node->a) &&
                                                              (look->value[GUEST][node->a] != 0) == (i != 0)));
        if (together[i] && only_traps(look, target[i]))
            together[i] = false;
        else if (together[i])
            reach(look, number, target[i]);
        else if (possible && !only_traps(look, target[i]))
            look->differs = true;
    }
    if (together[0] && together[1] && target[0] > look->furthest)
        look->furthest = target[0];
    if (together[0] != together[1] && look->furthest <= number && look->nodes[node->a].width == 1)
        learn(look, node->a, together[1]);
}

/* Where control goes after a node. */
static void follow(struct look *look, unsigned number)
{
    const struct pg74_node *node = &look->nodes[number];

    switch (node->operator) {
    case PG74_IR_TRAP: case PG74_IR_IGNORE: case PG74_IR_RETURN:
        return;
    case PG74_IR_JUMP:
        reach(look, number, node->constant);
        look->furthest = node->constant > look->furthest ? node->constant : look->furthest;
        return;
    case PG74_IR_BRANCH:
        branch(look, number);
        return;
    default:
        reach(look, number, number + 1);
    }
}

/* Most instructions do nothing but compute with registers, jump, and access memory through `translate`, using nothing
 * of the address that they get. They need no closer look. */
static bool is_plain(const struct pg74_program *program, bool *writes_pc)
{
    const struct pg74_node *nodes = all.isa->nodes + program->first;
    unsigned address = PG74_NONE; /* the TRANSLATE; of more than one we do not keep account */
    bool branches = false;

    *writes_pc = false;
    for (unsigned i = 0; i < program->count; i++) {
        const struct pg74_node *node = &nodes[i];
        unsigned operator = node->operator;
        if (operator <= PG74_IR_SIGN_EXTEND && operator != PG74_IR_MEMORY_SIZE && address == PG74_NONE)
            continue;
        if (operator == PG74_IR_READ || operator == PG74_IR_WRITE) {
            if (!is_shared(&all.isa->states[node->a]))
                return false;
            *writes_pc |= writes_program_counter(node);
        } else if (operator == PG74_IR_LOAD || operator == PG74_IR_STORE) {
            if (node->a != address || node->b == address)
                return false;
            continue;
        } else if (operator > PG74_IR_SIGN_EXTEND && operator != PG74_IR_BRANCH && operator != PG74_IR_JUMP &&
                   operator != PG74_IR_TRAP && (operator != PG74_IR_TRANSLATE || address != PG74_NONE)) {
            return false;
        } else if (operator == PG74_IR_MEMORY_SIZE || (operator == PG74_IR_TRAP && !branches)) {
            return false;
        }
        branches |= operator == PG74_IR_BRANCH;
        if (address != PG74_NONE && (node->a == address || node->b == address || node->c == address))
            return false;
        if (operator == PG74_IR_TRANSLATE)
            address = i;
    }
    return true;
}

/* Could it, for some word and some state, be done by computing alone? This saves looks at words in vain. */
static bool may_be_replaced(const struct pg74_program *program)
{
    const struct pg74_node *nodes = all.isa->nodes + program->first;

    for (const struct pg74_node *node = nodes; node < nodes + program->count; node++)
        switch (node->operator) {
        case PG74_IR_READ: case PG74_IR_WRITE:
            if (all.isa->states[node->a].role == PG74_ROLE_TIME)
                return false;
            break;
        case PG74_IR_PORT_IN: case PG74_IR_PORT_OUT: case PG74_IR_DIAGNOSE: case PG74_IR_LOAD: case PG74_IR_STORE:
        case PG74_IR_TRANSLATE:
            return false;
        default:
            break;
        }
    return true;
}

/* For one virtual mode of the guest. */
static void classify(const struct pg74_program *program, unsigned mode, struct instruction_class *found)
{
    static struct look look; /* nothing in it is reached between two calls */
    bool writes_pc;

    found->known[mode] = true;
    found->in[mode] = CLASS_HARMLESS;
    if (is_plain(program, &writes_pc)) {
        found->known[0] = found->known[1] = true; /* CLASS_HARMLESS is 0 */
        if (!writes_pc)
            return;
    }
    look.nodes = all.isa->nodes + program->first;
    look.count = program->count;
    look.mode = mode;
    look.last = look.furthest = 0;
    look.differs = false;
    look.reached[0] = look.straight[0] = true;
    for (unsigned i = 0; i < program->locals; i++)
        look.locals[i].set = look.locals[i].several = false;
    for (unsigned i = 0; i <= look.last && i < look.count; i++) {
        if (look.reached[i] && !look.differs) {
            look_at(&look, i);
            follow(&look, i);
        }
        look.reached[i] = false;
    }
    bool ends = look.reached[look.count]; /* and not only in traps */
    if (look.differs)
        found->in[mode] = CLASS_SENSITIVE;
    else if (!ends)
        found->in[mode] = CLASS_TRAPS;
    found->jumps = !look.differs && !(ends && look.straight[look.count]);
    found->may_be_replaced = found->in[mode] != CLASS_HARMLESS && may_be_replaced(program);
    look.reached[look.count] = false;
}

/* ---- All instructions -------------------------------------------------------------------------------------------- */

static bool add_to_buckets(uint16_t number, const struct pg74_instruction *instruction, bool sensitive)
{
    uint32_t mask = class_bucket(instruction->mask), match = class_bucket(instruction->match);

    /* Every number whose bits outside of the mask are any: adding one to them carries through the mask's ones. */
    for (uint32_t bits = match;; bits = (((bits | mask) + 1) & ~mask & (BUCKETS - 1)) | match) {
        if (all.place_count == PLACES)
            return false;
        struct place *place = &all.places[all.place_count++];
        place->mask = instruction->mask;
        place->match = instruction->match;
        place->instruction = instruction;
        place->class = &all.classes[number];
        place->next = all.buckets[bits];
        all.buckets[bits] = place;
        all.sensitive[bits] |= sensitive;
        if ((bits | mask) == BUCKETS - 1)
            return true;
    }
}

static const struct place *find(uint32_t word)
{
    const struct place *place = all.buckets[class_bucket(word)];

    while (place && (word & place->mask) != place->match)
        place = place->next;
    return place;
}

const struct pg74_instruction *class_instruction(uint32_t word)
{
    const struct place *place = find(word);

    return place ? place->instruction : NULL;
}

const struct instruction_class *class_of(uint32_t word, unsigned mode)
{
    const struct place *place = find(word);

    if (!place)
        return &all.illegal;
    if (!place->class->known[mode])
        classify(&place->instruction->program, mode, place->class);
    return place->class;
}

enum class_plain class_plain[2][CLASS_BUCKETS];

/* All words of the bucket may be copied, illegal ones among them, and none is always a jump. */
bool class_is_plain_bucket(uint32_t bucket, unsigned mode)
{
    if (class_plain[mode][bucket] == CLASS_NOT_LOOKED_AT) {
        bool plain = all.illegal.in[mode] != CLASS_SENSITIVE && all.buckets[bucket];
        for (const struct place *place = all.buckets[bucket]; place && plain; place = place->next) {
            const struct instruction_class *class = class_of(place->match, mode);
            plain = class->in[mode] == CLASS_HARMLESS && !class->jumps;
        }
        class_plain[mode][bucket] = plain ? CLASS_PLAIN : CLASS_NOT_PLAIN;
    }
    return class_plain[mode][bucket] == CLASS_PLAIN;
}

/* The classes for the user mode are found at the start, for they say what is translated at all; those for the
 * supervisor when a word is first met. */
bool classes_find(const struct vmm_isa *isa)
{
    bool found = false, room = isa->module->instruction_count <= MOST_INSTRUCTIONS;

    all.isa = isa;
    classify(&isa->module->paragraphs[PG74_ON_ILLEGAL], 0, &all.illegal);
    classify(&isa->module->paragraphs[PG74_ON_ILLEGAL], 1, &all.illegal);
    for (unsigned i = 0; i < isa->module->instruction_count && room; i++) {
        struct instruction_class *class = &all.classes[i];
        classify(&isa->instructions[i].program, USER, class);
        room = add_to_buckets((uint16_t)i, &isa->instructions[i], class->in[USER] == CLASS_SENSITIVE);
        if (!found && class->in[USER] == CLASS_TRAPS) {
            all.call_out = isa->instructions[i].match;
            found = true;
        }
    }
    if (!room)
        return false;
    if (class_of(0, USER)->in[USER] == CLASS_TRAPS) { /* pages that have never been used are full of it */
        all.call_out = 0;
        found = true;
    }
    return found;
}

bool class_may_be_sensitive(uint32_t word)
{
    return all.sensitive[class_bucket(word)] || all.illegal.in[USER] == CLASS_SENSITIVE;
}

uint32_t class_call_out(void)
{
    return all.call_out;
}

bool class_has_sensitive(unsigned mode)
{
    const struct pg74_instruction *instructions = all.isa->instructions;

    if (!all.has_all[mode]) {
        all.has_all[mode] = true;
        all.has_sensitive[mode] = all.illegal.in[mode] == CLASS_SENSITIVE;
        for (unsigned i = 0; i < all.isa->module->instruction_count; i++)
            all.has_sensitive[mode] |= class_of(instructions[i].match, mode)->in[mode] == CLASS_SENSITIVE;
    }
    return all.has_sensitive[mode];
}
