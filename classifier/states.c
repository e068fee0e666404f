/* states.c: symbolic states, and pairs of them. A scalar is a bit vector, an array a function of its index, memory a
 * function from physical addresses to bytes, the devices one bit vector about which nothing is known.
 *
 * The two states of a pair share the symbol of everything that the property does not perturb. So results that do not
 * depend on it are the same term, and their difference is false before the solver is asked. */
#include "classifier/internal.h"

#include <string.h>

static Z3_func_decl array_function(struct classifier *c, struct pool *pool, const struct isa_state *state,
                                   const char *suffix)
{
    unsigned index = INDEX_BITS;
    return classifier_function(c, classifier_format(pool, "%s%s", state->name, suffix), 1, &index, state->width);
}

static Z3_func_decl memory_function(struct classifier *c, struct pool *pool, const char *suffix)
{
    unsigned address = ADDRESS_BITS;
    return classifier_function(c, classifier_format(pool, ".memory%s", suffix), 1, &address, 8);
}

struct symbolic_state classifier_any_state(struct subject *subject, const char *suffix)
{
    struct classifier *c = subject->c;
    struct pool *pool = subject->pool;
    const struct isa *isa = subject->isa;
    unsigned count = isa_state_count(isa);
    struct symbolic_state state = {
        .scalars = classifier_allocate(pool, count * sizeof(Z3_ast)),
        .arrays = classifier_allocate(pool, count * sizeof(Z3_func_decl)),
        .others = classifier_allocate(pool, count * sizeof(Z3_func_decl)),
        .memory = memory_function(c, pool, suffix),
        .memory_size = classifier_symbol(c, classifier_format(pool, ".memory_size%s", suffix), isa_word_bits(isa)),
        .device = classifier_symbol(c, classifier_format(pool, ".devices%s", suffix), DEVICE_BITS),
    };
    for (unsigned i = 0; i < count; i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        if (!subject->mentioned[i])
            continue;
        if (s->is_array)
            state.arrays[i] = array_function(c, pool, s, suffix);
        else if (s->role == ISA_ROLE_GUEST_MODE) /* what a guest may do has a view of its own: isa_guest_view */
            state.scalars[i] = classifier_number(c, s->width, 0);
        else if (subject->own_user && s == isa_own_mode(isa))
            state.scalars[i] = classifier_number(c, s->width, 1);
        else
            state.scalars[i] = classifier_symbol(c, classifier_format(pool, "%s%s", s->name, suffix), s->width);
    }
    return state;
}

/* An array of known elements has no function: classifier_element selects among `concrete`'s slots. */
struct symbolic_state classifier_constant_state(struct subject *subject, const struct concrete *concrete)
{
    struct classifier *c = subject->c;
    const struct isa *isa = subject->isa;
    struct symbolic_state state = classifier_any_state(subject, "");
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        if (subject->mentioned[i] && !s->is_array)
            state.scalars[i] = classifier_number(c, s->width, concrete->slots[s->slot]);
    }
    state.memory_size = classifier_number(c, isa_word_bits(isa), concrete->memory_size);
    state.device = classifier_number(c, DEVICE_BITS, concrete->device);
    state.concrete = concrete;
    return state;
}

static unsigned number_of(const struct isa *isa, const struct isa_state *state)
{
    for (unsigned i = 0; i < isa_state_count(isa); i++)
        if (isa_state_at(isa, i) == state)
            return i;
    return 0;
}

void classifier_fix_mode(struct classifier *c, const struct isa *isa, struct symbolic_state *state, bool user)
{
    const struct isa_state *mode = isa_mode(isa);
    state->scalars[number_of(isa, mode)] = classifier_number(c, mode->width, user ? 1 : 0);
}

/* 256, or half of what a shorter word can name: a machine has room for the largest access and a trap area. */
uint32_t classifier_least_memory(const struct isa *isa)
{
    unsigned bits = isa_word_bits(isa);
    return bits > 8 ? 256 : (uint32_t)1 << (bits - 1);
}

Z3_ast classifier_sane(struct classifier *c, const struct isa *isa, const struct symbolic_state *state)
{
    return Z3_mk_bvuge(c->z3, state->memory_size,
                       classifier_number(c, isa_word_bits(isa), classifier_least_memory(isa)));
}

Z3_ast classifier_memory_size(struct classifier *c, const struct symbolic_state *state)
{
    return classifier_resize(c, state->memory_size, ADDRESS_BITS);
}

/* ---- Pairs ------------------------------------------------------------------------------------------------------- */

static void copy_arrays(struct pool *pool, const struct isa *isa, struct symbolic_state *state)
{
    size_t count = isa_state_count(isa);
    Z3_ast *scalars = classifier_allocate(pool, count * sizeof *scalars);
    Z3_func_decl *others = classifier_allocate(pool, count * sizeof *others);
    memcpy(scalars, state->scalars, count * sizeof *scalars);
    state->scalars = scalars;
    state->others = others;
}

/* R and physical memory differ at will, and with them the size of that memory; what both see at the same virtual
 * address is the same. All of R changes at once. */
static void perturb_location(struct subject *subject, struct pair *pair)
{
    struct classifier *c = subject->c;
    struct pool *pool = subject->pool;
    const struct isa *isa = subject->isa;
    unsigned address = ADDRESS_BITS;
    struct symbolic_state *second = &pair->states[1];
    for (unsigned access = ACCESS_FETCH; access < ACCESSES; access++)
        pair->states[0].contents[access] = second->contents[access] =
            classifier_function(c, classifier_format(pool, ".contents.%u", access), 1, &address, 8);
    second->memory = memory_function(c, pool, "'");
    second->memory_size = classifier_symbol(c, ".memory_size'", isa_word_bits(isa));
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        if (s->role != ISA_ROLE_RELOCATION || !subject->mentioned[i])
            continue;
        if (s->is_array)
            second->others[i] = array_function(c, pool, s, "'");
        else
            second->scalars[i] = classifier_symbol(c, classifier_format(pool, "%s'", s->name), s->width);
    }
}

static Z3_ast selected(struct classifier *c, Z3_ast selector, unsigned component)
{
    return Z3_mk_eq(c->z3, selector, classifier_number(c, INDEX_BITS, component));
}

/* One component of the role differs: the one whose number the selector is. */
static void perturb_one(struct subject *subject, struct pair *pair, enum isa_role role)
{
    struct classifier *c = subject->c;
    struct pool *pool = subject->pool;
    const struct isa *isa = subject->isa;
    struct symbolic_state *second = &pair->states[1];
    Z3_ast selector = classifier_symbol(c, ".perturbed", INDEX_BITS);
    second->selector = selector;
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        if (s->role != role || !subject->mentioned[i])
            continue;
        if (s->is_array)
            second->others[i] = array_function(c, pool, s, "'");
        else
            second->scalars[i] = Z3_mk_ite(c->z3, selected(c, selector, i),
                                           classifier_symbol(c, classifier_format(pool, "%s'", s->name), s->width),
                                           second->scalars[i]);
    }
    if (role == ISA_ROLE_RESOURCE)
        second->device = Z3_mk_ite(c->z3, selected(c, selector, DEVICE_COMPONENT),
                                   classifier_symbol(c, ".devices'", DEVICE_BITS), second->device);
}

struct pair classifier_pair(struct subject *subject, enum perturbation perturbation, bool user_only)
{
    struct classifier *c = subject->c;
    const struct isa *isa = subject->isa;
    struct pair pair = {.perturbation = perturbation};
    pair.states[0] = classifier_any_state(subject, "");
    if (user_only)
        classifier_fix_mode(c, isa, &pair.states[0], true);
    pair.states[1] = pair.states[0];
    copy_arrays(subject->pool, isa, &pair.states[1]);
    switch (perturbation) {
    case PERTURB_MODE:
        if (classifier_moved(isa, perturbation))
            perturb_location(subject, &pair);
        classifier_fix_mode(c, isa, &pair.states[0], false);
        classifier_fix_mode(c, isa, &pair.states[1], true);
        break;
    case PERTURB_LOCATION:
        perturb_location(subject, &pair);
        break;
    case PERTURB_RESOURCE:
        perturb_one(subject, &pair, ISA_ROLE_RESOURCE);
        break;
    case PERTURB_TIME:
        perturb_one(subject, &pair, ISA_ROLE_TIME);
        break;
    case PERTURB_NOTHING:
        break;
    }
    pair.assumptions = classifier_sane(c, isa, &pair.states[0]);
    if (classifier_moved(isa, perturbation))
        pair.assumptions = classifier_both(c, pair.assumptions, classifier_sane(c, isa, &pair.states[1]));
    return pair;
}
