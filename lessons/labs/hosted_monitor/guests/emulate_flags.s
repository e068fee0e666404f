# Flags and whole PSWs.
        .data
        .balign 16
saved:
        .word   0, 0, 0, 0
other:
        .word   2, there, 0, 0x10000
        .text
        li      a0, 2
        setflags a0
        getflags a1
        la      a2, saved
        spsw    0(a2)
        lw      a3, 0(a2)
        lw      a4, 4(a2)
        la      a5, other
        lpsw    0(a5)
        halt    zero
there:
        getflags a6
        addi    a6, a6, $1..99
        halt    a6
