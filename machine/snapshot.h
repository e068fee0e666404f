/* snapshot.h: the whole machine at one moment, as the files that keep moments share it. Private to machine/. */
#ifndef PG74_MACHINE_SNAPSHOT_H
#define PG74_MACHINE_SNAPSHOT_H

#include "machine/internal.h"

enum { MACHINE_PAGE = 4096 };

/* A page as it was; those who hold it count. */
struct machine_page {
    unsigned holders;
    uint8_t bytes[MACHINE_PAGE];
};

/* Bytes as they were, by pages: NULL where all are zero. Pages that did not change are shared with the moment
 * before. */
struct machine_pages {
    size_t length, count;
    struct machine_page **pages;
};

/* Keeps `length` bytes; `before` (may be empty) is what was kept of them last time. */
void machine_pages_keep(struct machine_pages *pages, const uint8_t *bytes, size_t length,
                        const struct machine_pages *before);

/* Puts them back. Calls `changed` (may be NULL) for each stretch that was different. */
void machine_pages_put_back(const struct machine_pages *pages, uint8_t *bytes,
                            void (*changed)(struct machine *machine, uint32_t address, uint32_t length),
                            struct machine *machine);
void machine_pages_share(struct machine_pages *to, const struct machine_pages *from);
void machine_pages_free(struct machine_pages *pages);

bool machine_is_zero(const uint8_t *bytes, size_t length);

/* What the last snapshot of a machine kept. */
struct machine_recent {
    struct machine_pages memory, outputs[MACHINE_MOST_UNITS], disks[MACHINE_MOST_UNITS];
};

struct machine_snapshot_unit {
    struct machine_unit unit; /* its pointers mean nothing, but those to frames */
    struct machine_pages output, disk;
};

struct machine_snapshot {
    unsigned unit_count;
    uint32_t *state;
    struct machine_time time;
    uint64_t next_event;
    struct machine_pages memory;
    struct machine_snapshot_unit units[];
};

#endif
