/* echo.c: repeats the console's input, line by line, with numbers. */
#include "common/guest.h"

uint32_t main(uint32_t argument)
{
    char piece[64];
    uint32_t lines = 0;
    bool line_start = true;
    int32_t length;
    (void)argument;
    while ((length = system_read(piece, sizeof piece)) > 0) {
        if (line_start)
            print("%3u  ", ++lines);
        system_write(piece, (uint32_t)length);
        line_start = piece[length - 1] == '\n';
    }
    if (!line_start)
        print("\n");
    print("%u lines\n", lines);
    return 0;
}
