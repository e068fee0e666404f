/* internal.h: the generator of the fast engine's code: from the IR of the library's instruction sets to C. */
#ifndef PG74_GENERATE_INTERNAL_H
#define PG74_GENERATE_INTERNAL_H

#include "machine/fast_code.h"

/* A meaning to be compiled, and what was found out about it. */
struct meaning {
    const struct isa *isa;
    const struct isa_instruction *instruction;
    char name[48];                /* a C identifier */
    struct fast_meaning facts;    /* as it goes into the table */
    bool *constant;               /* by node: known from word and pc */
    unsigned *uses;               /* by node: how often other nodes name it */
};

struct meanings {
    struct meaning *list;
    unsigned count;
};

/* True, with `meaning` filled, where the instruction can be compiled. */
bool generate_analyse(const struct isa *isa, const struct isa_instruction *instruction, struct meaning *meaning);
void generate_meaning_free(struct meaning *meaning);

/* All distinct meanings of the library. */
struct meanings generate_collect(struct isa *const *isas, unsigned isa_count);

/* True when the node's only ways out are traps. */
bool generate_always_traps(const struct isa_program *program, unsigned node);

/* The name of the element that a READ or WRITE node names: its field's name, or its state's. `text` has room for 64. */
void generate_element_name(const struct meaning *meaning, const struct isa_node *node, char *text);

/* Makes a shape of one part without assumptions. */
void generate_plain_shape(const struct meanings *meanings, unsigned meaning, struct fast_shape *shape);

/* Parses "slli srli(rs1=a.rs1) or(rs1=a.rd,rs2=b.rd)" into a shape; false when it is wrong, with a message on standard
 * error. */
bool generate_parse_shape(const struct meanings *meanings, const char *text, struct fast_shape *shape);

/* The superinstructions: data, found by scenarios/bench/profile. */
extern const char *const generate_superinstructions[];

/* ---- Writing C --------------------------------------------------------------------------------------------------- */

enum { MOST_OPERANDS = 48 };

/* An operand that the handler being written has asked for. */
struct asked {
    struct fast_operand operand;
    char name[64];
};

/* A write that a later part overwrites: done only where the later part is not reached. */
struct deferred {
    unsigned overwritten; /* FAST_OVERWRITTEN + ... */
    const char *target, *value;
};

struct text {
    struct text *next;
    char characters[];
};

struct writer {
    FILE *stream;
    struct text *texts; /* all that generate_text made */
    const struct meanings *meanings;
    const struct fast_shape *shape;
    unsigned depth;     /* of the text */
    unsigned part;      /* being written */
    char **names[FAST_MOST_PARTS];      /* by part and node: the C variable that has the value, or NULL */
    char *locals[ISA_MOST_LOCALS];      /* of the part being written, on this path */
    const char *written[FAST_MOST_PARTS][FAST_MOST_WRITES]; /* the C variables of values written */
    struct deferred deferred[FAST_MOST_PARTS * FAST_MOST_WRITES];
    unsigned deferred_count;
    const char *accumulator; /* the C variable that it is in now */
    struct asked asked[MOST_OPERANDS];
    unsigned asked_count;
};

/* A text that lives as long as the writer. */
char *generate_text(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One line of C at the present depth. */
void generate_line(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The name of an operand, asking for it if it is new. */
const char *generate_operand(struct writer *writer, enum fast_operand_kind kind, unsigned index, const char *name);

/* A node's value as a C expression, after the statements that it needs; a 1-bit node's as a C condition. */
char *generate_value(struct writer *writer, unsigned node);
char *generate_condition(struct writer *writer, unsigned node, bool negated);

/* The host address of a LOAD or STORE, after the tests that it needs. */
char *generate_address(struct writer *writer, const struct isa_node *access, bool stores);

/* Finds the host address of what a TRANSLATE node is given, or leaves. */
void generate_translate(struct writer *writer, unsigned node);

/* An expression without the parentheses around the whole of it. */
const char *generate_bare(struct writer *writer, const char *expression);

/* Does the writes that were put off. */
void generate_write_deferred(struct writer *writer);

/* Leaves the operation before the part being written. */
void generate_leave(struct writer *writer, const char *condition);

/* Writes a shape's handler, with its operands' struct before it; fills in size, cost and the operands. */
void generate_handler(FILE *stream, const struct meanings *meanings, struct fast_shape *shape);

/* Writes the tables. */
void generate_tables(FILE *stream, const struct meanings *meanings, const struct fast_shape *shapes,
                     unsigned shape_count);

#endif
