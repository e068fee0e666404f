# A function that is called from all over a program that is larger than the cache, and a loop when the cache was full.
        li      s0, 2
        lui     s1, 0x4
        li      s2, 290                 # copies of what stands at `piece`
        la      s5, function
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
2:      jalr    s6, 0(s1)
        li      a3, $50..90
3:      addi    a0, a0, 2
        add     a1, a1, a0
        addi    a3, a3, -1
        bnez    a3, 3b
        call    function
        addi    s0, s0, -1
        bnez    s0, 2b
        andi    a3, a1, 15
        addi    a3, a3, 65
        out     zero, a3
        halt    a1
function:
        add     a1, a1, a0
        ret
piece:  addi    a0, a0, 1
        xori    a1, a1, 5
        jalr    ra, 0(s5)
        bltz    a1, .+8
        addi    a0, a0, 3
        bgez    a1, .+8
        addi    a0, a0, 4
        slli    a0, a0, 1
return: jr      s6
