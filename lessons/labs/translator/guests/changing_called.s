# A function that is called from two places, by blocks that have met it before, is replaced by another one; and by parts:
# a byte, and a half-word.
        li      s0, 3
        li      s2, 0
again:  call    function
        add     s2, s2, a0
        addi    s2, s2, 1
        j       2f
1:      la      a1, function
        la      a2, replacement
        lw      a3, 0(a2)
        sw      a3, 0(a1)
        lw      a3, 4(a2)
        sw      a3, 4(a1)
        addi    s0, s0, -1
        beqz    s0, 3f
        addi    s3, s0, -1
        bnez    s3, again
        lbu     a3, 3(a2)
        addi    a3, a3, $1..7
        sb      a3, 3(a1)
        j       again
2:      jal     function
        add     s2, s2, a0
        j       1b
3:      andi    a0, s2, 15
        addi    a0, a0, 65
        out     zero, a0
        halt    s2
function:
        li      a0, 7
        addi    a0, a0, 1
        ret
replacement:
        li      a0, 100
        slli    a0, a0, 2
