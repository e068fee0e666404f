#! disk 4 187
# Gives the disk a second command after a while. It is lost where the first transfer still goes on: a matter of time.
        li      t0, 0x12
        li      t1, 1
        out     t0, t1
        li      t0, 0x13
        li      t1, 2
        out     t0, t1
        li      t1, 470
1:
        addi    t1, t1, -1
        bnez    t1, 1b
        li      t0, 0x11
        li      t1, 0x5000
        out     t0, t1
        li      t0, 0x13
        li      t1, 1
        out     t0, t1
        li      t0, 0x14
1:
        in      a2, t0
        beq     a2, t1, 1b
        li      t0, 0x5000
        lw      a0, 0(t0)
        halt    a0
