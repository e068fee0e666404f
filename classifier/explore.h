/* explore.h: between symbolic.c (control: forks, traps, translation) and operators.c (values). */
#ifndef PG74_CLASSIFIER_EXPLORE_H
#define PG74_CLASSIFIER_EXPLORE_H

#include "classifier/internal.h"

/* A program being executed: the instruction's, or `translate` called from it. */
struct frame {
    const struct isa_program *program;
    struct value *values; /* by number of the node */
    struct value locals[ISA_MOST_LOCALS];
    struct value parameters[ISA_MOST_PARAMETERS];
    struct frame *caller; /* where RETURN goes on: after node `return_to`, whose value the result is */
    unsigned return_to;
};

/* One exploration, depth first. `path` is the path so far; what a fork appended is taken back by its lengths. */
struct explorer {
    struct subject *subject;
    const struct symbolic_state *state;
    const struct isa_instruction *instruction; /* NULL while only `translate` runs */
    struct path path;
    path_list done;
};

/* The value of a node that does not fork; effects are appended to the path. */
struct value classifier_operate(struct explorer *explorer, struct frame *frame, const struct isa_node *node);

struct value classifier_value(Z3_ast bits);
Z3_ast classifier_bits(struct classifier *c, struct value value);
Z3_ast classifier_truth(struct classifier *c, struct value value);

#endif
