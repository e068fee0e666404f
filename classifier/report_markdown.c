/* report_markdown.c: a report as Markdown, for a page of a course or an issue. */
#include "classifier/internal.h"

#include <stdlib.h>

static const char *verdict(enum classifier_answer answer)
{
    return answer == CLASSIFIER_YES ? "guaranteed" : answer == CLASSIFIER_NO ? "**not guaranteed**" : "unknown";
}

/* Text that Markdown shall leave alone. */
static void plain(const char *text, FILE *stream)
{
    for (; *text != '\0'; text++) {
        if (*text == '|' || *text == '*' || *text == '_' || *text == '`' || *text == '<' || *text == '\\' ||
            *text == '[' || *text == '#')
            fputc('\\', stream);
        fputc(*text, stream);
    }
}

static void write_violators(const struct classifier_report *report, enum classifier_theorem theorem, FILE *stream)
{
    bool any = false;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (classifier_violates(report, i, theorem, false)) {
            fprintf(stream, "%s`%s`", any ? ", " : "", isa_instruction_at(report->isa, i)->name);
            any = true;
        }
    fputs(any ? "" : "-", stream);
}

static void write_theorems(const struct classifier_report *report, FILE *stream)
{
    static const char *const titles[] = {"1: a monitor can be built", "2: it can run under itself",
                                         "3: a hybrid monitor can be built"};
    fprintf(stream, "| Theorem | verdict | in the paper's own model | broken by | these %s |\n|---|---|---|---|---|\n",
            report->view != NULL ? "exiting" : "made privileged");
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
        fprintf(stream, "| %s | %s | %s | ", titles[theorem], verdict(classifier_theorem(report, theorem, false)),
                theorem == CLASSIFIER_THEOREM_2 || report->view != NULL ? "-" : verdict(classifier_theorem(report, theorem, true)));
        write_violators(report, theorem, stream);
        fprintf(stream, " | %s |\n",
                report->repairs[theorem].text != NULL ? verdict(report->repairs[theorem].holds) : "-");
    }
    fputc('\n', stream);
}

static void write_instructions(const struct classifier_report *report, FILE *stream)
{
    unsigned innocuous = 0;
    fprintf(stream, "| instruction | %s | control | mode | location | resource | time | user |\n"
                    "|---|---|---|---|---|---|---|---|\n", report->view != NULL ? "exits" : "privileged");
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        const enum classifier_answer *has = report->findings[i].has;
        if (has[CLASSIFIER_INNOCUOUS] == CLASSIFIER_YES) {
            innocuous++;
            continue;
        }
        fprintf(stream, "| `%s` |", isa_instruction_at(report->isa, i)->name);
        for (unsigned p = 0; p < CLASSIFIER_INNOCUOUS; p++)
            fprintf(stream, " %s |", has[p] == CLASSIFIER_YES ? "yes" : has[p] == CLASSIFIER_NO ? "-" : "unknown");
        fputc('\n', stream);
    }
    fprintf(stream, "\nThe other %u are innocuous.\n", innocuous);
}

static void write_violation(const struct classifier_report *report, unsigned instruction, FILE *stream)
{
    const struct findings *findings = &report->findings[instruction];
    const struct classifier_witness *witness = classifier_reason(report, instruction);
    char sentence[512];
    classifier_witness_sentence(report, witness, sentence, sizeof sentence);
    fprintf(stream, "\n### `%s`\n\n", isa_instruction_at(report->isa, instruction)->name);
    plain(sentence, stream);
    fprintf(stream, "\n\n```\n");
    classifier_print_states(report, witness, stream);
    fputs("```\n\n", stream);
    char words[512];
    if (classifier_words_sentence(findings, words, sizeof words)) {
        plain(words, stream);
        fputc('\n', stream);
    }
    if (classifier_states_sentence(findings, "`", "`", words, sizeof words))
        fprintf(stream, "%s\n", words);
    fprintf(stream, "What copes: %s\n", classifier_remedy_text(classifier_remedy(report, instruction)));
}

/* What adds to a violation, and of which report. */
struct addition { classifier_page_part *part; void *context; unsigned number; };

static void write_body(const struct classifier_report *report, const struct addition *addition, FILE *stream)
{
    if (report->only < 0)
        write_theorems(report, stream);
    write_instructions(report, stream);
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (classifier_reason(report, i) != NULL) {
            write_violation(report, i, stream);
            if (addition->part != NULL)
                addition->part(addition->context, addition->number, i, stream);
        }
}

static void write_trap_entry(const struct classifier_report *entry, FILE *stream)
{
    char text[1024];
    if (entry == NULL)
        return;
    classifier_entry_sentence(entry, text, sizeof text);
    fputc('\n', stream);
    plain(text, stream);
    fputc('\n', stream);
}

static void write_report(const struct classifier_report *report, const struct addition *addition, FILE *stream)
{
    const struct addition nothing = {.part = NULL}; /* what is added is about the machine outside of guest mode */
    fputs("## ", stream);
    plain(isa_name(report->isa), stream);
    fputs(": ", stream);
    plain(isa_title(report->isa), stream);
    fputs("\n\n", stream);
    if (isa_source(report->isa) != NULL) {
        fputs("Source: ", stream);
        plain(isa_source(report->isa), stream);
        fputs("\n\n", stream);
    }
    write_body(report, addition, stream);
    if (report->guest_mode != NULL) {
        fputs("\n### In guest mode\n\nGuest mode in the place of user mode, exits in that of privileged traps, the host's "
              "relocation and resources.\n\n", stream);
        write_body(report->guest_mode, &nothing, stream);
        write_trap_entry(report->guest_mode->trap_entry, stream);
    }
}

void classifier_markdown(const struct classifier_report *const *reports, unsigned count, classifier_page_part *part,
                         void *context, FILE *stream)
{
    for (unsigned i = 0; i < count; i++) {
        const struct addition addition = {part, context, i};
        fputs(i > 0 ? "\n" : "", stream);
        write_report(reports[i], &addition, stream);
    }
}
