/* internal.h: what the commands share besides their options (run_options.h). Private to lab/. */
#ifndef PG74_LAB_INTERNAL_H
#define PG74_LAB_INTERNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "machine/machine.h"

/* Writes a line to `stream` for every trap, interrupt, PSW load and port access of the machine, from now on. */
void lab_trace(struct machine *machine, FILE *stream);

/* What the monitor has counted of guest `guest` so far; NULL where it counts nothing. The caller owns the object. */
json_t *lab_statistics(const struct machine *machine, const struct machine_image *monitor, unsigned guest);

/* pg74 classify --host: tries the processor at hand, prints the table, and returns the exit code. */
int lab_classify_host(bool json);

#endif
