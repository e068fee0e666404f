/* isa.h: instruction sets as data. The only public header of isa/.
 *
 * A machine's instruction set is written once, in the specification language (docs/specification-language.md), and loaded
 * here into a `struct isa`: states, instructions, paragraphs and costs, their meaning as programs of a small typed
 * intermediate representation (IR). Decoder, assembler, disassembler, engines, classifier, monitors and reference manual
 * all walk that IR; none knows an instruction by name.
 *
 * Everything a `struct isa` hands out belongs to it, is read-only, and lives as long as it does. No function here keeps
 * mutable state outside the objects it is given.
 */
#ifndef PG74_ISA_H
#define PG74_ISA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- Diagnostics: what is wrong with somebody's text or file --------------------------------------------------------- */

/* Exit codes of the command line (sysexits.h has the same numbers). */
enum isa_exit { ISA_EXIT_USAGE = 64, ISA_EXIT_DATA = 65, ISA_EXIT_NO_INPUT = 66, ISA_EXIT_INTERNAL = 70 };

/* A stretch of a source text. `text` is the whole text, NUL-terminated, or NULL where there is none (binary files);
 * line and column count from 1, 0 for "the file as a whole". */
struct isa_place {
    const char *file;
    const char *text;
    unsigned line, column, length;
};

/* The place of `length` bytes from `at` on, which points into `text`. */
struct isa_place isa_place_in(const char *file, const char *text, const char *at, size_t length);

struct isa_diagnostics;

struct isa_diagnostics *isa_diagnostics_new(void);
void isa_diagnostics_free(struct isa_diagnostics *diagnostics);

/* Adds one error. `place` may be NULL; what it points to is copied. `advice` (one line, may be NULL) says what to do. */
void isa_diagnostics_error(struct isa_diagnostics *diagnostics, const struct isa_place *place, enum isa_exit exit_code,
                           const char *advice, const char *format, ...) __attribute__((format(printf, 5, 6)));

void isa_diagnostics_move(struct isa_diagnostics *from, struct isa_diagnostics *to); /* behind those that are there */
size_t isa_diagnostics_count(const struct isa_diagnostics *diagnostics);

/* How many errors there were, those not kept among them (said before, or too many): whoever wants to know whether something
 * went wrong compares this before and after. */
size_t isa_diagnostics_total(const struct isa_diagnostics *diagnostics);

/* The message of error `index`, without its place; for tests and for Lua. */
const char *isa_diagnostics_message(const struct isa_diagnostics *diagnostics, size_t index);
const char *isa_diagnostics_advice(const struct isa_diagnostics *diagnostics, size_t index); /* may be NULL */
void isa_diagnostics_position(const struct isa_diagnostics *diagnostics, size_t index, const char **file, unsigned *line,
                              unsigned *column);

/* Prints all errors, in the order of their places, each as
 *     FILE:LINE:COLUMN: error: MESSAGE
 *       the source line
 *           ^~~~
 *       advice: ADVICE
 */
void isa_diagnostics_print(const struct isa_diagnostics *diagnostics, FILE *stream);

/* The exit code that the first error calls for; 0 when there is none. */
int isa_diagnostics_exit_code(const struct isa_diagnostics *diagnostics);

/* Reads a whole file, NUL-terminated (malloc; the caller frees it). NULL, with a diagnostic, when it cannot. */
char *isa_read_file(const char *path, size_t *length, struct isa_diagnostics *diagnostics);

/* Writes a file whole or not at all: whoever reads it meanwhile, or after the power has failed, finds the old one or the new.
 * What is there and is no file (/dev/null, a pipe) is written to and not replaced. Returns 0, or errno. */
int isa_write_file(const char *path, const void *bytes, size_t length);
/* The same, without waiting for the disk: for what is written again soon. Whole for who reads it meanwhile, and whoever dies; not
 * after the power has failed. */
int isa_write_file_for_now(const char *path, const void *bytes, size_t length);

/* The next number of a sequence that any `*state` begins: the same on every host, for all who try things at random.
 * splitmix64, by Sebastiano Vigna (public domain). */
uint64_t isa_random(uint64_t *state);

/* A number with a comma after every three digits, "1,234,567", in the buffer that is given. */
enum { ISA_GROUPED = 32 };
const char *isa_grouped(uint64_t number, char buffer[ISA_GROUPED]);

/* How wide lines are: COLUMNS in the environment, or the terminal, or 100 where the stream is none. */
unsigned isa_columns(FILE *stream);

/* How many columns a text takes: a character of UTF-8 takes one, an escape sequence none. */
unsigned isa_text_columns(const char *text);

/* A text in lines, with a line's end after the last; the first begins at `column`, where the stream is already, the others
 * are indented. */
void isa_fold(const char *text, unsigned column, unsigned indent, FILE *stream);
void isa_fold_into(const char *text, unsigned column, unsigned indent, unsigned columns, FILE *stream); /* so many */

/* A text filled up with spaces to so many columns; or as much of it as fits into them, and then "...". */
void isa_pad(const char *text, unsigned columns, FILE *stream);
void isa_shorten(const char *text, unsigned columns, FILE *stream);

/* The escape sequence, or nothing where the stream is no terminal, or NO_COLOR in the environment forbids colours. */
const char *isa_colour(const char *escape, FILE *stream);

/* A text as HTML and XML have it, in an element or an attribute; what XML has no character for is left out. */
void isa_print_markup(const char *text, FILE *stream);

/* The nearer to a misspelt word of a candidate and the best one so far (NULL: none): `best` keeps its distance from
 * call to call, and starts as ISA_FAR. */
enum { ISA_FAR = 6 };
const char *isa_suggest(const char *candidate, const char *name, size_t length, unsigned *best, const char *so_far);

/* ---- The IR ---------------------------------------------------------------------------------------------------------- */

/* A program is an array of nodes. A node's operands are the numbers of earlier nodes, whose values they use; control only
 * goes forward (BRANCH, JUMP), so that every path is finite. Values are bit vectors of 1 to 64 bits, unsigned in a
 * uint64_t with the unused bits zero. Every operator is total.
 *
 * Reads see the state from before the program; its writes take effect together at its end, and a trap discards them.
 * (The effects of PORT_IN, PORT_OUT and DIAGNOSE happen at once; the language sees to it that no trap can follow them.) */
enum isa_operator {
    /* values without operands */
    ISA_CONSTANT,    /* constant */
    ISA_PARAMETER,   /* a: number of the paragraph's parameter */
    ISA_FIELD,       /* a: number of the instruction's field */
    ISA_INSTRUCTION, /* the instruction word */
    ISA_MEMORY_SIZE, /* bytes of physical memory */
    /* arithmetic and logic: a op b, both and the result of the node's width (comparisons: result 1 bit) */
    ISA_ADD, ISA_SUB, ISA_MUL,
    ISA_DIVIDE_UNSIGNED, ISA_DIVIDE_SIGNED, ISA_REMAINDER_UNSIGNED, ISA_REMAINDER_SIGNED, /* as RISC-V: x/0 = all ones, x%0 = x */
    ISA_AND, ISA_OR, ISA_XOR,
    ISA_SHIFT_LEFT, ISA_SHIFT_RIGHT_UNSIGNED, ISA_SHIFT_RIGHT_SIGNED, /* amounts of the width or more give 0 or all sign */
    ISA_EQUAL, ISA_LESS_UNSIGNED, ISA_LESS_SIGNED,
    /* widths */
    ISA_SELECT,      /* a (1 bit) ? b : c */
    ISA_EXTRACT,     /* `width` bits of a from bit `constant` up */
    ISA_CONCATENATE, /* a above b */
    ISA_ZERO_EXTEND, /* a */
    ISA_SIGN_EXTEND, /* a */
    /* the machine: reads */
    ISA_READ,      /* state a; b: the index node, or ISA_NONE for a scalar */
    ISA_LOAD,      /* physical address a, `constant` bytes (1, 2, 4), little-endian; beyond memory it reads as zero */
    ISA_TRANSLATE, /* virtual address a, size b, access c -> physical address: runs the function `translate`, may trap */
    ISA_PORT_IN,   /* port a */
    ISA_DIAGNOSE,  /* function a, argument b: 0 on a bare machine, a hypercall under a monitor */
    /* effects: no value */
    ISA_WRITE,    /* state a; b: the index node or ISA_NONE; value c */
    ISA_STORE,    /* physical address a, value b, `constant` bytes; beyond memory it is lost */
    ISA_PORT_OUT, /* port a, value b */
    /* local variables, of which inlined functions with several returns are made */
    ISA_LOCAL_SET, /* local a := node b */
    ISA_LOCAL_GET, /* local a */
    /* control */
    ISA_BRANCH, /* if node a (1 bit) is 0, go on at node `constant` */
    ISA_JUMP,   /* go on at node `constant` */
    ISA_TRAP,   /* cause `constant`, value a, access b: ends the program */
    ISA_IGNORE, /* `on interrupt` only: the interrupt is not taken now; ends the program */
    ISA_RETURN, /* `translate` and `on fetch` only: the result is a; ends the program */
    ISA_OPERATORS
};

#define ISA_NONE 0xffffu

struct isa_node {
    uint8_t operator; /* enum isa_operator */
    uint8_t width;    /* of its value in bits, 1 to 64; 0 where it has none */
    uint16_t a, b, c; /* see enum isa_operator; ISA_NONE where unused */
    uint64_t constant;
};

enum { ISA_LONGEST_PROGRAM = 4096, ISA_MOST_LOCALS = 32, ISA_MOST_WRITES = 64, ISA_MOST_PARAMETERS = 4 };

/* The end of the array ends the program. At most ISA_MOST_WRITES writes and stores lie on one path. */
struct isa_program {
    const struct isa_node *nodes;
    unsigned count;
    unsigned locals;
    unsigned parameters; /* each of word width */
};

/* "ADD", ...: for listings and generated code. */
const char *isa_operator_name(enum isa_operator operator);

/* Applies a pure operator of two values (ISA_ADD to ISA_LESS_SIGNED) of width `width`. The one place in this folder
 * where arithmetic is defined. */
uint64_t isa_apply(enum isa_operator operator, unsigned width, uint64_t a, uint64_t b);

/* A value's sign extended from `width` bits to 64. */
int64_t isa_signed(uint64_t value, unsigned width);

/* True where two programs mean the same by being the same, node for node (and so need the same state layout). */
bool isa_program_equal(const struct isa_program *a, const struct isa_program *b);

/* Prints a program, a node a line. */
void isa_program_print(const struct isa_program *program, FILE *stream);

/* ---- An instruction set ---------------------------------------------------------------------------------------------- */

enum isa_role {
    ISA_ROLE_GENERAL, ISA_ROLE_PROGRAM_COUNTER, ISA_ROLE_MODE, ISA_ROLE_RELOCATION, ISA_ROLE_RESOURCE, ISA_ROLE_TIME,
    ISA_ROLE_GUEST_MODE /* 1 in guest mode, where traps of some causes go to a host; at most one state */
};

/* What the engine does with a state by itself. At most one state has each duty but NOTHING. */
enum isa_duty {
    ISA_DUTY_NOTHING,
    ISA_DUTY_COUNTDOWN,      /* counts down by one at each retired instruction; reaching 0 requests cause `timer` */
    ISA_DUTY_REQUESTS,       /* bit i is a request for the interrupt with cause 16 + i */
    ISA_DUTY_WAITING,        /* while 1 no instruction is executed; an interrupt request makes it 0 */
    ISA_DUTY_HALTED,         /* 1 ends the run */
    ISA_DUTY_HALT_CODE,      /* the code it ended with */
    ISA_DUTY_IDENTIFICATION, /* set when the machine is made */
    ISA_DUTIES
};

/* A state variable: a scalar or an array. Element i stands in slot `slot + i` of the machine's state, one uint32_t a slot. */
struct isa_state {
    const char *name, *doc;
    unsigned width; /* bits of an element, 1 to 32 */
    unsigned count; /* elements; 1 for a scalar */
    bool is_array;
    unsigned slot;  /* of element 0 */
    int zero;       /* the element that reads as zero, or -1 */
    enum isa_role role;
    enum isa_duty duty;
    const char *const *names; /* the elements' names in assembly (ABI names), `count` of them, or NULL */
    const char *variant; /* the name of the variant that added or replaced it, or NULL */
};

enum isa_operand_kind { ISA_UNSIGNED, ISA_SIGNED, ISA_RELATIVE, ISA_REGISTER, ISA_SET };

/* A piece of a field: `width` bits that stand in the word from bit `word_low` up and in the field from bit `field_low` up. */
struct isa_piece { uint8_t word_low, field_low, width; };

enum { ISA_MOST_PIECES = 8, ISA_MOST_FIELDS = 8 };

struct isa_field {
    const char *name;
    unsigned width;              /* the highest bit named, plus one; low bits that no piece names are zero */
    enum isa_operand_kind kind;
    unsigned state;              /* ISA_REGISTER: number of the array it indexes */
    const char *letters;         /* ISA_SET: a letter a bit, bit 0 last, as in "iorw" for bits 3 to 0 */
    bool in_syntax;              /* named by the assembly syntax; a field that is not assembles as zero */
    unsigned piece_count;
    struct isa_piece pieces[ISA_MOST_PIECES];
};

struct isa_instruction {
    const char *name;    /* the mnemonic */
    const char *syntax;  /* the operands as written in the specification: "rd, imm(rs1)"; "" for none */
    const char *doc, *source;
    const char *layout;  /* the bits as written in the specification */
    const char *execute; /* the meaning as written, without the outer braces */
    struct isa_place place; /* where its paragraph begins; text is NULL */
    const char *variant;    /* the name of the variant that added or replaced it, or NULL */
    unsigned bits;          /* length of its word, 8 to 32 */
    uint32_t mask, match;   /* a word is this instruction when (word & mask) == match */
    unsigned field_count;
    struct isa_field fields[ISA_MOST_FIELDS];
    struct isa_program program;
    bool reads_port, writes_port; /* contains PORT_IN, PORT_OUT */
    bool loads_psw;               /* writes a state of role mode or relocation */
    bool may_trap;                /* contains TRAP or TRANSLATE */
};

enum isa_paragraph {
    ISA_ON_RESET,     /* parameter: entry */
    ISA_ON_TRAP,      /* parameters: cause, value, access */
    ISA_ON_INTERRUPT, /* parameter: cause; may end in IGNORE */
    ISA_ON_FETCH,     /* returns the instruction word at pc, or traps */
    ISA_ON_ILLEGAL,   /* INSTRUCTION is the word; traps */
    ISA_ON_TRANSLATE, /* parameters: virtual address, size, access; returns the physical address, or traps */
    ISA_PARAGRAPHS
};

struct isa_cause {
    const char *name, *doc;
    unsigned number;
    bool storage; /* about an address (memory, misaligned): not a privileged trap */
    bool exit;    /* leaves guest mode; the other traps of a guest are its own */
};

struct isa_port { const char *name, *doc; unsigned number; const char *variant; /* as of an instruction */ };
struct isa_constant { const char *name; uint64_t value; };

struct isa_override { const char *instruction; unsigned cycles; };
struct isa_cost {
    const char *name;
    unsigned instruction, trap, interrupt, psw, port; /* cycles */
    unsigned override_count;
    const struct isa_override *overrides;
};

struct isa;

const char *isa_name(const struct isa *isa);   /* "pg74", "x86:pg74" */
const char *isa_title(const struct isa *isa);
const char *isa_source(const struct isa *isa); /* may be NULL */
unsigned isa_year(const struct isa *isa);      /* of the source; 0 where it is not given */
const char *isa_parent(const struct isa *isa); /* the name of a variant's parent, or NULL */
unsigned isa_word_bits(const struct isa *isa);        /* 1 to 32 */
unsigned isa_instruction_bits(const struct isa *isa); /* 8, 16, 24 or 32: the same for every instruction */
unsigned isa_slots(const struct isa *isa);            /* slots of the whole state */

/* What the source says of a theorem of Popek and Goldberg, 1 to 3: that its condition holds; or that it fails, and by which
 * instructions (none: it does not say). `guest`: of guest mode in the place of user mode. Not inherited from a parent. The classifier does not look at it. */
struct isa_verdict { struct isa_place place; unsigned theorem; bool holds, guest; const char **by; unsigned count; };
unsigned isa_verdict_count(const struct isa *isa);
const struct isa_verdict *isa_verdict_at(const struct isa *isa, unsigned index);
void isa_print_verdict(const struct isa_verdict *verdict, FILE *stream); /* "theorem1 fails by popf, pushf" */

/* A violation of Theorem 1 that no guest sees under a monitor ("trap_and_emulate"), and why. Not inherited from a parent. Tests
 * hold the monitor to it; nothing else depends on it. */
struct isa_hidden { struct isa_place place; const char *monitor, *instruction, *reason; };
unsigned isa_hidden_count(const struct isa *isa);
const struct isa_hidden *isa_hidden_at(const struct isa *isa, unsigned index);
const char *isa_hidden_by(const struct isa *isa, const char *monitor, const char *instruction); /* the reason, or NULL */

unsigned isa_state_count(const struct isa *isa);
const struct isa_state *isa_state_at(const struct isa *isa, unsigned number);
const struct isa_state *isa_state_named(const struct isa *isa, const char *name);          /* or NULL */
const struct isa_state *isa_state_with_duty(const struct isa *isa, enum isa_duty duty);    /* or NULL */
const struct isa_state *isa_general_registers(const struct isa *isa); /* the first array of them, or NULL */
const struct isa_state *isa_program_counter(const struct isa *isa);
const struct isa_state *isa_mode(const struct isa *isa);
const struct isa_state *isa_own_mode(const struct isa *isa);   /* of a guest view: the mode outside of it */
const struct isa_state *isa_guest_mode(const struct isa *isa); /* or NULL */

/* A machine with guest mode as its host has to look at it; NULL for others. Guest mode has the role `mode`; what the host's
 * translation depends on has the role `relocation`; what entering and leaving guest mode exchange is the guest's own, and has the
 * role `general`; the rest is as it was. Of the traps, those with an `exit` cause go to the host. The caller frees it, before
 * `isa`, which it shares all else with. */
struct isa *isa_guest_view(const struct isa *isa);
bool isa_is_guest_view(const struct isa *isa);

/* Of a guest view the entry into traps and interrupts, as two instructions without operands: what the paragraphs `on trap` and
 * `on interrupt` do, with any cause, value and kind of access (they are taken from general registers). Where they leave guest
 * mode or ignore the interrupt, the instructions trap with an `exit` cause. `translate` is what it is for a guest that has just
 * been reset: its physical addresses. NULL where there are no registers or no such cause for that. As isa_guest_view. */
struct isa *isa_trap_view(const struct isa *guest_view);
bool isa_is_trap_view(const struct isa *isa);

unsigned isa_instruction_count(const struct isa *isa);
const struct isa_instruction *isa_instruction_at(const struct isa *isa, unsigned number);
const struct isa_instruction *isa_instruction_named(const struct isa *isa, const char *name); /* or NULL */
unsigned isa_instruction_number(const struct isa *isa, const struct isa_instruction *instruction);

const struct isa_program *isa_paragraph(const struct isa *isa, enum isa_paragraph paragraph); /* never NULL */

unsigned isa_cause_count(const struct isa *isa);
const struct isa_cause *isa_cause_at(const struct isa *isa, unsigned index);
const struct isa_cause *isa_cause_numbered(const struct isa *isa, unsigned number); /* or NULL */
const struct isa_cause *isa_cause_named(const struct isa *isa, const char *name);   /* or NULL */
unsigned isa_port_count(const struct isa *isa);
const struct isa_port *isa_port_at(const struct isa *isa, unsigned index);
const struct isa_port *isa_port_numbered(const struct isa *isa, unsigned number); /* of unit 0; or NULL */
const struct isa_port *isa_port_named(const struct isa *isa, const char *name);   /* or NULL */
unsigned isa_constant_count(const struct isa *isa);
const struct isa_constant *isa_constant_at(const struct isa *isa, unsigned index);
bool isa_constant_named(const struct isa *isa, const char *name, uint64_t *value);
unsigned isa_cost_count(const struct isa *isa);
const struct isa_cost *isa_cost_at(const struct isa *isa, unsigned index); /* 0 is the default preset */
const struct isa_cost *isa_cost_named(const struct isa *isa, const char *name); /* or NULL */

/* The cycles that a retired instruction costs under a preset: base or override, plus port, plus psw. */
unsigned isa_instruction_cycles(const struct isa_instruction *instruction, const struct isa_cost *cost);

/* ---- Loading --------------------------------------------------------------------------------------------------------- */

/* The specifications that are built in: their texts are part of the library. A `part` is only there to be included. */
struct isa_library_entry { const char *name; const char *file; const char *text; bool part; };
unsigned isa_library_count(void);
const struct isa_library_entry *isa_library_at(unsigned index); /* teaching set first, then by year */

/* Loads an instruction set by name ("pg74", "x86:pg74"), or from a file ("mine.isa", "mine.isa:pg74"). NULL, with one or
 * more diagnostics, when there is none or it is wrong. The caller frees it. */
struct isa *isa_load(const char *name, struct isa_diagnostics *diagnostics);

/* The same from a text; `file` names it in diagnostics, `over` (may be NULL) is the parent to put in place of its own. */
struct isa *isa_load_text(const char *file, const char *text, const char *over, struct isa_diagnostics *diagnostics);

void isa_free(struct isa *isa);

/* ---- Words ----------------------------------------------------------------------------------------------------------- */

/* The instruction of a word, or NULL when there is none. */
const struct isa_instruction *isa_decode(const struct isa *isa, uint32_t word);

/* A field's value in a word (low `width` bits; not sign-extended), and a word with a field set to a value. */
uint32_t isa_field_get(const struct isa_field *field, uint32_t word);
uint32_t isa_field_put(const struct isa_field *field, uint32_t word, uint32_t value);

/* The words that are no instruction, as disjoint patterns of '0', '1' and '-' from the highest bit down, in order. Calls
 * `each` for every pattern; stops early when it returns false. */
void isa_unassigned(const struct isa *isa, bool (*each)(void *context, const char *pattern), void *context);

/* ---- Evaluating: the reference meaning of the IR --------------------------------------------------------------------- */

/* The machine that a program runs on. The callbacks get `context`; those for memory are only called with whole accesses
 * below memory_size. `translated` may be NULL. */
struct isa_environment {
    void *context;
    uint32_t *state; /* isa_slots() of them */
    uint32_t memory_size;
    uint32_t (*load)(void *context, uint32_t address, unsigned bytes);
    void (*store)(void *context, uint32_t address, unsigned bytes, uint32_t value);
    uint32_t (*port_in)(void *context, uint32_t port);
    void (*port_out)(void *context, uint32_t port, uint32_t value);
    uint32_t (*diagnose)(void *context, uint32_t function, uint32_t argument);
    void (*translated)(void *context, uint32_t virtual_address, uint32_t physical_address, unsigned size, unsigned access);
};

enum isa_end { ISA_DONE, ISA_TRAPPED, ISA_IGNORED };
struct isa_outcome {
    enum isa_end end;
    uint32_t cause, value, access; /* ISA_TRAPPED */
    uint64_t result;               /* ISA_DONE after RETURN */
    bool set_countdown;            /* isa_execute: the state that counts down was written */
};

/* Executes one instruction word, which must be `instruction`'s: all its writes, and the program counter past it unless it
 * jumped; or, when it traps, none. Trap entry is the caller's next step (ISA_ON_TRAP). */
struct isa_outcome isa_execute(const struct isa *isa, const struct isa_instruction *instruction, uint32_t word,
                               const struct isa_environment *environment);

/* Runs a paragraph with its parameters (unused ones 0). `word` is what INSTRUCTION gives. */
struct isa_outcome isa_run(const struct isa *isa, enum isa_paragraph paragraph, const uint32_t parameters[ISA_MOST_PARAMETERS],
                           uint32_t word, const struct isa_environment *environment);

/* ---- Assembling and disassembling ------------------------------------------------------------------------------------ */

/* Assembles a source text into an ELF32 executable image (malloc; the caller frees it). NULL with diagnostics, all of
 * them at once, when it is wrong. docs/assembler.md is the manual. */
uint8_t *isa_assemble(const struct isa *isa, const char *file, const char *text, size_t *length,
                      struct isa_diagnostics *diagnostics);

/* Writes the assembly of a word that stands at `address` into `buffer`, as "addi a0, a0, 1"; words that are no instruction,
 * or that assembly cannot express, come as ".word 0x...". `symbol` (may be NULL) names an address for relative operands,
 * or gives NULL. */
void isa_disassemble(const struct isa *isa, uint32_t word, uint32_t address,
                     const char *(*symbol)(void *context, uint32_t address, uint32_t *offset), void *context, char *buffer,
                     size_t size);

/* ---- Generated texts ------------------------------------------------------------------------------------------------- */

/* pg74.h for guests and monitors: system instructions as inline functions (.insn), constants, structures. */
void isa_print_header(const struct isa *isa, FILE *stream);

/* A whole machine on one page, of 80 columns and at most ISA_CARD_LINES lines as long as the machine's own part fits: of a
 * variant too long for that, what it has from its parent is named only. And one instruction or all of them (`json`: as one
 * object). */
enum { ISA_CARD_LINES = 70 };
void isa_print_card(const struct isa *isa, FILE *stream);
int isa_print_instructions(const struct isa *isa, const char *instruction, bool json, FILE *stream,
                           struct isa_diagnostics *diagnostics);

#endif
