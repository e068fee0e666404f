/* source_lines.c: from addresses of an image to source lines. A program without them, or with damaged ones, runs all the
 * same. */
#include "machine/image.h"

#include <stdlib.h>

static void add(struct machine_image *image, size_t *capacity, const struct machine_line *line)
{
    if (image->line_count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 1024;
        image->lines = machine_resize(image->lines, *capacity * sizeof *image->lines);
    }
    image->lines[image->line_count++] = *line;
}

static bool is_loaded(const struct machine_image *image, Dwarf_Addr address)
{
    for (unsigned i = 0; i < image->segment_count; i++)
        if (address >= image->segments[i].address && address - image->segments[i].address < image->segments[i].memory_length)
            return true;
    return false;
}

/* All lines of a compilation unit. What the linker left out stands at address 0 or so: in no segment. */
static void add_unit(struct machine_image *image, size_t *capacity, Dwarf_Die *unit)
{
    Dwarf_Lines *lines;
    size_t count;
    bool is_left_out = false;
    if (dwarf_getsrclines(unit, &lines, &count) != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        Dwarf_Line *line = dwarf_onesrcline(lines, i);
        Dwarf_Addr address;
        int number;
        bool ends;
        if (!line || dwarf_lineaddr(line, &address) != 0 || dwarf_lineno(line, &number) != 0 ||
            dwarf_lineendsequence(line, &ends) != 0)
            continue;
        bool is_there = is_loaded(image, address);
        const char *file = dwarf_linesrc(line, NULL, NULL);
        if ((is_there && file) || (ends && !is_left_out && address <= image->end))
            add(image, capacity, &(struct machine_line){(uint32_t)address, (uint32_t)image->line_count,
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

void machine_image_read_lines(struct machine_image *image)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;
    size_t capacity = 0;
    image->dwarf = dwarf_begin_elf(image->elf, DWARF_C_READ, NULL);
    while (image->dwarf && dwarf_get_units(image->dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
        add_unit(image, &capacity, &die);
    if (image->line_count)
        qsort(image->lines, image->line_count, sizeof *image->lines, by_address);
}

void machine_image_free_lines(struct machine_image *image)
{
    if (image->dwarf)
        dwarf_end(image->dwarf);
    free(image->lines);
}

bool machine_image_line(const struct machine_image *image, uint32_t address, const char **file, unsigned *line)
{
    size_t low = 0, high = image->line_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (image->lines[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || image->lines[low - 1].line == 0 || !image->lines[low - 1].file)
        return false;
    *file = image->lines[low - 1].file;
    *line = image->lines[low - 1].line;
    return true;
}
