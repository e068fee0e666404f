# endless.s: a user program that never ends, and a kernel that gets the processor back all the same.
        .rodata
        .org    0x50
        .word   0, kernel, 0, 0x100000

        .text
_start: li      t0, 1000
        settimer t0                     # an interrupt after 1000 instructions
        la      t0, user_psw
        lpsw    0(t0)

kernel: lw      t0, 0x60(zero)          # the cause
        halt    t0

        .align  4
user:   addi    a0, a0, 1
        j       user

        .data
        .align  4
user_psw:
        .word   3, 0, user, 32          # flags: user mode, and interrupts are taken
