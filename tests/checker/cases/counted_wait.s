#! disk 4 187
# Counts for longer than a transfer takes, and then says whether it has ended: a monitor may tell it so a little later.
        li      t0, 0x13
        li      t1, 1
        out     t0, t1
        li      t1, 1000
1:
        addi    t1, t1, -1
        bnez    t1, 1b
        li      t0, 0x14
        in      a0, t0
        halt    a0
