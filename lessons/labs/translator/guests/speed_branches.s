# A kernel that goes from block to block, as a number of chance says; now and then it looks at its flags.
        li      s0, $190..210
        li      s3, 0x5deece
again:  li      s1, 60
1:      slli    a0, s3, 13
        xor     s3, s3, a0
        srli    a0, s3, 17
        xor     s3, s3, a0
        slli    a0, s3, 5
        xor     s3, s3, a0
        andi    a1, s3, 1
        beqz    a1, 2f
        addi    s4, s4, 1
        j       3f
2:      addi    s5, s5, 1
3:      andi    a1, s3, 6
        bnez    a1, 4f
        add     s6, s6, s3
        jal     a2, 5f
4:      sub     s6, s6, s4
5:      addi    s1, s1, -1
        bnez    s1, 1b
        getflags a3
        add     s6, s6, a3
        addi    s0, s0, -1
        bnez    s0, again
        andi    a1, s6, 15
        addi    a1, a1, 65
        out     zero, a1
        halt    zero
