/* lesson.c: `pg74 lesson`: lessons in the terminal. */
#include "lab/lesson/lesson.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"
#include "lab/language.h"
#include "lab/run_options.h"
#include "tui/tui.h"

struct lesson_options {
    const char *folder, *asked_language, *output;
    char language[16];
    bool is_plain;
    struct tui_options screen;
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

/* What is wrong with a lesson is for `check` to say. */
static int list(const struct lesson_options *options)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char **folders = lab_lesson_find_all(options->folder);
    for (unsigned i = 0; folders[i] != NULL; i++) {
        char *line = lab_lesson_describe(folders[i], options->language, i + 1);
        puts(line);
        free(line);
    }
    if (folders[0] == NULL)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, "--lessons DIR says where they are", "there are no lessons");
    else
        puts(_("\npg74 lesson NAME (or its number) begins one, or goes on where you were."));
    lab_lesson_free_list(folders);
    return finish(diagnostics);
}

static int reset(const struct lesson_options *options)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *folder = options->word_count > 1 ? lab_lesson_find(options->folder, options->words[1], diagnostics) : NULL;
    if (options->word_count < 2) {
        isa_diagnostics_free(diagnostics);
        return lab_usage_error("lesson", "reset needs the name of a lesson");
    }
    if (folder != NULL && !lab_lesson_progress_forget(strrchr(folder, '/') + 1))
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "what is kept of '%s' cannot be removed: %s",
                              options->words[1], strerror(errno));
    free(folder);
    return finish(diagnostics);
}

static bool export_one(const struct lesson_options *options, const char *folder, FILE *stream)
{
    struct isa_diagnostics *ignored = isa_diagnostics_new();
    struct lab_lesson *lesson = lab_lesson_read(folder, options->language, ignored);
    bool is_begun = lesson != NULL && lab_lesson_export(lesson, stream);
    lab_lesson_free(lesson);
    isa_diagnostics_free(ignored);
    return is_begun;
}

/* Into memory first: a file that is half written would be worse than none. */
static int export(const struct lesson_options *options)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char **folders = lab_lesson_find_all(options->folder), *one = NULL, *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (options->word_count > 1)
        one = lab_lesson_find(options->folder, options->words[1], diagnostics);
    if (one != NULL)
        export_one(options, one, stream);
    for (unsigned i = 0; options->word_count < 2 && folders[i] != NULL; i++)
        export_one(options, folders[i], stream);
    fclose(stream);
    if (isa_diagnostics_count(diagnostics) == 0 && length == 0)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "nothing was done yet");
    else if (options->output != NULL) {
        stream = fopen(options->output, "w");
        if (stream == NULL || fwrite(text, 1, length, stream) != length || fclose(stream) != 0)
            isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "%s cannot be written: %s", options->output, strerror(errno));
    } else {
        fwrite(text, 1, length, stdout);
    }
    free(text);
    free(one);
    lab_lesson_free_list(folders);
    return finish(diagnostics);
}

struct verified {
    unsigned confirmed, refuted;
};

static void print_finding(void *context, const struct lab_lesson_finding *finding)
{
    struct verified *verified = context;
    printf("%-24s %-24s %s%s%s\n", finding->lesson, finding->name, finding->is_confirmed ? _("confirmed") : _("NOT CONFIRMED"),
           finding->why != NULL ? ": " : "", finding->why != NULL ? finding->why : "");
    *(finding->is_confirmed ? &verified->confirmed : &verified->refuted) += 1;
}

static int verify(const struct lesson_options *options)
{
    if (options->word_count < 2)
        return lab_usage_error("lesson", "verify needs the file that export wrote");
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct verified verified = {0, 0};
    size_t length;
    char *text = isa_read_file(options->words[1], &length, diagnostics);
    int code = isa_diagnostics_exit_code(diagnostics);
    if (text != NULL) {
        code = lab_lesson_verify(&(struct lab_lesson_verify_options){.lessons = options->folder}, options->words[1], text, print_finding,
                                 &verified, diagnostics);
        printf(_("%u confirmed, %u not\n"), verified.confirmed, verified.refuted);
    }
    finish(diagnostics);
    free(text);
    return code;
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

/* The first lesson that is not finished, or the first. */
static char *find_next(const struct lesson_options *options)
{
    char **folders = lab_lesson_find_all(options->folder), *found = NULL;
    for (unsigned i = 0; found == NULL && folders[i] != NULL; i++) {
        struct lab_lesson_progress *progress = lab_lesson_progress_look(strrchr(folders[i], '/') + 1);
        if (!lab_lesson_progress_is_finished(progress))
            found = strdup(folders[i]);
        lab_lesson_progress_free(progress);
    }
    if (found == NULL && folders[0] != NULL)
        found = strdup(folders[0]);
    lab_lesson_free_list(folders);
    return found;
}

/* A terminal of the simplest kind gets the dialogue, too. */
static bool has_screen(void)
{
    const char *why, *terminal = getenv("TERM");
    return tui_can_show(&why) && (terminal == NULL || strncmp(terminal, "vt1", 3) != 0);
}

/* On the screen where there is one, else as a dialogue. Without a name: the list of all, on the screen to choose from. */
static int go_through(const struct lesson_options *options, const char *name)
{
    bool is_screen = !options->is_plain && (options->screen.keys != NULL || has_screen());
    char *next = name == NULL && is_screen ? find_next(options) : NULL;
    if (name == NULL && next == NULL)
        return list(options);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct lab_lesson_plain_options plain = {.lessons = options->folder, .language = options->language};
    struct tui_options screen = options->screen;
    char *folder = next != NULL ? next : lab_lesson_find(options->folder, name, diagnostics);
    struct lab_lesson *lesson = folder != NULL ? lab_lesson_read(folder, options->language, diagnostics) : NULL;
    free(folder);
    if (lesson != NULL && is_screen) { /* what is wrong is said on the screen */
        screen.lesson = lesson;
        screen.lessons = options->folder;
        screen.language = options->language;
        screen.isa = "pg74";
        screen.is_list_first = name == NULL;
        isa_diagnostics_free(diagnostics);
        return tui_show(&screen);
    }
    int code = finish(diagnostics);
    if (lesson != NULL)
        code = lab_lesson_plain(lesson, &plain);
    lab_lesson_free(lesson);
    return code;
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static int read_size(struct lesson_options *options, const char *value)
{
    char rest;
    if (sscanf(value, "%ux%u%c", &options->screen.columns, &options->screen.lines, &rest) == 2 &&
        options->screen.columns <= 500 && options->screen.lines <= 200)
        return 0;
    return lab_usage_error("lesson", "--size needs columns and lines, as 132x43, not '%s'", value);
}

static int read_option(struct lesson_options *options, int argc, char **argv, int *index)
{
    static const char *const names[] = {"--plain", "--lang", "--lessons", "-o", "--ascii", "--no-mouse", "--keys", "--export", "--size",
                                        NULL};
    const char *name = argv[*index], *value;
    bool *flag = strcmp(name, "--plain") == 0    ? &options->is_plain
                 : strcmp(name, "--ascii") == 0    ? &options->screen.ascii
                 : strcmp(name, "--no-mouse") == 0 ? &options->screen.no_mouse : NULL;
    if (flag != NULL) {
        *flag = true;
        return 0;
    }
    if (strcmp(name, "--size") == 0) {
        value = lab_option_value("lesson", argc, argv, index);
        return value == NULL ? ISA_EXIT_USAGE : read_size(options, value);
    }
    const char **place = strcmp(name, "--lang") == 0 ? &options->asked_language
                         : strcmp(name, "--lessons") == 0 ? &options->folder
                         : strcmp(name, "-o") == 0        ? &options->output
                         : strcmp(name, "--keys") == 0    ? &options->screen.keys
                         : strcmp(name, "--export") == 0  ? &options->screen.export : NULL;
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
    if (options->screen.export != NULL && options->screen.keys == NULL)
        options->screen.keys = "";
    lab_language(options->asked_language, options->language);
    return 0;
}

int lab_command_lesson(int argc, char **argv)
{
    static const struct {
        const char *word;
        int (*run)(const struct lesson_options *options);
    } words[] = {{"list", list}, {"check", check}, {"reset", reset}, {"export", export}, {"verify", verify}};
    struct lesson_options options = {0};
    int wrong = read_arguments(&options, argc, argv);
    if (wrong)
        return wrong;
    lab_language_begin(options.language);
    const char *word = options.word_count > 0 ? options.words[0] : NULL;
    for (unsigned i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].run(&options);
    return go_through(&options, word);
}
