/* theorems.c: Popek and Goldberg's theorems, word by word. A mnemonic violates one if some word of it is sensitive and
 * not privileged: an instruction that is sensitive for some words alone, and privileged for exactly those, does not.
 * Both are existential ("there is a pair of states ...", "there is a user state without a trap, or ..."), so one query
 * holds both. Of a guest view nothing but the sensitivity is asked: a state in which the word exits shows none. */
#include "classifier/internal.h"

Z3_ast classifier_harmful(struct subject *subject)
{
    return isa_is_guest_view(subject->isa) ? NULL : classifier_not_privileged(subject);
}

typedef enum classifier_answer property_query(struct subject *, struct scope, Z3_ast, struct classifier_witness **);

/* Goes on until one holds. */
static enum classifier_answer any_of(struct subject *subject, property_query *const *queries, unsigned count,
                                     struct scope scope, Z3_ast also, struct classifier_witness **witness)
{
    enum classifier_answer answer = CLASSIFIER_NO;
    for (unsigned i = 0; i < count && answer != CLASSIFIER_YES; i++) {
        enum classifier_answer next = queries[i](subject, scope, also, witness);
        if (next != CLASSIFIER_NO)
            answer = next;
    }
    return answer;
}

/* Theorem 1: every sensitive word is privileged. What is visible to a user program is the better witness, so it comes
 * first. */
static enum classifier_answer violates_1(struct subject *subject, bool paper, Z3_ast not_privileged,
                                         struct classifier_witness **witness)
{
    static property_query *const paper_queries[] = {classifier_user_sensitive, classifier_mode_sensitive,
                                                    classifier_control_sensitive, classifier_location_sensitive};
    static property_query *const queries[] = {classifier_user_sensitive, classifier_mode_sensitive,
                                              classifier_control_sensitive, classifier_location_sensitive,
                                              classifier_resource_sensitive};
    static property_query *const of_trap_entry[] = {classifier_control_sensitive, classifier_resource_sensitive};
    struct scope scope = classifier_scope(subject->isa, paper);
    if (isa_is_trap_view(subject->isa))
        return any_of(subject, of_trap_entry, 2, scope, not_privileged, witness);
    if (isa_is_guest_view(subject->isa))
        return any_of(subject, queries + 1, 4, scope, not_privileged, witness);
    return paper ? any_of(subject, paper_queries, 4, scope, not_privileged, witness)
                 : any_of(subject, queries, 5, scope, not_privileged, witness);
}

enum classifier_answer classifier_violates_theorem(struct subject *subject, enum classifier_theorem theorem, bool paper,
                                                   Z3_ast not_privileged, struct classifier_witness **witness)
{
    struct scope scope = classifier_scope(subject->isa, paper);
    enum classifier_answer answer;
    if (not_privileged != NULL && classifier_is_false(subject->c, not_privileged))
        return CLASSIFIER_NO;
    switch (theorem) {
    case CLASSIFIER_THEOREM_1:
        return violates_1(subject, paper, not_privileged, witness);
    case CLASSIFIER_THEOREM_2: /* Theorem 1, and every time sensitive word is privileged */
        answer = violates_1(subject, paper, not_privileged, witness);
        if (answer != CLASSIFIER_NO || paper)
            return answer;
        return classifier_time_sensitive(subject, scope, not_privileged, witness);
    case CLASSIFIER_THEOREM_3: /* every user sensitive word is privileged; user programs trap, too */
        if (isa_is_trap_view(subject->isa))
            return violates_1(subject, paper, not_privileged, witness);
        return classifier_user_sensitive(subject, scope, not_privileged, witness);
    case CLASSIFIER_THEOREMS:
        break;
    }
    return CLASSIFIER_NO;
}
