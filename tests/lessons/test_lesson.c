/* test_lesson.c: a lesson's text becomes items and pages; texts are filled and cut into lines; what was done is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/lesson/lesson.h"

#define SAMPLE "tests/lessons/good/sample"

static struct lab_lesson *read_sample(void)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct lab_lesson *lesson = lab_lesson_read(SAMPLE, "en", diagnostics);
    assert_non_null(lesson);
    assert_int_equal(isa_diagnostics_count(diagnostics), 0);
    isa_diagnostics_free(diagnostics);
    return lesson;
}

/* The kind of the first item with a name. */
static const struct lab_lesson_item *item_named(const struct lab_lesson *lesson, const char *name)
{
    for (unsigned i = 0; i < lab_lesson_item_count(lesson); i++) {
        const struct lab_lesson_item *item = lab_lesson_item(lesson, i);
        if (item->name != NULL && strcmp(item->name, name) == 0 && item->kind != LAB_LESSON_MACHINE)
            return item;
    }
    fail_msg("no item is called %s", name);
    return NULL;
}

static void test_items(void **state)
{
    (void)state;
    struct lab_lesson *lesson = read_sample();
    const struct lab_lesson_item *question = item_named(lesson, "how_many");
    assert_string_equal(lab_lesson_head(lesson)->title, "A lesson that has everything");
    assert_int_equal(lab_lesson_head(lesson)->minutes, 5);
    assert_int_equal(question->kind, LAB_LESSON_PREDICT);
    assert_int_equal(question->choice_count, 3);
    assert_int_equal(question->right, 1);
    assert_string_equal(question->choices[1], "{instructions}, as the machine says");
    assert_string_equal(item_named(lesson, "number")->number, "{instructions}");
    assert_int_equal(item_named(lesson, "double")->hint_count, 2);
    lab_lesson_free(lesson);
}

/* A page ends with what is asked, and has one moment of the machine. */
static void test_pages(void **state)
{
    (void)state;
    struct lab_lesson *lesson = read_sample();
    assert_int_equal(lab_lesson_section_count(lesson), 5);
    for (unsigned i = 0; i < lab_lesson_page_count(lesson); i++) {
        const struct lab_lesson_page *page = lab_lesson_page(lesson, i);
        unsigned moves = 0;
        for (unsigned k = 0; k < page->count; k++) {
            const struct lab_lesson_item *item = lab_lesson_item(lesson, page->first + k);
            assert_true(!lab_lesson_is_asked(item->kind) || k + 1 == page->count);
            moves += item->kind == LAB_LESSON_MACHINE || item->kind == LAB_LESSON_SHOW;
        }
        assert_true(moves <= 1);
    }
    lab_lesson_free(lesson);
}

static void test_fill(void **state)
{
    (void)state;
    struct lab_lesson *lesson = read_sample();
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *text = lab_lesson_fill(lesson, "{instructions} {{ {instructions", diagnostics);
    assert_string_equal(text, "3 { {instructions");
    free(text);
    const char code[] = {LAB_LESSON_SPAN, '{', 'i', '}', LAB_LESSON_PLAIN, '\0'};
    text = lab_lesson_fill(lesson, code, diagnostics);
    assert_string_equal(text, code);
    free(text);
    isa_diagnostics_free(diagnostics);
    lab_lesson_free(lesson);
}

static void test_answers(void **state)
{
    (void)state;
    static const struct { const char *name, *answer; enum lab_lesson_judgement judgement; } cases[] = {
        {"how_many", "2", LAB_LESSON_RIGHT}, {"how_many", "b", LAB_LESSON_RIGHT}, {"how_many", "1", LAB_LESSON_WRONG},
        {"how_many", "4", LAB_LESSON_NO_ANSWER}, {"how_many", "", LAB_LESSON_NO_ANSWER}, {"how_many", "22", LAB_LESSON_NO_ANSWER},
        {"number", "3", LAB_LESSON_RIGHT}, {"number", " 0x3", LAB_LESSON_RIGHT}, {"number", "3.0", LAB_LESSON_RIGHT},
        {"number", "30", LAB_LESSON_WRONG}, {"number", "-3", LAB_LESSON_WRONG}, {"number", "three", LAB_LESSON_NO_ANSWER},
        {"number", "nan", LAB_LESSON_NO_ANSWER}, {"number", "3 of them", LAB_LESSON_NO_ANSWER}};
    struct lab_lesson *lesson = read_sample();
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(lab_lesson_judge(lesson, item_named(lesson, cases[i].name), cases[i].answer, diagnostics),
                         cases[i].judgement);
    isa_diagnostics_free(diagnostics);
    lab_lesson_free(lesson);
}

static void append(void *context, const char *line, size_t length)
{
    char *lines = context;
    strncat(lines, line, length);
    strcat(lines, "|");
}

static void test_wrapping(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned columns; const char *lines; } cases[] = {
        {"one two three", 7, "one two|three|"}, {"one two three", 8, "one two|three|"}, {"abcdefghij", 4, "abcd|efgh|ij|"},
        {"one\ntwo", 20, "one|two|"}, {"", 20, "|"}, {"при вет", 3, "при|вет|"}, {"漢字 漢字", 4, "漢字|漢字|"}, {"漢字", 3, "漢|字|"},
        {"\3one\1 two", 3, "\3one\1|two|"}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char lines[200] = "";
        lab_lesson_wrap(cases[i].text, cases[i].columns, append, lines);
        assert_string_equal(lines, cases[i].lines);
    }
    assert_int_equal(lab_lesson_width("\3漢字\1 a", strlen("\3漢字\1 a")), 6);
}

/* Whatever is done with the machine, a page finds it where the lesson brought it, and its history begins at its start. */
static void test_machine(void **state)
{
    (void)state;
    struct lab_lesson *lesson = read_sample();
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct lab_lesson_player *player = lab_lesson_player_new(lesson);
    assert_true(lab_lesson_player_open(player, 1, diagnostics));
    struct lab_debug *debug = lab_lesson_player_machine(player);
    assert_int_equal(lab_debug_steps(debug), 1);
    assert_int_equal(lab_debug_step_back(debug), LAB_DEBUG_STEPPED);
    assert_int_equal(lab_debug_step_back(debug), LAB_DEBUG_START);
    assert_true(lab_lesson_player_open(player, 2, diagnostics));
    assert_int_equal(lab_debug_steps(lab_lesson_player_machine(player)), 1);
    assert_int_equal(isa_diagnostics_count(diagnostics), 0);
    lab_lesson_player_free(player);
    isa_diagnostics_free(diagnostics);
    lab_lesson_free(lesson);
}

static void test_progress(void **state)
{
    char *message;
    unsigned section, page;
    (void)state;
    struct lab_lesson_progress *progress = lab_lesson_progress_open("kept", &message);
    assert_null(message);
    assert_false(lab_lesson_progress_place(progress, &section, &page));
    lab_lesson_progress_at(progress, 2, 1);
    lab_lesson_progress_answer(progress, "a", "1", false);
    lab_lesson_progress_answer(progress, "a", "2", true);
    lab_lesson_progress_answer(progress, "a", "3", false); /* what was right stays */
    lab_lesson_progress_answer(progress, "b", "x\ny", false);
    lab_lesson_progress_done(progress, "c", UINT64_MAX);
    lab_lesson_progress_shown(progress, "d");
    struct lab_lesson_progress *again = lab_lesson_progress_look("kept");
    assert_true(lab_lesson_progress_place(again, &section, &page));
    assert_int_equal(section, 2);
    assert_int_equal(page, 1);
    assert_string_equal(lab_lesson_progress_find(again, "a")->text, "2");
    assert_true(lab_lesson_progress_find(again, "a")->is_right);
    assert_string_equal(lab_lesson_progress_find(again, "b")->text, "x y");
    assert_true(lab_lesson_progress_find(again, "c")->steps == UINT64_MAX);
    assert_true(lab_lesson_progress_find(again, "d")->is_shown);
    assert_null(lab_lesson_progress_find(again, "e"));
    assert_false(lab_lesson_progress_is_finished(again));
    lab_lesson_progress_free(again);
    lab_lesson_progress_free(progress);
    assert_true(lab_lesson_progress_forget("kept"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items), cmocka_unit_test(test_pages), cmocka_unit_test(test_fill), cmocka_unit_test(test_answers),
        cmocka_unit_test(test_wrapping), cmocka_unit_test(test_machine), cmocka_unit_test(test_progress)};
    char folder[] = "/tmp/pg74-test-XXXXXX";
    if (mkdtemp(folder) == NULL)
        return 1;
    setenv("XDG_STATE_HOME", folder, 1);
    setlocale(LC_ALL, "C.UTF-8");
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char *command;
    if (asprintf(&command, "rm -rf '%s'", folder) >= 0 && system(command) != 0)
        failed++;
    free(command);
    return failed;
}
