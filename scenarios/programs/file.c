/* file.c: whole files, by as many system calls as they have sectors. */
#include "process.h"

int32_t file_read(const char *name, void *bytes, uint32_t length)
{
    unsigned char *next = bytes;
    uint32_t done = 0;
    while (done < length) {
        int32_t count = system_file_read(name, done, next + done, length - done);
        if (count < 0)
            return -1;
        if (count == 0)
            break;
        done += (uint32_t)count;
    }
    return (int32_t)done;
}

bool file_write(const char *name, const void *bytes, uint32_t length)
{
    const unsigned char *next = bytes;
    uint32_t done = 0;
    do {
        int32_t count = system_file_write(name, done, next + done, length - done);
        if (count < 0 || (count == 0 && length > 0))
            return false;
        done += (uint32_t)count;
    } while (done < length);
    return true;
}
