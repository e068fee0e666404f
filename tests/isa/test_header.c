/* test_header.c: pg74.h, as GCC and GNU as compile it: every inline function and every macro makes the word that our
 * assembler makes of the same instruction; and its structures have the layout that the machine has. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/header.h"
#include "isa/isa.h"

#define GCC                                                                                                            \
    "riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -std=c17 -ffreestanding -Wall -Wextra -Wconversion -Werror -I$D "

struct fixture {
    char folder[40];
    struct isa_diagnostics *diagnostics;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.folder = "/tmp/pg74-header-XXXXXX", .diagnostics = isa_diagnostics_new()};
    *state = &fixture;
    return mkdtemp(fixture.folder) && setenv("D", fixture.folder, 1) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    isa_diagnostics_free(fixture->diagnostics);
    return system("rm -rf $D");
}

static FILE *create(struct fixture *fixture, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    return file;
}

static struct isa *load(struct fixture *fixture, const char *text, const char *name)
{
    struct isa *isa =
        text ? isa_load_text("own.isa", text, NULL, fixture->diagnostics) : isa_load(name, fixture->diagnostics);
    isa_diagnostics_print(fixture->diagnostics, stderr);
    assert_non_null(isa);
    FILE *file = create(fixture, "pg74.h");
    isa_print_header(isa, file);
    assert_int_equal(fclose(file), 0);
    return isa;
}

static void run(const char *command)
{
    if (system(command) != 0)
        fail_msg("failed: %s", command);
}

/* The words of .text of an object file. */
static uint32_t *words_of(struct fixture *fixture, size_t *count)
{
    char path[64];
    size_t length;
    run("riscv64-unknown-elf-objcopy -O binary -j .text $D/out.o $D/out.bin");
    snprintf(path, sizeof path, "%s/out.bin", fixture->folder);
    char *bytes = isa_read_file(path, &length, fixture->diagnostics);
    uint32_t *words = malloc(length + 4);
    assert_true(bytes && words);
    memcpy(words, bytes, length);
    free(bytes);
    *count = length / 4;
    return words;
}

/* ---- C ----------------------------------------------------------------------------------------------------------- */

/* What stands in a function's body, and the instruction it must come to: the calling convention has the parameters a,
 * b, c in a0, a1, a2 and the result in a0. */
struct call {
    const char *body, *expected;
};

static const struct call calls[] = {
    {"pg74_lpsw((void *)a); return 0;", "lpsw 0(a0)"},
    {"pg74_spsw((void *)a); return 0;", "spsw 0(a0)"},
    {"pg74_setr(a, b); return 0;", "setr a0, a1"},
    {"return pg74_getbase();", "getbase a0"},
    {"return pg74_getbound();", "getbound a0"},
    {"pg74_setflags(a); return 0;", "setflags a0"},
    {"return pg74_getflags();", "getflags a0"},
    {"pg74_retu(a); return 0;", "retu a0"},
    {"return pg74_loadreal(b);", "loadreal a0, a1"},
    {"return pg74_probe(b);", "probe a0, a1"},
    {"pg74_settimer(b); return 0;", "settimer a1"},
    {"return pg74_gettimer();", "gettimer a0"},
    {"return pg74_in(c);", "in a0, a2"},
    {"pg74_out(b, c); return 0;", "out a1, a2"},
    {"return pg74_machineid();", "machineid a0"},
    {"return pg74_diag(b, c);", "diag a0, a1, a2"},
    {"pg74_idle(); return 0;", "idle"},
    {"pg74_halt(b); return 0;", "halt a1"},
};

/* Layouts and meanings that no base machine has: scattered fields, immediates, a register that is read and written, two
 * results. */
static const char odd[] =
    "variant \"odd\" of \"pg74\"\n  title \"Odd layouts\"\n"
    "replace instruction setr rs1, rs2\n  doc \"*/ R\"\n  source \"a test\"\n  layout rs1:5 0000000 011 rs2:5 00000 0101011\n"
    "  execute { require supervisor\n base = X[rs1] bound = X[rs2] }\n"
    "instruction addx rd, imm(rs1)\n  doc \"Add.\"\n  source \"a test\"\n  layout imm[3:0] rs1:5 imm[11:4] 010 rd:5 1011011\n"
    "  execute { X[rd] = X[rs1] + sext(imm, 32) }\n"
    "instruction addy rd, rs1, imm\n  doc \"Add thrice.\"\n  source \"a test\"\n  layout imm[3:0] rs1:5 imm[11:4] 011 rd:5 1011011\n"
    "  execute { X[rd] = X[rd] + X[rs1] + sext(imm, 32) }\n"
    "instruction addz rd, rs1, imm\n  doc \"Add.\"\n  source \"a test\"\n  layout imm:12 rs1:5 100 rd:5 1011011\n"
    "  execute { X[rd] = X[rs1] + sext(imm, 32) }\n"
    "instruction swap rd, rs1\n  doc \"Swap.\"\n  source \"a test\"\n  layout 0000 rs1:5 00000000 000 rd:5 1011011\n"
    "  execute { X[rd] = X[rs1] X[rs1] = X[rd] }\n";

static const struct call odd_calls[] = {
    {"pg74_setr(b, a); return 0;", "setr a1, a0"},      {"return pg74_addx((void *)c);", "addx a0, 0(a2)"},
    {"return pg74_addy(a, c, -3);", "addy a0, a2, -3"}, {"return pg74_addz(c, 2047);", "addz a0, a2, 2047"},
    {"pg74_swap(&a, &b); return a;", "swap a0, a1"},
};

static void check_calls(struct fixture *fixture, const struct isa *isa, const struct call *list, size_t count)
{
    FILE *file = create(fixture, "calls.c");
    fputs("#include \"pg74.h\"\nuint32_t f(uint32_t a, uint32_t b, uint32_t c);\n", file);
    for (size_t i = 0; i < count; i++)
        fprintf(
            file,
            "uint32_t f%zu(uint32_t a, uint32_t b, uint32_t c);\nuint32_t f%zu(uint32_t a, uint32_t b, uint32_t c)\n"
            "{ (void)a; (void)b; (void)c; %s }\n",
            i, i, list[i].body);
    assert_int_equal(fclose(file), 0);
    run(GCC "-O2 -c $D/calls.c -o $D/out.o");
    size_t word_count, at = 0;
    uint32_t *words = words_of(fixture, &word_count);
    for (size_t i = 0; i < count; i++) {
        char line[64];
        bool found = false;
        /* a function ends with its first ret */
        for (; at < word_count; at++) {
            isa_disassemble(isa, words[at], 0, NULL, NULL, line, sizeof line);
            if (strcmp(line, list[i].expected) == 0)
                found = true;
            if (words[at] == 0x00008067)
                break;
        }
        at++;
        if (!found)
            fail_msg("'%s' does not come to '%s'", list[i].body, list[i].expected);
    }
    free(words);
    run(GCC "-O0 -c $D/calls.c -o $D/out.o");
}

static void test_functions(void **state)
{
    struct isa *isa = load(*state, NULL, "pg74");
    unsigned own = 0;
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        own += !isa_is_standard(isa_instruction_at(isa, i));
    assert_int_equal(own, sizeof calls / sizeof *calls); /* every one is tested */
    check_calls(*state, isa, calls, own);
    isa_free(isa);
}

static void test_odd_functions(void **state)
{
    struct isa *isa = load(*state, odd, NULL);
    check_calls(*state, isa, odd_calls, sizeof odd_calls / sizeof *odd_calls);
    isa_free(isa);
}

/* ---- GNU as ----------------------------------------------------------------------------------------------------- */

/* Writes an instruction with some registers and numbers, as assembly or as the macro with commas alone. */
static void put_line(const struct isa *isa, const struct isa_instruction *instruction, unsigned number, bool macro,
                     FILE *file)
{
    fprintf(file, macro ? "pg74_%s " : "%s ", instruction->name);
    for (const char *at = instruction->syntax; *at;) {
        size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_");
        for (unsigned i = 0; i < instruction->field_count; i++) {
            const struct isa_field *field = &instruction->fields[i];
            number = number * 1103515245 + 12345;
            if (strlen(field->name) != length || memcmp(field->name, at, length) != 0)
                continue;
            if (field->kind == ISA_REGISTER)
                fputs(isa_state_at(isa, field->state)->names[number >> 8 & 31], file);
            else
                fprintf(file, "%d", (int)(number >> 8 & 0xfff) - 2048);
        }
        at += length;
        if (length == 0 && !(macro && *at == ')'))
            fputc(macro && *at == '(' ? ',' : *at, file);
        at += length == 0;
    }
    fputc('\n', file);
}

static void check_macros(struct fixture *fixture, const struct isa *isa)
{
    char *text = NULL;
    size_t size, count;
    FILE *ours = open_memstream(&text, &size), *gnus = create(fixture, "macros.S");
    assert_non_null(ours);
    fputs("#include \"pg74.h\"\n", gnus);
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        for (unsigned j = 0; j < 20 && !isa_is_standard(isa_instruction_at(isa, i)); j++) {
            put_line(isa, isa_instruction_at(isa, i), i * 100 + j, false, ours);
            put_line(isa, isa_instruction_at(isa, i), i * 100 + j, true, gnus);
        }
    fputs(".if PG74_CAUSE_TIMER != 16 || PG74_OLD_PSW != 0x40\n.error \"constants\"\n.endif\n", gnus);
    fclose(ours);
    assert_int_equal(fclose(gnus), 0);
    run(GCC "-c $D/macros.S -o $D/out.o");
    uint32_t *words = words_of(fixture, &count);
    uint8_t *image = isa_assemble(isa, "ours.s", text, &size, fixture->diagnostics);
    isa_diagnostics_print(fixture->diagnostics, stderr);
    assert_non_null(image);
    const char *line = text;
    for (size_t i = 0; i < count; i++, line = strchr(line, '\n') + 1) {
        uint32_t word, offset;
        memcpy(&offset, image + 52 + 4, 4); /* of the first segment, behind the ELF header */
        memcpy(&word, image + offset + 4 * i, 4);
        if (word != words[i])
            fail_msg("'%.*s': 0x%08" PRIx32 ", the macro 0x%08" PRIx32, (int)strcspn(line, "\n"), line, word, words[i]);
    }
    assert_string_equal(line, "");
    free(words);
    free(image);
    free(text);
}

static void test_macros(void **state)
{
    static const char *const texts[] = {NULL, odd};
    for (unsigned i = 0; i < 2; i++) {
        struct isa *isa = load(*state, texts[i], "pg74");
        check_macros(*state, isa);
        isa_free(isa);
    }
}

/* ---- Structures ------------------------------------------------------------------------------------------------- */

static void test_structures(void **state)
{
    struct isa *isa = load(*state, NULL, "pg74");
    FILE *file = create(*state, "structures.c");
    fputs(
        "#include <stddef.h>\n#include \"pg74.h\"\n"
        "#define AT(member, address) _Static_assert(offsetof(struct pg74_trap_area, member) + 0x40 == address, #member)\n"
        "AT(old_psw, PG74_OLD_PSW);\nAT(new_psw, PG74_NEW_PSW);\nAT(cause, PG74_TRAP_CAUSE);\nAT(value, PG74_TRAP_VALUE);\n"
        "AT(access, PG74_TRAP_ACCESS);\nAT(save, PG74_SAVE_AREA);\n"
        "_Static_assert(sizeof(struct pg74_node) == 16 && sizeof(struct pg74_psw) == 16, \"sizes\");\n"
        "_Static_assert(PG74_IR_CONSTANT == 0 && PG74_IR_OPERATORS > 40 && PG74_ROLE_MODE == 2, \"numbers\");\n"
        "uint32_t look(void);\nuint32_t look(void) { return pg74_trap_area.cause + pg74_boot_block.magic; }\n",
        file);
    assert_int_equal(fclose(file), 0);
    run(GCC "-Os -c $D/structures.c -o $D/out.o");
    isa_free(isa);
}

/* pocket has no C compiler, but its header is one all the same. */
static void test_pocket(void **state)
{
    struct isa *isa = load(*state, NULL, "pocket");
    FILE *file = create(*state, "pocket.c");
    fputs("#include \"pg74.h\"\n_Static_assert(PG74_CAUSE_PRIVILEGED == 2, \"\");\n", file);
    assert_int_equal(fclose(file), 0);
    run(GCC "-c $D/pocket.c -o $D/out.o");
    isa_free(isa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions),  cmocka_unit_test(test_odd_functions), cmocka_unit_test(test_macros),
        cmocka_unit_test(test_structures), cmocka_unit_test(test_pocket),
    };
    if (system("riscv64-unknown-elf-gcc --version >/dev/null 2>&1") != 0) {
        puts("GCC for RISC-V is not installed");
        return 77;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
