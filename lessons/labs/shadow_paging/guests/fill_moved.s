# Pages elsewhere, by the seed: two of them lead to one frame. Loadreal says where.
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
        li      s0, $2..7
        li      s1, $10..15
        slli    s1, s1, 12
        ori     s1, s1, 31
        li      t0, 0x8000
        sw      s1, 36(t0)              # page 9
        slli    t1, s0, 2
        add     t0, t0, t1
        sw      s1, 0(t0)
        lpsw    @save_area+64(zero)
on:
        slli    s0, s0, 12
        li      s2, 0x9000
        li      a0, $1..2000
        sw      a0, 8(s0)
        lw      a1, 8(s2)
        loadreal a3, s0
        addi    s2, s2, $1..2047
        loadreal a4, s2
        probe   a5, s2
        halt    a1
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
