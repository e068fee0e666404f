/* random_pages.c: a guest for machines with pages that does everything to its page tables, at random. Its input is a
 * seed, and how many rounds. Its kernel writes tables as words, half words, bytes and whole copies, from outside and
 * from inside a translation, and by DMA; between, it runs random programs at random places in random tables, in either
 * mode, which load, store and jump through them, into tables and into each other's code. What comes of it is told in a
 * sum.
 *
 * Tables share pages with each other and with data, cross pages, and are mapped by themselves. */
#include "common/guest.h"

enum {
    PAGE = 4096, ARENA = 0x80000, ARENA_PAGES = 8, CODE = ARENA + 7 * PAGE,
    FIRST = 64, ENTRIES = 80,    /* virtual pages from FIRST on; the same physical ones hold nothing but zeros */
    TABLES = 5, KERNEL = 4,      /* the last maps all of memory to itself, for the kernel */
    TRANSLATE = 4, VALID = 1, READ = 2, WRITE = 4, EXECUTE = 8, USER = 16,
    PROGRAM_WORDS = 40
};

static const uint32_t tables[TABLES] = {ARENA, ARENA + 0x180, ARENA + 0x1f00, ARENA + 0x3000, ARENA + 0x4000};
static struct random source;
static uint32_t sum = 1, skipped;

static uint32_t below(uint32_t limit)
{
    return random_next(&source) % limit;
}

static void add(uint32_t value)
{
    sum = (sum ^ value) * 16777619;
    sum ^= sum >> 15;
}

/* Low memory, by way of an address that GCC cannot know. */
static volatile uint32_t *word_at(uint32_t address)
{
    __asm__("" : "+r"(address));
    return (volatile uint32_t *)(uintptr_t)address;
}

/* ---- Random values ----------------------------------------------------------------------------------------------- */

static uint32_t random_entry(void)
{
    uint32_t frame = ARENA + below(ARENA_PAGES) * PAGE, rights = below(32);
    if (below(4) != 0)
        rights = VALID | READ | EXECUTE | (below(3) ? USER : 0) | (below(2) ? WRITE : 0);
    switch (below(16)) {
    case 0: return READ | VALID | USER;                  /* the trap area, to look at */
    case 1: return (0x100000 + below(3) * PAGE) | rights; /* beyond memory */
    case 2: return random_next(&source) << 20;           /* not valid */
    default: return frame | below(2) << 7 | rights;
    }
}

static uint32_t random_address(void)
{
    uint32_t page = FIRST + below(ENTRIES - FIRST), offset = below(PAGE);
    switch (below(12)) {
    case 0: return below(2) ? random_next(&source) : 0x80000000 + ARENA + below(ARENA_PAGES * PAGE / 4) * 4;
    case 1: return page * PAGE + offset;
    case 2: return page * PAGE + PAGE - 1 - below(4);
    case 3: return page * PAGE + below(0x200);
    default: return page * PAGE + (offset & ~3U);
    }
}

static uint32_t random_bound(void)
{
    switch (below(6)) {
    case 0: case 3: return (FIRST * PAGE + below((ENTRIES - FIRST) * PAGE)) & ~15U;
    case 1: return 0xfffffff0;
    case 2: return (FIRST + below(ENTRIES - FIRST)) * PAGE;
    default: return ENTRIES * PAGE;
    }
}

/* ---- Random programs --------------------------------------------------------------------------------------------- */

static uint32_t next_word; /* address of the word to be generated */

static void generate(uint32_t word)
{
    *word_at(next_word) = word;
    next_word += 4;
}

enum { T0 = 5, T1 = 6, A0 = 10 };

static void generate_number(uint32_t rd, uint32_t number)
{
    uint32_t high = (number + 0x800) >> 12;
    generate(high << 12 | rd << 7 | 0x37);
    generate((number & 0xfff) << 20 | rd << 15 | rd << 7 | 0x13);
}

static void generate_store(void)
{
    uint32_t value = A0 + below(6);
    generate_number(T0, random_address());
    if (below(2) == 0)
        generate_number(value, random_entry());
    generate(value << 20 | T0 << 15 | (below(4) ? 2 : below(3)) << 12 | 0x23);
}

static void generate_load(void)
{
    static const uint32_t kinds[] = {0, 1, 2, 4, 5, 2, 2, 2};
    generate_number(T0, random_address());
    generate(T0 << 15 | kinds[below(8)] << 12 | (A0 + below(6)) << 7 | 0x03);
}

/* On to the next word, by another name of the same page, perhaps. */
static void generate_jump(void)
{
    uint32_t offset = next_word - CODE + 12;
    generate_number(T0, (FIRST + below(ENTRIES - FIRST)) * PAGE + offset);
    generate(T0 << 15 | 1 << 7 | 0x67);
}

static void generate_system(void)
{
    const uint32_t rd = (A0 + below(6)) << 7;
    uint32_t table = tables[below(TABLES - 1)];
    switch (below(8)) {
    case 0:
        generate_number(T0, table);
        generate_number(T1, random_bound());
        generate(T1 << 20 | T0 << 15 | 3 << 12 | 0x0b); /* setr */
        break;
    case 1:
        generate_number(T0, TRANSLATE | below(2));
        generate(T0 << 15 | 2 << 12 | 0x0b); /* setflags */
        break;
    case 2: generate(1U << 25 | 3 << 12 | rd | 0x0b); break; /* getbase */
    case 3: generate(1U << 25 | 2 << 12 | rd | 0x0b); break; /* getflags */
    case 4: case 5:
        generate_number(T0, random_address());
        generate(T0 << 15 | 4 << 12 | rd | 0x0b); /* loadreal */
        break;
    default:
        generate_number(T0, random_address());
        generate(1U << 25 | T0 << 15 | 4 << 12 | rd | 0x0b); /* probe */
        break;
    }
}

static void generate_program(void)
{
    next_word = CODE;
    while (next_word < CODE + PROGRAM_WORDS * 4) {
        uint32_t kind = below(16);
        if (kind < 6)
            generate_store();
        else if (kind < 12)
            generate_load();
        else if (kind < 14)
            generate_jump();
        else if (kind < 15)
            generate_system();
        else
            generate(A0 << 20 | A0 << 15 | A0 << 7 | 0x33); /* add a0, a0, a0 */
    }
    generate(0x73);
}

/* ---- Running them ------------------------------------------------------------------------------------------------ */

void guest_trap(void)
{
    if (pg74_trap_area.cause >= PG74_CAUSE_TIMER)
        return; /* its moment is nobody's business */
    add(pg74_trap_area.cause);
    add(pg74_trap_area.value);
    add(pg74_trap_area.access);
    add(pg74_trap_area.old_psw.pc);
    add(pg74_trap_area.old_psw.flags);
    add(pg74_trap_area.old_psw.base);
    add(pg74_trap_area.old_psw.bound);
    for (unsigned i = T0; i < A0 + 6; i++)
        add(pg74_trap_area.save[i]);
    if (pg74_trap_area.access < PG74_LOADING || ++skipped == 64)
        guest_leave(0);
    pg74_trap_area.old_psw.pc += 4; /* on, past a load or a store */
}

/* In every other case in the space of the one before, but in the other mode. */
static void run_program(void)
{
    static struct pg74_psw psw;
    uint32_t page = FIRST + below(ENTRIES - FIRST);
    if (psw.base == 0 || below(2))
        psw = (struct pg74_psw){TRANSLATE | below(4), 0, tables[below(TABLES - 1)], random_bound()};
    psw.flags ^= PG74_FLAG_USER;
    psw.pc = page * PAGE;
    *word_at(psw.base + 4 * page) = CODE | (below(8) ? VALID | READ | WRITE | EXECUTE | USER : random_entry() % 32);
    generate_program();
    skipped = 0;
    pg74_settimer(below(200));
    guest_enter(&psw, 0, 0);
    pg74_settimer(0);
}

/* ---- What the kernel does to tables ------------------------------------------------------------------------------ */

static void write_entries(void)
{
    for (uint32_t i = below(8); i > 0; i--) {
        uint32_t at = tables[below(TABLES)] + 4 * (FIRST + below(ENTRIES - FIRST)), entry = random_entry();
        switch (below(8)) {
        case 0: *(volatile uint8_t *)word_at(at + below(4)) = (uint8_t)entry; break;
        case 1: *(volatile uint16_t *)word_at(at + below(2) * 2) = (uint16_t)entry; break;
        default: *word_at(at) = entry; break;
        }
    }
}

static void copy_table(void)
{
    uint32_t from = tables[below(TABLES)], to = tables[below(TABLES)];
    for (uint32_t i = FIRST; i < ENTRIES; i++)
        *word_at(to + 4 * i) = *word_at(from + 4 * i);
}

/* The same from inside a translation, through pages that may map the tables, too. Nothing here may trap. */
static void work_translated(void)
{
    uint32_t kernel = tables[KERNEL];
    for (uint32_t i = 0; i < 256; i++)
        *word_at(kernel + 4 * i) = i * PAGE | VALID | READ | WRITE | EXECUTE;
    pg74_setr(kernel, 0x100000);
    pg74_setflags(TRANSLATE);
    write_entries();
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t at = FIRST + below(ENTRIES - FIRST), frame = ARENA + below(ARENA_PAGES - 1) * PAGE;
        *word_at(kernel + 4 * at) = frame | VALID | READ | WRITE;
        *word_at(at * PAGE + (below(PAGE) & ~3U)) = random_entry();
        *word_at(kernel + 4 * at) = (frame + PAGE) | VALID | READ;
        add(*word_at(at * PAGE));
        add(pg74_probe(at * PAGE));
        add(pg74_loadreal(at * PAGE));
    }
    pg74_setflags(0);
    pg74_setr(0, 0x100000);
}

static void transfer(uint32_t command, uint32_t address)
{
    pg74_out(PG74_PORT_DISK_SECTOR, 0);
    pg74_out(PG74_PORT_DISK_ADDRESS, address);
    pg74_out(PG74_PORT_DISK_COUNT, 1);
    pg74_out(PG74_PORT_DISK_COMMAND, command);
    while (pg74_in(PG74_PORT_DISK_STATUS) == 1)
        ;
}

/* A table of other entries arrives from the disk, while its shadow is in use. */
static void write_by_device(void)
{
    uint32_t at = ARENA + 5 * PAGE, table = tables[below(TABLES - 1)] & ~511U;
    for (uint32_t i = 0; i < 128; i++)
        *word_at(at + 4 * i) = random_entry();
    transfer(2, at);
    run_program();
    transfer(1, table);
    run_program();
}

static uint32_t read_number(const char **next)
{
    uint32_t number = 0;
    for (; **next >= '0' && **next <= '9'; ++*next)
        number = number * 10 + (uint32_t)(**next - '0');
    *next += **next == ' ';
    return number;
}

uint32_t main(uint32_t argument)
{
    char text[32] = "";
    const char *next = text;
    (void)argument;
    system_read(text, sizeof text - 1);
    source.state = 1 + read_number(&next);
    uint32_t steps = read_number(&next);
    guest_traps_on();
    for (uint32_t step = 0; step < steps; step++) {
        switch (below(8)) {
        case 0: copy_table(); break;
        case 1: work_translated(); break;
        case 2: write_by_device(); break;
        default: write_entries(); break;
        }
        run_program();
        if (step % 16 == 0)
            run_program();
        if (step % 20 == 19)
            print("%u: %08x\n", step + 1, sum);
    }
    return 0;
}
