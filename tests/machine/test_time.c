/* When things happen: timer, waiting, deadlock, the order of traps and interrupts, counts and cycles. */
#include "tests/machine/guest.h"

static const enum machine_engine engines[] = {MACHINE_REFERENCE, MACHINE_FAST};

/* settimer n: the interrupt comes after n more instructions, and the settimer is not one of them. */
static void timer_counts_instructions(void **state)
{
    (void)state;
    const char *text = "_start:\n" HANDLER_PSW
                       "  li t0, 2\n  setflags t0\n  li t1, 5\n  settimer t1\n"
                       "  addi s0, s0, 1\n  addi s0, s0, 1\n  addi s0, s0, 1\n  addi s0, s0, 1\n  addi s0, s0, 1\n"
                       "  addi s0, s0, 1\n  addi s0, s0, 1\n  halt zero\n"
                       "handler: gettimer s1\n  lw s2, 0x60(zero)\n  halt s0\n";
    for (unsigned i = 0; i < 2; i++) {
        struct machine_options options = {.engine = engines[i]};
        struct guest guest = guest_start(text, &options);
        assert_int_equal(machine_run(guest.machine, 1000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 5);
        assert_int_equal(guest_state(&guest, "X", 9), 0);   /* it has stopped */
        assert_int_equal(guest_state(&guest, "X", 18), 16); /* the cause */
        guest_free(&guest);
    }
}

/* gettimer sees the count before its own retirement; a second settimer begins anew; 0 stops. */
static void timer_can_be_read_and_set(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(guest_run("_start: li t0, 9\n settimer t0\n nop\n nop\n gettimer a0\n halt a0\n", engines[i]),
                         7);
        assert_int_equal(guest_run("_start: li t0, 1\n settimer t0\n settimer t0\n gettimer a0\n halt a0\n",
                                   engines[i]), 1);
        assert_int_equal(guest_run("_start: li t0, 3\n settimer t0\n settimer zero\n nop\n nop\n nop\n gettimer a0\n"
                                   " halt a0\n",
                                   engines[i]), 0);
    }
}

/* A request waits while interrupts are disabled, and is taken before the next instruction once they are enabled. */
static void request_waits(void **state)
{
    (void)state;
    const char *text = "_start:\n" HANDLER_PSW "  li t0, 1\n  settimer t0\n  nop\n  nop\n  nop\n  li t0, 2\n"
                       "here: setflags t0\n  halt zero\nhandler: lw a0, 0x44(zero)\n la a1, here\n sub a0, a0, a1\n"
                           " halt a0\n";
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(guest_run(text, engines[i]), 4);
}

/* Idle passes time until the timer's end, enabled or not, and costs no fuel. */
static void idle_waits_for_the_timer(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct machine_options options = {.engine = engines[i]};
        struct guest guest = guest_start("_start: li t0, 1000\n settimer t0\n idle\n halt zero\n", &options);
        assert_int_equal(machine_run(guest.machine, 4), MACHINE_HALTED);
        struct machine_time time = machine_time(guest.machine);
        assert_int_equal(time.instructions, 4);
        assert_int_equal(time.idle, 999); /* the idle itself retired: one of the 1000 */
        assert_int_equal(time.traps, 0);
        assert_int_equal(guest_state(&guest, "pending", 0), 1);
        guest_free(&guest);
    }
}

static void nothing_wakes_it(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct machine_options options = {.engine = engines[i]};
        struct guest guest = guest_start("_start: idle\n halt zero\n", &options);
        assert_int_equal(machine_run(guest.machine, 100), MACHINE_DEADLOCK);
        assert_int_equal(machine_run(guest.machine, 100), MACHINE_DEADLOCK);
        assert_int_equal(machine_time(guest.machine).instructions, 1);
        machine_request(guest.machine, 17); /* but somebody outside can */
        assert_int_equal(machine_run(guest.machine, 100), MACHINE_HALTED);
        guest_free(&guest);
    }
}

/* The fetch traps before the instruction can; privileged comes before the operand's alignment. */
static void traps_in_order(void **state)
{
    (void)state;
    const char *user = "_start:\n" HANDLER_PSW "  la t0, user\n  li a5, 6\n  retu t0\n"
                       "user: lpsw 0(a5)\nhandler: lw a0, 0x60(zero)\n halt a0\n";
    const char *supervisor = "_start:\n" HANDLER_PSW " li a5, 6\n lpsw 0(a5)\nhandler: lw a0, 0x60(zero)\n halt a0\n";
    const char *fetch = "_start:\n" HANDLER_PSW " li a5, 0x200002\n jr a5\nhandler: lw a0, 0x60(zero)\n halt a0\n";
    const char *beyond = "_start:\n" HANDLER_PSW " li a5, 0x200000\n jr a5\nhandler: lw a0, 0x60(zero)\n"
        " lw a1, 0x68(zero)\n"
                         " slli a1, a1, 4\n or a0, a0, a1\n halt a0\n";
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(guest_run(user, engines[i]), 2);
        assert_int_equal(guest_run(supervisor, engines[i]), 6);
        assert_int_equal(guest_run(fetch, engines[i]), 6);
        assert_int_equal(guest_run(beyond, engines[i]), 0x11); /* memory, while fetching */
    }
}

/* Timer, console and disk requested at once: the lowest cause first, each taken once. */
static void interrupts_in_order(void **state)
{
    (void)state;
    const char *text = "_start:\n" HANDLER_PSW " li t0, 2\n setflags t0\n nop\n nop\n halt s0\n"
                       "handler: lw t1, 0x60(zero)\n andi t1, t1, 15\n slli s0, s0, 4\n or s0, s0, t1\n"
                           " addi s0, s0, 1\n lpsw 0x40(zero)\n";
    for (unsigned i = 0; i < 2; i++) {
        struct machine_options options = {.engine = engines[i]};
        struct guest guest = guest_start(text, &options);
        machine_run(guest.machine, 1);
        machine_request(guest.machine, 18);
        machine_request(guest.machine, 16);
        machine_request(guest.machine, 17);
        assert_int_equal(machine_run(guest.machine, 1000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 0x123);
        assert_int_equal(machine_time(guest.machine).traps, 3);
        guest_free(&guest);
    }
}

/* classic: 1 an instruction, 2 a load, 20 a division, 40 a trap, 10 more to load the PSW, 30 more for a port. */
static void cycles_by_preset(void **state)
{
    (void)state;
    const char *text = "_start: lui t0, 1\n lw t1, 0(t0)\n div t1, t1, t1\n in t2, zero\n setflags zero\n halt zero\n";
    static const struct { const char *preset; uint64_t cycles; } expected[] = {
        {NULL, 1 + 2 + 20 + 31 + 11 + 1}, {"uniform", 6}, {"modern", 1 + 1 + 12 + 201 + 41 + 1}};
    for (unsigned i = 0; i < 6; i++) {
        struct machine_options options = {.engine = engines[i % 2], .cost = expected[i / 2].preset};
        struct guest guest = guest_start(text, &options);
        assert_int_equal(machine_run(guest.machine, 100), MACHINE_HALTED);
        assert_int_equal(machine_time(guest.machine).cycles, expected[i / 2].cycles);
        guest_free(&guest);
    }
}

/* Fuel counts retired instructions and taken traps; a trap's instruction does not retire. */
static void fuel_counts_steps(void **state)
{
    (void)state;
    const char *text = "_start:\n" HANDLER_PSW " ecall\n ecall\n halt zero\n"
                       "handler: lw t1, 0x44(zero)\n addi t1, t1, 4\n sw t1, 0x44(zero)\n lpsw 0x40(zero)\n";
    for (unsigned i = 0; i < 2; i++) {
        struct machine_options options = {.engine = engines[i]};
        struct guest guest = guest_start(text, &options);
        uint64_t steps = 0;
        enum machine_stop stop;
        while ((stop = machine_run(guest.machine, 1)) == MACHINE_LIMIT) {
            struct machine_time time = machine_time(guest.machine);
            assert_int_equal(time.instructions + time.traps, ++steps);
        }
        assert_int_equal(stop, MACHINE_HALTED);
        assert_int_equal(machine_time(guest.machine).traps, 2);
        assert_int_equal(machine_run(guest.machine, 0), MACHINE_HALTED);
        guest_free(&guest);
    }
}

/* An instruction may leave the timer alone on one of its paths: then it counts as every other does. */
static void timer_set_on_one_path(void **state)
{
    (void)state;
    static const char *const variant =
        "variant \"odd\" of \"pg74\"\n  title \"A timer that is set only from an odd number\"\n"
        "replace instruction settimer rs1\n  doc \"Odd.\"\n  source \"none\"\n"
        "  layout 0000000 00000 rs1:5 101 00000 0001011\n"
        "  execute { require supervisor if X[rs1][0] == 1 { timer = X[rs1] } }\n";
    const char *path = "/tmp/pg74-test-odd.isa";
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(variant, file);
    fclose(file);
    for (unsigned i = 0; i < 2; i++) {
        struct machine_options options = {.engine = engines[i]};
        struct guest guest = guest_start_on(path,
                                            "_start: li t0, 9\n settimer t0\n settimer zero\n gettimer a0\n halt a0\n",
                                            &options);
        assert_int_equal(machine_run(guest.machine, 100), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 8);
        guest_free(&guest);
    }
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timer_counts_instructions), cmocka_unit_test(timer_can_be_read_and_set),
        cmocka_unit_test(request_waits), cmocka_unit_test(idle_waits_for_the_timer), cmocka_unit_test(nothing_wakes_it),
        cmocka_unit_test(traps_in_order), cmocka_unit_test(interrupts_in_order), cmocka_unit_test(cycles_by_preset),
        cmocka_unit_test(fuel_counts_steps), cmocka_unit_test(timer_set_on_one_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
