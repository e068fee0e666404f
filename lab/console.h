/* console.h: what guests write, printed as it comes. */
#ifndef PG74_LAB_CONSOLE_H
#define PG74_LAB_CONSOLE_H

#include <stdio.h>

#include "machine/machine.h"

struct lab_consoles {
    FILE *stream;
    FILE *files[MACHINE_MOST_UNITS]; /* of each guest, after lab_consoles_open */
    size_t printed[MACHINE_MOST_UNITS]; /* bytes of each console */
};

/* Prints what is new, and flushes. One guest's output comes as it is; that of several by whole lines, each with the guest's
 * number before it, until `is_end`, when what is left of a line comes, too. */
void lab_consoles_print(struct lab_consoles *consoles, const struct machine *machine, bool is_end);

/* From now on what guests write goes, as it is, to a file for each in a folder, guest-1.txt and so on, and no longer to the
 * stream. The folder is made where there is none. False with a diagnostic. */
bool lab_consoles_open(struct lab_consoles *consoles, const char *folder, unsigned guests, struct isa_diagnostics *diagnostics);
/* Closes these files, if there are any; with a diagnostic where something could not be written. */
void lab_consoles_close(struct lab_consoles *consoles, const char *folder, struct isa_diagnostics *diagnostics);

#endif
