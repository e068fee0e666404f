# Pages far up that lead to the same frames. The table goes on to 0x8400; above the bound there is nothing.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x100000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x501f, 0x601f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        li      t0, 0x83fc
        li      t1, 0x701f
        sw      t1, 0(t0)
        lpsw    @save_area+64(zero)
on:
        li      s0, 0xff000
        li      a0, $1..2000
        sw      a0, 0(s0)
        lw      a1, 0(s0)
        li      s1, 0x7000
        lw      a2, 0(s1)
        li      s0, 0x100000
        lw      a5, 0(s0)
        halt    a1
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
