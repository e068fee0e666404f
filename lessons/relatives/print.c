/* print.c: prints a number to the console, and a new line. */
#include <pg74.h>

void print(int number);

void print(int number)
{
    char digits[12];
    unsigned count = 0, rest = number < 0 ? 0u - (unsigned)number : (unsigned)number;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[count++] = '-';
    while (count > 0)
        pg74_out(PG74_PORT_CONSOLE_OUTPUT, (uint32_t)digits[--count]);
    pg74_out(PG74_PORT_CONSOLE_OUTPUT, '\n');
}
