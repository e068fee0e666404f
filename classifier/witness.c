/* witness.c: from a model of a query to concrete states: only what the formula speaks of, and zeros elsewhere. What
 * replays is a witness (simplify.c makes it simpler); what does not is either a model that must be refined, since it
 * breaks what the formula could not say in full, or a contradiction, which is reported as such. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <string.h>

/* What an instruction may do by hand takes long to say, and mostly need not be: it comes after so many other refinements. */
enum { BY_HAND_FROM = 3 };

/* ---- What the formulas could not say in full --------------------------------------------------------------------- */

/* Decides a formula about `.any`, a virtual address; gives the address where there is one. */
static enum classifier_answer exists(struct subject *subject, Z3_ast any, Z3_ast formula, uint32_t *at)
{
    Z3_model model = NULL;
    enum verdict verdict = classifier_decide(subject->c, formula, &model);
    if (verdict == SATISFIABLE)
        *at = (uint32_t)classifier_evaluate(subject->c, model, any);
    return verdict == SATISFIABLE ? CLASSIFIER_YES : verdict == UNSATISFIABLE ? CLASSIFIER_NO : CLASSIFIER_UNKNOWN;
}

static Z3_ast any_address(struct subject *subject)
{
    return classifier_symbol(subject->c, ".any", isa_word_bits(subject->isa));
}

/* The same for one kind of access. */
static enum classifier_answer related_for(struct subject *subject, struct symbolic_state states[2], unsigned access,
                                          uint32_t *at)
{
    struct classifier *c = subject->c;
    Z3_ast any = any_address(subject), valid = Z3_mk_true(c->z3), outside = Z3_mk_false(c->z3), bytes[2];
    for (unsigned i = 0; i < 2; i++) {
        struct view view = classifier_view(subject, &states[i], any, access);
        valid = classifier_both(c, valid, view.valid);
        bytes[i] = classifier_byte_before(subject, &states[i], view.physical_address);
        outside = classifier_either(
            c, outside, Z3_mk_bvuge(c->z3, view.physical_address, classifier_memory_size(c, &states[i])));
    }
    Z3_ast breaks = classifier_both(c, valid, classifier_either(c, outside, classifier_differ(c, bytes[0], bytes[1])));
    enum classifier_answer differ = exists(subject, any, breaks, at);
    return differ == CLASSIFIER_UNKNOWN ? differ : differ == CLASSIFIER_YES ? CLASSIFIER_NO : CLASSIFIER_YES;
}

enum classifier_answer classifier_related(struct subject *subject, const struct concrete states[2], uint32_t *at,
                                          unsigned *access)
{
    struct symbolic_state symbolic[2];
    enum classifier_answer answer = CLASSIFIER_YES;
    for (unsigned i = 0; i < 2; i++)
        symbolic[i] = classifier_constant_state(subject, &states[i]);
    for (*access = ACCESS_FETCH; *access < ACCESSES; ++*access) {
        answer = related_for(subject, symbolic, *access, at);
        if (answer != CLASSIFIER_YES)
            break;
    }
    return answer;
}

enum classifier_answer classifier_given(struct subject *subject, const struct concrete *state, uint32_t address,
                                        uint32_t *at)
{
    struct classifier *c = subject->c;
    Z3_ast any = any_address(subject);
    struct symbolic_state constant = classifier_constant_state(subject, state);
    struct view view = classifier_view(subject, &constant, any, ACCESS_STORE);
    Z3_ast leads = Z3_mk_eq(c->z3, view.physical_address, classifier_number(c, ADDRESS_BITS, address));
    return exists(subject, any, classifier_both(c, view.valid, leads), at);
}

/* The same contents, in physical memory, at this one virtual address, said of the symbolic states. */
static Z3_ast same_contents(struct subject *subject, struct query *query, Z3_ast address, unsigned access)
{
    struct classifier *c = subject->c;
    Z3_ast bytes[2];
    Z3_ast valid = Z3_mk_true(c->z3), inside = valid;
    for (unsigned i = 0; i < 2; i++) {
        struct view view = classifier_view(subject, query->states[i], address, access);
        classifier_view_reads(subject, query, i, &view);
        valid = classifier_both(c, valid, view.valid);
        bytes[i] = classifier_byte_before(subject, query->states[i], view.physical_address);
        inside = classifier_both(c, inside, Z3_mk_bvult(c->z3, view.physical_address,
                                                        classifier_memory_size(c, query->states[i])));
        *APPEND(subject->pool, &query->reads[i]) =
            (struct read){READ_BYTE, 0, view.physical_address, bytes[i], view.valid, 0};
    }
    return Z3_mk_implies(c->z3, valid, classifier_both(c, inside, Z3_mk_eq(c->z3, bytes[0], bytes[1])));
}

/* What is to hold at this virtual address is to hold as far from every access that the instruction has made nearby, too:
 * where frames count downwards, one address after the other would make no end. */
static Z3_ast same_contents_nearby(struct subject *subject, struct query *query,
                                   const struct classifier_witness *witness, uint32_t at, unsigned access)
{
    enum { NEARBY = 16 };
    struct classifier *c = subject->c;
    unsigned bits = isa_word_bits(subject->isa);
    Z3_ast result = same_contents(subject, query, classifier_number(c, bits, at), access);
    for (unsigned i = 0; i < 2; i++)
        for (unsigned k = 0; k < query->paths[i]->translations.count && k < witness->effects[i].translations; k++) {
            Z3_ast virtual_address = query->paths[i]->translations.items[k].virtual_address;
            uint64_t distance = (uint64_t)at - witness->effects[i].translated[k].virtual_address;
            if (distance + NEARBY < 2 * NEARBY && classifier_width(c, virtual_address) == bits)
                result = classifier_both(
                    c, result,
                    same_contents(subject, query,
                                  classifier_simplify(c, Z3_mk_bvadd(c->z3, virtual_address,
                                                                     classifier_number(c, bits, distance))),
                                  access));
        }
    return result;
}

/* An instruction may do by hand what `translate` does. Of a physical address that it reads, the virtual one may be the
 * address itself, its place in a page, or its distance from a part of R: there are as many ways as this gives, NULL where the
 * way does not exist. */
static Z3_ast by_hand(struct subject *subject, const struct symbolic_state *state, Z3_ast address, unsigned way)
{
    struct classifier *c = subject->c;
    unsigned in_page = classifier_offset_bits(subject->isa);
    Z3_ast result = address;
    if (way == 1 && in_page == 0)
        return NULL;
    if (way == 1)
        result = Z3_mk_extract(c->z3, in_page - 1, 0, address);
    if (way >= 2) {
        const struct isa_state *s = isa_state_at(subject->isa, way - 2);
        if (!subject->mentioned[way - 2] || s->role != ISA_ROLE_RELOCATION || s->is_array)
            return NULL;
        result = Z3_mk_bvsub(c->z3, address, classifier_resize(c, state->scalars[way - 2], ADDRESS_BITS));
    }
    return classifier_simplify(c, classifier_resize(c, result, isa_word_bits(subject->isa)));
}

/* The same contents in all of an access of this size that `translate` lets through in both states. */
static Z3_ast same_access(struct subject *subject, struct query *query, Z3_ast address, unsigned bytes, unsigned access)
{
    struct classifier *c = subject->c;
    unsigned bits = isa_word_bits(subject->isa);
    struct view views[2];
    Z3_ast valid = Z3_mk_true(c->z3), same = valid, nothing = valid;
    for (unsigned i = 0; i < 2; i++) {
        views[i] = classifier_view_for(subject, query->states[i], address, classifier_number(c, bits, bytes),
                                       classifier_number(c, bits, access));
        struct translation all = {address, views[i].physical_address, bytes, access, 0};
        if (!classifier_contiguous(subject, query->states[i], query->paths[i], &all))
            return nothing;
        classifier_view_reads(subject, query, i, &views[i]);
        valid = classifier_both(c, valid, views[i].valid);
    }
    for (unsigned k = 0; k < bytes; k++) {
        Z3_ast stands[2];
        for (unsigned i = 0; i < 2; i++) {
            Z3_ast at = classifier_simplify(
                c, Z3_mk_bvadd(c->z3, views[i].physical_address, classifier_number(c, ADDRESS_BITS, k)));
            stands[i] = classifier_byte_before(subject, query->states[i], at);
            same = classifier_both(c, same, Z3_mk_bvult(c->z3, at, classifier_memory_size(c, query->states[i])));
            *APPEND(subject->pool, &query->reads[i]) = (struct read){READ_BYTE, 0, at, stands[i], views[i].valid, 0};
        }
        same = classifier_both(c, same, Z3_mk_eq(c->z3, stands[0], stands[1]));
    }
    return Z3_mk_implies(c->z3, valid, same);
}

/* The same of what the instruction has read past `translate`, in the ways that put `at` among it in the model. */
static Z3_ast same_contents_by_hand(struct subject *subject, struct query *query, Z3_model model, uint32_t at,
                                    unsigned access)
{
    struct classifier *c = subject->c;
    Z3_ast result = Z3_mk_true(c->z3);
    for (unsigned i = 0; i < 2; i++)
        for (unsigned k = 0; k < query->paths[i]->reads.count; k++)
            for (unsigned way = 0; way < isa_state_count(subject->isa) + 2; way++) {
                const struct read *read = &query->paths[i]->reads.items[k];
                Z3_ast first = read->bypasses > 0 ? by_hand(subject, query->states[i], read->where, way) : NULL;
                if (first != NULL && at - (uint32_t)classifier_evaluate(c, model, first) < read->bypasses)
                    result = classifier_both(c, result, same_access(subject, query, first, read->bypasses, access));
            }
    return result;
}

/* The virtual address does not lead to the stray byte, said of the symbolic state. */
static Z3_ast not_given(struct subject *subject, struct query *query, uint32_t at)
{
    struct classifier *c = subject->c;
    Z3_ast address = classifier_number(c, isa_word_bits(subject->isa), at);
    struct view view = classifier_view(subject, query->states[0], address, ACCESS_STORE);
    classifier_view_reads(subject, query, 0, &view);
    return classifier_negation(c, classifier_both(c, view.valid, Z3_mk_eq(c->z3, view.physical_address, query->stray)));
}

enum classifier_answer classifier_sound(struct subject *subject, struct query *query,
                                        const struct classifier_witness *witness, Z3_model model, Z3_ast *refinement)
{
    uint32_t at = 0;
    if (classifier_moved(subject->isa, witness->perturbation)) {
        unsigned access;
        enum classifier_answer related = classifier_related(subject, witness->states, &at, &access);
        if (related == CLASSIFIER_NO && model != NULL)
            *refinement = same_contents_nearby(subject, query, witness, at, access);
        if (*refinement != NULL && query->refined >= BY_HAND_FROM)
            *refinement = classifier_both(subject->c, *refinement, same_contents_by_hand(subject, query, model, at, access));
        return related;
    }
    if (witness->difference.kind != DIFFERENCE_PHYSICAL && query->stray == NULL)
        return CLASSIFIER_YES;
    uint32_t address = witness->difference.address;
    if (witness->difference.kind != DIFFERENCE_PHYSICAL)
        return CLASSIFIER_YES; /* it shows something else that is as good */
    enum classifier_answer given = classifier_given(subject, &witness->states[0], address, &at);
    if (given == CLASSIFIER_YES && model != NULL)
        *refinement = query->stray != NULL ? not_given(subject, query, at) : NULL;
    return given == CLASSIFIER_UNKNOWN ? given : given == CLASSIFIER_YES ? CLASSIFIER_NO : CLASSIFIER_YES;
}

/* ---- Reading a model --------------------------------------------------------------------------------------------- */

struct reader {
    struct subject *subject;
    const struct query *query;
    Z3_model model;
};

static void read_scalars(const struct reader *reader, const struct symbolic_state *symbolic, struct concrete *state)
{
    struct subject *subject = reader->subject;
    struct classifier *c = subject->c;
    state->slots = classifier_allocate(subject->pool, isa_slots(subject->isa) * sizeof *state->slots);
    for (unsigned i = 0; i < isa_state_count(subject->isa); i++) {
        const struct isa_state *s = isa_state_at(subject->isa, i);
        if (subject->mentioned[i] && !s->is_array)
            state->slots[s->slot] = (uint32_t)classifier_evaluate(c, reader->model, symbolic->scalars[i]);
    }
    state->memory_size = (uint32_t)classifier_evaluate(c, reader->model, symbolic->memory_size);
    state->device = (uint32_t)classifier_evaluate(c, reader->model, symbolic->device);
}

static void set_byte(struct pool *pool, struct concrete *state, uint32_t address, uint8_t value)
{
    for (unsigned i = 0; i < state->bytes.count; i++)
        if (state->bytes.items[i].address == address) {
            state->bytes.items[i].value = value;
            return;
        }
    if (value != 0)
        *APPEND(pool, &state->bytes) = (struct byte){address, value};
}

/* One read of path `owner` shows what stands there in the states that share it: an element in both (each by its own
 * function), a byte in both unless the pair's memories are two. */
static void read_one(const struct reader *reader, const struct read *read, unsigned owner, struct concrete *states,
                     unsigned count)
{
    struct subject *subject = reader->subject;
    struct classifier *c = subject->c;
    uint32_t where = (uint32_t)classifier_evaluate(c, reader->model, read->where);
    if (read->when != NULL && !classifier_evaluate_truth(c, reader->model, read->when))
        return;
    for (unsigned i = 0; i < count; i++) {
        if (read->kind == READ_ELEMENT) {
            const struct isa_state *s = isa_state_at(subject->isa, read->state);
            if (where >= s->count || (s->zero >= 0 && where == (uint32_t)s->zero))
                continue;
            Z3_ast element = classifier_element(subject, reader->query->states[i], read->state, read->where);
            states[i].slots[s->slot + where] = (uint32_t)classifier_evaluate(c, reader->model, element);
        } else if (i == owner || !classifier_moved(subject->isa, reader->query->perturbation)) {
            set_byte(subject->pool, &states[i], where, (uint8_t)classifier_evaluate(c, reader->model, read->what));
        }
    }
}

static void read_steps(const struct reader *reader, const struct path *path, struct devices *devices)
{
    struct classifier *c = reader->subject->c;
    for (unsigned i = 0; i < path->steps.count; i++) {
        const struct device_step *step = &path->steps.items[i];
        *APPEND(reader->subject->pool, &devices->rules) = (struct device_rule){
            .is_write = step->is_write,
            .port = (uint32_t)classifier_evaluate(c, reader->model, step->port),
            .before = (uint32_t)classifier_evaluate(c, reader->model, step->before),
            .given = (uint32_t)classifier_evaluate(c, reader->model, step->given),
            .value = (uint32_t)classifier_evaluate(c, reader->model, step->value),
            .after = (uint32_t)classifier_evaluate(c, reader->model, step->after),
        };
    }
}

static void read_states(const struct reader *reader, struct concrete *states, unsigned count, struct devices *devices)
{
    const struct query *query = reader->query;
    for (unsigned i = 0; i < count; i++)
        read_scalars(reader, query->states[i], &states[i]);
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < query->paths[i]->reads.count; k++)
            read_one(reader, &query->paths[i]->reads.items[k], i, states, count);
        for (unsigned k = 0; k < query->reads[i].count; k++)
            read_one(reader, &query->reads[i].items[k], i, states, count);
        read_steps(reader, query->paths[i], devices);
    }
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static void contradiction(struct subject *subject, uint32_t word, const char *what)
{
    subject->contradiction = true;
    isa_diagnostics_error(subject->diagnostics, &subject->instruction->place, ISA_EXIT_INTERNAL,
                          "this is a fault of the classifier, not of the specification",
                          "internal error: the witness that '%s' (word 0x%08" PRIx32 ") is %s does not replay",
                          subject->instruction->name, word, what);
}

bool classifier_is_unprivileged(struct subject *subject, uint32_t word, const struct unprivileged *shown)
{
    struct effects effects = {.slots = NULL};
    classifier_run(subject->isa, subject->instruction, word, &shown->state, &shown->devices, subject->pool, &effects);
    return shown->user ? effects.outcome.end == ISA_DONE : classifier_privileged_trap(subject->isa, &effects.outcome);
}

bool classifier_replay_unprivileged(struct subject *subject, Z3_model model, struct unprivileged *shown)
{
    struct classifier *c = subject->c;
    uint32_t word = (uint32_t)classifier_evaluate(c, model, subject->word);
    for (unsigned user = 0; user < 2; user++)
        for (unsigned i = 0; i < subject->mode_paths[user].count; i++) {
            const struct path *path = &subject->mode_paths[user].items[i];
            bool shows = user ? path->end == PATH_DONE : path->end == PATH_TRAP && path->trap == TRAP_PRIVILEGED;
            if (!shows || !classifier_evaluate_truth(c, model, classifier_path_condition(subject, path)))
                continue;
            struct query query = {.state_count = 1, .states = {&subject->modes[user]}, .paths = {path}};
            struct reader reader = {subject, &query, model};
            *shown = (struct unprivileged){.user = user};
            read_states(&reader, &shown->state, 1, &shown->devices);
            ++*subject->replayed;
            if (classifier_is_unprivileged(subject, word, shown))
                return true;
        }
    contradiction(subject, word, "not privileged");
    return false;
}

struct classifier_witness *classifier_extract(struct subject *subject, struct query *query, Z3_model model,
                                              Z3_ast *refinement)
{
    struct classifier *c = subject->c;
    struct reader reader = {subject, query, model};
    struct classifier_witness *witness = classifier_allocate(subject->pool, sizeof *witness);
    *witness = (struct classifier_witness){
        .property = query->property, .perturbation = query->perturbation, .scope = query->scope,
        .instruction = subject->instruction, .slots = isa_slots(subject->isa), .state_count = query->state_count,
        .word = (uint32_t)classifier_evaluate(c, model, subject->word),
        .probe = query->probe != NULL ? (uint32_t)classifier_evaluate(c, model, query->probe) : 0,
    };
    read_states(&reader, witness->states, witness->state_count, &witness->devices);
    bool replays = classifier_replay(subject->isa, witness, subject->pool);
    witness->finishes = witness->effects[0].outcome.end == ISA_DONE;
    if (classifier_moved(subject->isa, witness->perturbation) || replays) {
        enum classifier_answer answer = classifier_sound(subject, query, witness, model, refinement);
        if (answer != CLASSIFIER_YES)
            return NULL;
    }
    if (!replays &&
        query->stray != NULL) { /* another virtual address leads there: replay.c has found it, so can the solver */
        uint32_t at = 0, address = (uint32_t)classifier_evaluate(c, model, query->stray);
        if (classifier_given(subject, &witness->states[0], address, &at) == CLASSIFIER_YES) {
            *refinement = not_given(subject, query, at);
            return NULL;
        }
    }
    if (!replays) {
        contradiction(subject, witness->word, classifier_property_name(witness->property));
        return NULL;
    }
    ++*subject->replayed;
    if (query->unprivileged && !classifier_replay_unprivileged(subject, model, &query->shown))
        return NULL;
    return subject->answer_only || c->options.plain ? witness : classifier_simplest(subject, query, witness);
}
