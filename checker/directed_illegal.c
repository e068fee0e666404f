/* directed_illegal.c: cases on purpose for words that are almost an instruction: one of the bits that its layout gives
 * is another. Where that is no instruction at all, it is illegal; a monitor that decodes too generously executes it. */
#include "checker/check.h"

enum { OPCODE_BITS = 7 };

unsigned checker_illegal_cases(const struct isa *isa)
{
    return isa_instruction_count(isa);
}

/* The handler goes on behind each, and mixes what it is told into the halt code. */
void checker_illegal_make(struct checker_case *made, const struct isa *isa, unsigned number)
{
    const struct isa_instruction *instruction = isa_instruction_at(isa, number);
    struct checker_program *program = &made->programs[0];
    snprintf(made->name, sizeof made->name, "directed: words that are almost %s", instruction->name);
    checker_case_say(program, "        .rodata\n        .org    @new_psw\n        .word   0, handler, 0, %#x\n"
                              "        .text\n_start:", CHECKER_CASE_MEMORY);
    for (unsigned bit = OPCODE_BITS; bit < isa_instruction_bits(isa); bit++) {
        uint32_t word = instruction->match ^ UINT32_C(1) << bit;
        if ((instruction->mask >> bit & 1) && isa_decode(isa, word) == NULL)
            checker_case_say(program, "        .word   %#x", word);
    }
    checker_case_say(program, "        halt    a0\nhandler:\n        lw      t0, @old_psw+4(zero)\n"
                              "        addi    t0, t0, 4\n        sw      t0, @old_psw+4(zero)\n"
                              "        lw      t1, @trap_value(zero)\n        add     a0, a0, a0\n"
                              "        xor     a0, a0, t1\n        lw      t1, @trap_cause(zero)\n"
                              "        add     a0, a0, t1\n        lpsw    @old_psw(zero)");
}
