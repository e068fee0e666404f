/* console.h: what guests write, printed as it comes. */
#ifndef PG74_LAB_CONSOLE_H
#define PG74_LAB_CONSOLE_H

#include <stdio.h>

#include "machine/machine.h"

struct lab_consoles {
    FILE *stream;
    size_t printed[MACHINE_MOST_UNITS]; /* bytes of each console */
};

/* Prints what is new, and flushes. One guest's output comes as it is; that of several by whole lines, each with the guest's
 * number before it, until `is_end`, when what is left of a line comes, too. */
void lab_consoles_print(struct lab_consoles *consoles, const struct machine *machine, bool is_end);

#endif
