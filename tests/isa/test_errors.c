/* Every mistake in a specification that is diagnosed has a file in tests/isa/errors/, or, where the file would be long, a
 * few lines here that make it. The first line of a file says what must be diagnosed: LINE:COLUMN: TEXT.
 *
 * The last test reads the loader's sources and asks that every text in a call that complains was seen. */
#include <dirent.h>
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "isa/isa.h"

#define FOLDER "tests/isa/errors"

/* All messages and advice seen so far, over all tests. */
struct seen {
    char **texts;
    size_t count;
};

static void see(struct seen *seen, const char *text)
{
    if (text == NULL)
        return;
    seen->texts = realloc(seen->texts, (seen->count + 1) * sizeof *seen->texts);
    assert_non_null(seen->texts);
    seen->texts[seen->count++] = strdup(text);
}

static void see_all(struct seen *seen, const struct isa_diagnostics *diagnostics)
{
    for (size_t i = 0; i < isa_diagnostics_count(diagnostics); i++) {
        see(seen, isa_diagnostics_message(diagnostics, i));
        see(seen, isa_diagnostics_advice(diagnostics, i));
    }
}

static int make_seen(void **state)
{
    *state = calloc(1, sizeof(struct seen));
    return *state == NULL;
}

static int free_seen(void **state)
{
    struct seen *seen = *state;
    for (size_t i = 0; i < seen->count; i++)
        free(seen->texts[i]);
    free(seen->texts);
    free(seen);
    return 0;
}

/* ---- The files --------------------------------------------------------------------------------------------------------- */

/* Is "LINE:COLUMN: TEXT", with TEXT a part of the message, among the diagnostics? */
static bool diagnosed(const struct isa_diagnostics *diagnostics, const char *expected)
{
    const char *text = strstr(expected, ": ");
    if (text == NULL)
        return false;
    for (size_t i = 0; i < isa_diagnostics_count(diagnostics); i++) {
        const char *file;
        unsigned line, column;
        char position[32];
        isa_diagnostics_position(diagnostics, i, &file, &line, &column);
        size_t length = (size_t)snprintf(position, sizeof position, "%u:%u: ", line, column);
        if (strncmp(position, expected, length) == 0 && strstr(isa_diagnostics_message(diagnostics, i), text + 2) != NULL)
            return true;
    }
    return false;
}

/* The expectations are the lines "-- expect: ..." at the head of the file: as many as there are diagnostics. */
static bool check_file(struct seen *seen, const char *path)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *text = isa_read_file(path, &(size_t){0}, diagnostics);
    struct isa *isa = isa_load(path, diagnostics);
    static const char mark[] = "-- expect: ";
    size_t expectations = 0;
    bool good = text != NULL && isa == NULL;
    for (char *line = text; line != NULL && strncmp(line, mark, strlen(mark)) == 0; expectations++) {
        char *end = line + strcspn(line, "\n");
        char *expected = strndup(line + strlen(mark), (size_t)(end - line) - strlen(mark));
        good = good && diagnosed(diagnostics, expected);
        free(expected);
        line = end + (*end == '\n');
    }
    good = good && expectations > 0 && expectations == isa_diagnostics_count(diagnostics);
    if (!good) {
        fprintf(stderr, "%s: not what its first line expects, but:\n", path);
        isa_diagnostics_print(diagnostics, stderr);
    }
    see_all(seen, diagnostics);
    isa_free(isa);
    free(text);
    isa_diagnostics_free(diagnostics);
    return good;
}

static void test_files(void **state)
{
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    unsigned files = 0, bad = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[512];
        if (fnmatch("*.isa", entry->d_name, 0) != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", FOLDER, entry->d_name);
        files++;
        bad += !check_file(*state, path);
    }
    closedir(folder);
    assert_int_equal(bad, 0);
    assert_true(files > 100);
}

/* ---- What would make long files ---------------------------------------------------------------------------------------- */

struct text {
    char *bytes;
    size_t length;
};

static void append(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void append(struct text *text, const char *format, ...)
{
    char piece[1024];
    va_list arguments;
    va_start(arguments, format);
    size_t length = (size_t)vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    text->bytes = realloc(text->bytes, text->length + length + 1);
    assert_non_null(text->bytes);
    memcpy(text->bytes + text->length, piece, length + 1);
    text->length += length;
}

/* Loads the text and frees it; the first diagnostic must have the message. */
static void expect_message(struct seen *seen, struct text *text, const char *over, const char *message)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load_text("wrong.isa", text->bytes, over, diagnostics);
    assert_null(isa);
    assert_true(isa_diagnostics_count(diagnostics) > 0);
    assert_string_equal(isa_diagnostics_message(diagnostics, 0), message);
    see_all(seen, diagnostics);
    isa_diagnostics_free(diagnostics);
    free(text->bytes);
    *text = (struct text){0};
}

/* "sub" of pocket with a body of `count` times `statement`, in which # stands for the number. */
static void repeat(struct text *text, const char *before, const char *statement, unsigned count)
{
    append(text, "variant \"wrong\" of \"pocket\"\n%sreplace instruction sub rd, rs\n  doc \"Subtract.\"\n"
                 "  layout 0101 rd:2 rs:2\n  execute {\n", before);
    for (unsigned i = 0; i < count; i++) {
        for (const char *letter = statement; *letter != '\0'; letter++)
            if (*letter == '#')
                append(text, "%u", i);
            else
                append(text, "%c", *letter);
        append(text, "\n");
    }
    append(text, "}\n");
}

static void test_long_ones(void **state)
{
    struct text text = {0};
    repeat(&text, "", "let a# = pc", 129);
    expect_message(*state, &text, NULL, "too many names are alive here");

    repeat(&text, "function half(a) { if a == 0 { return a } return a >>u 1 }\n", "r[rd] = half(r[rs] + #)", 33);
    expect_message(*state, &text, NULL, "too many function results in one instruction");

    append(&text, "variant \"wrong\" of \"pocket\"\nfunction choose(a) {\n");
    for (unsigned i = 0; i < 65; i++)
        append(&text, "  if a == %u { return a + 1 }\n", i);
    append(&text, "  return a\n}\n");
    expect_message(*state, &text, NULL, "too many returns in one function");

    repeat(&text, "", "physical_store(pc + #, 1, 0)", 65);
    expect_message(*state, &text, NULL, "`sub` writes more than 64 times");

    repeat(&text, "", "if pc == r[rs] { r[rd] = (pc + 1) * (r[rd] - 2) }", 1000);
    expect_message(*state, &text, NULL, "`sub` is too long");

    append(&text, "variant \"wrong\" of \"pg74\"\n");
    for (unsigned i = 0; i < 512; i++)
        append(&text, "instruction twist%u\n  doc \"Twist.\"\n  layout %u%u%u%u%u%u%u%u%u 0000000000000000 1111011\n"
                      "  execute { }\n", i, i >> 8 & 1, i >> 7 & 1, i >> 6 & 1, i >> 5 & 1, i >> 4 & 1, i >> 3 & 1,
               i >> 2 & 1, i >> 1 & 1, i & 1);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *pg74 = isa_load("pg74", diagnostics);
    char message[128];
    snprintf(message, sizeof message, "`twist%u` is one instruction too many: 512 is the most",
             512 - isa_instruction_count(pg74));
    isa_free(pg74);
    isa_diagnostics_free(diagnostics);
    expect_message(*state, &text, NULL, message);
}

static void test_whole_files(void **state)
{
    struct text text = {0};
    append(&text, "isa \"wrong\"\n");
    expect_message(*state, &text, "pocket", "`wrong` is not a variant, and cannot be put over `pocket`");

    static const char least[] =
        "isa \"wrong\"\n  word 8\nstate pc : word role program_counter\nstate mode : bit role mode\n"
        "cause memory = 1 \"nothing\"\non reset(entry) { }\non trap(c, v, a) { }\n"
        "on fetch { return physical_load(pc, 1) }\non illegal { trap memory }\n"
        "function translate(va, size, access) { return va }\n";
    append(&text, "%s", least);
    expect_message(*state, &text, NULL, "there is no instruction");

    append(&text, "%scost \"mine\" instruction 1 frobnicate 3\n", least);
    expect_message(*state, &text, NULL, "no instruction is called `frobnicate`");
}

static void expect_file_error(struct seen *seen, const char *path, enum isa_exit exit_code, const char *message)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    assert_null(isa_load(path, diagnostics));
    assert_int_equal(isa_diagnostics_count(diagnostics), 1);
    assert_int_equal(isa_diagnostics_exit_code(diagnostics), exit_code);
    assert_string_equal(isa_diagnostics_message(diagnostics, 0), message);
    see_all(seen, diagnostics);
    isa_diagnostics_free(diagnostics);
}

static void test_files_that_are_no_text(void **state)
{
    char path[] = "/tmp/pg74-errors-XXXXXX.isa";
    int file = mkstemps(path, 4);
    assert_true(file >= 0);
    assert_int_equal(write(file, "isa \"a\0b\"\n", 10), 10);
    close(file);
    expect_file_error(*state, path, ISA_EXIT_DATA, "this is not text: it has a zero byte");
    unlink(path);
    expect_file_error(*state, path, ISA_EXIT_NO_INPUT, "cannot read: No such file or directory");
    expect_file_error(*state, "tests/", ISA_EXIT_NO_INPUT, "cannot read: it is a folder");
    expect_file_error(*state, "pokcet", ISA_EXIT_NO_INPUT, "no instruction set is called `pokcet`");
}

/* What is wrong stays wrong, also where the same was said before and is not said again. */
static void test_twice(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    for (unsigned i = 0; i < 3; i++) {
        assert_null(isa_load("rv32m", diagnostics));
        assert_int_equal(isa_diagnostics_count(diagnostics), 1);
        assert_int_equal(isa_diagnostics_total(diagnostics), i + 1);
    }
    isa_diagnostics_free(diagnostics);
}

/* ---- Is every complaint of the sources seen? --------------------------------------------------------------------------- */

static bool complains(const char *name, size_t length)
{
    static const char *const names[] = {"isa_diagnostics_error", "isa_parser_error", "isa_context_error", "error", "complain",
                                        "isa_parser_expect", "isa_parser_name", "isa_parser_string", "isa_parser_number",
                                        "choose", "arguments"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && strncmp(names[i], name, length) == 0)
            return true;
    return false;
}

/* A text with printf's conversions as a pattern for fnmatch. */
static void to_pattern(const char *text, char *pattern)
{
    *pattern++ = '*';
    for (; *text != '\0'; text++) {
        if (text[0] == '\\' && text[1] != '\0')
            text++; /* C's escape */
        if (text[0] == '%') {
            text += strcspn(text, "sdux");
            *pattern++ = '*';
            continue;
        }
        if (strchr("*?[]\\", *text) != NULL)
            *pattern++ = '\\';
        *pattern++ = *text;
    }
    *pattern++ = '*';
    *pattern = '\0';
}

/* Single words are arguments and roles; a text with a blank in it is for the user. */
static bool was_seen(const struct seen *seen, const char *text)
{
    char pattern[1024];
    if (strchr(text, ' ') == NULL || strlen(text) > 500)
        return true;
    to_pattern(text, pattern);
    for (size_t i = 0; i < seen->count; i++)
        if (fnmatch(pattern, seen->texts[i], 0) == 0)
            return true;
    return false;
}

/* Reads string literals, adjacent ones as one, up to the parenthesis that closes the call; returns how many are unseen. */
static unsigned check_call(const struct seen *seen, const char *path, const char **source)
{
    unsigned unseen = 0, depth = 0;
    char text[1024] = "";
    const char *at = *source;
    for (bool joining = false; *at != '\0'; at++) {
        if (*at == '"') {
            size_t length = joining ? strlen(text) : 0;
            for (at++; *at != '"' && length + 2 < sizeof text; at++) {
                if (*at == '\\')
                    text[length++] = *at++;
                text[length++] = *at;
            }
            text[length] = '\0';
            joining = true;
            continue;
        }
        if (strchr(" \n", *at) != NULL)
            continue;
        if (joining && !was_seen(seen, text)) {
            fprintf(stderr, "%s: no file in " FOLDER " makes it say \"%s\"\n", path, text);
            unseen++;
        }
        joining = false;
        depth += *at == '(';
        if (*at == ')' && --depth == 0)
            break;
    }
    *source = at;
    return unseen;
}

static unsigned check_source(const struct seen *seen, const char *path)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    size_t length;
    char *source = isa_read_file(path, &length, diagnostics);
    assert_non_null(source);
    unsigned unseen = 0;
    for (const char *at = source; *at != '\0'; at++) {
        size_t name = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
        if (name == 0)
            continue;
        bool called = at[name] == '(' && complains(at, name);
        at += name - (called ? 0 : 1);
        if (called)
            unseen += check_call(seen, path, &at);
    }
    free(source);
    isa_diagnostics_free(diagnostics);
    return unseen;
}

static void test_all_seen(void **state)
{
    static const char *const sources[] = {"lexer", "parse", "parse_expression", "parse_statement", "load", "merge", "layout",
                                          "elaborate", "expression", "statement", "call", "constant"};
    unsigned unseen = 0;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        char path[64];
        snprintf(path, sizeof path, "isa/%s.c", sources[i]);
        unseen += check_source(*state, path);
    }
    assert_int_equal(unseen, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_long_ones),
        cmocka_unit_test(test_whole_files),
        cmocka_unit_test(test_files_that_are_no_text),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_all_seen),
    };
    return cmocka_run_group_tests(tests, make_seen, free_seen);
}
