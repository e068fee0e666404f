/* enter.S: the world switch around `vmrun`. As in start.S the registers are the host's to exchange; the PSWs the
 * hardware exchanges, and an exit goes on after the vmrun.
 *
 * When vmrun is executed all 31 registers are the guest's already. So the control block lies within reach of x0.
 *
 * From settimer to the guest's first instruction lie exactly WAY_IN instructions, with which the timer is set longer;
 * after an exit it is read one instruction later.
 *
 * There are two ways back. Functions of C keep the registers that the calling convention says are the caller's to find
 * again: so where C need not look at those of the guest, they stay where they are, and only the others are exchanged.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "pg74.h"

#define SAVED_X1  0x80      /* struct vmm_switch */
#define TIMER     0x84
#define REGISTERS 0x88
#define BLOCK     0x400     /* vmm_control_block, by link.ld */

#define WAY_IN       32     /* x2 to x31, x1, vmrun */
#define WAY_IN_AGAIN 19     /* the free registers, x2, x1, j, vmrun */

    .macro exchange instruction, registers:vararg
    .irp  n, \registers
    \instruction x\n, 4*\n(x1)
    .endr
    .endm
#define FREE 5,6,7,10,11,12,13,14,15,16,17,28,29,30,31  /* a function may change these */
#define KEPT 3,4,8,9,18,19,20,21,22,23,24,25,26,27      /* and leaves these as they were */

    .text
    .global hardware_run
    .balign 4
hardware_run:               /* a0: registers of who runs next, a1: instructions until the timer, or 0 */
    sw    a0, REGISTERS(x0)
    mv    x1, a0
    beqz  a1, 1f
    addi  a1, a1, WAY_IN
1:  pg74_settimer a1
    exchange lw, 2, KEPT, FREE
    lw    x1, 4(x1)
enter:
    pg74_vmrun BLOCK, x0
    sw    x1, SAVED_X1(x0)
    pg74_gettimer x1
    sw    x1, TIMER(x0)
    lw    x1, REGISTERS(x0)
    exchange sw, 2, FREE
    lw    x2, SAVED_X1(x0)
    sw    x2, 4(x1)
    la    sp, vmm_stack_top
    call  hardware_exit_out
    lw    x1, REGISTERS(x0)
    bnez  a0, again
    exchange sw, KEPT
    call  hardware_exit
    j     hardware_run
again:                      /* a0: instructions until the timer */
    addi  a0, a0, WAY_IN_AGAIN
    pg74_settimer a0
    exchange lw, 2, FREE
    lw    x1, 4(x1)
    j     enter
