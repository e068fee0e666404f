/* assembler.h: what the files of the assembler share. Private to isa/.
 *
 * The text is read several times, from its beginning to its end, by the same code (assembler.c): the first pass finds
 * out how long everything is and so where the labels stand; the second resolves what was used before it was known; the
 * last one emits bytes and, alone, reports errors. Nothing may be longer in one pass than in another: whatever decides
 * a length
 * (.space, the form of li) is evaluated "early", from what has been defined so far in the same pass.
 */
#ifndef PG74_ISA_ASSEMBLER_H
#define PG74_ISA_ASSEMBLER_H

#include "isa/isa.h"

/* ---- Tokens (assembler_lexer.c) --------------------------------------------------------------------------------- */

enum isa_token_kind {
    ISA_TOKEN_END,    /* of the text */
    ISA_TOKEN_LINE,   /* end of a statement: the end of a line, or ';' */
    ISA_TOKEN_NAME,   /* letters, digits, '_', '.', '$' */
    ISA_TOKEN_NUMBER, /* also a character: 'a' */
    ISA_TOKEN_LOCAL,  /* 1b, 1f: a reference to a numeric label */
    ISA_TOKEN_STRING,
    ISA_TOKEN_SIGN, /* an operator or other punctuation of one or two characters */
    ISA_TOKEN_BAD,  /* see `problem` */
};

struct isa_token {
    enum isa_token_kind kind;
    const char *start;
    unsigned length;
    unsigned line, column;
    uint64_t number;     /* ISA_TOKEN_NUMBER, and the label's number of ISA_TOKEN_LOCAL */
    const char *problem; /* ISA_TOKEN_BAD: what is wrong, ... */
    const char *advice;  /* ... and what to do */
};

/* Where reading has got to; copying one is remembering a position. */
struct isa_cursor {
    const char *at;
    const char *line_start;
    unsigned line;
    bool template; /* in the expansion of a pseudo-instruction, not in the user's text */
};

/* Reads the next token. Comments and blanks are skipped. */
struct isa_token isa_token_next(struct isa_cursor *cursor);
struct isa_token isa_token_peek(const struct isa_cursor *cursor);
bool isa_token_is(const struct isa_token *token, const char *text);

/* Reads one character of a string or character literal, escapes resolved, and moves on; -1 when the escape is wrong. */
int isa_token_character(const char **at, const char *end);

/* ---- Symbols (assembler_symbols.c) ------------------------------------------------------------------------------ */

enum isa_section_number { ISA_TEXT, ISA_RODATA, ISA_DATA, ISA_BSS, ISA_SECTIONS, ISA_ABSOLUTE = ISA_SECTIONS };

/* A number, or an address as a distance from the start of a section. */
struct isa_value {
    bool known;
    enum isa_section_number section; /* ISA_ABSOLUTE: a plain number */
    uint64_t number;
};

struct isa_symbol {
    char *name;
    struct isa_value value;
    unsigned pass; /* the last pass that has defined it, 0: none */
    bool label;    /* and not .equ: may be defined once */
    bool early;    /* its value was known early */
    bool global;
    bool function; /* .type NAME, @function */
    unsigned line; /* of its definition */
    uint32_t hash;
    struct isa_symbol *next; /* in its bucket */
};

enum { ISA_SYMBOL_BUCKETS = 4096 };

struct isa_symbols {
    struct isa_symbol **list; /* in the order of appearance */
    size_t count, capacity;
    struct isa_symbol *buckets[ISA_SYMBOL_BUCKETS];
};

/* The symbol of a name, NULL when there is none; with `make` it is made, undefined (NULL: out of memory). */
struct isa_symbol *isa_symbols_find(struct isa_symbols *symbols, const char *name, size_t length, bool make);
void isa_symbols_free(struct isa_symbols *symbols);

/* ---- The assembler ---------------------------------------------------------------------------------------------- */

struct isa_section {
    const char *name;
    uint64_t base;  /* address of its start, once laid out */
    uint64_t start; /* the same as far as this pass has seen, and 0 as long as */
    bool placed;    /* is false: only .org and being the text place a section during a pass */
    uint32_t size;
    uint32_t capacity; /* of `bytes` */
    bool odd;          /* instructions stand at wrong addresses; that has been said */
    uint32_t alignment;
    uint8_t *bytes; /* in the last pass; NULL in .bss */
};

/* The %pcrel_hi of the instruction at `address`, for the %pcrel_lo that goes with it. */
struct isa_relative_high {
    uint64_t address, target;
};

/* The instructions from an offset of .text on come from a line of the source. */
struct isa_line {
    uint32_t offset;
    unsigned line;
};

/* An operand that a pseudo-instruction's template names: a register, or an expression in the user's text. */
struct isa_binding {
    const char *name;
    unsigned length;
    bool is_register;
    struct isa_cursor at;
};

enum {
    ISA_LAST_PASS = 3,
    ISA_LARGEST_IMAGE = 16 << 20,
    ISA_MOST_ERRORS = 100,
    ISA_DEEPEST_EXPRESSION = 200,
    ISA_LARGEST_ALIGNMENT = 1 << 20,
    ISA_MOST_BINDINGS = 4
};

struct isa_assembler {
    const struct isa *isa;
    const char *file, *text;
    struct isa_diagnostics *diagnostics;
    struct isa_cursor cursor;
    unsigned pass;
    unsigned depth; /* of the expression being read */
    bool quiet;     /* report nothing: a form is being tried */
    bool form_only; /* the operands have the wrong form: values do not matter */
    bool full;      /* the image is too large, or memory is: give up */
    bool laid_out;  /* the sections' bases are settled */
    enum isa_section_number section;
    struct isa_section sections[ISA_SECTIONS];
    struct isa_symbols symbols;
    struct isa_token statement; /* its first word, to which errors of expansions point */
    uint64_t statement_offset;  /* '.' in the user's text */
    struct isa_binding bindings[ISA_MOST_BINDINGS];
    unsigned binding_count;
    struct isa_relative_high *highs; /* sorted by address after the second pass */
    size_t high_count, high_capacity;
    struct isa_line *lines;
    size_t line_count, line_capacity;
};

/* Reports an error at a token, in the last pass alone. A token of an expansion is reported
 * where the user wrote the operand, or at the statement. */
void isa_assembler_error(struct isa_assembler *assembler, const struct isa_cursor *cursor,
                         const struct isa_token *token, const char *advice, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Where a symbol or label is defined; false with an error when its name is taken. */
bool isa_assembler_define(struct isa_assembler *assembler, const struct isa_token *name, const char *key, size_t length,
                          struct isa_value value, bool early, bool label);

/* Appends to the current section. Emitting anything but zeros in .bss is an error at `token`. */
bool isa_assembler_emit(struct isa_assembler *assembler, const struct isa_token *token, const void *bytes,
                        size_t length);
bool isa_assembler_fill(struct isa_assembler *assembler, const struct isa_token *token, uint64_t length, uint8_t byte);

/* The address reached, or the distance from the section's start while this pass has not placed it. */
uint64_t isa_assembler_here(const struct isa_assembler *assembler);

/* True where the rest of the statement is empty; else an error. */
bool isa_assembler_at_end(struct isa_assembler *assembler, struct isa_cursor *cursor);

/* ---- Expressions (assembler_expression.c) ----------------------------------------------------------------------- */

/* Reads an expression. False when it is not one (with an error unless quiet); a value that cannot be known (an
 * undefined symbol, or early: one defined later) has `known` false, with an error in the last pass unless `early`. */
bool isa_expression(struct isa_assembler *assembler, struct isa_cursor *cursor, bool early, struct isa_value *value);

/* An address or number as one number; false when the section's base is not settled. */
bool isa_value_number(const struct isa_assembler *assembler, const struct isa_value *value, int64_t *number);

/* Reads an expression that must be a number known here: the length of something. False with an error otherwise. */
bool isa_expression_early(struct isa_assembler *assembler, struct isa_cursor *cursor, int64_t least, int64_t most,
                          const char *what, int64_t *number);

/* ---- Instructions (assembler_instruction.c, assembler_pseudo.c) ------------------------------------------------- */

/* Assembles one machine instruction whose operands start at `cursor`. In `quiet` it only tells whether the operands
 * have the form that the instruction asks for; `reached` is then how far they had. */
bool isa_assembler_instruction(struct isa_assembler *assembler, const struct isa_instruction *instruction,
                               struct isa_cursor *cursor, const char **reached);

/* Whether any value would be out of a field's range, as far as it is known early. */
bool isa_assembler_fits(struct isa_assembler *assembler, const struct isa_instruction *instruction,
                        struct isa_cursor cursor);

/* Assembles a statement that begins with the mnemonic `assembler->statement`; the cursor is behind it. */
void isa_assembler_mnemonic(struct isa_assembler *assembler);

/* Fills up text with instructions that do nothing where the machine has one. */
bool isa_assembler_fill_code(struct isa_assembler *assembler, const struct isa_token *token, uint64_t length);

/* ---- Source lines (assembler_lines.c) --------------------------------------------------------------------------- */

/* Notes that the instruction about to be emitted belongs to the statement. */
void isa_assembler_note_line(struct isa_assembler *assembler);

/* The bytes of a section of debugging information (malloc; the caller frees them); false when out of memory. */
enum isa_debug_section { ISA_DEBUG_LINE, ISA_DEBUG_INFO, ISA_DEBUG_ABBREV, ISA_DEBUG_ARANGES };
bool isa_assembler_debug(const struct isa_assembler *assembler, enum isa_debug_section section, char **bytes,
                         size_t *size);

/* ---- Directives (assembler_directives.c), image (assembler_elf.c) ----------------------------------------------- */

void isa_assembler_directive(struct isa_assembler *assembler);
uint8_t *isa_assembler_image(struct isa_assembler *assembler, size_t *length);

/* ---- Shared with the disassembler (operands.c) ------------------------------------------------------------------ */

/* The number of the register of an array state that a name names ("a0", "x10", "fp"; "r2"), or -1. */
int isa_register_named(const struct isa_state *state, const char *name, size_t length);

/* Writes the assembly name of a register. */
void isa_register_name(const struct isa_state *state, unsigned number, char *buffer, size_t size);

/* Whether a name is a register of this machine. */
bool isa_is_register(const struct isa *isa, const char *name, size_t length);

/* The field that the operands of an instruction name, or NULL. */
const struct isa_field *isa_field_named(const struct isa_instruction *instruction, const char *name, size_t length);

/* The bits of a field's value that its pieces hold. */
uint32_t isa_field_mask(const struct isa_field *field);

/* Bytes of a machine word and of an instruction. */
unsigned isa_word_bytes(const struct isa *isa);
unsigned isa_instruction_bytes(const struct isa *isa);

#endif
