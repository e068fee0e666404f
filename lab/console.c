/* console.c: what guests write, printed as it comes. */
#include "lab/console.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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
        FILE *file = consoles->files[unit] != NULL ? consoles->files[unit] : consoles->stream;
        if (file == consoles->stream && machine_guest_count(machine) > 1) {
            print_lines(consoles->stream, unit, bytes, length, printed, is_end);
            continue;
        }
        fwrite(bytes + *printed, 1, length - *printed, file);
        fflush(file);
        *printed = length;
    }
    fflush(consoles->stream);
}

static void complain(const char *path, struct isa_diagnostics *diagnostics)
{
    const struct isa_place place = {.file = path};
    isa_diagnostics_error(diagnostics, &place, ISA_EXIT_NO_INPUT, NULL, "cannot be written: %s", strerror(errno));
}

bool lab_consoles_open(struct lab_consoles *consoles, const char *folder, unsigned guests, struct isa_diagnostics *diagnostics)
{
    char path[4096];
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        complain(folder, diagnostics);
        return false;
    }
    for (unsigned unit = 0; unit < guests; unit++) {
        int length = snprintf(path, sizeof path, "%s/guest-%u.txt", folder, unit + 1);
        errno = ENAMETOOLONG;
        consoles->files[unit] = length < (int)sizeof path ? fopen(path, "w") : NULL;
        if (consoles->files[unit] == NULL) {
            complain(path, diagnostics);
            lab_consoles_close(consoles, folder, diagnostics);
            return false;
        }
    }
    return true;
}

void lab_consoles_close(struct lab_consoles *consoles, const char *folder, struct isa_diagnostics *diagnostics)
{
    for (unsigned unit = 0; unit < MACHINE_MOST_UNITS; unit++) {
        FILE *file = consoles->files[unit];
        consoles->files[unit] = NULL;
        if (file != NULL && (ferror(file) | fclose(file)))
            complain(folder, diagnostics);
    }
}
