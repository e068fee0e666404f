# A load beyond the bound: cause 1, with the address and the kind of access.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        li      a0, $0x20000..0x2ffff
        andi    a0, a0, -4
        lw      a1, 0(a0)
        halt    zero
handler:
        lw      a1, 0x60(zero)
        lw      a2, 0x64(zero)
        lw      a3, 0x68(zero)
        halt    a2
