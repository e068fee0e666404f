# Has its disk read to all addresses below 16 MiB, and frames sent from there and received to there, for ever: those in its own
# memory are its own business.
        .global _start
_start: li      s0, 0x2000
        li      s1, 0x1000000
1:      li      t0, 0x10
        out     t0, zero            # sector 0
        li      t0, 0x11
        out     t0, s0              # to here
        li      t0, 0x12
        li      t1, 8
        out     t0, t1              # so many sectors
        li      t0, 0x13
        li      t1, 1
        out     t0, t1
        li      t0, 0x14
        li      t2, 1
2:      in      t1, t0
        beq     t1, t2, 2b
        li      t0, 0x20
        out     t0, s0
        li      t0, 0x21
        li      t1, 1500
        out     t0, t1
        li      t0, 0x22
        li      t1, 2               # receive what is there, then send
        out     t0, t1
        out     t0, t2
        li      t0, 0x1000
        add     s0, s0, t0
        bltu    s0, s1, 1b
        j       _start
