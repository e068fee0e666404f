# A program that makes another one, with more code than the cache has room for, and executes it three times.
        li      s0, 3
        lui     s1, 0x4
        li      s2, 300                 # copies of what stands at `piece`
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
piece:  addi    a0, a0, $1..9
        xor     a1, a1, a0
        bltz    a1, .+8
        add     s4, s4, a1
        slli    a1, a1, 1
        bgez    a1, .+8
        sub     s4, s4, a0
        xori    a1, a1, 77
return: ret
