/* Guest mode on pg74h, under both engines: what a host sees in the control block, and what is the guest's own. And outside
 * of guest mode pg74h is pg74p. */
#include "tests/machine/guest.h"
#include "tests/machine/random_program.h"

/* The host's table, at 0x8000: guest page 0, with its trap area, is frame 0x80, the others lie at their own places up to
 * 0x7f000. The control block is at 0x7000, the guest begins at `guest`, and memory page 0x10 is given for reading alone. t0 is
 * the block when the host goes on at `host`. */
#define HOST                                                                                                           \
    "_start:\n  la t0, trap\n  sw t0, 0x54(zero)\n  li t0, 0x8000\n  li t1, 0\n  li t2, 128\n"                         \
    "fill: slli t3, t1, 12\n  ori t3, t3, 31\n  slli t4, t1, 2\n  add t4, t4, t0\n  sw t3, 0(t4)\n"                    \
    "  addi t1, t1, 1\n  bne t1, t2, fill\n  li t3, 0x8001f\n  sw t3, 0(t0)\n  li t3, 0x10003\n  sw t3, 0x40(t0)\n"    \
    "  li t1, 0x7000\n  sw t0, 0x20(t1)\n  li t3, 0x80000\n  sw t3, 0x24(t1)\n  li t3, 1\n  sw t3, 0x28(t1)\n"         \
    "  la t3, guest\n  sw t3, 4(t1)\n  mv t0, t1\n  j host\n"                                                          \
    "trap: lw a0, 0x60(zero)\n  addi a0, a0, 0x100\n  halt a0\n"
/* After an exit: out with 256 * its reason + the low byte of its value. */
#define REPORT "  lw a0, 0x40(t0)\n  slli a0, a0, 8\n  lbu a1, 0x44(t0)\n  or a0, a0, a1\n  halt a0\n"

static struct guest run(const char *text, unsigned way)
{
    struct machine_options options = {.engine = way & 1 ? MACHINE_FAST : MACHINE_REFERENCE};
    struct guest guest = guest_start_on("pg74h", text, &options);
    enum machine_stop stop = MACHINE_LIMIT;
    for (unsigned i = 0; i < 20000 && stop == MACHINE_LIMIT; i++)
        stop = machine_run(guest.machine, way & 2 ? 7 : 100000);
    assert_int_equal(stop, MACHINE_HALTED);
    return guest;
}

static void gives(const char *text, uint32_t expected)
{
    for (unsigned way = 0; way < 4; way++) {
        struct guest guest = run(text, way);
        if (machine_halt_code(guest.machine) != expected)
            fail_msg("0x%x instead of 0x%x from\n%s", machine_halt_code(guest.machine), expected, text);
        guest_free(&guest);
    }
}

static void exits_of_instructions(void **state)
{
    (void)state;
    static const struct { const char *instruction; uint32_t reason; } cases[] = {
        {"idle", 34}, {"halt a0", 35}, {"settimer a0", 36}, {"gettimer a0", 36}, {"machineid a0", 37},
        {"diag a0, a1, a2", 38}, {"loadreal a0, a1", 39}, {"probe a0, a1", 39}, {"vmrun 0(a0)", 41}, {"vmrun -16(a0)", 41}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[2048];
        snprintf(text, sizeof text, HOST "host: vmrun 0(t0)\n  la a2, guest\n  lw a2, 0(a2)\n  lw a1, 0x44(t0)\n"
                 "  bne a1, a2, wrong\n  la a2, guest\n  lw a1, 4(t0)\n  bne a1, a2, wrong\n  lw a0, 0x40(t0)\n  halt a0\n"
                 "wrong: li a0, 0xbad\n  halt a0\nguest: %s\n", cases[i].instruction);
        gives(text, cases[i].reason);
    }
}

/* What ports are to give and to get the host need not find out from the instruction. */
static void exits_of_ports(void **state)
{
    (void)state;
    static const struct { const char *instruction; uint32_t reason, port, access; } cases[] = {
        {"in a4, a1", 32, 0x121, 14}, {"in zero, a2", 32, 7, 0}, {"out a1, a2", 33, 0x121, 7}, {"out a2, a1", 33, 7, 0x121}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[2048];
        snprintf(text, sizeof text, HOST "host: li a1, 0x121\n  li a2, 7\n  vmrun 0(t0)\n  li a1, %u\n  lw a2, 0x44(t0)\n"
                 "  bne a1, a2, wrong\n  li a1, %u\n  lw a2, 0x48(t0)\n  bne a1, a2, wrong\n  lw a0, 0x40(t0)\n  halt a0\n"
                 "wrong: li a0, 0xbad\n  halt a0\nguest: %s\n", cases[i].port, cases[i].access, cases[i].instruction);
        gives(text, cases[i].reason);
    }
}

/* Mode, enable, R and the trap area are the guest's: nothing of this exits but the last, whose operand tells that all
 * went well. The host's own trap area is untouched: its handler would halt with 0x105. */
static void own_things(void **state)
{
    (void)state;
    gives(HOST "host: vmrun 0(t0)\n" REPORT
          "guest: la a0, handler\n  sw a0, 0x54(zero)\n  li a0, 2\n  setflags a0\n  getflags s0\n"
          "  li a0, 0x9000\n  li a1, 0x20000\n  setr a0, a1\n  getbase s1\n  getbound s2\n"
          "  la a0, after\n  retu a0\n"
          "after: ecall\n"
          "handler: lw a0, 0x60(zero)\n  li a1, 4\n  bne a0, a1, no\n  lw a0, 0x40(zero)\n  li a1, 3\n  bne a0, a1, no\n"
          "  lw a0, 0x48(zero)\n  bne a0, s1, no\n  li a1, 2\n  bne s0, a1, no\n  li a1, 0x9000\n  bne s1, a1, no\n"
          "  halt s5\n"
          "no: ecall\n  idle\n", 35 << 8 | 0x0b);
}

/* The guest translates, with a table of its own in its memory: page 0x30 is its page 0x21. The host's table then leads on.
 * What it may not store to exits, with both addresses. */
static void nested_translation(void **state)
{
    (void)state;
#define GUEST_TABLE                                                                                                    \
    "guest: li t0, 0x9000\n  li t1, 0\n  li t2, 64\n"                                                                  \
    "own: slli t3, t1, 12\n  ori t3, t3, 31\n  slli t4, t1, 2\n  add t4, t4, t0\n  sw t3, 0(t4)\n"                     \
    "  addi t1, t1, 1\n  bne t1, t2, own\n  li t3, 0x2101f\n  sw t3, 0xc0(t0)\n  li t3, 0x1001f\n  sw t3, 0xc4(t0)\n"  \
    "  li t1, 0x40000\n  setr t0, t1\n  li t1, 4\n  setflags t1\n"
    gives(HOST "host: vmrun 0(t0)\n  li t0, 0x7000\n  lw a0, 0x4c(t0)\n  lw a1, 0x44(t0)\n  lw a2, 0x48(t0)\n  lw a3, 0x40(t0)\n"
          "  slli a3, a3, 4\n  or a3, a3, a2\n  add a0, a0, a1\n  add a0, a0, a3\n  li a1, 0x21004\n  lw a1, 0(a1)\n"
          "  add a0, a0, a1\n  halt a0\n" GUEST_TABLE
          "  li a0, 0x30004\n  li a1, 0x50\n  sw a1, 0(a0)\n"              /* to 0x21004 */
          "  li a0, 0x31008\n  lw a1, 0(a0)\n  sw a1, 0(a0)\n  idle\n",   /* 0x10008: the load is good, the store is not */
          0x10008 + 0x31008 + (42 << 4 | 3) + 0x50);
    /* Where the guest's own table ends, the trap is its own. */
    gives(HOST "host: vmrun 0(t0)\n  li t0, 0x7000\n" REPORT GUEST_TABLE
          "  la a0, handler\n  sw a0, 0x54(zero)\n  li a0, 0x40000\n  lw a0, 0(a0)\n"
          "handler: lw a0, 0x60(zero)\n  addi a0, a0, -1\n  bnez a0, no\n  halt s5\nno: idle\n", 35 << 8 | 0x0b);
}

/* What the host asks for: traps of one cause, an interrupt injected, the moment at which the guest takes them. */
static void controls(void **state)
{
    (void)state;
    gives(HOST "host: li a0, 0x10\n  sw a0, 0x2c(t0)\n  vmrun 0(t0)\n" REPORT "guest: ecall\n", 4 << 8);
    gives(HOST "host: li a0, 0x80054\n  la a1, handler\n  sw a1, 0(a0)\n  li a0, 17\n  sw a0, 0x30(t0)\n  vmrun 0(t0)\n"
          "  lw a0, 0x30(t0)\n  bnez a0, wrong\n" REPORT "wrong: li a0, 0xbad\n  halt a0\n"
          "guest: idle\nhandler: lw a0, 0x60(zero)\n  addi a0, a0, -17\n  bnez a0, no\n  lw a0, 0x44(zero)\n  la a1, guest\n"
          "  bne a0, a1, no\n  halt s5\nno: idle\n", 35 << 8 | 0x0b);
    gives(HOST "host: li a0, 3\n  sw a0, 0x28(t0)\n  vmrun 0(t0)\n  la a2, here\n  lw a1, 4(t0)\n  bne a1, a2, wrong\n" REPORT
          "wrong: li a0, 0xbad\n  halt a0\n"
          "guest: nop\n  nop\n  li a0, 2\n  setflags a0\nhere: idle\n", 20 << 8);
    /* An interrupt of the real machine exits, though the guest takes none, and so does not the host. */
    gives(HOST "host: li a0, 50\n  settimer a0\n  vmrun 0(t0)\n" REPORT "guest: j guest\n", 16 << 8);
    /* What cannot be injected: a memory trap in the host. */
    gives(HOST "host: li a0, 17\n  sw a0, 0x30(t0)\n  sw zero, 0x28(t0)\n  vmrun 0(t0)\n" REPORT "guest: idle\n", 0x101);
}

/* The host's table alone: its user bits count, every trap exits, and what would change R. */
static void shadow(void **state)
{
    (void)state;
#define SHADOW HOST "host: sw zero, 0x28(t0)\n  vmrun 0(t0)\n" REPORT
    gives(SHADOW "guest: getbase a0\n  li a0, 2\n  setflags a0\n  setr a0, a1\n", 40 << 8 | 0x0b);
    gives(SHADOW "guest: li a0, 4\n  setflags a0\n", 40 << 8 | 0x0b);
    gives(SHADOW "guest: ecall\n", 4 << 8);
    gives(SHADOW "guest: lpsw 0x40(zero)\n", 40 << 8 | 0x0b);
    gives(SHADOW "guest: la a0, on\n  retu a0\non: li a0, 0x10000\n  lw a0, 0x24(a0)\n  ecall\n", 42 << 8 | 0x24);
    gives(SHADOW "guest: la a0, on\n  retu a0\non: setflags a0\n", 2 << 8 | 0x0b);
}

/* A trap that the guest's memory has no room for: the guest is as it was, so that it may be tried again. */
static void no_trap_area(void **state)
{
    (void)state;
    gives(HOST "host: li a0, 0x8000\n  sw zero, 0(a0)\n  vmrun 0(t0)\n  la a2, guest\n  lw a1, 4(t0)\n  bne a1, a2, wrong\n" REPORT
          "wrong: li a0, 0xbad\n  halt a0\nguest: ecall\n", 42 << 8 | 0x40);
}

static void vmrun_is_for_the_supervisor(void **state)
{
    (void)state;
    gives(HOST "host: la a0, on\n  retu a0\non: vmrun 0(t0)\nguest: idle\n", 0x102);
    gives(HOST "host: li a0, 0xffff0\n  addi a0, a0, 0x10\n  vmrun 0(a0)\nguest: idle\n", 0x101);
}

/* Outside of guest mode the machine is pg74p: programs for that one end in the same state. */
static void bare_is_pg74p(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *paged = isa_load("pg74p", diagnostics), *assisted = isa_load("pg74h", diagnostics);
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random_program program;
        random_program_make(&program, paged, seed);
        struct machine *a = random_program_start(&program, MACHINE_REFERENCE);
        program.isa = assisted;
        struct machine *b = random_program_start(&program, MACHINE_FAST);
        assert_int_equal(machine_run(a, 5000), machine_run(b, 5000));
        struct machine_time times[2] = {machine_time(a), machine_time(b)};
        assert_memory_equal(&times[0], &times[1], sizeof times[0]);
        for (unsigned i = 0; i < isa_slots(paged); i++)
            assert_int_equal(machine_slot(a, i), machine_slot(b, i));
        for (uint32_t at = 0x40; at < 0x10000; at += 4) {
            uint32_t words[2] = {0, 0};
            assert_true(machine_read(a, at, &words[0], 4) && machine_read(b, at, &words[1], 4));
            assert_int_equal(words[0], words[1]);
        }
        machine_free(a);
        machine_free(b);
        random_program_free(&program);
    }
    isa_free(paged);
    isa_free(assisted);
    isa_diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exits_of_instructions), cmocka_unit_test(exits_of_ports),
        cmocka_unit_test(own_things), cmocka_unit_test(nested_translation),
        cmocka_unit_test(controls), cmocka_unit_test(shadow), cmocka_unit_test(no_trap_area),
        cmocka_unit_test(vmrun_is_for_the_supervisor), cmocka_unit_test(bare_is_pg74p),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
