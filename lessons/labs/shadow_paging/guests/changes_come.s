# A page comes that was not there when it was asked for, and goes, and comes.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x0, 0x601f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        li      t0, 0x8000
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x5000
again:
        lw      a0, 0x200(s0)
        sw      zero, 20(t0)
        lw      a1, 0x200(s0)
        halt    a0
handler:
        lw      a2, @trap_value(zero)
        addi    s3, s3, $1..9
        li      t1, 18
        bltu    t1, s3, 1f
        li      t1, 0x601f
        sw      t1, 20(t0)
        lpsw    back(zero)
1:
        halt    s3
        .rodata
        .balign 16
back:
        .word   4, again, 0x8000, 0x10000
        .text
