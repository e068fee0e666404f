# Two guests, of which one halts at once: it does nothing any more while the other one goes on. That one writes to ports
# at which it has nothing: where another guest's console might be.
        li      a0, $1..99
        halt    a0
        li      a1, 88
1:      out     zero, a1
        j       1b
#! guest
        li      a0, $5000..7000
1:      addi    a0, a0, -1
        bnez    a0, 1b
        li      a1, 66
        li      t0, 0x100
        out     t0, a1
        out     zero, a1
        li      t0, -0x100
        out     t0, a1
        halt    a1
