/* efficiency.c: the third property. "All innocuous instructions are executed by the hardware directly, with no
 * intervention at all on the part of the control program" (Popek and Goldberg 1974, section 3); so a program that only
 * computes must be executed so nearly altogether. */
#include "checker/check_result.h"

#include <string.h>

void checker_efficiency_make(struct checker_case *made, const struct isa *isa)
{
    struct checker_program *program = &made->programs[0];
    *made = (struct checker_case){.name = "efficiency: a program that computes", .program_count = 1};
    program->isa = isa;
    checker_case_say(program,
                     "        .rodata\n        .org    @new_psw\n        .word   0, handler, 0, %#x\n        .text",
                     CHECKER_CASE_MEMORY);
    if (isa_instruction_named(isa, "retu") != NULL)
        checker_case_say(program, "        la      t0, 1f\n        retu    t0\n1:");
    else
        checker_case_say(program, "        li      t0, 1\n        setflags t0");
    checker_case_say(program, "        li      t0, 2500\n1:\n        mul     a0, a0, t0\n        addi    a0, a0, 7\n"
                              "        xor     a1, a1, a0\n        addi    t0, t0, -1\n        bnez    t0, 1b\n"
                              "        ecall\nhandler:\n        halt    zero");
}

/* Does it come to the end of a guest that does nothing but halt? */
static struct checker_trial try_to_start(struct checker_supply *supply, const struct checker_monitor *monitor)
{
    struct checker_case made = {.name = "a guest that halts", .program_count = 1};
    checker_case_say(&made.programs[0], "        halt    zero");
    struct checker_trial trial = checker_try(supply, monitor, &made);
    checker_case_clear(&made);
    return trial;
}

/* Patience: more than the monitor has taken here, but never so little that one that translates or evaluates has no
 * chance. */
struct checker_trial checker_efficiency_try(struct checker_supply *supply, const struct checker_monitor *monitor)
{
    enum { LEAST = 250000, MOST = 1000000, EACH = 2500, EACH_DIRECT = 500 };
    struct checker_case made;
    supply->patience = MOST;
    supply->patience_per_step = checker_executes_directly(monitor) ? EACH_DIRECT : EACH;
    struct checker_trial trial = try_to_start(supply, monitor);
    if (trial.ended) {
        checker_trial_clear(&trial);
        checker_efficiency_make(&made, supply->isa);
        trial = checker_try(supply, monitor, &made);
        checker_case_clear(&made);
    }
    uint64_t twice = 2 * trial.monitor_instructions;
    if (trial.ended)
        supply->patience = twice < LEAST ? LEAST : twice < MOST ? twice : MOST;
    else if (trial.direct == 0 && checker_executes_directly(monitor))
        supply->patience = LEAST; /* it will not start in other cases, either */
    supply->patience_per_step = EACH;
    return trial;
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
