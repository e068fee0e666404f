/* disk.c: the disk without a kernel: writing and reading by DMA, the end seen by polling and by interrupt, and what
 * fails. */
#include "common/guest.h"

enum { READ = 1, WRITE = 2, IDLE = 0, BUSY = 1, DONE = 2, FAILED = 3, SECTORS = 2, SIZE = SECTORS * 512 };

static uint8_t out_bytes[SIZE], in_bytes[SIZE];
static volatile uint32_t interrupts;

static void start(uint32_t command, uint32_t sector, uint32_t address, uint32_t count)
{
    pg74_out(PG74_PORT_DISK_SECTOR, sector);
    pg74_out(PG74_PORT_DISK_ADDRESS, address);
    pg74_out(PG74_PORT_DISK_COUNT, count);
    pg74_out(PG74_PORT_DISK_COMMAND, command);
}

static uint32_t address_of(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

static uint32_t poll(void)
{
    uint32_t status;
    do
        status = pg74_in(PG74_PORT_DISK_STATUS);
    while (status == BUSY);
    return status;
}

void guest_trap(void)
{
    interrupts += pg74_trap_area.cause == PG74_CAUSE_DISK;
    pg74_trap_area.old_psw.flags = 0; /* and do not interrupt again */
}

/* The interrupt may be requested before `idle` or end it, and is taken when it is enabled. The status may have changed
 * long before: how long a transfer takes is nothing to rely on. */
static uint32_t wait(void)
{
    uint32_t before = interrupts;
    while (interrupts == before) {
        pg74_idle();
        pg74_setflags(PG74_FLAG_ENABLE);
        pg74_setflags(0);
    }
    return interrupts - before;
}

static bool report(const char *what, bool right)
{
    print("%-40s %s\n", what, right ? "right" : "WRONG");
    return right;
}

uint32_t main(uint32_t argument)
{
    uint32_t size = pg74_in(PG74_PORT_DISK_SIZE);
    struct random random = {777};
    bool right = true;
    (void)argument;
    guest_traps_on();
    if (size < SECTORS) {
        print("there is no disk\n");
        return 0;
    }
    for (uint32_t i = 0; i < SIZE; i++)
        out_bytes[i] = (uint8_t)random_next(&random);

    start(WRITE, size - SECTORS, address_of(out_bytes), SECTORS);
    right &= report("writing, seen by polling", poll() == DONE);
    right &= report("after that it is idle", pg74_in(PG74_PORT_DISK_STATUS) == IDLE);
    pg74_setflags(PG74_FLAG_ENABLE); /* the request of that transfer is still there */
    pg74_setflags(0);

    start(READ, size - SECTORS, address_of(in_bytes), SECTORS);
    right &= report("reading, seen by interrupt", wait() == 1 && pg74_in(PG74_PORT_DISK_STATUS) == DONE);
    __asm__ volatile("" : : : "memory");
    right &= report("the same comes back", memcmp(out_bytes, in_bytes, SIZE) == 0);

    start(READ, size - 1, address_of(in_bytes), SECTORS);
    right &= report("past the end of the disk it fails", poll() == FAILED);
    start(READ, 0, pg74_boot_block.memory_size - 512, SECTORS);
    right &= report("past the end of memory it fails", poll() == FAILED);
    start(READ, 0xffffffff, address_of(in_bytes), 2);
    right &= report("numbers that wrap around fail", poll() == FAILED);
    return !right;
}
