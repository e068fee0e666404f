/* move.c: running, stepping, and both backwards. */
#include "lab/debug/internal.h"

#include <stdlib.h>

enum { SLICE = 1 << 18, STEPS_BETWEEN_LOOKS = 1 << 12, EVENTS_BETWEEN_LOOKS = 1 << 16 };

struct lab_debug *lab_debug_new(struct machine *machine, const struct lab_programs *programs)
{
    struct lab_debug *debug = calloc(1, sizeof *debug);
    if (debug == NULL)
        abort();
    debug->machine = machine;
    debug->programs = programs;
    if (!machine_history_begins(machine, &debug->first_step)) {
        machine_history_start(machine, 0);
        machine_history_begins(machine, &debug->first_step);
    }
    lab_debug_refresh(debug);
    return debug;
}

void lab_debug_free(struct lab_debug *debug) { free(debug); }
struct machine *lab_debug_machine(const struct lab_debug *debug) { return debug->machine; }
const struct lab_debug_point *lab_debug_met(const struct lab_debug *debug) { return debug->met; }

void lab_debug_begin_anew(struct lab_debug *debug) { debug->first_step += lab_debug_steps(debug); }

uint64_t lab_debug_steps(const struct lab_debug *debug)
{
    struct machine_time time = machine_time(debug->machine);
    return time.instructions + time.traps - debug->first_step;
}

bool lab_debug_in_guest(const struct lab_debug *debug)
{
    const struct lab_program *program = lab_debug_program(debug, lab_debug_current(debug));
    return program->is_guest || (program->level == 0 && machine_user_mode(debug->machine));
}

static bool is_wanted(const struct lab_debug_ask *ask) { return ask->attention != NULL && ask->attention(ask->context); }

static enum lab_debug_stop stopped(struct lab_debug *debug, enum lab_debug_stop stop)
{
    lab_debug_refresh(debug);
    return stop;
}

static enum lab_debug_stop for_good(enum machine_stop stop)
{
    return stop == MACHINE_HALTED ? LAB_DEBUG_HALTED : LAB_DEBUG_DEADLOCK;
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

struct watch {
    struct lab_debug *debug;
    struct lab_debug_ask ask;
    unsigned events;
    bool is_interrupted;
};

static bool look(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct watch *watch = context;
    (void)machine;
    if (watch->debug->met == NULL)
        watch->debug->met = lab_debug_point_met(watch->debug, event);
    return watch->debug->met == NULL;
}

/* A breakpoint is seen when its instruction is fetched, and the run stops behind it: one step too far. */
enum lab_debug_stop lab_debug_continue(struct lab_debug *debug, struct lab_debug_ask ask)
{
    struct watch watch = {.debug = debug};
    unsigned kinds = lab_debug_watched(debug);
    enum machine_stop stop = MACHINE_LIMIT;
    bool is_interrupted = false;
    debug->met = NULL;
    debug->was_user = machine_user_mode(debug->machine);
    for (unsigned i = 0; i < debug->point_count; i++)
        if (debug->points[i].kind == LAB_DEBUG_REGISTER)
            debug->points[i].value = machine_slot(debug->machine, debug->points[i].address);
    lab_debug_watch_points(debug);
    int observer = kinds != 0 ? machine_add_observer(debug->machine, kinds, look, &watch) : 0;
    while (stop == MACHINE_LIMIT && !is_interrupted) {
        stop = machine_run(debug->machine, SLICE);
        is_interrupted = is_wanted(&ask);
    }
    if (observer != 0)
        machine_remove_observer(debug->machine, observer);
    lab_debug_watch_all(debug);
    if (debug->met != NULL && debug->met->kind == LAB_DEBUG_BREAKPOINT)
        machine_history_back(debug->machine, 1);
    if (debug->met != NULL)
        return stopped(debug, LAB_DEBUG_POINT);
    if (stop == MACHINE_HALTED || stop == MACHINE_DEADLOCK)
        return stopped(debug, for_good(stop));
    return stopped(debug, LAB_DEBUG_INTERRUPTED);
}

enum lab_debug_stop lab_debug_step(struct lab_debug *debug, lab_debug_arrived *arrived, void *context, struct lab_debug_ask ask)
{
    for (unsigned steps = 1;; steps++) {
        enum machine_stop stop = machine_run(debug->machine, 1);
        lab_debug_refresh(debug);
        if (stop == MACHINE_HALTED || stop == MACHINE_DEADLOCK)
            return for_good(stop);
        debug->met = lab_debug_breakpoint_here(debug);
        if (debug->met != NULL)
            return LAB_DEBUG_POINT;
        if (arrived(context, debug))
            return LAB_DEBUG_STEPPED;
        if (steps % STEPS_BETWEEN_LOOKS == 0 && is_wanted(&ask))
            return LAB_DEBUG_INTERRUPTED;
    }
}

static bool at_once(void *context, const struct lab_debug *debug)
{
    (void)context;
    (void)debug;
    return true;
}

static bool in_program(void *context, const struct lab_debug *debug) { return debug->current == *(unsigned *)context; }

static bool in_guest(void *context, const struct lab_debug *debug)
{
    (void)context;
    return lab_debug_in_guest(debug);
}

enum lab_debug_stop lab_debug_step_once(struct lab_debug *debug, struct lab_debug_ask ask)
{
    return lab_debug_step(debug, at_once, NULL, ask);
}

enum lab_debug_stop lab_debug_step_over(struct lab_debug *debug, struct lab_debug_ask ask)
{
    unsigned here = debug->current;
    return lab_debug_step(debug, in_program, &here, ask);
}

enum lab_debug_stop lab_debug_step_out(struct lab_debug *debug, struct lab_debug_ask ask)
{
    return lab_debug_step(debug, in_guest, NULL, ask);
}

void lab_debug_go_to(struct lab_debug *debug, uint64_t steps)
{
    uint64_t now = lab_debug_steps(debug);
    if (now > steps)
        machine_history_back(debug->machine, now - steps);
    else if (now < steps)
        machine_run(debug->machine, steps - now);
    lab_debug_refresh(debug);
}

/* ---- Backward ---------------------------------------------------------------------------------------------------- */

enum lab_debug_stop lab_debug_step_back(struct lab_debug *debug)
{
    bool done = lab_debug_steps(debug) > 0 && machine_history_back(debug->machine, 1);
    return stopped(debug, done ? LAB_DEBUG_STEPPED : LAB_DEBUG_START);
}

/* When it is interrupted, every event is one to go back to: the search ends with what it has. */
static bool look_back(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct watch *watch = context;
    (void)machine;
    if (++watch->events % EVENTS_BETWEEN_LOOKS == 0 && is_wanted(&watch->ask))
        watch->is_interrupted = true;
    const struct lab_debug_point *met = lab_debug_point_met(watch->debug, event);
    if (met != NULL)
        watch->debug->met = met;
    return met == NULL && !watch->is_interrupted;
}

enum lab_debug_stop lab_debug_continue_back(struct lab_debug *debug, struct lab_debug_ask ask)
{
    struct watch watch = {.debug = debug, .ask = ask};
    unsigned kinds = lab_debug_watched(debug);
    debug->met = NULL;
    lab_debug_watch_points(debug);
    bool is_found = kinds != 0 && machine_history_back_to(debug->machine, kinds, look_back, &watch);
    lab_debug_watch_all(debug);
    if (!is_found)
        machine_history_back(debug->machine, lab_debug_steps(debug));
    return stopped(debug, watch.is_interrupted ? LAB_DEBUG_INTERRUPTED : is_found ? LAB_DEBUG_POINT : LAB_DEBUG_START);
}

/* With all other points out of the way. A search that finds nothing leaves the machine where it was. */
enum lab_debug_stop lab_debug_last_store(struct lab_debug *debug, unsigned program, uint32_t address, uint32_t length,
                                         struct lab_debug_ask ask)
{
    unsigned count = debug->point_count;
    struct lab_debug_point first = debug->points[0];
    struct watch watch = {.debug = debug, .ask = ask};
    struct lab_debug_point wanted = {.kind = LAB_DEBUG_STORE, .program = program, .address = address, .length = length};
    if (!lab_debug_physical(debug, program, address, &wanted.physical))
        return LAB_DEBUG_START;
    debug->points[0] = wanted;
    debug->point_count = 1;
    debug->met = NULL;
    lab_debug_watch_points(debug);
    bool is_found = machine_history_back_to(debug->machine, MACHINE_EVENT_STORE, look_back, &watch);
    lab_debug_watch_all(debug);
    debug->points[0] = first;
    debug->point_count = count;
    return stopped(debug, watch.is_interrupted ? LAB_DEBUG_INTERRUPTED : is_found ? LAB_DEBUG_STEPPED : LAB_DEBUG_START);
}
