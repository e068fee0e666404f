# A word that is no instruction, then a breakpoint: the handler goes on behind each of them.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        addi    s0, s0, $1..99
        .word   0xffffffff
        ebreak
        halt    s0
handler:
        lw      t0, @trap_cause(zero)
        add     s0, s0, t0
        lw      t0, @old_psw+4(zero)
        addi    t0, t0, 4
        sw      t0, @old_psw+4(zero)
        lpsw    @old_psw(zero)
