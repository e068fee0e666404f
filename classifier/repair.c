/* repair.c: the cheapest repair of an instruction set that fails a theorem: which instructions to make privileged.
 *
 * What one instruction does, another one's meaning does not change, so each violator must be mended itself, and no
 * other instruction need be: the violators are the only minimal set. Whether it suffices is not taken for granted. The
 * repaired variant is written as a text, loaded like any other, and classified; an instruction that takes a privileged
 * trap in supervisor mode as well stays unprivileged, whatever is put in front of it. Where guest mode fails a theorem, the
 * repair is to let the violators exit. */
#include "classifier/internal.h"

#include <stdlib.h>
#include <string.h>

bool classifier_fails(const struct classifier_report *report, enum classifier_theorem theorem)
{
    return classifier_theorem(report, theorem, false) == CLASSIFIER_NO;
}

/* The number of a cause that the machine has not yet. */
static unsigned free_cause(const struct isa *isa)
{
    unsigned number = 0;
    for (unsigned i = 0; i < isa_cause_count(isa); i++)
        if (isa_cause_at(isa, i)->number >= number)
            number = isa_cause_at(isa, i)->number + 1;
    return number;
}

/* The variant as its author would have written it. */
static char *repaired_text(const struct classifier_report *report, enum classifier_theorem theorem)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    bool of_guest = isa_is_guest_view(report->isa);
    if (stream == NULL)
        return NULL;
    fprintf(stream, "variant \"repaired\" of \"%s\"\n  title \"%s, repaired so that Theorem %d holds%s\"\n",
            isa_name(report->isa), isa_name(report->isa), (int)theorem + 1, of_guest ? " in guest mode" : "");
    if (of_guest)
        fprintf(stream, "\ncause exit_repaired = %u exit \"what the repair lets exit; value: the instruction word\"\n",
                free_cause(report->isa));
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        const struct isa_instruction *instruction = isa_instruction_at(report->isa, i);
        if (!classifier_violates(report, i, theorem, false))
            continue;
        fprintf(stream, "\nreplace instruction %s%s%s\n  doc     \"%s\"\n  layout  %s\n  execute {\n    ", instruction->name,
                *instruction->syntax != '\0' ? " " : "", instruction->syntax, instruction->doc != NULL ? instruction->doc : "",
                instruction->layout);
        if (of_guest)
            fprintf(stream, "if %s == 1 { trap exit_repaired(instruction, 0) }", isa_mode(report->isa)->name);
        else
            fputs("require supervisor", stream);
        fprintf(stream, "\n    %s\n  }\n", instruction->execute);
    }
    fclose(stream);
    return text;
}

/* One repair being tried: of this report's theorem, by this instruction set, of which the view is looked at if it is one of
 * guest mode that fails. */
struct attempt {
    struct classifier_report *report;
    enum classifier_theorem theorem;
    struct isa *isa, *view;
    struct isa_diagnostics *diagnostics;
};
typedef LIST(struct attempt) attempt_list;

static const struct isa *looked_at(const struct attempt *attempt)
{
    return attempt->view != NULL ? attempt->view : attempt->isa;
}

/* In guest mode it may be trap entry alone that violates the theorem. */
static bool by_instructions(const struct classifier_report *report, enum classifier_theorem theorem)
{
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (classifier_violates(report, i, theorem, false))
            return true;
    return false;
}

/* Writes the variants of a report that need repair, and loads them. */
static void attempt_repairs(struct pool *pool, struct classifier_report *report, const char *name, attempt_list *attempts)
{
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
        struct repair *repair = &report->repairs[theorem];
        if (!classifier_fails(report, theorem) || repair->text != NULL || !by_instructions(report, theorem))
            continue;
        char *text = repaired_text(report, theorem);
        if (text == NULL)
            continue;
        repair->text = classifier_format(report->pool, "%s", text);
        free(text);
        struct attempt attempt = {.report = report, .theorem = theorem, .diagnostics = isa_diagnostics_new()};
        attempt.isa = isa_load_text("repaired.isa", repair->text, name, attempt.diagnostics);
        attempt.view = attempt.isa != NULL && isa_is_guest_view(report->isa) ? isa_guest_view(attempt.isa) : NULL;
        *APPEND(pool, attempts) = attempt;
    }
    if (report->guest_mode != NULL)
        attempt_repairs(pool, report->guest_mode, name, attempts);
}

/* What has become of it. */
static void finish(struct classifier *c, struct attempt *attempt)
{
    struct classifier_report *report = attempt->report, *again = NULL;
    struct repair *repair = &report->repairs[attempt->theorem];
    struct isa_diagnostics *diagnostics = attempt->diagnostics;
    repair->holds = CLASSIFIER_UNKNOWN;
    if (attempt->isa != NULL)
        again = classifier_classify_changed(c, looked_at(attempt), report, diagnostics);
    if (again != NULL) {
        repair->holds = classifier_theorem(again, attempt->theorem, false);
        if (report->trap_entry != NULL && classifier_theorem(report->trap_entry, attempt->theorem, false) != CLASSIFIER_YES)
            repair->holds = classifier_theorem(report->trap_entry, attempt->theorem, false); /* no instruction mends that */
        for (unsigned i = 0; i < isa_instruction_count(attempt->isa); i++)
            if (classifier_violates(again, i, attempt->theorem, false))
                *APPEND(report->pool, &repair->remaining) = i;
    }
    classifier_report_free(again);
    if (attempt->isa == NULL || isa_diagnostics_count(diagnostics) > 0)
        repair->obstacle = classifier_format(
            report->pool, "%s",
            isa_diagnostics_count(diagnostics) > 0 ? isa_diagnostics_message(diagnostics, 0) : "out of memory");
}

static void make_attempts(struct classifier *c, attempt_list *attempts)
{
    struct batch *batch = classifier_batch_new(c);
    for (unsigned i = 0; i < attempts->count; i++)
        if (attempts->items[i].isa != NULL)
            classifier_plan_changed(batch, c, looked_at(&attempts->items[i]), attempts->items[i].report);
    classifier_batch_run(batch);
    for (unsigned i = 0; i < attempts->count; i++) {
        finish(c, &attempts->items[i]);
        isa_free(attempts->items[i].view);
        isa_free(attempts->items[i].isa);
        isa_diagnostics_free(attempts->items[i].diagnostics);
    }
    attempts->count = 0;
}

/* Some at a time: an instruction set takes 2 MB. */
void classifier_repair_all(struct classifier *c, struct classifier_report *const *reports, const char *const *names,
                           unsigned count)
{
    enum { AT_A_TIME = 6 };
    struct pool *pool = classifier_pool_new();
    attempt_list attempts = {.count = 0};
    for (unsigned i = 0; i < count; i++) {
        if (reports[i] != NULL)
            attempt_repairs(pool, reports[i], names[i], &attempts);
        if (attempts.count >= AT_A_TIME || i + 1 == count)
            make_attempts(c, &attempts);
    }
    classifier_pool_free(pool);
}

void classifier_repair(struct classifier *c, struct classifier_report *report, const char *name)
{
    classifier_repair_all(c, &report, &name, 1);
}

const char *classifier_repair_text(const struct classifier_report *report, enum classifier_theorem theorem)
{
    return report->repairs[theorem].text;
}

enum classifier_answer classifier_repair_holds(const struct classifier_report *report, enum classifier_theorem theorem)
{
    return report->repairs[theorem].holds;
}
