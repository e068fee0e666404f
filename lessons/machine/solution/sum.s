# sum.s: the sum of the numbers at `numbers`. There are eight of them, a word each.
_start: la      s0, numbers
        li      s1, 8
        li      a0, 0

next:   lw      t0, 0(s0)
        add     a0, a0, t0
        addi    s0, s0, 4
        addi    s1, s1, -1
        bnez    s1, next

        halt    a0

        .data
numbers:
        .word   3, 1, 4, 1, 5, 9, 2, 6
