# A load beyond the bound: cause 1, with the address and the kind of access.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      a0, $0x20000..0x2ffff
        andi    a0, a0, -4
        lw      a1, 0(a0)
        halt    zero
handler:
        lw      a1, @trap_cause(zero)
        lw      a2, @trap_value(zero)
        lw      a3, @trap_access(zero)
        halt    a2
