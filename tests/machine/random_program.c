/* random_program.c: see random_program.h. In memory, 64 KiB:
 *
 *     0x1000  trap handler        0x1200  start, and the program's words        0x4000  PSWs, then other data
 *     0x8000  the same once more, so that a program that sets base to 0x8000 goes on in a copy of itself
 *
 * A machine with guest mode enters it now and then, with a control block among the PSWs' data: at the same program, with
 * one of these page tables as the host's.
 *
 * A machine with pages has page tables among its data, at 0x4f00: one for every page at its own place, one that swaps the
 * halves, and one that mixes them; and the first one once more, for the handler to repair the others with now and then.
 * Instruction sets without RISC-V's instructions (pocket) get random words everywhere. */
#include "tests/machine/random_program.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum {
    MEMORY = 0x10000, HALF = 0x8000, HANDLER = 0x1000, START = 0x1200, CODE_END = 0x2200, PSWS = 0x4000, PSW_COUNT = 32,
    DATA = 0x4200, DATA_END = 0x5000, SMALL_START = 0x10,
    PAGES = MEMORY / 4096, TABLE_SIZE = 4 * PAGES, TABLE_COUNT = 3, PRISTINE = DATA_END - TABLE_SIZE,
    TABLES = PRISTINE - TABLE_COUNT * TABLE_SIZE, ALL_RIGHTS = 31, FLAG_TRANSLATE = 4,
    POINTER = 14 /* x14 and x15 mostly point to data */
};

struct maker {
    const struct isa *isa;
    uint64_t random;
    uint8_t memory[MEMORY];
    uint32_t at; /* where the next word goes */
};

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

uint64_t random_next(uint64_t *state)
{
    return isa_random(state);
}

uint32_t random_below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)((random_next(state) >> 32) * limit >> 32);
}

static uint32_t below(struct maker *maker, uint32_t limit)
{
    return random_below(&maker->random, limit);
}

static bool one_in(struct maker *maker, uint32_t count)
{
    return below(maker, count) == 0;
}

static bool has_pages(const struct maker *maker)
{
    return isa_state_named(maker->isa, "translation") != NULL;
}

/* Few registers, so that they meet: x0, x1, x5 to x15. */
static uint32_t some_register(struct maker *maker)
{
    uint32_t number = below(maker, 13);
    return number < 2 ? number : number + 3;
}

static uint32_t some_code(struct maker *maker)
{
    uint32_t address = START + 4 * below(maker, (CODE_END - START) / 4);
    return one_in(maker, 40) ? address + below(maker, 4) : address;
}

/* Where to go next: mostly forward, so that programs get on. */
static uint32_t some_target(struct maker *maker)
{
    uint32_t address = maker->at + 4 * (1 + below(maker, 24));
    return one_in(maker, 12) || address >= CODE_END ? some_code(maker) : address;
}

/* Flags of a PSW: interrupts mostly enabled, so that they come. */
static uint32_t some_flags(struct maker *maker)
{
    uint32_t enable = below(maker, 4) ? 2 : 0;
    uint32_t others = one_in(maker, 20) ? (uint32_t)random_next(&maker->random) & ~UINT32_C(3) : 0;
    if (has_pages(maker) && !one_in(maker, 6))
        others |= FLAG_TRANSLATE;
    return others | enable | (one_in(maker, 3) ? 1 : 0);
}

/* A number as programs have them: small, a power of two nearly, or anything. */
static uint32_t some_number(struct maker *maker)
{
    switch (below(maker, 6)) {
    case 0: return below(maker, 64);
    case 1: return 0u - below(maker, 64);
    case 2: return (UINT32_C(1) << below(maker, 32)) - below(maker, 3);
    case 3: return some_code(maker);
    case 4: return DATA + below(maker, DATA_END - DATA);
    default: return (uint32_t)random_next(&maker->random);
    }
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

static void put(struct maker *maker, uint32_t address, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++)
        maker->memory[address + i] = (uint8_t)(word >> 8 * i);
}

static void emit(struct maker *maker, uint32_t word)
{
    if (maker->at + 4 > CODE_END)
        return;
    put(maker, maker->at, word);
    maker->at += 4;
}

static uint32_t set_field(const struct isa_instruction *instruction, uint32_t word, const char *name, uint32_t value)
{
    for (unsigned i = 0; i < instruction->field_count; i++)
        if (strcmp(instruction->fields[i].name, name) == 0)
            return isa_field_put(&instruction->fields[i], word, value);
    return word;
}

/* Emits an instruction by its name, if the machine has it. */
static void op(struct maker *maker, const char *name, uint32_t rd, uint32_t rs1, uint32_t rs2, uint32_t imm)
{
    const struct isa_instruction *instruction = isa_instruction_named(maker->isa, name);
    if (!instruction)
        return;
    uint32_t word = set_field(instruction, instruction->match, "rd", rd);
    word = set_field(instruction, word, "rs1", rs1);
    word = set_field(instruction, word, "rs2", rs2);
    word = set_field(instruction, word, "upper", imm);
    word = set_field(instruction, word, "target", imm);
    emit(maker, set_field(instruction, word, "imm", imm));
}

static void load_number(struct maker *maker, uint32_t rd, uint32_t number)
{
    op(maker, "lui", rd, 0, 0, (number + 0x800) >> 12);
    op(maker, "addi", rd, rd, 0, number);
}

static bool has_field(const struct isa_instruction *instruction, const char *name)
{
    for (unsigned i = 0; i < instruction->field_count; i++)
        if (strcmp(instruction->fields[i].name, name) == 0)
            return true;
    return false;
}

/* Any instruction of the set, with operands that have a chance. */
static uint32_t some_instruction(struct maker *maker)
{
    const struct isa_instruction *instruction =
        isa_instruction_at(maker->isa, below(maker, isa_instruction_count(maker->isa)));
    uint32_t word = instruction->match | ((uint32_t)random_next(&maker->random) & ~instruction->mask);
    bool is_halt = strcmp(instruction->name, "halt") == 0 || strcmp(instruction->name, "idle") == 0;
    if (is_halt && !one_in(maker, 8))
        return some_instruction(maker);
    for (unsigned i = 0; i < instruction->field_count; i++) {
        const struct isa_field *field = &instruction->fields[i];
        if (field->kind == ISA_REGISTER && strcmp(field->name, "rs1") == 0 && has_field(instruction, "imm") &&
            !one_in(maker, 4))
            word = isa_field_put(field, word, POINTER + below(maker, 2));
        else if (field->kind == ISA_REGISTER && strcmp(field->name, "rd") == 0 && !one_in(maker, 20))
            word = isa_field_put(field, word, 5 + below(maker, POINTER - 5));
        else if (field->kind == ISA_REGISTER)
            word = isa_field_put(field, word, some_register(maker));
        else if (field->kind == ISA_RELATIVE)
            word = isa_field_put(field, word, some_target(maker) - maker->at);
        else if (field->kind == ISA_SIGNED && one_in(maker, 2))
            word = isa_field_put(field, word, 4 * below(maker, 16));
    }
    return instruction->bits < 32 ? word & ((UINT32_C(1) << instruction->bits) - 1) : word;
}

/* ---- Pieces of a program ----------------------------------------------------------------------------------------- */

static void piece_memory(struct maker *maker)
{
    static const char *const names[] = {"lw", "sw", "lh", "lhu", "sh", "lb", "lbu", "sb"};
    uint32_t base = 5 + below(maker, 9);
    load_number(maker, base, DATA + 4 * below(maker, (DATA_END - DATA) / 4) + (one_in(maker, 8) ? below(maker, 4) : 0));
    for (uint32_t count = 1 + below(maker, 4); count-- > 0;)
        op(maker, names[below(maker, 8)], 5 + below(maker, 9), base, some_register(maker), 4 * below(maker, 16));
}

/* Copies a word of the program over another one, often one that comes soon. */
static void piece_self_modification(struct maker *maker)
{
    uint32_t to = one_in(maker, 2) ? some_code(maker) : maker->at + 4 * below(maker, 16);
    load_number(maker, 5, some_code(maker) & ~UINT32_C(3));
    load_number(maker, 6, to & ~UINT32_C(3));
    op(maker, "lw", 7, 5, 0, 0);
    op(maker, one_in(maker, 8) ? "sb" : "sw", 0, 6, 7, 0);
}

static void piece_loop(struct maker *maker)
{
    uint32_t counter = 12 + below(maker, 2);
    op(maker, "addi", counter, 0, 0, 1 + below(maker, 8));
    uint32_t start = maker->at;
    for (uint32_t count = 1 + below(maker, 5); count-- > 0;) {
        const char *const names[] = {"add", "xor", "mul", "sub", "lw", "sltu", "sra", "divu"};
        op(maker, names[below(maker, 8)], 5 + below(maker, 6), some_register(maker), some_register(maker),
           below(maker, 64));
    }
    op(maker, "addi", counter, counter, 0, UINT32_MAX);
    op(maker, "bne", 0, counter, 0, start - maker->at);
}

static void some_relocation(struct maker *maker, uint32_t *base, uint32_t *bound)
{
    if (has_pages(maker)) {
        *base = TABLES + TABLE_SIZE * below(maker, TABLE_COUNT) + (one_in(maker, 40) ? below(maker, 64) : 0);
        *bound = one_in(maker, 8) ? 0x800 * below(maker, 32) + 16 * below(maker, 16) : MEMORY;
        *bound = one_in(maker, 40) ? some_number(maker) : *bound;
        return;
    }
    static const uint32_t pairs[][2] = {{0, MEMORY}, {HALF, HALF}, {0, 0x5000}, {HALF, 0x3000}, {HALF - 16, HALF},
                                        {0, 0x1800}, {HALF, MEMORY}, {0x7000, 0x9000}};
    uint32_t pair = below(maker, one_in(maker, 6) ? 8 : 2);
    *base = pairs[pair][0] + (one_in(maker, 20) ? below(maker, 64) : 0);
    *bound = one_in(maker, 20) ? some_number(maker) : pairs[pair][1];
}

static void piece_psw(struct maker *maker)
{
    uint32_t base, bound;
    some_relocation(maker, &base, &bound);
    switch (below(maker, 5)) {
    case 0:
        load_number(maker, 5, base);
        load_number(maker, 6, bound);
        op(maker, "setr", 0, 5, 6, 0);
        break;
    case 1:
        op(maker, "addi", 5, 0, 0, some_flags(maker));
        op(maker, "setflags", 0, 5, 0, 0);
        break;
    case 2:
        load_number(maker, 5, one_in(maker, 2) ? maker->at + 12 : some_target(maker));
        op(maker, "retu", 0, 5, 0, 0);
        break;
    case 3:
        load_number(maker, 5, PSWS + 16 * below(maker, PSW_COUNT) + (one_in(maker, 16) ? 4 : 0));
        load_number(maker, 6, some_target(maker));
        op(maker, "sw", 0, 5, 6, 4);
        op(maker, "lpsw", 0, 5, 0, 0);
        break;
    default:
        load_number(maker, 5, PSWS + 16 * below(maker, PSW_COUNT));
        op(maker, "spsw", 0, 5, 0, 16 * below(maker, 4));
    }
}

/* An entry of a page table: mostly of the page itself or its copy, with all rights. */
static uint32_t some_entry(struct maker *maker, uint32_t page)
{
    static const uint32_t rights[] = {ALL_RIGHTS, ALL_RIGHTS, ALL_RIGHTS, 27, 23, 15, 19, 29, 30, 0};
    uint32_t frame = one_in(maker, 8) ? below(maker, PAGES + 1) : one_in(maker, 2) ? page ^ PAGES / 2 : page;
    return frame << 12 | (one_in(maker, 3) ? rights[below(maker, 10)] : ALL_RIGHTS);
}

/* Changes a table, often the one in use, often the entry of a page in use; then uses the page, or the table through
 * another page. */
static void piece_table(struct maker *maker)
{
    static const uint32_t pages[] = {1, 2, 4, 9, 10, 12};
    uint32_t page = one_in(maker, 3) ? below(maker, PAGES) : pages[below(maker, 6)];
    load_number(maker, 5, TABLES + TABLE_SIZE * below(maker, TABLE_COUNT) + 4 * page + (one_in(maker, 4) ? HALF : 0));
    load_number(maker, 6, some_entry(maker, page));
    if (one_in(maker, 2))
        op(maker, "lw", 7, POINTER, 0, 4 * below(maker, 16));
    op(maker, one_in(maker, 6) ? "sb" : "sw", 0, 5, 6, 0);
    load_number(maker, 8, page << 12 | 4 * below(maker, 1024));
    op(maker, one_in(maker, 2) ? "lw" : "sw", 9, 8, 9, 0);
    if (one_in(maker, 4))
        op(maker, "probe", 10, 8, 0, 0);
}

/* Enters guest mode somewhere in the program. An exit goes on here. */
static void piece_guest(struct maker *maker)
{
    enum { BLOCK_PC = 4, BLOCK_BASE = 8, BLOCK_BOUND = 12, BLOCK_TABLE = 0x20, BLOCK_CONTROLS = 0x28,
           BLOCK_TRAP_EXITS = 0x2c, BLOCK_INJECT = 0x30,
           ILLEGAL = 1 << 3 /* a guest that is lost exits */ };
    uint32_t base, bound;
    some_relocation(maker, &base, &bound);
    const struct { uint32_t at, value; } words[] = {
        {0, some_flags(maker)}, {BLOCK_PC, some_target(maker)}, {BLOCK_BASE, base}, {BLOCK_BOUND, bound},
        {BLOCK_TABLE, TABLES + (one_in(maker, 3) ? TABLE_SIZE * below(maker, TABLE_COUNT) : 0)}, {BLOCK_TABLE + 4, one_in(maker, 8) ? HALF : MEMORY},
        {BLOCK_CONTROLS, one_in(maker, 4) ? below(maker, 4) : 1}, {BLOCK_TRAP_EXITS, one_in(maker, 3) ? some_number(maker) : ILLEGAL},
        {BLOCK_INJECT, one_in(maker, 4) ? 16 + below(maker, 3) : 0}};
    load_number(maker, 5, DATA + 0x200);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        load_number(maker, 6, words[i].value);
        op(maker, "sw", 0, 5, 6, words[i].at);
    }
    if (one_in(maker, 2))
        op(maker, "setflags", 0, 0, 0, 0); /* so that the block is where it was stored */
    op(maker, "vmrun", 0, 5, 0, 0);
}

static void piece_time(struct maker *maker)
{
    op(maker, "addi", 5, 0, 0, below(maker, 4) ? 1 + below(maker, 30) : below(maker, 400));
    op(maker, "settimer", 0, 5, 0, 0);
    if (one_in(maker, 4))
        op(maker, "idle", 0, 0, 0, 0);
    if (one_in(maker, 2))
        op(maker, "gettimer", 5 + below(maker, 11), 0, 0, 0);
}

static void write_port(struct maker *maker, const char *name, uint32_t value)
{
    for (unsigned i = 0; i < isa_port_count(maker->isa); i++)
        if (strcmp(isa_port_at(maker->isa, i)->name, name) == 0)
            op(maker, "addi", 5, 0, 0, isa_port_at(maker->isa, i)->number);
    load_number(maker, 6, value);
    op(maker, "out", 0, 5, 6, 0);
}

static void piece_disk(struct maker *maker)
{
    write_port(maker, "disk_sector", below(maker, 5));
    uint32_t address = one_in(maker, 2) ? DATA : some_code(maker);
    if (has_pages(maker) && one_in(maker, 4))
        address = TABLES;
    write_port(maker, "disk_address", one_in(maker, 8) ? some_number(maker) : address);
    write_port(maker, "disk_count", one_in(maker, 8) ? some_number(maker) : below(maker, 3));
    write_port(maker, "disk_command", one_in(maker, 8) ? below(maker, 4) : 1 + below(maker, 2));
}

/* Sends a frame to oneself, mostly, or receives one: to data, or over the program. */
static void piece_network(struct maker *maker)
{
    uint32_t command = 1 + below(maker, 2);
    if (command == 1) {
        write_port(maker, "network_control", below(maker, 8) ? 1 : 0);
        load_number(maker, 5, DATA);
        op(maker, "addi", 6, 0, 0, 2); /* the destination is 02:00:00:00:00:00 */
        op(maker, "sw", 0, 5, 6, 0);
        op(maker, "sw", 0, 5, 0, 4);
    }
    uint32_t elsewhere = one_in(maker, 4) ? some_code(maker) : DATA + below(maker, 2048);
    write_port(maker, "network_address", command == 1 && !one_in(maker, 6) ? DATA : elsewhere);
    write_port(maker, "network_length", one_in(maker, 6) ? some_number(maker) : 14 + below(maker, 200));
    write_port(maker, "network_command", one_in(maker, 12) ? below(maker, 5) : command);
}

static void piece_port(struct maker *maker)
{
    unsigned count = isa_port_count(maker->isa);
    uint32_t port = count ? isa_port_at(maker->isa, below(maker, count))->number : 0;
    load_number(maker, 5, one_in(maker, 16) ? some_number(maker) : port);
    if (one_in(maker, 2))
        op(maker, "in", 5 + below(maker, 11), 5, 0, 0);
    else
        op(maker, "out", 0, 5, some_register(maker), 0);
    if (one_in(maker, 4))
        write_port(maker, "console_control", 1);
}

static void piece(struct maker *maker)
{
    if (isa_guest_mode(maker->isa) && one_in(maker, 10)) {
        piece_guest(maker);
        return;
    }
    if (has_pages(maker) && one_in(maker, 6)) {
        piece_table(maker);
        return;
    }
    switch (below(maker, 22)) {
    case 0: case 1: case 2: piece_memory(maker); break;
    case 3: case 4: piece_self_modification(maker); break;
    case 5: case 6: piece_loop(maker); break;
    case 7: case 8: case 9: piece_psw(maker); break;
    case 10: case 11: piece_time(maker); break;
    case 12: one_in(maker, 3) ? piece_disk(maker) : piece_network(maker); break;
    case 13: case 16: piece_port(maker); break;
    case 14: load_number(maker, 5 + below(maker, 9), some_number(maker)); break;
    case 15: emit(maker, one_in(maker, 4) ? (uint32_t)random_next(&maker->random) : some_instruction(maker)); break;
    default:
        for (uint32_t count = 1 + below(maker, 4); count-- > 0;)
            emit(maker, some_instruction(maker));
    }
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

/* Makes the first table what it was, and R that table. The entries are copied by the handler; x1 and x2 are free. */
static void make_repair(struct maker *maker)
{
    for (uint32_t page = 0; page < PAGES; page += one_in(maker, 4) ? 2 : 1) {
        load_number(maker, 2, PRISTINE + 4 * page);
        op(maker, "lw", 1, 2, 0, 0);
        op(maker, "sw", 0, 2, 1, (uint32_t)TABLES - PRISTINE);
        if (maker->at > START - 32)
            break;
    }
    load_number(maker, 1, TABLES);
    op(maker, "sw", 0, 0, 1, 0x48);
}

/* Goes on after a trap; where the fetch itself trapped, somewhere else in the program, with all of memory. */
static void make_handler(struct maker *maker)
{
    const uint32_t done = HANDLER + 0xe0, interrupt = HANDLER + 0xb0, elsewhere = HANDLER + 0x34;
    const uint32_t repair = HANDLER + 0x100;
    maker->at = HANDLER;
    op(maker, "sw", 0, 0, 1, 0x80);
    op(maker, "sw", 0, 0, 2, 0x84);
    op(maker, "lw", 1, 0, 0, 0x60);
    op(maker, "addi", 2, 0, 0, 16);
    op(maker, "bgeu", 0, 1, 2, interrupt - maker->at);
    op(maker, "addi", 2, 0, 0, 3 + below(maker, 2));
    op(maker, "beq", 0, 1, 2, elsewhere - maker->at);
    op(maker, "lw", 2, 0, 0, 0x44);
    op(maker, "addi", 2, 2, 0, 4);
    op(maker, "sw", 0, 0, 2, 0x44);
    op(maker, "lw", 1, 0, 0, 0x68);
    op(maker, "addi", 2, 0, 0, 1);
    op(maker, "bne", 0, 1, 2, done - maker->at);
    maker->at = elsewhere;
    op(maker, "lw", 2, 0, 0, 0x88);
    op(maker, "addi", 2, 2, 0, 4 * (1 + below(maker, 200)));
    op(maker, "andi", 2, 2, 0, 0x7fc);
    op(maker, "sw", 0, 0, 2, 0x88);
    load_number(maker, 1, START);
    op(maker, "add", 2, 2, 1, 0);
    op(maker, "sw", 0, 0, 2, 0x44);
    op(maker, "sw", 0, 0, 0, 0x48);
    load_number(maker, 1, MEMORY);
    op(maker, "sw", 0, 0, 1, 0x4c);
    if (has_pages(maker))
        op(maker, "jal", 0, 0, 0, repair - maker->at);
    op(maker, "jal", 0, 0, 0, done - maker->at);
    maker->at = interrupt;
    if (!one_in(maker, 4)) {
        op(maker, "addi", 1, 0, 0, 1 + below(maker, 200));
        op(maker, "settimer", 0, 1, 0, 0);
    }
    if (one_in(maker, 2)) {
        op(maker, "addi", 1, 0, 0, 1); /* console_input */
        op(maker, "in", 1, 1, 0, 0);
    }
    if (one_in(maker, 2)) /* out of whatever loop it was in */
        op(maker, "jal", 0, 0, 0, elsewhere - maker->at);
    else
        op(maker, "jal", 0, 0, 0, done - maker->at);
    maker->at = done;
    op(maker, "lw", 1, 0, 0, 0x80);
    op(maker, "lw", 2, 0, 0, 0x84);
    op(maker, "lpsw", 0, 0, 0, 0x40);
    maker->at = repair;
    make_repair(maker);
    op(maker, "jal", 0, 0, 0, done - maker->at);
}

static void make_start(struct maker *maker)
{
    maker->at = START;
    load_number(maker, 5, HANDLER);
    op(maker, "sw", 0, 0, 5, 0x54);
    load_number(maker, 5, MEMORY);
    op(maker, "sw", 0, 0, 5, 0x5c);
    if (has_pages(maker)) {
        load_number(maker, 5, TABLES);
        op(maker, "sw", 0, 0, 5, 0x58);
        load_number(maker, 6, MEMORY);
        op(maker, "setr", 0, 5, 6, 0);
        op(maker, "addi", 5, 0, 0, one_in(maker, 8) ? FLAG_TRANSLATE : 0);
        op(maker, "sw", 0, 0, 5, 0x50);
    }
    for (uint32_t i = 5; i < 16; i++)
        load_number(maker, i, i < POINTER ? some_number(maker) : DATA + 4 * below(maker, 256));
    if (!one_in(maker, 4)) {
        op(maker, "addi", 5, 0, 0, has_pages(maker) ? 2 | FLAG_TRANSLATE : 2);
        op(maker, "setflags", 0, 5, 0, 0);
        op(maker, "addi", 5, 0, 0, 1 + below(maker, 100));
        op(maker, "settimer", 0, 5, 0, 0);
    }
}

static void make_data(struct maker *maker)
{
    for (uint32_t address = DATA; address < DATA_END; address += 4)
        put(maker, address, some_number(maker));
    for (uint32_t i = 0; i < PSW_COUNT; i++) {
        uint32_t base, bound, address = PSWS + 16 * i;
        some_relocation(maker, &base, &bound);
        put(maker, address, some_flags(maker));
        put(maker, address + 4, some_code(maker));
        put(maker, address + 8, base);
        put(maker, address + 12, bound);
    }
}

static void make_tables(struct maker *maker)
{
    for (uint32_t page = 0; page < PAGES; page++) {
        put(maker, TABLES + 4 * page, page << 12 | ALL_RIGHTS);
        put(maker, TABLES + TABLE_SIZE + 4 * page, (page ^ PAGES / 2) << 12 | ALL_RIGHTS);
        put(maker, TABLES + 2 * TABLE_SIZE + 4 * page, some_entry(maker, page));
        put(maker, PRISTINE + 4 * page, page << 12 | ALL_RIGHTS);
    }
}

static void make_large(struct maker *maker)
{
    make_handler(maker);
    make_start(maker);
    while (maker->at < CODE_END)
        piece(maker);
    maker->at = CODE_END - 4; /* and once more, from somewhere */
    op(maker, "jal", 0, 0, 0, START + 4 * below(maker, 200) - maker->at);
    make_data(maker);
    if (has_pages(maker))
        make_tables(maker);
    memcpy(maker->memory + HALF, maker->memory, HALF);
}

/* Machines that know none of these: instructions of theirs, and anything, in all of memory. */
static uint32_t make_small(struct maker *maker)
{
    uint32_t size = isa_word_bits(maker->isa) <= 8 ? 128 : 4096, bytes = isa_instruction_bits(maker->isa) / 8;
    for (uint32_t address = 0; address + bytes <= size; address += bytes) {
        uint32_t word = one_in(maker, 6) ? (uint32_t)random_next(&maker->random) : some_instruction(maker);
        for (uint32_t i = 0; i < bytes; i++)
            maker->memory[address + i] = (uint8_t)(word >> 8 * i);
    }
    return size;
}

/* An executable file with one segment: memory from `start` to `end`. */
static struct machine_image *make_image(const struct maker *maker, uint32_t start, uint32_t end, uint32_t entry)
{
    struct { Elf32_Ehdr header; Elf32_Phdr segment; uint8_t bytes[MEMORY]; } file = {
        .header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                   .e_type = ET_EXEC, .e_machine = EM_NONE, .e_version = EV_CURRENT, .e_entry = entry,
                   .e_phoff = sizeof file.header,
                   .e_ehsize = sizeof file.header, .e_phentsize = sizeof file.segment, .e_phnum = 1},
        .segment = {.p_type = PT_LOAD, .p_offset = sizeof file.header + sizeof file.segment, .p_vaddr = start,
                    .p_paddr = start, .p_filesz = end - start, .p_memsz = end - start, .p_flags = PF_R | PF_W | PF_X,
                    .p_align = 1}};
    memcpy(file.bytes, maker->memory + start, end - start);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct machine_image *image = machine_image_from_bytes("random", &file, sizeof file, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    return image;
}

/* What comes from the devices. Part of what the disk holds are instructions: it may be executed. */
static void make_devices(struct maker *maker, struct random_program *program)
{
    for (size_t i = 0; i < sizeof program->input_bytes; i++)
        program->input_bytes[i] = (uint8_t)random_next(&maker->random);
    for (size_t i = 0; i < sizeof program->disk_bytes; i++)
        program->disk_bytes[i] = (uint8_t)random_next(&maker->random);
    for (uint32_t i = 0; i < 128; i++) {
        uint32_t word = some_instruction(maker);
        memcpy(program->disk_bytes + 4 * i, &word, 4);
    }
    program->input = (struct machine_input){program->input_bytes, below(maker, sizeof program->input_bytes)};
    program->disk = (struct machine_input){program->disk_bytes, sizeof program->disk_bytes};
}

void random_program_make(struct random_program *program, const struct isa *isa, uint64_t seed)
{
    struct maker maker = {.isa = isa, .random = seed};
    uint32_t size = MEMORY;
    memset(program, 0, sizeof *program);
    if (isa_word_bits(isa) == 32 && isa_instruction_named(isa, "lpsw") && isa_instruction_named(isa, "lui")) {
        make_large(&maker);
        program->image = make_image(&maker, HANDLER, HALF + DATA_END, START);
    } else {
        size = make_small(&maker);
        program->image = make_image(&maker, 0, size, SMALL_START);
    }
    if (!program->image)
        abort();
    make_devices(&maker, program);
    program->isa = isa;
    program->seed = seed;
    program->guests[0] = program->image;
    program->options = (struct machine_options){
        .guests = program->guests, .guest_count = 1, .partition_size = size, .inputs = &program->input, .input_count = 1,
        .disks = &program->disk, .disk_count = 1, .identification = (uint32_t)seed};
}

void random_program_free(struct random_program *program)
{
    machine_image_free(program->image);
}

struct machine *random_program_start(const struct random_program *program, enum machine_engine engine)
{
    struct machine_options options = program->options;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    options.engine = engine;
    struct machine *machine = machine_new(program->isa, &options, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    if (!machine)
        abort();
    return machine;
}
