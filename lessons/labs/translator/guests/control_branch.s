# All six branches, taken and not, with numbers of either sign, in a loop; each leaves a bit.
        lui     s11, 0x4
        li      s0, $5..12
        li      s1, -3
round:
        li      a0, 0
        beq     s0, s1, 1f
        ori     a0, a0, 1
1:      bne     s0, s1, 1f
        ori     a0, a0, 2
1:      blt     s0, s1, 1f
        ori     a0, a0, 4
1:      bge     s0, s1, 1f
        ori     a0, a0, 8
1:      bltu    s0, s1, 1f
        ori     a0, a0, 16
1:      bgeu    s0, s1, 1f
        ori     a0, a0, 32
1:      sw      a0, 0(s11)
        addi    s11, s11, 4
        add     a1, a1, a0
        addi    s0, s0, -1
        addi    a2, s0, 6
        bnez    a2, round
        andi    a0, a1, 15
        addi    a0, a0, 65
        out     zero, a0
        halt    a1
