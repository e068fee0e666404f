/* properties.c: each definition of docs/classifier.md as queries to the solver, one for every path, or pair of paths,
 * on which it could hold. In the comments w is a word, s and t are states, and i_w(s) is what w makes of s. */
#include "classifier/internal.h"

/* A model may break what a formula left out (that no other virtual address leads somewhere, say): so often it is
 * refined. */
enum { MOST_REFINEMENTS = 32 };

static enum classifier_answer undecided(struct subject *subject, Z3_ast formula)
{
    *APPEND(subject->pool, subject->unknown) = formula;
    return CLASSIFIER_UNKNOWN;
}

/* Decides a query; a model with round numbers is preferred. */
static enum verdict decide(struct subject *subject, const struct query *query, Z3_model *model)
{
    struct classifier *c = subject->c;
    enum verdict verdict = classifier_decide(c, query->formula, model);
    Z3_model rounder = NULL;
    Z3_ast hints = verdict == SATISFIABLE && !subject->answer_only ? classifier_hints(subject, query) : NULL;
    if (hints != NULL && classifier_decide(c, classifier_both(c, query->formula, hints), &rounder) == SATISFIABLE)
        *model = rounder;
    return verdict;
}

/* Decides a query, and replays the witness if there is one. */
static enum classifier_answer settle(struct subject *subject, struct query *query, struct classifier_witness **witness)
{
    struct classifier *c = subject->c;
    for (unsigned round = 0; round < MOST_REFINEMENTS && !subject->needs_model; round++) {
        Z3_model model = NULL;
        Z3_ast refinement = NULL;
        enum verdict verdict = decide(subject, query, &model);
        if (verdict == UNSATISFIABLE)
            return CLASSIFIER_NO;
        if (subject->screening) {
            subject->needs_model = true;
            return CLASSIFIER_UNKNOWN;
        }
        if (verdict == UNDECIDED)
            return undecided(subject, query->formula);
        *witness = classifier_extract(subject, query, model, &refinement);
        if (*witness != NULL)
            return CLASSIFIER_YES;
        if (subject->contradiction)
            return CLASSIFIER_UNKNOWN;
        if (refinement == NULL)
            break;
        query->formula = classifier_both(c, query->formula, refinement);
        query->refined = round + 1;
    }
    return undecided(subject, query->formula);
}

static Z3_ast conjunction(struct classifier *c, const term_list *list)
{
    return list->count == 0 ? Z3_mk_true(c->z3) : Z3_mk_and(c->z3, list->count, list->items);
}

/* w is one of the instruction's words, meets `also`, and takes this path. */
static Z3_ast takes(struct subject *subject, Z3_ast also, const struct path *path)
{
    struct classifier *c = subject->c;
    Z3_ast result = also == NULL ? subject->is_word : classifier_both(c, subject->is_word, also);
    result = classifier_both(c, result, classifier_path_condition(subject, path));
    return classifier_both(c, result, conjunction(c, &path->consistency));
}

/* YES ends the search; UNKNOWN is remembered. */
static bool settled(enum classifier_answer *so_far, enum classifier_answer answer)
{
    if (answer != CLASSIFIER_NO)
        *so_far = answer;
    return answer == CLASSIFIER_YES;
}

/* ---- Control sensitive ------------------------------------------------------------------------------------------- */

static enum classifier_answer path_changes(struct subject *subject, struct query *query, Z3_ast assumed, bool paper,
                                           struct classifier_witness **witness)
{
    struct classifier *c = subject->c;
    const struct path *path = query->paths[0];
    enum classifier_answer answer = CLASSIFIER_NO;
    Z3_ast changes = classifier_changes(subject, query->states[0], path, paper, query);
    if (changes != NULL) {
        query->formula = classifier_both(c, assumed, changes);
        if (settled(&answer, settle(subject, query, witness)))
            return answer;
    }
    unsigned asked = 0;
    for (unsigned i = 0; i < path->stores.count; i++)
        for (unsigned k = 0; k < path->stores.items[i].bytes; k++) {
            if (asked == 1 && classifier_rest_stays(subject, query->states[0], path, i, k, assumed))
                return answer; /* most do not, if one does not */
            Z3_ast strays = classifier_strays(subject, query->states[0], path, i, k, query);
            if (strays == NULL)
                continue;
            asked++;
            query->formula = classifier_both(c, assumed, strays);
            if (settled(&answer, settle(subject, query, witness)))
                return answer;
        }
    return answer;
}

/* w is control sensitive iff there is a state s in which w does not trap, and in which
 *     M(i_w(s)) != M(s), or R(i_w(s)) != R(s), or a resource or the timer differs,
 *     or E(i_w(s))[a] != E(s)[a] for an address a that no virtual address leads to under R(s). */
enum classifier_answer classifier_control_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                    struct classifier_witness **witness)
{
    struct question question = {PERTURB_NOTHING, scope, also};
    enum classifier_answer answer = CLASSIFIER_NO;
    if (classifier_answered(subject, &question, &answer, witness))
        return answer;
    const struct explored *explored = classifier_explored(subject, PERTURB_NOTHING, scope.user_only);
    const path_list *paths = &explored->paths[0];
    for (unsigned i = 0; i < paths->count; i++) {
        if (paths->items[i].end != PATH_DONE)
            continue;
        struct query query = {.property = CLASSIFIER_CONTROL_SENSITIVE, .scope = scope, .state_count = 1,
                              .states = {&explored->pair.states[0]}, .paths = {&paths->items[i]},
                              .unprivileged = also != NULL && !isa_is_guest_view(subject->isa)};
        Z3_ast assumed =
            classifier_both(subject->c, explored->pair.assumptions, takes(subject, also, &paths->items[i]));
        if (settled(&answer, path_changes(subject, &query, assumed, scope.paper, witness)))
            break;
    }
    return classifier_remember(subject, &question, answer, *witness);
}

/* ---- Pairs of states --------------------------------------------------------------------------------------------- */

static bool privileged_trap(const struct path *path)
{
    return path->end == PATH_TRAP && path->trap == TRAP_PRIVILEGED;
}

/* The same for a guest view: exits are set aside, since the host does then what is right, and a trap that is the guest's
 * own is a result like others. */
static Z3_ast guest_outcomes_differ(struct subject *subject, const struct path *first, const struct path *second)
{
    struct classifier *c = subject->c;
    bool first_within = first->end == PATH_TRAP && first->trap == TRAP_WITHIN;
    bool second_within = second->end == PATH_TRAP && second->trap == TRAP_WITHIN;
    if (!first_within || !second_within || first->cause != second->cause)
        return (first_within || first->end == PATH_DONE) && (second_within || second->end == PATH_DONE)
                   ? Z3_mk_true(c->z3) : NULL;
    return classifier_either(c, classifier_differ(c, first->value, second->value),
                             classifier_differ(c, first->access, second->access));
}

/* That the outcomes of these two paths differ: NULL if they cannot. A pair with a memory trap is set aside; two traps
 * are alike, since a monitor learns of both. */
static Z3_ast outcomes_differ(struct subject *subject, const struct pair *pair, const struct path *first,
                              const struct path *second, bool paper, struct query *query)
{
    if (first->end == PATH_DONE && second->end == PATH_DONE)
        return classifier_results_differ(subject, pair, first, second, paper, query);
    if (isa_is_guest_view(subject->isa))
        return guest_outcomes_differ(subject, first, second);
    bool first_alone = privileged_trap(first) && second->end == PATH_DONE;
    bool second_alone = first->end == PATH_DONE && privileged_trap(second);
    /* That it traps in user mode alone is what a privileged instruction should do. */
    bool counts = pair->perturbation == PERTURB_MODE ? first_alone : first_alone || second_alone;
    return counts ? Z3_mk_true(subject->c->z3) : NULL;
}

/* A path that denies a condition of the other cannot be taken together with it. Most pairs of paths of an instruction
 * with many branches go this way, without a query. */
static bool exclude_each_other(const struct path *first, const struct path *second)
{
    for (unsigned i = 0; i < first->denials.count; i++)
        for (unsigned k = 0; k < second->conditions.count; k++)
            if (first->denials.items[i] == second->conditions.items[k])
                return true;
    return false;
}

/* What is asked of every pair of paths. */
struct inquiry {
    enum classifier_property property;
    struct scope scope;
    Z3_ast also;
    const struct pair *pair;
};

/* The outcomes of two states that take these two paths differ. */
static enum classifier_answer paths_differ(struct subject *subject, const struct inquiry *inquiry,
                                           const struct path *first, const struct path *second,
                                           struct classifier_witness **witness)
{
    struct classifier *c = subject->c;
    const struct pair *pair = inquiry->pair;
    struct query query = {.property = inquiry->property, .perturbation = pair->perturbation, .scope = inquiry->scope,
                          .state_count = 2, .states = {&pair->states[0], &pair->states[1]}, .paths = {first, second},
                          .unprivileged = inquiry->also != NULL && !isa_is_guest_view(subject->isa)};
    Z3_ast differ = outcomes_differ(subject, pair, first, second, inquiry->scope.paper, &query);
    if (differ == NULL)
        return CLASSIFIER_NO;
    query.formula = classifier_both(c, pair->assumptions, takes(subject, inquiry->also, first));
    query.formula = classifier_both(c, query.formula, takes(subject, NULL, second));
    query.formula = classifier_both(c, query.formula, differ);
    return settle(subject, &query, witness);
}

/* There are two states of the kind of pair whose outcomes differ. */
static enum classifier_answer sensitive(struct subject *subject, enum classifier_property property,
                                        enum perturbation perturbation, struct scope scope, Z3_ast also,
                                        struct classifier_witness **witness)
{
    struct question question = {perturbation, scope, also};
    enum classifier_answer answer = CLASSIFIER_NO;
    if (classifier_answered(subject, &question, &answer, witness))
        return answer;
    const struct explored *explored = classifier_explored(subject, perturbation, scope.user_only);
    const path_list *first = &explored->paths[0], *second = &explored->paths[1];
    struct inquiry inquiry = {.property = property, .scope = scope, .also = also, .pair = &explored->pair};
    for (unsigned i = 0; i < first->count && answer != CLASSIFIER_YES; i++)
        for (unsigned j = 0; j < second->count && answer != CLASSIFIER_YES; j++)
            if (!exclude_each_other(&first->items[i], &second->items[j]))
                settled(&answer, paths_differ(subject, &inquiry, &first->items[i], &second->items[j], witness));
    return classifier_remember(subject, &question, answer, *witness);
}

/* w is mode sensitive iff there are s and t, alike but for M(s) = supervisor and M(t) = user, in neither of which w
 * takes a memory trap, such that the results of i_w(s) and i_w(t) differ, or w traps in s and not in t. */
enum classifier_answer classifier_mode_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                 struct classifier_witness **witness)
{
    scope.user_only = false; /* one of the two is */
    return sensitive(subject, CLASSIFIER_MODE_SENSITIVE, PERTURB_MODE, scope, also, witness);
}

/* w is location sensitive iff there are s and t, alike but for R and physical memory, with E(s)[R(s)(v)] =
 * E(t)[R(t)(v)] for every virtual address v that both R(s) and R(t) translate, such that, memory traps aside, the
 * results of i_w(s) and i_w(t) differ, or w traps in exactly one. */
enum classifier_answer classifier_location_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                     struct classifier_witness **witness)
{
    return sensitive(subject, CLASSIFIER_LOCATION_SENSITIVE, PERTURB_LOCATION, scope, also, witness);
}

/* w is resource sensitive iff there are s and t, alike but for one resource (a state of that role, or the devices),
 * such that, memory traps aside, the results of i_w(s) and i_w(t) other than that resource differ, or w traps in
 * exactly one. */
enum classifier_answer classifier_resource_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                     struct classifier_witness **witness)
{
    return sensitive(subject, CLASSIFIER_RESOURCE_SENSITIVE, PERTURB_RESOURCE, scope, also, witness);
}

/* w is time sensitive iff the same holds of s and t that are alike but for one state of role time. */
enum classifier_answer classifier_time_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                 struct classifier_witness **witness)
{
    return sensitive(subject, CLASSIFIER_TIME_SENSITIVE, PERTURB_TIME, scope, also, witness);
}

/* In guest mode w is user sensitive iff it is control, mode, location or resource sensitive already among states in which the
 * guest's own mode is user. These states are others, and so are the paths from them. */
static enum classifier_answer guest_user_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                   struct classifier_witness **witness)
{
    struct subject of_users = *subject;
    enum classifier_answer answer = CLASSIFIER_NO;
    of_users.own_user = scope.own_user = isa_own_mode(subject->isa)->role == ISA_ROLE_GENERAL; /* or the mode is the host's */
    classifier_forget(&of_users);
    if (!settled(&answer, classifier_control_sensitive(&of_users, scope, also, witness)) &&
        !settled(&answer, classifier_mode_sensitive(&of_users, scope, also, witness)) &&
        !settled(&answer, classifier_location_sensitive(&of_users, scope, also, witness)))
        settled(&answer, classifier_resource_sensitive(&of_users, scope, also, witness));
    subject->needs_model |= of_users.needs_model;
    subject->contradiction |= of_users.contradiction;
    subject->too_many_paths |= of_users.too_many_paths;
    return answer;
}

/* w is user sensitive iff it is control, location or resource sensitive with M(s) = M(t) = user. */
enum classifier_answer classifier_user_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                 struct classifier_witness **witness)
{
    enum classifier_answer answer = CLASSIFIER_NO;
    scope.user_only = true;
    if (isa_is_guest_view(subject->isa))
        answer = guest_user_sensitive(subject, scope, also, witness);
    else if (!settled(&answer, classifier_control_sensitive(subject, scope, also, witness)) &&
             !settled(&answer, classifier_location_sensitive(subject, scope, also, witness)) && !scope.paper)
        settled(&answer, classifier_resource_sensitive(subject, scope, also, witness));
    if (answer == CLASSIFIER_YES)
        (*witness)->property = CLASSIFIER_USER_SENSITIVE;
    return answer;
}

/* ---- Privileged -------------------------------------------------------------------------------------------------- */

/* w is not privileged iff there is a user state in which it does not trap, or a supervisor state in which it takes a
 * privileged trap. The two states are nobody else's, so that the formula may stand beside any other about w. */
Z3_ast classifier_not_privileged(struct subject *subject)
{
    struct classifier *c = subject->c;
    Z3_ast result = Z3_mk_false(c->z3);
    if (subject->not_privileged != NULL)
        return subject->not_privileged;
    for (unsigned user = 0; user < 2; user++) {
        struct symbolic_state *state = &subject->modes[user];
        *state = classifier_any_state(subject, user ? ".user" : ".supervisor");
        classifier_fix_mode(c, subject->isa, state, user);
        subject->mode_paths[user] = classifier_explore(subject, state);
        for (unsigned i = 0; i < subject->mode_paths[user].count; i++) {
            const struct path *path = &subject->mode_paths[user].items[i];
            if (!(user ? path->end == PATH_DONE : privileged_trap(path)))
                continue;
            Z3_ast so = classifier_both(c, classifier_sane(c, subject->isa, state), takes(subject, NULL, path));
            result = classifier_either(c, result, so);
        }
    }
    return subject->not_privileged = result;
}

/* A state in which it traps for the user, and the like of it in which it does not for the supervisor. */
static enum classifier_answer privilege_shown(struct subject *subject, struct classifier_witness **witness)
{
    struct classifier *c = subject->c;
    const struct explored *explored = classifier_explored(subject, PERTURB_MODE, false);
    const struct pair *pair = &explored->pair;
    path_list first = explored->paths[0], second = explored->paths[1];
    enum classifier_answer answer = CLASSIFIER_NO;
    for (int done = 1; done >= 0; done--) /* rather a supervisor who finishes than one who takes a memory trap */
        for (unsigned i = 0; i < first.count; i++)
            for (unsigned j = 0; j < second.count; j++) {
                if ((first.items[i].end == PATH_DONE) != (done == 1) || !privileged_trap(&second.items[j]) ||
                    exclude_each_other(&first.items[i], &second.items[j]))
                    continue;
                struct query query = {.property = CLASSIFIER_PRIVILEGED, .perturbation = PERTURB_MODE, .state_count = 2,
                                      .states = {&pair->states[0], &pair->states[1]},
                                      .paths = {&first.items[i], &second.items[j]}};
                query.formula = classifier_both(c, pair->assumptions, takes(subject, NULL, &first.items[i]));
                query.formula = classifier_both(c, query.formula, takes(subject, NULL, &second.items[j]));
                if (settled(&answer, settle(subject, &query, witness)))
                    return answer;
            }
    return answer;
}

/* Does the instruction's first word finish in the plainest user state, all zeros? Most do, and no solver need find a
 * state for them. */
static bool plainly_unprivileged(struct subject *subject)
{
    struct concrete state = {.memory_size = classifier_least_memory(subject->isa)};
    struct devices devices = {.hashed = false};
    struct effects effects = {.slots = NULL};
    state.slots = classifier_allocate(subject->pool, isa_slots(subject->isa) * sizeof *state.slots);
    state.slots[isa_mode(subject->isa)->slot] = 1;
    classifier_run(subject->isa, subject->instruction, subject->instruction->match, &state, &devices, subject->pool,
                   &effects);
    return effects.outcome.end == ISA_DONE;
}

/* w is privileged iff it takes a privileged trap in every user state and in no supervisor state, memory traps aside,
 * and there is a user state in which it does. */
enum classifier_answer classifier_privileged(struct subject *subject, struct classifier_witness **witness)
{
    struct classifier *c = subject->c;
    Z3_model model = NULL;
    if (plainly_unprivileged(subject))
        return CLASSIFIER_NO;
    Z3_ast not_privileged = classifier_both(c, subject->is_word, classifier_not_privileged(subject));
    switch (classifier_decide(c, not_privileged, &model)) {
    case UNSATISFIABLE: return privilege_shown(subject, witness);
    case UNDECIDED: return undecided(subject, not_privileged);
    case SATISFIABLE: break;
    }
    struct unprivileged shown;
    return classifier_replay_unprivileged(subject, model, &shown) ? CLASSIFIER_NO : CLASSIFIER_UNKNOWN;
}
