# Reads a sector, and sees the end by asking for it.
        .global _start
_start: li      t0, 0x10
        out     t0, zero                # sector 0
        li      t0, 0x11
        li      t1, 0x30000
        out     t0, t1
        li      t0, 0x12
        li      t2, 1
        out     t0, t2
        li      t0, 0x13
        out     t0, t2                  # read
        li      t0, 0x14
1:      in      t3, t0
        beq     t3, t2, 1b
        lw      a0, 0(t1)
        lw      a1, 508(t1)
        halt    t3                      # 2: done
