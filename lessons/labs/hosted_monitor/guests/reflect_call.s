# A supervisor call: the guest's own handler gets it, and finds the cause and the PSW of the call in its trap area.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        li      a0, $1..99
        ecall
        halt    zero
handler:
        lw      a1, 0x60(zero)
        lw      a2, 0x44(zero)
        lw      a3, 0x40(zero)
        lw      a4, 0x48(zero)
        lw      a5, 0x4c(zero)
        add     a1, a1, a0
        halt    a1
