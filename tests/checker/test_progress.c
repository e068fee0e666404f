/* How far a guest has come, as checker_progress tells it while machines run: in step, every monitor's guest is at the same
 * instruction; going back and counting anew gives the same figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "checker/checker.h"

enum { FUEL = 50000000 };

struct bench {
    struct isa_diagnostics *diagnostics;
    struct isa *isa;
    struct machine_image *monitor, *guest;
    struct machine_options options;
    struct machine *machine;
    struct checker_progress *progress;
};

static void set_up(struct bench *bench, const char *isa, const char *vmm, const char *guest)
{
    char path[256];
    const char *build = getenv("BUILD") ? getenv("BUILD") : "build";
    *bench = (struct bench){.diagnostics = isa_diagnostics_new()};
    bench->isa = isa_load(isa, bench->diagnostics);
    if (vmm != NULL) {
        snprintf(path, sizeof path, "%s/vmm/%s.elf", build, vmm);
        bench->monitor = machine_image_open(path, bench->diagnostics);
        assert_non_null(bench->monitor);
    }
    snprintf(path, sizeof path, "%s/guests/%s.elf", build, guest);
    bench->guest = machine_image_open(path, bench->diagnostics);
    assert_non_null(bench->guest);
    bench->options = (struct machine_options){.monitor = bench->monitor, .guest_count = 1,
                                              .guests = (const struct machine_image *const *)&bench->guest};
    bench->machine = machine_new(bench->isa, &bench->options, bench->diagnostics);
    assert_non_null(bench->machine);
    machine_history_start(bench->machine, 0);
    bench->progress = checker_progress_new(bench->machine);
    if (bench->monitor != NULL)
        checker_progress_told_by(bench->progress, 0, bench->monitor, 0, 0);
}

static void tear_down(struct bench *bench)
{
    checker_progress_free(bench->progress);
    machine_free(bench->machine);
    machine_image_free(bench->monitor);
    machine_image_free(bench->guest);
    isa_free(bench->isa);
    isa_diagnostics_free(bench->diagnostics);
}

/* The general registers and the pc of guest 0 say the same on both, where the monitor tells at all. */
static void check_same(const struct bench *bare, const struct bench *other, const char *name, uint64_t count)
{
    for (unsigned i = 0; i < isa_state_count(bare->isa); i++) {
        const struct isa_state *state = isa_state_at(bare->isa, i);
        if (state->role != ISA_ROLE_GENERAL && state->role != ISA_ROLE_PROGRAM_COUNTER)
            continue;
        for (unsigned k = 0; k < state->count; k++) {
            uint32_t here = 0, there = 0;
            assert_true(checker_progress_slot(bare->progress, 0, state->slot + k, &here));
            bool known = checker_progress_slot(other->progress, 0, state->slot + k, &there);
            if (known ? here != there : strcmp(name, "hardware_assisted") != 0)
                fail_msg("%s, after %llu: %s %u is %08x and not %08x", name, (unsigned long long)count, state->name, k, there, here);
        }
    }
}

/* `hello` takes no interrupt, so what it does does not depend on time. */
static void in_step(const char *isa, const char *guest, const char *const *monitors, unsigned count)
{
    struct bench bare;
    set_up(&bare, isa, NULL, guest);
    struct bench others[8];
    for (unsigned i = 0; i < count; i++)
        set_up(&others[i], isa, monitors[i], guest);
    for (uint64_t goal = 1; goal < 600; goal += goal < 60 ? 1 : 37) {
        if (checker_progress_to(bare.progress, 0, goal, FUEL) != MACHINE_STOPPED)
            break;
        for (unsigned i = 0; i < count; i++) {
            if (checker_progress_to(others[i].progress, 0, goal, FUEL) != MACHINE_STOPPED)
                fail_msg("%s does not come to %llu", monitors[i], (unsigned long long)goal);
            assert_int_equal(checker_progress_count(others[i].progress, 0), goal);
            check_same(&bare, &others[i], monitors[i], goal);
        }
    }
    assert_true(checker_progress_count(bare.progress, 0) > 40);
    for (unsigned i = 0; i < count; i++)
        tear_down(&others[i]);
    tear_down(&bare);
}

static void test_same_instruction(void **unused)
{
    static const char *const on_pg74[] = {"trap_and_emulate", "hybrid", "interpreter"};
    static const char *const on_pg74p[] = {"trap_and_emulate", "hybrid", "interpreter", "binary_translation"};
    static const char *const on_pg74h[] = {"hardware_assisted", "trap_and_emulate", "paravirtual"};
    (void)unused;
    in_step("pg74", "hello", on_pg74, 3);
    in_step("pg74p", "hello", on_pg74p, 4);
    in_step("pg74h", "hello", on_pg74h, 3);
}

static void check_figures(const struct checker_figures *a, const struct checker_figures *b)
{
    assert_int_equal(a->cycles, b->cycles);
    assert_int_equal(a->direct, b->direct);
    assert_int_equal(a->direct_cycles, b->direct_cycles);
    assert_int_equal(a->monitor_cycles, b->monitor_cycles);
    assert_int_equal(a->cause_count, b->cause_count);
    for (unsigned i = 0; i < a->cause_count; i++) {
        assert_int_equal(a->causes[i].cycles, b->causes[i].cycles);
        assert_string_equal(a->causes[i].name, b->causes[i].name);
    }
}

/* All cycles are somebody's; a moment kept and restored, and a recount, both give what was counted at first. */
static void test_back(void **unused)
{
    struct bench bench;
    struct checker_figures first, then;
    (void)unused;
    set_up(&bench, "pg74", "trap_and_emulate", "nucleus");
    assert_int_equal(checker_progress_to(bench.progress, 0, 700000, FUEL), MACHINE_STOPPED);
    checker_progress_figures(bench.progress, &first);
    assert_int_equal(first.cycles, first.direct_cycles + first.translated_cycles + first.inner_cycles + first.monitor_cycles);
    assert_true(first.cause_count > 2);
    struct checker_progress_moment *moment = checker_progress_keep(bench.progress);
    struct machine_time time = machine_time(bench.machine), later;
    assert_int_equal(checker_progress_to(bench.progress, 0, 1500000, FUEL), MACHINE_STOPPED);
    later = machine_time(bench.machine);
    uint64_t steps = later.instructions + later.traps - time.instructions - time.traps;
    assert_true(machine_history_back(bench.machine, steps));
    checker_progress_restore(bench.progress, moment);
    checker_progress_figures(bench.progress, &then);
    check_figures(&first, &then);
    assert_int_equal(checker_progress_count(bench.progress, 0), 700000);
    assert_int_equal(checker_progress_to(bench.progress, 0, 1500000, FUEL), MACHINE_STOPPED);
    assert_true(machine_history_back(bench.machine, steps));
    checker_progress_recount(bench.progress);
    checker_progress_figures(bench.progress, &then);
    check_figures(&first, &then);
    assert_int_equal(checker_progress_count(bench.progress, 0), 700000);
    free(moment);
    tear_down(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_instruction), cmocka_unit_test(test_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
