/* classify.h: the parts of `pg74 classify` that have files of their own. Private to lab/command/. */
#ifndef PG74_LAB_COMMAND_CLASSIFY_H
#define PG74_LAB_COMMAND_CLASSIFY_H

#include "classifier/classifier.h"

/* Shows every violation by a guest of its own; with `folder` (or NULL) keeps the programs there. `names` are the
 * instruction sets as given; a variant of a machine with pages is shown over pg74, where it loads there. 0, or the exit
 * code of an error that has been printed. */
int lab_classify_demonstrate(struct classifier *classifier, const struct classifier_report *const *reports,
                             char **names, unsigned count, const char *folder);

#endif
