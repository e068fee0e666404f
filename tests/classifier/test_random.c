/* test_random.c: instructions that nobody would write, three to a variant of the pocket machine. The classifier checks
 * itself: a witness that does not replay, or an answer that a test refutes, is an internal error. So the symbolic and
 * the reference meaning of the IR are held against each other in places that sensible instructions do not visit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <stdlib.h>

#include "classifier/classifier.h"

enum { VARIANTS = 30, MOST_TEXT = 16384 };

struct writer {
    uint64_t random;
    char text[MOST_TEXT];
    size_t length;
};

static unsigned pick(struct writer *w, unsigned n)
{
    w->random = w->random * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(w->random >> 33) % n;
}

static void put(struct writer *w, const char *text)
{
    size_t length = strlen(text);
    assert_true(w->length + length < MOST_TEXT);
    memcpy(w->text + w->length, text, length + 1);
    w->length += length;
}

#define PUT_ONE(w, ...)                                                                                                \
    do {                                                                                                               \
        static const char *const choices[] = {__VA_ARGS__};                                                            \
        put((w), choices[pick((w), sizeof choices / sizeof choices[0])]);                                              \
    } while (0)

static void put_value(struct writer *w, unsigned depth)
{
    if (depth == 0) {
        PUT_ONE(w, "r[rd]", "r[rs]", "r[rs]", "pc", "base", "bound", "halt_code", "1", "16", "128", "255",
                "memory_size");
        return;
    }
    switch (pick(w, 7)) {
    case 0: case 1: case 2:
        put(w, "(r[rs]");
        PUT_ONE(w, " + ", " - ", " & ", " ^ ", " * ", " /u ", " %u ", " /s ", " %s ", " << ", " >>u ", " >>s ");
        put_value(w, depth - 1);
        put(w, ")");
        break;
    case 3:
        PUT_ONE(w, "zext(r[rd] <s ", "zext(bound == ", "zext(r[rs] <u ");
        put_value(w, depth - 1);
        put(w, ", 8)");
        break;
    case 4:
        put(w, "translate(");
        put_value(w, depth - 1);
        PUT_ONE(w, ", 1, loading)", ", 1, storing)");
        break;
    default:
        PUT_ONE(w, "load(", "load(", "physical_load(");
        put_value(w, depth - 1);
        put(w, ", 1)");
        break;
    }
}

static void put_statement(struct writer *w, unsigned depth)
{
    switch (pick(w, depth > 0 ? 10 : 7)) {
    case 0: case 1: PUT_ONE(w, "r[rd] = ", "r[rs] = "); put_value(w, 2); break;
    case 2: PUT_ONE(w, "pc = ", "base = ", "halt_code = ", "bound = "); put_value(w, 1); break;
    case 3: PUT_ONE(w, "mode = 1", "mode = r[rd][0]", "halted = 1"); break;
    case 4: case 5: put(w, "store("); put_value(w, 1); put(w, ", 1, "); put_value(w, 1); put(w, ")"); break;
    case 6: put(w, "physical_store("); put_value(w, 0); put(w, ", 1, "); put_value(w, 1); put(w, ")"); break;
    case 7: put(w, "if r[rs] == 0 { require supervisor }"); break;
    case 8: put(w, "if r[rd] <u bound { trap illegal(instruction, 0) }"); break;
    default:
        PUT_ONE(w, "if mode == 0 { ", "if r[rd] <u r[rs] { ", "if rd == rs { ", "if base[7] == 1 { ");
        put_statement(w, depth - 1);
        put(w, " } else { ");
        put_statement(w, depth - 1);
        put(w, " }");
        break;
    }
    put(w, "\n    ");
}

static void put_instruction(struct writer *w, const char *name, const char *bits)
{
    put(w, "instruction ");
    put(w, name);
    put(w, " rd, rs\n  doc \"d\"\n  source \"s\"\n  layout ");
    put(w, bits);
    put(w, " rd:2 rs:2\n  execute {\n    ");
    for (unsigned i = 1 + pick(w, 3); i > 0; i--)
        put_statement(w, 2);
    PUT_ONE(w, "", "", "", "", "port_out(r[rd], r[rs])", "r[rs] = port_in(r[rd])");
    put(w, "\n  }\n");
}

static void test_self_check(void **state)
{
    (void)state;
    struct classifier *classifier = classifier_new(NULL);
    struct writer writer = {.random = 1974};
    unsigned witnesses = 0;
    for (unsigned i = 0; i < VARIANTS; i++) {
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        writer.length = 0;
        put(&writer, "variant \"random\" of \"pocket\"\n  title \"random\"\n");
        put_instruction(&writer, "one", "1101");
        put_instruction(&writer, "two", "1110");
        put_instruction(&writer, "three", "1111");
        struct isa *isa = isa_load_text("random.isa", writer.text, NULL, diagnostics);
        struct classifier_report *report = isa == NULL ? NULL : classifier_classify(classifier, isa, diagnostics);
        if (report == NULL) {
            isa_diagnostics_print(diagnostics, stderr);
            fail_msg("%s", writer.text);
        }
        assert_false(classifier_report_unknown(report));
        witnesses += classifier_report_replayed(report);
        classifier_report_free(report);
        isa_free(isa);
        isa_diagnostics_free(diagnostics);
    }
    assert_true(witnesses > 10 * VARIANTS);
    classifier_free(classifier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_self_check)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
