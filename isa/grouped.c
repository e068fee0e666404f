/* grouped.c: numbers as people read them. */
#include "isa/isa.h"

#include <inttypes.h>
#include <stdio.h>

const char *isa_grouped(uint64_t number, char buffer[ISA_GROUPED])
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, number), used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            buffer[used++] = ',';
        buffer[used++] = digits[i];
    }
    buffer[used] = '\0';
    return buffer;
}
