/* test_assembler.c: mistakes and where the assembler points at them, its images, and machines other than RISC-V's. */
#include <elf.h>
#include <elfutils/libdw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/isa.h"

static struct isa *load(const char *name)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load(name, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(isa);
    return isa;
}

static uint8_t *assemble(const struct isa *isa, const char *text)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    size_t length;
    uint8_t *image = isa_assemble(isa, "test.s", text, &length, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(image);
    return image;
}

static const Elf32_Shdr *section_of(const uint8_t *image, unsigned number)
{
    const Elf32_Ehdr *header = (const Elf32_Ehdr *)(const void *)image;
    return (const Elf32_Shdr *)(const void *)(image + header->e_shoff) + number;
}

/* ---- Mistakes --------------------------------------------------------------------------------------------------- */

/* A text with one mistake: where, what is said (a part of it), and what is advised (a part of it, or NULL). */
static const struct mistake {
    const char *text;
    unsigned line, column;
    const char *message, *advice;
} mistakes[] = {
    {"nop\n  adi a0, a1, 5", 2, 3, "pg74 has no instruction 'adi'", "did you mean 'addi'?"},
    {"frobnicate", 1, 1, "no instruction 'frobnicate'", "pg74 isa show pg74"},
    {"addi a0, a1, 5000", 1, 14, "5000 is out of range: -2048 to 2047", NULL},
    {"addi a0, a1, -2049", 1, 14, "out of range: -2048 to 2047", NULL},
    {"slli a0, a0, 32", 1, 14, "out of range: 0 to 31", NULL},
    {"lui a0, -1", 1, 9, "-1 is out of range: 0 to 1048575", NULL},
    {"lui a0, %hi(0x100000000)", 1, 13, "does not fit in 32 bits", NULL},
    {"li a0, 0x123456789", 1, 8, "does not fit in 32 bits", NULL},
    {"addi a0, a1", 1, 12, "',' and an operand are expected", "addi rd, rs1, imm"},
    {"add a0, a1, a2, a3", 1, 15, "complete before this", NULL},
    {"addi a0, 5, a1", 1, 10, "a register (zero to t6) is expected", "addi rd, rs1, imm"},
    {"addi a0, a1, a2", 1, 14, "'a2' is a register, and a number is expected", NULL},
    {"sub a0, a1, b2", 1, 13, "a register (zero to t6) is expected", "sub rd, rs1, rs2"},
    {"lw a0, 4(a1", 1, 12, "')' is missing", "lw rd, imm(rs1)"},
    {"lw a0, 4[a1]", 1, 9, "'(' and an operand are expected", "lw rd, imm(rs1)"},
    {"mv a0, 5", 1, 8, "the operands of 'mv' are wrong", "mv rd, rs"},
    {"sw a0, x\nx:", 1, 9, "'(' and an operand", "sw rs2, imm(rs1)"},
    {"setr a0", 1, 8, "',' and an operand are expected", "setr rs1, rs2"},
    {"fence rq, w", 1, 7, "a set of the letters 'iorw'", NULL},
    {"fence rr, w", 1, 7, "a set of the letters", NULL},
    {"j nowhere", 1, 3, "'nowhere' is not defined", NULL},
    {"loop: j lop", 1, 9, "'lop' is not defined", "did you mean 'loop'?"},
    {"j 1f\n1: j 2b", 2, 6, "no label '2:' before here", NULL},
    {"1: j 1f", 1, 6, "no label '1:' after here", NULL},
    {"x: nop\nx: nop", 2, 1, "'x' is already defined on line 1", NULL},
    {"x: nop\n.equ x, 5", 2, 6, "'x' is already defined", NULL},
    {"a0: nop", 1, 1, "'a0' is a register", NULL},
    {".: nop", 1, 1, "'.' is the address here", NULL},
    {"beq a0, a1, . + 4096", 1, 13, "the target's distance 4096 is out of range: -4096 to 4094", NULL},
    {"j . + 1", 1, 3, "not a multiple of 2", ".align"},
    {".byte 1\nnop\nnop", 2, 1, "an address that is not a multiple of 4", ".align"},
    {".wrd 5", 1, 1, "no directive '.wrd'", "did you mean '.word'?"},
    {".ascii \"open", 1, 8, "the string has no end", NULL},
    {".asciz \"bad \\q\"", 1, 13, "unknown escape", NULL},
    {".ascii 5", 1, 8, "a string in \"quotes\"", NULL},
    {".byte 256", 1, 7, "256 does not fit in 8 bits: -128 to 255", NULL},
    {".half -32769", 1, 7, "does not fit in 16 bits", NULL},
    {".word 0x100000000", 1, 7, "does not fit in 32 bits", NULL},
    {".word 12z", 1, 7, "malformed number", NULL},
    {".word 0x", 1, 7, "malformed number", NULL},
    {".word 99999999999999999999", 1, 7, "more than 64 bits", NULL},
    {".word 'ab'", 1, 7, "malformed character", NULL},
    {".word 5 +", 1, 10, "a number or symbol is expected", NULL},
    {".word (5", 1, 9, "')' is missing", NULL},
    {".word 5 / 0", 1, 9, "division by zero", NULL},
    {".word %high(5)", 1, 8, "not followed by one of its functions", NULL},
    {".word 5 5", 1, 9, "complete before this", NULL},
    {".word x\n.equ x, y\n.equ y, z\n.equ z, 4", 1, 7, "the value of 'x' is not known", NULL},
    {".space 5000000000", 1, 8, "out of range: 0 to 16777216", NULL},
    {".space 0x1000000\n.space 0x1000000", 2, 1, "larger than 16 MiB", NULL},
    {".space x\n.equ x, 4", 1, 8, "must be a number that is known here", NULL},
    {"x: .space x", 1, 11, "must be a number that is known here", NULL},
    {".align 40", 1, 8, "out of range: 0 to 20", NULL},
    {".balign 3", 1, 9, "not a power of two", NULL},
    {"nop\n.org 0x500", 2, 6, "'.org' cannot go back", NULL},
    {".data\n.word 1\n.org 0x5000", 3, 6, "no place of its own", NULL},
    {".org 0x100000000", 1, 6, "the last address of this machine is 0xffffffff", NULL},
    {".org x\nx:", 1, 6, "must be known here", NULL},
    {".section .weird", 1, 10, "there are the sections", NULL},
    {".global 5", 1, 9, "a name is expected", NULL},
    {".equ 5, 5", 1, 6, "a name is expected", NULL},
    {".equ x", 1, 7, "',' is expected", NULL},
    {".bss\n.word 5", 2, 7, ".bss holds only zeros", NULL},
    {"lw a0, %pcrel_lo(x)(a0)\nx:", 1, 18, "there is no %pcrel_hi at 0x1004", NULL},
    {"@", 1, 1, "a statement begins with", NULL},
    {"nop /* open", 1, 5, "the comment has no end", NULL},
    {".data\n.org 0x1000\n.word 1\n.text\nnop", 0, 0, ".text (from 0x1000) and .data (from 0x1000) overlap", NULL},
    {".org 0xfffffffc\nnop\nnop", 0, 0, "addresses have only 32 bits", NULL},
};

static void test_mistakes(void **state)
{
    (void)state;
    struct isa *isa = load("pg74");
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const struct mistake *mistake = &mistakes[i];
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        size_t length;
        unsigned line, column;
        const char *file;
        if (isa_assemble(isa, "test.s", mistake->text, &length, diagnostics) || isa_diagnostics_count(diagnostics) == 0)
            fail_msg("no complaint about: %s", mistake->text);
        isa_diagnostics_position(diagnostics, 0, &file, &line, &column);
        const char *message = isa_diagnostics_message(diagnostics, 0), *advice = isa_diagnostics_advice(diagnostics, 0);
        if (!strstr(message, mistake->message) || line != mistake->line || column != mistake->column)
            fail_msg("'%s': %u:%u: %s", mistake->text, line, column, message);
        if (mistake->advice && !(advice && strstr(advice, mistake->advice)))
            fail_msg("'%s': advice %s", mistake->text, advice ? advice : "none");
        if (isa_diagnostics_count(diagnostics) != 1)
            fail_msg("'%s': also %s", mistake->text, isa_diagnostics_message(diagnostics, 1));
        assert_int_equal(isa_diagnostics_exit_code(diagnostics), ISA_EXIT_DATA);
        isa_diagnostics_free(diagnostics);
    }
    isa_free(isa);
}

/* All mistakes of a text at once, but not more than anybody reads. */
static void test_many_mistakes(void **state)
{
    (void)state;
    struct isa *isa = load("pg74");
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    size_t length;
    assert_null(isa_assemble(isa, "test.s", "foo\nnop\nbar\naddi a0, a0, 9999\nj there\n", &length, diagnostics));
    assert_int_equal(isa_diagnostics_count(diagnostics), 4);
    isa_diagnostics_free(diagnostics);
    diagnostics = isa_diagnostics_new();
    char *text = malloc(40001), *nested = malloc(40001);
    assert_true(text && nested);
    for (size_t i = 0; i < 40000; i += 4)
        memcpy(text + i, "foo\n", 5);
    assert_null(isa_assemble(isa, "test.s", text, &length, diagnostics));
    assert_in_range(isa_diagnostics_count(diagnostics), 50, 150);
    isa_diagnostics_free(diagnostics);
    diagnostics = isa_diagnostics_new();
    memset(nested, '(', 40000);
    memcpy(nested, ".word ", 6);
    nested[40000] = '\0';
    assert_null(isa_assemble(isa, "test.s", nested, &length, diagnostics));
    assert_non_null(strstr(isa_diagnostics_message(diagnostics, 0), "nested too deeply"));
    isa_diagnostics_free(diagnostics);
    free(text);
    free(nested);
    isa_free(isa);
}

/* ---- Images ----------------------------------------------------------------------------------------------------- */

static const char *symbol_name(const uint8_t *image, unsigned number, uint32_t *value, bool *global)
{
    const Elf32_Sym *symbol = (const Elf32_Sym *)(const void *)(image + section_of(image, 5)->sh_offset) + number;
    *value = symbol->st_value;
    *global = ELF32_ST_BIND(symbol->st_info) == STB_GLOBAL;
    return (const char *)image + section_of(image, 6)->sh_offset + symbol->st_name;
}

static void test_image(void **state)
{
    (void)state;
    struct isa *isa = load("pg74");
    uint8_t *image = assemble(isa, "helper: nop\n.L1: nop\n.global _start\n.equ five, 5\n_start: nop\n1: j 1b\n"
                                   ".data\nd: .word five\n.bss\nb: .space 64\n");
    const Elf32_Ehdr *header = (const Elf32_Ehdr *)(const void *)image;
    assert_memory_equal(header->e_ident, ELFMAG, SELFMAG);
    assert_int_equal(header->e_machine, EM_RISCV);
    assert_int_equal(header->e_type, ET_EXEC);
    assert_int_equal(header->e_entry, 0x1008);
    assert_int_equal(header->e_phnum, 3);
    static const struct {
        const char *name;
        uint32_t value;
        bool global;
    } expected[] = {{"helper", 0x1000, false},
                    {"five", 5, false},
                    {"d", 0x1010, false},
                    {"b", 0x1020, false},
                    {"_start", 0x1008, true}};
    assert_int_equal(section_of(image, 5)->sh_size, 6 * sizeof(Elf32_Sym));
    assert_int_equal(section_of(image, 5)->sh_info, 5);
    for (unsigned i = 0; i < 5; i++) {
        uint32_t value;
        bool global;
        assert_string_equal(symbol_name(image, i + 1, &value, &global), expected[i].name);
        assert_int_equal(value, expected[i].value);
        assert_int_equal(global, expected[i].global);
    }
    const Elf32_Phdr *segment = (const Elf32_Phdr *)(const void *)(image + header->e_phoff);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(segment[i].p_offset % segment[i].p_align, segment[i].p_vaddr % segment[i].p_align);
    assert_int_equal(segment[2].p_filesz, 0);
    assert_int_equal(segment[2].p_memsz, 64);
    free(image);
    isa_free(isa);
}

static void test_origin(void **state)
{
    (void)state;
    struct isa *isa = load("pg74");
    uint8_t *image =
        assemble(isa, ".word main, table\n.text\n.org 0x2000\nfirst: nop\n.org 0x2010\nmain: nop\n.org . + 4\nnop\n"
                      ".data\n.org 0x8000\ntable: .word 1\n");
    free(image);
    image = assemble(isa, ".data\n.word main\n.text\n.org 0x2000\nmain: nop\n.org 0x2010\nnop\n");
    const Elf32_Ehdr *header = (const Elf32_Ehdr *)(const void *)image;
    assert_int_equal(header->e_entry, 0x2000);
    assert_int_equal(section_of(image, 1)->sh_addr, 0x2000);
    assert_int_equal(section_of(image, 1)->sh_size, 0x14);
    assert_int_equal(section_of(image, 3)->sh_addr, 0x2020);
    uint32_t word;
    memcpy(&word, image + section_of(image, 3)->sh_offset, 4);
    assert_int_equal(word, 0x2000);
    free(image);
    isa_free(isa);
}

/* Debuggers find the line of every instruction. */
static void test_lines(void **state)
{
    (void)state;
    static const unsigned lines[] = {2, 4, 4, 4, 5, 300};
    struct isa *isa = load("pg74");
    char text[512] = "# nothing\nstart: nop\n\nnop; li a0, 0x12345678\nnop\n";
    memset(text + strlen(text), '\n', 294);
    strcat(text, "nop\n");
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    size_t length;
    uint8_t *image = isa_assemble(isa, "some/where.s", text, &length, diagnostics);
    FILE *file = tmpfile();
    assert_true(image && file && fwrite(image, 1, length, file) == length && fflush(file) == 0);
    Dwarf *dwarf = dwarf_begin(fileno(file), DWARF_C_READ);
    assert_non_null(dwarf);
    for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++) {
        Dwarf_Die unit;
        int number = 0;
        assert_non_null(dwarf_addrdie(dwarf, 0x1000 + 4 * i, &unit));
        Dwarf_Line *line = dwarf_getsrc_die(&unit, 0x1000 + 4 * i);
        assert_int_equal(dwarf_lineno(line, &number), 0);
        assert_int_equal(number, lines[i]);
        assert_string_equal(dwarf_linesrc(line, NULL, NULL), "some/where.s");
    }
    dwarf_end(dwarf);
    fclose(file);
    free(image);
    isa_diagnostics_free(diagnostics);
    isa_free(isa);
}

/* ---- Other machines --------------------------------------------------------------------------------------------- */

static void test_pocket(void **state)
{
    (void)state;
    static const uint8_t expected[] = {0x05, 0x1f, 0x48, 0x8d, 0xb1, 0xc0, 0xbf, 0x13, 0xff, 'h', 'i', 0};
    struct isa *isa = load("pocket");
    uint8_t *image =
        assemble(isa, "start: set r0, 5\n set r1, 15\n add r2, r0\nhere: jump_zero r3, r1\n lpsw r1\n svc\n halt r3\n"
                      " .word here, -1\n .asciz \"hi\"\n");
    const Elf32_Ehdr *header = (const Elf32_Ehdr *)(const void *)image;
    assert_int_equal(header->e_machine, EM_NONE);
    assert_int_equal(header->e_entry, 0x10);
    assert_int_equal(section_of(image, 1)->sh_size, sizeof expected);
    assert_memory_equal(image + section_of(image, 1)->sh_offset, expected, sizeof expected);
    free(image);
    /* every word comes back as itself */
    for (uint32_t word = 0; word < 256; word++) {
        char line[64];
        isa_disassemble(isa, word, 0x10, NULL, NULL, line, sizeof line);
        image = assemble(isa, line);
        assert_int_equal(image[section_of(image, 1)->sh_offset], word);
        free(image);
    }
    /* there is no nop of RISC-V's here, and memory ends */
    static const char *const wrong[] = {"nop",       "mv r0, r1", "li r0, 5",   "neg r0, r1",
                                        "set r4, 1", "set a0, 1", "set r0, 16", ".space 241"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        size_t length;
        assert_null(isa_assemble(isa, "test.s", wrong[i], &length, diagnostics));
        assert_int_equal(isa_diagnostics_count(diagnostics), 1);
        isa_diagnostics_free(diagnostics);
    }
    isa_free(isa);
}

/* A variant's own mnemonics come first, also where a pseudo-instruction has that name; with other operands it is still
 * that. */
static void test_variant(void **state)
{
    (void)state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *isa = isa_load_text("own.isa",
                                    "variant \"own\" of \"pg74\"\n  title \"Two instructions more\"\n"
                                    "instruction call rs1\n  doc \"Call.\"\n  source \"a test\"\n"
                                    "  layout 0000000 00000 rs1:5 000 00000 1011011\n  execute { pc = X[rs1] }\n"
                                    "instruction odd rd, imm(rs1)\n  doc \"Odd.\"\n  source \"a test\"\n"
                                    "  layout imm[3:0] rs1:5 imm[11:4] 010 rd:5 1011011\n"
                                    "  execute { X[rd] = X[rs1] + sext(imm, 32) }\n",
                                    NULL, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(isa);
    uint8_t *image = assemble(isa, "call a0\ncall there\nthere: odd a1, -3(a2)\n");
    uint32_t words[4];
    assert_int_equal(section_of(image, 1)->sh_size, sizeof words);
    memcpy(words, image + section_of(image, 1)->sh_offset, sizeof words);
    assert_int_equal(words[0], 0x0005005b);
    assert_int_equal(words[1], 0x00000097); /* auipc ra, 0 */
    assert_int_equal(words[2], 0x008080e7); /* jalr ra, 8(ra) */
    assert_int_equal(words[3], 0xd67fa5db);
    free(image);
    isa_free(isa);
}

static const char *name_of(void *context, uint32_t address, uint32_t *offset)
{
    *offset = address - *(uint32_t *)context;
    return "label";
}

static void test_disassembly(void **state)
{
    (void)state;
    struct isa *isa = load("pg74");
    uint32_t at = 0x1000;
    static const struct {
        uint32_t word;
        const char *text;
    } expected[] = {{0x00150513, "addi a0, a0, 1"},
                    {0xfe051ee3, "bne a0, zero, 0xffc <label+0xfffffffc>"},
                    {0x0000006f, "jal zero, 0x1000 <label>"},
                    {0x123455b7, "lui a1, 0x12345"},
                    {0x00355513, "srli a0, a0, 3"},
                    {0x0310000f, "fence rw, w"},
                    {0x0010000f, "fence 0, w"},
                    {0x8310000f, ".word 0x8310000f"},
                    {0x00000000, ".word 0x00000000"},
                    {0xffffffff, ".word 0xffffffff"},
                    {0x0500000b, "lpsw 80(zero)"},
                    {0x0600700b, "idle"},
                    {0x00000073, "ecall"}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        char text[64], small[6];
        isa_disassemble(isa, expected[i].word, 0x1000, name_of, &at, text, sizeof text);
        assert_string_equal(text, expected[i].text);
        isa_disassemble(isa, expected[i].word, 0x1000, NULL, NULL, small, sizeof small);
        assert_int_equal(strlen(small), strlen(expected[i].text) < 5 ? strlen(expected[i].text) : 5);
    }
    isa_free(isa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),    cmocka_unit_test(test_many_mistakes), cmocka_unit_test(test_image),
        cmocka_unit_test(test_origin),      cmocka_unit_test(test_pocket),        cmocka_unit_test(test_variant),
        cmocka_unit_test(test_disassembly), cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
