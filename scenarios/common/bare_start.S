/* bare_start.S: start and trap entry of a guest that stands alone on the machine (guest.h). */
#include <pg74.h>

/* The loader jumps here in supervisor mode, with interrupts disabled and R covering all of memory. No register has a
 * value yet. The stack begins at the top of memory, which the boot block knows. */
        .section .text.start, "ax"
        .globl  start
start:
        la      t0, pg74_boot_block
        lw      sp, 8(t0)               /* memory_size */
        andi    sp, sp, -16
        la      t0, bss_start
        la      t1, bss_end
clear:  bgeu    t0, t1, cleared
        sw      x0, 0(t0)
        addi    t0, t0, 4
        j       clear
cleared:
        li      a0, 0
        call    main
        .globl  guest_stop
guest_stop:                             /* void guest_stop(uint32_t code) */
        pg74_halt a0

        .text
/* The machine has stored the old PSW, cause and value, and loaded the new PSW: we are in supervisor mode, interrupts
 * disabled, R covers all of memory. Every register still belongs to whoever was interrupted, so none may be touched
 * before it is saved; register 0 as the base address reaches the save area without one. */
        .globl  guest_trap_entry
guest_trap_entry:
        .irp    i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
                   17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        sw      x\i, PG74_SAVE_AREA + 4 * \i(x0)
        .endr
        la      sp, trap_stack_top      /* from here on the registers are ours */
        call    guest_trap
        .irp    i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
                   17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        lw      x\i, PG74_SAVE_AREA + 4 * \i(x0)
        .endr
        pg74_lpsw PG74_OLD_PSW, x0      /* and from here on nobody's: mode, enable, pc and R change at once */

/* uint32_t guest_enter(const struct pg74_psw *psw, uint32_t stack, uint32_t argument): what a C function must
 * preserve is put aside for guest_leave; then the PSW is loaded from the trap area, as a return from a trap would do
 * it. */
        .globl  guest_enter
guest_enter:
        la      t0, entered
        sw      ra, 0(t0)
        sw      sp, 4(t0)
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
        sw      s\i, 8 + 4 * \i(t0)
        .endr
        .irp    i, 0, 4, 8, 12
        lw      t1, \i(a0)
        sw      t1, PG74_OLD_PSW + \i(x0)
        .endr
        mv      sp, a1
        mv      a0, a2
        pg74_lpsw PG74_OLD_PSW, x0

/* void guest_leave(uint32_t result): runs in supervisor mode already, so the registers are all that must come back. */
        .globl  guest_leave
guest_leave:
        la      t0, entered
        lw      ra, 0(t0)
        lw      sp, 4(t0)
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
        lw      s\i, 8 + 4 * \i(t0)
        .endr
        ret

        .bss
        .balign 16
entered: .space 64
        .space  4096
trap_stack_top:
