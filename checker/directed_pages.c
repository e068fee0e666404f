/* directed_pages.c: cases on purpose for machines with pages: a page table that changes, by whatever way, after what it maps
 * was used; pages with fewer rights; a bound within a page. Each begins with translation on, by a table at 0x8000
 * that maps every page to itself; s1 is the address of page 6, and t0 that of the table. */
#include "checker/check.h"

#include <string.h>

#define ENTRY_OF_6 "24(t0)"

static const struct { const char *name, *text; } cases[] = {
    {"pages: an entry that changes after its page was used",
     "        sw      s1, 0(s1)\n        li      t1, 0x701f\n        sw      t1, " ENTRY_OF_6 "\n        lw      a1, 0(s1)\n        halt    a1"},
    {"pages: an entry that goes after its page was used",
     "        lw      a0, 0(s1)\n        sw      zero, " ENTRY_OF_6 "\n        lw      a1, 0(s1)\n        halt    a1"},
    {"pages: the right to store goes after its page was stored to",
     "        sw      s1, 0(s1)\n        li      t1, 0x6003\n        sw      t1, " ENTRY_OF_6 "\n        sw      t1, 0(s1)\n        halt    zero"},
    {"pages: an entry changed at another address of the table, after a look",
     "        li      t1, 0x801f\n        sw      t1, 36(t0)\n        li      t2, 0x9000\n        lw      a0, 24(t2)\n"
     "        sw      s1, 0(s1)\n        li      t1, 0x701f\n        sw      t1, 24(t2)\n        lw      a1, 0(s1)\n        halt    a1"},
    {"pages: an entry changed at another address of the table",
     "        li      t1, 0x801f\n        sw      t1, 36(t0)\n        li      t2, 0x9000\n        sw      s1, 0(s1)\n"
     "        li      t1, 0x701f\n        sw      t1, 24(t2)\n        lw      a1, 0(s1)\n        halt    a1"},
    {"pages: an entry changed where translation is off",
     "        sw      s1, 0(s1)\n"
     "        setflags zero\n        li      t2, 0x701f\n        sw      t2, " ENTRY_OF_6 "\n        li      t1, 4\n        setflags t1\n        lw      a1, 0(s1)\n        halt    a1"},
    {"pages: entries that come from the disk",
     "        lw      a0, 0(s1)\n        li      t0, @disk_address\n        li      t1, 0x8018\n        out     t0, t1\n"
     "        li      t0, @disk_count\n        li      t1, 1\n        out     t0, t1\n        li      t0, @disk_command\n        out     t0, t1\n"
     "        li      t0, @disk_status\n1:\n        in      a0, t0\n        beq     a0, t1, 1b\n        lw      a1, 0(s1)\n        halt    a1"},
    {"pages: one that the supervisor has used, and the user may not",
     "        li      t1, 0x600f\n        sw      t1, " ENTRY_OF_6 "\n        lw      a0, 0(s1)\n        la      t1, 1f\n        retu    t1\n1:\n"
     "        lw      a1, 0(s1)\n        ecall"},
    {"pages: one that may be loaded from alone",
     "        li      t1, 0x6013\n        sw      t1, " ENTRY_OF_6 "\n        lw      a0, 0(s1)\n        sw      a0, 0(s1)\n        halt    zero"},
    {"pages: one that may not be executed",
     "        li      t1, 0x6017\n        sw      t1, " ENTRY_OF_6 "\n        lw      a0, 0(s1)\n        jr      s1"},
    {"pages: a bound within a page",
     "        li      t1, 0x6010\n        setr    t0, t1\n        lw      a0, 12(s1)\n        lw      a1, 16(s1)\n        halt    a1"},
    {"pages: code on a page that becomes another",
     "        .data\n        .org    0x9000\n        .word   0x150513, 0x8067\n        .org    0xa000\n        .word   0x250513, 0x8067\n        .text\n"
     "        li      t1, 0x901f\n        sw      t1, " ENTRY_OF_6 "\n        jalr    ra, 0(s1)\n        li      t1, 0xa01f\n"
     "        sw      t1, " ENTRY_OF_6 "\n        jalr    ra, 0(s1)\n        halt    a0"},
};
enum { CASES = sizeof cases / sizeof cases[0] };

/* With R as it is when translation is on, as a kernel does that makes its table now. */
static const char by_flags[] = "        li      t1, 0x10000\n        setr    t0, t1\n        sw      zero, 64(t0)\n        li      t1, 4\n"
                               "        setflags t1";

unsigned checker_paged_cases(const struct isa *isa)
{
    uint64_t value;
    return isa_constant_named(isa, "flag_translate", &value) ? CASES : 0;
}

void checker_paged_make(struct checker_case *made, const struct isa *isa, unsigned number)
{
    struct checker_program *program = &made->programs[0];
    snprintf(made->name, sizeof made->name, "directed: %s", cases[number].name);
    program->isa = isa;
    program->disk_sectors = 1;
    checker_case_say(program,
                     "        .rodata\n        .org    @new_psw\n        .word   0, handler, 0, %#x\n        .org    @save_area+64\n"
                     "        .word   4, on, 0x8000, %#x\n        .data\n        .org    0x8000", CHECKER_CASE_MEMORY, CHECKER_CASE_MEMORY);
    for (uint32_t page = 0; page < CHECKER_CASE_MEMORY; page += 0x4000)
        checker_case_say(program, "        .word   %#x, %#x, %#x, %#x", page + 0x1f, page + 0x101f, page + 0x201f, page + 0x301f);
    checker_case_say(program, "        .text\n_start:\n        li      t0, 0x8000\n%s\non:\n        li      s1, 0x6000",
                     strstr(cases[number].name, "translation is off") != NULL ? by_flags : "        lpsw    @save_area+64(zero)");
    checker_case_say(program, "%s\nhandler:\n        lw      a2, @trap_cause(zero)\n        halt    a2", cases[number].text);
}
