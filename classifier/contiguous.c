/* contiguous.c: what an access to several bytes has to do with the virtual addresses after its own. `translate` gives the
 * physical address of its first byte, and physical bytes follow upwards. Mostly byte k is then what the virtual address
 * v + k leads to, and a location pair holds the same there. But `translate` may be anything: it may take addresses
 * downwards, or let an access reach from one page into the next frame. So it is proved: for all accesses, or all of a
 * size and kind, or else for the one at hand, under what its path says before it (that the address is a multiple of
 * four, say). */
#include "classifier/internal.h"

/* An access: constants, or symbols that the assumptions bound; `most`: the largest size. What is asked about it: whether
 * a smaller one, of `part` bytes, that begins k bytes later leads k bytes further; k is smaller than the size, and at most
 * `farthest`. */
struct access { Z3_ast virtual_address, physical_address, size, kind, part; uint64_t most, farthest; };

/* A symbol with no more bits than the number has, which makes proofs short, as a term of `width`. */
static Z3_ast up_to(struct subject *subject, const char *name, uint64_t most, unsigned width)
{
    struct classifier *c = subject->c;
    unsigned bits = 1;
    while (bits < width && most >> bits != 0)
        bits++;
    name = classifier_format(subject->pool, "%s.%u", name, bits);
    return classifier_resize(c, classifier_symbol(c, name, bits), width);
}

/* The access can be made, under the conditions assumed, and the part from byte k on, whose virtual address is `at`, is
 * elsewhere, or cannot be accessed. */
static Z3_ast breaks_at(struct subject *subject, const struct symbolic_state *state, const struct access *access,
                        Z3_ast assumed, Z3_ast k, Z3_ast at)
{
    struct classifier *c = subject->c;
    Z3_ast whole = classifier_resize(c, access->physical_address, ADDRESS_BITS);
    Z3_ast byte = Z3_mk_bvadd(c->z3, whole, classifier_resize(c, k, ADDRESS_BITS));
    struct view view = classifier_view_for(subject, state, at, access->part, access->kind);
    Z3_ast same = classifier_both(c, view.valid, Z3_mk_eq(c->z3, view.physical_address, byte));
    Z3_ast is_byte = Z3_mk_bvult(c->z3, k, classifier_resize(c, access->size, classifier_width(c, k)));
    assumed = classifier_both(c, assumed, classifier_sane(c, subject->isa, state));
    return classifier_both(c, classifier_both(c, assumed, is_byte), classifier_negation(c, same));
}

/* The same of any k. */
static Z3_ast breaks(struct subject *subject, const struct symbolic_state *state, const struct access *access,
                     Z3_ast assumed)
{
    struct classifier *c = subject->c;
    Z3_ast k = up_to(subject, ".k", access->farthest, isa_word_bits(subject->isa));
    return breaks_at(subject, state, access, assumed, k, Z3_mk_bvadd(c->z3, access->virtual_address, k));
}

/* A virtual address in two parts: with pages, the page's number and the offset in it. Whatever the parts are, the proof by
 * them is one; but it is short only where `translate` looks up what the upper part says. `offset_bits` 0: no parts. */
struct parts { unsigned offset_bits; Z3_ast upper, offset; };

/* The last bit at which `translate` itself takes something apart. */
unsigned classifier_offset_bits(const struct isa *isa)
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
static bool holds_in_parts(struct subject *subject, const struct symbolic_state *state, const struct access *access,
                           Z3_ast assumed, const struct parts *parts)
{
    struct classifier *c = subject->c;
    unsigned bits = parts->offset_bits;
    if (bits == 0 || access->most >> bits != 0)
        return false;
    Z3_ast last = Z3_mk_bvsub(c->z3, classifier_resize(c, access->size, bits), classifier_number(c, bits, 1));
    Z3_ast fits = Z3_mk_bvule(c->z3, last, Z3_mk_bvnot(c->z3, parts->offset));
    if (!classifier_refutes(c, classifier_both(c, assumed, classifier_negation(c, fits))))
        return false;
    Z3_ast k = up_to(subject, ".k", access->farthest, bits);
    Z3_ast at = Z3_mk_concat(c->z3, parts->upper, Z3_mk_bvadd(c->z3, parts->offset, k));
    assumed = classifier_both(c, assumed, fits);
    return classifier_refutes(c, breaks_at(subject, state, access, assumed, k, at));
}

/* For every virtual address, and all accesses of this size and kind that the assumptions permit. */
static bool holds_always(struct subject *subject, struct access access, Z3_ast assumed)
{
    struct classifier *c = subject->c;
    struct symbolic_state state = classifier_any_state(subject, "");
    struct parts parts = {.offset_bits = classifier_offset_bits(subject->isa)};
    access.virtual_address = classifier_symbol(c, ".any", isa_word_bits(subject->isa));
    if (parts.offset_bits > 0) {
        parts.upper = classifier_symbol(c, ".upper", isa_word_bits(subject->isa) - parts.offset_bits);
        parts.offset = classifier_symbol(c, ".offset", parts.offset_bits);
        access.virtual_address = Z3_mk_concat(c->z3, parts.upper, parts.offset);
    }
    path_list paths = classifier_explore_translate(subject, &state, access.virtual_address, access.size, access.kind);
    bool holds = true;
    for (unsigned i = 0; i < paths.count && holds; i++) {
        Z3_ast taken = classifier_both(c, assumed, classifier_path_condition(subject, &paths.items[i]));
        access.physical_address = paths.items[i].result;
        holds = paths.items[i].end != PATH_RETURN || holds_in_parts(subject, &state, &access, taken, &parts) ||
                classifier_refutes(c, breaks(subject, &state, &access, taken));
    }
    return holds;
}

/* Of one size and kind. */
static bool holds_for(struct subject *subject, unsigned size, unsigned kind)
{
    struct classifier *c = subject->c;
    unsigned bits = isa_word_bits(subject->isa);
    struct access access = {.size = classifier_number(c, bits, size), .kind = classifier_number(c, bits, kind),
                            .part = classifier_number(c, bits, 1), .most = size, .farthest = size - 1};
    return holds_always(subject, access, Z3_mk_true(c->z3));
}

/* Of all sizes up to the largest of which facts are kept, and of all kinds. By induction, for that makes a short proof:
 * an access of two bytes or more leads to the same place if it is a byte shorter, and to the next if it begins a byte
 * later and is a byte shorter. So byte k of an access is found by k steps of the second kind, and then some of the first
 * until one byte is left. */
static bool holds_for_all(struct subject *subject)
{
    struct classifier *c = subject->c;
    unsigned bits = isa_word_bits(subject->isa);
    struct access access = {.size = up_to(subject, ".size", MOST_CONTIGUOUS - 1, bits),
                            .kind = up_to(subject, ".kind", ACCESSES - 1, bits), .most = MOST_CONTIGUOUS - 1,
                            .farthest = 1};
    Z3_ast zero = classifier_number(c, bits, 0), two = classifier_number(c, bits, 2);
    access.part = Z3_mk_bvsub(c->z3, access.size, classifier_number(c, bits, 1));
    Z3_ast assumed = Z3_mk_and(c->z3, 4, (Z3_ast[]){
        Z3_mk_bvule(c->z3, two, access.size),
        Z3_mk_bvule(c->z3, access.size, classifier_number(c, bits, access.most)),
        classifier_differ(c, access.kind, zero),
        Z3_mk_bvult(c->z3, access.kind, classifier_number(c, bits, ACCESSES))});
    return holds_always(subject, access, assumed);
}

/* A fact is proved with a solver of its own, so that an instruction's solver never sees it, be it the first to ask or
 * not. `size` 0: of all accesses. */
static signed char prove(const struct isa *isa, const struct classifier_options *options, unsigned size, unsigned kind)
{
    struct classifier solver;
    struct subject machine = {.c = &solver, .isa = isa, .pool = classifier_pool_new()};
    machine.mentioned = classifier_mentioned(machine.pool, isa, NULL);
    classifier_open(&solver, options);
    bool holds = size == 0 ? holds_for_all(&machine) : holds_for(&machine, size, kind);
    classifier_close(&solver);
    classifier_pool_free(machine.pool);
    return holds ? 1 : -1;
}

void classifier_prove_contiguous(struct facts *facts, const struct isa *isa, const struct classifier_options *options)
{
    pthread_mutex_lock(&facts->lock);
    if (facts->contiguous_all == 0)
        facts->contiguous_all = prove(isa, options, 0, 0);
    pthread_mutex_unlock(&facts->lock);
}

/* For every access of this size and kind. */
static bool always(struct subject *subject, unsigned size, unsigned kind)
{
    struct facts *facts = subject->facts;
    const struct classifier_options *options = &subject->c->options;
    if (facts == NULL || size >= MOST_CONTIGUOUS)
        return holds_for(subject, size, kind);
    classifier_prove_contiguous(facts, subject->isa, options);
    if (facts->contiguous_all > 0)
        return true;
    pthread_mutex_lock(&facts->lock);
    if (facts->contiguous[kind][size] == 0)
        facts->contiguous[kind][size] = prove(subject->isa, options, size, kind);
    bool holds = facts->contiguous[kind][size] > 0;
    pthread_mutex_unlock(&facts->lock);
    return holds;
}

bool classifier_contiguous(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                           const struct translation *t)
{
    struct classifier *c = subject->c;
    unsigned bits = isa_word_bits(subject->isa);
    if (t->access == 0 || t->access >= ACCESSES || t->size == 0)
        return false; /* they are not constants */
    if (t->size == 1 || always(subject, (unsigned)t->size, (unsigned)t->access))
        return true;
    struct access access = {.virtual_address = t->virtual_address,
                            .physical_address = t->physical_address,
                            .size = classifier_number(c, bits, t->size),
                            .kind = classifier_number(c, bits, t->access),
                            .part = classifier_number(c, bits, 1),
                            .most = t->size,
                            .farthest = t->size - 1};
    Z3_ast before = t->conditions == 0 ? Z3_mk_true(c->z3) : Z3_mk_and(c->z3, t->conditions, path->conditions.items);
    return classifier_refutes(c, breaks(subject, state, &access, before));
}
