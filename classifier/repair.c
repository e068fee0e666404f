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

/* Classifies what has changed, of the instruction set or of its guest view. */
static void classify_again(struct classifier *c, struct classifier_report *report, enum classifier_theorem theorem,
                           const struct isa *isa, struct isa_diagnostics *diagnostics)
{
    struct repair *repair = &report->repairs[theorem];
    struct classifier_report *again = classifier_classify_changed(c, isa, report, diagnostics);
    if (again == NULL)
        return;
    repair->holds = classifier_theorem(again, theorem, false);
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        if (classifier_violates(again, i, theorem, false))
            *APPEND(report->pool, &repair->remaining) = i;
    classifier_report_free(again);
}

/* Loads the text over the instruction set, and classifies it. */
static void try_repair(struct classifier *c, struct classifier_report *report, enum classifier_theorem theorem,
                       const char *name)
{
    struct repair *repair = &report->repairs[theorem];
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load_text("repaired.isa", repair->text, name, diagnostics);
    struct isa *view = isa != NULL && isa_is_guest_view(report->isa) ? isa_guest_view(isa) : NULL;
    repair->holds = CLASSIFIER_UNKNOWN;
    if (isa != NULL)
        classify_again(c, report, theorem, view != NULL ? view : isa, diagnostics);
    if (isa == NULL || isa_diagnostics_count(diagnostics) > 0)
        repair->obstacle = classifier_format(
            report->pool, "%s",
            isa_diagnostics_count(diagnostics) > 0 ? isa_diagnostics_message(diagnostics, 0) : "out of memory");
    isa_free(view);
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
}

void classifier_repair(struct classifier *c, struct classifier_report *report, const char *name)
{
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
        struct repair *repair = &report->repairs[theorem];
        if (!classifier_fails(report, theorem) || repair->text != NULL)
            continue;
        char *text = repaired_text(report, theorem);
        if (text == NULL)
            continue;
        repair->text = classifier_format(report->pool, "%s", text);
        free(text);
        try_repair(c, report, theorem, name);
    }
    if (report->guest_mode != NULL)
        classifier_repair(c, report->guest_mode, name);
}

const char *classifier_repair_text(const struct classifier_report *report, enum classifier_theorem theorem)
{
    return report->repairs[theorem].text;
}

enum classifier_answer classifier_repair_holds(const struct classifier_report *report, enum classifier_theorem theorem)
{
    return report->repairs[theorem].holds;
}
