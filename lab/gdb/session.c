/* session.c: a debugger's packets, one after the other. */
#include "lab/gdb/internal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNAL_TRAP = 5, NO_PROGRAM = LAB_MOST_PROGRAMS };

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static void read_memory(const struct lab_gdb_session *session, const char *arguments, FILE *reply)
{
    char *rest;
    uint32_t address = (uint32_t)strtoul(arguments, &rest, 16), physical;
    size_t length = *rest == ',' ? strtoul(rest + 1, NULL, 16) : 0, done = 0;
    uint8_t byte;
    if (length > LAB_GDB_LONGEST_PACKET / 2)
        length = LAB_GDB_LONGEST_PACKET / 2;
    while (done < length && lab_debug_physical(session->debug, session->general, address + (uint32_t)done, &physical) &&
           machine_read(session->machine, physical, &byte, 1)) {
        lab_gdb_put_hex(reply, &byte, 1);
        done++;
    }
    if (done == 0 && length > 0)
        fputs("E14", reply);
}

/* "ADDRESS,LENGTH:" and the bytes, in hexadecimal digits. */
static bool write_memory(struct lab_gdb_session *session, const char *arguments)
{
    char *rest;
    uint32_t address = (uint32_t)strtoul(arguments, &rest, 16), physical;
    size_t length = *rest == ',' ? strtoul(rest + 1, &rest, 16) : 0;
    uint8_t byte;
    if (*rest != ':' || strlen(rest + 1) != 2 * length)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (lab_gdb_get_hex(rest + 1 + 2 * i, &byte, 1) != 1 ||
            !lab_debug_physical(session->debug, session->general, address + (uint32_t)i, &physical) ||
            !machine_write(session->machine, physical, &byte, 1))
            return false;
    }
    return true;
}

/* ---- Points ------------------------------------------------------------------------------------------------------ */

/* "Z..." or "z...": what to answer. */
static const char *change_point(struct lab_gdb_session *session, const char *packet)
{
    static const enum lab_debug_point_kind kinds[] = {LAB_DEBUG_BREAKPOINT, LAB_DEBUG_BREAKPOINT, LAB_DEBUG_STORE, LAB_DEBUG_LOAD,
                                                      LAB_DEBUG_ACCESS};
    struct lab_debug_point point = {.tag = (unsigned char)packet[1], .program = session->general};
    char *rest;
    if (packet[1] < '0' || packet[1] > '4')
        return "";
    point.kind = kinds[packet[1] - '0'];
    point.address = (uint32_t)strtoul(packet + 3, &rest, 16);
    if (packet[2] != ',' || *rest != ',')
        return "E22";
    point.length = (uint32_t)strtoul(rest + 1, NULL, 16);
    if (packet[0] == 'z')
        lab_debug_remove_point(session->debug, &point);
    else if (lab_debug_add_point(session->debug, &point) != LAB_DEBUG_ADDED)
        return "E14";
    return "OK";
}

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

unsigned lab_gdb_thread(const struct lab_gdb_session *session, const char *text, unsigned otherwise)
{
    unsigned long number = strtoul(text + (*text == 'p'), NULL, 16); /* 0: any; -1, which is no digit, reads as 0, too */
    return number >= 1 && number <= lab_debug_program_count(session->debug) ? (unsigned)number - 1 : otherwise;
}

/* "D" or "D;PROCESS": when the debugger has left every process, the session is over. */
static void detach(struct lab_gdb_session *session, const char *packet)
{
    session->is_over = true;
    if (packet[1] != ';')
        return;
    session->is_detached[lab_gdb_thread(session, packet + 2, session->shown)] = true;
    for (unsigned i = 0; i < lab_debug_program_count(session->debug); i++)
        session->is_over = session->is_over && session->is_detached[i];
}

/* ---- Going on ---------------------------------------------------------------------------------------------------- */

/* "vCont;ACTION[:THREAD]...": there is one processor, so the first step decides, or all of it goes on. */
static void resume(struct lab_gdb_session *session, const char *actions)
{
    const char *step = strstr(actions, ";s"), *range = strstr(actions, ";r");
    bool alone = strchr(actions + 1, ';') == NULL;
    if (range != NULL) {
        char *rest;
        uint32_t first = (uint32_t)strtoul(range + 2, &rest, 16);
        lab_gdb_step(session, first, *rest == ',' ? (uint32_t)strtoul(rest + 1, NULL, 16) : first, alone);
    } else if (step != NULL) {
        lab_gdb_step(session, 0, 0, alone);
    } else {
        lab_gdb_continue(session);
    }
}

/* Those packets after which the machine moves; false for others. */
static bool moves(struct lab_gdb_session *session, const char *packet)
{
    if (strncmp(packet, "vCont;", 6) == 0)
        resume(session, packet + 5);
    else if (packet[0] == 's' || packet[0] == 'S')
        lab_gdb_step(session, 0, 0, true);
    else if (packet[0] == 'c' || packet[0] == 'C')
        lab_gdb_continue(session);
    else if (strcmp(packet, "bs") == 0)
        lab_gdb_step_back(session);
    else if (strcmp(packet, "bc") == 0)
        lab_gdb_continue_back(session);
    else
        return false;
    return true;
}

/* ---- One packet -------------------------------------------------------------------------------------------------- */

static void answer_other(struct lab_gdb_session *session, const char *packet, FILE *reply)
{
    if (strncmp(packet, "vFile:", 6) == 0)
        lab_gdb_file(session, packet, reply);
    else if (strcmp(packet, "vCont?") == 0)
        fputs("vCont;c;C;s;S;r", reply);
    else if (packet[0] == 'v' && strncmp(packet, "vKill", 5) == 0) {
        session->is_over = true;
        fputs("OK", reply);
    }
}

static void answer(struct lab_gdb_session *session, const char *packet, FILE *reply)
{
    char *rest;
    unsigned number;
    if (moves(session, packet)) {
        fputs(session->stop_reply, reply);
        return;
    }
    switch (packet[0]) {
    case '?': fputs(session->stop_reply, reply); break;
    case 'q': case 'Q': lab_gdb_query(session, packet, reply); break;
    case 'g': lab_gdb_read_registers(session, reply); break;
    case 'G': fputs(lab_gdb_write_registers(session, packet + 1) ? "OK" : "E22", reply); break;
    case 'p':
        if (!lab_gdb_read_register(session, (unsigned)strtoul(packet + 1, NULL, 16), reply))
            fputs("E22", reply);
        break;
    case 'P':
        number = (unsigned)strtoul(packet + 1, &rest, 16);
        fputs(*rest == '=' && lab_gdb_write_register(session, number, rest + 1) ? "OK" : "E22", reply);
        break;
    case 'm': read_memory(session, packet + 1, reply); break;
    case 'M': fputs(write_memory(session, packet + 1) ? "OK" : "E14", reply); break;
    case 'Z': case 'z': fputs(change_point(session, packet), reply); break;
    case 'H':
        if (packet[1] == 'g')
            session->general = lab_gdb_thread(session, packet + 2, session->shown);
        fputs("OK", reply);
        break;
    case 'T':
        number = lab_gdb_thread(session, packet + 1, NO_PROGRAM);
        fputs(number != NO_PROGRAM && !session->is_detached[number] ? "OK" : "E03", reply);
        break;
    case 'D': detach(session, packet); fputs("OK", reply); break;
    case 'k': session->is_over = true; break;
    default: answer_other(session, packet, reply);
    }
}

static void handle(struct lab_gdb_session *session)
{
    char *text = NULL;
    size_t length = 0;
    FILE *reply = open_memstream(&text, &length);
    answer(session, session->link.packet, reply);
    fclose(reply);
    if (session->link.packet[0] != 'k')
        lab_gdb_send(&session->link, text, length);
    free(text);
}

void lab_gdb_serve(const struct lab_gdb_target *target, int input, int output)
{
    void (*before)(int) = signal(SIGPIPE, SIG_IGN); /* a debugger that has gone is seen when writing to it */
    struct lab_gdb_session *session = calloc(1, sizeof *session);
    if (session == NULL)
        abort();
    session->machine = target->machine;
    session->debug = lab_debug_new(target->machine, target->programs);
    session->consoles = target->consoles;
    session->link.input = input;
    session->link.output = output;
    session->link.is_over = target->is_over;
    session->link.context = target->context;
    lab_gdb_stopped(session, SIGNAL_TRAP, "");
    while (!session->is_over) {
        enum lab_gdb_received received = lab_gdb_receive(&session->link);
        if (received == LAB_GDB_CLOSED)
            break;
        if (received == LAB_GDB_PACKET)
            handle(session);
    }
    lab_debug_free(session->debug);
    free(session);
    signal(SIGPIPE, before);
}
