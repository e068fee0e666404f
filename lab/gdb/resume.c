/* resume.c: running, stepping, and both backwards. */
#include "lab/gdb/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Where a step ends in another program than it began in: by a trap signal the debugger would go on, by none it stops. */
enum { NO_SIGNAL = 0, SIGNAL_INTERRUPT = 2, SIGNAL_TRAP = 5 };
enum { NOWHERE = 0, SLICE = 1 << 18, STEPS_BETWEEN_LOOKS = 1 << 12, EVENTS_BETWEEN_LOOKS = 1 << 16 };

/* ---- Why it stopped ---------------------------------------------------------------------------------------------- */

void lab_gdb_say(struct lab_gdb_session *session, const char *text, size_t length)
{
    char *packet = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&packet, &size);
    putc('O', stream);
    lab_gdb_put_hex(stream, text, length);
    fclose(stream);
    lab_gdb_send(&session->link, packet, size);
    free(packet);
}

/* What the guests have written, to where the session's user sees it. */
static void show_consoles(struct lab_gdb_session *session, bool is_end)
{
    static const size_t longest = LAB_GDB_LONGEST_PACKET / 2 - 8;
    char *text = NULL;
    size_t length = 0;
    if (session->consoles->stream != NULL) {
        lab_consoles_print(session->consoles, session->machine, is_end);
        return;
    }
    session->consoles->stream = open_memstream(&text, &length);
    lab_consoles_print(session->consoles, session->machine, is_end);
    fclose(session->consoles->stream);
    session->consoles->stream = NULL;
    for (size_t i = 0; i < length; i += longest)
        lab_gdb_say(session, text + i, length - i < longest ? length - i : longest);
    free(text);
}

static void tell(struct lab_gdb_session *session, unsigned context, uint32_t pc, int signal, const char *attribute)
{
    session->general = session->shown = context;
    session->shown_pc = pc;
    FILE *reply = fmemopen(session->stop_reply, sizeof session->stop_reply, "w");
    fprintf(reply, "T%02x%s", (unsigned)signal, attribute);
    lab_gdb_expedite_registers(session, reply);
    fprintf(reply, "thread:p%x.1;", context + 1);
    fclose(reply);
}

void lab_gdb_stopped(struct lab_gdb_session *session, int signal, const char *attribute)
{
    lab_gdb_find_current(session);
    tell(session, session->current, machine_pc(session->machine), signal, attribute);
}

static void stopped_at(struct lab_gdb_session *session, const struct lab_gdb_point *point)
{
    char attribute[32] = "";
    if (point->type == '2')
        snprintf(attribute, sizeof attribute, "watch:%" PRIx32 ";", point->address);
    else if (session->tells_breakpoints)
        snprintf(attribute, sizeof attribute, "%s:;", point->type == '0' ? "swbreak" : "hwbreak");
    lab_gdb_stopped(session, SIGNAL_TRAP, attribute);
}

/* The machine cannot go on, but back: the end of what there is to see, and no end of the session. */
static void stopped_for_good(struct lab_gdb_session *session, enum machine_stop stop)
{
    char text[128];
    show_consoles(session, true);
    int length = stop == MACHINE_HALTED ? snprintf(text, sizeof text, "[The machine has halted with code %" PRIu32 ".]\n",
                                                   machine_halt_code(session->machine))
                                        : snprintf(text, sizeof text, "[Deadlock: the machine waits, and nothing can wake it.]\n");
    lab_gdb_say(session, text, (size_t)length);
    lab_gdb_stopped(session, SIGNAL_TRAP, "replaylog:end;");
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

struct watch {
    struct lab_gdb_session *session;
    const struct lab_gdb_point *met;
    unsigned events;
    bool is_interrupted;
};

static bool look(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct watch *watch = context;
    (void)machine;
    if (watch->met == NULL)
        watch->met = lab_gdb_point_met(watch->session, event);
    return watch->met == NULL;
}

/* A breakpoint is seen when its instruction is fetched, and the run stops behind it: one step too far. */
static void stop_before(struct lab_gdb_session *session, const struct lab_gdb_point *point)
{
    if (point->type != '2')
        machine_history_back(session->machine, 1);
    stopped_at(session, point);
}

void lab_gdb_continue(struct lab_gdb_session *session)
{
    struct watch watch = {.session = session};
    unsigned kinds = lab_gdb_watched(session);
    enum machine_stop stop = MACHINE_LIMIT;
    bool is_interrupted = false;
    int observer = kinds != 0 ? machine_add_observer(session->machine, kinds, look, &watch) : 0;
    while (stop == MACHINE_LIMIT && !is_interrupted) {
        stop = machine_run(session->machine, SLICE);
        show_consoles(session, false);
        is_interrupted = lab_gdb_wants_attention(&session->link);
    }
    if (observer != 0)
        machine_remove_observer(session->machine, observer);
    if (watch.met != NULL)
        stop_before(session, watch.met);
    else if (stop == MACHINE_HALTED || stop == MACHINE_DEADLOCK)
        stopped_for_good(session, stop);
    else
        lab_gdb_stopped(session, SIGNAL_INTERRUPT, "");
}

/* Has a step ended that began in `from`? With session->stays a guest's step ends in the same guest only. */
static bool has_arrived(const struct lab_gdb_session *session, unsigned from, uint32_t first, uint32_t end, bool alone)
{
    const struct lab_gdb_context *start = &session->contexts[from], *here = &session->contexts[session->current];
    bool is_same_guest = start->is_guest && here->is_guest && start->guest == here->guest;
    if (from != session->current && (alone || (session->stays && start->is_guest && !is_same_guest)))
        return false;
    return from != session->current || machine_pc(session->machine) - first >= end - first;
}

/* A step from `from` has ended here. */
static void tell_step(struct lab_gdb_session *session, unsigned from, bool is_interrupted)
{
    const struct lab_gdb_point *point = lab_gdb_breakpoint_here(session);
    show_consoles(session, false);
    if (point != NULL)
        stopped_at(session, point);
    else
        lab_gdb_stopped(session, is_interrupted             ? SIGNAL_INTERRUPT
                                 : session->current != from ? NO_SIGNAL
                                                            : SIGNAL_TRAP, "");
}

/* While the debugger steps over a breakpoint, it takes no stop but of the program that it steps (version 13 breaks down). So a
 * step `alone` ends in the same program: when a monitor has done what the instruction trapped for. When a breakpoint is met
 * on the way, the program is shown as being nowhere, until the debugger is ready to hear of another. */
void lab_gdb_step(struct lab_gdb_session *session, uint32_t first, uint32_t end, bool alone)
{
    unsigned from = session->current;
    if (session->shown != from) {
        tell_step(session, session->shown, false);
        return;
    }
    for (unsigned steps = 1;; steps++) {
        enum machine_stop stop = machine_run(session->machine, 1);
        lab_gdb_find_current(session);
        if (stop == MACHINE_HALTED || stop == MACHINE_DEADLOCK) {
            stopped_for_good(session, stop);
            return;
        }
        bool is_interrupted = steps % STEPS_BETWEEN_LOOKS == 0 && lab_gdb_wants_attention(&session->link);
        if (!is_interrupted && !has_arrived(session, from, first, end, alone) && lab_gdb_breakpoint_here(session) == NULL)
            continue;
        if (alone && session->current != from)
            tell(session, from, NOWHERE, SIGNAL_TRAP, "");
        else
            tell_step(session, from, is_interrupted);
        return;
    }
}

/* ---- Backward ---------------------------------------------------------------------------------------------------- */

static uint64_t steps_since_start(const struct lab_gdb_session *session)
{
    struct machine_time time = machine_time(session->machine);
    return time.instructions + time.traps - session->first_step;
}

void lab_gdb_step_back(struct lab_gdb_session *session)
{
    unsigned from = session->current;
    bool done = steps_since_start(session) > 0 && machine_history_back(session->machine, 1);
    lab_gdb_find_current(session);
    lab_gdb_stopped(session, session->current != from ? NO_SIGNAL : SIGNAL_TRAP, done ? "" : "replaylog:begin;");
}

/* When the user presses Ctrl-C, every event is one to go back to: the search ends with what it has. */
static bool look_back(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct watch *watch = context;
    (void)machine;
    if (++watch->events % EVENTS_BETWEEN_LOOKS == 0 && lab_gdb_wants_attention(&watch->session->link))
        watch->is_interrupted = true;
    const struct lab_gdb_point *met = lab_gdb_point_met(watch->session, event);
    if (met != NULL)
        watch->met = met;
    return met == NULL && !watch->is_interrupted;
}

void lab_gdb_continue_back(struct lab_gdb_session *session)
{
    struct watch watch = {.session = session};
    unsigned kinds = lab_gdb_watched(session);
    bool found = kinds != 0 && machine_history_back_to(session->machine, kinds, look_back, &watch);
    if (!found)
        machine_history_back(session->machine, steps_since_start(session));
    if (watch.is_interrupted)
        lab_gdb_stopped(session, SIGNAL_INTERRUPT, "");
    else if (found)
        stopped_at(session, watch.met);
    else
        lab_gdb_stopped(session, SIGNAL_TRAP, "replaylog:begin;");
}
