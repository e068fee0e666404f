# For pdp10: retu enters user mode; there, getflags must trap.
        .global _start
_start: la      t0, handler
        sw      zero, 0x50(zero)
        sw      t0, 0x54(zero)
        sw      zero, 0x58(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        la      t0, user
        retu    t0
user:   getflags a0
        halt    a0
handler:
        lw      a0, 0x60(zero)
        halt    a0
