# Two guests, each with a timer of its own: one waits, one counts.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      a0, 2
        setflags a0
        li      a0, 3000
        settimer a0
        idle
        addi    s1, s1, $1..99
        halt    s1
handler:
        addi    s1, s1, 1
        lpsw    @old_psw(zero)
#! guest
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      a0, 500
        settimer a0
        li      a0, 2
        setflags a0
        li      s0, 4
loop:
        bnez    s0, loop
        halt    s0
handler:
        addi    s0, s0, -1
        li      t0, 500
        settimer t0
        lpsw    @old_psw(zero)
