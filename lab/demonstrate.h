/* demonstrate.h: runs the classifier's demonstrations on the bare machine and under a monitor, and says what comes of
 * it. */
#ifndef PG74_LAB_DEMONSTRATE_H
#define PG74_LAB_DEMONSTRATE_H

#include <jansson.h>

#include "classifier/classifier.h"
#include "machine/machine.h"

/* The monitor under which violations are demonstrated. */
#define LAB_DEMONSTRATION_MONITOR "trap_and_emulate"

/* What a guest shows by behaving otherwise under the monitor. */
enum lab_finding {
    LAB_SAME,    /* nothing: it does not */
    LAB_DETECTS, /* it sees the real state */
    LAB_ESCAPES, /* it changes the real machine: its mode, R or resources, a port, memory outside its partition */
    LAB_LOSES,   /* an effect on the virtual machine, or a trap, that should have been is not there */
    LAB_FINDINGS
};
const char *lab_finding_name(enum lab_finding finding); /* "detects the VMM", ... */

/* How far a demonstration came. */
enum lab_status {
    LAB_SHOWN,
    LAB_HIDDEN,    /* in all programs the word traps, and the monitor emulates it: the guest pays, and sees nothing */
    LAB_NOT_SHOWN, /* no program behaves otherwise */
    LAB_WAITING,   /* no program could be written, or none runs under the monitor */
    LAB_STATUSES
};

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
    unsigned reached;        /* programs whose word was executed under the monitor */
    char refusal[128];       /* what the monitor said where no program got so far; or "" */
    const char *obstacle;    /* why none could be written, or what could not be set up; or NULL */
    const char *hidden;      /* why this monitor hides it, as the specification says; or NULL */
};

/* Tries the programs for an instruction until one differs, while the same program without the instruction does not.
 * False, with diagnostics, where something cannot be run at all. */
bool lab_demonstrate(const struct classifier_report *report, unsigned instruction, const struct machine_image *monitor,
                     struct lab_demonstration *demonstration, struct isa_diagnostics *diagnostics);
void lab_demonstration_free(struct lab_demonstration *demonstration);

enum lab_status lab_demonstration_status(const struct lab_demonstration *demonstration);

/* Why it is not shown, as a clause: "none of 12 programs ..."; "" where it is. */
void lab_demonstration_reason(const struct lab_demonstration *demonstration, char *text, size_t size);

/* "halted", "never ends", ... */
const char *lab_view_end(const struct lab_view *view);

/* For other programs: docs/classifier.md. The caller owns the object. `machine` is what the instruction set was loaded
 * as. */
json_t *lab_demonstration_json(const struct lab_demonstration *demonstration, const struct classifier_report *report,
                               const char *machine, unsigned instruction);

/* As a part of an HTML page. */
void lab_demonstration_html(const struct lab_demonstration *demonstration, const struct classifier_report *report,
                            const char *machine, unsigned instruction, FILE *stream);

/* In Markdown. */
void lab_demonstration_markdown(const struct lab_demonstration *demonstration, const struct classifier_report *report,
                                unsigned instruction, FILE *stream);

/* For people. */
void lab_demonstration_print(const struct lab_demonstration *demonstration, const struct classifier_report *report,
                             unsigned instruction, FILE *stream);

#endif
