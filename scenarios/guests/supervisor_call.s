# supervisor_call.s: one trap, from a user program to its kernel and back, in as few instructions as it takes.
#
# The kernel writes the new PSW, which is where traps lead, and then loads a PSW of its own making, which is the user's.
# The user program stands at its own address 0: R moves it.

        .equ    console_output, 0
        .equ    old_pc, 0x44            # in the trap area: what the hardware saved
        .equ    new_psw, 0x50           # and what it loads

        .global _start
_start: sw      zero, new_psw(zero)     # flags: supervisor, interrupts disabled
        la      t0, kernel
        sw      t0, new_psw+4(zero)     # pc
        sw      zero, new_psw+8(zero)   # base
        li      t0, 0x10000
        sw      t0, new_psw+12(zero)    # bound
        la      t0, user_psw
        lpsw    0(t0)                   # and we are the user

kernel: lw      t0, old_pc(zero)        # the trap saved the address of the ecall itself
        addi    t0, t0, 4
        sw      t0, old_pc(zero)
        beqz    a0, stop
        li      t1, console_output
        out     t1, a0
        lpsw    0x40(zero)              # back to where the trap came from, after the ecall
stop:   li      a0, 0
        halt    a0

        .align  4
user:   li      a0, 'U'
        ecall
        li      a0, '\n'
        ecall
        li      a0, 0
        ecall
user_end:

        .data
        .align  4
user_psw:
        .word   1, 0, user, 32          # user mode; pc 0; R: 32 bytes from `user` on
