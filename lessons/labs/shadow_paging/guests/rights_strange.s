# The right to store without that to load is none at all. Then one that is not valid.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x501f, 0x601d, 0x701e
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x6000
        probe   a0, s0
        sw      s0, 16(s0)
        halt    zero
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        li      t0, 0x7000
        beq     a3, t0, 1f
        lpsw    again(zero)
1:
        halt    a2
        .rodata
        .balign 16
again:
        .word   4, more, 0x8000, 0x10000
        .text
more:
        li      s0, 0x7000
        lw      a0, 0(s0)
        halt    zero
