# Pages at the places where they are: each is loaded from, stored to and gone to when translation is on.
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
        li      t0, 0x9000
        li      t1, 0x150513            # addi a0, a0, 1
        sw      t1, 0x100(t0)
        li      t1, 0x8067              # ret
        sw      t1, 0x104(t0)
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x2000
        li      s1, 0x10000
        li      s2, 0x1000
        li      a0, $1..2000
1:
        lw      a1, 0x40(s0)
        sw      a0, 0x40(s0)
        add     a0, a0, a1
        add     s0, s0, s2
        bltu    s0, s1, 1b
        li      s0, 0x9000
        jalr    ra, 0x100(s0)
        halt    a0
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
