/* entry.S: what C cannot say: the start, the way into the kernel and out of it. You submit it.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "pg74.h"

    .section .text.start, "ax"
    .global _start
_start:
    la    sp, stack_end
    call  kernel_start

    .text
    .global trap_entry
    .balign 4
trap_entry:                     /* every register is that of who was interrupted */
    sw    x1, PG74_SAVE_AREA(x0)
    lui   x1, %hi(platform_context)
    lw    x1, %lo(platform_context)(x1)
    .irp  n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sw    x\n, 4*\n(x1)
    .endr
    lw    x2, PG74_SAVE_AREA(x0)
    sw    x2, 4(x1)
    lw    x2, PG74_OLD_PSW + 4(x0)
    sw    x2, 0(x1)
    la    sp, stack_end
    call  platform_trap         /* does not return */

    .global resume
resume:                         /* a0: a context; its PSW is in the place of the old one */
    .irp  n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    lw    x\n, 4*\n(a0)
    .endr
    lw    a0, 40(a0)
    pg74_lpsw PG74_OLD_PSW, x0

/* Where the monitor lets the kernel go on when it tells an event. Whoever was interrupted is saved, and the kernel
 * never leaves anything on its stack. */
    .global event_entry
event_entry:
    la    sp, stack_end
    call  platform_event        /* does not return */

/* uint32_t hypercall(uint32_t function, uint32_t argument) */
    .global hypercall
hypercall:
    pg74_diag a0, a0, a1
    ret

    .global wait_here
    .balign 4
wait_here:
    pg74_idle
    j     wait_here

    .bss
    .balign 16
    .space 4096
stack_end:
