# loop.s: 1 + 2 + ... + 1000. It only computes.
_start: li      s0, 1000
        li      a0, 0
next:   add     a0, a0, s0
        addi    s0, s0, -1
        bnez    s0, next
        halt    zero
