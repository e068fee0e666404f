/* source_lines.c: from addresses of an image to source lines. A program without them, or with damaged ones, runs all the
 * same. */
#include "machine/image.h"

#include <pthread.h>
#include <stdlib.h>

struct machine_lines {
    pthread_mutex_t lock; /* threads may share an image */
    bool is_read;
    Dwarf *dwarf; /* the names in `list` are its; or NULL */
    struct machine_line *list; /* by address */
    size_t count, capacity;
};

static void add(struct machine_lines *lines, const struct machine_line *line)
{
    if (lines->count == lines->capacity) {
        lines->capacity = lines->capacity ? lines->capacity * 2 : 1024;
        lines->list = machine_resize(lines->list, lines->capacity * sizeof *lines->list);
    }
    lines->list[lines->count++] = *line;
}

static bool is_loaded(const struct machine_image *image, Dwarf_Addr address)
{
    for (unsigned i = 0; i < image->segment_count; i++)
        if (address >= image->segments[i].address && address - image->segments[i].address < image->segments[i].memory_length)
            return true;
    return false;
}

/* All lines of a compilation unit. What the linker left out stands at address 0 or so: in no segment. */
static void add_unit(const struct machine_image *image, struct machine_lines *lines, Dwarf_Die *unit)
{
    Dwarf_Lines *found;
    size_t count;
    bool is_left_out = false;
    if (dwarf_getsrclines(unit, &found, &count) != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        Dwarf_Line *line = dwarf_onesrcline(found, i);
        Dwarf_Addr address;
        int number;
        bool ends;
        if (!line || dwarf_lineaddr(line, &address) != 0 || dwarf_lineno(line, &number) != 0 ||
            dwarf_lineendsequence(line, &ends) != 0)
            continue;
        bool is_there = is_loaded(image, address);
        const char *file = dwarf_linesrc(line, NULL, NULL);
        if ((is_there && file) || (ends && !is_left_out && address <= image->end))
            add(lines, &(struct machine_line){(uint32_t)address, (uint32_t)lines->count,
                                              ends || number <= 0 ? 0 : (unsigned)number, file});
        is_left_out = !is_there;
    }
}

/* By address; at one address in their order, but the end of one sequence before the beginning of the next. */
static int by_address(const void *left, const void *right)
{
    const struct machine_line *a = left, *b = right;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    if ((a->line == 0) != (b->line == 0))
        return a->line == 0 ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void read_lines(const struct machine_image *image, struct machine_lines *lines)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;
    lines->dwarf = dwarf_begin_elf(image->elf, DWARF_C_READ, NULL);
    while (lines->dwarf && dwarf_get_units(lines->dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
        add_unit(image, lines, &die);
    if (lines->count)
        qsort(lines->list, lines->count, sizeof *lines->list, by_address);
    lines->is_read = true;
}

struct machine_lines *machine_lines_new(void)
{
    struct machine_lines *lines = machine_allocate(1, sizeof *lines);
    pthread_mutex_init(&lines->lock, NULL);
    return lines;
}

void machine_lines_free(struct machine_lines *lines)
{
    if (lines->dwarf)
        dwarf_end(lines->dwarf);
    pthread_mutex_destroy(&lines->lock);
    free(lines->list);
    free(lines);
}

/* The last line that begins at the address or before it; NULL if none does. */
static const struct machine_line *line_before(const struct machine_lines *lines, uint32_t address)
{
    size_t low = 0, high = lines->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lines->list[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &lines->list[low - 1] : NULL;
}

bool machine_image_line(const struct machine_image *image, uint32_t address, const char **file, unsigned *line)
{
    struct machine_lines *lines = image->lines;
    pthread_mutex_lock(&lines->lock);
    if (!lines->is_read)
        read_lines(image, lines);
    pthread_mutex_unlock(&lines->lock); /* once read, they stay as they are */
    const struct machine_line *found = line_before(lines, address);
    if (found == NULL || found->line == 0 || !found->file)
        return false;
    *file = found->file;
    *line = found->line;
    return true;
}
