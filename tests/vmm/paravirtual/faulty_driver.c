/* faulty_driver.c: the driver domain with a fault in it: the one that FAULT names, at its call of the monitor number
 * AT. */
#define driver_call watched_call /* so all its calls come by here */
#include "../../../scenarios/driver_domain/driver_domain.c"
#undef driver_call

enum { NONE, TRAP, HALT, HANG, DEAF, STRAY, GREEDY, DROP, LEAVE };

uint32_t driver_call(uint32_t function, uint32_t argument);

/* ---- One that tries to reach what nobody has granted ------------------------------------------------------------- */

static uint32_t asked, wrong; /* the number of the first that was answered otherwise than it should, or 0 */

static void want(uint32_t wanted, uint32_t got)
{
    asked++;
    if (got != wanted && wrong == 0)
        wrong = asked;
}

static void copy_wrong(uint32_t unit, uint32_t device, uint32_t offset, uint32_t address, uint32_t length,
                       uint32_t wanted)
{
    struct paravirtual_copy copy = {unit, device, offset, address, length};
    want(wanted, driver_call(PARAVIRTUAL_COPY, address_of(&copy)));
}

static uint32_t out(uint32_t port, uint32_t value)
{
    struct paravirtual_port what = {port, value};
    return driver_call(PARAVIRTUAL_PORT_OUT, address_of(&what));
}

static uint32_t say(uint32_t unit, uint32_t device, uint32_t value)
{
    struct paravirtual_answer said = {unit, device, value};
    return driver_call(PARAVIRTUAL_ANSWER, address_of(&said));
}

/* With a line of guest 1's in hand: no more than the line, nobody else's anything, and no port that is not given
 * away. */
static void greedy_console(void)
{
    static const uint32_t ports[] = {PG74_PORT_CONSOLE_CONTROL, PG74_PORT_NETWORK_CONTROL, PG74_PORT_CYCLES_LOW,
                                     PG74_PORT_REPORT_CODE,
                                     PG74_PORT_UNIT + PG74_PORT_CONSOLE_OUTPUT, PG74_PORT_UNIT + PG74_PORT_DISK_COMMAND,
                                     2 * PG74_PORT_UNIT, 16 * PG74_PORT_UNIT, 0xffffff00};
    const uint32_t own = address_of(bytes), length = request.length, size = pg74_boot_block.memory_size;

    copy_wrong(0, PARAVIRTUAL_CONSOLE, 0, own, length + 1, PARAVIRTUAL_BAD_ADDRESS);
    copy_wrong(0, PARAVIRTUAL_CONSOLE, length, own, 1, PARAVIRTUAL_BAD_ADDRESS);
    copy_wrong(0, PARAVIRTUAL_CONSOLE, 0xfffffffc, own, 8, PARAVIRTUAL_BAD_ADDRESS);
    copy_wrong(0, PARAVIRTUAL_CONSOLE, 0, own, 0xffffffff, PARAVIRTUAL_BAD_ADDRESS);
    copy_wrong(0, PARAVIRTUAL_CONSOLE, 0, size - 1, length, PARAVIRTUAL_BAD_ADDRESS);
    copy_wrong(0, PARAVIRTUAL_CONSOLE, 0, 0xffffffff, length, PARAVIRTUAL_BAD_ADDRESS);
    copy_wrong(0, PARAVIRTUAL_NETWORK, 0, own, 1, PARAVIRTUAL_BAD_FUNCTION);
    copy_wrong(0, PARAVIRTUAL_DEVICES, 0, own, 1, PARAVIRTUAL_BAD_FUNCTION);
    copy_wrong(1, PARAVIRTUAL_CONSOLE, 0, own, 1, PARAVIRTUAL_BAD_FUNCTION);
    copy_wrong(2, PARAVIRTUAL_CONSOLE, 0, own, 1, PARAVIRTUAL_BAD_FUNCTION);
    copy_wrong(0xffffffff, PARAVIRTUAL_CONSOLE, 0, own, 1, PARAVIRTUAL_BAD_FUNCTION);
    for (uint32_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        want(PARAVIRTUAL_BAD_FUNCTION, out(ports[i], 1));
        want(PARAVIRTUAL_BAD_FUNCTION, driver_call(PARAVIRTUAL_PORT_IN, ports[i]));
    }
    out(PG74_PORT_NETWORK_ADDRESS, 0);
    out(PG74_PORT_NETWORK_LENGTH, 64);
    want(PARAVIRTUAL_BAD_ADDRESS, out(PG74_PORT_NETWORK_COMMAND, NETWORK_RECEIVE));
    want(PARAVIRTUAL_BAD_FUNCTION, say(0, PARAVIRTUAL_NETWORK, 0));
    want(PARAVIRTUAL_BAD_FUNCTION, say(1, PARAVIRTUAL_CONSOLE, 0));
    want(PARAVIRTUAL_BAD_ADDRESS, driver_call(PARAVIRTUAL_TAKE, size - 4));
    pg74_out(PG74_PORT_CONSOLE_OUTPUT, '!'); /* its own ports are no unit's */
    pg74_out(PG74_PORT_UNIT + PG74_PORT_CONSOLE_OUTPUT, '!');
}

/* With one of its sectors in hand. */
static void greedy_disk(void)
{
    const uint32_t wrongs[][3] = {{512, 1, request.operation}, {16, 1, request.operation}, {0, 2, request.operation},
                                  {0, 0x800001, request.operation}, {0xfffffe00, 1, request.operation},
                                  {0, 1, 3 - request.operation},
                                  {0, 1, 0}};
    for (uint32_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        out(PG74_PORT_DISK_SECTOR, request.sector);
        out(PG74_PORT_DISK_ADDRESS, wrongs[i][0]);
        out(PG74_PORT_DISK_COUNT, wrongs[i][1]);
        want(PARAVIRTUAL_BAD_ADDRESS, out(PG74_PORT_DISK_COMMAND, wrongs[i][2]));
    }
    out(PG74_PORT_DISK_ADDRESS, 0);
    out(PG74_PORT_DISK_COUNT, 1);
    /* By one trap, so that the disk has had no time: it is busy, and its buffer still granted. */
    static struct paravirtual_port command;
    static struct paravirtual_answer said;
    static struct paravirtual_call three[3];
    static struct paravirtual_calls list;
    command = (struct paravirtual_port){PG74_PORT_DISK_COMMAND, request.operation};
    said = (struct paravirtual_answer){0, PARAVIRTUAL_DISK, 512};
    three[0] = three[1] = (struct paravirtual_call){PARAVIRTUAL_PORT_OUT, address_of(&command), 77};
    three[2] = (struct paravirtual_call){PARAVIRTUAL_ANSWER, address_of(&said), 77};
    list = (struct paravirtual_calls){address_of(three), 3};
    want(3, driver_call(PARAVIRTUAL_CALLS, address_of(&list)));
    want(0, three[0].answer);
    want(PARAVIRTUAL_FAILED, three[1].answer);
    want(PARAVIRTUAL_FAILED, three[2].answer);
}

/* With that sector no longer in hand. */
static void greedy_afterwards(void)
{
    copy_wrong(0, PARAVIRTUAL_DISK, 0, address_of(bytes), 512, PARAVIRTUAL_BAD_FUNCTION);
    out(PG74_PORT_DISK_ADDRESS, 0);
    want(PARAVIRTUAL_BAD_ADDRESS, out(PG74_PORT_DISK_COMMAND, PARAVIRTUAL_READ));
    want(PARAVIRTUAL_BAD_ADDRESS, out(PG74_PORT_DISK_COMMAND, PARAVIRTUAL_WRITE_OUT));
}

/* Says on guest 1's console what came of it. */
static void tell(void)
{
    static const char text[] = "greedy: 00 is wrong\n";
    static char line[sizeof text];
    for (uint32_t i = 0; i < sizeof text; i++)
        line[i] = text[i];
    line[8] = (char)('0' + wrong / 10 % 10);
    line[9] = (char)('0' + wrong % 10);
    struct paravirtual_port_bytes moved = {PG74_PORT_CONSOLE_OUTPUT, address_of(line), sizeof text - 1};
    driver_call(PARAVIRTUAL_PORT_WRITE, address_of(&moved));
}

/* Each once. The transfer that was begun ends before any more is done. */
static void be_greedy(void)
{
    static bool console, disk, told;
    if (!console && request.device == PARAVIRTUAL_CONSOLE && request.unit == 0) {
        console = true;
        greedy_console();
    } else if (console && !disk && request.device == PARAVIRTUAL_DISK) {
        disk = true;
        greedy_disk();
        while (driver_call(PARAVIRTUAL_PORT_IN, PG74_PORT_DISK_STATUS) == DISK_BUSY)
            ;
    } else if (disk && !told && request.device == PARAVIRTUAL_CONSOLE) {
        told = true;
        greedy_afterwards();
        tell();
    }
}

/* Has it a sector in hand, or (`busy`) the disk one for it? */
static bool at_disk(bool busy)
{
    return busy ? disks[0].busy : taken != 0 && request.device == PARAVIRTUAL_DISK;
}

/* ---- The faults -------------------------------------------------------------------------------------------------- */

uint32_t watched_call(uint32_t function, uint32_t argument)
{
    static uint32_t number;
    volatile uint32_t *everywhere = (volatile uint32_t *)(uintptr_t)pg74_boot_block.memory_size;

    if (FAULT == GREEDY && taken != 0 && function == PARAVIRTUAL_CALLS)
        be_greedy();
    if ((FAULT == DROP || FAULT == LEAVE) && at_disk(FAULT == LEAVE))
        pg74_halt(99);
    if (FAULT == GREEDY || ++number < AT)
        return driver_call(function, argument);
    if (FAULT == TRAP)
        __asm__ volatile(".word 0");
    if (FAULT == HALT)
        pg74_halt(99);
    if (FAULT == STRAY)
        for (;;)
            *everywhere++ = 0;
    while (FAULT == HANG)
        ;
    if (FAULT == DEAF)
        function = PARAVIRTUAL_WAIT;
    return driver_call(function, argument);
}
