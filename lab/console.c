/* console.c: what guests write, printed as it comes. */
#include "lab/console.h"

#include <string.h>

static void print_lines(FILE *stream, unsigned unit, const char *bytes, size_t length, size_t *printed, bool is_end)
{
    while (*printed < length) {
        const char *line = bytes + *printed;
        const char *end = memchr(line, '\n', length - *printed);
        if (end == NULL && !is_end)
            return;
        size_t line_length = end != NULL ? (size_t)(end - line) : length - *printed;
        fprintf(stream, "%u: ", unit + 1);
        fwrite(line, 1, line_length, stream);
        putc('\n', stream);
        *printed += line_length + (end != NULL);
    }
}

void lab_consoles_print(struct lab_consoles *consoles, const struct machine *machine, bool is_end)
{
    for (unsigned unit = 0; unit < machine_guest_count(machine); unit++) {
        size_t length, *printed = &consoles->printed[unit];
        const char *bytes = (const char *)machine_console(machine, unit, &length);
        if (length <= *printed) /* a machine that went back in time has written less */
            continue;
        if (machine_guest_count(machine) > 1) {
            print_lines(consoles->stream, unit, bytes, length, printed, is_end);
            continue;
        }
        fwrite(bytes + *printed, 1, length - *printed, consoles->stream);
        *printed = length;
    }
    fflush(consoles->stream);
}
