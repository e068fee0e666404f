/* header.c: the text of pg74.h: what C and GNU-assembler programs need to know of a machine. The instructions that GNU
 * as does not know become inline functions and macros, by their bits (header_instruction.c). */
#include "isa/header.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

extern const char isa_boot_declarations[]; /* the text of machine/boot.h: see isa/embed.c */

void isa_header_upper(FILE *stream, const char *name)
{
    for (; *name; name++)
        fputc(isalnum((unsigned char)*name) ? toupper((unsigned char)*name) : '_', stream);
}

void isa_header_comment(FILE *stream, const char *text)
{
    fputs("/* ", stream);
    for (; text && *text; text++) {
        fputc(*text, stream);
        if (*text == '*' && text[1] == '/')
            fputc(' ', stream);
    }
    fputs(" */\n", stream);
}

static void print_define(FILE *stream, const char *prefix, const char *name, uint64_t number, const char *doc)
{
    fprintf(stream, "#define PG74_%s", prefix);
    isa_header_upper(stream, name);
    fprintf(stream, number < 10 ? " %" PRIu64 "%s" : " 0x%" PRIx64 "%s", number, doc ? " " : "\n");
    if (doc)
        isa_header_comment(stream, doc);
}

static void print_numbers(const struct isa *isa, FILE *stream)
{
    fputs("\n/* ---- Numbers of this machine ---- */\n\n", stream);
    for (unsigned i = 0; i < isa_cause_count(isa); i++) {
        const struct isa_cause *cause = isa_cause_at(isa, i);
        print_define(stream, "CAUSE_", cause->name, cause->number, cause->doc);
    }
    fputs("\n/* Ports; those of unit i stand PG74_PORT_UNIT * i higher. */\n#define PG74_PORT_UNIT 0x100\n", stream);
    for (unsigned i = 0; i < isa_port_count(isa); i++) {
        const struct isa_port *port = isa_port_at(isa, i);
        print_define(stream, "PORT_", port->name, port->number, port->doc);
    }
    fputs("\n/* The specification's constants. */\n", stream);
    for (unsigned i = 0; i < isa_constant_count(isa); i++) {
        const struct isa_constant *constant = isa_constant_at(isa, i);
        print_define(stream, "", constant->name, constant->value, NULL);
    }
}

/* The boot module speaks of operators, roles and duties by number: the numbers of isa/isa.h. */
static void print_module_numbers(FILE *stream)
{
    static const char *const roles[] = {
        [ISA_ROLE_GENERAL] = "GENERAL",   [ISA_ROLE_PROGRAM_COUNTER] = "PROGRAM_COUNTER",
        [ISA_ROLE_MODE] = "MODE",         [ISA_ROLE_RELOCATION] = "RELOCATION",
        [ISA_ROLE_RESOURCE] = "RESOURCE", [ISA_ROLE_TIME] = "TIME",
        [ISA_ROLE_GUEST_MODE] = "GUEST_MODE"};
    static const char *const duties[] = {[ISA_DUTY_NOTHING] = "NOTHING",
                                         [ISA_DUTY_COUNTDOWN] = "COUNTDOWN",
                                         [ISA_DUTY_REQUESTS] = "REQUESTS",
                                         [ISA_DUTY_WAITING] = "WAITING",
                                         [ISA_DUTY_HALTED] = "HALTED",
                                         [ISA_DUTY_HALT_CODE] = "HALT_CODE",
                                         [ISA_DUTY_IDENTIFICATION] = "IDENTIFICATION"};
    fputs("\n/* Operators of the IR, roles and duties of states, in the boot module. */\nenum {\n", stream);
    for (unsigned i = 0; i < ISA_OPERATORS; i++)
        fprintf(stream, "    PG74_IR_%s = %u,\n", isa_operator_name((enum isa_operator)i), i);
    fprintf(stream, "    PG74_IR_OPERATORS = %u\n};\nenum {\n", (unsigned)ISA_OPERATORS);
    for (unsigned i = 0; i < sizeof roles / sizeof *roles; i++)
        fprintf(stream, "    PG74_ROLE_%s = %u,\n", roles[i], i);
    fputs("};\nenum {\n", stream);
    for (unsigned i = 0; i < sizeof duties / sizeof *duties; i++)
        fprintf(stream, "    PG74_DUTY_%s = %u,\n", duties[i], i);
    fprintf(stream, "    PG74_DUTIES = %u\n};\n", (unsigned)ISA_DUTIES);
    fprintf(
        stream,
        "enum {\n    PG74_LONGEST_PROGRAM = %u, PG74_MOST_LOCALS = %u, PG74_MOST_WRITES = %u,\n"
        "    PG74_MOST_PARAMETERS = %u\n};\n",
        (unsigned)ISA_LONGEST_PROGRAM, (unsigned)ISA_MOST_LOCALS, (unsigned)ISA_MOST_WRITES,
        (unsigned)ISA_MOST_PARAMETERS);
}

/* Objects at fixed addresses. Compilers take a pointer made of a small number for a mistake: the linker places them. */
static const char objects[] =
    "\n/* Placed by the linker script at 0x40 and 0x100. Never make a pointer out of these numbers: a compiler may\n"
    " * take what lies so near to address 0 for a null pointer's neighbour, and throw the access away. */\n"
    "extern volatile struct pg74_trap_area pg74_trap_area;\n"
    "extern volatile struct pg74_boot_block pg74_boot_block;\n";

void isa_print_header(const struct isa *isa, FILE *stream)
{
    fprintf(stream,
            "/* pg74.h: %s.\n * Made from the specification: what stands here is wrong only where that is.\n *\n"
            " * SPDX-License-Identifier: MIT-0 */\n#ifndef PG74_H\n#define PG74_H\n\n",
            isa_title(isa));
    fputs("#ifndef __ASSEMBLER__\n#include <stdint.h>\n\n", stream);
    fputs(isa_boot_declarations, stream);
    fputs(objects, stream);
    print_module_numbers(stream);
    fputs("#endif /* not __ASSEMBLER__ */\n", stream);
    print_numbers(isa, stream);
    /* Inline assembly passes RISC-V's registers and 32-bit words: other machines have none. */
    if (isa_word_bits(isa) == 32 && isa_instruction_bits(isa) == 32) {
        fputs("\n/* ---- Instructions that GNU as does not know ---- */\n", stream);
        isa_header_register_numbers(isa, stream);
        fputs("\n#ifndef __ASSEMBLER__\n", stream);
        for (unsigned i = 0; i < isa_instruction_count(isa); i++)
            if (!isa_is_standard(isa_instruction_at(isa, i)))
                isa_header_function(isa, isa_instruction_at(isa, i), stream);
        fputs("\n#else /* __ASSEMBLER__: operands in the order of the specification, separated by commas */\n", stream);
        for (unsigned i = 0; i < isa_instruction_count(isa); i++)
            if (!isa_is_standard(isa_instruction_at(isa, i)))
                isa_header_macro(isa_instruction_at(isa, i), stream);
        fputs("#endif /* __ASSEMBLER__ */\n", stream);
    }
    fputs("\n#endif\n", stream);
}
