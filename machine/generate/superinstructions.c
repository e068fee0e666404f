/* superinstructions.c: which instructions in a row become one operation. Data: shape.c has the grammar, scenarios/bench/profile.c finds
 * them. */
#include "machine/generate/internal.h"

const char *const generate_superinstructions[] = {
    NULL,
};
