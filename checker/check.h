/* check.h: what the files of `pg74 check` share. From the outside in:
 *
 *     check.c         all cases against one monitor, over all processors: the three properties
 *     directed.c      cases on purpose: every instruction, trap, device and PSW transition
 *     directed_network.c, directed_pages.c, directed_illegal.c    and those of one kind
 *     generate.c      cases at random: a program's frame;  pieces.c  what it is made of;  talk.c  two that talk
 *     interference.c  two runs that differ in one guest's secret
 *     shrink.c        the smallest case that still fails
 *     trial.c         one case, tried
 *     case.c          a case: assembly text and what the devices hold; from and to a file
 *     check_report.c  what came out, as text and JSON
 *
 * A case is text all the way: it is made as assembly, shrunk by leaving out lines, printed, saved, and read again. */
#ifndef PG74_CHECKER_CHECK_H
#define PG74_CHECKER_CHECK_H

#include "checker/internal.h"

/* ---- A case: case.c ---------------------------------------------------------------------------------------------- */

enum {
    CHECKER_CASE_GUESTS = 2,       /* most programs side by side */
    CHECKER_CASE_MEMORY = 0x10000, /* of each */
    CHECKER_CASE_TEXT = 0x1000,    /* where its program begins */
    CHECKER_CASE_DATA = 0x4000,    /* where data stands, from here to the end of memory */
    CHECKER_CASE_INPUT = 64,       /* most bytes of console input */
    CHECKER_CASE_SLICE = 5000,     /* the slice limit of the machine that tries it */
    CHECKER_CASE_STEPS = 20000,
};

/* A program: lines of assembly, and what its devices hold. */
struct checker_program {
    char **lines;
    unsigned line_count, room;
    unsigned first_line; /* of its lines in the file that it was read from; 0: it was not read */
    uint8_t input[CHECKER_CASE_INPUT];
    unsigned input_length;
    unsigned disk_sectors; /* sector s, byte b: 37 s + b + `disk_key` */
    unsigned disk_key;
    const struct isa *isa; /* for what its maker says by name */
};

struct checker_case {
    char name[80]; /* "generated 17", "directed: getflags for the user" */
    unsigned steps; /* instructions and traps within which its bare runs must end; 0: CHECKER_CASE_STEPS */
    unsigned program_count;
    struct checker_program programs[CHECKER_CASE_GUESTS];
};

/* Adds a line (a newline in it: several). Formats are printf's. "@name" and "@name+4" stand for what the program's
 * instruction set says: a constant's value (as the addresses of the trap area), a port's number, a cause's. */
void checker_case_say(struct checker_program *program, const char *format, ...) __attribute__((format(printf, 2, 3)));
void checker_case_clear(struct checker_case *tried); /* frees its lines */
void checker_case_copy(struct checker_case *to, const struct checker_case *from);

/* One line a line, with "#!" lines for what is not assembly; reading it again gives the same case. NULL with
 * diagnostics when the text is no case. */
void checker_case_print(const struct checker_case *tried, FILE *stream);
/* The same, with a comment behind one line (from 1 on) of a program (from 0 on); line 0: behind none. */
void checker_case_print_marked(const struct checker_case *tried, unsigned program, unsigned line, FILE *stream);
/* Where such a line stands in that text; of a case that was read, in the file. */
unsigned checker_case_line(const struct checker_case *tried, unsigned program, unsigned line);
bool checker_case_read(struct checker_case *tried, const char *file, const char *text,
                       struct isa_diagnostics *diagnostics);

/* A case as the machine takes it. */
struct checker_loaded {
    struct machine_image *images[CHECKER_CASE_GUESTS];
    const struct machine_image *guests[CHECKER_CASE_GUESTS];
    struct machine_input inputs[CHECKER_CASE_GUESTS], disks[CHECKER_CASE_GUESTS];
    struct machine_options options;
    unsigned instructions; /* words of program text in all */
};
bool checker_case_load(struct checker_loaded *loaded, const struct isa *isa, const struct checker_case *tried,
                       struct isa_diagnostics *diagnostics);
void checker_loaded_free(struct checker_loaded *loaded);

/* ---- Random numbers: case.c -------------------------------------------------------------------------------------- */

/* The sequence of isa_random. */
struct checker_random { uint64_t state; };
uint64_t checker_random_next(struct checker_random *random);
uint32_t checker_random_below(struct checker_random *random, uint32_t limit); /* limit > 0 */

/* ---- One case, tried: trial.c ------------------------------------------------------------------------------------ */

struct checker_trial {
    bool suited;     /* it assembles, and alone each program comes to an end, whenever interrupts come; else it says
                      * nothing of a monitor */
    bool equivalent, controlled;
    struct checker_failure *failure; /* where not equivalent; the trial's own */
    struct checker_control control;
    uint64_t guest_instructions, direct, bare_cycles, cycles, monitor_instructions;
    bool ended;      /* the monitored run came to an end by itself */
    uint64_t steps;  /* instructions and traps of the monitored machine, until then or until a difference was seen */
    bool network;    /* a guest used the network */
};

/* What a case can show to be wrong. */
enum checker_property { CHECKER_EQUIVALENCE, CHECKER_CONTROL };
bool checker_trial_fails(const struct checker_trial *trial, enum checker_property property);

struct checker_trial checker_try(struct checker_supply *supply, const struct checker_monitor *monitor,
                                 const struct checker_case *tried);
/* The same, where a failure is to be told: it says which way the monitor went. */
struct checker_trial checker_try_and_explain(struct checker_supply *supply, const struct checker_monitor *monitor,
                                             const struct checker_case *tried);

/* A monitor that executes nothing directly says so, by a symbol in its image: an interpreter is no failed monitor. Of
 * monitors under monitors all must execute directly. */
bool checker_executes_directly(const struct checker_monitor *monitor);
void checker_trial_clear(struct checker_trial *trial);

/* ---- Making cases: directed.c, generate.c, pieces.c -------------------------------------------------------------- */

/* How many directed cases there are for an instruction set, how many of them are of single instructions (the last
 * ones), and the case of a number. */
unsigned checker_directed_count(const struct isa *isa);
unsigned checker_directed_instructions(const struct isa *isa);
void checker_directed_make(struct checker_case *made, const struct isa *isa, unsigned number);

/* Is it of no use where guests have no network? */
bool checker_directed_needs_network(const struct isa *isa, unsigned number);

/* For directed.c: those of the network. And a guest that sends a frame, to see whether its monitor has a network for
 * it. */
unsigned checker_network_cases(const struct isa *isa);
void checker_network_make(struct checker_case *made, const struct isa *isa, unsigned number);
void checker_network_first(struct checker_case *made, const struct isa *isa);

/* For directed.c: those of words that are almost an instruction. */
unsigned checker_illegal_cases(const struct isa *isa);
void checker_illegal_make(struct checker_case *made, const struct isa *isa, unsigned number);

/* For directed.c: those of pages. */
unsigned checker_paged_cases(const struct isa *isa);
void checker_paged_make(struct checker_case *made, const struct isa *isa, unsigned number);

/* A directed program's frame, and its text. */
void checker_directed_say(struct checker_program *program, const struct isa *isa, const char *text);

/* The generated case of a number; the same for the same seed, number and instruction set. `network`: with its ports. */
void checker_generate(struct checker_case *made, const struct isa *isa, uint64_t seed, uint64_t number, bool network);

/* While a program is made. */
struct checker_maker {
    const struct isa *isa;
    struct checker_random random;
    struct checker_program *program;
    unsigned labels;     /* of pieces, made so far */
    unsigned psws;       /* in data: psw0, psw1, ... */
    unsigned table;      /* the last page table in data is table(this - 1); 0: none */
    bool paged, user;    /* the machine has pages; the next line is executed in user mode */
    bool network;        /* its ports may be used */
};

/* Is there such an instruction? A line that needs one is left out where there is none. */
bool checker_has(const struct checker_maker *maker, const char *instruction);
uint32_t checker_below(struct checker_maker *maker, uint32_t limit);
bool checker_one_in(struct checker_maker *maker, uint32_t count);
uint32_t checker_some_number(struct checker_maker *maker); /* as programs have them: small, near a power of two, any */
const char *checker_some_register(struct checker_maker *maker);

/* Any instruction of the set with sensible operands, as a line of assembly. */
void checker_some_instruction(struct checker_maker *maker, const struct isa_instruction *instruction);
void checker_piece(struct checker_maker *maker);
/* Makes a page table, and turns translation on; where the machine has pages. */
void checker_page_table(struct checker_maker *maker);

/* A talk with another program, of so many frames each way: of unit `own`, 0 or 1. It comes first, while the program
 * is in supervisor mode, and its interrupts are disabled. */
void checker_talk(struct checker_maker *maker, unsigned own, unsigned rounds);
bool checker_can_talk(const struct checker_maker *maker);

/* ---- Shrinking: shrink.c ----------------------------------------------------------------------------------------- */

/* Makes a case that fails a property smaller as long as it fails that; `trial` becomes the small one's. */
void checker_shrink(struct checker_case *tried, struct checker_trial *trial, enum checker_property property,
                    struct checker_supply *supply, const struct checker_monitor *monitor);

/* ---- Noninterference: interference.c ----------------------------------------------------------------------------- */

/* A guest (the generated one of a number) beside a second one, in two runs that differ in what the second one holds,
 * and in nothing that it does. True: the first cannot tell. False: `what` says how it can, and `shown` is the case. */
bool checker_interference(struct checker_supply *supply, const struct checker_monitor *monitor, uint64_t seed,
                          uint64_t number, struct checker_case *shown, char *what, size_t size);

#endif
