/* machine_copy.c: a machine once more: a clone, or one from a file. */
#include "tui/machine.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct tui_machine *tui_machine_open_file(const struct tui_machine *like, const char *path,
                                          struct isa_diagnostics *diagnostics)
{
    struct machine *machine = machine_restore(like->isa, path, MACHINE_FAST, diagnostics);
    if (machine == NULL)
        return NULL;
    if (machine_memory_size(machine) != machine_memory_size(like->machine) ||
        machine_guest_count(machine) != machine_guest_count(like->machine)) {
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_DATA, NULL, "%s is not of a machine like %s", path,
                              like->title);
        machine_free(machine);
        return NULL;
    }
    const struct tui_open open = {machine, like->programs, like->title};
    struct tui_machine *copy = tui_machine_new(&open);
    copy->own = machine;
    return copy;
}

struct tui_machine *tui_machine_clone(const struct tui_machine *screen, struct isa_diagnostics *diagnostics)
{
    char path[256];
    const char *folder = getenv("TMPDIR");
    struct tui_machine *copy = NULL;
    snprintf(path, sizeof path, "%s/pg74-clone-XXXXXX", folder != NULL ? folder : "/tmp");
    int file = mkstemp(path);
    if (file < 0) {
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "%s cannot be written", path);
        return NULL;
    }
    close(file);
    if (machine_save(screen->machine, path, diagnostics))
        copy = tui_machine_open_file(screen, path, diagnostics);
    unlink(path);
    if (copy != NULL && !screen->has_gone_back)
        checker_progress_copy(copy->progress, screen->progress);
    return copy;
}

