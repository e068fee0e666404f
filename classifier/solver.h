/* solver.h: Z3: terms, one incremental solver, a cache of answers. */
#ifndef PG74_CLASSIFIER_SOLVER_H
#define PG74_CLASSIFIER_SOLVER_H

#include <z3.h>
#include "classifier/classifier.h"
#include "classifier/pool.h"

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

#endif
