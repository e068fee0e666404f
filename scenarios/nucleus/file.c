/* file.c: a few small files. Sector 0 is the directory; file i has the FILE_SECTORS sectors after those of file i -
 * 1. A disk that has no directory yet is an empty one. */
#include "nucleus.h"

enum { DIRECTORY = 0, FILE_SECTORS = 16, ENTRIES = 15, DIRECTORY_MAGIC = 0x454c4946 /* "FILE" */ };

struct entry {
    char name[FILE_NAME_SIZE]; /* empty: no file */
    uint32_t size;             /* in bytes */
    uint32_t unused;
};

struct directory {
    uint32_t magic, unused[7];
    struct entry entries[ENTRIES];
};
_Static_assert(sizeof(struct directory) == SECTOR_SIZE, "the directory is one sector");

/* The directory, formatted in memory if the disk has none. It reaches the disk when the first file is written. */
static enum disk_result open_directory(struct directory **directory)
{
    uint8_t *bytes;
    enum disk_result result = disk_sector(DIRECTORY, false, &bytes);
    if (result != DISK_OK)
        return result;
    *directory = (void *)bytes;
    if ((*directory)->magic != DIRECTORY_MAGIC) {
        memset(bytes, 0, SECTOR_SIZE);
        (*directory)->magic = DIRECTORY_MAGIC;
    }
    return DISK_OK;
}

static struct entry *find_entry(struct directory *directory, const char *name)
{
    for (unsigned i = 0; i < ENTRIES; i++) {
        directory->entries[i].name[FILE_NAME_SIZE - 1] = '\0'; /* whatever the disk says */
        if (text_equal(directory->entries[i].name, name))
            return &directory->entries[i];
    }
    return NULL;
}

static uint32_t smaller(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

/* The buffer of the sector that byte `offset` of a file is in. */
static enum disk_result open_sector(const struct directory *directory, const struct entry *entry, uint32_t offset,
                                    bool whole, uint32_t *sector, uint8_t **bytes)
{
    uint32_t index = (uint32_t)(entry - directory->entries);
    *sector = 1 + index * FILE_SECTORS + offset / SECTOR_SIZE;
    return offset < FILE_SECTORS * SECTOR_SIZE ? disk_sector(*sector, whole, bytes) : DISK_FAILED;
}

enum disk_result file_read(struct process *process, const char *name, uint32_t offset, uint32_t address,
                           uint32_t length, int32_t *result)
{
    struct directory *directory;
    enum disk_result answer = open_directory(&directory);
    if (answer != DISK_OK)
        return answer;
    struct entry *entry = find_entry(directory, name);
    if (entry == NULL || name[0] == '\0')
        return DISK_FAILED;
    if (offset >= entry->size) {
        *result = 0;
        return DISK_OK;
    }
    uint32_t sector, start = offset % SECTOR_SIZE;
    uint32_t count = smaller(smaller(length, entry->size - offset), SECTOR_SIZE - start);
    uint8_t *bytes;
    answer = open_sector(directory, entry, offset, false, &sector, &bytes);
    if (answer != DISK_OK)
        return answer;
    *result = (int32_t)count;
    return machine_copy_to(&process->space, address, bytes + start, count) ? DISK_OK : DISK_FAILED;
}

/* Everything that may have to wait comes first; the directory and the file change only when nothing can wait any
 * more. */
enum disk_result file_write(struct process *process, const char *name, uint32_t offset, uint32_t address,
                            uint32_t length, int32_t *result)
{
    struct directory *directory;
    enum disk_result answer = open_directory(&directory);
    if (answer != DISK_OK)
        return answer;
    struct entry *entry = find_entry(directory, name);
    bool is_new = entry == NULL;
    if (is_new)
        entry = find_entry(directory, "");
    if (entry == NULL || name[0] == '\0' || offset > (is_new ? 0 : entry->size))
        return DISK_FAILED;

    uint32_t sector, start = offset % SECTOR_SIZE, count = smaller(length, SECTOR_SIZE - start);
    uint8_t *bytes, piece[SECTOR_SIZE];
    if (!machine_copy_from(&process->space, address, piece, count))
        return DISK_FAILED;
    answer = open_sector(directory, entry, offset, start == 0, &sector, &bytes);
    if (answer != DISK_OK)
        return answer;
    memcpy(bytes + start, piece, count);
    memset(bytes + start + count, 0, SECTOR_SIZE - start - count); /* the file ends here */
    disk_changed(sector);
    text_copy(entry->name, sizeof entry->name, name);
    entry->size = offset + count;
    disk_changed(DIRECTORY);
    *result = (int32_t)count;
    return DISK_OK;
}

enum disk_result file_name(uint32_t index, char name[FILE_NAME_SIZE], int32_t *result)
{
    struct directory *directory;
    enum disk_result answer = open_directory(&directory);
    if (answer != DISK_OK)
        return answer;
    for (unsigned i = 0; i < ENTRIES; i++) {
        struct entry *entry = &directory->entries[i];
        if (entry->name[0] == '\0' || index-- > 0)
            continue;
        entry->name[FILE_NAME_SIZE - 1] = '\0';
        text_copy(name, FILE_NAME_SIZE, entry->name);
        *result = (int32_t)entry->size;
        return DISK_OK;
    }
    return DISK_FAILED;
}
