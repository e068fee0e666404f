/* start.S: the start of a monitor, and the world switch: the way from a guest into the monitor and back.
 *
 * Trap entry. The hardware has stored the guest's PSW at 0x40 and loaded ours from 0x50: we are in supervisor mode,
 * with interrupts disabled and R = all of memory. All 31 registers are still the guest's. The order is forced:
 *
 *   1. Nothing can be computed before a register is free, and only an absolute address can be stored to. x1 goes to
 *      0x80, which lies within a store's reach of x0.
 *   2. The timer is running, now against us: it is read first of all, at a known distance from the trap.
 *   3. x1 can now hold the address of the guest's registers. They go straight into its virtual state.
 *   4. Only then is there a stack, and C.
 *
 * The way back is the same in reverse. From settimer to the guest's first instruction lie exactly VMM_WAY_BACK
 * instructions, with which the timer is set longer: so it interrupts after exactly as many of the guest's own.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "pg74.h"

#define SAVED_X1  0x80      /* struct vmm_switch */
#define TIMER     0x84
#define REGISTERS 0x88
#define PSW       0x90

#define VMM_WAY_BACK 32     /* x2 to x31, x1, lpsw */

    .section .text.start, "ax"
    .global _start
_start:
    la    sp, vmm_stack_top
    call  vmm_main
    j     vmm_switch_to

    .text
    .global vmm_trap_entry
    .balign 4
vmm_trap_entry:
    sw    x1, SAVED_X1(x0)
    pg74_gettimer x1
    sw    x1, TIMER(x0)
    lw    x1, REGISTERS(x0)
    .irp  n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sw    x\n, 4*\n(x1)
    .endr
    lw    x2, SAVED_X1(x0)
    sw    x2, 4(x1)
    la    sp, vmm_stack_top
    /* From here on the guest's registers are safe and ours are free. */
    call  vmm_handle_trap
    .global vmm_switch_to
vmm_switch_to:              /* a0: registers of who runs next, a1: instructions until the timer, or 0 */
    sw    a0, REGISTERS(x0)
    mv    x1, a0
    beqz  a1, 1f
    addi  a1, a1, VMM_WAY_BACK
1:  pg74_settimer a1
    .irp  n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    lw    x\n, 4*\n(x1)
    .endr
    lw    x1, 4(x1)
    pg74_lpsw PSW, x0

/* Nobody can run: this is what runs then, in supervisor mode with interrupts enabled. A request that comes before the
 * idle interrupts before it; one that comes later ends it: none is slept through. */
    .global vmm_idle
    .balign 4
vmm_idle:
    pg74_idle
    j     vmm_idle

    .bss
    .balign 16
    .space 0x30000
    .global vmm_stack_top
vmm_stack_top:
