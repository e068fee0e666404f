/* classifier.h: what Popek and Goldberg's theorems say of an instruction set. The only public header of classifier/.
 *
 * Every property is computed from the meaning of the instructions, over all words and all states, by symbolic execution
 * of the IR and Z3. A property that holds comes with a witness, which has been replayed through isa_execute; one that
 * does not hold is an UNSAT proof, which random and boundary states have failed to refute. docs/classifier.md has the
 * definitions.
 *
 * Everything is deterministic: limits are counts of Z3's own steps, never time.
 */
#ifndef PG74_CLASSIFIER_H
#define PG74_CLASSIFIER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "isa/isa.h"

enum classifier_property {
    CLASSIFIER_PRIVILEGED,
    CLASSIFIER_CONTROL_SENSITIVE,
    CLASSIFIER_MODE_SENSITIVE,
    CLASSIFIER_LOCATION_SENSITIVE,
    CLASSIFIER_RESOURCE_SENSITIVE,
    CLASSIFIER_TIME_SENSITIVE,
    CLASSIFIER_USER_SENSITIVE,
    CLASSIFIER_INNOCUOUS,
    CLASSIFIER_PROPERTIES
};

/* "privileged", "control_sensitive", ...: the keys of the JSON report. */
const char *classifier_property_name(enum classifier_property property);

enum classifier_theorem {
    CLASSIFIER_THEOREM_1, /* a virtual machine monitor can be built */
    CLASSIFIER_THEOREM_2, /* ... and run under itself */
    CLASSIFIER_THEOREM_3, /* a hybrid monitor can be built */
    CLASSIFIER_THEOREMS
};

enum classifier_answer { CLASSIFIER_NO, CLASSIFIER_YES, CLASSIFIER_UNKNOWN };

struct classifier_options {
    const char *instruction; /* only the one of this name; NULL: all. Then there are no theorems (UNKNOWN) */
    unsigned trials;         /* pairs of states for the refutation of each instruction */
    uint64_t seed;           /* of their pseudo-random part */
    unsigned effort;         /* Z3's resource limit for one query (rlimit) */
    bool plain;              /* the answers alone: witnesses are as they come, nor is it said for which words and states */
    unsigned threads;        /* that work at once, at most 8; 0: as many as there are processors. No result depends on it */
};
struct classifier_options classifier_default_options(void);

/* One run. What is found out about an instruction holds for all instruction sets of the run that have it, on a machine
 * with the same states. Not for use by two threads at once. */
struct classifier;
struct classifier *classifier_new(const struct classifier_options *options); /* NULL: the default options */
void classifier_free(struct classifier *classifier);

/* Classifies an instruction set, which must outlive the report. NULL with a diagnostic for input that cannot be
 * classified (no mode, no such instruction), or with one of exit code 70 for an internal contradiction: a witness that
 * does not replay, or an answer that a test refutes. The caller frees the report; it may outlive the classifier. */
struct classifier_report;
struct classifier_report *classifier_classify(struct classifier *classifier, const struct isa *isa,
                                              struct isa_diagnostics *diagnostics);
/* Before many of them: judges the instructions of all in one go, which threads share better than one set after the other. An
 * instruction set that is NULL is left out. Changes no report, and tells of no fault: classifier_classify does. */
void classifier_judge_all(struct classifier *classifier, const struct isa *const *isas, unsigned count);
void classifier_report_free(struct classifier_report *report);

const struct isa *classifier_report_isa(const struct classifier_report *report);

/* The same of guest mode, where the machine has one; else NULL. Belongs to the report. In it PRIVILEGED says that the
 * instruction exits whenever it gets as far, the sensitivities are about what is the host's, USER_SENSITIVE is about states in
 * which the guest's own mode is user, and there is no verdict over the paper's own model. */
const struct classifier_report *classifier_guest_mode(const struct classifier_report *report);

/* Of a report on guest mode: what the machine does when a guest traps or is interrupted, and stays in guest mode, as a report on
 * two instructions (isa_trap_view). Its violations count in the theorems. NULL elsewhere, or with one instruction only. */
const struct classifier_report *classifier_trap_entry(const struct classifier_report *report);

/* Does the property hold for the instruction of this number (isa_instruction_at)? */
enum classifier_answer classifier_has(const struct classifier_report *report, unsigned instruction,
                                      enum classifier_property property);

/* PG74_CLASS_... of machine/boot.h, for the boot module; 0 where an answer is unknown. */
uint32_t classifier_classes(const struct classifier_report *report, unsigned instruction);

/* YES: the theorem guarantees it. `paper`: over the paper's own model (mode and R; no resources, no time); there is no
 * such verdict of Theorem 2, which is then UNKNOWN. */
enum classifier_answer classifier_theorem(const struct classifier_report *report, enum classifier_theorem theorem,
                                          bool paper);

/* True where some word of the instruction violates the theorem. */
bool classifier_violates(const struct classifier_report *report, unsigned instruction, enum classifier_theorem theorem,
                         bool paper);

/* True where some answer is unknown; the queries that Z3 gave up on are printed as SMT-LIB text by the second
 * function. */
bool classifier_report_unknown(const struct classifier_report *report);
void classifier_report_print_unknown(const struct classifier_report *report, FILE *stream);

/* How many pairs of states tried to refute the negative answers, and how many witnesses were replayed. */
uint64_t classifier_report_trials(const struct classifier_report *report);
unsigned classifier_report_replayed(const struct classifier_report *report);

/* ---- Witnesses --------------------------------------------------------------------------------------------------- */

/* Why a property holds: an instruction word, executed in one state or in two. Belongs to the report. */
struct classifier_witness;

/* NULL where the property does not hold; INNOCUOUS has none. */
const struct classifier_witness *classifier_witness_of(const struct classifier_report *report, unsigned instruction,
                                                       enum classifier_property property);

/* The witness that the instruction violates the theorem: a word that is sensitive and not privileged. NULL if it does
 * not. */
const struct classifier_witness *classifier_violation(const struct classifier_report *report, unsigned instruction,
                                                      enum classifier_theorem theorem);

enum classifier_property classifier_witness_property(const struct classifier_witness *witness);
uint32_t classifier_witness_word(const struct classifier_witness *witness);
unsigned classifier_witness_states(const struct classifier_witness *witness); /* 1 or 2 */

/* A slot of state `state` (0 or 1) before or after, its memory (bytes not listed are zero) and how it ended. */
uint32_t classifier_witness_slot(const struct classifier_witness *witness, unsigned state, bool after, unsigned slot);
uint32_t classifier_witness_memory_size(const struct classifier_witness *witness, unsigned state);
unsigned classifier_witness_bytes(const struct classifier_witness *witness, unsigned state);
void classifier_witness_byte(const struct classifier_witness *witness, unsigned state, unsigned index,
                             uint32_t *address, uint8_t *value);
struct isa_outcome classifier_witness_outcome(const struct classifier_witness *witness, unsigned state);

/* Executes the witness again through isa_execute, and judges it by the property's definition. */
bool classifier_witness_replays(const struct classifier_report *report, const struct classifier_witness *witness);

/* One sentence: "In supervisor mode `retu x1` changes the mode from 0 to 1 without a trap." */
void classifier_witness_sentence(const struct classifier_report *report, const struct classifier_witness *witness,
                                 char *text, size_t size);

/* ---- What then --------------------------------------------------------------------------------------------------- */

/* The techniques that virtualize what trap-and-emulate cannot. */
enum classifier_technique {
    CLASSIFIER_HYBRID,             /* interprets all supervisor code */
    CLASSIFIER_BINARY_TRANSLATION, /* translates the guest's code, and leaves the instruction out of it */
    CLASSIFIER_PARAVIRTUAL,        /* the guest is changed, and calls the monitor instead */
    CLASSIFIER_HARDWARE,           /* a guest mode, in which the instruction exits to the monitor */
    CLASSIFIER_TECHNIQUES
};
const char *classifier_technique_name(enum classifier_technique technique); /* "hybrid", "binary_translation", ... */

/* Does the technique cope with an instruction that violates a theorem, the guest's user programs unchanged and
 * executed directly? */
bool classifier_technique_copes(const struct classifier_report *report, unsigned instruction,
                                enum classifier_technique technique);

/* For which words the instruction violates a theorem, where that is not all: "rd is not 0". Else NULL. */
const char *classifier_violation_condition(const struct classifier_report *report, unsigned instruction);

/* What holds in a state of every violation, as the specification language writes it: "X[rs1] == 0x2a"; or NULL. */
const char *classifier_violation_where(const struct classifier_report *report, unsigned instruction);

/* Computes, for each theorem that fails, the repair: a variant in which the instructions that violate it are
 * privileged, classified again. `name` is what the instruction set was loaded as. classifier_print and classifier_json
 * show it. */
void classifier_repair(struct classifier *classifier, struct classifier_report *report, const char *name);
/* The same of many reports, which threads share better; one that is NULL is left out. */
void classifier_repair_all(struct classifier *classifier, struct classifier_report *const *reports,
                           const char *const *names, unsigned count);

/* The repaired variant in the specification language, or NULL; and whether the theorem holds for it (UNKNOWN where it
 * cannot be built). */
const char *classifier_repair_text(const struct classifier_report *report, enum classifier_theorem theorem);
enum classifier_answer classifier_repair_holds(const struct classifier_report *report, enum classifier_theorem theorem);

/* ---- Demonstrations ---------------------------------------------------------------------------------------------- */

/* A guest program made from a witness. Its kernel sets up the state, executes the word at the symbol `witness`, and
 * prints what it then finds on the console, a name and a hexadecimal number a line. Whether the guest behaves
 * otherwise under a monitor is for the caller to find out, by running it. */
struct classifier_demonstration {
    const struct classifier_witness *witness;
    uint32_t word;        /* the witness's, or one with other registers */
    bool user;            /* the test runs in user mode */
    const char *text;     /* assembly */
    const char *without;  /* the same program with an instruction that does nothing in place of the word */
    bool writes_port;     /* the word is one of an instruction that writes to ports */
    bool identification;  /* the witness is about the number of the machine */
};

/* Programs for an instruction that violates a theorem, the plainest first: `count` of them in *list. Where there are
 * none, *obstacle says why; else it is NULL, or names what no instruction can set up. All belongs to the report. */
void classifier_demonstrate(const struct classifier_report *report, unsigned instruction,
                            const struct classifier_demonstration **list, unsigned *count, const char **obstacle);

/* ---- Printing ---------------------------------------------------------------------------------------------------- */

/* A report for people. With one instruction only: its properties, each with its witness. */
void classifier_print(const struct classifier_report *report, FILE *stream);

/* The JSON of several reports, as one text (malloc; the caller frees it): schema_version 1, docs/classifier.md. */
char *classifier_json(const struct classifier_report *const *reports, unsigned count);

/* Adds to what a page says of a violation: about an instruction of report `number`, in the page's own language. */
typedef void classifier_page_part(void *context, unsigned number, unsigned instruction, FILE *stream);

/* Several reports in Markdown. `part` may be NULL. */
void classifier_markdown(const struct classifier_report *const *reports, unsigned count, classifier_page_part *part,
                         void *context, FILE *stream);

/* Several reports as one self-contained HTML page. `part` may be NULL. */
void classifier_html(const struct classifier_report *const *reports, unsigned count, classifier_page_part *part,
                     void *context, FILE *stream);

/* What became of the instructions and the theorems from one report to the other: for people, and as JSON (malloc). */
void classifier_print_difference(const struct classifier_report *before, const struct classifier_report *after,
                                 FILE *stream);
char *classifier_difference_json(const struct classifier_report *before, const struct classifier_report *after);

#endif
