/* contiguous.c: what an access to several bytes has to do with the virtual addresses after its own. `translate` gives the
 * physical address of its first byte, and physical bytes follow upwards. Mostly byte k is then what the virtual address
 * v + k leads to, and a location pair holds the same there. But `translate` may be anything: it may take addresses
 * downwards, or let an access reach from one page into the next frame. So it is proved: for all accesses of a size and
 * kind, or else for the one at hand, under what its path says before it (that the address is a multiple of four, say). */
#include "classifier/internal.h"

/* The translation can be made, under the conditions assumed, and byte k, whose virtual address is `at`, is elsewhere. */
static Z3_ast breaks_at(struct subject *subject, const struct symbolic_state *state, const struct translation *t,
                        Z3_ast assumed, Z3_ast k, Z3_ast at)
{
    struct classifier *c = subject->c;
    Z3_ast whole = classifier_resize(c, t->physical_address, ADDRESS_BITS);
    Z3_ast byte = Z3_mk_bvadd(c->z3, whole, classifier_resize(c, k, ADDRESS_BITS));
    struct view view = classifier_view(subject, state, at, (unsigned)t->access);
    Z3_ast same = classifier_both(c, view.valid, Z3_mk_eq(c->z3, view.physical_address, byte));
    assumed = classifier_both(c, assumed, classifier_sane(c, subject->isa, state));
    assumed = classifier_both(c, assumed,
                              Z3_mk_bvult(c->z3, k, classifier_number(c, classifier_width(c, k), t->size)));
    return classifier_both(c, assumed, classifier_negation(c, same));
}

/* The same of any byte of the access. */
static Z3_ast breaks(struct subject *subject, const struct symbolic_state *state, const struct translation *t,
                     Z3_ast assumed)
{
    struct classifier *c = subject->c;
    Z3_ast k = classifier_symbol(c, ".k", isa_word_bits(subject->isa));
    return breaks_at(subject, state, t, assumed, k, Z3_mk_bvadd(c->z3, t->virtual_address, k));
}

/* A virtual address in two parts: with pages, the page's number and the offset in it. Whatever the parts are, the proof by
 * them is one; but it is short only where `translate` looks up what the upper part says. `offset_bits` 0: no parts. */
struct parts { unsigned offset_bits; Z3_ast upper, offset; };

/* The last bit at which `translate` itself takes something apart. */
static unsigned offset_bits(const struct isa *isa)
{
    const struct isa_program *translate = isa_paragraph(isa, ISA_ON_TRANSLATE);
    unsigned bits = 0;
    for (unsigned i = 0; i < translate->count; i++) {
        const struct isa_node *node = &translate->nodes[i];
        if (node->operator == ISA_EXTRACT && node->constant > bits && node->constant < isa_word_bits(isa))
            bits = (unsigned)node->constant;
    }
    return bits;
}

/* No byte of the access is in another page than the first, and each is where it should be: then the address of byte k has
 * the same upper part, as the same term, and with it the same entries in all tables. */
static bool holds_in_parts(struct subject *subject, const struct symbolic_state *state, const struct translation *t,
                           Z3_ast assumed, const struct parts *parts)
{
    struct classifier *c = subject->c;
    if (parts->offset_bits == 0 || t->size >> parts->offset_bits != 0)
        return false;
    Z3_ast last = classifier_number(c, parts->offset_bits, t->size - 1);
    Z3_ast fits = Z3_mk_bvule(c->z3, last, Z3_mk_bvnot(c->z3, parts->offset));
    if (!classifier_refutes(c, classifier_both(c, assumed, classifier_negation(c, fits))))
        return false;
    Z3_ast k = classifier_symbol(c, ".k", parts->offset_bits);
    Z3_ast at = Z3_mk_concat(c->z3, parts->upper, Z3_mk_bvadd(c->z3, parts->offset, k));
    assumed = classifier_both(c, assumed, fits);
    return classifier_refutes(c, breaks_at(subject, state, t, assumed, k, at));
}

/* For every virtual address. */
static bool holds_always(struct subject *subject, unsigned size, unsigned access)
{
    struct classifier *c = subject->c;
    struct symbolic_state state = classifier_any_state(subject, "");
    struct parts parts = {.offset_bits = offset_bits(subject->isa)};
    Z3_ast any = classifier_symbol(c, ".any", isa_word_bits(subject->isa));
    if (parts.offset_bits > 0) {
        parts.upper = classifier_symbol(c, ".upper", isa_word_bits(subject->isa) - parts.offset_bits);
        parts.offset = classifier_symbol(c, ".offset", parts.offset_bits);
        any = Z3_mk_concat(c->z3, parts.upper, parts.offset);
    }
    path_list paths = classifier_explore_translate(subject, &state, any, size, access);
    bool holds = true;
    for (unsigned i = 0; i < paths.count && holds; i++) {
        struct translation t = {any, paths.items[i].result, size, access, 0};
        Z3_ast taken = classifier_path_condition(subject, &paths.items[i]);
        holds = paths.items[i].end != PATH_RETURN || holds_in_parts(subject, &state, &t, taken, &parts) ||
                classifier_refutes(c, breaks(subject, &state, &t, taken));
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
    if (t->size == 1 || always(subject, (unsigned)t->size, (unsigned)t->access))
        return true;
    Z3_ast before = t->conditions == 0 ? Z3_mk_true(z3) : Z3_mk_and(z3, t->conditions, path->conditions.items);
    return classifier_refutes(subject->c, breaks(subject, state, t, before));
}
