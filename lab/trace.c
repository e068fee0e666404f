/* trace.c: a line of text for each trap, interrupt, PSW load and port access. Before each stands the moment: the
 * number of instructions retired. */
#include "lab/internal.h"

#include <inttypes.h>

static void print_trap(FILE *stream, const struct isa *isa, const struct machine_event *event)
{
    const struct isa_cause *cause = isa_cause_numbered(isa, event->cause);
    const char *name = cause != NULL ? cause->name : "unknown";
    if (event->kind == MACHINE_EVENT_INTERRUPT)
        fprintf(stream, "interrupt  %s", name);
    else
        fprintf(stream, "trap       %s value=0x%08" PRIx32 " access=%" PRIu32, name, event->value, event->access);
}

/* The mode and R, by the names that the instruction set gives them. */
static void print_psw(FILE *stream, const struct machine *machine)
{
    const struct isa *isa = machine_isa(machine);
    fputs("psw       ", stream);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        if (state->role != ISA_ROLE_MODE && state->role != ISA_ROLE_RELOCATION)
            continue;
        for (unsigned k = 0; k < state->count; k++)
            fprintf(stream, " %s=0x%" PRIx32, state->name, machine_slot(machine, state->slot + k));
    }
}

static void print_port(FILE *stream, const struct isa *isa, const struct machine_event *event)
{
    const struct isa_port *port = isa_port_numbered(isa, event->port % MACHINE_PORTS_OF_A_UNIT);
    fprintf(stream, "%s 0x%03" PRIx32 " %s unit=%" PRIu32 " value=0x%08" PRIx32,
            event->is_write ? "port_out  " : "port_in   ", event->port, port != NULL ? port->name : "unknown",
            event->port / MACHINE_PORTS_OF_A_UNIT, event->value);
}

static bool write_line(void *context, const struct machine *machine, const struct machine_event *event)
{
    FILE *stream = context;
    const struct isa *isa = machine_isa(machine);
    fprintf(stream, "%12" PRIu64 "  pc=0x%08" PRIx32 " %-10s  ", machine_time(machine).instructions, event->pc,
            event->user ? "user" : "supervisor");
    switch (event->kind) {
    case MACHINE_EVENT_TRAP: case MACHINE_EVENT_INTERRUPT: print_trap(stream, isa, event); break;
    case MACHINE_EVENT_PSW: print_psw(stream, machine); break;
    default: print_port(stream, isa, event);
    }
    fputc('\n', stream);
    return true;
}

void lab_trace(struct machine *machine, FILE *stream)
{
    machine_add_observer(machine, MACHINE_EVENT_TRAP | MACHINE_EVENT_INTERRUPT | MACHINE_EVENT_PSW | MACHINE_EVENT_PORT,
                         write_line, stream);
}
