/* internal.h: the parts of the debugger's stub. Private to lab/gdb/.
 *
 *   port.c       waiting for a debugger to connect
 *   link.c       packets over the connection
 *   registers.c  registers, and their description
 *   resume.c     running, stepping, and both backwards
 *   files.c      the programs' files, so that the debugger finds symbols without being told
 *   query.c      what the debugger asks about the stub, and `monitor` commands
 *   session.c    the packets, one after the other */
#ifndef PG74_LAB_GDB_INTERNAL_H
#define PG74_LAB_GDB_INTERNAL_H

#include <stdio.h>

#include "lab/debug/debug.h"
#include "lab/gdb/gdb.h"

/* ---- link.c ------------------------------------------------------------------------------------------------------ */

enum lab_gdb_received { LAB_GDB_PACKET, LAB_GDB_INTERRUPT, LAB_GDB_CLOSED };
enum { LAB_GDB_LONGEST_PACKET = 0x4000 };

struct lab_gdb_link {
    int input, output;
    bool (*is_over)(void *context); /* as of the target */
    void *context;
    bool is_closed, without_acknowledgement;
    size_t first, last; /* of the bytes that have arrived and were not looked at */
    char arrived[2 * LAB_GDB_LONGEST_PACKET];
    char packet[LAB_GDB_LONGEST_PACKET + 1]; /* the last one, its end marked by a zero byte */
    size_t length;
};

/* Waits for the next packet, which is then in link->packet. */
enum lab_gdb_received lab_gdb_receive(struct lab_gdb_link *link);
void lab_gdb_send(struct lab_gdb_link *link, const char *bytes, size_t length);
/* Waits until there is something to read; false when it is over before. */
bool lab_gdb_await(int file, bool (*is_over)(void *context), void *context);
/* Has the debugger's user pressed Ctrl-C, or left, or does the debugger ask for something, while the machine runs? Does not
 * wait. */
bool lab_gdb_wants_attention(struct lab_gdb_link *link);

/* Bytes as hexadecimal digits, onto a reply, and from a packet: how many were read. */
void lab_gdb_put_hex(FILE *reply, const void *bytes, size_t length);
size_t lab_gdb_get_hex(const char *text, uint8_t *bytes, size_t most);
/* Bytes with those escaped that mean something in a packet. */
void lab_gdb_put_binary(FILE *reply, const uint8_t *bytes, size_t length);

/* ---- session.c --------------------------------------------------------------------------------------------------- */

/* What the debugger calls process P is program P - 1 of lab_debug; it has one thread, 1. */
struct lab_gdb_session {
    struct lab_debug *debug;
    struct machine *machine;
    struct lab_consoles *consoles;
    struct lab_gdb_link link;
    unsigned general;  /* the program that packets mean */
    unsigned shown;    /* the one that the debugger was told; not always lab_debug_current, see resume.c */
    uint32_t shown_pc;
    bool is_detached[LAB_MOST_PROGRAMS]; /* the debugger has left the program */
    bool tells_breakpoints; /* the debugger understands swbreak */
    bool stays;             /* a step in a guest does not end in the monitor */
    bool is_over;
    char stop_reply[2048]; /* why the machine last stopped */
};

/* ---- registers.c ------------------------------------------------------------------------------------------------- */

void lab_gdb_describe_target(const struct isa *isa, FILE *xml);
void lab_gdb_read_registers(const struct lab_gdb_session *session, FILE *reply);
/* All that a stop reply must tell of the program that is stopped in: the debugger forgets its registers only when it believes
 * that it is that program that went on. */
void lab_gdb_expedite_registers(const struct lab_gdb_session *session, FILE *reply);
bool lab_gdb_write_registers(struct lab_gdb_session *session, const char *hex);
bool lab_gdb_read_register(const struct lab_gdb_session *session, unsigned number, FILE *reply);
bool lab_gdb_write_register(struct lab_gdb_session *session, unsigned number, const char *hex);
/* Every element of state that is no general register, by name, for people. */
void lab_gdb_print_state(const struct machine *machine, FILE *stream);

/* ---- resume.c: each ends with session->stop_reply set ------------------------------------------------------------ */

void lab_gdb_continue(struct lab_gdb_session *session);
/* Steps until the pc is no more in [first, end): once, if that is empty. `alone`: the debugger steps over a breakpoint. */
void lab_gdb_step(struct lab_gdb_session *session, uint32_t first, uint32_t end, bool alone);
void lab_gdb_step_back(struct lab_gdb_session *session);
void lab_gdb_continue_back(struct lab_gdb_session *session);
/* Makes the reply for a stop here, where the processor is, by a signal, with an attribute ("replaylog:end;") or "". */
void lab_gdb_stopped(struct lab_gdb_session *session, int signal, const char *attribute);

/* ---- files.c, query.c -------------------------------------------------------------------------------------------- */

/* A file operation of the debugger ("vFile:..."). */
void lab_gdb_file(const struct lab_gdb_session *session, const char *packet, FILE *reply);
/* A packet that begins with 'q' or 'Q'. */
void lab_gdb_query(struct lab_gdb_session *session, const char *packet, FILE *reply);
/* "[OFFSET],[LENGTH]" of a text. */
void lab_gdb_put_part(const char *text, size_t length, const char *part, FILE *reply);
/* Text for the debugger's user, now. */
void lab_gdb_say(struct lab_gdb_session *session, const char *text, size_t length);

/* Number of a thread in a packet, "pP.T": the program, or `otherwise` for all and any. */
unsigned lab_gdb_thread(const struct lab_gdb_session *session, const char *text, unsigned otherwise);

#endif
