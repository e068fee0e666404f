/* points.c: breakpoints and watchpoints. */
#include "lab/debug/internal.h"

static bool is_watchpoint(const struct lab_debug_point *point)
{
    return point->kind == LAB_DEBUG_STORE || point->kind == LAB_DEBUG_LOAD || point->kind == LAB_DEBUG_ACCESS;
}

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
    if (is_watchpoint(&point) && !lab_debug_physical(debug, point.program, point.address, &point.physical))
        return LAB_DEBUG_NOWHERE;
    if (point.kind == LAB_DEBUG_BREAKPOINT)
        point.physical = lab_debug_program(debug, point.program)->start + point.address;
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
    static const unsigned kinds_of[] = {
        [LAB_DEBUG_BREAKPOINT] = MACHINE_EVENT_FETCH, [LAB_DEBUG_STORE] = MACHINE_EVENT_STORE,
        [LAB_DEBUG_LOAD] = MACHINE_EVENT_LOAD, [LAB_DEBUG_ACCESS] = MACHINE_EVENT_LOAD | MACHINE_EVENT_STORE,
        [LAB_DEBUG_TRAP] = MACHINE_EVENT_TRAP | MACHINE_EVENT_INTERRUPT, [LAB_DEBUG_MODE] = MACHINE_EVENT_PSW,
        [LAB_DEBUG_REGISTER] = MACHINE_EVENT_FETCH | MACHINE_EVENT_RETIRE | MACHINE_EVENT_PSW};
    unsigned kinds = 0;
    for (unsigned i = 0; i < debug->point_count; i++)
        kinds |= kinds_of[debug->points[i].kind];
    return kinds;
}

static bool has_changed(const struct lab_debug *debug, const struct lab_debug_point *point)
{
    return point->kind == LAB_DEBUG_REGISTER && machine_slot(debug->machine, point->address) != point->value;
}

/* Where an instruction of an image stands in memory never changes; those of other address spaces may be anywhere. */
static bool is_placed(const struct lab_debug *debug, const struct lab_debug_point *point)
{
    return lab_debug_program(debug, point->program)->image != NULL;
}

/* All points lie in one stretch of memory: only there instructions and stores have to be looked at, and all others run at
 * full speed. Nothing is done where somebody else watches, too. */
void lab_debug_watch_points(struct lab_debug *debug)
{
    const unsigned by_steps = MACHINE_EVENT_FETCH | MACHINE_EVENT_RETIRE | MACHINE_EVENT_STORE;
    uint32_t start = UINT32_MAX, end = 0;
    bool is_known = (machine_watched(debug->machine) & by_steps) == 0;
    for (unsigned i = 0; i < debug->point_count; i++) {
        const struct lab_debug_point *point = &debug->points[i];
        bool is_code = point->kind == LAB_DEBUG_BREAKPOINT;
        if (point->kind == LAB_DEBUG_REGISTER)
            is_known = false; /* any instruction may change it */
        if (!is_code && !is_watchpoint(point))
            continue;
        is_known = is_known && (!is_code || is_placed(debug, point));
        uint32_t length = is_code ? 1 : point->length;
        start = point->physical < start ? point->physical : start;
        end = point->physical + length > end ? point->physical + length : end;
    }
    if (is_known && start < end)
        machine_watch_within(debug->machine, start, end - start);
}

void lab_debug_watch_all(struct lab_debug *debug) { machine_watch_within(debug->machine, 0, 0); }

static bool is_met(const struct lab_debug *debug, const struct lab_debug_point *point, const struct machine_event *event)
{
    switch (event->kind) {
    case MACHINE_EVENT_FETCH:
        if (point->kind != LAB_DEBUG_BREAKPOINT || point->address != event->pc)
            return false;
        return is_placed(debug, point)
                   ? point->physical == event->physical
                   : point->program == lab_programs_with(debug->programs, event->pc, event->physical);
    case MACHINE_EVENT_STORE: case MACHINE_EVENT_LOAD:
        return is_watchpoint(point) &&
               point->kind != (event->kind == MACHINE_EVENT_STORE ? LAB_DEBUG_LOAD : LAB_DEBUG_STORE) &&
               event->physical < point->physical + point->length && point->physical < event->physical + event->bytes;
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
