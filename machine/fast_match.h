/* fast_match.h: how a trace is cut into operations. Private to the fast engine. */
#ifndef PG74_MACHINE_FAST_MATCH_H
#define PG74_MACHINE_FAST_MATCH_H

#include "machine/fast.h"

/* By the number of an operation's first instruction: the shape to be used, NULL for an evaluation; or that nothing is
 * to be done. */
struct fast_cover {
    const struct fast_shape *shapes[FAST_MOST_INSTRUCTIONS];
    bool nothing[FAST_MOST_INSTRUCTIONS];
};

/* Do the assumptions of a shape hold for the instances from here on, of which there are `count`? */
bool machine_fast_shape_fits(const struct fast_instance *instances, unsigned count, const struct fast_shape *shape);

/* The instruction does nothing but be counted: it needs no operation. */
bool machine_fast_does_nothing(const struct fast_instance *instance);

/* The cheapest way to cover a trace with shapes. */
void machine_fast_cover(const struct fast_plan *plan, const struct fast_trace *trace, struct fast_cover *cover);

#endif
