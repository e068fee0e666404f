/* classify_host.c: pg74 classify --host. The table of what the processor at hand does with the x86's sensitive
 * instructions in user mode, beside what the classifier says of the x86 variants. */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/classifier.h"
#include "lab/host.h"
#include "lab/internal.h"
#include "lab/lab.h"

/* The variants that stand beside it, as far as they are there. */
struct beside {
    const char *name;
    struct isa *isa;
    struct classifier_report *report;
};
enum { VARIANTS = 2 };

static void load_beside(struct beside *beside, struct classifier *classifier)
{
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    beside->isa = isa_load(beside->name, ignored);
    if (beside->isa == NULL) {
        char over[64]; /* its own parent may be missing; what makes it an x86 is its own */
        snprintf(over, sizeof over, "%s:pg74", beside->name);
        beside->isa = isa_load(over, ignored);
    }
    if (beside->isa != NULL)
        beside->report = classifier_classify(classifier, beside->isa, ignored);
    isa_diagnostics_free(ignored);
}

/* What the classifier says of the instruction in a word or two. */
static const char *verdict(const struct beside *beside, const char *name)
{
    const struct isa_instruction *instruction = isa_instruction_named(beside->isa, name);
    if (instruction == NULL)
        return "-";
    unsigned number = isa_instruction_number(beside->isa, instruction);
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        if (classifier_violates(beside->report, number, theorem, false))
            return "sensitive, no trap";
    if (classifier_has(beside->report, number, CLASSIFIER_PRIVILEGED) == CLASSIFIER_YES)
        return "privileged";
    return classifier_has(beside->report, number, CLASSIFIER_INNOCUOUS) == CLASSIFIER_YES ? "innocuous" : "no harm";
}

static const char *outcome(const struct lab_host_try *try)
{
    static const char *const words[] = {"runs", "emulated", "blocked", "not tried"};
    return words[try->end];
}

static const char *signal_name(int number)
{
    return number == SIGSEGV   ? "SIGSEGV: general protection"
           : number == SIGILL  ? "SIGILL: no such instruction"
           : number == SIGALRM ? "it did not come to an end"
                               : "a signal";
}

static const char *shows(const struct lab_host_try *try)
{
    return try->end == LAB_HOST_BLOCKED ? signal_name(try->signal) : try->shows;
}

enum { BEFORE_SHOWN = 34, VERDICT = 18 }; /* columns */

static void print_first_columns(const struct lab_host_try *try)
{
    printf("  %-11s  %-9s  ", try->name, outcome(try));
    if (try->cycles > 0)
        printf("%6llu", (unsigned long long)try->cycles);
    else
        printf("%6s", "-");
}

static void print_wide(const struct lab_host_try *tries, unsigned count, const struct beside *variants, size_t widest)
{
    printf("  instruction  outcome    cycles  %-*s", (int)widest, "what it shows");
    for (unsigned k = 0; k < VARIANTS; k++)
        if (variants[k].report != NULL)
            printf("  %s%*s", variants[k].name, k + 1 < VARIANTS ? VERDICT - (int)strlen(variants[k].name) : 0, "");
    putchar('\n');
    for (unsigned i = 0; i < count; i++) {
        print_first_columns(&tries[i]);
        printf("  %-*s", (int)widest, shows(&tries[i]));
        for (unsigned k = 0; k < VARIANTS; k++)
            if (variants[k].report != NULL)
                printf("  %-*s", k + 1 < VARIANTS ? VERDICT : 0, verdict(&variants[k], tries[i].name));
        putchar('\n');
    }
}

/* What does not fit beside the first columns stands below them. */
static void print_narrow(const struct lab_host_try *tries, unsigned count, const struct beside *variants)
{
    puts("  instruction  outcome    cycles");
    for (unsigned i = 0; i < count; i++) {
        char text[256];
        int length = snprintf(text, sizeof text, "%s", shows(&tries[i]));
        for (unsigned k = 0; k < VARIANTS; k++)
            if (variants[k].report != NULL && (size_t)length < sizeof text)
                length += snprintf(text + length, sizeof text - (size_t)length, "; %s: %s", variants[k].name,
                                   verdict(&variants[k], tries[i].name));
        print_first_columns(&tries[i]);
        fputs("\n      ", stdout);
        isa_fold(text, 6, 6, stdout);
    }
}

static void print_text(const struct lab_host_try *tries, unsigned count, const struct beside *variants)
{
    size_t widest = strlen("what it shows");
    for (unsigned i = 0; i < count; i++)
        widest = strlen(shows(&tries[i])) > widest ? strlen(shows(&tries[i])) : widest;
    printf("This processor, in user mode (UMIP: %s)\n\n", lab_host_has_umip() ? "yes" : "no");
    if (BEFORE_SHOWN + widest + VARIANTS * (VERDICT + 2) <= isa_columns(stdout))
        print_wide(tries, count, variants, widest);
    else
        print_narrow(tries, count, variants);
    fputs("\n  ", stdout);
    isa_fold("runs: the processor executes it. emulated: there is a result, but so slowly that the kernel or a hypervisor must "
             "have trapped it. blocked: it traps, and the kernel sends a signal. cycles: the fastest of 64 times. The "
             "variants' columns: what the classifier says; - where the variant leaves it out.", 2, 2, stdout);
}

static void print_json(const struct lab_host_try *tries, unsigned count, const struct beside *variants)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < count; i++) {
        json_t *object = json_pack("{s:s,s:s,s:s,s:I}", "name", tries[i].name, "outcome", outcome(&tries[i]), "shows",
                                   shows(&tries[i]), "cycles", (json_int_t)tries[i].cycles);
        json_t *classified = json_object();
        for (unsigned k = 0; k < VARIANTS; k++)
            if (variants[k].report != NULL)
                json_object_set_new(classified, variants[k].name, json_string(verdict(&variants[k], tries[i].name)));
        json_object_set_new(object, "variants", classified);
        json_array_append_new(array, object);
    }
    json_t *root = json_pack("{s:i,s:b,s:o}", "schema_version", 1, "umip", lab_host_has_umip(), "instructions", array);
    char *text = json_dumps(root, JSON_INDENT(1));
    json_decref(root);
    puts(text);
    free(text);
}

int lab_classify_host(bool json)
{
    struct beside variants[VARIANTS] = {{.name = "x86"}, {.name = "x86umip"}};
    struct lab_host_try tries[LAB_HOST_MOST];
    if (!lab_host_known()) {
        fputs("pg74 classify: --host knows x86-64 processors under Linux alone, and this is another\n", stderr);
        return ISA_EXIT_USAGE;
    }
    unsigned count = lab_host_try_all(tries);
    struct classifier *classifier = classifier_new(NULL);
    for (unsigned k = 0; k < VARIANTS && classifier != NULL; k++)
        load_beside(&variants[k], classifier);
    if (json)
        print_json(tries, count, variants);
    else
        print_text(tries, count, variants);
    for (unsigned k = 0; k < VARIANTS; k++) {
        classifier_report_free(variants[k].report);
        isa_free(variants[k].isa);
    }
    classifier_free(classifier);
    return 0;
}
