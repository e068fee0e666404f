/* refute.c: boundary values and random states against every negative answer, without Z3. For each instruction some
 * hundred situations: a word, a pair of frames that hold the same, registers. All combinations of the boundary values
 * where there are few, a part of them in a fixed order where there are many, and pseudo-random values with a fixed
 * seed. One execution in each mode, and one for each thing perturbed, serve all definitions.
 *
 * That a pair is one, and that R gives no address, is tested for some addresses when frames are made (frames.c). So a hit
 * is confirmed over all addresses before it counts. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <string.h>

enum { FRAMES = 48, MOST_CONSTANTS = 24, PAGES = 5, MOST_ADDRESSES = 64 };

struct refuter {
    const struct isa *isa;
    struct pool *pool;
    struct frames frames[FRAMES]; /* in user mode where the number is odd; a guest view's: of host and guest, or of guest and guest */
    uint32_t *slots[2];
    struct effects effects[6]; /* their buffers are used again and again */
    struct devices devices;
    unsigned page_bits;    /* of the frames */
    uint64_t start;        /* of `random` for the first instruction */
    uint64_t random, rest; /* rest: the number of the combination of boundary values */
    bool boundary;
    uint32_t constants[MOST_CONSTANTS];
    unsigned constant_count;
};

/* ---- Choosing ---------------------------------------------------------------------------------------------------- */

static uint32_t random_word(struct refuter *r)
{
    return (uint32_t)(isa_random(&r->random) >> 32);
}

/* One of n: the next digit of the combination's number, as long as it has any. */
static unsigned choose(struct refuter *r, unsigned n)
{
    if (r->boundary && r->rest > 0) {
        unsigned digit = (unsigned)(r->rest % n);
        r->rest /= n;
        return digit;
    }
    return random_word(r) % n;
}

static uint32_t ones(unsigned width)
{
    return UINT32_MAX >> (32 - width);
}

/* The beginning or the end of a page, or near it. */
static uint32_t page_address(struct refuter *r)
{
    static const uint32_t near[] = {0, 0, 4, 8, (uint32_t)-1, (uint32_t)-2, (uint32_t)-4, (uint32_t)-8};
    return (random_word(r) % PAGES << r->page_bits) + near[random_word(r) % 8];
}

/* 0, 1, the sign and its neighbour, all ones; the program's constants; small addresses; anything. */
static uint32_t choose_value(struct refuter *r, unsigned width)
{
    if (r->page_bits != 0 && width > r->page_bits && random_word(r) % 2 == 0)
        return page_address(r) & ones(width);
    unsigned kind = choose(r, 8 + r->constant_count);
    uint32_t sign = 1u << (width - 1);
    const uint32_t fixed[] = {0, 1, ones(width), sign, sign - 1};
    uint32_t value;
    if (kind < 5)
        value = fixed[kind];
    else if (kind < 5 + r->constant_count)
        value = r->constants[kind - 5];
    else if (kind == 5 + r->constant_count)
        value = random_word(r);
    else
        value = random_word(r) % 64 & ~(random_word(r) % 4 == 0 ? 0u : 15u);
    return value & ones(width);
}

static void collect_constants(struct refuter *r, const struct isa_program *program)
{
    r->constant_count = 0;
    for (unsigned i = 0; i < program->count && r->constant_count + 3 <= MOST_CONSTANTS; i++)
        if (program->nodes[i].operator == ISA_CONSTANT && program->nodes[i].constant > 1)
            for (unsigned k = 0; k < 3; k++) /* and its neighbours */
                r->constants[r->constant_count++] = (uint32_t)program->nodes[i].constant + k - 1;
}

static uint32_t choose_word(struct refuter *r, const struct isa_instruction *instruction)
{
    uint32_t word = instruction->match | (random_word(r) & ~instruction->mask & ones(instruction->bits));
    for (unsigned i = 0; i < instruction->field_count; i++)
        word = isa_field_put(&instruction->fields[i], word, choose_value(r, instruction->fields[i].width));
    return word;
}

static struct refuter *without_frames(struct pool *pool, const struct isa *isa, uint64_t seed)
{
    struct refuter *r = classifier_allocate(pool, sizeof *r);
    *r = (struct refuter){.isa = isa, .pool = pool, .random = seed, .devices = {.hashed = true}};
    for (unsigned which = 0; which < 2; which++)
        r->slots[which] = classifier_allocate(pool, isa_slots(isa) * sizeof(uint32_t));
    r->start = r->random;
    return r;
}

struct refuter *classifier_refuter_new(struct pool *pool, const struct isa *isa, uint64_t seed)
{
    struct refuter *r = without_frames(pool, isa, seed);
    r->page_bits = classifier_make_frames(pool, isa, seed, r->frames, FRAMES);
    return r;
}

struct refuter *classifier_refuter_like(struct pool *pool, const struct isa *isa, uint64_t seed,
                                        const struct refuter *other)
{
    struct refuter *r = without_frames(pool, isa, seed);
    r->page_bits = other->page_bits;
    classifier_share_frames(pool, isa, seed, other->frames, r->frames, FRAMES);
    return r;
}

const struct refuter *classifier_facts_refuter(struct facts *facts, const struct isa *isa, uint64_t seed)
{
    pthread_mutex_lock(&facts->lock);
    if (facts->pool == NULL) {
        facts->pool = classifier_pool_new();
        facts->refuter = classifier_refuter_new(facts->pool, isa, seed);
    }
    const struct refuter *refuter = facts->refuter;
    pthread_mutex_unlock(&facts->lock);
    return refuter;
}

void classifier_facts_forget(struct facts *facts)
{
    classifier_pool_free(facts->pool);
    facts->pool = NULL;
    facts->refuter = NULL;
}

/* ---- One situation ----------------------------------------------------------------------------------------------- */

struct situation {
    struct refuter *refuter;
    struct subject *subject;
    const struct findings *findings;
    uint32_t word;
    bool user;
    struct concrete states[2]; /* the frames, with everything else chosen, in the frames' mode */
    unsigned mode_slot;
};

static bool denied(const struct situation *s, enum classifier_property property)
{
    return s->findings->has[property] == CLASSIFIER_NO;
}

static bool contradicts(const struct situation *s, const char *what)
{
    isa_diagnostics_error(s->subject->diagnostics, &s->subject->instruction->place, ISA_EXIT_INTERNAL,
                          "this is a fault of the classifier, not of the specification",
                          "internal error: a test refutes that '%s' (word 0x%08" PRIx32 ") is %s",
                          s->subject->instruction->name, s->word, what);
    s->subject->contradiction = true;
    return true;
}

static const struct effects *execute(struct situation *s, const struct concrete *state, unsigned number)
{
    struct effects *effects = &s->refuter->effects[number];
    classifier_run(s->refuter->isa, s->subject->instruction, s->word, state, &s->refuter->devices, s->refuter->pool,
                   effects);
    return effects;
}

/* The dense memory as the list that the solver's side takes. */
static struct concrete listed(const struct situation *s, const struct concrete *state)
{
    struct concrete copy = *state;
    copy.dense = NULL;
    copy.dense_size = 0;
    for (uint32_t i = 0; i < state->dense_size; i++)
        if (state->dense[i] != 0)
            *APPEND(s->subject->pool, &copy.bytes) = (struct byte){i, state->dense[i]};
    return copy;
}

/* The virtual addresses that an outcome can hang on, with the kind of access: those of the accesses, and `probe`. */
struct touched { uint32_t address, access; };

static unsigned touched_by(const struct effects effects[2], uint32_t probe, struct touched *touched)
{
    unsigned count = 0;
    touched[count++] = (struct touched){probe, ACCESS_LOAD};
    for (unsigned which = 0; which < 2; which++)
        for (unsigned i = 0; i < effects[which].translations; i++)
            for (unsigned k = 0; k < effects[which].translated[i].size && count < MOST_ADDRESSES; k++)
                touched[count++] = (struct touched){effects[which].translated[i].virtual_address + k,
                                                    effects[which].translated[i].access};
    return count;
}

/* Frames are moved and not merged: what is one byte in the one state is one in the other. */
static bool moved_not_merged(const struct situation *s, const struct concrete states[2],
                             const struct effects effects[2], uint32_t probe)
{
    struct touched touched[MOST_ADDRESSES];
    unsigned count = touched_by(effects, probe, touched);
    uint32_t at[2][MOST_ADDRESSES];
    bool valid[MOST_ADDRESSES];
    for (unsigned i = 0; i < count; i++) {
        valid[i] = true;
        for (unsigned which = 0; which < 2; which++)
            valid[i] &= classifier_translates(s->refuter->isa, &states[which], touched[i].address, touched[i].access,
                                              &at[which][i]);
        for (unsigned j = 0; j < i; j++)
            if (valid[i] && valid[j] && (at[0][i] == at[0][j]) != (at[1][i] == at[1][j]))
                return false;
    }
    return true;
}

/* In a guest view the user's mode is the guest's own. */
static bool denied_of_users(const struct situation *s, const struct concrete *state, bool user)
{
    const struct isa *isa = s->refuter->isa;
    bool of_user = isa_is_guest_view(isa) ? classifier_in_own_user_mode(isa, state) : user;
    return of_user && denied(s, CLASSIFIER_USER_SENSITIVE);
}

static bool control_refuted(struct situation *s, const struct concrete *state, const struct effects *effects, bool user)
{
    struct difference difference = {.kind = DIFFERENCE_NONE};
    bool matters = denied(s, CLASSIFIER_CONTROL_SENSITIVE) || denied_of_users(s, state, user);
    if (!matters || !classifier_judge_control(s->refuter->isa, state, effects, false, &difference))
        return false;
    if (difference.kind == DIFFERENCE_PHYSICAL) {
        struct concrete copy = listed(s, state);
        uint32_t at;
        if (classifier_given(s->subject, &copy, difference.address, &at) != CLASSIFIER_NO)
            return false;
    }
    return contradicts(s, "not control sensitive");
}

static bool pair_refuted(struct situation *s, const struct concrete states[2], unsigned first, unsigned second,
                         enum perturbation perturbation)
{
    static const enum classifier_property properties[] = {
        [PERTURB_MODE] = CLASSIFIER_MODE_SENSITIVE, [PERTURB_LOCATION] = CLASSIFIER_LOCATION_SENSITIVE,
        [PERTURB_RESOURCE] = CLASSIFIER_RESOURCE_SENSITIVE, [PERTURB_TIME] = CLASSIFIER_TIME_SENSITIVE,
    };
    struct difference difference = {.kind = DIFFERENCE_NONE};
    bool of_guest = isa_is_guest_view(s->refuter->isa);
    bool of_user = perturbation == PERTURB_LOCATION || perturbation == PERTURB_RESOURCE ||
                   (perturbation == PERTURB_MODE && of_guest);
    if (of_guest && !s->user && perturbation != PERTURB_MODE)
        return false; /* nothing is claimed of the host */
    bool matters = denied(s, properties[perturbation]) || (of_user && denied_of_users(s, &states[0], s->user));
    struct effects effects[2] = {s->refuter->effects[first], s->refuter->effects[second]};
    if (!matters || !classifier_judge_pair(s->refuter->isa, states, effects, perturbation, false, 0, &difference))
        return false;
    if (classifier_moved(s->refuter->isa, perturbation)) {
        if (!moved_not_merged(s, states, effects, difference.kind == DIFFERENCE_MEMORY ? difference.address : 0))
            return false;
        struct concrete copies[2] = {listed(s, &states[0]), listed(s, &states[1])};
        uint32_t at;
        unsigned access;
        if (classifier_related(s->subject, copies, &at, &access) != CLASSIFIER_YES)
            return false;
    }
    return contradicts(s, perturbation == PERTURB_MODE       ? "not mode sensitive"
                          : perturbation == PERTURB_LOCATION ? "not location sensitive"
                          : perturbation == PERTURB_RESOURCE ? "not resource sensitive"
                                                             : "not time sensitive");
}

/* A guest view's mode pairs have two memories: frames of their own. */
static bool host_and_guest_refuted(struct situation *s)
{
    if (s->user)
        return false;
    execute(s, &s->states[0], 0);
    execute(s, &s->states[1], 1);
    return pair_refuted(s, s->states, 0, 1, PERTURB_MODE);
}

/* In both modes: the claim that it is privileged, control, and mode. */
static bool modes_refuted(struct situation *s)
{
    struct concrete state = s->states[0], pair[2];
    uint32_t *slots = s->refuter->slots[0];
    state.slots = slots;
    memcpy(slots, s->states[0].slots, isa_slots(s->refuter->isa) * sizeof *slots);
    for (unsigned user = 0; user < 2; user++) {
        slots[s->mode_slot] = user;
        const struct effects *effects = execute(s, &state, user);
        bool trapped = classifier_privileged_trap(s->refuter->isa, &effects->outcome);
        bool broken = user ? effects->outcome.end == ISA_DONE : trapped;
        if (s->findings->has[CLASSIFIER_PRIVILEGED] == CLASSIFIER_YES && broken)
            return contradicts(s, "privileged");
        if ((user || !isa_is_guest_view(s->refuter->isa)) && control_refuted(s, &state, effects, user))
            return true;
    }
    if (isa_is_guest_view(s->refuter->isa))
        return host_and_guest_refuted(s);
    pair[0] = pair[1] = state; /* they differ in mode alone, which is not a result */
    return pair_refuted(s, pair, 0, 1, PERTURB_MODE);
}

/* Another value in one state of the role, or in the devices. */
static bool perturb(struct situation *s, enum isa_role role, struct concrete *state)
{
    const struct isa *isa = s->refuter->isa;
    unsigned candidates = role == ISA_ROLE_RESOURCE;
    for (unsigned i = 0; i < isa_state_count(isa); i++)
        candidates += isa_state_at(isa, i)->role == role;
    if (candidates == 0)
        return false;
    unsigned chosen = choose(s->refuter, candidates);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *candidate = isa_state_at(isa, i);
        if (candidate->role != role || chosen-- != 0)
            continue;
        unsigned slot = candidate->slot + choose(s->refuter, candidate->count);
        state->slots[slot] =
            (state->slots[slot] ^ (1u + random_word(s->refuter) % ones(candidate->width))) & ones(candidate->width);
        return true;
    }
    state->device++;
    return true;
}

static bool perturbed_refuted(struct situation *s, enum perturbation perturbation, enum isa_role role, unsigned number)
{
    struct concrete states[2] = {s->states[0], s->states[0]};
    states[1].slots = s->refuter->slots[1];
    memcpy(states[1].slots, states[0].slots, isa_slots(s->refuter->isa) * sizeof(uint32_t));
    if (!perturb(s, role, &states[1]))
        return false;
    execute(s, &states[1], number);
    return pair_refuted(s, states, s->user, number, perturbation);
}

static bool location_refuted(struct situation *s)
{
    if (isa_is_guest_view(s->refuter->isa) && !s->user)
        return false;
    execute(s, &s->states[1], 2);
    return pair_refuted(s, s->states, s->user, 2, PERTURB_LOCATION);
}

/* Everything but R, mode and memory: the same in both states. */
static void choose_states(struct situation *s)
{
    const struct isa *isa = s->refuter->isa;
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        if (state->role == ISA_ROLE_RELOCATION || state->role == ISA_ROLE_MODE || state->role == ISA_ROLE_GUEST_MODE)
            continue;
        for (unsigned k = 0; k < state->count; k++)
            s->states[0].slots[state->slot + k] = s->states[1].slots[state->slot + k] =
                choose_value(s->refuter, state->width);
    }
    s->states[0].device = s->states[1].device = random_word(s->refuter);
}

bool classifier_refute(struct refuter *r, struct subject *subject, const struct findings *findings, unsigned trials)
{
    r->random = r->start ^ ((uint64_t)subject->instruction->mask << 32 | subject->instruction->match);
    collect_constants(r, &subject->instruction->program);
    for (unsigned i = 0; i < trials; i++) {
        struct frames *frames = &r->frames[random_word(r) % FRAMES];
        r->boundary = i % 2 == 0;
        r->rest = i / 2;
        struct situation s = {.refuter = r, .subject = subject, .findings = findings,
                              .states = {classifier_frame_state(frames, 0), classifier_frame_state(frames, 1)},
                              .mode_slot = isa_mode(r->isa)->slot};
        s.user = classifier_in_user_mode(r->isa, &s.states[0]);
        s.word = choose_word(r, subject->instruction);
        choose_states(&s);
        if (modes_refuted(&s) || location_refuted(&s) ||
            perturbed_refuted(&s, PERTURB_RESOURCE, ISA_ROLE_RESOURCE, 3) ||
            perturbed_refuted(&s, PERTURB_TIME, ISA_ROLE_TIME, 4))
            return false;
    }
    return true;
}
