# Kernel and user take turns: the kernel's page stays the kernel's.
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
        li      s1, 0x6000
        li      s2, $3..6
        li      s3, 0
kernel:
        lw      a1, 4(s0)
        addi    a1, a1, 1
        sw      a1, 4(s0)
        la      t1, user
        retu    t1
user:
        lw      a3, 8(s1)
        addi    a3, a3, 3
        sw      a3, 8(s1)
        ecall
handler:
        lw      a2, @trap_cause(zero)
        addi    s3, s3, 1
        bltu    s3, s2, 2f
        beq     s3, s2, 1f
        halt    a2
1:
        lpsw    touch(zero)
2:
        lpsw    again(zero)
        .rodata
        .balign 16
again:
        .word   4, kernel, 0x8000, 0x10000
touch:
        .word   5, take, 0x8000, 0x10000
        .text
take:
        sw      a1, 4(s0)
        ecall
