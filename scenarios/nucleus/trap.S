/* trap.S: the way into the kernel and the way out of it.
 *
 * What the hardware does at a trap or interrupt, before the first instruction here: it stores the old PSW (flags,
 * pc, base, bound) at 0x40, cause, value and kind of access at 0x60, and loads the new PSW from 0x50. So the mode is
 * supervisor, interrupts are disabled, R covers all of memory, and pc is machine_trap_entry. It saves no general
 * register. */
#include <pg74.h>

        .section .text.start, "ax"
        .globl  start
start:  la      sp, kernel_stack_top    /* the loader jumps here, in supervisor mode, interrupts disabled */
        la      t0, bss_start
        la      t1, bss_end
1:      bgeu    t0, t1, 2f
        sw      x0, 0(t0)
        addi    t0, t0, 4
        j       1b
2:      j       kernel_start

        .text
        .globl  machine_trap_entry
machine_trap_entry:
        /* All 31 registers belong to the process, but saving them needs one to point with. Register 0 plus an offset
         * reaches low memory, so register 1 can wait there for a moment. */
        sw      x1, PG74_SAVE_AREA(x0)
        lui     x1, %hi(machine_running)
        lw      x1, %lo(machine_running)(x1)    /* x1: the context of whoever was running */
        .irp    i, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
                   17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        sw      x\i, 4 * \i(x1)
        .endr
        lw      x2, PG74_SAVE_AREA(x0)
        sw      x2, 4(x1)               /* the real register 1 */
        lw      x2, PG74_OLD_PSW + 4(x0)
        sw      x2, 0(x1)               /* the pc, in the place of register 0 */

        /* The process is safe. The kernel begins each time with an empty stack: it never waits in the middle of
         * something, so there is nothing on the stack to keep. */
        la      sp, kernel_stack_top
        j       machine_trap

/* bool machine_translates(void): does this machine have page tables? Bit 2 of the flags switches translation on where
 * there is one, and else is ignored. There is no table yet: so if the bit means something the very next fetch traps,
 * and the new PSW leads back here, with translation off. */
        .globl  machine_translates
machine_translates:
        la      t0, 1f
        sw      t0, PG74_NEW_PSW + 4(x0)
        li      a0, 0
        li      t0, 4
        pg74_setflags t0
        ret
1:      li      a0, 1
        ret

/* void machine_resume(struct context *context): loads all registers, and then the PSW that machine.c has put at
 * PG74_OLD_PSW. Interrupts are still disabled, so nobody can overwrite it. Register 10 points at the context, and
 * goes last. */
        .globl  machine_resume
machine_resume:
        .irp    i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, \
                   17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        lw      x\i, 4 * \i(a0)
        .endr
        lw      a0, 4 * 10(a0)
        pg74_lpsw PG74_OLD_PSW, x0      /* mode, enable, pc and R change at once */

/* Where the processor waits when no process can run: in supervisor mode with interrupts enabled. It never comes
 * back: the interrupt leads to machine_trap_entry. */
        .globl  machine_idle_loop
machine_idle_loop:
        pg74_idle
        j       machine_idle_loop

#ifdef PARAVIRTUAL
/* Where the monitor has the kernel continue when it tells an event: it has put the registers away, and in what was their
 * place the kernel's own are as they were. */
        .globl  machine_event_entry
machine_event_entry:
        la      sp, kernel_stack_top
        j       machine_event

/* uint32_t machine_call(uint32_t function, uint32_t argument): the monitor expects this very instruction. */
        .globl  machine_call
machine_call:
        pg74_diag a0, a0, a1
        ret
#endif

        .bss
        .balign 16
        .space  4096
kernel_stack_top:
