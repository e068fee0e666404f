/* directed_pages.c: cases on purpose for machines with pages: a page table that changes, by whatever way, after what
 * it maps was used; pages with fewer rights; a bound within a page; frames, and tables, that are not in the guest's
 * memory. Each begins with translation on, by the table below at 0x8000, which is t0. What changes is mostly its entry
 * for page 0, where USED lies. */
#include "checker/check.h"

#include <string.h>

#define USED "0x200(zero)"

static const char table[] =
    "        .data\n        .org    0x8000\n"
    "        .word   0x1f, 0x101f\n"
    "        .word   0x801f, 0x901f, 0xa01f\n"  /* pages 2 to 4: the table once more; two pages of code */
    "        .word   0x500f, 0x6013, 0x7017\n"  /* 5: not for users; 6: to be loaded from; 7: not to be executed */
    "        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f\n"
    "        .word   0x1001f, 0xfffff01f\n"    /* 14, 15: the frame after the last one, and one that is almost 2^32 */
    "        .org    0x9000\n        .word   0x150513, 0x8067\n" /* addi a0, a0, 1; ret */
    "        .org    0xa000\n        .word   0x250513, 0x8067\n" /* addi a0, a0, 2; ret */
    "        .text";

/* Where another guest is beside the one that is looked at: of what is no memory of a guest's, the hardware may have
 * some. */
enum beside { ALONE, FIRST, SECOND };

static const struct { const char *name, *text; enum beside beside; } cases[] = {
    {"pages: an entry that changes after its page was used",
     "        sw      t0, " USED "\n        lw      t1, 16(t0)\n        sw      t1, 0(t0)\n"
     "        lw      a1, " USED "\n        halt    a1", ALONE},
    {"pages: an entry that goes after its page was used",
     "        lw      a0, " USED "\n        sw      zero, 0(t0)\n        lw      a1, " USED "\n        halt    a1",
     ALONE},
    {"pages: the right to store goes after its page was stored to",
     "        sw      t0, " USED "\n        li      t1, 0x13\n        sw      t1, 0(t0)\n"
     "        sw      t1, " USED "\n        halt    zero", ALONE},
    {"pages: an entry that goes at another address of the table, after a look",
     "        li      t2, 0x2000\n        lw      a0, 0(t2)\n        lw      a0, " USED "\n"
     "        sw      zero, 0(t2)\n        lw      a1, " USED "\n        halt    a1", ALONE},
    {"pages: an entry that goes at another address of the table",
     "        li      t2, 0x2000\n        lw      a0, " USED "\n        sw      zero, 0(t2)\n"
     "        lw      a1, " USED "\n        halt    a1", ALONE},
    {"pages: an entry that goes where translation is off",
     "        lw      a0, " USED "\n        setflags zero\n        sw      zero, 0(t0)\n        li      t1, 4\n"
     "        setflags t1\n        lw      a1, " USED "\n        halt    a1", ALONE},
    {"pages: entries that come from the disk",
     "        lw      a0, " USED "\n        li      t1, @disk_address\n        out     t1, t0\n"
     "        li      t0, @disk_count\n        li      t1, 1\n        out     t0, t1\n"
     "        li      t0, @disk_command\n"
     "        out     t0, t1\n        idle\n        lw      a1, " USED "\n        halt    a1", ALONE},
    {"pages: one that the supervisor has used, and the user may not",
     "        li      s1, 0x5000\n        lw      a0, 0(s1)\n        la      t1, 1f\n        retu    t1\n1:\n"
     "        lw      a1, 0(s1)\n        ecall", ALONE},
    {"pages: one that may be loaded from alone",
     "        li      s1, 0x6000\n        lw      a0, 0(s1)\n        sw      a0, 0(s1)\n        halt    zero", ALONE},
    {"pages: one that may not be executed",
     "        li      s1, 0x7000\n        lw      a0, 0(s1)\n        jr      s1", ALONE},
    {"pages: a bound within a page",
     "        li      s1, 0x5000\n        li      t1, 0x5010\n        setr    t0, t1\n        lw      a0, 12(s1)\n"
     "        lw      a1, 16(s1)\n        halt    a1", ALONE},
    {"pages: code on a page that becomes another",
     "        li      s1, 0x3000\n        jalr    ra, 0(s1)\n        lw      t1, 16(t0)\n        sw      t1, 12(t0)\n"
     "        jalr    ra, 0(s1)\n        halt    a0", ALONE},
    {"pages: loading from a frame past the end of memory",
     "        li      s1, 0xe000\n        lw      a0, 0x40(s1)\n        halt    a0", FIRST},
    {"pages: storing to a frame past the end of memory",
     "        li      s1, 0xe000\n        sw      s1, 0x40(s1)\n        halt    zero", FIRST},
    {"pages: a user's loading from a frame past the end of memory",
     "        la      t1, 1f\n        retu    t1\n1:\n        li      s1, 0xe000\n        lw      a0, 0x40(s1)\n"
     "        ecall", FIRST},
    {"pages: a user's storing to a frame past the end of memory",
     "        la      t1, 1f\n        retu    t1\n1:\n        li      s1, 0xe000\n        sw      s1, 0x40(s1)\n"
     "        ecall", FIRST},
    {"pages: executing from a frame past the end of memory",
     "        li      s1, 0xe080\n        jr      s1", FIRST},
    {"pages: an entry that comes to name a frame past the end of memory, after its page was used",
     "        lw      a0, " USED "\n        lw      t1, 56(t0)\n        sw      t1, 0(t0)\n"
     "        lw      a1, " USED "\n        halt    zero", FIRST},
    {"pages: looking for a frame past the end of memory",
     "        li      s1, 0xe000\n        probe   a0, s1\n        loadreal a1, s1\n        halt    a0", FIRST},
    {"pages: loading from a frame whose end is that of the address space",
     "        li      s1, 0xf000\n        lw      a0, 0x40(s1)\n        halt    a0", SECOND},
    {"pages: storing to a frame whose end is that of the address space",
     "        li      s1, 0xf000\n        sw      s1, 0x40(s1)\n        halt    zero", FIRST},
    {"pages: a table past the end of memory",
     "        li      t1, 0x10080\n        li      t2, 0x2000\n        setr    t1, t2\n        halt    zero", FIRST},
    {"pages: a table over the end of memory",
     "        .data\n        .org    0xff00\n        .word   0x1f, 0x101f\n        .text\n"
     "        li      t1, 0xff00\n        li      t2, 0x61000\n        setr    t1, t2\n"
     "        li      s1, 0x60000\n        lw      a0, 0(s1)\n        halt    a0", FIRST}, /* its entry: at 0x10080 */
};
enum { CASES = sizeof cases / sizeof cases[0] };

static const char by_psw[] = "        lpsw    @save_area+64(zero)";

/* With R as it is when translation is on, as a kernel does that makes its table now. */
static const char by_flags[] =
    "        setr    t0, t0\n        sw      zero, 64(t0)\n        li      t1, 4\n        setflags t1";

unsigned checker_paged_cases(const struct isa *isa)
{
    uint64_t value;
    return isa_constant_named(isa, "flag_translate", &value) ? CASES : 0;
}

/* In its first page stands what the guest beside it could take for a page table. */
static void say_neighbour(struct checker_program *program, const struct isa *isa)
{
    program->isa = isa;
    checker_case_say(program, "        .rodata\n        .org    @save_area\n        .word   0x1f, 0x101f\n"
                              "        .text\n_start:\n        halt    zero");
}

void checker_paged_make(struct checker_case *made, const struct isa *isa, unsigned number)
{
    enum beside beside = cases[number].beside;
    struct checker_program *program = &made->programs[beside == SECOND];
    if (beside != ALONE) {
        made->program_count = 2;
        say_neighbour(&made->programs[beside == FIRST], isa);
    }
    snprintf(made->name, sizeof made->name, "directed: %s", cases[number].name);
    program->isa = isa;
    program->disk_sectors = 1;
    checker_case_say(program,
                     "        .rodata\n        .org    @new_psw\n        .word   0, handler, 0, %#x\n"
                     "        .org    @save_area+64\n"
                     "        .word   4, on, 0x8000, %#x\n%s\n_start:\n        li      t0, 0x8000\n%s\non:",
                     CHECKER_CASE_MEMORY, CHECKER_CASE_MEMORY, table,
                     strstr(cases[number].name, "translation is off") != NULL ? by_flags : by_psw);
    checker_case_say(program, "%s\nhandler:\n        lw      a2, @trap_cause(zero)\n        halt    a2",
                     cases[number].text);
}
