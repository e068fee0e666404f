/* internal.h: what the commands that run machines share: their options, and what these name. Private to lab/. */
#ifndef PG74_LAB_INTERNAL_H
#define PG74_LAB_INTERNAL_H

#include <stdio.h>

#include "lab/lab.h"
#include "machine/machine.h"

/* ---- Options --------------------------------------------------------------------------------------------------------- */

/* The options of `run` and `compare` (docs/pg74.1), as given. Texts belong to the command line. */
struct lab_options {
    const char *isa;  /* "pg74" by default */
    const char *vmm;  /* or NULL */
    const char *cost; /* or NULL: the first preset */
    const char *trace; /* or NULL; only where the command takes it */
    enum machine_engine engine;
    uint32_t memory; /* bytes of each guest's, 0: the default */
    uint64_t limit;  /* steps; UINT64_MAX by default */
    bool json;
    const char *inputs[MACHINE_MOST_UNITS], *disks[MACHINE_MOST_UNITS], *guests[MACHINE_MOST_UNITS];
    unsigned input_count, disk_count, guest_count;
};

/* Reads the command line of argv[0]. Returns 0, or, after it said what is wrong, an exit code. */
int lab_read_options(int argc, char **argv, bool takes_trace, struct lab_options *options);

/* ---- What the options name ------------------------------------------------------------------------------------------- */

/* A file's bytes. */
struct lab_file {
    char *bytes;
    size_t length;
};

/* Everything that machines are made from, loaded once. */
struct lab_setup {
    struct isa *isa;
    struct machine_image *guests[MACHINE_MOST_UNITS];
    struct lab_file inputs[MACHINE_MOST_UNITS], disks[MACHINE_MOST_UNITS];
    unsigned guest_count, input_count, disk_count;
};

/* Loads the instruction set, guests, inputs and disks. False with diagnostics. Free it in either case. */
bool lab_load(const struct lab_options *options, struct lab_setup *setup, struct isa_diagnostics *diagnostics);
void lab_setup_free(struct lab_setup *setup);

/* Opens a monitor: a file, or the name of one that came with the program. NULL with diagnostics. */
struct machine_image *lab_open_monitor(const char *name, struct isa_diagnostics *diagnostics);

/* Makes a machine from what was loaded. `monitor` NULL: the bare machine with guest `guest` alone, with its own input and disk;
 * otherwise all guests. NULL with diagnostics. */
struct machine *lab_make_machine(const struct lab_options *options, const struct lab_setup *setup,
                                 const struct machine_image *monitor, unsigned guest, struct isa_diagnostics *diagnostics);

/* Prints diagnostics and frees them; returns the exit code that they call for, or `code` when there are none. */
int lab_finish(struct isa_diagnostics *diagnostics, int code);

/* ---- Traces ---------------------------------------------------------------------------------------------------------- */

/* Writes a line to `stream` for every trap, interrupt, PSW load and port access of the machine, from now on. */
void lab_trace(struct machine *machine, FILE *stream);

#endif
