#! disk 1 5
# Waits for the end of a transfer, with interrupts disabled; then what has been transferred is there.
        li      t0, 0x11
        li      t1, 0x5000
        out     t0, t1
        li      t0, 0x12
        li      t1, 1
        out     t0, t1
        li      t0, 0x13
        out     t0, t1
        idle
        li      t0, 0x5000
        lw      a0, 0(t0)
        halt    a0
