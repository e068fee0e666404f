/* internal.h: what the files of isa/ share. From a text to an instruction set:
 *
 *     load.c       finds texts by name, and follows `include` and `of`
 *     lexer.c      text -> tokens
 *     parse*.c     tokens -> declarations (the syntax tree below)
 *     merge.c      declarations of a parent and of its variants -> one list
 *     layout.c     bit layouts -> fields, mask and match; disjointness
 *     guest_view.c an instruction set as the host of a guest sees it
 *     elaborate.c, expression.c, statement.c, builder.c   declarations -> struct isa, with programs of the IR
 */
#ifndef PG74_ISA_INTERNAL_H
#define PG74_ISA_INTERNAL_H

#include "isa/isa.h"

/* ---- Memory: everything of an isa lives in one arena, and goes with it ------------------------------------------------ */

struct arena;
struct arena *isa_arena_new(void);
void isa_arena_free(struct arena *arena);
void *isa_arena_allocate(struct arena *arena, size_t size); /* zeroed, aligned; never NULL */
char *isa_arena_text(struct arena *arena, const char *start, size_t length);
/* Doubles an array that is full: `*items` has room for *capacity elements of `size` bytes, `count` of them used. */
void isa_arena_grow(struct arena *arena, void **items, unsigned count, unsigned *capacity, size_t size);

/* ---- Tokens ----------------------------------------------------------------------------------------------------------- */

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_STRING, TOKEN_SYMBOL };

struct token {
    enum token_kind kind;
    const char *text; /* spelling (NAME, SYMBOL, NUMBER) or contents (STRING), NUL-terminated, in the arena */
    uint64_t number;
    struct isa_place place;
    size_t offset, end;  /* where it stands in the text */
    bool first_on_line;
};

/* All tokens of a text, ended by TOKEN_END. */
struct token *isa_tokenize(struct arena *arena, const char *file, const char *text, struct isa_diagnostics *diagnostics);

/* ---- The syntax tree -------------------------------------------------------------------------------------------------- */

enum expression_kind {
    EXPRESSION_NUMBER, /* number; width 0 where the neighbours decide it */
    EXPRESSION_NAME,   /* name */
    EXPRESSION_INDEX,  /* a[b] or a[b:c] */
    EXPRESSION_UNARY,  /* name (operator) a */
    EXPRESSION_BINARY, /* a name b */
    EXPRESSION_IF,     /* if a then b else c */
    EXPRESSION_CALL    /* name(arguments) */
};

struct expression {
    enum expression_kind kind;
    struct isa_place place;
    const char *name;
    uint64_t number;
    unsigned width;
    struct expression *a, *b, *c;
    struct expression **arguments;
    unsigned argument_count;
};

enum statement_kind {
    STATEMENT_LET,     /* let name = value */
    STATEMENT_ASSIGN,  /* name = value, name[index] = value */
    STATEMENT_IF,      /* if value { body } else { otherwise } */
    STATEMENT_TRAP,    /* trap name(arguments) */
    STATEMENT_REQUIRE, /* require name */
    STATEMENT_RETURN,  /* return value */
    STATEMENT_IGNORE,
    STATEMENT_CALL     /* value is the call */
};

struct statement {
    enum statement_kind kind;
    struct isa_place place;
    const char *name;
    struct expression *index, *value;
    struct expression **arguments;
    unsigned argument_count;
    struct statement *body, *otherwise;
    struct statement *next;
};

/* A piece of a layout: bits as written, or a field. */
struct layout_item {
    struct isa_place place;
    const char *bits;  /* "0010011", or NULL for a field */
    const char *field;
    bool whole;        /* field:width; otherwise field[high:low] */
    unsigned high, low;
    struct layout_item *next;
};

enum declaration_kind {
    DECLARE_STATE, DECLARE_CONST, DECLARE_CAUSE, DECLARE_PORT, DECLARE_OPERAND, DECLARE_FUNCTION, DECLARE_ON,
    DECLARE_INSTRUCTION, DECLARE_COST
};

enum declaration_action { ACTION_ADD, ACTION_REPLACE, ACTION_REMOVE };

struct parameter { const char *name; unsigned width; /* 0: word */ };
struct cost_pair { struct isa_place place; const char *name; unsigned cycles; };

struct declaration {
    enum declaration_kind kind;
    enum declaration_action action;
    const char *name;
    struct isa_place place;
    const char *variant; /* that brought it, or NULL */
    struct declaration *next;

    const char *doc, *source;
    /* state */
    unsigned width; /* 0: word */
    unsigned count;
    bool is_array;
    int zero;
    bool has_role;
    enum isa_role role;
    enum isa_duty duty;
    const char *names;
    /* const, cause, port */
    struct expression *value;
    bool storage, exits;
    bool busy; /* const: being evaluated */
    bool called; /* function: by something that was elaborated */
    /* operand */
    enum isa_operand_kind operand_kind;
    const char *operand_text; /* the register array, or the letters */
    /* function, on, instruction */
    struct parameter parameters[8];
    unsigned parameter_count;
    struct statement *body;
    /* instruction */
    const char *syntax, *layout_text, *execute_text;
    struct layout_item *layout;
    struct token *syntax_tokens;
    unsigned syntax_token_count;
    /* cost */
    struct cost_pair *pairs;
    unsigned pair_count;
};

enum unit_kind { UNIT_ISA, UNIT_VARIANT, UNIT_PART };

/* One text, parsed. */
struct unit {
    enum unit_kind kind;
    struct isa_place place; /* of its name */
    const char *name, *title, *source;
    const char *parent; /* of a variant */
    struct isa_place parent_place;
    unsigned word, instruction_bits; /* 0 where not said */
    struct include { const char *file; struct isa_place place; } *includes;
    unsigned include_count;
    unsigned year; /* 0 where not said */
    struct isa_verdict verdicts[6]; /* one for each theorem at most, and one of guest mode */
    unsigned verdict_count;
    struct isa_hidden *hidden;
    unsigned hidden_count, hidden_capacity;
    struct declaration *declarations; /* in order */
};

struct unit *isa_parse(struct arena *arena, const char *file, const char *text, struct isa_diagnostics *diagnostics);

/* ---- The parser's parts (parse.c, parse_expression.c, parse_statement.c) ---------------------------------------------- */

struct parser {
    struct arena *arena;
    struct isa_diagnostics *diagnostics;
    const struct token *first, *token; /* of the text; the next one */
    const char *text;
    bool failed;    /* the paragraph is broken: go on at the next declaration */
    bool in_index;  /* inside [ ]: a colon belongs to the slice */
    unsigned depth;
};

bool isa_parser_at(const struct parser *parser, const char *spelling);
bool isa_parser_accept(struct parser *parser, const char *spelling);
bool isa_parser_expect(struct parser *parser, const char *spelling, const char *advice);
const char *isa_parser_name(struct parser *parser, const char *what);
const char *isa_parser_string(struct parser *parser, const char *what);
uint64_t isa_parser_number(struct parser *parser, const char *what, uint64_t least, uint64_t most);
void isa_parser_error(struct parser *parser, const struct token *at, const char *advice, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void isa_parse_verdict(struct parser *parser, struct unit *unit); /* after the word `verdict` */
void isa_check_verdicts(const struct isa *isa, struct isa_diagnostics *diagnostics);
void isa_parse_hidden(struct parser *parser, struct unit *unit); /* after the word `hidden` */
void isa_check_hidden(const struct isa *isa, struct isa_diagnostics *diagnostics);
bool isa_parser_enter(struct parser *parser); /* one level of nesting deeper; false, with a diagnostic, when too deep */
struct expression *isa_parse_expression(struct parser *parser);
struct expression **isa_parse_arguments(struct parser *parser, unsigned *count); /* after "(", up to and with ")" */
struct statement *isa_parse_block(struct parser *parser); /* { ... } */
void isa_parse_layout(struct parser *parser, struct declaration *declaration);

/* ---- The instruction set ---------------------------------------------------------------------------------------------- */

struct isa {
    struct arena *arena;
    const char *name, *title, *source, *parent;
    struct isa_place place; /* of its name in its file */
    unsigned word_bits, instruction_bits, slots;
    unsigned year;
    const struct isa_verdict *verdicts;
    unsigned verdict_count;
    const struct isa_hidden *hidden;
    unsigned hidden_count;

    struct isa_state *states;
    unsigned state_count;
    unsigned program_counter, mode; /* state numbers */
    int guest_mode;                 /* or -1 */
    unsigned own_mode;              /* of a guest view: what is `mode` outside of it */
    bool is_guest_view, is_trap_view;
    int duties[ISA_DUTIES];         /* state numbers, or -1 */
    struct isa_instruction *instructions;
    unsigned instruction_count;
    struct isa_program paragraphs[ISA_PARAGRAPHS];
    struct isa_cause *causes;
    unsigned cause_count;
    struct isa_port *ports;
    unsigned port_count;
    struct isa_constant *constants;
    unsigned constant_count;
    struct isa_cost *costs;
    unsigned cost_count;

    /* decode.c: chains of instructions by the bits that all of them fix */
    uint32_t key_mask;
    uint16_t *buckets;    /* first instruction number + 1 */
    uint16_t *bucket_next; /* by instruction number: the next one + 1 */
};

/* Puts `additions` (of `variant`, or NULL) into the list `declarations`. */
struct declaration *isa_merge(struct declaration *declarations, struct declaration *additions, const char *variant,
                              struct isa_diagnostics *diagnostics);
const char *isa_declaration_word(enum declaration_kind kind); /* "instruction", ... */
struct declaration *isa_declaration_find(struct declaration *list, enum declaration_kind kind, const char *name);

/* Makes the layout of an instruction: mask, match, fields. */
bool isa_make_layout(const struct declaration *declaration, struct isa_instruction *instruction,
                     struct isa_diagnostics *diagnostics);
void isa_check_disjoint(const struct isa *isa, struct declaration *const *declarations, struct isa_diagnostics *diagnostics);
void isa_make_decoder(struct isa *isa);

/* Fills `isa` from its declarations; what is wrong goes to the diagnostics. */
void isa_elaborate(struct isa *isa, struct declaration *declarations, struct isa_diagnostics *diagnostics);

/* ---- Making programs (builder.c, expression.c, statement.c) ----------------------------------------------------------- */

unsigned isa_node_operands(const struct isa_node *node); /* which are nodes: bit 0 a, bit 1 b, bit 2 c */

/* A program being made. Equal values share a node where the earlier one lies on every path to the later. */
struct builder {
    struct isa_node *nodes; /* ISA_LONGEST_PROGRAM of them */
    unsigned count, locals;
    uint16_t *visible; /* nodes that may be shared */
    unsigned visible_count;
    bool overflow;
};

unsigned isa_build(struct builder *builder, struct isa_node node);
unsigned isa_build_constant(struct builder *builder, unsigned width, uint64_t value);
unsigned isa_build_operation(struct builder *builder, enum isa_operator operator, unsigned width, unsigned a, unsigned b);
unsigned isa_build_not(struct builder *builder, unsigned a);
unsigned isa_build_extract(struct builder *builder, unsigned a, unsigned low, unsigned width);
unsigned isa_build_extend(struct builder *builder, unsigned a, unsigned width, bool sign);
bool isa_built_constant(const struct builder *builder, unsigned node, uint64_t *value);
/* Removes what no effect needs, and copies the program to the arena. */
struct isa_program isa_build_end(struct builder *builder, struct arena *arena, unsigned parameters);

struct binding { const char *name; unsigned node; };

enum { MOST_BINDINGS = 128, DEEPEST_CALL = 16 };

/* What an expression or statement is elaborated in. */
struct context {
    struct isa *isa;
    struct declaration *declarations;
    struct isa_diagnostics *diagnostics;
    struct builder *builder;
    const struct isa_instruction *instruction; /* whose fields can be named, or NULL */
    bool has_word;                             /* `instruction` can be named */
    bool in_translate;                         /* so that it does not translate itself */
    bool may_ignore;
    bool parameters_unknown; /* a function that nobody calls is looked through for errors: sizes need not be constant */
    unsigned conditional; /* inside the right side of `and`, `or`, or an `if then else`: nothing may trap */
    struct binding bindings[MOST_BINDINGS];
    unsigned binding_count, scope_start; /* names from scope_start on are visible */
    const char *calls[DEEPEST_CALL];     /* functions being inlined */
    unsigned call_count;
    /* what `return` does: in a paragraph it ends the program; in an inlined function it gives the result, through a
     * local variable and a jump where it stands inside an `if` */
    bool may_return, is_paragraph;
    unsigned return_width; /* 0: not known yet */
    unsigned result_node;  /* ISA_NONE: none yet */
    int result_local;      /* -1: none */
    unsigned jumps[64], jump_count; /* to patch to the function's end */
};

void isa_context_error(struct context *context, const struct isa_place *place, const char *advice, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool isa_context_bind(struct context *context, const struct isa_place *place, const char *name, unsigned node);
/* The node of an expression; `width` is what is asked for, 0 for any. After an error, some node of that width. */
unsigned isa_elaborate_expression(struct context *context, const struct expression *expression, unsigned width);
/* True where the value takes its width from its neighbours (numbers and what is made of numbers alone). */
bool isa_expression_flexible(const struct context *context, const struct expression *expression);
/* True when control can go past the end of the statements. */
bool isa_elaborate_statements(struct context *context, const struct statement *statements);
/* A call, built in or of a declared function: its value's node, or ISA_NONE where it has none. */
unsigned isa_elaborate_call(struct context *context, const struct expression *call, unsigned width);
/* Elaborates a function by itself, for its errors. */
void isa_check_function(struct context *context, const struct declaration *function);
bool isa_evaluate_constant(struct context *context, const struct expression *expression, uint64_t *value);
bool isa_evaluate_named_constant(struct context *context, const char *name, uint64_t *value);
int isa_find_state(const struct isa *isa, const char *name); /* its number, or -1 */
/* Forbids what may trap, or has an effect, where both sides of a choice are evaluated. */
void isa_context_effect(struct context *context, const struct isa_place *place);

#endif
