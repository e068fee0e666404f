/* generate.c: cases at random, with structure. A program has registers set to numbers that programs have, then pieces
 * (pieces.c) in both modes, and a handler that goes on after every trap, at most so many times. Its last act is to
 * leave its registers in memory, where they are compared even if the monitor executes nothing directly. */
#include "checker/check.h"

#include <stdlib.h>
#include <string.h>

enum {
    TRAPS = 40,     /* after so many the handler ends the program */
    TWO_GUESTS = 6, /* one case in so many has two; */
    TALKERS = 2,    /* of those one in so many has two that talk, */
    ROUNDS = 3,     /* at most so often each */
    STEPS = 4000,   /* the bare run ends within so many, */
    STEPS_OF_TALKERS = 20000,
};

bool checker_has(const struct checker_maker *maker, const char *instruction)
{
    return isa_instruction_named(maker->isa, instruction) != NULL;
}

uint32_t checker_below(struct checker_maker *maker, uint32_t limit)
{
    return checker_random_below(&maker->random, limit);
}

bool checker_one_in(struct checker_maker *maker, uint32_t count)
{
    return checker_below(maker, count) == 0;
}

uint32_t checker_some_number(struct checker_maker *maker)
{
    uint32_t number = (uint32_t)checker_random_next(&maker->random);
    switch (checker_below(maker, 7)) {
    case 0: return number % 64;
    case 1: return 0u - number % 64;
    case 2: return (UINT32_C(1) << checker_below(maker, 32)) - checker_below(maker, 3);
    case 3: return CHECKER_CASE_DATA + 4 * (number % 64);
    case 4: return CHECKER_CASE_MEMORY - 4 * (number % 8) + 4 * checker_below(maker, 4);
    case 5: return CHECKER_CASE_TEXT + number % 0x800;
    default: return number;
    }
}

const char *checker_some_register(struct checker_maker *maker)
{
    static const char *const names[] = {"a0", "a1", "a2", "a3", "a4", "a5", "s2", "s3"};
    return names[checker_below(maker, sizeof names / sizeof names[0])];
}

/* ---- Any instruction --------------------------------------------------------------------------------------------- */

/* The number of a register that programs use; results go only to those that nothing else depends on. */
static uint32_t some_operand(struct checker_maker *maker, const char *field, bool addresses)
{
    static const uint8_t free_registers[] = {10, 11, 12, 13, 14, 15, 18, 19}, pointers[] = {8, 9};
    if (addresses && strcmp(field, "rs1") == 0 && !checker_one_in(maker, 6))
        return pointers[checker_below(maker, 2)];
    if (checker_one_in(maker, 12))
        return 0;
    return free_registers[checker_below(maker, sizeof free_registers)];
}

void checker_some_instruction(struct checker_maker *maker, const struct isa_instruction *instruction)
{
    uint32_t word = instruction->match | ((uint32_t)checker_random_next(&maker->random) & ~instruction->mask);
    bool asks = checker_diagnoses(instruction); /* nothing in particular: some monitors would do more than answer */
    bool relative = false, addresses = strstr(instruction->syntax, "(rs1)") != NULL;
    char text[96];
    for (unsigned i = 0; i < instruction->field_count; i++) {
        const struct isa_field *field = &instruction->fields[i];
        if (field->kind == ISA_REGISTER) {
            uint32_t number = some_operand(maker, field->name, addresses);
            word = isa_field_put(field, word, asks && strcmp(field->name, "rd") != 0 ? 0 : number);
        }
        else if (field->kind == ISA_SIGNED && addresses && !checker_one_in(maker, 6))
            word = isa_field_put(field, word, 4 * checker_below(maker, 16));
        else if (field->kind == ISA_RELATIVE)
            word = isa_field_put(field, word, 0);
        relative |= field->kind == ISA_RELATIVE;
    }
    isa_disassemble(maker->isa, word, CHECKER_CASE_TEXT, NULL, NULL, text, sizeof text);
    char *last = relative ? strrchr(text, ' ') : NULL; /* the target, which is written last */
    if (last != NULL && strncmp(text, ".word", 5) != 0)
        strcpy(last, " 9f");
    checker_case_say(maker->program, "        %s", text);
}

/* ---- The frame --------------------------------------------------------------------------------------------------- */

static void say_start(struct checker_maker *maker)
{
    static const char *const registers[] = {"a0", "a1", "a2", "a3", "a4", "a5", "s2", "s3"};
    struct checker_program *program = maker->program;
    checker_case_say(program, "        .rodata\n        .org    @new_psw\n        .word   0, handler, 0, %#x",
                     CHECKER_CASE_MEMORY);
    checker_case_say(program, "        .data\n        .org    %#x\ndata:", CHECKER_CASE_DATA);
    for (unsigned i = 0; i < 12; i++)
        checker_case_say(program, "        .word   %#x", checker_some_number(maker));
    checker_case_say(program, "        .text\n_start:");
    for (unsigned i = 0; i < sizeof registers / sizeof registers[0]; i++)
        if (!checker_one_in(maker, 3))
            checker_case_say(program, "        li      %s, %#x", registers[i], checker_some_number(maker));
    checker_case_say(program, "        li      s0, %#x", CHECKER_CASE_DATA + 4 * checker_below(maker, 8));
    checker_case_say(program, "        li      s1, %#x", checker_one_in(maker, 2)
                                                             ? CHECKER_CASE_DATA + 0x400 + 4 * checker_below(maker, 64)
                                                             : checker_some_number(maker));
}

static void say_end(struct checker_maker *maker)
{
    struct checker_program *program = maker->program;
    if (maker->user)
        checker_case_say(program, "9:\n        ecall");
    checker_case_say(program, "9:\nend:");
    for (unsigned i = 0; i < 6; i++)
        checker_case_say(program, "        sw      a%u, @save_area+%u(zero)", i, 16 + 4 * i);
    checker_case_say(program, "        halt    a0");
}

/* Interrupts go on where they came; ecall changes to the other mode; after any other trap the next instruction
 * follows, unless there is none to fetch. */
static void say_handler(struct checker_maker *maker)
{
    struct checker_program *program = maker->program;
    checker_case_say(program, "handler:\n"
                              "        sw      t0, @save_area(zero)\n"
                              "        sw      t1, @save_area+4(zero)\n"
                              "        lw      t0, @save_area+12(zero)\n"
                              "        addi    t0, t0, 1\n"
                              "        sw      t0, @save_area+12(zero)\n"
                              "        li      t1, %d\n"
                              "        bgtu    t0, t1, end\n"
                              "        lw      t0, @trap_cause(zero)\n"
                              "        li      t1, 16\n"
                              "        bgeu    t0, t1, interrupted", TRAPS);
    if (checker_has(maker, "settimer") && checker_one_in(maker, 8))
        checker_case_say(program, "        li      t1, %u\n        settimer t1", 1 + checker_below(maker, 40));
    checker_case_say(program, "        lw      t1, @trap_access(zero)\n"
                              "        addi    t1, t1, -1\n"
                              "        beqz    t1, end\n"
                              "        li      t1, @supervisor_call\n"
                              "        bne     t0, t1, after\n"
                              "        lw      t1, @old_psw(zero)\n"
                              "        xori    t1, t1, 1\n"
                              "        sw      t1, @old_psw(zero)\n"
                              "after:\n"
                              "        lw      t1, @old_psw+4(zero)\n"
                              "        addi    t1, t1, 4\n"
                              "        sw      t1, @old_psw+4(zero)\n"
                              "interrupted:");
    if (checker_has(maker, "in") && checker_one_in(maker, 3)) /* whatever has interrupted: take what there is */
        checker_case_say(program, "        li      t1, @console_input\n        in      t1, t1");
    checker_case_say(program, "        lw      t0, @save_area(zero)\n"
                              "        lw      t1, @save_area+4(zero)\n"
                              "        lpsw    @old_psw(zero)");
}

/* `rounds`: how often it talks with the other guest; `own`: it is this one of the two. */
static void make_program(struct checker_maker *maker, unsigned pieces, unsigned rounds, unsigned own)
{
    say_start(maker);
    if (rounds > 0)
        checker_talk(maker, own, rounds);
    if (maker->paged && checker_has(maker, "lpsw") && checker_one_in(maker, 2))
        checker_page_table(maker);
    for (unsigned i = 0; i < pieces; i++) {
        checker_piece(maker);
        if (checker_one_in(maker, 3))
            checker_case_say(maker->program, "9:");
    }
    say_end(maker);
    say_handler(maker);
}

static void make_devices(struct checker_maker *maker)
{
    struct checker_program *program = maker->program;
    program->input_length = checker_below(maker, 12);
    for (unsigned i = 0; i < program->input_length; i++)
        program->input[i] = (uint8_t)checker_random_next(&maker->random);
    program->disk_sectors = 4;
    program->disk_key = checker_below(maker, 256);
}

void checker_generate(struct checker_case *made, const struct isa *isa, uint64_t seed, uint64_t number, bool network)
{
    struct checker_random random = {seed * UINT64_C(0x2545f4914f6cdd1d) + number};
    *made = (struct checker_case){.program_count = 1, .steps = STEPS};
    snprintf(made->name, sizeof made->name, "generated %llu of seed %llu", (unsigned long long)number,
             (unsigned long long)seed);
    random.state = checker_random_next(&random);
    if (checker_random_below(&random, TWO_GUESTS) == 0)
        made->program_count = 2;
    unsigned rounds = checker_random_below(&random, TALKERS) == 0 ? 1 + checker_random_below(&random, ROUNDS) : 0;
    for (unsigned i = 0; i < made->program_count; i++) {
        uint64_t value;
        made->programs[i].isa = isa;
        struct checker_maker maker = {.isa = isa, .random = {checker_random_next(&random)}, .network = network,
                                      .program = &made->programs[i],
                                      .paged = isa_constant_named(isa, "flag_translate", &value)};
        if (made->program_count == 1 || !network || !checker_can_talk(&maker))
            rounds = 0;
        made->steps = rounds > 0 ? STEPS_OF_TALKERS : STEPS;
        make_devices(&maker);
        make_program(&maker, 2 + checker_below(&maker, 10), rounds, i);
    }
}
