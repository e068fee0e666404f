# Idle until the timer ends.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      a0, 2
        setflags a0
        li      a0, 1000
        settimer a0
        idle
        addi    s1, s1, $1..99
        halt    s1
handler:
        addi    s1, s1, 1
        lpsw    @old_psw(zero)
