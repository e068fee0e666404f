/* meaning.c: which instructions can be compiled, what is known about each before it runs, and which mean the same. */
#include "machine/generate/internal.h"

#include <stdlib.h>

enum { OPERAND_A = 1, OPERAND_B = 2, OPERAND_C = 4 };

/* Which of a node's a, b and c are nodes. */
static unsigned node_operands(const struct isa_node *node)
{
    switch ((enum isa_operator)node->operator) {
    case ISA_CONSTANT:
    case ISA_PARAMETER:
    case ISA_FIELD:
    case ISA_INSTRUCTION:
    case ISA_MEMORY_SIZE:
    case ISA_LOCAL_GET:
    case ISA_JUMP: case ISA_IGNORE: case ISA_OPERATORS: return 0;
    case ISA_READ: return node->b == ISA_NONE ? 0 : OPERAND_B;
    case ISA_WRITE: return node->b == ISA_NONE ? OPERAND_C : OPERAND_B | OPERAND_C;
    case ISA_LOCAL_SET: return OPERAND_B;
    case ISA_EXTRACT: case ISA_ZERO_EXTEND: case ISA_SIGN_EXTEND: case ISA_LOAD: case ISA_PORT_IN: case ISA_BRANCH:
    case ISA_RETURN: return OPERAND_A;
    case ISA_SELECT: case ISA_TRANSLATE: return OPERAND_A | OPERAND_B | OPERAND_C;
    default: return OPERAND_A | OPERAND_B;
    }
}

static bool is_pure(const struct isa_node *node)
{
    return node->operator >= ISA_ADD && node->operator <= ISA_SIGN_EXTEND;
}

static bool is_program_counter(const struct meaning *meaning, unsigned state)
{
    return isa_state_at(meaning->isa, state) == isa_program_counter(meaning->isa);
}

/* Marks the nodes whose value follows from the instruction word, its pc and the size of memory, and counts uses. */
static void mark_constants(struct meaning *meaning)
{
    const struct isa_program *program = &meaning->instruction->program;
    meaning->constant = calloc(program->count + 1, sizeof *meaning->constant);
    meaning->uses = calloc(program->count + 1, sizeof *meaning->uses);
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        unsigned operands = node_operands(node);
        bool known = true;
        const uint16_t named[3] = {node->a, node->b, node->c};
        for (unsigned k = 0; k < 3; k++) {
            if (!(operands >> k & 1))
                continue;
            meaning->uses[named[k]]++;
            known = known && meaning->constant[named[k]];
        }
        bool leaf =
            node->operator== ISA_CONSTANT || node->operator== ISA_FIELD || node->operator== ISA_INSTRUCTION || node->
            operator== ISA_MEMORY_SIZE ||(node->operator== ISA_READ && node->b == ISA_NONE &&
                                          is_program_counter(meaning, node->a));
        meaning->constant[i] = leaf || (is_pure(node) && known);
    }
}

/* Can this node stand in compiled code? Ports, hypercalls, and states with which the engine itself has to do, cannot.
 */
static bool node_fits(const struct meaning *meaning, const struct isa_node *node)
{
    const struct isa_node *nodes = meaning->instruction->program.nodes;
    switch ((enum isa_operator)node->operator) {
    case ISA_PARAMETER:
    case ISA_PORT_IN:
    case ISA_PORT_OUT:
    case ISA_DIAGNOSE:
    case ISA_IGNORE:
    case ISA_RETURN: return false;
    case ISA_READ: case ISA_WRITE: {
        const struct isa_state *state = isa_state_at(meaning->isa, node->a);
        if (state->duty == ISA_DUTY_COUNTDOWN || (node->operator == ISA_WRITE && state->duty != ISA_DUTY_NOTHING))
            return false;
        if (node->operator == ISA_WRITE && (state->role == ISA_ROLE_MODE || state->role == ISA_ROLE_RELOCATION ||
                                             state->role == ISA_ROLE_GUEST_MODE))
            return false;
        return node->b == ISA_NONE || meaning->constant[node->b];
    }
    case ISA_TRANSLATE: {
        uint64_t size = nodes[node->b].constant, access = nodes[node->c].constant;
        return nodes[node->b].operator== ISA_CONSTANT && nodes[node->c].operator== ISA_CONSTANT && access<4 &&
               size> 0 && size <= 1u <<(FAST_SIZES - 1) &&
               (size & (size - 1)) == 0;
    }
    default: return true;
    }
}

bool generate_always_traps(const struct isa_program *program, unsigned node)
{
    for (; node < program->count; node++) {
        const struct isa_node *at = &program->nodes[node];
        if (at->operator == ISA_TRAP)
            return true;
        if (at->operator == ISA_JUMP)
            node = (unsigned)at->constant - 1;
        else if (at->operator == ISA_BRANCH)
            return generate_always_traps(program, node + 1) && generate_always_traps(program, (unsigned)at->constant);
    }
    return false;
}

/* ---- Paths ------------------------------------------------------------------------------------------------------- */

/* What a walk over all paths finds out. */
struct survey {
    struct meaning *meaning;
    bool next, dynamic, too_much;
    bool leaves; /* it can trap, or reads or writes memory */
    unsigned jumps;                           /* paths to known addresses */
    unsigned goes_on;                         /* paths to the next instruction, or (if there are none) the one jump */
    unsigned written[FAST_MOST_WRITES];       /* on how many of these paths, as the last write to its element */
    unsigned last, last_differs;
};

struct path {
    unsigned program_counter; /* the node of the last write to pc, or ISA_NONE */
    unsigned writes[ISA_MOST_WRITES], write_count;
};

static unsigned number_of(uint16_t *list, uint8_t *count, unsigned most, unsigned node, bool *too_much)
{
    for (unsigned i = 0; i < *count; i++)
        if (list[i] == node)
            return i;
    if (*count == most) {
        *too_much = true;
        return 0;
    }
    list[*count] = (uint16_t)node;
    return (*count)++;
}

static void end_of_path(struct survey *survey, const struct path *path)
{
    struct fast_meaning *facts = &survey->meaning->facts;
    const struct isa_node *nodes = survey->meaning->instruction->program.nodes;
    if (path->program_counter == ISA_NONE) {
        survey->next = true;
    } else {
        unsigned value = nodes[path->program_counter].c;
        if (survey->meaning->constant[value]) {
            survey->jumps++;
            facts->target = (uint16_t)value;
        } else {
            survey->dynamic = true;
        }
    }
    for (unsigned i = 0; i < path->write_count; i++) {
        bool last = true;
        for (unsigned j = i + 1; j < path->write_count; j++)
            last = last && nodes[path->writes[i]].a != nodes[path->writes[j]].a; /* elements may turn out equal */
        unsigned write =
            number_of(facts->writes, &facts->write_count, FAST_MOST_WRITES, path->writes[i], &survey->too_much);
        survey->written[write] += last;
    }
    unsigned last = FAST_LAST_NONE;
    if (path->write_count)
        last = number_of(facts->writes, &facts->write_count, FAST_MOST_WRITES, path->writes[path->write_count - 1],
                         &survey->too_much);
    if (survey->goes_on++ && survey->last != last)
        survey->last_differs = true;
    survey->last = last;
}

/* A test that decides between a trap and none: made when decoding, if it can be. */
static void guard(struct survey *survey, unsigned node, bool value)
{
    struct fast_meaning *facts = &survey->meaning->facts;
    if (!survey->meaning->constant[node]) {
        survey->leaves = true;
        return;
    }
    for (unsigned i = 0; i < facts->guard_count; i++)
        if (facts->guards[i].node == node)
            return;
    if (facts->guard_count == FAST_MOST_GUARDS)
        survey->too_much = true;
    else
        facts->guards[facts->guard_count++] = (struct fast_guard){(uint16_t)node, value};
}

static void walk(struct survey *survey, unsigned number, struct path path)
{
    const struct isa_program *program = &survey->meaning->instruction->program;
    struct fast_meaning *facts = &survey->meaning->facts;
    for (; number < program->count; number++) {
        const struct isa_node *node = &program->nodes[number];
        switch ((enum isa_operator)node->operator) {
        case ISA_READ:
            if (!survey->meaning->constant[number])
                number_of(facts->reads, &facts->read_count, FAST_MOST_READS, number, &survey->too_much);
            break;
        case ISA_WRITE:
            if (is_program_counter(survey->meaning, node->a))
                path.program_counter = number;
            else
                path.writes[path.write_count++] = number;
            break;
        case ISA_STORE: case ISA_TRANSLATE: case ISA_LOAD: survey->leaves = true; break;
        case ISA_JUMP: number = (unsigned)node->constant - 1; break;
        case ISA_TRAP: return;
        case ISA_BRANCH: {
            bool first_traps = generate_always_traps(program, number + 1);
            bool second_traps = generate_always_traps(program, (unsigned)node->constant);
            if (first_traps != second_traps)
                guard(survey, node->a, second_traps);
            if (!first_traps)
                walk(survey, number + 1, path);
            if (second_traps)
                return;
            number = (unsigned)node->constant - 1;
            break;
        }
        default: break;
        }
    }
    end_of_path(survey, &path);
}

static void conclude(struct survey *survey)
{
    struct fast_meaning *facts = &survey->meaning->facts;
    if (survey->dynamic)
        facts->flow = FAST_FLOW_DYNAMIC;
    else if (survey->jumps)
        facts->flow = survey->next || survey->jumps > 1 ? FAST_FLOW_BRANCH : FAST_FLOW_JUMP;
    else
        facts->flow = survey->next ? FAST_FLOW_NEXT : FAST_FLOW_TRAP;
    for (unsigned i = 0; i < facts->write_count; i++)
        facts->always[i] = survey->written[i] == survey->goes_on;
    facts->last_write = survey->last_differs ? FAST_LAST_UNKNOWN : (uint8_t)survey->last;
    facts->pure = facts->flow <= FAST_FLOW_JUMP && !survey->leaves;
}

static bool program_fits(const struct meaning *meaning)
{
    for (unsigned i = 0; i < meaning->instruction->program.count; i++)
        if (!node_fits(meaning, &meaning->instruction->program.nodes[i]))
            return false;
    return true;
}

static void describe_states(struct meaning *meaning)
{
    struct fast_layout *layouts = calloc(isa_state_count(meaning->isa), sizeof *layouts);
    unsigned count = 0;
    for (unsigned s = 0; s < isa_state_count(meaning->isa); s++) {
        bool used = false;
        for (unsigned i = 0; i < meaning->instruction->program.count; i++) {
            const struct isa_node *node = &meaning->instruction->program.nodes[i];
            used = used || ((node->operator == ISA_READ || node->operator == ISA_WRITE) && node->a == s);
        }
        if (!used)
            continue;
        const struct isa_state *state = isa_state_at(meaning->isa, s);
        layouts[count++] = (struct fast_layout){(uint16_t)s, (uint16_t)state->count, (int16_t)state->zero,
                                                (uint8_t)state->width, state->is_array, is_program_counter(meaning, s),
                                                (uint8_t)state->duty};
    }
    meaning->facts.layouts = layouts;
    meaning->facts.layout_count = (uint8_t)count;
}

bool generate_analyse(const struct isa *isa, const struct isa_instruction *instruction, struct meaning *meaning)
{
    *meaning = (struct meaning){.isa = isa, .instruction = instruction};
    mark_constants(meaning);
    struct survey survey = {.meaning = meaning};
    bool fits = instruction->program.count < UINT16_MAX && program_fits(meaning);
    if (fits)
        walk(&survey, 0, (struct path){.program_counter = ISA_NONE});
    if (!fits || survey.too_much || !survey.goes_on) {
        generate_meaning_free(meaning);
        return false;
    }
    conclude(&survey);
    describe_states(meaning);
    meaning->facts.nodes = instruction->program.nodes;
    meaning->facts.node_count = (uint16_t)instruction->program.count;
    meaning->facts.locals = (uint16_t)instruction->program.locals;
    return true;
}

void generate_meaning_free(struct meaning *meaning)
{
    free(meaning->constant);
    free(meaning->uses);
    free((void *)(uintptr_t)meaning->facts.layouts);
}

/* ---- The library's meanings -------------------------------------------------------------------------------------- */

static bool same_meaning(const struct meaning *a, const struct meaning *b)
{
    return isa_program_equal(&a->instruction->program, &b->instruction->program) &&
           a->facts.layout_count == b->facts.layout_count &&
           memcmp(a->facts.layouts, b->facts.layouts, a->facts.layout_count * sizeof *a->facts.layouts) == 0;
}

/* A C identifier: the mnemonic, and the instruction set where another one has that mnemonic already. */
static void name_meaning(const struct meanings *meanings, struct meaning *meaning)
{
    snprintf(meaning->name, sizeof meaning->name, "%s", meaning->instruction->name);
    for (unsigned i = 0; i < meanings->count; i++)
        if (strcmp(meanings->list[i].name, meaning->name) == 0)
            snprintf(meaning->name, sizeof meaning->name, "%s_%s", isa_name(meaning->isa), meaning->instruction->name);
    for (char *c = meaning->name; *c; c++)
        if (!(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') && !(*c >= '0' && *c <= '9'))
            *c = '_';
    meaning->facts.name = meaning->name;
}

struct meanings generate_collect(struct isa *const *isas, unsigned isa_count)
{
    struct meanings meanings = {0};
    for (unsigned i = 0; i < isa_count; i++) {
        for (unsigned k = 0; k < isa_instruction_count(isas[i]); k++) {
            struct meaning meaning;
            if (!generate_analyse(isas[i], isa_instruction_at(isas[i], k), &meaning))
                continue;
            bool known = false;
            for (unsigned m = 0; m < meanings.count; m++)
                known = known || same_meaning(&meanings.list[m], &meaning);
            if (known) {
                generate_meaning_free(&meaning);
                continue;
            }
            meanings.list = realloc(meanings.list, (meanings.count + 1) * sizeof *meanings.list);
            name_meaning(&meanings, &meaning);
            meanings.list[meanings.count++] = meaning;
        }
    }
    for (unsigned m = 0; m < meanings.count; m++)
        meanings.list[m].facts.name = meanings.list[m].name; /* the list has moved while it grew */
    return meanings;
}
