/* sieve.c: the sieve of Eratosthenes. There are 2262 primes below 20000. */
#include "common/common.h"

enum { LIMIT = 20000, EXPECTED = 2262 };
static uint8_t composite[LIMIT];

uint32_t main(uint32_t argument)
{
    uint32_t count = 0, last = 0, sum = 0;
    (void)argument;
    for (uint32_t i = 2; i < LIMIT; i++) {
        if (composite[i])
            continue;
        count++;
        last = i;
        sum += i;
        for (uint32_t multiple = i * i; multiple < LIMIT && i < LIMIT / i + 1; multiple += i)
            composite[multiple] = 1;
    }
    print("%u primes below %u, the last %u, their sum %u, %s\n", count, LIMIT, last, sum,
          count == EXPECTED ? "right" : "WRONG");
    return count != EXPECTED;
}
