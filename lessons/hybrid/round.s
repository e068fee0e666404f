# round.s: a user program that computes and now and then calls its kernel.
        .rodata
        .org    0x50
        .word   0, kernel, 0, 0x10000

        .text
_start: la      t0, user_psw
        lpsw    0(t0)

kernel: lw      t0, 0x60(zero)          # the cause
        li      t1, 4
        bne     t0, t1, stop
        lw      t0, 0x44(zero)
        addi    t0, t0, 4
        sw      t0, 0x44(zero)
        lpsw    0x40(zero)
stop:   li      t1, 0                   # ebreak: the end
        li      t2, '.'
        out     t1, t2
        halt    zero

        .align  4
user:   li      s0, 4                   # rounds
round:  li      t1, 2000
again:  mul     a0, a0, t1
        addi    a0, a0, 7
        addi    t1, t1, -1
        bnez    t1, again
        ecall
        addi    s0, s0, -1
        bnez    s0, round
        ebreak

        .data
        .align  4
user_psw:
        .word   1, 0, user, 64
