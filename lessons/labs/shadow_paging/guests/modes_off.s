# A user without translation, after one with it: the first may do all, the second may not.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x500f, 0x601f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x5000
        lw      a0, 0(s0)
        la      t1, user
        retu    t1
user:
        addi    a0, a0, $1..99
        sw      a0, 0(s0)
        ecall
handler:
        lw      a2, @trap_cause(zero)
        addi    s3, s3, 1
        li      t0, 2
        beq     s3, t0, 1f
        la      t1, user
        retu    t1
1:
        halt    a2
