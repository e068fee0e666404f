/* Fuzzes what reads a submission, and what comes of one, outside of a closed child. The first byte of the input says which
 * reader gets the rest: the functions of checks.lua that read a student's file (as answers, assembly, an instruction set, a
 * monitor that is no text), the parent's, of what a judge says, a batch's, of results and an earlier table, a lesson's, of a
 * record. What has been read is printed in every format. */
#include <fcntl.h>
#include <lualib.h>
#include <unistd.h>

#include "lab/grade/internal.h"
#include "lab/lesson/lesson.h"
#include "lab/lua/lua_binding.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_LUA_INSTRUCTIONS = 1000000 };

static char folder[] = "/tmp/pg74-fuzz-XXXXXX";

static void leave(void)
{
    rmdir(folder);
}

static int open_folder(void)
{
    static int opened = -1;
    if (opened >= 0)
        return opened;
    if (mkdtemp(folder) == NULL || (opened = open(folder, O_RDONLY | O_DIRECTORY)) < 0)
        abort();
    atexit(leave);
    return opened;
}

static void write_file(const char *name, const void *bytes, size_t length)
{
    int file = openat(open_folder(), name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || write(file, bytes, length) != (ssize_t)length)
        abort();
    close(file);
}

static void stop(lua_State *L, lua_Debug *record)
{
    (void)record;
    luaL_error(L, "it takes too long");
}

/* ---- What checks read -------------------------------------------------------------------------------------------- */

/* A check of each kind, the submission being the one file `it`. The proofs of the classifier are left out: they take long, and
 * fuzz_isa.c is about what they read. */
static const char checks[] =
    "pg74.classify = function() return {theorem1 = true, violations = {}, instructions = {{time_sensitive = false}}} end\n"
    "lab.definition = {}\n"
    "return {lab.answer {file = 'it', name = 'a', is = 1},\n"
    "        lab.program {file = 'it', halt = 1, fuel = 2000, memory = 65536},\n"
    "        lab.verdict {file = 'it', expect = {theorem1 = false}},\n"
    "        lab.instruction {file = 'it', instruction = 'cas', reference = 'reference.isa'},\n"
    "        lab.monitor {file = 'it', cases = {}}}\n";
static const char reference[] =
    "variant \"reference\" of \"pg74\"\n  title \"A\"\ninstruction cas rd, rs1, rs2\n  doc \"B\"\n"
    "  layout 0000101 rs2:5 rs1:5 000 rd:5 0001011\n  execute { X[rd] = X[rs1] }\n";

static void check_file(unsigned kind, const uint8_t *data, size_t size)
{
    struct lab_grade_options options = {.lab = folder, .submission = folder, .seed = 1};
    struct lab_grade_judge judge = {.options = &options, .lab = open_folder(), .submission = open_folder()};
    struct lab_lua_control control = {.limited = true, .fuel = 10000};
    write_file("it", data, size);
    write_file("reference.isa", reference, strlen(reference));
    lua_State *L = luaL_newstate();
    pthread_mutex_init(&control.lock, NULL);
    luaL_openlibs(L);
    lab_lua_open(L, &control);
    if (luaL_dostring(L, "pg74 = require 'pg74'") != LUA_OK || !lab_grade_open_checks(L, &judge) ||
        luaL_dostring(L, checks) != LUA_OK) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        abort();
    }
    lua_sethook(L, stop, LUA_MASKCOUNT, MOST_LUA_INSTRUCTIONS);
    lua_rawgeti(L, -1, (lua_Integer)kind + 1);
    if (kind == 4) { /* it would start a child: all but that */
        lua_pop(L, 1);
        lua_getglobal(L, "lab");
        lua_getfield(L, -1, "work");
        lua_getfield(L, -1, "read");
        lua_pushliteral(L, "it");
        lua_pcall(L, 1, 1, 0);
    } else {
        lua_pcall(L, 0, 2, 0);
    }
    lua_close(L);
    pthread_mutex_destroy(&control.lock);
    unlinkat(open_folder(), "it", 0);
    unlinkat(open_folder(), "reference.isa", 0);
}

/* ---- What others read -------------------------------------------------------------------------------------------- */

static void print_all(json_t *report)
{
    FILE *nowhere = fuzz_nowhere();
    for (unsigned i = 0; lab_grade_format_names[i] != NULL; i++)
        lab_grade_print(report, lab_grade_format_names[i], i % 2 != 0, nowhere);
    json_t *reports = json_pack("[O]", report);
    lab_grade_table_csv(reports, nowhere);
    lab_grade_table_html(reports, nowhere);
    json_decref(reports);
    fclose(nowhere);
}

/* The judge's words come in two parts, wherever they are cut. */
static void hear(const uint8_t *data, size_t size)
{
    struct lab_grade_options options = {.lab = "lab", .submission = "it", .seed = 1};
    struct lab_grade_hearing hearing = {.report = lab_grade_report_new(&options)};
    lab_grade_hear(&hearing, (const char *)data, size / 2);
    lab_grade_hear(&hearing, (const char *)data + size / 2, size - size / 2);
    print_all(hearing.report);
    json_decref(hearing.report);
    free(hearing.line);
}

static void read_result(const uint8_t *data, size_t size)
{
    json_t *report = json_loadb((const char *)data, size, 0, NULL);
    if (report != NULL)
        print_all(report);
    json_decref(report);
}

static void read_table(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    json_decref(lab_grade_table_scores(text));
    free(text);
}

static void find_nothing(void *context, const struct lab_lesson_finding *finding)
{
    (void)context;
    (void)finding;
}

/* A record: without the work on machines, which may take as long as the record says. */
static void read_record(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (strstr(text, "done") == NULL && strstr(text, "task") == NULL && strchr(text, '\\') == NULL)
        lab_lesson_verify(&(struct lab_lesson_verify_options){.lessons = "lessons"}, "record", text, find_nothing, NULL, diagnostics);
    isa_diagnostics_free(diagnostics);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const others[])(const uint8_t *, size_t) = {hear, read_result, read_table, read_record};
    enum { FILES = 5, KINDS = FILES + sizeof others / sizeof *others };
    if (size == 0)
        return 0;
    unsigned kind = data[0] % KINDS;
    if (kind < FILES)
        check_file(kind, data + 1, size - 1);
    else
        others[kind - FILES](data + 1, size - 1);
    return 0;
}
