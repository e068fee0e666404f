# Waits for the timer, and ends in its handler.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        li      t0, 2
        setflags t0
        li      t0, 40
        settimer t0
        idle
1:
        j       1b
handler:
        halt    t0
