/* classify_job.c: classifying takes up to some seconds: a thread does it, and the screen looks in. */
#include "tui/classify.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct tui_classify_job {
    pthread_t thread;
    atomic_bool is_done;
    struct classifier *classifier;
    struct isa *isa;
    struct classifier_report *report;
    struct isa_diagnostics *diagnostics;
};

static void *work(void *context)
{
    struct tui_classify_job *job = context;
    job->report = classifier_classify(job->classifier, job->isa, job->diagnostics);
    atomic_store(&job->is_done, true);
    return NULL;
}

/* ---- Flipping ---------------------------------------------------------------------------------------------------- */

static const char *const guard = "require supervisor";

bool tui_classify_can_flip(const struct tui_classifier *screen, const struct isa_instruction *instruction,
                           const char **why)
{
    unsigned number = isa_instruction_number(screen->isa, instruction);
    *why = NULL;
    if (tui_classify_is_privileged(screen->report, number) && strstr(instruction->execute, guard) == NULL)
        *why = "its meaning has no `require supervisor` that could be taken away";
    return *why == NULL;
}

/* The meaning with the guard put in front, or without it where it has one. */
static void put_meaning(FILE *stream, const struct isa_instruction *instruction, bool is_privileged)
{
    const char *found = is_privileged ? strstr(instruction->execute, guard) : NULL;
    if (found != NULL)
        fprintf(stream, "    %.*s%s\n", (int)(found - instruction->execute), instruction->execute,
                found + strlen(guard));
    else
        fprintf(stream, "    %s\n    %s\n", guard, instruction->execute);
}

/* The variant as its author would have written it. `isa` is the instruction set itself, without flips. */
static char *flipped_text(const struct tui_classifier *screen, const struct isa *isa)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        abort();
    fprintf(stream, "variant \"flipped\" of \"%s\"\n  title \"%s, with other privileged instructions\"\n",
            isa_name(isa), isa_name(isa));
    for (unsigned i = 0; i < screen->flip_count; i++) {
        const struct isa_instruction *instruction = isa_instruction_named(isa, screen->flips[i]);
        if (instruction == NULL)
            continue;
        fprintf(stream, "\nreplace instruction %s%s%s\n  doc     \"%s\"\n  layout  %s\n  execute {\n",
                instruction->name, *instruction->syntax != '\0' ? " " : "", instruction->syntax,
                instruction->doc != NULL ? instruction->doc : "", instruction->layout);
        put_meaning(stream, instruction, strstr(instruction->execute, guard) != NULL);
        fputs("  }\n", stream);
    }
    fclose(stream);
    return text;
}

struct isa *tui_classify_load(const struct tui_classifier *screen, struct isa_diagnostics *diagnostics)
{
    struct isa *isa = isa_load(screen->name, diagnostics);
    if (isa == NULL || screen->flip_count == 0)
        return isa;
    char *text = flipped_text(screen, isa);
    struct isa *flipped = isa_load_text("flipped.isa", text, screen->name, diagnostics);
    free(text);
    isa_free(isa);
    return flipped;
}

/* ---- The job ----------------------------------------------------------------------------------------------------- */

static void free_job(struct tui_classify_job *job)
{
    classifier_report_free(job->report);
    isa_free(job->isa);
    isa_diagnostics_free(job->diagnostics);
    free(job);
}

bool tui_classify_start(struct tui *tui, struct tui_classifier *screen)
{
    struct tui_classify_job *job = calloc(1, sizeof *job);
    if (job == NULL)
        abort();
    tui_classify_abandon(screen);
    job->diagnostics = isa_diagnostics_new();
    job->classifier = screen->classifier;
    job->isa = tui_classify_load(screen, job->diagnostics);
    if (job->isa == NULL || pthread_create(&job->thread, NULL, work, job) != 0) {
        tui_say_diagnostics(tui, job->diagnostics);
        free_job(job);
        return false;
    }
    screen->job = job;
    return true;
}

const char *tui_classify_under_way(const struct tui_classifier *screen)
{
    return screen->job != NULL ? isa_name(screen->job->isa) : NULL;
}

void tui_classify_abandon(struct tui_classifier *screen)
{
    if (screen->job == NULL)
        return;
    pthread_join(screen->job->thread, NULL);
    free_job(screen->job);
    screen->job = NULL;
}

static void take_over(struct tui_classifier *screen, struct tui_classify_job *job)
{
    char chosen[64] = "";
    if (screen->report != NULL && screen->count > 0)
        snprintf(chosen, sizeof chosen, "%s", isa_instruction_at(screen->isa, screen->order[screen->chosen])->name);
    screen->has_before = screen->report != NULL;
    for (enum classifier_theorem theorem = 0; screen->has_before && theorem < CLASSIFIER_THEOREMS; theorem++)
        screen->before[theorem] = classifier_theorem(screen->report, theorem, false);
    tui_classify_forget_states(screen);
    classifier_report_free(screen->report);
    isa_free(screen->isa);
    screen->report = job->report;
    screen->isa = job->isa;
    job->report = NULL;
    job->isa = NULL;
    screen->chosen = 0;
    tui_classify_sort(screen);
    for (unsigned i = 0; i < screen->count; i++)
        if (strcmp(isa_instruction_at(screen->isa, screen->order[i])->name, chosen) == 0)
            screen->chosen = i;
    screen->property = CLASSIFIER_PROPERTIES;
    tui_classify_next_witness(screen);
}

void tui_classify_finish(struct tui *tui, struct tui_classifier *screen)
{
    struct tui_classify_job *job = screen->job;
    if (job == NULL || !atomic_load(&job->is_done))
        return;
    pthread_join(job->thread, NULL);
    screen->job = NULL;
    if (job->report != NULL)
        take_over(screen, job);
    else
        tui_say_diagnostics(tui, job->diagnostics);
    free_job(job);
}
