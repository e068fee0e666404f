# An instruction in a loop changes in each round: its number grows.
        li      s0, $4..9
        la      s1, letter
        lui     s2, 0x100
letter: li      a0, 65
        out     zero, a0
        lw      a1, 0(s1)
        add     a1, a1, s2
        sw      a1, 0(s1)
        addi    s0, s0, -1
        bnez    s0, letter
        halt    a0
