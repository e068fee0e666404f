/* results.c: what two finished executions are compared by, and what one has changed, as formulas.
 *
 * Results are the general registers, pc, memory at virtual addresses, and the resources, the perturbed one left out.
 * What neither path writes is equal, and left out; what both write as the same term is, too. */
#include "classifier/internal.h"

static Z3_ast or_null(struct classifier *c, Z3_ast sum, Z3_ast part)
{
    if (part == NULL || classifier_is_false(c, part))
        return sum;
    return sum == NULL ? part : classifier_either(c, sum, part);
}

static Z3_ast number_add(struct classifier *c, Z3_ast term, uint64_t number)
{
    return classifier_simplify(c, Z3_mk_bvadd(c->z3, term, classifier_number(c, classifier_width(c, term), number)));
}

static const struct write *last_write(const struct path *path, unsigned state)
{
    for (unsigned i = path->writes.count; i-- > 0;)
        if (path->writes.items[i].state == state)
            return &path->writes.items[i];
    return NULL;
}

/* ---- States ------------------------------------------------------------------------------------------------------ */

/* A scalar after the path. `before` is its value in the first state: where the second one's differs it is left out. */
static Z3_ast scalar_after(struct subject *subject, const struct path *path, unsigned state, Z3_ast before)
{
    const struct write *write = last_write(path, state);
    if (write != NULL)
        return write->value;
    if (isa_state_at(subject->isa, state) == isa_program_counter(subject->isa))
        return number_add(subject->c, before, subject->instruction->bits / 8);
    return before;
}

static bool same_array_writes(const struct path *a, const struct path *b, unsigned state)
{
    unsigned i = 0, j = 0;
    for (;; i++, j++) {
        while (i < a->writes.count && a->writes.items[i].state != state)
            i++;
        while (j < b->writes.count && b->writes.items[j].state != state)
            j++;
        if (i == a->writes.count || j == b->writes.count)
            return i == a->writes.count && j == b->writes.count;
        if (a->writes.items[i].index != b->writes.items[j].index ||
            a->writes.items[i].value != b->writes.items[j].value)
            return false;
    }
}

static Z3_ast element_after(struct classifier *c, const struct path *path, unsigned state, Z3_ast index, Z3_ast before)
{
    for (unsigned i = 0; i < path->writes.count; i++) {
        const struct write *write = &path->writes.items[i];
        if (write->state == state)
            before = Z3_mk_ite(c->z3, Z3_mk_eq(c->z3, index, write->index), write->value, before);
    }
    return before;
}

/* Some element differs: which one is for the solver to find. */
static Z3_ast array_differs(struct subject *subject, const struct pair *pair, const struct path *first,
                            const struct path *second, unsigned state, struct query *query)
{
    struct classifier *c = subject->c;
    const struct isa_state *s = isa_state_at(subject->isa, state);
    if (same_array_writes(first, second, state))
        return NULL;
    Z3_ast index = classifier_symbol(c, classifier_format(subject->pool, ".index.%s", s->name), INDEX_BITS);
    Z3_ast before = classifier_element(subject, &pair->states[0], state, index);
    *APPEND(subject->pool, &query->reads[0]) = (struct read){READ_ELEMENT, state, index, before, NULL, 0};
    Z3_ast differs = classifier_differ(c, element_after(c, first, state, index, before),
                                       element_after(c, second, state, index, before));
    Z3_ast real = Z3_mk_bvult(c->z3, index, classifier_number(c, INDEX_BITS, s->count));
    if (s->zero >= 0)
        real =
            classifier_both(c, real, classifier_differ(c, index, classifier_number(c, INDEX_BITS, (uint64_t)s->zero)));
    return classifier_both(c, real, differs);
}

static bool is_result(const struct isa_state *s, bool paper)
{
    return s->role == ISA_ROLE_GENERAL || s->role == ISA_ROLE_PROGRAM_COUNTER ||
           (s->role == ISA_ROLE_RESOURCE && !paper);
}

/* The component is not the one that the second state differs in. */
static Z3_ast not_perturbed(struct classifier *c, const struct pair *pair, unsigned component)
{
    if (pair->states[1].selector == NULL)
        return Z3_mk_true(c->z3);
    return classifier_differ(c, pair->states[1].selector, classifier_number(c, INDEX_BITS, component));
}

static Z3_ast state_differs(struct subject *subject, const struct pair *pair, const struct path *first,
                            const struct path *second, unsigned state, struct query *query)
{
    struct classifier *c = subject->c;
    if (isa_state_at(subject->isa, state)->is_array)
        return array_differs(subject, pair, first, second, state, query);
    Z3_ast before = pair->states[0].scalars[state];
    return classifier_differ(c, scalar_after(subject, first, state, before),
                             scalar_after(subject, second, state, before));
}

static Z3_ast devices_differ(struct subject *subject, const struct pair *pair, const struct path *first,
                             const struct path *second)
{
    Z3_ast before = pair->states[0].device;
    Z3_ast a = first->steps.count > 0 ? first->device : before, b = second->steps.count > 0 ? second->device : before;
    return a == b
               ? NULL
               : classifier_both(subject->c, not_perturbed(subject->c, pair, DEVICE_COMPONENT),
                                 classifier_differ(subject->c, a, b));
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

void classifier_view_reads(struct subject *subject, struct query *query, unsigned owner, const struct view *view)
{
    for (unsigned i = 0; i < view->paths.count; i++) {
        const struct path *path = &view->paths.items[i];
        for (unsigned k = 0; k < path->reads.count; k++) {
            struct read *read = APPEND(subject->pool, &query->reads[owner]);
            *read = path->reads.items[k];
            Z3_ast taken = classifier_path_condition(subject, path);
            read->when = read->when == NULL ? taken : classifier_both(subject->c, taken, read->when);
        }
    }
}

/* Byte k of the store is the one at `address`. */
static Z3_ast stores_at(struct classifier *c, const struct store *store, unsigned k, Z3_ast address)
{
    Z3_ast there = Z3_mk_eq(c->z3, address, number_add(c, store->address, k));
    return store->when == NULL ? there : classifier_both(c, store->when, there);
}

Z3_ast classifier_byte_after(struct subject *subject, const struct path *path, Z3_ast address, Z3_ast before)
{
    struct classifier *c = subject->c;
    for (unsigned i = 0; i < path->stores.count; i++) {
        const struct store *store = &path->stores.items[i];
        for (unsigned k = 0; k < store->bytes; k++)
            before = Z3_mk_ite(c->z3, stores_at(c, store, k, address),
                               Z3_mk_extract(c->z3, 8 * k + 7, 8 * k, store->value), before);
    }
    return before;
}

/* Do both stores go to the same virtual addresses, which R has given? */
static bool same_place(struct subject *subject, const struct pair *pair, const struct path *a, const struct store *x,
                       const struct path *b, const struct store *y)
{
    if (x->origin == NO_ORIGIN || y->origin == NO_ORIGIN || x->offset != y->offset || x->bytes != y->bytes)
        return false;
    const struct translation *t = &a->translations.items[x->origin], *u = &b->translations.items[y->origin];
    return t->virtual_address == u->virtual_address && t->access == u->access && x->offset + x->bytes <= t->size &&
           y->offset + y->bytes <= u->size && classifier_contiguous(subject, &pair->states[0], a, t) &&
           classifier_contiguous(subject, &pair->states[1], b, u);
}

static bool same_stores(const struct path *a, const struct path *b)
{
    if (a->stores.count != b->stores.count)
        return false;
    for (unsigned i = 0; i < a->stores.count; i++)
        if (a->stores.items[i].address != b->stores.items[i].address ||
            a->stores.items[i].value != b->stores.items[i].value || a->stores.items[i].when != b->stores.items[i].when)
            return false;
    return true;
}

/* Frames are moved, not merged: what is one byte in the one state is one byte in the other. So a virtual address names
 * what a store wrote in both states or in neither. With base and bound this goes without saying; with pages it does
 * not. */
static Z3_ast frames_are_moved(struct subject *subject, const struct pair *pair, const struct path *first,
                               const struct path *second, Z3_ast at1, Z3_ast at2)
{
    struct classifier *c = subject->c;
    Z3_ast moved = Z3_mk_true(c->z3);
    for (unsigned i = 0; i < first->stores.count; i++)
        for (unsigned j = 0; j < second->stores.count; j++) {
            const struct store *x = &first->stores.items[i], *y = &second->stores.items[j];
            if (!same_place(subject, pair, first, x, second, y))
                continue;
            for (unsigned k = 0; k < x->bytes; k++)
                moved = classifier_both(c, moved, Z3_mk_iff(c->z3, Z3_mk_eq(c->z3, at1, number_add(c, x->address, k)),
                                                            Z3_mk_eq(c->z3, at2, number_add(c, y->address, k))));
        }
    return moved;
}

/* At a location pair's `probe`, what both states hold there stands in both physical memories. */
static Z3_ast memory_differs_moved(struct subject *subject, const struct pair *pair, const struct path *first,
                                   const struct path *second, struct query *query)
{
    struct classifier *c = subject->c;
    struct view one = classifier_view(subject, &pair->states[0], query->probe, ACCESS_LOAD);
    struct view two = classifier_view(subject, &pair->states[1], query->probe, ACCESS_LOAD);
    Z3_ast at = classifier_resize(c, query->probe, ADDRESS_BITS);
    Z3_ast same = Z3_mk_app(c->z3, pair->states[0].contents[ACCESS_LOAD], 1, &at);
    const struct view *views[2] = {&one, &two};
    Z3_ast valid = classifier_both(c, one.valid, two.valid), result = Z3_mk_true(c->z3);
    for (unsigned i = 0; i < 2; i++) {
        Z3_ast physical = views[i]->physical_address;
        classifier_view_reads(subject, query, i, views[i]);
        *APPEND(subject->pool, &query->reads[i]) = (struct read){READ_BYTE, 0, physical, same, views[i]->valid, 0};
        Z3_ast stands = classifier_byte_before(subject, &pair->states[i], physical);
        result = classifier_both(c, result, Z3_mk_eq(c->z3, stands, same));
        result = classifier_both(c, result, Z3_mk_bvult(c->z3, physical, classifier_memory_size(c, &pair->states[i])));
    }
    result = classifier_both(
        c, result, frames_are_moved(subject, pair, first, second, one.physical_address, two.physical_address));
    query->probed = Z3_mk_implies(c->z3, valid, result);
    return classifier_both(c, classifier_both(c, valid, result),
                           classifier_differ(c, classifier_byte_after(subject, first, one.physical_address, same),
                                             classifier_byte_after(subject, second, two.physical_address, same)));
}

/* Some byte at a virtual address differs afterwards: which one is for the solver to find. */
static Z3_ast memory_differs(struct subject *subject, const struct pair *pair, const struct path *first,
                             const struct path *second, struct query *query)
{
    struct classifier *c = subject->c;
    if (first->stores.count == 0 && second->stores.count == 0)
        return NULL;
    bool moved = classifier_moved(subject->isa, pair->perturbation);
    if (!moved && same_stores(first, second))
        return NULL;
    query->probe = classifier_symbol(c, ".probe", isa_word_bits(subject->isa));
    if (moved)
        return memory_differs_moved(subject, pair, first, second, query);
    struct view view = classifier_view(subject, &pair->states[0], query->probe, ACCESS_LOAD);
    classifier_view_reads(subject, query, 0, &view);
    Z3_ast before = classifier_byte_before(subject, &pair->states[0], view.physical_address);
    *APPEND(subject->pool, &query->reads[0]) = (struct read){READ_BYTE, 0, view.physical_address, before, view.valid, 0};
    return classifier_both(c, view.valid,
                           classifier_differ(c, classifier_byte_after(subject, first, view.physical_address, before),
                                             classifier_byte_after(subject, second, view.physical_address, before)));
}

Z3_ast classifier_results_differ(struct subject *subject, const struct pair *pair, const struct path *first,
                                 const struct path *second, bool paper, struct query *query)
{
    struct classifier *c = subject->c;
    Z3_ast sum = NULL;
    for (unsigned i = 0; i < isa_state_count(subject->isa); i++) {
        if (!subject->mentioned[i] || !is_result(isa_state_at(subject->isa, i), paper))
            continue;
        Z3_ast differs = state_differs(subject, pair, first, second, i, query);
        if (differs != NULL && isa_state_at(subject->isa, i)->role == ISA_ROLE_RESOURCE)
            differs = classifier_both(c, not_perturbed(c, pair, i), differs);
        sum = or_null(c, sum, differs);
    }
    if (!paper)
        sum = or_null(c, sum, devices_differ(subject, pair, first, second));
    return or_null(c, sum, memory_differs(subject, pair, first, second, query));
}

/* ---- Changes ----------------------------------------------------------------------------------------------------- */

static bool is_control(const struct isa_state *s, bool paper)
{
    return s->role == ISA_ROLE_MODE || s->role == ISA_ROLE_RELOCATION || s->role == ISA_ROLE_GUEST_MODE ||
           (!paper && (s->role == ISA_ROLE_RESOURCE || s->role == ISA_ROLE_TIME));
}

/* An array's element is changed by its last write. */
static Z3_ast element_changes(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                              unsigned at, struct query *query)
{
    struct classifier *c = subject->c;
    const struct write *write = &path->writes.items[at];
    const struct isa_state *s = isa_state_at(subject->isa, write->state);
    Z3_ast before = classifier_element(subject, state, write->state, write->index);
    *APPEND(subject->pool, &query->reads[0]) = (struct read){READ_ELEMENT, write->state, write->index, before, NULL, 0};
    Z3_ast changes = classifier_differ(c, before, write->value);
    if (s->zero >= 0)
        changes = classifier_both(c, changes, classifier_differ(c, write->index,
                                                                classifier_number(c, INDEX_BITS, (uint64_t)s->zero)));
    for (unsigned i = at + 1; i < path->writes.count; i++)
        if (path->writes.items[i].state == write->state)
            changes = classifier_both(c, changes, classifier_differ(c, write->index, path->writes.items[i].index));
    return changes;
}

Z3_ast classifier_changes(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                          bool paper, struct query *query)
{
    struct classifier *c = subject->c;
    Z3_ast sum = NULL;
    for (unsigned i = 0; i < path->writes.count; i++) {
        const struct write *write = &path->writes.items[i];
        if (!is_control(isa_state_at(subject->isa, write->state), paper))
            continue;
        if (write->index != NULL)
            sum = or_null(c, sum, element_changes(subject, state, path, i, query));
        else if (write == last_write(path, write->state))
            sum = or_null(c, sum, classifier_differ(c, state->scalars[write->state], write->value));
    }
    if (!paper && path->steps.count > 0)
        sum = or_null(c, sum, classifier_differ(c, state->device, path->device));
    return sum;
}

/* The virtual address does not lead to the physical one. */
static Z3_ast does_not_lead(struct subject *subject, const struct symbolic_state *state, Z3_ast virtual_address,
                            Z3_ast address, struct query *query)
{
    struct classifier *c = subject->c;
    virtual_address = classifier_simplify(c, classifier_resize(c, virtual_address, isa_word_bits(subject->isa)));
    struct view view = classifier_view(subject, state, virtual_address, ACCESS_STORE);
    classifier_view_reads(subject, query, 0, &view);
    return classifier_negation(c, classifier_both(c, view.valid, Z3_mk_eq(c->z3, view.physical_address, address)));
}

/* R has given the store's byte k just now. */
static bool was_given(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                      const struct store *store, unsigned k)
{
    const struct translation *t = store->origin == NO_ORIGIN ? NULL : &path->translations.items[store->origin];
    return t != NULL && t->access == ACCESS_STORE && store->offset + k < t->size &&
           classifier_contiguous(subject, state, path, t);
}

/* "R does not give it" says that no virtual address leads to it. Here it is said of those that may: the one it was
 * translated from, the address itself, and its distances from R's parts. witness.c looks for others. */
Z3_ast classifier_strays(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                         unsigned number, unsigned k, struct query *query)
{
    struct classifier *c = subject->c;
    const struct store *store = &path->stores.items[number];
    const struct translation *t = store->origin == NO_ORIGIN ? NULL : &path->translations.items[store->origin];
    if (was_given(subject, state, path, store, k))
        return NULL;
    Z3_ast address = number_add(c, store->address, k), before = classifier_byte_before(subject, state, address);
    Z3_ast result = classifier_differ(c, classifier_byte_after(subject, path, address, before), before);
    if (t != NULL)
        result = classifier_both(
            c, result,
            does_not_lead(subject, state, number_add(c, t->virtual_address, store->offset + k), address, query));
    result = classifier_both(c, result, does_not_lead(subject, state, address, address, query));
    unsigned in_page = classifier_offset_bits(subject->isa);
    if (t == NULL && in_page > 0) /* what stands in the first page */
        result = classifier_both(
            c, result, does_not_lead(subject, state, Z3_mk_extract(c->z3, in_page - 1, 0, address), address, query));
    for (unsigned i = 0; i < isa_state_count(subject->isa); i++) {
        const struct isa_state *s = isa_state_at(subject->isa, i);
        if (subject->mentioned[i] && s->role == ISA_ROLE_RELOCATION && !s->is_array) {
            Z3_ast part = classifier_resize(c, state->scalars[i], ADDRESS_BITS);
            Z3_ast distance = Z3_mk_bvsub(c->z3, address, part);
            result = classifier_both(c, result, does_not_lead(subject, state, distance, address, query));
        }
    }
    *APPEND(subject->pool, &query->reads[0]) = (struct read){READ_BYTE, 0, address, before, NULL, 0};
    query->stray = address;
    return result;
}

/* The same with one virtual address alone, so that it may say yes too often: where it is refuted, no byte strays. */
static Z3_ast may_stray(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                        const struct store *store, unsigned k)
{
    struct classifier *c = subject->c;
    struct query ignored = {.state_count = 1};
    const struct translation *t = store->origin == NO_ORIGIN ? NULL : &path->translations.items[store->origin];
    Z3_ast address = number_add(c, store->address, k), before = classifier_byte_before(subject, state, address);
    unsigned in_page = classifier_offset_bits(subject->isa);
    Z3_ast at = t != NULL     ? number_add(c, t->virtual_address, store->offset + k)
                : in_page > 0 ? Z3_mk_extract(c->z3, in_page - 1, 0, address)
                              : address;
    return classifier_both(c, classifier_differ(c, classifier_byte_after(subject, path, address, before), before),
                           does_not_lead(subject, state, at, address, &ignored));
}

bool classifier_rest_stays(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                           unsigned number, unsigned k, Z3_ast assumed)
{
    struct classifier *c = subject->c;
    Z3_ast any = Z3_mk_false(c->z3);
    for (; number < path->stores.count; number++, k = 0)
        for (; k < path->stores.items[number].bytes; k++)
            if (!was_given(subject, state, path, &path->stores.items[number], k))
                any = classifier_either(c, any, may_stray(subject, state, path, &path->stores.items[number], k));
    return classifier_decide(c, classifier_both(c, assumed, any), NULL) == UNSATISFIABLE;
}
