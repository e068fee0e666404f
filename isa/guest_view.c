/* guest_view.c: a machine with guest mode as its host has to look at it: guest mode in the place of user mode, and the
 * host's relocation in the place of R. What is the guest's own is read off the meaning: the states that entering guest mode
 * loads from memory, and leaving it loads from memory again. */
#include "isa/internal.h"

#include <stdlib.h>
#include <string.h>

/* Does the value of node `number` come from memory, and not from what the state was before? */
struct origin { bool loaded, kept; };

static struct origin origin_of(const struct isa_program *program, unsigned number, unsigned state)
{
    const struct isa_node *node = &program->nodes[number];
    struct origin origin = {node->operator == ISA_LOAD, (node->operator == ISA_READ && node->a == state) ||
                                                            node->operator == ISA_LOCAL_GET};
    if (node->operator == ISA_READ || node->operator == ISA_CONSTANT || node->operator == ISA_PARAMETER ||
        node->operator == ISA_FIELD || node->operator == ISA_LOCAL_GET || node->operator == ISA_LOAD)
        return origin;
    const uint16_t operands[] = {node->a, node->b, node->c};
    for (unsigned i = 0; i < 3; i++) {
        if (operands[i] == ISA_NONE || operands[i] >= number)
            continue;
        struct origin part = origin_of(program, operands[i], state);
        origin.loaded |= part.loaded;
        origin.kept |= part.kept;
    }
    return origin;
}

/* What is known at a node: it is reached before (0) or after (1) the guest mode was written, and on all ways there the
 * state was loaded. */
struct known { bool reached[2], loaded[2]; };

static void reach(struct known *node, unsigned when, bool loaded)
{
    node->loaded[when] = loaded && (node->loaded[when] || !node->reached[when]);
    node->reached[when] = true;
}

/* Is the state loaded from memory on every way through the program that writes `value` to the guest mode? Control goes
 * only forward, so that one pass tells. */
static bool is_loaded(const struct isa *isa, const struct isa_program *program, unsigned state, unsigned value)
{
    struct known *known = calloc(program->count + 1, sizeof *known);
    bool result = known != NULL;
    if (known)
        reach(&known[0], 0, false);
    for (unsigned i = 0; result && i <= program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        bool ends = i == program->count || node->operator == ISA_RETURN;
        if (ends)
            result = !known[i].reached[1] || known[i].loaded[1];
        if (ends || node->operator == ISA_TRAP || node->operator == ISA_IGNORE)
            continue;
        for (unsigned when = 0; when < 2; when++) {
            if (!known[i].reached[when])
                continue;
            bool loaded = known[i].loaded[when];
            unsigned then = when;
            if (node->operator == ISA_WRITE && node->a == state) {
                struct origin origin = origin_of(program, node->c, state);
                loaded = origin.loaded && !origin.kept;
            }
            if (node->operator == ISA_WRITE && (int)node->a == isa->guest_mode) {
                const struct isa_node *written = &program->nodes[node->c];
                then = written->operator != ISA_CONSTANT || written->constant == value;
            }
            if (node->operator == ISA_BRANCH || node->operator == ISA_JUMP)
                reach(&known[node->constant], then, loaded);
            if (node->operator != ISA_JUMP)
                reach(&known[i + 1], then, loaded);
        }
    }
    free(known);
    return result;
}

/* Exchanged by entering and leaving guest mode. */
static bool is_own(const struct isa *isa, unsigned state)
{
    for (unsigned i = 0; i < isa->instruction_count; i++)
        if (!is_loaded(isa, &isa->instructions[i].program, state, 1))
            return false;
    return is_loaded(isa, &isa->paragraphs[ISA_ON_TRAP], state, 0) && is_loaded(isa, &isa->paragraphs[ISA_ON_INTERRUPT], state, 0);
}

static bool is_read(const struct isa_program *program, unsigned state)
{
    for (unsigned i = 0; i < program->count; i++)
        if (program->nodes[i].operator == ISA_READ && program->nodes[i].a == state)
            return true;
    return false;
}

static enum isa_role role_of(const struct isa *isa, unsigned state)
{
    enum isa_role role = isa->states[state].role;
    switch (role) {
    case ISA_ROLE_GUEST_MODE: return ISA_ROLE_MODE;
    case ISA_ROLE_MODE: case ISA_ROLE_RELOCATION: case ISA_ROLE_RESOURCE:
        if (is_own(isa, state))
            return ISA_ROLE_GENERAL;
        return is_read(&isa->paragraphs[ISA_ON_TRANSLATE], state) ? ISA_ROLE_RELOCATION : ISA_ROLE_RESOURCE;
    default: return role;
    }
}

struct isa *isa_guest_view(const struct isa *isa)
{
    if (isa->guest_mode < 0)
        return NULL;
    struct arena *arena = isa_arena_new();
    struct isa *view = isa_arena_allocate(arena, sizeof *view);
    *view = *isa;
    view->arena = arena; /* its own; all else is the other's */
    view->own_mode = isa->mode;
    view->mode = (unsigned)isa->guest_mode;
    view->guest_mode = -1;
    view->is_guest_view = true;
    view->states = isa_arena_allocate(arena, (isa->state_count + 1) * sizeof *view->states);
    for (unsigned i = 0; i < isa->state_count; i++) {
        view->states[i] = isa->states[i];
        view->states[i].role = role_of(isa, i);
    }
    return view;
}

bool isa_is_guest_view(const struct isa *isa)
{
    return isa->is_guest_view;
}
