# jrst.s: a kernel starts a user program with retu, the PDP-10's JRST 1. The user program tries to print an X, which it may not.
        .equ    console_output, 0
        .rodata
        .org    0x50                    # the new PSW: traps lead to the kernel
        .word   0, kernel, 0, 0x10000

        .text
_start: la      t0, user
        retu    t0                      # to user mode, and jump to the user program

kernel: li      t1, console_output      # somebody tried what is not allowed
        li      t2, '!'
        out     t1, t2
        halt    zero

user:   li      t1, console_output
        li      t2, 'X'
        out     t1, t2                  # not for users
        halt    zero
