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

/* An instruction set, and what its violators showed. */
struct shown {
    const struct classifier_report *report;
    char name[1024]; /* as it was loaded */
    unsigned count, *instructions, statuses[LAB_STATUSES];
    struct lab_demonstration *list;
};

static void free_shown(struct shown *shown)
{
    for (unsigned i = 0; i < shown->count; i++)
        lab_demonstration_free(&shown->list[i]);
    free(shown->list);
    free(shown->instructions);
}

static bool demonstrate_all(const struct machine_image *monitor, const struct classifier_report *report,
                            const char *name, struct shown *shown, struct isa_diagnostics *diagnostics)
{
    unsigned count = isa_instruction_count(classifier_report_isa(report));
    *shown = (struct shown){.report = report};
    snprintf(shown->name, sizeof shown->name, "%s", name);
    shown->instructions = calloc(count, sizeof *shown->instructions);
    shown->list = calloc(count, sizeof *shown->list);
    for (unsigned i = 0; i < count && shown->list != NULL && shown->instructions != NULL; i++) {
        struct lab_demonstration *demonstration = &shown->list[shown->count];
        if (!is_violation(report, i))
            continue;
        shown->instructions[shown->count++] = i;
        if (shown->count > 1 && shown->list[0].tried > 0 && shown->list[0].reached == 0)
            *demonstration = shown->list[0]; /* the monitor runs nothing here: there are no consoles in it */
        else if (!lab_demonstrate(report, i, monitor, demonstration, diagnostics))
            return false;
        shown->statuses[lab_demonstration_status(demonstration)]++;
    }
    return true;
}

struct lab_demonstrations {
    unsigned count;
    struct shown *list;
};

void lab_classify_forget(struct lab_demonstrations *demonstrations)
{
    for (unsigned i = 0; demonstrations != NULL && i < demonstrations->count; i++)
        free_shown(&demonstrations->list[i]);
    if (demonstrations != NULL)
        free(demonstrations->list);
    free(demonstrations);
}

struct lab_demonstrations *lab_classify_demonstrate(const struct classifier_report *const *reports, char **names,
                                                    unsigned count, int *code)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_image *monitor = lab_open_monitor(LAB_DEMONSTRATION_MONITOR, diagnostics);
    struct lab_demonstrations *demonstrations = calloc(1, sizeof *demonstrations);
    struct shown *list = calloc(count, sizeof *list);
    if (demonstrations == NULL || list == NULL)
        abort();
    *demonstrations = (struct lab_demonstrations){count, list};
    for (unsigned i = 0; i < count && monitor != NULL; i++)
        if (!demonstrate_all(monitor, reports[i], names[i], &list[i], diagnostics))
            break;
    isa_diagnostics_print(diagnostics, stderr);
    *code = isa_diagnostics_exit_code(diagnostics);
    machine_image_free(monitor);
    isa_diagnostics_free(diagnostics);
    return demonstrations;
}

/* ---- Showing ----------------------------------------------------------------------------------------------------- */

static bool show(const struct shown *shown, const char *folder, FILE *readme, struct isa_diagnostics *diagnostics)
{
    bool good = true;
    printf("\n  %s, demonstrated under trap_and_emulate:\n", isa_name(classifier_report_isa(shown->report)));
    for (unsigned i = 0; i < shown->count && good; i++) {
        const struct lab_demonstration *demonstration = &shown->list[i];
        lab_demonstration_print(demonstration, shown->report, shown->instructions[i], stdout);
        if (readme != NULL && lab_demonstration_status(demonstration) == LAB_SHOWN)
            good = save(folder, readme, shown->name, shown->report, shown->instructions[i], demonstration, diagnostics);
    }
    if (shown->count == 0)
        puts("    there is nothing to show: no instruction violates a theorem.");
    else
        printf("    %u of %u violations shown, %u hidden, %u waiting.\n", shown->statuses[LAB_SHOWN], shown->count,
               shown->statuses[LAB_HIDDEN], shown->statuses[LAB_WAITING]);
    return good;
}

int lab_classify_show(const struct lab_demonstrations *demonstrations, const char *folder)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    FILE *readme = folder != NULL ? begin_readme(folder, diagnostics) : NULL;
    bool good = folder == NULL || readme != NULL;
    for (unsigned i = 0; i < demonstrations->count && good; i++)
        good = show(&demonstrations->list[i], folder, readme, diagnostics);
    if (readme != NULL && (ferror(readme) | fclose(readme)))
        cannot(folder, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    int code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_free(diagnostics);
    return code;
}

json_t *lab_classify_demonstrations_json(const struct lab_demonstrations *demonstrations, unsigned number)
{
    const struct shown *shown = &demonstrations->list[number];
    json_t *list = json_array();
    for (unsigned i = 0; i < shown->count; i++)
        json_array_append_new(
            list, lab_demonstration_json(&shown->list[i], shown->report, shown->name, shown->instructions[i]));
    return list;
}

void lab_classify_demonstration_html(void *context, unsigned number, unsigned instruction, FILE *stream)
{
    const struct lab_demonstrations *demonstrations = context;
    const struct shown *shown = &demonstrations->list[number];
    for (unsigned i = 0; i < shown->count; i++)
        if (shown->instructions[i] == instruction)
            lab_demonstration_html(&shown->list[i], shown->report, shown->name, instruction, stream);
}

void lab_classify_demonstration_markdown(void *context, unsigned number, unsigned instruction, FILE *stream)
{
    const struct lab_demonstrations *demonstrations = context;
    const struct shown *shown = &demonstrations->list[number];
    for (unsigned i = 0; i < shown->count; i++)
        if (shown->instructions[i] == instruction)
            lab_demonstration_markdown(&shown->list[i], shown->report, instruction, stream);
}
