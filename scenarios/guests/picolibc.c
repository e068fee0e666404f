/* picolibc.c: a program for an ordinary C library, picolibc, instead of the small one of the other guests: formatted output
 * with floating point (which the machine has not: GCC computes it with whole numbers), sorting, memory, text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pg74.h>

/* What picolibc asks of its host: a place for characters. The rest is in its library. */
static int put(char character, FILE *file)
{
    (void)file;
    pg74_out(PG74_PORT_CONSOLE_OUTPUT, (unsigned char)character);
    return (unsigned char)character;
}
static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdout = &console;

/* What every thread has of its own, errno above all, is reached through register tp. There is one thread. */
static long thread_area[16];

static int by_length(const void *left, const void *right)
{
    const char *one = *(const char *const *)left, *other = *(const char *const *)right;
    size_t length = strlen(one), other_length = strlen(other);
    return length != other_length ? (length > other_length) - (length < other_length) : strcmp(one, other);
}

/* Newton's method, from below and from above. */
static double square_root(double square)
{
    double root = square > 1 ? square : 1;
    for (int i = 0; i < 60; i++)
        root = (root + square / root) / 2;
    return root;
}

int main(void)
{
    __asm__ volatile("mv tp, %0" : : "r"(thread_area));
    const char *words[] = {"monitor", "trap", "relocation", "bound", "supervisor", "user", "timer", "word"};
    qsort(words, sizeof words / sizeof words[0], sizeof words[0], by_length);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        printf("%s%c", words[i], i + 1 < sizeof words / sizeof words[0] ? ' ' : '\n');

    printf("%5d|%-5d|%05d|%+d|%#x|%o|%lld|%c|%.3s|%%\n", 42, 42, 42, 42, 0xbeef, 8, -1234567890123456789LL, 'x', "abcdef");
    printf("%.10f %.6e %g %g\n", square_root(2), 1.0 / 3, 1e100, 0.1);
    printf("%.10f %.10f %.10f\n", sin(1), exp(1), pow(2, 0.5));

    char *copy = malloc(64);
    if (copy == NULL)
        return 1;
    snprintf(copy, 64, "%s-%d", strchr("left:right", ':') + 1, 7);
    char *end;
    double number = strtod("2.5e3rest", &end);
    printf("%s %.1f %s %ld %d\n", copy, number, end, strtol("-0x7f", NULL, 16), memcmp("abc", "abd", 3) < 0);
    free(copy);
    return 0;
}
