# kernel.s: the kernel and the user program of lesson 3, now as a guest.
        .equ    console_output, 0
        .equ    supervisor_call, 4      # a cause

        .rodata
        .org    0x50                    # the new PSW: what a trap loads
        .word   0, kernel, 0, 0x100000

        .text
_start: la      t0, user_psw
        lpsw    0(t0)                   # from here on the user program runs

kernel: lw      t0, 0x60(zero)          # the cause
        li      t1, supervisor_call
        bne     t0, t1, stop
        li      t1, console_output
        out     t1, a0
        lw      t0, 0x44(zero)          # the old PSW's pc
        addi    t0, t0, 4
        sw      t0, 0x44(zero)
        lpsw    0x40(zero)              # back to the user program
stop:   halt    t0                      # the cause is the halt code

        .align  4
user:   li      a0, 'U'
        ecall
        li      a0, '\n'
        ecall
        halt    zero                    # this is not for users

        .data
        .align  4
user_psw:
        .word   1, 0, user, 32          # flags: user mode; pc 0; R: base `user`, bound 32
