/* guest.c: the frame of a workload without a C library: on the bare machine, and (with LINUX) as a program of Linux on
 * RISC-V, which qemu's user mode runs. Prints the checksum. */
#include "bench.h"

#ifdef LINUX

/* System calls of Linux on RISC-V: the number in a7, arguments from a0 on. */
static long system_call(long number, long argument0, long argument1, long argument2) {
    register long a0 __asm__("a0") = argument0;
    register long a1 __asm__("a1") = argument1;
    register long a2 __asm__("a2") = argument2;
    register long a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

static void print(const char *line, unsigned length) {
    system_call(64, 1, (long)line, (long)length);
}

static _Noreturn void stop(void) {
    for (;;)
        system_call(93, 0, 0, 0);
}

#else

/* `out` to port 0, the console, and `halt`, as the specification lays them out. */
static void print(const char *line, unsigned length) {
    for (unsigned i = 0; i < length; i++)
        __asm__ volatile(".insn r 0x0b, 7, 0, x0, %0, %1" : : "r"(0), "r"(line[i]));
}

static _Noreturn void stop(void) {
    for (;;)
        __asm__ volatile(".insn r 0x0b, 7, 4, x0, %0, x0" : : "r"(0));
}

#endif

#ifdef PAGES

/* On pg74p: every page at its own place, with all rights; then R is the table, and translation is turned on. */
enum { MEMORY = 16 << 20, PAGE = 4096, ALL_RIGHTS = 31, TRANSLATE = 4 };
static uint32_t table[MEMORY / PAGE] __attribute__((aligned(16)));

static void set_up(void) {
    for (uint32_t i = 0; i < MEMORY / PAGE; i++)
        table[i] = i * PAGE | ALL_RIGHTS;
    __asm__ volatile(".insn r 0x0b, 3, 0, x0, %0, %1" : : "r"(table), "r"(MEMORY) : "memory"); /* setr */
    __asm__ volatile(".insn r 0x0b, 2, 0, x0, %0, x0" : : "r"(TRANSLATE) : "memory");          /* setflags */
}

#else

static void set_up(void) {
}

#endif

/* gcc calls these for assignments of structures. */
void *memset(void *to, int byte, unsigned long length);
void *memcpy(void *restrict to, const void *restrict from, unsigned long length);

void *memset(void *to, int byte, unsigned long length) {
    for (unsigned char *p = to; length; length--)
        *p++ = (unsigned char)byte;
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, unsigned long length) {
    unsigned char *p = to;
    for (const unsigned char *q = from; length; length--)
        *p++ = *q++;
    return to;
}

void begin(void);
void begin(void) {
    char line[9];
    set_up();
    uint32_t result = workload(ROUNDS);
    for (int i = 0; i < 8; i++)
        line[i] = "0123456789abcdef"[result >> (28 - 4 * i) & 15];
    line[8] = '\n';
    print(line, 9);
    stop();
}

/* The stack, and the global pointer, which the linker relies on once it shortens addresses. */
static uint8_t stack[65536] __attribute__((aligned(16), used));
__asm__(".globl _start\n"
        "_start:\n"
        "\t.option push\n\t.option norelax\n\tla gp, __global_pointer$\n\t.option pop\n"
        "\tla sp, stack + 65536\n\tcall begin\n");
