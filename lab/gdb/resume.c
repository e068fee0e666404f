/* resume.c: running, stepping, and both backwards. */
#include "lab/gdb/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Where a step ends in another program than it began in: by a trap signal the debugger would go on, by none it stops. */
enum { NO_SIGNAL = 0, SIGNAL_INTERRUPT = 2, SIGNAL_TRAP = 5 };
enum { NOWHERE = 0 };

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

static void tell(struct lab_gdb_session *session, unsigned program, uint32_t pc, int signal, const char *attribute)
{
    session->general = session->shown = program;
    session->shown_pc = pc;
    FILE *reply = fmemopen(session->stop_reply, sizeof session->stop_reply, "w");
    fprintf(reply, "T%02x%s", (unsigned)signal, attribute);
    lab_gdb_expedite_registers(session, reply);
    fprintf(reply, "thread:p%x.1;", program + 1);
    fclose(reply);
}

void lab_gdb_stopped(struct lab_gdb_session *session, int signal, const char *attribute)
{
    tell(session, lab_debug_current(session->debug), machine_pc(session->machine), signal, attribute);
}

static void stopped_at(struct lab_gdb_session *session, const struct lab_debug_point *point)
{
    char attribute[32] = "";
    if (point->kind != LAB_DEBUG_BREAKPOINT)
        snprintf(attribute, sizeof attribute, "%s:%" PRIx32 ";", point->kind == LAB_DEBUG_STORE ? "watch" :
                 point->kind == LAB_DEBUG_LOAD ? "rwatch" : "awatch", point->address);
    else if (session->tells_breakpoints)
        snprintf(attribute, sizeof attribute, "%s:;", point->tag == '0' ? "swbreak" : "hwbreak");
    lab_gdb_stopped(session, SIGNAL_TRAP, attribute);
}

/* The machine cannot go on, but back: the end of what there is to see, and no end of the session. */
static void stopped_for_good(struct lab_gdb_session *session, enum lab_debug_stop stop)
{
    char text[128];
    show_consoles(session, true);
    int length = stop == LAB_DEBUG_HALTED ? snprintf(text, sizeof text, "[The machine has halted with code %" PRIu32 ".]\n",
                                                   machine_halt_code(session->machine))
                                        : snprintf(text, sizeof text, "[Deadlock: the machine waits, and nothing can wake it.]\n");
    lab_gdb_say(session, text, (size_t)length);
    lab_gdb_stopped(session, SIGNAL_TRAP, "replaylog:end;");
}

static bool attention(void *context)
{
    struct lab_gdb_session *session = context;
    show_consoles(session, false);
    return lab_gdb_wants_attention(&session->link);
}

static struct lab_debug_ask asking(struct lab_gdb_session *session)
{
    return (struct lab_debug_ask){attention, session};
}

static void tell_stop(struct lab_gdb_session *session, enum lab_debug_stop stop, int signal)
{
    show_consoles(session, false);
    switch (stop) {
    case LAB_DEBUG_POINT: stopped_at(session, lab_debug_met(session->debug)); break;
    case LAB_DEBUG_HALTED: case LAB_DEBUG_DEADLOCK: stopped_for_good(session, stop); break;
    case LAB_DEBUG_START: lab_gdb_stopped(session, SIGNAL_TRAP, "replaylog:begin;"); break;
    default: lab_gdb_stopped(session, stop == LAB_DEBUG_INTERRUPTED ? SIGNAL_INTERRUPT : signal, "");
    }
}

/* ---- Forward and backward ---------------------------------------------------------------------------------------- */

void lab_gdb_continue(struct lab_gdb_session *session)
{
    tell_stop(session, lab_debug_continue(session->debug, asking(session)), SIGNAL_TRAP);
}

void lab_gdb_continue_back(struct lab_gdb_session *session)
{
    tell_stop(session, lab_debug_continue_back(session->debug, asking(session)), SIGNAL_TRAP);
}

void lab_gdb_step_back(struct lab_gdb_session *session)
{
    unsigned from = lab_debug_current(session->debug);
    enum lab_debug_stop stop = lab_debug_step_back(session->debug);
    tell_stop(session, stop, lab_debug_current(session->debug) != from ? NO_SIGNAL : SIGNAL_TRAP);
}

struct step {
    const struct lab_gdb_session *session;
    unsigned from;
    uint32_t first, end;
    bool alone;
};

/* With session->stays a guest's step ends in the same guest only. */
static bool has_arrived(void *context, const struct lab_debug *debug)
{
    const struct step *step = context;
    unsigned current = lab_debug_current(debug);
    const struct lab_program *start = lab_debug_program(debug, step->from), *here = lab_debug_program(debug, current);
    if (current == step->from)
        return machine_pc(lab_debug_machine(debug)) - step->first >= step->end - step->first;
    bool is_same_guest = here->is_guest && start->guest == here->guest;
    return !step->alone && (!step->session->stays || !start->is_guest || is_same_guest);
}

/* While the debugger steps over a breakpoint, it takes no stop but of the program that it steps (version 13 breaks down). So a
 * step `alone` ends in the same program: when a monitor has done what the instruction trapped for. When a breakpoint is met
 * on the way, the program is shown as being nowhere, until the debugger is ready to hear of another. */
void lab_gdb_step(struct lab_gdb_session *session, uint32_t first, uint32_t end, bool alone)
{
    struct step step = {session, lab_debug_current(session->debug), first, end, alone};
    const struct lab_debug_point *here = lab_debug_breakpoint_here(session->debug);
    if (session->shown != step.from) {
        if (here != NULL)
            stopped_at(session, here);
        else
            lab_gdb_stopped(session, NO_SIGNAL, "");
        return;
    }
    enum lab_debug_stop stop = lab_debug_step(session->debug, has_arrived, &step, asking(session));
    bool has_left = lab_debug_current(session->debug) != step.from;
    if (alone && has_left && stop != LAB_DEBUG_HALTED && stop != LAB_DEBUG_DEADLOCK)
        tell(session, step.from, NOWHERE, SIGNAL_TRAP, "");
    else
        tell_stop(session, stop, has_left ? NO_SIGNAL : SIGNAL_TRAP);
}
