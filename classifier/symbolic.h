/* symbolic.h: symbolic states, the paths from them, and the queries that are made of these. */
#ifndef PG74_CLASSIFIER_SYMBOLIC_H
#define PG74_CLASSIFIER_SYMBOLIC_H

#include <pthread.h>
#include "classifier/concrete.h"
#include "classifier/solver.h"

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

struct subject;
struct symbolic_state classifier_any_state(struct subject *subject, const char *suffix);
struct symbolic_state classifier_constant_state(struct subject *subject, const struct concrete *concrete);
void classifier_fix_mode(struct classifier *c, const struct isa *isa, struct symbolic_state *state, bool user);
struct pair classifier_pair(struct subject *subject, enum perturbation perturbation, bool user_only);
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
/* No byte does from this one on, which one short query shows under what is assumed; false: each is to be asked for. */
bool classifier_rest_stays(struct subject *subject, const struct symbolic_state *state, const struct path *path,
                           unsigned store, unsigned k, Z3_ast assumed);

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

#endif
