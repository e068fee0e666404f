/* stub */
#include "tui/internal.h"
struct tui_classifier *tui_classifier_new(const char *isa) { (void)isa; return NULL; }
void tui_classifier_free(struct tui_classifier *classifier) { (void)classifier; }
static void *none(struct tui *tui) { (void)tui; return NULL; }
const struct tui_screen tui_classifier_screen = {.name = "classes", .state = none};
