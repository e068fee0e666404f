/* tui.h: the screens in the terminal. The only public header of tui/. */
#ifndef PG74_TUI_H
#define PG74_TUI_H

#include "lab/debug/debug.h"
#include "lab/lesson/lesson.h"

/* A machine to be shown. All of it stays the caller's. */
struct tui_open {
    struct machine *machine;             /* its history is started, so that it can go back */
    const struct lab_programs *programs; /* what it runs */
    const char *title;                   /* what runs: "nucleus under trap_and_emulate" */
};

struct tui_options {
    const struct tui_open *machines; /* one is shown by the machine screen; more, side by side; none: the classifier */
    unsigned machine_count;
    struct lab_lesson *lesson;  /* to be gone through, and freed; or NULL */
    bool is_list_first;         /* all lessons are shown first, to choose one */
    const char *lessons;        /* the folder of all lessons, or NULL */
    const char *language;       /* of their texts */
    const char *isa; /* the instruction set for the classifier, as isa_load takes it */
    bool ascii, no_mouse;
    const char *keys;   /* NULL: read them from the terminal. Else these, and then the screen is left */
    const char *export; /* with keys: a file for the last screen, .txt or .html; "-": standard output; or NULL */
    unsigned columns, lines; /* with keys: of a terminal that is not there; 0: 80 by 24 */
};
enum { TUI_MOST_SIDE_BY_SIDE = 6 };

/* Shows screens until their user leaves. Returns the program's exit code; says what is wrong on standard error. */
int tui_show(const struct tui_options *options);

/* Can screens be shown here? When not, `why` says why not. */
bool tui_can_show(const char **why);

#endif
