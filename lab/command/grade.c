/* grade.c: `pg74 grade`: grades a submission to a lab. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "isa/isa.h"
#include "lab/grade/grade.h"
#include "lab/lab.h"
#include "lab/run_options.h"

static bool read_number(const char *text, uint64_t most, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 0);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *number <= most;
}

static bool is_format(const char *name)
{
    for (unsigned i = 0; lab_grade_format_names[i] != NULL; i++)
        if (strcmp(name, lab_grade_format_names[i]) == 0)
            return true;
    return false;
}

/* What the command line says. */
struct arguments {
    struct lab_grade_options options;
    const char *batch, *compare;
    unsigned jobs;
};

/* Where the text of an option goes; NULL for one that has none. */
static const char **text_option(struct arguments *arguments, const char *option)
{
    const struct { const char *name; const char **place; } texts[] = {
        {"--format", &arguments->options.format}, {"-o", &arguments->options.output},
        {"--secret", &arguments->options.secret}, {"--task", &arguments->options.task},
        {"--batch", &arguments->batch},           {"--compare", &arguments->compare}};
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(option, texts[i].name) == 0)
            return texts[i].place;
    return NULL;
}

static bool *flag_option(struct lab_grade_options *options, const char *option)
{
    if (strcmp(option, "--uncontained") == 0)
        return &options->uncontained;
    if (strcmp(option, "--any-compiler") == 0)
        return &options->any_compiler;
    return strcmp(option, "--all") == 0 ? &options->keep_failures : NULL;
}

static int number_option(struct arguments *arguments, const char *option, const char *text)
{
    bool seed = strcmp(option, "--seed") == 0, jobs = strcmp(option, "-j") == 0;
    uint64_t number, most = seed ? INT64_MAX : jobs ? 1024 : 86400;
    if (!read_number(text, most, &number))
        return lab_usage_error("grade", "%s is a number from 0 to %" PRIu64 ", not '%s'", option, most, text);
    if (seed)
        arguments->options.seed = number;
    else if (jobs)
        arguments->jobs = (unsigned)number;
    else
        arguments->options.seconds = (unsigned)number;
    return 0;
}

static int read_option(struct arguments *arguments, int argc, char **argv, int *index)
{
    static const char *const names[] = {"--format", "-o", "--seed", "--task", "--all", "--uncontained",
                                        "--any-compiler", "--seconds", "--secret", "--batch", "--compare", "-j", NULL};
    const char *option = argv[*index], **text = text_option(arguments, option), *value;
    bool *flag = flag_option(&arguments->options, option);
    if (flag != NULL) {
        *flag = true;
        return 0;
    }
    bool number = strcmp(option, "--seed") == 0 || strcmp(option, "--seconds") == 0 || strcmp(option, "-j") == 0;
    if (text == NULL && !number) {
        const char *near = lab_nearest(option, names);
        return near != NULL ? lab_usage_error("grade", "no option %s; did you mean %s?", option, near)
                            : lab_usage_error("grade", "no option %s", option);
    }
    if ((value = lab_option_value("grade", argc, argv, index)) == NULL)
        return ISA_EXIT_USAGE;
    if (number)
        return number_option(arguments, option, value);
    *text = value;
    return 0;
}

static int run(const struct arguments *arguments)
{
    const struct lab_grade_options *options = &arguments->options;
    if (options->format != NULL && !is_format(options->format))
        return lab_usage_error("grade", "--format is text, json, junit, tap, gradescope, autolab, prairielearn or "
                               "github, not '%s'", options->format);
    if (arguments->batch == NULL && options->lab != NULL && options->submission != NULL)
        return arguments->compare == NULL ? lab_grade_run(options)
                                          : lab_usage_error("grade", "--compare is for --batch");
    if (arguments->batch == NULL)
        return lab_usage_error("grade", "name a lab's folder and a submission");
    if (options->lab == NULL || options->submission != NULL)
        return lab_usage_error("grade", "--batch FOLDER has the submissions: name the lab's folder besides");
    if (options->output == NULL)
        return lab_usage_error("grade", "with --batch, -o names the folder of the results");
    return lab_grade_batch(options, arguments->batch, arguments->jobs, arguments->compare);
}

int lab_command_grade(int argc, char **argv)
{
    struct arguments arguments = {.options = {.seed = 1}, .jobs = 1};
    const char **places[] = {&arguments.options.lab, &arguments.options.submission};
    unsigned count = 0;
    if (argc == 2 && strcmp(argv[1], "--child") == 0) /* what the grader itself starts */
        return lab_grade_child();
    for (int i = 1; i < argc; i++) {
        int code = 0;
        if (argv[i][0] == '-' && argv[i][1] != '\0')
            code = read_option(&arguments, argc, argv, &i);
        else if (count == 2)
            code = lab_usage_error("grade", "one submission at a time: '%s' is too many", argv[i]);
        else
            *places[count++] = argv[i];
        if (code != 0)
            return code;
    }
    return run(&arguments);
}
