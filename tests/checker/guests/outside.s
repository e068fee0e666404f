# R that reaches beyond the guest's memory: a store there must trap, not hit whatever stands behind it.
        .global _start
_start: la      t0, handler
        sw      zero, 0x50(zero)
        sw      t0, 0x54(zero)
        sw      zero, 0x58(zero)
        lw      t0, 0x108(zero)         # memory size
        sw      t0, 0x5c(zero)
        slli    t1, t0, 1
        setr    zero, t1                # twice as much
        li      a0, 0
        sw      t0, -4(t0)              # the last word of memory
        sw      t0, 0(t0)               # the first behind it: a trap
        halt    a0
handler:
        lw      a0, 0x60(zero)
        halt    a0
