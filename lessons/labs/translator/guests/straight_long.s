# Straight code that is longer than any block, with a letter in between.
#! include straight_sums.inc 24
        li      a2, 65
        out     zero, a2
#! include straight_shifts.inc 20
        addi    a2, a2, 1
        out     zero, a2
        halt    a1
