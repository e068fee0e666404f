/* trial.c: one case, tried: alone on the bare machine and under the monitor, and compared. */
#include "checker/check.h"

#include <stdlib.h>
#include <string.h>

enum {
    PATIENCE = 1000000, /* instructions that a monitor may take to start, */
    FOR_EACH_STEP = 2500 /* and, on average, for each of its guest's */
};

/* Does each program, alone, come to an end? One that does not says nothing about a monitor. */
static bool comes_to_an_end(const struct isa *isa, const struct checker_loaded *loaded, unsigned steps,
                            struct isa_diagnostics *diagnostics)
{
    for (unsigned i = 0; i < loaded->options.guest_count; i++) {
        struct machine_options bare;
        checker_bare_options(&bare, &loaded->options, i);
        struct machine *machine = machine_new(isa, &bare, diagnostics);
        if (machine == NULL)
            return false;
        enum machine_stop stop = machine_run(machine, steps ? steps : CHECKER_CASE_STEPS);
        machine_free(machine);
        if (stop != MACHINE_HALTED && stop != MACHINE_DEADLOCK)
            return false;
    }
    return true;
}

static void take(struct checker_trial *trial, struct checker_comparison *comparison)
{
    struct checker_run *run = &comparison->runs[1];
    trial->control = run->control;
    trial->guest_instructions = run->guest_instructions;
    trial->direct = run->direct;
    trial->cycles = run->cycles;
    trial->bare_cycles = comparison->runs[0].cycles;
    trial->suited = true;
    trial->equivalent = run->equivalent == CHECKER_PASSED;
    trial->controlled = checker_in_control(&run->control);
    trial->failure = (struct checker_failure *)(uintptr_t)run->failure;
    run->failure = NULL;
}

struct checker_trial checker_try(const struct isa *isa, const struct checker_monitor *monitor,
                                 const struct checker_case *tried, bool explain)
{
    struct checker_trial trial = {0};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct checker_loaded loaded;
    if (checker_case_load(&loaded, isa, tried, diagnostics)) {
        /* Where nothing is executed directly there is nothing to follow, and a generated case is one of many. */
        const struct checker_options options = {.machine = loaded.options, .patience = PATIENCE, .explain = explain,
                                                .patience_per_step = FOR_EACH_STEP,
                                                .unobserved = tried->steps > 0 &&
                                                              !checker_executes_directly(monitor->image)};
        struct checker_comparison *comparison = NULL;
        if (comes_to_an_end(isa, &loaded, tried->steps, diagnostics))
            comparison = checker_compare(isa, &options, monitor, 1, diagnostics);
        if (comparison != NULL)
            take(&trial, comparison);
        checker_comparison_free(comparison);
        checker_loaded_free(&loaded);
    }
    isa_diagnostics_free(diagnostics);
    return trial;
}

bool checker_trial_fails(const struct checker_trial *trial, enum checker_property property)
{
    return trial->suited && !(property == CHECKER_EQUIVALENCE ? trial->equivalent : trial->controlled);
}

void checker_trial_clear(struct checker_trial *trial)
{
    checker_failure_free(trial->failure);
    *trial = (struct checker_trial){0};
}
