/* Page tables in use while they change: each program runs under both engines, whole and in pieces, and gives the number
 * that it must. Long enough that translations are cached where they are. */
#include "tests/machine/guest.h"

/* Every page at its own place with all rights, by a table at 0x8000 that a trap turns off; then the program goes on at
 * `begin`, translated. t0 is the table. */
#define PAGES                                                                                                          \
    "_start:\n  la t0, handler\n  sw t0, 0x54(zero)\n  li t0, 0x8000\n  li t1, 0\n  li t2, 256\n"                      \
    "fill: slli t3, t1, 12\n  ori t3, t3, 31\n  slli t4, t1, 2\n  add t4, t4, t0\n  sw t3, 0(t4)\n"                    \
    "  addi t1, t1, 1\n  bne t1, t2, fill\n  li t1, 0x100000\n  setr t0, t1\n  sw t0, 0x58(zero)\n"                    \
    "  sw t1, 0x5c(zero)\n  li t1, 4\n  setflags t1\n  j begin\n"
#define NO_HANDLER "handler: li a0, 0xbad\n  halt a0\n"

static void gives(const char *text, uint32_t expected)
{
    for (unsigned way = 0; way < 8; way++) { /* outside of guest mode pg74h is the same */
        struct machine_options options = {.engine = way & 1 ? MACHINE_FAST : MACHINE_REFERENCE};
        struct guest guest = guest_start_on(way & 4 ? "pg74h" : "pg74p", text, &options);
        enum machine_stop stop = MACHINE_LIMIT;
        for (unsigned i = 0; i < 20000 && stop == MACHINE_LIMIT; i++)
            stop = machine_run(guest.machine, way & 2 ? 7 : 100000);
        assert_int_equal(stop, MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), expected);
        guest_free(&guest);
    }
}

/* 100 times: add what page 0x20 holds, and map it to the other frame: 1 and 2 in turn. */
static void entry_changes(void **state)
{
    (void)state;
    gives(PAGES NO_HANDLER
          "begin: li t1, 0x20000\n  li t2, 0x21000\n  li t3, 1\n  sw t3, 0(t1)\n  li t3, 2\n  sw t3, 0(t2)\n"
          "  li a0, 0\n  li t4, 100\n  li t5, 0x2001f\n  li t6, 0x21000 ^ 0x20000\n"
          "again: lw t3, 0(t1)\n  lw t3, 0(t1)\n  add a0, a0, t3\n  xor t5, t5, t6\n  sw t5, 0x80(t0)\n"
          "  addi t4, t4, -1\n  bnez t4, again\n  halt a0\n", 150);
}

/* A byte of an entry, and a store through the page whose entry it changes: what is stored then goes elsewhere. */
static void store_through_what_it_changes(void **state)
{
    (void)state;
    gives(PAGES NO_HANDLER
          "begin: li t1, 0x30000\n  li t2, 0x801f\n  sw t2, 0xc0(t0)\n" /* page 0x30 is the table itself */
          "  li a0, 0\n  li t4, 50\n"
          "again: li t2, 0x2001f\n  sw t2, 0xc0(t1)\n"  /* no more: it is page 0x20 */
          "  sw t4, 0(t1)\n  lw t3, 0(t1)\n  add a0, a0, t3\n"
          "  li t2, 0x801f\n  sw t2, 0xc0(t0)\n"         /* it is again */
          "  lbu t3, 0xc1(t1)\n  add a0, a0, t3\n"        /* 0x80 */
          "  addi t4, t4, -1\n  bnez t4, again\n"
          "  li t1, 0x20000\n  lw t3, 0(t1)\n  add a0, a0, t3\n  halt a0\n", 50 * 51 / 2 + 50 * 0x80 + 1);
}

/* A function at 0x40000, in one frame and in another. */
static void code_is_mapped_elsewhere(void **state)
{
    (void)state;
    gives(PAGES NO_HANDLER
          "one: addi a0, a0, 1\n  ret\n"
          "two: addi a0, a0, 2\n  ret\n"
          "begin: la t1, one\n  li t2, 0x40000\n  lw t3, 0(t1)\n  sw t3, 0(t2)\n  lw t3, 4(t1)\n  sw t3, 4(t2)\n"
          "  li t2, 0x41000\n  lw t3, 8(t1)\n  sw t3, 0(t2)\n  lw t3, 12(t1)\n  sw t3, 4(t2)\n"
          "  li a0, 0\n  li t4, 100\n  li t5, 0x4001f\n  li t6, 0x41000 ^ 0x40000\n  li s0, 0x40000\n"
          "again: jalr ra, 0(s0)\n  jalr ra, 0(s0)\n  xor t5, t5, t6\n  sw t5, 0x100(t0)\n"
          "  addi t4, t4, -1\n  bnez t4, again\n  halt a0\n", 300);
}

/* The page being executed is mapped to a copy of itself that differs in the next instruction. */
static void page_being_executed(void **state)
{
    (void)state;
    gives(PAGES NO_HANDLER
          "begin: li t1, 0x1000\n  li t2, 0x41000\n  li t3, 1024\n"
          "copy: lw t4, 0(t1)\n  sw t4, 0(t2)\n  addi t1, t1, 4\n  addi t2, t2, 4\n  addi t3, t3, -1\n  bnez t3, copy\n"
          "  la t1, next\n  la t2, other\n  lw t3, 0(t2)\n  li t4, 0x40000\n  add t1, t1, t4\n  sw t3, 0(t1)\n"
          "  li a0, 0\n  li t4, 60\n  li t5, 0x101f\n  li t6, 0x41000 ^ 0x1000\n"
          "again: xor t5, t5, t6\n  sw t5, 4(t0)\n"
          "next: addi a0, a0, 1\n"
          "  addi t4, t4, -1\n  bnez t4, again\n  halt a0\n"
          "other: addi a0, a0, 3\n", 120);
}

/* Two instructions in a row in two pages; the second one's frame changes. */
static void fetch_across_pages(void **state)
{
    (void)state;
    gives(PAGES NO_HANDLER
          "one: addi a0, a0, 1\n"
          "two: addi a0, a0, 2\n  ret\n"
          "begin: la t1, one\n  lw t2, 0(t1)\n  lw t3, 4(t1)\n  lw t4, 8(t1)\n"
          "  li t1, 0x40ffc\n  sw t2, 0(t1)\n  sw t2, 4(t1)\n  sw t4, 8(t1)\n"
          "  li t2, 0x60000\n  sw t3, 0(t2)\n  sw t4, 4(t2)\n"
          "  li a0, 0\n  li t4, 100\n  li t5, 0x4101f\n  li t6, 0x41000 ^ 0x60000\n"
          "again: jalr ra, 0(t1)\n  jalr ra, 0(t1)\n  xor t5, t5, t6\n  sw t5, 0x104(t0)\n"
          "  addi t4, t4, -1\n  bnez t4, again\n  halt a0\n", 2 * 50 * (2 + 3));
}

/* Rights come and go: each kind of access traps when its own is missing. The handler gives all of them, and counts. */
static void rights(void **state)
{
    (void)state;
    gives(PAGES
          "handler: sw t3, 0x80(zero)\n  lw t3, 0x68(zero)\n  add a0, a0, t3\n  li t3, 0x4001f\n  sw t3, 0x100(t0)\n"
          "  lw t3, 0x80(zero)\n  lpsw 0x40(zero)\n"
          "function: ret\n"
          "begin: la t1, function\n  lw t2, 0(t1)\n  li t1, 0x40000\n  sw t2, 0(t1)\n  li a0, 0\n  li t4, 40\n"
          "again: li t2, 0x4001f\n  sw t2, 0x100(t0)\n  jalr ra, 0(t1)\n  lw t3, 8(t1)\n  sw t3, 8(t1)\n" /* nothing */
          "  li t2, 0x40017\n  sw t2, 0x100(t0)\n  lw t3, 8(t1)\n  sw t3, 8(t1)\n  jalr ra, 0(t1)\n"      /* 1 */
          "  li t2, 0x4001b\n  sw t2, 0x100(t0)\n  jalr ra, 0(t1)\n  lw t3, 8(t1)\n  sw t3, 8(t1)\n"      /* 3 */
          "  li t2, 0x40019\n  sw t2, 0x100(t0)\n  jalr ra, 0(t1)\n  lw t3, 8(t1)\n  sw t3, 8(t1)\n"      /* 2 */
          "  addi t4, t4, -1\n  bnez t4, again\n  halt a0\n", 40 * 6);
}

/* The supervisor may access what is not the user's; and the user's turn comes right after. */
static void modes(void **state)
{
    (void)state;
    gives(PAGES
          "handler: sw t3, 0x80(zero)\n  lw t3, 0x60(zero)\n  addi t3, t3, -4\n  beqz t3, call\n"
          "  addi a0, a0, 1\n  lw t3, 0x44(zero)\n  addi t3, t3, 4\n  sw t3, 0x44(zero)\n"
          "  lw t3, 0x80(zero)\n  lpsw 0x40(zero)\n"
          "call: bnez t4, back\n  halt a0\n"
          "back: li t3, 4\n  sw t3, 0x40(zero)\n  la t3, again\n  sw t3, 0x44(zero)\n  lpsw 0x40(zero)\n"
          "begin: li t1, 0x20000\n  li t2, 0x2000f\n  sw t2, 0x80(t0)\n  li a0, 0\n  li t4, 30\n"
          "again: lw t3, 0(t1)\n  sw t3, 0(t1)\n  la t3, user\n  retu t3\n"
          "user: lw t3, 0(t1)\n  sw t3, 0(t1)\n  addi t4, t4, -1\n  ecall\n", 60);
}

/* Translation off and on: the same address, two places. Then a table for another address space, and back. */
static void switched(void **state)
{
    (void)state;
    gives(PAGES NO_HANDLER
          "begin: li t1, 0x20000\n  li t2, 0x21000\n  li t3, 1\n  sw t3, 0(t1)\n  li t3, 100\n  sw t3, 0(t2)\n"
          "  li t3, 0x2101f\n  sw t3, 0x80(t0)\n  li a0, 0\n  li t4, 50\n  li s0, 0x100000\n  li s1, 0x18000\n"
          "  li t3, 0x101f\n  sw t3, 4(s1)\n  li t3, 0x2001f\n  sw t3, 0x80(s1)\n"
          "again: li t3, 4\n  setflags t3\n  lw t3, 0(t1)\n  add a0, a0, t3\n"
          "  setflags zero\n  lw t3, 0(t1)\n  add a0, a0, t3\n"
          "  li t3, 4\n  setflags t3\n  setr s1, s0\n  lw t3, 0(t1)\n  add a0, a0, t3\n  setr t0, s0\n"
          "  addi t4, t4, -1\n  bnez t4, again\n  halt a0\n", 50 * (100 + 1 + 1));
}

/* An address space that ends within a page; an access that would reach out of its page. */
static void edges(void **state)
{
    (void)state;
    gives(PAGES
          "handler: sw t3, 0x80(zero)\n  lw t3, 0x60(zero)\n  add a0, a0, t3\n  lw t3, 0x44(zero)\n"
          "  addi t3, t3, 4\n  sw t3, 0x44(zero)\n  lw t3, 0x80(zero)\n  lpsw 0x40(zero)\n"
          "begin: li t1, 0x20800\n  setr t0, t1\n  li a0, 0\n  li t4, 50\n  li t2, 0x1fffe\n"
          "again: lw t3, -4(t1)\n  lbu t3, -1(t1)\n  lhu t3, -2(t1)\n" /* nothing */
          "  lw t3, 0(t1)\n  sb t3, 0(t1)\n"                            /* 1, 1 */
          "  lw t3, 0(t2)\n  lhu t3, 0(t2)\n"                           /* 6, nothing */
          "  addi t4, t4, -1\n  bnez t4, again\n  halt a0\n", 50 * 8);
}

/* Somebody outside changes an entry, by writing memory or by putting the machine back; the program loads all the time. */
static void changed_from_outside(void **state)
{
    (void)state;
    static const uint32_t other = 0x2101f;
    struct guest guest = guest_start_on(
        "pg74p", PAGES NO_HANDLER
        "begin: li t1, 0x20000\n  li t2, 0x21000\n  li t3, 1\n  sw t3, 0(t1)\n  li t3, 2\n  sw t3, 0(t2)\n"
        "again: lw a0, 0(t1)\n  j again\n", NULL);
    machine_run(guest.machine, 10000);
    assert_int_equal(guest_state(&guest, "X", 10), 1);
    struct machine_snapshot *snapshot = machine_snapshot_take(guest.machine);
    assert_true(machine_write(guest.machine, 0x8080, &other, sizeof other));
    machine_run(guest.machine, 10);
    assert_int_equal(guest_state(&guest, "X", 10), 2);
    machine_snapshot_restore(guest.machine, snapshot);
    machine_run(guest.machine, 10);
    assert_int_equal(guest_state(&guest, "X", 10), 1);
    machine_snapshot_free(snapshot);
    guest_free(&guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_changes), cmocka_unit_test(store_through_what_it_changes),
        cmocka_unit_test(code_is_mapped_elsewhere), cmocka_unit_test(page_being_executed),
        cmocka_unit_test(fetch_across_pages), cmocka_unit_test(rights), cmocka_unit_test(modes),
        cmocka_unit_test(switched), cmocka_unit_test(edges), cmocka_unit_test(changed_from_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
