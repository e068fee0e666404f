# Every register but a0 has the value that it had.
        .globl  _start
_start: jal     ra, install
        li      ra, $b
        li      sp, $b
        li      gp, $b
        li      tp, $b
        li      t0, $b
        li      t1, $b
        li      t2, $b
        li      s0, $b
        li      s1, $b
        li      a1, $b
        li      a2, $b
        li      a3, $b
        li      a4, $b
        li      a5, $b
        li      a6, $b
        li      a7, $b
        li      s2, $b
        li      s3, $b
        li      s4, $b
        li      s5, $b
        li      s6, $b
        li      s7, $b
        li      s8, $b
        li      s9, $b
        li      s10, $b
        li      s11, $b
        li      t3, $b
        li      t4, $b
        li      t5, $b
        li      t6, $b
        li      a0, $a
        ecall
        add     a0, a0, ra
        add     a0, a0, sp
        add     a0, a0, gp
        add     a0, a0, tp
        add     a0, a0, t0
        add     a0, a0, t1
        add     a0, a0, t2
        add     a0, a0, s0
        add     a0, a0, s1
        add     a0, a0, a1
        add     a0, a0, a2
        add     a0, a0, a3
        add     a0, a0, a4
        add     a0, a0, a5
        add     a0, a0, a6
        add     a0, a0, a7
        add     a0, a0, s2
        add     a0, a0, s3
        add     a0, a0, s4
        add     a0, a0, s5
        add     a0, a0, s6
        add     a0, a0, s7
        add     a0, a0, s8
        add     a0, a0, s9
        add     a0, a0, s10
        add     a0, a0, s11
        add     a0, a0, t3
        add     a0, a0, t4
        add     a0, a0, t5
        add     a0, a0, t6
        addi    a0, a0, $b
        halt    a0
