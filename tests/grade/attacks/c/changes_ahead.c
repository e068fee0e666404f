/* Changes a word behind the branch that leads back, in the same stretch of code, again and again. */
#include "pg74.h"
_Noreturn void monitor_main(void)
{
    __asm__ volatile("la t0, 2f\n lw t1, 0(t0)\n 1: sw t1, 0(t0)\n beqz x0, 1b\n .rept 60\n addi t2, t2, 1\n .endr\n 2: addi t2, t2, 1\n .rept 200\n addi t2, t2, 1\n .endr\n");
    for (;;);
}
_Noreturn void monitor_trap(void) { for (;;); }
