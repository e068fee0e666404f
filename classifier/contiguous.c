/* contiguous.c: what an access to several bytes has to do with the virtual addresses after its own. `translate` gives the
 * physical address of its first byte, and physical bytes follow upwards. Mostly byte k is then what the virtual address
 * v + k leads to, and a location pair holds the same there. But `translate` may be anything: it may take addresses
 * downwards, or let an access reach from one page into the next frame. So it is proved: for all accesses of a size and
 * kind, or else for the one at hand, under what its path says before it (that the address is a multiple of four, say). */
#include "classifier/internal.h"

/* The translation can be made, under the conditions assumed, with a byte that is elsewhere. */
static Z3_ast breaks(struct subject *subject, const struct symbolic_state *state, const struct translation *t,
                     Z3_ast assumed)
{
    struct classifier *c = subject->c;
    unsigned bits = isa_word_bits(subject->isa);
    Z3_ast k = classifier_symbol(c, ".k", bits);
    Z3_ast whole = classifier_resize(c, t->physical_address, ADDRESS_BITS);
    Z3_ast byte = Z3_mk_bvadd(c->z3, whole, classifier_resize(c, k, ADDRESS_BITS));
    struct view view =
        classifier_view(subject, state, Z3_mk_bvadd(c->z3, t->virtual_address, k), (unsigned)t->access);
    Z3_ast same = classifier_both(c, view.valid, Z3_mk_eq(c->z3, view.physical_address, byte));
    assumed = classifier_both(c, assumed, classifier_sane(c, subject->isa, state));
    assumed = classifier_both(c, assumed, Z3_mk_bvult(c->z3, k, classifier_number(c, bits, t->size)));
    return classifier_both(c, assumed, classifier_negation(c, same));
}

/* For every virtual address. */
static bool holds_always(struct subject *subject, unsigned size, unsigned access)
{
    struct classifier *c = subject->c;
    struct symbolic_state state = classifier_any_state(subject, "");
    Z3_ast any = classifier_symbol(c, ".any", isa_word_bits(subject->isa));
    path_list paths = classifier_explore_translate(subject, &state, any, size, access);
    bool holds = true;
    for (unsigned i = 0; i < paths.count && holds; i++) {
        struct translation t = {any, paths.items[i].result, size, access, 0};
        holds = paths.items[i].end != PATH_RETURN ||
                classifier_refutes(c, breaks(subject, &state, &t, classifier_path_condition(subject, &paths.items[i])));
    }
    return holds;
}

/* The same, proved once for the machine and with a solver of its own, so that an instruction's solver never sees it, be
 * it the first to ask or not. */
static bool always(struct subject *subject, unsigned size, unsigned access)
{
    struct facts *facts = subject->facts;
    if (facts == NULL || size >= MOST_CONTIGUOUS)
        return holds_always(subject, size, access);
    pthread_mutex_lock(&facts->lock);
    if (facts->contiguous[access][size] == 0) {
        struct subject machine = {.c = &facts->solver, .isa = subject->isa, .pool = classifier_pool_new()};
        machine.mentioned = classifier_mentioned(machine.pool, subject->isa, NULL);
        if (facts->solver.z3 == NULL)
            classifier_open(&facts->solver, &subject->c->options);
        facts->contiguous[access][size] = holds_always(&machine, size, access) ? 1 : -1;
        classifier_pool_free(machine.pool);
    }
    bool holds = facts->contiguous[access][size] > 0;
    pthread_mutex_unlock(&facts->lock);
    return holds;
}

bool classifier_contiguous(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                           const struct translation *t)
{
    Z3_context z3 = subject->c->z3;
    if (t->access == 0 || t->access >= ACCESSES || t->size == 0)
        return false; /* they are not constants */
    if (isa_is_guest_view(subject->isa))
        return true; /* taken for granted: through two tables the proof takes too long (docs/classifier.md) */
    if (t->size == 1 || always(subject, (unsigned)t->size, (unsigned)t->access))
        return true;
    Z3_ast before = t->conditions == 0 ? Z3_mk_true(z3) : Z3_mk_and(z3, t->conditions, path->conditions.items);
    return classifier_refutes(subject->c, breaks(subject, state, t, before));
}
