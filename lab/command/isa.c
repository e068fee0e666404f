/* isa.c: `pg74 isa`: shows instruction sets, and checks one of the user's own. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/isa.h"
#include "lab/lab.h"

static int finish(struct isa_diagnostics *diagnostics)
{
    isa_diagnostics_print(diagnostics, stderr);
    int code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_free(diagnostics);
    return code;
}

/* A variant whose own parent is not built in is listed over pg74. */
static void print_entry(const struct isa_library_entry *entry)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char name[96];
    snprintf(name, sizeof name, "%s", entry->name);
    struct isa *isa = isa_load(name, diagnostics);
    if (isa == NULL) {
        snprintf(name, sizeof name, "%s:pg74", entry->name);
        isa = isa_load(name, diagnostics);
    }
    char year[16] = "";
    if (isa != NULL && isa_year(isa) != 0)
        snprintf(year, sizeof year, "%u", isa_year(isa));
    if (isa != NULL)
        printf("%-10s %4s  %s\n", name, year, isa_title(isa));
    isa_free(isa);
    isa_diagnostics_free(diagnostics);
}

static int list(int argc, char **argv)
{
    if (argc > 1)
        return lab_usage_error("isa", "'list' takes nothing: '%s'", argv[1]);
    for (unsigned i = 0; i < isa_library_count(); i++)
        if (!isa_library_at(i)->part)
            print_entry(isa_library_at(i));
    return 0;
}

static int show(int argc, char **argv)
{
    const char *names[2] = {NULL, NULL};
    unsigned count = 0;
    bool json = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (argv[i][0] == '-')
            return lab_usage_error("isa", "there is no option '%s'", argv[i]);
        else if (count == 2)
            return lab_usage_error("isa", "one instruction at a time: '%s' and '%s'", names[1], argv[i]);
        else
            names[count++] = argv[i];
    }
    if (count == 0)
        return lab_usage_error("isa", "'show' needs an instruction set");
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(names[0], diagnostics);
    if (isa != NULL)
        isa_print_instructions(isa, names[1], json, stdout, diagnostics);
    isa_free(isa);
    return finish(diagnostics);
}

static int card(int argc, char **argv)
{
    if (argc != 2)
        return lab_usage_error("isa", "'card' needs one instruction set");
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(argv[1], diagnostics);
    if (isa != NULL)
        isa_print_card(isa, stdout);
    isa_free(isa);
    return finish(diagnostics);
}

/* What is known about the words that are no instruction. */
struct unassigned {
    unsigned patterns;
    double words;
};

enum { SHOWN_PATTERNS = 12 };

static bool count_pattern(void *context, const char *pattern)
{
    struct unassigned *unassigned = context;
    unsigned open = 0;
    for (const char *bit = pattern; *bit; bit++)
        open += *bit == '-';
    unassigned->words += ldexp(1, (int)open);
    if (unassigned->patterns++ < SHOWN_PATTERNS)
        printf("  %s\n", pattern);
    return true;
}

/* Loading is the check: a specification that loads has passed all of it. */
static int check(int argc, char **argv)
{
    if (argc != 2)
        return lab_usage_error("isa", "'check' needs one file");
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(argv[1], diagnostics);
    if (isa != NULL) {
        struct unassigned unassigned = {0, 0};
        printf("%s: %s\n", isa_name(isa), isa_title(isa));
        printf("%u instructions of %u bits, their encodings proven disjoint\n", isa_instruction_count(isa),
               isa_instruction_bits(isa));
        printf("words that are no instruction:\n");
        isa_unassigned(isa, count_pattern, &unassigned);
        if (unassigned.patterns > SHOWN_PATTERNS)
            printf("  ... and %u patterns more\n", unassigned.patterns - SHOWN_PATTERNS);
        printf("  %.0f of %.0f words (%.1f %%)\n", unassigned.words, ldexp(1, (int)isa_instruction_bits(isa)),
               100 * unassigned.words / ldexp(1, (int)isa_instruction_bits(isa)));
    }
    isa_free(isa);
    return finish(diagnostics);
}

int lab_command_isa(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } actions[] = {{"list", list}, {"show", show}, {"card", card}, {"check", check}};
    for (size_t i = 0; argc > 1 && i < sizeof actions / sizeof *actions; i++)
        if (strcmp(argv[1], actions[i].name) == 0)
            return actions[i].run(argc - 1, argv + 1);
    if (argc < 2)
        return lab_usage_error("isa", "list, show, card or check?");
    return lab_usage_error("isa", "there is no '%s': list, show, card or check?", argv[1]);
}
