/* test_gnu.c: assembler and disassembler against GNU's, over every RV32IM instruction: random operands, byte for byte.
 *
 * PG74_TEST_SEED (74) sets the random operands; it is printed when a test fails. Skipped where GNU's tools are not
 * installed. */
#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "isa/header.h"
#include "isa/isa.h"

enum { EACH = 200, TEXT_START = 0x1000 };

struct fixture {
    struct isa *isa;
    struct isa_diagnostics *diagnostics;
    char folder[32];
    uint64_t seed, random;
};

static uint32_t draw(struct fixture *fixture)
{
    uint64_t x = fixture->random; /* xorshift64* */
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    fixture->random = x;
    return (uint32_t)((x * UINT64_C(0x2545F4914F6CDD1D)) >> 32);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    const char *seed = getenv("PG74_TEST_SEED");
    fixture = (struct fixture){.folder = "/tmp/pg74-gnu-XXXXXX", .seed = seed ? strtoull(seed, NULL, 0) : 74};
    fixture.random = fixture.seed * 2 + 1;
    fixture.diagnostics = isa_diagnostics_new();
    fixture.isa = isa_load("pg74", fixture.diagnostics);
    *state = &fixture;
    return fixture.isa && mkdtemp(fixture.folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    char command[64];
    isa_free(fixture->isa);
    isa_diagnostics_free(fixture->diagnostics);
    snprintf(command, sizeof command, "rm -rf %s", fixture->folder);
    return system(command);
}

/* Runs a shell command with $D the fixture's folder. */
static void run(struct fixture *fixture, const char *command)
{
    setenv("D", fixture->folder, 1);
    if (system(command) != 0)
        fail_msg("'%s' failed (seed %" PRIu64 ")", command, fixture->seed);
}

static char *path_of(const struct fixture *fixture, const char *name, char path[64])
{
    snprintf(path, 64, "%s/%s", fixture->folder, name);
    return path;
}

static void write_file(struct fixture *fixture, const char *name, const char *text)
{
    char path[64];
    FILE *file = fopen(path_of(fixture, name, path), "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static char *read_whole(struct fixture *fixture, const char *name, size_t *length)
{
    char path[64];
    char *text = isa_read_file(path_of(fixture, name, path), length, fixture->diagnostics);
    assert_non_null(text);
    return text;
}

/* The bytes of a section of an image of ours, in the caller's hands. */
static uint8_t *section_bytes(const uint8_t *image, unsigned number, size_t *size)
{
    const Elf32_Ehdr *header = (const Elf32_Ehdr *)(const void *)image;
    const Elf32_Shdr *section = (const Elf32_Shdr *)(const void *)(image + header->e_shoff) + number;
    uint8_t *bytes = malloc(section->sh_size + 1);
    assert_non_null(bytes);
    memcpy(bytes, image + section->sh_offset, section->sh_size);
    *size = section->sh_size;
    return bytes;
}

static uint8_t *assemble(struct fixture *fixture, const char *text)
{
    size_t length;
    uint8_t *image = isa_assemble(fixture->isa, "test.s", text, &length, fixture->diagnostics);
    isa_diagnostics_print(fixture->diagnostics, stderr);
    if (!image)
        fail_msg("seed %" PRIu64, fixture->seed);
    return image;
}

static void line_at(const char *text, size_t word, char line[128])
{
    for (; word > 0 && text; word--)
        text = strchr(text, '\n') + 1;
    snprintf(line, 128, "%.*s", (int)strcspn(text, "\n"), text);
}

/* Assembles with both and compares sections. `by_line`: line i of the text is word i of .text. */
static void compare(struct fixture *fixture, const char *text, bool by_line)
{
    static const char *const sections[] = {".text", ".rodata", ".data"};
    write_file(fixture, "gnu.s", text);
    write_file(
        fixture, "link.ld",
        "SECTIONS { . = 0x1000; .text : { *(.text .text.*) } . = ALIGN(16); .rodata : { *(.rodata .rodata.* .srodata*) }\n"
        ". = ALIGN(16); .data : { *(.data .data.* .sdata*) } . = ALIGN(16); .bss : { *(.bss .bss.* .sbss*) } }\n");
    run(fixture, "riscv64-unknown-elf-as -march=rv32im -mabi=ilp32 -mno-relax $D/gnu.s -o $D/gnu.o &&"
                 " riscv64-unknown-elf-ld -melf32lriscv --no-relax -T $D/link.ld $D/gnu.o -o $D/gnu.elf 2>$D/ld.log");
    uint8_t *image = assemble(fixture, text);
    for (unsigned i = 0; i < sizeof sections / sizeof *sections; i++) {
        char command[160];
        size_t size, gnu_size;
        snprintf(command, sizeof command, "riscv64-unknown-elf-objcopy -O binary -j %s $D/gnu.elf $D/gnu.bin",
                 sections[i]);
        run(fixture, command);
        uint8_t *ours = section_bytes(image, i + 1, &size),
                *gnus = (uint8_t *)read_whole(fixture, "gnu.bin", &gnu_size);
        for (size_t at = 0; at < size && at < gnu_size; at++) {
            char line[128] = "";
            if (ours[at] == gnus[at])
                continue;
            if (by_line)
                line_at(text, at / 4, line);
            at &= ~(size_t)3;
            fail_msg("%s+0x%zx '%s': %02x%02x%02x%02x, GNU as %02x%02x%02x%02x (seed %" PRIu64 ")", sections[i], at,
                     line, ours[at + 3], ours[at + 2], ours[at + 1], ours[at], gnus[at + 3], gnus[at + 2], gnus[at + 1],
                     gnus[at], fixture->seed);
        }
        assert_in_range(gnu_size, size, size + 15); /* GNU as may fill up a section to its alignment */
        free(ours);
        free(gnus);
    }
    free(image);
}

/* ---- Random operands -------------------------------------------------------------------------------------------- */

static void put_register(struct fixture *fixture, FILE *stream)
{
    const struct isa_state *registers = isa_state_named(fixture->isa, "X");
    uint32_t number = draw(fixture) % 32;
    if (draw(fixture) % 4 == 0)
        fprintf(stream, "x%" PRIu32, number);
    else if (number == 8 && draw(fixture) % 2)
        fputs("fp", stream);
    else
        fputs(registers->names[number], stream);
}

/* A number of so many bits, its extremes often, in one of the ways to write numbers. */
static void put_number(struct fixture *fixture, FILE *stream, bool is_signed, unsigned width)
{
    int64_t least = is_signed ? -(INT64_C(1) << (width - 1)) : 0;
    int64_t most = (INT64_C(1) << (is_signed ? width - 1 : width)) - 1;
    uint32_t choice = draw(fixture) % 12;
    int64_t number = choice == 0   ? least
                     : choice == 1 ? most
                     : choice == 2 ? 0
                                   : least + draw(fixture) % (most - least + 1);
    switch (draw(fixture) % 4) {
    case 0: fprintf(stream, "%s0x%" PRIx64, number < 0 ? "-" : "", number < 0 ? -number : number); return;
    case 1: fprintf(stream, "%" PRId64 " + %u - 5", number, 5u); return;
    default: fprintf(stream, "%" PRId64, number);
    }
}

static void put_field(struct fixture *fixture, const struct isa_field *field, FILE *stream)
{
    static const char *const sets[] = {"w",  "r",  "rw",  "o",  "ow",  "or",  "orw", "i",
                                       "iw", "ir", "irw", "io", "iow", "ior", "iorw"};
    switch (field->kind) {
    case ISA_REGISTER: put_register(fixture, stream); return;
    case ISA_SET: fputs(sets[draw(fixture) % 15], stream); return;
    case ISA_RELATIVE: { /* any even distance that the field holds */
        uint32_t half = draw(fixture) % (1u << (field->width - 1));
        fprintf(stream, ". %c %" PRIu32, half & 1 ? '-' : '+', half & ~1u);
        return;
    }
    default: put_number(fixture, stream, field->kind == ISA_SIGNED, field->width);
    }
}

static void put_instruction(struct fixture *fixture, const struct isa_instruction *instruction, FILE *stream)
{
    fprintf(stream, "%s ", instruction->name);
    for (const char *at = instruction->syntax; *at;) {
        const struct isa_field *found = NULL;
        for (unsigned i = 0; i < instruction->field_count; i++) {
            const struct isa_field *field = &instruction->fields[i];
            size_t length = strlen(field->name);
            if (strncmp(at, field->name, length) == 0 &&
                !strchr("abcdefghijklmnopqrstuvwxyz0123456789", at[length] ? at[length] : '-'))
                found = field;
        }
        if (found)
            put_field(fixture, found, stream);
        else
            fputc(*at, stream);
        at += found ? strlen(found->name) : 1;
    }
    fputc('\n', stream);
}

/* Text with EACH lines for every standard instruction. */
static char *every_instruction(struct fixture *fixture)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    for (unsigned i = 0; i < isa_instruction_count(fixture->isa); i++)
        for (unsigned j = 0; j < EACH && isa_is_standard(isa_instruction_at(fixture->isa, i)); j++)
            put_instruction(fixture, isa_instruction_at(fixture->isa, i), stream);
    fclose(stream);
    return text;
}

static void test_instructions(void **state)
{
    char *text = every_instruction(*state);
    compare(*state, text, true);
    free(text);
}

/* ---- Pseudo-instructions, directives, compiled code ------------------------------------------------------------- */

/* (GNU as makes more of li for x0 than it needs.) r: a register; i: 12 bits; w: 32 bits; s: 5 bits; b: a near label; l:
 * any label. */
static const char *const pseudos[] = {
    "nop", "li a7, i", "li t0, w", "mv r, r", "not r, r", "neg r, r", "seqz r, r", "snez r, r", "sltz r, r",
    "sgtz r, r", "sgt r, r, r", "sgtu r, r, r", "beqz r, b", "bnez r, b", "blez r, b", "bgez r, b", "bltz r, b",
    "bgtz r, b", "bgt r, r, b", "ble r, r, b", "bgtu r, r, b", "bleu r, r, b", "j b", "jal b", "jr r", "jalr r",
    "jalr r, r", "jalr r, r, i", "jr i(r)", "jalr i(r)", "ret", "call l", "tail l", "la r, l", "lla r, l", "lw r, l",
    "lb r, l", "lh r, l", "lbu r, l", "lhu r, l", "sw r, l, t6", "sb r, l, t5", "sh r, l, t4", "fence",
    "add r, r, i", "and r, r, i", "or r, r, i", "xor r, r, i", "slt r, r, i", "sltu r, r, i", "sll r, r, s",
    "srl r, r, s", "sra r, r, s", "lw r, (r)", "sw r, (r)", "zext.b r, r", "lui r, %hi(l)", "addi r, r, %lo(l)",
    "lw r, %lo(l)(r)", "sw r, %lo(l + 4)(r)", "li r, 'a'", "jump l, r", "beq r, r, 1b", "bne r, r, 1f", "move r, r",
    "addi r, r, 0xfffff800", "andi r, r, -1",
};
enum { PSEUDOS = sizeof pseudos / sizeof *pseudos };

static void put_pseudo(struct fixture *fixture, const char *pattern, FILE *stream)
{
    bool operands = false, relocation = false;
    fputs("    ", stream);
    for (; *pattern; pattern++) {
        bool alone = !(pattern[1] >= 'a' && pattern[1] <= 'z');
        if (*pattern == '%')
            relocation = true;
        if (*pattern == '(')
            relocation = false;
        if (!operands || relocation || !alone || !strchr("riwsbl", *pattern) || pattern[-1] == '1' ||
            pattern[-1] == '\'')
            fputc(*pattern, stream);
        else if (*pattern == 'r')
            put_register(fixture, stream);
        else if (*pattern == 'i')
            put_number(fixture, stream, true, 12);
        else if (*pattern == 's')
            put_number(fixture, stream, false, 5);
        else if (*pattern == 'w')
            put_number(fixture, stream, draw(fixture) % 2, 32);
        else if (*pattern == 'b')
            fprintf(stream, "near%" PRIu32, draw(fixture) % 10);
        else
            fprintf(stream, "%s%" PRIu32, draw(fixture) % 2 ? "data" : "near", draw(fixture) % 10);
        if (*pattern == ' ')
            operands = true;
    }
    fputc('\n', stream);
}

static void test_pseudo_instructions(void **state)
{
    struct fixture *fixture = *state;
    for (unsigned round = 0; round < 8; round++) {
        char *text = NULL;
        size_t size;
        FILE *stream = open_memstream(&text, &size);
        assert_non_null(stream);
        fputs("1:\n", stream);
        for (unsigned i = 0; i < 10; i++) {
            fprintf(stream, "near%u:\n", i);
            for (unsigned j = 0; j < 60; j++)
                put_pseudo(fixture, pseudos[draw(fixture) % PSEUDOS], stream);
            if (i % 3 == 0)
                fputs("1:\n", stream);
        }
        fputs("1:\n.data\n", stream);
        for (unsigned i = 0; i < 10; i++)
            fprintf(stream, " .align 2\ndata%u: .word near%u, data%u + 3, . - data%u\n .zero %u\n", i, 9 - i, 9 - i,
                    9 - i, i * 300 + 1);
        fclose(stream);
        compare(fixture, text, false);
        free(text);
    }
    /* every one at least once */
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    fputs("1:\n", stream);
    for (unsigned i = 0; i < 10; i++)
        fprintf(stream, "near%u: nop\n", i);
    for (unsigned i = 0; i < PSEUDOS; i++)
        put_pseudo(fixture, pseudos[i], stream);
    fputs("1:\n.data\n", stream);
    for (unsigned i = 0; i < 10; i++)
        fprintf(stream, " .align 2\ndata%u: .word near%u\n", i, i);
    fclose(stream);
    compare(fixture, text, false);
    free(text);
}

static void test_directives(void **state)
{
    compare(*state,
            "start: nop; nop # two on a line\n"
            "    .align 4\n"
            "    .equ N, 7\n"
            "    .set M, N * 3 + (1 << 4)\n"
            "K = M - 1\n"
            "    li a0, K # a comment\n"
            "    j end /* a comment\n over lines */\n"
            "    .byte 1, 2, -1, 255, 'x', '\\n', 0x7f, 0b101, 017\n"
            "    .p2align 2, 0xaa\n"
            "    .half 1, -1, 0xffff, 0\n"
            "    .balign 8\n"
            "    .word 0xffffffff, -1, start, end - start, ~0 & 0xff, !N, -N, N % 4, N / 2, N ^ 3\n"
            "end:\n"
            "    .section .rodata\n"
            "    .ascii \"abc\", \"d\\te\\n\\\"\\\\\\101\\x41\"\n"
            "    .asciz \"zero\"\n"
            "    .string \"\"\n"
            "    .dword 0x123456789abcdef, -2\n"
            "    .data\n"
            "    .space 5, 0x55\n"
            "    .zero 3\n"
            "    .short 1; .hword 2; .2byte 3; .4byte 4; .long 5; .int 6; .8byte 7\n"
            "    .section .text\n"
            "1:  bnez a0, 1b\n"
            "    bnez a0, 1f\n"
            "1:  beqz a0, 1b\n"
            "2:  jal 2b\n"
            "    .bss\n"
            "    .space 100\n",
            false);
}

/* What GCC writes, with both assemblers. */
static void test_compiled_code(void **state)
{
    static const char *const levels[] = {"-O0", "-O1", "-O2", "-Os"};
    struct fixture *fixture = *state;
    if (system("riscv64-unknown-elf-gcc --version >/dev/null 2>&1") != 0)
        skip();
    for (unsigned i = 0; i < sizeof levels / sizeof *levels; i++) {
        char command[256];
        snprintf(
            command, sizeof command,
            "riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -std=c17 %s -ffreestanding -fno-merge-constants "
            "-fno-zero-initialized-in-bss -fno-asynchronous-unwind-tables -msmall-data-limit=0 -S tests/isa/sample.c -o $D/sample.s",
            levels[i]);
        run(fixture, command);
        char *text = read_whole(fixture, "sample.s", NULL);
        compare(fixture, text, false);
        free(text);
    }
}

/* ---- Disassembling ---------------------------------------------------------------------------------------------- */

/* Operands one by one, numbers as numbers: objdump writes addresses without 0x, and shift amounts with it. */
static void normalize(const char *text, bool last_is_address, char *out, size_t size)
{
    char copy[160], *rest = copy;
    snprintf(copy, sizeof copy, "%s", text);
    copy[strcspn(copy, "<#\n")] = '\0';
    *out = '\0';
    for (char *token; (token = strsep(&rest, " \t,()")) != NULL;) {
        if (*token == '\0')
            continue;
        bool last = !rest || rest[strspn(rest, " \t,()")] == '\0', is_number = strchr("-0123456789", *token) != NULL;
        char *end = token;
        long long number = is_number ? strtoll(token, &end, last && last_is_address ? 16 : 0) : 0;
        if (last && last_is_address)
            number = strtoll(token, &end, 16);
        size_t used = strlen(out);
        if (end != token && *end == '\0')
            snprintf(out + used, size - used, "%lld ", number);
        else
            snprintf(out + used, size - used, "%s ", token);
    }
}

static bool has_relative(const struct isa_instruction *instruction)
{
    for (unsigned i = 0; i < instruction->field_count; i++)
        if (instruction->fields[i].kind == ISA_RELATIVE)
            return true;
    return false;
}

/* Random words of every instruction, ours and RISC-V's: what we disassemble, we assemble to the same word; and objdump
 * says the same of RISC-V's. */
static void test_disassembling(void **state)
{
    struct fixture *fixture = *state;
    unsigned count = isa_instruction_count(fixture->isa) * EACH;
    uint32_t *words = calloc(count, sizeof *words);
    char *text = NULL, *again = NULL;
    size_t size, length;
    FILE *gnu = open_memstream(&text, &size), *ours = open_memstream(&again, &length);
    assert_true(words && gnu && ours);
    for (unsigned i = 0; i < count; i++) {
        const struct isa_instruction *instruction = isa_instruction_at(fixture->isa, i / EACH);
        char line[128];
        words[i] = instruction->match | (draw(fixture) & ~instruction->mask);
        isa_disassemble(fixture->isa, words[i], TEXT_START + 4 * i, NULL, NULL, line, sizeof line);
        fprintf(gnu, ".4byte 0x%08" PRIx32 "\n", words[i]);
        fprintf(ours, "%s\n", line);
    }
    fclose(gnu);
    fclose(ours);
    uint8_t *image = assemble(fixture, again), *bytes = section_bytes(image, 1, &length);
    assert_int_equal(length, count * 4);
    const char *own = again;
    for (unsigned i = 0; i < count; i++, own = strchr(own, '\n') + 1) {
        char line[128];
        line_at(own, 0, line);
        if (memcmp(bytes + 4 * i, &words[i], 4) != 0)
            fail_msg("0x%08" PRIx32 " is disassembled as '%s', which is another word (seed %" PRIu64 ")", words[i],
                     line, fixture->seed);
    }
    /* .insn makes the words code and not data in objdump's eyes */
    for (char *at = text; (at = strstr(at, ".4byte")) != NULL;)
        memcpy(at, ".insn ", 6);
    write_file(fixture, "words.s", text);
    run(fixture, "riscv64-unknown-elf-as -march=rv32im -mabi=ilp32 $D/words.s -o $D/words.o &&"
                 " riscv64-unknown-elf-ld -melf32lriscv --no-relax -e 0 -Ttext=0x1000 $D/words.o -o $D/words.elf &&"
                 " riscv64-unknown-elf-objdump -d -M no-aliases --no-show-raw-insn $D/words.elf > $D/words.txt");
    char *listing = read_whole(fixture, "words.txt", NULL), *at = strstr(listing, "    1000:");
    unsigned compared = 0;
    assert_non_null(at);
    own = again;
    for (unsigned i = 0; i < count; i++, own = strchr(own, '\n') + 1) {
        const struct isa_instruction *instruction = isa_decode(fixture->isa, words[i]);
        char line[128], left[160], right[160];
        line_at(own, 0, line);
        assert_non_null(at);
        at = strchr(at, ':') + 1;
        if (instruction && isa_is_standard(instruction) && *line != '.') {
            normalize(line, has_relative(instruction), left, sizeof left);
            normalize(at, has_relative(instruction), right, sizeof right);
            /* objdump has a word of its own for an empty set, which GNU as does not take back */
            if (strcmp(left, right) != 0 && !strstr(at, "unknown"))
                fail_msg("0x%08" PRIx32 ": '%s', objdump '%.*s' (seed %" PRIu64 ")", words[i], line,
                         (int)strcspn(at, "\n"), at, fixture->seed);
            compared++;
        }
        at = strchr(at, '\n');
    }
    assert_true(compared > 40 * EACH);
    free(listing);
    free(bytes);
    free(image);
    free(words);
    free(text);
    free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instructions),  cmocka_unit_test(test_pseudo_instructions),
        cmocka_unit_test(test_directives),    cmocka_unit_test(test_compiled_code),
        cmocka_unit_test(test_disassembling),
    };
    if (system("riscv64-unknown-elf-as --version >/dev/null 2>&1") != 0) {
        puts("GNU's RISC-V assembler is not installed");
        return 77;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
