/* report_text.c: a report for people. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <string.h>

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

static const char *cell(enum classifier_answer answer)
{
    return answer == CLASSIFIER_YES ? "yes" : answer == CLASSIFIER_NO ? "-" : "unknown";
}

/* ---- States and outcomes ----------------------------------------------------------------------------------------- */

static const char *separator(bool *first)
{
    const char *text = *first ? "" : ", ";
    *first = false;
    return text;
}

/* Mode, R and pc always; of the rest what is not zero. */
static void print_state(const struct isa *isa, const struct concrete *state, FILE *stream)
{
    bool first = false;
    char name[64];
    fprintf(stream, "%s mode", classifier_in_user_mode(isa, state) ? "user" : "supervisor");
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        bool always = s->role == ISA_ROLE_RELOCATION || s->role == ISA_ROLE_PROGRAM_COUNTER;
        for (unsigned k = 0; k < s->count && s->role != ISA_ROLE_MODE; k++)
            if (always || state->slots[s->slot + k] != 0)
                fprintf(stream, "%s%s = 0x%" PRIx32, separator(&first),
                        classifier_state_name(isa, i, k, name, sizeof name), state->slots[s->slot + k]);
    }
    for (unsigned i = 0; i < state->bytes.count; i++)
        if (state->bytes.items[i].value != 0)
            fprintf(stream, ", memory[0x%" PRIx32 "] = 0x%x", state->bytes.items[i].address,
                    state->bytes.items[i].value);
    if (state->device != 0)
        fprintf(stream, ", devices in state 0x%" PRIx32, state->device);
}

static void print_trap(const struct isa *isa, const struct isa_outcome *outcome, FILE *stream)
{
    const struct isa_cause *cause = isa_cause_numbered(isa, outcome->cause);
    fprintf(stream, "trap %s", cause != NULL ? cause->name : "");
    if (cause == NULL)
        fprintf(stream, "%" PRIu32, outcome->cause);
    if (cause == NULL || outcome->value != 0)
        fprintf(stream, ", value 0x%" PRIx32, outcome->value);
}

/* What the execution changed. */
static void print_outcome(const struct isa *isa, const struct concrete *state, const struct effects *effects,
                          FILE *stream)
{
    bool first = true;
    char name[64];
    if (effects->outcome.end == ISA_TRAPPED) {
        print_trap(isa, &effects->outcome, stream);
        return;
    }
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        for (unsigned k = 0; k < s->count; k++)
            if (effects->slots[s->slot + k] != state->slots[s->slot + k])
                fprintf(stream, "%s%s = 0x%" PRIx32, separator(&first),
                        classifier_state_name(isa, i, k, name, sizeof name), effects->slots[s->slot + k]);
    }
    for (unsigned i = 0; i < effects->stores.count; i++)
        if (effects->stores.items[i].value != classifier_memory_byte(state, effects->stores.items[i].address))
            fprintf(stream, "%smemory[0x%" PRIx32 "] = 0x%x", separator(&first), effects->stores.items[i].address,
                    effects->stores.items[i].value);
    if (effects->device != state->device)
        fprintf(stream, "%sdevices in state 0x%" PRIx32, separator(&first), effects->device);
    if (first)
        fputs("no change", stream);
}

static void print_witness(const struct classifier_report *report, const struct classifier_witness *witness,
                          FILE *stream)
{
    char sentence[512];
    classifier_witness_sentence(report, witness, sentence, sizeof sentence);
    fprintf(stream, "      %s\n      word 0x%0*" PRIx32 "\n", sentence, (int)witness->instruction->bits / 4,
            witness->word);
    for (unsigned i = 0; i < witness->state_count; i++) {
        fputs(i == 0 ? "      state:   " : "      another: ", stream);
        print_state(report->isa, &witness->states[i], stream);
        fputs("\n        -> ", stream);
        print_outcome(report->isa, &witness->states[i], &witness->effects[i], stream);
        fputc('\n', stream);
    }
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
    fprintf(stream, "  %s: %s", theorem_titles[theorem], verdict(answer));
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

/* Every instruction that violates a theorem, and the witness that it does. */
static void print_reasons(const struct classifier_report *report, FILE *stream)
{
    bool any = false;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        const struct classifier_witness *const *violation =
            (const struct classifier_witness *const *)report->findings[i].violation;
        const struct classifier_witness *witness = violation[CLASSIFIER_THEOREM_1];
        if (witness == NULL)
            witness = violation[CLASSIFIER_THEOREM_2]; /* time; Theorem 3 asks for less than Theorem 1 */
        if (witness == NULL)
            continue;
        fprintf(stream, "%s    %s is %s sensitive and not privileged:\n", any ? "" : "\n  Why not:\n",
                isa_instruction_at(report->isa, i)->name, kind_of(witness));
        print_witness(report, witness, stream);
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
            print_witness(report, findings->witness[p], stream);
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
