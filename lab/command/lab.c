/* lab.c: `pg74 lab`: for authors of labs. */
#include <stdbool.h>
#include <string.h>

#include "isa/isa.h"
#include "lab/grade/author.h"
#include "lab/lab.h"
#include "lab/run_options.h"

struct arguments {
    const char *lab, *output, *platform, *secret, *seed, *key;
};

static int read_arguments(struct arguments *arguments, int argc, char **argv)
{
    const struct { const char *name; const char **place; } options[] = {
        {"-o", &arguments->output}, {"--for", &arguments->platform}, {"--secret", &arguments->secret},
        {"--seed", &arguments->seed}, {"--key", &arguments->key}};
    for (int i = 2; i < argc; i++) {
        const char **place = NULL;
        for (unsigned j = 0; j < sizeof options / sizeof *options; j++)
            if (strcmp(argv[i], options[j].name) == 0)
                place = options[j].place;
        if (place != NULL) {
            if ((*place = lab_option_value("lab", argc, argv, &i)) == NULL)
                return ISA_EXIT_USAGE;
        } else if (argv[i][0] == '-') {
            return lab_usage_error("lab", "no option %s", argv[i]);
        } else if (arguments->lab != NULL) {
            return lab_usage_error("lab", "one lab at a time: '%s' is too many", argv[i]);
        } else {
            arguments->lab = argv[i];
        }
    }
    return 0;
}

static int package(const struct arguments *arguments)
{
    const char *platform = arguments->platform;
    if (platform == NULL || (strcmp(platform, "gradescope") != 0 && strcmp(platform, "autolab") != 0))
        return lab_usage_error("lab", "--for is gradescope or autolab");
    return lab_grade_package(arguments->lab, arguments->output, platform);
}

static int questions(const struct arguments *arguments)
{
    if (arguments->lab != NULL)
        return lab_usage_error("lab", "questions are not about a lab: '%s' is too much", arguments->lab);
    if (arguments->seed == NULL || arguments->output == NULL || arguments->key == NULL)
        return lab_usage_error("lab", "questions need --seed STUDENT, -o PAPER.md and --key KEY.md");
    return lab_grade_question(arguments->seed, arguments->output, arguments->key);
}

int lab_command_lab(int argc, char **argv)
{
    static const char *const actions[] = {"new", "check", "export", "package", "questions", NULL};
    struct arguments arguments = {.lab = NULL};
    const char *action = argc > 1 ? argv[1] : "";
    bool known = false;
    for (unsigned i = 0; actions[i] != NULL; i++)
        known |= strcmp(action, actions[i]) == 0;
    if (!known)
        return lab_usage_error("lab", "what is to be done is new, check, export, package or questions, not '%s'",
                               action);
    int code = read_arguments(&arguments, argc, argv);
    if (code != 0)
        return code;
    if (strcmp(action, "questions") == 0)
        return questions(&arguments);
    if (arguments.lab == NULL)
        return lab_usage_error("lab", "name a lab's folder");
    if (strcmp(action, "new") == 0)
        return lab_grade_new(arguments.lab);
    if (strcmp(action, "check") == 0)
        return lab_grade_check(arguments.lab);
    if (arguments.output == NULL)
        return lab_usage_error("lab", "-o names the folder to make");
    if (strcmp(action, "export") == 0)
        return lab_grade_export(arguments.lab, arguments.output, arguments.secret);
    return package(&arguments);
}
