# Writes to every port, of its own units and of everybody's, and reads from every one; for ever.
        .global _start
_start: li      t0, 1               # not to its own console
        li      t2, 0x1000
1:      out     t0, t0
        in      t1, t0
        addi    t0, t0, 1
        bltu    t0, t2, 1b
        j       _start
