# Adds the numbers from 10 down to 1, and halts with their sum.
_start: li      a0, 10
again:  add     a1, a1, a0
        addi    a0, a0, -1
        bnez    a0, again
        halt    a1
