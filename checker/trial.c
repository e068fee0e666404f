/* trial.c: one case, tried: alone on the bare machine and under the monitor, and compared. */
#include "checker/check.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t NEVER = UINT64_MAX;

/* A case knows nothing of its monitor. If it happens to call it, and is understood, its way is no bare machine's any
 * more: code may have been overwritten by an answer, interrupts may be told as that monitor tells them to those who
 * ask. */
static void excuse_answer(struct checker_run *run)
{
    struct checker_failure *failure = (struct checker_failure *)(uintptr_t)run->failure;
    if (run->equivalent != CHECKER_FAILED || !run->answered)
        return;
    failure->excuse = "the guest has asked its monitor (diag), and been answered what no bare machine answers";
    run->equivalent = CHECKER_UNKNOWN;
}

static void take(struct checker_trial *trial, struct checker_comparison *comparison)
{
    struct checker_run *run = &comparison->runs[1];
    excuse_answer(run);
    trial->control = run->control;
    trial->guest_instructions = run->guest_instructions;
    trial->direct = run->direct;
    trial->cycles = run->cycles;
    trial->monitor_instructions = run->monitor_instructions;
    trial->network = run->network;
    trial->steps = run->steps;
    trial->ended = run->stop == MACHINE_HALTED || run->stop == MACHINE_DEADLOCK;
    trial->bare_cycles = comparison->runs[0].cycles;
    trial->equivalent = run->equivalent != CHECKER_FAILED;
    trial->controlled = checker_in_control(&run->control);
    trial->suited = run->equivalent != CHECKER_UNKNOWN || !trial->controlled;
    trial->failure = (struct checker_failure *)(uintptr_t)run->failure;
    run->failure = NULL;
}

/* `explain_from`: as in struct checker_options; NEVER for not at all. */
static struct checker_trial try_case(struct checker_supply *supply, const struct checker_monitor *monitor,
                                     const struct checker_case *tried, uint64_t explain_from)
{
    struct checker_trial trial = {0};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct checker_loaded loaded;
    if (checker_case_load(&loaded, supply->isa, tried, diagnostics)) {
        /* Where nothing is executed directly there is nothing to follow, and a generated case is one of many. */
        const struct checker_options options = {.machine = loaded.options, .explain = explain_from != NEVER,
                                                .explain_from = explain_from,
                                                .patience = supply->patience,
                                                .late = CHECKER_CASE_SLICE,
                                                .bare_limit = tried->steps ? tried->steps : CHECKER_CASE_STEPS,
                                                .patience_per_step = supply->patience_per_step,
                                                .unobserved = tried->steps > 0 &&
                                                              !checker_executes_directly(monitor)};
        struct checker_comparison *comparison =
            checker_compare_with(supply, supply->isa, &options, monitor, 1, diagnostics);
        if (comparison != NULL)
            take(&trial, comparison);
        checker_comparison_free(comparison);
        checker_loaded_free(&loaded);
    }
    isa_diagnostics_free(diagnostics);
    return trial;
}

struct checker_trial checker_try(struct checker_supply *supply, const struct checker_monitor *monitor,
                                 const struct checker_case *tried)
{
    return try_case(supply, monitor, tried, NEVER);
}

/* To look at all that a monitor does takes thirty times as long, so that one which comes to no end would have to be
 * given up soon: a run that fails is made a second time, and looked at when it comes near the place. */
struct checker_trial checker_try_and_explain(struct checker_supply *supply, const struct checker_monitor *monitor,
                                             const struct checker_case *tried)
{
    enum { NEAR = 20000 };
    struct checker_trial trial = checker_try(supply, monitor, tried);
    if (trial.failure == NULL)
        return trial;
    uint64_t from = trial.steps > NEAR ? trial.steps - NEAR : 0;
    checker_trial_clear(&trial);
    return try_case(supply, monitor, tried, from);
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
