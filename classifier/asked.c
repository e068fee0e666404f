/* asked.c: what has been explored of an instruction, and what has been asked about it. The theorems, and for which words
 * and in which states they are violated, are the properties' questions again and again: for fewer words, in user mode
 * alone, over fewer results. An answer "no" holds for all that ask for more. */
#include "classifier/internal.h"

#include <string.h>

const struct explored *classifier_explored(struct subject *subject, enum perturbation perturbation, bool user_only)
{
    struct explored *explored = &subject->explored[perturbation][user_only];
    if (!explored->made) {
        *explored = (struct explored){.made = true};
        explored->pair = classifier_pair(subject, perturbation, user_only);
        explored->paths[0] = classifier_explore(subject, &explored->pair.states[0]);
        if (perturbation != PERTURB_NOTHING)
            explored->paths[1] = classifier_explore(subject, &explored->pair.states[1]);
    }
    return explored;
}

static bool same(const struct question *a, const struct question *b)
{
    return a->perturbation == b->perturbation && a->scope.paper == b->scope.paper &&
           a->scope.user_only == b->scope.user_only && a->also == b->also;
}

/* Is what b asks for a case of what a asks for? Conditions on the word are "not privileged", or that and more. */
static bool includes(const struct subject *subject, const struct question *a, const struct question *b)
{
    return a->perturbation == b->perturbation && (!a->scope.paper || b->scope.paper) &&
           (!a->scope.user_only || b->scope.user_only) &&
           (a->also == NULL || a->also == b->also || (a->also == subject->not_privileged && b->also != NULL));
}

bool classifier_answered(const struct subject *subject, const struct question *question, enum classifier_answer *answer,
                         struct classifier_witness **witness)
{
    for (unsigned i = 0; i < subject->asked.count; i++) {
        const struct asked *asked = &subject->asked.items[i];
        if (same(&asked->question, question)) {
            *answer = asked->answer;
            if (asked->witness != NULL)
                *witness = asked->witness;
            return true;
        }
        if (asked->answer == CLASSIFIER_NO && includes(subject, &asked->question, question)) {
            *answer = CLASSIFIER_NO;
            return true;
        }
    }
    return false;
}

enum classifier_answer classifier_remember(struct subject *subject, const struct question *question,
                                           enum classifier_answer answer, struct classifier_witness *witness)
{
    *APPEND(subject->pool, &subject->asked) =
        (struct asked){*question, answer, answer == CLASSIFIER_YES ? witness : NULL};
    return answer;
}

void classifier_forget(struct subject *subject)
{
    memset(subject->explored, 0, sizeof subject->explored);
    memset(&subject->asked, 0, sizeof subject->asked);
    subject->not_privileged = NULL;
}
