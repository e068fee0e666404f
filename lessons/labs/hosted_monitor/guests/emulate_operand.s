# The operand of spsw: not aligned, then beyond the bound. Each traps in the guest.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      s1, $1..99
        li      a0, 0x4004
        spsw    0(a0)
        li      a0, 0x20000
        spsw    0(a0)
        li      a0, 0x20000
        loadreal a1, a0
        add     s0, s0, s1
        halt    s0
handler:
        lw      t0, @trap_cause(zero)
        slli    s0, s0, 4
        add     s0, s0, t0
        lw      t0, @trap_access(zero)
        add     s1, s1, t0
        lw      t0, @old_psw+4(zero)
        addi    t0, t0, 4
        sw      t0, @old_psw+4(zero)
        lpsw    @old_psw(zero)
