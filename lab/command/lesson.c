/* lesson.c: `pg74 lesson`: lessons in the terminal. */
#include "lab/lesson/lesson.h"

#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"
#include "lab/language.h"
#include "lab/run_options.h"

struct lesson_options {
    const char *folder, *asked_language, *output;
    char language[16];
    bool is_plain;
    const char *words[8];
    unsigned word_count;
};

static int finish(struct isa_diagnostics *diagnostics)
{
    fflush(stdout);
    isa_diagnostics_print(diagnostics, stderr);
    int code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_free(diagnostics);
    return code;
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

static int list(const struct lesson_options *options)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char **folders = lab_lesson_find_all(options->folder);
    for (unsigned i = 0; folders[i] != NULL; i++) {
        struct lab_lesson *lesson = lab_lesson_read(folders[i], options->language, diagnostics);
        if (lesson == NULL)
            continue;
        const struct lab_lesson_head *head = lab_lesson_head(lesson);
        printf("%3u  %-24s %3u min  %s\n", i + 1, head->name, head->minutes, head->title);
        lab_lesson_free(lesson);
    }
    if (folders[0] == NULL)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, "--lessons DIR says where they are", "there are no lessons");
    lab_lesson_free_list(folders);
    return finish(diagnostics);
}

static int check(const struct lesson_options *options)
{
    struct isa_diagnostics *all = isa_diagnostics_new();
    char **folders = options->word_count > 1 ? NULL : lab_lesson_find_all(options->folder);
    char *one = folders == NULL ? lab_lesson_find(options->folder, options->words[1], all) : NULL, *only[] = {one, NULL};
    char **checked = folders != NULL ? folders : only;
    for (unsigned i = 0; checked[i] != NULL; i++) {
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        lab_lesson_check(checked[i], diagnostics);
        printf("%-24s %s\n", strrchr(checked[i], '/') + 1, isa_diagnostics_total(diagnostics) == 0 ? _("all right") : _("FAILED"));
        isa_diagnostics_move(diagnostics, all);
        isa_diagnostics_free(diagnostics);
    }
    if (folders != NULL && folders[0] == NULL)
        isa_diagnostics_error(all, NULL, ISA_EXIT_NO_INPUT, "--lessons DIR says where they are", "there are no lessons");
    if (folders != NULL)
        lab_lesson_free_list(folders);
    free(one);
    return finish(all);
}

static int go_through(const struct lesson_options *options, const char *name)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct lab_lesson_plain_options plain = {.lessons = options->folder, .language = options->language};
    char *folder = lab_lesson_find(options->folder, name, diagnostics);
    struct lab_lesson *lesson = folder != NULL ? lab_lesson_read(folder, options->language, diagnostics) : NULL;
    int code = finish(diagnostics);
    if (lesson != NULL)
        code = lab_lesson_plain(lesson, &plain);
    lab_lesson_free(lesson);
    free(folder);
    return code;
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static int read_option(struct lesson_options *options, int argc, char **argv, int *index)
{
    static const char *const names[] = {"--plain", "--lang", "--lessons", NULL};
    const char *name = argv[*index];
    if (strcmp(name, "--plain") == 0) {
        options->is_plain = true;
        return 0;
    }
    const char **place = strcmp(name, "--lang") == 0 ? &options->asked_language
                         : strcmp(name, "--lessons") == 0 ? &options->folder : NULL;
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
    lab_language(options->asked_language, options->language);
    return 0;
}

int lab_command_lesson(int argc, char **argv)
{
    struct lesson_options options = {0};
    int wrong = read_arguments(&options, argc, argv);
    if (wrong)
        return wrong;
    lab_language_begin(options.asked_language);
    const char *word = options.word_count > 0 ? options.words[0] : NULL;
    if (word == NULL || strcmp(word, "list") == 0)
        return list(&options);
    if (strcmp(word, "check") == 0)
        return check(&options);
    return go_through(&options, word);
}
