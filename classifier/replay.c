/* replay.c: the definitions once more, on concrete states, by isa_execute. No code is shared with the symbolic side: a
 * mistake there shows as a witness that does not replay, or as a negative answer that a test refutes. */
#include "classifier/concrete.h"

#include <string.h>

/* ---- One execution ----------------------------------------------------------------------------------------------- */

struct execution {
    const struct concrete *state;
    const struct devices *devices;
    struct effects *effects;
    struct pool *pool;
    struct loaded *loaded; /* NULL, or the list of what is loaded */
};

uint8_t classifier_memory_byte(const struct concrete *state, uint32_t address)
{
    if (address < state->dense_size)
        return state->dense[address];
    for (unsigned i = 0; i < state->bytes.count; i++)
        if (state->bytes.items[i].address == address)
            return state->bytes.items[i].value;
    return 0;
}

static uint32_t load(void *context, uint32_t address, unsigned bytes)
{
    const struct execution *execution = context;
    uint32_t value = 0;
    if (execution->loaded != NULL && execution->loaded->count < MOST_LOADED)
        execution->loaded->addresses[execution->loaded->count++] = address;
    for (unsigned k = 0; k < bytes; k++)
        value |= (uint32_t)classifier_memory_byte(execution->state, address + k) << 8 * k;
    return value;
}

static void store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    struct execution *execution = context;
    for (unsigned k = 0; k < bytes; k++)
        *APPEND(execution->pool, &execution->effects->stores) = (struct byte){address + k, (uint8_t)(value >> 8 * k)};
}

/* Any function will do for a test, as long as it is one. */
static uint32_t hash(uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t h = (a + 0x9e3779b97f4a7c15u) ^ ((uint64_t)b << 32 | c);
    h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
    h = (h ^ h >> 32) * 0x94d049bb133111ebu;
    return (uint32_t)(h >> 32);
}

static uint32_t device(struct execution *execution, bool is_write, uint32_t port, uint32_t given)
{
    uint32_t before = execution->effects->device;
    for (unsigned i = 0; i < execution->devices->rules.count; i++) {
        const struct device_rule *rule = &execution->devices->rules.items[i];
        if (rule->is_write == is_write && rule->port == port && rule->before == before && rule->given == given) {
            execution->effects->device = rule->after;
            return rule->value;
        }
    }
    if (!execution->devices->hashed)
        return 0;
    execution->effects->device = hash(before, port, is_write ? given + 1 : 0);
    return hash(before, ~port, given);
}

static uint32_t port_in(void *context, uint32_t port)
{
    return device(context, false, port, 0);
}

static void port_out(void *context, uint32_t port, uint32_t value)
{
    device(context, true, port, value);
}

static uint32_t diagnose(void *context, uint32_t function, uint32_t argument)
{
    (void)context, (void)function, (void)argument;
    return 0; /* a bare machine */
}

static void translated(void *context, uint32_t virtual_address, uint32_t physical_address, unsigned size,
                       unsigned access)
{
    struct effects *effects = ((struct execution *)context)->effects;
    if (effects->translations < MOST_TRANSLATED)
        effects->translated[effects->translations++] =
            (struct translated){virtual_address, physical_address, size, access};
}

static struct isa_environment environment_of(struct execution *execution)
{
    return (struct isa_environment){.context = execution,
                                    .state = execution->effects->slots,
                                    .memory_size = execution->state->memory_size,
                                    .load = load,
                                    .store = store,
                                    .port_in = port_in,
                                    .port_out = port_out,
                                    .diagnose = diagnose,
                                    .translated = translated};
}

void classifier_run(const struct isa *isa, const struct isa_instruction *instruction, uint32_t word,
                    const struct concrete *state, const struct devices *devices, struct pool *pool,
                    struct effects *effects)
{
    struct execution execution = {.state = state, .devices = devices, .effects = effects, .pool = pool};
    if (effects->slots == NULL)
        effects->slots = classifier_allocate(pool, isa_slots(isa) * sizeof *effects->slots);
    memcpy(effects->slots, state->slots, isa_slots(isa) * sizeof *effects->slots);
    effects->device = state->device;
    effects->stores.count = 0;
    effects->translations = 0;
    struct isa_environment environment = environment_of(&execution);
    effects->outcome = isa_execute(isa, instruction, word, &environment);
}

bool classifier_translate_loads(const struct isa *isa, const struct concrete *state, uint32_t virtual_address,
                                unsigned access, uint32_t *physical_address, struct loaded *loaded)
{
    struct effects effects = {.slots = state->slots}; /* `translate` writes no state */
    struct execution execution = {.state = state, .effects = &effects, .loaded = loaded};
    if (loaded != NULL)
        memset(loaded, 0, sizeof *loaded);
    struct isa_environment environment = environment_of(&execution);
    environment.translated = NULL;
    uint32_t parameters[ISA_MOST_PARAMETERS] = {virtual_address, 1, access};
    struct isa_outcome outcome = isa_run(isa, ISA_ON_TRANSLATE, parameters, 0, &environment);
    *physical_address = (uint32_t)outcome.result;
    return outcome.end == ISA_DONE;
}

bool classifier_translates(const struct isa *isa, const struct concrete *state, uint32_t virtual_address,
                           unsigned access, uint32_t *physical_address)
{
    return classifier_translate_loads(isa, state, virtual_address, access, physical_address, NULL);
}

/* ---- Judging ----------------------------------------------------------------------------------------------------- */

bool classifier_storage_trap(const struct isa *isa, const struct isa_outcome *outcome)
{
    return outcome->end == ISA_TRAPPED && classifier_trap_kind(isa, outcome->cause) == TRAP_STORAGE;
}

bool classifier_privileged_trap(const struct isa *isa, const struct isa_outcome *outcome)
{
    return outcome->end == ISA_TRAPPED && classifier_trap_kind(isa, outcome->cause) == TRAP_PRIVILEGED;
}

/* Not looked at in a pair: memory traps, and in a guest view exits, which are never wrong. */
static bool set_aside(const struct isa *isa, const struct isa_outcome *outcome)
{
    return classifier_storage_trap(isa, outcome) || (isa_is_guest_view(isa) && classifier_privileged_trap(isa, outcome));
}

/* Two traps: a monitor learns of both, so that they are alike; a guest sees what it is told. */
static bool traps_differ(const struct isa *isa, const struct isa_outcome *a, const struct isa_outcome *b)
{
    return isa_is_guest_view(isa) && (a->cause != b->cause || a->value != b->value || a->access != b->access);
}

bool classifier_in_user_mode(const struct isa *isa, const struct concrete *state)
{
    return state->slots[isa_mode(isa)->slot] == 1;
}

bool classifier_in_own_user_mode(const struct isa *isa, const struct concrete *state)
{
    return state->slots[isa_own_mode(isa)->slot] == 1;
}

static bool found(struct difference *difference, struct difference what)
{
    *difference = what;
    return true;
}

static uint32_t word_mask(const struct isa *isa)
{
    return UINT32_MAX >> (32 - isa_word_bits(isa));
}

/* The last byte that was stored there, or what stood there. */
static uint8_t byte_after(const struct concrete *state, const struct effects *effects, uint32_t address)
{
    for (unsigned i = effects->stores.count; i-- > 0;)
        if (effects->stores.items[i].address == address)
            return effects->stores.items[i].value;
    return classifier_memory_byte(state, address);
}

/* Calls `each` for virtual addresses that may lead to a byte that was stored: the access's own, the physical address
 * itself, and its distances from the parts of R. True as soon as `each` is. */
struct search {
    const struct isa *isa;
    const struct concrete *states;
    const struct effects *effects;
    bool moved; /* a location pair: each state translates for itself */
    struct difference *difference;
    uint32_t address;
};

static bool leads_here(struct search *search, uint32_t virtual_address)
{
    uint32_t physical;
    return classifier_translates(search->isa, search->states, virtual_address, ACCESS_STORE, &physical) &&
           physical == search->address;
}

static bool differs_here(struct search *search, uint32_t virtual_address)
{
    uint32_t physical[2];
    if (!classifier_translates(search->isa, &search->states[0], virtual_address, ACCESS_LOAD, &physical[0]))
        return false;
    physical[1] = physical[0];
    if (search->moved &&
        !classifier_translates(search->isa, &search->states[1], virtual_address, ACCESS_LOAD, &physical[1]))
        return false;
    uint8_t a = byte_after(&search->states[0], &search->effects[0], physical[0]);
    uint8_t b = byte_after(&search->states[1], &search->effects[1], physical[1]);
    return a != b &&
           found(search->difference,
                 (struct difference){.kind = DIFFERENCE_MEMORY, .address = virtual_address, .values = {a, b}});
}

static bool search_byte(struct search *search, const struct concrete *state, uint32_t address,
                        bool (*each)(struct search *, uint32_t))
{
    if (each(search, address))
        return true;
    for (unsigned i = 0; i < isa_state_count(search->isa); i++) {
        const struct isa_state *s = isa_state_at(search->isa, i);
        for (unsigned k = 0; k < s->count && s->role == ISA_ROLE_RELOCATION; k++)
            if (each(search, (address - state->slots[s->slot + k]) & word_mask(search->isa)))
                return true;
    }
    return false;
}

static bool search_accesses(struct search *search, const struct effects *effects,
                            bool (*each)(struct search *, uint32_t))
{
    for (unsigned i = 0; i < effects->translations; i++)
        for (unsigned k = 0; k < effects->translated[i].size; k++)
            if (each(search, (effects->translated[i].virtual_address + k) & word_mask(search->isa)))
                return true;
    return false;
}

/* ---- Control ----------------------------------------------------------------------------------------------------- */

static bool is_control(const struct isa_state *s, bool paper)
{
    switch (s->role) {
    case ISA_ROLE_MODE: case ISA_ROLE_RELOCATION: case ISA_ROLE_GUEST_MODE: return true;
    case ISA_ROLE_RESOURCE: case ISA_ROLE_TIME: return !paper;
    default: return false;
    }
}

static bool stray_store(const struct isa *isa, const struct concrete *state, const struct effects *effects,
                        struct difference *difference)
{
    for (unsigned i = 0; i < effects->stores.count; i++) {
        uint32_t address = effects->stores.items[i].address;
        uint8_t before = classifier_memory_byte(state, address), after = byte_after(state, effects, address);
        struct search search = {.isa = isa, .states = state, .effects = effects, .address = address};
        if (before != after && !search_accesses(&search, effects, leads_here) &&
            !search_byte(&search, state, address, leads_here))
            return found(difference, (struct difference){.kind = DIFFERENCE_PHYSICAL, .address = address,
                                                         .values = {before, after}});
    }
    return false;
}

bool classifier_judge_control(const struct isa *isa, const struct concrete *state, const struct effects *effects,
                              bool paper, struct difference *difference)
{
    if (effects->outcome.end != ISA_DONE)
        return false;
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        for (unsigned k = 0; k < s->count && is_control(s, paper); k++) {
            uint32_t before = state->slots[s->slot + k], after = effects->slots[s->slot + k];
            if (before != after)
                return found(difference, (struct difference){.kind = DIFFERENCE_STATE, .state = i, .element = k,
                                                             .values = {before, after}});
        }
    }
    if (!paper && effects->device != state->device)
        return found(difference,
                     (struct difference){.kind = DIFFERENCE_DEVICE, .values = {state->device, effects->device}});
    return stray_store(isa, state, effects, difference);
}

/* ---- Pairs ------------------------------------------------------------------------------------------------------- */

static bool same_before(const struct isa_state *s, const struct concrete states[2])
{
    return memcmp(&states[0].slots[s->slot], &states[1].slots[s->slot], s->count * sizeof(uint32_t)) == 0;
}

/* A result that the states already differ in is the perturbed component, and left out. */
static bool is_result(const struct isa_state *s, const struct concrete states[2], bool paper)
{
    bool counts = s->role == ISA_ROLE_GENERAL || s->role == ISA_ROLE_PROGRAM_COUNTER ||
                  (s->role == ISA_ROLE_RESOURCE && !paper);
    return counts && same_before(s, states);
}

static bool states_differ(const struct isa *isa, const struct concrete states[2], const struct effects effects[2],
                          bool paper, struct difference *difference)
{
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        if (!is_result(s, states, paper))
            continue;
        for (unsigned k = 0; k < s->count; k++) {
            uint32_t a = effects[0].slots[s->slot + k], b = effects[1].slots[s->slot + k];
            if (a != b)
                return found(difference, (struct difference){.kind = DIFFERENCE_STATE, .state = i, .element = k,
                                                             .values = {a, b}});
        }
    }
    return false;
}

static bool memories_differ(const struct isa *isa, const struct concrete states[2], const struct effects effects[2],
                            bool moved, uint32_t probe, struct difference *difference)
{
    struct search search = {.isa = isa, .states = states, .effects = effects, .moved = moved, .difference = difference};
    if (effects[0].stores.count + effects[1].stores.count == 0)
        return false;
    if (differs_here(&search, probe))
        return true;
    for (unsigned i = 0; i < 2; i++) {
        if (search_accesses(&search, &effects[i], differs_here))
            return true;
        for (unsigned k = 0; k < effects[i].stores.count; k++)
            if (search_byte(&search, &states[i], effects[i].stores.items[k].address, differs_here))
                return true;
    }
    return false;
}

bool classifier_judge_pair(const struct isa *isa, const struct concrete states[2], const struct effects effects[2],
                           enum perturbation perturbation, bool paper, uint32_t probe, struct difference *difference)
{
    bool trapped[2] = {effects[0].outcome.end != ISA_DONE, effects[1].outcome.end != ISA_DONE};
    if (set_aside(isa, &effects[0].outcome) || set_aside(isa, &effects[1].outcome))
        return false;
    if (trapped[0] != trapped[1])
        return (trapped[0] || perturbation != PERTURB_MODE || isa_is_guest_view(isa)) &&
               found(difference, (struct difference){.kind = DIFFERENCE_TRAP});
    if (trapped[0])
        return traps_differ(isa, &effects[0].outcome, &effects[1].outcome) &&
               found(difference, (struct difference){.kind = DIFFERENCE_TRAP});
    if (states_differ(isa, states, effects, paper, difference))
        return true;
    if (!paper && states[0].device == states[1].device && effects[0].device != effects[1].device)
        return found(difference, (struct difference){.kind = DIFFERENCE_DEVICE,
                                                     .values = {effects[0].device, effects[1].device}});
    return memories_differ(isa, states, effects, classifier_moved(isa, perturbation), probe, difference);
}

/* ---- Witnesses --------------------------------------------------------------------------------------------------- */

/* May the two states differ here? */
static bool may_differ(const struct isa *isa, enum perturbation perturbation, enum isa_role role)
{
    if (role == ISA_ROLE_RELOCATION)
        return classifier_moved(isa, perturbation);
    switch (perturbation) {
    case PERTURB_MODE: return role == ISA_ROLE_MODE;
    case PERTURB_RESOURCE: return role == ISA_ROLE_RESOURCE;
    case PERTURB_TIME: return role == ISA_ROLE_TIME;
    default: return false;
    }
}

static bool memory_within(const struct concrete *a, const struct concrete *b)
{
    for (unsigned i = 0; i < a->bytes.count; i++)
        if (classifier_memory_byte(a, a->bytes.items[i].address) !=
            classifier_memory_byte(b, a->bytes.items[i].address))
            return false;
    return true;
}

/* The two states differ in what the property perturbs, in one component of it where it says so, and in nothing else. */
static bool is_pair(const struct isa *isa, const struct classifier_witness *witness)
{
    const struct concrete *states = witness->states;
    unsigned components = states[0].device != states[1].device;
    if (components > 0 && witness->perturbation != PERTURB_RESOURCE)
        return false;
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        if (same_before(s, states))
            continue;
        if (!may_differ(isa, witness->perturbation, s->role))
            return false;
        components++;
    }
    if (classifier_moved(isa, witness->perturbation))
        return true;
    return components <= 1 && states[0].memory_size == states[1].memory_size && memory_within(&states[0], &states[1]) &&
           memory_within(&states[1], &states[0]);
}

static bool judge_privileged(const struct isa *isa, const struct classifier_witness *witness)
{
    return classifier_privileged_trap(isa, &witness->effects[1].outcome) &&
           !classifier_privileged_trap(isa, &witness->effects[0].outcome) &&
           (!witness->finishes || witness->effects[0].outcome.end == ISA_DONE);
}

bool classifier_replay(const struct isa *isa, struct classifier_witness *witness, struct pool *pool)
{
    const struct isa_instruction *instruction = witness->instruction;
    if ((witness->word & instruction->mask) != instruction->match)
        return false;
    for (unsigned i = 0; i < witness->state_count; i++) {
        if (witness->scope.user_only && !classifier_in_user_mode(isa, &witness->states[i]))
            return false;
        if (witness->scope.own_user && !classifier_in_own_user_mode(isa, &witness->states[i]))
            return false;
        classifier_run(isa, instruction, witness->word, &witness->states[i], &witness->devices, pool,
                       &witness->effects[i]);
    }
    witness->difference = (struct difference){.kind = DIFFERENCE_NONE};
    if (witness->perturbation == PERTURB_NOTHING)
        return classifier_judge_control(isa, &witness->states[0], &witness->effects[0], witness->scope.paper,
                                        &witness->difference);
    if (!is_pair(isa, witness))
        return false;
    if (witness->perturbation == PERTURB_MODE &&
        (classifier_in_user_mode(isa, &witness->states[0]) || !classifier_in_user_mode(isa, &witness->states[1])))
        return false;
    if (witness->property == CLASSIFIER_PRIVILEGED)
        return judge_privileged(isa, witness);
    return classifier_judge_pair(isa, witness->states, witness->effects, witness->perturbation, witness->scope.paper,
                                 witness->probe, &witness->difference);
}
