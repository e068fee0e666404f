/* disk.c: exercises the disk: a file of several sectors and a single sector are written, read back and compared. */
#include "process.h"

enum { LENGTH = 3 * SECTOR_SIZE + 100, LEAST_SECTORS = 34 /* directory, two files, and one more */ };
static uint8_t written[LENGTH], read_back[LENGTH];

static uint32_t sum_of(const uint8_t *bytes, uint32_t length)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < length; i++)
        sum = sum * 31 + bytes[i];
    return sum;
}

static bool check_file(const char *name)
{
    struct random random = {12345};
    for (uint32_t i = 0; i < LENGTH; i++)
        written[i] = (uint8_t)random_next(&random);
    if (!file_write(name, written, LENGTH)) {
        print("cannot write %s\n", name);
        return false;
    }
    int32_t length = file_read(name, read_back, LENGTH);
    bool right = length == LENGTH && memcmp(written, read_back, LENGTH) == 0;
    print("%s: %d bytes, sum %08x, %s\n", name, length, sum_of(read_back, LENGTH), right ? "right" : "WRONG");
    return right;
}

/* A single sector; the last, which neither of our files uses. */
static bool check_sector(uint32_t sector)
{
    if (system_disk_write(sector, written) < 0 || system_disk_read(sector, read_back) < 0) {
        print("cannot use sector %u\n", sector);
        return false;
    }
    bool right = memcmp(written, read_back, SECTOR_SIZE) == 0;
    print("sector %u: sum %08x, %s\n", sector, sum_of(read_back, SECTOR_SIZE), right ? "right" : "WRONG");
    return right;
}

uint32_t main(uint32_t argument)
{
    uint32_t size = system_disk_size();
    (void)argument;
    if (size == 0) {
        print("there is no disk\n");
        return 0;
    }
    if (size < LEAST_SECTORS) {
        print("the disk is too small: %u sectors, not %u\n", size, LEAST_SECTORS);
        return 0;
    }
    static const char diary[] = "The disk was here.\n";
    bool right = check_file("numbers");
    if (!file_write("diary", diary, sizeof diary - 1)) {
        print("cannot write diary\n");
        right = false;
    }
    right &= check_sector(size - 1);
    if (system_disk_read(size, read_back) >= 0) {
        print("there is a sector %u, after the last\n", size);
        right = false;
    }
    return !right;
}
