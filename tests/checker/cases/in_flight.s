#! disk 4 187
# Looks into the buffer of a transfer that is under way, and not at its status: what is there is a matter of time.
        li      t0, 0x11
        li      t1, 0x5000
        out     t0, t1
        li      t0, 0x12
        li      t1, 1
        out     t0, t1
        li      t0, 0x13
        out     t0, t1
        li      t1, 470
1:
        addi    t1, t1, -1
        bnez    t1, 1b
        li      t0, 0x5000
        lw      a0, 0(t0)
        halt    a0
