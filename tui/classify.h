/* classify.h: the parts of the classifier screen.
 *
 *   classify_screen.c  where each part stands, its commands
 *   classify_job.c     classifying, in a thread of its own, so that keys are answered meanwhile
 *   classify_sets.c    the sets, drawn
 *   classify_detail.c  one instruction: why it is where it is, its witness
 *   classify_states.c  all states of a small machine
 *   classify_play.c    witnesses and demonstrations, put into machines */
#ifndef PG74_TUI_CLASSIFY_H
#define PG74_TUI_CLASSIFY_H

#include "classifier/classifier.h"
#include "tui/internal.h"

enum { TUI_MOST_INSTRUCTIONS = 1024, TUI_MOST_FLIPS = 32 };

struct tui_classify_job;
struct tui_classify_states;

/* Where an instruction stands among the sets. */
enum tui_region { TUI_USER_SENSITIVE, TUI_SENSITIVE, TUI_NOT_SENSITIVE, TUI_REGIONS };

struct tui_classifier {
    char *name;  /* as isa_load takes it */
    struct classifier *classifier;
    struct tui_classify_job *job; /* under way, or NULL */
    /* What was found out last, or NULL; and what was before the last flip. */
    struct isa *isa;
    struct classifier_report *report;
    bool has_before;
    enum classifier_answer before[CLASSIFIER_THEOREMS];
    unsigned flip_count;
    char *flips[TUI_MOST_FLIPS]; /* names of instructions that are privileged where they were not, or the other way */
    unsigned order[TUI_MOST_INSTRUCTIONS], count; /* instructions as the screen shows them */
    unsigned chosen;                              /* in that order */
    enum classifier_property property;            /* whose witness is shown */
    bool shows_states;
    struct tui_classify_states *states; /* of the chosen instruction, or NULL */
    int sets_top, sets_lines; /* of the picture, as last drawn */
    char search[64];
};

/* ---- classify_job.c ---------------------------------------------------------------------------------------------- */

/* Begins to classify the instruction set with all flips. False, with a message, when its text is wrong. */
bool tui_classify_start(struct tui *tui, struct tui_classifier *screen);
/* The instruction set with all flips; NULL with diagnostics. The caller frees it. */
struct isa *tui_classify_load(const struct tui_classifier *screen, struct isa_diagnostics *diagnostics);
/* Takes the result over when it is there; says what went wrong. */
void tui_classify_finish(struct tui *tui, struct tui_classifier *screen);
/* Waits for it, and throws it away. */
void tui_classify_abandon(struct tui_classifier *screen);
/* Can the instruction be made privileged (or no longer so)? When not, `why` says why not. */
bool tui_classify_can_flip(const struct tui_classifier *screen, const struct isa_instruction *instruction,
                           const char **why);
/* NULL: all has been said; else the name of the instruction set under way. */
const char *tui_classify_under_way(const struct tui_classifier *screen);

/* ---- The parts --------------------------------------------------------------------------------------------------- */

enum tui_region tui_classify_region(const struct classifier_report *report, unsigned instruction);
bool tui_classify_is_privileged(const struct classifier_report *report, unsigned instruction);
void tui_classify_sort(struct tui_classifier *screen);
void tui_classify_draw_sets(struct tui *tui, struct tui_classifier *screen, int top, int lines);
/* The instruction at a place of the picture, as last drawn; -1: none. */
int tui_classify_at(const struct tui_classifier *screen, int line, int column);

const struct classifier_witness *tui_classify_witness(const struct tui_classifier *screen);
void tui_classify_next_witness(struct tui_classifier *screen);
void tui_classify_draw_detail(struct tui *tui, struct tui_classifier *screen, int top, int lines);

void tui_classify_draw_states(struct tui *tui, struct tui_classifier *screen, int top, int lines);
void tui_classify_forget_states(struct tui_classifier *screen);
bool tui_classify_has_states(const struct tui_classifier *screen);

/* Opens machines in which the witness can be played, and shows them. */
void tui_classify_play(struct tui *tui, struct tui_classifier *screen);

#endif
