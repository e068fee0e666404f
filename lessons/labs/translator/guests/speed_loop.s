# A kernel that computes: two loops, one in the other.
        li      s0, $190..210
1:      li      s1, 100
2:      mul     a0, a0, s1
        addi    a0, a0, 7
        xor     a1, a1, a0
        addi    s1, s1, -1
        bnez    s1, 2b
        addi    s0, s0, -1
        bnez    s0, 1b
        andi    a1, a1, 15
        addi    a1, a1, 65
        out     zero, a1
        halt    zero
