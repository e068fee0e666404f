# Two guests with other instructions at the same addresses, a loop with a letter in each.
        li      s0, $2000..3000
1:      addi    a0, a0, 1
        addi    s0, s0, -1
        bnez    s0, 1b
        li      s0, $4..9
2:      li      a1, 65
        out     zero, a1
        addi    s0, s0, -1
        bnez    s0, 2b
        halt    a0
#! guest
        li      s0, $2000..3000
1:      addi    a0, a0, 3
        addi    s0, s0, -1
        bnez    s0, 1b
        li      s0, $4..9
2:      li      a1, 97
        out     zero, a1
        addi    s0, s0, -1
        bnez    s0, 2b
        halt    a0
