/* demonstrate.h: what the files that write demonstrations share.
 *
 *     demonstrate_find.c     instructions that load the PSW, set or show a state, write a port, halt: found by trying
 *     demonstrate_program.c  a situation -> the text of a guest program
 *     demonstrate.c          a violation's witnesses -> situations
 */
#ifndef PG74_CLASSIFIER_DEMONSTRATE_H
#define PG74_CLASSIFIER_DEMONSTRATE_H

#include "classifier/internal.h"

/* The registers that found instructions get, in the order of their fields: t0, t1, t2. */
enum { FIRST_TOOL_REGISTER = 5, MOST_TOOL_REGISTERS = 3 };

/* An instruction that does some one thing. */
struct tool {
    const char *text;     /* in assembly, with registers from FIRST_TOOL_REGISTER on; NULL: there is none */
    unsigned operands[2]; /* the registers that take (or get) the values */
    unsigned shift;       /* by which the value is shifted left in its register */
    bool traps;           /* in user mode: a monitor sees to it */
};

/* What a demonstration's kernel needs besides ordinary instructions. */
struct kit {
    const struct classifier_report *report;
    const struct isa *isa;
    struct pool *pool;
    const struct isa_state *general;
    const struct isa_state *relocation[2]; /* base and bound */
    const struct isa_state *translation;   /* NULL, or what is 0 in programs, whose addresses are physical then */
    struct tool load_psw, write_port, halt;
    uint32_t flag_user;                    /* of the PSW's flags */
    uint32_t console, old_psw, new_psw, cause;
};

/* NULL, or why no demonstration can be written for this machine. */
const char *classifier_kit(struct kit *kit, const struct classifier_report *report);

/* The flag of the PSW that loads a state of one bit; 0 if there is none. */
uint32_t classifier_psw_flag(const struct kit *kit, const struct isa_state *state);
struct tool classifier_find_setter(const struct kit *kit, const struct isa_state *state);
struct tool classifier_find_getter(const struct kit *kit, const struct isa_state *state);

/* A state to execute a word in, and what to look at afterwards. */
struct situation {
    const struct classifier_witness *witness;
    uint32_t word;                /* the witness's, or one with other registers */
    const struct concrete *state; /* with the R that the program gives it */
    uint32_t base, bound;         /* R */
    uint32_t start, size;         /* the physical addresses that it gives */
    bool marked;                  /* what the word stores to holds something else before */
};

/* NULL where there is no room for the program; *obstacle may be set to what could not be set up. */
const struct classifier_demonstration *classifier_write_program(const struct kit *kit,
                                                                const struct situation *situation,
                                                                const char **obstacle);

#endif
