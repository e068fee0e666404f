/* debug.h: a machine that somebody looks into: which program it is in, breakpoints and watchpoints, forwards and backwards.
 * The debugger's stub and the terminal's screens stand on it. */
#ifndef PG74_LAB_DEBUG_H
#define PG74_LAB_DEBUG_H

#include <stdio.h>

#include "machine/machine.h"

/* ---- Programs ---------------------------------------------------------------------------------------------------- */

/* A monitor and its guest are linked at the same addresses: only from where an instruction stands in physical memory can one
 * tell whose it is. Every monitor is a program and every guest is one, in which addresses are those of its image; the other
 * address spaces of a guest (a kernel's processes) are together one more. From the outside in; all else by number. */
struct lab_program {
    const struct machine_image *image; /* NULL: other address spaces */
    uint32_t start, size;              /* physical memory that is this program's */
    unsigned guest;                    /* its number, from 0; 0 for monitors */
    unsigned level;                    /* how many monitors are below it */
    bool is_guest;
};

struct lab_programs;
enum { LAB_MOST_PROGRAMS = 1 + MACHINE_MOST_UNITS * (MACHINE_MOST_LEVELS + 1) };

/* The programs of a machine that was made from these options and has not run yet: the boot blocks in its memory are read. The
 * images must outlive them, nothing else. */
struct lab_programs *lab_programs_new(const struct machine *machine, const struct machine_options *options);
void lab_programs_free(struct lab_programs *programs);
unsigned lab_programs_count(const struct lab_programs *programs);
const struct lab_program *lab_programs_at(const struct lab_programs *programs, unsigned number);
/* The one that has an instruction at a virtual address, which stands at a physical one. */
unsigned lab_programs_with(const struct lab_programs *programs, uint32_t pc, uint32_t physical);
/* The one whose memory a physical address is, never "other address spaces". */
unsigned lab_programs_owner(const struct lab_programs *programs, uint32_t physical);
/* The image in which an instruction stands at a virtual address as the processor would find it now, and its address there.
 * NULL in other address spaces. */
const struct machine_image *lab_programs_image(const struct lab_programs *programs, const struct machine *machine,
                                               uint32_t address, uint32_t *own);
/* "trap_and_emulate", "nucleus", "processes of nucleus", with the guest's number where there are several; "trap_and_emulate, level
 * 2" of a monitor that runs under itself. */
void lab_programs_print_name(const struct lab_programs *programs, unsigned number, FILE *stream);
/* The image's file, from the root on; of other address spaces a made-up one. The caller frees it. */
char *lab_program_file(const struct lab_program *program);

/* ---- A machine that is looked into ------------------------------------------------------------------------------- */

struct lab_debug;

/* Starts the machine's history, unless it has one. Both arguments stay the caller's, and outlive it. */
struct lab_debug *lab_debug_new(struct machine *machine, const struct lab_programs *programs);
void lab_debug_free(struct lab_debug *debug);
struct machine *lab_debug_machine(const struct lab_debug *debug);

/* The machine's programs: as lab_programs_... */
unsigned lab_debug_program_count(const struct lab_debug *debug);
const struct lab_program *lab_debug_program(const struct lab_debug *debug, unsigned number);
void lab_debug_print_name(const struct lab_debug *debug, unsigned program, FILE *stream);
/* The one that the processor is in: where the next instruction is fetched; if it cannot be fetched, that of the last one. */
unsigned lab_debug_current(const struct lab_debug *debug);
/* Does a guest go on now? Its own instructions do, or, in user mode, what the outermost monitor has made of them. */
bool lab_debug_in_guest(const struct lab_debug *debug);
/* Where an address of a program is in physical memory now; false if nowhere. */
bool lab_debug_physical(const struct lab_debug *debug, unsigned program, uint32_t address, uint32_t *physical);

/* ---- Points ------------------------------------------------------------------------------------------------------ */

enum lab_debug_point_kind {
    LAB_DEBUG_BREAKPOINT,
    LAB_DEBUG_STORE, /* to an address, by whomever */
    LAB_DEBUG_TRAP,  /* any trap or interrupt; program and address are unused, as with the next */
    LAB_DEBUG_MODE,  /* any change of the mode */
    LAB_DEBUG_REGISTER, /* a change of a slot of the state: `address` is its number, and the program unused */
    LAB_DEBUG_LOAD,  /* from an address, by whomever but a device */
    LAB_DEBUG_ACCESS, /* a store to, or a load from */
};

/* None is written into memory: a guest that reads its own code finds nothing. */
struct lab_debug_point {
    enum lab_debug_point_kind kind;
    unsigned tag; /* the caller's own: points that differ in it are different */
    unsigned program;
    uint32_t address, length; /* length: of a breakpoint, as the caller likes */
    uint32_t physical;        /* of a watched address when the point was made; of an instruction in a program's image */
    uint32_t value;           /* of a register, when it was last looked at; lab_debug keeps it */
};
enum { LAB_DEBUG_MOST_POINTS = 256 };

enum lab_debug_added { LAB_DEBUG_ADDED, LAB_DEBUG_NOWHERE /* the address leads nowhere */, LAB_DEBUG_TOO_MANY };
/* Adding one that is there, and removing one that is not, changes nothing. Sets `physical`. */
enum lab_debug_added lab_debug_add_point(struct lab_debug *debug, const struct lab_debug_point *point);
void lab_debug_remove_point(struct lab_debug *debug, const struct lab_debug_point *point);
unsigned lab_debug_point_count(const struct lab_debug *debug);
const struct lab_debug_point *lab_debug_point(const struct lab_debug *debug, unsigned number);
/* The breakpoint at the instruction to be executed next, or NULL. */
const struct lab_debug_point *lab_debug_breakpoint_here(const struct lab_debug *debug);

/* ---- Moving ------------------------------------------------------------------------------------------------------ */

enum lab_debug_stop {
    LAB_DEBUG_STEPPED,     /* as far as was asked for */
    LAB_DEBUG_POINT,       /* a point was met: before the breakpoint's instruction, behind the store, trap or change */
    LAB_DEBUG_INTERRUPTED, /* `attention` said so */
    LAB_DEBUG_HALTED,
    LAB_DEBUG_DEADLOCK,
    LAB_DEBUG_START,       /* backwards: the history begins here */
};

/* Called now and then while the machine runs: true to stop. May be NULL. */
typedef bool lab_debug_attention(void *context);
struct lab_debug_ask {
    lab_debug_attention *attention;
    void *context;
};

/* Runs until a point is met; lab_debug_met says which. */
enum lab_debug_stop lab_debug_continue(struct lab_debug *debug, struct lab_debug_ask ask);
/* Steps, at least once, until `arrived` says so, or at a breakpoint (LAB_DEBUG_POINT). */
typedef bool lab_debug_arrived(void *context, const struct lab_debug *debug);
enum lab_debug_stop lab_debug_step(struct lab_debug *debug, lab_debug_arrived *arrived, void *context, struct lab_debug_ask ask);
/* One step; one that counts a trap's handling by another program as one; and until a guest goes on. */
enum lab_debug_stop lab_debug_step_once(struct lab_debug *debug, struct lab_debug_ask ask);
enum lab_debug_stop lab_debug_step_over(struct lab_debug *debug, struct lab_debug_ask ask);
enum lab_debug_stop lab_debug_step_out(struct lab_debug *debug, struct lab_debug_ask ask);
/* Forwards or backwards, to so many steps after the start. */
void lab_debug_go_to(struct lab_debug *debug, uint64_t steps);
/* One step back: an instruction, or a trap. */
enum lab_debug_stop lab_debug_step_back(struct lab_debug *debug);
/* To just before the last time that a point was met, or the start. */
enum lab_debug_stop lab_debug_continue_back(struct lab_debug *debug, struct lab_debug_ask ask);
/* To just before the last store to memory of a program, whoever made it. */
enum lab_debug_stop lab_debug_last_store(struct lab_debug *debug, unsigned program, uint32_t address, uint32_t length,
                                         struct lab_debug_ask ask);
/* The point that was met; good until points are added or removed. */
const struct lab_debug_point *lab_debug_met(const struct lab_debug *debug);
/* To be called when the machine was moved by other means. */
void lab_debug_refresh(struct lab_debug *debug);
/* To be called when the machine's history was begun anew: this is the start now. */
void lab_debug_begin_anew(struct lab_debug *debug);
/* Instructions and traps since the start. */
uint64_t lab_debug_steps(const struct lab_debug *debug);

#endif
