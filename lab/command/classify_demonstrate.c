/* classify_demonstrate.c: pg74 classify --demonstrate: a guest for every violation, run bare and under the
 * trap-and-emulate monitor. */
#include "lab/command/classify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lab/demonstrate.h"
#include "lab/run_options.h"

enum { LONGEST_FOLDER = 768 }; /* a program's name, too, must fit into 1024 */

static bool is_violation(const struct classifier_report *report, unsigned instruction)
{
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        if (classifier_violation(report, instruction, theorem) != NULL)
            return true;
    return false;
}

/* ---- Saving ------------------------------------------------------------------------------------------------------ */

static bool cannot(const char *path, struct isa_diagnostics *diagnostics)
{
    const struct isa_place place = {.file = path};
    isa_diagnostics_error(diagnostics, &place, ISA_EXIT_NO_INPUT, NULL, "cannot be written: %s", strerror(errno));
    return false;
}

static bool write_file(const char *path, const void *bytes, size_t length, struct isa_diagnostics *diagnostics)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return cannot(path, diagnostics);
    bool written = fwrite(bytes, 1, length, file) == length;
    return (fclose(file) == 0 && written) || cannot(path, diagnostics);
}

/* "x86:pg74" as part of a file's name; a variant from a file keeps what its own name is. */
static void file_name(const char *folder, const char *isa, const char *instruction, const char *end, char *path,
                      size_t size)
{
    int start = snprintf(path, size, "%s/", folder);
    snprintf(path + start, size - (size_t)start, "%s-%s%s", isa, instruction, end);
    for (char *c = path + start; *c != '\0'; c++)
        *c = *c == ':' || *c == '/' ? '-' : *c;
}

/* The program as text and assembled, and its place in the README. `name` is how the instruction set was given. */
static bool save(const char *folder, FILE *readme, const char *name, const struct classifier_report *report,
                 unsigned instruction, const struct lab_demonstration *demonstration,
                 struct isa_diagnostics *diagnostics)
{
    const struct isa *isa = classifier_report_isa(report);
    const char *mnemonic = isa_instruction_at(isa, instruction)->name, *text = demonstration->program->text;
    char source[1024], program[1024];
    size_t length;
    file_name(folder, isa_name(isa), mnemonic, ".s", source, sizeof source);
    file_name(folder, isa_name(isa), mnemonic, ".elf", program, sizeof program);
    uint8_t *bytes = isa_assemble(isa, source, text, &length, diagnostics);
    bool saved = bytes != NULL && write_file(source, text, strlen(text), diagnostics) &&
                 write_file(program, bytes, length, diagnostics);
    free(bytes);
    const char *guest = strrchr(program, '/') + 1;
    fprintf(readme, "## %s, %s\n\n", isa_name(isa), mnemonic);
    fputs("```\n", readme);
    lab_demonstration_print(demonstration, report, instruction, readme);
    fprintf(readme,
            "```\n\nTo see it:\n\n    pg74 run --isa %s %s\n    pg74 run --isa %s --vmm trap_and_emulate %s%s%s\n"
            "    pg74 compare --isa %s --vmm trap_and_emulate %s%s%s\n\n",
            name, guest, name, guest, demonstration->program->writes_port ? " " : "",
            demonstration->program->writes_port ? guest : "", name, guest,
            demonstration->program->writes_port ? " " : "", demonstration->program->writes_port ? guest : "");
    return saved;
}

static FILE *begin_readme(const char *folder, struct isa_diagnostics *diagnostics)
{
    char path[1024];
    if (strlen(folder) > LONGEST_FOLDER) {
        errno = ENAMETOOLONG;
        cannot(folder, diagnostics);
        return NULL;
    }
    snprintf(path, sizeof path, "%s/README.md", folder);
    FILE *readme = mkdir(folder, 0777) == 0 || errno == EEXIST ? fopen(path, "w") : NULL;
    if (readme == NULL) {
        cannot(path, diagnostics);
        return NULL;
    }
    fputs("# Demonstrations\n\nEach program here is a guest that behaves otherwise under a trap-and-emulate monitor "
          "than on the bare machine,\nbecause of one instruction that is sensitive and not privileged. `pg74 classify "
          "--demonstrate` wrote them.\n\n",
          readme);
    return readme;
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

struct count { unsigned shown, waiting, violations; };

static bool demonstrate_one(const struct classifier_report *report, const char *name, unsigned instruction,
                            const struct machine_image *monitor, const char *folder, FILE *readme, struct count *count,
                            struct isa_diagnostics *diagnostics)
{
    struct lab_demonstration demonstration;
    bool good = lab_demonstrate(report, instruction, monitor, &demonstration, diagnostics);
    if (good) {
        lab_demonstration_print(&demonstration, report, instruction, stdout);
        count->violations++;
        count->shown += demonstration.program != NULL;
        count->waiting += demonstration.tried == 0;
        if (readme != NULL && demonstration.program != NULL)
            good = save(folder, readme, name, report, instruction, &demonstration, diagnostics);
    }
    lab_demonstration_free(&demonstration);
    return good;
}

/* What the demonstrations of one call have in common. */
struct demonstrations {
    struct classifier *classifier;
    const struct machine_image *monitor;
    const char *folder; /* or NULL */
    FILE *readme;       /* or NULL */
    struct isa_diagnostics *diagnostics;
};

static unsigned violation_count(const struct classifier_report *report)
{
    unsigned count = 0;
    for (unsigned i = 0; i < isa_instruction_count(classifier_report_isa(report)); i++)
        count += is_violation(report, i);
    return count;
}

static bool demonstrate_all(struct demonstrations *all, const struct classifier_report *report, const char *name)
{
    struct count count = {0};
    const struct isa *isa = classifier_report_isa(report);
    printf("\n  %s, demonstrated under trap_and_emulate:\n", isa_name(isa));
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        if (is_violation(report, i) && !demonstrate_one(report, name, i, all->monitor, all->folder, all->readme, &count,
                                                        all->diagnostics))
            return false;
    if (count.violations == 0)
        puts("    there is nothing to show: no instruction violates a theorem.");
    else
        printf("    %u of %u violations shown, %u waiting.\n", count.shown, count.violations, count.waiting);
    return true;
}

/* The same variant over pg74, or NULL where it does not load there or has nothing to show. */
static struct classifier_report *over_pg74(struct classifier *classifier, const char *name, struct isa **isa)
{
    char over[1024];
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    struct classifier_report *report = NULL;
    snprintf(over, sizeof over, "%s:pg74", name);
    *isa = strchr(name, ':') == NULL ? isa_load(over, ignored) : NULL;
    if (*isa != NULL)
        report = classifier_classify(classifier, *isa, ignored);
    if (report != NULL && violation_count(report) == 0) {
        classifier_report_free(report);
        report = NULL;
    }
    isa_diagnostics_free(ignored);
    return report;
}

/* Instructions that violate a theorem with pages and are not even there, or harmless, without. */
static void list_waiting(const struct classifier_report *report, const struct classifier_report *shown)
{
    const struct isa *isa = classifier_report_isa(report), *other = classifier_report_isa(shown);
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        const struct isa_instruction *same = isa_instruction_named(other, isa_instruction_at(isa, i)->name);
        if (is_violation(report, i) && (same == NULL || !is_violation(shown, isa_instruction_number(other, same))))
            printf("    %s is waiting: it violates a theorem with pages only, and there is no trap-and-emulate monitor "
                   "for pages yet.\n", isa_instruction_at(isa, i)->name);
    }
}

static bool is_paged(const struct isa *isa)
{
    const struct isa_program *translate = isa_paragraph(isa, ISA_ON_TRANSLATE);
    for (unsigned i = 0; i < translate->count; i++)
        if (translate->nodes[i].operator == ISA_LOAD)
            return true;
    return false;
}

static bool demonstrate(struct demonstrations *all, const struct classifier_report *report, const char *name)
{
    struct isa *isa = NULL;
    struct classifier_report *other = NULL;
    char over[1024];
    if (is_paged(classifier_report_isa(report)) && violation_count(report) > 0)
        other = over_pg74(all->classifier, name, &isa);
    snprintf(over, sizeof over, "%s:pg74", name);
    bool good = demonstrate_all(all, other != NULL ? other : report, other != NULL ? over : name);
    if (other != NULL)
        list_waiting(report, other);
    classifier_report_free(other);
    isa_free(isa);
    return good;
}

int lab_classify_demonstrate(struct classifier *classifier, const struct classifier_report *const *reports,
                             char **names, unsigned count, const char *folder)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_image *monitor = lab_open_monitor("trap_and_emulate", diagnostics);
    struct demonstrations all = {classifier, monitor, folder, NULL, diagnostics};
    if (folder != NULL && monitor != NULL)
        all.readme = begin_readme(folder, diagnostics);
    bool good = monitor != NULL && (folder == NULL || all.readme != NULL);
    for (unsigned i = 0; i < count && good; i++)
        good = demonstrate(&all, reports[i], names[i]);
    if (all.readme != NULL && (ferror(all.readme) | fclose(all.readme)))
        cannot(folder, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    int code = isa_diagnostics_exit_code(diagnostics);
    machine_image_free(monitor);
    isa_diagnostics_free(diagnostics);
    return code;
}
