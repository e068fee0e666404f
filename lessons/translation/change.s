# change.s: for the machine x86. An instruction is executed, changed, and executed again.
_start: li      s1, 0                   # the console's port
        li      s0, 2                   # rounds
        la      s2, letter
        lw      s3, other               # the word of another instruction
letter: li      a0, 'A'
        out     s1, a0
        sw      s3, 0(s2)               # from now on, another instruction stands at `letter`
        addi    s0, s0, -1
        bnez    s0, letter
        halt    zero
other:  li      a0, 'B'
