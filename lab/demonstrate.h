/* demonstrate.h: runs the classifier's demonstrations on the bare machine and under a monitor, and says what comes of
 * it. */
#ifndef PG74_LAB_DEMONSTRATE_H
#define PG74_LAB_DEMONSTRATE_H

#include "classifier/classifier.h"
#include "machine/machine.h"

/* What a guest shows by behaving otherwise under the monitor. */
enum lab_finding {
    LAB_SAME,    /* nothing: it does not */
    LAB_DETECTS, /* it sees the real state */
    LAB_ESCAPES, /* it changes the real machine: its mode, R or resources, a port, memory outside its partition */
    LAB_LOSES,   /* an effect on the virtual machine, or a trap, that should have been is not there */
    LAB_FINDINGS
};
const char *lab_finding_name(enum lab_finding finding); /* "detects the VMM", ... */

/* One run of a demonstration's program. */
struct lab_view {
    char *console; /* NUL-terminated */
    enum machine_stop stop;
    bool halted;   /* the guest, so that its monitor knew */
    bool executed; /* the word was reached */
    bool trapped;  /* and trapped to the guest, or to the monitor */
    bool changed;  /* it changed mode, R, a resource or time */
    char reached[128]; /* what it reached outside of the virtual machine; "" for nothing */
};

struct lab_demonstration {
    const struct classifier_demonstration *program; /* NULL: none that differs */
    enum lab_finding finding;
    struct lab_view bare, monitored;
    unsigned tried;          /* programs */
    bool unseen;             /* it escapes, but neither console nor end differs: the real machine's state tells */
    bool emulated;           /* in every program the word trapped to the monitor */
    const char *obstacle;    /* why none could be written, or what could not be set up; or NULL */
};

/* Tries the programs for an instruction until one differs, while the same program without the instruction does not.
 * False, with diagnostics, where something cannot be run at all. */
bool lab_demonstrate(const struct classifier_report *report, unsigned instruction, const struct machine_image *monitor,
                     struct lab_demonstration *demonstration, struct isa_diagnostics *diagnostics);
void lab_demonstration_free(struct lab_demonstration *demonstration);

/* For people. */
void lab_demonstration_print(const struct lab_demonstration *demonstration, const struct classifier_report *report,
                             unsigned instruction, FILE *stream);

#endif
