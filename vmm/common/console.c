/* console.c: the monitor's own voice, for the moment when it cannot go on. It speaks on the console of unit 0.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

static void print(const char *text)
{
    for (; *text; text++)
        pg74_out(PG74_PORT_CONSOLE_OUTPUT, (uint8_t)*text);
}

static void print_number(uint32_t number)
{
    print(" 0x");
    for (int shift = 28; shift >= 0; shift -= 4)
        pg74_out(PG74_PORT_CONSOLE_OUTPUT, (uint8_t)"0123456789abcdef"[number >> shift & 15]);
}

_Noreturn void vmm_stop(uint32_t code, const char *message, uint32_t first, uint32_t second)
{
    print("monitor: ");
    print(message);
    if (first || second) {
        print_number(first);
        print_number(second);
    }
    print("\n");
    for (;;)
        pg74_halt(code);
}
