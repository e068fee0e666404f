/* trap_view.c: what a machine with guest mode does when a guest traps, put as instructions, so that it can be judged like
 * them: does it show, or change, what is the host's? */
#include "isa/internal.h"

#include <string.h>

enum { ENTRIES = 2, PREFIX = 2 * ISA_MOST_PARAMETERS };

/* Registers that hold any value: an array of words, of which the first few that are not fixed are taken. */
static const struct isa_state *any_values(const struct isa *isa, unsigned *number)
{
    for (*number = 0; *number < isa->state_count; ++*number) {
        const struct isa_state *s = &isa->states[*number];
        if (s->role == ISA_ROLE_GENERAL && s->is_array && s->width == isa->word_bits && s->count > ISA_MOST_PARAMETERS)
            return s;
    }
    return NULL;
}

static const struct isa_cause *exit_cause(const struct isa *isa)
{
    for (unsigned i = 0; i < isa->cause_count; i++)
        if (isa->causes[i].exit && !isa->causes[i].storage)
            return &isa->causes[i];
    return NULL;
}

static bool leaves_guest(const struct isa *view, const struct isa_program *program, const struct isa_node *node)
{
    return node->operator == ISA_WRITE && node->a == view->mode && program->nodes[node->c].operator == ISA_CONSTANT &&
           program->nodes[node->c].constant == 0;
}

/* Where the nodes go, behind the prefix: what can be reached before guest mode is left. Control goes only forward. */
static unsigned number_nodes(const struct isa *view, const struct isa_program *program, uint16_t *moved)
{
    bool *reached = isa_arena_allocate(view->arena, (program->count + 1) * sizeof *reached);
    unsigned count = PREFIX;
    reached[0] = true;
    for (unsigned i = 0; i <= program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        moved[i] = (uint16_t)count;
        count += i < program->count && reached[i];
        if (i == program->count || !reached[i])
            continue;
        if (node->operator == ISA_BRANCH || node->operator == ISA_JUMP)
            reached[node->constant] = true;
        if (node->operator != ISA_JUMP && node->operator != ISA_IGNORE && node->operator != ISA_TRAP && !leaves_guest(view, program, node))
            reached[i + 1] = true;
    }
    return count;
}

/* The node in the new program. What leaves guest mode, or ignores, exits instead. */
static struct isa_node new_node(const struct isa *view, const struct isa_program *old, unsigned number, const uint16_t *moved)
{
    struct isa_node node = old->nodes[number];
    unsigned operands = isa_node_operands(&node);
    uint16_t parameter = (uint16_t)(2 * node.a + 1);
    if (node.operator == ISA_PARAMETER)
        return (struct isa_node){ISA_OR, node.width, parameter, parameter, ISA_NONE, 0};
    if (node.operator == ISA_IGNORE || leaves_guest(view, old, &node))
        return (struct isa_node){ISA_TRAP, 0, 0, 0, ISA_NONE, exit_cause(view)->number};
    node.a = operands & 1 ? moved[node.a] : node.a;
    node.b = operands & 2 ? moved[node.b] : node.b;
    node.c = operands & 4 ? moved[node.c] : node.c;
    if (node.operator == ISA_BRANCH || node.operator == ISA_JUMP)
        node.constant = moved[node.constant];
    return node;
}

/* The paragraph's program behind the nodes that read its parameters. */
static struct isa_program entry_program(const struct isa *view, const struct isa_program *old, unsigned registers, int zero)
{
    uint16_t *moved = isa_arena_allocate(view->arena, (old->count + 1) * sizeof *moved);
    unsigned count = number_nodes(view, old, moved);
    struct isa_node *nodes = isa_arena_allocate(view->arena, (count + 1) * sizeof *nodes);
    for (unsigned i = 0; i < ISA_MOST_PARAMETERS; i++) {
        uint64_t index = zero >= 0 && i >= (unsigned)zero ? i + 1 : i;
        nodes[2 * i] = (struct isa_node){ISA_CONSTANT, (uint8_t)view->word_bits, ISA_NONE, ISA_NONE, ISA_NONE, index};
        nodes[2 * i + 1] = (struct isa_node){ISA_READ, (uint8_t)view->word_bits, (uint16_t)registers, (uint16_t)(2 * i), ISA_NONE, 0};
    }
    for (unsigned i = 0; i < old->count; i++)
        if (moved[i] != moved[i + 1])
            nodes[moved[i]] = new_node(view, old, i, moved);
    return (struct isa_program){.nodes = nodes, .count = count, .locals = old->locals};
}

static uint32_t no_load(void *context, uint32_t address, unsigned bytes)
{
    (void)context, (void)address, (void)bytes;
    return 0;
}

static void no_store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    (void)context, (void)address, (void)bytes, (void)value;
}

static uint32_t no_port_in(void *context, uint32_t port)
{
    (void)context, (void)port;
    return 0;
}

static void no_port_out(void *context, uint32_t port, uint32_t value)
{
    (void)context, (void)port, (void)value;
}

static uint32_t no_diagnose(void *context, uint32_t function, uint32_t argument)
{
    (void)context, (void)function, (void)argument;
    return 0;
}

/* `translate` of a guest that has just been reset: what is the guest's own is no longer read. */
static struct isa_program guest_physical(const struct isa *view)
{
    const struct isa_program *old = &view->paragraphs[ISA_ON_TRANSLATE];
    struct isa_node *nodes = isa_arena_allocate(view->arena, (old->count + 1) * sizeof *nodes);
    uint32_t *slots = isa_arena_allocate(view->arena, (view->slots + 1) * sizeof *slots);
    const uint32_t entry[ISA_MOST_PARAMETERS] = {0};
    struct isa_environment environment = {.state = slots, .memory_size = UINT32_MAX >> (32 - view->word_bits),
                                          .load = no_load, .store = no_store, .port_in = no_port_in,
                                          .port_out = no_port_out, .diagnose = no_diagnose};
    isa_run(view, ISA_ON_RESET, entry, 0, &environment);
    for (unsigned i = 0; i < old->count; i++) {
        struct isa_node node = old->nodes[i];
        if (node.operator == ISA_READ && node.b == ISA_NONE && view->states[node.a].role == ISA_ROLE_GENERAL)
            node = (struct isa_node){ISA_CONSTANT, node.width, ISA_NONE, ISA_NONE, ISA_NONE, slots[view->states[node.a].slot]};
        nodes[i] = node;
    }
    return (struct isa_program){.nodes = nodes, .count = old->count, .locals = old->locals, .parameters = old->parameters};
}

static void make_entry(const struct isa *view, struct isa_instruction *entry, enum isa_paragraph paragraph, const char *name,
                       const char *doc)
{
    unsigned registers;
    const struct isa_state *any = any_values(view, &registers);
    *entry = (struct isa_instruction){.name = name, .syntax = "", .doc = doc, .layout = "", .execute = "", .place = view->place,
                                      .bits = view->instruction_bits, .may_trap = true};
    entry->mask = UINT32_MAX >> (32 - view->instruction_bits);
    entry->match = paragraph == ISA_ON_TRAP ? 0 : 1;
    entry->program = entry_program(view, &view->paragraphs[paragraph], registers, any->zero);
}

struct isa *isa_trap_view(const struct isa *guest_view)
{
    unsigned ignored;
    if (any_values(guest_view, &ignored) == NULL || exit_cause(guest_view) == NULL)
        return NULL;
    struct arena *arena = isa_arena_new();
    struct isa *view = isa_arena_allocate(arena, sizeof *view);
    *view = *guest_view;
    view->arena = arena; /* its own; all else is the other's */
    view->instruction_count = ENTRIES;
    view->instructions = isa_arena_allocate(arena, ENTRIES * sizeof *view->instructions);
    make_entry(view, &view->instructions[0], ISA_ON_TRAP, "on trap", "What the machine does when a guest traps.");
    make_entry(view, &view->instructions[1], ISA_ON_INTERRUPT, "on interrupt", "What the machine does when an interrupt comes.");
    view->paragraphs[ISA_ON_TRANSLATE] = guest_physical(view);
    view->is_trap_view = true;
    isa_make_decoder(view);
    return view;
}

bool isa_is_trap_view(const struct isa *isa)
{
    return isa->is_trap_view;
}
