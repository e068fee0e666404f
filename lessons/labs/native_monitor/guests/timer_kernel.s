# A timer interrupt in a loop: the handler sees cause 16, and the loop goes on.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      s0, $2..9
        li      a0, 50
        settimer a0
        li      a0, 2
        setflags a0
wait:
        bnez    s0, wait
        halt    s1
handler:
        lw      t0, @trap_cause(zero)
        add     s1, s1, t0
        addi    s0, s0, -1
        li      t0, 70
        settimer t0
        lpsw    @old_psw(zero)
