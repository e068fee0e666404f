/* Running and stepping are the same run: random programs, cut into pieces in different ways, on each engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/machine/random_program.h"

enum { PROGRAMS = 60, STEPS = 1500 };

/* Runs both to the same step: `whole` at once, `cut` in pieces of 1 to `longest` steps. */
static void run_both(struct machine *whole, struct machine *cut, uint64_t seed, uint32_t longest)
{
    uint64_t left = STEPS, random = seed;
    machine_run(whole, STEPS);
    while (left > 0) {
        uint64_t piece = 1 + random_below(&random, longest);
        piece = piece < left ? piece : left;
        enum machine_stop stop = machine_run(cut, piece);
        left -= piece;
        if (stop == MACHINE_HALTED || stop == MACHINE_DEADLOCK)
            break;
    }
}

static void compare(const char *isa_name, enum machine_engine a, enum machine_engine b, uint32_t longest)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(isa_name, diagnostics);
    isa_diagnostics_free(diagnostics);
    assert_non_null(isa);
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct random_program program;
        char text[256];
        random_program_make(&program, isa, seed);
        struct machine *whole = random_program_start(&program, a), *cut = random_program_start(&program, b);
        run_both(whole, cut, seed, longest);
        const char *difference = random_program_difference(whole, cut, text, sizeof text);
        if (difference)
            fail_msg("%s, seed %ju, pieces of up to %u: %s", isa_name, (uintmax_t)seed, longest, difference);
        assert_int_equal(machine_digest(whole), machine_digest(cut));
        machine_free(whole);
        machine_free(cut);
        random_program_free(&program);
    }
    isa_free(isa);
}

static void reference_step_by_step(void **state)
{
    (void)state;
    compare("pg74", MACHINE_REFERENCE, MACHINE_REFERENCE, 1);
    compare("pocket", MACHINE_REFERENCE, MACHINE_REFERENCE, 1);
}

static void fast_step_by_step(void **state)
{
    (void)state;
    compare("pg74", MACHINE_FAST, MACHINE_FAST, 1);
    compare("pg74p", MACHINE_FAST, MACHINE_FAST, 1);
    compare("pocket", MACHINE_FAST, MACHINE_FAST, 1);
}

static void pieces_of_any_length(void **state)
{
    (void)state;
    compare("pg74", MACHINE_FAST, MACHINE_FAST, 100);
    compare("pg74", MACHINE_REFERENCE, MACHINE_FAST, 300);
    compare("pg74p", MACHINE_REFERENCE, MACHINE_FAST, 300);
    compare("pg74h", MACHINE_REFERENCE, MACHINE_FAST, 300);
    compare("x86:pg74", MACHINE_REFERENCE, MACHINE_FAST, 300);
    compare("pdp10", MACHINE_REFERENCE, MACHINE_FAST, 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_step_by_step),
        cmocka_unit_test(fast_step_by_step),
        cmocka_unit_test(pieces_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
