# interrupted.s: a kernel whose handler for the timer leaves out an instruction and writes its own saved PSW, so that what it
# prints depends on where it was interrupted. A monitor that interprets the kernel delivers the interrupt before any
# instruction is executed directly: nobody saw where.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        li      t0, 1
        settimer t0
        li      t0, 2
        setflags t0
        li      t0, 1               # left out: a port where nothing happens
        li      t1, 0
        out     t0, t1
        la      t0, 1f
        retu    t0
1:      ecall
        halt    a0
handler:
        sw      t1, 0x40(zero)
        lw      t1, 0x44(zero)
        addi    t1, t1, 4
        sw      t1, 0x44(zero)
        lw      t0, 0x80(zero)
        lpsw    0x40(zero)
