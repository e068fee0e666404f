/* internal.h: what the files of classifier/ share. From an instruction set to a report:
 *
 *     solver.c      Z3: terms, one incremental solver, a cache of answers
 *     mentioned.c   which states an instruction has to do with
 *     states.c      symbolic states, and pairs of them that differ in what a property perturbs
 *     symbolic.c    a program of the IR on a symbolic state -> paths
 *     results.c     two paths -> "their results differ"
 *     contiguous.c  whether accesses to several bytes take consecutive virtual addresses
 *     properties.c  each definition -> formulas;  asked.c  no question twice
 *     guest_mode.c  what is otherwise where guest mode stands in the place of user mode
 *     theorems.c    sensitive and not privileged, word by word
 *     witness.c     a model of a formula -> concrete states;  simplify.c  makes them simple
 *     replay.c      the definitions once more, on concrete states, by isa_execute
 *     refute.c      boundary and random states against the negative answers;  frames.c  R and memory for them
 *     judge.c       all of it for one instruction;  known.c  which instruction has been judged before
 *     batch.c       for many of them, on as many threads (crew.c) as there are processors
 *     classify.c    for an instruction set;  report*.c  what is said about it
 *     difference.c  two reports beside each other
 *     condition.c   for which words a theorem is violated;  where.c  only in which states;  always.c  in which for certain
 *     formula.c     a value of the IR as text;  repair.c  what to make privileged, tried out
 *
 * replay.c, refute.c and frames.c share no code with the symbolic side: they are what it is held against. Its headers: pool.h,
 * solver.h (Z3), concrete.h (what knows nothing of Z3), symbolic.h, and this one, with what is found and said.
 */
#ifndef PG74_CLASSIFIER_INTERNAL_H
#define PG74_CLASSIFIER_INTERNAL_H

#include "classifier/symbolic.h"

struct findings {
    enum classifier_answer has[CLASSIFIER_PROPERTIES];
    struct classifier_witness *witness[CLASSIFIER_PROPERTIES];
    enum classifier_answer violates[CLASSIFIER_THEOREMS][2]; /* [paper] */
    struct classifier_witness *violation[CLASSIFIER_THEOREMS];
    char *condition; /* that all words meet that violate: "rd is not 0"; or NULL */
    bool exact;      /* and all that meet it violate */
    char *exception; /* a word that meets it and does not violate, or NULL */
    char *where;     /* of the states: "X[rs1] == 0x2a"; NULL where nothing short can be said */
    char *always;    /* of the states in which the violation's word certainly violates: "a1[0] == 0", or "" for all; or NULL */
    bool always_exact; /* and it violates in no others */
};

/* The instructions that violate a theorem, made privileged; text NULL: not computed, or not needed. */
struct repair {
    char *text;     /* the variant */
    enum classifier_answer holds;
    char *obstacle; /* why the variant cannot be loaded, or NULL */
    LIST(unsigned) remaining; /* what violates the theorem still */
};

struct classifier_report {
    const struct isa *isa;
    struct isa *view; /* the same, where it is a guest view that belongs to the report */
    struct classifier_report *guest_mode; /* of the guest view, where there is guest mode; else NULL */
    struct classifier_report *trap_entry; /* of guest mode, the entry into traps as instructions; or NULL */
    struct classifier_options options;
    int only; /* number of the one instruction, or -1 */
    struct pool *pool;
    struct findings *findings; /* by number of the instruction */
    struct repair repairs[CLASSIFIER_THEOREMS];
    LIST(char *) unknown;
    uint64_t trials;
    unsigned replayed;
};

/* refute.c: false, with a diagnostic, when a concrete state contradicts a negative answer. One refuter serves many
 * instructions of a thread, and does the same for each whatever came before. */
struct refuter *classifier_refuter_new(struct pool *pool, const struct isa *isa, uint64_t seed);
/* One with the same frames, for this or another instruction set with the same machine (classifier_machine). */
struct refuter *classifier_refuter_like(struct pool *pool, const struct isa *isa, uint64_t seed,
                                        const struct refuter *other);
/* The machine's, until it is forgotten. */
const struct refuter *classifier_facts_refuter(struct facts *facts, const struct isa *isa, uint64_t seed);
void classifier_facts_forget(struct facts *facts);
bool classifier_refute(struct refuter *refuter, struct subject *subject, const struct findings *findings,
                       unsigned trials);

/* What is found out about one instruction. It depends on the instruction, `translate`, the states and causes that these
 * mention, and the options, and on nothing else. */
struct judgement {
    struct pool *pool; /* of all below */
    struct findings findings;
    LIST(char *) unknown;
    unsigned replayed;
    bool good; /* false: diagnostics has an error */
    struct isa_diagnostics *diagnostics;
};

/* What is asked: its properties; the theorems, too; or these without witnesses, and for which words and states. */
enum judging { JUDGE_PROPERTIES, JUDGE_THEOREMS, JUDGE_ANSWERS };

/* judge.c. False, and nothing found, where it needs a solver that nobody has used: give it one (`is_own`). */
bool classifier_judge(struct classifier *c, bool is_own, const struct isa *isa, unsigned instruction, enum judging judging,
                      struct facts *facts, struct judgement *judgement);
/* A copy of the findings for the instruction of the same meaning in another instruction set, which has the states that it
 * mentions in the same slots. */
struct findings classifier_keep(struct pool *pool, const struct isa *isa, unsigned instruction,
                                const struct findings *findings);

/* known.c: judgements by what they depend on. It owns them. */
struct known;
struct known *classifier_known_new(void);
void classifier_known_free(struct known *known);
/* NULL where the like has not been asked. `machine` comes from classifier_machine. */
struct judgement *classifier_known(const struct known *known, unsigned machine, const struct isa *isa,
                                   const struct isa_instruction *instruction, enum judging judging);
/* The judgement, or a new place for it that the caller fills. */
struct judgement *classifier_reserve(struct known *known, unsigned machine, const struct isa *isa,
                                     const struct isa_instruction *instruction, enum judging judging, bool *is_new);
/* The number of the machines that have this `translate`, with what it mentions. */
unsigned classifier_machine(struct known *known, const struct isa *isa);
struct facts *classifier_facts(const struct known *known, unsigned machine);

/* crew.c: a task for each number from 0 to count - 1. `solver` is the thread's; z3 NULL: nobody has opened it yet. */
typedef void classifier_task(void *context, unsigned number, struct classifier *solver);
void classifier_share_out(const struct classifier_options *options, unsigned count, classifier_task *task, void *context);

/* batch.c: instructions that are judged in one go, unless they are known. `isa` has to live until the batch has run, which
 * frees it. */
struct batch;
struct batch *classifier_batch_new(struct classifier *c);
void classifier_batch_add(struct batch *batch, const struct isa *isa, unsigned machine, unsigned number,
                          enum judging judging);
void classifier_batch_run(struct batch *batch);

/* classify.c: like classifier_classify, of an instruction set that differs from the report's in some instructions
 * alone, and without witnesses; the findings about the others are taken over, so that the new report may not outlive the old
 * one. What is to be judged for it may have been judged in a batch. */
struct classifier_report *classifier_classify_changed(struct classifier *classifier, const struct isa *isa,
                                                      const struct classifier_report *base,
                                                      struct isa_diagnostics *diagnostics);
void classifier_plan_changed(struct batch *batch, struct classifier *classifier, const struct isa *isa,
                             const struct classifier_report *base);

/* condition.c: for which of its words the instruction violates the theorem: condition, exact and exception of the
 * findings, in the pool. `word` is one that does. */
void classifier_condition(struct subject *subject, enum classifier_theorem theorem, Z3_ast not_privileged, uint32_t word,
                          struct findings *findings, struct pool *pool);

/* where.c: the same of its states: a formula that holds in a state of every violation. */
char *classifier_where(struct subject *subject, enum classifier_theorem theorem, struct pool *pool);
/* always.c: in which states the witness's word violates the theorem for certain; "" where in all. NULL: it cannot be said. *exact:
 * it violates in no others. */
char *classifier_always(struct subject *subject, enum classifier_theorem theorem, const struct classifier_witness *witness,
                        struct pool *pool, bool *exact);
/* formula.c: that the instruction's node, a single bit, is `truth`. False where it cannot be written, or not in
 * `size`. */
bool classifier_formula(const struct isa *isa, const struct isa_instruction *instruction, unsigned node, bool truth,
                        char *text, size_t size);

/* Prose, shared by the reports. */
/* Verdicts about guest mode, and what it does to the instructions that violate a theorem outside of it. */
void classifier_print_guest_verdicts(const struct classifier_report *report, FILE *stream);
/* "supervisor" or "user"; of guest mode "host" or "guest". */
const char *classifier_mode_name(const struct isa *isa, bool user);
/* Is the property proved or shown at all? Of trap entry not all are (judge.c). */
bool classifier_judges(const struct classifier_report *report, enum classifier_property property);
/* The key of a property in the JSON report: of guest mode "exits" in the place of "privileged". */
const char *classifier_property_key(const struct classifier_report *report, enum classifier_property property);
const char *classifier_state_name(const struct isa *isa, unsigned state, unsigned element, char *text, size_t size);
bool classifier_fails(const struct classifier_report *report, enum classifier_theorem theorem);
/* The witness that the instruction violates a theorem, the first that it does; NULL where it violates none. */
const struct classifier_witness *classifier_reason(const struct classifier_report *report, unsigned instruction);
/* For which words the instruction violates: "Exactly for words in which rd is not 0."; false where there is nothing to say. */
bool classifier_words_sentence(const struct findings *findings, char *text, size_t size);
/* In which states its word does, with marks around formulas: "Exactly where a1 == 0x2a."; false where there is nothing to say. */
bool classifier_states_sentence(const struct findings *findings, const char *open, const char *close, char *text, size_t size);
/* What is to be said of trap entry in guest mode: that it does no harm, or the sentences of its witnesses. */
void classifier_entry_sentence(const struct classifier_report *entry, char *text, size_t size);
/* What copes with a violator: one or two sentences, of which there are as many as there are kinds of violators. */
enum remedy { REMEDY_SUPERVISOR, REMEDY_USER, REMEDY_TIME, REMEDIES };
enum remedy classifier_remedy(const struct classifier_report *report, unsigned instruction);
const char *classifier_remedy_text(enum remedy remedy);

/* report_style.c, report_diagram.c: the page's style sheet; the sets as an SVG element. */
extern const char classifier_style[];
void classifier_draw(const struct classifier_report *report, FILE *stream);

/* report_witness.c: its states side by side, as rows of names and two cells; those from `middle` on are about the states
 * afterwards. The rows belong to the pool. */
enum { LONGEST_CELL = 40 };
struct witness_row { char name[64], cells[2][LONGEST_CELL]; };
struct witness_table {
    LIST(struct witness_row) rows;
    unsigned middle;
    const char *titles[2];
    struct pool *pool;
};
struct witness_table classifier_witness_table(const struct classifier_report *report,
                                              const struct classifier_witness *witness, struct pool *pool);
/* The same as text, with the word; and with the sentence, folded. */
void classifier_print_states(const struct classifier_report *report, const struct classifier_witness *witness,
                             FILE *stream);
void classifier_print_witness(const struct classifier_report *report, const struct classifier_witness *witness,
                              FILE *stream);

#endif
