# A guest that computes: nothing traps but `halt`.
        li      a0, $5..40
        li      a1, 0
again:
        add     a1, a1, a0
        addi    a0, a0, -1
        bnez    a0, again
        halt    a1
