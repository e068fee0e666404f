# Two guests. One has given itself more than its memory, and loads from behind its end: there is nothing, nor another guest.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      a0, 0x20000
        setr    zero, a0
        li      a1, 0x10000
        lw      a2, @new_psw(a1)
        halt    zero
handler:
        lw      a0, @trap_cause(zero)
        addi    a0, a0, $1..99
        halt    a0
#! guest
        .rodata
        .org    @new_psw
        .word   0, 0x2000, 0, 0x10000
        .text
        li      a0, $500..1000
1:      addi    a0, a0, -1
        bnez    a0, 1b
        halt    zero
