# The place of a table becomes another table while eleven others are used.
        .equ    tables, 12
#! include tables.inc
        li      s1, 0x8400
        setr    s1, s3
        li      a0, $1..2000
        sw      a0, 0x300(s0)
        li      s2, 11
1:
        addi    s1, s1, 64
        setr    s1, s3
        lw      a1, 0x300(s0)
        addi    a1, a1, $1..99
        sw      a1, 0x300(s0)
        addi    s2, s2, -1
        bnez    s2, 1b
        li      s1, 0x8400
        li      t0, 0xe01f
        sw      t0, 48(s1)
        setr    s1, s3
        lw      a1, 0x300(s0)
        sw      zero, 48(s1)
        lw      a1, 0x300(s0)
        halt    zero
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
