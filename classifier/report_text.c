/* report_text.c: a report for people. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 100 };

static const char *const theorem_titles[CLASSIFIER_THEOREMS] = {
    "Theorem 1 (a virtual machine monitor can be built)",
    "Theorem 2 (such a monitor can run under itself)",
    "Theorem 3 (a hybrid virtual machine monitor can be built)",
};

static const char *verdict(enum classifier_answer answer)
{
    return answer == CLASSIFIER_YES ? "guaranteed" : answer == CLASSIFIER_NO ? "not guaranteed" : "unknown";
}

/* Colours are for terminals, and not where NO_COLOR (no-color.org) forbids them. */
const char *classifier_colour(const char *escape, FILE *stream)
{
    const char *forbidden = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool wanted = isatty(fileno(stream)) && (forbidden == NULL || *forbidden == '\0') && terminal != NULL &&
                  strcmp(terminal, "dumb") != 0;
    return wanted ? escape : "";
}

/* Green, red, or yellow where it is not known. */
static void print_coloured_verdict(enum classifier_answer answer, FILE *stream)
{
    static const char *const escapes[] = {"\033[31m", "\033[32m", "\033[33m"};
    fprintf(stream, "%s%s%s", classifier_colour(escapes[answer], stream), verdict(answer),
            classifier_colour("\033[0m", stream));
}

static const char *cell(enum classifier_answer answer)
{
    return answer == CLASSIFIER_YES ? "yes" : answer == CLASSIFIER_NO ? "-" : "unknown";
}

static const char *separator(bool *first)
{
    const char *text = *first ? "" : ", ";
    *first = false;
    return text;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static bool is_ordinary(const struct classifier_report *report, unsigned instruction)
{
    return report->findings[instruction].has[CLASSIFIER_INNOCUOUS] == CLASSIFIER_YES;
}

/* Names, broken into lines. `which` selects the instructions. */
static void print_names(const struct classifier_report *report,
                        bool (*which)(const struct classifier_report *, unsigned), const char *indent, FILE *stream)
{
    size_t column = 0;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        const char *name = isa_instruction_at(report->isa, i)->name;
        if (!which(report, i))
            continue;
        bool wraps = column == 0 || column + strlen(name) + 1 > LINE;
        if (wraps)
            fprintf(stream, "%s%s", column == 0 ? "" : "\n", indent);
        fprintf(stream, "%s%s", wraps ? "" : " ", name);
        column = (wraps ? strlen(indent) : column + 1) + strlen(name);
    }
    fputc('\n', stream);
}

static void print_table(const struct classifier_report *report, FILE *stream)
{
    static const char *const columns[] = {"privileged", "control", "mode", "location", "resource", "time", "user"};
    unsigned ordinary = 0;
    int width = 11;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (!is_ordinary(report, i) && (int)strlen(isa_instruction_at(report->isa, i)->name) > width)
            width = (int)strlen(isa_instruction_at(report->isa, i)->name);
    fprintf(stream, "  %-*s              --------- sensitive ----------------------\n  %-*s", width, "", width,
            "instruction");
    for (unsigned p = 0; p < CLASSIFIER_INNOCUOUS; p++)
        fprintf(stream, "  %s", columns[p]);
    fputc('\n', stream);
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        if (is_ordinary(report, i)) {
            ordinary++;
            continue;
        }
        fprintf(stream, "  %-*s", width, isa_instruction_at(report->isa, i)->name);
        for (unsigned p = 0; p < CLASSIFIER_INNOCUOUS; p++)
            fprintf(stream, p + 1 < CLASSIFIER_INNOCUOUS ? "  %-*s" : "  %.*s", (int)strlen(columns[p]),
                    cell(report->findings[i].has[p]));
        fputc('\n', stream);
    }
    if (ordinary > 0) {
        fprintf(stream, "  The other %u are innocuous:\n", ordinary);
        print_names(report, is_ordinary, "    ", stream);
    }
}

/* ---- The verdicts ------------------------------------------------------------------------------------------------ */

static void print_violators(const struct classifier_report *report, enum classifier_theorem theorem, bool paper,
                            FILE *stream)
{
    bool first = true;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (classifier_violates(report, i, theorem, paper))
            fprintf(stream, "%s%s", separator(&first), isa_instruction_at(report->isa, i)->name);
}

static void print_verdict(const struct classifier_report *report, enum classifier_theorem theorem, FILE *stream)
{
    enum classifier_answer answer = classifier_theorem(report, theorem, false);
    fprintf(stream, "  %s: ", theorem_titles[theorem]);
    print_coloured_verdict(answer, stream);
    if (answer == CLASSIFIER_NO) {
        fputs(", for ", stream);
        print_violators(report, theorem, false, stream);
    }
    fputs(".\n", stream);
}

static void print_paper_verdict(const struct classifier_report *report, enum classifier_theorem theorem, FILE *stream)
{
    enum classifier_answer answer = classifier_theorem(report, theorem, true);
    fprintf(stream, " Theorem %d %s", theorem == CLASSIFIER_THEOREM_1 ? 1 : 3, verdict(answer));
    if (answer == CLASSIFIER_NO) {
        fputs(", for ", stream);
        print_violators(report, theorem, true, stream);
    }
}

static const char *kind_of(const struct classifier_witness *witness)
{
    static const char *const kinds[] = {"control", "mode", "location", "resource", "time"};
    return kinds[witness->perturbation];
}

/* Text in lines, the first of which has begun at column `column`. */
static void print_wrapped(const char *text, size_t column, const char *indent, FILE *stream)
{
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (column + length + 1 > LINE) {
            fprintf(stream, "\n%s", indent);
            column = strlen(indent);
        }
        fprintf(stream, "%.*s", (int)length, text);
        column += length;
        text += length;
        if (*text == ' ' && column + 1 + strcspn(text + 1, " ") <= LINE) {
            fputc(' ', stream);
            column++;
        }
        text += *text == ' ';
    }
    fputc('\n', stream);
}

static void print_remedies(const struct classifier_report *report, unsigned instruction, FILE *stream)
{
    char text[512];
    if (report->findings[instruction].condition != NULL)
        fprintf(stream, "      Only for words in which %s.\n", report->findings[instruction].condition);
    if (report->findings[instruction].where != NULL)
        fprintf(stream, "      Only where %s.\n", report->findings[instruction].where);
    classifier_copes(report, instruction, text, sizeof text);
    fputs("      What copes: ", stream);
    print_wrapped(text, 18, "        ", stream);
}

/* The instructions to make privileged, for each theorem that fails. */
static void print_repairs(const struct classifier_report *report, FILE *stream)
{
    bool any = false;
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
        const struct repair *repair = &report->repairs[theorem];
        if (repair->text == NULL)
            continue;
        fprintf(stream, "%s    Theorem %d: make ", any ? "" : "\n  The cheapest repair, built and classified again:\n",
                (int)theorem + 1);
        any = true;
        print_violators(report, theorem, false, stream);
        fputs(" privileged", stream);
        if (repair->obstacle != NULL)
            fprintf(stream, "; but that variant cannot be built (%s).\n", repair->obstacle);
        else if (repair->holds == CLASSIFIER_YES)
            fputs("; then it is guaranteed.\n", stream);
        else if (repair->holds == CLASSIFIER_UNKNOWN)
            fputs("; whether it holds then is unknown.\n", stream);
        else {
            bool first = true;
            fputs("; but that is not enough, for ", stream);
            for (unsigned i = 0; i < repair->remaining.count; i++)
                fprintf(stream, "%s%s", separator(&first),
                        isa_instruction_at(report->isa, repair->remaining.items[i])->name);
            fputs(", which traps in supervisor mode as well.\n", stream);
        }
    }
}

/* Every instruction that violates a theorem, and the witness that it does. */
static void print_reasons(const struct classifier_report *report, FILE *stream)
{
    bool any = false;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        const struct classifier_witness *witness = classifier_reason(report, i);
        if (witness == NULL)
            continue;
        fprintf(stream, "%s    %s is %s sensitive and not privileged:\n", any ? "" : "\n  Why not:\n",
                isa_instruction_at(report->isa, i)->name, kind_of(witness));
        classifier_print_witness(report, witness, stream);
        print_remedies(report, i, stream);
        any = true;
    }
    if (any)
        fputs("  The theorems are sufficient conditions: a monitor that executes a guest directly, and emulates what "
              "traps,\n"
              "  does not learn of these. Other techniques may cope with them.\n",
              stream);
}

static void print_all(const struct classifier_report *report, FILE *stream)
{
    print_table(report, stream);
    fputc('\n', stream);
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        print_verdict(report, theorem, stream);
    fputs("  Over the paper's own model (mode and R; no resources, no time):", stream);
    print_paper_verdict(report, CLASSIFIER_THEOREM_1, stream);
    fputc(';', stream);
    print_paper_verdict(report, CLASSIFIER_THEOREM_3, stream);
    fputs(".\n", stream);
    print_reasons(report, stream);
    print_repairs(report, stream);
}

static void print_one(const struct classifier_report *report, unsigned instruction, FILE *stream)
{
    const struct findings *findings = &report->findings[instruction];
    fprintf(stream, "  %s: %s\n", isa_instruction_at(report->isa, instruction)->name,
            isa_instruction_at(report->isa, instruction)->doc != NULL
                ? isa_instruction_at(report->isa, instruction)->doc
                : "");
    for (unsigned p = 0; p < CLASSIFIER_PROPERTIES; p++) {
        char name[64];
        snprintf(name, sizeof name, "%s", classifier_property_name(p));
        for (char *c = name; *c != '\0'; c++)
            *c = *c == '_' ? ' ' : *c;
        fprintf(stream, "    %s: %s\n", name, findings->has[p] == CLASSIFIER_NO ? "no" : cell(findings->has[p]));
        if (findings->witness[p] != NULL)
            classifier_print_witness(report, findings->witness[p], stream);
    }
}

void classifier_print(const struct classifier_report *report, FILE *stream)
{
    const struct isa *isa = report->isa;
    fprintf(stream, "%s: %s\n", isa_name(isa), isa_title(isa));
    if (isa_source(isa) != NULL)
        fprintf(stream, "  Source: %s.\n", isa_source(isa));
    fprintf(stream, "  Definitions: mode, R, resources and time, base and bound both moved (docs/classifier.md).\n"
                    "  %u witnesses replayed; %" PRIu64 " test situations (seed %" PRIu64 ") refute no answer.\n\n",
            report->replayed, report->trials, report->options.seed);
    if (report->only >= 0)
        print_one(report, (unsigned)report->only, stream);
    else
        print_all(report, stream);
}
