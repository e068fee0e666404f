# A timer that ends while a user program runs with interrupts disabled: its interrupt waits there, too.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      a0, 5
        settimer a0
        la      a0, user
        retu    a0
user:
        li      t0, 200
spin:
        addi    t0, t0, -1
        bnez    t0, spin
        ecall
handler:
        lw      a0, @trap_cause(zero)
        lw      a1, @old_psw+4(zero)
        add     a0, a0, a1
        addi    a0, a0, $1..99
        halt    a0
