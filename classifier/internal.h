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
 *     screen.c      how wide lines are
 *     difference.c  two reports beside each other
 *     condition.c   for which words a theorem is violated;  where.c  only in which states;  always.c  in which for certain
 *     formula.c     a value of the IR as text;  repair.c  what to make privileged, tried out
 *
 * replay.c, refute.c and frames.c share no code with the symbolic side: they are what it is held against.
 */
#ifndef PG74_CLASSIFIER_INTERNAL_H
#define PG74_CLASSIFIER_INTERNAL_H

#include <pthread.h>
#include <z3.h>

#include "classifier/classifier.h"

/* The accesses that load(), store() and the memory trap speak of: docs/specification-language.md. */
enum { ACCESS_FETCH = 1, ACCESS_LOAD = 2, ACCESS_STORE = 3, ACCESSES };

/* The bits of every address and of the state of the devices, whatever the machine's word. */
enum { ADDRESS_BITS = 32, DEVICE_BITS = 32, INDEX_BITS = 16 };

/* ---- Memory that goes all at once -------------------------------------------------------------------------------- */

struct pool;
struct pool *classifier_pool_new(void);
void classifier_pool_free(struct pool *pool);
void *classifier_allocate(struct pool *pool, size_t size); /* zeroed; never NULL */
char *classifier_format(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A growing array of T in a pool. */
#define LIST(T) struct { T *items; unsigned count, capacity; }
#define APPEND(pool, list)                                                                                             \
    (((list)->count == (list)->capacity                                                                                \
          ? (void)((list)->items = classifier_grow((pool), (list)->items, &(list)->capacity, sizeof *(list)->items))   \
          : (void)0),                                                                                                  \
     &(list)->items[(list)->count++])
void *classifier_grow(struct pool *pool, void *items, unsigned *capacity, size_t size);

/* ---- Z3 ---------------------------------------------------------------------------------------------------------- */

enum verdict { UNSATISFIABLE, SATISFIABLE, UNDECIDED };

struct solved { Z3_ast formula; enum verdict verdict; Z3_model model; };

/* The public one has the options and what is known. The work is done by others, which have a solver instead: one of each
 * thread, and one of each instruction that has witnesses, so that its models depend on nothing else. */
struct classifier {
    struct classifier_options options;
    struct known *known; /* NULL in one that works */
    Z3_context z3;
    Z3_solver solver;
    struct solved *cache; /* open addressing by the formula's number */
    unsigned cached, cache_size;
};
void classifier_open(struct classifier *c, const struct classifier_options *options);
void classifier_close(struct classifier *c);
/* So many of the solver's steps a question may take from now on. */
void classifier_limit(struct classifier *c, unsigned effort);

typedef LIST(Z3_ast) term_list;

Z3_ast classifier_number(struct classifier *c, unsigned width, uint64_t value);
Z3_ast classifier_symbol(struct classifier *c, const char *name, unsigned width);
Z3_func_decl classifier_function(struct classifier *c, const char *name, unsigned arguments, const unsigned *widths,
                                 unsigned width);
Z3_ast classifier_simplify(struct classifier *c, Z3_ast term);
Z3_ast classifier_both(struct classifier *c, Z3_ast a, Z3_ast b);
Z3_ast classifier_either(struct classifier *c, Z3_ast a, Z3_ast b);
Z3_ast classifier_negation(struct classifier *c, Z3_ast a);
Z3_ast classifier_differ(struct classifier *c, Z3_ast a, Z3_ast b); /* false where they are the same term */
Z3_ast classifier_resize(struct classifier *c, Z3_ast term, unsigned width); /* zero-extends, or takes the low bits */
unsigned classifier_width(struct classifier *c, Z3_ast term);
bool classifier_is_true(struct classifier *c, Z3_ast term);
bool classifier_is_false(struct classifier *c, Z3_ast term);
bool classifier_constant(struct classifier *c, Z3_ast term, uint64_t *value);

/* Is it proved that the formula has no model? Not to be asked of classifier_decide as well. */
bool classifier_refutes(struct classifier *c, Z3_ast formula);

/* Decides a formula. `model` (may be NULL) belongs to the cache. */
enum verdict classifier_decide(struct classifier *c, Z3_ast formula, Z3_model *model);
uint64_t classifier_evaluate(struct classifier *c, Z3_model model, Z3_ast term); /* what the model leaves open is 0 */
bool classifier_evaluate_truth(struct classifier *c, Z3_model model, Z3_ast term);

/* ---- Concrete machines ------------------------------------------------------------------------------------------- */

struct byte { uint32_t address; uint8_t value; };

/* One answer of the devices: at `port` in device state `before` (written with `given`), `value` is read, `after`
 * comes. */
struct device_rule { bool is_write; uint32_t port, before, given, value, after; };

/* A concrete state. Bytes that are not listed are zero; `dense` (may be NULL) stands for the first `dense_size`. */
struct concrete {
    uint32_t *slots;
    uint32_t memory_size, device;
    LIST(struct byte) bytes;
    const uint8_t *dense;
    uint32_t dense_size;
};

/* How the devices answer: by rules, and otherwise by a hash if `hashed`, by zero and no change if not. */
struct devices { LIST(struct device_rule) rules; bool hashed; };

struct translated { uint32_t virtual_address, physical_address; unsigned size, access; };

enum { MOST_TRANSLATED = 128 };

/* What one execution did. */
struct effects {
    struct isa_outcome outcome;
    uint32_t *slots; /* after */
    uint32_t device;
    LIST(struct byte) stores;
    struct translated translated[MOST_TRANSLATED];
    unsigned translations;
};

/* Whom a trap is for: nobody, in the definitions, that looks at memory traps; the monitor; or, in a guest view
 * (isa_guest_view), the guest itself, which sees what it was told. */
enum trap_kind { TRAP_STORAGE, TRAP_PRIVILEGED, TRAP_WITHIN };
enum trap_kind classifier_trap_kind(const struct isa *isa, uint32_t cause);

/* What a property perturbs, and how a pair of states is meant. */
enum perturbation { PERTURB_NOTHING, PERTURB_MODE, PERTURB_LOCATION, PERTURB_RESOURCE, PERTURB_TIME };
enum { PERTURBATIONS = PERTURB_TIME + 1 };

/* The pair's states have memories of their own, and hold the same at the same virtual addresses: location pairs, and in a
 * guest view mode pairs, since nobody enters guest mode without the host's relocation. */
bool classifier_moved(const struct isa *isa, enum perturbation perturbation);

/* Which results count: over the paper's own model no resources and no time. */
struct scope { bool paper, user_only, own_user; }; /* own_user: of a guest view, the guest's own mode is user */
/* Of a guest view only what happens in guest mode counts, and host and guest beside each other. */
struct scope classifier_scope(const struct isa *isa, bool paper);

/* Where two outcomes differ, or one state changed: for the sentence and for the judgement. */
enum difference_kind {
    DIFFERENCE_NONE, DIFFERENCE_STATE, DIFFERENCE_MEMORY, DIFFERENCE_DEVICE, DIFFERENCE_TRAP, DIFFERENCE_PHYSICAL
};
struct difference {
    enum difference_kind kind;
    unsigned state, element; /* STATE */
    uint32_t address;        /* MEMORY: virtual; PHYSICAL: physical */
    uint32_t values[2];      /* of the two states, or before and after */
};

struct classifier_witness {
    enum classifier_property property; /* USER_SENSITIVE keeps it, and `perturbation` says which of its kinds */
    enum perturbation perturbation;
    struct scope scope;
    const struct isa_instruction *instruction;
    uint32_t word;
    unsigned slots; /* that its states have: those of the instruction set it was found for */
    unsigned state_count;
    struct concrete states[2];
    struct effects effects[2];
    struct devices devices;
    bool finishes;           /* PRIVILEGED: the supervisor does not trap, and should not in a simpler witness */
    uint32_t probe;          /* a virtual address at which to look for a difference */
    struct difference difference;
};

/* ---- replay.c ---------------------------------------------------------------------------------------------------- */

void classifier_run(const struct isa *isa, const struct isa_instruction *instruction, uint32_t word,
                    const struct concrete *state, const struct devices *devices, struct pool *pool,
                    struct effects *effects);
bool classifier_translates(const struct isa *isa, const struct concrete *state, uint32_t virtual_address,
                           unsigned access, uint32_t *physical_address);
/* The same, with the physical addresses of what `translate` loads: a table's entries. `loaded` may be NULL. */
enum { MOST_LOADED = 8 };
struct loaded { uint32_t addresses[MOST_LOADED]; unsigned count; };
bool classifier_translate_loads(const struct isa *isa, const struct concrete *state, uint32_t virtual_address,
                                unsigned access, uint32_t *physical_address, struct loaded *loaded);
uint8_t classifier_memory_byte(const struct concrete *state, uint32_t address);
bool classifier_storage_trap(const struct isa *isa, const struct isa_outcome *outcome);
bool classifier_privileged_trap(const struct isa *isa, const struct isa_outcome *outcome);
bool classifier_in_user_mode(const struct isa *isa, const struct concrete *state);
bool classifier_in_own_user_mode(const struct isa *isa, const struct concrete *state); /* whatever the view */

/* Executes the witness and judges it. Fills in effects and difference. Location pairs: that the two states are related
 * is the caller's to know (classifier_related). */
bool classifier_replay(const struct isa *isa, struct classifier_witness *witness, struct pool *pool);

/* The judgements alone, of executions that have been made: refute.c shares one execution between several. */
bool classifier_judge_control(const struct isa *isa, const struct concrete *state, const struct effects *effects,
                              bool paper, struct difference *difference);
bool classifier_judge_pair(const struct isa *isa, const struct concrete states[2], const struct effects effects[2],
                           enum perturbation perturbation, bool paper, uint32_t probe, struct difference *difference);

/* ---- Symbolic states --------------------------------------------------------------------------------------------- */

/* What the instruction does not mention has no symbols: NULL in all of these. */
struct symbolic_state {
    Z3_ast *scalars;       /* by number of the state; NULL for arrays */
    Z3_func_decl *arrays;  /* element of an index; NULL for scalars */
    Z3_func_decl *others;  /* what the array is instead where `selector` names it; NULL where it is not perturbed */
    Z3_ast selector;       /* which component differs from the pair's first state; NULL: all that have `others` */
    Z3_func_decl memory;   /* byte at a physical address */
    /* Location pairs: byte at a virtual address, for each kind of access, the same in both; else NULL. */
    Z3_func_decl contents[ACCESSES];
    Z3_ast memory_size;    /* a word; classifier_memory_size zero-extends it to an address */
    Z3_ast device;
    const struct concrete *concrete; /* its memory is this one's instead */
};

struct pair {
    enum perturbation perturbation;
    struct symbolic_state states[2];
    Z3_ast assumptions; /* about the states alone */
};

/* mentioned.c. By number of the state: may the instruction (NULL: `translate` alone), or what it calls, read or write it? The
 * mode, a guest's own too, and the program counter always count. */
const bool *classifier_mentioned(struct pool *pool, const struct isa *isa, const struct isa_instruction *instruction);

struct subject;
struct symbolic_state classifier_any_state(struct subject *subject, const char *suffix);
struct symbolic_state classifier_constant_state(struct subject *subject, const struct concrete *concrete);
void classifier_fix_mode(struct classifier *c, const struct isa *isa, struct symbolic_state *state, bool user);
struct pair classifier_pair(struct subject *subject, enum perturbation perturbation, bool user_only);
uint32_t classifier_least_memory(const struct isa *isa); /* bytes that every machine has; more than any access */
Z3_ast classifier_sane(struct classifier *c, const struct isa *isa, const struct symbolic_state *state);
Z3_ast classifier_memory_size(struct classifier *c, const struct symbolic_state *state);
/* The number that `selector` has for the devices. States have their own numbers. */
enum { DEVICE_COMPONENT = 0xffff };

/* ---- Paths ------------------------------------------------------------------------------------------------------- */

enum { NO_ORIGIN = -1 };

/* A value: 1-bit values are kept as truths where they come from comparisons. `origin`: the number of the path's
 * translation whose physical address it is, plus `offset`. */
struct value { Z3_ast term; bool is_truth; int origin; uint32_t offset; };

struct write { unsigned state; Z3_ast index; Z3_ast value; };            /* index NULL for scalars */
/* address: of ADDRESS_BITS; origin, offset: as of a value; when: NULL, or nothing is stored but where this holds */
struct store { Z3_ast address; unsigned bytes; Z3_ast value; int origin; uint32_t offset; Z3_ast when; };
enum read_kind { READ_ELEMENT, READ_BYTE };
/* when: NULL, or the read matters only where this holds; bypasses: how many bytes the instruction itself reads from here on, at
 * a physical address that does not come from `translate`; 0 for all but the first of these */
struct read { enum read_kind kind; unsigned state; Z3_ast where, what, when; unsigned bypasses; };
/* size, access: 0 where not constant; conditions: how many of the path's come before it */
struct translation { Z3_ast virtual_address, physical_address; uint64_t size, access; unsigned conditions; };
enum { MOST_CONTIGUOUS = 32 }; /* contiguous.c */
struct device_step { bool is_write; Z3_ast port, before, given, value, after; };

enum path_end { PATH_DONE, PATH_TRAP, PATH_RETURN };

struct path {
    term_list conditions;  /* all true on this path */
    term_list denials;     /* their opposites, number by number, as another path would have them */
    term_list consistency; /* what the contents of memory at virtual addresses mean for physical memory */
    LIST(struct write) writes;
    LIST(struct store) stores;
    LIST(struct read) reads;
    LIST(struct translation) translations;
    LIST(struct device_step) steps;
    Z3_ast device;
    enum path_end end;
    enum trap_kind trap;   /* PATH_TRAP, and of what: */
    unsigned cause;
    Z3_ast value, access;
    Z3_ast result; /* PATH_RETURN */
};

typedef LIST(struct path) path_list;

enum { MOST_PATHS = 2048 };

/* The states of a kind of pair, and all paths of the instruction from each. PERTURB_NOTHING: from the first alone. */
struct explored { bool made; struct pair pair; path_list paths[2]; };

/* A question about the instruction: is it sensitive to this (PERTURB_NOTHING: control sensitive) for some word that
 * meets `also` (NULL: any word)? */
struct question { enum perturbation perturbation; struct scope scope; Z3_ast also; };
struct asked { struct question question; enum classifier_answer answer; struct classifier_witness *witness; };

/* What is found out once for a machine, whichever thread asks first. contiguous.c: by access and size, for all addresses: 1,
 * -1; 0 not asked yet. refute.c: a refuter, whose frames the instructions' share. */
struct refuter;
struct facts {
    pthread_mutex_t lock;
    signed char contiguous[ACCESSES][MOST_CONTIGUOUS];
    signed char contiguous_all; /* the same for all of these at once */
    struct pool *pool;          /* of the refuter; NULL: there is none now */
    struct refuter *refuter;
};

/* An instruction being judged. */
struct subject {
    struct classifier *c;
    const struct isa *isa;
    const struct isa_instruction *instruction;
    struct pool *pool;
    const bool *mentioned; /* by number of the state */
    Z3_ast word;        /* the symbol */
    Z3_ast is_word;     /* it is one of the instruction's */
    term_list *unknown; /* queries that were not decided */
    bool too_many_paths;
    struct isa_diagnostics *diagnostics;
    unsigned *replayed;
    struct symbolic_state modes[2]; /* a supervisor state and a user state of their own, for "not privileged" */
    path_list mode_paths[2];
    bool contradiction; /* a witness did not replay; diagnosed */
    bool own_user;      /* of a guest view: only states in which the guest's own mode is user */
    bool answer_only;   /* nobody will look at the witnesses: they need not be simple */
    bool screening;     /* others use this solver, too: no model of its may be looked at, and the first that is needed */
    bool needs_model;   /* ... sets this, and ends it */
    Z3_ast not_privileged; /* NULL: not made yet */
    struct explored explored[PERTURBATIONS][2]; /* [in user mode only] */
    LIST(struct asked) asked;
    struct facts *facts;     /* about its machine; NULL: none are kept */
};

/* asked.c: what has been done for the subject once is not done again. */
const struct explored *classifier_explored(struct subject *subject, enum perturbation perturbation, bool user_only);
/* True where the answer follows from an earlier one; gives it, and its witness. */
bool classifier_answered(const struct subject *subject, const struct question *question, enum classifier_answer *answer,
                         struct classifier_witness **witness);
enum classifier_answer classifier_remember(struct subject *subject, const struct question *question,
                                           enum classifier_answer answer, struct classifier_witness *witness);
/* For the same subject with another program. */
void classifier_forget(struct subject *subject);

/* All paths of the instruction, or of `translate`, from a state. */
path_list classifier_explore(struct subject *subject, const struct symbolic_state *state);
path_list classifier_explore_translate(struct subject *subject, const struct symbolic_state *state,
                                       Z3_ast virtual_address, Z3_ast size, Z3_ast access);
Z3_ast classifier_path_condition(struct subject *subject, const struct path *path);
/* The byte that stands at `address` before, and what the stores of the path make of it. */
Z3_ast classifier_byte_before(struct subject *subject, const struct symbolic_state *state, Z3_ast address);
Z3_ast classifier_byte_after(struct subject *subject, const struct path *path, Z3_ast address, Z3_ast before);
Z3_ast classifier_element(struct subject *subject, const struct symbolic_state *state, unsigned number, Z3_ast index);

/* `translate` of one virtual address as a term, for a single byte or another size. */
struct view { Z3_ast valid, physical_address; path_list paths; };
struct view classifier_view(struct subject *subject, const struct symbolic_state *state, Z3_ast virtual_address,
                            unsigned access);
struct view classifier_view_for(struct subject *subject, const struct symbolic_state *state, Z3_ast virtual_address,
                                Z3_ast size, Z3_ast access);

/* contiguous.c. How many low bits of an address `translate` leaves alone, going by where it takes addresses apart; or 0. */
unsigned classifier_offset_bits(const struct isa *isa);
/* Does every byte of the access stand where its own virtual address leads, on this path from this state? */
bool classifier_contiguous(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                           const struct translation *t);

/* Proves, if that is not known, whether it is so for every access on the machine. */
void classifier_prove_contiguous(struct facts *facts, const struct isa *isa, const struct classifier_options *options);

/* ---- Queries ----------------------------------------------------------------------------------------------------- */

/* A state in which a word is not privileged: a user's, in which it finishes, or a supervisor's, in which it traps. */
struct unprivileged { bool user; struct concrete state; struct devices devices; };

/* A formula that, where it is satisfiable, proves a property; and what is needed to read a witness off its model. */
struct query {
    enum classifier_property property;
    enum perturbation perturbation;
    struct scope scope;
    Z3_ast formula;
    unsigned state_count;
    const struct symbolic_state *states[2];
    const struct path *paths[2];
    LIST(struct read) reads[2]; /* besides those of the paths */
    Z3_ast probe;               /* NULL, or the virtual address at which memory differs, */
    Z3_ast probed;              /* and what any such pair of states has at it; NULL: nothing is assumed of it */
    Z3_ast stray;               /* NULL, or the physical address stored to that R may not give */
    unsigned refined;           /* so many times */
    bool unprivileged;          /* the word is to be not privileged, too: */
    struct unprivileged shown;  /* and here it was not, when the model was replayed */
};

/* results.c: formulas about finished paths, NULL for one that is false at sight. They add to the query what is needed
 * to read a witness off a model. */
Z3_ast classifier_results_differ(struct subject *subject, const struct pair *pair, const struct path *first,
                                 const struct path *second, bool paper, struct query *query);
/* The path changes the mode, R, a resource or the timer. */
Z3_ast classifier_changes(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                          bool paper, struct query *query);
/* What a view depends on (a page table) is read off the model as well. `owner`: the number of the query's state. */
void classifier_view_reads(struct subject *subject, struct query *query, unsigned owner, const struct view *view);
/* Byte k of a store changes physical memory that R does not give. */
Z3_ast classifier_strays(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                         unsigned store, unsigned k, struct query *query);

/* properties.c. Each goes through the queries of a definition until one is satisfiable, and gives its witness. `also`
 * (may be NULL) is one more condition on the word. */
enum classifier_answer classifier_control_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                    struct classifier_witness **witness);
enum classifier_answer classifier_mode_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                 struct classifier_witness **witness);
enum classifier_answer classifier_location_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                     struct classifier_witness **witness);
enum classifier_answer classifier_resource_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                     struct classifier_witness **witness);
enum classifier_answer classifier_time_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                 struct classifier_witness **witness);
enum classifier_answer classifier_user_sensitive(struct subject *subject, struct scope scope, Z3_ast also,
                                                 struct classifier_witness **witness);
enum classifier_answer classifier_privileged(struct subject *subject, struct classifier_witness **witness);
/* "The word is not privileged", as a formula over the word and states of its own; false where all words are. */
Z3_ast classifier_not_privileged(struct subject *subject);

/* theorems.c. Some word is sensitive (user sensitive, time sensitive) and not privileged. */
enum classifier_answer classifier_violates_theorem(struct subject *subject, enum classifier_theorem theorem, bool paper,
                                                   Z3_ast not_privileged, struct classifier_witness **witness);

/* What makes a sensitive word harmful, as a condition on the word: that it is not privileged. NULL, for none, of a guest view:
 * where the word exits, it is not sensitive. */
Z3_ast classifier_harmful(struct subject *subject);

/* witness.c. Reads a witness off the model of a satisfiable query and replays it. NULL where the model is none: then
 * either *refinement is one more condition, which it breaks, or there is a contradiction (subject->contradiction). */
struct classifier_witness *classifier_extract(struct subject *subject, struct query *query, Z3_model model,
                                              Z3_ast *refinement);
/* Replays that the model's word is not privileged, and tells where. */
bool classifier_replay_unprivileged(struct subject *subject, Z3_model model, struct unprivileged *shown);
/* The same of another word in such a state. */
bool classifier_is_unprivileged(struct subject *subject, uint32_t word, const struct unprivileged *shown);
/* YES: the witness breaks nothing that a query could not say in full. NO: *refinement says what it breaks; `model` is the one
 * that the witness was read off, or NULL, and then nothing is said. */
enum classifier_answer classifier_sound(struct subject *subject, struct query *query,
                                        const struct classifier_witness *witness, Z3_model model, Z3_ast *refinement);
/* Are these two the states of a location pair? If not, *at is a virtual address where they differ, and *access the kind of
 * access that leads there. */
enum classifier_answer classifier_related(struct subject *subject, const struct concrete states[2], uint32_t *at,
                                          unsigned *access);
/* Does R give this physical address, and for which virtual one? */
enum classifier_answer classifier_given(struct subject *subject, const struct concrete *state, uint32_t address,
                                        uint32_t *at);

/* simplify.c. Round numbers that a model should have, if it can: asked for before it is read. */
Z3_ast classifier_hints(struct subject *subject, const struct query *query);
/* The witness with simpler states, or the same. */
struct classifier_witness *classifier_simplest(struct subject *subject, struct query *query,
                                               struct classifier_witness *witness);

/* ---- Reports ----------------------------------------------------------------------------------------------------- */

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

/* frames.c: `count` pairs of states, of which R, memory and mode alone are chosen (user mode where the number is odd). Returns
 * how many bits of an address are the place in a page, or 0 where `translate` has no table. */
struct frames { uint32_t *slots[2]; uint8_t *memory[2]; uint32_t sizes[2]; };
unsigned classifier_make_frames(struct pool *pool, const struct isa *isa, uint64_t seed, struct frames *frames,
                                unsigned count);
/* Other slots for the same memory: what `translate` mentions is as it was, and the rest of R, which it does not, as chosen. */
void classifier_share_frames(struct pool *pool, const struct isa *isa, uint64_t seed, const struct frames *made,
                             struct frames *frames, unsigned count);
struct concrete classifier_frame_state(const struct frames *frames, unsigned which);

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
