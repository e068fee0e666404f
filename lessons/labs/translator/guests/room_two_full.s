# Two guests that take turns, each with code that nearly fills the cache alone, at the same addresses.
        li      s0, $5..7               # rounds
        lui     s1, 0x4
        li      s2, 220                 # copies of what stands at `piece`
        la      s3, piece
        lw      a2, 0(s3)
        lw      a3, 4(s3)
        lw      a4, 8(s3)
        lw      a5, 12(s3)
        lw      a6, 16(s3)
        lw      a7, 20(s3)
        lw      t0, 24(s3)
        lw      t1, 28(s3)
1:      sw      a2, 0(s1)
        sw      a3, 4(s1)
        sw      a4, 8(s1)
        sw      a5, 12(s1)
        sw      a6, 16(s1)
        sw      a7, 20(s1)
        sw      t0, 24(s1)
        sw      t1, 28(s1)
        addi    s1, s1, 32
        addi    s2, s2, -1
        bnez    s2, 1b
        lw      a2, return
        sw      a2, 0(s1)
        lui     s1, 0x4
2:      jalr    0(s1)
        addi    s0, s0, -1
        bnez    s0, 2b
        andi    a3, s4, 15
        addi    a3, a3, 65
        out     zero, a3
        halt    s4
piece:  addi    a0, a0, 1
        xor     s4, s4, a0
        slli    a1, s4, 3
        bltz    a1, .+8
        addi    s4, s4, 2
        xori    s4, s4, 77
        add     a0, a0, s4
        srli    a0, a0, 1
return: ret
#! guest
        li      s0, $5..7               # rounds
        lui     s1, 0x4
        li      s2, 220                 # copies of what stands at `piece`
        la      s3, piece
        lw      a2, 0(s3)
        lw      a3, 4(s3)
        lw      a4, 8(s3)
        lw      a5, 12(s3)
        lw      a6, 16(s3)
        lw      a7, 20(s3)
        lw      t0, 24(s3)
        lw      t1, 28(s3)
1:      sw      a2, 0(s1)
        sw      a3, 4(s1)
        sw      a4, 8(s1)
        sw      a5, 12(s1)
        sw      a6, 16(s1)
        sw      a7, 20(s1)
        sw      t0, 24(s1)
        sw      t1, 28(s1)
        addi    s1, s1, 32
        addi    s2, s2, -1
        bnez    s2, 1b
        lw      a2, return
        sw      a2, 0(s1)
        lui     s1, 0x4
2:      jalr    0(s1)
        addi    s0, s0, -1
        bnez    s0, 2b
        andi    a3, s4, 15
        addi    a3, a3, 97
        out     zero, a3
        halt    s4
piece:  addi    a0, a0, 3
        add     s4, s4, a0
        slli    a1, s4, 3
        bltz    a1, .+8
        addi    s4, s4, 4
        xori    s4, s4, 77
        add     a0, a0, s4
        srli    a0, a0, 1
return: ret
