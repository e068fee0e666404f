# work.s: for the machine x86. A kernel that computes, with a sensitive instruction in each round.
_start: li      s0, 20000               # rounds
        li      a1, 0
round:  mov     a0                      # the code segment: 0 for a kernel
        add     a1, a1, a0
        addi    s0, s0, -1
        bnez    s0, round
        addi    a1, a1, '0'
        li      s1, 0                   # the console's port
        out     s1, a1
        halt    zero
