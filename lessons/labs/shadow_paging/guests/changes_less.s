# The right to store goes after the page was stored to.
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
        lpsw    @save_area+64(zero)
on:
        li      t0, 0x8000
        li      s0, 0x5000
        sw      t0, 0x200(s0)
        li      t1, 0x5013
        sw      t1, 20(t0)
        lw      a0, 0x200(s0)
        sw      t1, 0x200(s0)
        halt    zero
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
