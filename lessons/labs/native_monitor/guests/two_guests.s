# Two guests at a time: one that computes long, and one that says B.
        li      a0, $3000..5000
again:
        addi    a0, a0, -1
        bnez    a0, again
        li      a1, 65
        out     zero, a1
        halt    zero
#! guest
        li      a1, 66
        out     zero, a1
        out     zero, a1
        halt    a1
