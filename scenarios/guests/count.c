/* count.c: a guest that only computes: no trap, no port until it prints. A monitor should cost it next to nothing. */
#include "common/guest.h"

uint32_t main(uint32_t argument)
{
    uint32_t sum = argument;
    for (uint32_t i = 1; i <= 100000; i++) {
        sum += i;
        __asm__ volatile("" : "+r"(sum)); /* one addition a turn: GCC knows the closed formula */
    }
    print("1 + ... + 100000 is %u, modulo 2 to the 32\n", sum);
    return 0;
}
