#! disk 4 187
# Prints as long as a transfer is under way, which is less often under a monitor that takes more time for each instruction.
        li      t0, 0x13
        li      t1, 1
        out     t0, t1
1:
        li      t0, 0
        li      t1, 0x2e
        out     t0, t1
        li      t0, 0x14
        in      t2, t0
        li      t1, 1
        beq     t2, t1, 1b
        halt    zero
