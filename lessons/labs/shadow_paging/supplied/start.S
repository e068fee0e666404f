/* start.S: a monitor's start, its trap entry, and the way back into a guest: what C cannot say.
 * SPDX-License-Identifier: MIT-0 */
#include "pg74.h"

    .hidden trap_entry, enter_guest, wait_here

    .section .text.start, "ax"
    .global _start
_start:
    la    sp, stack_end
    lw    t0, 0x110(x0)         /* the boot module, which describes the machine: here you work from the manual */
    sw    x0, 0x110(x0)
    addi  t1, t0, 0x100
    beqz  t0, 2f
1:  sw    x0, 0(t0)
    addi  t0, t0, 4
    bltu  t0, t1, 1b
2:
    call  monitor_main

    .text
    .global trap_entry
    .balign 4
trap_entry:                     /* every register is the guest's */
    sw    x1, 0x80(x0)
    sw    x2, 0x84(x0)
    pg74_gettimer x1
    sw    x1, 0x88(x0)          /* what the timer had left */
    lw    x1, 0x8c(x0)          /* where its registers are kept */
    .irp  n, 3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sw    x\n, 4*\n(x1)
    .endr
    lw    x2, 0x80(x0)
    sw    x2, 4(x1)
    lw    x2, 0x84(x0)
    sw    x2, 8(x1)
    la    sp, stack_end
    call  monitor_trap          /* does not return */

    .global enter_guest
enter_guest:                    /* a0: instructions until the timer; 0x8c, and the PSW at 0xa0, are set */
    pg74_settimer a0
    lw    x1, 0x8c(x0)
    .irp  n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    lw    x\n, 4*\n(x1)
    .endr
    lw    x1, 4(x1)
    pg74_lpsw 0xa0, x0

    .global wait_here
    .balign 4
wait_here:
    pg74_idle
    j     wait_here

    .bss
    .balign 16
    .space 0x4000
stack_end:
