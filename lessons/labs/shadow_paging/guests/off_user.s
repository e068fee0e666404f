# A user program without translation has all of the guest's memory; the kernel prints for it.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        la      t0, user
        retu    t0
user:
        li      s0, 0x3000
        li      a0, $33..126
        sb      a0, 5(s0)
        lbu     a1, 5(s0)
        ecall
handler:
        li      t0, @console_output
        out     t0, a1
        lw      a2, @trap_cause(zero)
        halt    a2
