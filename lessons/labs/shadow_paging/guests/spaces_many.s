# A dozen tables, all again and again, in both modes: more than there is room for.
        .equ    tables, 12
#! include tables.inc
        li      s5, 2
again:
        li      s1, 0x8400
        li      s2, 12
kernel:
        li      t0, 4
        setflags t0
        setr    s1, s3
        lw      a1, 0x300(s0)
        addi    a1, a1, $1..99
        sw      a1, 0x300(s0)
        la      t0, user
        retu    t0
user:
        lw      a2, 0x304(s0)
        add     a2, a2, a1
        sw      a2, 0x304(s0)
        ecall
back:
        addi    s1, s1, 64
        addi    s2, s2, -1
        bnez    s2, kernel
        addi    s5, s5, -1
        bnez    s5, again
        halt    a2
handler:
        lw      a3, @trap_cause(zero)
        lpsw    over(zero)
        .rodata
        .balign 16
over:
        .word   4, back, 0x8000, 0x10000
        .text
