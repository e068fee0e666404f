/* gdb.h: a machine under a debugger that speaks GDB's remote serial protocol ("Debugging with GDB", appendix E). */
#ifndef PG74_LAB_GDB_H
#define PG74_LAB_GDB_H

#include "lab/console.h"
#include "lab/debug/debug.h"

/* What a debugger is to look at. All of it stays the caller's. */
struct lab_gdb_target {
    struct machine *machine;             /* the session starts its history, so that it can go back */
    const struct lab_programs *programs; /* what the machine runs */
    bool (*is_over)(void *context);      /* asked now and then: true ends the session. NULL: only the debugger ends it */
    void *context;
    struct lab_consoles *consoles;       /* print what the guests write, or NULL: the debugger's user is told */
};

/* False with diagnostics on a machine that debuggers do not know: registers, words and addresses must be RISC-V's, of 32 bits. */
bool lab_gdb_suits(const struct isa *isa, struct isa_diagnostics *diagnostics);

/* Serves the debugger at the other end of `input` and `output` (one socket, or two pipes) until it leaves or the
 * connection ends. */
void lab_gdb_serve(const struct lab_gdb_target *target, int input, int output);

enum { LAB_GDB_PORT = 1234 /* the usual one */, LAB_GDB_HIGHEST_PORT = 65535 };
/* Waits for a debugger at a TCP port of this computer (0: any that is free), says on standard error how to connect, and serves
 * it. False with diagnostics when it cannot listen there. */
bool lab_gdb_serve_port(const struct lab_gdb_target *target, unsigned port, struct isa_diagnostics *diagnostics);

#endif
