/* always.c: in which states the word of a witness certainly violates. The word stays as it is, and so does what the pair of states
 * differs in, but not by which values. Is there such a state, or pair, in which it does nothing of the kind? If not when all
 * that it reads has the witness's values, the solver tells which bits of these it needed; the others are let go, one thing after
 * the other. What remains is sufficient: in all states with these bits the word violates, memory traps aside. Then it is
 * asked whether it is necessary, too. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <string.h>

enum { EFFORT = 1000000, LONGEST_ALWAYS = 240, LONGEST_PART = 160, MOST_BITS = 512, MOST_SINGLE = 40, MOST_SPOTS = 16 };

/* Something that has the witness's value, or some bits of it: a state, or an element of one, in one of the two states of the pair
 * or (`which` 0) in both; or that a state differs between the two; or a byte of memory, which has a name. */
struct thing { unsigned state, element, which; bool differs; Z3_ast term; uint32_t value; const char *name; };

struct inquiry {
    struct subject *subject;
    const struct classifier_witness *witness;
    Z3_ast word, number; /* the symbol, and the witness's */
    LIST(struct thing) things;
    Z3_ast literals[MOST_BITS]; /* "this bit of the thing is so", as what may be assumed, */
    struct { unsigned thing, bit; } meaning[MOST_BITS];
    unsigned count;
    bool needed[MOST_BITS];
};

/* The term, of this word. */
static Z3_ast of_word(struct inquiry *inquiry, Z3_ast term)
{
    struct classifier *c = inquiry->subject->c;
    return classifier_simplify(c, Z3_substitute(c->z3, term, 1, &inquiry->word, &inquiry->number));
}

/* ---- That nothing is violated ------------------------------------------------------------------------------------ */

/* What a difference is looked for at: all that the two paths write. */
struct spots { Z3_ast symbol; Z3_ast at[MOST_SPOTS]; unsigned count; };

static void add_spot(struct spots *spots, Z3_ast at)
{
    for (unsigned i = 0; i < spots->count; i++)
        if (spots->at[i] == at)
            return;
    if (spots->count < MOST_SPOTS)
        spots->at[spots->count++] = at;
}

/* "There is no spot at which it differs" */
static Z3_ast nowhere(struct inquiry *inquiry, const struct spots *spots, Z3_ast differs)
{
    struct classifier *c = inquiry->subject->c;
    Z3_ast result = Z3_mk_true(c->z3);
    if (spots->count == 0)
        return classifier_negation(c, differs);
    for (unsigned i = 0; i < spots->count; i++) {
        Z3_ast here = Z3_substitute(c->z3, differs, 1, &spots->symbol, &spots->at[i]);
        result = classifier_both(c, result, classifier_negation(c, here));
    }
    return result;
}

/* A difference in registers is one in a register that is written, one in memory at the virtual address of a store. Of what is
 * stored past `translate` no virtual address is known: then too little is found, and nothing too much. */
static Z3_ast results_agree(struct inquiry *inquiry, const struct pair *pair, const struct path *const paths[2])
{
    struct subject *subject = inquiry->subject;
    struct classifier *c = subject->c;
    unsigned bits = isa_word_bits(subject->isa);
    struct query ignored = {.state_count = 2};
    Z3_ast differ = classifier_results_differ(subject, pair, paths[0], paths[1], false, &ignored);
    if (differ == NULL)
        return Z3_mk_true(c->z3);
    struct spots probes = {.symbol = classifier_symbol(c, ".probe", bits)};
    for (unsigned i = 0; i < 2; i++)
        for (unsigned k = 0; k < paths[i]->stores.count; k++) {
            const struct store *store = &paths[i]->stores.items[k];
            if (store->origin == NO_ORIGIN)
                continue;
            Z3_ast at = paths[i]->translations.items[store->origin].virtual_address;
            for (unsigned byte = 0; byte < store->bytes; byte++)
                add_spot(&probes, classifier_simplify(c, Z3_mk_bvadd(c->z3, classifier_resize(c, at, bits),
                                                                     classifier_number(c, bits, store->offset + byte))));
        }
    struct spots indices = {.symbol = NULL};
    for (unsigned state = 0; state < isa_state_count(subject->isa); state++) {
        const struct isa_state *s = isa_state_at(subject->isa, state);
        if (!s->is_array || indices.count > 0)
            continue; /* two arrays that are written: the second one's elements are not looked at */
        indices.symbol = classifier_symbol(c, classifier_format(subject->pool, ".index.%s", s->name), INDEX_BITS);
        for (unsigned i = 0; i < 2; i++)
            for (unsigned k = 0; k < paths[i]->writes.count; k++)
                if (paths[i]->writes.items[k].state == state)
                    add_spot(&indices, paths[i]->writes.items[k].index);
    }
    if (probes.count == 0)
        return nowhere(inquiry, &indices, differ);
    Z3_ast all = Z3_mk_true(c->z3);
    for (unsigned i = 0; i < probes.count; i++) {
        Z3_ast here = Z3_substitute(c->z3, differ, 1, &probes.symbol, &probes.at[i]);
        all = classifier_both(c, all, nowhere(inquiry, &indices, here));
        if (ignored.probed != NULL)
            all = classifier_both(c, all, Z3_substitute(c->z3, ignored.probed, 1, &probes.symbol, &probes.at[i]));
    }
    return all;
}

static bool is_trap(const struct path *path, enum trap_kind kind)
{
    return path->end == PATH_TRAP && path->trap == kind;
}

/* A pair with a memory trap is set aside, and NULL; as are, in guest mode, those with an exit. */
static Z3_ast pair_agrees(struct inquiry *inquiry, const struct pair *pair, const struct path *const paths[2])
{
    struct classifier *c = inquiry->subject->c;
    bool of_guest = isa_is_guest_view(inquiry->subject->isa);
    for (unsigned i = 0; i < 2; i++)
        if (is_trap(paths[i], TRAP_STORAGE) || (of_guest && is_trap(paths[i], TRAP_PRIVILEGED)))
            return NULL;
    if (paths[0]->end == PATH_DONE && paths[1]->end == PATH_DONE)
        return results_agree(inquiry, pair, paths);
    bool both = paths[0]->end != PATH_DONE && paths[1]->end != PATH_DONE;
    bool user_alone = pair->perturbation == PERTURB_MODE && !of_guest && paths[0]->end == PATH_DONE;
    return both || user_alone ? Z3_mk_true(c->z3) : NULL;
}

static Z3_ast state_agrees(struct inquiry *inquiry, const struct pair *pair, const struct path *path)
{
    struct subject *subject = inquiry->subject;
    struct classifier *c = subject->c;
    struct query ignored = {.state_count = 1};
    if (is_trap(path, TRAP_STORAGE) || (isa_is_guest_view(subject->isa) && is_trap(path, TRAP_PRIVILEGED)))
        return NULL;
    Z3_ast changes = path->end == PATH_DONE ? classifier_changes(subject, &pair->states[0], path, false, &ignored) : NULL;
    return changes != NULL ? classifier_negation(c, changes) : Z3_mk_true(c->z3);
}

static Z3_ast taken(struct inquiry *inquiry, const struct path *path)
{
    struct classifier *c = inquiry->subject->c;
    Z3_ast result = classifier_path_condition(inquiry->subject, path);
    for (unsigned i = 0; i < path->consistency.count; i++)
        result = classifier_both(c, result, path->consistency.items[i]);
    return of_word(inquiry, result);
}

/* The word finishes in a state, or pair of the witness's kind, without violating. */
static Z3_ast agrees(struct inquiry *inquiry, const struct explored *explored)
{
    struct classifier *c = inquiry->subject->c;
    const path_list *first = &explored->paths[0], *second = &explored->paths[1];
    bool alone = explored->pair.perturbation == PERTURB_NOTHING;
    Z3_ast result = Z3_mk_false(c->z3);
    for (unsigned i = 0; i < first->count; i++) {
        Z3_ast first_taken = taken(inquiry, &first->items[i]);
        for (unsigned j = 0; j < (alone ? 1 : second->count) && !classifier_is_false(c, first_taken); j++) {
            const struct path *const paths[2] = {&first->items[i], alone ? NULL : &second->items[j]};
            Z3_ast both = alone ? first_taken : classifier_both(c, first_taken, taken(inquiry, paths[1]));
            Z3_ast so = alone ? state_agrees(inquiry, &explored->pair, paths[0]) : pair_agrees(inquiry, &explored->pair, paths);
            if (so != NULL)
                result = classifier_either(c, result, classifier_both(c, both, of_word(inquiry, so)));
        }
    }
    return classifier_both(c, of_word(inquiry, explored->pair.assumptions), result);
}

/* ---- What has the witness's values ------------------------------------------------------------------------------- */

static void add_thing(struct inquiry *inquiry, unsigned state, unsigned element, unsigned which, Z3_ast term)
{
    struct classifier *c = inquiry->subject->c;
    uint64_t known;
    if (classifier_constant(c, term, &known))
        return;
    for (unsigned i = 0; i < inquiry->things.count; i++)
        if (inquiry->things.items[i].term == term)
            return;
    const struct isa_state *s = isa_state_at(inquiry->subject->isa, state);
    uint32_t value = inquiry->witness->states[which == 2].slots[s->slot + element];
    *APPEND(inquiry->subject->pool, &inquiry->things) = (struct thing){state, element, which, false, term, value, NULL};
}

/* The scalars of both states: what they share once; what they do not, once each, and that it differs. */
static void add_scalars(struct inquiry *inquiry, const struct pair *pair, unsigned states)
{
    struct subject *subject = inquiry->subject;
    struct classifier *c = subject->c;
    for (unsigned i = 0; i < isa_state_count(subject->isa); i++) {
        const struct isa_state *s = isa_state_at(subject->isa, i);
        if (s->is_array || !subject->mentioned[i])
            continue;
        Z3_ast one = of_word(inquiry, pair->states[0].scalars[i]);
        Z3_ast two = states == 2 ? of_word(inquiry, pair->states[1].scalars[i]) : one;
        bool shared = one == two, perturbed = inquiry->witness->states[0].slots[s->slot] != inquiry->witness->states[states - 1].slots[s->slot];
        add_thing(inquiry, i, 0, shared ? 0 : 1, one);
        if (!shared)
            add_thing(inquiry, i, 0, 2, two);
        if (!shared && perturbed && s->role != ISA_ROLE_MODE)
            *APPEND(subject->pool, &inquiry->things) =
                (struct thing){i, 0, 0, true, of_word(inquiry, classifier_differ(c, one, two)), 1, NULL};
    }
}

/* The registers that the word names. */
static void add_elements(struct inquiry *inquiry, const struct pair *pair, const struct path *path, unsigned which, unsigned states)
{
    struct subject *subject = inquiry->subject;
    for (unsigned i = 0; i < path->reads.count; i++) {
        const struct read *read = &path->reads.items[i];
        uint64_t element;
        if (read->kind != READ_ELEMENT || !classifier_constant(subject->c, of_word(inquiry, read->where), &element) ||
            element >= isa_state_at(subject->isa, read->state)->count)
            continue;
        Z3_ast one = of_word(inquiry, classifier_element(subject, &pair->states[0], read->state, read->where));
        Z3_ast two = of_word(inquiry, classifier_element(subject, &pair->states[states - 1], read->state, read->where));
        add_thing(inquiry, read->state, (unsigned)element, one == two ? 0 : which + 1, which == 0 ? one : two);
    }
}

/* "memory[a1 + 4]": the virtual address as a register that the word reads, and a number; NULL where it is not that simple. */
static const char *byte_name(struct inquiry *inquiry, Z3_ast address)
{
    struct classifier *c = inquiry->subject->c;
    uint64_t number;
    if (classifier_constant(c, address, &number))
        return classifier_format(inquiry->subject->pool, "memory[0x%" PRIx64 "]", number);
    for (unsigned i = 0; i < inquiry->things.count; i++) {
        const struct thing *thing = &inquiry->things.items[i];
        char name[64];
        if (thing->name != NULL || thing->differs || classifier_width(c, thing->term) != classifier_width(c, address) ||
            !classifier_constant(c, classifier_simplify(c, Z3_mk_bvsub(c->z3, address, thing->term)), &number))
            continue;
        classifier_state_name(inquiry->subject->isa, thing->state, thing->element, name, sizeof name);
        return number == 0 ? classifier_format(inquiry->subject->pool, "memory[%s]", name)
                           : classifier_format(inquiry->subject->pool, "memory[%s + %" PRIu64 "]", name, number);
    }
    return NULL;
}

/* The bytes that the path loads through `translate`, which both states hold at the same virtual address. */
static void add_bytes(struct inquiry *inquiry, const struct path *path)
{
    struct subject *subject = inquiry->subject;
    struct classifier *c = subject->c;
    unsigned bits = isa_word_bits(subject->isa);
    const struct effects *effects = &inquiry->witness->effects[0];
    for (unsigned i = 0; i < path->translations.count && i < effects->translations; i++)
        for (unsigned k = 0; k < path->translations.items[i].size && k < effects->translated[i].size; k++) {
            const struct translation *t = &path->translations.items[i];
            Z3_ast number = classifier_number(c, ADDRESS_BITS, k);
            Z3_ast at = classifier_simplify(
                c, Z3_mk_bvadd(c->z3, classifier_resize(c, t->physical_address, ADDRESS_BITS), number));
            Z3_ast from = of_word(inquiry, Z3_mk_bvadd(c->z3, classifier_resize(c, t->virtual_address, bits),
                                                       classifier_number(c, bits, k)));
            for (unsigned r = 0; r < path->reads.count; r++) {
                const struct read *read = &path->reads.items[r];
                const char *name = read->kind == READ_BYTE && read->where == at ? byte_name(inquiry, from) : NULL;
                uint32_t value = classifier_memory_byte(&inquiry->witness->states[0], effects->translated[i].physical_address + k);
                if (name != NULL)
                    *APPEND(subject->pool, &inquiry->things) =
                        (struct thing){0, 0, 0, false, of_word(inquiry, read->what), value, name};
            }
        }
}

/* Which state or devices the pair differs in is a part of the question. */
static Z3_ast same_component(struct inquiry *inquiry, const struct pair *pair)
{
    struct classifier *c = inquiry->subject->c;
    const struct isa *isa = inquiry->subject->isa;
    unsigned component = DEVICE_COMPONENT;
    if (pair->states[1].selector == NULL)
        return Z3_mk_true(c->z3);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        for (unsigned k = 0; k < s->count; k++)
            if (inquiry->witness->states[0].slots[s->slot + k] != inquiry->witness->states[1].slots[s->slot + k])
                component = i;
    }
    return Z3_mk_eq(c->z3, pair->states[1].selector, classifier_number(c, INDEX_BITS, component));
}

/* ---- What is needed of it ---------------------------------------------------------------------------------------- */

static Z3_ast bit_is_so(struct inquiry *inquiry, const struct thing *thing, unsigned bit)
{
    struct classifier *c = inquiry->subject->c;
    return thing->differs ? thing->term
                          : Z3_mk_eq(c->z3, Z3_mk_extract(c->z3, bit, bit, thing->term),
                                     classifier_number(c, 1, (thing->value >> bit) & 1));
}

static void assert_literals(struct inquiry *inquiry)
{
    struct classifier *c = inquiry->subject->c;
    for (unsigned i = 0; i < inquiry->things.count; i++) {
        const struct thing *thing = &inquiry->things.items[i];
        unsigned width = thing->differs ? 1 : classifier_width(c, thing->term);
        for (unsigned bit = 0; bit < width && inquiry->count < MOST_BITS; bit++) {
            const char *name = classifier_format(inquiry->subject->pool, ".assumed.%u", inquiry->count);
            Z3_ast literal = Z3_mk_const(c->z3, Z3_mk_string_symbol(c->z3, name), Z3_mk_bool_sort(c->z3));
            Z3_solver_assert(c->z3, c->solver, Z3_mk_implies(c->z3, literal, bit_is_so(inquiry, thing, bit)));
            inquiry->literals[inquiry->count] = literal;
            inquiry->meaning[inquiry->count].thing = i;
            inquiry->meaning[inquiry->count].bit = bit;
            inquiry->needed[inquiry->count++] = true;
        }
    }
}

/* With what is needed still, is there no such state? Then less may be needed. */
static bool suffices(struct inquiry *inquiry)
{
    struct classifier *c = inquiry->subject->c;
    Z3_ast assumed[MOST_BITS];
    unsigned count = 0;
    for (unsigned i = 0; i < inquiry->count; i++)
        if (inquiry->needed[i])
            assumed[count++] = inquiry->literals[i];
    if (Z3_solver_check_assumptions(c->z3, c->solver, count, assumed) != Z3_L_FALSE)
        return false;
    Z3_ast_vector core = Z3_solver_get_unsat_core(c->z3, c->solver);
    Z3_ast_vector_inc_ref(c->z3, core);
    for (unsigned i = 0; i < inquiry->count; i++) {
        bool found = false;
        for (unsigned k = 0; k < Z3_ast_vector_size(c->z3, core); k++)
            found = found || Z3_ast_vector_get(c->z3, core, k) == inquiry->literals[i];
        inquiry->needed[i] = inquiry->needed[i] && found;
    }
    Z3_ast_vector_dec_ref(c->z3, core);
    return true;
}

/* Lets go what belongs to the thing, or of that one bit, if that is possible. */
static void let_go(struct inquiry *inquiry, unsigned thing, int bit)
{
    bool before[MOST_BITS], any = false;
    memcpy(before, inquiry->needed, sizeof before);
    for (unsigned i = 0; i < inquiry->count; i++)
        if (inquiry->needed[i] && inquiry->meaning[i].thing == thing && (bit < 0 || inquiry->meaning[i].bit == (unsigned)bit)) {
            inquiry->needed[i] = false;
            any = true;
        }
    if (any && !suffices(inquiry))
        memcpy(inquiry->needed, before, sizeof before);
}

/* What a pair's states have each for itself goes first, then the rest; that they differ goes last. */
static void let_go_of_all(struct inquiry *inquiry)
{
    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 0; i < inquiry->things.count; i++) {
            const struct thing *thing = &inquiry->things.items[i];
            if (round == (thing->differs ? 2u : thing->which == 0))
                let_go(inquiry, i, -1);
        }
    unsigned singles = 0;
    for (unsigned i = 0; i < inquiry->count && singles < MOST_SINGLE; i++)
        if (inquiry->needed[i] && !inquiry->things.items[inquiry->meaning[i].thing].differs) {
            let_go(inquiry, inquiry->meaning[i].thing, (int)inquiry->meaning[i].bit);
            singles++;
        }
}

/* ---- As text ----------------------------------------------------------------------------------------------------- */

static void add_text(char *text, const char *part)
{
    size_t length = strlen(text), more = strlen(part) + (length > 0 ? strlen(" and ") : 0);
    if (length + more + 1 < LONGEST_ALWAYS)
        strcat(strcat(text, length > 0 ? " and " : ""), part);
    else
        memset(text, '!', LONGEST_ALWAYS - 1); /* too long to be read */
}

/* "a1 == 0x2a", "a1[3:0] == 5", "base differs"; bit by bit where the bits are apart. */
static void write_thing(const struct inquiry *inquiry, const struct thing *thing, uint32_t bits, char *text)
{
    const struct isa *isa = inquiry->subject->isa;
    const struct isa_state *s = isa_state_at(isa, thing->state);
    const char *where = thing->which == 0 ? "" : thing->which == 1 ? " in the first" : " in the second";
    unsigned width = thing->name != NULL ? 8 : s->width;
    char name[64], part[LONGEST_PART];
    if (thing->name != NULL)
        snprintf(name, sizeof name, "%s", thing->name);
    else
        classifier_state_name(isa, thing->state, thing->element, name, sizeof name);
    if (thing->differs) {
        snprintf(part, sizeof part, "%s differs", name);
        add_text(text, part);
        return;
    }
    if (thing->name == NULL && s->role == ISA_ROLE_MODE && !isa_is_guest_view(isa)) {
        snprintf(part, sizeof part, "%s == %s%s", name, classifier_mode_name(isa, thing->value != 0), where);
        add_text(text, part);
        return;
    }
    while (bits != 0) {
        unsigned low = (unsigned)__builtin_ctz(bits), high = low;
        while (high + 1 < width && (bits >> (high + 1) & 1) != 0)
            high++;
        uint32_t value = thing->value >> low & (UINT32_MAX >> (31 - (high - low)));
        char place[32] = "";
        if (low == high && width > 1)
            snprintf(place, sizeof place, "[%u]", low);
        else if (high - low + 1 < width)
            snprintf(place, sizeof place, "[%u:%u]", high, low);
        snprintf(part, sizeof part, value < 10 ? "%s%s == %" PRIu32 "%s" : "%s%s == 0x%" PRIx32 "%s", name, place, value, where);
        add_text(text, part);
        bits &= high == 31 ? 0 : ~(uint32_t)0 << (high + 1);
    }
}

static char *write_all(struct inquiry *inquiry, struct pool *pool)
{
    char text[LONGEST_ALWAYS] = "";
    for (unsigned i = 0; i < inquiry->things.count; i++) {
        uint32_t bits = 0;
        for (unsigned k = 0; k < inquiry->count; k++)
            if (inquiry->needed[k] && inquiry->meaning[k].thing == i)
                bits |= UINT32_C(1) << inquiry->meaning[k].bit;
        bool goes_without_saying = inquiry->things.items[i].differs && inquiry->witness->perturbation != PERTURB_LOCATION;
        if (bits != 0 && !goes_without_saying)
            write_thing(inquiry, &inquiry->things.items[i], bits, text);
    }
    return text[0] != '!' ? classifier_format(pool, "%s", text) : NULL;
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

/* Does the word violate nowhere else? Whatever is about the one state of a pair alone leaves that open. */
static bool is_all(struct inquiry *inquiry, enum classifier_theorem theorem)
{
    struct subject *subject = inquiry->subject;
    struct classifier *c = subject->c;
    Z3_ast all = Z3_mk_true(c->z3);
    unsigned undecided = subject->unknown->count;
    bool answer_only = subject->answer_only;
    struct classifier_witness *witness = NULL;
    for (unsigned i = 0; i < inquiry->count; i++) {
        const struct thing *thing = &inquiry->things.items[inquiry->meaning[i].thing];
        if (inquiry->needed[i] && (thing->differs || thing->which != 0))
            return false;
        if (inquiry->needed[i])
            all = classifier_both(c, all, bit_is_so(inquiry, thing, inquiry->meaning[i].bit));
    }
    Z3_ast also = classifier_both(c, Z3_mk_eq(c->z3, inquiry->word, inquiry->number), classifier_negation(c, all));
    Z3_ast harmful = classifier_harmful(subject);
    subject->answer_only = true;
    enum classifier_answer answer = classifier_violates_theorem(
        subject, theorem, false, harmful != NULL ? classifier_both(c, harmful, also) : also, &witness);
    subject->answer_only = answer_only;
    subject->unknown->count = undecided;
    return answer == CLASSIFIER_NO;
}

char *classifier_always(struct subject *subject, enum classifier_theorem theorem, const struct classifier_witness *witness,
                        struct pool *pool, bool *exact)
{
    struct classifier *c = subject->c;
    struct inquiry inquiry = {.subject = subject, .witness = witness, .word = subject->word,
                              .number = classifier_number(c, subject->instruction->bits, witness->word)};
    *exact = false;
    if (witness->scope.own_user)
        return NULL; /* these states are not those of the subject */
    const struct explored *explored = classifier_explored(subject, witness->perturbation, witness->scope.user_only);
    unsigned states = witness->perturbation == PERTURB_NOTHING ? 1 : 2;
    Z3_ast formula = classifier_both(c, agrees(&inquiry, explored), same_component(&inquiry, &explored->pair));
    add_scalars(&inquiry, &explored->pair, states);
    for (unsigned i = 0; i < states; i++)
        for (unsigned k = 0; k < explored->paths[i].count; k++)
            add_elements(&inquiry, &explored->pair, &explored->paths[i].items[k], i, states);
    for (unsigned k = 0; k < explored->paths[0].count; k++)
        add_bytes(&inquiry, &explored->paths[0].items[k]);
    unsigned effort = c->options.effort;
    classifier_limit(c, EFFORT < effort ? EFFORT : effort); /* nobody waits for what is only nice to know */
    Z3_solver_push(c->z3, c->solver);
    Z3_solver_assert(c->z3, c->solver, classifier_simplify(c, formula));
    assert_literals(&inquiry);
    bool found = suffices(&inquiry);
    if (found)
        let_go_of_all(&inquiry);
    Z3_solver_pop(c->z3, c->solver, 1);
    *exact = found && is_all(&inquiry, theorem);
    classifier_limit(c, effort);
    return found ? write_all(&inquiry, pool) : NULL;
}
