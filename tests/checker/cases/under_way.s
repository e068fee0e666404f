#! disk 4 187
# Halts while a transfer to its memory is under way: under a monitor that takes longer it has ended by then.
        li      t0, 0x12
        li      t1, 1
        out     t0, t1
        li      t0, 0x13
        out     t0, t1
        nop
        nop
        nop
        nop
        halt    zero
