/* header_instruction.c: one instruction as an inline function and as a macro of GNU as.
 *
 * Which registers an instruction reads and writes is found in its program; how its bits are put together decides the
 * form:
 *   - `.insn r` and `.insn i`, where operands stand where RISC-V's do: what GNU as writes, people can read;
 *   - a sum of shifted fields otherwise, the registers' numbers being symbols of the assembler (.Lpg74_a0 = 10). */
#include "isa/header.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

enum form { FORM_R, FORM_I, FORM_SUM, FORM_NONE };
enum { RD = 7, RS1 = 15, RS2 = 20, REGISTER_BITS = 5 };

/* An operand: a field that the syntax names, in its order. */
struct operand {
    const struct isa_field *field;
    bool reads, writes; /* ISA_REGISTER: the program does this with it */
    bool omitted;       /* an immediate in front of "(register)": C has addresses for that */
    bool address;       /* the register behind it */
};

struct form_of {
    const struct isa_instruction *instruction;
    struct operand operands[ISA_MOST_FIELDS];
    unsigned count, outputs;
    bool immediates, stores;
    enum form form;
};

bool isa_is_standard(const struct isa_instruction *instruction)
{
    const char *file = strrchr(instruction->place.file, '/');
    file = file ? file + 1 : instruction->place.file;
    return strncmp(file, "rv32", 4) == 0;
}

/* Whether the index of a register access is field `number`: by itself, or widened. */
static bool is_field(const struct isa_program *program, unsigned node, unsigned number)
{
    while (node != ISA_NONE && node < program->count) {
        const struct isa_node *index = &program->nodes[node];
        if (index->operator== ISA_FIELD)
            return index->a == number;
        if (index->operator!= ISA_ZERO_EXTEND && index->operator!= ISA_EXTRACT)
            return false;
        node = index->a;
    }
    return false;
}

static void find_accesses(const struct isa_instruction *instruction, struct operand *operand)
{
    const struct isa_program *program = &instruction->program;
    unsigned number = (unsigned)(operand->field - instruction->fields);
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        if (node->operator== ISA_READ && node->a == operand->field->state && is_field(program, node->b, number))
            operand->reads = true;
        if (node->operator== ISA_WRITE && node->a == operand->field->state && is_field(program, node->b, number))
            operand->writes = true;
    }
}

/* ---- The form of the encoding ----------------------------------------------------------------------------------- */

static uint32_t field_bits(const struct isa_instruction *instruction)
{
    uint32_t bits = 0;
    for (unsigned i = 0; i < instruction->field_count; i++)
        if (instruction->fields[i].in_syntax)
            bits |= isa_field_put(&instruction->fields[i], 0, UINT32_MAX);
    return bits;
}

static const struct operand *at_slot(const struct form_of *of, unsigned low, unsigned width, bool is_register)
{
    for (unsigned i = 0; i < of->count; i++) {
        const struct isa_field *field = of->operands[i].field;
        if (field->piece_count == 1 && field->pieces[0].word_low == low && field->pieces[0].field_low == 0 &&
            field->pieces[0].width == width && (field->kind == ISA_REGISTER) == is_register)
            return &of->operands[i];
    }
    return NULL;
}

static bool slot_fits(const struct form_of *of, unsigned low, unsigned width, bool is_register)
{
    uint32_t mask = ((UINT32_C(1) << width) - 1) << low;
    return (field_bits(of->instruction) & mask) == 0 || at_slot(of, low, width, is_register) != NULL;
}

static enum form find_form(const struct form_of *of)
{
    uint32_t bits = field_bits(of->instruction);
    for (unsigned i = 0; i < of->count; i++)
        if (of->operands[i].field->kind == ISA_RELATIVE)
            return FORM_NONE; /* GNU as has no distance that is a plain number when the linker may move code */
    bool common =
        (bits & 0x707f) == 0 && slot_fits(of, RD, REGISTER_BITS, true) && slot_fits(of, RS1, REGISTER_BITS, true);
    if (common && (bits >> 25) == 0 && slot_fits(of, RS2, REGISTER_BITS, true))
        return FORM_R;
    const struct operand *immediate = at_slot(of, RS2, 12, false);
    if (common && immediate && immediate->field->kind == ISA_SIGNED)
        return FORM_I;
    return FORM_SUM;
}

/* The operands of an instruction in the order of its syntax. */
static struct form_of describe(const struct isa_instruction *instruction)
{
    struct form_of of = {.instruction = instruction};
    for (const char *at = instruction->syntax; *at && of.count < ISA_MOST_FIELDS;) {
        size_t length = 0;
        while (isalnum((unsigned char)at[length]) || at[length] == '_')
            length++;
        for (unsigned i = 0; i < instruction->field_count && length; i++) {
            const struct isa_field *field = &instruction->fields[i];
            if (strlen(field->name) != length || memcmp(field->name, at, length) != 0)
                continue;
            struct operand *operand = &of.operands[of.count++];
            *operand = (struct operand){.field = field};
            operand->address = field->kind == ISA_REGISTER && at > instruction->syntax && at[-1] == '(';
            operand->omitted = field->kind != ISA_REGISTER && at[length] == '(';
            if (field->kind == ISA_REGISTER)
                find_accesses(instruction, operand);
            of.outputs += operand->writes;
            of.immediates = of.immediates || (field->kind != ISA_REGISTER && !operand->omitted);
        }
        at += length ? length : 1;
    }
    for (unsigned i = 0; i < instruction->program.count; i++)
        of.stores = of.stores || instruction->program.nodes[i].operator== ISA_STORE;
    of.form = find_form(&of);
    return of;
}

/* ---- The assembly ----------------------------------------------------------------------------------------------- */

/* What an operand is called in the assembly text. */
typedef void print_operand(const struct form_of *of, const struct operand *operand, FILE *stream);

static void print_in_c(const struct form_of *of, const struct operand *operand, FILE *stream)
{
    /* GCC numbers the outputs first. */
    unsigned number = 0;
    if (operand->omitted) {
        fputc('0', stream);
        return;
    }
    for (int output = 1; output >= 0; output--)
        for (unsigned i = 0; i < of->count; i++) {
            if (&of->operands[i] == operand && operand->writes == (output == 1)) {
                fprintf(stream, "%%%u", number);
                return;
            }
            number += !of->operands[i].omitted && of->operands[i].writes == (output == 1);
        }
}

static void print_in_macro(const struct form_of *of, const struct operand *operand, FILE *stream)
{
    (void)of;
    fprintf(stream, "\\%s", operand->field->name);
}

static void print_slot(const struct form_of *of, unsigned low, print_operand *print, FILE *stream)
{
    const struct operand *operand = at_slot(of, low, REGISTER_BITS, true);
    fputs(", ", stream);
    if (operand)
        print(of, operand, stream);
    else
        fprintf(stream, "x%u", of->instruction->match >> low & 31);
}

static void print_assembly(const struct form_of *of, print_operand *print, FILE *stream)
{
    uint32_t match = of->instruction->match;
    if (of->form == FORM_SUM) {
        fprintf(stream, ".4byte 0x%08" PRIx32, match);
        for (unsigned i = 0; i < of->count; i++) {
            const struct isa_field *field = of->operands[i].field;
            for (unsigned j = 0; j < field->piece_count && !(of->operands[i].omitted && print == print_in_c); j++) {
                struct isa_piece piece = field->pieces[j];
                fputs(field->kind == ISA_REGISTER ? " + (((.Lpg74_" : " + (((", stream);
                print(of, &of->operands[i], stream);
                fprintf(stream, ") >> %u & 0x%x) << %u)", piece.field_low, (1u << piece.width) - 1, piece.word_low);
            }
        }
        return;
    }
    fprintf(stream, ".insn %c 0x%02x, %u", of->form == FORM_R ? 'r' : 'i', match & 0x7f, match >> 12 & 7);
    if (of->form == FORM_R)
        fprintf(stream, ", %u", match >> 25);
    print_slot(of, RD, print, stream);
    print_slot(of, RS1, print, stream);
    if (of->form == FORM_R) {
        print_slot(of, RS2, print, stream);
    } else {
        fputs(", ", stream);
        print(of, at_slot(of, RS2, 12, false), stream);
    }
}

void isa_header_register_numbers(const struct isa *isa, FILE *stream)
{
    bool needed = false;
    const struct isa_state *registers = NULL;
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        struct form_of of = describe(isa_instruction_at(isa, i));
        if (isa_is_standard(of.instruction) || of.form != FORM_SUM)
            continue;
        needed = true;
        for (unsigned j = 0; j < of.count; j++)
            if (of.operands[j].field->kind == ISA_REGISTER)
                registers = isa_state_at(isa, of.operands[j].field->state);
    }
    if (!needed || !registers)
        return;
    fputs("\n/* The registers' numbers, for layouts that .insn does not have. */\n#ifdef __ASSEMBLER__\n", stream);
    for (unsigned i = 0; i < registers->count; i++)
        fprintf(stream, "    .equ .Lpg74_x%u, %u\n", i, i);
    for (unsigned i = 0; i < registers->count && registers->names; i++)
        fprintf(stream, "    .equ .Lpg74_%s, %u\n", registers->names[i], i);
    fputs("#else\n#define PG74_REGISTER_NUMBERS", stream);
    for (unsigned i = 0; i < registers->count; i++) {
        fprintf(stream, " \\\n    \".equ .Lpg74_x%u, %u\\n\"", i, i);
        if (registers->names)
            fprintf(stream, " \".equ .Lpg74_%s, %u\\n\"", registers->names[i], i);
    }
    fputs("\n#endif\n", stream);
}

/* ---- C ---------------------------------------------------------------------------------------------------------- */

/* `prefix` stands before the names of variables of the function's own, `end` ends its lines. */
static void print_statement(const struct form_of *of, bool macro, FILE *stream)
{
    const char *separator = "";
    fputs("__asm__ volatile(", stream);
    if (of->form == FORM_SUM)
        fputs("PG74_REGISTER_NUMBERS ", stream);
    fputc('"', stream);
    print_assembly(of, print_in_c, stream);
    fputs("\" : ", stream);
    for (unsigned i = 0; i < of->count; i++) {
        const struct operand *operand = &of->operands[i];
        if (!operand->writes)
            continue;
        bool pointer = of->outputs > 1;
        fprintf(stream, "%s\"%cr\"(%s%s%s)", separator, operand->reads ? '+' : '=', pointer ? "*" : "",
                macro ? "pg74_" : "", operand->field->name);
        separator = ", ";
    }
    fputs(*separator ? " : " : ": ", stream);
    separator = "";
    for (unsigned i = 0; i < of->count; i++) {
        const struct operand *operand = &of->operands[i];
        if (operand->writes || operand->omitted)
            continue;
        bool is_register = operand->field->kind == ISA_REGISTER;
        fprintf(stream, "%s\"%s\"(%s%s%s)", separator, is_register ? "r" : "i",
                macro && is_register ? "(uint32_t)(" : "", operand->field->name, macro && is_register ? ")" : "");
        separator = ", ";
    }
    fputs(*separator ? " : \"memory\");" : ": \"memory\");", stream);
}

/* Immediates must be constants where the compiler can see them: so these are macros. */
static void print_c_macro(const struct form_of *of, FILE *stream)
{
    const char *separator = "", *result = NULL;
    if (of->outputs > 1) {
        fputs("/* no C form: it has several results and an immediate */\n", stream);
        return;
    }
    fprintf(stream, "#define pg74_");
    for (const char *c = of->instruction->name; *c; c++)
        fputc(*c == '.' ? '_' : *c, stream);
    fputc('(', stream);
    for (unsigned i = 0; i < of->count; i++) {
        const struct operand *operand = &of->operands[i];
        if (operand->writes)
            result = operand->field->name;
        if (operand->omitted || (operand->writes && !operand->reads))
            continue;
        fprintf(stream, "%s%s", separator, operand->field->name);
        separator = ", ";
    }
    fputs(") \\\n    __extension__({ ", stream);
    for (unsigned i = 0; i < of->count; i++) {
        const struct operand *operand = &of->operands[i];
        if (operand->writes && operand->reads)
            fprintf(stream, "uint32_t pg74_%s = (%s); ", operand->field->name, operand->field->name);
        else if (operand->writes)
            fprintf(stream, "uint32_t pg74_%s; ", operand->field->name);
    }
    print_statement(of, true, stream);
    if (result)
        fprintf(stream, " pg74_%s;", result);
    fputs(" })\n", stream);
}

static void print_parameters(const struct form_of *of, FILE *stream)
{
    const char *separator = "";
    for (unsigned i = 0; i < of->count; i++) {
        const struct operand *operand = &of->operands[i];
        if (operand->omitted || (operand->writes && !operand->reads && of->outputs == 1))
            continue;
        const char *type = operand->writes && of->outputs > 1 ? "uint32_t *"
                           : !operand->address                ? "uint32_t "
                           : of->stores                       ? "volatile void *"
                                                              : "const volatile void *";
        fprintf(stream, "%s%s%s", separator, type, operand->field->name);
        separator = ", ";
    }
    fputs(*separator ? "" : "void", stream);
}

void isa_header_function(const struct isa *isa, const struct isa_instruction *instruction, FILE *stream)
{
    (void)isa;
    struct form_of of = describe(instruction);
    const char *result = NULL;
    fprintf(stream, "\n/* %s:%u: %s%s%s */\n", instruction->place.file, instruction->place.line, instruction->name,
            *instruction->syntax ? " " : "", instruction->syntax);
    if (instruction->doc)
        isa_header_comment(stream, instruction->doc);
    if (of.form == FORM_NONE) {
        fputs("/* no C form: it names a place in the program */\n", stream);
        return;
    }
    if (of.immediates) {
        print_c_macro(&of, stream);
        return;
    }
    for (unsigned i = 0; i < of.count; i++)
        if (of.operands[i].writes && of.outputs == 1)
            result = of.operands[i].field->name;
    fprintf(stream, "static inline %s pg74_", result ? "uint32_t" : "void");
    for (const char *c = instruction->name; *c; c++)
        fputc(*c == '.' ? '_' : *c, stream);
    fputc('(', stream);
    print_parameters(&of, stream);
    fputs(")\n{\n", stream);
    for (unsigned i = 0; i < of.count; i++)
        if (result && of.operands[i].writes && !of.operands[i].reads)
            fprintf(stream, "    uint32_t %s;\n", result);
    fputs("    ", stream);
    print_statement(&of, false, stream);
    if (result)
        fprintf(stream, "\n    return %s;", result);
    fputs("\n}\n", stream);
}

void isa_header_macro(const struct isa_instruction *instruction, FILE *stream)
{
    struct form_of of = describe(instruction);
    if (of.form == FORM_NONE)
        return;
    fprintf(stream, "    .macro pg74_%s", instruction->name);
    for (unsigned i = 0; i < of.count; i++)
        fprintf(stream, "%s %s", i ? "," : "", of.operands[i].field->name);
    fputs("\n    ", stream);
    print_assembly(&of, print_in_macro, stream);
    fputs("\n    .endm\n", stream);
}
