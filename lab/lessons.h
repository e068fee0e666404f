/* lessons.h: what can be done with lessons: for `pg74 lesson`, and for Lua. Each function prints, messages to standard error,
 * and returns the exit code of the program. */
#ifndef PG74_LAB_LESSONS_H
#define PG74_LAB_LESSONS_H

#include "tui/tui.h"

struct lab_lessons {
    const char *folder;        /* where they are; NULL: see lab_lesson_find_all */
    char language[16];         /* of the texts: see lab_language */
    bool is_plain;             /* as a dialogue, though there may be a screen */
    struct tui_options screen; /* how the screen is shown: but for what is shown */
};

/* A line for each, and how one is begun. What is wrong with a lesson is for `check` to say. */
int lab_lessons_list(const struct lab_lessons *lessons);
/* Forgets what was done in one. */
int lab_lessons_reset(const struct lab_lessons *lessons, const char *name);
/* A record of what was done in one (NULL: in all), to a file (NULL: to standard output). */
int lab_lessons_export(const struct lab_lessons *lessons, const char *name, const char *output);
/* Judges such a record again. 1: something in it is not so. */
int lab_lessons_verify(const struct lab_lessons *lessons, const char *file);
/* Is all right with one (NULL: with all)? ISA_EXIT_DATA if not. */
int lab_lessons_check(const struct lab_lessons *lessons, const char *name);
/* On the screen where there is one, else as a dialogue. Without a name: the list of all, on the screen to choose from. */
int lab_lessons_go_through(const struct lab_lessons *lessons, const char *name);

#endif
