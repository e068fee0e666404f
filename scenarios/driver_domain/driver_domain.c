/* driver_domain.c: the guest that owns the drivers, where the paravirtual monitor does not: what domain 0 is to Xen.
 * It serves the rings of all other guests, each with that guest's real devices. docs/hypercalls.md describes the
 * calls, and docs/monitor-paravirtual.md the path of a request.
 *
 * It knows nothing of who its clients are and sees none of their memory. What a request grants it may copy, or name
 * to a device. Requests are served one by one, but that of a disk, which takes its time: meanwhile the others have
 * their turn.
 *
 * SPDX-License-Identifier: MIT-0 */
#include <hypercalls.h>
#include <pg74.h>
#include <stdbool.h>

enum { SECTOR = 512, DISK_BUSY = 1, DISK_DONE = 2, NETWORK_SEND = 1, NETWORK_RECEIVE = 2 };

uint32_t driver_call(uint32_t function, uint32_t argument);
void driver_event(void);
void driver_trap(void);
uint32_t driver_start(void);
_Noreturn void driver_serve(void);

static struct paravirtual_shared shared;
static struct paravirtual_taken request; /* the one that is served, */
static uint32_t taken;                   /* and what PARAVIRTUAL_TAKE answered to it */
static struct { bool busy; uint32_t length; } disks[PG74_MOST_GUESTS];
static uint8_t bytes[PARAVIRTUAL_MOST_BYTES];

static uint32_t address_of(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

/* ---- Several calls by one trap ----------------------------------------------------------------------------------- */

enum { MOST_CALLS = 8 };
static struct paravirtual_call calls[MOST_CALLS];
static struct paravirtual_port ports[MOST_CALLS];
static uint32_t count;

static void add(uint32_t function, uint32_t argument)
{
    calls[count++] = (struct paravirtual_call){function, argument, 0};
}

static void add_out(uint32_t port, uint32_t value)
{
    ports[count] = (struct paravirtual_port){request.unit * PG74_PORT_UNIT + port, value};
    add(PARAVIRTUAL_PORT_OUT, address_of(&ports[count]));
}

static void add_in(uint32_t port)
{
    add(PARAVIRTUAL_PORT_IN, request.unit * PG74_PORT_UNIT + port);
}

/* The answer of the last of them. */
static uint32_t do_calls(void)
{
    static struct paravirtual_calls list;
    list = (struct paravirtual_calls){address_of(calls), count};
    uint32_t last = count - 1;
    count = 0;
    driver_call(PARAVIRTUAL_CALLS, address_of(&list));
    return calls[last].answer;
}

/* Goes on with the next request; if it was told that none waits, waits for one, and does not come back. */
static void next(void)
{
    add(taken == 2 ? PARAVIRTUAL_TAKE : PARAVIRTUAL_WAIT, address_of(&request));
    taken = do_calls();
}

/* Answers the request, and all that by one trap. */
static void answer(uint32_t value)
{
    static struct paravirtual_answer said;
    said = (struct paravirtual_answer){request.unit, request.device, value};
    add(PARAVIRTUAL_ANSWER, address_of(&said));
    next();
}

/* ---- The drivers ------------------------------------------------------------------------------------------------- */

static void add_copy(uint32_t length)
{
    static struct paravirtual_copy copy;
    copy = (struct paravirtual_copy){request.unit, request.device, 0, address_of(bytes), length};
    add(PARAVIRTUAL_COPY, address_of(&copy));
}

static void drive_console(void)
{
    static struct paravirtual_port_bytes moved;
    bool input = request.operation == PARAVIRTUAL_READ;
    uint32_t length = request.length, port = input ? PG74_PORT_CONSOLE_INPUT : PG74_PORT_CONSOLE_OUTPUT;
    moved = (struct paravirtual_port_bytes){request.unit * PG74_PORT_UNIT + port, address_of(bytes), length};
    if (input) {
        add(PARAVIRTUAL_PORT_READ, address_of(&moved));
        length = do_calls();
        add_copy(length);
    } else {
        add_copy(length);
        add(PARAVIRTUAL_PORT_WRITE, address_of(&moved));
    }
    answer(length);
}

/* Frames move at once. When none has come, there is none to be received. */
static void drive_network(void)
{
    bool receives = request.operation == PARAVIRTUAL_READ;
    add_in(PG74_PORT_NETWORK_LENGTH);
    add_out(PG74_PORT_NETWORK_ADDRESS, 0);
    add_out(PG74_PORT_NETWORK_LENGTH, request.length);
    add_out(PG74_PORT_NETWORK_COMMAND, receives ? NETWORK_RECEIVE : NETWORK_SEND);
    add_in(PG74_PORT_NETWORK_COMMAND);
    bool failed = do_calls() != 0;
    uint32_t length = receives ? calls[0].answer : request.length;
    answer(length == 0 ? 0 : failed ? PARAVIRTUAL_FAILED : length);
}

enum { COMMAND = 3 }; /* of the calls that drive a disk */
static uint32_t commanded; /* 1 + the unit whose disk these were for; 0: all is well */

/* Whether the disk has begun is known after the trap by which it was told, and that has taken the next request, too, or
 * waited: an event then enters driver_serve. */
static void see_command(void)
{
    static struct paravirtual_answer said;
    uint32_t unit = commanded - 1;
    if (commanded == 0 || calls[COMMAND].answer == 0) {
        commanded = 0;
        return;
    }
    commanded = 0;
    disks[unit].busy = false;
    said = (struct paravirtual_answer){unit, PARAVIRTUAL_DISK, PARAVIRTUAL_FAILED};
    add(PARAVIRTUAL_ANSWER, address_of(&said));
    do_calls();
}

/* The answer comes later, with the interrupt. */
static void drive_disk(void)
{
    add_out(PG74_PORT_DISK_SECTOR, request.sector);
    add_out(PG74_PORT_DISK_ADDRESS, 0);
    add_out(PG74_PORT_DISK_COUNT, request.length / SECTOR);
    add_out(PG74_PORT_DISK_COMMAND, request.operation);
    disks[request.unit].busy = true;
    disks[request.unit].length = request.length;
    commanded = 1 + request.unit;
    next();
    see_command();
}

/* The interrupt does not say whose disk it was. The answers go with the next calls. */
static void end_transfers(void)
{
    static struct paravirtual_answer said[PG74_MOST_GUESTS];
    for (uint32_t unit = 0; unit < PG74_MOST_GUESTS; unit++) {
        if (!disks[unit].busy)
            continue;
        uint32_t status = driver_call(PARAVIRTUAL_PORT_IN, unit * PG74_PORT_UNIT + PG74_PORT_DISK_STATUS);
        if (status == DISK_BUSY)
            continue;
        disks[unit].busy = false;
        said[unit] = (struct paravirtual_answer){unit, PARAVIRTUAL_DISK,
                                                 status == DISK_DONE ? disks[unit].length : PARAVIRTUAL_FAILED};
        add(PARAVIRTUAL_ANSWER, address_of(&said[unit]));
        if (count == MOST_CALLS - 1)
            do_calls();
    }
}

_Noreturn void driver_serve(void)
{
    static void (*const drivers[PARAVIRTUAL_DEVICES])(void) = {drive_console, drive_disk, drive_network};
    see_command();
    end_transfers();
    add(shared.cause == PG74_CAUSE_DISK ? PARAVIRTUAL_WAIT : PARAVIRTUAL_TAKE, address_of(&request));
    taken = do_calls();
    while (taken != 0)
        drivers[request.device]();
    for (;;)
        driver_call(PARAVIRTUAL_WAIT, 0);
}

/* For people who run it where it is no driver domain. */
static uint32_t decline(void)
{
    for (const char *text = "driver_domain: there is nothing to drive here\n"; *text != '\0'; text++)
        pg74_out(PG74_PORT_CONSOLE_OUTPUT, (uint8_t)*text);
    return 0;
}

uint32_t driver_start(void)
{
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)driver_trap;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
    if (driver_call(PARAVIRTUAL_IDENTIFY, PARAVIRTUAL_VERSION) != PARAVIRTUAL_VERSION ||
        !(driver_call(PARAVIRTUAL_FEATURES, 0) & PARAVIRTUAL_DRIVES))
        return decline();
    shared.entry = (uint32_t)(uintptr_t)driver_event;
    if (driver_call(PARAVIRTUAL_START, address_of(&shared)) != 0)
        return 1;
    driver_serve();
}
