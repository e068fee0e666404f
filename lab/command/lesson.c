/* lesson.c: `pg74 lesson`: lessons in the terminal. */
#include "lab/lessons.h"

#include <stdio.h>
#include <string.h>

#include "lab/lab.h"
#include "lab/language.h"
#include "lab/run_options.h"

struct lesson_options {
    struct lab_lessons lessons;
    const char *asked_language, *output;
    const char *words[8];
    unsigned word_count;
};

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static int read_size(struct lesson_options *options, const char *value)
{
    char rest;
    if (sscanf(value, "%ux%u%c", &options->lessons.screen.columns, &options->lessons.screen.lines, &rest) == 2 &&
        options->lessons.screen.columns <= 500 && options->lessons.screen.lines <= 200)
        return 0;
    return lab_usage_error("lesson", "--size needs columns and lines, as 132x43, not '%s'", value);
}

static int read_option(struct lesson_options *options, int argc, char **argv, int *index)
{
    static const char *const names[] = {"--plain", "--lang", "--lessons", "-o", "--ascii", "--no-mouse", "--keys", "--export", "--size",
                                        NULL};
    const char *name = argv[*index], *value;
    bool *flag = strcmp(name, "--plain") == 0    ? &options->lessons.is_plain
                 : strcmp(name, "--ascii") == 0    ? &options->lessons.screen.ascii
                 : strcmp(name, "--no-mouse") == 0 ? &options->lessons.screen.no_mouse : NULL;
    if (flag != NULL) {
        *flag = true;
        return 0;
    }
    if (strcmp(name, "--size") == 0) {
        value = lab_option_value("lesson", argc, argv, index);
        return value == NULL ? ISA_EXIT_USAGE : read_size(options, value);
    }
    const char **place = strcmp(name, "--lang") == 0 ? &options->asked_language
                         : strcmp(name, "--lessons") == 0 ? &options->lessons.folder
                         : strcmp(name, "-o") == 0        ? &options->output
                         : strcmp(name, "--keys") == 0    ? &options->lessons.screen.keys
                         : strcmp(name, "--export") == 0  ? &options->lessons.screen.export : NULL;
    if (place == NULL) {
        const char *near = lab_nearest(name, names);
        return lab_usage_error("lesson", "there is no option '%s'%s%s%s", name, near ? "; did you mean '" : "", near ? near : "",
                               near ? "'?" : "");
    }
    *place = lab_option_value("lesson", argc, argv, index);
    return *place != NULL ? 0 : ISA_EXIT_USAGE;
}

static int read_arguments(struct lesson_options *options, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int wrong = 0;
        if (argv[i][0] == '-' && argv[i][1] != '\0')
            wrong = read_option(options, argc, argv, &i);
        else if (options->word_count + 1 < sizeof options->words / sizeof options->words[0])
            options->words[options->word_count++] = argv[i];
        else
            wrong = lab_usage_error("lesson", "'%s' is too much", argv[i]);
        if (wrong)
            return wrong;
    }
    if (options->lessons.screen.export != NULL && options->lessons.screen.keys == NULL)
        options->lessons.screen.keys = "";
    lab_language(options->asked_language, options->lessons.language);
    return 0;
}

int lab_command_lesson(int argc, char **argv)
{
    struct lesson_options options = {0};
    int wrong = read_arguments(&options, argc, argv);
    if (wrong)
        return wrong;
    const struct lab_lessons *lessons = &options.lessons;
    const char *word = options.word_count > 0 ? options.words[0] : "", *name = options.word_count > 1 ? options.words[1] : NULL;
    lab_language_begin(lessons->language);
    if (strcmp(word, "list") == 0)
        return lab_lessons_list(lessons);
    if (strcmp(word, "reset") == 0)
        return name != NULL ? lab_lessons_reset(lessons, name) : lab_usage_error("lesson", "reset needs the name of a lesson");
    if (strcmp(word, "export") == 0)
        return lab_lessons_export(lessons, name, options.output);
    if (strcmp(word, "verify") == 0)
        return name != NULL ? lab_lessons_verify(lessons, name) : lab_usage_error("lesson", "verify needs the file that export wrote");
    if (strcmp(word, "check") == 0)
        return lab_lessons_check(lessons, name);
    return lab_lessons_go_through(lessons, options.word_count > 0 ? word : NULL);
}
