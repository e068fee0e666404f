# A supervisor call: the guest's own handler gets it, and finds the cause and the PSW of the call in its trap area.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      a0, $1..99
        ecall
        halt    zero
handler:
        lw      a1, @trap_cause(zero)
        lw      a2, @old_psw+4(zero)
        lw      a3, @old_psw(zero)
        lw      a4, @old_psw+8(zero)
        lw      a5, @old_psw+12(zero)
        add     a1, a1, a0
        halt    a1
