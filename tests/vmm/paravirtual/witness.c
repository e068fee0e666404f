/* witness.c: a guest that has a secret (the character on its console), of which all its memory is full, and its disk
 * in the end. It looks again and again whether anything has changed; nobody else should be able to tell the one
 * secret from the other. */
#include "common/guest.h"

enum { ROUNDS = 3, SECTOR = 512, SECTORS = 8, DISK_BUSY = 1 };

extern uint32_t image_end[];
static uint32_t sector[SECTOR * SECTORS / 4];

static uint32_t expected(uint32_t secret, uint32_t number)
{
    return secret * 0x01010101 ^ number * 0x9e3779b1;
}

static uint32_t transfer(uint32_t command)
{
    pg74_out(PG74_PORT_DISK_SECTOR, 0);
    pg74_out(PG74_PORT_DISK_ADDRESS, (uint32_t)(uintptr_t)sector);
    pg74_out(PG74_PORT_DISK_COUNT, SECTORS);
    pg74_out(PG74_PORT_DISK_COMMAND, command);
    uint32_t status;
    while ((status = pg74_in(PG74_PORT_DISK_STATUS)) == DISK_BUSY)
        ;
    return status;
}

uint32_t main(uint32_t argument)
{
    uint32_t secret = pg74_in(PG74_PORT_CONSOLE_INPUT), wrong = argument;
    volatile uint32_t *first = image_end;
    uint32_t count = (pg74_boot_block.memory_size - 4096 - (uint32_t)(uintptr_t)image_end) / 4;

    for (uint32_t i = 0; i < count; i++)
        first[i] = expected(secret, i);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < count; i++)
            wrong += first[i] != expected(secret, i);
        for (uint32_t i = 0; i < SECTOR * SECTORS / 4; i++)
            sector[i] = expected(secret, round + i);
        wrong += transfer(2) != 2;
        for (uint32_t i = 0; i < SECTOR * SECTORS / 4; i++)
            sector[i] = 0;
        wrong += transfer(1) != 2;
        for (uint32_t i = 0; i < SECTOR * SECTORS / 4; i++)
            wrong += sector[i] != expected(secret, round + i);
    }
    print("%u words have changed\n", wrong);
    return wrong != 0;
}
