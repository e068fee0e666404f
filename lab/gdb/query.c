/* query.c: what the debugger asks about the stub and its threads, and commands for the stub itself (`monitor ...`). */
#include "lab/gdb/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool begins(const char *text, const char *start) { return strncmp(text, start, strlen(start)) == 0; }

/* ---- Long answers, in parts -------------------------------------------------------------------------------------- */

void lab_gdb_put_part(const char *text, size_t length, const char *part, FILE *reply)
{
    char *rest;
    size_t offset = strtoul(part, &rest, 16), count = *rest == ',' ? strtoul(rest + 1, NULL, 16) : 0;
    offset = offset < length ? offset : length;
    size_t left = length - offset;
    count = count < LAB_GDB_LONGEST_PACKET / 4 ? count : LAB_GDB_LONGEST_PACKET / 4;
    putc(count < left ? 'm' : 'l', reply);
    lab_gdb_put_binary(reply, (const uint8_t *)text + offset, count < left ? count : left);
}

static void list_threads(const struct lab_gdb_session *session, FILE *xml)
{
    fputs("<threads>", xml);
    for (unsigned i = 0; i < lab_debug_program_count(session->debug); i++) {
        if (session->is_detached[i])
            continue;
        fprintf(xml, "<thread id=\"p%x.1\" name=\"", i + 1);
        lab_debug_print_name(session->debug, i, xml);
        fputs("\"/>", xml);
    }
    fputs("</threads>", xml);
}

static void name_file(const struct lab_gdb_session *session, unsigned program, FILE *stream)
{
    char *file = lab_program_file(lab_debug_program(session->debug, program));
    fputs(file, stream);
    free(file);
}

/* "qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH". */
static void transfer(struct lab_gdb_session *session, const char *packet, FILE *reply)
{
    const char *object = packet + strlen("qXfer:");
    const char *part = strrchr(packet, ':') + 1, *annex = strstr(object, ":read:");
    char *text = NULL;
    size_t length = 0;
    if (annex == NULL)
        return;
    annex += strlen(":read:");
    FILE *stream = open_memstream(&text, &length);
    unsigned long number = strtoul(annex, NULL, 16) - 1;
    bool known = true;
    if (begins(object, "features:"))
        lab_gdb_describe_target(machine_isa(session->machine), stream);
    else if (begins(object, "threads:"))
        list_threads(session, stream);
    else if (begins(object, "exec-file:") && number < lab_debug_program_count(session->debug))
        name_file(session, (unsigned)number, stream);
    else
        known = false;
    fclose(stream);
    if (known)
        lab_gdb_put_part(text, length, part, reply);
    else
        fputs("E00", reply);
    free(text);
}

/* ---- Commands for the stub --------------------------------------------------------------------------------------- */

static const char help[] = "where      which program the processor is in, its mode, and the time\n"
                           "state      all state of the machine that is no general register\n"
                           "stay on    steps in a guest do not stop in the monitor\n"
                           "stay off   steps follow a trap into the monitor\n";

static void print_where(const struct lab_gdb_session *session, FILE *stream)
{
    const struct machine *machine = session->machine;
    struct machine_time time = machine_time(machine);
    lab_debug_print_name(session->debug, lab_debug_current(session->debug), stream);
    fprintf(stream, ", in %s mode, after %" PRIu64 " instructions, %" PRIu64 " traps, %" PRIu64 " cycles\n",
            machine_user_mode(machine) ? "user" : "supervisor", time.instructions, time.traps, time.cycles);
}

static void command(struct lab_gdb_session *session, const char *hex, FILE *reply)
{
    char text[64], *answer = NULL;
    size_t length = 0;
    text[lab_gdb_get_hex(hex, (uint8_t *)text, sizeof text - 1)] = '\0';
    FILE *stream = open_memstream(&answer, &length);
    if (strcmp(text, "where") == 0)
        print_where(session, stream);
    else if (strcmp(text, "state") == 0)
        lab_gdb_print_state(session->machine, stream);
    else if (strcmp(text, "stay on") == 0 || strcmp(text, "stay off") == 0)
        session->stays = strcmp(text, "stay on") == 0;
    else
        fprintf(stream, "%s%s", strcmp(text, "help") == 0 ? "" : "There is no such command. There are:\n", help);
    fclose(stream);
    if (length == 0)
        fputs("OK", reply);
    lab_gdb_put_hex(reply, answer, length);
    free(answer);
}

/* ---- Queries ----------------------------------------------------------------------------------------------------- */

static void tell_features(struct lab_gdb_session *session, const char *packet, FILE *reply)
{
    session->tells_breakpoints = strstr(packet, "swbreak+") != NULL;
    fprintf(reply, "PacketSize=%x;multiprocess+;QStartNoAckMode+;vContSupported+;swbreak+;hwbreak+;ReverseStep+;"
            "ReverseContinue+;qXfer:features:read+;qXfer:threads:read+;qXfer:exec-file:read+", LAB_GDB_LONGEST_PACKET);
}

void lab_gdb_query(struct lab_gdb_session *session, const char *packet, FILE *reply)
{
    if (begins(packet, "qSupported")) {
        tell_features(session, packet, reply);
    } else if (begins(packet, "qXfer:")) {
        transfer(session, packet, reply);
    } else if (begins(packet, "qRcmd,")) {
        command(session, packet + strlen("qRcmd,"), reply);
    } else if (strcmp(packet, "QStartNoAckMode") == 0) {
        session->link.without_acknowledgement = true;
        fputs("OK", reply);
    } else if (strcmp(packet, "qfThreadInfo") == 0) {
        char separator = 'm';
        for (unsigned i = 0; i < lab_debug_program_count(session->debug); i++)
            if (!session->is_detached[i]) {
                fprintf(reply, "%cp%x.1", separator, i + 1);
                separator = ',';
            }
    } else if (strcmp(packet, "qsThreadInfo") == 0) {
        putc('l', reply);
    } else if (strcmp(packet, "qC") == 0) {
        fprintf(reply, "QCp%x.1", session->shown + 1);
    } else if (begins(packet, "qAttached")) {
        putc('1', reply);
    } else if (begins(packet, "qSymbol")) {
        fputs("OK", reply);
    }
}
