/* pieces.c: what generated programs are made of. Each piece is a few lines that do one thing a kernel or a program does
 * (or should not do), often at an edge: the end of memory, the bound, a page's end, the moment before an interrupt. */
#include "checker/check.h"

#include <string.h>

#define SAY(...) checker_case_say(maker->program, __VA_ARGS__)

static const char *pick(struct checker_maker *maker, const char *const *names, uint32_t count)
{
    return names[checker_below(maker, count)];
}
#define PICK(names) pick(maker, (names), sizeof(names) / sizeof(names)[0])

/* ---- Ordinary work ----------------------------------------------------------------------------------------------- */

static void any_instructions(struct checker_maker *maker)
{
    for (uint32_t count = 1 + checker_below(maker, 4); count-- > 0;) {
        uint32_t number = checker_below(maker, isa_instruction_count(maker->isa));
        const struct isa_instruction *instruction = isa_instruction_at(maker->isa, number);
        bool ends = strcmp(instruction->name, "halt") == 0 || strcmp(instruction->name, "idle") == 0;
        if (!ends || checker_one_in(maker, 4))
            checker_some_instruction(maker, instruction);
    }
}

static void arithmetic(struct checker_maker *maker)
{
    static const char *const names[] = {"add", "sub", "xor", "or", "and", "sll", "srl", "sra", "slt", "sltu", "mul",
                                        "mulh", "mulhu", "div", "divu", "rem", "remu"};
    for (uint32_t count = 1 + checker_below(maker, 4); count-- > 0;)
        SAY("        %-7s %s, %s, %s", PICK(names), checker_some_register(maker), checker_some_register(maker),
            checker_some_register(maker));
}

/* Loads and stores: among the data, at the end of memory, over the end of the address space. */
static void memory(struct checker_maker *maker)
{
    static const char *const names[] = {"lw", "sw", "lh", "lhu", "sh", "lb", "lbu", "sb"};
    static const uint32_t edges[] = {CHECKER_CASE_MEMORY - 4, CHECKER_CASE_MEMORY, CHECKER_CASE_MEMORY - 2, 0xfffffffc,
                                     0x7ffffffc, 0, 0x3c, 0x40, 0x100};
    uint32_t address = checker_one_in(maker, 2) ? CHECKER_CASE_DATA + 4 * checker_below(maker, 64)
                       : checker_one_in(maker, 2) ? edges[checker_below(maker, 9)]
                                                  : checker_some_number(maker);
    SAY("        li      t0, %#x", address);
    for (uint32_t count = 1 + checker_below(maker, 3); count-- > 0;)
        SAY("        %-7s %s, %u(t0)", PICK(names), checker_some_register(maker), 4 * checker_below(maker, 4));
}

static void loop(struct checker_maker *maker)
{
    SAY("        li      t2, %u\n1:", 1 + checker_below(maker, 6));
    arithmetic(maker);
    SAY("        addi    t2, t2, -1\n        bnez    t2, 1b");
}

/* Writes instructions, and then executes them. */
static void self_modification(struct checker_maker *maker)
{
    unsigned label = maker->labels++;
    SAY("        la      t0, new%u\n        lw      t1, 0(t0)\n        la      t0, old%u\n        sw      t1, 0(t0)",
        label, label);
    if (checker_one_in(maker, 2) && checker_has(maker, "fence.i"))
        SAY("        fence.i");
    SAY("old%u:\n        addi    a0, a0, 1\n        j       1f\nnew%u:", label, label);
    static const char *const names[] = {"addi    a0, a0, 2", "ecall", "getflags a0", "nop"};
    SAY("        %s\n1:", PICK(names));
}

static void jump(struct checker_maker *maker)
{
    static const uint32_t targets[] = {CHECKER_CASE_MEMORY - 4, CHECKER_CASE_MEMORY, 0xfffffffc, 2, 0, 0x40};
    if (checker_one_in(maker, 4)) {
        SAY("        li      t0, %#x\n        jr      t0", targets[checker_below(maker, 6)]);
        return;
    }
    SAY("        la      t0, 9f\n        %s", checker_one_in(maker, 3) ? "addi    t0, t0, 4" : "");
    SAY("        jalr    %s, 0(t0)\n        addi    a1, a1, 1", checker_some_register(maker));
}

/* ---- PSW, R and traps -------------------------------------------------------------------------------------------- */

static void trap(struct checker_maker *maker)
{
    static const char *const names[] = {"ecall", "ebreak", ".word   0xffffffff", ".word   0", "lw      a0, 1(s0)"};
    const char *name = PICK(names);
    SAY("        %s", name);
    if (strcmp(name, "ecall") == 0)
        maker->user = !maker->user;
}

static uint32_t some_flags(struct checker_maker *maker, bool user)
{
    uint32_t others = checker_one_in(maker, 12) ? (uint32_t)checker_random_next(&maker->random) & ~UINT32_C(7) : 0;
    return others | (checker_one_in(maker, 3) ? 2 : 0) | user;
}

/* A PSW among the data, that goes on at 1f with another part of memory from `base` on. */
static void psw_to_next(struct checker_maker *maker, uint32_t flags, uint32_t base, uint32_t bound)
{
    unsigned number = maker->psws++;
    SAY("        .data\n        .balign 16\npsw%u:\n        .word   %#x, next%u - %#x, %#x, %#x\n        .text", number,
        flags, number, base, base, bound);
    SAY("        la      t0, psw%u\n        lpsw    0(t0)\nnext%u:", number, number);
}

static void load_psw(struct checker_maker *maker)
{
    static const uint32_t bases[] = {0, 0, 0, 0x10, 0x800, 0x1000};
    static const uint32_t bounds[] = {CHECKER_CASE_MEMORY, CHECKER_CASE_MEMORY, 0x3000, 0xfffffff0, 0x20000, 0x4010};
    bool user = checker_one_in(maker, 2);
    uint32_t base = maker->paged ? 0 : bases[checker_below(maker, 6)];
    psw_to_next(maker, some_flags(maker, user), base, bounds[checker_below(maker, 6)]);
    maker->user = user;
}

static void relocate(struct checker_maker *maker)
{
    static const uint32_t bounds[] = {CHECKER_CASE_MEMORY, 0x5000, 0x4020, 0xffffffff, 0x10, 0};
    SAY("        li      t0, %u\n        li      t1, %#x\n        setr    t0, t1",
        checker_one_in(maker, 6) ? 4 * checker_below(maker, 8) : 0,
        bounds[checker_below(maker, checker_one_in(maker, 6) ? 6 : 4)]);
    SAY("        nop\n        nop");
    if (checker_one_in(maker, 2))
        SAY("        lw      a2, 0x18(s0)\n        sw      a3, 0x1c(s0)");
}

static void flags(struct checker_maker *maker)
{
    bool user = checker_one_in(maker, 3), translates = maker->table != 0 && checker_one_in(maker, 2);
    SAY("        li      t0, %#x\n        setflags t0", some_flags(maker, user) | (translates ? 4 : 0));
    maker->user |= user;
}

static void enter_user(struct checker_maker *maker)
{
    SAY("        la      t0, 1f\n        retu    t0\n        addi    a5, a5, 1\n1:");
    maker->user = true;
}

static void look(struct checker_maker *maker)
{
    static const char *const names[] = {"getflags", "getbase", "getbound", "gettimer"};
    const char *name = PICK(names);
    if (checker_has(maker, name))
        SAY("        %-7s %s", name, checker_some_register(maker));
    if (checker_one_in(maker, 2))
        SAY("        %s a1, s%u", checker_one_in(maker, 2) ? "probe  " : "loadreal", checker_below(maker, 2));
    if (checker_one_in(maker, 2))
        SAY("        spsw    @save_area+64(zero)\n        lw      a4, @save_area+%u(zero)",
            64 + 4 * checker_below(maker, 4));
}

/* ---- Time and devices -------------------------------------------------------------------------------------------- */

static void timer(struct checker_maker *maker)
{
    SAY("        li      t0, %u\n        settimer t0", checker_below(maker, 4) ? 1 + checker_below(maker, 40)
                                                                                : checker_below(maker, 3));
    if (checker_one_in(maker, 2))
        SAY("        li      t0, 2\n        setflags t0");
    if (checker_one_in(maker, 3))
        SAY("        idle");
}

static void port(struct checker_maker *maker, const char *name, uint32_t value)
{
    SAY("        li      t0, @%s\n        li      t1, %#x\n        out     t0, t1", name, value);
}

static void console(struct checker_maker *maker)
{
    switch (checker_below(maker, 4)) {
    case 0: port(maker, "console_output", 'a' + checker_below(maker, 26)); break;
    case 1: SAY("        li      t0, @console_input\n        in      %s, t0", checker_some_register(maker)); break;
    case 2: SAY("        li      t0, @console_status\n        in      %s, t0", checker_some_register(maker)); break;
    default: port(maker, "console_control", checker_below(maker, 2));
    }
}

static void wait_for_disk(struct checker_maker *maker)
{
    SAY("        li      t0, @disk_status\n1:\n        in      a2, t0\n        li      t1, 1\n"
        "        beq     a2, t1, 1b");
}

static void disk(struct checker_maker *maker)
{
    static const uint32_t places[] = {CHECKER_CASE_DATA + 0x800, CHECKER_CASE_DATA + 0x800, CHECKER_CASE_MEMORY - 512,
                                      CHECKER_CASE_MEMORY - 256, CHECKER_CASE_MEMORY, 0xffffff00, 0xfffffe00, 0x3000};
    port(maker, "disk_sector", checker_below(maker, 5));
    port(maker, "disk_address", places[checker_below(maker, 8)]);
    port(maker, "disk_count", checker_one_in(maker, 8) ? checker_some_number(maker) : 1 + checker_below(maker, 2));
    port(maker, "disk_command", 1 + checker_below(maker, 2));
    wait_for_disk(maker);
    SAY("        li      t0, %#x\n        lw      a3, 0(t0)", CHECKER_CASE_DATA + 0x800);
}

static void transfer(struct checker_maker *maker, const char *address, uint32_t sector, uint32_t command)
{
    port(maker, "disk_sector", sector);
    SAY("        li      t0, @disk_address\n        mv      t1, %s\n        out     t0, t1", address);
    port(maker, "disk_count", 1);
    port(maker, "disk_command", command);
    wait_for_disk(maker);
}

/* Executes a routine; puts another one in its place, which comes from the disk; and executes that. */
static void code_from_disk(struct checker_maker *maker)
{
    enum { ROUTINE = 0x3000, OTHER = CHECKER_CASE_DATA + 0xa00 };
    static const uint32_t places[] = {ROUTINE, OTHER};
    SAY("        li      t0, 0x8067"); /* ret */
    for (unsigned i = 0; i < 2; i++) /* addi a0, a0, NUMBER */
        SAY("        li      t2, %#x\n        li      t1, %#x\n        sw      t1, 0(t2)\n        sw      t0, 4(t2)",
            places[i], 0x50513 + ((1 + checker_below(maker, 100)) << 20));
    SAY("        li      t2, %#x\n        jalr    ra, 0(t2)\n        li      t2, %#x", ROUTINE, OTHER);
    transfer(maker, "t2", 3, 2);
    SAY("        li      t2, %#x", ROUTINE);
    transfer(maker, "t2", 3, 1);
    SAY("        jalr    ra, 0(t2)");
}

static void any_port(struct checker_maker *maker)
{
    uint32_t count = isa_port_count(maker->isa);
    uint32_t number = count == 0 || checker_one_in(maker, 6) ? checker_some_number(maker)
                                                : isa_port_at(maker->isa, checker_below(maker, count))->number;
    if (checker_one_in(maker, 3)) { /* the console of another unit, which a guest does not have */
        port(maker, "console_output", 'A' + checker_below(maker, 26));
        SAY("        addi    t0, t0, 0x100\n        out     t0, t1");
        return;
    }
    if (!maker->network && checker_is_network_port(maker->isa, number))
        return;
    SAY("        li      t0, %#x\n        in      a3, t0", checker_one_in(maker, 8) ? number + 0x100 : number);
    if (checker_port_meaning(maker->isa, number) == CHECKER_PORT_TIME) /* what the end alone may not depend on */
        SAY("        li      a3, 0");
}

/* ---- Pages ------------------------------------------------------------------------------------------------------- */

enum { PAGE = 0x1000, PAGES = CHECKER_CASE_MEMORY / PAGE };

/* An entry for a page: mostly itself with all rights, sometimes another frame or fewer rights. */
static uint32_t some_entry(struct checker_maker *maker, uint32_t page)
{
    uint32_t rights = checker_one_in(maker, 3) ? checker_below(maker, 32) : 31;
    uint32_t frame = checker_one_in(maker, 5) ? checker_below(maker, PAGES + 1) : page;
    return frame * PAGE + rights;
}

void checker_page_table(struct checker_maker *maker)
{
    unsigned number = maker->psws++;
    bool user = checker_one_in(maker, 2);
    maker->table = number + 1;
    SAY("        .data\n        .balign 16\ntable%u:", number);
    for (uint32_t page = 0; page < PAGES; page++)
        SAY("        .word   %#x", page < 2 ? page * PAGE + 31 : some_entry(maker, page));
    SAY("psw%u:\n        .word   %#x, next%u, table%u, %#x\n        .text", number, 4 | some_flags(maker, user), number,
        number, checker_one_in(maker, 6) ? PAGE * (1 + checker_below(maker, PAGES + 1)) : CHECKER_CASE_MEMORY);
    if (checker_one_in(maker, 2)) /* as a kernel that has just made it */
        SAY("        la      t0, table%u\n        lw      t1, 8(t0)\n        sw      t1, 8(t0)", number);
    SAY("        la      t0, psw%u\n        lpsw    0(t0)\nnext%u:", number, number);
    maker->user = user;
}

/* Uses a page in the ways that there are. */
static void look_at(struct checker_maker *maker, uint32_t page)
{
    static const char *const uses[] = {"lw      a0, 0(t2)", "sw      a1, 4(t2)",
                                       "lw      a0, 0(t2)\n        sw      a1, 4(t2)"};
    SAY("        li      t2, %#x\n        %s", page * PAGE, PICK(uses));
}

/* Changes an entry, and looks at once at what it maps; mostly also before. */
static void change_entry(struct checker_maker *maker)
{
    uint32_t page = 2 + checker_below(maker, PAGES - 2);
    if (maker->table == 0)
        return;
    if (!checker_one_in(maker, 3))
        look_at(maker, page);
    SAY("        la      t0, table%u\n        li      t1, %#x\n        sw      t1, %u(t0)", maker->table - 1,
        some_entry(maker, page), 4 * page);
    look_at(maker, page);
}

/* Maps the table itself in another place, changes an entry there, and looks at once at what it maps. The alias is made
 * before the table is changed by it, or long before. */
static void change_by_alias(struct checker_maker *maker)
{
    uint32_t alias = 2 + checker_below(maker, PAGES - 2), page = 2 + checker_below(maker, PAGES - 2);
    if (maker->table == 0)
        return;
    look_at(maker, page);
    SAY("        la      t0, table%u\n        srli    t1, t0, 12\n        slli    t1, t1, 12\n"
        "        ori     t1, t1, 31\n        sw      t1, %u(t0)", maker->table - 1, 4 * alias);
    SAY("        slli    t0, t0, 20\n        srli    t0, t0, 20\n        li      t1, %#x\n        add     t0, t0, t1",
        alias * PAGE);
    if (checker_one_in(maker, 2)) /* seen by the monitor before it is written to */
        SAY("        lw      a2, %u(t0)", 4 * page);
    SAY("        li      t1, %#x\n        sw      t1, %u(t0)", some_entry(maker, page), 4 * page);
    look_at(maker, page);
}

/* The end of the table comes from the disk. */
static void table_from_disk(struct checker_maker *maker)
{
    uint32_t page = 2 + checker_below(maker, PAGES - 2);
    if (maker->table == 0)
        return;
    look_at(maker, page);
    SAY("        la      t2, table%u\n        addi    t2, t2, %u", maker->table - 1, 4 * page);
    transfer(maker, "t2", checker_below(maker, 4), 1);
    look_at(maker, page);
}

/* ---- One of them ------------------------------------------------------------------------------------------------- */

static const struct piece { void (*make)(struct checker_maker *); unsigned weight; const char *needs; bool pages; }
all_pieces[] = {
    {any_instructions, 6, "addi", false}, {arithmetic, 2, "mul", false}, {memory, 4, "lw", false},
    {loop, 1, "mul", false}, {self_modification, 2, "lw", false}, {jump, 1, "jalr", false},
    {trap, 3, "ecall", false}, {load_psw, 4, "lpsw", false}, {relocate, 2, "setr", false},
    {flags, 3, "setflags", false}, {enter_user, 3, "retu", false}, {look, 4, "spsw", false},
    {timer, 3, "settimer", false}, {console, 3, "in", false}, {disk, 1, "in", false}, {code_from_disk, 1, "in", false},
    {any_port, 1, "in", false},
    {checker_page_table, 4, "lpsw", true}, {change_entry, 8, "lpsw", true},
    {change_by_alias, 5, "lpsw", true}, {table_from_disk, 2, "in", true},
};
enum { PIECES = sizeof all_pieces / sizeof all_pieces[0] };

/* 0 where the machine has not what the piece needs. */
static unsigned weight_of(const struct checker_maker *maker, const struct piece *piece)
{
    bool wanted = !piece->pages || (maker->paged && (maker->table != 0 || piece->make == checker_page_table));
    return wanted && checker_has(maker, piece->needs) ? piece->weight : 0;
}

void checker_piece(struct checker_maker *maker)
{
    unsigned total = 0, i = 0;
    for (unsigned j = 0; j < PIECES; j++)
        total += weight_of(maker, &all_pieces[j]);
    if (total == 0)
        return;
    for (unsigned left = checker_below(maker, total); left >= weight_of(maker, &all_pieces[i]); i++)
        left -= weight_of(maker, &all_pieces[i]);
    all_pieces[i].make(maker);
}
