/* fast_match.h: how a trace is cut into operations. Private to the fast engine. */
#ifndef PG74_MACHINE_FAST_MATCH_H
#define PG74_MACHINE_FAST_MATCH_H

#include "machine/fast.h"

/* By the number of an operation's first instruction: the shape to be used, NULL for an evaluation; or that nothing is to be done. */
struct fast_cover {
    const struct fast_shape *shapes[FAST_MOST_INSTRUCTIONS];
    bool nothing[FAST_MOST_INSTRUCTIONS];
};

void machine_fast_cover(const struct fast_plan *plan, const struct fast_trace *trace, struct fast_cover *cover);

#endif
