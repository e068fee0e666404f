# A handler's lpsw at the same virtual address as what it goes back to, where the timer interrupts at once.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .data
        .org    0x4000
psw0:
        .word   0x3, next0 - 0x10, 0x10, 0x20000
        .text
        la      t0, psw0
        lpsw    0(t0)
next0:
end:
        halt    a0
handler:
        sw      t0, 0x80(zero)
        lw      t0, 0x8c(zero)
        addi    t0, t0, 1
        sw      t0, 0x8c(zero)
        li      t1, 40
        bgtu    t0, t1, end
        lw      t0, 0x60(zero)
        li      t1, 5
        bgeu    t0, t1, interrupted
        li      t1, 1
        settimer t1
        lw      t1, 0x44(zero)
        addi    t1, t1, 4
        sw      t1, 0x44(zero)
interrupted:
        lpsw    0x40(zero)
