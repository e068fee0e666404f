/* usage.c: what to say when somebody's command line is wrong. */
#include "lab/lab.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "isa/isa.h"

int lab_usage_error(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "pg74 %s: ", command);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n  advice: 'pg74 help %s' shows how it is used\n", command);
    va_end(arguments);
    return ISA_EXIT_USAGE;
}

const char *lab_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    unsigned best = ISA_FAR;
    for (size_t i = 0; names[i] != NULL; i++)
        nearest = isa_suggest(names[i], word, strlen(word), &best, nearest);
    return nearest;
}
