# Two tables, to and fro: what is page 5, and is there a page 6?
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x501f, 0x0, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .org    0x9000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x701f, 0x601f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x5000
        li      s1, 0x8000
        li      s2, 0x9000
        li      s3, 0x10000
        li      s4, $3..9
        li      a0, $1..2000
1:
        setr    s1, s3
        lw      a1, 0x300(s0)
        add     a1, a1, a0
        sw      a1, 0x300(s0)
        setr    s2, s3
        lw      a2, 0x300(s0)
        addi    a2, a2, 3
        sw      a2, 0x300(s0)
        lw      a3, -4(s1)
        li      t0, 0x6000
        sw      a3, 0(t0)
        addi    s4, s4, -1
        bnez    s4, 1b
        setr    s1, s3
        lw      a3, 0(t0)
        halt    zero
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
