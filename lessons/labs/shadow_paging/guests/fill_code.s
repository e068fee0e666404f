# Code on a page that leads elsewhere, and back.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x901f, 0xa01f, 0x501f, 0x601f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        li      t1, 0x150513            # addi a0, a0, 1
        li      t0, 0x9000
        sw      t1, 0(t0)
        li      t1, 0x250513            # addi a0, a0, 2
        li      t0, 0xa000
        sw      t1, 0(t0)
        li      t1, 0x8067              # ret
        sw      t1, 4(t0)
        li      t0, 0x9000
        sw      t1, 4(t0)
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x3000
        li      a0, $1..500
        jalr    ra, 0(s0)
        lw      a1, 0(s0)
        li      s0, 0x4000
        jalr    ra, 0(s0)
        halt    a0
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
