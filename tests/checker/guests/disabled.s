# The timer runs out while interrupts are disabled; registers that count must not be disturbed by then.
        .global _start
_start: la      t0, handler
        sw      zero, 0x50(zero)
        sw      t0, 0x54(zero)
        sw      zero, 0x58(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        li      t0, 50
        settimer t0
        li      t1, 1000
1:      addi    t1, t1, -1
        bnez    t1, 1b
        li      t2, 2
        setflags t2
        nop
        halt    s0
handler:
        addi    s0, s0, 1
        lpsw    0x40(zero)
