/* machine_find.c: what an address or a name means. Each program has names of its own, and two may have the same. */
#include "tui/machine.h"

#include <stdlib.h>
#include <string.h>

static char *name_of(const struct tui_machine *screen, unsigned program)
{
    char *name = NULL;
    size_t length;
    FILE *stream = open_memstream(&name, &length);
    if (stream == NULL)
        abort();
    lab_debug_print_name(screen->debug, program, stream);
    fclose(stream);
    return name;
}

static bool is_called(const struct tui_machine *screen, unsigned program, const char *text, size_t length)
{
    char *name = name_of(screen, program);
    bool is_it = strlen(name) == length && memcmp(name, text, length) == 0;
    free(name);
    return is_it;
}

static bool find_in(const struct tui_machine *screen, unsigned program, const char *text, struct tui_found *found)
{
    const struct machine_image *image = lab_debug_program(screen->debug, program)->image;
    char *end;
    found->program = program;
    found->address = (uint32_t)strtoul(text, &end, 0);
    return (end != text && *end == '\0') || (image != NULL && machine_image_address(image, text, &found->address));
}

/* First of all programs but one that has it; false if none has. */
static bool find_elsewhere(const struct tui_machine *screen, unsigned program, const char *text, struct tui_found *found)
{
    for (unsigned i = 0; i < lab_debug_program_count(screen->debug); i++)
        if (i != program && find_in(screen, i, text, found))
            return true;
    return false;
}

bool tui_machine_find(const struct tui_machine *screen, const char *text, struct tui_found *found)
{
    const char *colon = strrchr(text, ':'), *name = colon != NULL ? colon + 1 : text;
    struct tui_found other;
    char *program;
    found->note[0] = '\0';
    if (colon != NULL) {
        unsigned i = 0;
        while (i < lab_debug_program_count(screen->debug) && !is_called(screen, i, text, (size_t)(colon - text)))
            i++;
        if (i == lab_debug_program_count(screen->debug) || !find_in(screen, i, name, found))
            return false;
    } else if (!find_in(screen, screen->program, name, found) && !find_elsewhere(screen, screen->program, name, found)) {
        return false;
    }
    bool is_number = strspn(name, "0123456789") > 0;
    bool has_another = !is_number && colon == NULL && find_elsewhere(screen, found->program, name, &other);
    if (!has_another && colon == NULL && found->program == screen->program)
        return true;
    program = name_of(screen, found->program);
    int used = snprintf(found->note, sizeof found->note, " of %s", program);
    free(program);
    if (has_another && used > 0 && (size_t)used < sizeof found->note) {
        program = name_of(screen, other.program);
        snprintf(found->note + used, sizeof found->note - (size_t)used, " (or %s:%s)", program, name);
        free(program);
    }
    return true;
}
