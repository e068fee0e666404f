/* checker.h: judging monitors. The only public header of checker/.
 *
 * The equivalence check: guests run on bare machines, each on its own, and together under a monitor; is a guest
 * under the monitor what it is alone, apart from time? docs/checker.md says what is compared, what is not, and why.
 *
 * Everything that a comparison hands out belongs to it, is read-only, and lives as long as it does.
 * / */
#ifndef PG74_CHECKER_H
#define PG74_CHECKER_H

#include "machine/machine.h"

/* How a monitored run was judged. */
enum checker_method {
    CHECKER_AUTOMATIC, /* in options: lockstep; final where a monitor does not execute supervisor code directly */
    CHECKER_LOCKSTEP,  /* a bare machine follows each guest, instruction by instruction */
    CHECKER_FINAL,     /* only what remains in the end counts: console, disk, halt code, memory */
    CHECKER_NONE,      /* not at all */
};

enum checker_verdict { CHECKER_FAILED, CHECKER_PASSED, CHECKER_UNKNOWN };

struct checker_options {
    /* What to run, and on what. `engine` is that of unobserved runs; `monitor` and `manual_events` do not count. */
    struct machine_options machine;
    uint64_t limit; /* fuel of each run; 0: none for bare runs, and for monitored ones more than a monitor can need */
    uint64_t bare_limit; /* fuel of each bare run; where one does not come to its end there is no comparison. 0: as
                          * `limit` */
    enum checker_method method;
    uint64_t patience; /* where `limit` is 0: instructions after which a monitored run may be given up; 0: 10,000,000 */
    uint64_t patience_per_step; /* and more, for each instruction and trap of the bare runs; 0: 5,000 */
    bool explain;      /* tell, with a failure, which way the monitor went, as far as that is known: */
    uint64_t explain_from; /* looking at all that it does, which is slow, begins after so many instructions and traps */
    uint64_t late;     /* where the end alone is compared: a guest whose end depends on interrupts that come at most so
                        * many instructions later says nothing of its monitor. 0: it does */
    bool unobserved;   /* judge by the end alone, of a run at full speed at which nobody looks */
};

struct checker_monitor {
    const char *name;
    const struct machine_image *image;
    const struct machine_image *const *inner; /* under it, from the outside in; `inner_count` of them */
    unsigned inner_count;

    /* A hosted monitor is no program of the machine's: it runs the machine, by machine_run and machine_host_..., for at
     * most `fuel` instructions and traps, and says why it stopped. `image` is then one whose first instruction traps,
     * and so brings the host in. NULL: the machine runs by itself. */
    enum machine_stop (*run)(void *context, struct machine *machine, uint64_t fuel);
    void *context;
};

/* Why a run is not equivalent, or why it cannot be known: where the difference was first seen. */
struct checker_failure {
    unsigned guest;          /* from 0 */
    uint64_t instruction;    /* how many instructions the guest had retired */
    bool has_pc;             /* the difference is at an instruction; else it is one of the end */
    uint32_t pc, word;       /* virtual address of that instruction, and the instruction */
    const char *disassembly; /* of the word */
    const char *symbol;      /* "main+0x10", or NULL */
    const char *file;        /* its source line, or NULL */
    unsigned line;
    const char *state;       /* what was not zero before that instruction: "a0 0x10, mode 1"; or NULL */
    const char *path;        /* by which functions and lines the monitor went just before, where `explain`; or NULL */
    const char *what;        /* what differs: "register a0", "pc", "console byte 17" */
    const char *expected;    /* on the bare machine */
    const char *got;         /* under the monitor */
    const char *excuse;      /* why it says nothing of the monitor: the run is unknown. NULL: nothing excuses it */
    unsigned event_count;    /* what happened to the guest just before, oldest first */
    const char *const *events;
};

/* Facts about resource control that an observed run shows by itself. All zero when the monitor is in control. */
struct checker_control {
    uint64_t supervisor_instructions; /* executed in supervisor mode from within a partition */
    uint64_t stores_outside;          /* by a guest's own instruction, outside its partition */
    uint64_t slices_exceeded;         /* times the monitor had not regained control within the slice limit */
    uint64_t ports_reached;           /* by a guest's own instruction */
    uint64_t transfers_outside;       /* of disk and network for a guest, to or from memory outside its partition */
};

/* One guest in one run. */
struct checker_guest {
    const char *name;
    uint64_t instructions;     /* retired guest instructions */
    uint64_t direct;           /* of them executed directly by the hardware */
    bool halted;
    uint32_t halt_code;
    const uint8_t *console;
    size_t console_length;
};

/* What a monitor was entered for, how often, and what it spent on that. */
struct checker_cause {
    uint32_t cause;
    const char *name;        /* "privileged", "timer", ...; "start": before the first guest runs */
    const char *instruction; /* of a trap whose value is an instruction word; else NULL */
    uint64_t count, instructions, cycles;
};

/* One run: "none" is the bare machine, for each guest alone, in sums. docs/checker.md defines the figures. */
struct checker_run {
    const char *vmm;
    uint64_t guest_instructions, direct, traps, cycles;
    uint64_t steps;                  /* instructions and traps of the machine */
    uint64_t emulated;               /* guest instructions that the monitor executed, */
    uint64_t translated;             /* and of code that it translated for the guest: such instructions */
    uint64_t hypercalls, monitor_instructions;
    uint64_t direct_cycles, translated_cycles, inner_cycles; /* inner: of monitors under the monitor */
    unsigned cause_count;
    const struct checker_cause *causes; /* most cycles first */
    double overhead;                 /* cycles against the sum of those of the bare runs */
    enum checker_verdict equivalent;
    enum checker_method method;
    enum machine_stop stop;
    bool observed;                   /* `control` is known, and */
    bool network;                    /* whether the network was used for a guest */
    bool answered;                   /* a guest asked (`diag`), and got an answer that no bare machine gives */
    struct checker_control control;
    const struct checker_failure *failure; /* NULL when equivalent */
    unsigned guest_count;
    const struct checker_guest *guests;
};

struct checker_comparison;

/* Runs the guests of `options` alone on the bare machine, and together under each monitor, and compares. NULL with
 * diagnostics when a machine cannot be made. The isa and the images must outlive the comparison. */
struct checker_comparison *checker_compare(const struct isa *isa, const struct checker_options *options,
                                           const struct checker_monitor *monitors, unsigned monitor_count,
                                           struct isa_diagnostics *diagnostics);
void checker_comparison_free(struct checker_comparison *comparison);

unsigned checker_run_count(const struct checker_comparison *comparison);
const struct checker_run *checker_run_at(const struct checker_comparison *comparison, unsigned index); /* 0: bare */

/* False when some run is not equivalent; one that is unknown does not count. */
bool checker_all_equivalent(const struct checker_comparison *comparison);

/* The comparison as a table with explanations (`breakdown`: also where each monitor's cycles went), and as one JSON
 * object (the contract of `pg74 compare --json`). Where `columns` are too few, columns of the tables are as narrow as
 * what is in them, and long names stand above their numbers. */
void checker_print(const struct checker_comparison *comparison, bool breakdown, unsigned columns, FILE *stream);
void checker_print_json(const struct checker_comparison *comparison, FILE *stream);

/* ---- How far a guest has come ------------------------------------------------------------------------------------ */

/* Counts the instructions of a machine's guests while it runs, however they are executed, and where all cycles go.
 * Guest instructions are counted as the monitor counts them (struct pg74_guest_statistics); where it does not, those
 * are counted that the hardware executed. */
struct checker_progress;

/* Watches from now on. The machine outlives it, and has not run since its history was started. */
struct checker_progress *checker_progress_new(struct machine *machine);
/* For each guest that a monitor runs, before the machine does: the monitor next to it, the start of that one's memory,
 * and the guest's number there. */
void checker_progress_told_by(struct checker_progress *progress, unsigned guest, const struct machine_image *monitor,
                              uint32_t start, unsigned number);
void checker_progress_free(struct checker_progress *progress);

/* The instructions of a guest that have retired. */
uint64_t checker_progress_count(const struct checker_progress *progress, unsigned guest);
/* Runs until so many have, and not an instruction longer: MACHINE_STOPPED. Else why not; `fuel` as of machine_run. */
enum machine_stop checker_progress_to(struct checker_progress *progress, unsigned guest, uint64_t count, uint64_t fuel);
/* Is a guest's own code executed at this moment (or its translation)? Else that of a monitor. */
bool checker_progress_in_guest(const struct checker_progress *progress);
/* The state of a guest: the processor's where it executes the guest, else what the monitor keeps. False where nobody
 * tells. */
bool checker_progress_slot(const struct checker_progress *progress, unsigned guest, unsigned slot, uint32_t *value);

/* Where everything went so far. */
struct checker_figures {
    uint64_t cycles, direct, direct_cycles, translated, translated_cycles, inner, inner_cycles;
    uint64_t monitor, monitor_cycles, hypercalls;
    unsigned cause_count;
    struct checker_cause causes[64]; /* for what the monitor was entered, most cycles first */
};
void checker_progress_figures(const struct checker_progress *progress, struct checker_figures *figures);

/* What was counted, to come back to it when the machine goes back to this moment. The caller frees it by free(). */
struct checker_progress_moment;
struct checker_progress_moment *checker_progress_keep(const struct checker_progress *progress);
void checker_progress_restore(struct checker_progress *progress, const struct checker_progress_moment *moment);
/* The same where its history begins anew at this moment. */
void checker_progress_begin_at(struct checker_progress *progress, const struct checker_progress_moment *moment);
/* After the machine has gone back elsewhere: counts anew all that its history holds, which takes as long as it took. */
void checker_progress_recount(struct checker_progress *progress);
/* Goes on with the counts of another machine, in the state of which this one is. */
void checker_progress_copy(struct checker_progress *progress, const struct checker_progress *other);

/* ---- Checking a monitor ------------------------------------------------------------------------------------------ */

struct checker_check_options {
    unsigned guests; /* how many to generate, besides the directed ones */
    uint64_t seed;   /* the same seed gives the same guests */
    unsigned jobs;   /* how many at a time; 0: as there are processors. The result does not depend on it */
    unsigned part, parts; /* of all guests, directed and generated, only those whose number mod `parts` is `part`; 0:
                           * all */
    void (*progress)(void *context, unsigned done, unsigned all); /* NULL: nobody is told; one call at a time */
    bool (*stop)(void *context); /* asked again and again, by several threads at a time: true ends the check with what
                                  * it knows by then. NULL: it goes on to its end */
    void *context;
};

struct checker_check;

/* Judges a monitor by the three properties of Popek and Goldberg: equivalence, resource control, efficiency. NULL with
 * diagnostics when the monitor cannot be put on such a machine at all. The isa and the image must outlive the result; a
 * hosted monitor's `run` is called by this thread alone. */
struct checker_check *checker_check_new(const struct isa *isa, const struct checker_monitor *monitor,
                                        const struct checker_check_options *options,
                                        struct isa_diagnostics *diagnostics);

/* The same by one case alone, which a check has saved (or somebody has written); `text` is the file's. */
struct checker_check *checker_check_case(const struct isa *isa, const struct checker_monitor *monitor,
                                         const char *file, const char *text, struct isa_diagnostics *diagnostics);
void checker_check_free(struct checker_check *check);

/* Was it ended by `stop`, and how many guests had it tried then (of how many)? */
bool checker_check_stopped(const struct checker_check *check, unsigned *done, unsigned *all);

/* False where a property fails that the monitor claims to have, as far as it was tried. */
bool checker_check_passed(const struct checker_check *check);

/* As text and as one JSON object (the contract of `pg74 check --json`). `vmm` is the monitor's name, `replay` the
 * command that replays a saved counterexample, or NULL. */
void checker_check_print(const struct checker_check *check, const char *vmm, const char *replay, FILE *stream);
void checker_check_print_json(const struct checker_check *check, const char *vmm, const char *replay, FILE *stream);

/* Writes the counterexample as a case; false where there is none. */
bool checker_check_save(const struct checker_check *check, FILE *stream);

#endif
