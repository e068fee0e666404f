/* disk.c: the disk: a few sectors kept in memory, and a driver that moves one sector at a time by DMA.
 *
 * Nobody calls the driver and waits. Buffers say what they need (to be read, to be written), the driver serves one of
 * them, and its interrupt calls for the next. Writing is finished behind the writer's back; the kernel does not halt
 * before all is written. */
#include "nucleus.h"

enum { BUFFERS = 16 };

struct buffer {
    uint8_t bytes[SECTOR_SIZE];
    uint32_t sector;
    uint32_t used;  /* the system call that last used it; 0: the buffer is empty */
    bool valid;     /* holds what the disk holds, or something newer; else it is to be read */
    bool changed;   /* holds something newer: it is to be written */
    bool failed;    /* reading has failed */
};

static struct buffer buffers[BUFFERS];
static struct buffer *in_transfer; /* NULL: the disk is idle */
static bool transfer_writes;
static uint32_t sectors;  /* size of the disk */
static uint32_t calls;    /* counts system calls */

void disk_start(void)
{
    sectors = machine_disk_size();
}

uint32_t disk_size(void)
{
    return sectors;
}

void disk_new_call(void)
{
    calls++;
}

/* Gives the disk something to do, if it is idle and there is something: readers wait, so they go first. */
static void serve(void)
{
    struct buffer *next = NULL;
    for (unsigned i = 0; i < BUFFERS; i++) {
        struct buffer *buffer = &buffers[i];
        bool wants_reading = buffer->used != 0 && !buffer->valid && !buffer->failed;
        if (wants_reading || (buffer->changed && next == NULL))
            next = buffer;
        if (wants_reading)
            break;
    }
    if (in_transfer != NULL || next == NULL)
        return;
    in_transfer = next;
    transfer_writes = next->changed;
    next->changed = false; /* a change while the transfer goes on must be written again */
    machine_disk_start(transfer_writes, next->sector, next->bytes);
}

bool disk_busy(void)
{
    serve();
    return in_transfer != NULL;
}

void disk_interrupt(void)
{
    struct buffer *buffer = in_transfer;
    in_transfer = NULL;
    bool succeeded = machine_disk_succeeded();
    if (buffer != NULL && !transfer_writes) {
        buffer->valid = succeeded;
        buffer->failed = !succeeded;
    } else if (!succeeded) {
        console_print("nucleus: the disk has failed");
    }
    serve();
}

/* The buffer of a sector, or the one that has been unused for longest, or NULL: all are needed at present. */
static struct buffer *find(uint32_t sector)
{
    struct buffer *oldest = NULL;
    for (unsigned i = 0; i < BUFFERS; i++) {
        struct buffer *buffer = &buffers[i];
        if (buffer->used != 0 && buffer->sector == sector)
            return buffer;
        bool needed = buffer == in_transfer || buffer->changed || buffer->used == calls ||
                      (buffer->used != 0 && !buffer->valid && !buffer->failed);
        if (!needed && (oldest == NULL || buffer->used < oldest->used))
            oldest = buffer;
    }
    return oldest;
}

enum disk_result disk_sector(uint32_t sector, bool whole, uint8_t **bytes)
{
    if (sector >= sectors)
        return DISK_FAILED;
    struct buffer *buffer = find(sector);
    if (buffer == NULL)
        return DISK_WAIT;
    if (buffer->used == 0 || buffer->sector != sector)
        *buffer = (struct buffer){.sector = sector};
    buffer->used = calls;
    if (buffer->failed) {
        buffer->used = 0; /* the next who asks tries again */
        return DISK_FAILED;
    }
    if (whole && buffer != in_transfer)
        buffer->valid = true;
    *bytes = buffer->bytes;
    serve();
    return buffer->valid ? DISK_OK : DISK_WAIT;
}

void disk_changed(uint32_t sector)
{
    struct buffer *buffer = find(sector);
    buffer->changed = true;
    serve();
}
