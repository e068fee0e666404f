/* selfmodify.c: a program that writes the instructions it then executes: far ahead, just ahead, and again and again. */
#include "common/guest.h"

/* `li a0, number` and `ret`, as words. */
static uint32_t load_number(uint32_t number)
{
    return number << 20 | 10U << 7 | 0x13;
}
enum { RETURN = 0x8067 };

static uint32_t code[2];

static uint32_t call_code(void)
{
    uint32_t (*function)(void) = (uint32_t (*)(void))(uintptr_t)code;
    __asm__ volatile("" : : : "memory"); /* the stores are done */
    return function();
}

/* One function, written anew a hundred times. */
static uint32_t rewrite_often(void)
{
    uint32_t sum = 0;
    code[1] = RETURN;
    for (uint32_t i = 1; i <= 100; i++) {
        code[0] = load_number(i);
        sum += call_code();
    }
    return sum;
}

/* The instruction that follows the store is the one that was stored. */
static uint32_t rewrite_next(void)
{
    uint32_t result;
    __asm__ volatile("la t0, 1f\n\tlw t1, 2f\n\tsw t1, 0(t0)\n"
                     "1:\tli %0, 1\n\tj 3f\n"
                     "2:\tli %0, 2\n"
                     "3:" : "=r"(result) : : "t0", "t1", "memory");
    return result;
}

/* A loop that changes its own step: 1 in the first turn, 2 in the second, ... */
static uint32_t rewrite_loop(void)
{
    uint32_t sum = 0, turns = 10;
    __asm__ volatile("la t0, 1f\n"
                     "1:\taddi %0, %0, 1\n"
                     "\tlw t1, 0(t0)\n\tli t2, 0x100000\n\tadd t1, t1, t2\n\tsw t1, 0(t0)\n"
                     "\taddi %1, %1, -1\n\tbnez %1, 1b" : "+r"(sum), "+r"(turns) : : "t0", "t1", "t2", "memory");
    return sum;
}

uint32_t main(uint32_t argument)
{
    (void)argument;
    uint32_t often = rewrite_often(), next = rewrite_next(), loop = rewrite_loop();
    print("often %u, next %u, loop %u\n", often, next, loop);
    return !(often == 5050 && next == 2 && loop == 55);
}
