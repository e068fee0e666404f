/* hostile.c: a guest that calls the paravirtual monitor with everything that is wrong. Each call must answer its
 * error, and none may reach anything beyond this guest's memory, or make a page table of what a guest can write.
 * Halts with the number of answers that were not the wanted ones. */
#include <hypercalls.h>
#include <pg74.h>

#include "common/common.h"

enum { PAGE = 4096, VALID = 1, READ = 2, WRITE = 4, EXECUTE = 8, USER = 16, ALL = 31 };
enum { DISK_READ = 1 };

uint32_t call_monitor(uint32_t function, uint32_t argument); /* call.S */

static struct paravirtual_shared shared;
static struct paravirtual_context context;
static struct paravirtual_call list[40];
static uint32_t tables[16][PAGE / 4] __attribute__((aligned(4096)));
static uint32_t wrong, size, start;

static uint32_t address_of(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

static void want(const char *what, uint32_t got, uint32_t wanted)
{
    if (got == wanted)
        return;
    print("%s: %08x, not %08x\n", what, got, wanted);
    wrong++;
}

static void call(const char *what, uint32_t function, uint32_t argument, uint32_t wanted)
{
    want(what, call_monitor(function, argument), wanted);
}

static void call_pair(const char *what, uint32_t function, uint32_t first, uint32_t second, uint32_t wanted)
{
    uint32_t pair[2] = {first, second};
    call(what, function, address_of(pair), wanted);
}

/* For every call that takes an address: places that are not this guest's, or only by wrapping around. */
static void bad_addresses(void)
{
    static const uint32_t functions[] = {PARAVIRTUAL_WRITE, PARAVIRTUAL_TABLE_PIN, PARAVIRTUAL_TABLE_UPDATE, PARAVIRTUAL_CALLS};
    const uint32_t places[] = {size, size - 4, size + 4, 0xfffffffc, 0xfffffff8, 0x80000000, start, 1, 2, 0xffffffff, size - 2};

    for (uint32_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        for (uint32_t j = 0; j < sizeof places / sizeof places[0]; j++)
            if (start > size || places[j] != start)
                call("an address of no argument", functions[i], places[j], PARAVIRTUAL_BAD_ADDRESS);
    call_pair("a line beyond memory", PARAVIRTUAL_WRITE, size - 2, 3, PARAVIRTUAL_BAD_ADDRESS);
    call_pair("a line that wraps around", PARAVIRTUAL_WRITE, 0xfffffffe, 4, PARAVIRTUAL_BAD_ADDRESS);
    call_pair("a huge line", PARAVIRTUAL_WRITE, 0x1000, 0xffffffff, PARAVIRTUAL_BAD_COUNT);
    call_pair("a line that just fits", PARAVIRTUAL_WRITE, size, 0, 0);
    call_pair("huge updates", PARAVIRTUAL_TABLE_UPDATE, 0x1000, 0x20000001, PARAVIRTUAL_BAD_COUNT);
    call_pair("updates beyond memory", PARAVIRTUAL_TABLE_UPDATE, size - 8, 2, PARAVIRTUAL_BAD_ADDRESS);
    call_pair("huge calls", PARAVIRTUAL_CALLS, 0x1000, 0x15555556, PARAVIRTUAL_BAD_COUNT);
    call_pair("calls beyond memory", PARAVIRTUAL_CALLS, size - 4, 1, PARAVIRTUAL_BAD_ADDRESS);
    call("no such call", PARAVIRTUAL_FUNCTIONS, 0, PARAVIRTUAL_BAD_FUNCTION);
    call("no such call", 0xffffffff, 0, PARAVIRTUAL_BAD_FUNCTION);
    for (uint32_t function = PARAVIRTUAL_TAKE; function < PARAVIRTUAL_FUNCTIONS; function++)
        call("a driver domain's call", function, 0x1000, PARAVIRTUAL_BAD_FUNCTION);
    call("a second start", PARAVIRTUAL_START, address_of(&shared), PARAVIRTUAL_BAD_FUNCTION);
}

static void bad_calls(void)
{
    for (uint32_t i = 0; i < 40; i++)
        list[i] = (struct paravirtual_call){PARAVIRTUAL_IDENTIFY, 0, 0};
    list[3].function = PARAVIRTUAL_CALLS;
    call_pair("calls in calls", PARAVIRTUAL_CALLS, address_of(list), 5, 3);
    want("the call before", list[2].answer, PARAVIRTUAL_OLDEST);
    list[3].function = PARAVIRTUAL_RUN;
    call_pair("run in calls", PARAVIRTUAL_CALLS, address_of(list), 5, 3);
    call_pair("too many calls", PARAVIRTUAL_CALLS, address_of(list), 33, PARAVIRTUAL_BAD_COUNT);
}

static void bad_runs(void)
{
    const uint32_t places[] = {size, size - 124, 0xffffff80, 0xfffffffc, address_of(&context) + 2};

    for (uint32_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        shared.context = places[i];
        call("run without a context", PARAVIRTUAL_RUN, 0, PARAVIRTUAL_BAD_ADDRESS);
    }
}

/* ---- Rings ------------------------------------------------------------------------------------------------------- */

static struct paravirtual_ring ring;

static void attach(uint32_t device)
{
    memset(&ring, 0, sizeof ring);
    call_pair("a ring", PARAVIRTUAL_RING, device, address_of(&ring), 0);
}

static void request(const char *what, uint32_t device, struct paravirtual_request one, uint32_t wanted)
{
    ring.requests[ring.produced++ % PARAVIRTUAL_RING_SIZE] = one;
    call(what, PARAVIRTUAL_NOTIFY, device, 0);
    for (uint32_t i = 0; i < 2000 && *(volatile uint32_t *)&ring.answered != ring.produced; i++)
        call_monitor(PARAVIRTUAL_EVENTS, 0); /* the disk takes its time */
    want("answered", ring.answered, ring.produced);
    want(what, ring.requests[(ring.produced - 1) % PARAVIRTUAL_RING_SIZE].answer, wanted);
}

static void bad_rings(void)
{
    static const uint32_t jumps[] = {PARAVIRTUAL_RING_SIZE + 1, 0x80000000, 0xffffffff};
    static uint8_t bytes[1536];
    const uint32_t read = PARAVIRTUAL_READ, write = PARAVIRTUAL_WRITE_OUT;

    call("no such device", PARAVIRTUAL_NOTIFY, PARAVIRTUAL_DEVICES, PARAVIRTUAL_BAD_FUNCTION);
    call("no such device", PARAVIRTUAL_NOTIFY, 0xffffffff, PARAVIRTUAL_BAD_FUNCTION);
    call("a device without a ring", PARAVIRTUAL_NOTIFY, PARAVIRTUAL_DISK, PARAVIRTUAL_BAD_FUNCTION);
    call_pair("a ring of no device", PARAVIRTUAL_RING, PARAVIRTUAL_DEVICES, address_of(&ring), PARAVIRTUAL_BAD_FUNCTION);
    call_pair("a ring outside", PARAVIRTUAL_RING, PARAVIRTUAL_DISK, size - 8, PARAVIRTUAL_BAD_ADDRESS);
    call_pair("a ring that wraps around", PARAVIRTUAL_RING, PARAVIRTUAL_DISK, 0xfffffffc, PARAVIRTUAL_BAD_ADDRESS);
    for (uint32_t i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
        attach(PARAVIRTUAL_CONSOLE);
        ring.produced = jumps[i];
        call("numbers gone wild", PARAVIRTUAL_NOTIFY, PARAVIRTUAL_CONSOLE, PARAVIRTUAL_BAD_RING);
        call("no ring any more", PARAVIRTUAL_NOTIFY, PARAVIRTUAL_CONSOLE, PARAVIRTUAL_BAD_FUNCTION);
    }
    attach(PARAVIRTUAL_CONSOLE);
    ring.answered = 77; /* which only the monitor counts */
    request("a line from outside", PARAVIRTUAL_CONSOLE, (struct paravirtual_request){write, size - 1, 2, 0, 0},
            PARAVIRTUAL_BAD_ADDRESS);
    request("a line to outside", PARAVIRTUAL_CONSOLE, (struct paravirtual_request){read, 0xfffffff0, 32, 0, 0},
            PARAVIRTUAL_BAD_ADDRESS);
    request("a huge line", PARAVIRTUAL_CONSOLE, (struct paravirtual_request){write, 0, 0xfffffffd, 0, 0}, PARAVIRTUAL_BAD_ADDRESS);
    request("no operation", PARAVIRTUAL_CONSOLE, (struct paravirtual_request){3, 0, 1, 0, 0}, PARAVIRTUAL_BAD_FUNCTION);
    request("no input", PARAVIRTUAL_CONSOLE, (struct paravirtual_request){read, address_of(bytes), 8, 0, 0}, 0);
    attach(PARAVIRTUAL_NETWORK);
    request("a frame from outside", PARAVIRTUAL_NETWORK, (struct paravirtual_request){write, size - 4, 64, 0, 0},
            PARAVIRTUAL_BAD_ADDRESS);
    request("a short frame", PARAVIRTUAL_NETWORK, (struct paravirtual_request){write, address_of(bytes), 13, 0, 0},
            PARAVIRTUAL_FAILED);
    attach(PARAVIRTUAL_DISK);
    request("sectors to outside", PARAVIRTUAL_DISK, (struct paravirtual_request){read, size - 512, 1024, 0, 0}, PARAVIRTUAL_FAILED);
    request("sectors below", PARAVIRTUAL_DISK, (struct paravirtual_request){read, 0xfffffe00, 1024, 0, 0}, PARAVIRTUAL_FAILED);
    request("huge sectors", PARAVIRTUAL_DISK, (struct paravirtual_request){read, 0, 0xfffffe00, 0, 0}, PARAVIRTUAL_FAILED);
    request("half a sector", PARAVIRTUAL_DISK, (struct paravirtual_request){read, address_of(bytes), 256, 0, 0},
            PARAVIRTUAL_BAD_COUNT);
    request("a sector", PARAVIRTUAL_DISK, (struct paravirtual_request){read, address_of(bytes), 512, 3, 0}, 512);
    want("what came", bytes[511], 'd');
    call_pair("no ring", PARAVIRTUAL_RING, PARAVIRTUAL_DISK, 0, 0);
}

/* ---- Page tables ------------------------------------------------------------------------------------------------- */

static uint32_t real(const void *pointer)
{
    return address_of(pointer) + start;
}

static void run_with(const char *what, uint32_t base, uint32_t bound)
{
    shared.context = address_of(&context);
    shared.flags = PG74_FLAG_USER;
    shared.base = base;
    shared.bound = bound;
    call(what, PARAVIRTUAL_RUN, 0, PARAVIRTUAL_BAD_TABLE);
}

/* Tables that no hardware may get to see. */
static void bad_tables(void)
{
    const uint32_t table = address_of(tables[0]), outside[] = {0, start - PAGE, start + size, 0xfffff000, address_of(tables[1])};

    for (uint32_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        if (outside[i] - start < size)
            continue;
        tables[0][1] = outside[i] | ALL;
        call_pair("a table that leads outside", PARAVIRTUAL_TABLE_PIN, table, 2 * PAGE, PARAVIRTUAL_BAD_TABLE);
        tables[0][1] = outside[i] | VALID | READ;
        call_pair("the same to be read", PARAVIRTUAL_TABLE_PIN, table, 2 * PAGE, PARAVIRTUAL_BAD_TABLE);
    }
    tables[0][1] = real(tables[0]) | ALL;
    call_pair("a table that allows to write to itself", PARAVIRTUAL_TABLE_PIN, table, 2 * PAGE, PARAVIRTUAL_BAD_TABLE);
    tables[0][1] = 0;
    call_pair("no table", PARAVIRTUAL_TABLE_PIN, table, 0, PARAVIRTUAL_BAD_COUNT);
    call_pair("a huge table", PARAVIRTUAL_TABLE_PIN, table, 0xffffffff, PARAVIRTUAL_BAD_COUNT);
    call_pair("a table outside", PARAVIRTUAL_TABLE_PIN, size, PAGE, PARAVIRTUAL_BAD_ADDRESS);
    call_pair("a crooked table", PARAVIRTUAL_TABLE_PIN, table + 16, PAGE, PARAVIRTUAL_BAD_ADDRESS);
    call_pair("the trap area", PARAVIRTUAL_TABLE_PIN, 0, PAGE, PARAVIRTUAL_BAD_TABLE);
    call_pair("the shared words", PARAVIRTUAL_TABLE_PIN, address_of(&shared) & ~4095U, PAGE, PARAVIRTUAL_BAD_TABLE);
    call("what is no table", PARAVIRTUAL_TABLE_UNPIN, table, PARAVIRTUAL_BAD_TABLE);
    run_with("a table that is not pinned", table, PAGE);
}

static uint32_t update(const uint32_t *word, uint32_t entry)
{
    struct paravirtual_update one = {address_of(word), entry};
    struct paravirtual_updates updates = {address_of(&one), 1};
    return call_monitor(PARAVIRTUAL_TABLE_UPDATE, address_of(&updates));
}

static void bad_updates(void)
{
    const uint32_t first = address_of(tables[0]), second = address_of(tables[1]);

    call_pair("a good table", PARAVIRTUAL_TABLE_PIN, first, 4 * PAGE, 0);
    call_pair("the same again", PARAVIRTUAL_TABLE_PIN, first, 4 * PAGE, PARAVIRTUAL_BAD_TABLE);
    want("an entry that leads outside", update(&tables[0][0], (start + size) | ALL), 0);
    want("one below", update(&tables[0][0], (start - PAGE) | ALL), 0);
    want("one to the table", update(&tables[0][0], start + (first | ALL)), 0);
    want("one past the bound", update(&tables[0][4], real(tables[2]) | ALL), 0);
    want("one of no table", update(&tables[2][0], real(tables[2]) | ALL), 0);
    want("one to be written", update(&tables[0][0], real(tables[1]) | ALL), 1);
    call_pair("a table that can be written", PARAVIRTUAL_TABLE_PIN, second, PAGE, PARAVIRTUAL_BAD_TABLE);
    want("one to be read only", update(&tables[0][0], real(tables[1]) | (ALL & ~WRITE)), 1);
    call_pair("now it cannot", PARAVIRTUAL_TABLE_PIN, second, PAGE, 0);
    want("to be written again", update(&tables[0][0], real(tables[1]) | ALL), 0);
    run_with("a bound beyond what was looked at", first, 4 * PAGE + 16);
    shared.context = second + 64;
    call("registers in a table", PARAVIRTUAL_RUN, 0, PARAVIRTUAL_BAD_ADDRESS);
    call_pair("answers in a table", PARAVIRTUAL_CALLS, second, 2, PARAVIRTUAL_BAD_ADDRESS);
}

/* Past all calls: a store, a transfer. What it wrote must count for nothing. */
static void stores(void)
{
    const uint32_t first = address_of(tables[0]);

    *(volatile uint32_t *)&tables[0][1] = (start + size) | ALL;
    want("the store", tables[0][1], (start + size) | ALL);
    run_with("a table that was stored to", first, 4 * PAGE);
    call("it is none any more", PARAVIRTUAL_TABLE_UNPIN, first, PARAVIRTUAL_BAD_TABLE);
    tables[0][1] = 0;
    call_pair("and can be one again", PARAVIRTUAL_TABLE_PIN, first, 4 * PAGE, 0);
    pg74_out(PG74_PORT_DISK_SECTOR, 0);
    pg74_out(PG74_PORT_DISK_ADDRESS, first);
    pg74_out(PG74_PORT_DISK_COUNT, sizeof tables / 512); /* so that it takes a while */
    pg74_out(PG74_PORT_DISK_COMMAND, DISK_READ);
    run_with("a table that the disk is writing to", first, 4 * PAGE);
    call_pair("not now", PARAVIRTUAL_TABLE_PIN, first, PAGE, PARAVIRTUAL_BAD_TABLE);
    while (pg74_in(PG74_PORT_DISK_STATUS) == 1)
        ;
    want("what came from the disk", tables[0][0], 0x64646464);
    memset(tables, 0, sizeof tables);
}

/* The same by a ring; and a ring that has become a table. */
static void rings_and_tables(void)
{
    const uint32_t first = address_of(tables[0]);

    attach(PARAVIRTUAL_DISK);
    call_pair("a table", PARAVIRTUAL_TABLE_PIN, first, PAGE, 0);
    ring.requests[0] = (struct paravirtual_request){PARAVIRTUAL_READ, first, sizeof tables, 0, 0};
    ring.produced = 1;
    call("sectors over it", PARAVIRTUAL_NOTIFY, PARAVIRTUAL_DISK, 0);
    run_with("a table that a ring's request will overwrite", first, PAGE);
    while (*(volatile uint32_t *)&ring.answered != 1)
        call_monitor(PARAVIRTUAL_EVENTS, 0);
    want("sectors over it", ring.requests[0].answer, sizeof tables);
    memset(tables, 0, sizeof tables);
    call_pair("a ring in a page", PARAVIRTUAL_RING, PARAVIRTUAL_CONSOLE, first, 0);
    call_pair("a table of the ring", PARAVIRTUAL_TABLE_PIN, first, PAGE, 0);
    call("a ring that is a table", PARAVIRTUAL_NOTIFY, PARAVIRTUAL_CONSOLE, PARAVIRTUAL_BAD_RING);
    call("a table still", PARAVIRTUAL_TABLE_UNPIN, first, 0);
}

/* With translation the machine's own way the guest has shadows, by which it could write to what is pinned. */
static void shadows(void)
{
    const uint32_t third = address_of(tables[2]), fourth = address_of(tables[3]);

    for (uint32_t i = 0; i < PAGE / 4 && i * PAGE < size; i++)
        tables[3][i] = i * PAGE | ALL;
    pg74_setr(fourth, size);
    pg74_setflags(4);
    call_pair("pinned while it can be written", PARAVIRTUAL_TABLE_PIN, third, PAGE, 0);
    *(volatile uint32_t *)&tables[2][0] = (start + size) | ALL;
    pg74_setflags(0);
    run_with("so it was not", third, PAGE);
}

/* A request while the disk is busy by the guest's own ports; then several at once, each answered in its turn. */
static void busy_disk(void)
{
    static uint8_t sectors[32768], others[3][512];

    attach(PARAVIRTUAL_DISK);
    pg74_out(PG74_PORT_DISK_SECTOR, 0);
    pg74_out(PG74_PORT_DISK_ADDRESS, address_of(sectors));
    pg74_out(PG74_PORT_DISK_COUNT, sizeof sectors / 512);
    pg74_out(PG74_PORT_DISK_COMMAND, DISK_READ);
    request("a busy disk", PARAVIRTUAL_DISK, (struct paravirtual_request){PARAVIRTUAL_READ, address_of(others[0]), 512, 0, 0},
            PARAVIRTUAL_FAILED);
    while (pg74_in(PG74_PORT_DISK_STATUS) == 1)
        ;
    for (uint32_t i = 0; i < 3; i++)
        ring.requests[ring.produced++ % PARAVIRTUAL_RING_SIZE] =
            (struct paravirtual_request){PARAVIRTUAL_READ, address_of(others[i]), 512, i, 0};
    call("three sectors", PARAVIRTUAL_NOTIFY, PARAVIRTUAL_DISK, 0);
    for (uint32_t i = 0; i < 4000 && *(volatile uint32_t *)&ring.answered != ring.produced; i++)
        call_monitor(PARAVIRTUAL_EVENTS, 0);
    for (uint32_t i = 1; i <= 3; i++)
        want("each of three sectors", ring.requests[i].answer, 512);
}

/* ---- And then ---------------------------------------------------------------------------------------------------- */

uint32_t main(uint32_t argument)
{
    (void)argument;
    size = pg74_boot_block.memory_size;
    want("a monitor, by other registers", pg74_diag(PARAVIRTUAL_IDENTIFY, 0), PARAVIRTUAL_OLDEST);
    want("a monitor", call_monitor(PARAVIRTUAL_IDENTIFY, 0), PARAVIRTUAL_OLDEST);
    call("a write before the start", PARAVIRTUAL_WRITE, 0x1000, 0);
    call("shared words outside", PARAVIRTUAL_START, size - 4, PARAVIRTUAL_BAD_ADDRESS);
    call("shared words that wrap around", PARAVIRTUAL_START, 0xfffffffc, PARAVIRTUAL_BAD_ADDRESS);
    call("crooked shared words", PARAVIRTUAL_START, address_of(&shared) + 1, PARAVIRTUAL_BAD_ADDRESS);
    call("the start", PARAVIRTUAL_START, address_of(&shared), 0);
    start = shared.machine_start;
    bad_addresses();
    bad_calls();
    bad_runs();
    bad_rings();
    busy_disk();
    if (call_monitor(PARAVIRTUAL_FEATURES, 0) & PARAVIRTUAL_HAS_TABLES) {
        bad_tables();
        bad_updates();
        stores();
        rings_and_tables();
        shadows();
    }
    print("%u wrong answers\n", wrong);
    if (wrong != 0)
        return wrong;
    shared.context = 0xfffffffc; /* in the end, an event and no place to save to */
    shared.enabled = 1;
    call_monitor(PARAVIRTUAL_TIMER, 100);
    for (;;)
        ;
}
