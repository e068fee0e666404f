/* internal.h: the parts of the debugger's stub. Private to lab/gdb/.
 *
 *   link.c       packets over the connection
 *   context.c    which program the processor is in, and where its addresses lead
 *   registers.c  registers, and their description
 *   points.c     breakpoints and watchpoints
 *   resume.c     running, stepping, and both backwards
 *   files.c      the programs' files, so that the debugger finds symbols without being told
 *   query.c      what the debugger asks about the stub, and `monitor` commands
 *   session.c    the packets, one after the other */
#ifndef PG74_LAB_GDB_INTERNAL_H
#define PG74_LAB_GDB_INTERNAL_H

#include <stdio.h>

#include "lab/gdb/gdb.h"

/* ---- link.c ------------------------------------------------------------------------------------------------------ */

enum lab_gdb_received { LAB_GDB_PACKET, LAB_GDB_INTERRUPT, LAB_GDB_CLOSED };
enum { LAB_GDB_LONGEST_PACKET = 0x4000 };

struct lab_gdb_link {
    int input, output;
    bool is_closed, without_acknowledgement;
    size_t first, last; /* of the bytes that have arrived and were not looked at */
    char arrived[2 * LAB_GDB_LONGEST_PACKET];
    char packet[LAB_GDB_LONGEST_PACKET + 1]; /* the last one, its end marked by a zero byte */
    size_t length;
};

/* Waits for the next packet, which is then in link->packet. */
enum lab_gdb_received lab_gdb_receive(struct lab_gdb_link *link);
void lab_gdb_send(struct lab_gdb_link *link, const char *bytes, size_t length);
/* Has the debugger's user pressed Ctrl-C, or left, while the machine runs? Does not wait. */
bool lab_gdb_wants_attention(struct lab_gdb_link *link);

/* Bytes as hexadecimal digits, onto a reply, and from a packet: how many were read. */
void lab_gdb_put_hex(FILE *reply, const void *bytes, size_t length);
size_t lab_gdb_get_hex(const char *text, uint8_t *bytes, size_t most);
/* Bytes with those escaped that mean something in a packet. */
void lab_gdb_put_binary(FILE *reply, const uint8_t *bytes, size_t length);

/* ---- context.c --------------------------------------------------------------------------------------------------- */

/* What the debugger calls a process: a program whose symbols are its own. Every monitor is one and every guest is one, in which
 * addresses are those of its image; the other address spaces of a guest (a kernel's processes) are together one more. */
struct lab_gdb_context {
    const struct machine_image *image; /* NULL: other address spaces */
    char *file;                        /* where the debugger believes it to be; ours */
    uint32_t start, size;              /* physical memory that is this program's */
    unsigned guest;                    /* its number, from 0; unused for monitors */
    bool is_guest;
    bool is_detached;
};
enum { LAB_GDB_MOST_CONTEXTS = 1 + MACHINE_MOST_UNITS * (MACHINE_MOST_LEVELS + 1) };

struct lab_gdb_point {
    char type; /* '0' and '1': breakpoint; '2': watches stores */
    unsigned context;
    uint32_t address, length;
    uint32_t physical; /* of a watchpoint, when it was made */
};
enum { LAB_GDB_MOST_POINTS = 256 };

struct lab_gdb_session {
    struct machine *machine;
    const struct machine_options *options;
    struct lab_consoles *consoles;
    struct lab_gdb_link link;
    struct lab_gdb_context contexts[LAB_GDB_MOST_CONTEXTS];
    unsigned context_count;
    unsigned general;   /* the context that packets mean, by number */
    unsigned current;   /* the context that the processor is in */
    unsigned shown;     /* the one that the debugger was told: see lab_gdb_step in resume.c */
    uint32_t shown_pc;
    struct lab_gdb_point points[LAB_GDB_MOST_POINTS];
    unsigned point_count;
    bool tells_breakpoints; /* the debugger understands swbreak */
    bool stays;             /* a step in a guest does not end in the monitor */
    bool is_over;
    char stop_reply[2048];  /* why the machine last stopped */
    uint64_t first_step;    /* where the history begins */
};

/* Finds out where every program stands. The machine has not run yet. */
void lab_gdb_find_contexts(struct lab_gdb_session *session);
void lab_gdb_free_contexts(struct lab_gdb_session *session);
/* The context of an instruction at a virtual address that stands at a physical one. */
unsigned lab_gdb_context_at(const struct lab_gdb_session *session, uint32_t pc, uint32_t physical);
/* Sets session->current by where the processor is now. */
void lab_gdb_find_current(struct lab_gdb_session *session);
/* "trap_and_emulate", "nucleus", "processes of nucleus", with the guest's number where there are several. */
void lab_gdb_print_name(const struct lab_gdb_session *session, unsigned context, FILE *stream);
/* Where an address of a context is in physical memory; false if nowhere. */
bool lab_gdb_physical(const struct lab_gdb_session *session, unsigned context, uint32_t address, uint32_t *physical);

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

/* ---- points.c ---------------------------------------------------------------------------------------------------- */

/* "Z..." or "z...": what to answer ("OK", "E..", or "" for a type that there is not). */
const char *lab_gdb_change_point(struct lab_gdb_session *session, const char *packet);
/* The kinds of events that the points need to be watched; 0 when there are none. */
unsigned lab_gdb_watched(const struct lab_gdb_session *session);
/* The point that an event meets, or NULL. */
const struct lab_gdb_point *lab_gdb_point_met(const struct lab_gdb_session *session, const struct machine_event *event);
/* The breakpoint at the instruction to be executed next, or NULL. */
const struct lab_gdb_point *lab_gdb_breakpoint_here(const struct lab_gdb_session *session);

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

/* Number of a thread in a packet, "pP.T": the context, or `otherwise` for all and any. */
unsigned lab_gdb_thread(const struct lab_gdb_session *session, const char *text, unsigned otherwise);

#endif
