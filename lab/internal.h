/* internal.h: what the commands share besides their options (run_options.h). Private to lab/. */
#ifndef PG74_LAB_INTERNAL_H
#define PG74_LAB_INTERNAL_H

#include <stdio.h>

#include "machine/machine.h"

/* Writes a line to `stream` for every trap, interrupt, PSW load and port access of the machine, from now on. */
void lab_trace(struct machine *machine, FILE *stream);

#endif
