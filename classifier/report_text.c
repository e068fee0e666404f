/* report_text.c: a report for people: first the verdicts, then the classes of the instructions, then each violation with its
 * witness, then what helps. Lines are folded to the width of the terminal. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 3, NARROWEST_DOC = 36, CLASSES = CLASSIFIER_INNOCUOUS }; /* CLASSES: those that have columns */

static const char *const theorem_titles[CLASSIFIER_THEOREMS] = {
    "Theorem 1 (a virtual machine monitor can be built)",
    "Theorem 2 (such a monitor can run under itself)",
    "Theorem 3 (a hybrid virtual machine monitor can be built)",
};

static const char *verdict(enum classifier_answer answer)
{
    return answer == CLASSIFIER_YES ? "guaranteed" : answer == CLASSIFIER_NO ? "not guaranteed" : "unknown";
}

/* Green, red, or yellow where it is not known. */
static const char *coloured_verdict(struct pool *pool, enum classifier_answer answer, FILE *stream)
{
    static const char *const escapes[] = {"\033[31m", "\033[32m", "\033[33m"};
    return classifier_format(pool, "%s%s%s", isa_colour(escapes[answer], stream), verdict(answer),
                             isa_colour("\033[0m", stream));
}

static const char *cell(enum classifier_answer answer)
{
    return answer == CLASSIFIER_YES ? "yes" : answer == CLASSIFIER_NO ? "-" : "unknown";
}

/* A paragraph whose first line is indented by `column`, and the others by `indent`. */
static void print_paragraph(FILE *stream, unsigned column, unsigned indent, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void print_paragraph(FILE *stream, unsigned column, unsigned indent, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        abort();
    fprintf(stream, "%*s", (int)column, "");
    isa_fold(text, column, indent, stream);
    free(text);
}

/* ---- Lists of instructions --------------------------------------------------------------------------------------- */

static const char *add_name(struct pool *pool, const char *names, const char *name)
{
    return *names == '\0' ? name : classifier_format(pool, "%s, %s", names, name);
}

static const char *instructions_that_violate(const struct classifier_report *report, enum classifier_theorem theorem, bool paper,
                                             struct pool *pool)
{
    const char *names = "";
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (classifier_violates(report, i, theorem, paper))
            names = add_name(pool, names, isa_instruction_at(report->isa, i)->name);
    return names;
}

/* And what of trap entry does, in guest mode. */
static const char *violators(const struct classifier_report *report, enum classifier_theorem theorem, bool paper,
                             struct pool *pool)
{
    const char *names = instructions_that_violate(report, theorem, paper, pool);
    const char *entry =
        report->trap_entry != NULL ? instructions_that_violate(report->trap_entry, theorem, paper, pool) : "";
    return *entry == '\0' ? names : add_name(pool, names, entry);
}

static unsigned violator_count(const struct classifier_report *report, enum classifier_theorem theorem)
{
    unsigned count = 0;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        count += classifier_violates(report, i, theorem, false);
    return count;
}

/* ---- The verdicts ------------------------------------------------------------------------------------------------ */

/* "not guaranteed, for popf, pushf"; a long list that stood in the line above is not said again. */
static const char *verdict_with_names(const struct classifier_report *report, enum classifier_theorem theorem,
                                      bool paper, struct pool *pool, FILE *stream)
{
    enum classifier_answer answer = classifier_theorem(report, theorem, paper);
    const char *text = paper ? verdict(answer) : coloured_verdict(pool, answer, stream),
               *names = violators(report, theorem, paper, pool);
    bool same = theorem == CLASSIFIER_THEOREM_2 || paper;
    same = same && violator_count(report, theorem) > FEW &&
           strcmp(names, violators(report, paper ? theorem : CLASSIFIER_THEOREM_1, false, pool)) == 0;
    return answer != CLASSIFIER_NO ? text : classifier_format(pool, "%s, for %s", text, same ? "the same" : names);
}

static void print_verdicts(const struct classifier_report *report, struct pool *pool, FILE *stream)
{
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        print_paragraph(stream, 2, 4, "%s: %s.", theorem_titles[theorem],
                        verdict_with_names(report, theorem, false, pool, stream));
    print_paragraph(stream, 2, 4,
                    "Over the paper's own model (mode and R; no resources, no time): Theorem 1 %s; Theorem 3 %s.",
                    verdict_with_names(report, CLASSIFIER_THEOREM_1, true, pool, stream),
                    verdict_with_names(report, CLASSIFIER_THEOREM_3, true, pool, stream));
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static bool is_ordinary(const struct classifier_report *report, unsigned instruction)
{
    return report->findings[instruction].has[CLASSIFIER_INNOCUOUS] == CLASSIFIER_YES;
}

/* The columns of classes, long or short, and where they leave room the sentence about each instruction. */
struct layout {
    const char *const *titles;
    unsigned name, used; /* columns for the name, and in all */
    unsigned doc;        /* 0: no sentence */
};

static struct layout choose_layout(const struct classifier_report *report, FILE *stream)
{
    static const char *const titles[] = {"privileged", "control", "mode", "location", "resource", "time", "user"},
                             *const shorter[] = {"priv", "ctl", "mode", "loc", "res", "time", "user"},
                             *const guest_titles[] = {"exits", "control", "mode", "location", "resource", "time", "user"},
                             *const guest_shorter[] = {"exits", "ctl", "mode", "loc", "res", "time", "user"};
    struct layout layout = {.titles = report->view != NULL ? guest_titles : titles,
                            .name = isa_text_columns("instruction")};
    unsigned line = isa_columns(stream);
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (!is_ordinary(report, i) && isa_text_columns(isa_instruction_at(report->isa, i)->name) > layout.name)
            layout.name = isa_text_columns(isa_instruction_at(report->isa, i)->name);
    for (unsigned way = 0; way < 2; way++) {
        layout.used = layout.name + 2;
        for (unsigned p = 0; p < CLASSES; p++)
            layout.used += 2 + (unsigned)strlen(layout.titles[p]);
        if (layout.used + 3 <= line) /* "unknown" may stand in the last column, which is shorter */
            break;
        layout.titles = report->view != NULL ? guest_shorter : shorter;
    }
    layout.doc = line >= layout.used + 2 + NARROWEST_DOC ? line - layout.used - 2 : 0;
    return layout;
}

static void print_head(const struct layout *layout, FILE *stream)
{
    unsigned before = layout->name + 4 + (unsigned)strlen(layout->titles[0]), sensitive = layout->used - before - 2;
    static const char dashes[] = "------------------------------------------------------------", title[] = " sensitive ";
    unsigned left = (sensitive - (unsigned)strlen(title)) / 2;
    fprintf(stream, "%*s%.*s%s%.*s\n  %-*s", (int)before + 2, "", (int)left, dashes, title,
            (int)(sensitive - left - (unsigned)strlen(title)), dashes, (int)layout->name, "instruction");
    for (unsigned p = 0; p < CLASSES; p++)
        fprintf(stream, "  %s", layout->titles[p]);
    fputc('\n', stream);
}

static void print_row(const struct classifier_report *report, const struct layout *layout, unsigned instruction,
                      FILE *stream)
{
    const struct isa_instruction *i = isa_instruction_at(report->isa, instruction);
    bool violates = classifier_reason(report, instruction) != NULL;
    fprintf(stream, "%s%s ", violates ? isa_colour("\033[31m", stream) : "", violates ? "!" : " ");
    isa_pad(i->name, layout->name, stream);
    for (unsigned p = 0; p < CLASSES; p++)
        fprintf(stream, "  %-*s", p + 1 < CLASSES || layout->doc > 0 ? (int)strlen(layout->titles[p]) : 0,
                cell(report->findings[instruction].has[p]));
    fputs(violates ? isa_colour("\033[0m", stream) : "", stream);
    if (layout->doc > 0 && i->doc != NULL) {
        fputs("  ", stream);
        isa_shorten(i->doc, layout->doc, stream);
    }
    fputc('\n', stream);
}

static void print_table(const struct classifier_report *report, struct pool *pool, FILE *stream)
{
    struct layout layout = choose_layout(report, stream);
    unsigned ordinary = 0;
    bool any = false;
    const char *names = "";
    print_head(&layout, stream);
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        if (is_ordinary(report, i)) {
            ordinary++;
            names = classifier_format(pool, "%s%s%s", names, *names == '\0' ? "" : " ",
                                      isa_instruction_at(report->isa, i)->name);
            continue;
        }
        any = any || classifier_reason(report, i) != NULL;
        print_row(report, &layout, i, stream);
    }
    if (any)
        print_paragraph(stream, 0, 2, report->view != NULL ? "! violates a theorem: it is sensitive where it does not exit."
                                                           : "! violates a theorem: it is sensitive, and not privileged.");
    if (ordinary > 0) {
        fprintf(stream, "  The other %u are innocuous:\n", ordinary);
        print_paragraph(stream, 4, 4, "%s", names);
    }
}

/* ---- The violations ---------------------------------------------------------------------------------------------- */

static const char *kind_of(const struct classifier_witness *witness)
{
    static const char *const kinds[] = {"control", "mode", "location", "resource", "time"};
    return kinds[witness->perturbation];
}

/* Every instruction that violates a theorem, and the witness that it does. */
static bool print_reasons(const struct classifier_report *report, FILE *stream)
{
    bool any = false;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        const struct classifier_witness *witness = classifier_reason(report, i);
        const struct findings *findings = &report->findings[i];
        if (witness == NULL)
            continue;
        fprintf(stream, "%s    %s%s%s is %s sensitive and %s:\n", any ? "" : "\n  Why not:\n",
                isa_colour("\033[1m", stream), isa_instruction_at(report->isa, i)->name,
                isa_colour("\033[0m", stream), kind_of(witness),
                report->view != NULL ? "does not exit" : "not privileged");
        classifier_print_witness(report, witness, stream);
        char words[512];
        if (classifier_words_sentence(findings, words, sizeof words))
            print_paragraph(stream, 6, 8, "%s", words);
        if (classifier_states_sentence(findings, "", "", words, sizeof words))
            print_paragraph(stream, 6, 8, "%s", words);
        any = true;
    }
    return any;
}

/* The instructions that one remedy is for. */
static const char *patients(const struct classifier_report *report, enum remedy remedy, struct pool *pool)
{
    const char *names = "";
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (classifier_reason(report, i) != NULL && classifier_remedy(report, i) == remedy)
            names = add_name(pool, names, isa_instruction_at(report->isa, i)->name);
    return names;
}

static void print_remedies(const struct classifier_report *report, struct pool *pool, FILE *stream)
{
    fputs("\n  What copes:\n", stream);
    for (enum remedy remedy = 0; remedy < REMEDIES; remedy++) {
        const char *names = patients(report, remedy, pool);
        if (*names != '\0')
            print_paragraph(stream, 4, 6, "with %s: %s", names, classifier_remedy_text(remedy));
    }
    print_paragraph(stream, 4, 4, "The theorems are sufficient conditions: a monitor that executes a guest directly, and "
                                  "emulates what traps, does not learn of these. Other techniques may.");
}

/* The instructions to make privileged, or in guest mode to let exit, for each theorem that fails. */
static void print_repairs(const struct classifier_report *report, struct pool *pool, FILE *stream)
{
    bool any = false, of_guest = report->view != NULL;
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
        const struct repair *repair = &report->repairs[theorem];
        unsigned count = violator_count(report, theorem);
        const char *what = count <= FEW ? instructions_that_violate(report, theorem, false, pool)
                                        : classifier_format(pool, "the %u instructions that violate it", count),
                   *result, *names = "";
        if (repair->text == NULL)
            continue;
        for (unsigned i = 0; i < repair->remaining.count; i++)
            names = add_name(pool, names, isa_instruction_at(report->isa, repair->remaining.items[i])->name);
        if (repair->obstacle != NULL)
            result = classifier_format(pool, "but that variant cannot be built (%s)", repair->obstacle);
        else if (repair->holds == CLASSIFIER_NO)
            result = classifier_format(pool, "but that is not enough, for %s%s", names,
                                       of_guest ? "" : ", which traps in supervisor mode as well");
        else
            result = repair->holds == CLASSIFIER_YES ? "then it is guaranteed" : "whether it holds then is unknown";
        fputs(any ? "" : "\n  The cheapest repair, built and classified again:\n", stream);
        if (report->trap_entry != NULL && classifier_fails(report->trap_entry, theorem))
            result = "but what the machine does when a guest traps violates it, too";
        print_paragraph(stream, 4, 6, of_guest ? "Theorem %d: let %s exit; %s." : "Theorem %d: make %s privileged; %s.",
                        (int)theorem + 1, what, result);
        any = true;
    }
}

static void print_one(const struct classifier_report *report, unsigned instruction, FILE *stream);

static void print_all(const struct classifier_report *report, struct pool *pool, FILE *stream)
{
    print_verdicts(report, pool, stream);
    fputc('\n', stream);
    print_table(report, pool, stream);
    if (print_reasons(report, stream))
        print_remedies(report, pool, stream);
    print_repairs(report, pool, stream);
}

/* ---- Guest mode -------------------------------------------------------------------------------------------------- */

/* What becomes in guest mode of the instructions that violate a theorem outside of it. */
static void print_mended(const struct classifier_report *report, struct pool *pool, FILE *stream)
{
    const struct classifier_report *guest = report->guest_mode;
    const char *exiting = "", *harmless = "";
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        const char *name = isa_instruction_at(report->isa, i)->name;
        if (classifier_reason(report, i) == NULL || classifier_reason(guest, i) != NULL)
            continue;
        if (classifier_has(guest, i, CLASSIFIER_PRIVILEGED) == CLASSIFIER_YES)
            exiting = add_name(pool, exiting, name);
        else
            harmless = add_name(pool, harmless, name);
    }
    if (*exiting != '\0')
        print_paragraph(stream, 2, 4, "Of those that violate a theorem above, these exit: %s.", exiting);
    if (*harmless != '\0')
        print_paragraph(stream, 2, 4, "Of those that violate a theorem above, these neither show nor change in guest mode what is "
                                      "the host's: %s.", harmless);
}

static void print_guest_title(FILE *stream)
{
    print_paragraph(stream, 0, 2, "\n%sGuest mode%s in the place of user mode, exits in that of privileged traps, and the host's "
                    "relocation and resources:", isa_colour("\033[1m", stream), isa_colour("\033[0m", stream));
}

void classifier_print_guest_verdicts(const struct classifier_report *report, FILE *stream)
{
    struct pool *pool = classifier_pool_new();
    const struct classifier_report *guest = report->guest_mode;
    print_guest_title(stream);
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        print_paragraph(stream, 2, 4, "%s: %s.", theorem_titles[theorem],
                        verdict_with_names(guest, theorem, false, pool, stream));
    print_mended(report, pool, stream);
    classifier_pool_free(pool);
}

/* What a trap within the guest does, where it does not exit. */
static void print_trap_entry(const struct classifier_report *entry, FILE *stream)
{
    if (entry == NULL)
        return;
    char text[1024];
    classifier_entry_sentence(entry, text, sizeof text);
    print_paragraph(stream, 2, 4, "%s", text);
    print_reasons(entry, stream);
}

static void print_guest_mode(const struct classifier_report *report, struct pool *pool, FILE *stream)
{
    if (report->only >= 0) {
        print_guest_title(stream);
        print_one(report->guest_mode, (unsigned)report->only, stream);
        return;
    }
    classifier_print_guest_verdicts(report, stream);
    fputc('\n', stream);
    print_table(report->guest_mode, pool, stream);
    print_trap_entry(report->guest_mode->trap_entry, stream);
    if (print_reasons(report->guest_mode, stream))
        print_remedies(report->guest_mode, pool, stream);
    print_repairs(report->guest_mode, pool, stream);
}

/* ---- One instruction --------------------------------------------------------------------------------------------- */

static void print_one(const struct classifier_report *report, unsigned instruction, FILE *stream)
{
    const struct findings *findings = &report->findings[instruction];
    const struct isa_instruction *i = isa_instruction_at(report->isa, instruction);
    print_paragraph(stream, 2, 4, "%s: %s", i->name, i->doc != NULL ? i->doc : "");
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
    struct pool *pool = classifier_pool_new();
    print_paragraph(stream, 0, 2, "%s%s%s: %s", isa_colour("\033[1m", stream), isa_name(isa),
                    isa_colour("\033[0m", stream), isa_title(isa));
    if (report->only >= 0)
        print_one(report, (unsigned)report->only, stream);
    else
        print_all(report, pool, stream);
    if (report->guest_mode != NULL)
        print_guest_mode(report, pool, stream);
    fputc('\n', stream);
    if (isa_source(isa) != NULL)
        print_paragraph(stream, 2, 4, "Source: %s.", isa_source(isa));
    print_paragraph(stream, 2, 4, "Definitions: mode, R, resources and time, base and bound both moved (docs/classifier.md).");
    print_paragraph(stream, 2, 4, "%u witnesses replayed; %" PRIu64 " test situations (seed %" PRIu64
                                  ") refute no answer.", report->replayed, report->trials, report->options.seed);
    classifier_pool_free(pool);
}
