/* internal.h: the inside of lab_debug. Private to lab/debug/. */
#ifndef PG74_LAB_DEBUG_INTERNAL_H
#define PG74_LAB_DEBUG_INTERNAL_H

#include "lab/debug/debug.h"

struct lab_debug {
    struct machine *machine;
    const struct lab_programs *programs;
    unsigned current; /* program */
    struct lab_debug_point points[LAB_DEBUG_MOST_POINTS];
    unsigned point_count;
    const struct lab_debug_point *met;
    bool was_user; /* the mode, before the next change of the PSW */
    uint64_t first_step; /* where the history begins */
};

/* points.c: the kinds of events to watch for the points, 0 when there are none, and the point that an event meets, or NULL. */
unsigned lab_debug_watched(const struct lab_debug *debug);
/* Before an observer of these is added, and after it was removed: leave alone what the points have nothing to do with. */
void lab_debug_watch_points(struct lab_debug *debug);
void lab_debug_watch_all(struct lab_debug *debug);
const struct lab_debug_point *lab_debug_point_met(struct lab_debug *debug, const struct machine_event *event);

#endif
