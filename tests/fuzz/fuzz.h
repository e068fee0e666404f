/* fuzz.h: what the fuzz targets share. Each is one function over bytes, for libFuzzer or AFL++; no input may crash it. */
#ifndef PG74_FUZZ_H
#define PG74_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as a string; the caller frees it. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (text == NULL)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

/* Where printed text goes. */
static inline FILE *fuzz_nowhere(void)
{
    FILE *stream = fopen("/dev/null", "w");
    if (stream == NULL)
        abort();
    return stream;
}

#endif
