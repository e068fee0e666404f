# Waits for the timer, three times: with interrupts taken, and then without.
        .global _start
_start: la      t0, handler
        sw      zero, 0x50(zero)
        sw      t0, 0x54(zero)
        sw      zero, 0x58(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        li      s0, 0
        li      s1, 2
        li      t1, 500
        setflags s1
1:      settimer t1
        idle
        li      t2, 2
        bltu    s0, t2, 1b
        setflags zero
        settimer t1
        idle                            # ends, but without an interrupt
        addi    s0, s0, 100
        setflags s1                     # here it comes
        nop
        halt    s0                      # 103
handler:
        addi    s0, s0, 1
        lpsw    0x40(zero)
