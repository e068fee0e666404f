/* run_options.h: what the commands that run guests have in common: their options, and the files that these name. */
#ifndef PG74_LAB_RUN_OPTIONS_H
#define PG74_LAB_RUN_OPTIONS_H

#include "machine/machine.h"

/* Monitors one under the other, from the outside in. */
struct lab_monitor {
    unsigned count;
    struct machine_image *images[MACHINE_MOST_LEVELS];
};

/* As read from a command line. Everything in it belongs to it. */
struct lab_run_options {
    const char *command;            /* for messages */
    struct isa *isa;
    struct machine_options machine; /* engine, guests, partition size, cost, inputs, disks */
    const char *vmm;                /* as given, or NULL */
    const char *trace;              /* a file to write to, or NULL */
    uint64_t limit;                 /* 0: none */
    bool json;

    struct lab_monitor monitor;     /* after lab_run_options_open_with_monitor */

    /* As written, until lab_run_options_open. */
    const char *isa_name;
    unsigned guest_count, input_count, disk_count;
    const char *guests[MACHINE_MOST_UNITS], *inputs[MACHINE_MOST_UNITS], *disks[MACHINE_MOST_UNITS];
};

/* Reads argv[*index]: an option that `run` and `compare` share, with its value, or a guest; moves *index to the last
 * argument that it used. Returns 0, or ISA_EXIT_USAGE after a message. `others` (ends with NULL) are the command's
 * own options, for "did you mean". */
int lab_run_option(struct lab_run_options *options, int argc, char **argv, int *index, const char *const *others);

/* Are there as many guests as the machine can run? 0, or ISA_EXIT_USAGE after a message. */
int lab_run_options_check(const struct lab_run_options *options);

/* The same for a command in which somebody else decides how far the machine runs: --json, --limit and --trace are of no use. */
int lab_run_options_check_shown(const struct lab_run_options *options);

/* The value of option argv[*index], and moves *index to it; NULL after a message when there is none. */
const char *lab_option_value(const char *command, int argc, char **argv, int *index);

/* Loads the instruction set and opens the files. False with diagnostics. */
bool lab_run_options_open(struct lab_run_options *options, struct isa_diagnostics *diagnostics);
/* And the monitor that --vmm names, if it names one, and has the guests run under it: options->machine is then complete. */
bool lab_run_options_open_with_monitor(struct lab_run_options *options, struct isa_diagnostics *diagnostics);
void lab_run_options_close(struct lab_run_options *options);

/* The image of one monitor, or of a guest, given by name (looked for where it was built or installed) or as an ELF
 * file; NULL with diagnostics. The caller frees it. */
struct machine_image *lab_open_guest(const char *name, struct isa_diagnostics *diagnostics);
struct machine_image *lab_open_monitor(const char *name, struct isa_diagnostics *diagnostics);

/* Tells of every guest (`monitors`: monitor) that came with the program, by name; of some perhaps twice. */
void lab_each_built(bool monitors, void (*each)(void *context, const char *name), void *context);

/* Opens OUTER[/INNER...], each as lab_open_monitor does. False with diagnostics; lab_monitor_close in any case. */
bool lab_monitor_open(struct lab_monitor *monitor, const char *names, struct isa_diagnostics *diagnostics);
void lab_monitor_close(struct lab_monitor *monitor);
/* Has the guests of `options` run under a monitor, which must outlive their machine. */
void lab_monitor_use(const struct lab_monitor *monitor, struct machine_options *options);

#endif
