# Counts until the timer interrupts: a monitor may deliver that a little later.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        li      t0, 20
        settimer t0
        li      t0, 2
        setflags t0
1:
        addi    a0, a0, 1
        j       1b
handler:
        halt    a0
