/* Going back in time, and forward again. */
#include "tests/machine/guest.h"
#include "tests/machine/random_program.h"

enum { PROGRAMS = 30, STEPS = 1500 };

/* Back by so many steps is the machine that ran so many fewer; forward again is where it was. */
static void back_and_forward(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isas[2] = {isa_load("pg74", diagnostics), isa_load("pg74p", diagnostics)};
    uint64_t random = 3;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct random_program program;
        char text[256];
        random_program_make(&program, isas[seed % 2], seed);
        struct machine *machine = random_program_start(&program, MACHINE_FAST);
        machine_history_start(machine, 1 + random_below(&random, 60));
        for (unsigned i = 0; i < 6; i++) {
            machine_run(machine, random_below(&random, STEPS / 6));
            struct machine_time time = machine_time(machine);
            uint64_t now = time.instructions + time.traps, back = random_below(&random, (uint32_t)now + 1);
            assert_false(machine_history_back(machine, now + 1));
            assert_true(machine_history_back(machine, back));
            struct machine *fresh = random_program_start(&program, MACHINE_REFERENCE);
            machine_run(fresh, now - back);
            const char *difference = random_program_difference(machine, fresh, text, sizeof text);
            if (difference)
                fail_msg("seed %ju, from %ju back by %ju: %s", (uintmax_t)seed, (uintmax_t)now, (uintmax_t)back,
                         difference);
            machine_run(machine, back);
            machine_run(fresh, back);
            assert_null(random_program_difference(machine, fresh, text, sizeof text));
            machine_free(fresh);
        }
        machine_free(machine);
        random_program_free(&program);
    }
    isa_free(isas[0]);
    isa_free(isas[1]);
    isa_diagnostics_free(diagnostics);
}

/* A long run keeps a bounded number of moments, and still leads back anywhere. */
static void long_run(void **state)
{
    (void)state;
    struct guest guest = guest_start("_start: addi s0, s0, 1\n j _start\n", NULL);
    machine_history_start(guest.machine, 10);
    machine_run(guest.machine, 200001);
    assert_int_equal(guest_state(&guest, "X", 8), 100001);
    assert_true(machine_history_back(guest.machine, 1));
    assert_int_equal(guest_state(&guest, "X", 8), 100000);
    assert_true(machine_history_back(guest.machine, 100000));
    assert_int_equal(guest_state(&guest, "X", 8), 50000);
    assert_true(machine_history_back(guest.machine, 100000));
    assert_int_equal(guest_state(&guest, "X", 8), 0);
    assert_false(machine_history_back(guest.machine, 1));
    guest_free(&guest);
}

/* A change from outside is part of the history. */
static void change_from_outside(void **state)
{
    (void)state;
    struct guest guest = guest_start("_start: addi s0, s0, 1\n j _start\n", NULL);
    unsigned slot = isa_state_named(guest.isa, "X")->slot + 8;
    machine_history_start(guest.machine, 1000);
    machine_run(guest.machine, 100);
    machine_set_slot(guest.machine, slot, 1000);
    machine_run(guest.machine, 100);
    assert_int_equal(machine_slot(guest.machine, slot), 1050);
    assert_true(machine_history_back(guest.machine, 50));
    assert_int_equal(machine_slot(guest.machine, slot), 1025);
    assert_true(machine_history_back(guest.machine, 60));
    assert_int_equal(machine_slot(guest.machine, slot), 45);
    guest_free(&guest);
}

static bool not_cause_four(void *context, const struct machine *machine, const struct machine_event *event)
{
    (void)context, (void)machine;
    return event->cause != 4;
}

static bool count_event(void *context, const struct machine *machine, const struct machine_event *event)
{
    (void)machine, (void)event;
    ++*(unsigned *)context;
    return true;
}

/* Back to just before the last event, and the one before, unseen by those who watch the run itself. */
static void back_to_an_event(void **state)
{
    (void)state;
    const char *text = "_start:\n" HANDLER_PSW "  ecall\n  addi s0, s0, 1\n  ebreak\n  addi s0, s0, 1\n  ecall\n"
        "  ebreak\n"
                       "  addi s0, s0, 1\n  halt s0\n"
                       "handler: lw t1, 0x44(zero)\n  addi t1, t1, 4\n  sw t1, 0x44(zero)\n  lpsw 0x40(zero)\n";
    for (unsigned interval = 1; interval < 40; interval += 7) {
        struct guest guest = guest_start(text, NULL);
        unsigned traps = 0;
        machine_history_start(guest.machine, interval);
        machine_add_observer(guest.machine, MACHINE_EVENT_TRAP, count_event, &traps);
        assert_int_equal(machine_run(guest.machine, 1000), MACHINE_HALTED);
        assert_int_equal(traps, 4);
        assert_true(machine_history_back_to(guest.machine, MACHINE_EVENT_TRAP, not_cause_four, NULL));
        assert_int_equal(guest_state(&guest, "X", 8), 2);
        assert_int_equal(machine_time(guest.machine).traps, 2);
        assert_true(machine_history_back_to(guest.machine, MACHINE_EVENT_TRAP, not_cause_four, NULL));
        assert_int_equal(guest_state(&guest, "X", 8), 0);
        assert_int_equal(machine_time(guest.machine).traps, 0);
        uint64_t digest = machine_digest(guest.machine);
        assert_false(machine_history_back_to(guest.machine, MACHINE_EVENT_TRAP, NULL, NULL));
        assert_int_equal(machine_digest(guest.machine), digest); /* where it was */
        assert_int_equal(traps, 4);
        assert_int_equal(machine_run(guest.machine, 1), MACHINE_LIMIT);
        assert_int_equal(traps, 5);
        assert_int_equal(machine_run(guest.machine, 1000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 3);
        /* Any event: the last instruction but the halt retired just before. */
        assert_true(machine_history_back_to(guest.machine, MACHINE_EVENT_RETIRE, NULL, NULL));
        assert_int_equal(machine_run(guest.machine, 1), MACHINE_HALTED);
        guest_free(&guest);
    }
}

static void restoring_begins_anew(void **state)
{
    (void)state;
    struct guest guest = guest_start("_start: addi s0, s0, 1\n j _start\n", NULL);
    machine_run(guest.machine, 10);
    struct machine_snapshot *snapshot = machine_snapshot_take(guest.machine);
    machine_history_start(guest.machine, 7);
    machine_run(guest.machine, 100);
    machine_snapshot_restore(guest.machine, snapshot);
    machine_run(guest.machine, 30);
    assert_true(machine_history_back(guest.machine, 30));
    assert_int_equal(guest_state(&guest, "X", 8), 5);
    assert_false(machine_history_back(guest.machine, 1));
    machine_snapshot_free(snapshot);
    guest_free(&guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(back_and_forward), cmocka_unit_test(long_run), cmocka_unit_test(change_from_outside),
        cmocka_unit_test(back_to_an_event), cmocka_unit_test(restoring_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
