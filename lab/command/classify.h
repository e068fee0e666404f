/* classify.h: the parts of `pg74 classify` that have files of their own. Private to lab/command/. */
#ifndef PG74_LAB_COMMAND_CLASSIFY_H
#define PG74_LAB_COMMAND_CLASSIFY_H

#include <jansson.h>

#include "classifier/classifier.h"

/* Runs a guest for every violation of each report, bare and under trap_and_emulate. `names` are the instruction sets as
 * given. *code is 0, or the exit code of an error that has been printed. */
struct lab_demonstrations;
struct lab_demonstrations *lab_classify_demonstrate(const struct classifier_report *const *reports, char **names,
                                                    unsigned count, int *code);
void lab_classify_forget(struct lab_demonstrations *demonstrations);

/* Prints them; with `folder` (or NULL) keeps the programs there. 0, or the exit code of an error that has been printed. */
int lab_classify_show(const struct lab_demonstrations *demonstrations, const char *folder);

/* Those of report `number`, as an array that the caller owns; and that of one instruction as a part of a page (each a
 * classifier_page_part). */
json_t *lab_classify_demonstrations_json(const struct lab_demonstrations *demonstrations, unsigned number);
void lab_classify_demonstration_html(void *context, unsigned number, unsigned instruction, FILE *stream);
void lab_classify_demonstration_markdown(void *context, unsigned number, unsigned instruction, FILE *stream);

#endif
