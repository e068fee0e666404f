/* common.h: the small library of the guests. There is no other: they are linked without a C library.
 *
 * The same program source serves twice: as a process of the nucleus, where system_... are system calls
 * (programs/system.S), and as a guest alone on the machine, where they use the ports (common/bare.c).
 */
#ifndef SCENARIOS_COMMON_H
#define SCENARIOS_COMMON_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A program begins here; `argument` is what the one who started it gave (0 without a nucleus). Its result is the
 * exit code, 0 when all went well. */
uint32_t main(uint32_t argument);

/* ---- What every program may ask for ----------------------------------------------------------------------------- */

/* Writes bytes to the console. Returns how many were written, or -1. */
int32_t system_write(const void *bytes, uint32_t length);

/* Reads console input up to and including the next newline, at most `length` bytes; waits for them. Returns how many
 * were read, 0 at the end of the input, or -1. How a text is cut into pieces does not depend on when it arrives. */
int32_t system_read(void *bytes, uint32_t length);

/* Ends the program. 0 means that all went well. */
_Noreturn void system_exit(uint32_t code);

/* ---- Text ------------------------------------------------------------------------------------------------------- */

/* Prints in one system_write: %s %c %d %u %x %%, with a width and a leading 0 or - ("%08x", "%-12s"). 255 bytes at
 * most. (GCC does not check the format: to it uint32_t is an unsigned long here.) */
void print(const char *format, ...);

/* The same into `buffer`, always NUL-terminated; returns the length of what is in it. */
uint32_t format_text(char *buffer, uint32_t size, const char *format, va_list arguments);

uint32_t text_length(const char *text);
bool text_equal(const char *left, const char *right);
void text_copy(char *target, uint32_t size, const char *source); /* cut where `size` ends, always NUL-terminated */

/* ---- Memory: GCC calls these even in a program without a library ------------------------------------------------ */

void *memcpy(void *restrict target, const void *restrict source, size_t length);
void *memmove(void *target, const void *source, size_t length);
void *memset(void *target, int byte, size_t length);
int memcmp(const void *left, const void *right, size_t length);

/* ---- Numbers that look random and are the same on every run (xorshift, Marsaglia 2003) -------------------------- */

struct random { uint32_t state; /* not 0 */ };
uint32_t random_next(struct random *random);

#endif
