# A store to the very next instruction, and to one a little further in the same straight code.
        lw      s0, other
        la      s1, next
        la      s2, further
        li      s3, 2
again:  li      a0, 65
        sw      s0, 0(s1)
next:   addi    a0, a0, $1..5
        out     zero, a0
        sw      s0, 0(s2)
        addi    a1, a1, 1
        addi    a1, a1, 1
further:
        addi    a0, a0, 1
        out     zero, a0
        addi    s0, s0, 0x100
        slli    s4, s0, 12
        addi    s3, s3, -1
        beqz    s3, 1f
        lw      s0, another
        j       again
1:      halt    a0
other:  addi    a0, a0, 11
another:
        addi    a0, a0, 17
