/* print.c: formatted output for programs; the nucleus has its own, as it has no system_write. */
#include "common.h"

enum { LINE_MOST = 256 };

void print(const char *format, ...)
{
    char line[LINE_MOST];
    va_list arguments;
    va_start(arguments, format);
    uint32_t length = format_text(line, sizeof line, format, arguments);
    va_end(arguments);
    system_write(line, length);
}
