/* header.h: what the files that make pg74.h share. Private to isa/. */
#ifndef PG74_ISA_HEADER_H
#define PG74_ISA_HEADER_H

#include "isa/isa.h"

/* Whether an instruction is RISC-V's own, which GNU as knows: its file is one of the parts rv32*.isa. */
bool isa_is_standard(const struct isa_instruction *instruction);

void isa_header_upper(FILE *stream, const char *name);
void isa_header_comment(FILE *stream, const char *text); /* with a line end */

/* What instructions of unusual layouts need, if there are any: the registers' numbers as assembler symbols. */
void isa_header_register_numbers(const struct isa *isa, FILE *stream);
void isa_header_function(const struct isa *isa, const struct isa_instruction *instruction, FILE *stream);
void isa_header_macro(const struct isa_instruction *instruction, FILE *stream);

#endif
