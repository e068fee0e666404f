/* plain.h: the parts of the dialogue. Private to lab/lesson/.
 *
 *     plain.c          what is printed, and the loop
 *     plain_command.c  what can be typed
 *     plain_machine.c  the live machine, in words */
#ifndef PG74_LAB_LESSON_PLAIN_H
#define PG74_LAB_LESSON_PLAIN_H

#include "lab/lesson/internal.h"

struct lab_lesson_dialogue {
    struct lab_lesson *lesson;
    struct lab_lesson_player *player;
    const struct lab_lesson_plain_options *options;
    unsigned columns, page;
    unsigned hints;    /* that were given on this page */
    bool is_answered;  /* what this page asks for, or there is nothing */
    bool is_over;
};

/* Prints a text with the indent and marker of an item. */
void lab_lesson_plain_text(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item, const char *text);
/* Prints diagnostics and frees them. */
void lab_lesson_plain_complain(struct isa_diagnostics *diagnostics);
/* Goes to a page and prints it. */
void lab_lesson_plain_open(struct lab_lesson_dialogue *dialogue, unsigned page);
/* Does what a line says. */
void lab_lesson_plain_obey(struct lab_lesson_dialogue *dialogue, char *line);
/* Is what the page asks to be done done? `is_asked`: the reader wants to know when it is not, too. */
void lab_lesson_plain_look(struct lab_lesson_dialogue *dialogue, bool is_asked);
/* Prints where the reader's files of a task are. */
void lab_lesson_plain_files(struct lab_lesson_dialogue *dialogue, const struct lab_lesson_item *item);
/* Prints where the machine stands. */
void lab_lesson_plain_machine(struct lab_lesson_dialogue *dialogue);
void lab_lesson_plain_registers(struct lab_lesson_dialogue *dialogue);
void lab_lesson_plain_memory(struct lab_lesson_dialogue *dialogue, const char *address);

#endif
