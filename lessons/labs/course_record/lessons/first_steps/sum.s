# Adds the numbers from 5 down to 1, and halts with their sum.
_start: li      a0, 5
again:  add     a1, a1, a0
        addi    a0, a0, -1
        bnez    a0, again
        halt    a1
