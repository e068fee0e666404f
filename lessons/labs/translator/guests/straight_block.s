# A guest that computes, says what came of it, and halts: no jump, and what traps is `out` and `halt`.
        li      a0, $100..2000
        li      a1, 3
        mul     a2, a0, a1
        sub     a3, a2, a0
        sltu    a4, a0, a3
        slli    a5, a0, 7
        srai    a6, a5, 3
        xor     a7, a6, a3
        divu    s2, a7, a1
        rem     s3, a7, a1
        andi    s4, s2, 15
        addi    s4, s4, 65
        out     zero, s4
        addi    s3, s3, 48
        out     zero, s3
        lui     s5, 0x12345
        ori     s5, s5, 0x678
        halt    s2
