/* efficiency.c: the third property. "All innocuous instructions are executed by the hardware directly, with no
 * intervention at all on the part of the control program" (Popek and Goldberg 1974, section 3); so a program that only
 * computes must be executed so nearly altogether. */
#include "checker/check_result.h"

#include <string.h>

void checker_efficiency_make(struct checker_case *made, const struct isa *isa)
{
    struct checker_program *program = &made->programs[0];
    *made = (struct checker_case){.name = "efficiency: a program that computes", .program_count = 1};
    checker_case_say(program, "        .rodata\n        .org    0x50\n        .word   0, handler, 0, %#x\n        .text",
                     CHECKER_CASE_MEMORY);
    if (isa_instruction_named(isa, "retu") != NULL)
        checker_case_say(program, "        la      t0, 1f\n        retu    t0\n1:");
    else
        checker_case_say(program, "        li      t0, 1\n        setflags t0");
    checker_case_say(program, "        li      t0, 2500\n1:\n        mul     a0, a0, t0\n        addi    a0, a0, 7\n"
                              "        xor     a1, a1, a0\n        addi    t0, t0, -1\n        bnez    t0, 1b\n"
                              "        ecall\nhandler:\n        halt    zero");
}

static bool image_executes_directly(const struct machine_image *image)
{
    uint32_t address;
    return !machine_image_address(image, "vmm_executes_nothing_directly", &address);
}

bool checker_executes_directly(const struct checker_monitor *monitor)
{
    bool directly = image_executes_directly(monitor->image);
    for (unsigned i = 0; i < monitor->inner_count; i++)
        directly = directly && image_executes_directly(monitor->inner[i]);
    return directly;
}
