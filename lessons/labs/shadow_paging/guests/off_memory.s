# Translation off: all of the guest's memory, page after page, and then what is not there.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      s0, 0x2000
        li      s1, 0x10000
        li      s2, 0x1000
        li      a0, $1..2000
1:
        sw      a0, 0x7c(s0)
        lw      a1, 0x7c(s0)
        add     a0, a0, s0
        add     s0, s0, s2
        bltu    s0, s1, 1b
        lw      a1, -4(s1)
        lw      a1, 0(s1)
        halt    a0
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
