# For x86:pg74: enables interrupts with popf, and waits for the timer.
        .global _start
_start: la      t0, handler
        sw      zero, 0x50(zero)
        sw      t0, 0x54(zero)
        sw      zero, 0x58(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        li      t0, 100
        settimer t0
        li      t0, 2
        popf    t0
1:      beqz    s0, 1b
        halt    s0
handler:
        addi    s0, s0, 1
        lpsw    0x40(zero)
