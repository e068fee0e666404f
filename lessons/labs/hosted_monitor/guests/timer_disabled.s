# The timer ends while interrupts are disabled: the interrupt waits until they are enabled, and comes once.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      a0, 5
        settimer a0
        li      t0, 200
spin:
        addi    t0, t0, -1
        bnez    t0, spin
        mv      s0, s1
        li      a0, 2
        setflags a0
wait:   beqz    s1, wait
        li      t0, 200
again:  addi    t0, t0, -1
        bnez    t0, again
        addi    s1, s1, $1..99
        halt    s1
handler:
        addi    s1, s1, 1
        lpsw    @old_psw(zero)
