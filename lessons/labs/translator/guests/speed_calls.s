# A kernel that calls functions: calls are jumps, each return is one through a register.
        lui     sp, 0x8
        li      s0, $30..40
again:  li      a0, 300
        jal     sum
        add     s1, s1, a0
        li      a0, 310
        jal     twice
        add     s1, s1, a0
        addi    s0, s0, -1
        bnez    s0, again
        andi    a1, s1, 15
        addi    a1, a1, 65
        out     zero, a1
        halt    zero
twice:  addi    sp, sp, -16
        sw      ra, 0(sp)
        jal     sum
        slli    a0, a0, 1
        lw      ra, 0(sp)
        addi    sp, sp, 16
        ret
sum:    mv      a1, a0
        li      a0, 0
1:      add     a0, a0, a1
        xor     a0, a0, s0
        addi    a1, a1, -1
        bnez    a1, 1b
        ret
