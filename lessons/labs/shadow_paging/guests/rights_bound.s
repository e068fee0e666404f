# The bound lies within a page, at a place by the seed.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x501f, 0x601f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        li      s1, $1..200
        li      s2, 0x8000
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x5000
        lw      a0, 12(s0)
        slli    s1, s1, 4
        add     s0, s0, s1
        setr    s2, s0
        lw      a1, -4(s0)
        lb      a2, 0(s0)
        halt    zero
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
