/* alone.c: would a guest come to its end from here, if it were alone? Which interrupt comes first is no part of
 * equivalence, and there are programs that end or not by just that: who looks for an interrupt, and waits for it
 * only then, waits for ever when it came in between. Where a run under a monitor has no end, the bare machine that
 * has followed is let go from where it stands, with the timer and devices as it has them. If that has no end either,
 * the guest has lost its way by itself, and says nothing of the monitor. */
#include "checker/internal.h"

bool checker_ends_alone(struct checker_follower *follower, uint64_t steps)
{
    if (checker_network_is_waiting(follower))
        return true; /* it may be just that frame that it waits for */
    follower->ending = true; /* the monitored run no longer says anything */
    while (steps-- > 0 && follower->failure == NULL) {
        if (checker_is_set(follower->bare, follower->facts->halted))
            return true;
        if (checker_deliver_next(follower))
            continue;
        if (checker_is_set(follower->bare, follower->facts->waiting) && !checker_deliver_wake(follower))
            break;
        checker_follow_step(follower);
    }
    bool ends = follower->failure != NULL; /* it waits, and nothing is to come */
    checker_failure_free(follower->failure);
    follower->failure = NULL;
    return ends;
}
