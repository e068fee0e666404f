/* image.h: what the files that read images share. Private to machine/. */
#ifndef PG74_MACHINE_IMAGE_H
#define PG74_MACHINE_IMAGE_H

#include <elfutils/libdw.h>
#include <libelf.h>

#include "machine/internal.h"

/* Below it stand the trap area and the boot block, on machines that have that much memory. */
enum { MACHINE_IMAGE_START = 0x1000 };

struct machine_segment {
    uint32_t address, memory_length, file_length;
    const uint8_t *bytes; /* in the image's */
};

struct machine_symbol {
    uint32_t address;
    unsigned rank;    /* among symbols at one address: functions first */
    bool is_constant; /* a number, and no place in the program */
    const char *name; /* in the image's bytes */
};

/* From this address on, up to the next one's, code was made from this line. */
struct machine_line {
    uint32_t address, order; /* order: in the file */
    unsigned line;           /* 0: from here on, nothing is known */
    const char *file;
};

/* The line table, read when somebody first asks for a line: most runs ask for none, and reading it is a third of what it takes to
 * start one. */
struct machine_lines;

struct machine_image {
    char *file, *name;
    uint8_t *bytes;
    size_t length;
    Elf *elf;
    uint32_t entry, end;
    struct machine_segment *segments;
    unsigned segment_count;
    struct machine_symbol *symbols; /* places in the program, by address, and then constants */
    size_t symbol_count, place_count;
    struct machine_lines *lines;
};

void machine_image_read_symbols(struct machine_image *image);
void machine_image_free_symbols(struct machine_image *image);
struct machine_lines *machine_lines_new(void);
void machine_lines_free(struct machine_lines *lines);

#endif
