/* classify.c: pg74 classify. Loads each instruction set, classifies it, prints one report for each or one JSON text for
 * all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/classifier.h"
#include "lab/command/classify.h"
#include "lab/internal.h"
#include "lab/lab.h"

struct arguments {
    const char *instruction;
    const char *save; /* a folder for the demonstrations, or NULL */
    bool json, demonstrate, difference, host;
    bool markdown;
    const char *html; /* where the page goes, or NULL */
    int first, count; /* of the names, moved to the front of argv */
};

/* 0, or the exit code of a usage error. */
static int read_arguments(int argc, char **argv, struct arguments *arguments)
{
    static const char *const options[] = {"--demonstrate", "--instruction", "--json", "--save", "--diff",
                                         "--host", "--html", "--markdown", NULL};
    *arguments = (struct arguments){.first = 1};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            arguments->json = true;
        } else if (strcmp(argv[i], "--markdown") == 0) {
            arguments->markdown = true;
        } else if (strcmp(argv[i], "--host") == 0) {
            arguments->host = true;
        } else if (strcmp(argv[i], "--diff") == 0) {
            arguments->difference = true;
        } else if (strcmp(argv[i], "--html") == 0) {
            if (i + 1 == argc)
                return lab_usage_error("classify", "--html needs the name of a file");
            arguments->html = argv[++i];
        } else if (strcmp(argv[i], "--instruction") == 0) {
            if (i + 1 == argc)
                return lab_usage_error("classify", "--instruction needs the name of an instruction");
            arguments->instruction = argv[++i];
        } else if (strcmp(argv[i], "--demonstrate") == 0) {
            arguments->demonstrate = true;
        } else if (strcmp(argv[i], "--save") == 0) {
            if (i + 1 == argc)
                return lab_usage_error("classify", "--save needs the name of a folder");
            arguments->save = argv[++i];
        } else if (argv[i][0] == '-' && argv[i][1] != '\0') {
            const char *nearest = lab_nearest(argv[i], options);
            return nearest != NULL
                       ? lab_usage_error("classify", "there is no option '%s'; did you mean '%s'?", argv[i], nearest)
                       : lab_usage_error("classify", "there is no option '%s'", argv[i]);
        } else {
            argv[arguments->first + arguments->count++] = argv[i];
        }
    }
    if (arguments->save != NULL && !arguments->demonstrate)
        return lab_usage_error("classify", "--save keeps the programs of --demonstrate");
    if ((arguments->html != NULL || arguments->markdown) &&
        (arguments->json || arguments->difference || arguments->host))
        return lab_usage_error("classify", "--html and --markdown go with the plain report alone");
    if (arguments->save != NULL && (arguments->json || arguments->markdown || arguments->html != NULL))
        return lab_usage_error("classify", "--save goes with text, without --json, --markdown and --html");
    if (arguments->html != NULL && arguments->markdown)
        return lab_usage_error("classify", "choose one of --html and --markdown");
    if (arguments->host)
        return arguments->count == 0 && arguments->instruction == NULL && !arguments->difference &&
                       !arguments->demonstrate
                   ? 0
                   : lab_usage_error("classify", "--host is about this processor, and takes no instruction set");
    if (arguments->difference && (arguments->count != 2 || arguments->instruction != NULL ||
                                  arguments->demonstrate))
        return lab_usage_error("classify", "--diff compares two instruction sets as a whole");
    return arguments->count > 0 ? 0 : lab_usage_error("classify", "name an instruction set, or a file");
}

/* Loads and classifies all of them; 0 or the exit code of the first error. */
static int classify_all(struct classifier *classifier, char **names, int count, bool repair,
                        struct isa **isas, struct classifier_report **reports)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    for (int i = 0; i < count; i++)
        isas[i] = isa_load(names[i], diagnostics);
    classifier_judge_all(classifier, (const struct isa *const *)isas, (unsigned)count);
    for (int i = 0; i < count; i++)
        if (isas[i] != NULL)
            reports[i] = classifier_classify(classifier, isas[i], diagnostics);
    if (repair)
        classifier_repair_all(classifier, reports, (const char *const *)names, (unsigned)count);
    isa_diagnostics_print(diagnostics, stderr);
    int code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_free(diagnostics);
    return code;
}

typedef struct classifier_report *const *report_list;

/* The reports with what was demonstrated, if anything was. */
static char *json_of(report_list reports, unsigned count, const struct lab_demonstrations *demonstrations)
{
    char *text = classifier_json((const struct classifier_report *const *)reports, count);
    if (demonstrations == NULL)
        return text;
    json_t *root = json_loads(text, 0, NULL);
    free(text);
    for (unsigned i = 0; i < count; i++)
        json_object_set_new(json_array_get(json_object_get(root, "variants"), i), "demonstrations",
                            lab_classify_demonstrations_json(demonstrations, i));
    text = json_dumps(root, JSON_INDENT(1));
    json_decref(root);
    return text;
}

/* The reports, or what is different in the second of two. */
static int print_reports(report_list reports, unsigned count, struct lab_demonstrations *demonstrations,
                         const struct arguments *arguments)
{
    if (arguments->json) {
        char *text = arguments->difference ? classifier_difference_json(reports[0], reports[1])
                                           : json_of(reports, count, demonstrations);
        puts(text);
        free(text);
    } else if (arguments->difference) {
        classifier_print_difference(reports[0], reports[1], stdout);
    } else if (arguments->markdown) {
        classifier_markdown((const struct classifier_report *const *)reports, count,
                            demonstrations != NULL ? lab_classify_demonstration_markdown : NULL, demonstrations, stdout);
    } else {
        for (unsigned i = 0; i < count; i++) {
            if (i > 0)
                putchar('\n');
            classifier_print(reports[i], stdout);
        }
        if (demonstrations != NULL)
            return lab_classify_show(demonstrations, arguments->save);
    }
    return 0;
}

/* Writes the page; 0, or an exit code after a message. */
static int write_page(report_list reports, unsigned count, struct lab_demonstrations *demonstrations, const char *path)
{
    FILE *stream = fopen(path, "w");
    bool good = stream != NULL;
    if (good) {
        classifier_html((const struct classifier_report *const *)reports, count,
                        demonstrations != NULL ? lab_classify_demonstration_html : NULL, demonstrations, stream);
        good = ferror(stream) == 0;
        good = fclose(stream) == 0 && good;
    }
    if (!good)
        fprintf(stderr, "pg74 classify: cannot write '%s'\n", path);
    return good ? 0 : ISA_EXIT_INTERNAL;
}

/* Prints everything; the exit code tells of answers that are unknown. */
static int print_all(report_list reports, unsigned count, struct lab_demonstrations *demonstrations,
                     const struct arguments *arguments)
{
    int code = arguments->html != NULL ? write_page(reports, count, demonstrations, arguments->html)
                                       : print_reports(reports, count, demonstrations, arguments);
    for (unsigned i = 0; i < count; i++) {
        if (classifier_report_unknown(reports[i])) {
            fprintf(stderr,
                    "pg74 classify: the solver gave up on a query about %s; here it is, for another solver or more "
                    "effort\n",
                    isa_name(classifier_report_isa(reports[i])));
            classifier_report_print_unknown(reports[i], stderr);
            code = ISA_EXIT_INTERNAL;
        }
    }
    return code;
}

int lab_command_classify(int argc, char **argv)
{
    struct arguments arguments;
    int code = read_arguments(argc, argv, &arguments);
    if (code != 0)
        return code;
    if (arguments.host)
        return lab_classify_host(arguments.json);
    unsigned count = (unsigned)arguments.count;
    struct isa **isas = calloc(count, sizeof *isas);
    struct classifier_report **reports = calloc(count, sizeof *reports);
    struct classifier_options options = classifier_default_options();
    options.instruction = arguments.instruction;
    struct classifier *classifier = classifier_new(&options);
    struct lab_demonstrations *demonstrations = NULL;
    if (isas == NULL || reports == NULL || classifier == NULL) {
        fputs("pg74: internal error: out of memory\n", stderr);
        code = ISA_EXIT_INTERNAL;
    } else {
        code = classify_all(classifier, argv + arguments.first, arguments.count, !arguments.difference, isas, reports);
        if (code == 0 && arguments.demonstrate)
            demonstrations = lab_classify_demonstrate((const struct classifier_report *const *)reports,
                                                      argv + arguments.first, count, &code);
        if (code == 0)
            code = print_all(reports, count, demonstrations, &arguments);
    }
    lab_classify_forget(demonstrations);
    classifier_free(classifier);
    for (unsigned i = 0; i < count && isas != NULL && reports != NULL; i++) {
        classifier_report_free(reports[i]);
        isa_free(isas[i]);
    }
    free(reports);
    free(isas);
    return code;
}
