/* points.c: breakpoints and watchpoints. */
#include "lab/debug/internal.h"

static struct lab_debug_point *find(struct lab_debug *debug, const struct lab_debug_point *wanted)
{
    for (unsigned i = 0; i < debug->point_count; i++) {
        struct lab_debug_point *point = &debug->points[i];
        if (point->kind == wanted->kind && point->tag == wanted->tag && point->program == wanted->program &&
            point->address == wanted->address && point->length == wanted->length)
            return point;
    }
    return NULL;
}

enum lab_debug_added lab_debug_add_point(struct lab_debug *debug, const struct lab_debug_point *wanted)
{
    struct lab_debug_point point = *wanted;
    if (point.kind == LAB_DEBUG_STORE && !lab_debug_physical(debug, point.program, point.address, &point.physical))
        return LAB_DEBUG_NOWHERE;
    if (find(debug, &point) != NULL)
        return LAB_DEBUG_ADDED;
    if (debug->point_count == LAB_DEBUG_MOST_POINTS)
        return LAB_DEBUG_TOO_MANY;
    debug->points[debug->point_count++] = point;
    return LAB_DEBUG_ADDED;
}

void lab_debug_remove_point(struct lab_debug *debug, const struct lab_debug_point *wanted)
{
    struct lab_debug_point *point = find(debug, wanted);
    if (point != NULL)
        *point = debug->points[--debug->point_count];
}

unsigned lab_debug_point_count(const struct lab_debug *debug) { return debug->point_count; }

const struct lab_debug_point *lab_debug_point(const struct lab_debug *debug, unsigned number)
{
    return &debug->points[number];
}

unsigned lab_debug_watched(const struct lab_debug *debug)
{
    static const unsigned kinds_of[] = {MACHINE_EVENT_FETCH, MACHINE_EVENT_STORE, MACHINE_EVENT_TRAP | MACHINE_EVENT_INTERRUPT,
                                        MACHINE_EVENT_PSW,
                                        MACHINE_EVENT_FETCH | MACHINE_EVENT_RETIRE | MACHINE_EVENT_PSW};
    unsigned kinds = 0;
    for (unsigned i = 0; i < debug->point_count; i++)
        kinds |= kinds_of[debug->points[i].kind];
    return kinds;
}

static bool has_changed(const struct lab_debug *debug, const struct lab_debug_point *point)
{
    return point->kind == LAB_DEBUG_REGISTER && machine_slot(debug->machine, point->address) != point->value;
}

static bool is_met(const struct lab_debug *debug, const struct lab_debug_point *point, const struct machine_event *event)
{
    switch (event->kind) {
    case MACHINE_EVENT_FETCH:
        return point->kind == LAB_DEBUG_BREAKPOINT && point->address == event->pc &&
               point->program == lab_debug_program_at(debug, event->pc, event->physical);
    case MACHINE_EVENT_STORE:
        return point->kind == LAB_DEBUG_STORE && event->physical < point->physical + point->length &&
               point->physical < event->physical + event->bytes;
    case MACHINE_EVENT_PSW:
        return (point->kind == LAB_DEBUG_MODE && event->user != debug->was_user) || has_changed(debug, point);
    case MACHINE_EVENT_RETIRE: return has_changed(debug, point);
    default: return point->kind == LAB_DEBUG_TRAP;
    }
}

static const struct lab_debug_point *met_by(const struct lab_debug *debug, const struct machine_event *event)
{
    for (unsigned i = 0; i < debug->point_count; i++)
        if (is_met(debug, &debug->points[i], event))
            return &debug->points[i];
    return NULL;
}

const struct lab_debug_point *lab_debug_point_met(struct lab_debug *debug, const struct machine_event *event)
{
    const struct lab_debug_point *met = met_by(debug, event);
    if (event->kind == MACHINE_EVENT_PSW)
        debug->was_user = event->user;
    for (unsigned i = 0; i < debug->point_count; i++)
        if (debug->points[i].kind == LAB_DEBUG_REGISTER)
            debug->points[i].value = machine_slot(debug->machine, debug->points[i].address);
    return met;
}

const struct lab_debug_point *lab_debug_breakpoint_here(const struct lab_debug *debug)
{
    struct machine_event event = {.kind = MACHINE_EVENT_FETCH, .pc = machine_pc(debug->machine)};
    uint32_t word;
    if (!machine_next_word(debug->machine, &word, &event.physical))
        return NULL;
    return met_by(debug, &event);
}
