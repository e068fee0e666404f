/* assembler_pseudo.c: mnemonics: the machine's own, and pseudo-instructions that stand for them.
 *
 * A pseudo-instruction is text for text. What it means is only what its expansion means, and it exists only on machines
 * that have the instructions of its expansion, with operands of that form. The table is chapter 25 of the RISC-V
 * unprivileged manual (document version 20191213) and what GNU as adds to it. */
#include "isa/assembler.h"

#include <ctype.h>
#include <string.h>

enum when {
    ALWAYS,
    FITS,     /* the value is known early and fits the expansion's fields */
    LOW_ZERO, /* the value is known early and its %lo is 0 */
};

/* In a pattern, names that begin with r are registers; others are expressions. */
static const struct pseudo {
    const char *name, *operands, *expansion;
    enum when when;
} table[] = {
    {"nop", "", "addi zero, zero, 0", ALWAYS},
    {"li", "rd, imm", "addi rd, zero, imm", FITS},
    {"li", "rd, imm", "lui rd, %hi(imm)", LOW_ZERO},
    {"li", "rd, imm", "lui rd, %hi(imm); addi rd, rd, %lo(imm)", ALWAYS},
    {"la", "rd, symbol", "auipc rd, %pcrel_hi(symbol); addi rd, rd, %pcrel_lo(. - 4)", ALWAYS},
    {"lla", "rd, symbol", "auipc rd, %pcrel_hi(symbol); addi rd, rd, %pcrel_lo(. - 4)", ALWAYS},
    {"lb", "rd, symbol", "auipc rd, %pcrel_hi(symbol); lb rd, %pcrel_lo(. - 4)(rd)", ALWAYS},
    {"lh", "rd, symbol", "auipc rd, %pcrel_hi(symbol); lh rd, %pcrel_lo(. - 4)(rd)", ALWAYS},
    {"lw", "rd, symbol", "auipc rd, %pcrel_hi(symbol); lw rd, %pcrel_lo(. - 4)(rd)", ALWAYS},
    {"lbu", "rd, symbol", "auipc rd, %pcrel_hi(symbol); lbu rd, %pcrel_lo(. - 4)(rd)", ALWAYS},
    {"lhu", "rd, symbol", "auipc rd, %pcrel_hi(symbol); lhu rd, %pcrel_lo(. - 4)(rd)", ALWAYS},
    {"sb", "rs, symbol, rt", "auipc rt, %pcrel_hi(symbol); sb rs, %pcrel_lo(. - 4)(rt)", ALWAYS},
    {"sh", "rs, symbol, rt", "auipc rt, %pcrel_hi(symbol); sh rs, %pcrel_lo(. - 4)(rt)", ALWAYS},
    {"sw", "rs, symbol, rt", "auipc rt, %pcrel_hi(symbol); sw rs, %pcrel_lo(. - 4)(rt)", ALWAYS},
    {"mv", "rd, rs", "addi rd, rs, 0", ALWAYS},
    {"move", "rd, rs", "addi rd, rs, 0", ALWAYS},
    {"not", "rd, rs", "xori rd, rs, -1", ALWAYS},
    {"neg", "rd, rs", "sub rd, zero, rs", ALWAYS},
    {"seqz", "rd, rs", "sltiu rd, rs, 1", ALWAYS},
    {"snez", "rd, rs", "sltu rd, zero, rs", ALWAYS},
    {"sltz", "rd, rs", "slt rd, rs, zero", ALWAYS},
    {"sgtz", "rd, rs", "slt rd, zero, rs", ALWAYS},
    {"sgt", "rd, rs, rt", "slt rd, rt, rs", ALWAYS},
    {"sgtu", "rd, rs, rt", "sltu rd, rt, rs", ALWAYS},
    {"zext.b", "rd, rs", "andi rd, rs, 255", ALWAYS},
    {"beqz", "rs, target", "beq rs, zero, target", ALWAYS},
    {"bnez", "rs, target", "bne rs, zero, target", ALWAYS},
    {"blez", "rs, target", "bge zero, rs, target", ALWAYS},
    {"bgez", "rs, target", "bge rs, zero, target", ALWAYS},
    {"bltz", "rs, target", "blt rs, zero, target", ALWAYS},
    {"bgtz", "rs, target", "blt zero, rs, target", ALWAYS},
    {"bgt", "rs, rt, target", "blt rt, rs, target", ALWAYS},
    {"ble", "rs, rt, target", "bge rt, rs, target", ALWAYS},
    {"bgtu", "rs, rt, target", "bltu rt, rs, target", ALWAYS},
    {"bleu", "rs, rt, target", "bgeu rt, rs, target", ALWAYS},
    {"j", "target", "jal zero, target", ALWAYS},
    {"jal", "target", "jal ra, target", ALWAYS},
    {"jr", "rs", "jalr zero, 0(rs)", ALWAYS},
    {"jr", "imm(rs)", "jalr zero, imm(rs)", ALWAYS},
    {"jr", "rs, imm", "jalr zero, imm(rs)", ALWAYS},
    {"jalr", "rs", "jalr ra, 0(rs)", ALWAYS},
    {"jalr", "imm(rs)", "jalr ra, imm(rs)", ALWAYS},
    {"jalr", "rs, imm", "jalr ra, imm(rs)", ALWAYS},
    {"jalr", "rd, rs", "jalr rd, 0(rs)", ALWAYS},
    {"jalr", "rd, rs, imm", "jalr rd, imm(rs)", ALWAYS},
    {"ret", "", "jalr zero, 0(ra)", ALWAYS},
    {"call", "symbol", "auipc ra, %pcrel_hi(symbol); jalr ra, %pcrel_lo(. - 4)(ra)", ALWAYS},
    {"call", "rd, symbol", "auipc rd, %pcrel_hi(symbol); jalr rd, %pcrel_lo(. - 4)(rd)", ALWAYS},
    {"tail", "symbol", "auipc t1, %pcrel_hi(symbol); jalr zero, %pcrel_lo(. - 4)(t1)", ALWAYS},
    {"jump", "symbol, rt", "auipc rt, %pcrel_hi(symbol); jalr zero, %pcrel_lo(. - 4)(rt)", ALWAYS},
    {"fence", "", "fence iorw, iorw", ALWAYS},
    {"add", "rd, rs, imm", "addi rd, rs, imm", ALWAYS},
    {"and", "rd, rs, imm", "andi rd, rs, imm", ALWAYS},
    {"or", "rd, rs, imm", "ori rd, rs, imm", ALWAYS},
    {"xor", "rd, rs, imm", "xori rd, rs, imm", ALWAYS},
    {"slt", "rd, rs, imm", "slti rd, rs, imm", ALWAYS},
    {"sltu", "rd, rs, imm", "sltiu rd, rs, imm", ALWAYS},
    {"sll", "rd, rs, shamt", "slli rd, rs, shamt", ALWAYS},
    {"srl", "rd, rs, shamt", "srli rd, rs, shamt", ALWAYS},
    {"sra", "rd, rs, shamt", "srai rd, rs, shamt", ALWAYS},
};
enum { PSEUDOS = sizeof table / sizeof *table };

/* Follows a row's pattern quietly and binds its names. `reached` is how far the user's operands had its form. */
static bool match(struct isa_assembler *assembler, const struct pseudo *row, struct isa_cursor cursor,
                  const char **reached)
{
    assembler->binding_count = 0;
    const char *pattern = row->operands;
    bool ok = true;
    while (ok && *pattern) {
        struct isa_token token = isa_token_peek(&cursor);
        if (*pattern == ' ') {
            pattern++;
            continue;
        }
        *reached = token.start;
        if (!isalpha((unsigned char)*pattern)) {
            char sign[2] = {*pattern++, '\0'};
            ok = isa_token_is(&token, sign);
            isa_token_next(&cursor);
            continue;
        }
        struct isa_binding *binding = &assembler->bindings[assembler->binding_count++];
        *binding = (struct isa_binding){.name = pattern, .is_register = *pattern == 'r', .at = cursor};
        while (isalpha((unsigned char)pattern[binding->length]))
            binding->length++;
        pattern += binding->length;
        struct isa_value value;
        if (binding->is_register) {
            ok = token.kind == ISA_TOKEN_NAME && isa_is_register(assembler->isa, token.start, token.length);
            isa_token_next(&cursor);
        } else {
            ok = isa_expression(assembler, &cursor, true, &value);
        }
    }
    if (ok)
        *reached = isa_token_peek(&cursor).start;
    return ok && isa_assembler_at_end(assembler, &cursor);
}

/* Goes through a row's expansion: quietly, to see whether this machine has it; or assembling it. */
static bool expand(struct isa_assembler *assembler, const struct pseudo *row)
{
    struct isa_cursor cursor = {row->expansion, row->expansion, 0, true};
    for (;;) {
        struct isa_token name = isa_token_next(&cursor);
        char mnemonic[16];
        snprintf(mnemonic, sizeof mnemonic, "%.*s", (int)name.length, name.start);
        const struct isa_instruction *instruction = isa_instruction_named(assembler->isa, mnemonic);
        if (!instruction)
            return false;
        if (row->when == FITS && assembler->quiet && !isa_assembler_fits(assembler, instruction, cursor))
            return false;
        if (!isa_assembler_instruction(assembler, instruction, &cursor, NULL))
            return false;
        if (isa_token_next(&cursor).kind == ISA_TOKEN_END)
            return true;
    }
}

static bool low_is_zero(struct isa_assembler *assembler)
{
    struct isa_cursor cursor = assembler->bindings[assembler->binding_count - 1].at;
    struct isa_value value;
    return isa_expression(assembler, &cursor, true, &value) && value.known && value.section == ISA_ABSOLUTE &&
           (value.number & 0xfff) == 0;
}

/* Whether a row stands for these operands on this machine; its names are bound then. */
static bool chosen(struct isa_assembler *assembler, const struct pseudo *row, const char **reached)
{
    assembler->quiet = true;
    bool ok = match(assembler, row, assembler->cursor, reached) && (row->when != LOW_ZERO || low_is_zero(assembler)) &&
              expand(assembler, row);
    assembler->quiet = false;
    return ok;
}

/* Whether this machine has the instructions that a row expands to. */
static bool exists(const struct isa_assembler *assembler, const struct pseudo *row)
{
    struct isa_cursor cursor = {row->expansion, row->expansion, 0, true};
    bool first = true;
    for (;;) {
        struct isa_token token = isa_token_next(&cursor);
        if (token.kind == ISA_TOKEN_END)
            return true;
        char mnemonic[16];
        snprintf(mnemonic, sizeof mnemonic, "%.*s", (int)token.length, token.start);
        if (first && !isa_instruction_named(assembler->isa, mnemonic))
            return false;
        first = token.kind == ISA_TOKEN_LINE;
    }
}

static void unknown_mnemonic(struct isa_assembler *assembler, const char *name)
{
    const struct isa *isa = assembler->isa;
    size_t length = strlen(name);
    if (assembler->pass < ISA_LAST_PASS)
        return;
    unsigned best = ISA_FAR;
    const char *near = NULL;
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        near = isa_suggest(isa_instruction_at(isa, i)->name, name, length, &best, near);
    for (unsigned i = 0; i < PSEUDOS; i++)
        if (exists(assembler, &table[i]))
            near = isa_suggest(table[i].name, name, length, &best, near);
    char advice[160];
    if (near)
        snprintf(advice, sizeof advice, "did you mean '%s'?", near);
    else
        snprintf(advice, sizeof advice, "`pg74 isa show %.60s` lists the instructions", isa_name(isa));
    isa_assembler_error(assembler, &assembler->cursor, &assembler->statement, advice, "%s has no instruction '%s'",
                        isa_name(isa), name);
}

void isa_assembler_mnemonic(struct isa_assembler *assembler)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", assembler->statement.length > 60 ? 60 : (int)assembler->statement.length,
             assembler->statement.start);
    const struct isa_instruction *own = isa_instruction_named(assembler->isa, name);
    const struct pseudo *nearest = NULL;
    const char *farthest = NULL, *reached = NULL;
    struct isa_cursor cursor = assembler->cursor;
    /* The machine's own instruction comes first; a pseudo-instruction of its name only where its operands do not fit.
     */
    if (own) {
        assembler->quiet = true;
        bool fits = isa_assembler_instruction(assembler, own, &cursor, &farthest);
        assembler->quiet = false;
        cursor = assembler->cursor;
        if (fits) {
            isa_assembler_instruction(assembler, own, &cursor, NULL);
            return;
        }
    }
    for (unsigned i = 0; i < PSEUDOS; i++) {
        if (strcmp(table[i].name, name) != 0)
            continue;
        if (chosen(assembler, &table[i], &reached)) {
            expand(assembler, &table[i]);
            return;
        }
        if (!exists(assembler, &table[i]))
            continue;
        if (!farthest || reached > farthest) {
            nearest = &table[i];
            farthest = reached;
        }
    }
    if (nearest) {
        char advice[80];
        snprintf(advice, sizeof advice, "write: %s%s%s", name, *nearest->operands ? " " : "", nearest->operands);
        while (isa_token_peek(&cursor).start < farthest)
            isa_token_next(&cursor);
        struct isa_token token = isa_token_peek(&cursor);
        if (token.kind == ISA_TOKEN_BAD)
            isa_assembler_error(assembler, &cursor, &token, token.advice, "%s", token.problem);
        else
            isa_assembler_error(assembler, &cursor, &token, advice, "the operands of '%s' are wrong from here on",
                                name);
    } else if (own) {
        assembler->form_only = true;
        isa_assembler_instruction(assembler, own, &cursor, NULL);
        assembler->form_only = false;
    } else {
        unknown_mnemonic(assembler, name);
    }
}

bool isa_assembler_fill_code(struct isa_assembler *assembler, const struct isa_token *token, uint64_t length)
{
    unsigned bytes = isa_instruction_bytes(assembler->isa);
    struct isa_section *section = &assembler->sections[assembler->section];
    uint64_t odd = length % bytes, count = length / bytes;
    const char *reached;
    struct isa_cursor empty = {"", "", 0, true}, user = assembler->cursor;
    assembler->cursor = empty;
    bool known = chosen(assembler, &table[0], &reached);
    assembler->cursor = user;
    if (!known || assembler->pass < ISA_LAST_PASS || count == 0)
        return isa_assembler_fill(assembler, token, length, 0);
    if (!isa_assembler_fill(assembler, token, odd, 0) || !expand(assembler, &table[0]))
        return false;
    for (; count > 1; count--) {
        uint8_t word[4];
        memcpy(word, section->bytes + section->size - bytes, bytes);
        if (!isa_assembler_emit(assembler, token, word, bytes))
            return false;
    }
    return true;
}
