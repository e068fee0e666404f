/* directed.c: cases on purpose. First every instruction of the set, in both modes, with operands at the edges; then
 * the transitions of the PSW; then what needs a program of its own: traps, interrupts, devices, addresses. */
#include "checker/check.h"

#include <string.h>

/* ---- Every instruction ------------------------------------------------------------------------------------------- */

static const struct { uint32_t first, second; } operands[] = {
    {0, 0}, {1, 2}, {3, 0x80000000}, {0xffffffff, CHECKER_CASE_MEMORY}, {CHECKER_CASE_DATA, 0x10},
    {CHECKER_CASE_MEMORY - 4, 7}, {CHECKER_CASE_MEMORY, 0x20},
};
enum { OPERANDS = sizeof operands / sizeof operands[0], MODES = 2 };

static void frame(struct checker_program *program)
{
    checker_case_say(program,
                     "        .rodata\n        .org    @new_psw\n        .word   0, handler, 0, %#x\n"
                     "        .data\n        .org    %#x\n        .word   1, after, 0, %#x, 0x12345678, 0x89abcdef\n"
                     "        .org    %#x\n        .word   0x89abcdef\n        .text\n_start:",
                     CHECKER_CASE_MEMORY, CHECKER_CASE_DATA, CHECKER_CASE_MEMORY, CHECKER_CASE_MEMORY - 4);
}

/* A trap ends the program, and leaves its circumstances in the trap area. */
static void end(struct checker_program *program)
{
    checker_case_say(program, "after:\n        sw      a0, @save_area+16(zero)\n        halt    a0\n"
                              "handler:\n        sw      a0, @save_area+20(zero)\n"
                              "        lw      a3, @trap_cause(zero)\n"
                              "        halt    a3");
}

static void enter_user(struct checker_program *program, const struct isa *isa)
{
    if (isa_instruction_named(isa, "retu") != NULL)
        checker_case_say(program, "        la      t0, 1f\n        retu    t0\n1:");
    else
        checker_case_say(program, "        li      t0, 1\n        setflags t0");
}

/* rd a0, rs1 a1 and rs2 a2; an address has its register set to data. */
static void say_instruction(struct checker_program *program, const struct isa *isa,
                            const struct isa_instruction *instruction, uint32_t immediate)
{
    uint32_t word = instruction->match;
    bool relative = false;
    char text[96];
    for (unsigned i = 0; i < instruction->field_count; i++) {
        const struct isa_field *field = &instruction->fields[i];
        bool first = strcmp(field->name, "rs1") == 0, second = strcmp(field->name, "rs2") == 0;
        if (field->kind == ISA_REGISTER)
            word = isa_field_put(field, word, first ? 11 : second ? 12 : 10);
        else if (field->kind != ISA_RELATIVE && strstr(instruction->syntax, "(rs1)") == NULL)
            word = isa_field_put(field, word, immediate);
        relative |= field->kind == ISA_RELATIVE;
    }
    isa_disassemble(isa, word, CHECKER_CASE_TEXT, NULL, NULL, text, sizeof text);
    char *last = relative ? strrchr(text, ' ') : NULL;
    if (last != NULL && strncmp(text, ".word", 5) != 0)
        strcpy(last, " after");
    checker_case_say(program, "        %s", text);
}

static void make_instruction(struct checker_case *made, const struct isa *isa, unsigned number)
{
    const struct isa_instruction *instruction = isa_instruction_at(isa, number / (OPERANDS * MODES));
    unsigned choice = number % OPERANDS;
    bool user = number / OPERANDS % MODES != 0;
    struct checker_program *program = &made->programs[0];
    snprintf(made->name, sizeof made->name, "directed: %s for the %s, operands %#x and %#x", instruction->name,
             user ? "user" : "supervisor", operands[choice].first, operands[choice].second);
    frame(program);
    checker_case_say(program, "        li      a1, %#x\n        li      a2, %#x", operands[choice].first,
                     operands[choice].second);
    if (user)
        enter_user(program, isa);
    say_instruction(program, isa, instruction, operands[choice].first);
    checker_case_say(program, "        addi    a0, a0, 1"); /* left out by a branch that is taken */
    end(program);
}

/* ---- Every transition of the PSW --------------------------------------------------------------------------------- */

enum { FLAGS = 8 };

/* From the flags `before` to `then`, by a PSW load or by setting flags; and then a look at what they are. */
static void make_transition(struct checker_case *made, unsigned number)
{
    unsigned before = number % FLAGS, then = number / FLAGS % FLAGS;
    bool loads = number / FLAGS / FLAGS != 0;
    struct checker_program *program = &made->programs[0];
    snprintf(made->name, sizeof made->name, "directed: from flags %u to flags %u by %s", before, then,
             loads ? "lpsw" : "setflags");
    checker_case_say(program,
                     "        .rodata\n        .org    @new_psw\n        .word   %u, handler, 0, %#x\n"
                     "        .data\n        .org    %#x\npsw:\n        .word   %u, after, 0, %#x\n"
                     "        .text\n_start:\n        la      s0, psw",
                     before & 2, CHECKER_CASE_MEMORY, CHECKER_CASE_DATA, then, CHECKER_CASE_MEMORY);
    checker_case_say(program, "        li      t0, %u\n        setflags t0\n        li      t0, %u", before, then);
    checker_case_say(program, loads ? "        lpsw    0(s0)" : "        setflags t0");
    checker_case_say(program, "after:\n        getflags a0\n        spsw    @save_area+64(zero)\n        halt    a0\n"
                              "handler:\n        getflags a1\n        sw      a1, @save_area+20(zero)\n"
                              "        halt    a1");
}

/* ---- What needs a program of its own ----------------------------------------------------------------------------- */

static const struct special { const char *name, *text; } specials[] = {
    {"every register, over a visit of the monitor",
     "        li      x1, 257\n        li      x2, 258\n        li      x3, 259\n        li      x4, 260\n"
     "        li      x5, 261\n        li      x6, 262\n        li      x7, 263\n        li      x8, 264\n"
     "        li      x9, 265\n        li      x10, 266\n        li      x11, 267\n"
     "        li      x12, 268\n        li      x13, 269\n        li      x14, 270\n"
     "        li      x15, 271\n        li      x16, 272\n        li      x17, 273\n"
     "        li      x18, 274\n        li      x19, 275\n        li      x20, 276\n"
     "        li      x21, 277\n        li      x22, 278\n        li      x23, 279\n"
     "        li      x24, 280\n        li      x25, 281\n        li      x26, 282\n"
     "        li      x27, 283\n        li      x28, 284\n        li      x29, 285\n"
     "        li      x30, 286\n        li      x31, 287\n"
     "        getflags zero\n        halt    x31"},
    {"a trap in the handler of a trap",
     "        ecall\n        halt    zero\nhandler:\n        lw      a0, @old_psw+4(zero)\n        la      t0, second\n"
     "        sw      t0, @new_psw+4(zero)\n        ebreak\nsecond:\n        lw      a1, @old_psw+4(zero)\n"
     "        lw      a2, @trap_cause(zero)\n        halt    a2"},
    {"going on after a trap",
     "        ecall\n        addi    a0, a0, 1\n        halt    a0\nhandler:\n        lw      t0, @old_psw+4(zero)\n"
     "        addi    t0, t0, 4\n        sw      t0, @old_psw+4(zero)\n        lpsw    @old_psw(zero)"},
    {"a system call of a user, and back",
     "        la      t0, 1f\n        retu    t0\n1:\n        li      a0, 3\n        ecall\n        addi    a0, a0, 1\n"
     "        getflags a1\nhandler:\n        addi    a0, a0, 16\n        lw      t0, @old_psw+4(zero)\n"
     "        addi    t0, t0, 4\n        sw      t0, @old_psw+4(zero)\n        lw      t1, @trap_cause(zero)\n"
     "        li      t2, @supervisor_call\n"
     "        bne     t1, t2, end\n        lpsw    @old_psw(zero)\nend:\n        halt    a0"},
    {"the timer interrupts a supervisor",
     "        li      t0, 2\n        setflags t0\n        li      t0, 7\n        settimer t0\n1:\n"
     "        addi    a0, a0, 1\n"
     "        j       1b\nhandler:\n        lw      a1, @trap_cause(zero)\n        lw      a2, @old_psw(zero)\n"
     "        halt    a2"},
    {"the timer interrupts a user",
     "        li      t0, 2\n        setflags t0\n        li      t0, 9\n        settimer t0\n        la      t0, 1f\n"
     "        retu    t0\n1:\n        addi    a0, a0, 1\n        j       1b\nhandler:\n"
     "        lw      a1, @trap_cause(zero)\n"
     "        lw      a2, @old_psw(zero)\n        halt    a2"},
    {"the timer waits while interrupts are disabled",
     "        li      t0, 3\n        settimer t0\n        li      t1, 40\n1:\n        addi    t1, t1, -1\n"
     "        bnez    t1, 1b\n        gettimer a0\n        li      t0, 2\n        setflags t0\n1:\n"
     "        j       1b\nhandler:\n        lw      a1, @trap_cause(zero)\n        halt    a1"},
    {"a timer that is stopped",
     "        li      t0, 20\n        settimer t0\n        settimer zero\n        li      t0, 2\n        setflags t0\n"
     "        li      t1, 40\n1:\n        addi    t1, t1, -1\n        bnez    t1, 1b\n        halt    t1\nhandler:\n"
     "        li      a0, 99\n        halt    a0"},
    {"two timer interrupts",
     "        li      t0, 2\n        setflags t0\n        settimer t0\n1:\n        addi    a0, a0, 1\n"
     "        j       1b\n"
     "handler:\n        addi    s2, s2, 1\n        li      t0, 2\n        beq     s2, t0, end\n        li      t0, 11\n"
     "        settimer t0\n        lpsw    @old_psw(zero)\nend:\n        halt    s2"},
    {"waiting for the timer",
     "        li      t0, 2\n        setflags t0\n        li      t0, 50\n        settimer t0\n        idle\n"
     "        halt    a0\nhandler:\n        lw      a1, @trap_cause(zero)\n        lpsw    @old_psw(zero)"},
    {"waiting for what is requested already",
     "        li      t0, 1\n        settimer t0\n        nop\n        idle\n        halt    a0"},
    {"a request, and interrupts disabled once more",
     "        li      t0, 1\n        settimer t0\n        nop\n        setflags zero\n        li      t0, 2\n"
     "        setflags t0\n"
     "        idle\n1:\n        j       1b\nhandler:\n        lw      a1, @trap_cause(zero)\n        halt    a1"},
    {"a request that setting the timer takes back",
     "        li      t0, 1\n        settimer t0\n        nop\n        settimer zero\n        li      t0, 2\n"
     "        setflags t0\n        nop\n        halt    a0\nhandler:\n        lw      a1, @trap_cause(zero)\n"
     "        halt    a1"},
    {"waiting for nothing", "        idle\n        halt    zero"},
    {"a long computation with interrupts disabled",
     "        li      t1, 9000\n1:\n        addi    t1, t1, -1\n        bnez    t1, 1b\n        halt    t1"},
    {"console output",
     "        li      t0, @console_output\n        li      t1, 72\n        out     t0, t1\n        halt    t1"},
    {"console input",
     "        li      t0, @console_input\n        in      a0, t0\n        in      a1, t0\n        in      a2, t0\n"
     "        li      t0, @console_status\n"
     "        in      a3, t0\n        halt    a0"},
    {"console status, while there is input and when there is none left",
     "        li      t0, @console_status\n        in      a0, t0\n        li      t1, @console_input\n"
     "        in      a1, t1\n        in      a1, t1\n"
     "        in      a1, t1\n        in      a2, t0\n        halt    a0"},
    {"the size of the disk", "        li      t0, @disk_size\n        in      a0, t0\n        halt    a0"},
    {"the console interrupts",
     "        li      t0, @console_control\n        li      t1, 1\n        out     t0, t1\n        li      t0, 2\n"
     "        setflags t0\n"
     "        idle\n        nop\nhandler:\n        lw      a0, @trap_cause(zero)\n"
     "        li      t0, @console_input\n        in      a1, t0\n"
     "        halt    a1"},
    {"reading from the disk",
     "        li      t0, @disk_sector\n        li      t1, 1\n        out     t0, t1\n"
     "        li      t0, @disk_address\n        li      t1, 0x5000\n"
     "        out     t0, t1\n        li      t0, @disk_count\n        li      t1, 1\n        out     t0, t1\n"
     "        li      t0, @disk_command\n"
     "        out     t0, t1\n        li      t0, @disk_status\n1:\n        in      a0, t0\n        li      t1, 1\n"
     "        beq     a0, t1, 1b\n"
     "        lw      a1, 0(s0)\n        li      t0, 0x5000\n        lw      a2, 0(t0)\n        halt    a2"},
    {"writing to the disk",
     "        li      t0, @disk_address\n        li      t1, 0x4000\n        out     t0, t1\n"
     "        li      t0, @disk_count\n        li      t1, 1\n"
     "        out     t0, t1\n        li      t0, @disk_command\n        li      t1, 2\n        out     t0, t1\n"
     "        li      t0, 2\n"
     "        setflags t0\n        idle\n        nop\nhandler:\n        lw      a0, @trap_cause(zero)\n"
     "        li      t0, @disk_status\n"
     "        in      a1, t0\n        halt    a1"},
    {"console output while the disk is busy, and the disk's status after that",
     "        li      t0, @disk_command\n        li      t1, 1\n        out     t0, t1\n"
     "        li      t0, @console_output\n"
     "        li      t1, 72\n        out     t0, t1\n        li      t0, @disk_status\n        li      t1, 1\n1:\n"
     "        in      a0, t0\n"
     "        beq     a0, t1, 1b\n        in      a1, t0\n        li      t0, @console_output\n"
     "        out     t0, a0\n        halt    a1"},
    {"a disk transfer whose end wraps around",
     "        li      t0, @disk_address\n        li      t1, 0xffffff00\n        out     t0, t1\n"
     "        li      t0, @disk_count\n        li      t1, 1\n"
     "        out     t0, t1\n        li      t0, @disk_command\n        li      t1, 1\n        out     t0, t1\n"
     "        li      t0, @disk_status\n"
     "1:\n        in      a0, t0\n        li      t1, 1\n        beq     a0, t1, 1b\n        halt    a0"},
    {"a disk transfer that ends after memory",
     "        li      t0, @disk_address\n        li      t1, 0xff00\n        out     t0, t1\n"
     "        li      t0, @disk_count\n        li      t1, 1\n"
     "        out     t0, t1\n        li      t0, @disk_command\n        li      t1, 1\n        out     t0, t1\n"
     "        li      t0, @disk_status\n"
     "1:\n        in      a0, t0\n        li      t1, 1\n        beq     a0, t1, 1b\n        halt    a0"},
    {"the last word of memory, and the one after it",
     "        li      t0, 0xfffc\n        sw      t0, 0(t0)\n        lw      a0, 0(t0)\n        lw      a1, 4(t0)\n"
     "        halt    a0\n"
     "handler:\n        lw      a2, @trap_value(zero)\n        halt    a2"},
    {"an address that wraps around",
     "        li      t0, -4\n        lw      a0, 0(t0)\n        halt    a0\nhandler:\n"
     "        lw      a2, @trap_value(zero)\n        halt    a2"},
    {"a bound that leaves out the program's data",
     "        li      t1, 0x4000\n        setr    zero, t1\n        lw      a0, 0(s0)\n        halt    a0\nhandler:\n"
     "        lw      a2, @trap_value(zero)\n        lw      a3, @old_psw+12(zero)\n        halt    a2"},
    {"a result for x0", "        getbound zero\n        mv      a0, zero\n        halt    a0"},
    {"a PSW with low bits in base and bound",
     "        .data\n        .balign 16\npsw:\n        .word   0, moved - 0x800, 0x80f, 0x800b\n        .text\n"
     "        la      t0, psw\n        lpsw    0(t0)\nmoved:\n        getbase a0\n        getbound a1\n"
     "        halt    a0"},
    {"addresses at the bound and before it",
     "        li      t1, 0x5000\n        setr    zero, t1\n        probe   a0, t1\n        addi    t0, t1, -1\n"
     "        probe   a1, t0\n        loadreal a2, t0\n        loadreal a3, t1\n        halt    a3\nhandler:\n"
     "        lw      a4, @trap_value(zero)\n        halt    a4"},
    {"a bound greater than memory",
     "        li      t1, -1\n        setr    zero, t1\n        getbound a0\n        li      t0, 0x10000\n"
     "        lw      a1, 0(t0)\n"
     "        halt    a0\nhandler:\n        lw      a2, @trap_value(zero)\n        halt    a2"},
    {"a base that is not zero",
     "        .data\n        .balign 16\npsw:\n        .word   0, moved - 0x800, 0x800, 0x8000\n        .text\n"
     "        la      t0, psw\n        lpsw    0(t0)\nmoved:\n        getbase a0\n        lw      a1, 0x40(s0)\n"
     "        loadreal a2, zero\n        probe   a3, a1\n        ecall\nhandler:\n"
     "        lw      a4, @old_psw+8(zero)\n        halt    a4"},
    {"jumping out of memory",
     "        li      t0, 0x10000\n        jr      t0\nhandler:\n        lw      a0, @old_psw+4(zero)\n"
     "        lw      a1, @trap_access(zero)\n"
     "        halt    a1"},
    {"running over the end of memory",
     "        li      t0, 0xfffc\n        li      t1, 0x13\n        sw      t1, 0(t0)\n        jr      t0\nhandler:\n"
     "        lw      a0, @old_psw+4(zero)\n        lw      a1, @trap_access(zero)\n        halt    a1"},
    {"a program that changes itself",
     "        la      t0, 1f\n        lw      t1, 0(t0)\n        la      t0, 2f\n        sw      t1, 0(t0)\n"
     "        nop\n2:\n"
     "        addi    a0, a0, 1\n        halt    a0\n1:\n        addi    a0, a0, 5\n        halt    a0"},
    {"a program that changes an instruction for the monitor",
     "        la      t0, 1f\n        lw      t1, 0(t0)\n        li      t2, 2\n2:\n        getbase a0\n"
     "        la      t0, 2b\n"
     "        sw      t1, 0(t0)\n        addi    t2, t2, -1\n        bnez    t2, 2b\n        halt    a0\n1:\n"
     "        getbound a0"},
    {"an instruction that the monitor has executed, and then another in its place",
     "        li      t2, 2\n2:\n        probe   a0, s0\n        la      t0, 1f\n        lw      t1, 0(t0)\n"
     "        la      t0, 2b\n        sw      t1, 0(t0)\n        addi    t2, t2, -1\n        bnez    t2, 2b\n"
     "        halt    a0\n1:\n        loadreal a0, s0"},
    {"such instructions on a page that has become data, and then code again",
     "        .data\n        .org    0x5000\n        probe   a0, s0\n        ret\n        loadreal a0, s0\n"
     "        .text\n        li      s1, 0x5000\n        jalr    ra, 0(s1)\n        lw      t1, 8(s1)\n"
     "        li      t2, 8\n1:\n        sw      t2, 16(s1)\n        addi    t2, t2, -1\n        bnez    t2, 1b\n"
     "        sw      t1, 0(s1)\n        jalr    ra, 0(s1)\n        halt    a0"},
    {"code that the disk replaces",
     "        .data\n        .org    0x5000\n        .word   0x8067\n        .text\n" /* ret */
     "        li      t2, 0x5000\n        jalr    ra, 0(t2)\n        li      t0, @disk_address\n"
     "        out     t0, t2\n"
     "        li      t0, @disk_count\n        li      t1, 1\n        out     t0, t1\n"
     "        li      t0, @disk_command\n"
     "        out     t0, t1\n        idle\n        jalr    ra, 0(t2)\nhandler:\n"
     "        lw      a0, @trap_cause(zero)\n"
     "        halt    a0"},
    {"what follows a call of the monitor, whose answer nobody wants",
     "        diag    zero, zero, zero\n        addi    a0, a0, 1\n        halt    a0"},
    {"the PSW stored over the trap area",
     "        spsw    @save_area+64(zero)\n        lw      a0, @save_area+64(zero)\n"
     "        lw      a1, @save_area+68(zero)\n        lw      a2, @save_area+72(zero)\n"
     "        lw      a3, @save_area+76(zero)\n        halt    a3"},
    {"a PSW at the bound",
     "        setr    zero, s0\n        lpsw    0(s0)\n        halt    zero\nhandler:\n"
     "        lw      a0, @old_psw+4(zero)\n"
     "        halt    a0"},
    {"a PSW stored at the bound",
     "        setr    zero, s0\n        spsw    0(s0)\n        halt    zero\nhandler:\n"
     "        lw      a0, @trap_access(zero)\n"
     "        halt    a0"},
    {"a PSW at an odd address",
     "        lpsw    4(s0)\n        halt    zero\nhandler:\n        lw      a0, @trap_value(zero)\n"
     "        halt    a0"},
    {"an instruction that needs the supervisor, in a handler's user mode",
     "        la      t0, 1f\n        retu    t0\n1:\n        li      a0, 5\n        halt    a0\nhandler:\n"
     "        lw      a1, @trap_value(zero)\n"
     "        lw      a2, @old_psw(zero)\n        halt    a2"},
};
enum { SPECIALS = sizeof specials / sizeof specials[0] };

/* Beside another guest: what goes wrong with one guest's transfer hits another; and a console, or a disk, may be
 * another's. */
static void add_neighbour(struct checker_case *made, const char *name)
{
    bool console = strncmp(name, "console", 7) == 0 || strcmp(name, "the size of the disk") == 0;
    if (!console && strstr(name, "disk transfer") == NULL)
        return;
    made->program_count = 2;
    if (console) { /* the first unit's is the one that is used by mistake */
        made->programs[1] = made->programs[0];
        made->programs[0] = (struct checker_program){0};
    }
    checker_case_say(&made->programs[console ? 0 : 1], "        halt    zero");
}

void checker_directed_say(struct checker_program *program, const struct isa *isa, const char *text)
{
    program->isa = isa;
    checker_case_say(program,
                     "        .rodata\n        .org    @new_psw\n        .word   0, %s, 0, %#x\n"
                     "        .data\n        .org    %#x\n        .word   0x12345678, 0x89abcdef\n"
                     "        .text\n_start:\n        li      s0, %#x",
                     strstr(text, "handler:") ? "handler" : "0", CHECKER_CASE_MEMORY, CHECKER_CASE_DATA,
                     CHECKER_CASE_DATA);
    checker_case_say(program, "%s", text);
}

static void make_special(struct checker_case *made, const struct isa *isa, unsigned number)
{
    const struct special *special = &specials[number];
    struct checker_program *program = &made->programs[0];
    snprintf(made->name, sizeof made->name, "directed: %s", special->name);
    memcpy(program->input, "hi\n", 3);
    program->input_length = 3;
    program->disk_sectors = 4;
    checker_directed_say(program, isa, special->text);
    add_neighbour(made, special->name);
}

/* ---- All of them ------------------------------------------------------------------------------------------------- */

static unsigned transitions(const struct isa *isa)
{
    return isa_instruction_named(isa, "setflags") != NULL ? 2 * FLAGS * FLAGS : 0;
}

/* The specials come first: what is wrong with a monitor shows best there. */
unsigned checker_directed_count(const struct isa *isa)
{
    return SPECIALS + checker_paged_cases(isa) + checker_network_cases(isa) + transitions(isa) +
           checker_directed_instructions(isa);
}

unsigned checker_directed_instructions(const struct isa *isa)
{
    return isa_instruction_count(isa) * OPERANDS * MODES + checker_illegal_cases(isa);
}

bool checker_directed_needs_network(const struct isa *isa, unsigned number)
{
    unsigned before = SPECIALS + checker_paged_cases(isa);
    return number >= before && number - before < checker_network_cases(isa);
}

void checker_directed_make(struct checker_case *made, const struct isa *isa, unsigned number)
{
    unsigned paged = SPECIALS + checker_paged_cases(isa), after = paged + checker_network_cases(isa);
    *made = (struct checker_case){.program_count = 1};
    made->programs[0].isa = isa;
    if (number < SPECIALS)
        make_special(made, isa, number);
    else if (number < paged)
        checker_paged_make(made, isa, number - SPECIALS);
    else if (number < after)
        checker_network_make(made, isa, number - paged);
    else if (number - after < transitions(isa))
        make_transition(made, number - after);
    else if (number - after - transitions(isa) < checker_illegal_cases(isa))
        checker_illegal_make(made, isa, number - after - transitions(isa));
    else
        make_instruction(made, isa, number - after - transitions(isa) - checker_illegal_cases(isa));
}
